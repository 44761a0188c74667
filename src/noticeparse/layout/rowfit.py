"""Rows from a stream of cells whose places are in doubt: cells may be missing, broken over lines, or shifted.

The stream's tokens are dealt out to columns so that what they hold suits the columns best (a shortest path over tokens
and columns). A cell that a line break cut is joined, a missing one left out, and junk behind the table not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import cast

from msgspec import Struct

from noticeparse.layout.columns import URL_REGEX, ColumnJudge
from noticeparse.layout.model import LINK_FIELDS, NAME_FIELDS
from noticeparse.records import Span

PATIENCE = 40  # tokens after the best end so far, before the rest is taken for other text
_WRAPPED = 30  # characters of a line that may have been cut at its width
_OPEN_END = "、,;(:-/&和及与或的"
_CLOSED_END = "。;!?"
_LONG_FIELDS = ("data_items", "permissions", "purpose", "scenario")


class Joint(Enum):
    """What stands before a token, and so what the token may be."""

    CELL = "cell"  # the next cell of the row
    SOFT = "soft"  # a line break inside a cell
    HARD = "hard"  # a break that ends a row or stands inside a cell
    BLANK = "blank"  # a blank: between two cells of a row, or inside one
    LINE = "line"  # a line of its own: the next cell, the next row, or the rest of a broken cell


class Token(Struct, frozen=True):
    """A piece of a cell, and what stands before it."""

    span: Span
    joint: Joint


class FittedRow(Struct, frozen=True):
    """One row: a span for each column, ``None`` where the row has no such cell."""

    cells: tuple[Span | None, ...]


class Fit(Struct, frozen=True):
    """Rows found, how many tokens they use, and how well all suits."""

    rows: tuple[FittedRow, ...]
    used: int
    score: float


def fit_rows(text: str, tokens: Sequence[Token], fields: tuple[str, ...], judge: ColumnJudge, *, whole: bool) -> Fit:
    """Deal tokens out to rows.

    Args:
        text: Text of the view.
        tokens: In order; the first begins a row.
        fields: Fields of the columns.
        judge: Scores words against a field.
        whole: Whether all tokens belong to the table; else the best first part is taken.
    """
    return _Fitter(text, tokens, fields, judge).fit(whole=whole)


def full_rows(text: str, tokens: Sequence[Token], fields: tuple[str, ...], judge: ColumnJudge, number: int) -> Fit:
    """The first tokens as rows that lack no cell; no rows where tokens are too few or one goes on in the next.

    Args:
        text: Text of the view.
        tokens: In order; the first begins a row.
        fields: Fields of the columns.
        judge: Scores words against a field.
        number: How many rows.
    """
    width = len(fields)
    spans = [token.span for token in tokens[: number * width]]
    if len(spans) < number * width or any(_goes_on(text[slice(*span)].rstrip()) for span in spans):
        return Fit((), 0, 0.0)
    worth = sum([judge.scores(fields, text[slice(*span)])[at % width] for at, span in enumerate(spans)])
    rows = tuple(FittedRow(tuple(spans[at : at + width])) for at in range(0, len(spans), width))
    return Fit(rows, len(spans), worth)


def _goes_on(words: str) -> bool:
    if words == "/" or URL_REGEX.match(words):
        return False
    return words[-1:] in _OPEN_END or words.count("(") > words.count(")")


_GAP_COST = 0.35  # of each run of cells that a row lacks: one run, as a spanning cell leaves it, is likelier than two
_NAMELESS_COST = 1.5  # of a row without the cells that name its recipient


def _skip_cost(field: str) -> float:
    if field in ("", "none"):
        return 0.15
    return 0.25 if field in LINK_FIELDS else 0.4


class _Step(Struct):
    score: float
    before: int  # column of the token before, -1 at the start
    new_row: bool


class _Fitter:
    def __init__(self, text: str, tokens: Sequence[Token], fields: tuple[str, ...], judge: ColumnJudge) -> None:
        self.text = text
        self.tokens = tokens
        self.fields = fields
        self.judge = judge
        self.last_name = max((at for at, field in enumerate(fields) if field in NAME_FIELDS), default=-1)
        costs = [_skip_cost(field) for field in fields]
        self.passed = [0.0]  # passed[k]: cost of skipping the first k columns
        for cost in costs:
            self.passed.append(self.passed[-1] + cost)
        size = len(fields)
        self.gaps = [[self._gap(first, last) for last in range(size + 1)] for first in range(size + 1)]
        self.leads = [self._lead(column) for column in range(size)]
        # Share of a break's cost; none for links, of which a cell holds several, or one that a break cut.
        self.costs = [None if field in LINK_FIELDS else 1.0 for field in fields]
        self.hard_costs = [
            share and (0.5 if field in _LONG_FIELDS else 1.0) for share, field in zip(self.costs, fields, strict=True)
        ]
        self.rests = [self.gaps[column + 1][size] for column in range(size)]

    def fit(self, *, whole: bool) -> Fit:
        table: list[list[_Step | None]] = []
        best, best_end = 0.0, 0
        for index, token in enumerate(self.tokens):
            table.append(self._advance(table[-1] if table else None, index, token))
            ends = [step.score - self.rests[column] for column, step in enumerate(table[-1]) if step is not None]
            if not ends:
                break
            if max(ends) > best:
                best, best_end = max(ends), index + 1
            if not whole and index - best_end > PATIENCE:
                break
        if whole:
            best_end = len(table)
        if not best_end:
            return Fit((), 0, 0.0)
        return self._trace(table[:best_end])

    def _lead(self, column: int) -> float:
        """Cost of a row that begins at a column: it lacks those before it, its names perhaps."""
        nameless = 0 <= self.last_name < column
        return self._gap(0, column) + (_NAMELESS_COST if nameless else 0.0)

    def _gap(self, first: int, last: int) -> float:
        """Cost of lacking the columns from ``first`` to before ``last``."""
        return self.passed[last] - self.passed[first] + _GAP_COST if first < last else 0.0

    def _advance(self, before: list[_Step | None] | None, index: int, token: Token) -> list[_Step | None]:
        words = self.text[slice(*token.span)]
        size = len(self.fields)
        worth = self.judge.scores(self.fields, words)
        now: list[_Step | None] = [None] * size
        best_ended, ended_by = float("-inf"), -1
        if before is None:
            for column in range(size):
                now[column] = _Step(worth[column] - self.leads[column], -1, True)
            return now
        joint = token.joint
        ahead, below = joint in (Joint.CELL, Joint.LINE, Joint.BLANK), joint in (Joint.HARD, Joint.LINE)
        joined = None if joint is Joint.CELL else self._joined(index, worth)
        for old, step in enumerate(before):
            if step is None:
                continue
            if joined is not None:
                self._offer(now, old, step.score + joined[old], old, new_row=False)
            if ahead:
                gaps, score = self.gaps[old + 1], step.score
                for column in range(old + 1, size):
                    offered = score + worth[column] - gaps[column]
                    held = now[column]
                    if held is None or offered > held.score:
                        now[column] = _Step(offered, old, False)
            if below:
                ended = step.score - self.rests[old]
                if ended > best_ended:
                    best_ended, ended_by = ended, old
        if ended_by >= 0:  # of the rows that may end here the best one does, whatever begins behind it
            for column, lead in enumerate(self.leads):
                offered = best_ended + worth[column] - lead
                held = now[column]
                if held is None or offered > held.score or (offered == held.score and ended_by < held.before):
                    now[column] = _Step(offered, ended_by, True)
        if joint is Joint.CELL and not any(now):  # more cells than columns: the last takes the rest
            for old, step in enumerate(before):
                if step is not None:
                    self._offer(now, old, step.score - 1.0, old, new_row=False)
        return now

    def _joined(self, index: int, worth: Sequence[float]) -> list[float]:
        """Score of a token that goes on in the cell of the token before, in each column."""
        token, last = self.tokens[index], self.tokens[index - 1]
        if token.joint is Joint.SOFT:
            return [0.3 * one for one in worth]
        half = [0.5 * min(one, 1.0) for one in worth]
        if token.joint is Joint.BLANK:
            return [one - 0.2 for one in half]
        tail = self.text[last.span[0] : last.span[1]].rstrip()
        if tail.count("(") > tail.count(")"):
            return [1.0] * len(half)  # the break stands inside a bracket
        cost = 0.1 if tail[-1:] in _OPEN_END else 0.9 if tail[-1:] in _CLOSED_END else 0.6
        if len(tail) >= _WRAPPED and cost == 0.6:
            cost = 0.3
        costs = self.hard_costs if token.joint is Joint.HARD else self.costs
        return [one - (0.2 if share is None else share * cost) for one, share in zip(half, costs, strict=True)]

    @staticmethod
    def _offer(now: list[_Step | None], column: int, score: float, old: int, *, new_row: bool) -> None:
        step = now[column]
        if step is None or score > step.score:
            now[column] = _Step(score, old, new_row)

    def _trace(self, table: list[list[_Step | None]]) -> Fit:
        ends = [(step.score - self.rests[column], -column) for column, step in enumerate(table[-1]) if step is not None]
        score, negative = max(ends)
        column = -negative
        places: list[tuple[int, bool]] = []
        for index in range(len(table) - 1, -1, -1):
            step = cast(_Step, table[index][column])  # the path was built from steps
            places.append((column, step.new_row))
            column = step.before
        places.reverse()
        rows: list[FittedRow] = []
        cells: list[Span | None] = []
        for token, (column, new_row) in zip(self.tokens, places, strict=False):
            if new_row:
                if cells:
                    rows.append(FittedRow(tuple(cells)))
                cells = [None] * len(self.fields)
            held = cells[column]
            cells[column] = token.span if held is None else (held[0], token.span[1])
        rows.append(FittedRow(tuple(cells)))
        return Fit(tuple(rows), len(table), score)
