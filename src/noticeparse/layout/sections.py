"""Which part of a policy a place stands in: one that speaks of recipients, or one of the app's own collecting.

A policy of thirty pages has a part on sharing, and many on what the app itself collects, which permissions it asks for and
what rights the user has. Their lists look alike; the headings over them tell them apart.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from noticeparse.document.view import View
from noticeparse.layout.lines import Line
from noticeparse.layout.model import LINK_FIELDS, NAME_FIELDS, Entry, Proposal, reduced
from noticeparse.lexicon.load import Lexicon
from noticeparse.names import classify_name
from noticeparse.pattern import Pattern

PartKind = Literal["recipients", "own", ""]

_MAX_HEADING = 45
_TOP_LEVEL = 2
_SENTENCE_REGEX = Pattern(r"[。;!?]")
_NAMING_FIELDS = NAME_FIELDS | LINK_FIELDS | {"package_name", "method"}


class Parts(Struct, frozen=True):
    """The parts of a notice in order: where each begins and what it speaks of."""

    starts: tuple[int, ...]
    kinds: tuple[PartKind, ...]

    def kind_at(self, position: int) -> PartKind:
        """What the part of a view position speaks of; empty where no heading says it."""
        index = bisect_right(self.starts, position) - 1
        return self.kinds[index] if index >= 0 else ""


def read_parts(view: View, lines: Sequence[Line], lexicon: Lexicon) -> Parts:
    """Divide a notice by its headings.

    ``三、我们如何共享您的个人信息`` and ``附录：第三方SDK目录`` begin parts on recipients, ``一、我们如何收集和使用…``,
    ``应用权限说明`` and ``您的权利`` parts on something else. A heading that says neither belongs to the part it stands in,
    unless it is one of the first two levels of the source format.

    Args:
        view: The notice.
        lines: All its lines.
        lexicon: Vocabulary; ``section_cue`` and ``own_section_cue`` are what headings say.
    """
    cues = _cues(lexicon)
    levels = {view.position(mark.span[0]): mark.level for mark in view.document.headings}
    starts: list[int] = []
    kinds: list[PartKind] = []
    for line, level in _headings(view, lines, levels):
        kind = cues.kind(view.text[line.content : line.end])
        if not kind and not (0 < level <= _TOP_LEVEL):
            continue
        starts.append(line.start)
        kinds.append(kind)
    return Parts(tuple(starts), tuple(kinds))


def keep_recipients(
    proposals: Iterable[Proposal], view: View, lines: Sequence[Line], lexicon: Lexicon
) -> list[Proposal]:
    """Leave out list entries of the app's own functions and permissions.

    ``相机权限⏎使用场景：拍照⏎使用目的：上传头像`` below 我们如何收集和使用您的个人信息 names no recipient: neither a name
    label, nor a heading that is a name, nor a link or package tells of one.

    Args:
        proposals: Chosen ones.
        view: The notice.
        lines: All its lines.
        lexicon: Vocabulary.
    """
    kept: list[Proposal] = []
    parts: Parts | None = None  # read for the first entry that names nobody: most notices have none
    for proposal in proposals:
        entries: list[Entry] = []
        for entry in proposal.entries:
            if not _names_recipient(view, entry, lexicon):
                parts = parts or read_parts(view, lines, lexicon)
                if parts.kind_at(entry.span[0]) == "own":
                    continue
            entries.append(entry)
        if len(entries) == len(proposal.entries):
            kept.append(proposal)
        elif entries:
            kept.append(reduced(proposal, tuple(entries)))
    return kept


def _names_recipient(view: View, entry: Entry, lexicon: Lexicon) -> bool:
    if entry.form == "table":
        return True
    if any(run.field in _NAMING_FIELDS and run.value[1] > run.value[0] for run in entry.runs):
        return True
    if entry.heading is None:
        return False
    return classify_name(view.text[slice(*entry.heading)], lexicon) != "unknown"


def _headings(view: View, lines: Sequence[Line], levels: dict[int, int]) -> Iterator[tuple[Line, int]]:
    """Lines that can head a part, each with its level in the source format, 0 where there is none."""
    text = view.text
    for line in lines:
        if line.blank or line.end - line.content > _MAX_HEADING:
            continue
        level = (levels.get(line.start) or levels.get(line.content, 0)) if levels else 0
        if not level and (text[line.end - 1] in ":,、" or text.count(",", line.content, line.end) > 1):
            continue
        if level or not _SENTENCE_REGEX.search(text, line.content, line.end):
            yield line, level


class _Cues:
    """What headings say, compiled once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.recipients = _any(lexicon.words.get("section_cue", ()))
        self.own = _any(lexicon.words.get("own_section_cue", ()))

    def kind(self, words: str) -> PartKind:
        """The kind of part that a heading begins; who receives is the stronger word."""
        words = words.casefold()
        if self.recipients.search(words):
            return "recipients"
        return "own" if self.own.search(words) else ""


def _any(words: Iterable[str]) -> Pattern[str]:
    return Pattern("|".join(re.escape(word.casefold()) for word in sorted(words, key=len, reverse=True)) or r"(?!)")


@lru_cache(maxsize=4)
def _cues(lexicon: Lexicon) -> _Cues:
    return _Cues(lexicon)
