"""Records, written in any layout and format and read again, are the same records, and no character is lost.

The records are invented at random (``tests/invented.py``); the draws are fixed for each layout and format, so that a run
repeats the last one. ``NOTICEPARSE_ROUND_TRIPS`` sets how many there are.
"""

from __future__ import annotations

import os
import zlib
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

import noticeparse
from noticeparse.document import read_document
from noticeparse.parsing import parse_document
from noticeparse.records import Disclosure
from noticeparse.rendering.layouts import LAYOUTS
from noticeparse.rendering.model import Format
from tests.invented import LEXICON, notices

EXAMPLES = int(os.environ.get("NOTICEPARSE_ROUND_TRIPS", "25"))
# What depends on the place in the text, on the layout, or says how a value was found.
_APART = frozenset(("index", "form", "span", "how", "match", "maker"))


def plain(value: Any) -> Any:
    """A record as plain values, without what a layout decides."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if key not in _APART}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def records(disclosures: Any) -> Any:
    return plain(msgspec.to_builtins(list(disclosures)))


def read(written: str, form: Format) -> noticeparse.Notice:
    return parse_document(read_document(f"notice.{form}", written.encode()), LEXICON)


# Sentences say one thing in many ways, and what a run of words behind 您的 is made of is theirs to tell: they have tests
# of their own.
CASES = [
    # The first format of each layout is read before every change, the others' readers are the slower ones.
    pytest.param(name, form, marks=[] if form == layout.formats[0] else [pytest.mark.slow])
    for name, layout in LAYOUTS.items()
    for form in layout.formats
    if name != "sentences"
]


@pytest.mark.parametrize(("layout", "form"), CASES)
def test_records_come_back(layout: str, form: Format) -> None:
    @seed(zlib.crc32(f"{layout} {form}".encode()))
    @settings(
        max_examples=EXAMPLES,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(notices(layout))
    def check(disclosures: list[Disclosure]) -> None:
        written = noticeparse.render(disclosures, layout=layout, format=form)
        notice = read(written, form)
        assert records(notice.disclosures) == records(disclosures), written
        assert (notice.unparsed, notice.coverage) == ((), 1.0), written

    check()


FAULTS = [
    # A kind of recipient names an entry: in a heading, in a list, in a column.
    ("仲裁机构\n收集个人信息类型：IMEI\n隐私政策：https://a.example/privacy", "仲裁机构 | IMEI"),
    ("接收方类型：仲裁机构\n收集个人信息类型：IMEI", "仲裁机构 | IMEI"),
    ("接收方类型 | 使用目的 | 收集信息\n--- | --- | ---\n仲裁机构 | 裁决 | IMEI", "仲裁机构 | IMEI"),
    # Glued: the product's last word, or a whole value, before a blank and a label.
    ("SDK名称：鹿角 地图API 公司名称：鹿角有限公司 收集信息：IMEI", "鹿角 地图API 鹿角有限公司 | IMEI"),
    ("SDK名称：鹿角 地图 SDK 公司名称：鹿角有限公司 收集信息：IMEI", "鹿角 地图 SDK 鹿角有限公司 | IMEI"),
    ("SDK名称：鹿角SDK 共享方式：SDK 收集信息：IMEI", "鹿角SDK SDK | IMEI"),
    ("SDK名称：鹿角SDK 收集信息：OAID、IMEI（可选） 联系方式：a@b.example", "鹿角SDK | OAID、IMEI"),
    # Glued: an entry begins with its line, whichever name leads.
    (
        "公司名称：鹿角有限公司 收集信息：IMEI\n\nSDK名称：青梧SDK 申请的权限：相机权限",
        "鹿角有限公司 | IMEI; 青梧SDK | 相机权限",
    ),
    (
        "公司名称：鹿角有限公司 收集信息：IMEI\nSDK名称：青梧SDK 公司名称：青梧有限公司 收集信息：OAID",
        "鹿角有限公司 | IMEI; 青梧SDK 青梧有限公司 | OAID",
    ),
    # Labels alone on their lines: values that are labels or names elsewhere.
    ("鹿角SDK\n共享方式\nSDK\n使用目的\n推送\n收集信息\nIMEI", "鹿角SDK SDK | IMEI"),
    ("鹿角SDK\n使用目的\n推送\n收集信息\nIMEI\n安全措施\n脱敏处理（保留后4位）", "鹿角SDK | IMEI"),
    ("鹿角SDK\n包名\ncom.luka.push\n使用目的\n推送\n收集信息\nIMEI", "鹿角SDK | IMEI"),
    # Side by side in a turned table: a value that is a label, two rows only, entries in the order of their columns.
    ("| SDK名称 | 鹿角 |\n| --- | --- |\n| 共享方式 | SDK |\n| 收集信息 | IMEI |", "鹿角 SDK | IMEI"),
    (
        "| SDK名称 | 鹿角 | 青梧 |\n| --- | --- | --- |\n| 共享方式 | | SDK |\n| 收集信息 | IMEI | OAID |",
        "鹿角 | IMEI; 青梧 SDK | OAID",
    ),
    # Terse: a product's name in capitals is no permission.
    ("1.APPIC：AAID", "APPIC | AAID"),
    ("| 公司名称 | 鹿角有限公司 |\n| --- | --- |\n| 收集信息 | IMEI |", "鹿角有限公司 | IMEI"),
    (
        "| SDK名称 | | 青梧SDK |\n| --- | --- | --- |\n| 公司名称 | 鹿角有限公司 | |\n| 收集信息 | IMEI | OAID |",
        "鹿角有限公司 | IMEI; 青梧SDK | OAID",
    ),
    # Flattened rows without a gap, though one cell would suit another column better; a link by its English title.
    (
        "SDK名称\n公司名称\n接收方类型\n收集信息\n申请的权限\n隐私政策\n"
        "Firebase云消息传递\n鹿角有限公司\n/\nIMEI\n/\n[Luka Privacy Policy](https://a.example/p)\n"
        "/\n/\n仲裁机构\n/\n相机权限\n/",
        "Firebase云消息传递 鹿角有限公司 | IMEI; 仲裁机构 | 相机权限",
    ),
    ("鹿角SDK\n使用目的\n推送\n收集信息\nIMEI\n官网链接\n[青梧推送SDK隐私声明](https://a.example)", "鹿角SDK | IMEI"),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS)
def test_faults_that_random_records_found(text: str, expected: str) -> None:
    shown = []
    for d in noticeparse.parse(text).disclosures:
        names = [value.text for value in (d.recipient_category, d.sdk, d.provider, d.method) if value]
        shown.append(f"{' '.join(names)} | {'、'.join(value.text for value in (*d.data_items, *d.permissions))}")
    assert "; ".join(shown) == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("有线网络信息（可选）（包括昵称）", [("有线网络信息", None), ("昵称", 0)]),
        ("APN信息（包括上网环境（Android））", [("APN信息", None), ("上网环境", 0)]),
        ("指纹信息（仅安卓端）、昵称", [("指纹信息", None), ("昵称", None)]),
    ],
)
def test_groups_and_terms_that_begin_like_an_introduction(field: str, expected: list[tuple[str, int | None]]) -> None:
    items = noticeparse.parse(f"鹿角SDK\n使用目的：推送\n收集信息：{field}\n").disclosures[0].data_items
    assert [(item.text, item.parent) for item in items] == expected


@pytest.mark.parametrize("address", ["https://a.example/b_c*d", "https://a.example/*/e", "https://a.example/b**c"])
def test_stars_inside_addresses_stay(address: str) -> None:
    text = f"**鹿角SDK**\n**使用目的：**推送\n收集信息：IMEI\n隐私政策：**{address}**\n"
    link = noticeparse.parse(text).disclosures[0].privacy_policy
    assert link is not None
    assert link.url == address
