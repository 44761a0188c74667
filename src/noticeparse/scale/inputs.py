"""Which files a run is about: those of folders, globs, addresses and stores of fetched notices.

Each comes with what tells whether its content is still the same, which is had without reading it.
"""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from noticeparse.document.detect import SUFFIXES
from noticeparse.errors import InputError, MissingInputError
from noticeparse.fetch.content import StoredAs
from noticeparse.files import display, find_inputs
from noticeparse.scale.errors import ScaleError, one_line
from noticeparse.scale.storage import (
    FileSystem,
    StorageOptions,
    is_address,
    open_storage,
    protocols,
    public_name,
    split_chain,
)

if TYPE_CHECKING:
    from noticeparse.fetch.store import Store

_STORE_INDEX = "index.sqlite3"
_MAGIC = "*?["
_PACKED = tuple(suffix + ending for suffix in SUFFIXES for ending in ("", ".gz"))
#: What storage calls a mark of a file's content, best first; then what it calls the time of the last change.
_MARKS = ("etag", "md5hash", "md5", "content_md5", "checksum", "crc", "crc32c", "generation", "version_id")
_TIMES = ("lastmodified", "last_modified", "mtime", "updated", "modified", "date_time", "created")


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """One file.

    Attributes:
        name: The notice's source in the records.
        location: Where it is: an absolute path, or an address.
        size: In bytes; ``None`` where the storage does not tell.
        mark: What changes when the content changes: a digest, an ETag, or the time of the last change; empty where the
            storage tells none.
        stored: How it is read, where it is an object of a store of fetched notices.
    """

    name: str
    location: str
    size: int | None
    mark: str
    stored: StoredAs | None = None


def find(arguments: Iterable[str | os.PathLike[str]], *, everything: bool, options: StorageOptions) -> list[Input]:
    """The files that a run is about, in the order of the arguments, each once.

    Args:
        arguments: Files, folders, globs, stores of fetched notices and addresses. A folder stands for the notices in it
            at any depth, as for ``noticeparse parse``.
        everything: All versions in a store, not only the newest of each source.
        options: Of the file systems behind addresses.

    Raises:
        MissingInputError: An argument stands for no file.
        InputError: A folder or file cannot be looked at.
        ScaleError: An address cannot be listed.
        StoreError: A store cannot be used.
    """
    found: dict[str, Input] = {}
    for argument in arguments:
        for one in _find_one(os.fspath(argument), everything, options):
            found.setdefault(one.name, one)
    return list(found.values())


def _find_one(argument: str, everything: bool, options: StorageOptions) -> Iterator[Input]:
    if is_address(argument) and not os.path.exists(argument):
        return _in_storage(argument, options)
    if os.path.isfile(os.path.join(argument, _STORE_INDEX)):
        return _in_store(argument, everything)
    return map(_on_disk, _matching(argument))


# ---------------------------------------------------------------- on this machine


def _matching(argument: str) -> list[str]:
    if os.path.exists(argument) or not any(character in argument for character in _MAGIC):
        return find_inputs(argument)
    found = sorted(path for path in glob.iglob(argument, recursive=True) if os.path.isfile(path))
    if not found:
        raise MissingInputError(display(argument), "no file matches")
    return found


def _on_disk(path: str) -> Input:
    try:
        status = os.stat(path)
    except FileNotFoundError as error:
        raise MissingInputError(display(path), "no such file") from error
    except OSError as error:
        raise InputError(display(path), error.strerror or "cannot be looked at") from error
    return Input(
        name=display(path), location=os.path.abspath(path), size=status.st_size, mark=f"mtime {status.st_mtime_ns}"
    )


def _in_store(folder: str, everything: bool) -> Iterator[Input]:
    from noticeparse.fetch.store import Store

    with Store(folder) as store:
        yield from sorted(_versions(store, everything), key=lambda one: one.name)


def _versions(store: Store, everything: bool) -> Iterator[Input]:
    from noticeparse.fetch.stored import object_of, version_name

    for version in store.versions(newest=not everything):
        digest, stored = object_of(version)
        path = store.path(digest)
        how = hashlib.sha256(msgspec.json.encode(stored)).hexdigest()
        yield Input(
            name=display(version_name(version) if everything else version.source.url),
            location=os.path.abspath(path),
            size=path.stat().st_size if path.is_file() else None,
            mark=f"sha256 {digest} {how[:8]}",
            stored=stored,
        )


# ---------------------------------------------------------------- behind addresses


def _in_storage(address: str, options: StorageOptions) -> Iterator[Input]:
    files, path = open_storage(address, options)
    before, body, behind = split_chain(address)
    try:
        base, details = _listed(files, path, body)
    except FileNotFoundError as error:
        raise MissingInputError(public_name(address), "no such file or folder") from error
    except Exception as error:
        raise ScaleError(f"{public_name(address)}: cannot be listed: {one_line(error)}") from error
    if not details:
        raise MissingInputError(public_name(address), "no notice there")
    for name, about in sorted(details.items()):
        full = address if base is None else before + _below(files, base, name) + behind
        yield Input(name=public_name(full), location=full, size=_size(about), mark=_mark(about))


def _listed(files: FileSystem, path: str, body: str) -> tuple[str | None, dict[str, dict[str, Any]]]:
    """Files by path with what the storage tells of each, and the address of the folder that they are below.

    Args:
        files: The file system.
        path: What to look for in it: a file, a folder or a glob.
        body: The address that the path comes from, without those that it is chained to.
    """
    web = protocols(files) & {"http", "https"}
    magic = "*[" if web else _MAGIC  # a question mark is part of a web address
    places = [place for place in map(body.find, magic) if place >= 0]
    if places and not files.exists(path):
        found = files.glob(path, detail=True)
        base = body[: body.rindex("/", 0, min(places)) + 1]
        return base, {name: about for name, about in found.items() if about.get("type") != "directory"}
    about = files.info(path)
    # A page with links passes for a folder: on the web only what ends like one is one.
    if about.get("type") != "directory" or (web and not path.endswith("/")):
        return None, {path: about}
    found = files.find(path, detail=True)
    return body, {name: about for name, about in found.items() if _is_notice(name.removeprefix(path))}


def _below(files: FileSystem, base: str, path: str) -> str:
    """The address of a file found below a folder."""
    if "://" in path:
        return path  # of HTTP, where paths are addresses
    rest = path.removeprefix(files._strip_protocol(base)).lstrip("/")
    return f"{base}{rest}" if base.endswith("/") else f"{base}/{rest}"


def _is_notice(path: str) -> bool:
    return path.lower().endswith(_PACKED) and not any(part.startswith(".") for part in path.split("/"))


def _size(about: dict[str, Any]) -> int | None:
    size = about.get("size")
    return int(size) if size is not None else None


def _mark(about: dict[str, Any]) -> str:
    told = {str(key).lower(): value for key, value in about.items() if value is not None}
    for name in (*_MARKS, *_TIMES):
        if name in told:
            return f"{name} {told[name]}"
    return ""
