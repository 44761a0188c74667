"""HTML to a document: the rendered text, with the offsets of cells, links, headings and list markers recorded.

The tree is walked with a stack of our own, so no depth of nesting can exhaust Python's.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import Comment, Declaration, Doctype, NavigableString, ProcessingInstruction, Tag

from noticeparse.document.model import Cell, Document, HeadingMark, LinkMark, Span, Table

MAX_ROWSPAN, MAX_COLSPAN = 1000, 60
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "svg",
        "math",
        "select",
        "textarea",
        "datalist",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "canvas",
    ]
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SPACED = frozenset(("p", "table", "ul", "ol", "dl", "pre", "blockquote", *_HEADINGS))
_BLOCKS = _SPACED | frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "caption",
        "dd",
        "details",
        "dialog",
        "div",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "section",
        "summary",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "center",
    ]
)
_SPACE_REGEX = re.compile(r"[ \t\r\n\f\u00a0]+")
_HIDDEN_REGEX = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_OWN_MARKER_REGEX = re.compile(
    r"\s*(?:[-•·●○◦▪■*]|\(?\d{1,3}[).、）．]|（[\d一二三四五六七八九十]{1,3}）|[①-⑳]|[一二三四五六七八九十]{1,3}、|\d{1,2}(?:\.\d{1,2})+)"
)


@dataclass(slots=True)
class _Grid:
    """A table while its rows are being walked."""

    start: int | None = None
    row: int = -1
    column: int = 0
    columns: int = 0
    cells: list[Cell] = field(default_factory=list)
    busy: dict[int, int] = field(default_factory=dict)  # column → last row that a cell above covers
    in_head: bool = False


@dataclass(slots=True)
class _Mark:
    """A link, heading or cell whose first character is still to come."""

    start: int | None = None


class _Builder:
    """Writes the text; white space is held back until the next character, so that none stands at an edge."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = 0
        self.newlines = 0
        self.blank = False
        self.fresh = True  # nothing written since the start of the text or of a cell
        self.open: list[_Mark] = []

    def text(self, words: str, *, pre: bool = False) -> None:
        if pre:
            for index, line in enumerate(words.replace("\r\n", "\n").split("\n")):
                if index:
                    self.newlines += 1
                if line:
                    self._emit(line.rstrip() if not line.strip() else line)
            return
        collapsed = _SPACE_REGEX.sub(" ", words)
        if collapsed.startswith(" "):
            self.blank = True
        core = collapsed.strip(" ")
        if core:
            self._emit(core)
        if collapsed.endswith(" "):
            self.blank = True

    def _emit(self, words: str) -> None:
        if not words:
            return
        if not self.fresh:
            if self.newlines:
                self.raw("\n" * min(self.newlines, 2))
            elif self.blank:
                self.raw(" ")
        self.newlines, self.blank, self.fresh = 0, False, False
        for mark in self.open:
            if mark.start is None:
                mark.start = self.size
        self.open = [mark for mark in self.open if mark.start is None]
        self.raw(words)

    def raw(self, words: str) -> None:
        self.parts.append(words)
        self.size += len(words)

    def line(self, count: int = 1) -> None:
        """Ask for line breaks before what comes next."""
        self.newlines = max(self.newlines, count)
        self.blank = False

    def mark(self) -> _Mark:
        mark = _Mark()
        self.open.append(mark)
        return mark

    def span(self, mark: _Mark) -> Span:
        if mark.start is None:
            self.open = [other for other in self.open if other is not mark]
            return self.size, self.size
        return mark.start, self.size


