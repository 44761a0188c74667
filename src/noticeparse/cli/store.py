"""``noticeparse store …``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from noticeparse.cli.progress import printable
from noticeparse.cli.running import open_store
from noticeparse.cli.tools import counted, lexicon_option, open_output, output_option, report
from noticeparse.errors import NoticeparseError
from noticeparse.files import atomic_output

if TYPE_CHECKING:
    from noticeparse.fetch.store import Store, Version

_store_option = click.option("--store", "folder", metavar="DIR", required=True, help="The store.")


@click.group(epilog="Example: noticeparse store ls --store notices")
def store() -> None:
    """Look into a store of fetched notices, and look after it."""


@store.command(epilog="Example: noticeparse store ls --store notices")
@click.argument("wanted", metavar="[APP|URL]...", nargs=-1)
@_store_option
@click.option("--all", "everything", is_flag=True, help="Every version, not only the newest of each source.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
def ls(wanted: tuple[str, ...], folder: str, everything: bool, form: str) -> None:
    """List versions: number, time, type, size, app, address. Sources without a version are listed with their last failure."""
    import msgspec

    with open_store(folder) as opened:
        sources = opened.sources(wanted)
        versions = opened.versions(sources, newest=not everything)
        have = {version.source_id for version in versions}
        if form == "jsonl":
            for version in versions:
                click.echo(msgspec.json.encode(_facts(version)).decode("utf-8"))
            return
        for version in versions:
            kind = version.media_type + (" rendered" if version.rendered_sha256 else "")
            row = f"{version.id:>6}  {version.time}  {kind:<10}  {version.size:>9}  {version.source.app_id}  {version.source.url}"
            click.echo(printable(row))
        for number, source in sources.items():
            if number not in have:
                rows = opened.fetches(source=number)
                told = f"{rows[-1]['outcome']}: {rows[-1]['detail']}" if rows else "not fetched yet"
                click.echo(printable(f"     -  {source.app_id}  {source.url}  {told}"))


@store.command(epilog="Example: noticeparse store show example-mall --store notices --text")
@click.argument("which", metavar="VERSION|APP|URL")
@_store_option
@click.option("--raw", "what", flag_value="raw", help="The bytes that the server sent.")
@click.option("--rendered", "what", flag_value="rendered", help="The page as the browser had it.")
@click.option("--text", "what", flag_value="text", help="The text that records point into.")
@output_option
def show(which: str, folder: str, what: str | None, output: str | None) -> None:
    """Print what is known of a version, or what it holds. An app or URL stands for its newest version."""
    import msgspec

    from noticeparse.fetch.stored import open_version

    with open_store(folder) as opened:
        version = _find(opened, which)
        if what == "text":
            data = open_version(opened, version).text.encode("utf-8", "replace")
        elif what == "rendered":
            if version.rendered_sha256 is None:
                raise NoticeparseError(f"version {version.id} was not rendered")
            data = opened.read(version.rendered_sha256)
        elif what == "raw":
            data = opened.read(version.sha256)
        else:
            rows = opened.fetches(source=version.source_id)
            first = next(row for row in rows if row["version"] == version.id)
            facts = {**_facts(version), "fetch": {**first, **_decoded(first)}}
            facts["fetch"]["seen"] = sum(row["version"] == version.id for row in rows)
            data = msgspec.json.format(msgspec.json.encode(facts), indent=1) + b"\n"
        with open_output(output) as stream:
            stream.write(data)


@store.command("diff", epilog="Example: noticeparse store diff example-mall --store notices")
@click.argument("which", metavar="VERSION|APP|URL")
@click.argument("other", metavar="[VERSION]", required=False, type=int)
@_store_option
@lexicon_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def diff(which: str, other: int | None, folder: str, lexicon: str | None, form: str) -> None:
    """Compare a version with the one before it, or two versions, the older one first."""
    from pathlib import Path

    import msgspec

    from noticeparse.cli.changes import lines
    from noticeparse.lexicon.load import load_lexicon
    from noticeparse.watch import diff_versions

    with open_store(folder) as opened:
        version = _find(opened, which)
        if other is not None:
            old, new = version, opened.version(other)
        elif version.parent is None:
            raise NoticeparseError(f"version {version.id} of {version.source.app_id} is the first one")
        else:
            old, new = opened.version(version.parent), version
        found = diff_versions(opened, old, new, load_lexicon(None if lexicon is None else Path(lexicon)))
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1).decode("utf-8"))
    else:
        click.echo("\n".join(lines(found)))


@store.command(epilog="Example: noticeparse store verify --store notices")
@_store_option
@click.pass_context
def verify(ctx: click.Context, folder: str) -> None:
    """Check that the index is whole and every object has the bytes of its digest. The exit status is 1 if not."""
    with open_store(folder) as opened:
        problems = opened.verify()
        objects = len(opened.referenced())
    for problem in problems:
        click.echo(problem)
    if problems:
        report(f"{folder}: {counted(len(problems), 'problem')}")
        ctx.exit(1)
    click.echo(f"ok: {objects} objects")


@store.command(epilog="Example: noticeparse store gc --store notices")
@_store_option
def gc(folder: str) -> None:
    """Remove what a killed run left behind: objects that nothing refers to. Versions are never removed."""
    with open_store(folder) as opened:
        files, size = opened.collect_garbage()
    click.echo(f"removed {counted(files, 'file')}, {counted(size, 'byte')}")


@store.command(epilog="Example: noticeparse store export --store notices --warc notices.warc.gz")
@click.argument("wanted", metavar="[APP|URL]...", nargs=-1)
@_store_option
@click.option("--warc", metavar="FILE", required=True, help="Write a WARC 1.1, gzipped by record.")
@click.option("--newest", is_flag=True, help="Only the newest version of each source.")
def export(wanted: tuple[str, ...], folder: str, warc: str, newest: bool) -> None:
    """Export versions to a WARC: what the server sent, and what the browser made of it."""
    from noticeparse.fetch.warc import write_warc

    with open_store(folder) as opened:
        versions = opened.versions(opened.sources(wanted), newest=newest)
        with atomic_output(warc) as stream:
            written = write_warc(stream, opened, versions)
    click.echo(f"{written} records of {len(versions)} versions")


def _find(opened: Store, which: str) -> Version:
    """A version by its number, or the newest one of an app or address."""
    if which.isdecimal():
        return opened.version(int(which))
    found = opened.versions(opened.sources([which]), newest=True)
    if len(found) != 1:
        numbers = ", ".join(str(version.id) for version in found)
        raise NoticeparseError(
            f"{which}: {f'several sources; name a version: {numbers}' if found else 'no version yet'}"
        )
    return found[0]


def _facts(version: Version) -> dict[str, Any]:
    import msgspec

    facts = {name: value for name, value in asdict(version).items() if name not in ("source", "source_id")}
    return {**msgspec.to_builtins(version.source), **facts}


def _decoded(row: dict[str, Any]) -> dict[str, Any]:
    import json

    return {name: json.loads(row[name]) for name in ("redirects", "headers") if row[name]}
