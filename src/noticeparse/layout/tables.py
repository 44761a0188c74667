"""Reader for tables: what each column means, then one entry a row."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from noticeparse.document.model import Document
from noticeparse.document.view import View
from noticeparse.layout.aligned import aligned_grids
from noticeparse.layout.columns import column_judge, with_product_column
from noticeparse.layout.grid import Grid, Row, ruled_grid, tab_grids
from noticeparse.layout.keytables import KeyRecord, key_records
from noticeparse.layout.labels import LabelGrammar, label_grammar, says_method
from noticeparse.layout.lines import Line, trim
from noticeparse.layout.model import LINK_FIELDS, NAME_FIELDS, Entry, FieldRun, Proposal, explained
from noticeparse.layout.pipes import pipe_grids, placed
from noticeparse.lexicon.load import Lexicon
from noticeparse.memo import Answers
from noticeparse.names import classify_name
from noticeparse.pattern import Pattern
from noticeparse.records import Diagnostic, Span

_BOTH_REGEX = Pattern(r"[^\s(]\s*\([^()]*(?:\([^()]*\)[^()]*)?(?:公司|集团|Ltd|Inc|LLC|Limited)\.?\)?\s*$")
MAX_LABEL = 60  # characters of a header cell
MAX_KIND = 16  # characters of a kind heading between rows
_HEADER_ROWS = 3  # the header is looked for in the first rows
_TRANSLATED_REGEX = Pattern(r"((?=[^A-Za-z]*[\u4e00-\u9fff])[^A-Za-z]*[^A-Za-z\s])\s*+[A-Za-z][A-Za-z /&'-]*+")
_CLAUSE_REGEX = Pattern(r"[\n;。]")


def read_tables(view: View, document: Document, lines: Sequence[Line], lexicon: Lexicon) -> list[Proposal]:
    """Propose the rows of ruled, pipe, tab and aligned tables.

    A header of labels (SDK名称 | 公司 | 目的 | 信息 | 链接), a header in the second row under a title row, a further header
    between the rows, a transposed table whose first column holds the labels, and a table without a header, read by what
    its columns hold.

    Args:
        view: The notice.
        document: Its source, for ruled tables.
        lines: All lines, for drawn tables.
        lexicon: Vocabulary.
    """
    reader = _TableReader(view, lexicon)
    grids = [ruled_grid(view, table) for table in document.tables]
    if not document.tables or document.media_type == "text/plain":
        grids.extend(pipe_grids(view, lines, reader.column_label, reader.judge))
        grids.extend(tab_grids(view, lines))
        grids.extend(aligned_grids(view, lines, reader.column_label, reader.judge))
    proposals = []
    starts = [line.start for line in lines]
    for grid in sorted((piece for grid in grids for piece in reader.pieces(grid)), key=lambda grid: grid.span):
        above = _line_above(lines, bisect_left(starts, grid.span[0]))
        proposal = reader.read(grid, above)
        if proposal is not None:
            proposals.append(proposal)
    return proposals


Fields = tuple[str, ...]


@lru_cache(maxsize=4)
def _header_fields(lexicon: Lexicon) -> Answers[str, str]:
    """The fields that header cells name, by their words; the same few come in table after table."""
    grammar = label_grammar(lexicon)
    return Answers(lambda words: _header_field(words, grammar))


def _header_field(words: str, grammar: LabelGrammar) -> str:
    start, end = trim(words, 0, len(words))
    words = words[start:end]
    if not words or len(words) > MAX_LABEL or "http" in words or "\n\n" in words:
        return ""
    label = grammar.read("".join(words.split()))
    if label is None and "(" in words:
        label = grammar.read("".join(words.partition("(")[0].split()))
    if label is None and (match := _TRANSLATED_REGEX.fullmatch(words)):
        label = grammar.read("".join(match.group(1).split()))
    return label.field if label else ""


class _TableReader:
    def __init__(self, view: View, lexicon: Lexicon) -> None:
        self.view = view
        self.text = view.text
        self.lexicon = lexicon
        self.grammar = label_grammar(lexicon)
        self.judge = column_judge(lexicon)
        self._field_by_words = _header_fields(lexicon)
        self.suffixes = lexicon.words.get("category_suffix", ())
        self.kinds = lexicon.words.get("sdk_kind", ())

    def pieces(self, grid: Grid) -> list[Grid]:
        """One entry below another in a table of labels and values, cut where the first label comes again."""
        if _width(grid) != 2:
            return [grid]
        labels = [self.text[slice(*row[0])].strip() if row and row[0] else "" for row in grid.rows]
        if labels.count(labels[0]) < 2 or not self.column_label(grid.rows[0][0]):
            return [grid]
        starts = [at for at, label in enumerate(labels) if label == labels[0]]
        if min(b - a for a, b in pairwise([*starts, len(labels)])) < 2:
            return [grid]
        pieces = []
        for first, behind in pairwise([*starts, len(labels)]):
            rows = grid.rows[first:behind]
            cells = [cell for row in rows for cell in row if cell]
            span = (min(start for start, _ in cells), max(end for _, end in cells))
            pieces.append(Grid(span, rows, grid.complete))
        return pieces

    def read(self, grid: Grid, above: Line | None) -> Proposal | None:
        """Propose a table's rows; a kind heading right above the table (推送类, 支付SDK) is the kind of all of them."""
        found = self._header(grid)
        title = trim(self.text, above.content, above.end) if above else None
        if found is None or _width(grid) <= 4:
            records = key_records(self.text, grid, self.column_label)
            if records and (proposal := self._keyed(grid, records, title)):
                return proposal
        kind = title if title and self._is_kind(title) else None
        found = found or self._mixed_header(grid)
        if found is None and len(grid.rows) >= 2:
            found_turned = self._header(_transposed(grid, _HEADER_ROWS))
            if found_turned is not None and found_turned[0] == 1:
                grid, found = _transposed(grid, _width(grid)), found_turned
        entries: list[Entry] = []
        read: list[Span] = [kind] if kind else []
        notes: list[Diagnostic] = []
        for fields, rows, head in self._sections(grid, found):
            if _tells(fields):
                entries.extend(self._entries(grid, rows, fields, notes, kind))
            read.extend(head)
        if not entries:
            return None
        return Proposal("tables", grid.span, tuple(entries), explained(tuple(entries)), tuple(read), tuple(notes))

    def _keyed(self, grid: Grid, records: list[KeyRecord], title: Span | None) -> Proposal | None:
        """Propose a table of labels and values; a heading right above it names the product where no label does."""
        entries: list[Entry] = []
        for record in records:
            fields = tuple(run.field for run in record.runs)
            heading = record.title or (title if len(records) == 1 else None)
            if heading and ("sdk" in fields or not self._can_name(heading)):
                heading = None
            if _tells(fields) or (heading and _tells((*fields, "sdk"))):
                entries.append(Entry("table", record.span, heading, tuple(record.runs)))
        if not entries:
            return None
        return Proposal("tables", grid.span, tuple(entries), explained(tuple(entries)))

    def _can_name(self, title: Span) -> bool:
        words = self.text[slice(*title)]
        known = classify_name(words, self.lexicon) in NAME_FIELDS
        return known or (len(words) <= MAX_KIND and not any(mark in words for mark in "。:,;"))

    def _sections(self, grid: Grid, found: tuple[int, Fields] | None) -> list[tuple[Fields, list[Row], list[Span]]]:
        """The table's parts, each with its columns: a further header between the rows begins a new part."""
        if found is None:
            return [(self._with_purpose(self._by_content(grid.rows), grid.rows), list(grid.rows), [])]
        sections: list[tuple[Fields, list[Row], list[Span]]] = []
        first, fields = found
        head: list[Row] = list(grid.rows[:first])
        rows: list[Row] = []
        for row in grid.rows[first:]:
            labels = self._labels(row)
            if labels is not None and self._repeats(labels, fields):
                head.append(row)
            elif labels is not None:
                titled = len(rows) > 1 and self._only(rows[-1]) is not None
                sections.append(self._section(fields, rows[:-1] if titled else rows, head))
                fields, head, rows = labels, [*rows[-1:], row] if titled else [row], []
            else:
                rows.append(row)
        sections.append(self._section(fields, rows, head))
        return sections

    def _section(self, fields: Fields, rows: list[Row], head: list[Row]) -> tuple[Fields, list[Row], list[Span]]:
        return (
            self._settle(fields, rows, head[-1]),
            rows,
            [trim(self.text, *cell) for row in head for cell in row if cell],
        )

    def _header(self, grid: Grid) -> tuple[int, Fields] | None:
        """The first row below the header, and the fields of the columns; looked for in the first rows."""
        found: tuple[int, Fields] | None = None
        for index, row in enumerate(grid.rows[:_HEADER_ROWS]):
            fields = self._labels(row)
            if fields is not None and (found is None or len(set(fields)) >= len(set(found[1]))):
                found = index + 1, fields  # of two header rows, the one below says more
            elif found is not None:
                break
        return found

    def _mixed_header(self, grid: Grid) -> tuple[int, Fields] | None:
        """A header that labels the names only, over cells of labelled parts: ``第三方SDK | 说明``."""
        if len(grid.rows) < 2 or not 2 <= _width(grid) <= 4:
            return None
        fields = [self.column_label(cell) for cell in grid.rows[0]]
        if not set(fields) & NAME_FIELDS:
            return None
        self._mark_mixed(fields, grid.rows[1:])
        return (1, tuple(fields)) if "mixed" in fields else None

    def _labels(self, row: Row) -> Fields | None:
        """Fields that a row of labels names, ``None`` for a row that is no header: told by its first cells mostly."""
        told = sum(1 for cell in row if cell)
        labels: list[str] = []
        before = ""
        unread = 0
        for cell in row:
            label = self.column_label(cell)
            if label and cell and says_method(before, self.text[slice(*cell)].strip()):
                label = ""  # 共享方式 | | SDK | SDK, turned
            elif cell and self.text[slice(*cell)].strip():
                before = label
            labels.append(label)
            unread += bool(cell and not labels[-1])
            if unread * 2 > told:
                return None
        named = {name for name in labels if name not in ("", "none")}
        return tuple(labels) if len(named) >= 2 else None

    def column_label(self, cell: Span | None) -> str:
        """Field that a header cell names, an empty string for none; ``公司名称 Company`` is read by its Chinese part."""
        if cell is None:
            return ""
        start, end = cell
        if end - start > 2 * MAX_LABEL:
            start, end = trim(self.text, start, end)
            if end - start > MAX_LABEL:
                return ""
        return self._field_by_words[self.text[start:end]]

    def _settle(self, fields: Fields, rows: Sequence[Row], header: Row) -> Fields:
        """Give unlabelled columns a field by what they hold, and tell twice-named columns apart."""
        settled = list(fields)
        names = [column for column, name in enumerate(settled) if name == "sdk"]
        guess = self._guesses(rows)
        for column, name in enumerate(settled):
            if not name and (kind := guess(column)) and kind not in settled:
                settled[column] = kind
        if len(names) > 1 and "provider" not in settled:
            for column in names:
                if guess(column) == "provider":
                    settled[column] = "provider"
                    break
        if "provider" in settled and "sdk" not in settled and self._names_both(rows, settled.index("provider")):
            settled[settled.index("provider")] = "name"
        self._mark_mixed(settled, rows)
        labels = [self.text[slice(*cell)] if cell else "" for cell in header]
        return with_product_column(tuple(settled), labels, self._columns(rows, len(settled)), self.lexicon)

    def _mark_mixed(self, settled: list[str], rows: Sequence[Row]) -> None:
        """Mark columns of no known field whose cells hold labelled parts: ``使用目的：…⏎收集信息：…``."""
        for column, name in enumerate(settled):
            if name:
                continue
            cells = [cell for row in rows[:30] if column < len(row) and (cell := row[column])]
            told = sum(self._labelled_parts(cell) >= 2 for cell in cells)
            if told * 2 > len(cells):
                settled[column] = "mixed"

    def _labelled_parts(self, cell: Span) -> int:
        words = self.text[cell[0] : min(cell[1], cell[0] + 1000)]
        heads = [part.partition(":")[0] for part in _CLAUSE_REGEX.split(words) if ":" in part]
        return sum(self.grammar.read("".join(head.split())) is not None for head in heads if len(head) <= 20)

    def _columns(self, rows: Sequence[Row], width: int) -> list[list[str]]:
        """Words of each column's cells in the first rows."""
        places = [[row[at] if at < len(row) else None for row in rows[:60]] for at in range(width)]
        return [[self.text[slice(*cell)] for cell in column if cell] for column in places]

    def _names_both(self, rows: Sequence[Row], column: int) -> bool:
        """Whether a column names products with their companies in brackets: ``某某（某某有限公司）``."""
        width = max((len(row) for row in rows), default=0)  # a header alone has no rows
        places = [(row, column - (width - len(row))) for row in rows[:60]]  # short rows lack their first cells
        cells = [self.text[slice(*cell)] for row, at in places if 0 <= at < len(row) and (cell := row[at])]
        both = sum(bool(_BOTH_REGEX.search(cell)) for cell in cells)
        return both * 3 >= len(cells) > 0

    def _by_content(self, rows: Sequence[Row]) -> Fields:
        """What the columns hold: addresses, companies, SDK names, data items."""
        return tuple(map(self._guesses(rows), range(max((len(row) for row in rows), default=0))))

    def _guesses(self, rows: Sequence[Row]) -> Callable[[int], str]:
        """What a column holds, by its number; nothing where a column before it holds the same."""

        @cache
        def held(column: int) -> str:
            counts: dict[str, int] = {}
            for row in rows[:30]:
                cell = row[column] if column < len(row) else None
                if cell is not None and (words := self.text[slice(*cell)].strip()):
                    kind = self.judge.kind(words)
                    counts[kind] = counts.get(kind, 0) + 1
            seen = sum(counts.values())
            return next((kind for kind, count in counts.items() if count * 2 > seen), "")

        def guess(column: int) -> str:
            kind = held(column)
            return "" if kind and any(held(before) == kind for before in range(column)) else kind

        return guess

    def _with_purpose(self, fields: Fields, rows: Sequence[Row]) -> Fields:
        """Columns of a table without a header: the one column of other words beside names and data tells the purpose."""
        other = [column for column, name in enumerate(fields) if not name]
        if len(other) != 1 or not {"data_items", "permissions"} & set(fields):
            return fields
        column = other[0]
        words = [self.text[slice(*cell)].strip() for row in rows[:30] if column < len(row) and (cell := row[column])]
        if sum(len(word) > 1 for word in words) * 2 <= len(words):
            return fields
        return (*fields[:column], "purpose", *fields[column + 1 :])

    def _entries(
        self, grid: Grid, rows: Sequence[Row], fields: Fields, notes: list[Diagnostic], category: Span | None
    ) -> list[Entry]:
        entries: list[Entry] = []
        above: Row = ()
        missing = 0 if grid.complete else _missing(rows, fields)
        for row in rows:
            if (title := self._title(row)) is not None:
                category = title if self._is_kind(title) else None
                continue
            cells = self._whole(grid, row, fields)
            if len([cell for cell in cells if cell]) < len(fields) <= len(cells) and not grid.complete:
                notes.append(_ragged(self.view, row, fields))
            inherited = cells
            if missing and above and _leading(cells, fields) == missing:
                inherited = (*above[:missing], *cells[missing:])
            runs = self._runs(inherited, fields)
            if not any(run.field in NAME_FIELDS or run.field == "name" for run in runs):
                continue
            above = inherited
            own = runs if inherited is cells else self._runs(cells, fields)
            span = _hull([run.value for run in own or runs])
            if grid.turned and row[0] is not None:
                span = _hull(
                    [row[0], span]
                )  # side by side, entries are told apart by their first cells, also empty ones
            entries.append(Entry("table", span, None, tuple(runs), category))
        return entries

    def _whole(self, grid: Grid, row: Row, fields: Fields) -> Row:
        """A row with a place for each column; a short one stands at the right in drawn tables, where it fits in ruled ones."""
        short = len(fields) - len(row)
        if short > 0:
            return (*[None] * short, *row)
        if None in row and (grid.complete or row[-1] is None):
            cells = [cell for cell in row if cell is not None and self.text[slice(*cell)].strip()]
            return placed(self.text, row, cells, fields, self.judge) if cells else row
        return row

    def _title(self, row: Row) -> Span | None:
        """The one cell that spans a whole row, or stands alone in it: ``支付类``."""
        if len(row) < 2 or row[0] is None or (only := self._only(row)) is None:
            return None
        title = trim(self.text, *only)
        spanning = all(other == row[0] for other in row)
        return title if spanning or (title[0] >= row[0][0] and title[1] <= row[0][1] and self._is_kind(title)) else None

    def _only(self, row: Row) -> Span | None:
        """The one cell of a row that says something, if there is just one; it may span several columns."""
        only: Span | None = None
        for cell in row:
            if cell is not None and cell != only and self.text[slice(*cell)].strip():
                if only is not None:
                    return None
                only = cell
        return only

    def _is_kind(self, title: Span) -> bool:
        """Whether a heading names a kind of service: ``支付类``, ``消息推送SDK``; a product's name is none."""
        words = self.text[slice(*title)]
        if not 1 < len(words) <= MAX_KIND:
            return False
        kind = words.removesuffix("SDK").rstrip()
        if kind == words:
            return words.endswith(self.suffixes)
        while kind.endswith(self.kinds):
            kind = kind.removesuffix(max((word for word in self.kinds if kind.endswith(word)), key=len))
        return not kind or words.endswith(self.suffixes)

    @staticmethod
    def _repeats(labels: Fields, fields: Fields) -> bool:
        same = sum(1 for a, b in zip(labels, fields, strict=False) if a and a == b)
        return same >= 2 and same * 2 >= len(fields)

    def _runs(self, cells: Row, fields: tuple[str, ...]) -> list[FieldRun]:
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


