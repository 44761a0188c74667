"""From what a block of sentences says to disclosures."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from noticeparse.fields.links import link_kind, read_links
from noticeparse.lexicon.load import Lexicon
from noticeparse.prose.data import DataRun
from noticeparse.prose.recipients import Recipient
from noticeparse.prose.sentences import Source
from noticeparse.records import Disclosure, Entity, Link, Platform, Span, Value


class Draft(Struct):
    """One disclosure while its sentences are being read; spans are those of the flat text."""

    recipient: Recipient
    start: int
    end: int
    data: DataRun = field(default_factory=DataRun)
    purpose: Span | None = None
    scenario: Span | None = None
    category: Span | None = None
    processing: Span | None = None
    method: Span | None = None
    platforms: list[Platform] = field(default_factory=list)
    privacy_policy: Link | None = None
    website: Link | None = None

    def cover(self, start: int, end: int) -> None:
        """Take more of the text into the disclosure's span."""
        self.start, self.end = min(self.start, start), max(self.end, end)


def attach_links(source: Source, drafts: Sequence[Draft], lexicon: Lexicon) -> None:
    """Give disclosures the links that lines elsewhere name their provider for: ``某某有限公司:《服务协议》``.

    Args:
        source: The stretch.
        drafts: Are changed.
        lexicon: Vocabulary.
    """
    lacking: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.recipient.provider is not None and draft.privacy_policy is None and draft.website is None:
            lacking.setdefault(source.flat[slice(*draft.recipient.provider)], []).append(draft)
    if not lacking:
        return
    for paragraph in source.paragraphs:
        colon = source.flat.find(":", paragraph.content, min(paragraph.end, paragraph.content + 60))
        named = lacking.get(source.flat[paragraph.content : colon].strip()) if colon > 0 else None
        links = read_links(source.view, source.base + colon, source.base + paragraph.end) if named else []
        for draft in named if named and links else ():
            if link_kind(links[0], lexicon) == "privacy_policy" or "《" in links[0].text:
                draft.privacy_policy = links[0]
            else:
                draft.website = links[0]


def build(source: Source, draft: Draft) -> Disclosure:
    """The record of a draft."""
    recipient = draft.recipient
    values = (recipient.provider, recipient.category, recipient.sdk, draft.method or recipient.method)
    for span in (*values, draft.purpose, draft.scenario, draft.category, draft.processing):
        if span is not None:
            draft.cover(*span)
    return Disclosure(
        index=0,
        form="prose",
        span=source.span((draft.start, draft.end)),
        provider=_entity(source, recipient.provider),
        recipient_category=_value(source, recipient.category),
        sdk=_entity(source, recipient.sdk),
        method=_value(source, draft.method or recipient.method),
        purpose=_value(source, draft.purpose),
        scenario=_value(source, draft.scenario),
        category=_value(source, draft.category),
        processing=_value(source, draft.processing),
        platforms=tuple(dict.fromkeys((*draft.platforms, *draft.data.platforms))),
        data_items=tuple(draft.data.items),
        permissions=tuple(draft.data.permissions),
        privacy_policy=draft.privacy_policy,
        website=draft.website,
    )


def _entity(source: Source, span: Span | None) -> Entity | None:
    return None if span is None else Entity(source.text(span), source.span(span))


def _value(source: Source, span: Span | None) -> Value | None:
    return None if span is None else source.value(span)
