"""MHTML, as browsers save a page: the page's HTML out of its MIME parts."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import Message

from msgspec import Struct

from noticeparse.errors import InputError
from noticeparse.pattern import Pattern

_HEAD_REGEX = Pattern(rb"content-type:\s*(?:multipart/(?:related|alternative|mixed)|text/html)\b", re.I)
_FIELD_REGEX = Pattern(rb"(?:[\w-]+:[^\r\n]*(?:\r?\n|\Z)|[ \t][^\r\n]*(?:\r?\n|\Z))+")
_MARK_REGEX = Pattern(rb"^(?:MIME-Version|Snapshot-Content-Location|From: <Saved by)", re.I | re.M)
_HEAD = 8192
#: Longest field of a header: the time to read its parameters grows with the square of its length.
MAX_FIELD = 100_000


class SavedPage(Struct, frozen=True):
    """The page of an MHTML file.

    Attributes:
        html: Its HTML, still encoded.
        charset: Encoding that the part declares, ``None`` where it does not.
    """

    html: bytes
    charset: str | None


def is_mhtml(data: bytes) -> bool:
    """Whether bytes begin with the header of a MIME message that holds a page."""
    head = _FIELD_REGEX.match(data[:_HEAD].lstrip())
    return head is not None and bool(_HEAD_REGEX.search(head.group())) and bool(_MARK_REGEX.search(head.group()))


def read_page(data: bytes, source: str) -> SavedPage:
    """Take the page out of an MHTML file: the part that the file was saved of, else its first HTML.

    Args:
        data: The file's bytes.
        source: Name for the message.

    Raises:
        InputError: There is no HTML in it.
    """
    # The older policy leaves the fields as they are; the newer one parses each, which takes longer than to read the page.
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    for part in message.walk():
        longest = max((len(str(value)) for value in part.values()), default=0)
        if longest > MAX_FIELD:
            raise InputError(source, f"no readable MHTML: a header field of {longest} characters, limit {MAX_FIELD}")
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    if not pages:
        raise InputError(source, "no readable MHTML: no HTML part in it")
    location = _header(message, "Snapshot-Content-Location")
    start = _parameter(message, "start")
    for part in pages:
        if (location and _header(part, "Content-Location") == location) or (
            start and _header(part, "Content-ID") == start
        ):
            return _page(part)
    return _page(pages[0])


def _page(part: Message) -> SavedPage:
    payload = part.get_payload(decode=True)
    return SavedPage(payload if isinstance(payload, bytes) else b"", _parameter(part, "charset") or None)


def _header(part: Message, name: str) -> str:
    return "".join(str(part.get(name, "")).split())  # an address that is cut over lines is one


def _parameter(part: Message, name: str) -> str:
    value = part.get_param(name)
    return str(value) if isinstance(value, str) else ""
