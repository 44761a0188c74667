"""Notices on Dask: what a second worker brings, what Dask adds, and whether memory grows with the number of notices.

Each run is ``noticeparse scale`` as a user starts it, on a heap of notices and on one ten times as large; the runs on one worker
and on two take turns. Beside them stand the same tables made in one process without Dask.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.heap import make_heap
from benchmarks.many import FACTOR, NOTICES, QUICK_NOTICES, busy
from benchmarks.memory import watched_below
from benchmarks.model import Figure, this_machine
from benchmarks.options import Options
from benchmarks.processes import run
from tests.conftest import program_environment

ROUNDS, QUICK_ROUNDS = 2, 1
_KINDS = ("client", "worker", "parser")


@dataclass(frozen=True)
class Run:
    """What one run took.

    Attributes:
        wall: Seconds of the clock.
        cpu: Seconds of processor time of all its processes.
        peaks: Peak memory of the largest process of each kind, in KiB: the program that is asked (``client``), a worker of
            Dask, and the process beside it that parses.
        output: Bytes of the tables that it wrote.
    """

    wall: float
    cpu: float
    peaks: dict[str, int]
    output: int

    @property
    def memory(self) -> int:
        """Peak of its largest process, in KiB."""
        return max(self.peaks.values())


def on_dask(folder: Path, output: Path, workers: int) -> Run:
    """Run ``noticeparse scale`` as a program of its own.

    Raises:
        RuntimeError: It failed.
    """
    command = [sys.executable, "-m", "noticeparse", "scale", folder, "-o", output, "--workers", str(workers)]
    peaks: dict[str, int] = {}
    with watched_below(peaks, _kind):
        usage = run(command, program_environment())
    return Run(usage.wall, usage.cpu, {kind: peaks[kind] for kind in _KINDS if kind in peaks}, bytes_in(output))


def _kind(pid: int) -> str:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return "other"  # it ended meanwhile
    if b"\0noticeparse\0scale\0" in command:
        return "client"
    if b"many.worker" in command:
        return "parser"
    return "worker" if b"spawn_main" in command else "other"


def in_one_process(paths: Sequence[Path]) -> float:
    """Seconds of processor time for the same tables, made in a program of its own without Dask.

    Raises:
        RuntimeError: It failed.
    """
    code = "import sys; from benchmarks.dask import tabulate; print(tabulate(sys.stdin.read().splitlines()))"
    names = "\n".join(map(str, paths))
    done = subprocess.run([sys.executable, "-c", code], input=names, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"dask: {done.stderr.strip()}")
    return float(done.stdout)


def tabulate(paths: Sequence[str]) -> float:
    """Parse files and make the tables as Parquet; gives the seconds of processor time of that."""
    from noticeparse.lexicon.load import load_lexicon
    from noticeparse.many.outcome import parse_file
    from noticeparse.tables.export import parquet_bytes
    from noticeparse.tables.frames import to_frames

    lexicon = load_lexicon(None)
    started = time.process_time()
    notices = [notice for path in paths if (notice := parse_file(path, lexicon).notice) is not None]
    for _, frame in to_frames(notices):
        parquet_bytes(frame)
    return time.process_time() - started


def bytes_in(folder: Path) -> int:
    """Size of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def figures(options: Options, told: Callable[[str], None]) -> list[Figure]:
    """One worker against two, Dask against none, and memory at two sizes."""
    rounds = options.times(ROUNDS, QUICK_ROUNDS)
    few = options.notices or (QUICK_NOTICES if options.quick else NOTICES)
    before = busy(os.getloadavg()[0], this_machine().cores)
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folders = {}
        for count in (1, few, few * FACTOR):
            told(f"dask: {count} notices are made")
            folders[count] = root / str(count)
            make_heap(folders[count], count)
        runs: dict[tuple[int, int], list[Run]] = {}
        here, starts = [], []
        for number in range(rounds):
            told(f"dask: round {number + 1} of {rounds}, without Dask")
            here.append(in_one_process(sorted(folders[few].rglob("*.*"))))
            starts.append(on_dask(folders[1], root / f"start-{number}", 1))
            for count in (few, few * FACTOR):
                for workers in (1, 2):
                    told(f"dask: round {number + 1} of {rounds}, {count} notices, {workers} workers")
                    taken = on_dask(folders[count], root / f"out-{count}-{workers}-{number}", workers)
                    runs.setdefault((count, workers), []).append(taken)
        raw = bytes_in(folders[few * FACTOR])
    return _figures(few, runs, here, starts, raw, before)


def _figures(
    few: int,
    runs: dict[tuple[int, int], list[Run]],
    here: Sequence[float],
    starts: Sequence[Run],
    raw: int,
    before: str,
) -> list[Figure]:
    many = few * FACTOR

    def note(run: Run, count: int, *more: str) -> str:
        memory = ", ".join(f"{kind} {peak // 1024} MiB" for kind, peak in run.peaks.items())
        return "; ".join(filter(None, (f"{count / run.wall:.0f} a second", memory, *more)))

    def gain(count: int) -> tuple[float, ...]:
        pairs = zip(runs[count, 1], runs[count, 2], starts, strict=True)
        return tuple((one.wall - start.wall) / (two.wall - start.wall) for one, two, start in pairs)

    def cost(count: int) -> tuple[float, ...]:
        rounds = zip(runs[count, 1], starts, here, strict=True)
        return tuple((one.cpu - start.cpu) / (alone * count / few) for one, start, alone in rounds)

    sizes = f"{raw / many:.0f} bytes a notice, {runs[many, 2][0].output / many:.0f} of its tables"
    return [
        Figure(
            name="dask/two workers",
            what=f"time of {few} notices on one worker ÷ on two, by the clock, without start and end",
            ratios=gain(few),
            at_least=True,
            note=note(runs[few, 2][0], few, before),
        ),
        Figure(
            name="dask/two workers, many",
            what=f"the same of {many} notices",
            ratios=gain(many),
            at_least=True,
            note=note(runs[many, 2][0], many, before),
        ),
        Figure(
            name="dask/one worker",
            what=f"processor time of {few} notices on one worker, without start and end ÷ in one process without Dask",
            ratios=cost(few),
            note=f"{1e3 * here[0] / few:.1f} ms a notice without; start and end {starts[0].cpu:.1f} s",
        ),
        Figure(
            name="dask/one worker, many",
            what=f"the same of {many} notices ÷ ten times that of {few} in one process",
            ratios=cost(many),
            note=note(runs[many, 1][0], many, sizes),
        ),
        Figure(
            name="dask/memory",
            what=f"peak memory of the largest process at {many} notices ÷ at {few}, two workers",
            ratios=tuple(large.memory / small.memory for large, small in zip(runs[many, 2], runs[few, 2], strict=True)),
        ),
    ]
