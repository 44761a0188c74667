"""What the tests share: where the corpus is, how it is read, and how a parse is compared with a gold record.

The comparison pairs the disclosures of a parse with those of the gold record and counts, for each figure, what was
found, what was missed and what was made up:

``disclosure``
    provider, recipient category and SDK all equal (also by form: ``disclosure.list``, ``disclosure.prose``)
``field``
    one single-valued field such as purpose or privacy policy (also one by one: ``field.purpose`` …)
``item``, ``concept``
    one data item's text; one data item's concept id
``qualifier``, ``permission``
    one pair of item and qualifier; one permission
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# Further notices and gold records may stand beside the checkout; their texts are other people's and not shipped.
SHARED = Path(__file__).resolve().parents[2] / "shared"

IDENTITY = ("provider", "recipient_category", "sdk")
FIELDS = (
    *IDENTITY,
    "method",
    "purpose",
    "scenario",
    "privacy_policy",
    "website",
    "contact",
    "processing",
    "retention",
    "frequency",
    "package_name",
    "category",
)
FIGURES = ("disclosure", "field", "item", "concept", "qualifier", "permission")

Record = Mapping[str, Any]


# ---------------------------------------------------------------- collections


@dataclass(frozen=True)
class Collection:
    """Notices with their gold records: ``notices/ID/notice.*`` and ``gold/ID.json`` under one root."""

    root: Path

    def ids(self) -> list[str]:
        """The ids of all gold records, sorted."""
        return sorted(path.stem for path in (self.root / "gold").glob("*.json"))

    def gold(self, notice_id: str) -> dict[str, Any]:
        """The gold record of one notice."""
        record: dict[str, Any] = json.loads((self.root / "gold" / f"{notice_id}.json").read_text("utf-8"))
        return record

    def notice(self, notice_id: str) -> Path:
        """The file of one notice; raises ``FileNotFoundError`` where there is none or more than one."""
        found = sorted((self.root / "notices" / notice_id).glob("notice.*"))
        if len(found) != 1:
            raise FileNotFoundError(f"{notice_id}: one notice.* expected, {len(found)} found")
        return found[0]


CORPUS = Collection(ROOT / "corpus")
SHARED_NOTICES = Collection(SHARED)


@lru_cache(maxsize=256)
def parsed(path: Path) -> dict[str, Any]:
    """The parse of one file as plain dicts; every file is parsed once a run."""
    import noticeparse  # late, so that the corpus can be checked without a parser

    return noticeparse.parse(path).to_dict()


def decoded(path: Path) -> str:
    """A notice's characters: UTF-8 with or without a mark, else GB18030."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


# ---------------------------------------------------------------- does a value stand in the text?

_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_MARKDOWN = re.compile(r"[*_`\\\[]|\]\([^)]*\)")


def squeezed(text: str) -> str:
    """One width, one case, no white space: what two equal runs of text have in common."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def readings(text: str) -> tuple[str, ...]:
    """A text as written, without its HTML tags, and without its Markdown marks, each squeezed."""
    visible = html.unescape(_TAG.sub("", _HIDDEN.sub("", text)))
    return tuple(squeezed(form) for form in (text, html.unescape(text), visible, _MARKDOWN.sub("", text)))


# ---------------------------------------------------------------- normalising for comparison

_BLANK_OR_POINT = " \t\r\n。；;，,、：:.-–—·•*#|"
_LEADING = _BLANK_OR_POINT + "（(【[《<\"'“‘"
_OUTER = _BLANK_OR_POINT + ">\"'”’"
_SCHEME = re.compile(r"https?://")


def normal(value: object) -> str:
    """A value as it is compared: one width and case, no white space, no punctuation at its ends.

    An address loses its scheme and a final slash or point. A bracket stays where its other half is inside.
    """
    if value is None:
        return ""
    text = squeezed(str(value)).replace("**", "")
    if _SCHEME.match(text):
        return _SCHEME.sub("", text, count=1).rstrip("/。；;，,、.")
    return _balanced_end(_balanced_start(text.strip(_OUTER)))


def _balanced_start(text: str) -> str:
    while text and text[0] in _LEADING:
        if text[0] in "([" and (")" in text or "]" in text):
            break
        text = text[1:]
    return text


def _balanced_end(text: str) -> str:
    def opened() -> int:
        return sum(text.count(mark) for mark in "([") - sum(text.count(mark) for mark in ")]")

    while text and text[-1] in ")]" and opened() < 0:
        text = text[:-1]
    return text


def plain(value: object) -> object:
    """The comparable part of a field: a gold record holds strings, a parse holds objects with ``text`` or ``url``."""
    if isinstance(value, Mapping):
        return value.get("url") or value.get("text")
    return value


# ---------------------------------------------------------------- one disclosure, ready to compare


@dataclass(frozen=True)
class Facts:
    """One disclosure with everything normalised."""

    form: str
    values: dict[str, str]
    items: list[tuple[str, str, tuple[str, ...]]]
    permissions: list[str]
    alternatives: dict[str, set[str]]

    @classmethod
    def of(cls, disclosure: Record) -> Facts:
        """Read a disclosure of a gold record or of a parse."""
        return cls(
            form="prose" if disclosure.get("form") == "prose" else "list",
            values={name: normal(plain(disclosure.get(name))) for name in FIELDS},
            items=[
                (
                    normal(item.get("text")),
                    item.get("concept") or "",
                    tuple(normal(plain(qualifier)) for qualifier in item.get("qualifiers") or ()),
                )
                for item in disclosure.get("data_items") or ()
            ],
            permissions=[normal(plain(permission)) for permission in disclosure.get("permissions") or ()],
            alternatives={
                name: {normal(value) for value in others}
                for name, others in (disclosure.get("alternatives") or {}).items()
            },
        )

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes two disclosures the same one."""
        return tuple(self.values[name] for name in IDENTITY)

    def names(self) -> Counter[str]:
        """The texts of the data items, counted."""
        return Counter(name for name, _, _ in self.items)

    def figures(self) -> dict[str, Counter[Any]]:
        """What this disclosure adds to each figure."""
        filled = {name: value for name, value in self.values.items() if value}
        return {
            "disclosure": Counter([self.identity]),
            # kept apart by field, so that a provider told as an SDK is not counted as found
            "field": Counter(filled.items()),
            **{f"field.{name}": Counter([value]) for name, value in filled.items()},
            "item": self.names(),
            "concept": Counter(concept for _, concept, _ in self.items),
            "qualifier": Counter((name, note) for name, _, notes in self.items for note in notes),
            "permission": Counter(self.permissions),
        }

    def settled(self, gold: Facts) -> Facts:
        """This parse with each value that the gold record allows as another reading put in the gold record's words."""
        values = {
            name: gold.values[name] if value and value in gold.alternatives.get(name, ()) else value
            for name, value in self.values.items()
        }
        return Facts(self.form, values, self.items, self.permissions, {})


