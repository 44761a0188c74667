"""``noticeparse lexicon …``."""

from __future__ import annotations

from pathlib import Path

import click

from noticeparse.cli.tools import counted, lexicon_option, report


@click.group(epilog="Example: noticeparse lexicon lookup 友盟")
def lexicon() -> None:
    """Look after the vocabulary."""


@lexicon.command(epilog="Example: noticeparse lexicon check my-lexicon")
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.pass_context
def check(ctx: click.Context, directory: Path | None) -> None:
    """Check the tables in DIR, or those that the package brings.

    Every word and every example must be found as its row says. Every problem is one line, FILE:LINE: CAUSE. The exit
    status is 1 if there is any.
    """
    from noticeparse.lexicon.check import check_lexicon
    from noticeparse.lexicon.load import overlay_files, read_table, shipped_directory
    from noticeparse.lookup import check_found

    folder = directory or shipped_directory()
    # What is not even well-formed cannot be looked up.
    problems = check_lexicon(folder) or check_found(folder)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        report(f"{folder}: {counted(len(problems), 'problem')}")
        ctx.exit(1)
    tables = overlay_files(folder)
    rows = sum(len(read_table(path, name).rows) for name, path in tables.items())
    click.echo(f"ok: {counted(len(tables), 'table')}, {counted(rows, 'row')}")


@lexicon.command(epilog="Example: noticeparse lexicon lookup 手机IMEI号 友盟 仅安卓Q之前版本")
@click.argument("words", metavar="WORD...", nargs=-1, required=True)
@lexicon_option
def lookup(words: tuple[str, ...], lexicon: str | None) -> None:
    """Show what each WORD is taken for, in every table, and why.

    One line for each: the word, the table, what it is there, how that was found, and what speaks for it.
    """
    from noticeparse.lexicon.load import load_lexicon
    from noticeparse.lookup import look_up

    vocabulary = load_lexicon(lexicon)
    for word in words:
        findings = look_up(word, vocabulary)
        for finding in findings:
            click.echo("\t".join((word, finding.table, finding.id, finding.how, finding.detail)))
        if not findings:
            click.echo(f"{word}\t-\tunknown")


@lexicon.command(epilog="Example: noticeparse lexicon suggest records.jsonl --table sdks >> my-lexicon/sdks.tsv")
@click.argument("records", type=click.Path(path_type=Path))
@click.option(
    "--table",
    type=click.Choice(["labels", "data_terms", "companies", "sdks"]),
    help="Print rows of this table, ready to paste; a ? stands for what only a person can say.",
)
@lexicon_option
@click.option("--limit", type=click.IntRange(min=1), help="At most so many of each table.")
def suggest(records: Path, table: str | None, lexicon: str | None, limit: int | None) -> None:
    """List what RECORDS hold that the lexicons do not know: labels, data items, companies and SDKs.

    The most frequent come first, each with an example place and the known names most like it.
    """
    from noticeparse.jsonl import read_notices
    from noticeparse.lexicon.load import COLUMNS, load_lexicon
    from noticeparse.suggest import suggest as find

    found = find(read_notices(records), load_lexicon(lexicon), table=table)
    columns = list(COLUMNS[table]) if table else ["count", "table", "word", "example", "nearest"]
    click.echo("\t".join(columns))
    shown: dict[str, int] = {}
    for one in found:
        shown[one.table] = shown.get(one.table, 0) + 1
        if limit is not None and shown[one.table] > limit:
            continue
        if table:
            click.echo("\t".join(one.row().values()))
        else:
            near = "; ".join(f"{name} = {known} ({score:g})" for name, known, score in one.near)
            click.echo("\t".join((str(one.count), one.table, one.word, one.places[0], near)))
