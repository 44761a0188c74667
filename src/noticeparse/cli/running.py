"""What ``fetch`` and ``watch`` share: the options of a run, the run itself, its summary and report."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from noticeparse.cli.progress import make_progress, printable
from noticeparse.cli.tools import counted, lexicon_option, report
from noticeparse.errors import NoticeparseError
from noticeparse.files import display
from noticeparse.limits import DEFAULT_MAX_BYTES

if TYPE_CHECKING:
    from noticeparse.fetch.options import FetchOptions
    from noticeparse.fetch.render import Renderer
    from noticeparse.fetch.report import Report
    from noticeparse.fetch.sources import Source
    from noticeparse.fetch.store import Store
    from noticeparse.lexicon.load import Lexicon

CONTACT_VARIABLE = "NOTICEPARSE_CONTACT"
_Function = TypeVar("_Function", bound=Callable[..., Any])

# Defaults stand in FetchOptions; they are repeated here because that module is not imported for --help.
_OPTIONS = (
    click.option("--contact", envvar=CONTACT_VARIABLE, metavar="TEXT", help="Address or mailbox for the User-Agent."),
    click.option(
        "--jobs", type=click.IntRange(1, 256), default=8, show_default=True, help="How many hosts are asked at once."
    ),
    click.option(
        "--delay",
        type=click.FloatRange(min=0),
        default=1.0,
        show_default=True,
        help="Least time between two requests to one host, in seconds.",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=20.0,
        show_default=True,
        help="Longest silence of a server, in seconds.",
    ),
    click.option(
        "--deadline",
        type=click.FloatRange(min=0, min_open=True),
        default=60.0,
        show_default=True,
        help="Longest time of one request, in seconds.",
    ),
    click.option(
        "--max-wait",
        type=click.FloatRange(min=0),
        default=300.0,
        show_default=True,
        help="Longest wait that a server may ask for, in seconds.",
    ),
    click.option(
        "--max-bytes",
        type=click.IntRange(min=1),
        default=DEFAULT_MAX_BYTES,
        show_default=True,
        metavar="N",
        help="Largest page, unpacked.",
    ),
    click.option(
        "--retries", type=click.IntRange(0, 10), default=3, show_default=True, help="Tries after a passing failure."
    ),
    click.option("--follow", is_flag=True, help="Also fetch the SDK lists that a page links to."),
    click.option(
        "--render",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Open pages in Chromium: those that are empty without it, all, or none.",
    ),
    click.option("--chromium", metavar="PROGRAM", help="The browser. Default: CHROMIUM, else the first one found."),
    click.option("--ignore-robots", is_flag=True, help="Fetch what robots.txt does not allow."),
    click.option("--allow-private", is_flag=True, help="Ask private, loopback and link-local addresses too."),
    click.option(
        "--ca-file",
        type=click.Path(exists=True, dir_okay=False),
        help="Certificates to trust instead of the usual ones.",
    ),
    lexicon_option,
)


def run_options(function: _Function) -> _Function:
    """The options of a run; a command takes them as ``**settings``.

    Args:
        function: The command.
    """
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def make_options(settings: dict[str, Any]) -> tuple[FetchOptions, Lexicon]:
    """The options and the vocabulary that a command was given; warns of what servers' operators would mind.

    Args:
        settings: The command's parameters of :func:`run_options`.

    Raises:
        LexiconError: The lexicon cannot be used.
        NoticeparseError: The file of certificates cannot be used.
    """
    from noticeparse.fetch.options import FetchOptions, Render
    from noticeparse.lexicon.load import load_lexicon

    given = dict(settings)
    lexicon = given.pop("lexicon")
    options = FetchOptions(**{**given, "render": Render(given["render"])})
    if options.ca_file is not None:
        _check_certificates(options.ca_file)
    if options.contact is None and not options.allow_private:
        report(f"warning: no --contact (or {CONTACT_VARIABLE}): servers' operators cannot tell whom to ask")
    if options.ignore_robots:
        report("warning: robots.txt is ignored; have the operators' consent")
    return options, load_lexicon(None if lexicon is None else Path(lexicon))


def _check_certificates(path: str) -> None:
    """Refuse a file without certificates before anything is fetched: each source would fail by it."""
    import ssl

    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:  # an SSLError is one too
        raise NoticeparseError(f"{display(path)}: no certificates that can be read") from error


def make_renderer(options: FetchOptions, sources: Sequence[Source]) -> Renderer | None:
    """A browser where one may be needed and there is one.

    Args:
        options: Of the run.
        sources: What is to be fetched.

    Raises:
        BrowserError: There is none, though the user asked for it by name or for each page.
    """
    from noticeparse.fetch.options import Render
    from noticeparse.fetch.render import BrowserError, Renderer

    modes = {source.render or options.render for source in sources}
    if modes <= {Render.NEVER}:
        return None
    try:
        return Renderer(options.chromium, seconds=options.deadline, max_bytes=options.max_bytes)
    except BrowserError as error:
        if Render.ALWAYS in modes or options.chromium:
            raise
        report(f"note: pages that need a browser will fail: {error}")
        return None


def run_batch(
    sources: list[Source],
    store: Store,
    options: FetchOptions,
    lexicon: Lexicon,
    *,
    resume: bool,
    report_path: str | None,
) -> Report:
    """Fetch a list into a store, show how it goes, write the report.

    Args:
        sources: The list.
        store: Keeps what comes.
        options: Of the run.
        lexicon: Vocabulary.
        resume: Go on with a run over this list that did not finish.
        report_path: Where the report goes; into the store where not given.

    Raises:
        NoticeparseError: The store or the report cannot be written.
        KeyboardInterrupt: The user stopped it; the report is written.
    """
    from noticeparse.fetch.batch import Batch
    from noticeparse.fetch.report import make_report
    from noticeparse.fetch.session import Client

    told = {name: value for name, value in asdict(options).items() if name != "contact"}
    renderer = make_renderer(options, sources)
    client = Client(options)
    run = store.begin_run(sources, told, resume=resume)
    if resume:
        state = (
            f"going on with run {run.id}: {len(run.done)} done" if run.resumed else "nothing to go on with: a new run"
        )
        report(state)
    known = {(one.app_id, one.url): number for number, one in store.sources().items()} if run.resumed else {}
    done = sum(known.get((one.app_id, one.url)) in run.done for one in sources)
    progress = make_progress(len(sources), done)
    finished = False
    try:
        Batch(client, store, run, lexicon, renderer=renderer).fetch(sources, progress.told)
        finished = True
    except KeyboardInterrupt:
        progress.close()
        report("interrupted; --resume goes on")
        raise
    finally:
        progress.close()
        store.end_run(run, finished=finished)
        client.close()
        if renderer is not None:
            renderer.close()
        found = make_report(store, run.id, told, len(sources))
        _write_report(found, report_path or os.fspath(store.folder / "reports" / f"run-{run.id}.json"))
    return found


def _write_report(found: Report, path: str) -> None:
    import json

    from noticeparse.files import atomic_output

    with atomic_output(path) as file:
        file.write(json.dumps(found.to_dict(), ensure_ascii=False, indent=1).encode("utf-8") + b"\n")


def show_summary(found: Report) -> None:
    """Print how a run ended: a row for each outcome, then each failure.

    Args:
        found: The run.
    """
    width = max(map(len, found.totals), default=0)
    for outcome, count in found.totals.items():
        click.echo(f"{outcome:<{width}}  {count:>6}")
    if found.missing:
        click.echo(f"{'not yet':<{width}}  {found.missing:>6}")
    for row in found.failures:
        click.echo(printable(f"{row['outcome']}: {row['app_id']} {row['url']}: {row['detail']}"))
    new = len(found.new_versions)
    click.echo(
        f"run {found.run}: {len(found.results)} fetched, {counted(new, 'new version')}, {len(found.failures)} failed"
    )


def open_store(folder: str, *, create: bool = False) -> Store:
    """The store of ``--store``.

    Args:
        folder: Where it is.
        create: Make one where there is none.

    Raises:
        StoreError: It cannot be used.
    """
    from noticeparse.fetch.store import Store

    return Store(folder, create=create)


def is_address(text: str) -> bool:
    """Whether an argument is an address and not a file.

    Args:
        text: The argument.
    """
    return "://" in text and not os.path.exists(text)


def source_of(url: str, app: str | None) -> Source:
    """The source of one address.

    Args:
        url: Address.
        app: The app's id; the host where not given.

    Raises:
        NoticeparseError: It cannot be fetched.
    """
    from noticeparse.fetch.addresses import host_of, what_is_wrong
    from noticeparse.fetch.sources import Source

    cause = what_is_wrong(url)
    if cause is not None:
        raise NoticeparseError(f"{printable(url)}: {cause}")
    name = app or host_of(url).replace(":", "-")
    return Source(name, name, url)
