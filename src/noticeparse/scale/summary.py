"""How a run went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from noticeparse.many.outcome import OutcomeKind


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that gave no notice.

    Attributes:
        source: Its name.
        kind: As for :class:`noticeparse.many.outcome.Outcome`.
        error: One line that names it and the cause.
    """

    source: str
    kind: OutcomeKind
    error: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A partition that could not be made, after all retries; running again tries it again.

    Attributes:
        partition: Its name.
        inputs: How many files it has.
        error: The cause, in one line.
    """

    partition: str
    inputs: int
    error: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        inputs: How many files there are.
        done: How many of them are accounted for, those of earlier runs included.
        failed: How many of these gave no notice.
        workers: How many workers there are.
    """

    inputs: int
    done: int
    failed: int
    workers: int


#: What is called whenever a partition is finished.
Told = Callable[[Progress], None]


@dataclass(frozen=True)
class Summary:
    """How a run ended. Every input is in ``parsed``, ``failures`` or ``unfinished``.

    Attributes:
        output: Where the tables are.
        inputs: How many files there are.
        parsed: How many gave a notice, those of earlier runs included.
        failures: The others, in the order of the inputs.
        partitions: How many partitions there are.
        skipped: How many of them earlier runs had made.
        unfinished: Partitions that could not be made.
        seconds: Wall-clock time of the run.
    """

    output: str
    inputs: int
    parsed: int
    failures: tuple[Failure, ...]
    partitions: int
    skipped: int
    unfinished: tuple[Unfinished, ...] = field(default=())
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether every input has an outcome."""
        return not self.unfinished

    def kinds(self) -> dict[str, int]:
        """How many files failed in which way, the most frequent first."""
        return dict(Counter(failure.kind for failure in self.failures).most_common())


def failures_in_order(failures: Iterable[Failure], names: Iterable[str]) -> tuple[Failure, ...]:
    """Failures in the order of the inputs.

    Args:
        failures: In any order.
        names: Of all inputs.
    """
    by_name = {failure.source: failure for failure in failures}
    return tuple(by_name[name] for name in names if name in by_name)
