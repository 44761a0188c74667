"""Mentions in running text: one row of invented sentences a rule; what is marked in a row is what has to be found."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import noticeparse
from noticeparse.document import document_from_text
from noticeparse.errors import InputError
from noticeparse.lexicon.load import load_lexicon
from noticeparse.mentions import read_mentions
from tests import floors, mentions
from tests.conftest import Run, program_environment

MARK_REGEX = re.compile(r"[\[\]〈〉]")


def marked(row: str) -> tuple[str, list[str], list[str]]:
    """A row's text, the names in ``[]`` with their places, and the catch-alls in ``〈〉``."""
    text = MARK_REGEX.sub("", row)
    found: dict[str, list[str]] = {"[": [], "〈": []}
    at = 0
    for mark in re.finditer(r"([\[〈])([^\]〉]*)[\]〉]", row):
        start = len(MARK_REGEX.sub("", row[: mark.start()]))
        assert start >= at
        at = start + len(mark.group(2))
        found[mark.group(1)].append(f"{start}:{mark.group(2)}")
    return text, found["["], found["〈"]


def places(found: list[noticeparse.DataItem] | list[noticeparse.Recipient]) -> list[str]:
    return [f"{mention.span[0]}:{mention.text}" for mention in found]


def check_items(row: str) -> None:
    text, names, catch_alls = marked(row)
    found = noticeparse.find_data_items(text, generic=True)
    assert places([item for item in found if not item.generic]) == names
    assert places([item for item in found if item.generic]) == catch_alls
    assert places(noticeparse.find_data_items(text)) == names


# ---------------------------------------------------------------- which sentences tell of data

TOLD = [
    # taking: who, modal words, and what stands between
    "我们会收集您的[姓名]、[手机号码]。",
    "我们会在您授权后获取您的[位置信息]。",
    "青鸟推送SDK可能会读取您的[设备型号]和[网络类型]。",
    "我们只会在达成目的所需的期限内保留您的[订单信息]。",
    "合作方将通过接口收集[IMEI]、[OAID]。",
    "并记录您的[搜索记录]。",
    # several verbs before one object
    "我们会收集、使用及保护您的[收货地址]。",
    # giving, by the user and by others
    "您需要填写[昵称]、[性别]。",
    "您可以完善您的[头像]和[个人简介]。",
    "我们会与物流公司共享您的[收货地址]。",
    # data before the verb
    "我们会将您的[手机号码]提供给云杉速递。",
    "我们会将您的[实名信息],包括[姓名]、[身份证号],提供给认证机构。",
    "我们会把您的[订单编号]与合作伙伴共享。",
    # data behind 的
    "您在注册时提供的[电子邮箱]、[手机号]。",
    # data behind a word for information
    "我们收集的信息包括[设备型号]、[操作系统版本]。",
    "您需要提供以下信息:[姓名]、[联系电话]。",
    # lists whose verb stands elsewhere
    "这些信息包括[点击记录]、[浏览记录]。",
    "例如您的[IP地址]、[浏览器类型]。",
    "(2)设备标识:[IMEI]、[Android ID]。".replace("设备标识", "[设备标识]"),
    # the list goes on behind a purpose
    "我们会收集您的[设备信息],以保障账户安全,包括[IMEI]、[MAC地址]。",
    "需要您提供以下信息:1)您的[账号信息]:[手机号]2)[位置信息]:[城市]",
    # catch-alls
    "我们不会向第三方共享您的〈个人信息〉。",
    "我们会将〈上述信息〉提供给云杉速递。",
    "我们不会收集〈儿童的个人信息〉。",
]

NOT_TOLD = [
    "请妥善保管您的密码。",
    "您可以观看视频、完成支付。",
    "本应用符合国家标准。",
    "如果您拒绝提供身份证号,将无法完成认证。",
    "我们会停止收集您的位置信息。",
    "您使用第三方账号登录。",
    "我们会向您发送验证码。",
    "我们会申请您的相机权限。",
    "收集您的手机号码的目的是完成登录。",
    "为您提供更好的推荐服务。",
    "我们使用了语音识别技术。",
    "您的信息对我们很重要。",
]


@pytest.mark.parametrize("row", TOLD)
def test_data_that_a_sentence_tells_of(row: str) -> None:
    check_items(row)


@pytest.mark.parametrize("text", NOT_TOLD)
def test_words_that_tell_of_no_data(text: str) -> None:
    assert noticeparse.find_data_items(text, generic=True) == []


# ---------------------------------------------------------------- where a name begins and ends

