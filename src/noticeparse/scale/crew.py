"""The workers, from the side of the process that asks them: partitions go out a few at a time, accounts come back."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

from noticeparse.scale.account import Account
from noticeparse.scale.cluster import Client
from noticeparse.scale.errors import ScaleError, one_line
from noticeparse.scale.partitions import Partition
from noticeparse.scale.state import State
from noticeparse.scale.summary import Told
from noticeparse.scale.worker import parse_partition

#: Partitions under way for each thread of the workers: enough that none waits for this process, few enough that the
#: scheduler's memory does not grow with the number of inputs.
_UNDER_WAY = 3
_LOOK_SECONDS = 2.0


class Crew:
    """Has partitions made by the workers of a cluster."""

    def __init__(self, client: Client, state: State, *, retries: int, patience: float, told: Told | None) -> None:
        """Get to know the cluster.

        Args:
            client: Of the cluster.
            state: Of the run; it learns what comes of each partition.
            retries: How often a partition is tried again.
            patience: Longest time without any worker, in seconds.
            told: Called whenever a partition is finished.
        """
        self._client = client
        self._state = state
        self._retries = retries
        self._patience = patience
        self._told = told
        self._under_way: dict[Any, tuple[Partition, int]] = {}
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._seen_workers = time.monotonic()

    def work(self, partitions: Sequence[Partition]) -> None:
        """Have partitions made; what cannot be made is entered as given up.

        Args:
            partitions: Which.

        Raises:
            ScaleError: The scheduler is gone, no workers come, or workers do not fit.
        """
        left = iter(partitions)
        try:
            while self._send(left) or self._under_way:
                future = self._next()
                if future is not None:
                    self._take(future)
        finally:
            # Those that wait are not begun any more; the one that a worker is busy with ends there, and does no harm.
            if self._under_way and self._client.status == "running":
                with suppress(OSError):  # it stopped just now, and has nothing under way any more
                    self._client.cancel(list(self._under_way))

    def _send(self, left: Iterator[Partition]) -> bool:
        """Fill up what is under way. Gives whether anything was sent."""
        room = _UNDER_WAY * max(1, self._threads()) - len(self._under_way)
        sent = False
        while room > 0 and (partition := next(left, None)) is not None:
            self._submit(partition, 0)
            room -= 1
            sent = True
        return sent

    def _submit(self, partition: Partition, tried: int) -> None:
        # A key of its own each time: the scheduler would answer a known key with what it remembers.
        key = f"noticeparse-{partition.name}-{tried}-{id(self):x}"
        future = self._client.submit(
            parse_partition, self._state.job, partition, key=key, retries=self._retries, pure=False
        )
        self._under_way[future] = (partition, tried)
        future.add_done_callback(self._ended.put)

    def _threads(self) -> int:
        """How many threads the workers have, by what the scheduler says; 0 where it does not answer."""
        try:
            return sum(self._client.nthreads().values())
        except Exception as error:
            raise self._lost() from error

    def _lost(self) -> ScaleError:
        return ScaleError("the scheduler does not answer any more; what is finished stays, and running again goes on")

    def _account(self, future: Any) -> Account:
        """Fetch what a worker gives for a finished partition; distributed's errors of connections are ``OSError``."""
        try:
            account: Account = future.result()
        except (OSError, CancelledError) as error:
            raise self._lost() from error
        return account

    def _next(self) -> Any:
        """The next future that ended, or ``None`` after a while, in which the cluster was looked at."""
        try:
            return self._ended.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            pass
        if self._client.status != "running":
            raise self._lost()
        now = time.monotonic()
        if self._threads():
            self._seen_workers = now
        elif now - self._seen_workers > self._patience:
            raise ScaleError(
                f"no worker for {self._patience:g} seconds; what is finished stays, and running again goes on"
            )
        return None

    def _take(self, future: Any) -> None:
        partition, tried = self._under_way.pop(future)
        from distributed import KilledWorker

        if future.status in ("cancelled", "lost"):
            raise self._lost()
        error = future.exception() if future.status == "error" else None
        if error is None:
            account = self._account(future)
            self._state.finish(partition, account)
            if self._told is not None:
                self._told(self._state.progress(self._threads()))
        elif isinstance(error, ScaleError):
            raise error  # what one worker says there holds for the others
        elif isinstance(error, KilledWorker) and tried < self._retries:
            self._submit(partition, tried + 1)
        else:
            self._state.give_up(partition, f"{type(error).__name__}: {one_line(error)}")
            hopeless = self._state.hopeless
            if hopeless is not None:
                raise ScaleError(f"no partition can be made: {hopeless.error}")
