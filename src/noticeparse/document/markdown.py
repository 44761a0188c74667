"""Markdown to a document: rendered to HTML by markdown-it-py, then read as HTML."""

from __future__ import annotations

import re
import unicodedata

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

from noticeparse.document.html import read_html
from noticeparse.document.markdown_engine import Engine
from noticeparse.document.model import Document
from noticeparse.pattern import Pattern

_FRONT_MATTER_REGEX = Pattern(r"\A\s{0,9}---[ \t]*\r?\n(.{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_KEY_REGEX = Pattern(r"^[A-Za-z_][\w-]{0,40}[ \t]*:(?:\s|\Z)", re.M)
_TITLE_REGEX = Pattern(r"^title[ \t]*+:[ \t]*+(.*)$", re.M)
_RULE_REGEX = Pattern(r"[ \t>]{0,40}\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?[ \t]*")
_FENCE_REGEX = Pattern(r"[ \t>]{0,40}(`{3,}|~{3,})")
# Deeper nesting than this many quotes or list items on one line is cut, because the grammar drops what is nested deeper
# than it cares to follow, text and all.
_NESTED_REGEX = Pattern(r"^((?:[ \t]*[>*+-](?=[ \t>])){12})(?:[ \t]*[>*+-](?=[ \t>]))+", re.M)
_MAX_COLUMNS = 200


def read_markdown(markup: str, *, source: str, sha256: str, encoding: str | None) -> Document:
    """Render Markdown, HTML in it included, to a document.

    A single line break stays one, because key-value lines are often written without hard breaks; indented lines are
    text, because saved policies indent their tables and lists.

    Args:
        markup: Decoded Markdown.
        source: As for ``Document``.
        sha256: As for ``Document``.
        encoding: As for ``Document``.

    Raises:
        InputError: The HTML parser refuses what is rendered.
    """
    title, body = _front_matter(markup)
    engine = Engine("commonmark", {"breaks": True, "html": True, "maxNesting": 40})
    engine.enable("strikethrough").disable("code")
    engine.inline.ruler.at("emphasis", _emphasis)
    rendered = engine.render(_widen_tables(_NESTED_REGEX.sub(r"\1", body)))
    return read_html(rendered, source=source, sha256=sha256, encoding=encoding, media_type="text/markdown", title=title)


def _front_matter(markup: str) -> tuple[str | None, str]:
    """Title and rest of a text that begins with keys between two lines of ``---``."""
    front = _FRONT_MATTER_REGEX.match(markup)
    if front is None or not _KEY_REGEX.search(front.group(1)):
        return None, markup
    found = _TITLE_REGEX.search(front.group(1))
    title = found.group(1).strip() if found else ""
    if len(title) > 1 and title[0] == title[-1] and title[0] in "\"'":
        title = title[1:-1].strip()
    return title or None, markup[front.end() :]


def _widen_tables(body: str) -> str:
    """Give the header of each pipe table as many cells as its longest row.

    The grammar drops the cells that a row has beyond its header and reads no table where header and rule differ; a
    notice with a stray ``|`` in a cell, or a rule one cell short, would lose them.
    """
    if "|" not in body:
        return body
    lines = body.replace("\r\n", "\n").split("\n")
    fence = ""
    at = 0
    while at < len(lines):
        line = lines[at]
        opening = _FENCE_REGEX.match(line)
        if opening and (not fence or opening.group(1).startswith(fence)):
            fence = "" if fence else opening.group(1)
        elif not fence and at and "|" in line and "|" in lines[at - 1] and _RULE_REGEX.fullmatch(line):
            at = _widen(lines, at)
        at += 1
    return "\n".join(lines)


def _widen(lines: list[str], rule: int) -> int:
    """Widen the header above a rule, and the rule; gives the last line of the table."""
    header, below = _cells(lines[rule - 1]), _cells(lines[rule])
    widest = max(header, below)
    last = rule
    while last + 1 < len(lines) and lines[last + 1].strip():
        last += 1
        widest = max(widest, _cells(lines[last]))
    widest = min(widest, _MAX_COLUMNS)
    lines[rule - 1] += _missing(lines[rule - 1], "  |" * (widest - header))
    lines[rule] += _missing(lines[rule], " --- |" * (widest - below))
    return last


def _missing(line: str, cells: str) -> str:
    return ("" if line.rstrip().endswith("|") else " |") + cells if cells else ""


def _cells(line: str) -> int:
    """Number of cells of a row: bars that are not escaped, but for those at its ends."""
    inner = line.strip(" \t>").removeprefix("|")
    bars = inner.count("|") - inner.count("\\|")
    return bars + (not inner.endswith("|") or inner.endswith("\\|"))


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Emphasis that also opens and closes beside Chinese characters.

    By CommonMark, the closing marks of ``**使用目的：**消息推送`` close nothing, because a punctuation mark stands on one
    side of them and a letter on the other; notices are full of it.
    """
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    start = state.pos
    scanned = state.scanDelims(start, marker == "*")
    can_open, can_close = scanned.can_open, scanned.can_close
    if marker == "*":
        before = state.src[start - 1] if start else " "
        after = state.src[start + scanned.length] if start + scanned.length < state.posMax else " "
        can_open = can_open or _flanks(after, before)
        can_close = can_close or _flanks(before, after)
    for _ in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(Delimiter(ord(marker), scanned.length, len(state.tokens) - 1, -1, can_open, can_close))
    state.pos += scanned.length
    return True


def _flanks(inner: str, outer: str) -> bool:
    """Whether marks hold on to the character on their inner side, Chinese characters on either side allowed for."""
    if inner.isspace():
        return False
    return _is_wide(inner) or not _is_punctuation(inner) or outer.isspace() or _is_wide(outer) or _is_punctuation(outer)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" or char in "“”‘’…—·"


def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"
