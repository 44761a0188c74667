"""Versions of a store, read again as documents."""

from __future__ import annotations

from noticeparse.document import Document
from noticeparse.errors import InputError
from noticeparse.fetch.content import read_content
from noticeparse.fetch.store import Store, Version


def open_version(store: Store, version: Version, *, name: str | None = None) -> Document:
    """The document of a version: what a browser made of the page where it was rendered, else what the server sent.

    Args:
        store: Where it is.
        version: Which.
        name: The document's source; the address where not given.

    Raises:
        InputError: It cannot be read by this version of the program.
        StoreError: Its bytes are missing or damaged.
    """
    name = name or version.source.url
    rendered = version.rendered_sha256
    data = store.read(rendered or version.sha256)
    header = "text/html; charset=utf-8" if rendered else f"{version.media_type}; charset={version.charset}"
    content = read_content(
        data,
        source=name,
        header=header,
        encoding=None if rendered else version.source.encoding,
        selector=version.source.selector,
    )
    if content.document is None:
        raise InputError(name, content.problem.detail if content.problem else "cannot be read")
    return content.document


def version_name(version: Version) -> str:
    """A name for one of several versions of a source: its address and since when it stood there.

    Args:
        version: Which.
    """
    return f"{version.source.url}@{version.time}"
