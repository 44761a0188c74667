"""``noticeparse parse``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from noticeparse.cli.tools import (
    Progress,
    lexicon_option,
    max_bytes_option,
    open_output,
    output_option,
    report,
    report_bug,
    sample_path,
    to_terminal,
)
from noticeparse.errors import NoticeparseError
from noticeparse.files import STANDARD_STREAM, display, find_inputs, read_input

if TYPE_CHECKING:
    from noticeparse.document import Document
    from noticeparse.records import Notice

_EPILOG = """\b
Examples:
  noticeparse parse notice.html
  noticeparse parse notices/ --format jsonl --output records.jsonl
  noticeparse parse --store fetched --all --output records.jsonl
  curl -s https://example.com/sdk.html | noticeparse parse - --format json
"""
_SAMPLE_NAME = "<sample>"
_DEFAULT_WIDTH = 100

Encode = Callable[["Notice"], bytes]


class Job(Struct, frozen=True):
    """One notice to parse: its name, and how its document is had."""

    name: str
    open: Callable[[], Document]


class _NothingParsedError(Exception):
    """Leaves the output's block, so that no empty file takes the place of an older one."""


@click.command(epilog=_EPILOG)
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--sample", is_flag=True, help="Parse the sample notice that the package brings.")
@click.option(
    "--store", metavar="DIR", help="Parse the versions of a store of fetched notices; FILE is then an app or URL."
)
@click.option(
    "--all", "everything", is_flag=True, help="With --store: every version, not only the newest of each source."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "jsonl", "table"]),
    help="Default: table on a terminal; elsewhere json for one file, jsonl for several or a folder.",
)
@output_option
@lexicon_option
@max_bytes_option
@click.pass_context
def parse(
    ctx: click.Context,
    files: tuple[str, ...],
    sample: bool,
    store: str | None,
    everything: bool,
    form: str | None,
    output: str | None,
    lexicon: str | None,
    max_bytes: int,
) -> None:
    """Parse notices into records.

    Each FILE is a notice as text, HTML, MHTML, Markdown, PDF, DOCX, XLSX, CSV or TSV, perhaps packed with gzip, a folder that
    is searched for them, or - for standard input. Several files or a folder give one JSON object a line, in the order of the input. A file that cannot be read gives a line on
    standard error and exit status 1; the others are still parsed.
    """
    if store is not None:
        if sample:
            raise click.UsageError("--sample and --store exclude each other.", ctx)
        encode = _encoder(form or ("table" if to_terminal(output) else "jsonl"), True, output)
        ctx.exit(int(_write_store(store, files, everything, lexicon, encode, output)))
    if everything:
        raise click.UsageError("--all is for --store.", ctx)
    if sample == bool(files):
        raise click.UsageError("name a FILE, or use --sample." if files == () else "--sample takes no FILE.", ctx)
    inputs, failed = ([str(sample_path())], False) if sample else _expand(files)
    if output is not None:
        _refuse_overwriting(output, inputs, ctx)
    several = len(files) > 1 or any(os.path.isdir(name) for name in files)
    form = form or ("table" if to_terminal(output) else "jsonl" if several else "json")
    names = [_SAMPLE_NAME] if sample else [display(path) for path in inputs]
    if inputs:
        open_file = _opener(max_bytes)
        jobs = [Job(name, partial(open_file, path, name)) for path, name in zip(inputs, names, strict=True)]
        failed |= _write(output, jobs, _reader(lexicon, _encoder(form, several, output)))
    ctx.exit(int(failed))


def _write_store(
    folder: str, wanted: Sequence[str], everything: bool, lexicon: str | None, encode: Encode, output: str | None
) -> bool:
    """Parse a store's versions. Gives whether any failed."""
    from noticeparse.fetch.store import Store
    from noticeparse.fetch.stored import open_version, version_name

    with Store(folder) as opened:
        versions = opened.versions(opened.sources(wanted), newest=not everything)
        if not versions:
            raise NoticeparseError(f"{display(folder)}: no version in this store yet")
        names = [version_name(version) if everything else version.source.url for version in versions]
        jobs = [
            Job(name, partial(open_version, opened, version, name=name))
            for version, name in zip(versions, names, strict=True)
        ]
        return _write(output, jobs, _reader(lexicon, encode))


def _expand(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """The files that the arguments mean, and whether any argument means none."""
    inputs: list[str] = []
    failed = False
    for argument in arguments:
        try:
            inputs.extend(find_inputs(argument))
        except NoticeparseError as error:
            report(str(error))
            failed = True
    return inputs, failed


def _refuse_overwriting(output: str, inputs: Sequence[str], ctx: click.Context) -> None:
    target = os.path.realpath(output)
    if any(path != STANDARD_STREAM and os.path.realpath(path) == target for path in inputs):
        raise click.BadParameter(f"{display(output)} is one of the notices.", ctx, param_hint="'--output'")


def _encoder(form: str, several: bool, output: str | None) -> Encode:
    if form == "table":
        from shutil import get_terminal_size

        from noticeparse.cli.table import render

        width = get_terminal_size((_DEFAULT_WIDTH, 24)).columns
        encoding = (sys.stdout.encoding if to_terminal(output) else None) or "utf-8"
        return lambda notice: render(notice, width).encode(encoding, "replace")
    from noticeparse.jsonl import encode_line, encode_object

    return encode_object if form == "json" and not several else encode_line


def _opener(max_bytes: int) -> Callable[[str, str], Document]:
    """A function from path and name to the document."""
    from noticeparse.document import read_document

    return lambda path, name: read_document(name, read_input(path, max_bytes), max_bytes=max_bytes)


def _reader(lexicon: str | None, encode: Encode) -> Callable[[Job], bytes | None]:
    """A function from a notice to its encoded record; it reports what is wrong with one and gives ``None``."""
    from noticeparse.lexicon.load import load_lexicon
    from noticeparse.parsing import parse_document

    vocabulary = load_lexicon(None if lexicon is None else Path(lexicon))

    def read(job: Job) -> bytes | None:
        try:
            return encode(parse_document(job.open(), vocabulary))
        except NoticeparseError as error:
            report(str(error))
        except Exception as error:  # noqa: BLE001 - a bug that one notice brings up must not lose the others
            report_bug(error, job.name)
        return None

    return read


def _write(output: str | None, jobs: Sequence[Job], read: Callable[[Job], bytes | None]) -> bool:
    """Write the records in the order of the input, each as soon as it is there. Gives whether any file failed."""
    written = 0
    progress = Progress(len(jobs), output)
    try:
        with open_output(output) as stream:
            for done, job in enumerate(jobs):
                progress.show(done)
                record = read(job)
                if record is not None:
                    stream.write(record)
                    written += 1
            progress.show(len(jobs))
            if not written:
                raise _NothingParsedError
    except _NothingParsedError:
        return True
    finally:
        progress.clear()
    return written < len(jobs)
