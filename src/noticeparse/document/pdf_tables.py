"""Ruled tables of a PDF: cells on a grid, and tables that a page break cut joined again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct, field

from noticeparse.document.pdf_lines import Char, Paragraph, TextLine, join_lines, read_lines

Box = tuple[float, float, float, float]
_TOLERANCE = 3.0


class RuledCell(Struct):
    """A cell: its place on the grid, its lines, and where they end at most."""

    row: int
    column: int
    rowspan: int
    colspan: int
    right: float
    lines: list[TextLine] = field(default_factory=list)

    def paragraphs(self) -> list[Paragraph]:
        """Its text."""
        return join_lines(self.lines, self.right)

    @property
    def words(self) -> str:
        """Its characters without white space, to compare."""
        return "".join("".join(line.text.split()) for line in self.lines)


class RuledTable(Struct):
    """A table on its page, and later its parts of the next pages too.

    Attributes:
        xs: Left edges of its columns and the right edge of the last.
        cells: In order of rows and columns.
        rows: Number of rows.
    """

    top: float
    xs: tuple[float, ...]
    cells: list[RuledCell]
    rows: int

    def row(self, number: int) -> list[RuledCell]:
        """The cells that begin in a row."""
        return [cell for cell in self.cells if cell.row == number]


def read_table(boxes: Sequence[Box], chars: Sequence[Char], page: int) -> tuple[RuledTable, list[Char]] | None:
    """Lay boxes out on a grid and fill them with characters; ``None`` for a frame around text, of one column or cell.

    Also gives the characters that lie in no cell.

    Args:
        boxes: Left, top, right and bottom of each cell.
        chars: Characters that lie inside the table.
        page: Number of the page.
    """
    # Where no cell begins is no column: the right edges of tables of several widths that touch.
    xs = [*_edges([box[0] for box in boxes]), max(box[2] for box in boxes)]
    ys = _edges([y for box in boxes for y in (box[1], box[3])])
    if len(xs) < 3 or len(boxes) < 2:
        return None
    places: dict[tuple[int, int], int] = {}
    cells: list[RuledCell] = []
    inside: list[list[Char]] = []
    for x0, top, x1, bottom in sorted(boxes, key=lambda box: (box[1], box[0])):
        row, column = _index(ys, top), _index(xs, x0)
        right = max(column + 1, _index(xs, x1) if x1 < xs[-1] - _TOLERANCE else len(xs) - 1)
        covered = [(r, c) for r in range(row, _index(ys, bottom)) for c in range(column, right)]
        if not covered or any(place in places for place in covered):
            continue
        places.update(dict.fromkeys(covered, len(cells)))
        cells.append(RuledCell(row, column, covered[-1][0] - row + 1, covered[-1][1] - column + 1, x1))
        inside.append([])
    outside: list[Char] = []
    for char in chars:
        at = places.get((bisect_right(ys, char.down) - 1, bisect_right(xs, char.across) - 1))
        (outside if at is None else inside[at]).append(char)
    for cell, own in zip(cells, inside, strict=True):
        cell.lines = read_lines(own, page)
        padding = min((line.x0 for line in cell.lines), default=0.0) - xs[cell.column]
        cell.right -= max(0.0, min(padding, 12.0))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return RuledTable(ys[0], tuple(xs), cells, len(ys) - 1), outside


def _edges(values: list[float]) -> list[float]:
    """Distinct edges, those that lie within the tolerance of each other as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _TOLERANCE:
            found.append(value)
    return found


def _index(edges: Sequence[float], value: float) -> int:
    return bisect_right(edges, value + _TOLERANCE / 2) - 1


def continues(table: RuledTable, following: RuledTable) -> bool:
    """Whether a table at the top of a page has the columns of the one at the bottom of the page before."""
    return len(table.xs) == len(following.xs) and all(
        abs(a - b) <= _TOLERANCE for a, b in zip(table.xs, following.xs, strict=True)
    )


def join_tables(table: RuledTable, following: RuledTable) -> None:
    """Append the rows of a table's part on the next page.

    Its head rows printed again are dropped. A first row whose name is empty is the rest of a row that the break cut, or
    stands beside a cell that spans rows on both pages.

    Args:
        table: The table so far; it is extended.
        following: Its part on the next page.
    """
    repeated = 0
    while repeated < min(following.rows, table.rows) and _same_row(table.row(repeated), following.row(repeated)):
        repeated += 1
    if repeated == following.rows:
        return
    last = table.rows - 1
    first = following.row(repeated)
    cut = bool(first) and first[0].column == 0 and not first[0].words and any(cell.words for cell in first)
    upper = {cell.column: cell for cell in table.cells if cell.row + cell.rowspan - 1 == last}
    spanning = upper.get(0)
    if cut and spanning is not None and spanning.rowspan == 1 and first[0].rowspan == 1 and _fits(upper, first):
        for cell in first:
            for line in cell.lines[:1]:
                line.cut = bool(upper[cell.column].lines)
            upper[cell.column].lines.extend(cell.lines)
        first, repeated = [], repeated + 1
    shift = table.rows - repeated
    for cell in following.cells:
        if cell.row < repeated:
            continue
        above = upper.get(cell.column)
        goes_on = cut and first and cell.row == repeated and not cell.words
        if goes_on and above is not None and (above.colspan, above.row + above.rowspan - 1) == (cell.colspan, last):
            above.rowspan += cell.rowspan
            continue
        cell.row += shift
        table.cells.append(cell)
    table.rows = following.rows + shift


def _fits(upper: dict[int, RuledCell], cells: Sequence[RuledCell]) -> bool:
    return all(cell.column in upper and upper[cell.column].colspan == cell.colspan for cell in cells)


def _same_row(left: Sequence[RuledCell], right: Sequence[RuledCell]) -> bool:
    """Whether two rows print the same words, some of them."""
    words = [(cell.column, cell.words) for cell in left]
    return words == [(cell.column, cell.words) for cell in right] and sum(bool(text) for _, text in words) > 1
