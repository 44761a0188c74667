"""What kind of file an input is, told by its name, its first bytes and its first tags."""

from __future__ import annotations

import re
from pathlib import PurePath

from noticeparse.errors import InputError
from noticeparse.pattern import Pattern

PLAIN = "text/plain"
HTML = "text/html"
MARKDOWN = "text/markdown"
CSV = "text/csv"
TSV = "text/tab-separated-values"
MHTML = "multipart/related"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES = {
    ".txt": PLAIN,
    ".text": PLAIN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".csv": CSV,
    ".tsv": TSV,
    ".mht": MHTML,
    ".mhtml": MHTML,
    ".pdf": PDF,
    ".docx": DOCX,
    ".xlsx": XLSX,
}
# Not decoded as text: their own readers know what is in them.
BINARY = frozenset((MHTML, PDF, DOCX, XLSX))
NAMES = {MHTML: "MHTML", PDF: "PDF", DOCX: "DOCX", XLSX: "XLSX"}
_ALIASES = {
    "application/xhtml+xml": HTML,
    "text/x-markdown": MARKDOWN,
    "application/csv": CSV,
    "message/rfc822": MHTML,
    "application/x-mimearchive": MHTML,
    "application/x-pdf": PDF,
}
# What servers say that know nothing of the type.
_UNTOLD = frozenset(("application/octet-stream", "binary/octet-stream", "application/gzip", "application/x-gzip"))
_ZIP = b"PK\x03\x04"
_SIGNATURES = (
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (_ZIP, "a damaged ZIP archive, or one that holds no DOCX or XLSX"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or encrypted Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"\x7fELF", "a program"),
)
# A suffix is short and has a letter: "v1.2" or "2024.5" is a name without one.
_SUFFIX_REGEX = Pattern(r"\.(?=[0-9]*[a-z])[a-z0-9]{1,10}")
_HTML_REGEX = Pattern(
    r"<!doctype\s{1,9}html|<(?:html|head|body)[\s>]|<(?:p|div|table|h[1-6]|ul|ol)(?:\s[^<>]{0,400})?>", re.I
)
_PAGE_REGEX = Pattern(r"\s{0,99}<(?:!doctype\s+html|html)[\s>]", re.I)
_TAG_REGEX = Pattern(r"<[a-z!/]", re.I)
_QUERY_REGEX = Pattern(r"[?#]")
_CHARSET_REGEX = Pattern(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
_SNIFFED = 16_384
# C0 controls but for tab, line feed, form feed, carriage return, escape and the end mark of old systems.
_CONTROLS = bytes(sorted(set(range(32)) - {9, 10, 12, 13, 26, 27}))


def media_type_of(source: str) -> str | None:
    """Media type by the suffix of a name; ``None`` where the name tells nothing.

    Names without a suffix, ``-``, names in angle brackets and addresses whose path ends in no known suffix tell
    nothing: ``<bytes>``, ``清单v1.2``, ``https://example.com/sdk.php``.

    Args:
        source: File name or address.

    Raises:
        InputError: A file name whose suffix is not supported.
    """
    if source.startswith("<"):
        return None
    address = "://" in source
    path = _QUERY_REGEX.split(source.split("://", 1)[1], maxsplit=1)[0] if address else source
    path = path.removesuffix(".gz").removesuffix(".GZ")
    suffix = PurePath(path).suffix.lower() if "/" in path or not address else ""
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if not address and _SUFFIX_REGEX.fullmatch(suffix):
        raise InputError(source, f"unsupported type {suffix} (supported: {' '.join(sorted(SUFFIXES))})")
    return None


def given_type(source: str, media_type: str) -> tuple[str | None, str | None]:
    """Media type and charset of what a caller or a server calls it; no type for ``application/octet-stream``.

    Args:
        source: Name for the message.
        media_type: ``text/html; charset=gbk`` and the like.

    Raises:
        InputError: The type is not supported.
    """
    name, _, parameters = media_type.partition(";")
    name = name.strip().lower()
    name = _ALIASES.get(name, name)
    if name in _UNTOLD:
        return None, None
    if name not in SUFFIXES.values():
        raise InputError(source, f"unsupported type {name} (supported: {', '.join(sorted(set(SUFFIXES.values())))})")
    found = _CHARSET_REGEX.search(parameters)
    return name, found.group(1) if found else None


def kind_by_content(data: bytes) -> str | None:
    """Media type of what its first bytes tell beyond doubt, whatever it is called: PDF, DOCX, XLSX, MHTML.

    Args:
        data: The bytes.
    """
    # Readers allow for a few bytes that programs write before a PDF.
    if b"%PDF-" in data[:1024] and not looks_like_html(data[:1024]):
        return PDF
    if data.startswith(_ZIP):
        from noticeparse.document.package import kind_of_package  # not needed for text

        return {"DOCX": DOCX, "XLSX": XLSX}.get(kind_of_package(data) or "")
    if data[:1].isalpha() and b":" in data[:128]:
        from noticeparse.document.mhtml import is_mhtml

        return MHTML if is_mhtml(data) else None
    return None


def looks_like_html(data: bytes) -> bool:
    """Whether bytes that are not yet decoded begin as HTML does."""
    return _HTML_REGEX.search(data[:_SNIFFED].decode("latin-1")) is not None


def sniff(text: str, named: str | None) -> str:
    """Media type by the text, where the name tells nothing or what the text plainly is not.

    A file called ``.html`` without tags is text that someone saved under that name; its line breaks are meant.

    Args:
        text: Decoded text.
        named: Media type by the name, or ``None``.
    """
    if named is None:
        return HTML if _HTML_REGEX.search(text[:_SNIFFED]) else PLAIN
    if named == PLAIN and _PAGE_REGEX.match(text):
        return HTML
    if named in (CSV, TSV) and _HTML_REGEX.match(text.lstrip()[:_SNIFFED]):
        return HTML  # what some programs export as a sheet
    if named == HTML and not _TAG_REGEX.search(text):
        return PLAIN
    return named


def check_signature(source: str, data: bytes) -> None:
    """Refuse nothing at all, and what is plainly another kind of file.

    Args:
        source: Name for the message.
        data: The bytes.

    Raises:
        InputError: The bytes are empty or of another kind of file.
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise InputError(source, "empty file")
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(source, f"looks like {name}")


def check_controls(source: str, data: bytes) -> None:
    """Refuse bytes that no text in a byte-wise encoding holds.

    Args:
        source: Name for the message.
        data: The bytes, known not to be UTF-16 or UTF-32.

    Raises:
        InputError: The bytes hold a NUL or many control characters.
    """
    head = data[:65_536]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if b"\x00" in data or controls * 50 > len(head):
        raise InputError(source, "binary data, not text")
