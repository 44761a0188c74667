"""DOCX to a document: paragraphs, soft line breaks, numbered and bulleted lists, tables with merged cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import docx
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from noticeparse.document.detect import DOCX
from noticeparse.document.model import Cell, Document, HeadingMark, LinkMark, Span, Table
from noticeparse.errors import InputError

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
_HEADING_REGEX = re.compile(r"(?:Heading|标题)\s*([1-6])", re.I)
_LIST_REGEX = re.compile(r"List|列表|列出段落", re.I)


def read_docx(data: bytes, *, source: str, sha256: str) -> Document:
    """Render a DOCX to a document.

    A soft break is a line break; a table's row is one line, its cells set apart by tabs; a cell that spans others is
    written once.

    Args:
        data: The file's bytes.
        source: As for ``Document``.
        sha256: As for ``Document``.

    Raises:
        InputError: The file is damaged, unpacks to too much, or is no DOCX.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(info.file_size for info in archive.infolist())
            if size > MAX_UNPACKED_BYTES:
                raise InputError(source, f"too large: unpacks to {size} bytes, limit {MAX_UNPACKED_BYTES}")
        package = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(source, f"no readable DOCX: {error}") from error
    writer = _Writer()
    for block in package.iter_inner_content():
        if isinstance(block, Paragraph):
            writer.paragraph(block)
        else:
            writer.table(block)
    title = (package.core_properties.title or "").strip() or None
    return writer.document(source, sha256, title)


class _Writer:
    """Writes the text and records what stands where."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = 0
        self.tables: list[Table] = []
        self.links: list[LinkMark] = []
        self.headings: list[HeadingMark] = []
        self.markers: list[Span] = []

    def document(self, source: str, sha256: str, title: str | None) -> Document:
        return Document(
            source=source,
            sha256=sha256,
            media_type=DOCX,
            encoding=None,
            text="".join(self.parts),
            tables=tuple(self.tables),
            links=tuple(self.links),
            headings=tuple(self.headings),
            markers=tuple(self.markers),
            title=title,
        )

    def write(self, words: str) -> Span:
        start = self.size
        self.parts.append(words)
        self.size += len(words)
        return start, self.size

    def paragraph(self, block: Paragraph) -> None:
        style = block.style.name if block.style is not None and block.style.name else ""
        listed = block._p.pPr is not None and block._p.pPr.numPr is not None
        if (listed or _LIST_REGEX.search(style)) and block.text.strip():
            self.markers.append(self.write("•"))
            self.write(" ")
        span = self._runs(block)
        heading = _HEADING_REGEX.search(style)
        if heading and span[1] > span[0]:
            self.headings.append(HeadingMark(span, int(heading.group(1))))
        self.write("\n")

    def _runs(self, block: Paragraph) -> Span:
        start = self.size
        for piece in block.iter_inner_content():
            span = self.write(piece.text.replace("\r", "\n"))
            address = getattr(piece, "url", None)
            if address and span[1] > span[0]:
                self.links.append(LinkMark(span, address))
        return start, self.size

    def table(self, block: DocxTable) -> None:
        start = self.size
        cells: list[Cell] = []
        places: dict[object, int] = {}  # a merged cell's element → its place in ``cells``
        columns = 0
        for row, line in enumerate(block.rows):
            column = line.grid_cols_before
            for cell in line.cells:
                known = places.get(cell._tc)
                if known is None:
                    if column > line.grid_cols_before:
                        self.write("\t")
                    places[cell._tc] = len(cells)
                    cells.append(Cell(self._cell(cell), row, column))
                else:
                    cells[known] = _grown(cells[known], row, column)
                column += 1
            columns = max(columns, column)
            self.write("\n")
        if cells:
            self.tables.append(Table((start, self.size - 1), tuple(cells), row + 1, columns))

    def _cell(self, cell: _Cell) -> Span:
        start = self.size
        for index, paragraph in enumerate(_paragraphs(cell)):
            if index:
                self.write("\n")
            self._runs(paragraph)
        return start, self.size


def _paragraphs(cell: _Cell) -> Iterator[Paragraph]:
    """A cell's paragraphs, those of a table inside it too, one level deep."""
    for block in cell.iter_inner_content():
        if isinstance(block, Paragraph):
            yield block
        else:
            for row in block.rows:
                for inner in row.cells:
                    yield from inner.paragraphs


def _grown(cell: Cell, row: int, column: int) -> Cell:
    return Cell(
        cell.span,
        cell.row,
        cell.column,
        max(cell.rowspan, row - cell.row + 1),
        max(cell.colspan, column - cell.column + 1),
        cell.header,
    )
