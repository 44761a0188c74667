"""Frames on standard output or in a file: aligned columns for a person, CSV or JSON lines for a program."""

from __future__ import annotations

from collections.abc import Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from noticeparse.cli.columns import lay_out, printable
from noticeparse.cli.tools import open_output

if TYPE_CHECKING:
    import pandas as pd

form_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "jsonl"]),
    default="text",
    show_default=True,
    help="text is for reading, cut to the terminal's width; the others hold everything.",
)
rows_option = click.option(
    "--rows", type=click.IntRange(min=1), default=15, show_default=True, metavar="N", help="Rows of each table in text."
)


def write_frame(frame: pd.DataFrame, form: str, output: str | None) -> None:
    """Write one table whole.

    Args:
        frame: The table; a named index becomes its first column.
        form: ``csv`` (with a byte-order mark, for Excel) or ``jsonl``.
        output: The option's value.
    """
    table = frame.reset_index() if frame.index.name else frame
    if form == "csv":
        data = table.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")
    else:
        data = table.to_json(orient="records", lines=True, force_ascii=False).encode("utf-8")
    with open_output(output) as stream:
        stream.write(data)


def write_text(parts: Sequence[tuple[str, pd.DataFrame]], rows: int, output: str | None, *, last: str = "") -> None:
    """Write tables for a person, one below the other, each cut to some rows.

    Args:
        parts: A title and a table each.
        rows: How many rows of each.
        output: The option's value.
        last: A line at the end.
    """
    lines: list[str] = []
    for title, frame in parts:
        lines.extend((*_lines(title, frame, rows), ""))
    if last:
        lines.append(last)
    with open_output(output) as stream:
        stream.write("".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))


def _lines(title: str, frame: pd.DataFrame, rows: int) -> list[str]:
    table = frame.reset_index() if frame.index.name else frame
    more = f", the first {rows}" if len(table) > rows else ""
    lines = [f"{title} ({len(table)}{more})"]
    if not len(table):
        return [*lines, "  none"]
    shown = [[_cell(value) for value in row] for row in table.head(rows).itertuples(index=False)]
    numeric = {place for place, name in enumerate(table.columns) if _is_number(table[name])}
    header = [printable(str(name)) for name in table.columns]
    return [
        *lines,
        *(f"  {line}" for line in lay_out([header, *shown], get_terminal_size((100, 24)).columns - 2, numeric)),
    ]


def _is_number(column: pd.Series[Any]) -> bool:
    import pandas as pd

    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _cell(value: object) -> str:
    import pandas as pd

    if value is None or value is pd.NA or value != value:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}"
    return printable(str(value))