def _line_above(lines: Sequence[Line], index: int) -> Line | None:
    """The nearest line above that is not blank, if no more than a few blank ones stand between."""
    for line in reversed(lines[max(0, index - 6) : index]):
        if not line.blank:
            return line
    return None


def _leading(row: Row, fields: Fields) -> int:
    """How many of its first cells a row lacks."""
    lacking = next((index for index, cell in enumerate(row) if cell is not None), len(row))
    return lacking + max(0, len(fields) - len(row))


def _missing(rows: Sequence[Row], fields: Fields) -> int:
    """By how many leading cells rows are short where a cell above spans them: the same number throughout."""
    short = Counter(lacking for row in rows if 0 < (lacking := _leading(row, fields)) < len(fields) - 1)
    if not short:
        return 0
    missing, count = short.most_common(1)[0]
    return missing if count * 4 >= sum(short.values()) * 3 else 0


def _ragged(view: View, row: Row, fields: Fields) -> Diagnostic:
    told = [cell for cell in row if cell is not None]
    span = view.span(told[0][0], told[-1][1])
    return Diagnostic("table-ragged", f"row of {len(told)} cells under {len(fields)} columns", span)


def _hull(spans: Sequence[Span]) -> Span:
    return min(start for start, _ in spans), max(end for _, end in spans)


def _width(grid: Grid) -> int:
    return max((len(row) for row in grid.rows), default=0)


def _transposed(grid: Grid, most: int) -> Grid:
    """The table turned, so that its first column becomes the header: the first so many of its columns, as rows."""
    columns = range(min(most, _width(grid)))
    rows = tuple(tuple([row[column] if column < len(row) else None for row in grid.rows]) for column in columns)
    return Grid(grid.span, rows, grid.complete, turned=True)


def _tells(fields: Sequence[str]) -> bool:
    """Whether the columns tell of recipients: a name, and what is shared, why, or on whose terms."""
    names = {"provider" if name == "name" else name for name in fields}
    if not names & NAME_FIELDS:
        return False
    if "mixed" in names:
        return True
    return bool(names & {"data_items", "permissions", "purpose", "scenario"}) or {"provider", "privacy_policy"} <= names
