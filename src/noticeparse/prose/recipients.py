"""Recipients in a sentence: companies, SDKs, kinds of recipient, and words that point back to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from noticeparse.names import company_spans, split_name
from noticeparse.pattern import Pattern
from noticeparse.prose.sentences import Source
from noticeparse.prose.words import ProseWords
from noticeparse.records import Span

_LEAD_REGEX = Pattern(
    r"(?:(?:您|你)(?:(?:知悉|知晓|理解|了解|认可|同意)(?:并|且|和|、)?)++|\s|,|的|目前|同时|此外|另外|其中|因此|例如|比如|如(?!下)|但|而(?!且)|并且?|及|也|以及|部分|有关的?|相应的?|对应的?"
    r"|(?:由?我们|我[行司方]|本(?:应用|产品|服务|平台|软件|公司|APP|App|app))(?:(?:所|已)?(?:接入|使用|集成|合作|授权|委托|指定|选择)的|的|和|与|及|或)|平台(?:和|与|及|或)"
    r"|(?:接入|使用|集成)的){1,40}+"
)
_BUILT_IN_REGEX = Pattern(r"[^,。;()]{0,20}?(?:接入|集成|嵌入|使用)的(?=[^,。;]{0,120}SDK)", re.I)
# What stands in brackets behind a kind of recipient: its short name, or examples that are no names
_ALIAS_REGEX = Pattern(r"\s{0,99}\((?:以下|下称|简称|统称|称为|为){0,9}:?\s{0,99}\"[^\"()]{1,16}\"\)$")
_EXAMPLES_REGEX = Pattern(r"\s{0,99}\((?:例如|比如|如|包括)[^()]{2,40}\)$")
_GROUP_REGEX = Pattern(r"(?:及|和|与)其?(?:关联|附属|控股|下属)(?:方|公司|企业|实体)$")
_TAIL_REGEX = Pattern(r"(?:\s|,|、|等|(?:公司)?旗下|以及|和|及|或|共同|一起|处|系统(?=$)){1,12}$")
_ANAPHOR_REGEX = Pattern(
    r"(?:他们|她们|它们|其|该|此|上述|前述|以上|这些|此类|该类|这类|该等|该些|对应的?|相应的?|相关的?)"
    r"(?P<noun>[\u4e00-\u9fffA-Za-z/ ]{0,16}?)(?:的|们|等)?"
)
# A name with what the company does for us before it: 为我们提供云服务的某某有限公司
_DOING_REGEX = Pattern(r"(?:为|向|给|由|受|负责|提供|帮助|协助)[^,。;]*的(?=[^的]+$)")
_MAKERS_REGEX = Pattern(
    r"(?:上述|前述|以上|对应|相应|该等)的?(?P<kind>[^,。;]{2,10}?(?:厂商|制造商))的?\s*(?P<sdk>[^,。;]{0,24}SDK)?", re.I
)
_DEVICES_REGEX = Pattern(r"使用(?:的是|了)?(?P<names>[^,。;的]{2,60}?)(?:等|品牌|牌|的)*(?:手机|设备|终端)")
_ACCOUNTS_REGEX = Pattern(
    r"(?:使用|通过)(?:向)?(?P<names>[^,。;的]{2,40}?)(?:等|的)*第三方(?:帐号|账号|账户|平台|应用|登录)"
)
_POINTING_REGEX = Pattern(r"(?:上述|前述|以上|这些|此类|该类|这类|该等|该些|该)(?:的)?")
_OURS_REGEX = Pattern(r"\s{0,99}(?:我们|我[行司方]|本(?:公司|行|应用|平台|产品))的")
_BARE_ANAPHOR_REGEX = Pattern(r"(?:他们|她们|它们|其|对方|后者|前者|该方|第三方SDK|该|SDK|第三方)(?:的)?")
_ITS_SDK_REGEX = Pattern(r"(?:相关|对应|相应)的?\s?SDK", re.I)
_ITS_OWNER_REGEX = Pattern(r"(?:该|此|上述)\s?(?:SDK|产品|服务|插件)的?[^,。;]{2,6}(?:为|是).+", re.I)
_LISTED_REGEX = Pattern(
    r"(?P<kind>[^()\-:,]{2,40}?)\s{0,9}+(?:\((?:(?:例如|比如|包括|如|即|为):?)?(?P<inner>.+)\)|(?:[-:]++|(?:例如|比如|包括|如|即|为)(?=\S{2}))\s*+(?P<names>(?s:.+)))"
)
_WITHIN_REGEX = Pattern(
    r"(?:包括|包含|以|含)(?:但不限于)?(?P<names>.+?)(?:在内|为代表|为主)(?:的|之)?(?P<kind>(?s:.*))$"
)
_AMONG_REGEX = Pattern(r"(?P<names>.+?)(?:等|及其他|和其他|及其它|这些|几大|三大|两大)(?P<kind>[^、()]{2,20})$")
_SDK_RUN_REGEX = Pattern(r"\s{0,99}(?:、|和|及|与|以及|,)\s{0,99}")
_SDK_END_REGEX = Pattern(r"(?:SDK|API)s?$", re.I)
_SELF_REGEX = Pattern(
    r"(?:^|[^\u4e00-\u9fff])?(?:我们|我[行司方国]|我公司|您|你|本(?:公司|应用|产品|软件|平台|服务|行|客户端|网站|小程序|程序|APP|App|app|机构|集团)?|用户|客户|会员|消费者|App|APP|平台|双方)"
)
_NOTE_REGEX = Pattern(r"\s{0,99}\((?P<alias>[^()]{1,20})\)")
_NO_CATEGORY_REGEX = Pattern(r"[,。;:]|(?:信息|数据)(?:与|和|及|向|给|中)|(?:^|[^同])(?:我们|您)(?:会|将|可能|需要)")
_NO_SDKS_REGEX = Pattern(r"[,。;]|用于|允许|权限|获取|收集")
_NO_PRODUCT_REGEX = Pattern(r"(?:第三方|合作|外部|相关|各类|部分|上述|该|此类|以下|下列|如下)*(?:的)?SDK.*")
_SDK_WORD_REGEX = Pattern(r"(?:SDK|API)(?:接口)?", re.I)
_KINDS_SDK_REGEX = Pattern(r"(?P<kind>.{2,40}?)的\s*(?P<method>(?:SDK|API)(?:接口|服务)?)$", re.I)


@lru_cache(maxsize=256)
def _earlier(noun: str) -> Pattern[str]:
    """A longer wording of a kind of recipient: ``从事广告业务的合作方`` for 合作方."""
    return Pattern(
        rf"(?:^|[,。;:(\s当若由与和向])(?P<kind>[^,。;:(\s当若由与和向]{{0,50}}{re.escape(noun)})(?=与|和|为|向|共同|联合)"
    )


class Recipient(Struct, frozen=True):
    """Who receives: a company, a kind of recipient and a product, each with its place; at least one is set."""

    provider: Span | None = None
    category: Span | None = None
    sdk: Span | None = None
    method: Span | None = None

    @property
    def key(self) -> tuple[Span | None, Span | None, Span | None]:
        """What two mentions of the same recipient share."""
        return self.provider, self.category, self.sdk


class Topic(Struct):
    """What earlier words of a block have named, for words that point back.

    Attributes:
        recipients: Named last.
        aliases: Short names and brands said beside a company's name.
        mentioned: Said to receive something, in order, with or without data.
        head: The block's head where it is a kind of recipient.
        purpose: A function that the recipients were said to provide.
        aim: What an SDK was said to be used for, in a sentence before the data.
        aimed: The SDK of which that was said.
        data: What was last said to be collected by the publisher, for 上述信息.
        method: A way of sharing said of them.
    """

    recipients: list[Recipient] = field(default_factory=list)
    aliases: dict[str, Recipient] = field(default_factory=dict)
    mentioned: list[Recipient] = field(default_factory=list)
    head: Span | None = None
    title: Span | None = None
    purpose: Span | None = None
    aim: Span | None = None
    aimed: list[Span | None] = field(default_factory=list)
    data: list[Span] = field(default_factory=list)
    method: Span | None = None
    sdk_named: bool = False


class RecipientReader:
    """Reads phrases as recipients."""

    def __init__(self, source: Source, words: ProseWords, own: frozenset[str]) -> None:
        """Remember the stretch and the notice's own names.

        Args:
            source: The stretch.
            words: Vocabulary.
            own: Names by which the notice calls its own publisher.
        """
        self.source = source
        self.flat = source.flat
        self.words = words
        self.names = words.names
        self.own = own

    def is_self(self, words: str) -> bool:
        """Whether a phrase means the publisher or the user."""
        plain = words.strip(' ,、"')
        return bool(_SELF_REGEX.fullmatch(plain)) or plain in self.own or any(plain.endswith(name) for name in self.own)

    def read(self, start: int, end: int, topic: Topic) -> list[Recipient]:
        """The recipients that a phrase names or points back to; empty if it names none.

        ``第三方快递商或者礼品提供方``, ``甲科技有限公司和乙科技有限公司``, ``某某SDK``, ``此类商家``, ``音乐合作伙伴-甲有限公司(甲音乐)``.

        Args:
            start: Where the phrase begins, in the flat text.
            end: Behind the phrase.
            topic: What words that point back mean.
        """
        span = self._trim(start, end)
        words = self.flat[slice(*span)]
        if len(words) < 1 or len(words) > 400 or self.is_self(words) or words.endswith(("时", "时候")):
            return []
        makers = self._makers(span)
        if makers:
            return makers
        back = self._by_account(span, words)
        if back is None:
            back = self._pointed(words, topic)
        if back is None:
            back = self._said_before(span, words, topic)
        if back is not None:
            return back
        found = self._listed(span, topic) or self._named(span, topic)
        if _OURS_REGEX.match(self.flat, start, end) and any(self._is_ours(entry) for entry in found):
            return []
        return found

    def _is_ours(self, entry: Recipient) -> bool:
        """Whether 我们的 makes a name part of the publisher: ``我们的客服中心``, but not ``我们的合作伙伴某某有限公司``."""
        if entry.provider is None or entry.category is not None:
            return False
        return not self.names.is_legal_name(self.flat[slice(*entry.provider)])

    def _trim(self, start: int, end: int) -> Span:
        for regex in (_BUILT_IN_REGEX, _LEAD_REGEX):
            match = regex.match(self.flat, start, end)
            if match is not None:
                start = match.end()
        alias = _ALIAS_REGEX.search(self.flat[start:end])
        if alias is not None and alias.start() > 1:
            end = start + alias.start()
        match = _TAIL_REGEX.search(self.flat, max(start, end - 12), end)
        if match is not None:
            end = match.start()
        while start < end and (self.flat[start].isspace() or self.flat[start] in "\"'-"):
            start += 1
        while end > start and (self.flat[end - 1].isspace() or self.flat[end - 1] in "\"'-"):
            end -= 1
        return start, end

    def _pointed(self, words: str, topic: Topic) -> list[Recipient] | None:
        if words in topic.aliases:
            return [topic.aliases[words]]
        same = [
            entry for entry in topic.recipients if entry.sdk and self._is_named(words, self.flat[slice(*entry.sdk)])
        ]
        if same:
            return same[:1]
        named = [entry for entry in topic.recipients if entry.provider and words in self.flat[slice(*entry.provider)]]
        if len(words) > 1 and named and self.names.is_company(words):
            return named[:1]
        if not topic.recipients:
            return None
        if _BARE_ANAPHOR_REGEX.fullmatch(words) or _ITS_OWNER_REGEX.fullmatch(words):
            return list(topic.recipients)
        match = _ANAPHOR_REGEX.fullmatch(words)
        if match is None:
            return None
        noun = match.group("noun").strip()
        if (
            not noun
            or noun.upper().endswith(("SDK", "API"))
            or self.names.is_category(noun)
            or noun in ("公司", "服务", "工具", "产品", "插件", "组件")
        ):
            return list(topic.recipients)
        return None

    def _is_named(self, words: str, name: str) -> bool:
        """Whether a wording is an SDK's name again: the same, with or without the maker before it, or with a slip."""
        name = name.strip()
        if words == name:
            return True
        if len(words) < 5 or len(name) < 5 or not (words[-3:].upper() == name[-3:].upper() == "SDK"):
            return False
        if words.endswith(name) or name.endswith(words):
            return True
        return len(words) == len(name) and sum(a != b for a, b in zip(words, name, strict=True)) == 1

    def _sentence_start(self, at: int) -> int:
        return max(self.flat.rfind(mark, max(0, at - 400), at) for mark in "。;!?\n") + 1

    def makers(self, start: int, end: int) -> list[Recipient]:
        """``使用甲、乙等品牌手机,我们接入的上述手机厂商PushSDK``: makers of devices, named by the devices.

        Args:
            start: Where the phrase with 上述厂商 begins; the devices are looked for before it in its sentence.
            end: Behind the phrase.
        """
        match = _MAKERS_REGEX.search(self.flat, start, end)
        if match is None:
            return []
        floor = max(0, match.start() - 400)
        first = max(floor, self.flat.rfind("\n", floor, match.start()) + 1)
        devices = _DEVICES_REGEX.search(self.flat, first, match.start())
        if devices is None or not self.names.is_company(self.flat[slice(*devices.span("names"))]):
            return []
        sdk = match.span("sdk") if match.group("sdk") else None
        return [Recipient(devices.span("names"), match.span("kind"), sdk)]

    def _makers(self, span: Span) -> list[Recipient]:
        return self.makers(*span) if _MAKERS_REGEX.fullmatch(self.flat, *span) else []

    def _by_account(self, span: Span, words: str) -> list[Recipient] | None:
        """``使用甲、乙等第三方账号登录时,相关SDK会收集``: the SDKs of those whose accounts are used."""
        if _ITS_SDK_REGEX.fullmatch(words) is None:
            return None
        accounts = _ACCOUNTS_REGEX.search(self.flat, self._sentence_start(span[0]), span[0])
        found = self._companies(*accounts.span("names")) if accounts else []
        method = (span[1] - 3, span[1])
        return [Recipient(provider=company, method=method) for company in found] or None

    def _said_before(self, span: Span, words: str, topic: Topic) -> list[Recipient] | None:
        """What a pointing phrase means by its own sentence or by what was said to receive before.

        ``当甲服务商或乙服务商与我们联合提供服务时,…提供给前述服务商``, ``我们与广告主共享信息,仅向这些广告主提供…``.
        """
        match = _ANAPHOR_REGEX.fullmatch(words)
        noun = match.group("noun").strip() if match else ""
        if len(noun) < 3:
            return None
        start = self._sentence_start(span[0])
        if not self.names.is_category(noun):
            return None
        for entry in reversed(topic.mentioned):
            if entry.category is not None and self.flat[slice(*entry.category)].endswith(noun):
                return [entry]
        for earlier in _earlier(noun).finditer(self.flat[start : span[0]]):
            kind = self._trim(start + earlier.start("kind"), start + earlier.end("kind"))
            said = self.flat[slice(*kind)]
            if said.endswith(noun) and self.names.is_category(said) and len(said) > len(noun):
                return [Recipient(category=kind)]
        return None

    def _listed(self, span: Span, topic: Topic) -> list[Recipient]:
        """A kind of recipient with names: ``合作伙伴-甲公司和乙公司``, ``包括甲公司在内的第三方``, ``甲、乙等服务商``."""
        for regex in (_WITHIN_REGEX, _LISTED_REGEX, _AMONG_REGEX):
            match = regex.fullmatch(self.flat, *span)
            if match is None:
                continue
            group = "inner" if regex is _LISTED_REGEX and match.group("inner") else "names"
            companies = self._companies(*self._trim(*match.span(group)))
            if not companies:
                continue
            kind = self._trim(*match.span("kind"))
            words = self.flat[slice(*kind)]
            category: Span | None = kind if words and self.names.is_category(words) else None
            if regex is _WITHIN_REGEX and topic.head is not None:
                category = topic.head
            if category is None and regex is _LISTED_REGEX:
                continue
            if category is not None and words in ("第三方", "公司", "企业") and topic.head is None:
                category = None
            self._note_aliases(match.span(group), companies, topic)
            return [Recipient(provider=company, category=category) for company in companies]
        return []

    def _companies(self, start: int, end: int) -> list[Span]:
        """Companies of a coordination; empty if a part of it is none."""
        group = _GROUP_REGEX.search(self.flat[start:end])
        if group is not None and self.names.is_legal_name(self.flat[start : start + group.start()]):
            return [(start, end)]  # 某某有限公司及其关联公司: one recipient
        parts = list(company_spans(self.flat, start, end, self.names))
        if parts and all(self.names.is_company(self.flat[slice(*part)]) for part in parts):
            return parts
        return []

    def _note_aliases(self, span: Span, companies: Sequence[Span], topic: Topic) -> None:
        """Remember brands in brackets: ``甲技术有限公司(甲)``."""
        for company in companies:
            match = _NOTE_REGEX.match(self.flat, company[1], span[1] + 1)
            if match is not None:
                topic.aliases[match.group("alias").strip()] = Recipient(provider=company)

    def _named(self, span: Span, topic: Topic) -> list[Recipient]:
        words = self.flat[slice(*span)]
        kind = self._leading_kind(span)
        if kind is not None:
            return [Recipient(provider=(kind[1], span[1]), category=kind)]
        doing = _DOING_REGEX.match(words)
        company = words[doing.end() :] if doing is not None else ""
        if doing is not None and self.names.is_legal_name(company) and not self.names.is_category(company):
            span = (span[0] + doing.end(), span[1])
            words = self.flat[slice(*span)]
        companies = self._companies(*span)
        if companies:
            self._note_aliases(span, companies, topic)
            return [Recipient(provider=company) for company in companies]
        if self.names.is_category(words):
            return self._category(span, words, topic)
        examples = _EXAMPLES_REGEX.search(words)
        if examples is not None and self.names.is_category(words[: examples.start()]):
            return self._category((span[0], span[0] + examples.start()), words[: examples.start()], topic)
        sdks = self._sdks(span, topic)
        if sdks:
            return sdks
        return self._branded_kind(span, words, topic)

    def _leading_kind(self, span: Span) -> Span | None:
        """A kind of recipient before a company's full name: ``云服务提供商某某科技有限公司``."""
        words = self.flat[slice(*span)]
        if not self.names.is_legal_name(words) or self.names.is_category(words) or len(words) > 60:
            return None
        for noun in self.words.leading_kinds:
            at = words.find(noun)
            if at < 0 or at + len(noun) + 4 > len(words):
                continue
            cut = span[0] + at + len(noun)
            if self.names.is_category(self.flat[span[0] : cut]) and self.names.is_legal_name(self.flat[cut : span[1]]):
                return span[0], cut
        return None

    def _category(self, span: Span, words: str, topic: Topic) -> list[Recipient]:
        if len(words) > 40 or _NO_CATEGORY_REGEX.search(words):
            return []
        for known in topic.recipients:
            if known.category and known.provider and self.flat[slice(*known.category)].endswith(words):
                return [entry for entry in topic.recipients if entry.category == known.category]
        pointing = _POINTING_REGEX.match(words)
        if pointing is not None:
            span = (span[0] + pointing.end(), span[1])
            words = words[pointing.end() :]
        if words.startswith(("您", "你")) and "的" not in words:
            return []  # 您本人或好友
        if words.startswith(("您", "用户")) and "的" in words:
            span = (span[0] + words.rindex("的") + 1, span[1])
        return [Recipient(category=span)]

    def _sdks(self, span: Span, topic: Topic) -> list[Recipient]:
        """``某某SDK``, ``甲SDK、乙SDK``, ``某某公司的SDK``, ``合作伙伴的SDK``."""
        words = self.flat[slice(*span)]
        if len(words) > 80 or _NO_SDKS_REGEX.search(words):
            return []
        owned = self._owner_of_sdk(span, topic)
        if owned:
            return owned
        parts = self._cut_sdks(span)
        found: list[Recipient] = []
        for part in parts:
            parsed = split_name(
                self.source.view, self.source.base + part[0], self.source.base + part[1], self.words.lexicon
            )
            shift = -self.source.base
            provider = _moved(parsed.provider, shift)
            sdk = _moved(parsed.sdk, shift)
            category = _moved(parsed.recipient_category, shift)
            if sdk is not None and not self.is_product(self.flat[slice(*sdk)]):
                sdk = None
            if provider is not None and self.is_self(self.flat[slice(*provider)]):
                provider = None
            if provider or sdk or category:
                method = self._method(part) if sdk is None else None
                found.append(Recipient(provider, category, sdk, method))
        return found

    def is_product(self, words: str) -> bool:
        """Whether a phrase is the name of a product, not only the word SDK with an attribute."""
        if words.upper().endswith("APP") or words.endswith("客户端"):
            return False  # an app is who speaks, not who is spoken of
        return self.names.classify(words) == "sdk" and not _NO_PRODUCT_REGEX.fullmatch(words)

    def _cut_sdks(self, span: Span) -> list[Span]:
        parts: list[Span] = []
        at = span[0]
        for match in _SDK_RUN_REGEX.finditer(self.flat, *span):
            if _SDK_END_REGEX.search(self.flat[at : match.start()].strip()):
                parts.append((at, match.start()))
                at = match.end()
        parts.append((at, span[1]))
        return [self._trim(*part) for part in parts]

    def _method(self, span: Span) -> Span | None:
        match = _SDK_WORD_REGEX.search(self.flat, *span)
        return match.span() if match else None

    def _owner_of_sdk(self, span: Span, topic: Topic) -> list[Recipient]:
        """``广告服务商和监测机构的SDK``: the kind of recipient, and the way of sharing."""
        match = _KINDS_SDK_REGEX.match(self.flat, *span)
        if match is None:
            return []
        kind = self._trim(*match.span("kind"))
        words = self.flat[slice(*kind)]
        if self.names.is_category(words):
            return [replace(entry, method=match.span("method")) for entry in self._category(kind, words, topic)]
        known = [entry for entry in topic.recipients if entry.provider and words in self.flat[slice(*entry.provider)]]
        if known and len(words) > 1:
            return known[:1]
        companies = self._companies(*kind)
        return [Recipient(provider=company, method=match.span("method")) for company in companies]

    def _branded_kind(self, span: Span, words: str, topic: Topic) -> list[Recipient]:
        """A kind and a brand without anything between: ``合作方某某``."""
        if len(words) > 40:
            return []
        for cut in range(span[1] - 2, span[0] + 1, -1):
            before, after = self.flat[span[0] : cut], self.flat[cut : span[1]]
            if self.names.is_category(before) and self.names.is_company(after):
                category = (span[0], cut)
                for known in (*topic.recipients, *topic.mentioned):
                    if known.category and self.flat[slice(*known.category)].endswith(before):
                        category = known.category
                companies = self._companies(cut, span[1]) or [(cut, span[1])]
                return [Recipient(provider=company, category=category) for company in companies]
        return []


def _moved(span: Span | None, shift: int) -> Span | None:
    return None if span is None else (span[0] + shift, span[1] + shift)
