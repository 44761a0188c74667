"""What records hold that the lexicons do not know, by frequency: where to look first when the vocabulary is to grow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from noticeparse.lexicon.load import COLUMNS, Lexicon, fold
from noticeparse.normalise.evidence import hosts
from noticeparse.normalise.fuzzy import nearest
from noticeparse.records import Disclosure, Notice, Span

#: The tables that unknown words may belong in.
TABLES = ("labels", "data_terms", "companies", "sdks")
#: What stands for an id that only a person can give; the checker refuses it.
UNKNOWN_ID = "?"
_LONGEST = 60


@dataclass(slots=True)
class Suggestion:
    """One unknown word.

    Attributes:
        table: The table that it would be a row of.
        word: As the notices write it most often.
        count: How often it occurs.
        places: ``source:offset`` of its first occurrences.
        near: Known names most like it: name, id, score from 0 to 1.
        domain: Registered domain of the link beside it, for companies and SDKs.
        company: Id of the company beside it, for SDKs.
        package: Package name beside it, for SDKs.
    """

    table: str
    word: str
    count: int = 0
    places: list[str] = field(default_factory=list)
    near: list[tuple[str, str, float]] = field(default_factory=list)
    domain: str = ""
    company: str = ""
    package: str = ""

    def row(self) -> dict[str, str]:
        """The row of its table, with ``?`` where a person must say what it is and the place as its source."""
        cells = dict.fromkeys(COLUMNS[self.table], "")
        word = {"labels": "label", "data_terms": "term"}.get(self.table, "name")
        unknown = {"labels": "field", "data_terms": "concept"}.get(self.table, "id")
        cells |= {word: self.word, unknown: UNKNOWN_ID, "source": f"{self.count}x {self.places[0]}"}
        known = {"domains": self.domain, "company": self.company, "packages": self.package}
        return cells | {column: cell for column, cell in known.items() if column in cells}


def suggest(notices: Iterable[Notice], lexicon: Lexicon, *, table: str | None = None) -> list[Suggestion]:
    """Unknown words of records, the most frequent first.

    Args:
        notices: Records, read once.
        lexicon: Vocabulary that the nearest known names come from.
        table: Only words for this one of :data:`TABLES`.
    """
    found: dict[tuple[str, str], Suggestion] = {}
    spellings: dict[tuple[str, str], Counter[str]] = {}
    for notice in notices:
        for name, word, span, entry in _unknown(notice):
            if (table is not None and name != table) or not 1 < len(word) <= _LONGEST:
                continue
            key = (name, fold(word))
            one = found.setdefault(key, Suggestion(name, word))
            spellings.setdefault(key, Counter())[word] += 1
            one.count += 1
            if len(one.places) < 3:
                one.places.append(f"{notice.notice.source}:{span[0]}")
            if entry is not None:
                _take_evidence(one, entry)
    for key, one in found.items():
        # Ties go to the first spelling met, so that the same records give the same rows.
        one.word = spellings[key].most_common(1)[0][0]
        one.near = _near(one, lexicon)
    return sorted(found.values(), key=lambda one: (TABLES.index(one.table), -one.count, one.word))


def _unknown(notice: Notice) -> Iterator[tuple[str, str, Span, Disclosure | None]]:
    for note in notice.diagnostics:
        if note.code == "unknown-label" and note.span is not None:
            yield "labels", note.message.removesuffix(" is no known label"), note.span, None
    for entry in notice.disclosures:
        for item in entry.data_items:
            if item.concept in (None, "other") and item.how not in ("exact", "alias"):
                yield "data_terms", item.text, item.span, None
        if entry.provider is not None and entry.provider.id is None:
            yield "companies", entry.provider.text, entry.provider.span, entry
        if entry.sdk is not None and entry.sdk.id is None:
            yield "sdks", entry.sdk.text, entry.sdk.span, entry


def _take_evidence(one: Suggestion, entry: Disclosure) -> None:
    if not one.domain:
        one.domain = next(filter(None, map(_registered, hosts(entry))), "")
    if not one.package and entry.package_name is not None:
        one.package = entry.package_name.text
    if not one.company and entry.provider is not None and entry.provider.id is not None:
        one.company = entry.provider.id


def _registered(host: str) -> str:
    """``privacy.foo.com.cn`` → ``foo.com.cn``; empty for an address without a name."""
    return str(_extractor()(host).top_domain_under_public_suffix)


@lru_cache(maxsize=1)
def _extractor() -> Any:
    import tldextract  # its bundled list of public suffixes; nothing is fetched

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def _near(one: Suggestion, lexicon: Lexicon) -> list[tuple[str, str, float]]:
    known = {
        "labels": lexicon.labels,
        "data_terms": lexicon.terms,
        "companies": lexicon.company_names,
        "sdks": lexicon.sdk_names,
    }[one.table]
    return [(name, known[name], score) for name, score in nearest(fold(one.word), known)]
