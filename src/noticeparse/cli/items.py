"""``noticeparse items``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from noticeparse.cli.tools import lexicon_option, max_bytes_option, open_output, output_option
from noticeparse.errors import InputError
from noticeparse.files import STANDARD_STREAM, display, read_input

if TYPE_CHECKING:
    from noticeparse.mentions import Mentions

_EPILOG = """\b
Examples:
  noticeparse items policy.html
  noticeparse items policy.txt --generic --format json
"""
_COLUMNS = ("mention", "start", "end", "text", "id", "generic")


@click.command(epilog=_EPILOG)
@click.argument("file", metavar="FILE")
@click.option("--generic", is_flag=True, help="Also catch-all words, such as 个人信息 and 第三方, marked as such.")
@click.option("--format", "form", type=click.Choice(["tsv", "json"]), default="tsv", show_default=True)
@output_option
@lexicon_option
@max_bytes_option
def items(file: str, generic: bool, form: str, output: str | None, lexicon: str | None, max_bytes: int) -> None:
    """List the personal data that a text tells of, who is given them, and what for.

    Any text will do, a whole privacy policy for one; its sentences are read, not its layout. Places are offsets into
    the text that "noticeparse text FILE" prints. The column id is a data item's concept or a recipient's id.

    FILE is a text in any form that parse reads, or - for standard input.
    """
    from noticeparse.document import read_document
    from noticeparse.lexicon.load import load_lexicon
    from noticeparse.mentions import read_mentions

    if file != STANDARD_STREAM and os.path.isdir(file):
        raise InputError(display(file), "is a folder; name one file")
    document = read_document(display(file), read_input(file, max_bytes), max_bytes=max_bytes)
    mentions = read_mentions(document, load_lexicon(lexicon), generic=generic)
    encoded = _json(mentions) if form == "json" else _tsv(mentions)
    with open_output(output) as stream:
        stream.write(encoded)


def _json(mentions: Mentions) -> bytes:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(mentions), indent=1) + b"\n"


def _tsv(mentions: Mentions) -> bytes:
    rows = [
        *(("data", item.span, item.text, item.concept, item.generic) for item in mentions.data_items),
        *(("recipient", one.span, one.text, one.id, one.generic) for one in mentions.recipients),
        *(("purpose", value.span, value.text, None, False) for value in mentions.purposes),
    ]
    lines = ["\t".join(_COLUMNS)]
    for kind, (start, end), text, known, generic in sorted(rows, key=lambda row: (row[1], row[0])):
        lines.append(f"{kind}\t{start}\t{end}\t{' '.join(text.split())}\t{known or ''}\t{'yes' if generic else ''}")
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")
