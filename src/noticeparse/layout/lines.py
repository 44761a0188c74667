"""Lines of a view: where each begins and ends, its list marker and how deep it stands."""

from __future__ import annotations

import re

from msgspec import Struct

from noticeparse.document.view import View
from noticeparse.pattern import Pattern
from noticeparse.records import Span

# A marker is read at the start of a line only. Decimals stand before plain numbers, so that 2.1.3 is one marker.
_MARKER_REGEX = Pattern(
    r"""
    (?P<rule>(?<![-=_*])[-=_*]{3,}+[ \t]*+$)                                 # a drawn line
    |(?P<hash>\#{1,6})(?=[ \t])                                     # Markdown heading in plain text
    |(?P<bullet>[-•·*●○◦▪▫■□◆◇►▶➤»›‣⁃※✦✓√>]|[lnu](?=\s{2,}))(?![-*])      # l, n, u: Wingdings bullets, copied
    |(?P<paren>\((?P<pn>\d{1,3}|[一二三四五六七八九十]{1,3}|[a-zA-Z]|[ivxIVX]{1,4})\)[.、:)]?)
    |(?P<decimal>\d{1,3}(?:\.\d{1,3}){1,4})(?:[.、)]|(?=[ \t\u4e00-\u9fffA-Za-z(]))
    |(?P<number>\d{1,3})(?:\s?[、)]\)?|\.(?!\d))
    |(?P<chinese>第?[一二三四五六七八九十]{1,3}[、.)]|第[一二三四五六七八九十\d]{1,3}[条章节部分]+)
    |(?P<circled>[①-⑳❶-❿⑴-⒇])[.、]?
    |(?P<letter>[a-zA-Z])(?:[、)]|\.(?=\s?[\u4e00-\u9fff]))
    """,
    re.X,
)


_CHINESE_MARKS = frozenset("第一二三四五六七八九十")  # of the ideographs, those that a marker begins with


class Line(Struct, frozen=True, gc=False):
    """One line of the view, without its break.

    Attributes:
        start: View position of its first character.
        end: Position behind its last character that is no white space.
        content: Position behind indentation and list markers; ``end`` for a blank line.
        indent: Number of blanks before the first marker or character.
        marker: Kind of its last marker: ``bullet``, ``number``, ``hash``, ``rule`` or an empty string.
        level: Depth of a decimal number (2.1.3 is 3), 1 for other numbers, 0 without one.
        style: How its last marker is written: ``bullet``, ``paren``, ``decimal``, ``number``, ``chinese``, ``circled`` …
        blank: Whether nothing but white space, markers or a drawn line stands on it.
    """

    start: int
    end: int
    content: int
    indent: int
    marker: str = ""
    level: int = 0
    style: str = ""
    blank: bool = False


def read_lines(view: View) -> tuple[Line, ...]:
    """All lines of a view, blank ones too, in order."""
    text = view.text
    lines: list[Line] = []
    start = 0
    size = len(text)
    while start <= size:
        stop = text.find("\n", start)
        if stop < 0:
            stop = size
        lines.append(_read_line(text, start, stop))
        start = stop + 1
    return tuple(lines)


def _read_line(text: str, start: int, stop: int) -> Line:
    end = stop
    while end > start and text[end - 1].isspace():
        end -= 1
    at = start
    while at < end and text[at].isspace():
        at += 1
    indent = at - start
    marker, level, style = "", 0, ""
    if at >= end:
        return Line(start, end, at, indent, blank=True)
    if text[at] >= "\u3400" and text[at] not in _CHINESE_MARKS:
        return Line(start, end, at, indent)  # most lines begin with a word
    for _ in range(3):
        match = _MARKER_REGEX.match(text, at, end)
        if match is None:
            break
        kind = match.lastgroup or ""
        if match.group("rule") is not None:
            return Line(start, end, end, indent, "rule", blank=True)
        if match.group("hash") is not None:
            kind = "hash"
        elif match.group("bullet") is not None:
            kind = "bullet"
        else:
            level = match.group("decimal").count(".") + 1 if match.group("decimal") else 1
            kind = "number"
        after = match.end()
        if after >= end and kind == "number":
            break  # a lone number is content: a cell, a page number
        marker, style = kind, match.lastgroup or ""
        at = after
        while at < end and text[at].isspace():
            at += 1
    return Line(start, end, at, indent, marker, level, style, at >= end)


_TRIM = " \t\r\n\u3000\u00a0。；;，,、：:·•"
_PAIRED = '()<>"'
_EDGES = frozenset(_TRIM + _PAIRED)


def trim(text: str, start: int, end: int, *, also: str = "") -> Span:
    """Narrow a run by white space and punctuation at both ends, and by a bracket or quote that stands alone.

    A bracket stays where its partner is inside: ``(可选)`` stays, ``设备信息)`` loses its bracket.
    """
    if start < end and not also and text[start] not in _EDGES and text[end - 1] not in _EDGES:
        return start, end
    chars = _TRIM + also
    words = text[start:end].rstrip(chars)
    end = start + len(words)
    start = end - len(words.lstrip(chars))
    if start >= end:
        return start, start
    if text[start] not in _PAIRED and text[end - 1] not in _PAIRED:
        return start, end
    return _trim_paired(text, start, end, chars)


def _trim_paired(text: str, start: int, end: int, chars: str) -> Span:
    """Narrow a run at whose ends brackets or quotes stand."""
    counts = {mark: text.count(mark, start, end) for mark in _PAIRED}
    while True:
        while start < end and text[start] in chars:
            _uncount(counts, text[start])
            start += 1
        while end > start and text[end - 1] in chars:
            end -= 1
            _uncount(counts, text[end])
        if start >= end:
            return start, start
        if _stands_alone(text[start], "(", ")", counts):
            counts[text[start]] -= 1
            start += 1
        elif _stands_alone(text[end - 1], ")", "(", counts):
            counts[text[end - 1]] -= 1
            end -= 1
        else:
            return start, end


def _stands_alone(at: str, mark: str, partner: str, counts: dict[str, int]) -> bool:
    """Whether the character at an end is a bracket, angle or quote without its partner in the run."""
    if at == mark:
        return counts[mark] > counts[partner]
    if at == '"':
        return counts['"'] == 1
    return (at == "<" and not counts[">"]) or (at == ">" and not counts["<"])


def _uncount(counts: dict[str, int], char: str) -> None:
    if char in counts:
        counts[char] -= 1
