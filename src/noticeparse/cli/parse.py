"""``noticeparse parse``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from noticeparse.cli.tools import (
    Progress,
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
    from noticeparse.records import Notice

_EPILOG = """\b
Examples:
  noticeparse parse notice.html
  noticeparse parse notices/ --format jsonl --output records.jsonl
  curl -s https://example.com/sdk.html | noticeparse parse - --format json
"""
_SAMPLE_NAME = "<sample>"
_DEFAULT_WIDTH = 100

Encode = Callable[["Notice"], bytes]


class _NothingParsedError(Exception):
    """Leaves the output's block, so that no empty file takes the place of an older one."""


@click.command(epilog=_EPILOG)
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--sample", is_flag=True, help="Parse the sample notice that the package brings.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "jsonl", "table"]),
    help="Default: table on a terminal; elsewhere json for one file, jsonl for several or a folder.",
)
@output_option
@click.option(
    "--lexicon",
    metavar="DIR",
    help="Lay the rows of the tables in DIR over the shipped lexicons. Default: NOTICEPARSE_LEXICON, if set.",
)
@max_bytes_option
@click.pass_context
def parse(
    ctx: click.Context,
    files: tuple[str, ...],
    sample: bool,
    form: str | None,
    output: str | None,
    lexicon: str | None,
    max_bytes: int,
) -> None:
    """Parse notices into records.

    Each FILE is a text, HTML, Markdown or DOCX file, a folder that is searched for them, or - for standard input. Several
    files or a folder give one JSON object a line, in the order of the input. A file that cannot be read gives a line on
    standard error and exit status 1; the others are still parsed.
    """
    if sample == bool(files):
        raise click.UsageError("name a FILE, or use --sample." if files == () else "--sample takes no FILE.", ctx)
    inputs, failed = ([str(sample_path())], False) if sample else _expand(files)
    if output is not None:
        _refuse_overwriting(output, inputs, ctx)
    several = len(files) > 1 or any(os.path.isdir(name) for name in files)
    form = form or ("table" if to_terminal(output) else "jsonl" if several else "json")
    names = [_SAMPLE_NAME] if sample else [display(path) for path in inputs]
    if inputs:
        read = _reader(lexicon, max_bytes, _encoder(form, several, output))
        failed |= _write(output, list(zip(inputs, names, strict=True)), read)
    ctx.exit(int(failed))


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


def _reader(lexicon: str | None, max_bytes: int, encode: Encode) -> Callable[[str, str], bytes | None]:
    """A function from path and name to the encoded record; it reports what is wrong with a file and gives ``None``."""
    from noticeparse.document import read_document
    from noticeparse.lexicon.load import load_lexicon
    from noticeparse.parsing import parse_document

    vocabulary = load_lexicon(None if lexicon is None else Path(lexicon))

    def read(path: str, name: str) -> bytes | None:
        try:
            document = read_document(name, read_input(path, max_bytes), max_bytes=max_bytes)
            return encode(parse_document(document, vocabulary))
        except NoticeparseError as error:
            report(str(error))
        except Exception as error:  # noqa: BLE001 - a bug that one notice brings up must not lose the others
            report_bug(error, name)
        return None

    return read


def _write(output: str | None, jobs: Sequence[tuple[str, str]], read: Callable[[str, str], bytes | None]) -> bool:
    """Write the records in the order of the input, each as soon as it is there. Gives whether any file failed."""
    written = 0
    progress = Progress(len(jobs), output)
    try:
        with open_output(output) as stream:
            for done, (path, name) in enumerate(jobs):
                progress.show(done)
                record = read(path, name)
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
