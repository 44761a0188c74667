"""The grammar of a data field on invented fields: each row is a rule's surface form and what a reader finds in it."""

from __future__ import annotations

import gc
import time
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from noticeparse.document.model import Document
from noticeparse.document.view import View
from noticeparse.fields.items import ItemRun, parse_items
from noticeparse.fields.items_words import item_words
from noticeparse.lexicon.load import load_lexicon
from noticeparse.lexicon.match import concept_of, exact_concept, is_permission_like, permission_of


def _view(text: str) -> View:
    return View(Document("field", "", "text/plain", "utf-8", text))


def _read(text: str, default: Literal["item", "permission"] = "item") -> ItemRun:
    view = _view(text)
    return parse_items(view, 0, len(view.text), load_lexicon(), default=default)


def _shown(run: ItemRun) -> str:
    """One line: ``text=concept<parent{qualifier|qualifier}``, then ``!permission``."""
    words = []
    for item in run.items:
        parent = "" if item.parent is None else f"<{run.items[item.parent].text}"
        notes = "".join(f"{{{qualifier.text}}}" for qualifier in item.qualifiers)
        words.append(f"{item.text}={item.concept}{parent}{notes}")
    words.extend(f"!{permission.text}" for permission in run.permissions)
    return " ".join(word.replace(" ", "_") for word in words)