_WEIGHTS = {"sdk": 3.0, "provider": 2.0, "recipient_category": 2.0, "privacy_policy": 1.0, "purpose": 0.5}


def likeness(gold: Facts, found: Facts) -> float:
    """How likely two disclosures speak of the same thing; below 1 they are not paired."""
    score = 0.0
    for name, weight in _WEIGHTS.items():
        left, right = gold.values[name], found.values[name]
        if left and right:
            score += weight * (1.0 if left == right else 0.8 * SequenceMatcher(None, left, right).ratio())
    left_names, right_names = gold.names(), found.names()
    longer = max(left_names.total(), right_names.total())
    return score + ((left_names & right_names).total() / longer if longer else 0.0)


def pairs(gold: list[Facts], found: list[Facts]) -> dict[int, int]:
    """Gold index → index in the parse: the likeliest pair first, each disclosure used once."""
    ranked = sorted(
        ((likeness(a, b), -abs(i - j), i, j) for i, a in enumerate(gold) for j, b in enumerate(found)), reverse=True
    )
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for score, _, i, j in ranked:
        if score >= 1.0 and i not in matched and j not in taken:
            matched[i] = j
            taken.add(j)
    return matched


# ---------------------------------------------------------------- counting


@dataclass
class Count:
    """How often a figure was right, made up, and missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    def add(self, gold: Counter[Any], found: Counter[Any]) -> None:
        """Count one disclosure's values."""
        both = (gold & found).total()
        self.right += both
        self.missed += gold.total() - both
        self.extra += found.total() - both

    def __iadd__(self, other: Count) -> Count:
        self.right += other.right
        self.extra += other.extra
        self.missed += other.missed
        return self

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where there is nothing to find and nothing was found."""
        everything = 2 * self.right + self.extra + self.missed
        return 2 * self.right / everything if everything else 1.0


@dataclass
class Comparison:
    """The counts of each figure, and each difference and each finding in words."""

    counts: dict[str, Count] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    made_up: list[str] = field(default_factory=list)

    def f1(self, figure: str) -> float:
        """The F1 of one figure; 1 for a figure with nothing to count."""
        return self.counts.get(figure, Count()).f1

    def __iadd__(self, other: Comparison) -> Comparison:
        for name, count in other.counts.items():
            self.counts.setdefault(name, Count()).__iadd__(count)
        self.differences += other.differences
        self.found += other.found
        self.made_up += other.made_up
        return self

    def count(self, where: str, gold: Facts | None, found: Facts | None) -> None:
        """Count a pair of disclosures, or one that has no partner."""
        form = (gold or found or Facts.of({})).form
        expected = gold.figures() if gold else {}
        got = found.figures() if found else {}
        for name in sorted({*expected, *got}):
            left, right = expected.get(name, Counter()), got.get(name, Counter())
            self.counts.setdefault(name, Count()).add(left, right)
            if name == "disclosure":
                self.counts.setdefault(f"disclosure.{form}", Count()).add(left, right)
            # `field` and its single fields say the same thing; the single ones say it better
            if name == "field":
                continue
            self.found += [f"{where} {name}: {value}" for value in sorted((left & right).elements())]
            self.made_up += [f"{where} {name}: {value}" for value in sorted((right - left).elements())]
            if left != right:
                missing, extra = list((left - right).elements()), list((right - left).elements())
                self.differences.append(f"{where} {name}: missing {missing}, extra {extra}")


def compare(gold: Record, parse: Record) -> Comparison:
    """Compare one parse with its gold record.

    Args:
        gold: A gold record.
        parse: A notice as ``Notice.to_dict()`` gives it.

    Returns:
        The counts. Where the gold record has no prose annotated, prose is left out on both sides.
    """
    with_prose = gold.get("prose_annotated", True)

    def facts(record: Record) -> list[Facts]:
        everything = [Facts.of(disclosure) for disclosure in record.get("disclosures") or ()]
        return [one for one in everything if with_prose or one.form != "prose"]

    expected, found = facts(gold), facts(parse)
    matched = pairs(expected, found)
    result = Comparison()
    for index, one in enumerate(expected):
        partner = found[matched[index]].settled(one) if index in matched else None
        result.count(f"#{index}", one, partner)
    for index, one in enumerate(found):
        if index not in matched.values():
            result.count(f"extra #{index}", None, one)
    return result


def total(comparisons: Iterable[Comparison]) -> Comparison:
    """The sum of several comparisons: micro-averaged figures."""
    result = Comparison()
    for one in comparisons:
        result += one
    return result
