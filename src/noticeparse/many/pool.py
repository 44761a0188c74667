"""Worker processes under a supervisor: what a task does to its process costs that task alone.

Executors of the standard library give up everything that is under way when a process dies. Pools that share one pipe
between processes do not survive one that is killed while it writes an answer. So here each worker has a socket of its
own, and the supervisor knows at each moment which task a worker is busy with.

Workers are fresh interpreters (``python -c``), neither forked, which is unsafe where the program has threads, nor
started through ``multiprocessing``, which runs the user's main module again and so demands a guard in it.
"""

from __future__ import annotations

import os
import pickle  # nosec B403 # only what this process made is pickled
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from heapq import heappop, heappush
from typing import Literal

from msgspec import Struct, field

from noticeparse.errors import WorkerError
from noticeparse.many.worker import BEGUN, DONE, HEAD, READY, REFUSED, SETUP, TASK, Setup, frame

#: Tasks that a worker has: the one that it is busy with, and one that it goes on with at once.
_QUEUED = 2
#: Answers that are held back because an earlier one is missing, in bytes; beyond that no further task is begun.
_HELD_BYTES = 64 * 1024 * 1024
_RECEIVED_AT_ONCE = 256 * 1024
#: Time that a worker has to start, in seconds, if the time limit of a task is shorter.
_START_SECONDS = 60.0
#: Time between the end of a worker's socket and that of the process, in seconds.
_END_SECONDS = 1.0
#: What takes less is not worth a look at the workers, in seconds.
_AT_ONCE = 0.001
#: Beyond some weeks the system's call takes a time limit for an error, in seconds.
_LONGEST_WAIT = 3600.0
_MAIN = (
    "import sys; sys.path[:] = sys.argv[3:]; from noticeparse.many.worker import serve; serve(*map(int, sys.argv[1:3]))"
)


class Answer(Struct, frozen=True):
    """What became of one task.

    Attributes:
        kind: ``done``; ``timeout``: it took too long and its worker was killed; ``died``: its worker ended.
        content: What the worker answered; empty unless ``done``.
        cause: How the worker ended; empty unless ``died``.
        seconds: From when the task was begun to when its worker ended; 0 if ``done``.
    """

    kind: Literal["done", "timeout", "died"]
    content: bytes = b""
    cause: str = ""
    seconds: float = 0.0


class _Worker(Struct):
    process: subprocess.Popen[bytes]
    channel: socket.socket
    lifeline: int
    outgoing: bytearray
    #: When it last gave a sign of life or was given something to do, in seconds of the monotonic clock.
    heard: float
    incoming: bytearray = field(default_factory=bytearray)
    queued: deque[int] = field(default_factory=deque)
    ready: bool = False
    #: When it began the first of its tasks.
    begun: float | None = None


def run_tasks(
    tasks: Iterable[bytes], setup: Setup, *, jobs: int, timeout: float | None, ahead: int
) -> Generator[Answer, None, None]:
    """Have tasks done by worker processes.

    Args:
        tasks: Taken one by one, as there is room for them.
        setup: Called in each worker.
        jobs: Number of processes, at least 1.
        timeout: Time limit of one task in seconds.
        ahead: Tasks that are taken before the earliest of them is answered, at most.

    Yields:
        An answer for each task, in the order of the tasks, each as soon as it and all before it are there.

    Raises:
        WorkerError: The setup failed in a worker, or workers end before they begin anything.
    """
    pool = Pool(setup, jobs=jobs, timeout=timeout)
    try:
        yield from pool.run(tasks, ahead)
    finally:
        pool.close()


