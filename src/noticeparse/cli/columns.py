"""Rows as aligned columns for a terminal, with wide characters counted as two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

_NARROWEST = 6
_GAP = "  "
_ELLIPSIS = "…"


def lay_out(rows: Sequence[Sequence[str]], width: int, numeric: Collection[int] = ()) -> list[str]:
    """Lines of a table, cells cut to what fits.

    Args:
        rows: The header and the rows, all of one length, their text printable.
        width: Columns of the terminal.
        numeric: Places of the columns that stand to the right and are never cut.
    """
    natural = [max(map(columns, cells)) for cells in zip(*rows, strict=True)]
    widths = _fit(natural, width - len(_GAP) * (len(natural) - 1), numeric)
    return [
        _GAP.join(_pad(cut(cell, widths[i]), widths[i], right=i in numeric) for i, cell in enumerate(row)).rstrip()
        for row in rows
    ]


def _fit(natural: Sequence[int], available: int, numeric: Collection[int]) -> list[int]:
    """Widths that add up to what there is: narrow columns stay whole, the widest share the rest evenly."""
    widths = list(natural)
    free = sorted((i for i in range(len(widths)) if i not in numeric), key=lambda i: natural[i])
    rest = available - sum(widths[i] for i in numeric)
    for place, column in enumerate(free):
        share = max(rest // (len(free) - place), _NARROWEST)
        widths[column] = min(natural[column], share)
        rest -= widths[column]
    return widths


def columns(text: str) -> int:
    """Columns that a terminal takes for a text.

    Args:
        text: Printable text.
    """
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(char: str) -> int:
    if unicodedata.east_asian_width(char) in "WF":
        return 2
    return 0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 1


def cut(text: str, width: int) -> str:
    """As much of the text as fits, with an ellipsis where something is missing.

    Args:
        text: Printable text.
        width: Columns of the terminal.
    """
    if columns(text) <= width:
        return text
    kept, used = [], 1
    for char in text:
        used += _columns_of(char)
        if used > width:
            break
        kept.append(char)
    return "".join(kept) + _ELLIPSIS


def _pad(text: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - columns(text))
    return blanks + text if right else text + blanks


def printable(text: str) -> str:
    """A value without characters that would steer the terminal; notices are other people's text.

    Args:
        text: Any text.
    """
    return "".join([char if char.isprintable() else " " for char in text])
