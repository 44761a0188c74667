"""One notice as a table for a terminal, with wide characters counted as two columns."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from noticeparse.records import Diagnostic, Disclosure, Entity, Notice, Value

_HEADER = ("#", "recipient", "SDK", "purpose", "items", "perms", "link")
_NUMERIC = frozenset({0, 4, 5})
_NARROWEST = 6
_GAP = "  "
_MISSING = "-"
_ELLIPSIS = "…"


def render(notice: Notice, width: int) -> str:
    """Summarise a notice.

    Args:
        notice: What to show.
        width: Columns of the terminal; cells are cut to it.

    Returns:
        Lines with a line break at the end of each: a title, a row for each disclosure, the totals, an empty line.
    """
    lines = [_cut(_title(notice), width)]
    if notice.disclosures:
        lines.extend(_table([_HEADER, *(_row(disclosure) for disclosure in notice.disclosures)], width))
    lines.extend((_totals(notice), ""))
    return "".join([f"{line}\n" for line in lines])


def _title(notice: Notice) -> str:
    info = notice.notice
    about = [info.app.text if info.app else "", info.title.text if info.title else ""]
    if info.updated:
        about.append(f"updated {info.updated}")
    known = ", ".join(_printable(part) for part in about if part)
    return f"{_printable(info.source)}: {known}" if known else _printable(info.source)


def _row(disclosure: Disclosure) -> tuple[str, ...]:
    link = disclosure.privacy_policy or disclosure.website
    return (
        str(disclosure.index + 1),
        _text(disclosure.provider or disclosure.recipient_category),
        _text(disclosure.sdk),
        _text(disclosure.purpose),
        str(len(disclosure.data_items)),
        str(len(disclosure.permissions)),
        _printable(_shortened(link.url or link.text)) if link else _MISSING,
    )


def _text(value: Value | Entity | None) -> str:
    return _printable(value.text) if value else _MISSING


def _shortened(address: str) -> str:
    """An address without its scheme, which says nothing in a narrow column."""
    return address.removeprefix("https://").removeprefix("http://")


def _totals(notice: Notice) -> str:
    return ", ".join(
        (
            _count(len(notice.disclosures), "disclosure"),
            _count(len(notice.unparsed), "unparsed run"),
            _count(len(notice.diagnostics), "diagnostic") + _codes(notice.diagnostics),
            f"coverage {notice.coverage:.1%}",
        )
    )


def _codes(diagnostics: Sequence[Diagnostic]) -> str:
    counts = Counter(diagnostic.code for diagnostic in diagnostics)
    told = ", ".join(code if count == 1 else f"{code} {count}" for code, count in sorted(counts.items()))
    return f" ({told})" if told else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _table(rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    natural = [max(map(columns, cells)) for cells in zip(*rows, strict=True)]
    widths = _fit(natural, width - len(_GAP) * (len(natural) - 1))
    return [
        _GAP.join(_pad(_cut(cell, widths[i]), widths[i], right=i in _NUMERIC) for i, cell in enumerate(row)).rstrip()
        for row in rows
    ]


def _fit(natural: Sequence[int], available: int) -> list[int]:
    """Widths that add up to what there is: narrow columns stay whole, the widest share the rest evenly."""
    widths = list(natural)
    free = sorted((i for i in range(len(widths)) if i not in _NUMERIC), key=lambda i: natural[i])
    rest = available - sum(widths[i] for i in _NUMERIC)
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


def _cut(text: str, width: int) -> str:
    """As much of the text as fits, with an ellipsis where something is missing."""
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


def _printable(text: str) -> str:
    """A value without characters that would steer the terminal; notices are other people's text."""
    return "".join([char if char.isprintable() else " " for char in text])
