"""Layouts: entries to blocks. One function a layout, all of them in ``LAYOUTS``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from noticeparse.rendering.model import (
    Block,
    Bullets,
    Cell,
    Entry,
    Heading,
    Layout,
    Line,
    Lines,
    Sheet,
    Table,
    Terms,
    Text,
)

ABSENT: Line = (Text("/"),)
_ENTRIES_PER_TRANSPOSED_TABLE = 3


def _labelled(pairs: Sequence[tuple[str, Line]]) -> tuple[Line, ...]:
    return tuple((Text(f"{label}："), *value) for label, value in pairs)


def _plain(line: Line) -> str:
    return "".join(part.text for part in line)


def _keyvalue(entries: Sequence[Entry]) -> list[Block]:
    return list(_headed(entries, ""))


def _numbered(entries: Sequence[Entry]) -> list[Block]:
    return list(_headed(entries, "{}、"))


def _headed(entries: Sequence[Entry], marker: str) -> Iterator[Block]:
    for entry in entries:
        yield Heading(marker.format(entry.number) + _plain(entry.values[entry.name]))
        yield Lines(_labelled(entry.without(entry.name)))


def _bullets(entries: Sequence[Entry]) -> list[Block]:
    blocks: list[Block] = []
    for entry in entries:
        blocks += [Heading(_plain(entry.values[entry.name])), Bullets(_labelled(entry.without(entry.name)))]
    return blocks


def _company(entries: Sequence[Entry]) -> list[Block]:
    """``某某有限公司⏎- 共享方式：SDK（某某 SDK）⏎- …``; the kind of recipient or the SDK leads where no company is named."""
    blocks: list[Block] = []
    for entry in entries:
        name = next((name for name in ("provider", "recipient_category", "sdk") if name in entry.values), "")
        values = dict(entry.values)
        if name != "sdk" and "method" in values and "sdk" in values:
            values["method"] = (*values["method"], Text("（"), *values.pop("sdk"), Text("）"))
        rest = Entry(entry.number, values, entry.labels).without(name)
        blocks += [Heading(_plain(entry.values[name])), Bullets(_labelled(rest))]
    return blocks


def _list(entries: Sequence[Entry]) -> list[Block]:
    return [Bullets(tuple(line for entry in entries for line in _labelled(entry.without())))]


def _glued(entries: Sequence[Entry]) -> list[Block]:
    """One line an entry: ``SDK名称：某某SDK 公司名称：某某公司 使用目的：推送``."""
    blocks: list[Block] = []
    for entry in entries:
        parts = [part for line in _labelled(entry.without()) for part in (Text(" "), *line)]
        blocks.append(Lines((tuple(parts[1:]),)))
    return blocks


def _label_lines(entries: Sequence[Entry]) -> list[Block]:
    blocks: list[Block] = []
    for entry in entries:
        lines = [line for label, value in entry.without(entry.name) for line in ((Text(label),), value)]
        blocks += [Heading(_plain(entry.values[entry.name])), Lines(tuple(lines))]
    return blocks


def _cards(entries: Sequence[Entry]) -> list[Block]:
    blocks: list[Block] = []
    for entry in entries:
        blocks += [Heading(_plain(entry.values[entry.name]), 3), Terms(tuple(entry.without(entry.name)))]
    return blocks


def _columns(entries: Sequence[Entry]) -> dict[str, str]:
    """Field → label of the columns: what any entry states, in the writer's order."""
    return {name: label for name, label in entries[0].labels.items() if any(name in e.values for e in entries)}


def _table(entries: Sequence[Entry]) -> list[Block]:
    columns = _columns(entries)
    rows = [tuple(Cell(entry.values.get(name, ())) for name in columns) for entry in entries]
    return [Table((_header(columns), *rows))]


def _header(columns: Mapping[str, str]) -> tuple[Cell, ...]:
    return tuple(Cell((Text(label),), header=True) for label in columns.values())


