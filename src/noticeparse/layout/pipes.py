"""Pipe tables drawn in plain text: with a rule or without, framed or not, one cell a line, rows broken over lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct

from noticeparse.document.view import View
from noticeparse.layout.columns import ColumnJudge
from noticeparse.layout.grid import MAX_COLUMNS, Grid
from noticeparse.layout.lines import Line
from noticeparse.layout.rowfit import Joint, Token, fit_rows
from noticeparse.memo import Answers
from noticeparse.pattern import Pattern
from noticeparse.records import Span

ReadLabel = Callable[[Span], str]
Row = tuple[Span | None, ...]

_RULE_REGEX = Pattern(
    r"[ \t]*+\|?(?:[ \t]*+:?-{3,}+:?[ \t]*+\|)++[ \t]*+(?::?-{3,}+:?[ \t]*+)?|[ \t]*+\|[ \t]*+:?-{3,}+:?[ \t]*+\|?[ \t]*+"
)
_ROWS_ON_A_LINE_REGEX = Pattern(r"(?<=[>)\]/\w])[ ]{2,4}(?=\S)")
_CLEARLY = 1.0  # by so much a moved row must suit the columns better
_MIN_STACK = 3  # header cells that a table of one cell a line has at least


class _Header(Struct, frozen=True):
    """A table's header: its cells, the line behind it (and behind its rule), and how the rows are drawn."""

    cells: tuple[Span, ...]
    fields: tuple[str, ...]
    start: int
    at: int  # index of its line
    body: int  # index of the first line of the body
    trailing: bool  # each cell ends in a pipe, none begins with one


def pipe_grids(view: View, lines: Sequence[Line], read_label: ReadLabel, judge: ColumnJudge) -> list[Grid]:
    """Grids of all pipe tables.

    ``SDK名称 | 公司`` with a rule below; ``| SDK名称 | 公司 |`` framed; ``SDK名称 | 公司 |`` with a pipe behind each cell,
    also one cell a line; rows broken over lines, rows that lack cells.

    Args:
        view: The notice.
        lines: All its lines.
        read_label: Field that a header cell names, an empty string for none.
        judge: Scores a cell's words against a field.
    """
    if "|" not in view.text:
        return []
    return _PipeReader(view, lines, read_label, judge).read()


