"""What a document is to the rest of noticeparse: one text, and over it what a reader sees.

Every position is a code-point offset into ``Document.text``. For plain text that is the decoded file itself, so nothing
is changed in it; for HTML and Markdown it is the rendered text, built from the tree while offsets are recorded.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from msgspec import Struct, field

from noticeparse.records import Diagnostic

Span = tuple[int, int]
_NUMBERS = 7


class LinkMark(Struct, frozen=True, gc=False):
    """A hyperlink: the span of its visible text and the address. The span may be empty where nothing is visible."""

    span: Span
    url: str


class HeadingMark(Struct, frozen=True, gc=False):
    """A heading of the source format (``<h1>``…``<h6>``), level 1 to 6."""

    span: Span
    level: int


class Cell(Struct, frozen=True, gc=False):
    """One table cell: its text's span (empty for an empty cell), its place on the grid and how far it spans.

    ``row`` and ``column`` count from 0 after earlier cells' rowspan and colspan have been laid out. The cell covers
    rows ``row … row+rowspan-1`` and columns ``column … column+colspan-1``.
    """

    span: Span
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    header: bool = False


class Cells(Sequence[Cell]):
    """The cells of a table in reading order, kept as seven numbers of four bytes each; a ``Cell`` is made when asked for.

    A table of a few megabytes has some hundred thousand cells, and what is kept of them stays as long as the document.
    """

    __slots__ = ("_numbers",)

    def __init__(self, cells: Iterable[Cell] = ()) -> None:
        """Take cells.

        Args:
            cells: In reading order.
        """
        self._numbers = array("I")
        for cell in cells:
            self.add(*cell.span, cell.row, cell.column, cell.rowspan, cell.colspan, cell.header)

    def add(self, start: int, end: int, row: int, column: int, rowspan: int, colspan: int, header: bool) -> None:
        """Append a cell.

        Args:
            start: Offset of its first character.
            end: Offset behind its last.
            row: As for ``Cell``, and so are the following.
            column: See ``row``.
            rowspan: See ``row``.
            colspan: See ``row``.
            header: See ``row``.
        """
        self._numbers.extend((start, end, row, column, rowspan, colspan, header))

    def resize(self, index: int, *, rowspan: int | None = None, colspan: int | None = None) -> None:
        """Change how far a cell spans.

        Args:
            index: Which cell.
            rowspan: Rows that it covers.
            colspan: Columns that it covers.
        """
        if rowspan is not None:
            self._numbers[index * _NUMBERS + 4] = rowspan
        if colspan is not None:
            self._numbers[index * _NUMBERS + 5] = colspan

    def numbers(self) -> Iterator[tuple[int, int, int, int, int, int, int]]:
        """Start, end, row, column, rowspan, colspan and header of each cell: what a pass over all of them needs."""
        numbers = iter(self._numbers)
        return zip(*[numbers] * _NUMBERS, strict=True)

    def __len__(self) -> int:
        return len(self._numbers) // _NUMBERS

    @overload
    def __getitem__(self, index: int) -> Cell: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Cell]: ...

    def __getitem__(self, index: int | slice) -> Cell | Sequence[Cell]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at = range(len(self))[index] * _NUMBERS
        start, end, row, column, rowspan, colspan, header = self._numbers[at : at + _NUMBERS]
        return Cell((start, end), row, column, rowspan, colspan, bool(header))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cells) and self._numbers == other._numbers

    def __hash__(self) -> int:
        return hash(self._numbers.tobytes())

    def __repr__(self) -> str:
        return f"Cells({list(self)!r})"


class Table(Struct, frozen=True, gc=False):
    """A ruled table of the source format. ``cells`` are in reading order; no two cover the same grid place."""

    span: Span
    cells: Cells
    rows: int
    columns: int


class Document(Struct, frozen=True, gc=False):
    """One readable notice.

    Attributes:
        source: Path, URL or other name as given by the user.
        sha256: Hex digest of the bytes.
        media_type: ``text/plain``, ``text/html``, ``text/markdown``, ``text/csv``, ``text/tab-separated-values``,
            ``multipart/related`` (MHTML), or those of PDF, DOCX and XLSX.
        encoding: Python's name of the encoding the bytes were decoded with; ``None`` for text given as ``str`` and for
            PDF, DOCX and XLSX.
        text: The one text that all spans point into.
        tables: Ruled tables of the source format, outermost only, in order of the text (none in plain text).
        links: Hyperlinks of the source format, in order of the text (none in plain text).
        headings: Headings of the source format, in order of the text (none in plain text).
        markers: Spans of list markers that the rendering wrote (``•`` or ``1.`` for ``<li>``).
        title: The ``<title>`` of an HTML page, the ``title:`` of a Markdown front matter or the title among the properties
            of a DOCX or PDF, else ``None``.
        diagnostics: What of the file could not be read.
    """

    source: str
    sha256: str
    media_type: str
    encoding: str | None
    text: str
    tables: tuple[Table, ...] = field(default=())
    links: tuple[LinkMark, ...] = field(default=())
    headings: tuple[HeadingMark, ...] = field(default=())
    markers: tuple[Span, ...] = field(default=())
    title: str | None = None
    diagnostics: tuple[Diagnostic, ...] = field(default=())
