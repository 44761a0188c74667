"""The scheduler that a run asks: a cluster of this machine that comes and goes with the run, or one that is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from noticeparse.many.parallel import usable_cores
from noticeparse.scale.errors import ScaleError, one_line, require

#: ``distributed.Client``; the package has no types of its own.
Client: TypeAlias = Any

LOCAL = "local"


@contextmanager
def connected(scheduler: object, workers: int | None, retries: int) -> Iterator[Client]:
    """A client of the scheduler, and what was started for it ends with the block.

    Args:
        scheduler: ``local``, the address of a scheduler, or a ``distributed.Client``, which stays open.
        workers: Worker processes of a local cluster; ``None`` for as many as there are cores to use.
        retries: How often a local scheduler gives a task again whose worker ended.

    Raises:
        ScaleError: Dask is not installed, or the scheduler does not answer.
        ValueError: ``workers`` is for a local cluster only, and at least 1.
    """
    require("distributed")
    import distributed

    if scheduler != LOCAL and workers is not None:
        raise ValueError("workers is for a local cluster: another one has those that it has")
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    if isinstance(scheduler, distributed.Client):
        yield scheduler
    elif scheduler == LOCAL:
        with _local(distributed, workers or usable_cores(), retries) as client:
            yield client
    elif isinstance(scheduler, str):
        with _remote(distributed, scheduler) as client:
            yield client
    else:
        raise TypeError(f"scheduler is 'local', an address or a distributed.Client, not {type(scheduler).__name__}")


@contextmanager
def _local(distributed: Any, workers: int, retries: int) -> Iterator[Client]:
    import logging

    import dask

    # Only for this machine, and encrypted with keys of this run's own: who reaches a scheduler can run code by it.
    settings = {"distributed.scheduler.allowed-failures": retries}
    try:
        with dask.config.set(settings):
            cluster = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address=None,
                security=True,
                preload=["noticeparse.scale.preload"],
                silence_logs=logging.CRITICAL,
            )
    except (OSError, RuntimeError, ImportError) as error:
        raise ScaleError(f"a local cluster cannot be started: {one_line(error)}") from error
    with cluster, distributed.Client(cluster) as client:
        yield client


@contextmanager
def _remote(distributed: Any, address: str) -> Iterator[Client]:
    try:
        distributed.comm.get_address_host(address)
    except (ValueError, KeyError) as error:
        raise ScaleError(f"{address}: no address of a scheduler, such as tcp://host:8786") from error
    try:
        client = distributed.Client(address, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:
        raise ScaleError(f"{address}: no scheduler answers: {one_line(error)}") from error
    with client:
        yield client
