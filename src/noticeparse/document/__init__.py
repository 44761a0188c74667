"""Bytes to a ``Document``. Readers of a format, and the libraries under them, are imported when one is needed."""

from __future__ import annotations

import hashlib

from noticeparse.document.charset import decode
from noticeparse.document.detect import DOCX, HTML, MARKDOWN, check_signature, given_type, media_type_of, sniff
from noticeparse.document.model import Document
from noticeparse.document.plain import read_plain
from noticeparse.errors import InputError

DEFAULT_MAX_BYTES = 20 * 1024 * 1024

__all__ = ["DEFAULT_MAX_BYTES", "Document", "document_from_text", "read_document"]


def read_document(
    source: str, data: bytes, *, media_type: str | None = None, max_bytes: int = DEFAULT_MAX_BYTES
) -> Document:
    """Read a file's bytes.

    Args:
        source: Path or other name; its suffix tells the type, the content where there is none.
        data: The bytes.
        media_type: ``text/plain``, ``text/html`` or ``text/markdown``, where the caller knows it; a ``charset`` in it is
            heeded.
        max_bytes: Largest size that is read, in bytes.

    Raises:
        InputError: Empty, too large, binary, undecodable or of an unsupported type.
    """
    if len(data) > max_bytes:
        raise InputError(source, f"too large: {len(data)} bytes, limit {max_bytes}")
    charset = None
    if media_type is None:
        kind = media_type_of(source)
    else:
        kind, charset = given_type(source, media_type)
    digest = hashlib.sha256(data).hexdigest()
    if kind == DOCX:
        from noticeparse.document.docx import read_docx

        return read_docx(data, source=source, sha256=digest)
    check_signature(source, data)
    text, encoding = decode(source, data, charset)
    if not text.strip():
        raise InputError(source, "empty file")
    return _read(text, kind if kind and media_type else sniff(text, kind), source, digest, encoding)


def document_from_text(text: str, *, source: str = "<text>", media_type: str = "text/plain") -> Document:
    """Take text that is already decoded; an empty one gives an empty document.

    Args:
        text: The notice.
        source: Name for the records.
        media_type: How to read it.

    Raises:
        InputError: The type is not supported, or the text holds half a surrogate pair, which no encoding can write.
    """
    kind, _ = given_type(source, media_type)
    if kind == DOCX:
        raise InputError(source, "a DOCX is read from bytes, not from text")
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(source, f"half a surrogate pair at offset {error.start}") from error
    return _read(text, kind, source, hashlib.sha256(data).hexdigest(), None)


def _read(text: str, kind: str, source: str, digest: str, encoding: str | None) -> Document:
    if kind == HTML:
        from noticeparse.document.html import read_html

        return read_html(text, source=source, sha256=digest, encoding=encoding)
    if kind == MARKDOWN:
        from noticeparse.document.markdown import read_markdown

        return read_markdown(text, source=source, sha256=digest, encoding=encoding)
    return read_plain(text, source=source, sha256=digest, encoding=encoding)
