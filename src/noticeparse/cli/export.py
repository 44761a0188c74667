"""``noticeparse export``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from noticeparse.cli.tools import Progress, max_bytes_option, open_output, report
from noticeparse.errors import NoticeparseError
from noticeparse.files import STANDARD_STREAM, display, read_input

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from noticeparse.records import Notice
    from noticeparse.spacy_support.docbin import Segmenter


@click.group(epilog="Example: noticeparse export spacy records.jsonl train.spacy")
def export() -> None:
    """Turn records into what other programs read."""


@export.command("spacy", epilog="Example: noticeparse export spacy records.jsonl train.spacy")
@click.argument("records", metavar="RECORDS")
@click.argument("output", metavar="OUT")
@click.option("--notices", metavar="DIR", help="What the notices' paths start from. Default: this folder.")
@click.option("--segmenter", type=click.Choice(["char", "jieba"]), default="char", show_default=True)
@max_bytes_option
@click.pass_context
def spacy_command(
    ctx: click.Context, records: str, output: str, notices: str | None, segmenter: Segmenter, max_bytes: int
) -> None:
    """Write a spaCy DocBin for training.

    RECORDS is a file that parse wrote, or - for standard input. Each notice becomes a Doc with the span groups data_items,
    recipients and purposes. Its text is read again from the file that the record names, which must not have changed. A notice
    whose file is missing or changed gives a line on standard error and exit status 1; the others are still written.
    """
    from noticeparse.jsonl import decode_notices

    name = "<stdin>" if records == STANDARD_STREAM else display(records)
    found = decode_notices(read_input(records, max_bytes), name)
    maker = _DocMaker(found, notices, segmenter, max_bytes)
    encoded = maker.encode()
    if maker.written:
        with open_output(output) as stream:
            stream.write(encoded)
    ctx.exit(int(maker.written < len(found)))


class _DocMaker:
    """Makes a ``Doc`` of each notice, and goes on behind one that cannot be had."""

    def __init__(self, notices: list[Notice], folder: str | None, segmenter: Segmenter, max_bytes: int) -> None:
        try:
            from noticeparse.spacy_support import docbin
        except ImportError as error:
            raise NoticeparseError('spaCy is not installed: pip install "noticeparse[spacy]"') from error
        self.docbin = docbin
        self.notices = notices
        self.folder = folder
        self.max_bytes = max_bytes
        self.nlp = docbin.blank_pipeline(segmenter)
        self.written = 0

    def encode(self) -> bytes:
        """The ``DocBin``."""
        return self.docbin.docs_bytes(self._docs())

    def _docs(self) -> Iterator[Doc]:
        progress = Progress(len(self.notices), None)
        try:
            for done, notice in enumerate(self.notices):
                progress.show(done)
                try:
                    text = self.docbin.notice_text(notice, self.folder, self.max_bytes)
                    doc = self.docbin.make_doc(notice, text, self.nlp)
                except NoticeparseError as error:
                    report(str(error))
                else:
                    self.written += 1
                    yield doc
        finally:
            progress.clear()
