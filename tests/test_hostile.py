"""Input of any shape costs in proportion to its length, and what is readable in it is read."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import pytest

from noticeparse.document import read_document
from noticeparse.lexicon.load import load_lexicon
from noticeparse.parsing import parse_document
from noticeparse.records import Notice
from tests.hostile import CASES, bare_brackets, long_table, prose, ragged_table, repeated, separated, unclosed_tags


def parsed(name: str, data: bytes) -> Notice:
    return parse_document(read_document(name, data), load_lexicon(None))


def lines_run(function: Callable[[], Any]) -> int:
    """How many lines of Python a call runs: the same each time, and on every machine."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        if event == "line":
            count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("case", CASES)
def test_cost_grows_with_length_alone(case: str) -> None:
    name, make, small = CASES[case]
    parsed(name, make(small))  # what is loaded and kept once
    two, six = (lines_run(partial(parsed, name, make(small * times))) for times in (2, 6))
    assert six <= 4.5 * two  # more than 3, because names differ and some are looked up once; quadratic cost would be 9


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 120, 10))
def test_cost_of_what_is_repeated_grows_with_length_alone(first: int) -> None:
    for number in range(first, first + 10):
        text = repeated(number)
        parsed("a.txt", text(300).encode())
        small, middle, large = (
            lines_run(partial(parsed, "a.txt", text(size).encode())) for size in (1500, 4500, 13500)
        )
        # One step may be higher: some of what is read begins at a length.
        assert min(middle / small, large / middle) <= 4.5, f"number {number}: {text(60)!r}"


def test_rows_of_a_long_and_of_a_ragged_table_are_read() -> None:
    assert len(parsed("a.html", long_table(300)).disclosures) == 300
    assert len(parsed("a.csv", separated(300)).disclosures) == 300
    ragged = parsed("a.html", ragged_table(90))
    named = [number for number in range(90) if number % 9 >= 3]  # those that have a purpose or data
    assert {f"示例{number}推送SDK" for number in named} <= {d.sdk.text for d in ragged.disclosures if d.sdk}


def test_entries_between_unclosed_tags_are_read() -> None:
    assert len(parsed("a.html", unclosed_tags(40)).disclosures) == 40


def test_brackets_that_nothing_closes_are_told() -> None:
    notice = parsed(
        "a.txt", "示例SDK\n使用目的：推送\n收集个人信息：IMEI（OAID（设备型号\n".encode() + bare_brackets(50)
    )
    assert [item.text for item in notice.disclosures[0].data_items][:3] == ["IMEI", "OAID", "设备型号"]
    assert "bracket" in {note.code for note in notice.diagnostics}


def test_a_very_long_field_is_read_in_pieces_up_to_so_many_items(monkeypatch: pytest.MonkeyPatch) -> None:
    data = (
        "示例SDK\n使用目的：推送\n收集个人信息：".encode() + "、".join(["设备信息（品牌、型号）", "IMEI"] * 40).encode()
    )
    whole = parsed("a.txt", data)
    monkeypatch.setattr("noticeparse.fields.items._LONGEST_PIECE", 47)
    assert parsed("a.txt", data) == whole
    monkeypatch.setattr("noticeparse.fields.items.MAX_ITEMS", 20)
    notice = parsed("a.txt", data)
    [note] = [note for note in notice.diagnostics if note.code == "items-cut"]
    [disclosure] = notice.disclosures
    assert 20 <= len(disclosure.data_items) < 40
    assert note.message.startswith(f"only the first {len(disclosure.data_items)} items are read: ")
    assert note.span is not None
    assert [run.span[1] for run in notice.unparsed] == [note.span[1]]


def test_sentences_are_the_same_in_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parsed("a.txt", prose(30))
    monkeypatch.setattr("noticeparse.parsing._LONGEST_STRETCH", 100)
    assert parsed("a.txt", prose(30)) == whole
    assert len(whole.disclosures) == 30


def test_a_text_of_too_many_lines_is_cut_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noticeparse.document.plain.FREE_LINES", 3)
    monkeypatch.setattr("noticeparse.document.plain.CHARS_PER_LINE", 100)
    monkeypatch.setattr("noticeparse.document.plain.FREE_MARKDOWN_LINES", 5)
    document = read_document("a.txt", "\n".join("甲乙丙丁戊己庚辛").encode())
    [note] = document.diagnostics
    assert (note.code, document.text) == ("text-cut", "甲\n乙\n丙")
    assert note.message == "only the first 3 lines are read: 10 characters are left out"
    assert read_document("a.txt", "甲\n乙\n丙\n丁".encode()).text == "甲\n乙\n丙\n丁"
    assert read_document("a.md", "\n".join("甲乙丙丁戊己庚辛").encode()).text == "甲\n乙\n丙\n丁\n戊"


def test_a_page_of_too_many_tags_is_cut_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    page = long_table(100)
    monkeypatch.setattr("noticeparse.document.tags.FREE_TAGS", 200)
    monkeypatch.setattr("noticeparse.document.tags.CHARS_PER_TAG", len(page))
    notice = parsed("a.html", page)
    [note] = [note for note in notice.diagnostics if note.code == "html-cut"]
    assert note.message.startswith("only the first 200 tags are read: ")
    assert 20 < len(notice.disclosures) < 30


def test_tags_that_nothing_closes_and_end_tags_that_close_nothing_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noticeparse.document.tags.FREE_STEPS", 0)
    page = "前" + "<i>" * 30_000 + "</b>" * 30_000 + "后"
    document = read_document("a.html", page.encode())
    [note] = document.diagnostics
    depth, left = (int(word) for word in re.findall(r"\d+", note.message))
    assert (note.code, document.text) == ("html-cut", "前")
    assert depth > 10_000
    assert page[-left:].count("</b>") > 10_000
    assert read_document("a.html", ("<i>甲" * 30_000 + "后").encode()).text.endswith("后")
