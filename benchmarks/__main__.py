"""Every budget as a ratio within one run, with its spread.

    python -m benchmarks                        all budgets, and the figures beside them
    python -m benchmarks text html prose        some of them
    python -m benchmarks --quick                a short run, whose figures are rough
    python -m benchmarks --json now.json        keep the figures
    python -m benchmarks --compare before.json  how many times better each figure is than in an earlier run

docs/performance.md says what each figure means. Exit status 1 where a must is missed, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import cold, compare, scaling, speed
from benchmarks.model import Figure, Report, read_report, this_machine, write_report
from benchmarks.notices import samples
from benchmarks.options import Options, told
from benchmarks.table import lines, write_docs
from noticeparse._version import __version__
from tests.support import ROOT

PAGE = ROOT / "docs" / "performance.md"
#: What ``budgets`` stands for.
BUDGETED = (*speed.SECTIONS, "scaling", "cold")
NAMES = ("budgets", *BUDGETED)


def measure(names: Sequence[str], options: Options) -> Report:
    """Measure what is named, in a fixed order."""
    wanted = {part for name in names for part in (BUDGETED if name == "budgets" else (name,))}
    found: list[Figure] = []
    absent: list[str] = []
    sections = [name for name in speed.SECTIONS if name in wanted]
    if sections:
        notices, absent = samples(options.only)
        found += speed.run(notices, sections, options, told)
    if "cold" in wanted:
        found += cold.figures(options, told)
    if "scaling" in wanted:
        found += scaling.figures(options, told)
    told("")
    return Report(
        noticeparse=__version__,
        machine=this_machine(),
        quick=options.quick,
        figures=tuple(found),
        absent=tuple(absent),
    )


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
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
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
    for option in ("rounds", "size"):
        if getattr(given, option) is not None and getattr(given, option) < 1:
            reader.error(f"--{'bytes' if option == 'size' else option} must be at least 1")
    try:
        before = read_report(given.compare) if given.compare else None  # before hours of measuring
    except ValueError as error:
        reader.error(str(error))
    options = Options(
        quick=given.quick, rounds=given.rounds, only=tuple(given.only) if given.only else None, size=given.size
    )
    try:
        report = measure(given.names or ["budgets"], options)
    except ValueError as error:
        reader.error(str(error))
    print("\n".join(lines(report)))
    if given.json:
        write_report(report, given.json)
    if given.write_docs:
        write_docs(report, PAGE)
    if before is not None:
        print("\n".join(["", *compare.warnings(before, report), *compare.lines(compare.comparisons(before, report))]))
    return int(bool(report.missed) and not given.no_fail)


if __name__ == "__main__":
    sys.exit(main())
