"""Enumerated entries told in sentences: each headed by an SDK, each one disclosure."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from msgspec import Struct

from noticeparse.fields.links import link_kind, read_links
from noticeparse.lexicon.load import fold
from noticeparse.names import split_name
from noticeparse.pattern import Pattern
from noticeparse.prose.build import Draft
from noticeparse.prose.conditions import (
    clean,
    is_platform_note,
    purpose_after,
    purpose_before,
    purpose_span,
    scenario,
    treatment,
)
from noticeparse.prose.data import data_end, read_data
from noticeparse.prose.flows import FlowFinder
from noticeparse.prose.intro import read_intro
from noticeparse.prose.recipients import Recipient, RecipientReader, Topic
from noticeparse.prose.sentences import Paragraph, Source, sentences
from noticeparse.prose.words import ProseWords
from noticeparse.records import Platform, Span

_COLON_REGEX = Pattern(
    r"(?P<q>\")?(?P<n>[^,。;:!?\n\"]{2,60}?)\"?\s{0,9}+(?:(?:说明|介绍)\s{0,9}+)?:\s{0,99}+(?!//)(?=\S)"
)
_SDK_REGEX = Pattern(r"SDKs?(?:\s*\([^()]{1,30}\))?", re.I)
_OPEN_HEAD_REGEX = Pattern(r"[,。;:!?\n]|我们|我[行司]|使用|接入|集成|权限|用于|允许|如[您果]|当您|为了")
_AFTER_HEAD_REGEX = Pattern(
    r"\s*(?:[、,\s]|通过|会|可能|需要?|用于|将|主要|获取|收集|采集|读取|访问|用到|涉及|由|该|为)"
)
_GOES_ON_REGEX = Pattern(
    r"\s{0,99}(?:该(?:SDK|服务|功能)?|上述SDK|前述SDK|此SDK|其(?!他|它|中)|同时|此外,?该|(?:需要|可能|会)(?:获取|收集|采集|读取|访问|使用))"
)
_PRODUCT_OWNER_REGEX = Pattern(
    r"(?:使用|接入|集成|采用|引入|嵌入|选用)(?:的是|了|到)?\s{0,9}+(?P<owner>[^,。;:]{2,60}?)(?:所)?(?:提供|开发|运营)?的\s*(?P<rest>[^,。;:的]{0,40}?(?:SDK|API|服务|组件|插件))"
)
_SENT_REGEX = Pattern(r"(?:传输|上传|发送|提供|共享|同步|回传|传送|分享)(?:至|给|到)\s*(?P<r>[^,。;:]{2,60})")
_KIND_OF_REGEX = Pattern(r"(?P<kind>[^()]{2,30})\((?P<names>[^()]{2,80})\)")
_PURPOSE_REGEX = Pattern(r"(?:主要|仅|只)?(?:用于|用来|用以)(?!户)|(?:(?<=服务)|(?<=SDK))来(?!源|自)")
_SO_THAT_REGEX = Pattern(r",\s*以(?=便|实现|帮助|提供|完成|保障|满足|支持|确保)")
_DOES_REGEX = Pattern(
    r"(?<=[,:。;])\s*(?P<p>为(?!了|您的|保|能|实|方|便|满|完|提升|提高|优)[^,。;]{2,40}(?:赋予|提供|带来|增加)[^。;]{2,80}?)(?=[。;]|$)"
)
_SLIP_REGEX = Pattern(r"(?<=[,])\s*用户(?=[^,。;的]{0,20}(?:的|统计|监测|检测|展示|分析|播放|上))(?P<p>[^。;]{3,80})")
# 某某SDK:提供分享的功能, 某某SDK:使用某某SDK提供分享的功能
_OFFERS_REGEX = Pattern(
    r"[\s:,]{0,99}+(?:(?:我们)?使用[^。;:,]{2,40}?(?:SDK|服务),?\s*)?(?P<p>提供(?!方|商|者)[^。;]{3,})", re.I
)
_VERSION_REGEX = Pattern(r"(?:版本|版|端|客户端|独有|专用)")
_NO_NAME_REGEX = Pattern(
    r"^(?:第三方|合作|相关|以下|上述|具体|包括|其他|该|此|其)*(?:的)?\s?SDK|(?:如下|包括|情形|清单|列表)$"
)


class Head(Struct):
    """An entry's head: its name and where the body begins."""

    name: Span
    body: int
    strong: bool
    quoted: bool = False
    colon: bool = False


