"""What a notice costs on Dask: processor time, time by the clock on one and two workers, memory, storage.

``python -m benchmarks.scale`` makes notices from the records of the corpus, parses them in this process, and with
``noticeparse scale`` on one worker and on two, which take turns. Times by the clock mean something on a quiet machine
only; ratios are taken within one run. ``--notices N`` says how many (1,000), ``--rounds N`` how often (2).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.heap import make_heap
from benchmarks.processes import run
from tests.conftest import program_environment


@dataclass(frozen=True)
class Taken:
    """What a run took: seconds of processor time of all its processes, and of the clock."""

    cpu: float
    wall: float


def parse_here(paths: Sequence[Path]) -> tuple[float, float, int]:
    """Parse in this process; gives seconds of processor time for records, the same for tables, and bytes of records."""
    from noticeparse.jsonl import encode_line
    from noticeparse.lexicon.load import load_lexicon
    from noticeparse.many.outcome import parse_file
    from noticeparse.tables.export import parquet_bytes
    from noticeparse.tables.frames import to_frames

    lexicon = load_lexicon(None)
    for path in paths[:50]:
        parse_file(str(path), lexicon)
    started = time.process_time()
    notices = [notice for path in paths if (notice := parse_file(str(path), lexicon).notice) is not None]
    parsed = time.process_time()
    for _, frame in to_frames(notices):
        parquet_bytes(frame)
    tables = time.process_time()
    assert len(notices) == len(paths), "every notice is one"
    return parsed - started, tables - parsed, sum(len(encode_line(notice)) for notice in notices)


def on_dask(folder: Path, output: Path, workers: int) -> Taken:
    """Run ``noticeparse scale`` as a program of its own."""
    command = [sys.executable, "-m", "noticeparse.cli", "scale", folder, "-o", output, "--workers", str(workers)]
    usage = run(command, program_environment())
    return Taken(usage.cpu, usage.wall)


def bytes_in(folder: Path) -> int:
    """Size of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def peak_memory(folder: Path, output: Path) -> dict[str, int]:
    """Largest resident memory of each kind of process during a run on one worker, in MiB."""
    command = [sys.executable, "-m", "noticeparse.cli", "scale", folder, "-o", output, "--workers", "1"]
    process = subprocess.Popen(
        list(map(str, command)), env=program_environment(), stdout=subprocess.DEVNULL, start_new_session=True
    )
    peaks: dict[str, int] = {}
    while process.poll() is None:
        for place in Path("/proc").glob("[0-9]*"):
            try:
                if int((place / "stat").read_text().rpartition(")")[2].split()[3]) != process.pid:
                    continue
                line = (place / "cmdline").read_bytes()
                status = (place / "status").read_text()
            except OSError:
                continue  # it ended meanwhile
            kind = "parser" if b"many.worker" in line else "worker" if b"spawn_main" in line else "client"
            peak = next((row.split()[1] for row in status.splitlines() if row.startswith("VmHWM")), "0")
            peaks[kind] = max(peaks.get(kind, 0), int(peak) // 1024)
        time.sleep(0.2)
    return peaks


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.scale", description=__doc__)
    parser.add_argument("--notices", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        paths = make_heap(root / "notices", options.notices)
        number = len(paths)
        raw = bytes_in(root / "notices")
        records_cpu, tables_cpu, records = parse_here(paths)
        print(f"{number} notices, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        print(
            f"here: {1e3 * records_cpu / number:.2f} ms a notice for records, {1e3 * tables_cpu / number:.2f} ms for tables"
        )
        base = make_heap(root / "one", 1) and on_dask(root / "one", root / "out-one", 1)
        best: dict[int, Taken] = {}
        for turn in range(options.rounds):
            for workers in (1, 2):
                taken = on_dask(root / "notices", root / f"out-{workers}-{turn}", workers)
                known = best.get(workers, taken)
                best[workers] = Taken(min(known.cpu, taken.cpu), min(known.wall, taken.wall))
        print(f"start and end of a run: {base.cpu:.1f} s of processor time, {base.wall:.1f} s")
        for workers, taken in best.items():
            own = (taken.cpu - base.cpu) / number
            print(
                f"{workers} on Dask: {1e3 * own:.2f} ms of processor time a notice,"
                f" {own * number / (records_cpu + tables_cpu):.2f} times that of one process; {taken.wall:.1f} s"
            )
        print(f"two workers: {(best[1].wall - base.wall) / (best[2].wall - base.wall):.2f} times the speed of one")
        output = root / "out-1-0"
        for name, size in [
            ("raw", raw),
            ("records as JSON lines", records),
            ("tables as Parquet", sum(bytes_in(place) for place in output.iterdir() if place.is_dir())),
            *((f"  {place.name}", bytes_in(place)) for place in sorted(output.iterdir()) if place.is_dir()),
        ]:
            print(f"{name}: {size / number:.0f} bytes a notice")
        peaks = peak_memory(root / "notices", root / "out-memory")
        print("peak memory: " + ", ".join(f"{kind} {peak} MiB" for kind, peak in sorted(peaks.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