class Pool:
    """Worker processes that stay from one series of tasks to the next. They start when they are needed."""

    def __init__(self, setup: Setup, *, jobs: int, timeout: float | None) -> None:
        """Set up, without starting anything.

        Args:
            setup: Called in each worker.
            jobs: Number of processes, at least 1.
            timeout: Time limit of one task in seconds.
        """
        self._setup = frame(SETUP, pickle.dumps(setup))
        self._jobs = jobs
        self._timeout = timeout
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker] = []
        self._tasks: dict[int, bytes] = {}  # taken and not answered yet
        self._again: list[int] = []  # a heap of tasks that waited for a worker that ended
        self._answers: dict[int, Answer] = {}  # not given yet
        self._held = 0  # bytes of these
        self._idle_ends = 0  # workers that ended one after another without a task to blame

    def run(self, tasks: Iterable[bytes], ahead: int) -> Iterator[Answer]:
        """Have a series of tasks done. Where it is not gone through to its end, the pool has to be closed.

        Args:
            tasks: As for :func:`run_tasks`.
            ahead: As for :func:`run_tasks`.

        Raises:
            WorkerError: As for :func:`run_tasks`.
        """
        series = iter(tasks)
        taken = given = 0
        exhausted = False
        while True:
            while (answer := self._answers.pop(given, None)) is not None:
                self._held -= len(answer.content)
                given += 1
                yield answer
            worker = self._free_worker()
            if worker is not None and self._again:
                self._assign(worker, heappop(self._again))
            elif worker is not None and not exhausted and taken - given < ahead and self._held < _HELD_BYTES:
                asked = time.monotonic()
                task = next(series, None)
                if task is None:
                    exhausted = True
                else:
                    self._tasks[taken] = task
                    self._assign(worker, taken)
                    taken += 1
                if time.monotonic() - asked > _AT_ONCE:  # so that answers do not wait for tasks that are long in coming
                    self._wait(0.0)
            elif taken > given:
                self._wait(None)
            else:
                return

    # ------------------------------------------------------------------ giving tasks

    def _free_worker(self) -> _Worker | Literal["new"] | None:
        """The worker that has least to do, one that is still to be started, or none."""
        best = min(self._workers, key=lambda worker: len(worker.queued), default=None)
        if best is not None and not best.queued:
            return best
        if len(self._workers) < self._jobs:
            return "new"
        return best if best is not None and len(best.queued) < _QUEUED else None

    def _assign(self, worker: _Worker | Literal["new"], index: int) -> None:
        if worker == "new":
            worker = self._start()
        if not worker.queued:
            worker.heard = time.monotonic()
        worker.queued.append(index)
        worker.outgoing += frame(TASK, self._tasks[index])
        self._send(worker)

    def _start(self) -> _Worker:
        ours, theirs = socket.socketpair()
        reader, lifeline = os.pipe()
        descriptors = (theirs.fileno(), reader)
        try:
            process = subprocess.Popen(  # nosec B603 # this interpreter, and no word of a user's
                [sys.executable, "-c", _MAIN, *map(str, (*descriptors, *sys.path))],
                pass_fds=descriptors,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # what a library prints must not get among the records
                process_group=0,  # the terminal's signals are for the supervisor
            )
        except OSError as error:
            ours.close()
            os.close(lifeline)
            raise WorkerError(f"worker processes cannot be started: {error.strerror or error}") from error
        finally:
            theirs.close()
            os.close(reader)
        ours.setblocking(False)
        worker = _Worker(process, ours, lifeline, bytearray(self._setup), time.monotonic())
        self._workers.append(worker)
        self._selector.register(ours, selectors.EVENT_READ, worker)
        return worker

    def _send(self, worker: _Worker) -> None:
        """Send what the socket takes; never wait, since the worker may be waiting for its answer to be read."""
        try:
            del worker.outgoing[: worker.channel.send(worker.outgoing)]
        except BlockingIOError:
            pass
        except (BrokenPipeError, ConnectionResetError):
            worker.outgoing.clear()  # it has ended, which reading from it will tell
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if worker.outgoing else 0)
        if self._selector.get_key(worker.channel).events != events:
            self._selector.modify(worker.channel, events, worker)

    # ------------------------------------------------------------------ taking answers

    def _wait(self, seconds: float | None) -> None:
        """Take what workers have sent, and end those that are overdue.

        Args:
            seconds: How long to wait for something to happen; ``None`` for until a time limit has passed.
        """
        if seconds is None:
            first = min(map(self._deadline, self._workers), default=0.0)
            seconds = min(max(0.0, first - time.monotonic()), _LONGEST_WAIT)
        for key, events in self._selector.select(seconds):
            worker: _Worker = key.data
            if events & selectors.EVENT_WRITE:
                self._send(worker)
            if events & selectors.EVENT_READ:
                self._receive(worker)
        # Read first: where the consumer was away for long, answers are there that came in time.
        now = time.monotonic()
        for worker in [worker for worker in self._workers if self._deadline(worker) <= now]:
            self._stop_overdue(worker)

    def _deadline(self, worker: _Worker) -> float:
        if self._timeout is None or not worker.queued:
            return float("inf")
        return worker.heard + (self._timeout if worker.ready else max(self._timeout, _START_SECONDS))

    def _receive(self, worker: _Worker) -> None:
        try:
            received = worker.channel.recv(_RECEIVED_AT_ONCE)
        except BlockingIOError:
            return
        except ConnectionResetError:
            received = b""
        if not received:
            self._ended(worker)
            return
        worker.heard = time.monotonic()
        worker.incoming += received
        while len(worker.incoming) >= HEAD.size:
            kind, length = HEAD.unpack_from(worker.incoming)
            end = HEAD.size + length
            if len(worker.incoming) < end:
                break
            content = bytes(memoryview(worker.incoming)[HEAD.size : end])
            del worker.incoming[:end]
            self._take(worker, kind, content)

    def _take(self, worker: _Worker, kind: bytes, content: bytes) -> None:
        if kind == READY:
            worker.ready = True
        elif kind == REFUSED:
            raise WorkerError(content.decode("utf-8"))
        elif kind == BEGUN:
            worker.begun = worker.heard
        elif kind == DONE:
            worker.begun = None
            self._idle_ends = 0
            self._answer(worker.queued.popleft(), Answer("done", content))

    def _answer(self, index: int, answer: Answer) -> None:
        del self._tasks[index]
        self._answers[index] = answer
        self._held += len(answer.content)

    # ------------------------------------------------------------------ the end of a worker

    def _ended(self, worker: _Worker) -> None:
        """A worker's socket has closed: its process has ended, or is about to."""
        try:
            status = worker.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            worker.process.kill()
            status = worker.process.wait()
        self._blame(worker, Answer("died", cause=_cause(status), seconds=_elapsed(worker)))
        self._discard(worker)

    def _stop_overdue(self, worker: _Worker) -> None:
        self._blame(worker, Answer("timeout", seconds=_elapsed(worker)))
        self._discard(worker)

    def _blame(self, worker: _Worker, answer: Answer) -> None:
        """Give the answer to the task that the worker had begun; those that waited for it are done by another one."""
        if worker.begun is not None:
            self._idle_ends = 0
            self._answer(worker.queued.popleft(), answer)
        else:
            self._idle_ends += 1
            if self._idle_ends > self._jobs + 2:  # all of them may be killed at once, but not time and again
                cause = answer.cause or "no answer"
                raise WorkerError(f"worker processes end before they begin anything: {cause}")
        for index in worker.queued:
            heappush(self._again, index)

    def _discard(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        self._selector.unregister(worker.channel)
        _kill(worker)

    def close(self) -> None:
        """End all workers. They have nothing to tidy up."""
        for worker in self._workers:
            with suppress(ProcessLookupError):
                worker.process.kill()
        for worker in self._workers:
            _kill(worker)
        self._workers.clear()
        self._selector.close()


def _kill(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.wait()
    worker.channel.close()
    os.close(worker.lifeline)


def _elapsed(worker: _Worker) -> float:
    return 0.0 if worker.begun is None else time.monotonic() - worker.begun


def _cause(status: int) -> str:
    """How a process ended, from its exit status as ``subprocess`` gives it."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"signal {-status}, {signal.Signals(-status).name}"
    except ValueError:
        return f"signal {-status}"
