"""Paragraphs, sentences and clauses of a stretch, over a copy of the view in which wrapped lines are joined."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec import Struct

from noticeparse.document.view import View
from noticeparse.pattern import Pattern
from noticeparse.records import Span, Value

# Several times as long as the longest sentence of the notices that the rules were made on.
MAX_SENTENCE = 3000
MAX_CLAUSE = 400  # characters of a clause that are looked at; no real one comes near
_MARKER_REGEX = Pattern(
    r"(?:#{1,6}[ \t]+|[-•·*●○◦▪■□◆◇►▶➤»›※>][ \t]*(?!-)"
    r"|\(\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[a-zA-Z]|[ivx]{1,4})\s*\)[.、:]?"
    r"|\d{1,3}(?:\.\d{1,3}){1,4}[.、)]?(?=[ \t\u4e00-\u9fff\"(])|\d{1,3}(?:\s?[、)]\)?、?|\.(?!\d))"
    r"|第?[一二三四五六七八九十]{1,3}[、.)]|第[一二三四五六七八九十\d]{1,3}[条章节]"
    r"|[①-⑳❶-❿⑴-⒇][.、]?|[a-zA-Z](?:[、)]|\.(?=\s?[\u4e00-\u9fff]))){1,2}[ \t、]*"
)
_CHINESE_MARKS = "第一二三四五六七八九十"  # of the ideographs, those that a marker begins with
_FINAL = "。;!?:"
_SOFT_TAIL = ",、-/("
_WRAP_WIDTH = 36
_RUNNING_WIDTH = 24
_MAX_DEPTH = 8
_CLAUSE_MARKS = ",:;。!?\n"
_MAX_LISTED = 240
_ANNOUNCED_REGEX = Pattern(r"(?:以下|如下|下列|包括|包含|收集|获取|提供|共享)[^,。;:\n]{0,14}:$")
_FIRST_WORDS_REGEX = Pattern(r"[^,、;:(。\s]{2,20}(?=[,、;:(。\s]|$)", re.M)
_DOING_REGEX = Pattern(r":\s*(?:主要|仅)?(?:用于|用来|以便|为了)|我们|我[行司方]|您(?:可|在|需|使)|会(?=收集|获取)|。.")
MAX_SENTENCE = 4000
_BRACKET_REGEX = Pattern(r"[()。\n]")
_NUMERAL_REGEX = Pattern(r"[\d一二三四五六七八九十]+")
_LETTER_REGEX = Pattern(r"[a-zA-Z]")


class Paragraph(Struct, frozen=True):
    """One paragraph: wrapped lines joined. Positions are those of the flat text.

    Attributes:
        start: First character, marker included.
        content: Behind indentation and marker.
        end: Behind the last character that is no white space.
        marker: The marker's kind, digits as 0 (``(0)``, ``0.``, ``-``), empty without one.
    """

    start: int
    content: int
    end: int
    marker: str = ""


class Source:
    """A stretch of the view with wrapped lines joined, one character to one character.

    Attributes:
        view: The notice.
        base: View position of the stretch's first character.
        flat: Text of the stretch in which a line break inside a sentence is a blank.
        paragraphs: In order; blank lines are left out.
    """

    def __init__(
        self,
        view: View,
        start: int,
        end: int,
        is_label: Pattern[str],
        names_data: Callable[[str], bool] | None = None,
    ) -> None:
        """Find the paragraphs.

        Args:
            view: The notice.
            start: View position where the stretch begins.
            end: View position behind it.
            is_label: What a line begins with that is never the rest of the line before (a platform label).
            names_data: Whether a line's first words name data; where it is given, a list of data below a sentence that
                announces it (``该SDK会收集以下信息:``) is a part of that sentence.
        """
        self.view = view
        self.base = start
        self.paragraphs, self.flat = _paragraphs(view.text[start:end], is_label, names_data)

    def span(self, span: Span) -> Span:
        """Document span of a run of the flat text."""
        return self.view.span(self.base + span[0], self.base + span[1])

    def text(self, span: Span) -> str:
        """The notice's own characters of a run of the flat text."""
        return self.view.verbatim(self.base + span[0], self.base + span[1])

    def value(self, span: Span) -> Value:
        """A run as a value of a record."""
        return Value(self.text(span), self.span(span))


def _paragraphs(
    text: str, is_label: Pattern[str], names_data: Callable[[str], bool] | None
) -> tuple[tuple[Paragraph, ...], str]:
    """The paragraphs of a text, and the text with its wrapped lines joined."""
    chars: list[str] = []  # those of the text once one is changed; pages have few wrapped lines
    found: list[Paragraph] = []
    at, size = 0, len(text)
    last_end, depth = -1, 0
    listing = False
    while at <= size:
        stop = text.find("\n", at)
        stop = size if stop < 0 else stop
        start, end = _stripped(text, at, stop)
        if start < end:
            marked = text[start] < "\u3400" or text[start] in _CHINESE_MARKS  # most paragraphs begin with a word
            match = _MARKER_REGEX.match(text, start, end) if marked else None
            content = match.end() if match and match.end() < end else start
            announces = names_data is not None and found and text[last_end - 1] == ":"
            opens = announces and _ANNOUNCED_REGEX.search(text, max(0, last_end - 40), last_end)
            listed = bool(
                names_data is not None
                and (opens or listing)
                and not is_label.match(text, start)
                and _is_listed(text, content, end, names_data)
            )
            joined = listed or (found and _is_wrapped(text, found[-1], last_end, at, start, content, depth, is_label))
            if joined:
                chars = chars or list(text)
                for place in range(last_end, content if listed else start):
                    chars[place] = " "
                if listed and listing:
                    chars[last_end - 1 if text[last_end - 1] in ";。,、" else last_end] = "、"
                found[-1] = Paragraph(found[-1].start, found[-1].content, end, found[-1].marker)
            else:
                marker = text[start:content].strip()
                if marker:
                    marker = _LETTER_REGEX.sub("a", _NUMERAL_REGEX.sub("0", marker))
                found.append(Paragraph(start, content, end, marker))
                depth = 0
            listing = listed
            depth = _depth(text, start, end, depth)
            last_end = end
        at = stop + 1
    return tuple(found), "".join(chars) if chars else text


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_listed(text: str, content: int, end: int, names_data: Callable[[str], bool]) -> bool:
    """Whether a line is one of a list of data: it begins with a name of data and tells of nobody's doing."""
    words = _FIRST_WORDS_REGEX.match(text, content, end)
    if words is None or end - content > _MAX_LISTED or _DOING_REGEX.search(text, content, end):
        return False
    return names_data(words.group())


