"""A process that parses one file and tells what that took, what it opened, and whom it called.

``python -m tests.confined HARMLESS FILE`` prints one JSON object: the outcome, processor seconds and peak memory. The harmless file,
of the same form, is parsed first, so that what a form needs is loaded.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.memory import forget, peak

ROOT = Path(__file__).resolve().parents[1]
#: Guards against what hangs or fills the machine; no measure of speed.
CPU_SECONDS = 60
ADDRESS_SPACE = 6 * 1024**3
_CALLS = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "pty.",
    "ctypes.dlopen",
)
_CHANGES = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
    "tempfile.",
)
_WRITING = 0o1 | 0o2 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC


def watch(homes: list[str]) -> list[str]:
    """Take down, from now on, each call for a network, process or change of a file, and each file outside of ``homes``."""
    seen: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            inside = not isinstance(path, int) and str(Path(str(path)).absolute()).startswith(tuple(homes))
            if not isinstance(path, int) and (not inside or (flags or 0) & _WRITING):
                seen.append(f"open {path} {flags}")
        elif event.startswith((*_CALLS, *_CHANGES)):
            seen.append(f"{event} {arguments!r}"[:200])

    sys.addaudithook(hook)
    return seen


def unit() -> float:
    """Processor seconds of an ordinary list of 15 kB: how fast this machine is, and what else it does."""
    from noticeparse import memo, parse

    text = "".join(
        f"{n}、示例{n}SDK\n公司：示例{n}科技有限公司\n使用目的：推送\n收集个人信息：IMEI、OAID\n\n" for n in range(100)
    )
    best = 1e9
    for _ in range(3):
        memo.clear()
        started = time.process_time()
        parse(text)
        best = min(best, time.process_time() - started)
    return best / len(text.encode()) * 1e6


def main(harmless: str, path: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    from noticeparse import parse
    from noticeparse.errors import NoticeparseError

    parse(Path(harmless))
    per_megabyte = unit()
    forget()
    before = peak()
    homes = [sys.prefix, sys.base_prefix, str(ROOT / "src"), str(ROOT / "lexicons"), path]
    seen = watch(homes)
    started = time.process_time()
    try:
        notice = parse(Path(path))
    except NoticeparseError as error:
        told: dict[str, Any] = {"error": str(error)}
    else:
        told = {"disclosures": len(notice.disclosures), "diagnostics": [note.code for note in notice.diagnostics][:20]}
    took = time.process_time() - started
    told |= {"seconds": took, "per_megabyte": per_megabyte, "seen": seen.copy()}
    print(json.dumps({**told, "memory": (peak() - before) * 1024}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
