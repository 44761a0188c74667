"""What a lookup of a name gives, and the forms of names that several lookups share."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from noticeparse.document.view import plain_form
from noticeparse.lexicon.load import fold
from noticeparse.memo import Answers
from noticeparse.pattern import Pattern
from noticeparse.records import Match, NameMatch

BRACKET_REGEX = Pattern(r"\(([^()]*)\)")
# Names side by side: 甲公司、乙公司; a bare 和 is too often part of a name (和讯华谷).
JOINT_REGEX = Pattern(r"[、/;,|]|以及|(?<=公司)[和及与](?=.{2})|\s[&和及与]\s")


class Found(Struct, frozen=True):
    """An id, how it was found and how sure that is; see :class:`noticeparse.records.Match`."""

    id: str
    how: NameMatch
    score: float
    evidence: str | None = None
    also: tuple[str, ...] = ()

    def match(self) -> Match:
        """The same without the id, as a record has it."""
        return Match(self.how, self.score, self.evidence, self.also)


class NameAnswers:
    """Answers to names, each looked up once; kept over many notices, and not without bound."""

    def __init__(self, find: Callable[[str, str], Found | None], longest: int) -> None:
        """Take the look-up.

        Args:
            find: Gives the answer to a name in plain form and its folded key.
            longest: Longest key that can be a name, in characters.
        """
        self._find = find
        self._longest = longest
        self._known = Answers(self._answer)

    def of(self, text: str) -> Found | None:
        """The answer to a name as written; ``None`` for what is too long to be one."""
        return self._known[text] if len(text) <= 2 * self._longest else self._answer(text)

    def _answer(self, text: str) -> Found | None:
        text = plain_form(text)
        key = fold(text)
        return self._find(text, key) if len(key) <= self._longest else None


def first_of(found: list[Found | None]) -> Found | None:
    """One answer for a text that names several: the first known name's, with the ids of the others beside it."""
    known = [one for one in found if one is not None]
    if not known:
        return None
    others = tuple(dict.fromkeys(one.id for one in known[1:] if one.id != known[0].id))
    return replace(known[0], also=others)
