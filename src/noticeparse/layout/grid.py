"""Tables as grids of view spans: ruled tables of the source format, and pipe or tab tables drawn in plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from noticeparse.document.model import Table
from noticeparse.document.view import View
from noticeparse.layout.lines import Line
from noticeparse.records import Span

MAX_COLUMNS = 40
_RULE_REGEX = re.compile(
    r"[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+[ \t]*(?::?-{3,}:?)?[ \t]*|[ \t]*\|[ \t]*:?-{3,}:?[ \t]*\|?[ \t]*"
)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells by row and column; a spanning cell stands at every place that it covers, ``None`` is no cell.

    ``complete`` tells that the source format ruled the rows, so a missing cell is truly missing; in drawn tables rows
    may be short because a cell above spans them. ``header`` is the number of leading rows marked as header.
    """

    span: Span
    rows: tuple[tuple[Span | None, ...], ...]
    complete: bool
    header: int = 0


def ruled_grid(view: View, table: Table) -> Grid:
    """Grid of a table of the source format, spanning cells repeated."""
    width = min(table.columns, MAX_COLUMNS)
    rows: list[list[Span | None]] = [[None] * width for _ in range(table.rows)]
    headers: set[int] = set()
    body: set[int] = set()
    for cell in table.cells:
        start, end = view.position(cell.span[0]), view.position(cell.span[1])
        for row in range(cell.row, min(cell.row + cell.rowspan, table.rows)):
            for column in range(cell.column, min(cell.column + cell.colspan, width)):
                rows[row][column] = (start, end)
        (headers if cell.header else body).add(cell.row)
    leading = 0
    while leading < table.rows and leading in headers and leading not in body:
        leading += 1
    span = (view.position(table.span[0]), view.position(table.span[1]))
    return Grid(span, tuple(tuple(row) for row in rows), complete=True, header=leading)


def drawn_grids(view: View, lines: Sequence[Line]) -> list[Grid]:
    """Grids of pipe tables (with a rule under the header) and tab tables in plain text."""
    return [*_pipe_grids(view, lines), *_tab_grids(view, lines)]


def _pipe_grids(view: View, lines: Sequence[Line]) -> list[Grid]:
    text = view.text
    grids: list[Grid] = []
    index = 1
    while index < len(lines):
        line = lines[index]
        raw = text[line.start : line.end]
        if "-" in raw and "|" in raw and _RULE_REGEX.fullmatch(raw) and "|" in _raw(text, lines[index - 1]):
            grid, index = _pipe_grid(view, lines, index)
            if grid is not None:
                grids.append(grid)
                continue
        index += 1
    grids.extend(_boxed_grids(view, lines, [grid.span for grid in grids]))
    return grids


def _boxed_grids(view: View, lines: Sequence[Line], taken: Sequence[Span]) -> list[Grid]:
    """Pipe tables without a rule: at least three lines framed by pipes, each with as many cells."""
    text = view.text
    grids: list[Grid] = []
    index = 0
    while index < len(lines):
        width = _framed_width(text, lines[index])
        first = index
        while index < len(lines) and width >= 2 and _framed_width(text, lines[index]) == width:
            index += 1
        span = (lines[first].start, lines[max(first, index - 1)].end)
        if index - first >= 3 and not any(start < span[1] and span[0] < end for start, end in taken):
            rows = tuple(tuple(_cells(text, line.start, line.end)) for line in lines[first:index])
            grids.append(Grid(span, rows, complete=False))
        index = max(index, first + 1)
    return grids


def _framed_width(text: str, line: Line) -> int:
    raw = _raw(text, line).strip()
    return raw.count("|") - 1 if raw.startswith("|") and raw.endswith("|") and len(raw) > 2 else 0


def _raw(text: str, line: Line) -> str:
    return text[line.start : line.end]


def _pipe_grid(view: View, lines: Sequence[Line], rule: int) -> tuple[Grid | None, int]:
    """Read one pipe table. Cells may be broken over lines, and two rows may stand on one line.

    Converters that draw such tables end each row with two blanks; where they are kept, they tell the end of a row from
    a break inside a cell.
    """
    text = view.text
    header = _cells(text, lines[rule - 1].start, lines[rule - 1].end)
    width = len(header)
    if not 2 <= width <= MAX_COLUMNS:
        return None, rule + 1
    last = rule + 1
    while last < len(lines) and _belongs(text, lines, last, width):
        last += 1
    end = lines[last - 1].end
    rows: list[tuple[Span | None, ...]] = [tuple(header)]
    for start, stop in _row_spans(text, lines, rule + 1, last, width):
        cells: list[Span | None] = list(_cells(text, start, stop))
        if any(cell and cell[1] > cell[0] for cell in cells):
            rows.append(tuple(cells))
    return Grid((lines[rule - 1].start, end), tuple(rows), complete=False, header=1), last


