"""What was read before and names no recipient: apps copy the same sentences, and a store holds many versions of a notice."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from noticeparse.document.view import View
from noticeparse.lexicon.load import Lexicon
from noticeparse.memo import Answers

_SIZE = 16  # bytes of a digest: no two texts share one, and however long a text is, no more is kept of it


class Silence:
    """Remembers runs of the view that gave no disclosure, the publisher's own names being the same."""

    def __init__(self) -> None:
        self._kept = Answers[tuple[bytes, frozenset[str]], bool](lambda _key: False)

    def key(self, view: View, start: int, end: int, own: frozenset[str]) -> tuple[bytes, frozenset[str]]:
        """What is remembered of a run: its words as rules see them and as the notice writes them.

        Args:
            view: The notice.
            start: View position where the run begins.
            end: View position behind it.
            own: Names by which the notice calls its own publisher.
        """
        words, written = view.text[start:end], view.document.text[slice(*view.span(start, end))]
        return blake2b(f"{words}\0{written}".encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest(), own

    def __contains__(self, key: tuple[bytes, frozenset[str]]) -> bool:
        return key in self._kept

    def add(self, key: tuple[bytes, frozenset[str]]) -> None:
        """Remember a run.

        Args:
            key: As :meth:`key` gives it.
        """
        self._kept.keep(key, True)


@lru_cache(maxsize=4)
def silent_stretches(lexicon: Lexicon) -> Silence:
    """Stretches that gave no disclosure."""
    return Silence()


@lru_cache(maxsize=4)
def silent_blocks(lexicon: Lexicon) -> Silence:
    """Blocks of paragraphs outside of SDK entries that gave none."""
    return Silence()
