"""Many files, each parsed to an outcome, in the order in which they are named."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec

from noticeparse.errors import LexiconError
from noticeparse.files import STANDARD_STREAM, display
from noticeparse.jsonl import decode_line, encode_line
from noticeparse.lexicon.load import Lexicon, load_lexicon
from noticeparse.limits import DEFAULT_MAX_BYTES
from noticeparse.many.outcome import Outcome, OutcomeKind, failed, failed_with, parse_file
from noticeparse.many.pool import Answer, run_tasks
from noticeparse.many.worker import Setup

DEFAULT_TIMEOUT = 60.0
#: Files that are taken before the earliest of them is parsed, for each process.
AHEAD = 64
_MIN_AHEAD = 2
#: Error handler with which each name is told to a worker, also one that is not valid Unicode.
_ANY_NAME = "surrogatepass"


class EncodedOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """An :class:`Outcome` with the records as a line of JSON, which can be written without being decoded."""

    source: str = ""
    kind: OutcomeKind
    sha256: str | None = None
    record: bytes | None = None
    error: str | None = None
    traceback: str | None = None
    seconds: float = 0.0


def parse_many(
    paths: Iterable[str | os.PathLike[str]],
    *,
    jobs: int | None = 1,
    timeout: float | None = DEFAULT_TIMEOUT,
    lexicon: Path | str | None = None,
    max_bytes: int = DEFAULT_MAX_BYTES,
    ahead: int | None = None,
) -> Generator[Outcome, None, None]:
    """Parse many files, in processes of their own.

    Nothing that one file does stops the others. One that cannot be read, that the parser fails on, that takes too long,
    or that ends its process (out of memory, a crash in native code), has an outcome that says so.

    Memory does not grow with the number of files: paths are taken as they are needed, and where one file takes long, no
    more than ``ahead`` are taken before it is done. Closing the iterator (``close()``, or leaving the program) ends the
    processes; they also end when this process is killed.

    With ``jobs=1`` and ``timeout=None`` no process is started: files are parsed in this one, as they are asked for. Then
    nothing stops a file that takes long. Worker processes need a POSIX system.

    Args:
        paths: Files; folders and ``-`` for standard input are none. Any iterable, also one that is not finished yet.
        jobs: Number of processes; ``None`` for as many as there are cores that this process may use.
        timeout: Time limit of one file in seconds, or ``None`` for none.
        lexicon: Folder with rows to lay over the shipped lexicons.
        max_bytes: Largest input that is read, in bytes.
        ahead: Files that are taken before the earliest of them is given, at most; default 64 for each process.

    Returns:
        An iterator of outcomes, in the order of the paths.

    Raises:
        ValueError: ``jobs``, ``timeout`` or ``ahead`` is not positive, or ``ahead`` is less than 2 for each process.
        LexiconError: The lexicon or its overlay cannot be used.
        WorkerError: Raised by the iterator where worker processes cannot be started.
    """
    jobs = usable_cores() if jobs is None else jobs
    ahead = AHEAD * jobs if ahead is None else ahead
    if jobs < 1:
        raise ValueError(f"jobs must be at least 1, not {jobs}")
    if timeout is not None and not timeout > 0:
        raise ValueError(f"timeout must be more than 0 seconds, not {timeout}")
    if ahead < _MIN_AHEAD * jobs:
        raise ValueError(f"ahead must be at least {_MIN_AHEAD} for each process, not {ahead}")
    vocabulary = load_lexicon(lexicon)
    names = (os.fspath(path) for path in paths)
    if jobs == 1 and timeout is None:
        return (_parse_named(name, vocabulary, max_bytes) for name in names)
    setup = partial(prepare_files, lexicon, vocabulary.version, max_bytes)
    return _decoded(encoded_outcomes(names, setup, jobs=jobs, timeout=timeout, ahead=ahead))


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def encoded_outcomes(
    sources: Iterable[str],
    setup: Setup,
    *,
    jobs: int,
    timeout: float | None,
    ahead: int | None = None,
    name: Callable[[str], str] = display,
) -> Generator[EncodedOutcome, None, None]:
    """Have sources parsed by worker processes.

    Args:
        sources: What the workers' function takes, in UTF-8.
        setup: Called in each worker; gives a function from a source to an encoded :class:`EncodedOutcome`.
        jobs: Number of processes.
        timeout: Time limit of one source in seconds.
        ahead: Sources that are taken before the earliest of them is given; default 64 for each process.
        name: What a message calls a source.

    Raises:
        WorkerError: Worker processes cannot be started.
    """
    waiting: deque[str] = deque()

    def tasks() -> Iterator[bytes]:
        for source in sources:
            waiting.append(source)
            yield source.encode("utf-8", _ANY_NAME)

    ahead = AHEAD * jobs if ahead is None else ahead
    with closing(run_tasks(tasks(), setup, jobs=jobs, timeout=timeout, ahead=ahead)) as answers:
        for answer in answers:
            source = waiting.popleft()
            called = "" if answer.kind == "done" else name(source)
            yield msgspec.structs.replace(outcome_of(answer, called, timeout), source=source)


def outcome_of(answer: Answer, name: str, timeout: float | None) -> EncodedOutcome:
    """The outcome that a worker encoded, or the one that its end means.

    Args:
        answer: For one source.
        name: What a message calls the source; of no use if the answer is ``done``.
        timeout: Time limit that it had, in seconds.

    Returns:
        An outcome that does not name the source.
    """
    if answer.kind == "done":
        return _decoder.decode(answer.content)
    if answer.kind == "timeout":
        error = f"{name}: not parsed within {timeout:g} seconds"
    else:
        error = f"{name}: the process that parsed it ended ({answer.cause})"
    return EncodedOutcome(kind=answer.kind, error=error, seconds=answer.seconds)


_decoder = msgspec.msgpack.Decoder(EncodedOutcome)


def _decoded(outcomes: Generator[EncodedOutcome, None, None]) -> Generator[Outcome, None, None]:
    with closing(outcomes):
        for outcome in outcomes:
            yield Outcome(
                source=outcome.source,
                kind=outcome.kind,
                sha256=outcome.sha256,
                notice=None if outcome.record is None else decode_line(outcome.record),
                error=outcome.error,
                traceback=outcome.traceback,
                seconds=outcome.seconds,
            )


def encode(outcome: Outcome) -> bytes:
    """An outcome as it goes from a worker to its supervisor, which knows the source.

    Args:
        outcome: Of the one source that the worker was given.
    """
    record = None
    try:
        if outcome.notice is not None:
            record = encode_line(outcome.notice)
    except Exception as error:  # noqa: BLE001 - a record that JSON cannot hold must not end the worker
        outcome = failed_with(error, outcome.source, digest=outcome.sha256, seconds=outcome.seconds)
    return msgspec.msgpack.encode(
        EncodedOutcome(
            kind=outcome.kind,
            sha256=outcome.sha256,
            record=record,
            error=outcome.error,
            traceback=outcome.traceback,
            seconds=outcome.seconds,
        )
    )


def prepare_files(lexicon: Path | str | None, version: str, max_bytes: int) -> Callable[[bytes], bytes]:
    """What a worker does with files.

    Args:
        lexicon: Folder with rows to lay over the shipped lexicons.
        version: Of the lexicon that the supervisor has: a worker that starts hours later shall use no other one.
        max_bytes: Largest input that is read.

    Raises:
        LexiconError: The lexicon cannot be used, or is another one by now.
    """
    vocabulary = load_same_lexicon(lexicon, version)
    return lambda task: encode(_parse_named(task.decode("utf-8", _ANY_NAME), vocabulary, max_bytes))


def load_same_lexicon(lexicon: Path | str | None, version: str) -> Lexicon:
    """The lexicon that the supervisor has.

    Args:
        lexicon: Folder with rows to lay over the shipped lexicons.
        version: The supervisor's.

    Raises:
        LexiconError: It cannot be used, or is another one by now.
    """
    vocabulary = load_lexicon(lexicon)
    if vocabulary.version != version:
        raise LexiconError("the lexicon was changed while the program ran")
    return vocabulary


def _parse_named(path: str, vocabulary: Lexicon, max_bytes: int) -> Outcome:
    if path == STANDARD_STREAM:
        return failed(path, "input", f"{path}: standard input is none of many files")
    return parse_file(path, vocabulary, max_bytes=max_bytes)
