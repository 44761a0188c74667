"""PDF to a document: text, ruled tables and links; what runs along the edges of all pages is left out."""

from __future__ import annotations

import io
import logging
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from operator import attrgetter
from typing import Any, cast

import pdfplumber
import pdfplumber.pdf
from msgspec import Struct, field
from pdfminer.layout import LTChar
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfplumber.page import Page
from pdfplumber.table import TableFinder
from pdfplumber.utils.exceptions import PdfminerException

from noticeparse.document.detect import PDF
from noticeparse.document.model import Document
from noticeparse.document.pdf_limits import allowed, lay_limits
from noticeparse.document.pdf_lines import Char, Paragraph, TextLine, join_lines, read_lines
from noticeparse.document.pdf_tables import Box, RuledTable, continues, join_tables, read_table
from noticeparse.document.writer import DocumentWriter, PlacedCell
from noticeparse.errors import InputError
from noticeparse.pattern import Pattern
from noticeparse.records import Diagnostic

# More ruling than this on a page is a drawing, and looking for cells in it takes long: edges; pairs of an upright and a level
# one, once those that go on with each other are joined; their crossings.
_MAX_EDGES = 20_000
_MAX_PAIRS = 2_000_000
_MAX_CROSSINGS = 3_000
_NEAR = 3  # how far apart lines may be that cross, in points; the library's default
# Characters that are looked at for those under links or in tables.
_MAX_LOOKS = 3_000_000
# Share of the pages that a running line stands on, and how far from an edge: a share of the height, or points on low pages.
_RUNNING_SHARE = 0.6
_EDGE_SHARE = 0.12
_EDGE_POINTS = 60.0
_SAME_PLACE = 4.0
# So many lines that end at the same place end there because of the margin.
_FULL_LINES = 3
_NUMBER_REGEX = Pattern(r"\d+")
# What tells itself where there is but one page: a page number, alone or behind an address; a browser's date and time.
_PRINTED_REGEX = Pattern(
    r"""[-–—\s]*+(?:第\s*+\d++\s*+页|page\s++\d++|\d++)(?:\s*+(?:[/／,，]|of|共)\s*+(?:共\s*+)?\d++\s*+页?)?[-–—\s]*+
    |(?:https?|file):\S++\s++1/1
    |\d{1,4}/\d{1,2}/\d{1,4}[,，\s]\s*+\S{0,2}\d{1,2}:\d{2}(?:\s?[AP]M)?(?:\s.*)?""",
    re.I | re.X,
)
# Their warnings are of what readers shrug off; without a handler they would go to standard error.
for _library in ("pdfminer", "pdfplumber"):
    logging.getLogger(_library).addHandler(logging.NullHandler())


class _Page(Struct):
    """What stands on a page: lines outside of tables, and tables."""

    number: int
    width: float
    height: float
    pictures: bool
    lines: list[TextLine] = field(default_factory=list)
    tables: list[RuledTable] = field(default_factory=list)


def read_pdf(data: bytes, *, source: str, sha256: str) -> Document:
    """Render a PDF to a document.

    Lines that the width of the page or cell has cut are joined, tables that a page break has cut too. A page that cannot
    be read, or has no text in it, gives a diagnostic.

    Args:
        data: The file's bytes.
        source: As for ``Document``.
        sha256: As for ``Document``.

    Raises:
        InputError: The file is damaged, encrypted, or holds no text.
    """
    lay_limits()
    out = DocumentWriter()
    try:
        with allowed(len(data)):
            pdf = pdfplumber.open(io.BytesIO(data))  # not closed: that makes all its pages, and no file is open
            pages = _read_pages(pdf, out.diagnostics)
            title = str(pdf.metadata.get("Title") or "").strip() or None
    except PdfminerException as error:
        raise InputError(source, _cause(error)) from error
    if not any(page.lines or page.tables for page in pages):
        raise InputError(source, _no_text(out.diagnostics))
    _drop_running(pages)
    _write(out, pages)
    return out.document(source, sha256, PDF, None, title)


