"""The cells of an XLSX as text, with what is merged and linked; openpyxl reads the file."""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from noticeparse.errors import InputError

# text, column from 0, rows and columns that it covers, address
CellTuple = tuple[str, int, int, int, str]
_MAX_COLUMNS = 1000


def read_sheets(data: bytes, source: str) -> list[tuple[str, list[list[CellTuple]]]]:
    """Read the visible sheets: the name of each, and for each row the cells that begin in it and are not empty.

    Args:
        data: The file's bytes.
        source: Name for the message.

    Raises:
        InputError: The file is damaged, or no XLSX.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that it does not read: formats, validation
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError) as error:
        # SyntaxError is what both XML parsers raise; the others are its own slips on damaged parts.
        raise InputError(source, f"no readable XLSX: {type(error).__name__}: {error}") from error
    return [(sheet.title, _rows(sheet)) for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _rows(sheet: Worksheet) -> list[list[CellTuple]]:
    spans = {
        (area.min_row, area.min_col): (area.max_row - area.min_row + 1, area.max_col - area.min_col + 1)
        for area in sheet.merged_cells.ranges
    }
    rows: list[list[CellTuple]] = []
    for number, row in enumerate(sheet.iter_rows(max_col=min(sheet.max_column, _MAX_COLUMNS)), start=1):
        cells: list[CellTuple] = []
        for cell in row:
            if isinstance(cell, MergedCell):
                continue
            text = _text(cell.value)
            rowspan, colspan = spans.get((number, cell.column), (1, 1))
            if text or rowspan > 1 or colspan > 1:
                cells.append((text, cell.column - 1, rowspan, colspan, _address(cell)))
        rows.append(cells)
    return rows


def _address(cell: Cell) -> str:
    link = cell.hyperlink
    return str(link.target or "") if link is not None else ""


def _text(value: object) -> str:
    """A value as a sheet shows it: 3 for 3.0, a day without its midnight."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value).replace("\r\n", "\n").strip()
