"""How long a whole parse takes beside what somebody would use instead, in a process that is warm.

Two times of the parse are told apart. *First sight*: the process is warm, its code loaded, its vocabulary built and all
other notices parsed, but it has never seen this one. *Again*: the same notice once more. Budgets are for the first.
To get it, the notices are dealt into folds; for each fold everything that the parser remembers is dropped, the notices of
the other folds are parsed, and then each of the fold is timed once, next to its rivals.
"""

from __future__ import annotations

import gc
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from statistics import median
from types import ModuleType

from benchmarks.budgets import BUDGETS
from benchmarks.model import Figure, Worst
from benchmarks.notices import COLLECTIONS, Sample
from benchmarks.options import Options
from benchmarks.rivals import OPPONENTS, RIVALS, takes
from noticeparse.document import read_document
from noticeparse.lexicon.load import load_lexicon
from noticeparse.parsing import parse_document

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
#: What only one notice of the corpus may need, and what is therefore not loaded by parsing the others.
WARM_UP = (
    "範例推送SDK\n使用目的：訊息推送\n收集個人資訊：裝置型號\n".encode(),
    "示例推送SDK\n使用目的：消息推送\n收集个人信息：设备型号\n".encode("gb18030"),
)

Told = Callable[[str], None]


def forget() -> None:
    """Drop all that the parser remembers from earlier calls, vocabulary and compiled expressions of its own included."""
    memo = sys.modules.get("noticeparse.memo")
    if memo is not None:
        memo.clear()
    for name, module in list(sys.modules.items()):
        if name == "noticeparse" or name.startswith("noticeparse."):
            for cached in caches(module):
                cached.cache_clear()


def caches(module: ModuleType) -> Iterator[Callable[..., object]]:
    """What a module defines with ``lru_cache``."""
    for value in vars(module).values():
        if hasattr(value, "cache_clear") and getattr(value, "__module__", None) == module.__name__:
            yield value


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

    A page that was made from a text says the same as the text, so that the two are measured apart: neither is among the
    others of its twin.

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
    for made in (False, True):
        pool = [at for at, sample in enumerate(samples) if (sample.kind == "made") == made]
        if not any(samples[at].section in sections for at in pool):
            continue
        for at in pool:
            samples[at].parse()
            for rival in _rivals(samples[at], sections):
                RIVALS[rival](samples[at])
        for number in range(rounds):
            for fold in range(folds):
                told(
                    f"{'made pages' if made else 'notices'}: round {number + 1} of {rounds}, fold {fold + 1} of {folds}"
                )
                _time_fold(samples, pool, pool[fold::folds], sections, results, number)
    return results


def _rivals(sample: Sample, sections: Sequence[str]) -> list[str]:
    if sample.section not in sections:
        return []
    return [rival for rival in OPPONENTS[sample.section] if takes(rival, sample)]


def _time_fold(
    samples: Sequence[Sample],
    pool: Sequence[int],
    fold: Sequence[int],
    sections: Set[str],
    results: Sequence[Times],
    number: int,
) -> None:
    """Make the process warm with the notices outside a fold, then time each inside it once."""
    timed_ones = [at for at in fold if samples[at].section in sections]
    if not timed_ones:
        return
    forget()
    for data in WARM_UP:
        parse_document(read_document("notice.txt", data), load_lexicon(None))
    for at in pool:
        if at not in fold:
            samples[at].parse()
    # What is loaded, the rivals' modules included, must not weigh on a garbage collection in somebody's time.
    gc.collect()
    gc.freeze()
    for at in timed_ones:
        _time_one(samples[at], _rivals(samples[at], sections), results[at], rivals_first=bool((number + at) % 2))
    gc.unfreeze()


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
