"""``noticeparse compare``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from noticeparse.cli.frames import form_option, rows_option, write_frame, write_text
from noticeparse.cli.tools import lexicon_option, output_option, read_records

if TYPE_CHECKING:
    import pandas as pd

    from noticeparse.tables.frames import Frames

_TITLES = {
    "recipients": "Recipients by number of apps",
    "groups": "Groups of companies by number of apps",
    "sdks": "SDKs by number of apps",
    "data": "Kinds of data by number of apps",
    "sensitive": "Sensitive personal information by recipient",
    "unique": "Kinds of data that only one app shares",
    "claims": "What apps say of one SDK",
    "outliers": "Apps whose account of an SDK differs from most others'",
    "overlap": "How alike apps are in their recipients (Jaccard)",
    "app-recipient": "Apps and recipients (disclosures)",
    "app-data": "Apps and kinds of data (disclosures)",
    "recipient-data": "Recipients and kinds of data (apps)",
}
_OVERVIEW = ("recipients", "sdks", "data", "sensitive", "unique", "outliers")
_EPILOG = """\b
Examples:
  noticeparse compare records.jsonl
  noticeparse compare records.jsonl --what app-recipient --format csv --output matrix.csv
"""


@click.command(epilog=_EPILOG)
@click.argument("records", metavar="RECORDS...", nargs=-1, required=True)
@click.option(
    "--what",
    multiple=True,
    type=click.Choice(list(_TITLES)),
    help="What to compare; may be given again. Default: an overview.",
)
@form_option
@rows_option
@output_option
@lexicon_option
@click.pass_context
def compare(
    ctx: click.Context,
    records: tuple[str, ...],
    what: tuple[str, ...],
    form: str,
    rows: int,
    output: str | None,
    lexicon: str | None,
) -> None:
    """Compare apps: who gets what from whom.

    RECORDS are files that parse wrote. Notices of one app count as one app.
    """
    if form != "text" and len(what) != 1:
        raise click.UsageError(f"{form} holds one table: name it with --what.", ctx)
    notices = read_records(records)
    from noticeparse.tables.frames import to_frames

    frames = to_frames(notices, lexicon=lexicon)
    if form != "text":
        write_frame(_table(frames, what[0]), form, output)
        return
    parts = [(_TITLES[name], _table(frames, name)) for name in dict.fromkeys(what or _OVERVIEW)]
    apps = frames.notices["label"].nunique()
    last = f"{apps} apps, {len(frames.notices)} notices, {len(frames.disclosures)} disclosures"
    write_text(parts, rows, output, last=last)


def _table(frames: Frames, name: str) -> pd.DataFrame:
    from noticeparse.tables import compare as questions

    match name:
        case "recipients" | "groups" | "sdks":
            return questions.top(frames, name.removesuffix("s"))  # type: ignore[arg-type]
        case "data":
            return questions.data_types(frames)
        case "sensitive":
            return questions.sensitive_data(frames)
        case "unique":
            return questions.unique_data(frames)
        case "claims":
            return questions.sdk_claims(frames)
        case "outliers":
            return questions.sdk_outliers(frames)
        case "overlap":
            return questions.overlap(frames)
        case "app-recipient":
            return questions.matrix(frames, "app", "recipient", values="disclosures")
        case "app-data":
            return questions.matrix(frames, "app", "concept", values="disclosures")
        case _:
            return questions.matrix(frames, "recipient", "concept", values="apps")
