"""Tables as grids of view spans: ruled tables of the source format, and tab tables in plain text."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from noticeparse.document.model import Table
from noticeparse.document.view import View
from noticeparse.layout.lines import Line
from noticeparse.records import Span

MAX_COLUMNS = 40


class Grid(Struct, frozen=True):
    """A table's cells by row and column; a spanning cell stands at every place that it covers, ``None`` is no cell.

    ``complete`` tells that the source format ruled the rows, so a missing cell is truly missing; in drawn tables rows
    may be short because a cell above spans them. ``header`` is the number of leading rows marked as header.
    ``turned`` tells that rows and columns changed places.
    """

    span: Span
    rows: tuple[tuple[Span | None, ...], ...]
    complete: bool
    header: int = 0
    turned: bool = False


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


def tab_grids(view: View, lines: Sequence[Line]) -> list[Grid]:
    """Runs of at least two lines with tabs, as copied from a sheet; rows may lack cells at their ends."""
    text = view.text
    grids: list[Grid] = []
    index = 0 if "\t" in text else len(lines)
    while index < len(lines):
        width = _tabs(text, lines[index])
        if width < 2:
            index += 1
            continue
        rows: list[tuple[Span | None, ...]] = []
        first = last = index
        while index < len(lines) and (not _raw(text, lines[index]).strip() or 1 <= _tabs(text, lines[index]) <= width):
            if _raw(text, lines[index]).strip():
                cells = _tab_cells(text, lines[index])
                rows.append((*cells, *[None] * (width + 1 - len(cells))))
                last = index
            elif index > last + 1:
                break
            index += 1
        if len(rows) >= 2:
            grids.append(Grid((lines[first].start, lines[last].end), tuple(rows), complete=False))
        index = max(index, last + 1)
    return grids


def _raw(text: str, line: Line) -> str:
    return text[line.start : line.end]


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
