"""How the concepts of data items were found."""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from noticeparse.document.view import plain_form
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.lexicon.match import matcher
from noticeparse.memo import Answers
from noticeparse.records import DataItem, TermMatch


def with_how(items: tuple[DataItem, ...], lexicon: Lexicon) -> tuple[DataItem, ...]:
    """The items, each with concept saying how that was found.

    Args:
        items: As the grammar of items gives them.
        lexicon: Vocabulary.
    """
    found = _matches(lexicon)
    return tuple(
        [item if item.concept is None else replace(item, how=found[item.text, item.concept]) for item in items]
    )


@lru_cache(maxsize=4)
def _matches(lexicon: Lexicon) -> Answers[tuple[str, str], TermMatch]:
    return Answers(lambda key: term_match(*key, lexicon))


def term_match(text: str, concept: str, lexicon: Lexicon) -> TermMatch:
    """How a concept follows from an item's words.

    ``IMEI`` is ``imei``'s own name, ``国际移动设备识别码`` another term of it; ``手机IMEI号`` is composed; ``型号`` in
    ``设备信息（型号）`` inherits from its group.

    Args:
        text: Item as written.
        concept: Id that the item was given.
        lexicon: Vocabulary.
    """
    text = plain_form(text)
    key = fold(text)
    if lexicon.terms.get(key) == concept:
        return "exact" if key in _own_names(lexicon).get(concept, ()) else "alias"
    return "composed" if matcher(lexicon).concept(text) == concept else "inherited"


@lru_cache(maxsize=4)
def _own_names(lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Concept → its folded Chinese names, of which a row may hold several, and its English one."""
    return {
        concept.id: frozenset((fold(concept.en), *map(fold, concept.zh.split("（")[0].split("/"))))
        for concept in lexicon.concepts.values()
    }
