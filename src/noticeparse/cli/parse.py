"""``noticeparse parse``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from noticeparse.cli.recording import Form, Inputs, Target, Workers, record_all
from noticeparse.cli.tools import (
    lexicon_option,
    max_bytes_option,
    output_option,
    report,
    sample_path,
    to_terminal,
)
from noticeparse.errors import InputError, NoticeparseError
from noticeparse.files import JOURNAL_SUFFIX, STANDARD_STREAM, display, find_inputs, read_input

if TYPE_CHECKING:
    from noticeparse.many.worker import Setup

_EPILOG = """\b
Examples:
  noticeparse parse notice.html
  noticeparse parse notices/ --jobs 0 --output records.jsonl
  noticeparse parse --store fetched --all --output records.jsonl
  curl -s https://example.com/sdk.html | noticeparse parse - --format json
"""
_SAMPLE_NAME = "<sample>"
_TIMEOUT = 60.0


@click.command(epilog=_EPILOG)
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--sample", is_flag=True, help="Parse the sample notice that the package brings.")
@click.option(
    "--store", metavar="DIR", help="Parse the versions of a store of fetched notices; FILE is then an app or URL."
)
@click.option(
    "--all", "everything", is_flag=True, help="With --store: every version, not only the newest of each source."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "jsonl", "table"]),
    help="Default: table on a terminal; elsewhere json for one file, jsonl for several or a folder.",
)
@output_option
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(0, 1024),
    metavar="N",
    help="Parse in N processes, 0 for one on each core; a notice that ends its process costs itself alone. "
    "Default: in this process.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help=f"Give a notice up that takes longer, 0 for never. Default: {_TIMEOUT:g} with --jobs.",
)
@click.option(
    "--fresh", is_flag=True, help="Parse everything again and replace the output, whatever an earlier run has left."
)
@lexicon_option
@max_bytes_option
@click.pass_context
def parse(
    ctx: click.Context,
    files: tuple[str, ...],
    sample: bool,
    store: str | None,
    everything: bool,
    form: str | None,
    output: str | None,
    jobs: int | None,
    timeout: float | None,
    fresh: bool,
    lexicon: str | None,
    max_bytes: int,
) -> None:
    """Parse notices into records.

    Each FILE is a notice as text, HTML, MHTML, Markdown, PDF, DOCX, XLSX, CSV or TSV, perhaps packed with gzip, a folder that
    is searched for them, or - for standard input. Several files or a folder give one JSON object a line, in the order of the input. A file that cannot be read gives a line on
    standard error and exit status 1; the others are still parsed.

    Records that go a line each to a file (--output) are recorded at once in a file beside it, whose name ends in .part. A run that was
    stopped is continued by the same command: what is unchanged since is taken over, also from the output itself, what failed is
    tried again, and records of other files stay in the output, in front.
    """
    workers = _workers(jobs, timeout)
    several = store is not None or len(files) > 1 or any(os.path.isdir(name) for name in files)
    target = Target(_form(form or ("table" if to_terminal(output) else "json"), several), output, fresh)
    if fresh and target.continued is None:
        raise click.UsageError("--fresh is for one record a line in a file: name it with --output.", ctx)
    if store is not None:
        if sample:
            raise click.UsageError("--sample and --store exclude each other.", ctx)
        ctx.exit(int(_parse_store(store, files, everything, lexicon, target, workers)))
    if everything:
        raise click.UsageError("--all is for --store.", ctx)
    if sample == bool(files):
        raise click.UsageError("name a FILE, or use --sample." if files == () else "--sample takes no FILE.", ctx)
    if workers is not None and (sample or STANDARD_STREAM in files):
        raise click.UsageError("--jobs and --timeout are for files, not for standard input or --sample.", ctx)
    if sample:
        ctx.exit(int(record_all(_files([str(sample_path())], lexicon, max_bytes, name=_SAMPLE_NAME), target, None)))
    paths, refused = _expand(files)
    if output is not None:
        _refuse_overwriting(output, paths, ctx)
    failed = refused > 0
    if paths:
        failed = record_all(_files(paths, lexicon, max_bytes), target, workers, refused=refused)
    ctx.exit(int(failed))


def _form(chosen: str, several: bool) -> Form:
    if chosen == "table":
        return "table"
    return "lines" if several or chosen == "jsonl" else "json"


def _workers(jobs: int | None, timeout: float | None) -> Workers | None:
    if jobs is None and timeout is None:
        return None
    if jobs == 0:
        from noticeparse.many.parallel import usable_cores

        jobs = usable_cores()
    return Workers(jobs or 1, (_TIMEOUT if timeout is None else timeout) or None)


def _files(paths: Sequence[str], lexicon: str | None, max_bytes: int, name: str | None = None) -> Inputs:
    """Files, called by their paths or by one name, which does not tell where the sample happens to be installed."""
    from noticeparse.lexicon.load import load_lexicon
    from noticeparse.many.outcome import parse_file

    vocabulary = load_lexicon(lexicon)

    def setup() -> Setup:
        from noticeparse.many.parallel import prepare_files

        return partial(prepare_files, lexicon, vocabulary.version, max_bytes)

    return Inputs(
        tasks=paths,
        name=lambda path: display(name or path),
        digest=partial(_digest, max_bytes=max_bytes),
        parse=partial(parse_file, lexicon=vocabulary, max_bytes=max_bytes, name=name),
        setup=setup,
        lexicon_version=vocabulary.version,
    )


def _digest(path: str, *, max_bytes: int) -> str | None:
    """SHA-256 of a file. What cannot be read has none, and is told by the parse of it."""
    from hashlib import sha256

    try:
        return None if path == STANDARD_STREAM else sha256(read_input(path, max_bytes)).hexdigest()
    except InputError:
        return None


def _parse_store(
    folder: str,
    wanted: Sequence[str],
    everything: bool,
    lexicon: str | None,
    target: Target,
    workers: Workers | None,
) -> bool:
    """Parse a store's versions. Gives whether any failed."""
    from noticeparse.fetch.store import Store
    from noticeparse.lexicon.load import load_lexicon
    from noticeparse.many.versions import digest_of, parse_version, prepare_versions, source_of

    vocabulary = load_lexicon(lexicon)
    with Store(folder) as store:
        versions = {
            str(version.id): version for version in store.versions(store.sources(wanted), newest=not everything)
        }
        if not versions:
            raise NoticeparseError(f"{display(folder)}: no version in this store yet")
        inputs = Inputs(
            tasks=list(versions),
            name=lambda task: source_of(versions[task], dated=everything),
            digest=lambda task: digest_of(versions[task]),
            parse=lambda task: parse_version(store, versions[task], vocabulary, dated=everything),
            setup=lambda: partial(prepare_versions, folder, everything, lexicon, vocabulary.version),
            lexicon_version=vocabulary.version,
        )
        return record_all(inputs, target, workers)


def _expand(arguments: Sequence[str]) -> tuple[list[str], int]:
    """The files that the arguments mean, and how many arguments mean none."""
    paths: list[str] = []
    refused = 0
    for argument in arguments:
        try:
            paths.extend(find_inputs(argument))
        except NoticeparseError as error:
            report(str(error))
            refused += 1
    return paths, refused


def _refuse_overwriting(output: str, paths: Sequence[str], ctx: click.Context) -> None:
    target = os.path.realpath(output)
    written = (target, target + JOURNAL_SUFFIX)
    if any(path != STANDARD_STREAM and os.path.realpath(path) in written for path in paths):
        raise click.BadParameter(f"{display(output)} is one of the notices.", ctx, param_hint="'--output'")
