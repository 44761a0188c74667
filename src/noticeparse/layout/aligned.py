"""Tables whose cells stand apart by blanks alone, one row a line, as copied from a page or printed in columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from noticeparse.document.view import View
from noticeparse.layout.columns import ColumnJudge
from noticeparse.layout.grid import MAX_COLUMNS, Grid
from noticeparse.layout.lines import Line
from noticeparse.layout.rowfit import Joint, Token, fit_rows
from noticeparse.pattern import Pattern
from noticeparse.records import Span

_WIDE_REGEX = Pattern(r"[ ]{2,}")
_NARROW_REGEX = Pattern(r"[ ]+")
_MIN_WIDE, _MIN_NARROW = 3, 4  # columns of a header; with single blanks all of them have to be labels
MAX_ROW = 2000  # characters of a row that is looked at
Row = tuple[Span | None, ...]


def aligned_grids(
    view: View, lines: Sequence[Line], read_label: Callable[[Span | None], str], judge: ColumnJudge
) -> list[Grid]:
    """Grids of tables aligned by blanks, below a header of labels.

    ``SDK名称  公司  目的`` with two blanks or more between the cells; with one blank between them, where every word of the
    header is a label and the rows' words suit its columns.

    Args:
        view: The notice.
        lines: All its lines.
        read_label: Field that a header cell names, an empty string for none.
        judge: Scores a cell's words against a field.
    """
    grids: list[Grid] = []
    index = 0
    while index < len(lines):
        header = _header(view.text, lines[index], read_label)
        if header is None:
            index += 1
            continue
        cells, fields, gap = header
        rows: list[Row] = [tuple(cells)]
        first = last = index
        index += 1
        while index < len(lines) and index - last <= 2:  # one blank line may stand between rows
            row = _row(view.text, lines[index], fields, gap, judge)
            if row is not None:
                rows.append(row)
                last = index
            elif view.text[lines[index].start : lines[index].end].strip():
                break
            index += 1
        if len(rows) > 1:
            grids.append(Grid((lines[first].start, lines[last].end), tuple(rows), complete=False))
        index = last + 1
    return grids


def _header(
    text: str, line: Line, read_label: Callable[[Span | None], str]
) -> tuple[list[Span], tuple[str, ...], Pattern[str]] | None:
    if line.end - line.start > 300 or text.count(" ", line.start + line.indent, line.end) < _MIN_NARROW - 1:
        return None
    if text.find("|", line.start, line.end) >= 0 or text.find("\t", line.start, line.end) >= 0:
        return None
    for gap, least in ((_WIDE_REGEX, _MIN_WIDE), (_NARROW_REGEX, _MIN_NARROW)):
        cells = _split(text, line, gap)
        if not least <= len(cells) <= MAX_COLUMNS:
            continue
        fields = _labels(cells, read_label, unread=len(cells) // 2 if gap is _WIDE_REGEX else 0)
        if len(set(fields) - {"", "none"}) >= least - 1:
            return cells, fields, gap
    return None


def _labels(cells: Sequence[Span], read_label: Callable[[Span | None], str], *, unread: int) -> tuple[str, ...]:
    """The fields that cells name; none as soon as more of them than may be are no labels, as in most lines."""
    fields: list[str] = []
    for cell in cells:
        fields.append(read_label(cell))
        if not fields[-1]:
            unread -= 1
        if unread < 0:
            return ()
    return tuple(fields)


def _row(text: str, line: Line, fields: tuple[str, ...], gap: Pattern[str], judge: ColumnJudge) -> Row | None:
    if line.end - line.start > MAX_ROW:
        return None
    cells = _split(text, line, gap)
    if len(cells) < 2:
        return None
    if len(cells) == len(fields) and gap is _WIDE_REGEX:
        return tuple(cells)
    joint = Joint.CELL if gap is _WIDE_REGEX else Joint.BLANK
    fit = fit_rows(text, [Token(cell, joint) for cell in cells], fields, judge, whole=True)
    return fit.rows[0].cells if len(fit.rows) == 1 and fit.score > 0 else None


def _split(text: str, line: Line, gap: Pattern[str]) -> list[Span]:
    cells: list[Span] = []
    start = line.start + line.indent
    for match in gap.finditer(text, start, line.end):
        cells.append((start, match.start()))
        start = match.end()
    return [*cells, (start, line.end)] if start < line.end else cells
