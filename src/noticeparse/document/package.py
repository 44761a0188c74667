"""ZIP packages of Office: which kind one is, and whether it is safe to unpack."""

from __future__ import annotations

import io
import zipfile
import zlib

from noticeparse.document.xml_parts import check_part, size_of_tree
from noticeparse.errors import InputError
from noticeparse.pattern import Pattern

MAX_UNPACKED_BYTES = 100 * 1024 * 1024
#: Tags and attributes of its XML, cells counted thrice, whatever its size, and one in so many bytes beside. Each takes up to 300
#: bytes of memory; a document of a hundred pages has 100,000, in 100,000 bytes.
FREE_MARKS, BYTES_PER_MARK = 300_000, 4
_CONTENT_TYPES = "[Content_Types].xml"
_MAIN_REGEX = Pattern(
    rb"(wordprocessingml\.(?:document|template)|ms-word\.(?:document|template)|spreadsheetml\.(?:sheet|template)"
    rb"|ms-excel\.(?:sheet|template))[\w.]{0,60}main\+xml"
)
# RuntimeError: a password; NotImplementedError: a way of packing that Office does not use.
_DAMAGE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error)


def kind_of_package(data: bytes) -> str | None:
    """``DOCX`` or ``XLSX``, by the content types that it lists; ``None`` for a damaged or any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_CONTENT_TYPES) as stream:
            found = _MAIN_REGEX.search(stream.read(1_000_000))
    except (*_DAMAGE, KeyError, ValueError):
        return None
    if found is None:
        return None
    return "DOCX" if b"word" in found.group(1) else "XLSX"


def check_package(data: bytes, source: str, kind: str) -> None:
    """Refuse a package that is damaged, unpacks to too much, or holds XML that is not safe to parse.

    Args:
        data: The file's bytes.
        source: Name for the message.
        kind: ``DOCX`` or ``XLSX``, for the message.

    Raises:
        InputError: It is one of these.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(info.file_size for info in archive.infolist())
            if size > MAX_UNPACKED_BYTES:
                raise InputError(source, f"too large: unpacks to {size} bytes, limit {MAX_UNPACKED_BYTES}")
            marks, most = 0, FREE_MARKS + len(data) // BYTES_PER_MARK
            for info in archive.infolist():
                part = archive.read(info)  # never more than the size it declares
                cause = check_part(info.filename, part)
                if cause:
                    raise InputError(source, f"no readable {kind}: {info.filename} {cause}")
                marks += size_of_tree(part)
                if marks > most:
                    raise InputError(
                        source, f"too large: more than {most} tags and attributes in a file of {len(data)} bytes"
                    )
    except _DAMAGE as error:
        raise InputError(source, f"no readable {kind}: {error}") from error
