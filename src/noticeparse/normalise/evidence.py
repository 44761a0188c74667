"""What an entry says of its maker beside the names: the hosts of its links, its package name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache

from noticeparse.lexicon.load import Lexicon
from noticeparse.pattern import Pattern
from noticeparse.records import Disclosure

_HOST_REGEX = Pattern(r"^\s*(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^/@\s]*@)?([^/:?#\s]+)", re.I)
_PACKAGE_REGEX = Pattern(r"\b[A-Za-z]\w*(?:\.\w+)+")


class Domains:
    """Whose a host is; :func:`domains` keeps it for a lexicon.

    A host belongs to the longest domain of the lexicon that it ends with, so no list of public suffixes is needed: the
    lexicon's checker holds that no domain in it is one.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        """Take the vocabulary.

        Args:
            lexicon: Vocabulary.
        """
        self.lexicon = lexicon
        self._hosting = frozenset(lexicon.words.get("hosting_domain", ()))

    @cached_property
    def _owners(self) -> Mapping[str, tuple[str, ...]]:
        table: dict[str, tuple[str, ...]] = {}
        for company in self.lexicon.companies.values():
            for domain in company.domains:
                table[domain] = (*table.get(domain, ()), company.id)
        for sdk in self.lexicon.sdks.values():
            for domain in sdk.domains:
                if sdk.company and domain not in table:
                    table[domain] = (sdk.company,)
        return table

    @cached_property
    def _products(self) -> Mapping[str, tuple[str, ...]]:
        table: dict[str, tuple[str, ...]] = {}
        for sdk in self.lexicon.sdks.values():
            for domain in sdk.domains:
                table[domain] = (*table.get(domain, ()), sdk.id)
        return table

    def owners(self, host: str) -> tuple[str, tuple[str, ...]]:
        """The domain of the lexicon that a host lies in, and the companies that have it; ``("", ())`` for none."""
        return self._look(host, self._owners)

    def products(self, host: str) -> tuple[str, tuple[str, ...]]:
        """The domain of the lexicon that a host lies in, and the SDKs whose policies are there."""
        return self._look(host, self._products)

    def _look(self, host: str, table: Mapping[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
        for domain in _within(host):
            if domain in self._hosting:
                return "", ()  # anybody's documents lie there
            if domain in table:
                return domain, table[domain]
        return "", ()

    def owner(self, host: str) -> tuple[str, str] | None:
        """The domain and the one company it speaks for.

        Of several of one group that is the one that the others belong to, else the one that makes the SDKs there.
        """
        domain, owners = self.owners(host)
        if not owners:
            return None
        if len(owners) == 1:
            return domain, owners[0]
        heads = [one for one in owners if all(one in self.lexicon.controllers(other) for other in owners)]
        if not heads:
            makers = {self.lexicon.sdks[sdk].company for sdk in self._products.get(domain, ())}
            heads = [one for one in owners if one in makers]
        return (domain, heads[0]) if len(heads) == 1 else None

    def related(self, one: str, other: str) -> bool:
        """Whether two companies are of one group."""
        return self.lexicon.controllers(one)[-1] == self.lexicon.controllers(other)[-1]


def _within(host: str) -> Iterator[str]:
    labels = host.split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])


def hosts(disclosure: Disclosure) -> Iterator[str]:
    """Hosts of the policy link and the site, lower case, the policy's first."""
    for link in (disclosure.privacy_policy, disclosure.website):
        match = _HOST_REGEX.match(link.url) if link is not None and link.url else None
        if match and "." in match[1]:
            yield match[1].lower()


def packages(disclosure: Disclosure) -> Iterator[str]:
    """Names of Android packages that an entry gives, in its own field or as its SDK's name."""
    if disclosure.package_name is not None:
        yield from _PACKAGE_REGEX.findall(disclosure.package_name.text)
    if disclosure.sdk is not None and "." in disclosure.sdk.text:
        yield from _PACKAGE_REGEX.findall(disclosure.sdk.text)


@lru_cache(maxsize=4)
def domains(lexicon: Lexicon) -> Domains:
    """The owners of domains over a lexicon; built once for each."""
    return Domains(lexicon)