def _cause(error: PdfminerException) -> str:
    inner = error.args[0] if error.args else error
    if isinstance(inner, PDFPasswordIncorrect):
        return "encrypted PDF: it opens with a password only"
    if isinstance(inner, RecursionError):
        return "no readable PDF: nested too deep, or in a circle"
    words = str(inner) or type(inner).__name__
    return f"no readable PDF: {words}"


def _no_text(diagnostics: Sequence[Diagnostic]) -> str:
    if any(note.code == "pdf-page" for note in diagnostics):
        return f"no readable PDF: {diagnostics[0].message}"
    return "no text layer: a scanned PDF?"


def _read_pages(pdf: pdfplumber.pdf.PDF, diagnostics: list[Diagnostic]) -> list[_Page]:
    pages: list[_Page] = []
    empty: list[str] = []
    for number, raw in enumerate(_raw_pages(pdf), start=1):
        try:
            if raw.fault is not None:
                raise raw.fault
            with closing(_LeanPage(pdf, raw, number)) as page:  # what it keeps is large
                found = _read_page(page, number, diagnostics)
        except Exception as error:  # noqa: BLE001 - pdfminer raises anything on damaged pages; the others are still read
            diagnostics.append(Diagnostic("pdf-page", f"page {number} cannot be read: {_words(error)}"))
            continue
        if not found.lines and not found.tables and found.pictures:
            empty.append(str(number))
        pages.append(found)
    if empty:
        diagnostics.append(Diagnostic("no-text-layer", f"pictures without a text layer on page {', '.join(empty)}"))
    return pages


class _RawPage(PDFPage):
    """A page of pdfminer, also one whose attributes are damaged: pdfminer gives no page behind such a one."""

    fault: Exception | None = None

    def __init__(self, doc: PDFDocument, pageid: object, attrs: object, label: str | None) -> None:
        try:
            super().__init__(doc, pageid, attrs, label)
        except Exception as error:  # noqa: BLE001 - it raises anything; told when the page is read
            self.fault = error


def _raw_pages(pdf: pdfplumber.pdf.PDF) -> Iterator[_RawPage]:
    """The pages, one at a time; ``pdf.pages`` makes and keeps all, and gives none where one has a box that is none.

    Raises:
        PdfminerException: What leads to the pages is damaged.
    """
    pages = cast("Iterator[_RawPage]", _RawPage.create_pages(pdf.doc))
    while True:
        try:
            page = next(pages)
        except StopIteration:
            return
        except Exception as error:  # as pdfplumber does
            raise PdfminerException(error) from error
        yield page


class _LeanPage(Page):
    """A page of pdfplumber with its characters aside, in a quarter of the memory and half of the time; it has no ``chars``.

    Attributes:
        placed: The characters, once anything of the page has been asked for.
    """

    def __init__(self, pdf: pdfplumber.pdf.PDF, raw: PDFPage, number: int) -> None:
        super().__init__(pdf, raw, page_number=number)
        self.placed: list[Char] = []

    def iter_layout_objects(self, layout_objects: list[Any]) -> Generator[dict[str, Any]]:
        layout_objects.reverse()
        while layout_objects:
            thing = layout_objects.pop()  # not kept: it takes half a kilobyte
            if isinstance(thing, LTChar):
                self.placed.append(self._char(thing))
            else:
                yield from super().iter_layout_objects([thing])

    def _char(self, glyph: LTChar) -> Char:
        left, above = self.mediabox[:2]
        return Char(
            text=glyph.get_text(),
            x0=glyph.x0 + left,
            x1=glyph.x1 + left,
            top=self.height - glyph.y1 + above,
            bottom=self.height - glyph.y0 + above,
            size=glyph.size,
            upright=bool(glyph.upright),
        )


