"""``noticeparse text``."""

from __future__ import annotations

import os

import click

from noticeparse.cli.tools import max_bytes_option, open_output, output_option
from noticeparse.errors import InputError
from noticeparse.files import STANDARD_STREAM, display, read_input


@click.command(epilog="Example: noticeparse text notice.html")
@click.argument("file", metavar="FILE")
@output_option
@max_bytes_option
def text(file: str, output: str | None, max_bytes: int) -> None:
    """Print the text that spans point into.

    It comes as UTF-8 with nothing added, so that its offsets are those of the records.

    FILE is a notice in any form that parse reads, or - for standard input.
    """
    from noticeparse.document import read_document

    if file != STANDARD_STREAM and os.path.isdir(file):
        raise InputError(display(file), "is a folder; name one file")
    document = read_document(display(file), read_input(file, max_bytes), max_bytes=max_bytes)
    with open_output(output) as stream:
        stream.write(document.text.encode("utf-8", "replace"))
