"""Figures: what was measured, the ratios of its rounds, and how they stand to the budget. Kept as JSON."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Literal

import msgspec

SCHEMA_VERSION = "1"

#: ``met`` reaches the goal too, where there is one; ``missed`` is the must.
Verdict = Literal["met", "must met, goal missed", "missed", "no budget"]


class Spread(msgspec.Struct, frozen=True):
    """Least, middle and greatest of some ratios."""

    min: float
    median: float
    max: float


def spread(ratios: Sequence[float]) -> Spread:
    """The spread of the ratios of some rounds.

    Raises:
        ValueError: There are none.
    """
    if not ratios:
        raise ValueError("no rounds, no spread")
    return Spread(min(ratios), median(ratios), max(ratios))


class Worst(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The notice with the greatest median among those of a size.

    Attributes:
        notice: Its collection and id.
        chars: Its length in characters.
        ratios: One a round.
    """

    notice: str
    chars: int
    ratios: tuple[float, ...]


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One measured ratio.

    Attributes:
        name: ``section/what/where``, such as ``text/jieba.lcut/corpus``; the same in every run.
        what: In words, for a table.
        ratios: One a round.
        must: The budget; ``None`` where the figure is only for comparison.
        goal: What is aimed at beyond the budget.
        at_least: Whether more is better, as for a gain.
        again: The same ratios for a notice that was parsed a moment ago; empty where that means nothing.
        notices: How many notices the ratio is taken over; 0 where it is over none.
        worst: The worst single notice that is long enough for constant costs not to matter.
        worst_small: The worst one of the others.
        note: What a reader of the figure should know.
    """

    name: str
    what: str
    ratios: tuple[float, ...]
    must: float | None = None
    goal: float | None = None
    at_least: bool = False
    again: tuple[float, ...] = ()
    notices: int = 0
    worst: Worst | None = None
    worst_small: Worst | None = None
    note: str = ""

    @property
    def spread(self) -> Spread:
        """Of ``ratios``."""
        return spread(self.ratios)

    @property
    def verdict(self) -> Verdict:
        """How the median stands to must and goal; this is what counts."""
        return self._verdict(self.ratios)

    @property
    def verdict_again(self) -> Verdict:
        """How that of a notice that was parsed a moment ago does, where there is one."""
        return self._verdict(self.again) if self.again else "no budget"

    def _verdict(self, ratios: Sequence[float]) -> Verdict:
        if self.must is None:
            return "no budget"
        middle = spread(ratios).median

        def reaches(limit: float) -> bool:
            return middle >= limit if self.at_least else middle <= limit

        if not reaches(self.must):
            return "missed"
        return "met" if self.goal is None or reaches(self.goal) else "must met, goal missed"


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The kind of machine, and nothing that tells one machine from another of its kind."""

    cores: int
    python: str
    implementation: str


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One run.

    Attributes:
        schema_version: Of this form.
        noticeparse: Version of what was measured.
        machine: Its kind.
        quick: Whether it was a short run, whose figures are rough.
        figures: In the order of measuring.
        absent: What was not there to be measured, a line each.
        failures: What could not be measured, and why, a line each.
    """

    schema_version: str = SCHEMA_VERSION
    noticeparse: str
    machine: Machine
    quick: bool
    figures: tuple[Figure, ...]
    absent: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def missed(self) -> tuple[Figure, ...]:
        """The figures whose must is missed."""
        return tuple(figure for figure in self.figures if figure.verdict == "missed")


def this_machine() -> Machine:
    """The kind of machine that this process runs on: cores that it may use, and the Python."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    version = ".".join(map(str, sys.version_info[:3]))
    return Machine(cores=cores, python=version, implementation=platform.python_implementation())


def write_report(report: Report, path: Path) -> None:
    """Write a run as JSON; the file is whole at any time."""
    data = msgspec.json.format(msgspec.json.encode(report), indent=1)
    draft = path.with_name(f"{path.name}.part")
    draft.write_bytes(data + b"\n")
    draft.replace(path)


def read_report(path: Path) -> Report:
    """Read a run.

    Raises:
        ValueError: The file cannot be read, or is no run of this schema version.
    """
    try:
        report = msgspec.json.decode(path.read_bytes(), type=Report)
    except (OSError, msgspec.DecodeError) as error:
        raise ValueError(f"{path}: no figures of an earlier run: {error}") from error
    if report.schema_version != SCHEMA_VERSION:
        raise ValueError(f"{path}: figures of schema version {report.schema_version}, not {SCHEMA_VERSION}")
    return report