SEPARATORS = [
    ("昵称、头像,性别；IMEI|OAID", "昵称=nickname 头像=avatar 性别=gender IMEI=imei OAID=oaid"),
    ("昵称\n头像\nIMEI", "昵称=nickname 头像=avatar IMEI=imei"),
    ("设备唯一\n识别码、昵称", "设备唯一识别码=device_identifier 昵称=nickname"),
    ("昵称。头像。", "昵称=nickname 头像=avatar"),
    ("IMEI IMSI 昵称", "IMEI=imei IMSI=imsi 昵称=nickname"),
    (
        "设备信息（型号） 网络信息（IP地址）",
        "设备信息=device_info 型号=device_model<设备信息 网络信息=network_info IP地址=ip_address<网络信息",
    ),
    ("“昵称”“头像”", "昵称=nickname 头像=avatar"),
    ("1、昵称；2、头像", "昵称=nickname 头像=avatar"),
    ("①昵称②头像", "昵称=nickname 头像=avatar"),
    ("SSID\\BSSID", "SSID=ssid BSSID=bssid"),
]
SLASHES = [
    ("IMEI/OAID/昵称", "IMEI=imei OAID=oaid 昵称=nickname"),
    ("硬件序列号/Serial、IMEI", "硬件序列号/Serial=serial_number IMEI=imei"),
    ("IMEI（可选）/OAID", "IMEI=imei{可选} OAID=oaid"),
    ("相机/相册权限", "!相机/相册权限"),
]
BRACKETS = [
    ("设备信息（包括IMEI、OAID）", "设备信息=device_info IMEI=imei<设备信息 OAID=oaid<设备信息"),
    (
        "设备信息【如IMEI（仅安卓10以下）/OAID】、昵称",
        "设备信息=device_info IMEI=imei<设备信息{仅安卓10以下} OAID=oaid<设备信息 昵称=nickname",
    ),
    ("唯一设备识别码（IMEI）", "唯一设备识别码=device_identifier IMEI=imei<唯一设备识别码"),
    ("国际移动设备识别码（IMEI）、昵称", "国际移动设备识别码（IMEI）=imei 昵称=nickname"),
    ("IMEI（国际移动设备识别码，仅安卓端）", "IMEI=imei{仅安卓端}"),
    ("网卡（MAC）地址", "网卡（MAC）地址=mac_address"),
    ("昵称（用于展示，可关闭）、头像（可选）", "昵称=nickname{用于展示，可关闭} 头像=avatar{可选}"),
    ("设备ID（根据IP地址、型号生成）", "设备ID=device_identifier{根据IP地址、型号生成}"),
    ("归属地（国家或地区）", "归属地=region{国家或地区}"),
    ("昵称、（IMEI、OAID）、头像", "昵称=nickname IMEI=imei OAID=oaid 头像=avatar"),
    ("（可选）IMSI、昵称", "IMSI=imsi{可选} 昵称=nickname"),
    ("位置信息（可能会调取位置权限）", "位置信息=location !位置权限"),
    ("存储信息（可能调用的权限：读取外置存储卡；写入外置存储卡）", "存储信息=storage !读取外置存储卡 !写入外置存储卡"),
    ("设备信息（IMEI、OAID", "设备信息=device_info IMEI=imei<设备信息 OAID=oaid<设备信息"),
    ("设备信息）IMEI、昵称", "设备信息=device_info IMEI=imei 昵称=nickname"),
]
GROUPS = [
    (
        "设备信息：型号、IMEI；网络信息：IP地址",
        "设备信息=device_info 型号=device_model<设备信息 IMEI=imei<设备信息 网络信息=network_info IP地址=ip_address<网络信息",
    ),
    (
        "设备信息包括型号、IMEI和OAID",
        "设备信息=device_info 型号=device_model<设备信息 IMEI=imei<设备信息 OAID=oaid<设备信息",
    ),
    ("昵称、头像等软硬件特征信息", "昵称=nickname 头像=avatar 软硬件特征信息=device_info"),
    ("昵称、头像等信息", "昵称=nickname 头像=avatar"),
    ("信用等级、昵称等", "信用等级=credit 昵称=nickname"),
    ("个人信息：昵称、头像", "昵称=nickname 头像=avatar"),
]
JOINED = [
    ("设备品牌及型号、昵称和头像", "设备品牌=device_brand 型号=device_model 昵称=nickname 头像=avatar"),
    ("网络接入方式及类型", "网络接入方式及类型=network_type"),
    ("操作系统及版本", "操作系统=os 版本=os_version"),
    ("IMSIIDFA、IMEI安卓ID", "IMSI=imsi IDFA=idfa IMEI=imei 安卓ID=android_id"),
    ("手机串号IMEI、IDFA广告标识", "手机串号IMEI=imei IDFA广告标识=idfa"),
    ("设备标识符 IMEI、OAID", "设备标识符=device_identifier IMEI=imei OAID=oaid"),
    ("商品的浏览、点击等数据、昵称", "商品的浏览、点击等数据=click_log 昵称=nickname"),
]
LABELS = [
    ("iOS版：IDFA、IDFV\n安卓版：OAID", "IDFA=idfa{iOS版} IDFV=idfv{iOS版} OAID=oaid{安卓版}"),
    ("iOS 独有：IDFA、Android 独有：OAID", "IDFA=idfa{iOS_独有} OAID=oaid{Android_独有}"),
    ("注册：昵称、头像\n参赛：姓名", "昵称=nickname{注册} 头像=avatar{注册} 姓名=name{参赛}"),
    (
        "设备信息（Android如OAID，iOS如IDFA）",
        "设备信息=device_info OAID=oaid<设备信息{Android} IDFA=idfa<设备信息{iOS}",
    ),
    ("【双端】昵称、头像；【Android】IMEI", "昵称=nickname{双端} 头像=avatar{双端} IMEI=imei{Android}"),
    ("时区 【Android】IMEI、OAID", "时区=timezone IMEI=imei{Android} OAID=oaid{Android}"),
]
WORDS = [
    ("您的昵称、获取IMEI、收集您的头像", "昵称=nickname IMEI=imei 头像=avatar"),
    ("我们会收集您的IMEI", "IMEI=imei"),
    ("去标识化的昵称", "昵称=nickname{去标识化}"),
    ("位置信息用于天气服务", "位置信息=location{用于天气服务}"),
    ("无", ""),
    ("不涉及", ""),
    ("个人信息、相关信息", ""),
    ("无需收集任何个人信息", ""),
    ("为了识别设备，需收集IMEI、OAID", "IMEI=imei OAID=oaid"),
    ("三色鹿角指数", "三色鹿角指数=None"),
]
PERMISSIONS = [
    ("昵称、读取手机状态和身份、完全的网络访问权限", "昵称=nickname !读取手机状态和身份 !完全的网络访问权限"),
    ("网络访问，获取WiFi状态，写入外部存储", "!网络访问 !获取WiFi状态 !写入外部存储"),
    ("获取您的麦克风、蓝牙、日历、短信权限", "!麦克风 !蓝牙 !日历 !短信权限"),
    ("相机、相册等权限", "!相机 !相册"),
    ("昵称、相机、头像", "昵称=nickname 头像=avatar !相机"),
    ("昵称、相册", "昵称=nickname 相册=photos"),
    ("IMEI权限、手机号权限、日历权限", "IMEI=imei 手机号=phone_number !日历权限"),
    ("READ_PHONE_STATE、昵称", "昵称=nickname !READ_PHONE_STATE"),
    ("完全的网络访问权限设备信息", "设备信息=device_info !完全的网络访问权限"),
]


