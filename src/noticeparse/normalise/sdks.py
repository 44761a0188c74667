"""Names of SDKs to ids: the name, another name, the same in other words, its package, its link, and last a slip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from noticeparse import memo
from noticeparse.document.view import plain_form
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.normalise.companies import CompanyNames, company_names
from noticeparse.normalise.evidence import Domains, domains
from noticeparse.normalise.found import BRACKET_REGEX, JOINT_REGEX, Found, NameAnswers, first_of
from noticeparse.normalise.fuzzy import nearest_product, product_frame
from noticeparse.pattern import Pattern

_SCORES = {"filler": 0.98, "bracket": 0.95, "kind": 0.9, "maker": 0.9, "package": 0.95, "domain": 0.8}
_VERSION_REGEX = Pattern(r"v?\d{1,20}(?:\.\d{1,20}){1,9}(?:[a-z]\d{0,20})?$")
_KIND = "sdk_kind:"
_LONGEST = 60


class SdkNames:
    """Lookups of SDK names over one lexicon; :func:`sdk_names` keeps it."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Take the vocabulary; what names are compared by is made when the first name is no known one.

        Args:
            lexicon: Vocabulary.
        """
        self.lexicon = lexicon
        self._companies: CompanyNames = company_names(lexicon)
        self._domains: Domains = domains(lexicon)
        self._fillers = _longest_first(lexicon.words.get("sdk_filler", ()))
        self._leads = _longest_first(lexicon.words.get("sdk_lead", ()))
        self._kinds = {
            fold(word): name.removeprefix(_KIND)
            for name, words in lexicon.words.items()
            if name.startswith(_KIND)
            for word in words
        }
        self._longest_kind = max(map(len, self._kinds), default=0)
        self._answers = NameAnswers(self._find, 4 * _LONGEST)
        self._stems_of = memo.Answers(self._find_stems)

    def find(self, text: str) -> Found | None:
        """Which SDK a name means.

        ``极光推送``, ``JPush SDK``, ``极光推送服务SDK（Android版）``, ``和讯华谷 Push``, ``极光-极光推送``.

        Args:
            text: Name as written.

        Returns:
            ``None`` for a name that is unknown or that may be several SDKs'.
        """
        return self._answers.of(text)

    def _find(self, text: str, key: str) -> Found | None:
        found = self.known(key) or self._reworded(key)
        if found is not None:
            return found
        parts = [part.strip() for part in JOINT_REGEX.split(text)]
        if len(parts) > 1 and all(parts):
            found = first_of([self.known(part) or self._reworded(part) for part in self._distributed(parts)])
            if found is not None:
                return found
        return self._slip(key) if len(key) <= _LONGEST else None

    def _distributed(self, parts: list[str]) -> list[str]:
        """Folded parts, a kind that stands behind the last given to bare makers: ``华为/小米/vivo Push SDK``."""
        keys = [fold(part) for part in parts]
        kind = self._kind_of(self.stem(keys[-1]))
        return [key + kind if kind and key in self._companies.main_names else key for key in keys]

    def _kind_of(self, stem: str) -> str:
        """The word for a kind that a stem ends with, if any."""
        for size in range(min(self._longest_kind, len(stem) - 1), 1, -1):
            if stem[-size:] in self._kinds:
                return stem[-size:]
        return ""

    def known(self, key: str) -> Found | None:
        """A folded name that is in the lexicon as it stands."""
        owner = self.lexicon.sdk_names.get(key)
        if owner is None:
            return None
        name = self.lexicon.sdks[owner].name
        return Found(owner, "exact", 1.0) if fold(name) == key else Found(owner, "alias", 1.0, name)

    def _reworded(self, key: str) -> Found | None:
        for form, score in self._forms_of(key):
            found = self.known(form)
            owner = found.id if found is not None else self._by_kind.get(form) if "\t" in form else None
            if owner:
                return Found(owner, "variant", _SCORES[score], self.lexicon.sdks[owner].name)
        return None

    def _forms_of(self, key: str) -> Iterator[tuple[str, str]]:
        """Forms that a name is looked up by: without words such as SDK, its bracket, its maker; by maker and kind."""
        outer = BRACKET_REGEX.sub("", key) if "(" in key else key
        stem = outer
        if outer != key:
            yield outer, "bracket"
        for stem in self._stems(outer):
            yield stem, "filler"
        if stem not in self.lexicon.company_names or "sdk" in key:
            yield stem + "sdk", "filler"
        inner = [part for part in BRACKET_REGEX.findall(key) if len(part) > 2]
        for part in inner:
            yield part, "bracket"
            yield self.stem(part), "bracket"
        by_kind = self.kind_form(stem)
        if by_kind:
            yield by_kind, "kind"
        rest = self._behind_maker(stem)
        if rest is not None:
            yield rest, "maker"

    def stem(self, key: str) -> str:
        """A folded name without what says only that it is one: ``第三方极光推送SDK服务`` → ``极光推送``."""
        plain = _without_version(key)
        while (shorter := self._shorter(plain)) is not None:
            plain = shorter
        return plain

    def _stems(self, key: str) -> Iterator[str]:
        """The name with one word less each time."""
        plain: str | None = _without_version(key)
        while plain is not None:
            yield plain
            plain = self._shorter(plain)

    def _shorter(self, plain: str) -> str | None:
        """The name without one word that says only that it is one, if something is left."""
        # One test for all words first: most names end in none of them.
        if plain.endswith(self._fillers):
            word = next(word for word in self._fillers if plain.endswith(word))
            rest = plain[: -len(word)]
        elif plain.startswith(self._leads):
            word = next(word for word in self._leads if plain.startswith(word))
            rest = plain[len(word) :]
        else:
            return None
        return rest if len(rest) > 1 else None

    def kind_form(self, stem: str) -> str | None:
        """Maker and kind, whatever the words for them: ``和讯华谷push`` and ``极光消息推送`` are one."""
        word = self._kind_of(stem)
        if not word:
            return None
        head = stem[: -len(word)]
        return f"{self._companies.main_names.get(head, head)}\t{self._kinds[word]}"

    @cached_property
    def _by_kind(self) -> Mapping[str, str]:
        """Maker and kind → SDK's id; empty where two SDKs share them."""
        table: dict[str, str] = {}
        for owner in self._names_of:
            for form in filter(None, map(self.kind_form, self._stems_of[owner])):
                if table.setdefault(form, owner) != owner:
                    table[form] = ""
        return table

    def maker_prefix(self, stem: str) -> tuple[str, str] | None:
        """The company whose name a folded name begins with, and the rest: ``腾讯bugly``."""
        for stop in range(min(len(stem) - 1, 12), 1, -1):
            owner = self.lexicon.company_names.get(stem[:stop])
            if owner is not None and not (_is_latin(stem[stop - 1]) and _is_latin(stem[stop])):
                return owner, stem[stop:]
        return None

    def _behind_maker(self, stem: str) -> str | None:
        """``腾讯-bugly``, ``百度百度地图``: the product alone, where it is that maker's."""
        found = self.maker_prefix(stem)
        if found is None:
            return None
        maker, rest = found
        owner = self.lexicon.sdk_names.get(rest) or self.lexicon.sdk_names.get(rest + "sdk")
        company = self.lexicon.sdks[owner].company if owner else None
        return rest if company and self._domains.related(company, maker) else None

    def by_package(self, package: str) -> Found | None:
        """The SDK whose package a name lies in: ``com.umeng.analytics.MobclickAgent``."""
        parts = package.split(".")
        for stop in range(len(parts), 1, -1):
            prefix = ".".join(parts[:stop]).lower()
            owner = self._packages.get(prefix)
            if owner:
                return Found(owner, "package", _SCORES["package"], prefix)
        return None

    @cached_property
    def _packages(self) -> Mapping[str, str]:
        return {package.lower(): sdk.id for sdk in self.lexicon.sdks.values() for package in sdk.packages}

    def by_host(self, text: str, hosts: Iterable[str]) -> Found | None:
        """The SDK that a name means in an entry whose link leads to the SDK's site, where the name agrees with it.

        ``友盟数据组件`` beside a link to umeng.com. Agreeing is holding the whole name of one of the site's SDKs, or being
        held by one, and no other's.

        Args:
            text: Name as written.
            hosts: Hosts of the entry's links.
        """
        stem = self.stem(BRACKET_REGEX.sub("", fold(plain_form(text))))
        if len(stem) < 2:
            return None
        for host in hosts:
            domain, products = self._domains.products(host)
            # Of a maker with several SDKs its own name tells none: 华为 beside a link to huawei.com.
            several = len(products) > 1
            found = {owner for owner in products if self._agrees(stem, owner, several=several)}
            if len(found) == 1:
                return Found(found.pop(), "domain", _SCORES["domain"], domain)
        return None

    def _agrees(self, stem: str, owner: str, *, several: bool) -> bool:
        return any(
            len(name) > 1 and name in stem and not (several and (len(name) < 3 or name in self.lexicon.company_names))
            for name in self._stems_of[owner]
        )

    @cached_property
    def _names_of(self) -> Mapping[str, Sequence[str]]:
        """SDK's id → its folded names."""
        names = self.lexicon.sdk_names
        table: dict[str, list[str]] = {}
        for key, owner in names.items():
            # 某某SDK has the stem of 某某, which is most often a name as well.
            if not (key.endswith("sdk") and key[:-3] in names):
                table.setdefault(owner, []).append(key)
        return table

    def _find_stems(self, owner: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(self.stem, self._names_of.get(owner, ()))))

    @cached_property
    def _by_frame(self) -> Mapping[tuple[str, str], list[str]]:
        table: dict[tuple[str, str], list[str]] = {}
        for name in self.lexicon.sdk_names:
            table.setdefault(product_frame(name), []).append(name)
        return table

    def _slip(self, key: str) -> Found | None:
        stem = self.stem(BRACKET_REGEX.sub("", key))
        if len(stem) < 6:
            return None
        found = nearest_product(stem, self._by_frame)
        if found is None:
            return None
        name, score = found
        owner = self.lexicon.sdk_names[name]
        return Found(owner, "fuzzy", score, self.lexicon.sdks[owner].name)


def _without_version(key: str) -> str:
    return _VERSION_REGEX.sub("", key) if key[-1:].isdigit() or key[-2:-1].isdigit() else key


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(map(fold, words)), key=len, reverse=True))


@lru_cache(maxsize=4)
def sdk_names(lexicon: Lexicon) -> SdkNames:
    """The lookups over a lexicon; built once for each."""
    return SdkNames(lexicon)
