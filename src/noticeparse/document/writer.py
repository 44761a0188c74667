"""Writing a document piece by piece, for forms of file that know their lines and cells: DOCX, PDF, sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from noticeparse.document.grid import MAX_TABS
from noticeparse.document.model import Cells, Document, HeadingMark, LinkMark, Span, Table
from noticeparse.records import Diagnostic


class DocumentWriter:
    """Writes the one text and records what stands where in it."""

    def __init__(self) -> None:
        self.size = 0
        self.tables: list[Table] = []
        self.links: list[LinkMark] = []
        self.headings: list[HeadingMark] = []
        self.markers: list[Span] = []
        self.diagnostics: list[Diagnostic] = []
        self._parts: list[str] = []

    def write(self, words: str) -> Span:
        """Write words and give their span."""
        start = self.size
        self._parts.append(words)
        self.size += len(words)
        return start, self.size

    def marker(self, words: str) -> None:
        """Write a list marker and a blank behind it."""
        self.markers.append(self.write(words))
        self.write(" ")

    def link(self, span: Span, url: str) -> None:
        """Record a link; pieces of one that follow each other are joined."""
        if span[1] <= span[0] or not url:
            return
        last = self.links[-1] if self.links else None
        if last is not None and last.url == url and last.span[1] == span[0]:
            self.links[-1] = LinkMark((last.span[0], span[1]), url)
        else:
            self.links.append(LinkMark(span, url))

    def heading(self, span: Span, level: int) -> None:
        """Record a heading that is not empty."""
        if span[1] > span[0]:
            self.headings.append(HeadingMark(span, level))

    def table(self, rows: Iterable[Sequence[PlacedCell]]) -> None:
        """Write a table, each row on a line, so that the field behind ``k`` tabs is column ``k``.

        Args:
            rows: The cells that begin in each row, by column; no two cover the same place.
        """
        start = self.size
        cells = Cells()
        height = width = 0
        for row, line in enumerate(rows):
            column = 0
            for cell in line:
                self.write("\t" * min(cell.column - column, MAX_TABS))
                column = cell.column
                first = self.size
                cell.write()
                cells.add(first, self.size, row, cell.column, cell.rowspan, cell.colspan, cell.header)
                width = max(width, cell.column + cell.colspan)
            self.write("\n")
            height = row + 1
        if cells:
            self.tables.append(Table((start, self.size - 1), cells, height, width))

    def document(self, source: str, sha256: str, media_type: str, encoding: str | None, title: str | None) -> Document:
        """The finished document.

        Args:
            source: As for ``Document``.
            sha256: As for ``Document``.
            media_type: As for ``Document``.
            encoding: As for ``Document``.
            title: As for ``Document``.
        """
        return Document(
            source=source,
            sha256=sha256,
            media_type=media_type,
            encoding=encoding,
            text="".join(self._parts),
            tables=tuple(self.tables),
            links=tuple(self.links),
            headings=tuple(self.headings),
            markers=tuple(self.markers),
            title=title,
            diagnostics=tuple(self.diagnostics),
        )


class PlacedCell(Struct, frozen=True):
    """A cell that is about to be written: its place on the grid and what writes its words."""

    column: int
    write: Callable[[], object]
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
