"""Two runs beside each other: how many times better each figure has become."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from benchmarks.model import Figure, Report, Spread, spread

#: Of all pairs of an old and a new round, so many must agree for a change to count.
AGREEMENT = 0.95
#: With fewer rounds on a side, chance alone makes all pairs agree.
MIN_ROUNDS = 3

Change = Literal["better", "worse", "within the spread", "too few rounds"]


@dataclass(frozen=True)
class Comparison:
    """One figure of two runs.

    Attributes:
        name: The figure's.
        old: Its rounds in the earlier run.
        new: Its rounds in this run.
        at_least: Whether more is better.
    """

    name: str
    old: tuple[float, ...]
    new: tuple[float, ...]
    at_least: bool = False

    @property
    def gains(self) -> list[float]:
        """How many times better a new round is than an old one, for every pair of them."""
        return [_gain(*((new, old) if self.at_least else (old, new))) for old, new in product(self.old, self.new)]

    @property
    def spread(self) -> Spread:
        """Of ``gains``."""
        return spread(self.gains)

    @property
    def verdict(self) -> Change:
        """Better or worse where nearly all pairs say so."""
        gains = self.gains
        if all(gain == 1 for gain in gains):
            return "within the spread"
        if min(len(self.old), len(self.new)) < MIN_ROUNDS:
            return "too few rounds"
        if sum(gain > 1 for gain in gains) >= AGREEMENT * len(gains):
            return "better"
        if sum(gain < 1 for gain in gains) >= AGREEMENT * len(gains):
            return "worse"
        return "within the spread"


def _gain(before: float, after: float) -> float:
    if before == after:
        return 1.0
    return before / after if after else float("inf")


def comparisons(old: Report, new: Report) -> list[Comparison]:
    """The figures that both runs have, in the order of the new one."""
    before = {figure.name: figure for figure in old.figures}
    found: list[Comparison] = []
    for figure in new.figures:
        if figure.name in before:
            found.extend(_both(before[figure.name], figure))
    return found


def _both(old: Figure, new: Figure) -> Iterator[Comparison]:
    yield Comparison(new.name, old.ratios, new.ratios, new.at_least)
    if old.again and new.again:
        yield Comparison(f"{new.name} (again)", old.again, new.again, new.at_least)


def warnings(old: Report, new: Report) -> Iterator[str]:
    """What makes the two runs unlike."""
    if old.machine != new.machine:
        yield f"the machines differ: {_machine(old)}; {_machine(new)}. Ratios travel, but not exactly"
    if old.quick or new.quick:
        yield "a short run is among them, whose figures are rough"
    for title, one, other in (("the earlier", old, new), ("this", new, old)):
        alone = sorted({figure.name for figure in one.figures} - {figure.name for figure in other.figures})
        if alone:
            yield f"only {title} run has {', '.join(alone)}"


def _machine(report: Report) -> str:
    machine = report.machine
    return f"{machine.implementation} {machine.python}, {machine.cores} cores"


def lines(found: Sequence[Comparison]) -> Iterator[str]:
    """A table for a terminal."""
    width = max((len(one.name) for one in found), default=6)
    yield f"{'figure':{width}} {'before':>8} {'now':>8} {'times better (min-max)':>24}  verdict"
    for one in found:
        three = one.spread
        yield (
            f"{one.name:{width}} {spread(one.old).median:8.2f} {spread(one.new).median:8.2f}"
            f" {f'{three.median:.2f} ({three.min:.2f}-{three.max:.2f})':>24}  {one.verdict}"
        )
