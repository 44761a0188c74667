"""``noticeparse lexicon …``."""

from __future__ import annotations

from pathlib import Path

import click

from noticeparse.cli.tools import report


@click.group(epilog="Example: noticeparse lexicon check my-lexicon")
def lexicon() -> None:
    """Look after the vocabulary."""


@lexicon.command(epilog="Example: noticeparse lexicon check my-lexicon")
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.pass_context
def check(ctx: click.Context, directory: Path | None) -> None:
    """Check the tables in DIR, or those that the package brings.

    Every problem is one line, FILE:LINE: CAUSE. The exit status is 1 if there is any.
    """
    from noticeparse.lexicon.check import check_lexicon
    from noticeparse.lexicon.load import overlay_files, read_table, shipped_directory

    folder = directory or shipped_directory()
    problems = check_lexicon(folder)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        report(f"{folder}: {_count(len(problems), 'problem')}")
        ctx.exit(1)
    tables = overlay_files(folder)
    rows = sum(len(read_table(path, name).rows) for name, path in tables.items())
    click.echo(f"ok: {_count(len(tables), 'table')}, {_count(rows, 'row')}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
