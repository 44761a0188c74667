"""Every budget as a ratio within one run, with its spread.

    python -m benchmarks                        all budgets, and the figures beside them
    python -m benchmarks text html prose        some of them
    python -m benchmarks --quick                a short run, whose figures are rough
    python -m benchmarks --json now.json        keep the figures
    python -m benchmarks --compare before.json  how many times better each figure is than in an earlier run
    python -m benchmarks many --from now.json --write-docs    some anew, the others as they were kept, into the docs

docs/performance.md says what each figure means. Exit status 1 where a must is missed or something could
not be measured, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks import compare
from benchmarks.model import Report, read_report, write_report
from benchmarks.options import Options
from benchmarks.run import NAMES, measure
from benchmarks.table import lines, write_docs
from tests.support import ROOT

PAGE = ROOT / "docs" / "performance.md"
_INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="a short run")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often each thing is measured")
    parser.add_argument("--only", action="append", metavar="ID", help="measure speed on this notice alone; repeatable")
    parser.add_argument("--bytes", type=int, metavar="N", dest="size", help="scaling: bytes of the smaller input")
    parser.add_argument(
        "--notices", type=int, metavar="N", help="many, dask: size of the smaller heap of notices (1000)"
    )
    parser.add_argument("--folder", type=Path, metavar="DIR", help="many: where the heap is made; kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
    parser.add_argument(
        "--from", type=Path, metavar="FILE", dest="kept", help="start from figures that were kept; what is named is new"
    )
    parser.add_argument("--compare", type=Path, metavar="FILE", help="compare with figures that were kept")
    parser.add_argument("--write-docs", action="store_true", help=f"put the table into docs/{PAGE.name}")
    parser.add_argument("--no-fail", action="store_true", help="exit status 0 also where a must is missed")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 1 where a must is missed."""
    reader = parser()
    given = reader.parse_args(arguments)
    for name in given.names:
        if name not in NAMES:
            reader.error(f"no figures called {name!r}; there are {', '.join(NAMES)}")
    for option, number in (("rounds", given.rounds), ("bytes", given.size), ("notices", given.notices)):
        if number is not None and number < 1:
            reader.error(f"--{option} must be at least 1")
    options = Options(
        quick=given.quick,
        rounds=given.rounds,
        only=tuple(given.only) if given.only else None,
        size=given.size,
        notices=given.notices,
        folder=given.folder,
    )
    try:
        before, kept = (read_report(path) if path else None for path in (given.compare, given.kept))
        report = measure(given.names or ([] if kept else ["budgets"]), options, kept, partial(_save, given.json))
    except ValueError as error:
        reader.error(str(error))
    _save(given.json, report)
    print("\n".join(lines(report)))
    if given.write_docs:
        write_docs(report, PAGE)
    if before is not None:
        print("\n".join(["", *compare.warnings(before, report), *compare.lines(compare.comparisons(before, report))]))
    if any(failure.endswith(": interrupted") for failure in report.failures):
        return _INTERRUPTED
    return int(bool(report.failures or (report.missed and not given.no_fail)))


def _save(path: Path | None, report: Report) -> None:
    if path is not None:
        write_report(report, path)


if __name__ == "__main__":
    sys.exit(main())
