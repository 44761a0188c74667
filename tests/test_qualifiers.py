"""Qualifiers: kind and machine-readable value of invented wordings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeparse.fields.qualifiers import is_qualifier, platforms_of, read_qualifier
from noticeparse.lexicon.load import Lexicon, load_lexicon


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.mark.parametrize(
    ("wording", "kind", "value"),
    [
        ("安卓10以下", "os_version", "android<10"),
        ("Android Q以下版本", "os_version", "android<10"),
        ("仅安卓P之前版本", "os_version", "android<9"),
        ("仅在Android 12及以上系统获取", "os_version", "android>=12"),
        ("安卓7.1及以下机型", "os_version", "android<=7.1"),
        ("iOS 15.2以前的版本", "os_version", "ios<15.2"),
        ("低于Android 8的设备", "os_version", "android<8"),
        ("Android >= 13", "os_version", "android>=13"),
        ("鸿蒙4以上", "os_version", "harmonyos>=4"),
        ("仅iOS端收集", "platform", "ios"),
        ("当您使用安卓版客户端时", "platform", "android"),
        ("仅HarmonyOS系统获取", "platform", "harmonyos"),
        ("可选", "optional", "optional"),
        ("非必填，用于展示", "optional", "optional"),
        ("用于机型适配", "purpose", "adaptation"),
        ("用于给风筝排序", "purpose", None),
        ("需开启蓝牙权限后获取", "permission_dependent", "bluetooth"),
        ("仅在您的设备本地处理，不上传", "local", "local"),
        ("根据步数推算得出", "derivation", None),
        ("当您参加登山活动时", "condition", None),
        ("紫色的", None, None),
    ],
)
def test_kind_and_value(lexicon: Lexicon, wording: str, kind: str | None, value: str | None) -> None:
    assert read_qualifier(wording, lexicon) == (kind, value)


@pytest.mark.parametrize(
    "wording", ["可选", "仅登录时收集", "用于定位", "针对Android Q以下版本", "iOS", "其中城市不上传"]
)
def test_is_qualifier(lexicon: Lexicon, wording: str) -> None:
    assert is_qualifier(wording, lexicon)


@pytest.mark.parametrize("wording", ["IMEI", "设备型号", "MAC", "", "昵称"])
def test_a_name_is_no_qualifier(lexicon: Lexicon, wording: str) -> None:
    assert not is_qualifier(wording, lexicon)


@pytest.mark.parametrize(
    ("label", "platforms"),
    [
        ("ios版本", ("iOS",)),
        ("Android 独有", ("Android",)),
        ("iOS和Android客户端", ("iOS", "Android")),
        ("鸿蒙系统", ("HarmonyOS",)),
        ("Android设备序列号", ()),
        ("MAC", ()),
        ("设备信息", ()),
    ],
)
def test_platform_labels(lexicon: Lexicon, label: str, platforms: tuple[str, ...]) -> None:
    assert platforms_of(label, lexicon) == platforms


@given(st.text(alphabet="安卓Android以下及iOS109.仅 P用于（", max_size=60))
def test_total(text: str) -> None:
    lexicon = load_lexicon()
    kind, value = read_qualifier(text, lexicon)
    assert kind is not None or value is None
