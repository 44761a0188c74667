"""DOCX to a document: paragraphs, soft line breaks, numbered and bulleted lists, links, tables with merged cells."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import partial

import docx
from docx.document import Document as DocxPackage
from docx.oxml.ns import qn
from lxml import etree
from msgspec import Struct

from noticeparse.document.detect import DOCX
from noticeparse.document.docx_lists import ListCounter
from noticeparse.document.lists import OWN_MARKER_REGEX
from noticeparse.document.model import Document, Span
from noticeparse.document.package import check_package
from noticeparse.document.writer import DocumentWriter, PlacedCell
from noticeparse.pattern import Pattern

_HEADING_REGEX = Pattern(r"(?:Heading|标题)\s*([1-6])", re.I)
_FIELD_LINK_REGEX = Pattern(r"\s*HYPERLINK\s+(?:\\l\s+)?\"?([^\s\"]+)", re.I)
_MAX_INDENT = 16
_MAX_SPAN = 1000

_P, _TBL, _TR, _TC = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_R, _T, _TAB, _BR, _CR, _SYM = qn("w:r"), qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:sym")
_PROPERTIES, _STYLE = qn("w:pPr"), qn("w:pStyle")
_HYPHEN, _FIELD, _INSTRUCTION = qn("w:noBreakHyphen"), qn("w:fldChar"), qn("w:instrText")
_SIMPLE_FIELD, _HYPERLINK, _VALUE = qn("w:fldSimple"), qn("w:hyperlink"), qn("w:val")
# Deleted and moved words, the second reading of a picture or text box, and what is no text.
_SKIPPED = frozenset(
    {
        qn("w:del"),
        qn("w:moveFrom"),
        _PROPERTIES,
        qn("w:tblPr"),
        qn("w:trPr"),
        qn("w:tcPr"),
        qn("w:sdtPr"),
        qn("w:object"),
    }
    | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)


def read_docx(data: bytes, *, source: str, sha256: str) -> Document:
    """Render a DOCX to a document.

    A soft break is a line break; the numbers and bullets that Word draws are written; a table's row is one line, its
    cells set apart by tabs; a cell that spans others is written once.

    Args:
        data: The file's bytes.
        source: As for ``Document``.
        sha256: As for ``Document``.

    Raises:
        InputError: The file is damaged, unpacks to too much, or is no DOCX.
    """
    check_package(data, source, "DOCX")
    package = docx.Document(io.BytesIO(data))
    reader = _Reader(package)
    reader.blocks(package.element.body)
    title = (package.core_properties.title or "").strip() or None
    return reader.out.document(source, sha256, DOCX, None, title)


class _Field(Struct):
    """A field code that is open: its instruction, then what it shows."""

    instruction: str = ""
    shown: bool = False

    @property
    def url(self) -> str:
        found = _FIELD_LINK_REGEX.match(self.instruction)
        return found.group(1) if found else ""


class _TableCell(Struct):
    element: etree._Element
    column: int
    rowspan: int = 1
    colspan: int = 1
    header: bool = False


class _Reader:
    """Walks the body and writes what it shows."""

    def __init__(self, package: DocxPackage) -> None:
        self.package = package
        self.out = DocumentWriter()
        self.fields: list[_Field] = []
        self.lists = ListCounter(package)
        self.styles = {style.style_id: style.name or "" for style in package.styles}

    def blocks(self, parent: etree._Element) -> None:
        for block in _blocks(parent):
            if block.tag == _P:
                self.paragraph(block)
                self.out.write("\n")
            else:
                self.table(block)

    def paragraph(self, element: etree._Element) -> None:
        if not len(element):  # files are made of 100,000 of them
            return
        properties = element.find(_PROPERTIES)
        style = self.styles.get(_style_id(properties), "")
        marker, level = self.lists.next_marker(properties)
        if marker:
            words = "".join(map(str, element.itertext(_T)))[:12].lstrip()
            if words and not OWN_MARKER_REGEX.match(words):
                self.out.write("  " * min(level, _MAX_INDENT))
                self.out.marker(marker)
        span = self.runs(element)
        heading = _HEADING_REGEX.search(style)
        if heading:
            self.out.heading(span, int(heading.group(1)))

    def runs(self, parent: etree._Element) -> Span:
        """Write the words of a paragraph, with its links."""
        start = self.out.size
        stack: list[tuple[Iterator[etree._Element], str]] = [(iter(parent), "")]
        while stack:
            children, url = stack[-1]
            node = next(children, None)
            if node is None:
                stack.pop()
            elif node.tag in (_HYPERLINK, _SIMPLE_FIELD):
                stack.append((iter(node), self._address(node) or url))
            elif node.tag in (_P, _TBL):  # a text box inside the paragraph
                self.out.write("\n")
                stack.append((iter(node), url))
            elif node.tag == _FIELD:
                self._field(node)
            elif node.tag == _INSTRUCTION:
                if self.fields:
                    self.fields[-1].instruction += node.text or ""
            elif isinstance(node.tag, str) and node.tag not in _SKIPPED:
                words = _words(node)
                if words and all(one.shown for one in self.fields):
                    self.out.link(self.out.write(words), url or next((o.url for o in self.fields if o.url), ""))
                elif not words:
                    stack.append((iter(node), url))
        return start, self.out.size

    def _address(self, node: etree._Element) -> str:
        if node.tag == _SIMPLE_FIELD:
            return _Field(node.get(qn("w:instr"), "")).url
        relation = self.package.part.rels.get(node.get(qn("r:id"), ""))
        return relation.target_ref if relation is not None and relation.is_external else ""

    def _field(self, node: etree._Element) -> None:
        kind = node.get(qn("w:fldCharType"))
        if kind == "begin":
            self.fields.append(_Field())
        elif kind == "separate" and self.fields:
            self.fields[-1].shown = True
        elif kind == "end" and self.fields:
            self.fields.pop()

    def table(self, element: etree._Element) -> None:
        """Write a table; one of a single cell is a frame around text."""
        rows = _table_rows(element)
        if sum(map(len, rows)) == 1:
            self.blocks(next(row[0].element for row in rows if row))
            return
        self.out.table(
            [
                [
                    PlacedCell(cell.column, partial(self.cell, cell.element), cell.rowspan, cell.colspan, cell.header)
                    for cell in row
                ]
                for row in rows
            ]
        )

    def cell(self, element: etree._Element) -> None:
        """Write a cell's paragraphs on lines of their own, the cells of a table inside it set apart by tabs."""
        first = True
        for block in _blocks(element):
            for line in [[block]] if block.tag == _P else _nested_rows(block):
                if not first:
                    self.out.write("\n")
                for index, paragraph in enumerate(line):
                    if index:
                        self.out.write("\t")
                    self.paragraph(paragraph)
                first = False


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables of a body or cell, also those inside content controls and insertions."""
    stack = [iter(parent)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif node.tag in (_P, _TBL):
            yield node
        elif isinstance(node.tag, str) and node.tag not in _SKIPPED:
            stack.append(iter(node))


def _within(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also those inside content controls; not those of a table inside."""
    stack = [iter(parent)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif node.tag == tag:
            yield node
        elif isinstance(node.tag, str) and node.tag not in _SKIPPED and node.tag not in (_P, _TBL):
            stack.append(iter(node))


def _nested_rows(table: etree._Element) -> list[list[etree._Element]]:
    """The paragraphs of a table inside a cell, row by row, however deep it lies."""
    return [list(row.iter(_P)) for row in _within(table, _TR)]


def _table_rows(table: etree._Element) -> list[list[_TableCell]]:
    """The cells that begin in each row; a cell that goes on from above makes that one longer."""
    rows: list[list[_TableCell]] = []
    above: dict[int, _TableCell] = {}  # by column: the cell that a vertical merge may go on
    for element in _within(table, _TR):
        row: list[_TableCell] = []
        header = element.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        column = _count(element.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
        for tc in _within(element, _TC):
            properties = tc.find(qn("w:tcPr"))
            merge = None if properties is None else properties.find(qn("w:vMerge"))
            colspan = _count(None if properties is None else properties.find(qn("w:gridSpan")), 1)
            upper = above.get(column)
            if merge is not None and merge.get(_VALUE, "continue") == "continue" and upper is not None:
                upper.rowspan += 1
                colspan = upper.colspan
            else:
                cell = _TableCell(tc, column, 1, colspan, header)
                row.append(cell)
                if merge is not None:
                    above[column] = cell
                else:
                    above.pop(column, None)
            column += colspan
        rows.append(row)
    return rows


def _count(element: etree._Element | None, default: int) -> int:
    value = "" if element is None else element.get(_VALUE, "")
    return min(max(int(value), default), _MAX_SPAN) if value.isdecimal() else default


def _style_id(properties: etree._Element | None) -> str:
    style = None if properties is None else properties.find(_STYLE)
    return "" if style is None else style.get(_VALUE, "")


def _words(node: etree._Element) -> str:
    """The words of one element of a run; none for an element that only holds others."""
    tag = node.tag
    if tag == _T:
        return str(node.text or "").replace("\r", "\n")
    if tag == _TAB:
        return "\t"
    if tag in (_BR, _CR):
        return "\n"
    if tag == _HYPHEN:
        return "-"
    return "•" if tag == _SYM else ""