@pytest.mark.parametrize(
    ("field", "expected"),
    [*SEPARATORS, *SLASHES, *BRACKETS, *GROUPS, *JOINED, *LABELS, *WORDS, *PERMISSIONS],
)
def test_data_field(field: str, expected: str) -> None:
    assert _shown(_read(field)) == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("存储权限、定位权限（用于导航）", "!存储权限 !定位权限"),
        ("相机：用于拍照；存储：用于保存", "!相机 !存储"),
        ("读取日历(android.permission.READ_CALENDAR)", "!读取日历(android.permission.READ_CALENDAR)"),
        ("手机/电话权限、IMEI权限", "IMEI=imei !手机/电话权限"),
        ("获取您的位置权限和相机权限", "!位置权限 !相机权限"),
        ("不涉及", ""),
        ("READ_PHONE_STATE：（可选）获取IMSI用于分区", "IMSI=imsi{可选}{用于分区} !READ_PHONE_STATE"),
        ("收集麦克风、相册权限", "!麦克风 !相册权限"),
        ("设备信息（IMEI、OAID）、存储权限", "设备信息=device_info IMEI=imei<设备信息 OAID=oaid<设备信息 !存储权限"),
    ],
)
def test_permission_field(field: str, expected: str) -> None:
    view = _view(field)
    assert _shown(parse_items(view, 0, len(view.text), load_lexicon(), default="permission")) == expected


def test_tail_says_what_the_items_are_for() -> None:
    view = _view("【昵称、头像】用于排行榜，以及用于颁奖。")
    run = parse_items(view, 0, len(view.text), load_lexicon())
    assert _shown(run) == "昵称=nickname 头像=avatar"
    assert run.tail is not None
    assert view.verbatim(*run.tail).startswith("用于排行榜")


def test_platforms_of_labels() -> None:
    assert _read("iOS版：IDFA\n安卓版：OAID").platforms == ("iOS", "Android")


def test_sensitive_and_constants() -> None:
    run = _read("精确位置、昵称、相机权限、READ_LOGS")
    assert [item.sensitive for item in run.items] == [True, False]
    assert [permission.permission for permission in run.permissions] == [
        "android.permission.CAMERA", "android.permission.READ_LOGS",
    ]  # fmt: skip


def test_unpaired_brackets_are_noted() -> None:
    assert [note.code for note in _read("设备信息（IMEI").diagnostics] == ["bracket"]


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("IMEI", "imei"),
        ("手机IMEI号", "imei"),
        ("网卡(MAC)地址", "mac_address"),
        ("宿主应用包名", "package_name"),
        ("鹿", None),
        ("鹿角数", None),
    ],
)
def test_concepts(name: str, concept: str | None) -> None:
    assert concept_of(name, load_lexicon()) == concept


def test_exact_concept() -> None:
    assert exact_concept("IMEI", load_lexicon()) == "imei"
    assert exact_concept("你的IMEI号数据", load_lexicon()) is None


