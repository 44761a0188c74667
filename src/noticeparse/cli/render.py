"""``noticeparse render``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from noticeparse.cli.tools import EXIT_USAGE, max_bytes_option, open_output, output_option, report
from noticeparse.errors import RenderError
from noticeparse.files import STANDARD_STREAM, display, read_input

if TYPE_CHECKING:
    from noticeparse.records import Notice
    from noticeparse.rendering.model import Format

_EPILOG = """\b
Examples:
  noticeparse render records.json --layout table --format html --output notice.html
  noticeparse parse notice.txt --format json | noticeparse render - --layout glued
  noticeparse render --list-layouts
"""


def _list_layouts(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from noticeparse.rendering.layouts import LAYOUTS

    width = max(map(len, LAYOUTS))
    for name, layout in LAYOUTS.items():
        click.echo(f"{name:<{width}}  {' '.join(layout.formats):<11}  {layout.about}")
    ctx.exit()


@click.command(epilog=_EPILOG)
@click.argument("records", metavar="RECORDS")
@click.option("--layout", default="keyvalue", show_default=True, metavar="NAME", help="How the notice is laid out.")
@click.option("--format", "form", type=click.Choice(["txt", "md", "html"]), default="txt", show_default=True)
@click.option(
    "--number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Which of several notices, counted from 1.",
)
@click.option(
    "--list-layouts",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_layouts,
    help="Name the layouts and the formats that each can be shown in.",
)
@output_option
@max_bytes_option
@click.pass_context
def render(
    ctx: click.Context, records: str, layout: str, form: Format, number: int | None, output: str | None, max_bytes: int
) -> None:
    """Write a notice that says what records say.

    RECORDS is a file that parse wrote, as JSON or JSON lines, or - for standard input. What a layout or format has no
    way to say gives a line on standard error and exit status 2.
    """
    from noticeparse.jsonl import decode_notices
    from noticeparse.rendering import notice as rendering

    name = "<stdin>" if records == STANDARD_STREAM else display(records)
    notices = decode_notices(read_input(records, max_bytes), name)
    try:
        written = rendering.render(_chosen(notices, number, name), layout=layout, format=form)
    except RenderError as error:
        report(str(error))
        ctx.exit(EXIT_USAGE)
    with open_output(output) as stream:
        stream.write(written.encode("utf-8", "replace"))


def _chosen(notices: Sequence[Notice], number: int | None, name: str) -> Notice:
    if number is None and len(notices) > 1:
        raise RenderError(f"{name}: {len(notices)} notices; choose one with --number")
    if (number or 1) > len(notices):
        raise RenderError(f"{name}: no notice {number or 1}; there are {len(notices)}")
    return notices[(number or 1) - 1]