NAMES = [
    # without whose it is; what belongs to the name stays
    "我们会收集您设备的型号、[使用的语言]。".replace("设备的型号", "[设备的型号]"),
    "我们会收集您的[收货地址]。",
    "我们会收集您在登录时填写的[昵称]。",
    "您可以填写[所在城市]、[所属行业]。",
    # without how it was treated or how it must be
    "我们会收集去标识化的[用户画像]。",
    "您需要提供真实的[姓名]、有效的[身份证件信息]。",
    # without what follows
    "我们会收集您的[头像]、[昵称]等信息。",
    "我们会收集您的[手机号码]以便联系您。",
    "您需要提供包括[电话号码]在内的基本资料。",
    "我们会共享您的[订单信息]给物流公司。",
    # 和, 及, 或 between two names, and inside of one
    "我们会收集您的[账号信息]和[订单信息]。",
    "我们会收集您的[设备类型和版本]。",
    "我们会收集您的[姓名]或[手机号码]。",
    # brackets
    "我们会收集[设备标识信息](如[IMEI]、[OAID])。",
    "我们会收集[订单信息]（[订单编号]、[订单金额]）。",
    # an unknown name among known ones
    "我们会收集您的[姓名]、[星语签]、[性别]、[生日]。",
    # permissions are no data, nor what one 权限 behind a run governs
    "我们会获取您的网络、存储、[设备号]、定位权限。",
    "我们会获取您的摄像头、[昵称]。",
    "我们会获取您的[手机号码]、相机权限、[位置信息]。",
    # 繁體 and full width
    "我們會收集您的[手機號碼]、[暱稱]。",
    "我们会收集您的[ＩＭＥＩ]、[ＭＡＣ地址]。",
]


@pytest.mark.parametrize("row", NAMES)
def test_spans_cover_the_name(row: str) -> None:
    check_items(row)


def test_a_wrapped_line_is_one_sentence() -> None:
    text = "当您使用云杉商城的下单、配送与售后等各项功能时,我们会根据您的选择收集您的\n收货地址、联系电话,用于为您配送。\n请保管好密码。\n"
    assert [item.text for item in noticeparse.find_data_items(text)] == ["收货地址", "联系电话"]


def test_a_list_under_the_sentence_that_opens_it() -> None:
    text = "注册时您需要提供以下信息：\n- 昵称\n- 手机号码（用于登录）\n- 星语签\n祝您使用愉快。\n- 密码\n"
    assert [item.text for item in noticeparse.find_data_items(text)] == ["昵称", "手机号码"]
    numbered = "我们会收集您的如下信息：\n1. 设备标识信息（如IMEI）\n2. 位置信息\n三、如何保护\n1. 密码\n"
    assert [item.text for item in noticeparse.find_data_items(numbered)] == ["设备标识信息", "IMEI", "位置信息"]


def test_items_have_concept_sensitivity_and_parent() -> None:
    found = noticeparse.find_data_items(
        "我们会收集设备标识信息（如IMEI、OAID）、您的身份证号和个人信息。", generic=True
    )
    assert [(item.text, item.concept, item.sensitive, item.parent, item.generic) for item in found] == [
        ("设备标识信息", "device_identifier", False, None, False),
        ("IMEI", "imei", False, 0, False),
        ("OAID", "oaid", False, 0, False),
        ("身份证号", "id_card", True, None, False),
        ("个人信息", None, None, None, True),
    ]


def test_words_of_ones_own_count(tmp_path: Path) -> None:
    folder = tmp_path
    table = "concept\tterm\tsource\nvendor_device_id\t云杉指纹\tmy own row\n"
    (folder / "data_terms.tsv").write_text(table, "utf-8")
    text = "我们会收集您的云杉指纹。"
    assert noticeparse.find_data_items(text, lexicon=folder)[0].concept == "vendor_device_id"


# ---------------------------------------------------------------- who receives

RECEIVERS = [
    "我们会向[物流服务商]提供您的收货地址。",
    "我们会与[云杉速递有限公司]共享您的姓名。",
    "我们会将您的姓名提供给[云杉速递有限公司]用于配送。",
    "我们可能向[广告服务商]、[数据分析机构]披露您的设备信息。",
    "我们不会与〈第三方〉共享您的个人信息。",
    "我们不会将您的个人信息转让给〈任何公司〉、〈组织和个人〉。",
    "您需要向〈我们〉提供您的姓名。",
    "我们会与我们的[关联公司]和[合作伙伴]分享您的订单信息。",
    "我们会向[手机厂商]([青鸟通讯]、[云杉通讯]等)共享您的设备型号。",
    # who is given nothing
    "您在参与平台活动时提供的手机号码。",
    "青鸟SDK会收集您的IMEI。",
    "我们会向您提供更好的服务。",
    "我们会向物流服务商支付费用。",
]


@pytest.mark.parametrize("row", RECEIVERS)
def test_who_is_given_data(row: str) -> None:
    text, names, nobody = marked(row)
    found = noticeparse.find_recipients(text, generic=True)
    assert places([one for one in found if not one.generic]) == names
    assert places([one for one in found if one.generic]) == nobody
    assert places(noticeparse.find_recipients(text)) == names


def test_recipients_have_kind_and_id() -> None:
    found = noticeparse.find_recipients("我们会向物流服务商、高德软件有限公司提供您的地址。")
    assert [(one.text, one.kind, one.id) for one in found] == [
        ("物流服务商", "category", None),
        ("高德软件有限公司", "company", "amap"),
    ]


# ---------------------------------------------------------------- what for

