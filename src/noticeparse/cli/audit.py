"""``noticeparse audit``."""

from __future__ import annotations

import click

from noticeparse.cli.frames import form_option, rows_option, write_frame, write_text
from noticeparse.cli.tools import lexicon_option, output_option, read_records

_EPILOG = """\b
Examples:
  noticeparse audit records.jsonl
  noticeparse audit records.jsonl --format csv --output findings.csv
"""


@click.command(epilog=_EPILOG)
@click.argument("records", metavar="RECORDS...", nargs=-1, required=True)
@form_option
@rows_option
@output_option
@click.option("--rules", metavar="FILE", help="Ask the rules of this table instead of the shipped ones.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of the findings.")
@lexicon_option
def audit(
    records: tuple[str, ...],
    form: str,
    rows: int,
    output: str | None,
    rules: str | None,
    language: str,
    lexicon: str | None,
) -> None:
    """Check what disclosures leave unsaid against what the law asks to be told.

    Each finding names the clause and the place in the notice; each app gets a score from 0 to 100. csv and jsonl hold
    the findings. This is an audit of what notices say, not of what apps do, and it is no legal advice.

    RECORDS are files that parse wrote.
    """
    notices = read_records(records)
    from noticeparse.tables.audit import DISCLAIMER
    from noticeparse.tables.audit import audit as run

    result = run(notices, rules=rules, lexicon=lexicon, language=language)
    if form != "text":
        write_frame(result.findings, form, output)
        return
    found = result.findings
    counted = found.groupby(["rule", "clause", "finding"]).size().rename("disclosures").reset_index()
    counted = counted.sort_values(["disclosures", "rule"], ascending=[False, True], ignore_index=True)
    shown = found[["label", "recipient", "rule", "text", "start", "end"]]
    parts = [("Scores by app, the lowest first", result.scores), ("Findings by rule", counted), ("Findings", shown)]
    write_text(parts, rows, output, last=DISCLAIMER)
