"""Choosing among proposals: those that explain most of the text, none over another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from noticeparse.layout.model import Proposal, reduced
from noticeparse.records import Span


def choose(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Pick proposals whose entries do not overlap, the best explained first; in order of the text.

    A reader that loses a stretch keeps its entries elsewhere: notices mix layouts.

    Args:
        proposals: Of all readers.
    """
    taken: list[Span] = []
    chosen: list[Proposal] = []
    for proposal in sorted(proposals, key=lambda p: (-p.explained, p.span, p.reader)):
        entries = tuple(entry for entry in proposal.entries if not _meets(taken, entry.span))
        if not entries:
            continue
        if len(entries) < len(proposal.entries):
            proposal = reduced(proposal, entries)
        chosen.append(proposal)
        # A table's rows are one piece even where cells repeat; list entries leave the gaps between them to others.
        spans = [proposal.span] if proposal.reader in ("tables", "flattened") else [e.span for e in entries]
        taken = _merged([*taken, *spans])
    return sorted(chosen, key=lambda p: p.span)


def _merged(spans: list[Span]) -> list[Span]:
    """Spans sorted, overlapping ones joined."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _meets(taken: Sequence[Span], span: Span) -> bool:
    index = bisect_right(taken, (span[0], 1 << 62)) - 1
    if index >= 0 and taken[index][1] > span[0]:
        return True
    return index + 1 < len(taken) and taken[index + 1][0] < span[1]
