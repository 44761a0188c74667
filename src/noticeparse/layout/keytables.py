"""Tables of labels and values: one table a product (``SDK名称 | 某某``, ``使用目的 | 登录``), or one for all of them."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from noticeparse.layout.grid import Grid
from noticeparse.layout.lines import trim
from noticeparse.layout.model import FieldRun
from noticeparse.records import Span

ReadLabel = Callable[[Span | None], str]


class KeyRecord(Struct):
    """What a table, or a part of it, says of one recipient: its title, and labelled values."""

    title: Span | None = None
    runs: list[FieldRun] = field(default_factory=list)

    @property
    def span(self) -> Span:
        """From the first to behind the last character."""
        spans = [run.value for run in self.runs] + [run.label for run in self.runs if run.label]
        spans.extend([self.title] if self.title else [])
        return min(start for start, _ in spans), max(end for _, end in spans)


def key_records(text: str, grid: Grid, read_label: ReadLabel) -> list[KeyRecord]:
    """Records of a table whose rows are pairs of label and value; none for any other table.

    A row holds one pair or two; a row of one cell is a title (``微信SDK``). A label that the record has begun with, or a
    title, begins the next record.

    Args:
        text: Text of the view.
        grid: The table.
        read_label: Field that a cell names, an empty string for none.
    """
    records = [KeyRecord()]
    odd = 0
    for row in grid.rows:
        cells = _different(text, row)
        if not cells:
            continue
        pairs = _pairs(cells, read_label)
        if len(cells) == 1 and not read_label(cells[0]):
            if records[-1].runs or records[-1].title:
                records.append(KeyRecord())
            records[-1].title = cells[0]
        elif pairs is None:
            odd += 1
        else:
            for name, label, value in pairs:
                if records[-1].runs and name == records[-1].runs[0].field and name not in ("", "none"):
                    records.append(KeyRecord())
                records[-1].runs.append(FieldRun(name, value, label))
    told = [record for record in records if len({run.field for run in record.runs} - {"", "none"}) >= 2]
    return told if told and odd * 3 <= sum(len(record.runs) for record in told) else []


def _different(text: str, row: tuple[Span | None, ...]) -> list[Span]:
    """A row's cells in order, a spanning one once, empty ones at the end left out."""
    cells: list[Span] = []
    for cell in row:
        if cell is not None and (not cells or cells[-1] != cell):
            cells.append(cell)
    while cells and not text[slice(*cells[-1])].strip():
        cells.pop()
    return [trim(text, *cell) for cell in cells]


def _pairs(cells: list[Span], read_label: ReadLabel) -> list[tuple[str, Span, Span]] | None:
    if len(cells) == 1 or len(cells) > 6:
        name = read_label(cells[0]) if len(cells) == 1 else ""
        return [(name, cells[0], (cells[0][1], cells[0][1]))] if name else None
    if len(cells) % 2:
        return None
    pairs = [(read_label(cells[at]), cells[at], cells[at + 1]) for at in range(0, len(cells), 2)]
    return pairs if all(name for name, _, _ in pairs) else None
