"""How a run is going: a bar on a terminal, a line for each result elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Protocol

import click

if TYPE_CHECKING:
    from noticeparse.fetch.batch import Result


class Progress(Protocol):
    """What a run tells its results to."""

    def told(self, result: Result) -> None:
        """A source is done."""

    def close(self) -> None:
        """The run is over."""


def make_progress(total: int, done: int) -> Progress:
    """The way to show a run here.

    Args:
        total: How many sources the list has.
        done: How many of them an earlier run has done.
    """
    if sys.stderr is not None and sys.stderr.isatty():
        return _Bar(total, done)
    return _Lines(total, done)


class _Lines:
    def __init__(self, total: int, done: int) -> None:
        self._total, self._done = total, done

    def told(self, result: Result) -> None:
        if result.found_on is None:
            self._done += 1
        click.echo(f"{self._done}/{self._total} {line_of(result)}", err=True)

    def close(self) -> None:
        """Nothing is left to do."""


class _Bar:
    def __init__(self, total: int, done: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._failed = self._here = 0
        self._task: Any = self._progress.add_task("", total=total, completed=done, told="")
        self._progress.start()
        self._show(0)

    def told(self, result: Result) -> None:
        if not result.outcome.succeeded:
            self._failed += 1
            self._progress.console.print(line_of(result), markup=False, highlight=False, soft_wrap=True)
        self._here += 1
        self._show(int(result.found_on is None))

    def _show(self, advance: int) -> None:
        task = self._progress.tasks[0]
        waiting = int((task.total or 0) - task.completed) - advance
        rate = self._here / task.elapsed if task.elapsed else 0.0
        told = f"{self._here - self._failed} done, {self._failed} failed, {waiting} waiting, {rate:.1f}/s"
        self._progress.update(self._task, advance=advance, told=told)

    def close(self) -> None:
        self._progress.stop()


def line_of(result: Result) -> str:
    """One result in one line.

    Args:
        result: Of a run.
    """
    told = result.detail or ("new version" if result.new_version else "unchanged")
    return printable(f"{result.outcome.value}: {result.source.app_id} {result.source.url}: {told}")


def printable(text: str) -> str:
    """A text without characters that would steer the terminal: details quote what servers send.

    Args:
        text: One line.
    """
    return "".join([char if char.isprintable() else "\ufffd" for char in text])
