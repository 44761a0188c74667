"""The cells of an XLSX as text, with what is merged and linked; openpyxl reads the file."""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from noticeparse.document.xml_parts import each_element
from noticeparse.errors import InputError

# text, column from 0, rows and columns that it covers, address
CellTuple = tuple[str, int, int, int, str]
_MAX_COLUMNS = 1000
#: Cells that merged areas and links of several cells may cover.
MAX_COVERED_CELLS = 200_000
LAST_COLUMN, LAST_ROW = 16_384, 1_048_576


def read_sheets(data: bytes, source: str) -> list[tuple[str, list[list[CellTuple]]]]:
    """Read the visible sheets: the name of each, and for each row the cells that begin in it and are not empty.

    Of several blank rows on end one is given.

    Args:
        data: The file's bytes, known to be a package that may be unpacked.
        source: Name for the message.

    Raises:
        InputError: Merged cells or links cover more cells than are read. Whatever openpyxl raises on damage comes through.
    """
    _check_ranges(data, source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that it does not read: formats, validation
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return [(sheet.title, _rows(sheet)) for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _check_ranges(data: bytes, source: str) -> None:
    """Refuse what would make openpyxl fill the memory: it makes an object for each cell that a range covers."""
    covered = 0

    def count(name: str, attributes: dict[str, str]) -> None:
        nonlocal covered
        if name in ("mergeCell", "hyperlink") and ":" in (area := attributes.get("ref", "")):
            covered += _area(area)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            each_element(archive.read(info), count)
            if covered > MAX_COVERED_CELLS:
                cause = f"too large: {covered} merged or linked cells, limit {MAX_COVERED_CELLS}"
                raise InputError(source, cause)


def _area(reference: str) -> int:
    try:
        left, top, right, bottom = range_boundaries(reference)
    except (ValueError, TypeError):
        return 0  # no range, which openpyxl refuses
    # A range without rows or columns reaches over all of them.
    return ((right or LAST_COLUMN) - (left or 1) + 1) * ((bottom or LAST_ROW) - (top or 1) + 1)


def _rows(sheet: Worksheet) -> list[list[CellTuple]]:
    spans = {
        (area.min_row, area.min_col): (area.max_row - area.min_row + 1, area.max_col - area.min_col + 1)
        for area in sheet.merged_cells.ranges
    }
    rows: list[list[CellTuple]] = []
    last = 0
    # Only the cells that there are: to go through a sheet by its rows makes all that lie between the farthest ones.
    for (number, column), cell in sorted(sheet._cells.items()):
        if number > last:
            rows.extend([] for _ in range(min(number - last, 2)))  # this row, and a blank one for all that are left out
            last = number
        if column > _MAX_COLUMNS or isinstance(cell, MergedCell):
            continue
        text = _text(cell.value)
        rowspan, colspan = spans.get((number, column), (1, 1))
        if text or rowspan > 1 or colspan > 1:
            rows[-1].append((text, column - 1, rowspan, colspan, _address(cell)))
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
