"""What a layout reader gives: entries, each a name and labelled runs of the view's text.

All spans here are view positions, not document offsets.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from noticeparse.records import Diagnostic, Form, Platform, Span

NAME_FIELDS = frozenset({"sdk", "provider", "recipient_category"})
LINK_FIELDS = frozenset({"privacy_policy", "website", "link"})
CONTENT_FIELDS = frozenset({"data_items", "permissions", "purpose", "scenario", "privacy_policy", "website", "link"})


class FieldRun(Struct, frozen=True, gc=False):
    """A run of text and the field it belongs to; ``label`` is ``None`` where position alone tells the field."""

    field: str
    value: Span
    label: Span | None = None


class Entry(Struct, frozen=True, gc=False):
    """One provider block or table row, before its fields are read.

    Attributes:
        form: ``list`` or ``table``.
        span: From the first to behind the last character of the entry.
        heading: The entry's own heading without marker, if it has one.
        runs: Labelled runs in the order of the text.
        category: A kind heading over several entries (播放类), if there is one.
        platforms: Platforms that a heading or sentence over several entries states for all of them.
    """

    form: Form
    span: Span
    heading: Span | None
    runs: tuple[FieldRun, ...]
    category: Span | None = None
    platforms: tuple[Platform, ...] = ()

    @property
    def fields(self) -> frozenset[str]:
        """Names of the fields that the runs state."""
        return frozenset(run.field for run in self.runs)


class Proposal(Struct, frozen=True, gc=False):
    """How one reader explains a stretch of the text.

    Attributes:
        reader: Name of the reader, for diagnostics.
        span: From the first entry's start to the last entry's end.
        entries: In order of the text.
        explained: Characters in names, labels and values; what ``choose`` weighs.
        read: Spans that are read but belong to no entry: header rows, kind headings, separators.
    """

    reader: str
    span: Span
    entries: tuple[Entry, ...]
    explained: int
    read: tuple[Span, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def reduced(proposal: Proposal, entries: tuple[Entry, ...]) -> Proposal:
    """A proposal with only some of its entries.

    Args:
        proposal: As a reader made it.
        entries: Those to keep, in order, at least one.
    """
    span = (entries[0].span[0], entries[-1].span[1])
    return replace(proposal, entries=entries, span=span, explained=explained(entries))


def explained(entries: tuple[Entry, ...]) -> int:
    """Characters that the entries account for by a name, a label or a value."""
    total = 0
    for entry in entries:
        if entry.heading:
            total += entry.heading[1] - entry.heading[0]
        for run in entry.runs:
            total += run.value[1] - run.value[0]
            if run.label:
                total += run.label[1] - run.label[0]
    return total
