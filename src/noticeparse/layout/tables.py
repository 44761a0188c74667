"""Reader for tables: what each column means, then one entry a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from noticeparse.document.model import Document
from noticeparse.document.view import View
from noticeparse.layout.grid import Grid, drawn_grids, ruled_grid
from noticeparse.layout.labels import label_grammar
from noticeparse.layout.lines import Line, trim
from noticeparse.layout.model import LINK_FIELDS, NAME_FIELDS, Entry, FieldRun, Proposal, explained
from noticeparse.lexicon.load import Lexicon
from noticeparse.lexicon.match import exact_concept
from noticeparse.names import classify_name
from noticeparse.records import Span

_URL_REGEX = re.compile(r"https?://|www\.|^\S+\.(?:com|cn|net|org)(?:/\S*)?$", re.I)
_BOTH_REGEX = re.compile(r"[^\s(]\s*\([^()]*(?:\([^()]*\))?[^()]*(?:公司|集团|Ltd|Inc|LLC|Limited)\.?\)?\s*$")
_NUMBER_REGEX = re.compile(r"\(?\d{1,3}[).、]?")


def read_tables(view: View, document: Document, lines: Sequence[Line], lexicon: Lexicon) -> list[Proposal]:
    """Propose the rows of ruled, pipe and tab tables.

    A header of labels (SDK名称 | 公司 | 目的 | 信息 | 链接), a header in the second row under a title row, a transposed
    table whose first column holds the labels, and a table without a header, read by what its columns hold.

    Args:
        view: The notice.
        document: Its source, for ruled tables.
        lines: All lines, for drawn tables.
        lexicon: Vocabulary.
    """
    grids = [ruled_grid(view, table) for table in document.tables]
    if not document.tables or document.media_type == "text/plain":
        grids.extend(drawn_grids(view, lines))
    reader = _TableReader(view, lexicon)
    proposals = []
    for grid in sorted(grids, key=lambda grid: grid.span):
        proposal = reader.read(grid)
        if proposal is not None:
            proposals.append(proposal)
    return proposals


class _TableReader:
    def __init__(self, view: View, lexicon: Lexicon) -> None:
        self.view = view
        self.text = view.text
        self.lexicon = lexicon
        self.grammar = label_grammar(lexicon)

    def read(self, grid: Grid) -> Proposal | None:
        found = self._header(grid)
        rows = grid.rows
        if found is None and _width(grid) <= 4 and len(rows) >= 3:
            turned = _transposed(grid)
            found_turned = self._header(turned)
            if found_turned is not None and found_turned[0] == 1:
                grid, found, rows = turned, found_turned, turned.rows
        if found is None:
            fields = self._by_content(rows)
            first = 0
        else:
            first, fields = found
            fields = self._settle(fields, rows[first:])
        if not _tells(fields):
            return None
        entries = tuple(self._entries(grid, rows[first:], fields))
        if not entries:
            return None
        header = [trim(self.text, *cell) for row in rows[:first] for cell in row if cell]
        span = (grid.span[0], grid.span[1])
        return Proposal("tables", span, entries, explained(entries), tuple(header))

    def _header(self, grid: Grid) -> tuple[int, tuple[str, ...]] | None:
        """The first row below the header, and the fields of the columns; looked for in the first three rows."""
        for index, row in enumerate(grid.rows[:3]):
            fields = tuple(self._column_label(cell) for cell in row)
            named = {name for name in fields if name not in ("", "none")}
            if len(named) >= 2 and len([name for name in fields if name]) * 2 >= len([c for c in row if c]):
                return index + 1, fields
        return None

    def _column_label(self, cell: Span | None) -> str:
        if cell is None:
            return ""
        start, end = trim(self.text, *cell)
        words = self.text[start:end]
        if not words or len(words) > 40 or "http" in words:
            return ""
        label = self.grammar.read("".join(words.split()))
        if label is None and "(" in words:
            label = self.grammar.read("".join(words.partition("(")[0].split()))
        return label.field if label else ""

    def _settle(self, fields: tuple[str, ...], rows: Sequence[tuple[Span | None, ...]]) -> tuple[str, ...]:
        """Give unlabelled columns a field by what they hold, and tell twice-named columns apart."""
        settled = list(fields)
        guesses = self._by_content(rows, len(fields))
        for column, name in enumerate(settled):
            if not name and guesses[column] and guesses[column] not in settled:
                settled[column] = guesses[column]
        names = [column for column, name in enumerate(settled) if name == "sdk"]
        if len(names) > 1 and "provider" not in settled:
            for column in names:
                if guesses[column] == "provider":
                    settled[column] = "provider"
                    break
        if "provider" in settled and "sdk" not in settled and self._names_both(rows, settled.index("provider")):
            settled[settled.index("provider")] = "name"
        return tuple(settled)

    def _names_both(self, rows: Sequence[tuple[Span | None, ...]], column: int) -> bool:
        """Whether a column names products with their companies in brackets: ``某某（某某有限公司）``."""
        width = max((len(row) for row in rows), default=0)  # a header alone has no rows
        places = [(row, column - (width - len(row))) for row in rows[:60]]  # short rows lack their first cells
        cells = [self.text[slice(*cell)] for row, at in places if 0 <= at < len(row) and (cell := row[at])]
        both = sum(bool(_BOTH_REGEX.search(cell)) for cell in cells)
        return both * 3 >= len(cells) > 0

    def _by_content(self, rows: Sequence[tuple[Span | None, ...]], width: int = 0) -> tuple[str, ...]:
        """What the columns hold: addresses, companies, SDK names, data items."""
        width = width or max((len(row) for row in rows), default=0)
        fields: list[str] = []
        for column in range(width):
            counts: Counter[str] = Counter()
            seen = 0
            for row in rows[:30]:
                cell = row[column] if column < len(row) else None
                if cell is None or not self.text[slice(*cell)].strip():
                    continue
                seen += 1
                counts[self._kind(self.text[slice(*cell)].strip())] += 1
            kind, count = counts.most_common(1)[0] if counts else ("", 0)
            name = kind if kind and count * 2 > seen else ""
            fields.append("" if name in fields else name)
        return tuple(fields)

    def _kind(self, words: str) -> str:
        if _URL_REGEX.search(words):
            return "link"
        if _NUMBER_REGEX.fullmatch(words):
            return "none"
        parts = [part for part in re.split(r"[、,;/\n()]", words[:200]) if part.strip()]
        known = sum(exact_concept(part, self.lexicon) is not None for part in parts)
        if parts and known * 2 >= len(parts):
            return "data_items"
        kind = classify_name(words, self.lexicon) if len(words) <= 40 else "unknown"
        if kind in NAME_FIELDS:
            return str(kind)
        if words.endswith("权限"):
            return "permissions"
        return ""

    def _entries(self, grid: Grid, rows: Sequence[tuple[Span | None, ...]], fields: tuple[str, ...]) -> list[Entry]:
        entries: list[Entry] = []
        above: tuple[Span | None, ...] = ()
        missing = 0 if grid.complete else self._missing(rows, fields)
        for row in rows:
            cells = row
            if missing and above and len(row) == len(fields) - missing:
                cells = (*above[:missing], *row)
            if self._repeats_header(cells, fields):
                continue
            if len(cells) == len(fields):
                above = cells
            runs = self._runs(cells, fields)
            if not any(run.field in NAME_FIELDS or run.field == "name" for run in runs):
                continue
            own = runs if cells is row else self._runs(row, fields)
            span = _hull([run.value for run in own or runs])
            entries.append(Entry("table", span, None, tuple(runs)))
        return entries

    def _missing(self, rows: Sequence[tuple[Span | None, ...]], fields: tuple[str, ...]) -> int:
        """By how many leading cells rows are short where a cell above spans them: the same number throughout."""
        short = Counter(len(fields) - len(row) for row in rows if 1 < len(row) < len(fields))
        if not short:
            return 0
        missing, count = short.most_common(1)[0]
        return missing if count * 4 >= sum(short.values()) * 3 and missing < len(fields) - 1 else 0

    def _repeats_header(self, cells: tuple[Span | None, ...], fields: tuple[str, ...]) -> bool:
        wanted = max(2, (len(fields) + 1) // 2)
        left = len(fields)
        for cell, name in zip(cells, fields, strict=False):
            if left < wanted:  # told by its first cells: nearly every row of a long table
                return False
            if name and self._column_label(cell) == name:
                wanted -= 1
            left -= 1
        return wanted <= 0

    def _runs(self, cells: tuple[Span | None, ...], fields: tuple[str, ...]) -> list[FieldRun]:
        runs: list[FieldRun] = []
        for column, name in enumerate(fields):
            cell = cells[column] if column < len(cells) else None
            if cell is None or not name:
                if cell is not None and self.text[slice(*cell)].strip():
                    runs.append(FieldRun("", trim(self.text, *cell)))
                continue
            value = trim(self.text, *cell, also="-") if name in LINK_FIELDS else trim(self.text, *cell)
            if value[0] < value[1]:
                runs.append(FieldRun(name, value))
        return runs


def _hull(spans: Sequence[Span]) -> Span:
    return min(start for start, _ in spans), max(end for _, end in spans)


def _width(grid: Grid) -> int:
    return max((len(row) for row in grid.rows), default=0)


def _transposed(grid: Grid) -> Grid:
    """The table turned: its first column becomes the header."""
    width = _width(grid)
    rows = tuple(tuple(row[column] if column < len(row) else None for row in grid.rows) for column in range(width))
    return Grid(grid.span, rows, grid.complete, 1)


def _tells(fields: Sequence[str]) -> bool:
    """Whether the columns tell of recipients: a name, and what is shared, why, or on whose terms."""
    names = {"provider" if name == "name" else name for name in fields}
    if not names & NAME_FIELDS:
        return False
    return bool(names & {"data_items", "permissions", "purpose", "scenario"}) or {"provider", "privacy_policy"} <= names