class Entry(Struct):
    """One entry: its head, its paragraphs, whether it stands in a run of such, platforms that a line above stated."""

    head: Head
    paragraphs: list[Paragraph]
    regular: bool = True
    platforms: tuple[Platform, ...] = ()


class _Facts(Struct):
    """What an entry's body says."""

    provider: Span | None = None
    category: Span | None = None
    flows_end: int = -1
    flow_sentence: Span | None = None


class EntryFinder:
    """Tells which paragraphs of a stretch are SDK entries."""

    def __init__(self, source: Source, words: ProseWords) -> None:
        """Remember the stretch.

        Args:
            source: The stretch.
            words: Vocabulary.
        """
        self.source = source
        self.flat = source.flat
        self.words = words
        self.names = words.names

    def find(self) -> list[Entry]:
        """The entries in order.

        ``(1)某某SDK:为了…,我们使用了…``, ``(1).某某SDK 通过获取…,用于…``, ``1)"某某":该SDK由…提供``, ``com.foo.bar:为了…``.
        A kind of recipient or an activity at the head makes no entry.
        """
        heads: dict[int, Head] = {}
        for index, paragraph in enumerate(self.source.paragraphs):
            head = self._head(paragraph)
            if head is not None:
                heads[index] = head
        kept = self._regular(heads)
        return list(self._collect(kept))

    def _head(self, paragraph: Paragraph) -> Head | None:
        flat = self.flat
        match = _COLON_REGEX.match(flat, paragraph.content, paragraph.end)
        if match is not None:
            name = match.span("n")
            words = flat[slice(*name)].strip()
            if self._is_name(words):
                quoted = match.group("q") is not None
                strong = self.names.classify(words) == "sdk" or bool(_SDK_REGEX.search(words))
                return Head(name, match.end(), strong, quoted, colon=True)
            if not _SDK_REGEX.search(words):
                return None
        return self._run_on_head(paragraph)

    def _is_name(self, words: str) -> bool:
        if (
            fold(words) in self.words.lexicon.labels
            or self.names.is_category(words)
            or is_platform_note(words, self.words)
        ):
            return False
        return not _OPEN_HEAD_REGEX.search(words) and not _NO_NAME_REGEX.search(words)

    def _run_on_head(self, paragraph: Paragraph) -> Head | None:
        """``某某SDK 通过获取…``, ``某某SDK、获取…``: the name ends at its last SDK before a verb."""
        flat = self.flat
        stop = min(paragraph.end, paragraph.content + 80)
        verb = self.words.get.search(flat, paragraph.content, stop)
        limit = verb.start() if verb else stop
        end = -1
        for match in _SDK_REGEX.finditer(flat, paragraph.content, limit):
            if _OPEN_HEAD_REGEX.search(flat, paragraph.content, match.start()):
                break
            end = match.end()
        if end < 0 or end >= paragraph.end or not _AFTER_HEAD_REGEX.match(flat, end, paragraph.end):
            return None
        words = flat[paragraph.content : end]
        if len(words) > 60 or not self._is_name(words):
            return None
        return Head((paragraph.content, end), end, strong=True)

    def _regular(self, heads: dict[int, Head]) -> dict[int, Head]:
        """Heads of runs in which most marked paragraphs are headed by SDKs, and lone ones whose body speaks of data."""
        paragraphs = self.source.paragraphs
        kept: dict[int, Head] = {}
        by_marker: dict[str, list[int]] = {}
        for index in heads:
            by_marker.setdefault(paragraphs[index].marker, []).append(index)
        for marker, indices in by_marker.items():
            strong = [index for index in indices if heads[index].strong]
            quoted = [index for index in indices if heads[index].quoted]
            regular = marker and len(strong) + len(quoted) >= 2 and 2 * len({*strong, *quoted}) >= len(indices)
            for index in indices:
                head = heads[index]
                within = head.strong or not strong or strong[0] <= index <= strong[-1] + 1
                likely = head.strong or (head.quoted and self.flat.find("提供", head.body, paragraphs[index].end) >= 0)
                alone = likely and (marker or head.colon) and self._speaks(paragraphs[index], head)
                if (regular and within) or alone:
                    kept[index] = head
        return dict(sorted(kept.items()))

    def _speaks(self, paragraph: Paragraph, head: Head) -> bool:
        return self.words.get.search(self.flat, head.body, paragraph.end) is not None

    def _collect(self, heads: dict[int, Head]) -> Iterator[Entry]:
        paragraphs = self.source.paragraphs
        indices = list(heads)
        for place, index in enumerate(indices):
            last = indices[place + 1] if place + 1 < len(indices) else len(paragraphs)
            body = [paragraphs[index]]
            for following in paragraphs[index + 1 : last]:
                if not self._continues(following, body[-1]):
                    break
                body.append(following)
            yield Entry(heads[index], body, len(heads) > 1, self._stated(index, heads))

    def _continues(self, paragraph: Paragraph, before: Paragraph) -> bool:
        if label_at(self.flat, paragraph.content, paragraph.end, self.words) is not None:
            return self.flat[paragraph.end - 1] != ":"
        if paragraph.marker and paragraph.marker not in "-•·*":
            return False
        if self.flat[before.end - 1] == ":":
            return True
        return bool(_GOES_ON_REGEX.match(self.flat, paragraph.content, paragraph.end))

    def _stated(self, index: int, heads: Container[int]) -> tuple[Platform, ...]:
        """Platforms of a line above the entries: ``对于安卓版客户端,还涉及以下第三方SDK:``."""
        for before in range(index - 1, max(-1, index - 40), -1):
            paragraph = self.source.paragraphs[before]
            if self.flat[paragraph.end - 1] == ":" and before not in heads:
                label = label_at(self.flat, paragraph.content, paragraph.end, self.words)
                if label is None:
                    return ()
                return self.words.names.platforms_of(self._system(label))
        return ()

    def _system(self, label: Span) -> str:
        match = self.words.system.search(self.flat, *label)
        return match.group() if match else ""


