"""Bytes to a ``Document``. Readers of a format, and the libraries under them, are imported when one is needed."""

from __future__ import annotations

import hashlib

from noticeparse.document.charset import decode
from noticeparse.document.detect import DOCX, check_is_text, media_type_of
from noticeparse.document.model import Document
from noticeparse.errors import InputError

DEFAULT_MAX_BYTES = 20 * 1024 * 1024

__all__ = ["DEFAULT_MAX_BYTES", "Document", "document_from_text", "read_document"]


def read_document(
    source: str, data: bytes, *, media_type: str | None = None, max_bytes: int = DEFAULT_MAX_BYTES
) -> Document:
    """Read a file's bytes.

    Args:
        source: Path or other name; its suffix tells the type.
        data: The bytes.
        media_type: ``text/plain``, ``text/html`` or ``text/markdown``, where the caller knows it.
        max_bytes: Largest size that is read, in bytes.

    Raises:
        InputError: Empty, too large, binary, undecodable or of an unsupported type.
    """
    if len(data) > max_bytes:
        raise InputError(source, f"too large: {len(data)} bytes, limit {max_bytes}")
    kind = media_type or media_type_of(source, data)
    if kind == DOCX:
        from noticeparse.document.docx import read_docx

        return read_docx(data, source=source, sha256=hashlib.sha256(data).hexdigest())
    check_is_text(source, data)
    text, encoding = decode(source, data, kind)
    if not text.strip():
        raise InputError(source, "empty file")
    return _read(text, kind, source, hashlib.sha256(data).hexdigest(), encoding)


def document_from_text(text: str, *, source: str = "<text>", media_type: str = "text/plain") -> Document:
    """Take text that is already decoded; an empty one gives an empty document.

    Args:
        text: The notice.
        source: Name for the records.
        media_type: How to read it.
    """
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _read(text, media_type, source, digest, None)


def _read(text: str, kind: str, source: str, digest: str, encoding: str | None) -> Document:
    if kind == "text/html":
        from noticeparse.document.html import read_html

        return read_html(text, source=source, sha256=digest, encoding=encoding)
    if kind == "text/markdown":
        from noticeparse.document.markdown import read_markdown

        return read_markdown(text, source=source, sha256=digest, encoding=encoding)
    return Document(source, digest, "text/plain", encoding, text)
