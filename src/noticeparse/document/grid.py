"""A table's cells laid out on a grid, row after row, the way browsers do it."""

from __future__ import annotations

from msgspec import Struct, field

from noticeparse.document.model import Cells, Span, Table

# The clamp of browsers, and two of our own: rowspans reach down only from the first columns, and the tabs that stand for
# spanned places are few, so that no page can ask for more text or time than its own length warrants.
MAX_SPAN = 1000
MAX_REACH = 250
MAX_TABS = 64


class GridWriter(Struct):
    """A table while its rows are walked.

    ``busy`` holds for each column the first row that no cell above covers, ``behind`` the column behind that cell.
    """

    row: int = -1
    column: int = 0
    tabs: int = 0
    open_row: bool = False
    header: bool = False
    last_row: int = -1  # the row of the last cell
    width: int = 0
    cells: Cells = field(default_factory=Cells)
    busy: list[int] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)
    tall: list[tuple[int, int]] = field(default_factory=list)  # of the row group: cells and the rows that they end at
    wide: list[tuple[int, int]] = field(default_factory=list)  # cells, and the columns that they begin at

    def next_row(self) -> None:
        """Begin a row."""
        self.row, self.column, self.tabs, self.open_row = self.row + 1, 0, 0, True

    def seek(self) -> int:
        """Go to the next free column of the row; gives the tabs that lead to it."""
        busy = self.busy
        while self.column < len(busy) and busy[self.column] > self.row:
            self.column = self.behind[self.column]
        tabs = min(self.column - self.tabs, MAX_TABS)
        self.tabs = self.column
        return tabs

    def place(self, start: int, end: int, rows: int, columns: int, *, header: bool) -> None:
        """Put a cell at the column sought; it ends where a cell from above stands.

        Args:
            start: Offset of its first character.
            end: Offset behind its last.
            rows: Rows that it asks for.
            columns: Columns that it asks for.
            header: It is a header cell.
        """
        first, row = self.column, self.row
        last = first + 1 if columns == 1 else self._end(first, columns)
        if rows > 1 and first < MAX_REACH and last <= MAX_SPAN:
            self.busy.extend([0] * (last - len(self.busy)))
            self.behind.extend([0] * (last - len(self.behind)))
            self.busy[first:last] = [row + rows] * (last - first)
            self.behind[first:last] = [last] * (last - first)
            self.tall.append((len(self.cells), row + rows))
        else:
            rows = 1
        if last - first > 1:
            self.wide.append((len(self.cells), first))
        self.cells.add(start, end, row, first, rows, last - first, header or self.header)
        self.column, self.last_row, self.width = last, row, max(self.width, first + 1)

    def _end(self, first: int, columns: int) -> int:
        """The column behind a cell that asks for many."""
        known = self.busy[first : first + columns]
        if not known or max(known) <= self.row:
            return first + columns
        return first + next(at for at, until in enumerate(known) if until > self.row)

    def close_section(self) -> None:
        """Cut the cells of a row group at its last row."""
        for index, end in self.tall:
            if end > self.row + 1:
                self.cells.resize(index, rowspan=self.row + 1 - self.cells[index].row)
        self.tall.clear()
        self.busy.clear()
        self.behind.clear()
        self.header = self.open_row = False

    def table(self, span: Span) -> Table | None:
        """The finished table; columns that no cell begins in are an overlong ``colspan`` and are cut."""
        if not self.cells:
            return None
        for index, first in self.wide:
            cell = self.cells[index]
            if first + cell.colspan > self.width:
                self.cells.resize(index, colspan=self.width - first)
        return Table(span, self.cells, self.row + 1, self.width)
