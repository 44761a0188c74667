"""Peak memory of this process and of those below it.

Linux tells the peak of a program alone (``VmHWM``). What ``getrusage`` tells begins with the memory of the process that
started it, so that a small program started by a large one seems large; it is what is left elsewhere.
"""

from __future__ import annotations

import os
import re
import resource
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_PROC = Path("/proc")
_INTERVAL = 0.1
_PEAK = re.compile(r"^VmHWM:\s*(\d+) kB$", re.M)
_PARENT = re.compile(r"^PPid:\s*(\d+)$", re.M)


def _status(pid: int | str) -> str:
    """What Linux tells of a process; nothing where it is gone, or where there is no such file."""
    try:
        return (_PROC / str(pid) / "status").read_text("utf-8", "replace")
    except OSError:
        return ""


def peak() -> int:
    """Peak memory of this program so far, in KiB."""
    found = _PEAK.search(_status("self"))
    if found:
        return int(found[1])
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest // 1024 if sys.platform == "darwin" else largest  # bytes there


def forget() -> None:
    """Let the peak of this program begin anew from what it has now, where Linux can."""
    with suppress(OSError):
        (_PROC / "self" / "clear_refs").write_text("5", "ascii")


def peaks_below() -> dict[int, int]:
    """Peak memory so far of every living process below this one, in KiB, by its number."""
    statuses = {int(entry.name): _status(entry.name) for entry in _PROC.glob("[0-9]*")}
    parents = {pid: int(found[1]) for pid, status in statuses.items() if (found := _PARENT.search(status))}
    below: dict[int, int] = {}
    for pid in parents:
        above, seen = parents[pid], {pid}
        while above not in seen and above in parents and above != os.getpid():
            seen.add(above)
            above = parents[above]
        if above == os.getpid() and (found := _PEAK.search(statuses[pid])):
            below[pid] = int(found[1])
    return below


@contextmanager
def watched_below(peaks: dict[Any, int], kind_of: Callable[[int], Any] = int) -> Iterator[None]:
    """Keep the peaks of the processes below this one while the block runs, also of those that end.

    Args:
        peaks: Is given the greatest of each kind, in KiB.
        kind_of: The kind of a process, from its number; its number if nothing else is given.
    """
    done = threading.Event()

    def look() -> None:
        while not done.wait(_INTERVAL):
            for pid, value in peaks_below().items():
                kind = kind_of(pid)
                peaks[kind] = max(value, peaks.get(kind, 0))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
