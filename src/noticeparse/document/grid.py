"""A table's cells laid out on a grid, row after row, the way browsers do it."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from noticeparse.document.model import Cell, Span, Table

# The clamp of browsers, and two of our own: rowspans reach down only from the first columns, and the tabs that stand for
# spanned places are few, so that no page can ask for more text or time than its own length warrants.
MAX_SPAN = 1000
MAX_TABS = 64


class GridWriter(Struct):
    """A table while its rows are walked. ``busy`` holds for each column the first row that no cell above covers."""

    row: int = -1
    column: int = 0
    tabs: int = 0
    open_row: bool = False
    header: bool = False
    section: int = 0  # index of the first cell of the row group
    cells: list[Cell] = field(default_factory=list)
    busy: list[int] = field(default_factory=list)

    def next_row(self) -> None:
        """Begin a row."""
        self.row, self.column, self.tabs, self.open_row = self.row + 1, 0, 0, True

    def seek(self) -> int:
        """Go to the next free column of the row; gives the tabs that lead to it."""
        while self.column < len(self.busy) and self.busy[self.column] > self.row:
            self.column += 1
        tabs = min(self.column - self.tabs, MAX_TABS)
        self.tabs = self.column
        return tabs

    def place(self, span: Span, rows: int, columns: int, *, header: bool) -> None:
        """Put a cell at the column sought; it ends where a cell from above stands."""
        first, row = self.column, self.row
        last = first + 1
        while last < first + columns and (last >= len(self.busy) or self.busy[last] <= row):
            last += 1
        if rows > 1 and last <= MAX_SPAN:
            self.busy.extend([0] * (last - len(self.busy)))
            self.busy[first:last] = [row + rows] * (last - first)
        else:
            rows = 1
        self.cells.append(Cell(span, row, first, rows, last - first, header or self.header))
        self.column = last

    def close_section(self) -> None:
        """Cut the cells of a row group at its last row."""
        for index in range(self.section, len(self.cells)):
            cell = self.cells[index]
            if cell.row + cell.rowspan > self.row + 1:
                self.cells[index] = replace(cell, rowspan=self.row + 1 - cell.row)
        self.section = len(self.cells)
        self.busy.clear()
        self.header = self.open_row = False

    def table(self, span: Span) -> Table | None:
        """The finished table; columns that no cell begins in are an overlong ``colspan`` and are cut."""
        if not self.cells:
            return None
        width = 1 + max(cell.column for cell in self.cells)
        cells = tuple(
            cell if cell.column + cell.colspan <= width else replace(cell, colspan=width - cell.column)
            for cell in self.cells
        )
        return Table(span, cells, self.row + 1, width)
