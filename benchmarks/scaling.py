"""How time and memory grow with the size of the input, hostile input included.

Each kind of input is parsed at two sizes, the larger ten times the smaller, each in a process of its own. A figure is how many
times the time the larger one takes; where the two are not exactly ten times apart, the time is taken in proportion.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.budgets import LINEAR
from benchmarks.memory import peak
from benchmarks.model import Figure
from benchmarks.options import Options
from tests.hostile import CASES

FACTOR = 10
ROUNDS, QUICK_ROUNDS = 3, 1
SIZE, QUICK_SIZE = 200_000, 20_000
#: Kinds that are also measured at the sizes that the design names: a million brackets of three bytes, one line of 5 MB,
#: lists, tables and sentences of 10 MB.
LARGE = {
    "bare_brackets": 300_000,
    "one_line": 500_000,
    "keyvalue": 1_000_000,
    "long_table": 1_000_000,
    "prose": 1_000_000,
}
#: A larger input that takes so many times what it may is stopped.
_PATIENCE = 5


@dataclass(frozen=True)
class Cost:
    """What one parse took.

    Attributes:
        seconds: Processor time.
        size: Bytes of the input.
        memory: Peak above the memory before the parse, in KiB.
        stopped: Whether it was not waited for any longer; then ``seconds`` is the least that it takes.
    """

    seconds: float
    size: int
    memory: int = 0
    stopped: bool = False

    @property
    def rate(self) -> float:
        """Seconds a byte."""
        return self.seconds / self.size


def made(case: str, size: int) -> bytes:
    """An input of a kind of about so many bytes."""
    _, make, small = CASES[case]
    return make(max(small, small * size // len(make(small))))


def measure(case: str, size: int) -> Cost:
    """Parse one input of about so many bytes."""
    from noticeparse.document import read_document
    from noticeparse.lexicon.load import load_lexicon
    from noticeparse.parsing import parse_document

    name, make, small = CASES[case]
    lexicon = load_lexicon(None)
    parse_document(read_document(name, make(small)), lexicon)
    data = made(case, size)
    before = peak()
    started = time.process_time()
    parse_document(read_document(name, data, max_bytes=len(data)), lexicon)
    seconds = time.process_time() - started
    return Cost(seconds, len(data), peak() - before)


def apart(case: str, size: int, patience: float | None = None) -> Cost:
    """The same in a process of its own, so that memory is that of this input alone.

    Args:
        case: Which kind.
        size: Bytes.
        patience: Seconds of the clock after which it is stopped.

    Raises:
        RuntimeError: It failed.
    """
    code = f"from benchmarks.scaling import measure; c = measure({case!r}, {size}); print(c.seconds, c.size, c.memory)"
    started = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=patience
        )
    except subprocess.TimeoutExpired:
        return Cost(time.perf_counter() - started, len(made(case, size)), stopped=True)
    if done.returncode:
        raise RuntimeError(f"{case} of {size} bytes: {(done.stderr.strip().splitlines() or ['it ended'])[-1]}")
    seconds, length, memory = done.stdout.split()
    return Cost(float(seconds), int(length), int(memory))


def growth(small: Cost, large: Cost) -> float:
    """How many times the time ten times the text takes."""
    return FACTOR * large.rate / small.rate


def figures(options: Options, told: Callable[[str], None]) -> Iterator[Figure]:
    """Growth of every kind at the usual sizes, then of some at those of the design."""
    usual = options.size or (QUICK_SIZE if options.quick else SIZE)
    sizes = [(case, usual, case) for case in CASES]
    if not options.quick and options.size is None:
        sizes += [
            (case, size, f"{case} to {size * FACTOR / 1e6:g} MB") for case, size in LARGE.items() if case in CASES
        ]
    rounds = options.times(ROUNDS, QUICK_ROUNDS)
    for case, size, name in sizes:
        yield _figure(case, size, name, rounds, told)


def _figure(case: str, size: int, name: str, rounds: int, told: Callable[[str], None]) -> Figure:
    pairs: list[tuple[Cost, Cost]] = []
    for number in range(rounds):
        told(f"scaling: {name}, round {number + 1} of {rounds}")
        small = apart(case, size)
        pairs.append((small, apart(case, size * FACTOR, patience=60 + _PATIENCE * FACTOR * small.seconds)))
    stopped = any(large.stopped for _, large in pairs)
    each, memory = (median(values) for values in zip(*((1e6 * b.rate, b.memory / 1024) for _, b in pairs), strict=True))
    told_of_large = f"{each:.2f} µs/byte, {memory:.0f} MiB at {pairs[0][1].size / 1e6:.3g} MB"
    return Figure(
        name=f"scaling/{name}",
        what=f"time of ten times as much ÷ time, {CASES[case][1].__doc__ or case}",
        ratios=tuple(growth(small, large) for small, large in pairs),
        must=LINEAR.must,
        note="stopped; it takes longer" if stopped else told_of_large,
    )
