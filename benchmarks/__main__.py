"""Every budget as a ratio within one run, with its spread.

python -m benchmarks                        all budgets, with the figures beside them
python -m benchmarks text html prose        some of them
python -m benchmarks --quick                a short run, whose figures are rough
python -m benchmarks --json now.json        keep the figures
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import speed
from benchmarks.model import Figure, Report, this_machine, write_report
from benchmarks.notices import samples
from benchmarks.table import lines
from noticeparse._version import __version__

NAMES = speed.SECTIONS


def told(line: str) -> None:
    """Say how far a run is, on a terminal alone."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{line}" if line else "\r\x1b[K")
        sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 1 where a must is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--rounds", type=int, help="how often each thing is measured (7; 3 with --quick)")
    parser.add_argument("--quick", action="store_true", help="a short run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
    parser.add_argument("--no-fail", action="store_true", help="exit status 0 also where a must is missed")
    options = parser.parse_args(arguments)
    chosen = options.names or list(NAMES)
    for name in chosen:
        if name not in NAMES:
            parser.error(f"no figures called {name!r}; there are {', '.join(NAMES)}")
    rounds = options.rounds or (3 if options.quick else 7)
    figures: list[Figure] = []
    notices, absent = samples()
    times = speed.measure(notices, chosen, rounds=rounds, folds=4 if options.quick else speed.FOLDS, told=told)
    told("")
    figures += speed.figures(notices, times, chosen)
    report = Report(
        noticeparse=__version__,
        machine=this_machine(),
        quick=options.quick,
        figures=tuple(figures),
        absent=tuple(absent),
    )
    print("\n".join(lines(report)))
    if options.json:
        write_report(report, options.json)
    return int(bool(report.missed) and not options.no_fail)


if __name__ == "__main__":
    sys.exit(main())