class _Places:
    """The characters of a page, from above to below, so that few are looked at for those in a box."""

    def __init__(self, chars: Sequence[Char]) -> None:
        self._chars = sorted(chars, key=attrgetter("down"))
        self._downs = [char.down for char in self._chars]
        self._looks = 0

    def within(self, left: float, top: float, right: float, bottom: float) -> list[Char]:
        """The characters whose middle is in a box.

        Raises:
            _TooManyLooksError: Boxes have been asked for that lie over each other, with thousands of characters in them.
        """
        first, end = bisect_left(self._downs, top), bisect_right(self._downs, bottom)
        self._looks += end - first
        if self._looks > _MAX_LOOKS:
            raise _TooManyLooksError
        return [char for char in self._chars[first:end] if left <= char.across <= right]


class _TooManyLooksError(Exception):
    pass


class _Finder(TableFinder):
    """Looks for tables where there are few enough lines: what the library does takes time by the cube of their crossings."""

    def get_edges(self) -> list[dict[str, Any]]:
        edges = super().get_edges()
        upright = [edge for edge in edges if edge["orientation"] == "v"]
        level = [(edge["x0"], edge["x1"], edge["top"]) for edge in edges if edge["orientation"] == "h"]
        if len(upright) * len(level) > _MAX_PAIRS:
            raise _TooManyLooksError
        crossings = 0
        for edge in upright:
            x, top, bottom = edge["x0"], edge["top"] - _NEAR, edge["bottom"] + _NEAR
            crossings += sum(x0 - _NEAR <= x <= x1 + _NEAR and top <= y <= bottom for x0, x1, y in level)
            if crossings > _MAX_CROSSINGS:
                raise _TooManyLooksError
        return edges


def _read_page(page: _LeanPage, number: int, diagnostics: list[Diagnostic]) -> _Page:
    found = _Page(number, float(page.width), float(page.height), pictures=bool(page.images))
    chars = page.placed
    upright = [char for char in chars if char.upright]
    if len(upright) * 2 > len(chars):
        chars = upright  # the others are a watermark across the page
    places = _Places(chars)
    try:
        _mark_links(places, page)
    except Exception as error:  # noqa: BLE001 - the library raises anything on damaged ones; the words are still read
        diagnostics.append(Diagnostic("pdf-page", f"page {number}: links cannot be read: {_words(error)}"))
    taken: set[int] = set()
    try:
        for box, cells in _ruled(page):
            inside = [char for char in places.within(*box) if id(char) not in taken]
            ruled = read_table(cells, inside, number)
            if ruled is not None and any(cell.lines for cell in ruled[0].cells):
                found.tables.append(ruled[0])
                taken.update({id(char) for char in inside} - {id(char) for char in ruled[1]})
    except _TooManyLooksError:
        diagnostics.append(
            Diagnostic("pdf-page", f"page {number}: too many lines and boxes to look for tables in them")
        )
    found.lines = read_lines([char for char in chars if id(char) not in taken], number)
    return found


def _ruled(page: _LeanPage) -> Iterator[tuple[Box, list[Box]]]:
    """Tables with ruled cells: what is around each, and its cells.

    Raises:
        _TooManyLooksError: It is a drawing.
    """
    # A curve has an edge from each of its points to the next. Making the edges takes memory, so they are counted before.
    edges = len(page.lines) + 4 * len(page.rects) + sum(len(curve["pts"]) for curve in page.curves)
    if edges > _MAX_EDGES:
        raise _TooManyLooksError
    if edges >= 4:
        for table in _Finder(page).tables:
            yield table.bbox, table.cells


def _words(error: Exception) -> str:
    if isinstance(error, _TooManyLooksError):
        return "too many lie over each other"
    return " ".join(f"{type(error).__name__}: {error}".split())


def _mark_links(places: _Places, page: Page) -> None:
    for link in page.hyperlinks:
        url = link.get("uri")
        if not isinstance(url, str) or not url.strip():
            continue
        for char in places.within(link["x0"] - 1, link["top"] - 1, link["x1"] + 1, link["bottom"] + 1):
            char.url = url.strip()


# What runs along the edges


