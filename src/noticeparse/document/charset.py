"""Bytes to text: byte order mark, ``<meta>``, strict UTF-8, GB18030, then charset-normalizer."""

from __future__ import annotations

import codecs
import re

from noticeparse.document.detect import looks_like_utf16
from noticeparse.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_REGEX = re.compile(rb"<meta\s[^<>]{0,300}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_-]{2,20})", re.I)
# The names promise a subset; what is sent is often the superset.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs"}


def decode(source: str, data: bytes, media_type: str) -> tuple[str, str]:
    """Decode a file's bytes; nothing is replaced or dropped but the byte order mark.

    Args:
        source: Name for the message.
        data: The bytes.
        media_type: ``text/html`` also listens to ``<meta charset>``.

    Returns:
        The text and Python's name of the encoding.

    Raises:
        InputError: No encoding reads the bytes.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(source, data[len(mark) :], encoding), encoding
    guess = looks_like_utf16(data[:65536])
    if guess:
        return _strict(source, data, guess), guess
    for encoding in _candidates(data, media_type):
        text = _try(data, encoding)
        if text is not None and (encoding == "utf-8" or _plausible(text)):
            return text, encoding
    return _detected(source, data)


def _candidates(data: bytes, media_type: str) -> list[str]:
    names = ["utf-8", "gb18030", "big5hkscs"]
    if media_type == "text/html":
        match = _META_REGEX.search(data[:4096])
        if match:
            declared = match.group(1).decode("ascii").lower()
            declared = _SUPERSETS.get(declared, declared)
            # UTF-8 that decodes strictly is never chance, whatever a page declares.
            names[1:1] = [declared] if _known(declared) else []
    return names


def _known(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _plausible(text: str) -> bool:
    """Whether a decoding gives Chinese text: of what is not ASCII, most are common characters and punctuation."""
    wide = [char for char in text[:20000] if char >= "\u0080"]
    if not wide:
        return True
    common = sum(
        "\u4e00" <= char <= "\u9fa5"
        or "\u3000" <= char <= "\u303f"
        or "\uff00" <= char <= "\uffef"
        or char in "·—“”‘’…●•©®°"
        for char in wide
    )
    private = sum("\ue000" <= char <= "\uf8ff" for char in wide)
    return common * 10 >= len(wide) * 8 and private * 50 <= len(wide)


def _strict(source: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(source, f"undecodable bytes at offset {error.start} (marked as {encoding})") from error


def _detected(source: str, data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000]).best()
    if best is not None and best.encoding not in ("utf_8", "ascii"):
        text = _try(data, best.encoding)
        if text is not None and _plausible(text):
            return text, best.encoding.replace("_", "-")
    offset = 0
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        offset = error.start
    raise InputError(source, f"undecodable bytes at offset {offset} (tried utf-8, gb18030, big5 and detection)")
