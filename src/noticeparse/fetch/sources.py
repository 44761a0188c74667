"""Lists of notices to fetch: CSV, TSV or JSON lines to checked ``Source`` rows."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import PurePath
from typing import Annotated, Any, Literal, get_args

import msgspec

from noticeparse.document.charset import decode
from noticeparse.errors import InputError
from noticeparse.fetch.addresses import what_is_wrong
from noticeparse.fetch.options import Render
from noticeparse.files import display, read_input
from noticeparse.pattern import Pattern
from noticeparse.records import Platform

Kind = Literal["sdk_list", "sharing_list", "policy"]
KINDS: tuple[str, ...] = get_args(Kind)
MAX_BYTES = 64 * 1024 * 1024
_LONGEST_URL = 4096
_HEADER_NAME_REGEX = Pattern(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_APP_ID_REGEX = Pattern(r"[\w.+-]{1,100}")
_OUR_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection", "user-agent", "cookie2"})


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One notice of one app, and where it is.

    Attributes:
        app_id: Short name of the app, the same in all its rows: letters, digits, ``.``, ``_``, ``+``, ``-``.
        name: The app's name as people know it.
        url: Address, http or https.
        platform: The client that the notice speaks of.
        kind: What the page is: a list of SDKs, a list of shared information, or a whole policy.
        selector: CSS selector of the part of the page that is the notice.
        encoding: Encoding, where the server names a wrong one.
        render: Whether the page is opened in a browser; the run's choice where not given.
        headers: Further request headers. They are sent to this address's own origin and are not stored.
        note: Anything.
    """

    app_id: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[\w.+-]+$")]
    name: Annotated[str, msgspec.Meta(min_length=1)]
    url: Annotated[str, msgspec.Meta(pattern=r"^[hH][tT][tT][pP][sS]?://", max_length=_LONGEST_URL)]
    platform: Platform | None = None
    kind: Kind | None = None
    selector: str | None = None
    encoding: str | None = None
    render: Render | None = None
    headers: dict[str, str] = {}
    note: str | None = None


FIELDS = Source.__struct_fields__
REQUIRED = ("app_id", "name", "url")


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one row; a CSV's or TSV's columns are its properties, ``headers`` a JSON object."""
    schema = msgspec.json.schema(Source)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "noticeparse source", **schema}


def read_sources(path: str) -> list[Source]:
    """Read a list that has nothing wrong with it.

    Args:
        path: ``.csv``, ``.tsv`` or ``.jsonl``; ``-`` is standard input. Another name is told by the first line.

    Raises:
        InputError: It cannot be read, or a row is wrong; the message names the line and the cause.
    """
    sources, problems = check_sources(path)
    if problems:
        more = f" (and {len(problems) - 1} more; noticeparse sources check lists them)" if len(problems) > 1 else ""
        line, cause = problems[0]
        raise InputError(f"{display(path)}:{line}", cause + more)
    return sources


def check_sources(path: str) -> tuple[list[Source], list[tuple[int, str]]]:
    """Read a list and find all that is wrong with it.

    Args:
        path: As for :func:`read_sources`.

    Returns:
        The rows that are right, and line and cause of each mistake.

    Raises:
        InputError: It cannot be read at all.
    """
    name = display(path)
    data = read_input(path, MAX_BYTES)
    if not data.strip():
        raise InputError(name, "empty file")
    text, _ = decode(name, data)
    sources: list[Source] = []
    problems: list[tuple[int, str]] = []
    seen: dict[tuple[str, str], int] = {}
    for line, row in _rows(text, PurePath(path).suffix.lower(), problems):
        found = _convert(row)
        if isinstance(found, str):
            problems.append((line, found))
            continue
        causes = list(_mistakes(found))
        first = seen.setdefault((found.app_id, found.url), line)
        if first != line:
            causes.append(f"the same app and url as line {first}")
        problems.extend((line, cause) for cause in causes)
        if not causes:
            sources.append(found)
    if not sources and not problems:
        problems.append((1, "no rows"))
    return sources, problems


def _rows(text: str, suffix: str, problems: list[tuple[int, str]]) -> Iterator[tuple[int, Any]]:
    first = text.lstrip().partition("\n")[0]
    if suffix in (".jsonl", ".ndjson") or (suffix not in (".csv", ".tsv") and first.startswith("{")):
        for line, content in enumerate(text.split("\n"), start=1):
            if content.strip():
                yield line, content
        return
    tabs = suffix == ".tsv" or (suffix != ".csv" and "\t" in first)
    reader = csv.reader(StringIO(text, newline=""), delimiter="\t" if tabs else ",", strict=True)
    try:
        yield from _table(reader, problems)
    except csv.Error as error:
        problems.append((reader.line_num, f"not {'TSV' if tabs else 'CSV'}: {error}"))


def _table(reader: Any, problems: list[tuple[int, str]]) -> Iterator[tuple[int, dict[str, str]]]:
    header = [cell.strip() for cell in next(reader, [])]
    unknown = [cell for cell in header if cell not in FIELDS]
    missing = [field for field in REQUIRED if field not in header]
    if unknown or missing or len(set(header)) < len(header):
        told = [f"unknown column {cell!r}" for cell in unknown] + [f"no column {field!r}" for field in missing]
        columns = f"columns: {', '.join(FIELDS)}"
        problems.append((1, f"{'; '.join(told) or 'a column stands twice'} ({columns})"))
        return
    last = reader.line_num
    for cells in reader:
        line, last = last + 1, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problems.append((line, f"{len(cells)} cells, the header has {len(header)}"))
            continue
        yield line, {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}


def _convert(row: Any) -> Source | str:
    """The source, or what is wrong with the row."""
    try:
        if isinstance(row, str):
            return msgspec.json.decode(row, type=Source)
        if "headers" in row:
            row = {**row, "headers": json.loads(row["headers"])}
        return msgspec.convert(row, Source)
    except msgspec.ValidationError as error:
        return str(error)
    except (msgspec.DecodeError, ValueError) as error:
        return f"not JSON: {error}"


def _mistakes(source: Source) -> Iterator[str]:
    cause = what_is_wrong(source.url)
    if cause:
        yield f"url: {cause}"
    if not _APP_ID_REGEX.fullmatch(source.app_id):
        yield f"app_id: {source.app_id!r} has other characters than letters, digits, '.', '_', '+' and '-'"
    if source.encoding is not None:
        try:
            codecs.lookup(source.encoding)
        except LookupError:
            yield f"encoding: {source.encoding!r} is unknown"
    if source.selector is not None:
        yield from _selector_mistakes(source.selector)
    for name, value in source.headers.items():
        if not _HEADER_NAME_REGEX.fullmatch(name) or name.lower() in _OUR_HEADERS:
            yield f"headers: {name!r} cannot be set"
        elif any(char in value for char in "\r\n\0"):
            yield f"headers: {name!r} has a line break in its value"


def _selector_mistakes(selector: str) -> Iterator[str]:
    import soupsieve

    try:
        soupsieve.compile(selector)
    except soupsieve.SelectorSyntaxError as error:
        yield f"selector: {str(error).splitlines()[0]}"
