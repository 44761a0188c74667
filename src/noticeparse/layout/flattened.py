"""Reader for tables flattened to one cell a line: a run of label lines, then rows told by order and by what cells hold."""

from __future__ import annotations

from collections.abc import Sequence

from noticeparse.document.view import View
from noticeparse.layout.columns import column_judge, with_product_column
from noticeparse.layout.labels import label_grammar, line_labels
from noticeparse.layout.lines import Line, trim
from noticeparse.layout.model import CONTENT_FIELDS, NAME_FIELDS, Entry, FieldRun, Proposal, explained
from noticeparse.layout.rowfit import Fit, Joint, Token, fit_rows, full_rows
from noticeparse.lexicon.load import Lexicon
from noticeparse.records import Span

MIN_COLUMNS = 3
MAX_COLUMNS = 20
FULL_ROW = 1.0  # how much worse a row without a gap may suit its columns
FULL_ROW_TOLD = 4.0  # the same where the table prints the cells that say nothing: / or 无


def read_flattened(view: View, lines: Sequence[Line], lexicon: Lexicon) -> list[Proposal]:
    """Propose the rows of flattened tables.

    ``SDK名称⏎公司⏎目的⏎信息⏎链接⏎某某SDK⏎某某公司⏎推送⏎IMEI⏎https://…⏎…``: at least three label lines with a name among
    them. Rows that lack a cell, cells broken over lines, the header printed again and text behind the table are told by
    what the lines hold.
    """
    grammar = label_grammar(lexicon)
    solid = [line for line in lines if not line.blank]
    fields = [label.field if label else "" for label in line_labels(view, solid, grammar)]
    headers = _headers(fields)
    reader = _Rows(view, solid, lexicon)
    proposals: list[Proposal] = []
    for number, (first, stop) in enumerate(headers):
        end = headers[number + 1][0] if number + 1 < len(headers) else len(solid)
        header = tuple(fields[first:stop])
        labels = [view.text[line.content : line.end] for line in solid[first:stop]]
        entries = reader.read(header, labels, stop, end)
        if entries:
            read = tuple((line.content, line.end) for line in solid[first:stop])
            span = (solid[first].content, entries[-1].span[1])
            proposals.append(Proposal("flattened", span, entries, explained(entries), read))
    return proposals


def _headers(fields: Sequence[str]) -> list[tuple[int, int]]:
    """Runs of label lines that are a table's header, as first line and the line behind the last."""
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(fields):
        stop = index
        while stop < len(fields) and fields[stop] and stop - index < MAX_COLUMNS:
            stop += 1
        named = set(fields[index:stop])
        if stop - index >= MIN_COLUMNS and named & NAME_FIELDS and len(named) >= MIN_COLUMNS:
            found.append((index, stop))
        index = max(stop, index + 1)
    return found


class _Rows:
    """Deals lines out to columns, row by row."""

    def __init__(self, view: View, lines: Sequence[Line], lexicon: Lexicon) -> None:
        self.text = view.text
        self.lines = lines
        self.lexicon = lexicon
        self.judge = column_judge(lexicon)

    def read(self, header: tuple[str, ...], labels: Sequence[str], first: int, end: int) -> tuple[Entry, ...]:
        tokens = [Token((line.start, line.end), Joint.LINE) for line in self.lines[first:end]]
        if not tokens:
            return ()
        fit = self._fit(tokens, header)
        columns = [
            [self.text[slice(*cell)] for row in fit.rows if (cell := row.cells[at])] for at in range(len(header))
        ]
        settled = with_product_column(header, labels, columns, self.lexicon)
        if settled != header:
            header, fit = settled, self._fit(tokens, settled)
        entries = [entry for row in fit.rows if (entry := self._entry(header, row.cells)) is not None]
        return tuple(entries)

    def _fit(self, tokens: Sequence[Token], header: tuple[str, ...]) -> Fit:
        """Rows that suit the columns; rows without a gap are believed though others would suit a little better."""
        fit = fit_rows(self.text, tokens, header, self.judge, whole=False)
        number = fit.used // len(header)
        whole = [full_rows(self.text, tokens, header, self.judge, rows) for rows in (number, number + 1)]
        best = max(whole, key=lambda one: one.score)
        absent = self.lexicon.words.get("absent", ())
        told = any(self.text[slice(*token.span)].strip() in absent for token in tokens[: best.used])
        slack = (FULL_ROW_TOLD if told else FULL_ROW) * len(best.rows)
        return best if best.rows and best.score + slack >= fit.score else fit

    def _entry(self, header: tuple[str, ...], cells: Sequence[Span | None]) -> Entry | None:
        runs: list[FieldRun] = []
        told = [cell for cell in cells if cell is not None]
        for field, cell in zip(header, cells, strict=True):
            if cell is None:
                continue
            value = trim(self.text, *cell)
            if value[0] < value[1]:
                runs.append(FieldRun(field, value))
        fields = {run.field for run in runs}
        if not fields & NAME_FIELDS or not (fields & CONTENT_FIELDS or len(fields) >= MIN_COLUMNS):
            return None
        return Entry("list", (told[0][0], told[-1][1]), None, tuple(runs))
