"""Names of recipients: what kind of name a wording is, and the parts of a name cell or heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Literal, cast

from msgspec import Struct

from noticeparse.document.view import View
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.memo import Answers
from noticeparse.pattern import Pattern
from noticeparse.records import Platform, Span

NameKind = Literal["provider", "sdk", "recipient_category", "unknown"]

MAX_NAME = 80
_LONGEST_BRAND = 24
_EDGE = " \t\r\n\"'`<>《》,;:。、*※"
_MARK_REGEX = Pattern(r"[。;!?\n,:]")
_SENTENCE_REGEX = Pattern(r"[。;!?\n]|https?:|(?<=.)[,:](?=.)")
_PACKAGE_REGEX = Pattern(r"(?:[a-z][a-z0-9_]*+\.){2}[A-Za-z][\w.]*|(?:com|org|io|cn|net|me|androidx?)\.[a-z][\w.]*")
_LATIN_REGEX = Pattern(r"[A-Za-z][A-Za-z0-9 .+&_/-]*[A-Za-z0-9+]")
_SDK_REGEX = Pattern(r"(?:SDK|API|SDKs|JSSDK|Framework|[Kk]it|PUSH|IM)(?:\s?(?:功能|服务|接口|组件|包|工具包))?$", re.I)
_BARE_REGEX = Pattern(
    r"(?:第三方|相关|该|此|上述|前述|这些|其|的|各类|外部|合作方|\s)*(?:SDK|API|H5|SDK/API|APP|Push)s?(?:接口|技术|工具包)?",
    re.I,
)
_JOINT_REGEX = Pattern(r"[、/及与]|和(?=[\u4e00-\u9fffA-Za-z])|以及|\s?[&]\s?")
# Brackets, and what stands between the companies of a coordination; 和 only where a company ends before it.
_SEPARATOR_REGEX = Pattern(r"[()、,;]|以及|或者|(?:(?<![\s\S])|(?<=[)司会局盟团院所部心]))[和与及或]")
_BRACKET_REGEX = Pattern(r"(?<!\s)\s*+\(([^()]*+(?:\([^()]*+\)[^()]*+)*+)\)\s*+$")
_SOURCE_REGEX = Pattern(
    r"\s{0,20}+(?:[,;、|/-]\s{0,20}+)?(?:\(\s{0,20}+)?(?:来源于|来自于?|提供方(?:为|是|:)|开发者(?:为|是|:)|运营方(?:为|是|:)|所属公司(?:为|是|:)?|归属于|隶属于)"
    r"\s{0,20}+(?::\s{0,20}+)?(?P<name>[^,;。:()]{2,60}+(?:\([^()]{1,20}\)[^,;。:()]{0,30}+)?+)\)?\s*+$"
)
_SOURCE_WORD_REGEX = Pattern(r"来源于|来自|提供方|开发者|运营方|所属公司|归属于|隶属于")  # of these there is one in it
_BY_WORD_REGEX = Pattern("由")
_BY_REGEX = Pattern(
    r"\s{0,20}+(?:[,;]\s{0,20}+)?(?:\(\s{0,20}+)?(?:该SDK)?(?:是|系)?由(?P<name>.{2,60}?)(?:提供|开发|运营)(?:的|服务)?\)?\s{0,20}+$"
)
_OF_REGEX = Pattern(
    r"(?P<by>由)?(?P<name>[^的,;。:]{2,60}?)(?P<of>(?:所)?(?:提供|开发|运营)的|的)\s*(?P<rest>[^的,;。:]{1,60})$"
)
_GLUED_OWNER_REGEX = Pattern(
    r"(?P<name>[^,。;:、/与]{4,40}?(?:有限责任公司|股份有限公司|有限公司))\s*(?P<rest>[^,。;:、()公]{2,40}(?:SDK|API|插件|组件))",
    re.I,
)
_METHOD_REGEX = Pattern(
    r"(?:第三方|三方|合作方)?\s?(?:SDK|API|H5|JSSDK|软件开发工具包)\s?(?:接入|集成|嵌入|信息披露|披露|信息|说明|清单|介绍)?\s*\((?P<name>.{2,60})\)\s*$",
    re.I,
)
_LIMIT_REGEX = Pattern(r"(?:仅|只|限|适用于|针对|用于|支持|可选|必选|如有|若|如|在|当|原|已)")
_VERSION_REGEX = Pattern(r"[vV]?\d+(?:\.\d+)*(?:版本?)?")
_FOOTNOTE_REGEX = Pattern(r"\d{1,2}|注\d{0,2}|[*※]+")
_PLATFORM_SPLIT_REGEX = Pattern(r"[、,;/\s和及与|+&]+|以及")
_PLATFORM_EDGE_REGEX = Pattern(
    r"^(?:仅|只|限|适用于|仅限|仅在|仅适用于|用于|支持|针对)+|(?:平台|系统|客户端|设备|手机|使用|适用|专用|应用|APP|端|版本|版){1,20}$",
    re.I,
)
_MAIN_PLATFORMS = ("Android", "iOS", "HarmonyOS")


class NameParts(Struct, frozen=True):
    """The parts of a name cell or heading, as view positions.

    Attributes:
        provider: The company, where it is named apart from the product.
        sdk: The product; ``None`` where the name is no product or its kind is not known.
        recipient_category: A kind of recipient, where the name is one.
        platforms: Platforms that a note beside the name states.
        qualifiers: Notes that limit the entry (仅某某设备).
        labels: Words that are read but no part of a name: 来源于, platform notes, brackets' notes.
    """

    provider: Span | None = None
    sdk: Span | None = None
    recipient_category: Span | None = None
    platforms: tuple[Platform, ...] = ()
    qualifiers: tuple[Span, ...] = ()
    labels: tuple[Span, ...] = ()

    def at(self, start: int) -> NameParts:
        """The same in its place.

        Args:
            start: Where the name's text starts in the view; the spans count from there.
        """

        def moved(span: Span | None) -> Span | None:
            return None if span is None else (start + span[0], start + span[1])

        return NameParts(
            moved(self.provider),
            moved(self.sdk),
            moved(self.recipient_category),
            self.platforms,
            tuple([(start + first, start + end) for first, end in self.qualifiers]),
            tuple([(start + first, start + end) for first, end in self.labels]),
        )


_NO_PARTS = NameParts()


def classify_name(text: str, lexicon: Lexicon) -> NameKind:
    """What kind of name a wording is.

    ``某某科技有限公司``, ``某某大学`` are providers; ``某某推送SDK``, ``com.foo.bar``, ``FooKit`` are SDKs;
    ``第三方物流商``, ``主管部门`` are kinds of recipient; a data term or a sentence is unknown.

    Args:
        text: Wording without list marker, brackets half-width.
        lexicon: Vocabulary.
    """
    return name_grammar(lexicon).classify(text)


def split_name(view: View, start: int, end: int, lexicon: Lexicon) -> NameParts:
    """Split a name cell or heading into provider, product, platforms and notes.

    ``某某平台SDK(Android端,iOS端)``, ``某某(某某软件有限公司)``, ``某某统计SDK,来源于某某``, ``某某公司的Foo SDK``,
    ``SDK (某某设备指纹 SDK)``. A bracket that holds another name of the product stays in the name.

    Args:
        view: The notice.
        start: View position.
        end: View position behind the name.
        lexicon: Vocabulary.
    """
    parts = name_grammar(lexicon).parts(view.text[max(0, start) : end])
    return parts if parts is _NO_PARTS else parts.at(max(0, start))


class NameGrammar:
    """Recognises names with a lexicon. Build once for a lexicon; :func:`name_grammar` keeps it."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Prepare the word classes.

        Args:
            lexicon: Vocabulary with company and SDK names and the word classes of names.
        """
        words = lexicon.words
        self.lexicon = lexicon
        self._companies = lexicon.company_names
        self._sdks = lexicon.sdk_names
        self._legal = tuple(word.casefold() for word in words.get("legal_form", ()))
        self._institutions = tuple(word for word in words.get("institution", ()) if len(word) > 1)
        self._nouns = frozenset(words.get("recipient_noun", ()))
        self._noun_ends = frozenset(noun[-1:] for noun in self._nouns)
        self._longest_noun = max(map(len, self._nouns), default=0)
        self._modifiers = tuple(words.get("recipient_modifier", ()))  # the longest first
        self._suffixes = tuple(word.casefold() for word in words.get("sdk_suffix", ()) if not word.isascii())
        identifiers = {fold(word) for word in words.get("identifier", ())}
        identifiers.update(
            fold(lexicon.concepts[word].zh) for word in words.get("identifier", ()) if word in lexicon.concepts
        )
        self._data = identifiers
        self._platforms = {fold(word): name for name, wording in lexicon.platforms.items() for word in wording}
        self._platform_regex = Pattern("|".join(map(re.escape, self._platforms)) or r"(?!)")
        self._edge_words = tuple(
            word for word, name in self._platforms.items() if name in _MAIN_PLATFORMS and len(word) > 2
        )
        self._kinds = Answers(self._kind)
        self._noted = Answers(self._platforms_in)
        self._parts = Answers[str, NameParts](lambda text: _Splitter(text, self).split())

    def classify(self, text: str) -> NameKind:
        """What kind of name a wording is; see :func:`classify_name`."""
        words = text.strip(_EDGE)
        if not 1 < len(words) <= MAX_NAME:
            return "unknown"
        return self._kinds[words]

    def parts(self, text: str) -> NameParts:
        """The parts of a name cell or heading, see :func:`split_name`; their spans count from the text's start.

        Args:
            text: The cell's or heading's words.
        """
        return self._parts[text] if len(text) <= 5 * MAX_NAME else _Splitter(text, self).split()

    def _kind(self, words: str) -> NameKind:
        key = fold(words)
        if key in self._data:
            return "unknown"
        if key in self._companies and self._is_company_first(key):
            return "provider"
        if key in self._sdks:
            return "sdk"
        sentence = _MARK_REGEX.search(words) and _SENTENCE_REGEX.search(words)
        if sentence and not self.is_legal_name(words):
            return "unknown"
        plain = _BRACKET_REGEX.sub("", words) if ")" in words else words
        if plain and plain != words:
            inner = _BRACKET_REGEX.search(words)
            if _BARE_REGEX.fullmatch(plain) and inner:
                return self.classify(inner.group(1))
            return self._kind(plain)
        category = self.is_category(words)
        if not category and (self._is_other(key) or _BARE_REGEX.fullmatch(words)):
            return "unknown"
        if not category and self.is_legal_name(words):
            return "provider"
        if _SDK_REGEX.search(words) or _PACKAGE_REGEX.fullmatch(words):
            return "sdk"
        return "recipient_category" if category else self._by_form(words)

    def _is_company_first(self, key: str) -> bool:
        """Whether a wording means the company: it is its full name, or no product bears it."""
        return key not in self._sdks or fold(self.lexicon.companies[self._companies[key]].name) == key

    def _is_other(self, key: str) -> bool:
        """Whether a wording is a data term, permission, label or platform."""
        lexicon = self.lexicon
        return key in lexicon.terms or key in lexicon.permissions or key in lexicon.labels or key in self._platforms

    def _by_form(self, words: str) -> NameKind:
        if 0 < len(words) <= 30 and words[1:].endswith(self._institutions):  # a word alone is no name
            return "provider"
        if len(words) <= 40 and _LATIN_REGEX.fullmatch(words):
            return "sdk"
        run = self._run(words)
        if run is not None:
            return run
        brand = self.brand_prefix(words) if len(words) <= 20 else 0
        if brand and not any(char in words for char in "的是了,"):
            rest = words[brand:]
            known = fold(rest) in self._data or fold(rest) in self.lexicon.terms
            return "unknown" if known or rest.endswith(("信息", "权限", "数据", "版本")) else "sdk"
        return "unknown"

    def _run(self, words: str) -> NameKind | None:
        """The kind of a coordination of names of one kind: ``某某、某某、Foo``."""
        parts = [part.strip() for part in _JOINT_REGEX.split(words)]
        if len(parts) < 2 or not all(parts):
            return None
        kinds = {self.classify(part) for part in parts}
        if kinds == {"provider", "sdk"} and not any(_SDK_REGEX.search(part) for part in parts):
            return "provider"
        return kinds.pop() if len(kinds) == 1 else None

    def is_legal_name(self, words: str) -> bool:
        """Whether a wording ends in a legal form: ``某某(北京)科技有限公司``, ``Foo Inc.``."""
        plain = (_BRACKET_REGEX.sub("", words) if ")" in words else words).casefold().rstrip()
        if not plain.endswith(self._legal):
            return False
        for form in self._legal:
            if plain.endswith(form) and len(plain) > len(form):
                before = plain[-len(form) - 1]
                if not form.isascii() or before in " ,.-":
                    return True
        return False

    def is_category(self, words: str) -> bool:
        """Whether a wording is a kind of recipient, not a name: ``第三方物流商``, ``授权合作伙伴``, ``主管部门``."""
        plain = words.rstrip("等们")
        if plain[-1:] not in self._noun_ends:
            return False
        for size in range(min(self._longest_noun, len(plain)), 0, -1):
            noun = plain[-size:]
            if noun in self._nouns:
                return not self._is_name_part(plain[:-size], noun)
        return False

    def _is_name_part(self, before: str, noun: str) -> bool:
        """Whether what stands before a noun such as 物流公司 or 银行 makes it a name: ``某某物流公司``."""
        if not before or not noun.endswith(
            ("公司", "银行", "医院", "学校", "大学", "法院", "部门", "机构", "平台", "联盟")
        ):
            return bool(before) and self.brand_prefix(before) == len(before)
        if before.endswith("的"):
            return False
        rest = before
        while rest:
            for modifier in self._modifiers:
                if rest.endswith(modifier):
                    rest = rest[: -len(modifier)]
                    break
            else:
                break
        if not rest or rest.endswith(("的", "、", "或", "和", "及")) or rest in self._nouns:
            return False
        return len(rest) <= 12 and not noun.endswith(("部门", "机构", "平台"))

    @cached_property
    def _brand_starts(self) -> frozenset[str]:
        """The first two characters of each company's and product's name."""
        return frozenset(name[:2] for names in (self._companies, self._sdks) for name in names)

    def brand_prefix(self, words: str) -> int:
        """Length of the longest company or product name that a wording begins with, 0 for none."""
        first = fold(words[:2])
        if len(first) == 2 and first not in self._brand_starts:
            return 0
        start = words[:_LONGEST_BRAND]
        whole = fold(start)
        plain = len(whole) == len(start) and whole == start.casefold()  # character by character, then
        for stop in range(len(start), 1, -1):
            key = whole[:stop] if plain else fold(words[:stop])
            if key in self._companies or key in self._sdks:
                if words[:stop].isascii() and words[stop : stop + 1].isascii() and words[stop : stop + 1].isalnum():
                    continue
                return stop
        return 0

    def is_company(self, words: str) -> bool:
        """Whether a wording names a company, institution or brand, alone or as a run: ``某某、某某公司``."""
        words = words.strip(_EDGE)
        if not words:
            return False
        if self._is_one_company(words):
            return True
        parts = [part.strip() for part in _JOINT_REGEX.split(words)]
        return len(parts) > 1 and all(part and self._is_one_company(part) for part in parts)

    def _is_one_company(self, words: str) -> bool:
        key = fold(words)
        if key in self._companies or (self.is_legal_name(words) and not self.is_category(words)):
            return True
        if key in self._sdks and not _SDK_REGEX.search(words):
            return True  # a brand that is known by its product only
        return self.classify(words) == "provider"

    def platforms_of(self, words: str) -> tuple[Platform, ...]:
        """Platforms that a note consists of: ``Android端、iOS端``, ``仅安卓版``; empty if it says anything else."""
        return self._noted[words] if len(words) <= MAX_NAME else self._platforms_in(words)

    def mentions_platform(self, words: str) -> bool:
        """Whether a platform's name stands in a wording, if only as a part of a word."""
        return self._platform_regex.search(fold(words)) is not None

    def _platforms_in(self, words: str) -> tuple[Platform, ...]:
        if not self.mentions_platform(words):
            return ()
        found: list[Platform] = []
        for part in _PLATFORM_SPLIT_REGEX.split(words):
            if not part or (found and (_VERSION_REGEX.fullmatch(part) or not _PLATFORM_EDGE_REGEX.sub("", part))):
                continue
            name = self._platform(part)
            if name is None:
                return ()
            found.append(name)
        return tuple(dict.fromkeys(found))

    def _platform(self, part: str) -> Platform | None:
        name = self._platforms.get(fold(part))
        if name is None:
            plain = part
            for _ in range(3):
                plain = _PLATFORM_EDGE_REGEX.sub("", plain)
            name = self._platforms.get(fold(plain))
        return cast("Platform | None", name)

    def platforms_at_edges(self, words: str) -> tuple[Platform, ...]:
        """System platforms that a name begins or ends with: ``FooIO_Android``, ``Foo OpenSDK iOS``, ``安卓版某某SDK``."""
        key = fold(words)
        key = key.removesuffix("sdk") or key
        if not key.startswith(self._edge_words) and not key.endswith(self._edge_words):
            return ()
        for word in self._edge_words:
            if len(key) > len(word) and (key.endswith(word) or key.startswith(word)):
                return (cast("Platform", self._platforms[word]),)
        return ()


