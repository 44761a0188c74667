"""Answers kept between calls: what was asked once is not worked out again, and memory stays bounded.

Apps copy the same vendors' rows, and a store holds many versions of one notice, so that words, labels and whole fields come
again and again. Only pure functions of text and vocabulary are kept so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakSet

Key = TypeVar("Key")
Answer = TypeVar("Answer")

#: Answers that one store holds before it starts anew. With more of them a run over many notices is no quicker, since what
#: comes back does so soon; with 20,000 a worker grows from 64 to 90 MiB between 1,000 and 10,000 notices, with these to 63.
DEFAULT_SIZE = 1_500


class Answers(dict[Key, Answer]):
    """A dictionary that works out what it lacks: ``answers[key]``. Full, it forgets everything and starts anew.

    A hit costs what one of a ``dict`` costs, and no order of use is kept; the words of a notice come back soon enough.
    """

    __slots__ = ("__weakref__", "_find", "_size")

    def __init__(self, find: Callable[[Key], Answer], size: int = DEFAULT_SIZE) -> None:
        """Take the function.

        Args:
            find: Works out the answer to a key, which must depend on the key alone.
            size: Most answers that are held.
        """
        super().__init__()
        self._find = find
        self._size = size
        _STORES.add(self)

    def __missing__(self, key: Key) -> Answer:
        """Work an answer out.

        Args:
            key: What is asked.
        """
        answer = self._find(key)
        if len(self) >= self._size:
            self.clear()
        self[key] = answer
        return answer

    def keep(self, key: Key, answer: Answer) -> None:
        """Take in an answer that was found in passing.

        Args:
            key: What it answers.
            answer: It.
        """
        if len(self) >= self._size:
            self.clear()
        self[key] = answer

    def __hash__(self) -> int:  # type: ignore[override]
        """By identity, as the register of all stores needs it."""
        return id(self)

    def __eq__(self, other: object) -> bool:
        """Whether it is the same store.

        Args:
            other: Any object.
        """
        return self is other


_STORES: WeakSet[Answers[Any, Any]] = WeakSet()


def clear() -> None:
    """Forget all answers: for measuring what a notice costs at first sight, and to give memory back."""
    for store in list(_STORES):
        store.clear()
