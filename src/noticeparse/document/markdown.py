"""Markdown to a document: rendered to HTML by markdown-it-py, then read as HTML."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from noticeparse.document.html import read_html
from noticeparse.document.model import Document

_FRONT_MATTER_REGEX = re.compile(r"\A---[ \t]*\r?\n(.{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_TITLE_REGEX = re.compile(r"^title[ \t]*:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.M)
_INDENTED_ROW_REGEX = re.compile(r"^[ \t]{4,}(?=\|)", re.M)


def read_markdown(markup: str, *, source: str, sha256: str, encoding: str | None) -> Document:
    """Render Markdown, HTML in it included, to a document.

    A single line break stays one, because key-value lines are often written without hard breaks; indented lines are
    text, because saved policies indent their tables and lists.

    Args:
        markup: Decoded Markdown.
        source: As for ``Document``.
        sha256: As for ``Document``.
        encoding: As for ``Document``.
    """
    title = None
    front = _FRONT_MATTER_REGEX.match(markup)
    if front:
        found = _TITLE_REGEX.search(front.group(1))
        title = (found.group(1).strip() or None) if found else None
        markup = markup[front.end() :]
    markup = _INDENTED_ROW_REGEX.sub("", markup)
    engine = MarkdownIt("commonmark", {"breaks": True, "html": True}).enable("table").disable("code")
    rendered = engine.render(markup)
    return read_html(rendered, source=source, sha256=sha256, encoding=encoding, media_type="text/markdown", title=title)
