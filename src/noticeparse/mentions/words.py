"""The vocabulary of statements on data, compiled once for a lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from noticeparse.lexicon.load import Lexicon
from noticeparse.lexicon.match import Matcher, matcher
from noticeparse.pattern import Pattern
from noticeparse.prose.words import ProseWords, prose_words, single_words

_JOINING = '、,和或者及与以并/且还可能会将主动"'
# 收集、使用及保护您的: the last verb of several may be one that says nothing of data
_FURTHER = r"(?:(?:、|及|和|或|并)+(?:及时)?[\u4e00-\u9fff]{2,3}(?=(?:您|你)))"


class MentionWords:
    """Patterns over the word classes of statements.

    Attributes:
        lexicon: The vocabulary.
        prose: The vocabulary of sentences, shared with the reader of disclosures.
        match: Lookups of data terms.
        verb: A verb of taking, keeping or giving data (group ``last``), or several joined; or a noun that only holds
            the characters of one (使用习惯, 提供商), which has no such group.
        gives: Verbs of giving.
        weak: Verbs that more often have other objects than data.
        no_data: What a name ends in that is no data, whatever data it mentions (推送功能).
        devices: Facilities that are no data: 相机.
        facilities: Facilities that a permission opens, which may be data as well: 相册, 位置.
        attribute: A bare attribute, which belongs to the noun before it (设备类型和版本).
    """

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the word classes.

        Args:
            lexicon: Vocabulary.
        """
        words = lexicon.words
        self.lexicon = lexicon
        self.prose: ProseWords = prose_words(lexicon)
        self.match: Matcher = matcher(lexicon)
        self.gives = frozenset(words.get("flow_give_verb", ()))
        self.weak = frozenset(words.get("flow_weak_verb", ()))
        all_verbs = (*words.get("flow_take_verb", ()), *self.gives)
        verbs = _alternation(all_verbs) or "(?!)"
        earlier = _alternation(single_words(all_verbs, _JOINING)) or "(?!)"
        nouns = _alternation(words.get("flow_verb_in_noun", ())) or "(?!)"
        # 浏览、点赞、分享等: in a list of doings the word is one of them
        self.verb = Pattern(
            rf"(?:{nouns}|(?:(?:{earlier})[{_JOINING}]{{1,6}}(?!{nouns})){{0,9}}(?P<last>{verbs})(?:{_FURTHER}|(?!、|等))(?:到|了|过)?)"
        )
        self.no_data = tuple(words.get("no_data_noun", ()))
        self.devices = frozenset(words.get("device_facility", ()))
        self.facilities = self.devices | frozenset(words.get("facility", ()))
        self.attribute = frozenset(words.get("attribute_noun", ()))


def _alternation(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


@lru_cache(maxsize=4)
def mention_words(lexicon: Lexicon) -> MentionWords:
    """The compiled vocabulary; built once for each lexicon."""
    return MentionWords(lexicon)
