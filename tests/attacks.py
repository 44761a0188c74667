"""Texts that are as bad for a regular expression as texts of their length can be, made from the expression itself."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from random import Random
from re._constants import (  # type: ignore[import-not-found]
    ASSERT,
    ASSERT_NOT,
    AT,
    ATOMIC_GROUP,
    BRANCH,
    MAXREPEAT,
    SUBPATTERN,
)
from typing import Any

from tests.automaton import CHARACTERS, REPEATS, Builder

# One character or word over and over: what notices are made of, and what patterns repeat.
RUNS = ("a", "0", " ", "(", "((a)", "[](", "中", "的", ",", "a.", "|-")
ENDINGS = ("", "\x00", "\n中a(:。")
LONG = 6  # times from which a repeat is worth a text of its own


class Attacks:
    """Texts for one expression: each is a beginning, a part that can be repeated as often as one likes, and an end."""

    def __init__(self, pattern: re.Pattern[Any]) -> None:
        self.builder = Builder(pattern, None)
        self.random = Random(repr(pattern.pattern))
        self.is_bytes = isinstance(pattern.pattern, bytes)

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Beginning, repeated part and end, none twice."""
        seen: set[tuple[str, str]] = set()
        for beginning, unit in self._parts():
            if unit and (beginning, unit) not in seen:
                seen.add((beginning, unit))
                yield beginning, unit, self.random.choice(ENDINGS)

    def text(self, attack: tuple[str, str, str], length: int) -> Any:
        """An attack of a length."""
        beginning, unit, end = attack
        whole = beginning + unit * max(1, length // len(unit)) + end
        return whole.encode("latin-1", "replace") if self.is_bytes else whole

    def _parts(self) -> Iterator[tuple[str, str]]:
        tree = self.builder.tree
        yield from (("", run) for run in RUNS)
        yield "", self._sample(tree)
        yield from self._repeated(tree, "")

    def _repeated(self, items: Any, before: str) -> Iterator[tuple[str, str]]:
        """For each long repeat: what leads to it and its body; and the two together, over and over."""
        for op, argument in items:
            if op in REPEATS and argument[1] >= LONG:
                body = self._sample(argument[2])
                yield before, body
                yield "", before + body
            if op in (SUBPATTERN, ATOMIC_GROUP):
                yield from self._repeated(argument[3] if op is SUBPATTERN else argument, before)
            elif op is BRANCH:
                for part in argument[1]:
                    yield from self._repeated(part, before)
            elif op in REPEATS:
                yield from self._repeated(argument[2], before)
            elif op in (ASSERT, ASSERT_NOT):
                yield from self._repeated(argument[1], before)
            before += self._sample([(op, argument)])

    def _sample(self, items: Any) -> str:
        """A text that a sequence reads, but for what it asks of its neighbours."""
        read = ""
        for op, argument in items:
            if op in CHARACTERS:
                mask = self.builder.mask((op, argument), self.builder.flags)
                read += self.random.choice([c for n, c in enumerate(self.builder.characters) if mask >> n & 1] or [""])
            elif op is SUBPATTERN:
                read += self._sample(argument[3])
            elif op is ATOMIC_GROUP:
                read += self._sample(argument)
            elif op is BRANCH:
                read += self._sample(self.random.choice(argument[1]))
            elif op in REPEATS:
                least, most, body = argument
                times = self.random.choice((least, min(least + 2, 3 if most is MAXREPEAT else most)))
                read += "".join(self._sample(body) for _ in range(max(times, least)))
            elif op in (ASSERT, ASSERT_NOT, AT):
                continue
        return read


def seconds(function: Callable[[Any], object], argument: Any, times: int) -> float:
    """The least time of this process that a call took."""
    least = float("inf")
    for _ in range(times):
        begun = time.process_time_ns()
        function(argument)
        least = min(least, (time.process_time_ns() - begun) / 1e9)
    return least


def growth(run: Callable[[Any], object], text: Callable[[int], Any], length: int, most: float) -> float:
    """How much longer four times the text takes; looked at again, longer and oftener, before it is told to be too much."""
    for times in (1, 3, 5, 9):
        if times > 3:
            time.sleep(0.1 * times)  # a machine that stands still for a moment has the process pay for it
        short, long = text(length), text(4 * length)
        # The short text is what a disturbance makes seem slow, and its times cost little.
        found = seconds(run, long, times) / max(seconds(run, short, 2 * times + 6), 1e-7)
        if found <= most:
            return found
        length *= 2
    return found
