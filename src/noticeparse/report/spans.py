"""Overlapping spans of a text to segments that lie side by side, because elements of a page can only nest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from noticeparse.records import Span

_LINES_IN_BLOCK = 40


@dataclass(frozen=True, slots=True)
class Highlight:
    """A run of the text to be marked.

    Attributes:
        key: Names the value that stands there; unique.
        kind: What it is shown as.
        span: Where it stands, in code points.
        behind: Whether it gives way to others wherever it meets them, as a remark does to the value that it is about.
    """

    key: int
    kind: str
    span: Span
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of the text that the same highlights cover from end to end.

    Attributes:
        start: Offset of its first character in the text.
        text: The run.
        over: The highlights that cover it, the one that decides its look first; empty for plain text.
    """

    start: int
    text: str
    over: tuple[Highlight, ...] = ()


def segments(text: str, highlights: Iterable[Highlight]) -> tuple[Segment, ...]:
    """Cut a text wherever a highlight begins or ends.

    Of several highlights the shortest comes first, so that a condition is seen inside the data item around it.

    Args:
        text: The text.
        highlights: In any order; may be nested, overlap or be equal. What lies outside the text is cut off, and a span
            without a character marks nothing.

    Returns:
        Segments that give the text back when they are joined.
    """
    kept = [one for one in highlights if max(one.span[0], 0) < min(one.span[1], len(text))]
    opens: dict[int, list[Highlight]] = {}
    closes: dict[int, list[Highlight]] = {}
    for one in kept:
        opens.setdefault(max(one.span[0], 0), []).append(one)
        closes.setdefault(min(one.span[1], len(text)), []).append(one)
    cuts = sorted({0, len(text), *opens, *closes})
    active: dict[int, Highlight] = {}
    result: list[Segment] = []
    for start, end in pairwise(cuts):
        for one in closes.get(start, ()):
            del active[one.key]
        for one in opens.get(start, ()):
            active[one.key] = one
        over = tuple(sorted(active.values(), key=_inner_first))
        result.append(Segment(start, text[start:end], over))
    return tuple(result)


def _inner_first(highlight: Highlight) -> tuple[bool, int, int]:
    return highlight.behind, highlight.span[1] - highlight.span[0], highlight.key


def blocks(parts: Sequence[Segment], lines: int = _LINES_IN_BLOCK) -> Iterator[tuple[Segment, ...]]:
    """Group segments to blocks of whole lines, which a browser can lay out when they come into view.

    Args:
        parts: Segments of one text, in order. Plain ones may be cut further; marked ones stay whole.
        lines: Lines after which a block ends at the next line break outside a mark.
    """
    block: list[Segment] = []
    count = 0
    for part in parts:
        start = part.start
        for piece in part.text.splitlines(keepends=True) if not part.over else [part.text]:
            if count >= lines and block[-1].text.endswith("\n"):
                yield tuple(block)
                block, count = [], 0
            if not part.over and block and not block[-1].over:
                block[-1] = Segment(block[-1].start, block[-1].text + piece)
            else:
                block.append(Segment(start, piece, part.over))
            start += len(piece)
            count += piece.count("\n")
    if block:
        yield tuple(block)
