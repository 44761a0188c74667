"""Programs run to their end, and what they took."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """What a process took: seconds of processor time and of the clock, and what it wrote to standard error."""

    cpu: float
    wall: float
    errors: str


def run(command: Sequence[str | Path], environment: dict[str, str]) -> Usage:
    """Run a program whose output is thrown away; processor time is that of the program and what it waited for.

    Raises:
        RuntimeError: It failed; its last line of standard error is told.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        list(map(str, command)),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        errors = process.stderr.read().decode("utf-8", "replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode:
        last = (errors.strip().splitlines() or ["nothing said"])[-1]
        raise RuntimeError(f"{' '.join(map(str, command))}: exit status {process.returncode}: {last}")
    return Usage(usage.ru_utime + usage.ru_stime, wall, errors)
