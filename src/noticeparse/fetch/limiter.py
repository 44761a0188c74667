"""Politeness: one request at a time to each host, a minimum time between two, and a number of hosts at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from noticeparse.fetch.outcome import StoppedError


class Stop:
    """Asks all that waits or reads to end; what is under way is cut off."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Ask."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether it was asked."""
        return self._event.is_set()

    def sleep(self, seconds: float) -> None:
        """Wait.

        Args:
            seconds: How long.

        Raises:
            StoppedError: It was asked to stop, before or meanwhile.
        """
        if self._event.wait(max(0.0, seconds)):
            raise StoppedError


class _Host:
    def __init__(self, delay: float) -> None:
        self.lock = threading.Lock()
        self.delay = delay
        self.next = 0.0


class Turn:
    """A host's turn: tells when the server answered, from where the next minimum delay counts."""

    def __init__(self, host: _Host) -> None:
        self._host = host
        self._answered: float | None = None

    def answered(self) -> None:
        """The server has the request whole, for it has begun to answer."""
        self._answered = time.monotonic()

    def end(self) -> None:
        """Set the time of the next request, never earlier than the end of this one."""
        counted = self._answered if self._answered is not None else time.monotonic()
        self._host.next = max(self._host.next, counted + self._host.delay)


class HostLimiter:
    """Gives turns.

    The delay counts from the first byte of an answer to the start of the next request. So two requests reach a server at
    least that far apart however long either was on its way, and a slow answer does not add to the wait.
    """

    def __init__(self, *, delay: float, jobs: int, stop: Stop) -> None:
        """Set the limits.

        Args:
            delay: Least time between two requests to one host, in seconds.
            jobs: How many hosts are asked at once.
            stop: Ends waiting.
        """
        self._delay = delay
        self._stop = stop
        self._slots = threading.BoundedSemaphore(jobs)
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def _host(self, name: str) -> _Host:
        with self._lock:
            if name not in self._hosts:
                self._hosts[name] = _Host(self._delay)
            return self._hosts[name]

    def slow_down(self, name: str, delay: float) -> None:
        """Raise a host's delay to what it asks for.

        Args:
            name: Host.
            delay: In seconds; a smaller one than before is ignored.
        """
        host = self._host(name)
        host.delay = max(host.delay, delay)
        host.next = max(host.next, time.monotonic() + host.delay)

    def pause(self, name: str, seconds: float) -> None:
        """Leave a host alone for a while, whoever wants to ask it.

        Args:
            name: Host.
            seconds: How long.
        """
        host = self._host(name)
        host.next = max(host.next, time.monotonic() + seconds)

    @contextmanager
    def turn(self, name: str) -> Iterator[Turn]:
        """Wait for a host's turn and hold it while the block runs.

        Waiting for the time to come takes no slot; only a request under way does.

        Args:
            name: Host.

        Raises:
            StoppedError: The run was stopped.
        """
        host = self._host(name)
        while not host.lock.acquire(timeout=0.1):
            self._stop.sleep(0)
        try:
            while (left := host.next - time.monotonic()) > 0:
                self._stop.sleep(left)
            while not self._slots.acquire(timeout=0.1):
                self._stop.sleep(0)
            try:
                self._stop.sleep(0)
                turn = Turn(host)
                try:
                    yield turn
                finally:
                    turn.end()
            finally:
                self._slots.release()
        finally:
            host.lock.release()
