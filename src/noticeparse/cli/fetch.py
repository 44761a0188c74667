"""``noticeparse fetch``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from noticeparse.cli.progress import printable
from noticeparse.cli.running import (
    is_address,
    make_options,
    make_renderer,
    open_store,
    run_batch,
    run_options,
    show_summary,
    source_of,
)
from noticeparse.cli.tools import open_output, output_option, report

if TYPE_CHECKING:
    from noticeparse.fetch.options import FetchOptions
    from noticeparse.fetch.sources import Source
    from noticeparse.lexicon.load import Lexicon

_EPILOG = """\b
Examples:
  noticeparse fetch sources.csv --store notices --contact me@example.com
  noticeparse fetch sources.csv --store notices --resume
  noticeparse fetch https://example.com/sdk.html | noticeparse parse -
"""


@click.command(epilog=_EPILOG)
@click.argument("sources", metavar="SOURCES|URL")
@click.option("--store", metavar="DIR", help="Keep every version here; made where there is none.")
@click.option("--resume", is_flag=True, help="Go on with a run over this list that did not finish.")
@click.option("--report", "report_path", metavar="FILE", help="Write the run's report here. Default: into the store.")
@click.option("--app", metavar="ID", help="The app of a URL. Default: its host.")
@output_option
@run_options
@click.pass_context
def fetch(
    ctx: click.Context,
    /,
    sources: str,
    store: str | None,
    resume: bool,
    report_path: str | None,
    app: str | None,
    output: str | None,
    **settings: Any,
) -> None:
    """Fetch notices.

    SOURCES is a list (CSV, TSV or JSON lines; see noticeparse sources schema) and goes into a store. A URL is fetched into a
    store too, or without one to standard output. Servers are asked one request at a time, with a delay, and as robots.txt
    allows. The exit status is 1 if any source failed.
    """
    from noticeparse.fetch.sources import read_sources

    one = is_address(sources)
    if store is None and (not one or resume or report_path):
        raise click.UsageError("name a store with --store DIR.", ctx)
    if store is not None and output is not None:
        raise click.UsageError("--output is for a URL without --store.", ctx)
    if app is not None and not one:
        raise click.UsageError("--app is for a URL.", ctx)
    wanted = [source_of(sources, app)] if one else read_sources(sources)
    options, lexicon = make_options(settings)
    if store is None:
        ctx.exit(int(not _print_page(wanted[0], options, lexicon, output)))
    with open_store(store, create=True) as opened:
        found = run_batch(wanted, opened, options, lexicon, resume=resume, report_path=report_path)
    show_summary(found)
    ctx.exit(int(bool(found.failures or found.missing)))


def _print_page(source: Source, options: FetchOptions, lexicon: Lexicon, output: str | None) -> bool:
    """Fetch one page to standard output or a file; gives whether it is a notice."""
    from noticeparse.fetch.classify import Classifier
    from noticeparse.fetch.page import fetch_page
    from noticeparse.fetch.session import Client

    renderer = make_renderer(options, [source])
    client = Client(options)
    try:
        fetched = fetch_page(client, source, Classifier(lexicon), renderer=renderer).fetch
    finally:
        client.close()
        if renderer is not None:
            renderer.close()
    if not fetched.outcome.succeeded:
        report(printable(f"{source.url}: {fetched.outcome.value}: {fetched.detail}"))
        return False
    with open_output(output) as stream:
        stream.write(fetched.rendered or fetched.body or b"")
    return True
