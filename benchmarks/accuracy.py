"""What the parser finds, in figures and one by one, and what a change gained and lost.

    python -m benchmarks.accuracy                           figures over the corpus, and over the notices beside the checkout
    python -m benchmarks.accuracy --save before.json        also keep every finding
    python -m benchmarks.accuracy --against before.json     list each finding gained and lost since then

A change that leaves the totals as they were may still trade one finding for another; the list shows it. ``lost`` are
right findings that are gone and wrong ones that are new, ``gained`` the other way round. Exit status 1 where something
was lost, so that a script can ask.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.floors import SHARED_FIGURES, measured
from tests.support import CORPUS, SHARED_NOTICES, Collection, Comparison, total

COLLECTIONS = {"corpus": CORPUS, "beside": SHARED_NOTICES}

Findings = dict[str, dict[str, list[str]]]


def comparisons(collection: Collection) -> dict[str, Comparison]:
    """Each notice's parse compared with its gold record."""
    return {notice_id: measured(collection, notice_id) for notice_id in collection.ids()}


def findings(name: str, results: dict[str, Comparison]) -> Findings:
    """Every finding by notice: ``right`` and ``wrong``, sorted, in a form for JSON."""
    return {
        f"{name}/{notice_id}": {"right": sorted(result.found), "wrong": sorted(result.made_up)}
        for notice_id, result in results.items()
    }


def changes(before: Findings, now: Findings) -> tuple[list[str], list[str]]:
    """What was gained and what was lost, a line each; notices that only one side knows are left out."""
    gained: list[str] = []
    lost: list[str] = []
    for notice_id in sorted(before.keys() & now.keys()):
        for kind, better, worse in (("right", gained, lost), ("wrong", lost, gained)):
            old, new = Counter(before[notice_id][kind]), Counter(now[notice_id][kind])
            better.extend(f"{kind} {notice_id} {line}" for line in sorted((new - old).elements()))
            worse.extend(f"{kind} {notice_id} {line} (gone)" for line in sorted((old - new).elements()))
    return gained, lost


def table(name: str, results: dict[str, Comparison]) -> list[str]:
    """Precision, recall and F1 of each figure."""
    sums = total(results.values())
    perfect = sum(not result.differences for result in results.values())
    lines = [
        f"{name}: {len(results)} notices, {perfect} without a difference",
        f"  {'figure':18} {'P':>7} {'R':>7} {'F1':>7}",
    ]
    for figure in SHARED_FIGURES:
        count = sums.counts.get(figure)
        if count is None:
            continue
        found, expected = count.right + count.extra, count.right + count.missed
        precision = count.right / found if found else 1.0
        recall = count.right / expected if expected else 1.0
        lines.append(f"  {figure:18} {precision:7.4f} {recall:7.4f} {count.f1:7.4f}")
    return lines


def stored(path: Path) -> Findings:
    """Findings that an earlier run kept.

    Raises:
        ValueError: The file is none of this command's.
    """
    try:
        record: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return dict(record["findings"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path}: no findings of an earlier run: {error}") from error


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 1 where a finding was lost, 2 for a file that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--save", type=Path, metavar="FILE", help="keep every finding in a file")
    parser.add_argument("--against", type=Path, metavar="FILE", help="list what was gained and lost since such a file")
    options = parser.parse_args(argv)
    try:
        before = stored(options.against) if options.against else {}
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    now: Findings = {}
    for name, collection in COLLECTIONS.items():
        results = comparisons(collection)
        if not results:
            print(f"{name}: no notices in {collection.root.name}")
            continue
        now.update(findings(name, results))
        print("\n".join(table(name, results)))
    if options.save:
        options.save.write_text(json.dumps({"findings": now}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if not options.against:
        return 0
    gained, lost = changes(before, now)
    for title, lines in (("gained", gained), ("lost", lost)):
        print(f"{title}: {len(lines)}")
        print("".join(f"  {line}\n" for line in lines), end="")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
