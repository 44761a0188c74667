"""Reader for an SDK's heading over what it takes, one a line and each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from noticeparse.document.view import View
from noticeparse.layout.lines import Line, trim
from noticeparse.layout.model import Entry, FieldRun, Proposal, explained
from noticeparse.lexicon.load import Lexicon
from noticeparse.lexicon.match import exact_concept, is_constant, is_permission_like
from noticeparse.names import classify_name
from noticeparse.pattern import Pattern
from noticeparse.records import Span

_SEPARATOR_REGEX = Pattern(r"[、,;/]")

MAX_HEADING = 64
MAX_NAME = 60


def read_reasons(view: View, lines: Sequence[Line], lexicon: Lexicon) -> list[Proposal]:
    """Propose an entry for each SDK whose permissions or data stand below it with their reasons.

    ``一、某某SDK⏎1. 读取手机状态权限：用于识别设备⏎2. android.permission.INTERNET：上报日志``, ``某某SDK⏎· IMEI：识别设备``.
    The app's own permissions stand below no SDK and give none.

    Args:
        view: The notice.
        lines: Its lines, those of tables left out.
        lexicon: Vocabulary.
    """
    solid = [line for line in lines if not line.blank]
    entries: list[Entry] = []
    index = 0
    while index < len(solid):
        entry, behind = _entry(view.text, solid, index, lexicon)
        if entry is not None:
            entries.append(entry)
        index = behind
    if not entries:
        return []
    kept = tuple(entries)
    return [Proposal("reasons", (kept[0].span[0], kept[-1].span[1]), kept, explained(kept))]


def _entry(text: str, lines: Sequence[Line], index: int, lexicon: Lexicon) -> tuple[Entry | None, int]:
    """The entry whose heading is a line, and the place of the line to go on with."""
    line = lines[index]
    words = text[line.content : line.end].rstrip(": ")
    below = index + 1
    if not words or len(words) > MAX_HEADING or below >= len(lines) or not lines[below].marker:
        return None, below
    style = lines[below].style
    if line.style == style or classify_name(words, lexicon) != "sdk":
        return None, below
    runs: list[FieldRun] = []
    while below < len(lines) and lines[below].marker and lines[below].style == style:
        told = _told(text, lines[below], lexicon)
        if told is None:
            break
        runs.extend(told)
        below += 1
    if not runs:
        return None, index + 1
    heading = trim(text, line.content, line.content + len(words))
    return Entry("list", (heading[0], runs[-1].value[1]), heading, tuple(runs)), below


def _told(text: str, line: Line, lexicon: Lexicon) -> list[FieldRun] | None:
    """A permission or data item and its reason, ``None`` for any other line."""
    colon = text.find(":", line.content, min(line.end, line.content + MAX_NAME))
    if colon < 0 or text.startswith("//", colon + 1):
        return None
    name = trim(text, line.content, colon)
    reason = trim(text, colon + 1, line.end)
    words = text[slice(*name)]
    field = _field(words, lexicon)
    if not field or reason[0] >= reason[1] or _is_run(text, reason, lexicon):
        return None
    return [FieldRun(field, name), FieldRun("none", reason)]


def _field(words: str, lexicon: Lexicon) -> str:
    if is_constant(words) or words.endswith("权限"):
        return "permissions" if is_permission_like(words, lexicon) else ""
    return "data_items" if exact_concept(words, lexicon) is not None else ""


def _is_run(text: str, span: Span, lexicon: Lexicon) -> bool:
    """Whether what stands behind the colon is data itself (``设备信息：IMEI、OAID``), not a reason."""
    parts = _SEPARATOR_REGEX.split(text[slice(*span)])
    return any(exact_concept(part.strip(), lexicon) is not None for part in parts)
