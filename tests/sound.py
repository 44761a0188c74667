"""What holds of the records of any input at all, however odd it is."""

from __future__ import annotations

import itertools

from noticeparse.document.model import Document
from noticeparse.document.view import View, collapse
from noticeparse.records import Disclosure, Notice


def values(notice: Notice) -> list[tuple[str, tuple[int, int]]]:
    """Every text with its span, of all levels of a record."""
    found = []
    for d in notice.disclosures:
        for name in Disclosure.__struct_fields__:
            part = getattr(d, name)
            if hasattr(part, "span"):
                found.append((part.text, part.span))
        for item in d.data_items:
            found.append((item.text, item.span))
            found.extend((q.text, q.span) for q in item.qualifiers)
        found.extend((p.text, p.span) for p in d.permissions)
    found.extend((run.text, run.span) for run in notice.unparsed)
    return found


def check_records(document: Document, notice: Notice) -> None:
    """Spans lie in the text and hold what the values say, parents exist, and the ledger adds up."""
    text = document.text
    view = View(document)
    for value, (start, end) in values(notice):
        assert 0 <= start <= end <= len(text)
        shown = view.verbatim(view.position(start), view.position(end))
        assert value in (shown, collapse(text[start:end]), text[start:end], "".join(text[start:end].split()))
    for note in notice.diagnostics:
        assert note.span is None or 0 <= note.span[0] <= note.span[1] <= len(text)
        assert len(note.message.splitlines()) == 1
    for d in notice.disclosures:
        assert 0 <= d.span[0] <= d.span[1] <= len(text)
        for index, item in enumerate(d.data_items):
            assert item.parent is None or (0 <= item.parent < len(d.data_items) and item.parent != index)
    assert 0.0 <= notice.coverage <= 1.0
    assert (notice.coverage == 1.0) == (not notice.unparsed)
    spans = [run.span for run in notice.unparsed]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert notice.notice.chars == len(text)