def _rowspan(entries: Sequence[Entry]) -> list[Block]:
    """The provider first, in one cell for all its rows."""
    columns = _columns(entries)
    if "provider" in columns:
        columns = {"provider": columns.pop("provider"), **columns}
    rows: list[tuple[Cell, ...]] = []
    for provider, group in groupby(entries, key=lambda entry: entry.values.get("provider")):
        same = list(group)
        spans = provider is not None
        for index, entry in enumerate(same):
            cells = [Cell(entry.values.get(name, ())) for name in columns if not (spans and name == "provider")]
            if spans and index == 0:
                cells.insert(0, Cell(provider or (), rows=len(same)))
            rows.append(tuple(cells))
    return [Table((_header(columns), *rows))]


def _transposed(entries: Sequence[Entry]) -> list[Block]:
    blocks: list[Block] = []
    for first in range(0, len(entries), _ENTRIES_PER_TRANSPOSED_TABLE):
        some = entries[first : first + _ENTRIES_PER_TRANSPOSED_TABLE]
        rows = [
            (Cell((Text(label),), header=True), *(Cell(entry.values.get(name, ())) for entry in some))
            for name, label in _columns(some).items()
        ]
        blocks.append(Table(tuple(rows)))
    return blocks


def _tabs(entries: Sequence[Entry]) -> list[Block]:
    return [Sheet(tuple(_cells(entries)))]


def _cells(entries: Sequence[Entry]) -> Iterator[tuple[Line, ...]]:
    columns = _columns(entries)
    yield tuple((Text(label),) for label in columns.values())
    for entry in entries:
        yield tuple(entry.values.get(name, ABSENT) for name in columns)


def _flattened(entries: Sequence[Entry]) -> list[Block]:
    return [Lines(row) for row in _cells(entries)]


def _terse(entries: Sequence[Entry]) -> list[Block]:
    """``1.某某SDK：IMEI、相机权限``."""
    lines: list[Line] = []
    for entry in entries:
        taken = [_plain(entry.values[name]) for name in ("data_items", "permissions") if name in entry.values]
        lines.append((Text(f"{entry.number}.{_plain(entry.values[entry.name])}：{'、'.join(taken)}"),))
    return [Lines((line,)) for line in lines]


def _sentences(entries: Sequence[Entry]) -> list[Block]:
    """``我们会向某某有限公司提供您的IMEI，用于推送。``; an SDK's entry is headed by its name."""
    return [Lines(((Text(_sentence(entry)),),)) for entry in entries]


def _sentence(entry: Entry) -> str:
    said = {name: _plain(value) for name, value in entry.values.items()}
    why = f"，用于{said['purpose']}" if "purpose" in said else ""
    taken = "、".join(said[name] for name in ("data_items", "permissions") if name in said)
    if "sdk" not in said:
        whom = said.get("provider") or said.get("recipient_category", "")
        return f"我们会向{whom}提供您的{taken}{why}。"
    maker = f"{said['provider']}提供的" if "provider" in said else ""
    return f"（{entry.number}）{said['sdk']}：我们使用了{maker}{said['sdk']}，需要获取您的{taken}{why}。"


LAYOUTS: Mapping[str, Layout] = {
    "keyvalue": Layout("a heading for each entry, label and value on each line below", _keyvalue),
    "numbered": Layout("the same with numbered headings", _numbered),
    "bullets": Layout("a heading for each entry, a bullet for each field", _bullets),
    "company": Layout("the company as heading, bullets below, the product in a bracket behind the method", _company),
    "list": Layout("one bulleted list without headings, each entry begun by its name's label", _list),
    "glued": Layout("one line for each entry, labels glued behind each other", _glued),
    "label-lines": Layout("labels alone on their lines, each value on the next", _label_lines),
    "cards": Layout("a card for each entry: a heading, a definition list", _cards, ("md", "html")),
    "table": Layout("a table with a header row", _table),
    "table-rowspan": Layout("a table in which a provider's cell spans its rows", _rowspan, ("html",)),
    "table-transposed": Layout("tables with the labels in the first column, three entries in each", _transposed),
    "tabs": Layout("a table with tabs between the cells", _tabs, ("txt",)),
    "flattened": Layout("a table flattened to one cell a line", _flattened),
    "terse": Layout(
        "one numbered line for each entry: the name, a colon, what it takes",
        _terse,
        states=frozenset({"sdk", "data_items", "permissions"}),
    ),
    "sentences": Layout(
        "a sentence for each entry",
        _sentences,
        states=frozenset({"sdk", "provider", "recipient_category", "purpose", "data_items", "permissions"}),
    ),
}
