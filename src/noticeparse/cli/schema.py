"""``noticeparse schema``."""

from __future__ import annotations

import click

from noticeparse.cli.tools import open_output, output_option


@click.command(epilog="Example: noticeparse schema > notice.schema.json")
@output_option
def schema(output: str | None) -> None:
    """Print the JSON Schema of one notice's record."""
    import msgspec

    from noticeparse.records import json_schema

    with open_output(output) as file:
        file.write(msgspec.json.format(msgspec.json.encode(json_schema()), indent=2) + b"\n")
