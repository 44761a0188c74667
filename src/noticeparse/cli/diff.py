"""``noticeparse diff``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from noticeparse.cli.tools import lexicon_option, max_bytes_option, open_output, output_option
from noticeparse.errors import InputError
from noticeparse.files import STANDARD_STREAM, display, read_input

if TYPE_CHECKING:
    from noticeparse.records import Notice

_EPILOG = """\b
Examples:
  noticeparse diff 2025/notice.html 2026/notice.html
  noticeparse diff old.json new.json --format json
"""


@click.command(epilog=_EPILOG)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--exit-code", is_flag=True, help="Leave with 1 where anything changed.")
@lexicon_option
@output_option
@max_bytes_option
@click.pass_context
def diff(
    ctx: click.Context,
    old: str,
    new: str,
    form: str,
    exit_code: bool,
    lexicon: str | None,
    output: str | None,
    max_bytes: int,
) -> None:
    """Compare two versions of one notice.

    OLD and NEW are notices, or records of one notice that noticeparse parse wrote. Disclosures are matched by who receives
    what: what was moved or renumbered has not changed.
    """
    import msgspec

    from noticeparse.cli.changes import lines
    from noticeparse.diff import diff_notices

    found = diff_notices(*(_read(name, lexicon, max_bytes) for name in (old, new)))
    with open_output(output) as stream:
        if form == "json":
            stream.write(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
        else:
            stream.write("".join(f"{line}\n" for line in lines(found)).encode("utf-8"))
    ctx.exit(int(exit_code and bool(found.changes)))


def _read(path: str, lexicon: str | None, max_bytes: int) -> Notice:
    """The notice of a file of either kind: records begin with a brace or bracket and their version."""
    from noticeparse.document import read_document
    from noticeparse.jsonl import read_notices
    from noticeparse.lexicon.load import load_lexicon
    from noticeparse.parsing import parse_document

    data = read_input(path, max_bytes)
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096]
    if path != STANDARD_STREAM and head[:1] in (b"{", b"[") and b'"schema_version"' in head:
        notices = read_notices(path)
        if len(notices) != 1:
            raise InputError(display(path), f"{len(notices)} notices; compare two files of one notice each")
        return notices[0]
    vocabulary = load_lexicon(None if lexicon is None else Path(lexicon))
    return parse_document(read_document(display(path), data, max_bytes=max_bytes), vocabulary)
