"""Spreadsheets to a document: XLSX, and text with separators (CSV, TSV).

What stands alone above a table (a title, a date, an introduction) or at its end is a line of text; the rows from the first
that fills more than one cell are the table. A blank row ends it where a title follows, and is dropped elsewhere.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from functools import partial

from msgspec import Struct, field

from noticeparse.document.detect import TSV, XLSX
from noticeparse.document.model import Document
from noticeparse.document.writer import DocumentWriter, PlacedCell
from noticeparse.pattern import Pattern

_DEFAULT_NAME_REGEX = Pattern(r"(?:Sheet|工作表)\s*\d*", re.I)
_SEPARATORS = ",\t;|"
_SNIFFED_LINES = 200
_USUAL_SHARE = 0.3


class _SheetCell(Struct, gc=False):
    """A cell that is not empty, or is merged of several."""

    text: str
    column: int
    rowspan: int = 1
    colspan: int = 1
    url: str = ""


class _Block(Struct):
    """Lines of text, the rows of a table, and lines below it; any may be missing."""

    lines: list[_SheetCell] = field(default_factory=list)
    rows: list[list[_SheetCell]] = field(default_factory=list)
    notes: list[_SheetCell] = field(default_factory=list)


def read_xlsx(data: bytes, *, source: str, sha256: str) -> Document:
    """Render the visible sheets of an XLSX to a document.

    Where there are several, each begins with its name as a heading, unless that is one that the program gave it.

    Args:
        data: The file's bytes.
        source: As for ``Document``.
        sha256: As for ``Document``.

    Raises:
        InputError: The file is damaged, unpacks to too much, or is no XLSX.
    """
    from noticeparse.document.package import check_package
    from noticeparse.document.xlsx import read_sheets  # only this form needs openpyxl

    check_package(data, source, "XLSX")
    out = DocumentWriter()
    sheets = read_sheets(data, source)
    for name, rows in sheets:
        if len(sheets) > 1 and not _DEFAULT_NAME_REGEX.fullmatch(name.strip()):
            out.heading(out.write(name.strip()), 1)
            out.write("\n\n")
        _write(out, [[_SheetCell(*cell) for cell in row] for row in rows])
    return out.document(source, sha256, XLSX, None, None)


def read_separated(text: str, *, source: str, sha256: str, encoding: str | None, media_type: str) -> Document:
    """Render CSV or TSV to a document.

    A quoted cell may hold line breaks. Where a quote is never closed, quotes are taken for text and each line for a row.

    Args:
        text: Decoded text.
        source: As for ``Document``.
        sha256: As for ``Document``.
        encoding: As for ``Document``.
        media_type: ``text/csv`` or ``text/tab-separated-values``.
    """
    separator = "\t" if media_type == TSV else _separator(text)
    out = DocumentWriter()
    _write(out, _separated_rows(text, separator))
    return out.document(source, sha256, media_type, encoding, None)


def _separated_rows(text: str, separator: str) -> list[list[_SheetCell]]:
    longest = csv.field_size_limit(max(len(text), 131_072))  # the module's own limit is on a cell, ours on the file
    try:
        quoted = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return [_cells(row) for row in quoted]
    except csv.Error:
        lines = io.StringIO(text, newline=None)
        plain = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
        return [_cells([cell.strip().strip('"') for cell in row]) for row in plain]
    finally:
        csv.field_size_limit(longest)


def _cells(row: Sequence[str]) -> list[_SheetCell]:
    return [_SheetCell(words, column) for column, cell in enumerate(row) if (words := cell.strip())]


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the same number of cells most often; the comma where none is usual."""
    lines = [line for line in text[:65_536].splitlines() if line.strip()][:_SNIFFED_LINES]
    best = (0.0, ",")
    for separator in _SEPARATORS:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator) if len(row) > 1]
        usual = max(set(widths), key=widths.count, default=0)
        # A few lines of text with a semicolon in them are no table.
        if widths and widths.count(usual) >= _USUAL_SHARE * len(lines):
            best = max(best, (widths.count(usual) * min(usual, 5) / len(lines), separator), key=lambda one: one[0])
    return best[1]


def _write(out: DocumentWriter, rows: Sequence[list[_SheetCell]]) -> None:
    for block in _blocks(rows):
        _write_lines(out, block.lines)
        if block.rows:
            if block.lines:
                out.write("\n")
            out.table(_placed(out, row) for row in block.rows)
        if block.notes:
            out.write("\n")
            _write_lines(out, block.notes)
        out.write("\n")


def _write_lines(out: DocumentWriter, cells: Sequence[_SheetCell]) -> None:
    for cell in cells:
        out.link(out.write(cell.text), cell.url)
        out.write("\n")


def _placed(out: DocumentWriter, row: Sequence[_SheetCell]) -> list[PlacedCell]:
    def write(cell: _SheetCell) -> None:
        out.link(out.write(cell.text), cell.url)

    return [PlacedCell(cell.column, partial(write, cell), cell.rowspan, cell.colspan) for cell in row]


def _blocks(rows: Sequence[list[_SheetCell]]) -> Iterator[_Block]:
    """Cut the rows of a sheet into texts and tables."""
    block = _Block()
    blank = False  # the row before was
    merged = 0  # rows that a merged cell above still covers
    for row, following in zip(rows, [*rows[1:], []], strict=True):
        filled = [cell for cell in row if cell.text]
        if not filled and not merged:
            blank = True
            continue
        title = len(filled) == 1 and (not block.rows or (blank and _is_title(following)))
        if not merged and block.rows and (title or (blank and _begins_anew(block, filled))):
            yield _aligned(block)
            block = _Block()
        if title and not merged:
            block.lines.append(filled[0])
        else:
            block.rows.append(row)
            merged = max(merged, *(cell.rowspan for cell in row), 0)
        merged = max(0, merged - 1)
        blank = False
    if block.rows or block.lines:
        yield _aligned(block)


def _aligned(block: _Block) -> _Block:
    """The table of a block moved to the first column, its merged cells cut at its end, what stands alone there a note."""
    while block.rows and len(filled := [cell for cell in block.rows[-1] if cell.text]) == 1 and not filled[0].column:
        block.notes.insert(0, filled[0])
        block.rows.pop()
    first = min((cell.column for row in block.rows for cell in row), default=0)
    for index, row in enumerate(block.rows):
        for cell in row:
            cell.column -= first
            cell.rowspan = min(cell.rowspan, len(block.rows) - index)
    return block


def _begins_anew(block: _Block, filled: Sequence[_SheetCell]) -> bool:
    """Whether a row below a blank one begins with the words that the table above begins with: its header, its first label."""
    return next((cell.text for cell in block.rows[0] if cell.text), "") == filled[0].text


def _is_title(following: Sequence[_SheetCell]) -> bool:
    """Whether a lone cell below a blank row is a title: a row that fills more cells, or nothing, comes next."""
    return len([cell for cell in following if cell.text]) != 1
