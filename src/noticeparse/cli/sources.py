"""``noticeparse sources …``."""

from __future__ import annotations

import click

from noticeparse.cli.tools import counted, open_output, output_option, report
from noticeparse.files import display


@click.group(epilog="Example: noticeparse sources check sources.csv")
def sources() -> None:
    """Look after lists of notices to fetch."""


@sources.command(epilog="Example: noticeparse sources check sources.csv")
@click.argument("file", metavar="FILE")
@click.pass_context
def check(ctx: click.Context, file: str) -> None:
    """Check a list of sources.

    FILE is CSV, TSV or JSON lines. Every problem is one line, FILE:LINE: CAUSE. The exit status is 1 if there is any.
    Nothing is fetched.
    """
    from noticeparse.fetch.addresses import host_of
    from noticeparse.fetch.sources import check_sources

    found, problems = check_sources(file)
    for line, cause in problems:
        click.echo(f"{display(file)}:{line}: {cause}")
    if problems:
        report(f"{display(file)}: {counted(len(problems), 'problem')}")
        ctx.exit(1)
    apps, hosts = len({one.app_id for one in found}), len({host_of(one.url) for one in found})
    click.echo(f"ok: {len(found)} sources of {apps} apps on {hosts} hosts")


@sources.command(epilog="Example: noticeparse sources schema > source.schema.json")
@output_option
def schema(output: str | None) -> None:
    """Print the JSON Schema of one source."""
    import msgspec

    from noticeparse.fetch.sources import json_schema

    with open_output(output) as file:
        file.write(msgspec.json.format(msgspec.json.encode(json_schema()), indent=2) + b"\n")
