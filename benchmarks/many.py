"""Many notices: what a second process brings, and whether memory grows with their number.

Each run is a program of its own that parses a list of files with ``parse_many`` and throws the outcomes away, so that its
memory is its own; the runs on one and on two processes take turns.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.budgets import BUDGETS
from benchmarks.heap import make_heap
from benchmarks.memory import peak, watched_below
from benchmarks.model import Figure, this_machine
from benchmarks.options import Options

ROUNDS, QUICK_ROUNDS = 3, 1
NOTICES, QUICK_NOTICES = 1000, 100
FACTOR = 10
#: The load for each core up to which times by the clock mean something.
_QUIET = 0.3


@dataclass(frozen=True)
class Run:
    """What one run took.

    Attributes:
        wall: Seconds of the clock.
        cpu: Seconds of processor time of all its processes.
        parent: Peak memory of the process that asks, in KiB.
        worker: Peak memory of the largest of the others, in KiB; 0 where there is none.
        done: How many files were parsed.
    """

    wall: float
    cpu: float
    parent: int
    worker: int
    done: int

    @property
    def memory(self) -> int:
        """Peak of its largest process, in KiB."""
        return max(self.parent, self.worker)


def measure(listing: str, jobs: int, timeout: float | None) -> Run:
    """Parse the files that a list names, in this process or in workers."""
    from noticeparse.many.parallel import parse_many

    paths = (line for line in Path(listing).read_text("utf-8").splitlines())
    below: dict[int, int] = {}
    started = time.perf_counter()
    with watched_below(below):
        done = sum(outcome.kind == "parsed" for outcome in parse_many(paths, jobs=jobs, timeout=timeout))
    wall = time.perf_counter() - started
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    return Run(wall, cpu, peak(), max(below.values(), default=0), done)


def apart(listing: Path, jobs: int, *, here: bool = False) -> Run:
    """The same in a program of its own.

    Args:
        listing: File of paths, one a line.
        jobs: Number of worker processes.
        here: Parse without any worker.

    Raises:
        RuntimeError: A file was not parsed, or the program failed.
    """
    timeout = None if here else 60.0
    code = (
        "import json; from dataclasses import asdict; from benchmarks.many import measure;"
        f"print(json.dumps(asdict(measure({str(listing)!r}, {jobs}, {timeout}))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"many: {done.stderr.strip()}")
    run = Run(**json.loads(done.stdout))
    expected = len(listing.read_text("utf-8").splitlines())
    if run.done != expected:
        raise RuntimeError(f"many: {run.done} of {expected} notices were parsed")
    return run


def heaps(options: Options, told: Callable[[str], None], stack: ExitStack) -> tuple[list[Path], tuple[int, int]]:
    """Make a heap of notices and one ten times as large, and list their files.

    Returns:
        The two lists, and how many notices each has.
    """
    folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
    few = options.notices or (QUICK_NOTICES if options.quick else NOTICES)
    told(f"many: {few * FACTOR} notices are made")
    paths = make_heap(folder, few * FACTOR)
    listings = []
    for count in (few, few * FACTOR):
        listing = folder / f"first-{count}.list"
        listing.write_text("".join(f"{path}\n" for path in paths[:count]), "utf-8")
        listings.append(listing)
    return listings, (few, few * FACTOR)


def busy(load: float, cores: int) -> str:
    """What to say of a machine that did other work before the run; nothing where it did next to none.

    Args:
        load: Processes that wanted to run, on average over the last minute.
        cores: How many can.
    """
    if load < _QUIET * cores:
        return ""
    return f"the machine was busy: load {load:.1f} on {cores} cores before the run"


def figures(options: Options, told: Callable[[str], None]) -> list[Figure]:
    """One process against two, workers against none, and memory at two sizes."""
    rounds = options.times(ROUNDS, QUICK_ROUNDS)
    with ExitStack() as stack:
        (few, many), counts = heaps(options, told, stack)
        before = busy(os.getloadavg()[0], this_machine().cores)
        here, one, two, large_one, large = [], [], [], [], []
        for number in range(rounds):
            told(f"many: round {number + 1} of {rounds}, {counts[0]} notices")
            here.append(apart(few, 1, here=True))
            one.append(apart(few, 1))
            two.append(apart(few, 2))
            told(f"many: round {number + 1} of {rounds}, {counts[1]} notices")
            large_one.append(apart(many, 1))
            large.append(apart(many, 2))
    return _figures(counts, here, one, two, large_one, large, before)


def _figures(
    counts: tuple[int, int],
    here: Sequence[Run],
    one: Sequence[Run],
    two: Sequence[Run],
    large_one: Sequence[Run],
    large: Sequence[Run],
    before: str,
) -> list[Figure]:
    speed, memory = BUDGETS["many/two processes"], BUDGETS["many/memory"]
    few, many = counts

    def ratios(ours: Sequence[Run], theirs: Sequence[Run], what: Callable[[Run], float]) -> tuple[float, ...]:
        return tuple(what(a) / what(b) for a, b in zip(ours, theirs, strict=True))

    def rate(run: Run) -> str:
        return f"{run.done / run.wall:.0f} a second, {run.parent / 1024:.0f} and {run.worker / 1024:.0f} MiB"

    return [
        Figure(
            name="many/two processes",
            what=f"time of {few} notices on one process ÷ on two, by the clock",
            ratios=ratios(one, two, lambda run: run.wall),
            must=speed.must,
            at_least=True,
            note="; ".join(filter(None, (rate(two[0]), before))),
        ),
        Figure(
            name="many/two processes, many",
            what=f"the same of {many} notices",
            ratios=ratios(large_one, large, lambda run: run.wall),
            at_least=True,
            note=f"one process: {rate(large_one[0])}",
        ),
        Figure(
            name="many/two processes, processor",
            what="processor time of all processes, two workers ÷ one",
            ratios=ratios(two, one, lambda run: run.cpu),
        ),
        Figure(
            name="many/worker",
            what="time on one worker ÷ without any, by the clock",
            ratios=ratios(one, here, lambda run: run.wall),
            note=rate(here[0]),
        ),
        Figure(
            name="many/memory",
            what=f"peak memory of the largest process at {many} notices ÷ at {few}, two processes",
            ratios=ratios(large, two, lambda run: run.memory),
            must=memory.must,
            note=rate(large[0]),
        ),
        Figure(
            name="many/memory, parent",
            what="the same of the process that asks",
            ratios=ratios(large, two, lambda run: run.parent),
        ),
        Figure(
            name="many/growth",
            what=f"time of {many} notices ÷ of {few}, two processes, by the clock",
            ratios=ratios(large, two, lambda run: run.wall),
        ),
    ]
