"""Plain text to a document: the decoded text itself, nothing changed."""

from __future__ import annotations

from itertools import islice

from noticeparse.document.model import Document
from noticeparse.pattern import Pattern
from noticeparse.records import Diagnostic

# Lines that any text or sheet may have, and how many characters there must be for each further one: what is kept of a line
# is some hundred times the memory of a line of two characters. A line of Markdown takes several times the time of another.
FREE_LINES, CHARS_PER_LINE = 100_000, 15
FREE_MARKDOWN_LINES, CHARS_PER_MARKDOWN_LINE = 30_000, 20
_BREAK_REGEX = Pattern(r"\n")


def read_plain(text: str, *, source: str, sha256: str, encoding: str | None) -> Document:
    """Take text as it is.

    Args:
        text: Decoded text.
        source: As for ``Document``.
        sha256: As for ``Document``.
        encoding: As for ``Document``.
    """
    return Document(source=source, sha256=sha256, media_type="text/plain", encoding=encoding, text=text)


def first_lines(text: str, *, markdown: bool) -> tuple[str, tuple[Diagnostic, ...]]:
    """As many lines of a text as one of its length may have, and what is to be told where that is not all of it.

    Args:
        text: Decoded text.
        markdown: Whether it is Markdown, not text or a sheet.
    """
    free, chars = (FREE_MARKDOWN_LINES, CHARS_PER_MARKDOWN_LINE) if markdown else (FREE_LINES, CHARS_PER_LINE)
    most = free + len(text) // chars
    if text.count("\n") <= most:
        return text, ()
    end = next(islice(_BREAK_REGEX.finditer(text), most - 1, None)).start()
    message = f"only the first {most} lines are read: {len(text) - end} characters are left out"
    return text[:end], (Diagnostic("text-cut", message),)