def _drop_running(pages: Sequence[_Page]) -> None:
    """Drop header and footer lines and page numbers.

    A line near the upper or lower edge is one where most pages have the same at the same place; the numbers in it may grow
    with the page.
    """
    groups: dict[tuple[str, int], list[tuple[_Page, TextLine]]] = defaultdict(list)
    running: set[int] = set()  # identities: removing lines one by one takes time by the square of their number
    for page in pages:
        for line in _edge_lines(page):
            if len(pages) == 1 and _PRINTED_REGEX.fullmatch(line.text):
                running.add(id(line))
                continue
            key = _NUMBER_REGEX.sub("#", "".join(line.text.split()))
            groups[key, round(line.top / _SAME_PLACE)].append((page, line))
    needed = max(2, _RUNNING_SHARE * len(pages))
    for (key, place), members in groups.items():
        near = [*members, *groups.get((key, place + 1), [])]
        if len({page.number for page, _ in near}) >= needed and _numbers_run(near):
            running.update(id(line) for _, line in near)
    if running:
        for page in pages:
            page.lines = [line for line in page.lines if id(line) not in running]


def _edge_lines(page: _Page) -> Iterator[TextLine]:
    margin = max(_EDGE_SHARE * page.height, _EDGE_POINTS)
    for line in page.lines:
        if line.bottom < margin or line.top > page.height - margin:
            yield line


def _numbers_run(members: Sequence[tuple[_Page, TextLine]]) -> bool:
    """Whether each number of a repeated line is the same on all pages or grows with them."""
    rows = [(page.number, [int(word[:9]) for word in _NUMBER_REGEX.findall(line.text)]) for page, line in members]
    return all(
        len({row[at] for _, row in rows}) == 1 or len({row[at] - number for number, row in rows}) == 1
        for at in range(len(rows[0][1]))
    )


# Writing


def _write(out: DocumentWriter, pages: Sequence[_Page]) -> None:
    right = _right_margin(pages)
    pending: list[TextLine] = []
    table: RuledTable | None = None  # one that the next page may go on with
    for page in pages:
        blocks: list[TextLine | RuledTable] = [*page.lines, *page.tables]
        for block in sorted(blocks, key=lambda block: block.top):
            if isinstance(block, TextLine):
                if table is not None:
                    _write_table(out, table)
                    table = None
                pending.append(block)
            elif table is not None and not pending and continues(table, block) and block is _first(page):
                join_tables(table, block)
            else:
                if table is not None:
                    _write_table(out, table)
                _write_lines(out, pending, right)
                pending, table = [], block
    if table is not None:
        _write_table(out, table)
    _write_lines(out, pending, right)


def _right_margin(pages: Sequence[_Page]) -> float:
    """Where lines end at most: where several do, else as far from the right edge as they begin from the left one."""
    lines = [line for page in pages for line in page.lines]
    if not lines:
        return 0.0
    farthest = max(line.x1 for line in lines)
    if sum(line.x1 > farthest - 1.5 * line.size for line in lines) >= _FULL_LINES:
        return farthest
    return max(farthest, pages[0].width - min(line.x0 for line in lines))


def _first(page: _Page) -> RuledTable | None:
    return min(page.tables, key=lambda table: table.top, default=None)


def _write_lines(out: DocumentWriter, lines: Sequence[TextLine], right: float) -> None:
    for paragraph in join_lines(lines, right):
        if paragraph.room > 1.6 and out.size:
            out.write("\n")
        _write_paragraph(out, paragraph)
        out.write("\n")


def _write_paragraph(out: DocumentWriter, paragraph: Paragraph) -> None:
    text = "".join(paragraph.parts)
    start, _ = out.write(text)
    if text.startswith("•"):
        out.markers.append((start, start + 1))
    for first, last, url in paragraph.links:
        out.link((start + first, start + last), url)


def _write_table(out: DocumentWriter, table: RuledTable) -> None:
    def write(paragraphs: Sequence[Paragraph]) -> None:
        for index, paragraph in enumerate(paragraphs):
            if index:
                out.write("\n")
            _write_paragraph(out, paragraph)

    rows: list[list[PlacedCell]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row].append(PlacedCell(cell.column, partial(write, cell.paragraphs()), cell.rowspan, cell.colspan))
    out.write("\n")
    out.table(rows)
    out.write("\n")
