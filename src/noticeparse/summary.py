"""A small table in HTML, for what a notebook shows of an object without a call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_LONGEST = 80


def summary_html(title: str, facts: str, header: Sequence[str], rows: Iterable[Sequence[object]], total: int) -> str:
    """A heading, a line of facts and a table; everything is escaped, and long text is cut.

    Args:
        title: What is shown.
        facts: Figures about it, in one line.
        header: Names of the columns.
        rows: Those shown; whole numbers are set to the right, ``None`` is empty.
        total: How many rows there are in all.
    """
    shown = list(rows)
    left = "text-align:left;vertical-align:top"
    head = "".join(f'<th scope="col" style="{left}">{escape(name)}</th>' for name in header)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in shown)
    more = f"<p>The first {len(shown)} of {total}.</p>" if len(shown) < total else ""
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if shown else ""
    return f"<div><p><strong>{escape(title)}</strong><br>{escape(facts)}</p>{table}{more}</div>"


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f'<td style="text-align:right;vertical-align:top">{value}</td>'
    text = "" if value is None else str(value)
    cut = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f'<td style="text-align:left;vertical-align:top">{escape(cut)}</td>'