@lru_cache(maxsize=4)
def name_grammar(lexicon: Lexicon) -> NameGrammar:
    """The name grammar over a lexicon; built once for each lexicon."""
    return NameGrammar(lexicon)


class _Splitter:
    """Takes a name apart, from its outer notes to its core."""

    def __init__(self, text: str, grammar: NameGrammar) -> None:
        self.text = text
        self.grammar = grammar
        self.provider: Span | None = None
        self.platforms: list[Platform] = []
        self.qualifiers: list[Span] = []
        self.labels: list[Span] = []

    def split(self) -> NameParts:
        core = self._trim(0, len(self.text))
        if core[1] - core[0] > 4 * MAX_NAME:
            return _NO_PARTS
        core = self._without_source(core)
        core = self._without_notes(core)
        core = self._without_owner(core)
        noted = bool(self.platforms or self.qualifiers or self.provider)
        sdk, category = self._core(core, noted)
        self.platforms.extend(self.grammar.platforms_at_edges(self.text[slice(*core)]))
        platforms = tuple(dict.fromkeys(self.platforms))
        return NameParts(self.provider, sdk, category, platforms, tuple(self.qualifiers), tuple(self.labels))

    def _trim(self, start: int, end: int) -> Span:
        text = self.text
        while start < end and text[start] in _EDGE:
            start += 1
        while end > start and text[end - 1] in _EDGE:
            end -= 1
        return start, end

    def _core(self, core: Span, noted: bool) -> tuple[Span | None, Span | None]:
        words = self.text[slice(*core)]
        if not words or _BARE_REGEX.fullmatch(words):
            if words:
                self.labels.append(core)
            return None, None
        kind = self.grammar.classify(words)
        if kind == "provider" and self.provider is None:
            self.provider = core
            return None, None
        if kind == "recipient_category":
            return None, core
        return (core if kind != "unknown" or noted else None), None

    def _without_source(self, core: Span) -> Span:
        """``某某SDK,来源于某某``, ``某某SDK(由某某公司提供)``."""
        for told, regex in ((_SOURCE_WORD_REGEX, _SOURCE_REGEX), (_BY_WORD_REGEX, _BY_REGEX)):
            match = told.search(self.text, *core) and regex.search(self.text, core[0] + 1, core[1])
            if match is None:
                continue
            name = self._trim(*match.span("name"))
            if name[0] >= name[1]:
                continue
            self.provider = name
            self.labels.extend(((match.start(), name[0]), (name[1], match.end())))
            return self._trim(core[0], match.start())
        return core

    def _without_notes(self, core: Span) -> Span:
        """Take off brackets at the end that hold platforms, a limit or the company."""
        for _ in range(3):
            match = self._last_bracket(core)
            if match is None:
                return core
            outer, inner = match
            if _METHOD_REGEX.fullmatch(self.text, *core) and self.provider is None:
                self.labels.append((core[0], outer[0]))
                core = inner
            elif self._note(core, outer, inner):
                core = self._trim(core[0], outer[0])
            else:
                return core
        return core

    def _last_bracket(self, core: Span) -> tuple[Span, Span] | None:
        """The bracket that a name ends with: its span and its content's; brackets may nest."""
        text = self.text
        if core[1] - core[0] < 3 or text[core[1] - 1] != ")":
            return None
        depth = 0
        for at in range(core[1] - 1, core[0], -1):
            if text[at] == ")":
                depth += 1
            elif text[at] == "(":
                depth -= 1
                if depth == 0:
                    return (at, core[1]), self._trim(at + 1, core[1] - 1)
        return None

    def _note(self, core: Span, outer: Span, inner: Span) -> bool:
        words, grammar = self.text[slice(*inner)], self.grammar
        if _FOOTNOTE_REGEX.fullmatch(words):
            self.labels.append(inner)
            return True
        platforms = grammar.platforms_of(words)
        if platforms:
            self.platforms.extend(platforms)
            self.labels.append(inner)
            return True
        if _LIMIT_REGEX.match(words) or fold(words) in grammar.lexicon.qualifiers:
            self.qualifiers.append(inner)
            self.labels.append(inner)
            return True
        before = self.text[core[0] : outer[0]].strip()
        if grammar.is_legal_name(before) and not grammar.is_legal_name(words):
            self.qualifiers.append(inner)  # 某某技术有限公司(某某): the brand says the company again
            self.labels.append(inner)
            return True
        if self.provider is None and grammar.classify(words) == "provider":
            self.provider = inner
            return True
        return False

    def _without_owner(self, core: Span) -> Span:
        """``某某公司的Foo SDK``, ``由某某公司提供的Foo SDK``, ``某某有限公司Foo SDK``: the company, and the product behind it."""
        if self.provider is not None:
            return core
        match = _OF_REGEX.fullmatch(self.text, *core)
        if match is None:
            return self._without_glued_owner(core)
        name = self._trim(*match.span("name"))
        if not self.grammar.is_company(self.text[slice(*name)]):
            return core
        self.provider = name
        self.labels.append(match.span("of"))
        if match.start("by") >= 0:
            self.labels.append(match.span("by"))
        return self._trim(*match.span("rest"))

    def _without_glued_owner(self, core: Span) -> Span:
        """``某某有限公司Foo SDK``: a registered name, and the product without anything between."""
        match = _GLUED_OWNER_REGEX.fullmatch(self.text, *core)
        if match is None or not self.grammar.is_legal_name(match.group("name")):
            return core
        self.provider = self._trim(*match.span("name"))
        return self._trim(*match.span("rest"))


def company_spans(text: str, start: int, end: int, grammar: NameGrammar) -> Iterator[Span]:
    """Companies of a coordination, each with its bracket left out: ``甲有限公司(甲)、乙有限公司和丙有限公司``.

    Args:
        text: View text.
        start: Where the coordination begins.
        end: Position behind it.
        grammar: Name grammar.
    """
    at = start
    for stop in [*_joints(text, start, end), (end, end)]:
        name = (at, stop[0])
        words = text[slice(*name)]
        match = _BRACKET_REGEX.search(words)
        if match is not None and match.start() > 1:
            name = (at, at + match.start())
        while name[0] < name[1] and text[name[0]] in _EDGE:
            name = (name[0] + 1, name[1])
        while name[1] > name[0] and text[name[1] - 1] in _EDGE:
            name = (name[0], name[1] - 1)
        if name[1] - name[0] > 1:
            yield name
        at = stop[1]


def _joints(text: str, start: int, end: int) -> Iterator[Span]:
    """Separators of a coordination, outside brackets."""
    depth = 0
    for match in _SEPARATOR_REGEX.finditer(text, start, end):
        mark = match[0]
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            yield match.span()