@pytest.mark.parametrize(
    "name", ["相机权限", "READ_LOGS", "android.permission.CAMERA", "读取手机状态和身份", "读取和写入存储"]
)
def test_permission_like(name: str) -> None:
    assert is_permission_like(name, load_lexicon())


@pytest.mark.parametrize("name", ["网络状态", "位置信息", "应用列表", "IMEI", "权"])
def test_not_permission_like(name: str) -> None:
    assert not is_permission_like(name, load_lexicon())


def test_permission_constants() -> None:
    lexicon = load_lexicon()
    assert permission_of("READ_PHONE_STATE", lexicon) == ("android.permission.READ_PHONE_STATE",)
    assert permission_of("读取手机状态(android.permission.READ_PHONE_STATE)", lexicon) == (
        "android.permission.READ_PHONE_STATE",
    )
    assert permission_of("三色鹿角权限", lexicon) == ()


_PIECES = (
    "IMEI", "昵称", "设备信息", "（", "）", "(", ")", "【", "、", "，", "/", " ", "\n", "：", "；", "。", "包括", "如", "等", "等信息",
    "和", "及", "以及", "仅iOS", "可选", "用于展示", "权限", "相机", "您的", "获取", "安卓10以下", "Android", "iOS版：", "的", "鹿角", "1、",
    "READ_LOGS", "**", "_", "去标识化的", "\u3000", "A", "“", "”",
)  # fmt: skip
_FIELDS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))


@settings(max_examples=300, deadline=None)
@given(_FIELDS, st.sampled_from(["item", "permission"]))
@example("@(IEMI)(A0_0", "permission")
def test_any_text_is_read(text: str, default: Literal["item", "permission"]) -> None:
    view = _view(text)
    run = parse_items(view, 0, len(view.text), load_lexicon(), default=default)
    taken: list[tuple[int, int]] = []
    for record in (*run.items, *run.permissions):
        start, end = record.span
        assert 0 <= start < end <= len(text)
        assert record.text
        assert view.verbatim(view.position(start), view.position(end)) == record.text
        taken.append((start, end))
    for index, item in enumerate(run.items):
        assert item.parent is None or 0 <= item.parent < index
        for qualifier in item.qualifiers:
            assert 0 <= qualifier.span[0] < qualifier.span[1] <= len(text)
    taken.sort()
    assert all(one[1] <= other[0] for one, other in pairwise(taken))
    for start, end in run.labels:
        assert 0 <= start <= end <= len(view.text)
    assert run.tail is None or 0 <= run.tail[0] < run.tail[1] <= len(view.text)


@pytest.mark.parametrize(
    "unit",
    [
        "(",
        ")",
        "()",
        "IMEI(",
        "(IMEI",
        "IMEI/",
        "昵称和",
        "IMEI ",
        "您的",
        "去标识化的",
        "相机等权限、",
        "IMEI用于定位",
        "安卓：IMEI\n",
        "设",
    ],
)
def test_time_is_linear(unit: str) -> None:
    lexicon = load_lexicon()

    def cost(size: int) -> float:
        view = _view(unit * (size // len(unit)))
        best = float("inf")
        gc.collect()
        gc.disable()  # a collection costs what the other tests left behind, more often in the longer field
        try:
            for _ in range(4):
                start = time.process_time()
                parse_items(view, 0, len(view.text), lexicon)
                best = min(best, time.process_time() - start)
        finally:
            gc.enable()
        return best

    # Ten times the text; a quadratic rule would take a hundred times as long.
    assert cost(100_000) <= 20 * max(cost(10_000), 2e-3)


def test_a_million_open_brackets() -> None:
    view = _view("(" * 1_000_000)
    assert parse_items(view, 0, len(view.text), load_lexicon()).items == ()


def test_a_condition_is_no_introduction() -> None:
    words = item_words(load_lexicon())
    assert words.intro_at("如设备型号", 0, 5) == (0, 1)
    assert words.intro_at("如登录账号时", 0, 6) is None
