"""How long a whole parse takes beside what somebody would use instead, in a process that is warm.

Two times of the parse are told apart. *First sight*: the process is warm but has never seen this notice. *Again*: the same
notice once more. Budgets are for the first.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.budgets import BUDGETS
from benchmarks.model import Figure, Worst
from benchmarks.notices import COLLECTIONS, Sample
from benchmarks.options import Options
from benchmarks.rivals import OPPONENTS, RIVALS, takes
from benchmarks.warmth import first_sights

SECTIONS = tuple(OPPONENTS)
TITLES = {
    "text": "list or table notices as text",
    "prose": "notices with prose, as text",
    "none": "texts without disclosures",
    "markdown": "Markdown notices",
    "html": "HTML notices",
    "made": "the list notices as HTML",
}
#: Notices of fewer characters are dominated by constant costs and reported apart.
SMALL = 1000
ROUNDS, QUICK_ROUNDS = 7, 3
FOLDS, QUICK_FOLDS = 8, 4
Told = Callable[[str], None]


def timed(call: Callable[[], object]) -> float:
    """Processor time of one call in seconds; what it gives is thrown away outside the time."""
    before = time.process_time_ns()
    result = call()
    taken = time.process_time_ns() - before
    del result
    return taken / 1e9


@dataclass
class Times:
    """The times of one notice, one a round, in seconds."""

    first: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    rivals: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def measure(
    samples: Sequence[Sample],
    sections: Sequence[str],
    *,
    rounds: int,
    folds: int = FOLDS,
    told: Told = lambda line: None,
) -> list[Times]:
    """Time the notices of some sections and their rivals.

    Args:
        samples: The notices; the more, the warmer the process when one is met.
        sections: Which to time; the others are parsed as others only.
        rounds: How often.
        folds: How many parts they are dealt into; at least 2, so that there are others to parse.
        told: Takes a line on how far it is.

    Returns:
        The times of each notice, none where its section was not asked for.
    """
    results = [Times() for _ in samples]
    rivals = [
        [rival for rival in OPPONENTS[one.section] if takes(rival, one)] if one.section in sections else []
        for one in samples
    ]
    for sample, names in zip(samples, rivals, strict=True):
        for name in names:
            RIVALS[name](sample)
    for number in range(rounds):
        for fold, met in enumerate(first_sights(samples, sections, folds), start=1):
            told(f"speed: round {number + 1} of {rounds}, part {fold}")
            for at in met:
                _time_one(samples[at], rivals[at], results[at], rivals_first=bool((number + at) % 2))
    return results


def _time_one(sample: Sample, rivals: Sequence[str], times: Times, *, rivals_first: bool) -> None:
    def others() -> None:
        for rival in rivals:
            times.rivals[rival].append(timed(lambda: RIVALS[rival](sample)))  # noqa: B023 - called at once

    if rivals_first:
        others()
    times.first.append(timed(sample.parse))
    if not rivals_first:
        others()
    times.again.append(timed(sample.parse))


def figures(
    samples: Sequence[Sample], times: Sequence[Times], sections: Sequence[str], small: int = SMALL
) -> list[Figure]:
    """The ratios: of each section and collection to each rival, by total time, with the worst notices.

    Args:
        samples: What was measured.
        times: The times of each.
        sections: Which to tell of.
        small: Length in characters below which a notice is reported apart.
    """
    found: list[Figure] = []
    for section in sections:
        for rival in OPPONENTS[section]:
            for where in COLLECTIONS:
                pairs = [
                    (sample, time)
                    for sample, time in zip(samples, times, strict=True)
                    if sample.section == section and sample.where == where and rival in time.rivals
                ]
                if pairs:
                    found.append(_figure(section, rival, where, pairs, small))
    return found


def _figure(section: str, rival: str, where: str, pairs: Sequence[tuple[Sample, Times]], small: int) -> Figure:
    budget = BUDGETS.get(f"{section}/{rival}")
    theirs = [sum(round_) for round_ in zip(*(times.rivals[rival] for _, times in pairs), strict=True)]
    singles = [
        Worst(f"{sample.where}/{sample.name}", len(sample.text), quotients(times.first, times.rivals[rival]))
        for sample, times in pairs
    ]
    return Figure(
        name=f"{section}/{rival}/{where}",
        what=f"{TITLES[section]} ÷ {rival}, {where}",
        ratios=quotients(_totals([times.first for _, times in pairs]), theirs),
        again=quotients(_totals([times.again for _, times in pairs]), theirs),
        must=budget.must if budget else None,
        goal=budget.goal if budget else None,
        notices=len(pairs),
        worst=_worst([single for single in singles if single.chars >= small]),
        worst_small=_worst([single for single in singles if single.chars < small]),
    )


def _totals(times: Sequence[Sequence[float]]) -> list[float]:
    return [sum(round_) for round_ in zip(*times, strict=True)]


def quotients(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, ...]:
    """Pairwise ratios of two series of the same rounds.

    Raises:
        ValueError: They are not equally long.
    """
    return tuple(one / other for one, other in zip(ours, theirs, strict=True))


def _worst(singles: Sequence[Worst]) -> Worst | None:
    return max(singles, key=lambda single: median(single.ratios), default=None)


def run(samples: Sequence[Sample], sections: Sequence[str], options: Options, told: Told) -> list[Figure]:
    """Measure some sections, and give their figures."""
    rounds, folds = options.times(ROUNDS, QUICK_ROUNDS), QUICK_FOLDS if options.quick else FOLDS
    return figures(samples, measure(samples, sections, rounds=rounds, folds=folds, told=told), sections)
