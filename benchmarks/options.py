"""What a run is told."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """How much to measure.

    Attributes:
        quick: A short run.
        rounds: How often each thing is measured; ``None`` for each section's own number.
        only: Ids of the notices to measure speed on; all where it is ``None``.
        size: Bytes of the smaller of two hostile inputs; ``None`` for the usual.
        notices: How many notices make the smaller of two heaps.
        folder: Where the heaps are made; ``None`` for a folder that goes with the run.
    """

    quick: bool = False
    rounds: int | None = None
    only: tuple[str, ...] | None = None
    size: int | None = None
    notices: int | None = None
    folder: Path | None = None

    def times(self, usual: int, quick: int) -> int:
        """The number of rounds where a section has numbers of its own."""
        return self.rounds or (quick if self.quick else usual)


def told(line: str) -> None:
    """Say how far a run is, on a terminal alone; an empty line clears what was said."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()
