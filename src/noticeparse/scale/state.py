"""How far a run is: which partitions the output holds already, which are finished or given up, and what they account for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from noticeparse.scale.account import Account, read_account
from noticeparse.scale.errors import ScaleError
from noticeparse.scale.inputs import Input
from noticeparse.scale.output import INPUTS, Output
from noticeparse.scale.partitions import Partition, identity
from noticeparse.scale.summary import Failure, Progress, Summary, Unfinished, failures_in_order
from noticeparse.scale.worker import Job

#: Partitions that may fail before the first one succeeds.
_HOPELESS = 8


class State:
    """What is known of a run's inputs."""

    def __init__(self, output: Output, job: Job, inputs: Sequence[Input]) -> None:
        """Know nothing yet.

        Args:
            output: Where the partitions are.
            job: The run's settings.
            inputs: All of them, in their order.
        """
        self.output = output
        self.job = job
        self._inputs = inputs
        self._finished: dict[str, Account] = {}
        self._given_up: list[Unfinished] = []
        self._skipped = 0
        self._done = self._failed = 0

    # ------------------------------------------------------------------ what earlier runs have left

    def look(self, *, retry_failed: bool, replace: bool) -> None:
        """See which partitions of earlier runs can stay, and remove the others.

        Args:
            retry_failed: Remove partitions in which a file failed that may be parsed another time.
            replace: Remove partitions of other inputs, versions or options.

        Raises:
            ScaleError: There are such, and ``replace`` does not say to remove them.
        """
        present = {table: self.output.partitions(table) for table in self.job.tables}
        accounts = self._accounts(sorted(present[INPUTS]))
        current = set(map(identity, self._inputs))
        foreign = {name: why for name, account in accounts.items() if (why := self._foreign(account, current))}
        if foreign and not replace:
            first = next(iter(foreign.values()))
            raise ScaleError(
                f"{self.output.name}: holds partitions of another run ({len(foreign)} of {len(accounts)}; {first}): choose "
                "another output, or say to replace them"
            )
        covered: set[str] = set()
        for name, account in accounts.items():
            names = {one[0] for one in account.identities}
            whole = all(name in present[table] for table in self.job.tables)
            again = retry_failed and account.passing
            if name not in foreign and whole and not again and not names & covered:
                covered |= names
                self._add(name, account)
        for name in sorted(present[INPUTS] - set(self._finished)):
            self.output.remove(name)
        self.output.sweep(set(self._finished))
        self._skipped = len(self._finished)

    def _accounts(self, names: list[str]) -> dict[str, Account]:
        found = zip(names, map(read_account, self.output.read_inputs(names)), strict=True)
        return {name: account for name, account in found if account is not None}

    def _foreign(self, account: Account, current: set[tuple[str, int | None, str]]) -> str | None:
        """Why a partition does not belong to this run, if it does not."""
        theirs, ours = account.basis, self.job.basis
        for what, their, our in (
            ("parser version", theirs.parser_version, ours.parser_version),
            ("lexicon version", theirs.lexicon_version, ours.lexicon_version),
            ("options", theirs.options, ours.options),
        ):
            if their != our:
                return f"{what} {their!r} instead of {our!r}"
        gone = next((one for one in account.identities if one not in current), None)
        if gone is None:
            return None
        still = any(name == gone[0] for name, _, _ in current)
        return f"{gone[0]}: {'changed since' if still else 'no longer among the inputs'}"

    def kept(self) -> Mapping[str, Sequence[str]]:
        """Each finished partition with the names of its inputs."""
        return {name: [one[0] for one in account.identities] for name, account in self._finished.items()}

    # ------------------------------------------------------------------ what this run does

    def finish(self, partition: Partition, account: Account) -> None:
        """Enter a partition that a worker has made.

        Args:
            partition: Which.
            account: What the worker says.

        Raises:
            ScaleError: It is not where this process looks for it.
        """
        if not self._finished and not self.output.has(INPUTS, partition.name):
            raise ScaleError(
                f"{self.output.name}: a worker wrote to it and nothing is there: it is another folder on the worker's "
                "machine; use one that all machines share, or object storage"
            )
        self._add(partition.name, account)

    def _add(self, name: str, account: Account) -> None:
        self._finished[name] = account
        self._done += len(account.identities)
        self._failed += len(account.failures)

    def give_up(self, partition: Partition, error: str) -> None:
        """Enter a partition that cannot be made.

        Args:
            partition: Which.
            error: Why, in one line.
        """
        self._given_up.append(Unfinished(partition.name, len(partition.inputs), error))

    @property
    def hopeless(self) -> Unfinished | None:
        """The first of several partitions that failed where none succeeded: then it is not theirs to succeed."""
        several = len(self._given_up) >= _HOPELESS and len(self._finished) == self._skipped
        return self._given_up[0] if several else None

    def progress(self, workers: int) -> Progress:
        """How far the run is.

        Args:
            workers: How many there are.
        """
        return Progress(len(self._inputs), self._done, self._failed, workers)

    def conclude(self, seconds: float) -> Summary:
        """How the run ended, which is written beside the tables where all inputs are accounted for.

        What workers that ended have left half written goes.

        Args:
            seconds: Wall-clock time that it took.

        Raises:
            ScaleError: The output cannot be written.
        """
        if len(self._finished) > self._skipped or self._given_up:
            self.output.sweep(set(self._finished))
        failures: list[Failure] = [one for account in self._finished.values() for one in account.failures]
        summary = Summary(
            output=self.output.name,
            inputs=len(self._inputs),
            parsed=self._done - self._failed,
            failures=failures_in_order(failures, (one.name for one in self._inputs)),
            partitions=len(self._finished) + len(self._given_up),
            skipped=self._skipped,
            unfinished=tuple(sorted(self._given_up, key=lambda one: one.partition)),
            seconds=seconds,
        )
        if summary.complete:
            self.output.write_summary(self._encoded(summary))
        return summary

    def _encoded(self, summary: Summary) -> bytes:
        """Nothing in it depends on when, where or in how many runs the tables were made."""
        basis = self.job.basis
        told = {
            "inputs": summary.inputs,
            "parsed": summary.parsed,
            "failed": dict(sorted(summary.kinds().items())),
            "partitions": summary.partitions,
            "parser_version": basis.parser_version,
            "lexicon_version": basis.lexicon_version,
            "options": basis.options,
        }
        return json.dumps(told, indent=1).encode() + b"\n"