def _is_wrapped(
    text: str,
    before: Paragraph,
    last_end: int,
    line: int,
    start: int,
    content: int,
    depth: int,
    is_label: Pattern[str],
) -> bool:
    """Whether a line goes on with the sentence of the line before it."""
    if text.find("\n", last_end, line - 1) >= 0 and text[start] not in "。,;、)":
        return False  # a blank line between
    if text[start] in "。,;、)":
        return True
    last = text[last_end - 1]
    if content > start or last in _FINAL or is_label.match(text, start):
        return False
    if last in _SOFT_TAIL or depth > 0:
        return True
    if is_label.match(text, before.content):
        return False  # ios版本:IMEI is a line of its own
    begin = max(before.start, text.rfind("\n", 0, last_end) + 1)
    # Running text wraps where it likes; a heading is short and has no clauses.
    running = any(char in ":;。" for char in text[begin:last_end]) or (last.isascii() and text[start].isascii())
    return last_end - begin >= (_RUNNING_WIDTH if running else _WRAP_WIDTH)


def _depth(text: str, start: int, end: int, depth: int) -> int:
    if depth == 0 and text.find("(", start, end) < 0:
        return 0
    for char in text[start:end]:
        if char == "(":
            depth = min(depth + 1, _MAX_DEPTH)
        elif char == ")":
            depth = max(0, depth - 1)
        elif char == "。":
            depth = 0
    return depth


def split_at(text: str, start: int, end: int, marks: str) -> Iterator[Span]:
    """Runs between the marks that stand outside brackets, each without the mark; white space is trimmed.

    Args:
        text: Flat text.
        start: Where to begin.
        end: Where to stop.
        marks: Characters to cut at. ``。`` cuts inside an unclosed bracket too.
    """
    depth, at = 0, start
    closing = closed_brackets(text)
    for match in _cutter(marks).finditer(text, start, end):
        place, char = match.start(), match.group()
        if char == "(" and place in closing:
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char in marks and (depth == 0 or char == "。"):
            yield _stripped(text, at, place)
            at, depth = place + 1, 0 if char == "。" else depth
    last = _stripped(text, at, end)
    if last[0] < last[1]:
        yield last


@lru_cache(maxsize=16)
def _cutter(marks: str) -> Pattern[str]:
    return Pattern(f"[(){re.escape(marks)}]")


@lru_cache(maxsize=2)
def closed_brackets(text: str) -> frozenset[int]:
    """Positions of opening brackets that are closed in the same sentence; found once for a stretch.

    Args:
        text: Flat text.
    """
    opened: list[int] = []
    closed: set[int] = set()
    for match in _BRACKET_REGEX.finditer(text):
        char = match.group()
        if char == "(":
            opened.append(match.start())
        elif char == ")":
            if opened:
                closed.add(opened.pop())
        else:
            opened.clear()
    return frozenset(closed)


def sentences(text: str, start: int, end: int) -> list[Span]:
    """Sentences of a run: cut at 。！？ and ; outside brackets, empty ones left out; a huge one is cut at a comma."""
    found: list[Span] = []
    for first, last in split_at(text, start, end, "。!?;\n"):
        while last - first > MAX_SENTENCE:
            cut = max(
                text.rfind(",", first + 1, first + MAX_SENTENCE), text.rfind("、", first + 1, first + MAX_SENTENCE)
            )
            cut = cut if cut > first else first + MAX_SENTENCE
            found.append((first, cut))
            first = cut + 1
        if first < last:
            found.append((first, last))
    return found


def clauses(text: str, start: int, end: int) -> list[Span]:
    """Clauses of a sentence: cut at commas outside brackets."""
    return [span for span in split_at(text, start, end, ",") if span[0] < span[1]]


def clause_start(text: str, at: int, floor: int) -> int:
    """Where the clause that holds a place begins: behind the last mark outside brackets that are closed before it.

    Args:
        text: Flat text.
        at: The place.
        floor: Where the sentence begins; no more than :data:`MAX_CLAUSE` characters before the place are looked at.
    """
    start = max(floor, at - MAX_CLAUSE)
    before = text[start:at]
    if "(" not in before and ")" not in before:
        return start + max(before.rfind(mark) for mark in _CLAUSE_MARKS) + 1
    depth = 0
    for place in range(at - 1, start - 1, -1):
        char = text[place]
        if char == ")":
            depth += 1
        elif char == "(":
            if depth == 0:
                return place + 1
            depth -= 1
        elif depth == 0 and char in _CLAUSE_MARKS:
            return place + 1
    return start
