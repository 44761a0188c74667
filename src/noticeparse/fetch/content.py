"""What was sent, told by its bytes: its media type, its encoding, its document. Neither its name nor its header is believed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from noticeparse.document import read_document
from noticeparse.document.charset import decode
from noticeparse.document.detect import HTML, MARKDOWN, PLAIN, kind_by_content, sniff
from noticeparse.errors import InputError
from noticeparse.fetch.outcome import Outcome, Verdict
from noticeparse.pattern import Pattern

if TYPE_CHECKING:
    from noticeparse.document import Document

BINARY = "application/octet-stream"
# Of what no reader is for; what there is one for is told by ``kind_by_content``.
_SIGNATURES = (
    (b"PK\x03\x04", "application/zip"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"{\\rtf", "application/rtf"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
)
_CHARSET_REGEX = Pattern(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
_BLANK = b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes and what they are.

    Attributes:
        media_type: By content.
        charset: Python's name of the encoding; ``None`` for what is no text.
        text: Decoded text, source and all; ``None`` for what is no text.
        document: What a reader sees; ``None`` where it cannot be read.
        problem: Why there is no document.
    """

    media_type: str
    charset: str | None
    text: str | None
    document: Document | None
    problem: Verdict | None


class StoredAs(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an object's bytes beside the bytes.

    Attributes:
        header: Their ``Content-Type``.
        encoding: The encoding that the list of sources gives.
        selector: CSS selector of the part of an HTML page that is the notice.
    """

    header: str
    encoding: str | None = None
    selector: str | None = None


def read_content(
    data: bytes, *, source: str, header: str | None = None, encoding: str | None = None, selector: str | None = None
) -> Content:
    """Tell what bytes are and read them.

    Args:
        data: The bytes.
        source: Name for the document.
        header: The ``Content-Type`` that came with them; only its charset counts, and only as a hint.
        encoding: Encoding that the user knows; it comes before the header's.
        selector: CSS selector of the part of an HTML page that is the notice.
    """
    if not data.strip(_BLANK):
        return Content(PLAIN, None, None, None, Verdict(Outcome.EMPTY, f"{len(data)} bytes, all blank"))
    media_type = kind_by_content(data) or _by_signature(data)
    if media_type is not None:
        return _read_binary(data, media_type, source)
    hint = encoding or _charset(header)
    try:
        text, charset = decode(source, data, hint)
    except InputError as error:
        kind = Outcome.UNSUPPORTED_TYPE if b"\x00" in data[:65_536] else Outcome.UNDECODABLE
        return Content(BINARY, None, None, None, Verdict(kind, error.cause))
    media_type = _by_text(text, header)
    if media_type == "application/json":
        return Content(media_type, charset, text, None, Verdict(Outcome.UNSUPPORTED_TYPE, "JSON"))
    if media_type == HTML and selector:
        selected = select(text, selector)
        if selected is None:
            cause = f"nothing on the page matches the selector {selector}"
            return Content(media_type, charset, text, None, Verdict(Outcome.NOT_A_NOTICE, cause))
        data, hint = selected.encode("utf-8"), "utf-8"
    declared = f"{media_type}; charset={hint}" if hint else media_type
    try:
        document = read_document(source, data, media_type=declared)
    except InputError as error:
        return Content(media_type, charset, text, None, Verdict(Outcome.UNDECODABLE, error.cause))
    return Content(media_type, charset, text, document, None)


def read_stored(data: bytes, name: str, stored: StoredAs) -> Document:
    """The document of an object's bytes.

    Args:
        data: The bytes.
        name: The document's source.
        stored: What is known of them.

    Raises:
        InputError: They cannot be read by this version of the program.
    """
    content = read_content(data, source=name, header=stored.header, encoding=stored.encoding, selector=stored.selector)
    if content.document is None:
        raise InputError(name, content.problem.detail if content.problem else "cannot be read")
    return content.document


def select(html: str, selector: str) -> str | None:
    """The parts of a page that a CSS selector names, as HTML; ``None`` where there is none.

    Args:
        html: The page.
        selector: CSS selector.
    """
    from bs4 import BeautifulSoup

    found = BeautifulSoup(html, "lxml").select(selector)
    if not found:
        return None
    body = "\n".join(str(element) for element in found)
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{body}</body></html>'


def _read_binary(data: bytes, media_type: str, source: str) -> Content:
    try:
        document = read_document(source, data, media_type=media_type)
    except InputError as error:
        return Content(media_type, None, None, None, Verdict(Outcome.UNSUPPORTED_TYPE, error.cause))
    return Content(media_type, None, None, document, None)


def _by_signature(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature) and (signature != b"BM" or b"\x00" in data[:16]):
            return media_type
    return None


def _charset(header: str | None) -> str | None:
    found = _CHARSET_REGEX.search(header or "")
    return found.group(1) if found else None


def _by_text(text: str, header: str | None) -> str:
    named = (header or "").partition(";")[0].strip().lower()
    if text.lstrip()[:1] in "{[" and _is_json(text):
        return "application/json"
    if named in (MARKDOWN, "text/x-markdown"):
        return MARKDOWN
    return sniff(text, None)


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False
