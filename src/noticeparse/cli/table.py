"""One notice as a table for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from noticeparse.cli.columns import cut, lay_out, printable
from noticeparse.cli.tools import counted
from noticeparse.records import Diagnostic, Disclosure, Entity, Notice, Value

_HEADER = ("#", "recipient", "SDK", "purpose", "items", "perms", "link")
_NUMERIC = frozenset({0, 4, 5})
_MISSING = "-"


def render(notice: Notice, width: int) -> str:
    """Summarise a notice.

    Args:
        notice: What to show.
        width: Columns of the terminal; cells are cut to it.

    Returns:
        Lines with a line break at the end of each: a title, a row for each disclosure, the totals, an empty line.
    """
    lines = [cut(_title(notice), width)]
    if notice.disclosures:
        lines.extend(lay_out([_HEADER, *(_row(disclosure) for disclosure in notice.disclosures)], width, _NUMERIC))
    lines.extend((_totals(notice), ""))
    return "".join([f"{line}\n" for line in lines])


def _title(notice: Notice) -> str:
    info = notice.notice
    about = [info.app.text if info.app else "", info.title.text if info.title else ""]
    if info.updated:
        about.append(f"updated {info.updated}")
    known = ", ".join(printable(part) for part in about if part)
    return f"{printable(info.source)}: {known}" if known else printable(info.source)


def _row(disclosure: Disclosure) -> tuple[str, ...]:
    link = disclosure.privacy_policy or disclosure.website
    return (
        str(disclosure.index + 1),
        _text(disclosure.provider or disclosure.recipient_category),
        _text(disclosure.sdk),
        _text(disclosure.purpose),
        str(len(disclosure.data_items)),
        str(len(disclosure.permissions)),
        printable(_shortened(link.url or link.text)) if link else _MISSING,
    )


def _text(value: Value | Entity | None) -> str:
    return printable(value.text) if value else _MISSING


def _shortened(address: str) -> str:
    """An address without its scheme, which says nothing in a narrow column."""
    return address.removeprefix("https://").removeprefix("http://")


def _totals(notice: Notice) -> str:
    return ", ".join(
        (
            counted(len(notice.disclosures), "disclosure"),
            counted(len(notice.unparsed), "unparsed run"),
            counted(len(notice.diagnostics), "diagnostic") + _codes(notice.diagnostics),
            f"coverage {notice.coverage:.1%}",
        )
    )


def _codes(diagnostics: Sequence[Diagnostic]) -> str:
    counts = Counter(diagnostic.code for diagnostic in diagnostics)
    told = ", ".join(code if count == 1 else f"{code} {count}" for code, count in sorted(counts.items()))
    return f" ({told})" if told else ""
