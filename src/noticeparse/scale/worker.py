"""What a worker does: parse one partition and write its files. Nothing goes to other workers.

The files are parsed in a process beside the worker's, because a file that hangs or ends the worker would cost every
partition that waits there, and be given to the next worker after that. So it costs itself alone, and the worker stays
free to answer the scheduler whatever a file does.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec

from noticeparse._version import __version__
from noticeparse.document import read_document
from noticeparse.errors import InputError
from noticeparse.fetch.content import StoredAs, read_stored
from noticeparse.jsonl import decode_line
from noticeparse.many.outcome import parse_opened
from noticeparse.many.parallel import EncodedOutcome, encode, outcome_of
from noticeparse.many.pool import Pool
from noticeparse.records import Notice
from noticeparse.scale.account import Account, Result, account_frame, account_of, read_account
from noticeparse.scale.errors import ScaleError
from noticeparse.scale.output import INPUTS, RECORDS, Output
from noticeparse.scale.partitions import Basis, Partition
from noticeparse.scale.reading import read_all
from noticeparse.scale.vocabulary import load_same, unpacked
from noticeparse.tables.export import parquet_bytes
from noticeparse.tables.frames import Frames, to_frames
from noticeparse.tables.schema import TABLES

#: Pools that wait for the next partition end after so many seconds: a cluster outlives a run.
_IDLE_SECONDS = 30.0
#: A pool's process is replaced after so many files, so that what libraries keep does not pile up.
_FILES_OF_A_POOL = 5000
_AHEAD = 64


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What all partitions of a run have in common.

    Attributes:
        output: Address that the files go to; a path is absolute.
        options: Of the file systems of inputs and output.
        basis: What the content depends on.
        overlay: Whether the user has rows of their own, which are beside the output.
        max_bytes: Largest input, in bytes.
        timeout: Time limit of one file, in seconds.
        memory: Largest address space of the process that parses, in bytes; ``None`` for no limit.
        records: Whether the records are written, too.
    """

    output: str
    options: dict[str, Any]
    basis: Basis
    overlay: bool
    max_bytes: int
    timeout: float
    memory: int | None
    records: bool

    @property
    def tables(self) -> tuple[str, ...]:
        """What each partition has files of, in the order in which they are written."""
        return (*TABLES, *((RECORDS,) if self.records else ()), INPUTS)


def parse_partition(job: Job, partition: Partition) -> Account:
    """Parse a partition and write its files; one that is there already stays as it is.

    Args:
        job: The run's settings.
        partition: Which.

    Returns:
        What became of its inputs.

    Raises:
        ScaleError: This worker cannot do what the run asks for.
        OSError: The output cannot be written; errors of the storage are possible too.
    """
    if job.basis.parser_version != __version__:
        raise ScaleError(f"a worker has noticeparse {__version__}, the run {job.basis.parser_version}")
    output = Output(job.output, job.options)
    if output.has(INPUTS, partition.name):  # a worker that was given up may have finished it
        account = read_account(output.read(INPUTS, partition.name))
        if account is not None and all(output.has(table, partition.name) for table in job.tables):
            return account
    folder = unpacked(job.output, job.options, job.basis.lexicon_version) if job.overlay else None
    load_same(folder, job.basis.lexicon_version)
    outcomes = _parse(job, partition, folder)
    frames, results = _tabulate(partition, outcomes, folder)
    for table, frame in frames:
        output.write(table, partition.name, parquet_bytes(frame))
    if job.records:
        kept = [outcome.record for outcome, result in zip(outcomes, results, strict=True) if result.kind == "parsed"]
        output.write(RECORDS, partition.name, b"".join(record for record in kept if record is not None))
    output.write(INPUTS, partition.name, parquet_bytes(account_frame(partition, results, job.basis)))
    return account_of(partition, results, job.basis)


# ---------------------------------------------------------------- parsing


class _Task(msgspec.Struct, frozen=True):
    source: str
    data: bytes
    stored: StoredAs | None


def _parse(job: Job, partition: Partition, folder: str | None) -> list[EncodedOutcome]:
    """An outcome for each input.

    Raises:
        ScaleError: This worker sees none of the inputs.
        WorkerError: Processes cannot be started here.
    """
    outcomes: dict[int, EncodedOutcome] = {}
    asked: list[int] = []
    missing = 0

    def tasks() -> Iterator[bytes]:
        nonlocal missing
        for place, data in read_all(partition.inputs, max_bytes=job.max_bytes, options=job.options):
            one = partition.inputs[place]
            if isinstance(data, InputError):
                missing += isinstance(data, FileNotFoundError)
                outcomes[place] = EncodedOutcome(kind="input", error=_line(data))
            else:
                asked.append(place)
                yield msgspec.msgpack.encode(_Task(one.name, data, one.stored))

    setup = partial(prepare, folder, job.basis.lexicon_version, job.max_bytes, job.memory)
    with _Borrowed(setup, job.timeout, len(partition.inputs)) as pool:
        for answered, answer in enumerate(pool.run(tasks(), _AHEAD)):
            place = asked[answered]
            outcomes[place] = outcome_of(answer, partition.inputs[place].name, job.timeout)
        died = [place for place, outcome in outcomes.items() if outcome.kind == "died"]
        if died:
            outcomes.update(_parse_again(job, partition, died, pool))
    if missing == len(partition.inputs):
        raise ScaleError(f"{partition.inputs[0].name}: a worker does not see it, nor any other file of its partition")
    return [outcomes[place] for place in range(len(partition.inputs))]


