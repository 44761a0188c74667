"""A disclosure's names to ids, with how they were found; the maker of an SDK where the notice names none."""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from noticeparse.document.view import plain_form
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.normalise.companies import CompanyNames, company_names
from noticeparse.normalise.concepts import with_how
from noticeparse.normalise.evidence import Domains, domains, hosts, packages
from noticeparse.normalise.found import Found
from noticeparse.normalise.permissions import of_its_system
from noticeparse.normalise.sdks import SdkNames, sdk_names
from noticeparse.records import Disclosure, Entity, Maker, MakerMatch

_DOMAIN_SCORE = 0.8
_NAME_SCORE = 0.85


def resolve(disclosure: Disclosure, lexicon: Lexicon) -> Disclosure:
    """Give a disclosure's names their ids and its items how their concepts were found.

    An unknown name keeps ``id`` null. Words of the notice are never changed or added.

    Args:
        disclosure: With names as written.
        lexicon: Vocabulary.
    """
    return _resolver(lexicon).resolve(disclosure)


class _Resolver:
    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.companies: CompanyNames = company_names(lexicon)
        self.sdks: SdkNames = sdk_names(lexicon)
        self.domains: Domains = domains(lexicon)

    def resolve(self, disclosure: Disclosure) -> Disclosure:
        provider = _with(disclosure.provider, self._provider(disclosure))
        sdk = _with(disclosure.sdk, self._sdk(disclosure))
        resolved = replace(
            disclosure,
            provider=provider,
            sdk=sdk,
            data_items=with_how(disclosure.data_items, self.lexicon),
            permissions=of_its_system(disclosure, self.lexicon),
        )
        return resolved if provider is not None else replace(resolved, maker=self._maker(resolved))

    def _provider(self, disclosure: Disclosure) -> Found | None:
        if disclosure.provider is None:
            return None
        text = plain_form(disclosure.provider.text)
        found = self.companies.find(text) or self._by_domain(text, disclosure)
        if found is None:
            likely = {owner for host in hosts(disclosure) for owner in self.domains.owners(host)[1]}
            found = self.companies.slip(text, likely)
        return found

    def _by_domain(self, text: str, disclosure: Disclosure) -> Found | None:
        """A brand in other words (友盟数据平台) beside a link to its site; a legal name must be known by itself."""
        key = fold(text)
        if self.companies.stem(key) != key or len(key) > 30:
            return None
        for host in hosts(disclosure):
            domain, owners = self.domains.owners(host)
            told = [owner for owner in owners if any(brand in key for brand in self.companies.brands(owner))]
            if len(told) == 1:
                return Found(told[0], "domain", _DOMAIN_SCORE, domain)
        return None

    def _sdk(self, disclosure: Disclosure) -> Found | None:
        if disclosure.sdk is None:
            return None
        found = self.sdks.find(disclosure.sdk.text)
        if found is not None and found.how != "fuzzy":
            return found
        for package in packages(disclosure):
            by_package = self.sdks.by_package(package)
            if by_package is not None:
                return by_package
        return self.sdks.by_host(disclosure.sdk.text, hosts(disclosure)) or found

    def _maker(self, disclosure: Disclosure) -> Maker | None:
        sdk = disclosure.sdk
        if sdk is None:
            return None
        if sdk.id is not None and sdk.match is not None:
            maker = self.lexicon.sdks[sdk.id].company
            return None if maker is None else Maker(maker, "sdk", sdk.match.score, sdk.id)
        for package in packages(disclosure):
            found = self.sdks.by_package(package)
            company = None if found is None else self.lexicon.sdks[found.id].company
            if found is not None and company is not None:
                return Maker(company, "package", found.score, found.evidence)
        return self._named_maker(sdk, disclosure)

    def _named_maker(self, sdk: Entity, disclosure: Disclosure) -> Maker | None:
        """By the company's name in the product's, or by the domain of the link."""
        found = self.companies.find(sdk.text)
        if found is not None and found.how != "fuzzy":
            return Maker(found.id, "name", found.score, found.evidence)
        hosted = next(filter(None, map(self.domains.owner, hosts(disclosure))), None)
        stem = self.sdks.stem(fold(plain_form(sdk.text)))
        named = self.sdks.maker_prefix(stem)
        if named is not None and len(stem) <= 20:
            owner, rest = named
            agrees = hosted is not None and self.domains.related(owner, hosted[1])
            if agrees or self.sdks.kind_form(" " + rest):
                return Maker(owner, "name", _NAME_SCORE, stem[: len(stem) - len(rest)])
        if hosted is None:
            return None
        domain, owner = hosted
        how: MakerMatch = "domain"
        return Maker(owner, how, _DOMAIN_SCORE, domain)


def _with(entity: Entity | None, found: Found | None) -> Entity | None:
    if entity is None or found is None:
        return entity
    return replace(entity, id=found.id, match=found.match())


@lru_cache(maxsize=4)
def _resolver(lexicon: Lexicon) -> _Resolver:
    return _Resolver(lexicon)
