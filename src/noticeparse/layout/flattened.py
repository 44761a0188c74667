"""Reader for tables flattened to one cell a line: a run of label lines, then rows told by their order alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from noticeparse.document.view import View
from noticeparse.layout.labels import label_grammar, whole_line_label
from noticeparse.layout.lines import Line, trim
from noticeparse.layout.model import LINK_FIELDS, NAME_FIELDS, Entry, FieldRun, Proposal, explained
from noticeparse.lexicon.load import Lexicon
from noticeparse.names import classify_name
from noticeparse.records import Span

MIN_COLUMNS = 3
_URL_REGEX = re.compile(r"\s*<?(?:https?://|www\.)", re.I)


def read_flattened(view: View, lines: Sequence[Line], lexicon: Lexicon) -> list[Proposal]:
    """Propose the rows of flattened tables.

    ``SDK名称⏎公司⏎目的⏎信息⏎链接⏎某某SDK⏎某某公司⏎推送⏎IMEI⏎https://…⏎…``: at least three label lines with a name among
    them. A row that lacks a cell is found by its address, the end of the table by a line that fits no column.
    """
    grammar = label_grammar(lexicon)
    solid = [line for line in lines if not line.blank]
    labels = [whole_line_label(view, line, grammar) for line in solid]
    proposals: list[Proposal] = []
    index = 0
    while index < len(solid):
        stop = index
        while stop < len(solid) and labels[stop] is not None:
            stop += 1
        if stop - index >= MIN_COLUMNS:
            header = tuple(label.field for label in labels[index:stop] if label is not None)
            if set(header) & NAME_FIELDS and len(set(header)) >= MIN_COLUMNS:
                reader = _Rows(view, solid, stop, header, lexicon)
                entries = reader.read()
                if entries:
                    read = tuple((line.content, line.end) for line in solid[index:stop])
                    span = (solid[index].content, entries[-1].span[1])
                    proposals.append(Proposal("flattened", span, entries, explained(entries), read))
                    index = reader.at
                    continue
        index = max(stop, index + 1)
    return proposals


class _Rows:
    """Deals lines out to columns, row by row."""

    def __init__(self, view: View, lines: Sequence[Line], at: int, header: tuple[str, ...], lexicon: Lexicon) -> None:
        self.view = view
        self.text = view.text
        self.lines = lines
        self.at = at
        self.header = header
        self.lexicon = lexicon
        self.links = [column for column, name in enumerate(header) if name in LINK_FIELDS]

    def read(self) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        while self.at < len(self.lines):
            row = self._row()
            if row is None:
                break
            entries.append(self._entry(row))
            self.at += sum(1 for cell in row if cell is not None)
        return tuple(entries)

    def _row(self) -> list[Line | None] | None:
        """The next row: as many lines as columns, fewer where the address comes early; ``None`` where none fits."""
        width = len(self.header)
        window = list(self.lines[self.at : self.at + width])
        if not window or self._ends_table(window[0]):
            return None
        if not self.links:
            return list(window) if len(window) == width and self._fits(window) else None
        link = self.links[-1]
        urls = [position for position, line in enumerate(window) if self._is_url(line)]
        if len(window) == width and self._is_url(window[link]):
            return list(window)
        if urls and len(self.links) == 1 and urls[0] < link and link == width - 1:
            return self._aligned(window[: urls[0] + 1])
        if not urls and len(window) == width and self._fits(window):
            return list(window)
        return None

    def _aligned(self, window: list[Line]) -> list[Line | None]:
        """Place a short row's lines: the last is the address; a missing cell is the first column that does not fit."""
        row: list[Line | None] = []
        rest = list(window[:-1])
        for column, name in enumerate(self.header[:-1]):
            left = len(self.header) - 1 - column
            if rest and (len(rest) >= left or self._suits(rest[0], name)):
                row.append(rest.pop(0))
            else:
                row.append(None)
        row.append(window[-1])
        return row

    def _suits(self, line: Line, name: str) -> bool:
        words = self.text[line.content : line.end]
        kind = classify_name(words, self.lexicon) if len(words) <= 60 else "unknown"
        if name == "provider":
            return kind == "provider"
        if name == "sdk":
            return kind != "provider" and len(words) <= 60
        return True

    def _is_url(self, line: Line) -> bool:
        return bool(_URL_REGEX.match(self.text, line.start, line.end))

    def _ends_table(self, line: Line) -> bool:
        words = self.text[line.content : line.end]
        return len(words) > 120 and "。" in words

    def _fits(self, window: Sequence[Line]) -> bool:
        """Whether lines without an address look like a row: the name's cell is short, the company's a company."""
        for name, line in zip(self.header, window, strict=False):
            words = self.text[line.content : line.end]
            if name in NAME_FIELDS and (len(words) > 60 or "。" in words):
                return False
            if name == "provider" and "sdk" in self.header and classify_name(words, self.lexicon) == "unknown":
                return False
        return True

    def _entry(self, row: Sequence[Line | None]) -> Entry:
        runs: list[FieldRun] = []
        spans: list[Span] = []
        for name, line in zip(self.header, row, strict=False):
            if line is None:
                continue
            value = trim(self.text, line.start, line.end)
            spans.append((line.start, line.end))
            if value[0] < value[1]:
                runs.append(FieldRun(name, value))
        return Entry("list", (spans[0][0], spans[-1][1]), None, tuple(runs))
