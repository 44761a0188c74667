"""Paragraphs outside SDK entries: each sentence's flows, with what the block's head and earlier sentences named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from noticeparse.fields.links import link_kind, read_links, title_link
from noticeparse.pattern import Pattern
from noticeparse.prose.build import Draft
from noticeparse.prose.conditions import (
    clean,
    purpose_after,
    purpose_before,
    purpose_within,
    scenario,
    speaks_of_treatment,
    treatment,
)
from noticeparse.prose.data import read_data
from noticeparse.prose.flows import Flow, FlowFinder
from noticeparse.prose.intro import read_intro
from noticeparse.prose.recipients import Recipient, RecipientReader, Topic
from noticeparse.prose.sentences import Paragraph, Source, sentences
from noticeparse.prose.silence import silent_blocks
from noticeparse.prose.words import ProseWords
from noticeparse.records import Span

_HEAD_REGEX = Pattern(r"\"?(?P<n>[^,。;:!?\n]{2,30}?)\"?\s{0,9}+:\s{0,99}+(?=\S)")
# A kind of recipient that is a sentence by itself: (1)广告服务商。我们可能会…
_KIND_HEAD_REGEX = Pattern(r"(?P<n>[^,。;:!?\n]{2,40}+)。\s*")
_ACTS_REGEX = Pattern(r"[^,。;:]{2,40}?(?:SDK|公司|服务商|运营商|平台)(?:需要?|会|可能|将|收集|获取)", re.I)
_DETAILS_REGEX = Pattern(r"(?:详见|参见|参考|参阅|查看|请见|遵循|了解)")
_TITLE_REGEX = Pattern(r"《[^《》\n]{0,36}(?:隐私|政策|协议|条款|声明|指引)[^《》\n]{0,12}》")
_HELPS_REGEX = Pattern(r"(?:这些|该|此类|上述)(?:信息|数据)(?:将|会|可)?(?P<p>(?:帮助|用于)[^。;]{4,})")
_WANTED_REGEX = Pattern(
    r"(?:收集|收到|获取|接收|采集)(?:到)?(?:您|用户)[^,。;]{0,60}?的?(?:对我们的|的)(?P<d>[^,。;的]{2,16})$"
)
_LISTING_REGEX = Pattern(
    r"(?:接入|使用|合作|集成|授权)的(?P<r>[^,。;:]{2,30}?)(?:主要|具体|大致)?(?:包括|有|分为|包含)[^。;]{0,20}:$"
)
_STOP_REGEX = Pattern(r"[。;,!?]")
_GOES_ON_REGEX = Pattern(r"\s*(?:需要|会|可能|该|其|这些|上述|它|并|同时|用于|收集|获取|采集|涉及|共享)")
_NO_KIND_REGEX = Pattern(r"我们|我[行司]|您|用户|将|把|向|会|是|为")
_MAX_HEADING = 45
_Block = dict[tuple[str, ...], Draft]


class BlockReader:
    """Reads the blocks of a stretch."""

    def __init__(self, source: Source, words: ProseWords, reader: RecipientReader) -> None:
        """Take over the readers.

        Args:
            source: The stretch.
            words: Vocabulary.
            reader: Of recipients.
        """
        self.source = source
        self.flat = source.flat
        self.words = words
        self.reader = reader
        self.finder = FlowFinder(reader, words)
        self.silent = silent_blocks(words.lexicon)

    def read(self, paragraphs: Sequence[Paragraph]) -> list[Draft]:
        """The disclosures of paragraphs that follow each other.

        Args:
            paragraphs: In order; none of them is an SDK's entry.
        """
        drafts: list[Draft] = []
        listed: list[Recipient] = []
        base = self.source.base
        for block in self._blocks(paragraphs):
            start, end = block[0].start, block[-1].end
            if not listed and not self._may_tell(start, end):
                continue
            # What a block below a list says depends on the list, so that nothing is remembered of it.
            key = None if listed else self.silent.key(self.source.view, base + start, base + end, self.reader.own)
            if key is not None and key in self.silent:
                continue
            found, listed = self._block(block, listed)
            drafts.extend(found)
            if key is not None and not (found or listed):
                self.silent.add(key)
        return drafts

    def _may_tell(self, start: int, end: int) -> bool:
        """Whether a block can hold a disclosure, or say what a list behind it is of: headings mostly cannot."""
        words = self.flat[start:end]
        return ":" in words or "SDK" in words or self.words.cue.search(words) is not None

    def _blocks(self, paragraphs: Sequence[Paragraph]) -> Iterator[list[Paragraph]]:
        """Paragraphs that go together: a heading and those without a marker below it, else each alone."""
        block: list[Paragraph] = []
        under = False  # a heading
        for paragraph in paragraphs:
            heading = self._is_heading(paragraph)
            under = under and not paragraph.marker
            if block and (heading or not under):
                yield block
                block = []
            block.append(paragraph)
            under = under or heading
        if block:
            yield block

    def _block(self, paragraphs: Sequence[Paragraph], listed: list[Recipient]) -> tuple[list[Draft], list[Recipient]]:
        """The disclosures of a block, and the recipients that the list is of which goes on behind it."""
        block: _Block = {}
        topic = Topic()
        for index, paragraph in enumerate(paragraphs):
            listed = self._listed(paragraph, listed)
            if not index and self._is_heading(paragraph):
                topic.title = (paragraph.content, paragraph.end)
                continue
            if listed:
                topic.recipients, topic.sdk_named = list(listed), True
            self._paragraph(paragraph, topic, block)
        return list(block.values()), listed

    def _listed(self, paragraph: Paragraph, known: list[Recipient]) -> list[Recipient]:
        """The kind of recipient that a line says a list is of: ``我们接入的第三方服务商主要包括以下类型:``."""
        match = _LISTING_REGEX.search(self.flat, paragraph.content, paragraph.end)
        if match is not None:
            return [entry for entry in self.reader.read(*match.span("r"), Topic()) if entry.category]
        return known if paragraph.marker and self.flat[paragraph.end - 1] != ":" else []

    def _is_heading(self, paragraph: Paragraph) -> bool:
        words = self.flat[paragraph.content : paragraph.end]
        if ":" in words and self.words.cue.search(words):
            return False  # 我们会向门店提供以下信息:姓名、手机号
        return (
            len(words) <= _MAX_HEADING and not _STOP_REGEX.search(words.replace(",", "", 1)) and words[-1] not in ":。;"
        )

    def _paragraph(self, paragraph: Paragraph, topic: Topic, block: _Block) -> None:
        start = self._head(paragraph, topic)
        recent: list[Draft] = []
        for span in sentences(self.flat, start, paragraph.end):
            if not self.words.cue.search(self.flat, *span) and "SDK" not in self.flat[slice(*span)]:
                self._remark(span, recent)
                self._links(span, recent)
                recent = recent if speaks_of_treatment(self.flat, *span) else []
                continue
            topic.sdk_named = topic.sdk_named and bool(_GOES_ON_REGEX.match(self.flat[slice(*span)]))
            introduced = read_intro(self.reader, *span, topic)
            known = list(topic.recipients)
            made = self._sentence(span, self.finder.find(*span, topic), topic, block)
            if not made and introduced:
                topic.recipients = known
                made = self._sentence(span, self._in_purpose(span, topic), topic, block)
            if made:
                recent = made
            elif introduced:
                self._aim(span, topic)
            self._links(span, made or recent)
            if not made and (not introduced or speaks_of_treatment(self.flat, *span)):
                self._remark(span, recent)

    def _head(self, paragraph: Paragraph, topic: Topic) -> int:
        """A head before a colon: a kind of recipient, a company, or the block's title."""
        kind = _KIND_HEAD_REGEX.match(self.flat, paragraph.content, paragraph.end)
        if kind is not None and self._is_kind(kind.group("n")):
            topic.recipients = [Recipient(category=kind.span("n"))]
            return kind.end()
        match = _HEAD_REGEX.match(self.flat, paragraph.content, paragraph.end)
        if match is None:
            return paragraph.content
        name = match.span("n")
        words = self.flat[slice(*name)]
        if self.words.get.search(words) and not self.reader.names.is_category(words):
            # 读取手机状态:某某SDK需要收集…: the head is a permission or an activity, and who acts stands behind it.
            return match.end() if _ACTS_REGEX.match(self.flat, match.end(), paragraph.end) else paragraph.content
        if self.reader.names.is_category(words):
            topic.head = name
            topic.recipients = [Recipient(category=name)]
        elif self.reader.names.is_company(words) and not self.reader.is_self(words):
            topic.recipients = [Recipient(provider=name)]
        elif paragraph.marker:
            topic.title = name
        else:
            return paragraph.content
        return match.end()

    def _is_kind(self, words: str) -> bool:
        """Whether a sentence is nothing but a kind of recipient."""
        return self.reader.names.is_category(words) and not _NO_KIND_REGEX.search(words)

    def _sentence(self, span: Span, flows: Sequence[Flow], topic: Topic, block: _Block) -> list[Draft]:
        made: list[Draft] = []
        start = span[0]
        for index, flow in enumerate(flows):
            data = read_data(self.source, flow.data, self.words)
            if not data:
                continue
            limit = flows[index + 1].start if index + 1 < len(flows) else span[1]
            for recipient in self._under_head(flow.recipients, topic):
                draft = self._draft(recipient, span, block)
                draft.data.extend(data)
                self._circumstances(draft, flow, (start, span[1]), limit, topic)
                made.append(draft)
            topic.recipients = list(flow.recipients)
            start = max(start, flow.end)
        for draft in made:
            if draft.purpose is None and topic.aimed == [draft.recipient.sdk]:
                draft.purpose = topic.aim
        return made

    def _under_head(self, recipients: Sequence[Recipient], topic: Topic) -> list[Recipient]:
        """Companies named under a head that is a kind of recipient are of that kind."""
        if topic.head is None:
            return list(recipients)
        return [
            replace(entry, category=topic.head) if entry.provider is not None and entry.category is None else entry
            for entry in recipients
        ]

    def _in_purpose(self, span: Span, topic: Topic) -> list[Flow]:
        """Data named as collected inside a purpose: ``为了收集您对我们的意见反馈,我们接入了某某SDK``."""
        if not topic.sdk_named:
            return []
        before = purpose_before(self.flat, *span)
        match = _WANTED_REGEX.search(self.flat, *before) if before else None
        if match is None or not any(entry.sdk for entry in topic.recipients):
            return []
        data = match.span("d")
        found = read_data(self.source, [data], self.words)
        if not any(item.concept not in (None, "other") for item in found.items):
            return []
        return [Flow(list(topic.recipients), [data], span[0], before[1] if before else data[1])]

    def _draft(self, recipient: Recipient, span: Span, block: _Block) -> Draft:
        """The block's draft of a recipient: sentences about the same one go together."""
        key = tuple(self.flat[slice(*name)].strip() if name else "" for name in recipient.key)
        draft = block.get(key)
        if draft is not None:
            draft.cover(*span)
            return draft
        draft = Draft(recipient, *span)
        block[key] = draft
        return draft

    def _circumstances(self, draft: Draft, flow: Flow, span: Span, limit: int, topic: Topic) -> None:
        ends = flow.data[-1][1]
        purpose = flow.purpose or purpose_after(self.flat, flow.end, limit)
        if purpose is None and flow.given and ends < flow.end:
            purpose = purpose_after(self.flat, ends, limit)
        purpose = (
            purpose or self._helping(flow.end, limit) or purpose_before(self.flat, span[0], max(flow.end, span[0]))
        )
        purpose = purpose or purpose_within(self.flat, span[0], flow.data[0][0])
        if purpose is None:
            purpose = topic.purpose
        elif topic.purpose is not None and topic.method is not None and draft.category is None:
            # 我们的某某服务由某某公司提供,我们接入其SDK: the service is the kind. Without an SDK it is an aside.
            draft.category = topic.purpose
        if draft.purpose is None:
            draft.purpose = purpose
        if draft.category is None and topic.title is not None and topic.purpose is None and draft.recipient.method:
            draft.category = self._short_title(topic.title)
        draft.scenario = draft.scenario or scenario(self.flat, span[0], limit, self.words)
        draft.processing = draft.processing or treatment(self.flat, span[0], limit, self.words)
        said = None if draft.recipient.sdk is not None else topic.method
        draft.method = draft.method or flow.method or said

    def _aim(self, span: Span, topic: Topic) -> None:
        """What an SDK is for, said where it is introduced: ``我们集成了某某SDK,用于统计。该SDK会收集…``."""
        aim = purpose_after(self.flat, *span) or purpose_before(self.flat, *span)
        aimed = [entry.sdk for entry in topic.recipients]
        if aim is not None or aimed != topic.aimed:
            topic.aim, topic.aimed = aim, aimed

    def _links(self, span: Span, drafts: Sequence[Draft]) -> None:
        """``具体详见《某某隐私政策》``: the policy, for the recipients of the sentence or of the one before it."""
        if not drafts or _DETAILS_REGEX.search(self.flat, *span) is None:
            return
        base = self.source.base
        links = read_links(self.source.view, base + span[0], base + span[1])
        policy = next((link for link in links if link_kind(link, self.words.lexicon) == "privacy_policy"), None)
        if policy is None and not links:
            title = _TITLE_REGEX.search(self.flat, *span)
            policy = title_link(self.source.view, (base + title.start(), base + title.end())) if title else None
        for draft in drafts if policy else ():
            draft.privacy_policy = draft.privacy_policy or policy

    def _helping(self, start: int, end: int) -> Span | None:
        match = _HELPS_REGEX.search(self.flat, start, end)
        return clean(self.flat, *match.span("p")) if match else None

    def _short_title(self, title: Span) -> Span | None:
        return title if title[1] - title[0] <= 12 else None

    def _remark(self, span: Span, recent: Sequence[Draft]) -> None:
        """A sentence that says of the data just named how they are protected."""
        if not recent or not speaks_of_treatment(self.flat, *span):
            return
        found = treatment(self.flat, *span, self.words)
        for draft in recent:
            if draft.processing is None and found is not None:
                draft.processing = found
                draft.cover(*span)