class _PipeReader:
    def __init__(self, view: View, lines: Sequence[Line], read_label: ReadLabel, judge: ColumnJudge) -> None:
        self.text = view.text
        self.lines = lines
        self.read_label = read_label
        self.judge = judge
        # Such a line may be asked for as often as a header has cells, from each line above it; a few are remembered.
        self._cell_lines = Answers(partial(_cell_line, view.text, lines, read_label), 4 * MAX_COLUMNS)

    def read(self) -> list[Grid]:
        grids: list[Grid] = []
        index = 0
        while index < len(self.lines):
            header = self._header(index) if "|" in self._raw(index) else None
            if header is None:
                index += 1
                continue
            grid, index = self._stacked(header) if header.trailing else self._drawn(header)
            if grid is not None:
                grids.append(grid)
        grids.extend(self._framed([grid.span for grid in grids]))
        return grids

    # Headers

    def _header(self, index: int) -> _Header | None:
        line = self.lines[index]
        cells = tuple(cells_of(self.text, line.start, line.end))
        ruled = index + 1 < len(self.lines) and self._is_rule(index + 1)
        trailing = self._is_trailing(index)
        if trailing and len(cells) == 2 and not ruled:
            return self._stack_header(index)
        if trailing:
            cells = cells[:-1]
        if not 2 <= len(cells) <= MAX_COLUMNS or self._is_rule(index):
            return None
        fields = tuple(self.read_label(cell) for cell in cells)
        if not ruled and not _is_header(fields, sum(stop > start for start, stop in cells)):
            return None
        return _Header(cells, fields, line.start, index, index + (2 if ruled else 1), trailing)

    def _stack_header(self, index: int) -> _Header | None:
        """A header of one cell a line, each with its pipe: ``SDK名称 |⏎公司 |⏎目的 |``."""
        cells: list[Span] = []
        fields: list[str] = []
        at = index
        while len(cells) <= MAX_COLUMNS and (known := self._cell_lines[at]):
            cell, field = known
            if not field and (at > index or cell[1] > cell[0]):
                following = self._cell_lines[at + 1]
                if not following or at == index or not following[1]:
                    break
            cells.append(cell)
            fields.append(field)
            at += 1
        if not _MIN_STACK <= len(cells) <= MAX_COLUMNS or not _is_header(fields, len(cells)):
            return None
        if not fields[0] and not (at < len(self.lines) and self._cell(at)[0] == self._cell(at)[1]):
            cells, fields = cells[1:], fields[1:]  # the empty cell in front is not the rows' first one
        return _Header(tuple(cells), tuple(fields), cells[0][0], index, at, trailing=True)

    def _cell(self, index: int) -> Span:
        line = self.lines[index]
        return cells_of(self.text, line.start, line.end)[0]

    def _is_trailing(self, index: int) -> bool:
        raw = self._raw(index).strip()
        return raw.endswith("|") and (raw == "|" or not raw.startswith("|"))

    def _is_rule(self, index: int) -> bool:
        raw = self._raw(index)
        return "-" in raw and "|" in raw and _RULE_REGEX.fullmatch(raw) is not None

    def _raw(self, index: int) -> str:
        line = self.lines[index]
        return self.text[line.start : line.end]

    # Rows whose cells each end in a pipe

    def _stacked(self, header: _Header) -> tuple[Grid | None, int]:
        """Rows told by counting pipes: each cell, an empty one too, ends in one; lines break anywhere."""
        width = len(header.cells)
        rows: list[Row] = [header.cells]
        row: list[Span] = []
        last = header.body
        index, start = header.body, -1
        while index < len(self.lines):
            line = self.lines[index]
            if "|" not in self._raw(index):
                goes_on = (row or start >= 0) and line.start < line.end and "|" in self._next_raw(index)
                if not goes_on:
                    break
                start = line.start if start < 0 else start
                index += 1
                continue
            if not row and start < 0 and not self._is_trailing(index) and not self._raw(index).strip().startswith("||"):
                break  # drawn otherwise: another table
            begin = line.start if start < 0 else start
            start = -1
            for cell in self._ended_cells(begin, line.end):
                row.append(cell)
                if len(row) == width:
                    rows.append(tuple(row))
                    row, last = [], index + 1
            index += 1
        if len(row) * 2 > width:
            rows.append((*row, *[None] * (width - len(row))))
            last = index
        if len(rows) < 2:
            return None, header.body
        end = self.lines[last - 1].end
        settled = [rows[0], *(self._settled(row, header.fields) for row in rows[1:])]
        return Grid((header.start, end), tuple(settled), complete=False), max(last, header.body)

    def _ended_cells(self, start: int, end: int) -> list[Span]:
        cells: list[Span] = []
        while True:
            pipe = self.text.find("|", start, end)
            if pipe < 0:
                return cells
            cells.append((start, pipe))
            start = pipe + 1

    def _next_raw(self, index: int) -> str:
        return self._raw(index + 1) if index + 1 < len(self.lines) else ""

    def _settled(self, row: Sequence[Span | None], fields: tuple[str, ...]) -> Row:
        """A row that lacks cells, its cells moved to the columns that they suit: converters shift them to the front."""
        cells = [cell for cell in row if cell is not None and self.text[slice(*cell)].strip()]
        if not cells or len(cells) == len(fields):
            return tuple(row)
        return placed(self.text, row, cells, fields, self.judge)

    # Rows told by their line ends

    def _drawn(self, header: _Header) -> tuple[Grid | None, int]:
        last = header.body
        while last < len(self.lines):
            if self._belongs(last):
                last += 1
            elif self._goes_on_below(last, len(header.cells)):
                last += 2  # a break at the end of a cell left a blank line
            else:
                break
        if last == header.body:
            return (Grid((header.start, header.cells[-1][1]), (header.cells,), complete=False), last)
        end = self.lines[last - 1].end
        width = len(header.cells)
        body = self.lines[header.body : last]
        framed = sum(self.text[line.start : line.end].lstrip().startswith("|") for line in body) * 2 > len(body)
        rows: list[Row]
        if not framed and all(self.text.count("|", line.start, line.end) == width - 1 for line in body):
            rows = [tuple(cells_of(self.text, line.start, line.end)) for line in body]  # nothing is in doubt
        elif not framed and _is_header(header.fields, width):
            hard = self._is_hard(self.lines[header.at]) or sum(map(self._is_hard, body)) * 2 >= len(body)
            tokens = self._tokens(body, hard=hard)
            fit = fit_rows(self.text, tokens, header.fields, self.judge, whole=True)
            rows = spanned(self.text, [row.cells for row in fit.rows], header.fields, self.judge)
        else:
            rows = self._counted(body, width, framed=framed)
            if _is_header(header.fields, width):
                rows = [self._settled(row, header.fields) if len(row) < width else row for row in rows]
        return Grid((header.start, end), (header.cells, *rows), complete=False), last

    def _belongs(self, index: int) -> bool:
        """Whether a line is part of the table above: it has a pipe, or it goes on in a cell that was left open."""
        line = self.lines[index]
        raw = self._raw(index)
        if line.start >= line.end or not raw.strip() or (index + 1 < len(self.lines) and self._is_rule(index + 1)):
            return False
        if "|" in raw:
            return True
        if raw.lstrip().startswith("#"):
            return False
        before = self.lines[index - 1]
        if self._raw(index - 1).rstrip().endswith("|"):
            return True
        if self._is_hard(before):
            return self._is_hard(line) and "|" in self._next_raw(index)
        return (self._is_hard(line) or "|" in self._next_raw(index)) and bool(self._raw(index - 1).strip())

    def _goes_on_below(self, index: int, width: int) -> bool:
        """Whether a full row stands below the one blank line here."""
        if index + 1 >= len(self.lines) or self._raw(index).strip() or self._raw(index + 1).count("|") != width - 1:
            return False
        return not self._is_rule(index + 1) and not (index + 2 < len(self.lines) and self._is_rule(index + 2))

    def _is_hard(self, line: Line) -> bool:
        """Whether two blanks end the line, the hard break of Markdown."""
        return self.text[line.end : line.end + 2] == "  "

    def _tokens(self, body: Sequence[Line], *, hard: bool) -> list[Token]:
        """Pieces of cells: cut at pipes and at line ends; where hard breaks are kept, only they may end a row."""
        tokens: list[Token] = []
        joint = Joint.CELL
        for line in body:
            start = line.start
            while True:
                pipe = self.text.find("|", start, line.end)
                stop = pipe if pipe >= 0 else line.end
                tokens.extend(self._pieces(start, stop, joint, hard=hard))
                joint = Joint.CELL
                if pipe < 0:
                    break
                start = pipe + 1
            if self.text[start : line.end].strip() or start == line.start:
                joint = Joint.HARD if self._is_hard(line) or not hard else Joint.SOFT
            elif pipe < 0:  # the line ends in a pipe: what follows is the next cell
                tokens.pop()
        return tokens

    def _pieces(self, start: int, stop: int, joint: Joint, *, hard: bool) -> list[Token]:
        """A cell's piece on one line; cut where a row's end and the next row came to stand on one line."""
        pieces: list[Token] = []
        if hard and self.text.find("  ", start, stop) >= 0:
            for match in _ROWS_ON_A_LINE_REGEX.finditer(self.text, start, stop):
                cell = self.text[start : match.start()]
                if "http" in cell or "www." in cell:
                    pieces.append(Token((start, match.start()), joint))
                    start, joint = match.end(), Joint.HARD
        pieces.append(Token((start, stop), joint))
        return pieces

    def _counted(self, body: Sequence[Line], width: int, *, framed: bool) -> list[Row]:
        """Rows told by counting pipes: a row goes on until it has as many cells as the header."""
        text = self.text
        need = width + 1 if framed else width - 1
        spans: list[Span] = []
        start, pipes = body[0].start, 0
        for position, line in enumerate(body):
            raw = text[line.start : line.end]
            if framed and raw.lstrip().startswith("|") and pipes:
                spans.append((start, body[position - 1].end))
                start, pipes = line.start, 0
            pipes += raw.count("|")
            following = text[body[position + 1].start : body[position + 1].end] if position + 1 < len(body) else "|"
            full = pipes >= need and not (raw.rstrip().endswith("|") and not framed)
            if full and ("|" in following or framed):
                spans.append((start, line.end))
                start, pipes = line.end, 0
        if start < body[-1].end and text[start : body[-1].end].strip():
            spans.append((start, body[-1].end))
        rows = [tuple(cells_of(text, *span)) for span in spans]
        return [row for row in rows if any(stop > begin for begin, stop in row)]

    # Tables without a header that is known

    def _framed(self, taken: Sequence[Span]) -> list[Grid]:
        """Pipe tables without a rule: at least three lines framed by pipes, each with as many cells."""
        grids: list[Grid] = []
        index = 0
        while index < len(self.lines):
            width = self._framed_width(index)
            first = index
            while index < len(self.lines) and width >= 2 and self._framed_width(index) == width:
                index += 1
            span = (self.lines[first].start, self.lines[max(first, index - 1)].end)
            if index - first >= 3 and not any(start < span[1] and span[0] < end for start, end in taken):
                rows = tuple(tuple(cells_of(self.text, line.start, line.end)) for line in self.lines[first:index])
                grids.append(Grid(span, rows, complete=False))
            index = max(index, first + 1)
        return grids

    def _framed_width(self, index: int) -> int:
        raw = self._raw(index).strip()
        return raw.count("|") - 1 if raw.startswith("|") and raw.endswith("|") and len(raw) > 2 else 0


