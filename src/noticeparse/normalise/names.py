"""Company and SDK names to ids: exact names and aliases, and their legal-form and bracket variants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.records import Disclosure, Entity

_BRACKET_REGEX = re.compile(r"\(([^()]*)\)")
_LEGAL_REGEX = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|集团公司|集团|公司)$")
_SDK_REGEX = re.compile(r"(?:sdk|api|\(?(?:android|安卓|ios)(?:版|端)?\)?)$")


def resolve_names(disclosure: Disclosure, lexicon: Lexicon) -> Disclosure:
    """Give a disclosure's provider and SDK the lexicon's ids; an unknown name keeps ``id`` null.

    Args:
        disclosure: With names as written.
        lexicon: Vocabulary.
    """
    return replace(
        disclosure,
        provider=_resolved(disclosure.provider, lexicon.company_names, _company_keys),
        sdk=_resolved(disclosure.sdk, lexicon.sdk_names, _sdk_keys),
    )


def _resolved(entity: Entity | None, names: Mapping[str, str], keys: object) -> Entity | None:
    if entity is None:
        return None
    for key in keys(entity.text):  # type: ignore[operator]
        if key in names:
            return replace(entity, id=names[key])
    return entity


def _company_keys(text: str) -> Iterator[str]:
    """``某某科技有限公司(某某)``, ``某某(北京)科技有限公司``, ``某某集团``: from the whole to its parts."""
    key = fold(text)
    yield key
    plain = _BRACKET_REGEX.sub("", key)
    yield plain
    yield from (match.group(1) for match in _BRACKET_REGEX.finditer(key) if len(match.group(1)) > 3)
    stem = _LEGAL_REGEX.sub("", plain)
    if stem and stem != plain:
        yield from (stem + form for form in ("有限公司", "股份有限公司", "有限责任公司"))


def _sdk_keys(text: str) -> Iterator[str]:
    """``某某推送 SDK（Android版）``, ``某某推送``: with and without SDK, API and a platform behind."""
    key = fold(text)
    yield key
    plain = _BRACKET_REGEX.sub("", key)
    yield plain
    stem = _SDK_REGEX.sub("", plain)
    yield stem
    yield stem + "sdk"
