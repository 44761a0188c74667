"""A run: inputs laid out in partitions, partitions given to workers, and an account of every input at the end."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from noticeparse._version import __version__
from noticeparse.lexicon.load import load_lexicon
from noticeparse.limits import DEFAULT_MAX_BYTES
from noticeparse.many.parallel import DEFAULT_TIMEOUT
from noticeparse.scale.cluster import LOCAL, Client, connected
from noticeparse.scale.errors import ScaleError, require
from noticeparse.scale.inputs import find
from noticeparse.scale.partitions import DEFAULT_BYTES, Basis, default_count, plan
from noticeparse.scale.storage import is_address
from noticeparse.scale.summary import Summary, Told
from noticeparse.scale.vocabulary import overlay_of, pack

DEFAULT_RETRIES = 3
DEFAULT_PATIENCE = 300.0


def parse_to_parquet(
    inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    *,
    scheduler: str | Client = LOCAL,
    workers: int | None = None,
    partition_size: int | None = None,
    partition_bytes: int = DEFAULT_BYTES,
    lexicon: Path | str | None = None,
    everything: bool = False,
    records: bool = False,
    max_bytes: int = DEFAULT_MAX_BYTES,
    timeout: float = DEFAULT_TIMEOUT,
    memory: int | None = None,
    retries: int = DEFAULT_RETRIES,
    retry_failed: bool = False,
    replace: bool = False,
    storage_options: Mapping[str, Any] | None = None,
    patience: float = DEFAULT_PATIENCE,
    told: Told | None = None,
) -> Summary:
    """Parse very many notices on Dask into partitioned Parquet.

    Each partition of the inputs is parsed by one task, which writes a file of each table; nothing moves between workers.
    The tables are those of :mod:`noticeparse.tables.schema`, one folder each; a further one, ``inputs``, says of each
    input what became of it. A bad file costs itself alone, be it one that hangs or ends the process that parses it.

    A partition that is finished stays: running again makes what is missing, be it that the last run was interrupted or
    that inputs were added. Where inputs were changed or removed, or versions or options that change the result are
    others, the run is refused, or, with ``replace``, the partitions concerned are made again.

    Where the workers are processes of this machine, the program's main module is run again in each, so a script needs
    ``if __name__ == "__main__":`` around the call.

    Args:
        inputs: Files, folders, globs, stores of fetched notices, or addresses that fsspec knows, such as
            ``s3://bucket/notices/``; one or several. Local ones must be seen by all workers under the same path.
        output: A folder or an address that fsspec knows. A folder must be seen by all workers under the same path.
        scheduler: ``local`` for worker processes of this machine, the address of a scheduler, or a
            ``distributed.Client``. Scheduler and workers need this version of noticeparse.
        workers: Number of worker processes for ``local``; ``None`` for as many as there are cores to use.
        partition_size: Most files in a partition; ``None`` for 50 to 1,000 by the number of inputs.
        partition_bytes: Most bytes in a partition; a larger file is a partition of its own.
        lexicon: Folder with rows to lay over the shipped lexicons; it goes to the workers by way of the output.
        everything: All versions in a store, not only the newest of each source.
        records: Write the records as JSON lines, too.
        max_bytes: Largest input that is read, in bytes.
        timeout: Time limit of one file, in seconds.
        memory: Largest address space of a process that parses, in bytes; ``None`` for no limit.
        retries: How often a partition is tried again whose task failed or whose worker ended.
        retry_failed: Make partitions again in which a file failed otherwise than by what is in it: ``timeout``,
            ``died`` or ``bug``, or one that could not be read from storage.
        replace: Remove partitions in the output that do not belong to these inputs, versions and options.
        storage_options: For the file systems of inputs and output; they go to the workers.
        patience: Longest time without any worker, in seconds.
        told: Called whenever a partition is finished.

    Returns:
        How the run ended. Files that failed are in it, and nothing is raised for them.

    Raises:
        InputError: An input does not exist or cannot be looked at.
        LexiconError: The lexicon or its overlay cannot be used.
        StoreError: A store cannot be used.
        ScaleError: An extra package is missing, the output cannot be used or holds something else, the scheduler or its
            workers cannot be reached or do not fit.
        ValueError: A number is out of its range.
        KeyboardInterrupt: The user stopped it; what is finished stays.
    """
    require("fsspec")
    require("distributed")
    from noticeparse.scale.crew import Crew  # not at the top: these need pandas, which takes its time
    from noticeparse.scale.output import Output
    from noticeparse.scale.state import State
    from noticeparse.scale.worker import Job

    started = time.monotonic()
    _check(partition_size, partition_bytes, max_bytes, timeout, retries, patience)
    options = dict(storage_options or {})
    overlay = overlay_of(lexicon)
    vocabulary = load_lexicon(overlay)
    arguments = [inputs] if isinstance(inputs, (str, os.PathLike)) else inputs
    found = find(arguments, everything=everything, options=options)
    if not found:
        raise ScaleError("no inputs")
    address = _absolute(os.fspath(output))
    target = Output(address, options)
    basis = Basis(
        parser_version=__version__,
        lexicon_version=vocabulary.version,
        options=f"max_bytes={max_bytes}" + (" records" if records else ""),
    )
    job = Job(
        output=address,
        options=options,
        basis=basis,
        overlay=overlay is not None,
        max_bytes=max_bytes,
        timeout=timeout,
        memory=memory,
        records=records,
    )
    target.prepare()
    with target.lock():
        state = State(target, job, found)
        state.look(retry_failed=retry_failed, replace=replace)
        count = default_count(len(found)) if partition_size is None else partition_size
        partitions = plan(found, state.kept(), basis, count=count, size=partition_bytes)
        if partitions:
            target.write_summary(None)
            if overlay is not None:
                target.write_lexicon(vocabulary.version, pack(overlay))
            with connected(scheduler, workers, retries) as client:
                Crew(client, state, retries=retries, patience=patience, told=told).work(partitions)
        return state.conclude(time.monotonic() - started)


def _check(
    partition_size: int | None, partition_bytes: int, max_bytes: int, timeout: float, retries: int, patience: float
) -> None:
    for name, number, least in (
        ("partition_size", partition_size, 1),
        ("partition_bytes", partition_bytes, 1),
        ("max_bytes", max_bytes, 1),
        ("retries", retries, 0),
    ):
        if number is not None and number < least:
            raise ValueError(f"{name} must be at least {least}, not {number}")
    for name, seconds in (("timeout", timeout), ("patience", patience)):
        if not seconds > 0:
            raise ValueError(f"{name} must be more than 0 seconds, not {seconds}")


def _absolute(output: str) -> str:
    return output if is_address(output) else os.path.abspath(output)