def placed(
    text: str, row: Sequence[Span | None], cells: Sequence[Span], fields: tuple[str, ...], judge: ColumnJudge
) -> Row:
    """Move a short row's cells to the columns that they suit, if that is clearly better than as they stand."""
    as_they_stand = _worth(text, row, fields, judge)
    if len(cells) <= len(fields):
        most = sum(max(judge.scores(fields, text[slice(*cell)])) for cell in cells)
        if most <= as_they_stand + _CLEARLY:
            return tuple(row)  # even each cell in the column that suits it best would be no better
    tokens = [Token(cell, Joint.CELL) for cell in cells]
    fit = fit_rows(text, tokens, fields, judge, whole=True)
    if len(fit.rows) != 1:
        return tuple(row)
    moved = fit.rows[0].cells
    return moved if _worth(text, moved, fields, judge) > as_they_stand + _CLEARLY else tuple(row)


def spanned(text: str, rows: Sequence[Row], fields: tuple[str, ...], judge: ColumnJudge) -> list[Row]:
    """Rows that lack as many cells as others lack at the front are read like those: a cell above spans them."""
    lacks = Counter(lead for row in rows if (lead := _leading_lack(row)) and None not in row[lead:])
    if not lacks or lacks.most_common(1)[0][1] < 2:
        return list(rows)
    lead = lacks.most_common(1)[0][0]
    result: list[Row] = []
    for row in rows:
        cells = [cell for cell in row if cell is not None]
        if len(cells) == len(fields) - lead and None in row[lead:]:
            moved: Row = (*[None] * lead, *cells)
            row = moved if _worth(text, moved, fields, judge) > _worth(text, row, fields, judge) - 1.5 else row
        result.append(row)
    return result