def label_at(flat: str, start: int, end: int, words: ProseWords) -> Span | None:
    """A platform label at a place: ``ios版本:``, ``当您使用安卓版客户端时,``, ``对于iOS版客户端,``."""
    match = words.label.match(flat, start, end)
    return match.span("label") if match else None


class EntryReader:
    """Reads entries to drafts."""

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

    def read(self, entry: Entry) -> Draft | None:
        """The disclosure of an entry; ``None`` where nothing but a name stands."""
        base = self.source.base
        head = entry.head.name
        parts = split_name(self.source.view, base + head[0], base + head[1], self.words.lexicon)
        sdk = (parts.sdk[0] - base, parts.sdk[1] - base) if parts.sdk else clean(self.flat, *head)
        start, end = entry.paragraphs[0].start, entry.paragraphs[-1].end
        draft = Draft(Recipient(sdk=sdk), start, end, platforms=[*parts.platforms, *entry.platforms])
        facts = _Facts()
        if parts.provider is not None:
            facts.provider = (parts.provider[0] - base, parts.provider[1] - base)
        topic = Topic(recipients=[Recipient(sdk=sdk)], sdk_named=True)
        self._body(entry, draft, facts, topic)
        self._names(entry, facts, topic)
        self._circumstances(entry, draft, facts)
        draft.recipient = Recipient(facts.provider, facts.category, sdk)
        draft.method = topic.method if topic.method and facts.provider and self._said_of(topic.method, head) else None
        said = draft.data or facts.provider or (entry.regular and (draft.purpose or draft.platforms))
        return draft if said else None

    def _said_of(self, method: Span, head: Span) -> bool:
        """Whether a way of sharing is said apart from the product's name: ``该SDK由…提供``, ``…提供API接口``."""
        before = self.flat[max(0, method[0] - 2) : method[0]]
        return before.endswith(("该", "此", "提供", "本"))

    # Data

    def _body(self, entry: Entry, draft: Draft, facts: _Facts, topic: Topic) -> None:
        for start, end, label, direct in self._segments(entry):
            if label is not None:
                self._platform(label, draft)
            if label is not None and direct:
                self._labelled(start, end, label, draft, facts)
                continue
            for span in sentences(self.flat, start, end):
                self._sentence(span, label, draft, facts, topic)

    def _segments(self, entry: Entry) -> Iterator[tuple[int, int, Span | None, bool]]:
        """The body cut at platform labels; each label governs up to the next."""
        start = entry.head.body
        end = entry.paragraphs[-1].end
        label: Span | None = None
        direct = False
        for match in self.words.label.finditer(self.flat, start, end):
            yield start, match.start("label"), label, direct
            label, direct = match.span("label"), match.group("direct") is not None
            start = match.end()
        yield start, end, label, direct

    def _platform(self, label: Span, draft: Draft) -> None:
        match = self.words.system.search(self.flat, *label)
        if match is not None:
            draft.platforms.extend(self.words.names.platforms_of(match.group()))

    def _labelled(self, start: int, end: int, label: Span, draft: Draft, facts: _Facts) -> None:
        while start < end and self.flat[start] in ": \t":
            start += 1
        first = sentences(self.flat, start, end)
        stop = first[0][1] if first else end
        stop = data_end(self.flat, start, stop, self.words)
        draft.data.extend(read_data(self.source, [(start, stop)], self.words, label))
        facts.flows_end = max(facts.flows_end, stop)

    def _sentence(self, span: Span, label: Span | None, draft: Draft, facts: _Facts, topic: Topic) -> None:
        held = list(topic.recipients)
        read_intro(self.reader, *span, topic)
        if topic.recipients != held and topic.recipients:
            self._owner(topic.recipients, facts)
        topic.recipients = held
        for flow in self.finder.find(*span, topic, lenient=True):
            data = read_data(self.source, flow.data, self.words, label)
            if not data:
                continue
            draft.data.extend(data)
            if facts.flow_sentence is None:
                facts.flow_sentence, facts.flows_end = span, flow.end
            if flow.given or any(item.provider is not None for item in flow.recipients):
                self._owner(flow.recipients, facts)

    def _owner(self, recipients: Sequence[Recipient], facts: _Facts) -> None:
        for entry in recipients:
            if entry.provider is not None and self._longer(entry.provider, facts.provider):
                facts.provider = entry.provider
            if entry.category is not None and facts.category is None and not self._vague(entry.category):
                facts.category = entry.category

    def _longer(self, span: Span, known: Span | None) -> bool:
        return known is None or (span[1] - span[0] > known[1] - known[0] and known[0] < span[0])

    def _vague(self, span: Span) -> bool:
        return self.flat[slice(*span)].strip() in ("第三方", "第三方服务商", "合作方", "服务商")

    # Names

    def _names(self, entry: Entry, facts: _Facts, topic: Topic) -> None:
        start, end = entry.head.body, entry.paragraphs[0].end
        for match in _PRODUCT_OWNER_REGEX.finditer(self.flat, start, end):
            self._product_owner(match.span("owner"), facts)
        for match in _SENT_REGEX.finditer(self.flat, start, end):
            found = self.reader.read(*match.span("r"), topic)
            self._owner([item for item in found if item.sdk is None], facts)

        self._makers(start, end, facts)

    def _makers(self, start: int, end: int, facts: _Facts) -> None:
        """``如您使用甲、乙手机,…上述手机厂商的SDK``: the makers named by their devices."""
        for makers in self.reader.makers(start, end) if facts.provider is None else ():
            facts.provider, facts.category = makers.provider, makers.category

    def _product_owner(self, span: Span, facts: _Facts) -> None:
        """Who owns the product: ``甲公司``, ``甲、乙`` (as written), ``某某运营商(甲、乙)``."""
        owner = clean(self.flat, *span)
        if owner is None:
            return
        words = self.flat[slice(*owner)]
        listed = _KIND_OF_REGEX.fullmatch(self.flat, *owner)
        if listed is not None and self.words.names.is_category(listed.group("kind")):
            facts.category, facts.provider = listed.span("kind"), listed.span("names")
        elif (
            self.words.names.is_company(words)
            and not self.reader.is_self(words)
            and (facts.provider is None or facts.provider[0] >= owner[0])
        ):
            facts.provider = owner

    # Purpose and the rest

    def _circumstances(self, entry: Entry, draft: Draft, facts: _Facts) -> None:
        start, end = entry.head.body, entry.paragraphs[-1].end
        draft.purpose = self._purpose(entry, facts, draft)
        for span in sentences(self.flat, start, entry.paragraphs[0].end):
            draft.scenario = draft.scenario or scenario(self.flat, *span, self.words)
            draft.processing = draft.processing or treatment(self.flat, *span, self.words)
        if not draft.platforms and draft.purpose is not None:
            self._mentioned(draft, draft.purpose)
        base = self.source.base
        for link in read_links(self.source.view, base + start, base + end):
            if link_kind(link, self.words.lexicon) == "privacy_policy":
                draft.privacy_policy = draft.privacy_policy or link
            else:
                draft.website = draft.website or link

    def _mentioned(self, draft: Draft, span: Span) -> None:
        match = self.words.system.search(self.flat, *span)
        if match is not None and _VERSION_REGEX.match(self.flat, match.end(), span[1] + 2):
            draft.platforms.extend(self.words.names.platforms_of(match.group()))

    def _purpose(self, entry: Entry, facts: _Facts, draft: Draft) -> Span | None:
        start, end = entry.head.body, entry.paragraphs[0].end
        if facts.flow_sentence is not None:
            found = purpose_after(self.flat, facts.flows_end, facts.flow_sentence[1])
            if found is not None:
                return found
        strict = _PURPOSE_REGEX.search(self.flat, start, end)
        if strict is not None:
            found = purpose_after(self.flat, strict.start(), end)
            if found is not None:
                return found
        looser = _SO_THAT_REGEX.search(self.flat, start, end)
        if looser is not None:
            found = purpose_after(self.flat, looser.start(), end)
            if found is not None:
                return found
        for span in sentences(self.flat, start, end):
            found = purpose_before(self.flat, *span)
            if found is not None:
                return found
        offers = _OFFERS_REGEX.match(self.flat, start, end)
        if offers is not None:
            return purpose_span(self.flat, offers.start("p"), end)
        return self._loose_purpose(start, end, draft)

    def _loose_purpose(self, start: int, end: int, draft: Draft) -> Span | None:
        """``,为某某功能提供能力``, a slip (用户 for 用于), or a short remark behind the name."""
        match = _DOES_REGEX.search(self.flat, start - 1, end) or _SLIP_REGEX.search(self.flat, start, end)
        if match is not None:
            return clean(self.flat, *match.span("p"))
        rest = clean(self.flat, start, end)
        if rest is not None and not draft.data and rest[1] - rest[0] <= 30 and "。" not in self.flat[slice(*rest)]:
            return rest
        return None
