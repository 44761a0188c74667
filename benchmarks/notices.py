"""The notices that times are measured on, and what kind each is by its own records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from noticeparse.document import read_document
from noticeparse.lexicon.load import load_lexicon
from noticeparse.parsing import parse_document
from noticeparse.records import Notice
from noticeparse.rendering.notice import render
from tests.support import CORPUS, SHARED_NOTICES, Collection

COLLECTIONS = {"corpus": CORPUS, "beside": SHARED_NOTICES}

#: ``list``: every disclosure stands in a list or a table; ``prose``: one at least is told in a sentence; ``none``: there is none.
Content = Literal["list", "prose", "none"]
_KINDS = {"text/plain": "text", "text/html": "html", "text/markdown": "markdown"}


@dataclass(frozen=True)
class Sample:
    """One notice to measure.

    Attributes:
        where: Its collection.
        name: Its id there.
        file: What its file is called; the suffix tells the reader.
        data: Its bytes.
        text: Its text, as ``noticeparse text`` prints it.
        content: What its records hold.
        kind: Its type: ``text``, ``html``, ``markdown`` or ``made`` for a page made from the records of a text.
    """

    where: str
    name: str
    file: str
    data: bytes
    text: str
    content: Content
    kind: str

    @property
    def section(self) -> str:
        """Which of the speed sections it belongs to."""
        if self.kind == "text":
            return {"list": "text", "prose": "prose", "none": "none"}[self.content]
        return self.kind

    def parse(self) -> Notice:
        """The whole way from bytes to records."""
        return parse_document(read_document(self.file, self.data), load_lexicon(None))


def content_of(notice: Notice) -> Content:
    """The kind of a notice by the forms of its disclosures."""
    forms = {disclosure.form for disclosure in notice.disclosures}
    if not forms:
        return "none"
    return "prose" if "prose" in forms else "list"


def _samples(where: str, collection: Collection, only: Iterable[str] | None) -> Iterable[Sample]:
    wanted = None if only is None else set(only)
    for file in sorted((collection.root / "notices").glob("*/notice.*")):
        name = file.parent.name
        if wanted is not None and name not in wanted:
            continue
        data = file.read_bytes()
        document = read_document(file.name, data)
        kind = _KINDS.get(document.media_type)
        if kind is None:
            continue  # an office file: its container costs more than its words
        notice = parse_document(document, load_lexicon(None))
        content = content_of(notice)
        yield Sample(where, name, file.name, data, document.text, content, kind)
        if kind == "text" and content == "list":
            page = page_of(notice)
            yield Sample(where, name, "notice.html", page, read_document("notice.html", page).text, content, "made")


def page_of(notice: Notice) -> bytes:
    """A page that says what a notice's records say: tables as a table, lists as headings with bullets."""
    layout = "table" if any(disclosure.form == "table" for disclosure in notice.disclosures) else "bullets"
    return render(notice, layout=layout, format="html").encode()


def samples(only: Sequence[str] | None = None) -> tuple[list[Sample], list[str]]:
    """The notices of all collections.

    Args:
        only: Ids to keep; all where it is ``None``.

    Returns:
        The notices, and a line for each collection that is not there.

    Raises:
        ValueError: There is no notice of an id, or of any.
    """
    found: list[Sample] = []
    absent: list[str] = []
    for where, collection in COLLECTIONS.items():
        if any((collection.root / "notices").glob("*/notice.*")):
            found.extend(_samples(where, collection, only))
        else:
            absent.append(f"{where}: no notices in {collection.root.name}/notices")
    unknown = sorted(set(only or ()) - {sample.name for sample in found})
    if unknown:
        raise ValueError(f"no notice {unknown[0]!r} whose speed is measured")
    if not found:
        raise ValueError("no notices to measure")
    return found, absent
