"""``noticeparse report``."""

from __future__ import annotations

import os

import click

from noticeparse.cli.tools import lexicon_option, max_bytes_option, open_output, output_option, read_records
from noticeparse.errors import InputError
from noticeparse.files import STANDARD_STREAM, display, read_input

_EPILOG = """\b
Examples:
  noticeparse report notice.html --output page.html
  noticeparse report --compare records.jsonl --output page.html
"""


@click.command(epilog=_EPILOG)
@click.argument("files", metavar="NOTICE|RECORDS...", nargs=-1, required=True)
@click.option("--compare", is_flag=True, help="Compare the apps of RECORDS, files that parse wrote.")
@output_option
@max_bytes_option
@lexicon_option
@click.pass_context
def report(
    ctx: click.Context, files: tuple[str, ...], compare: bool, output: str | None, max_bytes: int, lexicon: str | None
) -> None:
    """Write a page to look at: one notice with its values marked in the text, or apps compared.

    NOTICE is a notice in any form that parse reads, or - for standard input. The page is one file that loads nothing.
    """
    if not compare and len(files) > 1:
        raise click.UsageError("one page shows one notice; for several, give their records with --compare.", ctx)
    page = _compared(files, lexicon) if compare else _noticed(files[0], max_bytes, lexicon)
    with open_output(output) as stream:
        stream.write(page.encode("utf-8", "replace"))


def _noticed(file: str, max_bytes: int, lexicon: str | None) -> str:
    from noticeparse.document import read_document
    from noticeparse.lexicon.load import load_lexicon
    from noticeparse.parsing import parse_document
    from noticeparse.report.notice import notice_page

    if file != STANDARD_STREAM and os.path.isdir(file):
        raise InputError(display(file), "is a folder; name one file")
    vocabulary = load_lexicon(lexicon)
    name = "<stdin>" if file == STANDARD_STREAM else display(file)
    document = read_document(name, read_input(file, max_bytes), max_bytes=max_bytes)
    return notice_page(document.text, parse_document(document, vocabulary), vocabulary)


def _compared(files: tuple[str, ...], lexicon: str | None) -> str:
    notices = read_records(files)
    from noticeparse.report.compare import compare_page
    from noticeparse.tables.frames import to_frames

    return compare_page(to_frames(notices, lexicon=lexicon))
