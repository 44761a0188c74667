"""Tables as grids of view spans: ruled tables of the source format, and tab tables in plain text."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from noticeparse.document.model import Table
from noticeparse.document.view import View
from noticeparse.layout.lines import Line
from noticeparse.records import Span

MAX_COLUMNS = 40
Row = tuple[Span | None, ...]


class Grid(Struct, frozen=True):
    """A table's cells by row and column; a spanning cell stands at every place that it covers, ``None`` is no cell.

    ``complete`` tells that the source format ruled the rows, so a missing cell is truly missing; in drawn tables rows
    may be short because a cell above spans them. ``turned`` tells that rows and columns changed places.
    """

    span: Span
    rows: tuple[Row, ...]
    complete: bool
    turned: bool = False


def ruled_grid(view: View, table: Table) -> Grid:
    """Grid of a table of the source format, spanning cells repeated.

    Args:
        view: The notice.
        table: One of its document's tables.
    """
    width = min(table.columns, MAX_COLUMNS)
    place = view.position
    same = len(view.text) == len(view.document.text)  # nothing is left out of the view, so the numbers are too
    rows: list[Row] = []
    blank: Row = (None,) * width
    row = list(blank)
    reaching: list[tuple[int, int, int, Span]] = []  # first column, column behind, row behind and span of cells
    for start, end, at, column, rowspan, colspan, _ in table.cells.numbers():
        while len(rows) < at:
            rows.append(tuple(row) if any(row) else blank)
            row = list(blank)
            if reaching:
                reaching = _fill(row, len(rows), reaching)
        if column < width:
            span = (start, end) if same else (place(start), place(end))
            behind = min(column + colspan, width)
            row[column:behind] = [span] * (behind - column)
            if rowspan > 1:
                reaching.append((column, behind, at + rowspan, span))
    while len(rows) < table.rows:
        rows.append(tuple(row) if any(row) else blank)
        row = list(blank)
        reaching = _fill(row, len(rows), reaching)
    return Grid((place(table.span[0]), place(table.span[1])), tuple(rows), complete=True)


def _fill(
    row: list[Span | None], number: int, reaching: list[tuple[int, int, int, Span]]
) -> list[tuple[int, int, int, Span]]:
    """Put the cells that reach down to a row into it; gives those cells."""
    still = [cell for cell in reaching if cell[2] > number]
    for column, behind, _, span in still:
        row[column:behind] = [span] * (behind - column)
    return still


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
