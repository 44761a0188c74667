"""Names that differ from a known one by a slip: asked last, with rapidfuzz, which is imported where a name comes near one.

The limits were swept over the lexicon itself: every name was taken out and asked for, which must give no other company;
and every name was spoilt by one wrong, missing, doubled or swapped character, which should give its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from noticeparse.lexicon.load import Lexicon
from noticeparse.normalise.found import Found


class LegalNames(Protocol):
    """What is asked of the company names: those with a legal form, and the parts of one."""

    @property
    def lexicon(self) -> Lexicon:
        """The vocabulary."""

    @property
    def legal_names(self) -> Mapping[str, str]:
        """Folded names that have a legal form → id."""

    @property
    def near_names(self) -> NearNames:
        """The same names, to be looked up by a misspelt one."""

    def place_of(self, key: str) -> tuple[str, str]:
        """The place in a name, and its stem without it."""

    def brand(self, stem: str) -> str:
        """What is a company's own in a stem."""


# A stem of fewer characters is too easily another company's: 天翼云科技, 天翼科技.
_SHORTEST_STEM = 6
_SHORTEST_PRODUCT = 6
_SHORTEST_BRAND = 4
# Two slips in a name only where it is long.
_LONG = 14


class NearNames:
    """Names to be looked up by one that is like them.

    A name that differs by few characters lacks few of the letters, so it has one of any few letters more than that: also
    of the rarest ones, which few names have.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """Index names by their letters.

        Args:
            names: Folded names.
        """
        self._names = tuple(names)
        self._having: dict[str, list[int]] = {}
        for place, name in enumerate(self._names):
            for letter in set(name):
                self._having.setdefault(letter, []).append(place)

    def near(self, key: str, limit: int) -> list[str]:
        """The names that may differ by few characters, and others, in the order that they were given in.

        Args:
            key: Folded name.
            limit: Most characters that may differ.
        """
        letters = set(key)
        if len(letters) <= limit:
            return list(self._names)
        having = sorted((self._having.get(letter, []) for letter in letters), key=len)
        return [self._names[place] for place in sorted({place for some in having[: limit + 1] for place in some})]


def _closest(key: str, names: Iterable[str], limit: int) -> list[tuple[str, float]]:
    """The five names that differ least, each with by how many characters: wrong, missing, too many or swapped.

    Args:
        key: Folded name.
        names: To choose from.
        limit: Most characters that may differ.
    """
    # A name that differs by few characters is about as long and lacks few of the letters; most names need no measuring.
    letters = set(key)
    near = [name for name in names if abs(len(name) - len(key)) <= limit and len(letters.difference(name)) <= limit]
    if not near:
        return []
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    distance: Any = OSA.distance  # the type that rapidfuzz declares for its scorers leaves this one out
    found = process.extract(key, near, scorer=distance, score_cutoff=limit, limit=5)
    return [(name, differing) for name, differing, _ in found]


def nearest_legal_name(key: str, names: LegalNames, likely: Collection[str]) -> Found | None:
    """The company whose name a folded name misspells.

    ``深证市和讯华谷信息技术有限公司``. The place and all digits and Latin letters must agree, since those tell subsidiaries
    apart: ``中移(杭州)…``, ``中移(苏州)…``. A short brand (云测, 云从) must agree as well, unless something else speaks for
    the company.

    Args:
        key: Folded name with a legal form.
        names: Lookups that hold the known names.
        likely: Ids of companies that something else speaks for.
    """
    place, stem = names.place_of(key)
    if len(stem) < _SHORTEST_STEM:
        return None
    known = names.legal_names
    limit = 2 if len(stem) >= _LONG else 1
    best = _closest(key, names.near_names.near(key, limit), limit)
    brand = names.brand(stem)
    owners: dict[str, float] = {}
    for name, distance in best:
        other_place, other = names.place_of(name)
        if other_place != place or not _agree(stem, other):
            continue
        kept = names.brand(other)
        if stem.startswith(kept) or _is_slip(brand, kept) or known[name] in likely:
            owners.setdefault(known[name], distance)
    if len(owners) != 1:
        return None
    owner, distance = owners.popitem()
    return Found(owner, "fuzzy", round(1 - distance / len(key), 3), names.lexicon.companies[owner].name)


def _is_slip(one: str, other: str) -> bool:
    """Whether two brands are the same but for a slip that does not make another brand of one."""
    if sorted(one) == sorted(other) or set(one) == set(other):
        return True  # the same, swapped, or doubled
    # Another character makes another name (中国人寿, 中国人民); one too many or too few does in a short one.
    return len(one) != len(other) and min(len(one), len(other)) >= _SHORTEST_BRAND


def product_frame(key: str) -> tuple[str, str]:
    """What a slip in a product's name leaves as it is: its first two characters and its last."""
    return key[:2], key[-1:]


def nearest_product(key: str, known: Mapping[tuple[str, str], Sequence[str]]) -> tuple[str, float] | None:
    """The product name that a folded one misspells, with its score: ``Buglly``, ``极光推宋服务``.

    Args:
        key: Folded name without SDK and the like.
        known: Folded names of the lexicon by their :func:`product_frame`, so that few have to be measured.
    """
    if len(key) < _SHORTEST_PRODUCT:
        return None
    found = _closest(key, known.get(product_frame(key), ()), 1)
    fitting = [name for name, _ in found if _agree(key, name)]
    return (fitting[0], round(1 - 1 / len(key), 3)) if fitting else None


def _agree(one: str, other: str) -> bool:
    """Whether two names have the same digits, and the same Latin letters unless they are all Latin."""
    if [char for char in one if char.isdigit()] != [char for char in other if char.isdigit()]:
        return False
    if one.isascii() and other.isascii():
        return True
    return [char for char in one if char.isascii()] == [char for char in other if char.isascii()]


def nearest(key: str, known: Iterable[str], limit: int = 3) -> list[tuple[str, float]]:
    """The known names most like one, with scores from 0 to 1, for a person to choose from.

    Args:
        key: Folded name.
        known: Folded names of the lexicon.
        limit: How many at most.
    """
    from rapidfuzz import process
    from rapidfuzz.fuzz import WRatio

    found = process.extract(key, list(known), scorer=WRatio, score_cutoff=60, limit=limit)
    return [(name, round(score / 100, 2)) for name, score, _ in found]
