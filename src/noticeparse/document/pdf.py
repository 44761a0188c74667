"""PDF to a document: text, ruled tables and links; what runs along the edges of all pages is left out."""

from __future__ import annotations

import io
import logging
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import cast

import pdfplumber
import pdfplumber.pdf
from msgspec import Struct, field
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from noticeparse.document.detect import PDF
from noticeparse.document.model import Document
from noticeparse.document.pdf_limits import lay_limits
from noticeparse.document.pdf_lines import Char, Paragraph, TextLine, join_lines, read_lines
from noticeparse.document.pdf_tables import RuledTable, continues, join_tables, read_table
from noticeparse.document.writer import DocumentWriter, PlacedCell
from noticeparse.errors import InputError
from noticeparse.pattern import Pattern
from noticeparse.records import Diagnostic

# More ruling than this is a drawing, and looking for cells in it takes long.
_MAX_EDGES = 20_000
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
# Its warnings are of what readers shrug off; without a handler they would go to standard error.
logging.getLogger("pdfminer").addHandler(logging.NullHandler())


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
            with closing(Page(pdf, raw, page_number=number)) as page:  # what it keeps is large
                found = _read_page(page, number)
        except Exception as error:  # noqa: BLE001 - pdfminer raises anything on damaged pages; the others are still read
            cause = " ".join(f"{type(error).__name__}: {error}".split())
            diagnostics.append(Diagnostic("pdf-page", f"page {number} cannot be read: {cause}"))
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


def _read_page(page: Page, number: int) -> _Page:
    chars = [dict(char) for char in page.chars]
    upright = [char for char in chars if char.get("upright", True)]
    if len(upright) * 2 > len(chars):
        chars = upright  # the others are a watermark across the page
    _mark_links(chars, page)
    found = _Page(number, float(page.width), float(page.height), pictures=bool(page.images))
    rest = chars
    if 4 <= len(page.edges) <= _MAX_EDGES:
        for table in page.find_tables():
            left, top, right, bottom = table.bbox
            inside = [char for char in rest if left <= _x(char) <= right and top <= _y(char) <= bottom]
            ruled = read_table(table.cells, inside, number)
            if ruled is not None and any(cell.lines for cell in ruled[0].cells):
                found.tables.append(ruled[0])
                taken = {id(char) for char in inside} - {id(char) for char in ruled[1]}
                rest = [char for char in rest if id(char) not in taken]
    found.lines = read_lines(rest, number)
    return found


def _x(char: Char) -> float:
    return float(char["x0"] + char["x1"]) / 2


def _y(char: Char) -> float:
    return float(char["top"] + char["bottom"]) / 2


def _mark_links(chars: list[Char], page: Page) -> None:
    for link in page.hyperlinks:
        url = link.get("uri")
        if not isinstance(url, str) or not url.strip():
            continue
        for char in chars:
            if link["x0"] - 1 <= _x(char) <= link["x1"] + 1 and link["top"] - 1 <= _y(char) <= link["bottom"] + 1:
                char["url"] = url.strip()


# What runs along the edges


def _drop_running(pages: Sequence[_Page]) -> None:
    """Drop header and footer lines and page numbers.

    A line near the upper or lower edge is one where most pages have the same at the same place; the numbers in it may grow
    with the page.
    """
    groups: dict[tuple[str, int], list[tuple[_Page, TextLine]]] = defaultdict(list)
    for page in pages:
        for line in list(_edge_lines(page)):
            if len(pages) == 1 and _PRINTED_REGEX.fullmatch(line.text):
                page.lines.remove(line)
                continue
            key = _NUMBER_REGEX.sub("#", "".join(line.text.split()))
            groups[key, round(line.top / _SAME_PLACE)].append((page, line))
    needed = max(2, _RUNNING_SHARE * len(pages))
    for (key, place), members in list(groups.items()):
        near = [*members, *groups.get((key, place + 1), [])]
        if len({page.number for page, _ in near}) >= needed and _numbers_run(near):
            for page, line in near:
                if line in page.lines:
                    page.lines.remove(line)


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
    start, _ = out.write(paragraph.text)
    if paragraph.text.startswith("•"):
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
