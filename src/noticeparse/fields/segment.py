"""Cutting a field into parts: separators at one level of brackets, with brackets of any number and in any state.

Brackets are paired once for the whole field. An opening bracket that nothing closes ends where its line or sentence
ends; a closing bracket that nothing opens is a separator. Nothing here knows a word.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from noticeparse.pattern import Pattern
from noticeparse.records import Span

# Brackets deeper than this are read as separators: no notice nests so far, and hostile text must not recurse.
MAX_DEPTH = 6
_STRONG = frozenset(";。!?\n\r")
_BRACKET_REGEX = Pattern(r"[()]")
_MARK_REGEX = Pattern(r'[;。!?\n\r、,，|\\:()"①-⑳]')
_EDGE = "/ \t\n\r\u3000*•·●◆■□▪○-–—.\"'<>《》_#\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029"


class Group(Struct, frozen=True):
    """A bracket: the span with its brackets, and the span inside them."""

    span: Span
    inner: Span


class Part(Struct, frozen=True):
    """What stands between two separators of one level.

    Attributes:
        span: Trimmed.
        groups: Brackets in it, outermost only, in order.
        before: The separator in front, ``""`` for the first part.
        colon: Whether a colon follows, so that the part heads what comes next.
        whole: Whether the part is one name, though separators stand in it.
    """

    span: Span
    groups: tuple[Group, ...]
    before: str
    colon: bool
    whole: bool = False


class Brackets:
    """The pairs of brackets of one field."""

    def __init__(self, text: str, start: int, end: int) -> None:
        """Pair the brackets in ``text[start:end]``, in one pass.

        Args:
            text: The view's text.
            start: First character of the field.
            end: Position behind its last character.
        """
        self.text = text
        self.closes: dict[int, int] = {}
        self.unpaired = 0
        stack: list[int] = []
        for match in _BRACKET_REGEX.finditer(text, start, end):
            if match.group() == "(":
                stack.append(match.start())
            elif stack:
                self.closes[stack.pop()] = match.start()
            else:
                self.unpaired += 1
        self.unpaired += len(stack)
        self._close_unpaired(stack, end)

    def _close_unpaired(self, stack: list[int], end: int) -> None:
        """Let each opening bracket without a partner end with its line or sentence, or with the field."""
        limit, at = end, end
        for opening in reversed(stack):
            while at > opening + 1:
                at -= 1
                if self.text[at] in "。\n":
                    limit = at
            self.closes[opening] = limit

    def group(self, opening: int, end: int) -> Group:
        """The bracket that opens at a position, cut off at ``end``."""
        close = min(self.closes.get(opening, end), end)
        closed = close < end and self.text[close] == ")"
        return Group((opening, close + 1 if closed else close), (opening + 1, close))


def trim(text: str, start: int, end: int) -> Span:
    """Leave out white space, quotes, slashes, bullets and dashes at both ends."""
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end


def cut_parts(
    brackets: Brackets, start: int, end: int, depth: int, joins: Callable[[int, int, int], bool]
) -> list[Part]:
    """Cut a run at its separators.

    ``A、B（C、D）；E`` has the parts A, B with one group, and E. A colon ends a part as well and marks it.

    Args:
        brackets: Pairs of the field.
        start: First character of the run.
        end: Position behind its last character.
        depth: How many brackets are open around the run.
        joins: Tells of a line break, by the part's start, the break and the run's end, whether it stands inside a name.
    """
    text = brackets.text
    parts: list[Part] = []
    groups: list[Group] = []
    first, before, at = start, "", start
    while (match := _MARK_REGEX.search(text, at, end)) is not None:
        at, char = match.start(), match.group()
        if char == "(" and depth < MAX_DEPTH:
            group = brackets.group(at, end)
            groups.append(group)
            at = max(group.span[1], at + 1)
            continue
        if not _separates(text, at, end, depth) or (char == "\n" and joins(first, at, end)):
            at += 1
            continue
        added = _add(parts, text, (first, at), groups, before, colon=char == ":")
        if added or not before or before not in _STRONG:  # of several separators in a row the strongest counts
            before = char
        groups = []
        first = at = at + 1
    _add(parts, text, (first, end), groups, before, colon=False)
    return parts


def _separates(text: str, at: int, end: int, depth: int) -> bool:
    char = text[at]
    if char == '"':
        return text.startswith('""', at)  # two quoted names without anything between
    if char == ":":
        return not text.startswith("://", at)
    return char != "(" or depth >= MAX_DEPTH


def _add(parts: list[Part], text: str, span: Span, groups: list[Group], before: str, *, colon: bool) -> bool:
    start, end = trim(text, *span)
    if start < end:
        parts.append(Part((start, end), tuple(groups), before, colon))
    return start < end
