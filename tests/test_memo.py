"""Answers kept between calls: right, bounded, and forgotten when told so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import noticeparse
from noticeparse import memo
from noticeparse.document import document_from_text
from noticeparse.document.view import View
from noticeparse.fields.items import parse_items
from noticeparse.lexicon.load import load_lexicon
from noticeparse.memo import Answers
from noticeparse.parsing import parse_document


def test_an_answer_is_worked_out_once() -> None:
    asked: list[int] = []

    def double(key: int) -> int:
        asked.append(key)
        return 2 * key

    answers = Answers(double)
    assert [answers[3], answers[3], answers[4]] == [6, 6, 8]
    assert asked == [3, 4]


@given(st.lists(st.integers(0, 50)), st.integers(1, 10))
def test_never_more_answers_than_allowed(keys: list[int], size: int) -> None:
    answers = Answers(str, size)
    for key in keys:
        assert answers[key] == str(key)
        assert len(answers) <= size


def test_what_fails_is_asked_again() -> None:
    failing = [True]

    def find(key: str) -> str:
        if failing.pop():
            failing.append(False)
            raise ValueError(key)
        return key

    answers = Answers(find)
    try:
        answers["a"]
    except ValueError:
        assert not answers
    assert answers["a"] == "a"


def test_clear_empties_every_store() -> None:
    one, other = Answers(str), Answers(len)
    assert (one[1], other["ab"]) == ("1", 2)
    memo.clear()
    assert not one
    assert not other


_PARTS = (
    "IMEI", "设备信息（品牌、型号）", "手机号码（可选）", "位置权限", "MAC地址；IP地址", "（OAID", "网络信息：IP地址、SSID",
    "存储权限", "等信息", "用于推送", "仅安卓10以下：IMEI", "\n", "、",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PARTS), max_size=8))
def test_a_field_reads_the_same_at_first_and_again(parts: list[str]) -> None:
    lexicon = load_lexicon(None)
    value = "、".join(parts)
    text = f"示例推送SDK\n使用目的：推送\n收集个人信息：{value}\n\n示例统计SDK\n使用目的：统计\n收集个人信息：{value}\n"
    memo.clear()
    first = parse_document(document_from_text(text), lexicon)
    again = parse_document(document_from_text(text), lexicon)
    assert again == first
    for disclosure in first.disclosures:
        for item in disclosure.data_items:
            start, end = item.span
            assert "".join(text[start:end].split()) == "".join(item.text.split())


def test_what_was_a_name_in_one_field_qualifies_in_another() -> None:
    lexicon = load_lexicon(None)
    view = View(document_from_text("仅本地存储\nIMEI；仅本地存储"))
    memo.clear()
    told = parse_items(view, 6, len(view.text), lexicon)
    memo.clear()
    parse_items(view, 0, 5, lexicon)  # alone it is an item, as far as anybody can tell
    assert parse_items(view, 6, len(view.text), lexicon) == told
    assert [item.qualifiers[0].text for item in told.items] == ["仅本地存储"]


@pytest.mark.parametrize("silent_first", [True, False])
def test_a_block_that_named_nobody_is_read_anew_where_a_line_above_says_who(silent_first: bool) -> None:
    block = "(1)会收集您的设备信息、位置信息。\n"
    texts = [(block, 0), ("我们接入的广告服务商主要包括以下类型:\n" + block, 1)]
    memo.clear()
    for text, number in (texts if silent_first else texts[::-1]) * 2:
        assert len(noticeparse.parse(text).disclosures) == number
