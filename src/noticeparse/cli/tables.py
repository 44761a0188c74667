"""``noticeparse tables``."""

from __future__ import annotations

import click

from noticeparse.cli.tools import lexicon_option, read_records


@click.command(epilog="Example: noticeparse tables records.jsonl --to parquet tables/")
@click.argument("records", metavar="RECORDS...", nargs=-1, required=True)
@click.argument("folder", metavar="DIR")
@click.option(
    "--to",
    "form",
    required=True,
    type=click.Choice(["parquet", "csv", "xlsx", "jsonl", "sqlite"]),
    help="A file for each table, or one workbook, or one database.",
)
@lexicon_option
def tables(records: tuple[str, ...], folder: str, form: str, lexicon: str | None) -> None:
    """Write records as tables: notices, disclosures, data items, qualifiers, permissions, links, oddities.

    RECORDS are files that parse wrote; the tables go to DIR. docs/tables.md describes their columns.
    """
    notices = read_records(records)
    from noticeparse.tables.export import write_frames
    from noticeparse.tables.frames import to_frames

    frames = to_frames(notices, lexicon=lexicon)
    paths = write_frames(frames, folder, form)
    for name, table in frames:
        click.echo(f"{name:14}{len(table):>9} rows")
    click.echo(f"written to {', '.join(map(str, paths)) if len(paths) == 1 else folder}")
