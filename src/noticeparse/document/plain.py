"""Plain text to a document: the decoded text itself, nothing changed."""

from __future__ import annotations

from noticeparse.document.model import Document


def read_plain(text: str, *, source: str, sha256: str, encoding: str | None) -> Document:
    """Take text as it is.

    Args:
        text: Decoded text.
        source: As for ``Document``.
        sha256: As for ``Document``.
        encoding: As for ``Document``.
    """
    return Document(source=source, sha256=sha256, media_type="text/plain", encoding=encoding, text=text)
