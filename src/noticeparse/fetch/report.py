"""What became of a run: from the store, so that a resumed run is told whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from noticeparse.fetch.outcome import Outcome
from noticeparse.fetch.store import Store

_SHOWN = (
    *("app_id", "name", "url", "outcome", "detail", "final_url", "status", "media_type", "charset", "time", "seconds"),
    *("version", "found_on"),
)


@dataclass(frozen=True, slots=True)
class Report:
    """One run.

    Attributes:
        run: Its number.
        started: When it began.
        finished: When all its sources were done, ``None`` where they are not.
        options: What it was told.
        results: One row for each source that was fetched, in order of time.
        missing: How many sources of the list have no result yet.
    """

    run: int
    started: str
    finished: str | None
    options: Mapping[str, Any]
    results: tuple[Mapping[str, Any], ...]
    missing: int

    @property
    def totals(self) -> dict[str, int]:
        """How many results of each outcome, in the order of :class:`Outcome`."""
        counts = Counter(row["outcome"] for row in self.results)
        return {outcome.value: counts[outcome] for outcome in Outcome if counts[outcome]}

    @property
    def failures(self) -> list[Mapping[str, Any]]:
        """Results that are no success."""
        return [row for row in self.results if not Outcome(row["outcome"]).succeeded]

    @property
    def new_versions(self) -> list[int]:
        """Versions that the run was the first to see."""
        return [row["version"] for row in self.results if row["new_version"]]

    def to_dict(self) -> dict[str, Any]:
        """The report as plain dicts and lists."""
        return {
            "run": self.run,
            "started": self.started,
            "finished": self.finished,
            "options": dict(self.options),
            "totals": self.totals,
            "new_versions": len(self.new_versions),
            "missing": self.missing,
            "results": [dict(row) for row in self.results],
        }


def make_report(store: Store, run: int, options: Mapping[str, Any], expected: int) -> Report:
    """Tell a run.

    Args:
        store: Where it is.
        run: Its number.
        options: What it was told.
        expected: How many sources its list has.
    """
    rows = store.fetches(run=run)
    results = tuple({**{name: row[name] for name in _SHOWN}, "new_version": bool(row["new_version"])} for row in rows)
    listed = sum(row["found_on"] is None for row in rows)
    started, finished = store.run_times(run)
    return Report(run, started, finished, options, results, max(0, expected - listed))
