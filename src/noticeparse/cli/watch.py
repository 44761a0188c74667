"""``noticeparse watch``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from noticeparse.cli.changes import lines
from noticeparse.cli.progress import printable
from noticeparse.cli.running import (
    is_address,
    make_options,
    open_store,
    run_batch,
    run_options,
    show_summary,
    source_of,
)
from noticeparse.cli.tools import counted, report
from noticeparse.errors import NoticeparseError

if TYPE_CHECKING:
    from noticeparse.fetch.report import Report
    from noticeparse.fetch.store import Store
    from noticeparse.lexicon.load import Lexicon

_EPILOG = """\b
Examples:
  noticeparse watch --store notices --contact me@example.com
  noticeparse watch sources.csv --store notices --format jsonl
"""


@click.command(epilog=_EPILOG)
@click.argument("sources", metavar="[SOURCES|URL]", required=False)
@click.option("--store", metavar="DIR", required=True, help="Where the versions are.")
@click.option("--resume", is_flag=True, help="Go on with a run over this list that did not finish.")
@click.option("--report", "report_path", metavar="FILE", help="Write the run's report here. Default: into the store.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@run_options
@click.pass_context
def watch(
    ctx: click.Context,
    /,
    sources: str | None,
    store: str,
    resume: bool,
    report_path: str | None,
    form: str,
    **settings: Any,
) -> None:
    """Fetch again and print what changed: disclosures added, removed and changed.

    Without SOURCES all sources of the store are fetched, without the request headers that a list may have given.
    The exit status is that of fetch.
    """
    from noticeparse.fetch.sources import read_sources

    with open_store(store, create=sources is not None) as opened:
        if sources is None:
            wanted = opened.given_sources()
            if not wanted:
                raise NoticeparseError(f"{store}: no source in this store yet; name a list")
        else:
            wanted = [source_of(sources, None)] if is_address(sources) else read_sources(sources)
        options, lexicon = make_options(settings)
        found = run_batch(wanted, opened, options, lexicon, resume=resume, report_path=report_path)
        _show_changes(opened, found, lexicon, form)
    if form == "text":
        show_summary(found)
    ctx.exit(int(bool(found.failures or found.missing)))


def _show_changes(store: Store, found: Report, lexicon: Lexicon, form: str) -> None:
    import msgspec

    from noticeparse.watch import diff_versions, parse_version

    for number in found.new_versions:
        version = store.version(number)
        try:
            if version.parent is None:
                if form == "text":
                    told = counted(len(parse_version(store, version, lexicon).disclosures), "disclosure")
                    click.echo(printable(f"first version of {version.source.app_id} {version.source.url}: {told}"))
                continue
            diff = diff_versions(store, store.version(version.parent), version, lexicon)
        except NoticeparseError as error:
            report(str(error))
            continue
        if form == "jsonl":
            row = {"app_id": version.source.app_id, "url": version.source.url, **msgspec.to_builtins(diff)}
            click.echo(msgspec.json.encode(row).decode("utf-8"))
        else:
            click.echo("\n".join(lines(diff)))
