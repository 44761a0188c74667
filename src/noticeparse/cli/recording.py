"""A run of ``noticeparse parse``: many notices to records, each recorded as soon as it is its turn."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from noticeparse.cli.tools import Progress, counted, open_output, report, report_traced, to_terminal
from noticeparse.files import STANDARD_STREAM, display

if TYPE_CHECKING:
    from noticeparse.many.journal import Journal
    from noticeparse.many.outcome import Outcome
    from noticeparse.many.parallel import EncodedOutcome
    from noticeparse.many.worker import Setup
    from noticeparse.records import Notice

_DEFAULT_WIDTH = 100
_FAILURES = {
    "input": "cannot be read",
    "bug": "met an internal error",
    "timeout": "took too long",
    "died": "ended the process",
}


class Inputs(Struct, frozen=True):
    """What a run parses.

    Attributes:
        tasks: What ``parse`` and the workers take, one for each notice.
        name: The source that the records of a task name.
        digest: SHA-256 of a task's bytes, in hexadecimal digits; ``None`` if it cannot be told.
        parse: Parses a task in this process.
        setup: Gives what sets up a worker process.
        lexicon_version: Of the lexicon that all of them use.
    """

    tasks: Sequence[str]
    name: Callable[[str], str]
    digest: Callable[[str], str | None]
    parse: Callable[[str], Outcome]
    setup: Callable[[], Setup]
    lexicon_version: str


class Workers(Struct, frozen=True):
    """How many processes parse, and the time limit of one notice in seconds."""

    jobs: int
    timeout: float | None


#: One indented object; one object a line; a table for people.
Form: TypeAlias = Literal["json", "lines", "table"]


class Target(Struct, frozen=True):
    """Where records go, and how they look there."""

    form: Form
    output: str | None
    fresh: bool = False

    @property
    def continued(self) -> str | None:
        """The file that an earlier run may have begun; ``None`` where the records stand in no file or not one a line."""
        if self.form != "lines" or self.output in (None, STANDARD_STREAM):
            return None
        from noticeparse.many.journal import is_continued

        return self.output if self.output and is_continued(self.output) else None

    def encoder(self) -> Callable[[Notice], bytes]:
        """How a notice is written."""
        from noticeparse.jsonl import encode_line, encode_object

        if self.form == "table":
            return self._draw()
        return encode_object if self.form == "json" else encode_line

    def recoder(self) -> Callable[[bytes], bytes]:
        """How a notice is written that is a line of JSON already."""
        from noticeparse.jsonl import decode_line, indent_line

        if self.form == "table":
            draw = self._draw()
            return lambda line: draw(decode_line(line))
        return indent_line if self.form == "json" else bytes

    def _draw(self) -> Callable[[Notice], bytes]:
        from shutil import get_terminal_size

        from noticeparse.cli.table import render

        width = get_terminal_size((_DEFAULT_WIDTH, 24)).columns
        encoding = (sys.stdout.encoding if to_terminal(self.output) else None) or "utf-8"
        return lambda notice: render(notice, width).encode(encoding, "replace")


_Outcome: TypeAlias = "Outcome | EncodedOutcome"
_Parsed: TypeAlias = "Generator[tuple[_Outcome, Callable[[], bytes] | None], None, None]"


class _NothingParsedError(Exception):
    """Leaves the output's block, so that no empty file takes the place of an older one."""


def record_all(inputs: Inputs, target: Target, workers: Workers | None, *, refused: int = 0) -> bool:
    """Parse and record all notices of a run, in their order; tell on standard error what cannot be parsed.

    Args:
        inputs: What to parse.
        target: Where records go.
        workers: Which processes parse; ``None`` for this one.
        refused: Number of arguments that named no notice, for the count at the end.

    Returns:
        Whether any failed.
    """
    run = _Run(inputs, target, workers)
    try:
        if target.continued is not None:
            _record_in_journal(run, target.continued)
        else:
            _record_in_stream(run)
    finally:
        run.progress.clear()
    run.failures["input"] += refused
    failed = run.failures.total()
    total = len(inputs.tasks) + refused
    if failed and total > 1:
        causes = ", ".join(f"{number} {_FAILURES[kind]}" for kind, number in run.failures.items() if number)
        report(f"{failed} of {total} files failed: {causes}")
    return failed > 0


