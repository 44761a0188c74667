"""What kind of file an input is, told by its name and its first bytes."""

from __future__ import annotations

import re
from pathlib import PurePath

from noticeparse.errors import InputError

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SUFFIXES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".docx": DOCX,
}
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (DOCX or XLSX?)"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "gzip data"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"\x7fELF", "a program"),
)
_HTML_REGEX = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<body[\s>]|<(?:p|div|table|h[1-6]|ul)(?:\s[^<>]{0,400})?>", re.I
)
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}


def media_type_of(source: str, data: bytes) -> str:
    """Media type of an input by its suffix, or by its content where the name has none.

    Args:
        source: File name, or ``-`` and the like.
        data: The bytes.

    Raises:
        InputError: The suffix is not supported.
    """
    suffix = PurePath(source).suffix.lower()
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if suffix and not source.startswith("<"):
        raise InputError(source, f"unsupported type {suffix} (supported: {' '.join(sorted(SUFFIXES))})")
    return "text/html" if _HTML_REGEX.search(data[:4096]) else "text/plain"


def check_is_text(source: str, data: bytes) -> None:
    """Refuse what is plainly no text.

    Args:
        source: Name for the message.
        data: The bytes.

    Raises:
        InputError: The bytes are empty, another kind of file, or binary.
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise InputError(source, "empty file")
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(source, f"looks like {name}, not text")
    head = data[:65536]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or looks_like_utf16(head):
        return
    controls = sum(byte in _CONTROLS for byte in head)
    if b"\x00" in head or controls * 50 > len(head):
        raise InputError(source, "binary data, not text")


def looks_like_utf16(head: bytes) -> str | None:
    """``utf-16-le`` or ``utf-16-be`` for bytes without a mark whose NULs or line breaks stand at one parity only."""
    if len(head) < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    # Chinese text has few NULs; those of blanks, digits and line breaks stand on one side, those of 一 (U+4E00) and the
    # like on the other.
    if odd > 4 * even and odd * 100 >= len(head) and _decodes(head, "utf-16-le"):
        return "utf-16-le"
    if even > 4 * odd and even * 100 >= len(head) and _decodes(head, "utf-16-be"):
        return "utf-16-be"
    return None


def _decodes(head: bytes, encoding: str) -> bool:
    cut = len(head) - len(head) % 2
    try:
        text = head[: max(2, cut - 2)].decode(encoding)
    except UnicodeDecodeError:
        return False
    wide = sum("\u4e00" <= char <= "\u9fff" or char < "\u0080" or "\u3000" <= char <= "\u303f" for char in text)
    return wide * 10 >= len(text) * 7
