"""The ledger: every character of the disclosing part has one role, and what has none is listed.

The disclosing part is what entries and sentences that name recipients span. Roles are laid over it in one order, each
character once, so none can be lost or counted twice.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from noticeparse.memo import Answers
from noticeparse.records import Disclosure, Span, Unparsed

FREE, VALUE, LABEL, MARKER, PUNCTUATION, UNPARSED = range(6)
ROLES = ("free", "value", "label", "marker", "punctuation", "unparsed")


class Ledger(Struct, frozen=True):
    """The account of a notice.

    Attributes:
        parts: The disclosing part, as spans of the document.
        counts: Characters of the part by role; they add up to its size.
        unparsed: Runs that nothing accounts for.
        coverage: Share of the part's characters that is accounted for, 1.0 for an empty part.
    """

    parts: tuple[Span, ...]
    counts: dict[str, int]
    unparsed: tuple[Unparsed, ...]
    coverage: float


def make_ledger(
    text: str, parts: Iterable[Span], disclosures: Sequence[Disclosure], labels: Iterable[Span], markers: Iterable[Span]
) -> Ledger:
    """Account for every character of the disclosing part.

    Args:
        text: The document's text.
        parts: Spans of entries and sentences that were read.
        disclosures: Whose values count.
        labels: Spans of labels and of words that were read without being a value.
        markers: Spans of list markers and mark-up.
    """
    size = len(text)
    roles = bytearray(size)
    for role, spans in ((MARKER, markers), (LABEL, labels), (VALUE, _values(disclosures))):
        ink = bytes((role,))
        for start, end in spans:
            if 0 <= start < end <= size:
                roles[start:end] = ink * (end - start)
    merged = _merge(parts, len(text))
    counts = dict.fromkeys(ROLES[1:], 0)
    unparsed: list[Unparsed] = []
    for start, end in merged:
        _fill(text, roles, start, end)
        for run in _runs(text, roles, start, end):
            roles[slice(*run.span)] = bytes([UNPARSED]) * (run.span[1] - run.span[0])
            unparsed.append(run)
        for role in range(VALUE, UNPARSED + 1):
            counts[ROLES[role]] += roles.count(role, start, end)
    total = sum(counts.values())
    coverage = 1.0 if not total else round(1 - counts["unparsed"] / total, 4)
    if coverage == 1.0 and unparsed:
        coverage = 0.9999
    return Ledger(tuple(merged), counts, tuple(unparsed), coverage)


def _values(disclosures: Sequence[Disclosure]) -> Iterator[Span]:
    for d in disclosures:
        for value in (
            d.provider, d.recipient_category, d.sdk, d.method, d.purpose, d.scenario, d.category, d.processing,
            d.retention, d.frequency, d.package_name, d.contact, d.privacy_policy, d.website,
        ):  # fmt: skip
            if value is not None:
                yield value.span
        for item in d.data_items:
            yield item.span
            for qualifier in item.qualifiers:
                yield qualifier.span
        for permission in d.permissions:
            yield permission.span


def _merge(parts: Iterable[Span], size: int) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(parts):
        start, end = max(0, start), min(end, size)
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _fill(text: str, roles: bytearray, start: int, end: int) -> None:
    at = roles.find(FREE, start, end)
    while at >= 0:
        roles[at] = PUNCTUATION if _punctuation[text[at]] else UNPARSED
        at = roles.find(FREE, at + 1, end)


def _is_punctuation(char: str) -> bool:
    if char.isspace() or char in "$+<=>|~`^¥￥":
        return True
    return unicodedata.category(char)[0] in "PZC"


_punctuation = Answers(_is_punctuation)


def _runs(text: str, roles: bytearray, start: int, end: int) -> Iterator[Unparsed]:
    """Unparsed runs; punctuation between two of them belongs to the run."""
    at = start
    while (at := roles.find(UNPARSED, at, end)) >= 0:
        first = last = at
        while at < end and roles[at] in (UNPARSED, PUNCTUATION) and text[at] != "\n":
            if roles[at] == UNPARSED:
                last = at
            at += 1
        words = text[first : last + 1]
        yield Unparsed(words, (first, last + 1), _reason(words))


def _reason(words: str) -> str:
    if len(words) > 40 or "。" in words:
        return "no recipient"
    return "no label"