class _Run:
    def __init__(self, inputs: Inputs, target: Target, workers: Workers | None) -> None:
        self.inputs = inputs
        self.target = target
        self.workers = workers
        self.failures: Counter[str] = Counter()
        self.progress = Progress(len(inputs.tasks), target.output)

    def records(self, tasks: Iterable[str]) -> Iterator[bytes | None]:
        """The records of tasks, ``None`` for each that failed, after it has been told."""
        parsed = self._parse_here(tasks) if self.workers is None else self._parse_by(self.workers, tasks)
        with closing(parsed):
            for outcome, write in parsed:
                yield self._written(outcome, write)

    def _parse_here(self, tasks: Iterable[str]) -> _Parsed:
        encode = self.target.encoder()
        for task in tasks:
            outcome = self.inputs.parse(task)
            yield outcome, None if outcome.notice is None else partial(encode, outcome.notice)

    def _parse_by(self, workers: Workers, tasks: Iterable[str]) -> _Parsed:
        from noticeparse.many.parallel import encoded_outcomes

        recode = self.target.recoder()
        setup, name = self.inputs.setup(), self.inputs.name
        with closing(encoded_outcomes(tasks, setup, jobs=workers.jobs, timeout=workers.timeout, name=name)) as outcomes:
            for outcome in outcomes:
                yield outcome, None if outcome.record is None else partial(recode, outcome.record)

    def _written(self, outcome: _Outcome, write: Callable[[], bytes] | None) -> bytes | None:
        if write is not None:
            try:
                return write()
            except Exception as error:  # noqa: BLE001 - a record that cannot be written must not lose the others
                from noticeparse.many.outcome import failed_with

                outcome = failed_with(error, outcome.source)
        self.failures[outcome.kind] += 1
        self.progress.clear()
        if outcome.traceback is None:
            report(outcome.error or "")
        else:
            report_traced(outcome.error or "", outcome.traceback)
        return None


def _record_in_stream(run: _Run) -> None:
    written = 0
    try:
        with open_output(run.target.output) as stream:
            run.progress.show(0)
            for done, record in enumerate(run.records(run.inputs.tasks), start=1):
                if record is not None:
                    stream.write(record)
                    written += 1
                run.progress.show(done)
            if not written:
                raise _NothingParsedError
    except _NothingParsedError:
        pass


def _record_in_journal(run: _Run, output: str) -> None:
    from noticeparse.many.journal import Journal

    inputs = run.inputs
    with Journal(output, lexicon_version=inputs.lexicon_version, fresh=run.target.fresh) as journal:
        done = 0

        def show() -> None:
            run.progress.show(done + journal.taken)

        def tasks() -> Iterator[str]:
            for task in inputs.tasks:
                if journal.take_over(inputs.name(task), partial(inputs.digest, task)):
                    show()
                else:
                    yield task

        show()
        try:
            for record in run.records(tasks()):
                journal.skip() if record is None else journal.add(record)
                done += 1
                show()
            journal.finish()
        except (KeyboardInterrupt, SystemExit):
            run.progress.clear()
            if journal.added + journal.taken:
                report(f"interrupted; what is done is kept in {display(journal.path)}, and the same command goes on")
            raise
        run.progress.clear()
        _tell_what_was_there(journal, len(inputs.tasks), output)


def _tell_what_was_there(journal: Journal, total: int, output: str) -> None:
    if journal.damaged:
        report(f"{display(journal.path)}: {counted(journal.damaged, 'broken line')} left out")
    if journal.taken:
        report(f"{journal.taken} of {total} taken over from an earlier run, {total - journal.taken} parsed")
    if journal.kept:
        report(f"{display(output)}: continued; {counted(journal.kept, 'record')} of other files kept in front")
