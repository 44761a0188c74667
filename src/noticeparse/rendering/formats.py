"""Formats: blocks to the text of a file, with what is special in the format escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from noticeparse.errors import RenderError
from noticeparse.pattern import Pattern
from noticeparse.rendering.model import Block, Bullets, Cell, Format, Heading, Line, Lines, Sheet, Table, Terms, Text


def write_blocks(blocks: Sequence[Block], form: Format, title: str | None) -> str:
    """A notice as one text that ends with a line break.

    Args:
        blocks: In order.
        form: Which format.
        title: The notice's title, for an HTML page's head.

    Raises:
        RenderError: The format has no way to say what a block holds.
    """
    if form == "html":
        return _page(blocks, title)
    writer: _Plain = _Markdown() if form == "md" else _Plain()
    return "\n\n".join(writer.block(block) for block in blocks) + "\n"


class _Plain:
    """Plain text. A titled link is written as Markdown does, since plain text has no form of its own for it."""

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                return self.heading(block)
            case Lines(lines):
                return self.lines(lines)
            case Bullets(items):
                return "\n".join(f"- {self.line(item)}" for item in items)
            case Terms(pairs):
                return self.terms(pairs)
            case Table(rows):
                return self.table(rows)
            case Sheet(rows):
                return "\n".join("\t".join(self.line(cell) for cell in row) for row in rows)

    def heading(self, heading: Heading) -> str:
        return self.text(Text(heading.text))

    def lines(self, lines: Sequence[Line]) -> str:
        return "\n".join(self.line(line) for line in lines)

    def terms(self, pairs: Sequence[tuple[str, Line]]) -> str:
        return self.lines([(Text(term, strong=True), Text("："), *line) for term, line in pairs])

    def table(self, rows: Sequence[Sequence[Cell]]) -> str:
        """A pipe table; the first row stands above the rule."""
        drawn = [f"| {' | '.join(self.cell(cell) for cell in row)} |" for row in rows]
        return "\n".join([drawn[0], "|" + " --- |" * len(rows[0]), *drawn[1:]])

    def cell(self, cell: Cell) -> str:
        shown = self.line(cell.line)
        if "|" in shown or "｜" in shown:
            raise RenderError(f"a table in txt cannot hold the bar in {shown!r}")
        return shown

    def line(self, line: Line) -> str:
        return "".join(self.text(part) for part in line)

    def text(self, part: Text) -> str:
        return part.text if part.href in (None, part.text) else f"[{part.text}]({part.href})"


class _Markdown(_Plain):
    """CommonMark with pipe tables."""

    _PLAIN_ADDRESS = Pattern(r"[^\s<>()]+")
    _SPECIAL = Pattern(r"[\\`*_\[\]<>~&]")
    # What makes a line's start a heading, a list, a quote, a rule or an underline.
    _LEADING = Pattern(r"^(\d{0,9})([-+#=.)])")
    _ADDRESS = Pattern(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*")

    def heading(self, heading: Heading) -> str:
        return f"{'#' * heading.level} {self.text(Text(heading.text))}"

    def lines(self, lines: Sequence[Line]) -> str:
        return "  \n".join(self.line(line) for line in lines)

    def cell(self, cell: Cell) -> str:
        return self.line(cell.line).replace("|", "\\|")

    def line(self, line: Line) -> str:
        return self._LEADING.sub(r"\1\\\2", super().line(line))

    def text(self, part: Text) -> str:
        if part.href == part.text and self._ADDRESS.fullmatch(part.text):
            return f"<{part.text}>"
        shown = self._SPECIAL.sub(r"\\\g<0>", part.text)
        if part.href is not None and part.href != part.text:
            address = part.href if self._PLAIN_ADDRESS.fullmatch(part.href) else f"<{part.href}>"
            return f"[{shown}]({address})"
        return f"**{shown}**" if part.strong else shown


def _page(blocks: Sequence[Block], title: str | None) -> str:
    head = f"<title>{html.escape(title)}</title>\n" if title else ""
    body = "\n".join(_html_block(block) for block in blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n{head}</head>\n<body>\n{body}\n'
        "</body>\n</html>\n"
    )


def _html_block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level}>{html.escape(text)}</h{level}>"
        case Lines(lines):
            return "<p>" + "<br>\n".join(map(_html_line, lines)) + "</p>"
        case Bullets(items):
            return _wrapped("ul", (f"<li>{_html_line(item)}</li>" for item in items))
        case Terms(pairs):
            return _wrapped("dl", (f"<dt>{html.escape(term)}</dt><dd>{_html_line(line)}</dd>" for term, line in pairs))
        case Table(rows):
            return _wrapped("table", (f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in rows))
        case Sheet():
            raise RenderError("tabs between cells are shown in txt only")


def _wrapped(tag: str, parts: Iterable[str]) -> str:
    return "\n".join([f"<{tag}>", *parts, f"</{tag}>"])


def _html_cell(cell: Cell) -> str:
    tag = "th" if cell.header else "td"
    rows = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    return f"<{tag}{rows}>{_html_line(cell.line)}</{tag}>"


def _html_line(line: Line) -> str:
    return "".join(map(_html_text, line))


def _html_text(part: Text) -> str:
    shown = html.escape(part.text)
    if part.href is not None:
        return f'<a href="{html.escape(part.href)}">{shown}</a>'
    return f"<strong>{shown}</strong>" if part.strong else shown
