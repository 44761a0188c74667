"""Bytes to a ``Document``. Readers of a format, and the libraries under them, are imported when one is needed."""

from __future__ import annotations

import hashlib

from msgspec.structs import replace

from noticeparse.document.charset import decode
from noticeparse.document.compressed import is_gzip, unpack
from noticeparse.document.detect import (
    BINARY,
    CSV,
    DOCX,
    HTML,
    MARKDOWN,
    MHTML,
    NAMES,
    PDF,
    PLAIN,
    TSV,
    check_signature,
    given_type,
    kind_by_content,
    looks_like_html,
    media_type_of,
    sniff,
)
from noticeparse.document.model import Document
from noticeparse.document.plain import first_lines, read_plain
from noticeparse.errors import InputError
from noticeparse.limits import DEFAULT_MAX_BYTES

__all__ = ["Document", "document_from_text", "read_document"]


def read_document(
    source: str, data: bytes, *, media_type: str | None = None, max_bytes: int = DEFAULT_MAX_BYTES
) -> Document:
    """Read a file's bytes.

    What the content tells beyond doubt (PDF, DOCX, XLSX, MHTML, gzip) counts more than the name.

    Args:
        source: Path or other name; its suffix tells the type, the content where there is none.
        data: The bytes.
        media_type: Type of the content, where the caller knows it; a ``charset`` in it is heeded.
        max_bytes: Largest size that is read, in bytes; of gzip data also the largest that is unpacked to.

    Raises:
        InputError: Empty, too large, damaged, undecodable or of an unsupported type.
    """
    if len(data) > max_bytes:
        raise InputError(source, f"too large: {len(data)} bytes, limit {max_bytes}")
    digest = hashlib.sha256(data).hexdigest()
    if is_gzip(data):
        data = unpack(data, source, max_bytes)
    given, charset = (None, None) if media_type is None else given_type(source, media_type)
    kind = kind_by_content(data)
    if kind in BINARY:
        return _read_damaged(data, kind, source, digest)
    kind = given or media_type_of(source)
    check_signature(source, data)
    if kind in BINARY:
        if not looks_like_html(data):
            raise InputError(source, f"no readable {NAMES[kind]}: damaged, or another kind of file")
        kind = given = HTML
    text, encoding = decode(source, data, charset)
    if not text.strip():
        raise InputError(source, "empty file")
    return _read_text(text, given or sniff(text, kind), source, digest, encoding)


def document_from_text(text: str, *, source: str = "<text>", media_type: str = "text/plain") -> Document:
    """Take text that is already decoded; an empty one gives an empty document.

    Args:
        text: The notice.
        source: Name for the records.
        media_type: How to read it.

    Raises:
        InputError: The type is not supported, or the text holds half a surrogate pair, which no encoding can write.
    """
    kind = given_type(source, media_type)[0] or PLAIN
    if kind in BINARY:
        raise InputError(source, f"{NAMES[kind]} is read from bytes, not from text")
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(source, f"half a surrogate pair at offset {error.start}") from error
    return _read_text(text, kind, source, hashlib.sha256(data).hexdigest(), None)


def _read_damaged(data: bytes, kind: str, source: str, digest: str) -> Document:
    """Read a file that may be damaged in any way.

    The libraries under the readers raise whatever comes up where a file does not hold what they look for, or is nested
    deeper than they can follow.
    """
    try:
        return _read_binary(data, kind, source, digest)
    except InputError:
        raise
    except RecursionError as error:
        raise InputError(source, f"no readable {NAMES[kind]}: nested too deep, or in a circle") from error
    except Exception as error:
        raise InputError(source, f"no readable {NAMES[kind]}: damaged ({type(error).__name__}: {error})") from error


def _read_binary(data: bytes, kind: str, source: str, digest: str) -> Document:
    if kind == PDF:
        from noticeparse.document.pdf import read_pdf

        return read_pdf(data, source=source, sha256=digest)
    if kind == DOCX:
        from noticeparse.document.docx import read_docx

        return read_docx(data, source=source, sha256=digest)
    if kind == MHTML:
        from noticeparse.document.html import read_html
        from noticeparse.document.mhtml import read_page

        page = read_page(data, source)
        text, encoding = decode(source, page.html, page.charset)
        return read_html(text, source=source, sha256=digest, encoding=encoding, media_type=MHTML)
    from noticeparse.document.sheet import read_xlsx

    return read_xlsx(data, source=source, sha256=digest)


def _read_text(text: str, kind: str, source: str, digest: str, encoding: str | None) -> Document:
    if kind == HTML:
        from noticeparse.document.html import read_html

        return read_html(text, source=source, sha256=digest, encoding=encoding)
    text, notes = first_lines(text, markdown=kind == MARKDOWN)
    document = _read_lines(text, kind, source, digest, encoding)
    return replace(document, diagnostics=(*notes, *document.diagnostics)) if notes else document


def _read_lines(text: str, kind: str, source: str, digest: str, encoding: str | None) -> Document:
    if kind == MARKDOWN:
        from noticeparse.document.markdown import read_markdown

        return read_markdown(text, source=source, sha256=digest, encoding=encoding)
    if kind in (CSV, TSV):
        from noticeparse.document.sheet import read_separated

        return read_separated(text, source=source, sha256=digest, encoding=encoding, media_type=kind)
    return read_plain(text, source=source, sha256=digest, encoding=encoding)
