"""How time and memory grow with the size of the input, hostile input included.

``python -m benchmarks.scaling`` parses each kind of input at two sizes, each in a process of its own, and prints the time
per character and the peak memory of both. Time that grows with length alone gives a ratio of 1.

``--bytes N`` is the smaller size (200,000), ``--factor N`` what the larger one is times it (10), names choose kinds. The exit
status is 1 where a ratio is above ``--limit`` (1.2).
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

from tests.hostile import CASES


def measure(case: str, size: int) -> tuple[float, int, int, int]:
    """Parse one input of about so many bytes; gives seconds, bytes, disclosures, and memory above the start in KiB."""
    from noticeparse.document import read_document
    from noticeparse.lexicon.load import load_lexicon
    from noticeparse.parsing import parse_document

    name, make, small = CASES[case]
    lexicon = load_lexicon(None)
    warm = make(small)
    parse_document(read_document(name, warm), lexicon)
    data = make(max(small, small * size // len(warm)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    notice = parse_document(read_document(name, data, max_bytes=len(data)), lexicon)
    seconds = time.process_time() - started
    return seconds, len(data), len(notice.disclosures), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before


def _apart(case: str, size: int) -> tuple[float, int, int, int]:
    """The same in a process of its own, so that memory is that of this input alone."""
    code = f"from benchmarks.scaling import measure; print(*measure({case!r}, {size}))"
    words = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    return float(words[0]), int(words[1]), int(words[2]), int(words[3])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.scaling", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="KIND", help=", ".join(CASES))
    parser.add_argument("--bytes", type=int, default=200_000, dest="size")
    parser.add_argument("--factor", type=int, default=10)
    parser.add_argument("--limit", type=float, default=1.2)
    options = parser.parse_args(arguments)
    failed = False
    print(f"{'kind':16} {'bytes':>10} {'disclosures':>11} {'us/byte':>8} {'MiB':>6} | larger: us/byte {'MiB':>6} ratio")
    for case in options.cases or CASES:
        small = _apart(case, options.size)
        large = _apart(case, options.size * options.factor)
        rates = [1e6 * seconds / size for seconds, size, _, _ in (small, large)]
        ratio = rates[1] / rates[0]
        failed |= ratio > options.limit
        print(
            f"{case:16} {small[1]:10} {small[2]:11} {rates[0]:8.2f} {small[3] / 1024:6.0f} |"
            f" {rates[1]:15.2f} {large[3] / 1024:6.0f} {ratio:5.2f}{' !' if ratio > options.limit else ''}",
            flush=True,
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