def _belongs(text: str, lines: Sequence[Line], index: int, width: int) -> bool:
    """Whether a line is part of the table above: it has a pipe, or it goes on in a cell that was left open."""
    line = lines[index]
    raw = _raw(text, line)
    if line.start >= line.end or not raw.strip():
        return False
    if "|" in raw:
        return True
    if raw.lstrip().startswith("#"):
        return False
    before = lines[index - 1]
    if _raw(text, before).rstrip().endswith("|"):
        return True
    if not _hard_end(text, before) and (_hard_end(text, line) or "|" in _next_raw(text, lines, index)):
        return index - 1 >= 0 and bool(_raw(text, before).strip())
    return False


def _next_raw(text: str, lines: Sequence[Line], index: int) -> str:
    return _raw(text, lines[index + 1]) if index + 1 < len(lines) else ""


def _hard_end(text: str, line: Line) -> bool:
    """Whether two blanks end the line, the hard break of Markdown."""
    return text[line.end : line.end + 2] == "  "


def _row_spans(text: str, lines: Sequence[Line], first: int, last: int, width: int) -> list[Span]:
    body = lines[first:last]
    if not body:
        return []
    hard = sum(_hard_end(text, line) for line in body) * 2 >= len(body) and any("|" in _raw(text, x) for x in body)
    boxed = sum(_raw(text, line).lstrip().startswith("|") for line in body) * 2 > len(body)
    if boxed or not hard:
        return _joined_rows(text, body, width, boxed=boxed)
    spans: list[Span] = []
    start = body[0].start
    for line in body:
        spans.extend(_split_inside(text, start, line.end, width)) if _hard_end(text, line) else None
        if _hard_end(text, line):
            start = line.end
    if start < body[-1].end:
        spans.append((start, body[-1].end))
    return spans


def _split_inside(text: str, start: int, end: int, width: int) -> list[Span]:
    """Split a run where two rows came to stand on one line: more cells than columns, and a double blank after an address."""
    if text.count("|", start, end) <= width - 1:
        return [(start, end)]
    spans: list[Span] = []
    for match in re.finditer(r"(?<=[>)\]/\w])[ ]{2,4}(?=\S)", text[start:end]):
        at = start + match.start()
        pipes = text.count("|", start, at)
        if pipes >= 1 and text.count("|", at, end) >= 1 and _ends_in_link(text, start, at):
            spans.append((start, at))
            start = at
    spans.append((start, end))
    return spans


def _ends_in_link(text: str, start: int, at: int) -> bool:
    cell = text[text.rfind("|", start, at) + 1 : at]
    return "http" in cell or "www." in cell


def _joined_rows(text: str, body: Sequence[Line], width: int, *, boxed: bool) -> list[Span]:
    """Rows told by counting pipes: a row goes on until it has as many cells as the header."""
    need = width + 1 if boxed else width - 1
    spans: list[Span] = []
    start, pipes = body[0].start, 0
    for position, line in enumerate(body):
        raw = _raw(text, line)
        if boxed and raw.lstrip().startswith("|") and pipes:
            spans.append((start, body[position - 1].end))
            start, pipes = line.start, 0
        pipes += raw.count("|")
        following = _raw(text, body[position + 1]) if position + 1 < len(body) else "|"
        full = pipes >= need and not (raw.rstrip().endswith("|") and not boxed)
        if full and ("|" in following or boxed):
            spans.append((start, line.end))
            start, pipes = line.end, 0
    if start < body[-1].end and text[start : body[-1].end].strip():
        spans.append((start, body[-1].end))
    return spans


def _cells(text: str, start: int, end: int) -> list[Span]:
    """Cells of one row; pipes at both ends are the table's frame."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end and text[start] == "|":
        start += 1
        if end > start and text[end - 1] == "|":
            end -= 1
    cells: list[Span] = []
    while True:
        pipe = text.find("|", start, end)
        stop = pipe if pipe >= 0 else end
        cells.append((start, stop))
        if pipe < 0:
            return cells
        start = pipe + 1


def _tab_grids(view: View, lines: Sequence[Line]) -> list[Grid]:
    """Runs of at least two lines with the same number of tabs, as copied from a sheet."""
    text = view.text
    grids: list[Grid] = []
    index = 0
    while index < len(lines):
        width = _tabs(text, lines[index])
        if width < 2:
            index += 1
            continue
        rows: list[tuple[Span | None, ...]] = []
        first = index
        while index < len(lines) and (
            _tabs(text, lines[index]) == width or (rows and not _raw(text, lines[index]).strip())
        ):
            if _raw(text, lines[index]).strip():
                rows.append(tuple(_tab_cells(text, lines[index])))
            index += 1
        if len(rows) >= 2:
            last = index - 1
            while not _raw(text, lines[last]).strip():
                last -= 1
            grids.append(Grid((lines[first].start, lines[last].end), tuple(rows), complete=False))
    return grids


def _tabs(text: str, line: Line) -> int:
    return text.count("\t", line.start + line.indent, line.end)


def _tab_cells(text: str, line: Line) -> list[Span]:
    cells: list[Span] = []
    start = line.start + line.indent
    while True:
        tab = text.find("\t", start, line.end)
        stop = tab if tab >= 0 else line.end
        cells.append((start, stop))
        if tab < 0:
            return cells
        start = tab + 1
