"""What a start of the program costs, beside a start of Python that imports ``json`` and ``re``.

The program is what a user has: a wheel of the checkout, installed with its byte code, run by the same interpreter.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.budgets import BUDGETS
from benchmarks.model import Figure
from benchmarks.notices import content_of
from benchmarks.options import Options
from benchmarks.processes import Usage, run
from noticeparse.parsing import parse
from tests.support import CORPUS, ROOT

ROUNDS, QUICK_ROUNDS = 15, 3
#: Bare starts in a round, whose median counts: one takes so little that it varies by a third.
BARE_STARTS = 5
#: One notice of each kind; ``list`` is the one that the budget speaks of.
NOTICES = {
    "list": "keyvalue-headings",
    "table": "txt-pipe-table",
    "prose": "prose-only",
    "html": "html-cards",
    "markdown": "md-decimal",
}
#: Heavy packages that a list notice gives no reason to import.
NOT_NEEDED = ("pandas", "pyarrow", "numpy", "spacy", "jieba", "requests", "urllib3", "rich", "bs4", "lxml")
_IMPORTED = re.compile(r"^import time:[^|]*\|[^|]*\|\s*([\w.]+)$", re.M)


def environment(installed: Path, scratch: Path) -> dict[str, str]:
    """A user's environment: byte code is cached, no option of Python or of the program is set, caches are new."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "NOTICEPARSE_"))}
    return {**kept, "PYTHONPATH": str(installed), "XDG_CACHE_HOME": str(scratch)}


def install(folder: Path) -> Path:
    """Build the checkout's wheel and install it, without what it depends on, into a folder; gives the folder.

    Raises:
        RuntimeError: It cannot be built or installed.
    """
    installed = folder / "installed"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    for command in (
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        [*pip, "install", "--no-deps", "--no-index", "--target", installed, folder / "*.whl"],
    ):
        words = [str(next(folder.glob("*.whl"))) if str(word).endswith("*.whl") else str(word) for word in command]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"the wheel cannot be installed: {(done.stderr or done.stdout).strip()}")
    return installed


def imported(importtime: str) -> set[str]:
    """The packages that a run imported, by what ``python -X importtime`` said of it."""
    return {name.split(".")[0] for name in _IMPORTED.findall(importtime)}


def figures(options: Options, told: Callable[[str], None]) -> list[Figure]:
    """Starts of the program on a notice of each kind, and on none."""
    rounds = options.times(ROUNDS, QUICK_ROUNDS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told("cold: a wheel is made and installed")
        installed = install(folder)
        variables = environment(installed, folder / "cache")
        program = [sys.executable, installed / "bin" / "noticeparse"]
        commands = {"none": [*program, "--version"]}
        for kind, notice_id in NOTICES.items():
            commands[kind] = [*program, "parse", CORPUS.notice(notice_id), "--output", folder / "out.json"]
        bare = [sys.executable, "-c", "import json, re"]
        first = run(commands["list"], variables)
        ours: dict[str, list[Usage]] = {kind: [] for kind in commands}
        theirs: list[Usage] = []
        for number in range(rounds):
            told(f"cold: round {number + 1} of {rounds}")
            starts = [run(bare, variables) for _ in range(BARE_STARTS)]
            theirs.append(Usage(median(one.cpu for one in starts), median(one.wall for one in starts), ""))
            for kind, command in commands.items():
                ours[kind].append(run(command, variables))
        unneeded = _not_needed([sys.executable, "-X", "importtime", *commands["list"][1:]], variables)
    assert content_of(parse(CORPUS.notice(NOTICES["list"]))) == "list"
    return [*_starts(ours, theirs), _first(first, theirs), unneeded]


def _starts(ours: dict[str, list[Usage]], theirs: list[Usage]) -> list[Figure]:
    found = []
    for kind in sorted(ours, key=lambda kind: kind != "list"):
        budget = BUDGETS.get(f"cold/{kind}")
        what = "noticeparse --version" if kind == "none" else f"noticeparse parse of one {kind} notice"
        found.append(
            Figure(
                name=f"cold/{kind}",
                what=f"{what} ÷ python -c 'import json, re', processor time",
                ratios=tuple(one.cpu / other.cpu for one, other in zip(ours[kind], theirs, strict=True)),
                must=budget.must if budget else None,
            )
        )
    found.append(
        Figure(
            name="cold/list, clock",
            what="the first of these by the clock",
            ratios=tuple(one.wall / other.wall for one, other in zip(ours["list"], theirs, strict=True)),
        )
    )
    return found


def _first(first: Usage, theirs: list[Usage]) -> Figure:
    return Figure(
        name="cold/first ever",
        what="the very first start after installation ÷ python -c 'import json, re', processor time",
        ratios=tuple(first.cpu / other.cpu for other in theirs),
    )


def _not_needed(command: list[str | Path], variables: dict[str, str]) -> Figure:
    found = sorted(imported(run(command, variables).errors) & set(NOT_NEEDED))
    return Figure(
        name="cold/not needed",
        what=f"packages imported for a list notice that it does not need, of {', '.join(NOT_NEEDED)}",
        ratios=(float(len(found)),),
        must=BUDGETS["cold/not needed"].must,
        note=", ".join(found),
    )