def _parse_again(
    job: Job, partition: Partition, places: Sequence[int], pool: Pool
) -> Iterator[tuple[int, EncodedOutcome]]:
    """Files with which the process ended get a second try: what else is on the machine may have been the reason."""
    inputs = [partition.inputs[place] for place in places]
    read = read_all(inputs, max_bytes=job.max_bytes, options=job.options)
    known = [(number, data) for number, data in read if isinstance(data, bytes)]
    tasks = (msgspec.msgpack.encode(_Task(inputs[number].name, data, inputs[number].stored)) for number, data in known)
    for (number, _), answer in zip(known, pool.run(tasks, _AHEAD), strict=True):
        yield places[number], outcome_of(answer, inputs[number].name, job.timeout)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())


def prepare(folder: str | None, version: str, max_bytes: int, memory: int | None) -> Callable[[bytes], bytes]:
    """What the process beside the worker does with what was read.

    Args:
        folder: The user's rows, ``None`` where there are none.
        version: Of the run's vocabulary.
        max_bytes: Largest input, in bytes.
        memory: Largest address space, in bytes.

    Raises:
        ScaleError: The vocabulary is another one.
    """
    lexicon = load_same(folder, version)
    if memory is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    def parse(message: bytes) -> bytes:
        task = msgspec.msgpack.decode(message, type=_Task)

        def opened() -> Any:
            if task.stored is not None:
                return read_stored(task.data, task.source, task.stored)
            return read_document(task.source, task.data, max_bytes=max_bytes)

        return encode(parse_opened(task.source, opened, lexicon, digest=sha256(task.data).hexdigest()))

    return parse


# ---------------------------------------------------------------- tables


def _tabulate(
    partition: Partition, outcomes: Sequence[EncodedOutcome], folder: str | None
) -> tuple[Frames, list[Result]]:
    """The tables of what was parsed, and what became of each input."""
    left_out: dict[int, str] = {}
    try:
        frames = to_frames((notice for _, notice in _notices(outcomes)), lexicon=folder)
    except Exception:
        for place, notice in _notices(outcomes):
            try:
                to_frames([notice], lexicon=folder)
            except Exception as error:  # noqa: BLE001 - a bug that one notice brings up must not lose the others
                left_out[place] = (
                    f"{partition.inputs[place].name}: internal error: {type(error).__name__}: {_line(error)}"
                )
        if not left_out:
            raise
        fitting = (notice for place, notice in _notices(outcomes) if place not in left_out)
        frames = to_frames(fitting, lexicon=folder)
    keys = iter(frames.notices["notice_id"])
    results = []
    for place, outcome in enumerate(outcomes):
        if place in left_out:
            results.append(Result("bug", error=left_out[place], sha256=outcome.sha256))
        elif outcome.kind == "parsed":
            results.append(Result("parsed", notice_id=next(keys), sha256=outcome.sha256))
        else:
            results.append(Result(outcome.kind, error=outcome.error, sha256=outcome.sha256))
    return frames, results


def _notices(outcomes: Sequence[EncodedOutcome]) -> Iterator[tuple[int, Notice]]:
    """Decoded one by one: a notice takes several times the memory of its record."""
    for place, outcome in enumerate(outcomes):
        if outcome.record is not None:
            yield place, decode_line(outcome.record)


# ---------------------------------------------------------------- processes that stay


class _Idle:
    """A pool that waits for the next partition."""

    def __init__(self, pool: Pool, used: int) -> None:
        self.pool = pool
        self.used = used
        self.timer = threading.Timer(_IDLE_SECONDS, _give_up, [self])
        self.timer.daemon = True


_WAITING: dict[Any, list[_Idle]] = {}
_LOCK = threading.Lock()


class _Borrowed:
    """A pool of one process for one partition: one that waits, or a new one. It waits again behind a good end."""

    def __init__(self, setup: partial[Callable[[bytes], bytes]], timeout: float, files: int) -> None:
        self._key = (setup.args, timeout)
        self._setup = setup
        self._timeout = timeout
        self._files = files

    def __enter__(self) -> Pool:
        with _LOCK:
            waiting = _WAITING.get(self._key)
            idle = waiting.pop() if waiting else None
        if idle is None:
            self._pool, self._used = Pool(self._setup, jobs=1, timeout=self._timeout), 0
        else:
            idle.timer.cancel()
            self._pool, self._used = idle.pool, idle.used
        return self._pool

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._used += self._files
        if kind is not None or self._used >= _FILES_OF_A_POOL:
            self._pool.close()
            return
        idle = _Idle(self._pool, self._used)
        with _LOCK:
            _WAITING.setdefault(self._key, []).append(idle)
        idle.timer.start()


def _give_up(idle: _Idle) -> None:
    with _LOCK:
        for waiting in _WAITING.values():
            if idle in waiting:
                waiting.remove(idle)
                break
        else:
            return  # somebody took it in the last moment
    idle.pool.close()


@atexit.register
def _give_up_all() -> None:
    with _LOCK:
        idle = [one for waiting in _WAITING.values() for one in waiting]
        _WAITING.clear()
    for one in idle:
        one.timer.cancel()
        one.pool.close()
