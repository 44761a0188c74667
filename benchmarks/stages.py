"""Where the time of a parse goes: the share of each stage, at first sight.

A timer of the process looks, some hundred times a second, at which stage's code is running: the innermost module of the
package, so that what a stage asks of the lexicon is the lexicon's.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from benchmarks.model import Figure
from benchmarks.notices import Sample
from benchmarks.options import Options
from benchmarks.warmth import first_sights

SECTIONS = ("text", "prose", "html")
ROUNDS, QUICK_ROUNDS = 5, 1
FOLDS = 4
#: Looks in a round, where so many passes over a section's notices give them.
LOOKS, MOST_PASSES = 200, 10
_INTERVAL = 0.001
_PACKAGE = "noticeparse."


def stage_of(frame: FrameType | None) -> str | None:
    """The stage of the innermost frame that is the package's; ``None`` where there is none."""
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.startswith(_PACKAGE):
            return str(name.split(".")[1])
        frame = frame.f_back
    return None


@contextmanager
def watched(counts: Counter[str]) -> Iterator[None]:
    """Count the stages that are met while the block runs."""

    def look(number: int, frame: FrameType | None) -> None:
        stage = stage_of(frame)
        if stage is not None:
            counts[stage] += 1

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, _INTERVAL, _INTERVAL)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def figures(samples: Sequence[Sample], options: Options, told: Callable[[str], None]) -> list[Figure]:
    """The shares of each section's time, the greatest first."""
    found: list[Figure] = []
    rounds = options.times(ROUNDS, QUICK_ROUNDS)
    for section in SECTIONS:
        counts: list[Counter[str]] = [Counter() for _ in range(rounds)]
        for number, count in enumerate(counts):
            told(f"stages: {section}, round {number + 1} of {rounds}")
            passes = 0
            while count.total() < LOOKS and passes < MOST_PASSES:
                passes += 1
                for met in first_sights(samples, [section], FOLDS):
                    with watched(count):
                        for at in met:
                            samples[at].parse()
        found.extend(_shares(section, [count for count in counts if count]))
    return found


def _shares(section: str, counts: Sequence[Counter[str]]) -> list[Figure]:
    totals = sum(counts, Counter())
    return [
        Figure(
            name=f"stages/{section}/{stage}",
            what=f"share of the time of a parse, {section}",
            ratios=tuple(count[stage] / count.total() for count in counts),
        )
        for stage, _ in totals.most_common()
    ]
