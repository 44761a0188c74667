"""The page of one notice: its text with every value marked, and the values in tables beside it."""

from __future__ import annotations

from noticeparse.lexicon.load import Lexicon
from noticeparse.records import Notice
from noticeparse.report.spans import Highlight, Segment, blocks, segments
from noticeparse.report.template import fill
from noticeparse.report.values import KINDS, Values, collect


def notice_page(text: str, notice: Notice, lexicon: Lexicon) -> str:
    """A page that shows where in a notice each value stands and what it was taken for.

    Args:
        text: The document's text that the notice's spans point into.
        notice: The records.
        lexicon: Gives ids and concepts their names.

    Returns:
        A whole HTML page that loads nothing.
    """
    values = collect(notice, lexicon)
    parts = segments(text, _highlights(values))
    info = notice.notice
    named = info.app or info.title
    return fill(
        "notice",
        title=named.text if named else info.source,
        notice=notice,
        values=values,
        blocks=list(blocks(parts)),
        places=_places(parts),
        kinds=KINDS,
        shown={row.kind for row in values},
    )


def _highlights(values: Values) -> list[Highlight]:
    return [
        Highlight(row.key, row.kind, row.span, behind=row.field in ("unparsed", "diagnostics"))
        for row in values
        if row.span is not None
    ]


def _places(parts: tuple[Segment, ...]) -> dict[int, int]:
    """Key of a value → offset of the first segment that it covers, which names the segment on the page."""
    places: dict[int, int] = {}
    for part in parts:
        for one in part.over:
            places.setdefault(one.key, part.start)
    return places