def _leading_lack(row: Row) -> int:
    return next((index for index, cell in enumerate(row) if cell is not None), len(row))


def _worth(text: str, row: Sequence[Span | None], fields: tuple[str, ...], judge: ColumnJudge) -> float:
    cells = zip(range(len(fields)), row, strict=False)
    return sum(judge.scores(fields, text[slice(*cell)])[column] for column, cell in cells if cell)


def _cell_line(text: str, lines: Sequence[Line], read_label: ReadLabel, index: int) -> tuple[Span, str] | None:
    """Cell and field of a line that is one cell with its pipe, ``None`` for another or none."""
    if index >= len(lines):
        return None
    start, end = lines[index].start, lines[index].end
    raw = text[start:end].strip()
    if raw.count("|") != 1 or not raw.endswith("|"):
        return None
    cell = cells_of(text, start, end)[0]
    return cell, read_label(cell)


def _is_header(fields: Sequence[str], cells: int) -> bool:
    """Whether a row of labels is a header: at least two name a field, and at least half of its cells are labels."""
    named = {name for name in fields if name not in ("", "none")}
    return len(named) >= 2 and sum(bool(name) for name in fields) * 2 >= cells


def cells_of(text: str, start: int, end: int) -> list[Span]:
    """Cells of one row; pipes at both ends are the table's frame, a pipe at the end alone leaves an empty last cell."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end and text[start] == "|":
        start += 1
        if end > start and text[end - 1] == "|":
            end -= 1
    cells: list[Span] = []
    while True:
        pipe = text.find("|", start, end)
        stop = pipe if pipe >= 0 else end
        cells.append((start, stop))
        if pipe < 0:
            return cells
        start = pipe + 1