class _Walker:
    """Walks the tree once."""

    def __init__(self) -> None:
        self.out = _Builder()
        self.tables: list[Table] = []
        self.links: list[LinkMark] = []
        self.headings: list[HeadingMark] = []
        self.markers: list[Span] = []
        self.grid: _Grid | None = None
        self.lists: list[int | None] = []
        self.pre = 0
        self.inside: list[tuple[Tag, _Mark]] = []

    def walk(self, root: Tag) -> None:
        stack: list[tuple[object, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            if isinstance(node, Tag):
                if leaving:
                    self._leave(node)
                elif self._enter(node):
                    stack.append((node, True))
                    stack.extend((child, False) for child in reversed(node.contents))
            elif isinstance(node, NavigableString) and not isinstance(
                node, Comment | Doctype | Declaration | ProcessingInstruction
            ):
                self.out.text(str(node), pre=self.pre > 0)

    def _enter(self, tag: Tag) -> bool:
        name = tag.name.lower()
        if name in _SKIPPED or _is_hidden(tag):
            return False
        out = self.out
        if name == "br":
            out.newlines += 1
            return False
        if name == "table" and self.grid is None and _is_data_table(tag):
            out.line(2)
            self.grid = _Grid()
            self._remember(tag)
        elif self.grid is not None and name in ("tr", "td", "th", "thead", "tbody", "tfoot") and self._own(tag):
            self._enter_table_part(tag, name)
        elif name in _BLOCKS:
            out.line(2 if name in _SPACED else 1)
            if name in ("td", "th"):
                out.newlines, out.blank = (1 if out.newlines > 1 else out.newlines), True
        if name in ("ul", "ol"):
            self.lists.append(_start(tag) if name == "ol" else None)
        elif name == "li":
            self._marker(tag)
        elif name == "pre":
            self.pre += 1
        elif name == "a" or name in _HEADINGS:
            self._remember(tag)
        return True

    def _leave(self, tag: Tag) -> None:
        name = tag.name.lower()
        out = self.out
        mark = self.inside.pop()[1] if self.inside and self.inside[-1][0] is tag else None
        if mark is not None and name == "a":
            href = str(tag.get("href") or "").strip()
            if href and not href.lower().startswith(("javascript:", "#")):
                self.links.append(LinkMark(out.span(mark), href))
            else:
                out.span(mark)
        elif mark is not None and name in _HEADINGS:
            span = out.span(mark)
            if span[1] > span[0]:
                self.headings.append(HeadingMark(span, _HEADINGS[name]))
        if self.grid is not None and name in ("td", "th") and self._own(tag):
            self._leave_cell(tag, mark)
            return
        if mark is not None and name == "table":
            self._leave_table(mark)
        if name in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif name == "pre":
            self.pre = max(0, self.pre - 1)
        if name in _BLOCKS:
            out.line(2 if name in _SPACED else 1)

    def _remember(self, tag: Tag) -> None:
        self.inside.append((tag, self.out.mark()))

    # Tables

    def _own(self, tag: Tag) -> bool:
        """Whether a table part belongs to the table that is being laid out, not to one nested in a cell."""
        return not any(other.name in ("td", "th") for other, _ in self.inside)

    def _enter_table_part(self, tag: Tag, name: str) -> None:
        grid = self.grid
        if grid is None:
            return
        if name in ("thead", "tbody", "tfoot"):
            grid.in_head = name == "thead"
        elif name == "tr":
            grid.row += 1
            grid.column = 0
            self.out.line(1)
        else:
            if grid.row < 0:
                grid.row = 0
            if (grid.column and not self.out.newlines) or grid.column:
                self.out.raw("\t")
            elif not self.out.fresh or self.out.size:
                self.out.raw("\n" * min(2, max(1, self.out.newlines)) if self.out.size else "")
            self.out.newlines, self.out.blank, self.out.fresh = 0, False, True
            while grid.busy.get(grid.column, -1) >= grid.row:
                grid.column += 1
            self._remember(tag)
            self.inside[-1][1].start = self.out.size
            if grid.start is None:
                grid.start = self.out.size

    def _leave_cell(self, tag: Tag, mark: _Mark | None) -> None:
        grid = self.grid
        if grid is None or mark is None:
            return
        rows = _number(tag, "rowspan", MAX_ROWSPAN)
        columns = _number(tag, "colspan", MAX_COLSPAN) or 1
        span = (mark.start if mark.start is not None else self.out.size, self.out.size)
        free = 1
        while free < columns and grid.busy.get(grid.column + free, -1) < grid.row:
            free += 1
        rows = rows or MAX_ROWSPAN
        header = tag.name.lower() == "th" or grid.in_head
        grid.cells.append(Cell(span, grid.row, grid.column, rows, free, header))
        for column in range(grid.column, grid.column + free):
            grid.busy[column] = grid.row + rows - 1
        grid.column += free
        grid.columns = max(grid.columns, grid.column)
        self.out.newlines, self.out.blank, self.out.fresh = 0, False, False

    def _leave_table(self, mark: _Mark) -> None:
        grid, self.grid = self.grid, None
        self.out.open = [other for other in self.out.open if other is not mark]
        if grid is None or not grid.cells:
            return
        rows = grid.row + 1
        cells = tuple(
            Cell(c.span, c.row, c.column, min(c.rowspan, rows - c.row), c.colspan, c.header) for c in grid.cells
        )
        start = grid.start if grid.start is not None else cells[0].span[0]
        self.tables.append(Table((start, self.out.size), cells, rows, grid.columns))
        self.out.fresh = self.out.size == 0

    # Lists

    def _marker(self, tag: Tag) -> None:
        number = self.lists[-1] if self.lists else None
        if self.lists and number is not None:
            self.lists[-1] = number + 1
        if _OWN_MARKER_REGEX.match(_first_words(tag)):
            return
        indent = "  " * max(0, len(self.lists) - 1)
        marker = f"{number}." if number is not None else "•"
        held = self.out.open
        self.out.open = []
        self.out._emit(indent + marker)
        self.out.open = held
        self.markers.append((self.out.size - len(marker), self.out.size))
        self.out.blank = True


def _is_hidden(tag: Tag) -> bool:
    if not tag.attrs:
        return False
    return "hidden" in tag.attrs or bool(_HIDDEN_REGEX.search(str(tag.attrs.get("style") or "")))


def _is_data_table(tag: Tag) -> bool:
    """A table that lays out data: two rows or columns at least, and no table in its cells."""
    if tag.find("table") is not None:
        return False
    rows = tag.find_all("tr", limit=2)
    return len(rows) > 1 or len(tag.find_all(["td", "th"], limit=2)) > 1


def _number(tag: Tag, name: str, most: int) -> int:
    value = str(tag.get(name) or "1").strip()
    return min(int(value), most) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def _start(tag: Tag) -> int:
    value = str(tag.get("start") or "1").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else 1


def _first_words(tag: Tag) -> str:
    words = ""
    for piece in tag.strings:
        words += piece.lstrip() if not words else piece
        if len(words) >= 12:
            break
    return words[:24]


def read_html(
    markup: str,
    *,
    source: str,
    sha256: str,
    encoding: str | None,
    media_type: str = "text/html",
    title: str | None = None,
) -> Document:
    """Render HTML to a document.

    Blocks begin a line, paragraphs are set apart by a blank line, cells of a row by a tab; scripts, styles and hidden
    elements are left out.

    Args:
        markup: Decoded HTML.
        source: As for ``Document``.
        sha256: As for ``Document``.
        encoding: As for ``Document``.
        media_type: As for ``Document``.
        title: Title that stands outside the HTML.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # bs4 warns of text that looks like a file name or of XML; both are fine here
        soup = BeautifulSoup(markup.replace("\x00", ""), "lxml")
    if title is None and soup.title is not None:
        title = " ".join(soup.title.get_text().split()) or None
    walker = _Walker()
    walker.walk(soup)
    return Document(
        source=source,
        sha256=sha256,
        media_type=media_type,
        encoding=encoding,
        text="".join(walker.out.parts),
        tables=tuple(walker.tables),
        links=tuple(sorted(walker.links, key=lambda link: link.span)),
        headings=tuple(walker.headings),
        markers=tuple(walker.markers),
        title=title,
    )
