"""Records to JSON and back: one object, an array, or one object a line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from noticeparse.errors import RecordError
from noticeparse.files import atomic_output, display
from noticeparse.records import READABLE_VERSIONS, Notice

_BOM = b"\xef\xbb\xbf"


class _Head(msgspec.Struct):
    """What is looked at before the rest is believed."""

    schema_version: str


@lru_cache(maxsize=1)
def _decoder() -> msgspec.json.Decoder[Notice]:
    """Built when records are first read: a program that only writes some shall not wait for it."""
    return msgspec.json.Decoder(Notice)


def encode_line(notice: Notice) -> bytes:
    """One notice as one line of JSON in UTF-8, with the line break."""
    return msgspec.json.encode(notice) + b"\n"


def encode_object(notice: Notice) -> bytes:
    """One notice as indented JSON in UTF-8, with a line break at the end."""
    return indent_line(encode_line(notice))


def indent_line(line: bytes) -> bytes:
    """A line of JSON as an indented object, with a line break at the end.

    Args:
        line: As :func:`encode_line` gives it.
    """
    return msgspec.json.format(line, indent=1) + b"\n"


def decode_line(line: bytes) -> Notice:
    """The notice of a line that :func:`encode_line` of this version made.

    Args:
        line: With or without the line break.

    Raises:
        msgspec.DecodeError: It is another one.
    """
    return _decoder().decode(line)


def write_notices(path: Path | str, notices: Iterable[Notice]) -> None:
    """Write records as JSON lines. The file appears whole, or an older one stays as it is.

    Args:
        path: Where to write.
        notices: In the order of the file.

    Raises:
        NoticeparseError: The file cannot be written.
    """
    with atomic_output(os.fspath(path)) as file:
        for notice in notices:
            file.write(encode_line(notice))


def read_notices(path: Path | str) -> list[Notice]:
    """Read records back that ``noticeparse parse`` or :func:`write_notices` wrote, this version's or an older one's.

    Args:
        path: A file with one JSON object, a JSON array of objects, or one object a line. Blank lines do not count.

    Returns:
        Records equal to those written, in the order of the file.

    Raises:
        RecordError: The file is missing, empty or not UTF-8 JSON, a field is absent or of the wrong type, or the schema
            version is another one. The message names file, line and cause.
    """
    name = display(os.fspath(path))
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise RecordError(f"{name}: {error.strerror or 'cannot be read'}") from error
    return decode_notices(data, name)


def decode_notices(data: bytes, name: str) -> list[Notice]:
    """Records from the bytes of a file.

    Args:
        data: As :func:`read_notices` finds them in the file.
        name: What messages call the file.

    Raises:
        RecordError: As :func:`read_notices`.
    """
    data = data.removeprefix(_BOM)
    if not data.strip():
        raise RecordError(f"{name}: empty")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RecordError(f"{name}:{line}: not UTF-8: {error.reason}") from error
    return [_decode(raw, f"{name}:{line}") for line, raw in _split(data, name)]


def _split(data: bytes, name: str) -> Iterator[tuple[int, bytes]]:
    """The objects of a file, each with the number of its first line."""
    start = len(data) - len(data.lstrip())
    if data[start : start + 1] == b"[":
        yield from _elements(data, name)
    elif _is_json(data[start:].split(b"\n", 1)[0]):
        for number, line in enumerate(data.split(b"\n"), start=1):
            if line.strip():
                yield number, line
    else:
        yield data.count(b"\n", 0, start) + 1, data[start:]


def _elements(data: bytes, name: str) -> Iterator[tuple[int, bytes]]:
    try:
        elements = msgspec.json.decode(data, type=list[msgspec.Raw])
    except msgspec.DecodeError as error:
        raise RecordError(f"{name}:{_line_of(error, data, 1)}: {error}") from error
    position, line = 0, 1
    for element in elements:
        raw = bytes(element)
        start = data.index(raw, position)
        line += data.count(b"\n", position, start)
        yield line, raw
        position = start + len(raw)
        line += raw.count(b"\n")


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True


def _decode(raw: bytes, place: str) -> Notice:
    name, _, line = place.rpartition(":")
    try:
        version = msgspec.json.decode(raw, type=_Head).schema_version
        if version not in READABLE_VERSIONS:
            known = " and ".join(map(repr, READABLE_VERSIONS))
            raise RecordError(f"{place}: schema version {version!r}; this program reads {known}")
        return _decoder().decode(raw)
    except msgspec.DecodeError as error:
        raise RecordError(f"{name}:{_line_of(error, raw, int(line))}: {error}") from error


def _line_of(error: Exception, data: bytes, first: int) -> int:
    """Line of a decoding error: malformed JSON comes with a byte position, a wrong field with a path only."""
    _, found, tail = str(error).rpartition("(byte ")
    if not found or not tail.rstrip(")").isdigit():
        return first
    return first + data.count(b"\n", 0, int(tail.rstrip(")")))
