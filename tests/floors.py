"""The floors: F1 figures below which no change may bring the parser.

``corpus/floors.json`` has one floor for each figure of each notice of the corpus, ``tests/shared_floors.json`` one for
each total figure over the notices beside the checkout, where there are any.

    python -m tests.floors                        show what lies below its floor, and what has no floor
    python -m tests.floors --write                raise floors to today's figures and add those of new notices
    python -m tests.floors --write --allow-lower  write today's figures, whatever they are

``--write`` alone refuses to lower a floor or to drop one, and then writes nothing.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests import mentions
from tests.support import CORPUS, FIGURES, ROOT, SHARED_NOTICES, Collection, Comparison, compare, parsed, total

Floors = dict[str, dict[str, float]]

CORPUS_FLOORS = ROOT / "corpus" / "floors.json"
SHARED_FLOORS = ROOT / "tests" / "shared_floors.json"
SHARED_FIGURES = ("disclosure", "disclosure.list", "disclosure.prose", *FIGURES[1:])
TOTAL = "total"
MENTIONS = "mentions"
_DIGITS = 10_000


def stored(path: Path) -> Floors:
    """The floors of a file; empty where the file is absent."""
    if not path.exists():
        return {}
    floors: Floors = json.loads(path.read_text("utf-8"))
    return floors


def figures(comparison: Comparison, names: Sequence[str]) -> dict[str, float]:
    """F1 of each figure, cut (not rounded) to four digits, so that a floor is never above what was measured."""
    return {name: math.floor(comparison.f1(name) * _DIGITS + 1e-6) / _DIGITS for name in names}


def measured(collection: Collection, notice_id: str) -> Comparison:
    """One notice's parse compared with its gold record."""
    return compare(collection.gold(notice_id), parsed(collection.notice(notice_id)))


def corpus_figures() -> Floors:
    """Today's figures for each notice of the corpus."""
    return {notice_id: figures(measured(CORPUS, notice_id), FIGURES) for notice_id in CORPUS.ids()}


def shared_figures() -> Floors:
    """Today's total figures over the notices beside the checkout; empty where there are none."""
    ids = SHARED_NOTICES.ids()
    if not ids:
        return {}
    return {TOTAL: figures(total(measured(SHARED_NOTICES, notice_id) for notice_id in ids), SHARED_FIGURES)}


def mention_figures() -> Floors:
    """Today's figures over the tagged sentences beside the checkout; empty where there are none."""
    if not mentions.TAGGED.exists():
        return {}
    values = {name: mentions.figure(mentions.TAGGED, name) for name in mentions.LABELS}
    return {MENTIONS: {name: math.floor(value * _DIGITS + 1e-6) / _DIGITS for name, value in values.items()}}


def below(floors: Floors, today: Floors) -> list[str]:
    """What lies below its floor, or has lost its figure, in words."""
    return [
        f"{name} {figure}: {today.get(name, {}).get(figure, 'gone')} is below the floor {floor}"
        for name, row in floors.items()
        for figure, floor in row.items()
        if today.get(name, {}).get(figure, -1.0) < floor
    ]


def without_floor(floors: Floors, today: Floors) -> list[str]:
    """Figures that have no floor yet, in words."""
    return [
        f"{name} {figure}: {value} has no floor"
        for name, row in today.items()
        for figure, value in row.items()
        if figure not in floors.get(name, {})
    ]


def write(path: Path, today: Floors, *, allow_lower: bool = False) -> list[str]:
    """Write today's figures as floors.

    Returns:
        Why nothing was written: the floors that would sink. Empty where the file was written.
    """
    sinking = below(stored(path), today)
    if sinking and not allow_lower:
        return sinking
    # one notice a line, so that a change of floors reads as a change of lines
    lines = [f" {json.dumps(name)}: {json.dumps(row)}" for name, row in sorted(today.items())]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    return []


def _say(lines: Sequence[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _show(floors: Floors, today: Floors) -> bool:
    sinking = below(floors, today)
    _say([*sinking, *without_floor(floors, today)])
    return bool(sinking)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 1 where a figure lies below its floor and was not allowed to."""
    parser = argparse.ArgumentParser(prog="python -m tests.floors", description="Show or write the floors.")
    parser.add_argument("--write", action="store_true", help="write today's figures as floors")
    parser.add_argument("--allow-lower", action="store_true", help="with --write: also where a floor sinks")
    options = parser.parse_args(argv)
    if options.allow_lower and not options.write:
        parser.error("--allow-lower goes with --write")
    jobs: list[tuple[Path, Floors]] = [(CORPUS_FLOORS, corpus_figures())]
    shared = shared_figures() | mention_figures()
    if shared:
        jobs.append((SHARED_FLOORS, shared))
    if not options.write:
        shown = [_show(stored(path), today) for path, today in jobs]  # all of them, also after the first that sinks
        return int(any(shown))
    return _write_all(jobs, allow_lower=options.allow_lower)


def _write_all(jobs: Sequence[tuple[Path, Floors]], *, allow_lower: bool) -> int:
    sinking = [line for path, today in jobs for line in below(stored(path), today)]
    if sinking and not allow_lower:
        _say([*sinking, "nothing written; --allow-lower writes nevertheless"])
        return 1
    for path, today in jobs:
        write(path, today, allow_lower=allow_lower)
        _say([f"{path.relative_to(ROOT)}: {_summary(today)}"])
    return 0


def _summary(today: Floors) -> str:
    rows: list[Any] = list(today.values())
    names = list(dict.fromkeys(name for row in rows for name in row))
    having = {name: [row[name] for row in rows if name in row] for name in names}
    means = ", ".join(f"{name} {sum(values) / len(values):.3f}" for name, values in having.items())
    return f"{len(rows)} rows; mean {means}"


if __name__ == "__main__":
    sys.exit(main())
