"""A comparison of notices as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from noticeparse.diff import DisclosureChange, NoticeDiff, PartChange

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def lines(diff: NoticeDiff) -> Iterator[str]:
    """A heading, a line for each change, the details of a changed disclosure below it, the totals.

    Args:
        diff: What to show.
    """
    yield f"{_printable(diff.old)} -> {_printable(diff.new)}"
    for change in diff.changes:
        yield f"{_SIGNS[change.kind]} {_printable(change.name)}"
        yield from (f"    {line}" for line in _details(change))
    counts = [f"{len(diff.of(kind))} {kind}" for kind in ("added", "removed", "changed")]
    yield f"{', '.join(counts)}, {diff.unchanged} unchanged"


def _details(change: DisclosureChange) -> Iterator[str]:
    for field in change.fields:
        yield f"{field.field}: {_quoted(field.old)} -> {_quoted(field.new)}"
    if change.platforms is not None:
        old, new = (", ".join(names) or "-" for names in change.platforms)
        yield f"platforms: {old} -> {new}"
    for name, parts in (("data item", change.data_items), ("permission", change.permissions)):
        yield from (f"{_SIGNS[part.kind]} {name} {_printable(part.text)}{_notes(part)}" for part in parts)


def _notes(part: PartChange) -> str:
    if part.kind != "changed":
        return ""
    old, new = (", ".join(map(_printable, notes)) or "-" for notes in (part.old, part.new))
    return f": {old} -> {new}"


def _quoted(text: str | None) -> str:
    return "-" if text is None else _printable(text)


def _printable(text: str) -> str:
    """A value in one line and without characters that would steer the terminal."""
    return " ".join("".join([char if char.isprintable() else " " for char in text]).split())
