"""Frames to files: Parquet, CSV, XLSX, JSON lines or one SQLite database."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO, cast

import pandas as pd

from noticeparse.errors import NoticeparseError
from noticeparse.files import atomic_output, display
from noticeparse.tables.frames import Frames
from noticeparse.tables.schema import KEYS, SCHEMAS

XLSX_ROWS = 1_048_575  # under the header row; the limits of the format
XLSX_CHARACTERS = 32_767
WORKBOOK = "noticeparse.xlsx"
DATABASE = "noticeparse.sqlite"


class ExportError(NoticeparseError, ValueError):
    """Tables that a format cannot hold, or a folder that cannot be written to."""


def write_frames(frames: Frames, folder: Path | str, form: str) -> list[Path]:
    """Write all tables to a folder, which is made where it is missing. Files there of the same names are replaced.

    ``csv`` starts with a byte-order mark, by which Excel knows UTF-8. Its cells are verbatim: a notice's value that
    begins with ``=`` is a formula to a spreadsheet program that opens the file, which ``xlsx`` prevents.

    Args:
        frames: The tables.
        folder: Where to write.
        form: One of :data:`FORMS`: ``parquet``, ``csv`` and ``jsonl`` give a file for each table, ``xlsx`` one workbook
            with a sheet for each, ``sqlite`` one database with a table for each.

    Returns:
        The files written, each whole.

    Raises:
        ExportError: The form is unknown, a table does not fit into it, or the folder cannot be written to.
    """
    if form not in FORMS:
        raise ExportError(f"unknown form {form!r}; choose from {', '.join(FORMS)}")
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"{display(os.fspath(target))}: {error.strerror or error}") from error
    return _WRITERS[form](frames, target)


def _write_each(suffix: str, write: Callable[[pd.DataFrame, IO[bytes]], None]) -> Callable[[Frames, Path], list[Path]]:
    def write_all(frames: Frames, folder: Path) -> list[Path]:
        paths = []
        for name, table in frames:
            path = folder / f"{name}.{suffix}"
            with atomic_output(os.fspath(path)) as file:
                write(table, file)
            paths.append(path)
        return paths

    return write_all


def _csv(table: pd.DataFrame, file: IO[bytes]) -> None:
    file.write(table.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig"))


def _jsonl(table: pd.DataFrame, file: IO[bytes]) -> None:
    file.write(table.to_json(orient="records", lines=True, force_ascii=False).encode("utf-8"))


def _parquet(table: pd.DataFrame, file: IO[bytes]) -> None:
    file.write(parquet_bytes(table))


def parquet_bytes(table: pd.DataFrame) -> bytes:
    """One table as a file of Parquet; the same rows give the same bytes.

    Args:
        table: With pyarrow-backed columns.
    """
    file = BytesIO()
    table.to_parquet(file, index=False)
    return file.getvalue()


def _write_xlsx(frames: Frames, folder: Path) -> list[Path]:
    for name, table in frames:
        _require_fit(name, table)
    path = folder / WORKBOOK
    # Text stays text: no cell of a notice may become a formula or a link that a click follows.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with (
        atomic_output(os.fspath(path)) as file,
        pd.ExcelWriter(cast("BinaryIO", file), engine="xlsxwriter", engine_kwargs={"options": options}) as book,
    ):
        for name, table in frames:
            table.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 1))
    return [path]


def _require_fit(name: str, table: pd.DataFrame) -> None:
    if len(table) > XLSX_ROWS:
        raise ExportError(f"{name}: {len(table)} rows; a sheet of XLSX holds {XLSX_ROWS}: use parquet or csv")
    for column in SCHEMAS[name]:
        if column.type != "string":
            continue
        longest = table[column.name].str.len().max()
        if pd.notna(longest) and longest > XLSX_CHARACTERS:
            raise ExportError(
                f"{name}.{column.name}: a text of {longest} characters; a cell of XLSX holds {XLSX_CHARACTERS}: use parquet or csv"
            )


def _write_sqlite(frames: Frames, folder: Path) -> list[Path]:
    path = folder / DATABASE
    # SQLite opens files by name: the database is made in memory and its image written in one step.
    with closing(sqlite3.connect(":memory:")) as database:
        for name, table in frames:
            table.to_sql(name, database, index=False)
            database.execute(f'CREATE UNIQUE INDEX "{name}_key" ON "{name}" ("{KEYS[name]}")')
            if KEYS[name] != "disclosure_id" and "disclosure_id" in table:
                database.execute(f'CREATE INDEX "{name}_disclosure" ON "{name}" ("disclosure_id")')
        database.commit()
        image = database.serialize()
    with atomic_output(os.fspath(path)) as file:
        file.write(image)
    return [path]


_WRITERS: Mapping[str, Callable[[Frames, Path], list[Path]]] = {
    "parquet": _write_each("parquet", _parquet),
    "csv": _write_each("csv", _csv),
    "xlsx": _write_xlsx,
    "jsonl": _write_each("jsonl", _jsonl),
    "sqlite": _write_sqlite,
}
FORMS = tuple(_WRITERS)
