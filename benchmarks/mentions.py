"""How long the finder of mentions takes, as a ratio to jieba's segmentation of the same text in the same run.

    python -m benchmarks.mentions [FILE]...

Without a file the texts of the corpus are read. The goal is at most 3.
"""

from __future__ import annotations

import logging
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import jieba

import noticeparse
from noticeparse.document import read_document

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "notices"
ROUNDS = 7


def seconds(call: Callable[[], object]) -> float:
    """Time of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main(arguments: Sequence[str]) -> None:
    """Measure and print the ratio."""
    paths = [Path(name) for name in arguments] or sorted(CORPUS.glob("*/notice.*"))
    text = "\n".join(read_document(str(path), path.read_bytes()).text for path in paths)
    jieba.setLogLevel(logging.WARNING)
    jieba.lcut(text[:1000])
    noticeparse.find_data_items(text[:1000])
    # both in each round, so that what else the machine does weighs on both
    rounds = [
        (seconds(lambda: noticeparse.find_data_items(text)), seconds(lambda: jieba.lcut(text))) for _ in range(ROUNDS)
    ]
    ratio = statistics.median(found / cut for found, cut in rounds)
    print(f"{len(paths)} files, {len(text)} characters: finding mentions takes {ratio:.2f} x jieba.lcut")


if __name__ == "__main__":
    main(sys.argv[1:])
