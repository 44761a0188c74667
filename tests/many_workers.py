"""What tests put in a worker's place: functions that hang, end their process or answer at length, as the task says.

They are ``Setup`` functions, and live in a module of their own because worker processes import it.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from noticeparse.many.parallel import prepare_files

DEATHS = {
    "sigkill": "signal 9, SIGKILL",
    "segfault": "signal 11, SIGSEGV",
    "exit 0": "exit status 0",
    "exit 3": "exit status 3",
    "raise": "exit status 1",
}
HANGS = ("hang", "hang in native code")


def scripted() -> Callable[[bytes], bytes]:
    """Does what a task says: a word of ``DEATHS`` or ``HANGS``, ``sleep SECONDS``, ``say NUMBER``; else it answers OK."""
    return _play


def _play(task: bytes) -> bytes:
    word, _, value = task.decode().partition(" ")
    match word:
        case "sleep":
            time.sleep(float(value))
        case "say":
            return bytes(int(value))
        case "pid":
            return str(os.getpid()).encode()
        case "hang" if value:
            # No other thread of the process runs meanwhile, and no signal handler written in Python.
            re.match("(a|b|ab)*c", "ab" * 60)
        case "hang":
            time.sleep(3600)
        case "sigkill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "segfault":
            _quiet_core_dump()
            ctypes.string_at(0)
        case "exit":
            os._exit(int(value))
        case "raise":
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            raise SystemExit(1)
    return b"ok " + task


def _quiet_core_dump() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def unusable() -> Callable[[bytes], bytes]:
    """A setup that fails."""
    raise ValueError("nothing to work with")


def stillborn() -> Callable[[bytes], bytes]:
    """A setup that ends the process."""
    os._exit(7)


def parser(marker: str, doing: str, arguments: tuple[Any, ...]) -> Callable[[bytes], bytes]:
    """The real parser, except that files with the marker in their name make it do something else."""
    parse = prepare_files(*arguments)

    def answer(task: bytes) -> bytes:
        if marker in Path(task.decode()).name:
            _play(doing.encode())
        return parse(task)

    return answer
