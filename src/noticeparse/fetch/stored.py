"""Versions of a store, read again as documents."""

from __future__ import annotations

from noticeparse.document import Document
from noticeparse.fetch.content import StoredAs, read_stored
from noticeparse.fetch.store import Store, Version


def object_of(version: Version) -> tuple[str, StoredAs]:
    """The object that holds a version, and how it is read.

    It is what a browser made of the page where it was rendered, else what the server sent.

    Args:
        version: Which.

    Returns:
        The object's digest, and what is known of its bytes.
    """
    selector = version.source.selector
    if version.rendered_sha256:
        return version.rendered_sha256, StoredAs(header="text/html; charset=utf-8", selector=selector)
    header = f"{version.media_type}; charset={version.charset}"
    return version.sha256, StoredAs(header=header, encoding=version.source.encoding, selector=selector)


def open_version(store: Store, version: Version, *, name: str | None = None) -> Document:
    """The document of a version.

    Args:
        store: Where it is.
        version: Which.
        name: The document's source; the address where not given.

    Raises:
        InputError: It cannot be read by this version of the program.
        StoreError: Its bytes are missing or damaged.
    """
    digest, stored = object_of(version)
    return read_stored(store.read(digest), name or version.source.url, stored)


def version_name(version: Version) -> str:
    """A name for one of several versions of a source: its address and since when it stood there.

    Args:
        version: Which.
    """
    return f"{version.source.url}@{version.time}"
