"""Frames of many notices: time and memory for N disclosures, as a ratio to a tenth of them.

    python -m benchmarks.frames [N]     default 100000

The notices are those of the corpus, each under many names. Growth is linear where the ratio is near ten.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator

from msgspec.structs import replace

import noticeparse
from noticeparse.records import Notice
from noticeparse.tables import compare
from noticeparse.tables.audit import audit
from noticeparse.tables.frames import to_frames
from tests.support import CORPUS


def copies(notices: list[Notice], disclosures: int) -> Iterator[Notice]:
    """The notices again and again under new names, until there are so many disclosures."""
    given = number = 0
    while given < disclosures:
        for notice in notices:
            yield replace(notice, notice=replace(notice.notice, source=f"{number}/{notice.notice.source}"))
            given += len(notice.disclosures)
        number += 1


def seconds(notices: list[Notice], disclosures: int) -> dict[str, float]:
    """Processor time of each step."""
    taken: dict[str, float] = {}
    start = time.process_time()
    frames = to_frames(copies(notices, disclosures))
    taken["to_frames"] = time.process_time() - start
    start = time.process_time()
    compare.matrix(frames, "recipient", "concept", values="disclosures")
    compare.top(frames)
    compare.sdk_outliers(frames)
    taken["compare"] = time.process_time() - start
    start = time.process_time()
    audit(copies(notices, disclosures))
    taken["audit"] = time.process_time() - start
    return taken


def main() -> None:
    """Print the figures."""
    disclosures = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    notices = [noticeparse.parse(CORPUS.notice(notice_id)) for notice_id in CORPUS.ids()]
    small, large = seconds(notices, disclosures // 10), seconds(notices, disclosures)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for step, value in large.items():
        print(f"{step:10} {disclosures} disclosures {value:6.2f} s, {value / small[step]:5.1f} x a tenth of them")
    print(f"peak memory {peak:.0f} MiB")


if __name__ == "__main__":
    main()
