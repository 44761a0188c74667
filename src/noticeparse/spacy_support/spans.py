"""Mentions and records as span groups of a ``Doc``: names of groups, labels, and places in characters to tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from noticeparse.records import RecipientKind, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.tokens import Span as SpacySpan

DATA_ITEMS = "data_items"
RECIPIENTS = "recipients"
PURPOSES = "purposes"

DATA_LABEL = "DATA"
PURPOSE_LABEL = "PURPOSE"
RECIPIENT_LABELS: dict[RecipientKind | None, str] = {
    "company": "COMPANY",
    "sdk": "SDK",
    "category": "CATEGORY",
    None: "RECIPIENT",
}


class Labelled(NamedTuple):
    """A run of the text with its label, and the concept or id that it stands for (empty for none)."""

    span: Span
    label: str
    id: str


def set_group(doc: Doc, name: str, labelled: Iterable[Labelled]) -> None:
    """Set a span group. A run that ends inside a token takes the whole token in; of two that are then one, the first stays.

    Args:
        doc: Its text is the one that the runs are places of.
        name: Name of the group; a group of that name is replaced.
        labelled: Runs in the order of the text.

    Raises:
        ValueError: A run lies outside the text.
    """
    found: dict[tuple[int, int, str], SpacySpan] = {}
    for (start, end), label, known in labelled:
        span = doc.char_span(start, end, label=label, kb_id=known, alignment_mode="expand")
        if span is None:
            raise ValueError(f"{start} to {end} is no run of a text of {len(doc.text)} characters")
        found.setdefault((span.start, span.end, label), span)
    doc.spans[name] = list(found.values())
