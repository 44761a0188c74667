"""``noticeparse scale``."""

from __future__ import annotations

import logging
import os
import sys
import time
from typing import TYPE_CHECKING

import click

from noticeparse.cli.tools import DEBUG_VARIABLE, counted, lexicon_option, max_bytes_option, report

if TYPE_CHECKING:
    from noticeparse.scale.summary import Progress, Summary

_EPILOG = """\b
Examples:
  noticeparse scale notices/ --output tables
  noticeparse scale s3://bucket/notices/ --output s3://bucket/tables --dask tcp://scheduler:8786
  noticeparse scale store/ --all --output versions --workers 8
"""
_SHOWN_FAILURES = 20
_MIB = 1024 * 1024


def _pairs(ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, object]:
    """``KEY=VALUE`` of each option; a value that is JSON is what JSON says, any other one is text."""
    import json

    options: dict[str, object] = {}
    for pair in given:
        key, separator, value = pair.partition("=")
        if not key or not separator:
            raise click.BadParameter(f"{pair!r} is not KEY=VALUE.", ctx, parameter)
        try:
            options[key] = json.loads(value)
        except ValueError:
            options[key] = value
    return options


# Defaults stand in parse_to_parquet; they are repeated here because that module is not imported for --help.
@click.command(epilog=_EPILOG)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("--output", "-o", required=True, metavar="DIR|URL", help="Where the tables go, a folder for each.")
@click.option(
    "--dask",
    "scheduler",
    default="local",
    show_default=True,
    metavar="local|ADDRESS",
    help="Worker processes of this machine, or those of a scheduler.",
)
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="Processes for local. Default: one for each core."
)
@click.option(
    "--partition-size", type=click.IntRange(min=1), metavar="N", help="Most files in a partition. Default: 50 to 1000."
)
@click.option(
    "--partition-bytes",
    type=click.IntRange(min=1),
    default=64 * _MIB,
    show_default=True,
    metavar="N",
    help="Most bytes in a partition.",
)
@click.option("--all", "everything", is_flag=True, help="Every version in a store, not only the newest of each source.")
@click.option("--records", is_flag=True, help="Write the records as JSON lines, too.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Longest time of one file.",
)
@click.option("--memory", type=click.IntRange(min=256), metavar="MIB", help="Most memory of a process that parses.")
@click.option(
    "--retries",
    type=click.IntRange(0, 100),
    default=3,
    show_default=True,
    metavar="N",
    help="How often a partition is tried again whose worker ended.",
)
@click.option("--retry-failed", is_flag=True, help="Parse partitions again in which a file failed that may be whole.")
@click.option(
    "--replace", is_flag=True, help="Remove from the output what is not of these inputs, versions and options."
)
@click.option(
    "--storage-option",
    "storage_options",
    multiple=True,
    metavar="KEY=VALUE",
    callback=_pairs,
    help="For the file system of addresses; may be repeated.",
)
@click.option(
    "--patience",
    type=click.FloatRange(min=0, min_open=True),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="Longest time without any worker.",
)
@lexicon_option
@max_bytes_option
@click.pass_context
def scale(
    ctx: click.Context,
    inputs: tuple[str, ...],
    output: str,
    scheduler: str,
    workers: int | None,
    partition_size: int | None,
    partition_bytes: int,
    everything: bool,
    records: bool,
    timeout: float,
    memory: int | None,
    retries: int,
    retry_failed: bool,
    replace: bool,
    storage_options: dict[str, object],
    patience: float,
    lexicon: str | None,
    max_bytes: int,
) -> None:
    """Parse very many notices on Dask into partitioned Parquet.

    Each INPUT is a file, a folder, a glob, a store of fetched notices or an address such as s3://bucket/notices/. What is
    finished stays: the same command goes on where it was interrupted, and adds what is new. A file that cannot be parsed
    gives a line on standard error, a row in the table inputs, and exit status 1. docs/scale.md has it all.
    """
    if workers is not None and scheduler != "local":
        raise click.UsageError("--workers is for --dask local.", ctx)
    from noticeparse.scale import parse_to_parquet

    if not os.environ.get(DEBUG_VARIABLE):
        logging.disable(logging.CRITICAL)  # Dask logs, with tracebacks, what this command tells in a line
    counter = _Counter()
    try:
        summary = parse_to_parquet(
            inputs,
            output,
            scheduler=scheduler,
            workers=workers,
            partition_size=partition_size,
            partition_bytes=partition_bytes,
            lexicon=lexicon,
            everything=everything,
            records=records,
            max_bytes=max_bytes,
            timeout=timeout,
            memory=None if memory is None else memory * _MIB,
            retries=retries,
            retry_failed=retry_failed,
            replace=replace,
            storage_options=storage_options,
            patience=patience,
            told=counter.show,
        )
    except KeyboardInterrupt:
        counter.clear()
        report("interrupted; the same command goes on")
        raise
    finally:
        counter.clear()
    _show(summary)
    ctx.exit(int(bool(summary.failures or summary.unfinished)))


class _Counter:
    """How far the run is, on a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr is not None and sys.stderr.isatty()
        self._first: tuple[float, int] | None = None

    def show(self, progress: Progress) -> None:
        if not self._shown:
            return
        now = time.monotonic()
        begun, before = self._first = self._first or (now, progress.done)
        rate = f", {(progress.done - before) / (now - begun):.0f}/s" if now > begun else ""
        told = f"{progress.done}/{progress.inputs} files, {progress.failed} failed{rate}"
        click.echo(f"\r\x1b[K{told}, {counted(progress.workers, 'worker')}", err=True, nl=False)

    def clear(self) -> None:
        if self._shown and self._first is not None:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._first = None


def _show(summary: Summary) -> None:
    for failure in summary.failures[:_SHOWN_FAILURES]:
        report(failure.error)
    if len(summary.failures) > _SHOWN_FAILURES:
        report(f"and {len(summary.failures) - _SHOWN_FAILURES} more: see the table inputs")
    for one in summary.unfinished[:_SHOWN_FAILURES]:
        report(f"{one.partition}: {counted(one.inputs, 'file')} not parsed: {one.error}")
    if summary.unfinished:
        report(f"{counted(len(summary.unfinished), 'partition')} not made; the same command tries again")
    kinds = ", ".join(f"{kind} {number}" for kind, number in summary.kinds().items())
    left = summary.inputs - summary.parsed - len(summary.failures)
    click.echo(
        f"{counted(summary.inputs, 'file')}: {summary.parsed} parsed, {len(summary.failures)} failed"
        f"{f' ({kinds})' if kinds else ''}{f', {left} left' if left else ''}"
    )
    click.echo(
        f"{counted(summary.partitions, 'partition')}, {summary.skipped} of them made before, in {summary.output}"
    )
