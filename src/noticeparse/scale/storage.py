"""Folders and files behind addresses: local ones, and whatever fsspec has a file system for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, TypeAlias

from noticeparse.errors import NoticeparseError
from noticeparse.files import display
from noticeparse.scale.errors import ScaleError, one_line, require

#: An fsspec file system; the package has no types of its own.
FileSystem: TypeAlias = Any
#: Options of a file system, such as ``{"anon": True}``; they go to the workers.
StorageOptions: TypeAlias = Mapping[str, Any]

#: Storage where a file appears whole or not at all when it is written, and where renaming is copying.
_OBJECT_STORES = frozenset(
    {*("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss", "obs", "oci", "r2", "hf"), "memory"}
)


def is_address(text: str) -> bool:
    """Whether a text is an address and not a path: ``s3://bucket/notices``, ``zip://*.html::notices.zip``.

    Args:
        text: As the user gave it.
    """
    return "://" in text or "::" in text


def open_storage(address: str, options: StorageOptions) -> tuple[FileSystem, str]:
    """The file system of an address, and the path in it.

    Args:
        address: An address, or a path of this machine.
        options: Of the file system.

    Raises:
        ScaleError: There is no file system for it, or a package is missing for it.
    """
    require("fsspec")
    import fsspec

    try:
        if not is_address(address):
            return fsspec.filesystem("file"), os.path.abspath(address)
        files, path = fsspec.core.url_to_fs(address, **options)
    except NoticeparseError:
        raise
    except Exception as error:
        raise ScaleError(f"{public_name(address)}: cannot be opened: {one_line(error)}") from error
    return files, path


def is_local(files: FileSystem) -> bool:
    """Whether a file system is that of the machine.

    Args:
        files: An fsspec file system.
    """
    return "file" in protocols(files)


def is_object_store(files: FileSystem) -> bool:
    """Whether files appear whole when they are written.

    Args:
        files: An fsspec file system.
    """
    return bool(_OBJECT_STORES & protocols(files))


def protocols(files: FileSystem) -> frozenset[str]:
    """The schemes of a file system's addresses.

    Args:
        files: An fsspec file system.
    """
    names = files.protocol
    return frozenset((names,) if isinstance(names, str) else names)


def public_name(address: str) -> str:
    """An address as it can be shown and stored: without user name and password, and as :func:`display` shows it.

    Args:
        address: An address or a path.
    """
    if not is_address(address):
        return display(address)
    return display("::".join(map(_without_user, address.split("::"))))


def _without_user(address: str) -> str:
    scheme, separator, rest = address.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{separator}{authority.rpartition('@')[2]}{slash}{path}" if separator else address


def split_chain(address: str) -> tuple[str, str, str]:
    """The part of a chained address that names files, between what is before and behind it.

    ``zip://*.html::s3://b/n.zip`` names them with ``zip://*.html``, ``simplecache::s3://b/n`` with ``s3://b/n``.

    Args:
        address: An address.
    """
    head, separator, rest = address.partition("::")
    if separator and "://" not in head:
        before, body, behind = split_chain(rest)
        return f"{head}::{before}", body, behind
    return "", head, separator + rest
