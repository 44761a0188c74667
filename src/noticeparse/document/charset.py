"""Bytes to text: byte order mark, UTF-16 by its NULs, strict UTF-8, what is declared, GB18030 and Big5, detection.

Nothing is replaced or dropped but the byte order mark: what no encoding reads strictly is an error.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from noticeparse.document.detect import check_controls
from noticeparse.errors import InputError
from noticeparse.pattern import Pattern

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_REGEX = Pattern(
    rb"<meta\s[^<>]{0,300}?charset\s*+=\s*+(?:[\"']\s*+)?([\w.:-]{1,40})|<\?xml\s[^<>]{0,100}?encoding\s*+=\s*+[\"']([\w.:-]{1,40})",
    re.I,
)
_CJK_REGEX = Pattern("[\u3000-\u9fff\uff00-\uffef]")
# What a page may declare, and what it is read as: the names promise a subset, what is sent is often the superset.
_DECLARABLE = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "chinese", "csgb2312"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "x-x-big5", "cp950"), "big5hkscs"),
    **{name: name for name in ("euc-jp", "shift_jis", "euc-kr", "iso-2022-jp")},
}
_PUNCTUATION = frozenset("·—–…‘’“”•●○■□◆◇★☆※→←↑↓①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽ⅠⅡⅢⅣⅤⅥ℃°×÷±§®©™\u00a0\u200b\ufeff")
_PLAUSIBLE = 0.7
_SAMPLE = 20_000


def decode(source: str, data: bytes, declared: str | None = None) -> tuple[str, str]:
    """Decode a file's bytes.

    UTF-8 that decodes strictly to Chinese is never chance, so it wins over what a page declares: pages are saved as
    UTF-8 with their old ``<meta charset=gb2312>`` left in.

    Args:
        source: Name for the message.
        data: The bytes.
        declared: Encoding that the caller was told, for instance by an HTTP header.

    Returns:
        The text and Python's name of the encoding.

    Raises:
        InputError: No encoding reads the bytes, or they are no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(source, data[len(mark) :], encoding), encoding
    wide = _utf16(data)
    if wide is not None:
        return _strict(source, data, wide), wide
    check_controls(source, data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _other(source, data, declared, error.start)
    if text.isascii() or _has_chinese(text):
        return text, "utf-8"
    # Two-byte sequences alone, as in a few GBK characters that happen to be valid UTF-8.
    rival = _best_chinese(data)
    return rival if rival is not None else (text, "utf-8")


def _other(source: str, data: bytes, declared: str | None, offset: int) -> tuple[str, str]:
    """Decode what is no UTF-8."""
    if not _damaged_utf8(data):
        found = _declared(data, declared) or _best_chinese(data) or _detected(data)
        if found is not None:
            return found
    raise InputError(source, f"undecodable bytes at offset {offset} (tried utf-8, gb18030, big5 and detection)")


def _strict(source: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(source, f"undecodable bytes at offset {error.start} (marked as {encoding})") from error


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf16(data: bytes) -> str | None:
    """The byte order of UTF-16 without a mark: the one in which the text is plausible.

    A NUL stands on one side for ASCII (blanks, digits, line breaks) and on the other for a few characters (一 is 4E00),
    so the sides alone do not tell.
    """
    if len(data) % 2 or b"\x00" not in data[:65_536]:
        return None
    best: tuple[float, str] = (0.9, "")
    for encoding in ("utf-16-le", "utf-16-be"):
        head = data[: 2 * _SAMPLE]
        # The cut may fall between two halves of a pair.
        text = _try(head, encoding) or _try(head[:-2], encoding)
        if text:
            best = max(best, (_share(text, narrow=True), encoding))
    return best[1] or None


def _declared(data: bytes, declared: str | None) -> tuple[str, str] | None:
    names = [declared or ""]
    match = _META_REGEX.search(data[:4096])
    if match:
        names.append((match.group(1) or match.group(2)).decode("ascii", "replace"))
    for name in names:
        encoding = _DECLARABLE.get(name.strip().lower())
        text = _try(data, encoding) if encoding else None
        if text is not None and encoding is not None:
            return text, encoding
    return None


def _best_chinese(data: bytes) -> tuple[str, str] | None:
    """The Chinese encoding that reads the bytes strictly and as the most common characters, if any is plausible."""
    best: tuple[float, str, str] = (_PLAUSIBLE, "", "")
    for encoding in ("gb18030", "big5hkscs"):
        text = _try(data, encoding)
        if text is not None and _share(text) > best[0]:
            best = (_share(text), text, encoding)
    return (best[1], best[2]) if best[2] else None


def _detected(data: bytes) -> tuple[str, str] | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000]).best()
    if best is None:
        return None
    text = _try(data, best.encoding)
    if text is None or any("\x7f" <= char <= "\x9f" for char in text[:_SAMPLE]):
        return None
    wide = sum(char >= "\x80" for char in text)
    if wide * 10 > len(text) and _share(text) < _PLAUSIBLE:
        return None
    return text, codecs.lookup(best.encoding).name


def _damaged_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 but for a few: any other reading of them would be rubbish that happens to decode."""
    lenient = data.decode("utf-8", "replace")
    wrong = lenient.count("\ufffd")
    chinese = sum("\u3000" <= char <= "\u9fff" for char in lenient[: 5 * _SAMPLE])
    return chinese > 4 * min(wrong, 5 * _SAMPLE)


def _has_chinese(text: str) -> bool:
    return any("\u3000" <= char <= "\u9fff" for char in text[:20]) or _CJK_REGEX.search(text) is not None


def _share(text: str, *, narrow: bool = False) -> float:
    """Share of common Chinese characters and punctuation among those that are not ASCII (``narrow``: among all)."""
    sample = text[:_SAMPLE]
    wide = [char for char in sample if char >= "\x80"]
    plain = sum(" " <= char <= "~" or char in "\t\n\r" for char in sample) if narrow else 0
    total = len(sample) if narrow else len(wide)
    common = _common()
    good = sum(char in common or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffe6" for char in wide)
    return (good + plain) / total if total else 0.0


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """The frequent characters of both scripts: level 1 of GB 2312 and of Big5, and punctuation."""
    simplified = bytes(byte for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF) for byte in (lead, trail))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    traditional = bytes(byte for lead in range(0xA4, 0xC6) for trail in trails for byte in (lead, trail))
    return frozenset(simplified.decode("gb2312", "ignore")) | frozenset(traditional.decode("big5")) | _PUNCTUATION
