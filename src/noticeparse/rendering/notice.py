"""The whole way from records to the text of a notice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from noticeparse.errors import RenderError
from noticeparse.records import Disclosure, Notice
from noticeparse.rendering.formats import write_blocks
from noticeparse.rendering.layouts import LAYOUTS
from noticeparse.rendering.model import FORMATS, Block, Entry, Format, Heading, Layout, Lines, Text
from noticeparse.rendering.wording import LABELS, word_entry


def render(
    records: Notice | Iterable[Disclosure],
    *,
    layout: str = "keyvalue",
    format: Format = "txt",
    labels: Mapping[str, str] | None = None,
) -> str:
    """Write a notice that says what the records say.

    Args:
        records: A notice, which also gives title and dates, or disclosures.
        layout: One of ``LAYOUTS``: ``keyvalue``, ``table``, ``glued`` …
        format: ``txt``, ``md`` or ``html``.
        labels: Field → label, in place of the writer's own: ``{"purpose": "用途"}``.

    Returns:
        The text of the file, the same for the same records. Read back, it gives the records again, spans apart.

    Raises:
        RenderError: There is no such layout, format or field, or they cannot say what the records hold.
    """
    chosen = _layout(layout, format)
    unknown = sorted(set(labels or ()) - set(LABELS))
    if unknown:
        raise RenderError(f"no field {unknown[0]!r}; a label is for one of {', '.join(LABELS)}")
    disclosures = records.disclosures if isinstance(records, Notice) else tuple(records)
    wording = {**LABELS, **(labels or {})}
    entries = [word_entry(number, disclosure, wording) for number, disclosure in enumerate(disclosures, start=1)]
    for entry in entries:
        _check(entry, layout, chosen)
    blocks = list(_front(records)) if isinstance(records, Notice) else []
    if entries:
        blocks.extend(chosen.build(entries))
    title = records.notice.title if isinstance(records, Notice) else None
    return write_blocks(blocks, format, title.text if title else None)


def _layout(name: str, form: str) -> Layout:
    if form not in FORMATS:
        raise RenderError(f"no format {form!r}; there are {', '.join(FORMATS)}")
    layout = LAYOUTS.get(name)
    if layout is None:
        raise RenderError(f"no layout {name!r}; there are {', '.join(LAYOUTS)}")
    if form not in layout.formats:
        raise RenderError(f"layout {name!r} cannot be shown in {form}; it can in {', '.join(layout.formats)}")
    return layout


def _check(entry: Entry, name: str, layout: Layout) -> None:
    if not entry.name:
        raise RenderError(f"disclosure {entry.number} names no recipient")
    if layout.states is None:
        return
    unsaid = [field for field in entry.values if field not in layout.states]
    if unsaid:
        raise RenderError(f"layout {name!r} has no place for {', '.join(unsaid)} (disclosure {entry.number})")
    if not entry.values.keys() & {"data_items", "permissions"}:
        raise RenderError(f"layout {name!r} needs data items or permissions (disclosure {entry.number})")


def _front(notice: Notice) -> Iterator[Block]:
    """Title and dates."""
    info = notice.notice
    if info.title is not None:
        yield Heading(info.title.text, 1)
    dates = [("更新日期", info.updated), ("生效日期", info.effective)]
    stated = tuple((Text(f"{label}：{date}"),) for label, date in dates if date)
    if stated:
        yield Lines(stated)
