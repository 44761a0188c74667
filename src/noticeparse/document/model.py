"""What a document is to the rest of noticeparse: one text, and over it what a reader sees.

Every position is a code-point offset into ``Document.text``. For plain text that is the decoded file itself, so nothing
is changed in it; for HTML and Markdown it is the rendered text, built from the tree while offsets are recorded.
"""

from __future__ import annotations

from msgspec import Struct, field

from noticeparse.records import Diagnostic

Span = tuple[int, int]


class LinkMark(Struct, frozen=True):
    """A hyperlink: the span of its visible text and the address. The span may be empty where nothing is visible."""

    span: Span
    url: str


class HeadingMark(Struct, frozen=True):
    """A heading of the source format (``<h1>``…``<h6>``), level 1 to 6."""

    span: Span
    level: int


class Cell(Struct, frozen=True):
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


class Table(Struct, frozen=True):
    """A ruled table of the source format. ``cells`` are in reading order; no two cover the same grid place."""

    span: Span
    cells: tuple[Cell, ...]
    rows: int
    columns: int


class Document(Struct, frozen=True):
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