PURPOSES = [
    ("我们会收集您的手机号码,用于登录,并与物流公司共享您的收货地址,以便为您配送。", ["登录", "为您配送"]),
    ("为了保障交易安全,我们会收集您的IMEI。", ["保障交易安全"]),
    ("我们会收集您的IMEI。", []),
    ("为了向您提供服务,请保管好密码。", []),
]


@pytest.mark.parametrize(("text", "purposes"), PURPOSES)
def test_purposes_of_statements(text: str, purposes: list[str]) -> None:
    assert [value.text for value in read_mentions(document_from_text(text), load_lexicon(None)).purposes] == purposes


# ---------------------------------------------------------------- properties

WORDS = st.sampled_from(
    [
        *("我们会收集", "您的", "姓名", "手机号码", "、", ",", "和", "(", ")", "（", "）", "如", "等信息", "包括", ":", "。", "\n", " ", "提供给", "向"),
        *("第三方", "将", "以便", "个人信息", "1)", "SDK", "的", "，", "您提供的", "例如您的", "这些信息包括", "IMEI", "\u3000", "𠮷", "**", "\r\n", "-"),
    ]
)  # fmt: skip


def check_spans(text: str) -> None:
    for found in (noticeparse.find_data_items(text, generic=True), noticeparse.find_recipients(text, generic=True)):
        last = 0
        for mention in found:
            start, end = mention.span
            assert last <= start < end <= len(text)
            assert text[start:end] == mention.text
            last = end
    items = noticeparse.find_data_items(text, generic=True)
    assert all(item.parent is None or item.parent < index for index, item in enumerate(items))
    assert [item.text for item in items if not item.generic] == [i.text for i in noticeparse.find_data_items(text)]


@given(st.lists(WORDS, max_size=40).map("".join))
def test_spans_hold_in_sentences_of_any_words(text: str) -> None:
    check_spans(text)


@given(st.text(max_size=200))
def test_spans_hold_in_any_text(text: str) -> None:
    check_spans(text)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(InputError, match="half a surrogate pair"):
        noticeparse.find_data_items("我们会收集您的姓名\ud800")


@pytest.mark.parametrize(
    "text", ["(" * 20_000, "收集" * 10_000, "将" * 10_000, "您的姓名、" * 5_000, "我们会收集您的" * 3_000]
)
def test_hostile_text_ends(text: str) -> None:
    check_spans(text)


@pytest.mark.skipif(not mentions.TAGGED.exists(), reason="no tagged sentences beside the checkout (ca4p is absent)")
def test_tagged_sentences_keep_their_floors() -> None:
    rows = {floors.MENTIONS: floors.stored(floors.SHARED_FLOORS).get(floors.MENTIONS, {})}
    assert rows[floors.MENTIONS], "tests/shared_floors.json has no mentions: run `python -m tests.floors --write`"
    today = floors.mention_figures()
    assert floors.below(rows, today) + floors.without_floor(rows, today) == []


def test_the_figure_counts_first_inner_and_last_characters(tmp_path: Path) -> None:
    path = tmp_path / "tagged"
    lines = [f"{char} O" for char in "我们会收集您的"] + ["姓 B-data", "名 E-data", "。 O", ""]
    path.write_text("\n".join(lines), "utf-8")
    assert mentions.figure(path, "data") == pytest.approx(2 / 3)  # there is no inner character
    path.write_text("\n".join([*lines[:-3], "名 I-data", "。 E-data", ""]), "utf-8")
    assert mentions.figure(path, "data") == pytest.approx(1 / 3)


# ---------------------------------------------------------------- on the command line


def test_items_lists_what_a_file_mentions(run: Run) -> None:
    text = "我们会向云杉速递有限公司提供您的收货地址和个人信息,用于配送。"
    result = run("items", "-", "--generic", input=text.encode())
    assert result.stdout.decode() == (
        "mention\tstart\tend\ttext\tid\tgeneric\n"
        "recipient\t4\t12\t云杉速递有限公司\t\t\n"
        "data\t16\t20\t收货地址\taddress\t\n"
        "data\t21\t25\t个人信息\t\tyes\n"
        "purpose\t28\t30\t配送\t\t\n"
    )
    assert result.returncode == 0


def test_items_as_json_and_refusals(run: Run, tmp_path: Path) -> None:
    result = run("items", "-", "--format", "json", input="您需要填写昵称。".encode())
    found = json.loads(result.stdout)
    assert [item["text"] for item in found["data_items"]] == ["昵称"]
    assert found["recipients"] == found["purposes"] == []
    for arguments, cause in (("no-such-file.txt", "no such file"), (str(tmp_path), "is a folder")):
        failed = run("items", arguments)
        assert failed.returncode == 1
        assert failed.stdout == b""
        assert cause in failed.stderr.decode().lower()
        assert failed.stderr.count(b"\n") == 1


def test_finding_needs_no_heavy_library() -> None:
    code = (
        "import sys, noticeparse; assert noticeparse.find_data_items('我们会收集您的姓名。');"
        "print({'jieba', 'spacy', 'pandas', 'requests', 'rich', 'bs4', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=program_environment(), capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "set()"
