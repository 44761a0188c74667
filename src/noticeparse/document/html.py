"""HTML to a document: the rendered text, with the offsets of cells, links, headings and list markers recorded.

The tree is walked once, with a stack of our own, so that no depth of nesting can exhaust Python's. What an element asks
for (a line break, a blank, a list marker) is held back until the next visible character, so none stands at an edge.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.builder import ParserRejectedMarkup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from noticeparse.document.flow import FlowWriter
from noticeparse.document.grid import MAX_SPAN, GridWriter
from noticeparse.document.lists import OWN_MARKER_REGEX, ordinal
from noticeparse.document.model import Document, HeadingMark, LinkMark, Table
from noticeparse.errors import InputError
from noticeparse.pattern import Pattern
from noticeparse.records import Diagnostic

# A tag takes a kilobyte of tree, however short it is; of a page with more of them the rest is left out, and told.
MAX_TAGS = 1_000_000
# The levels that lists are indented by are few, so that no page can ask for more text than its own length warrants.
MAX_LEVELS = 16

_SKIPPED = frozenset(
    {
        *("script", "style", "noscript", "template", "svg", "math", "select", "option", "datalist", "iframe"),
        *("object", "embed", "audio", "video", "canvas", "noframes"),
    }
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Set apart by a blank line, but inside of list items and cells.
_SPACED = frozenset(("p", "dl", "blockquote", "pre", "figure"))
_BLOCKS = _SPACED | frozenset(
    {
        *("address", "article", "aside", "body", "caption", "center", "colgroup", "dd", "details", "dialog"),
        *("dir", "div", "dt", "fieldset", "figcaption", "footer", "form", "header", "hgroup", "hr", "html"),
        *("legend", "main", "menu", "nav", "section", "summary", "tbody", "td", "tfoot", "th", "thead", "tr"),
    }
)
_SECTIONS = frozenset(("thead", "tbody", "tfoot"))
_XML_REGEX = Pattern(r"<\?xml[^<>]{0,500}>", re.I)
_INVISIBLE_REGEX = Pattern(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)
_DISPLAY_REGEX = Pattern(r"display\s*:\s*(inline|block|flex|grid|list-item)", re.I)
_SPACE_MODE_REGEX = Pattern(r"white-space\s*:\s*(pre-line|pre|break-spaces|normal|nowrap)", re.I)
_OPENING_REGEX = Pattern(r"<[a-zA-Z]")
_SPAN_REGEX = Pattern(r"\s*\+?([0-9]{1,9})")
_NO_MARKER_REGEX = Pattern(r"list-style(?:-type)?\s*:[^;]{0,60}\bnone\b", re.I)
_Leave = Callable[[], None]


@dataclass(slots=True)
class _List:
    """A list while its items are walked; ``kind`` is the ``type`` of an ordered one."""

    kind: str | None
    number: int
    step: int
    bare: bool


class _Walker:
    """Walks the tree once and keeps what is open: tables, lists, the white-space mode."""

    def __init__(self, data_tables: frozenset[int]) -> None:
        self.out = FlowWriter()
        self.tables: list[Table] = []
        self.links: list[LinkMark] = []
        self.headings: list[HeadingMark] = []
        self.title: str | None = None
        self._data_tables = data_tables
        self._open_tables: list[GridWriter | None] = []  # None: laid out as text
        self._grid_depth = 0
        self._nested_cell: list[bool] = []  # for each table in a cell: whether its row has a cell already
        self._lists: list[_List] = []
        self._tight = 0
        self._mode = "normal"
        self._enter_by_name: dict[str, Callable[[Tag], _Leave | None]] = {
            "a": self._link,
            "li": self._item,
            "ol": self._list,
            "pre": self._pre,
            "table": self._table,
            "tr": self._row,
            "td": self._cell,
            "th": self._cell,
            "ul": self._list,
            **dict.fromkeys(_HEADINGS, self._heading),
            **dict.fromkeys(_SECTIONS, self._section),
        }

    def walk(self, root: Tag) -> None:
        """Render all that is visible below an element."""
        stack: list[tuple[Iterator[PageElement], _Leave | None]] = [(iter(root.contents), None)]
        while stack:
            children, leave = stack[-1]
            for node in children:
                if isinstance(node, Tag):
                    if not self._passes(node):
                        continue
                    stack.append((iter(node.contents), self._enter(node)))
                    break
                if isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
                    self._text(str.__str__(node))  # a plain str: the tree's own is slow to index
            else:
                stack.pop()
                if leave is not None:
                    leave()

    def _text(self, words: str) -> None:
        if self._mode == "normal":
            self.out.flowing(words)
        else:
            self.out.lines(words.replace("\r\n", "\n").replace("\r", "\n"), collapse=self._mode == "pre-line")

    def _passes(self, tag: Tag) -> bool:
        """Whether an element is entered; the ones without content are dealt with here."""
        name = tag.name
        if name == "br":
            self.out.line_break()
            # The parser may have hung what follows below a <br> that is closed wrongly.
            return bool(tag.contents)
        if name == "title":
            if self.title is None:
                self.title = " ".join(tag.get_text().split()) or None
            return False
        return name not in _SKIPPED and not _is_hidden(tag)

    def _enter(self, tag: Tag) -> _Leave | None:
        style = tag.attrs.get("style") if tag.attrs else None
        enter = self._enter_by_name.get(tag.name)
        if enter is not None:
            leave = enter(tag)
        elif tag.name in _BLOCKS:
            leave = None if style and _display(style) == "inline" else self._block(2 if tag.name in _SPACED else 1)
        else:
            leave = self._block(1) if style and _display(style) not in (None, "inline") else None
        if style and "white-space" in str(style).lower():
            return self._with_space_mode(str(style), leave)
        return leave

    def _block(self, count: int) -> _Leave:
        count = 1 if self._tight else count
        self.out.block(count)
        return lambda: self.out.block(count)

    def _with_space_mode(self, style: str, leave: _Leave | None) -> _Leave | None:
        found = _SPACE_MODE_REGEX.search(style)
        if found is None:
            return leave
        before = self._mode
        word = found.group(1).lower()
        self._mode = {"normal": "normal", "nowrap": "normal", "pre-line": "pre-line"}.get(word, "pre")

        def restore() -> None:
            self._mode = before
            if leave is not None:
                leave()

        return restore

    def _pre(self, tag: Tag) -> _Leave:
        before = self._mode
        after = self._block(2)
        self._mode = "pre"
        # A line break right behind <pre> is none.
        if tag.contents and isinstance(tag.contents[0], NavigableString) and tag.contents[0].startswith("\n"):
            tag.contents[0] = NavigableString(tag.contents[0][1:])

        def leave() -> None:
            self._mode = before
            after()

        return leave

    # Links and headings

    def _link(self, tag: Tag) -> _Leave | None:
        # Browsers drop line breaks and tabs inside an address.
        address = re.sub(r"[\t\r\n]+", "", str(tag.attrs.get("href") or "")).strip()
        if not address or address.startswith("#") or address.lower().startswith("javascript:"):
            return None
        mark = self.out.mark()
        return lambda: self.links.append(LinkMark(self.out.span(mark), address))

    def _heading(self, tag: Tag) -> _Leave:
        after = self._block(2)
        mark = self.out.mark()

        def leave() -> None:
            span = self.out.span(mark)
            if span[1] > span[0]:
                self.headings.append(HeadingMark(span, _HEADINGS[tag.name]))
            after()

        return leave

    # Tables

    def _table(self, tag: Tag) -> _Leave:
        self.out.prefix = None
        after = self._block(2)
        if self._grid_depth or id(tag) not in self._data_tables:
            return self._plain_table(after)
        grid, mark = GridWriter(), self.out.mark()
        self._open_tables.append(grid)
        self._grid_depth += 1

        def leave() -> None:
            grid.close_section()
            self._grid_depth -= 1
            self._open_tables.pop()
            table = grid.table(self.out.span(mark))
            if table is not None:
                self.tables.append(table)
            after()

        return leave

    def _plain_table(self, after: _Leave) -> _Leave:
        self._open_tables.append(None)
        self._nested_cell.append(False)

        def leave() -> None:
            self._open_tables.pop()
            self._nested_cell.pop()
            after()

        return leave

    def _grid(self) -> GridWriter | None:
        return self._open_tables[-1] if self._open_tables else None

    def _section(self, tag: Tag) -> _Leave:
        grid = self._grid()
        after = self._block(1)
        if grid is None:
            return after
        grid.close_section()
        grid.header = tag.name == "thead"

        def leave() -> None:
            grid.close_section()
            after()

        return leave

    def _row(self, tag: Tag) -> _Leave:
        grid = self._grid()
        after = self._block(1)
        if grid is None:
            if self._nested_cell:
                self._nested_cell[-1] = False
            return after
        grid.next_row()

        def leave() -> None:
            grid.open_row = False
            after()

        return leave

    def _cell(self, tag: Tag) -> _Leave:
        grid = self._grid()
        if grid is None:
            return self._plain_cell()
        if not grid.open_row:
            grid.next_row()
        first = grid.column == 0 or not grid.cells or grid.cells[-1].row != grid.row
        start = self.out.open_cell(grid.seek(), first=first)
        lists, self._lists = self._lists, []
        self._tight += 1

        def leave() -> None:
            rows, columns = _number(tag, "rowspan") or MAX_SPAN, _number(tag, "colspan") or 1
            grid.place((start, self.out.size), rows, columns, header=tag.name == "th")
            self.out.close_cell()
            self._tight -= 1
            self._lists = lists

        return leave

    def _plain_cell(self) -> _Leave:
        """A cell of a table inside a cell is set apart by a tab, one that only lays out the page is a block."""
        if not self._grid_depth or not self._nested_cell:
            return self._block(1)
        if self._nested_cell[-1]:
            self.out.tab()
        self._nested_cell[-1] = True
        return self.out.tab

    # Lists

    def _list(self, tag: Tag) -> _Leave:
        after = self._block(2)
        style = str(tag.attrs.get("style") or "")
        ordered = tag.name == "ol"
        kind = str(tag.attrs.get("type") or "1") if ordered else None
        step = -1 if "reversed" in tag.attrs else 1
        first = len(tag.find_all("li", recursive=False)) if step < 0 else 1
        number = _integer(tag, "start")
        self._lists.append(_List(kind, first if number is None else number, step, bool(_NO_MARKER_REGEX.search(style))))

        def leave() -> None:
            self._lists.pop()
            after()

        return leave

    def _item(self, tag: Tag) -> _Leave:
        self.out.block(1)
        self._tight += 1
        marker = self._marker(tag)
        self.out.prefix = ("  " * min(len(self._lists) - 1, MAX_LEVELS), marker)

        def leave() -> None:
            self.out.prefix = None
            self._tight -= 1
            self.out.block(1)

        return leave

    def _marker(self, tag: Tag) -> str:
        current = self._lists[-1] if self._lists else _List(None, 1, 1, bare=False)
        value = _integer(tag, "value")
        if current.kind is not None and value is not None:
            current.number = value
        number, current.number = current.number, current.number + current.step
        bare = current.bare or _NO_MARKER_REGEX.search(str(tag.attrs.get("style") or ""))
        if bare or OWN_MARKER_REGEX.match(_first_words(tag)):
            return ""
        return "•" if current.kind is None else f"{ordinal(number, current.kind)}."


def _is_hidden(tag: Tag) -> bool:
    attributes = tag.attrs
    if not attributes:
        return False
    return "hidden" in attributes or ("style" in attributes and bool(_INVISIBLE_REGEX.search(str(attributes["style"]))))


def _display(style: object) -> str | None:
    found = _DISPLAY_REGEX.search(str(style))
    return found.group(1).lower() if found else None


def _integer(tag: Tag, name: str) -> int | None:
    value = str(tag.attrs.get(name, "")).strip()
    return int(value) if re.fullmatch(r"-?[0-9]{1,6}", value) else None


def _number(tag: Tag, name: str) -> int:
    """A span as browsers read it: the leading digits, 1 without any, 1000 at most."""
    if not tag.attrs:
        return 1
    found = _SPAN_REGEX.match(str(tag.attrs.get(name, "")))
    return min(int(found.group(1)), MAX_SPAN) if found else 1


def _first_words(tag: Tag, most: int = 12) -> str:
    """The first few visible characters of a list item, without leading blanks; a few steps into the tree only."""
    words = ""
    stack: list[Iterator[PageElement]] = [iter(tag.contents)]
    for _ in range(60):
        if not stack or len(words) >= most:
            break
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif isinstance(node, Tag):
            if words and node.name in ("br", "ul", "ol", "table"):
                break
            if node.name not in _SKIPPED and not _is_hidden(node):
                stack.append(iter(node.contents))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            words = (words + node[:200]).lstrip()
    return words


def _data_tables(soup: BeautifulSoup) -> frozenset[int]:
    """Which tables hold data, by ``id``: more than one cell, and no table in a cell that has more cells than itself.

    A table that holds a larger one lays out the page: a frame of navigation and content around the list proper.
    """
    if soup.find("table") is None:
        return frozenset()
    found: set[int] = set()
    counts: list[list[int]] = [[0, 0]]  # of each open table: its own cells, and those of the largest table inside it
    stack: list[tuple[Tag, Iterator[PageElement]]] = [(soup, iter(soup.contents))]
    while stack:
        tag, children = stack[-1]
        for node in children:
            if isinstance(node, Tag):
                if node.name == "table":
                    counts.append([0, 0])
                elif node.name in ("td", "th"):
                    counts[-1][0] += 1
                stack.append((node, iter(node.contents)))
                break
        else:
            stack.pop()
            if tag.name == "table":
                own, inner = counts.pop()
                if own > 1 and inner <= own:
                    found.add(id(tag))
                counts[-1][1] = max(counts[-1][1], own, inner)
    return frozenset(found)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from searching the tree while it grows.

    It finds nothing, because all of the tree is in use, and takes a quarter of the time.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


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

    Blocks begin a line, paragraphs are set apart by a blank line, the cells of a row by tabs: the field behind ``k``
    tabs is column ``k`` of the grid. Scripts, styles, hidden elements and the choices of forms are left out.

    Args:
        markup: Decoded HTML.
        source: As for ``Document``.
        sha256: As for ``Document``.
        encoding: As for ``Document``.
        media_type: As for ``Document``.
        title: Title that stands outside the HTML.

    Raises:
        InputError: The parser refuses the markup.
    """
    # An XML declaration, also Word's in the middle of a page, says nothing here; the line break at the end keeps the
    # parser's wrapper from taking a short text for a file name.
    kept, diagnostics = _within_limit(markup.replace("\x00", ""))
    with _no_collection():
        try:
            soup = BeautifulSoup(_XML_REGEX.sub("", kept) + "\n", "lxml")
        except ParserRejectedMarkup as error:
            raise InputError(source, f"HTML that cannot be parsed: {error}") from error
        walker = _Walker(_data_tables(soup))
        walker.walk(soup)
    return Document(
        source=source,
        sha256=sha256,
        media_type=media_type,
        encoding=encoding,
        text="".join(walker.out.parts),
        tables=tuple(sorted(walker.tables, key=lambda table: table.span)),
        links=tuple(sorted(walker.links, key=lambda link: link.span)),
        headings=tuple(sorted(walker.headings, key=lambda heading: heading.span)),
        markers=tuple(walker.out.markers),
        title=title or walker.title,
        diagnostics=diagnostics,
    )


def _within_limit(markup: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """The markup up to the last tag that is read."""
    if markup.count("<") <= MAX_TAGS:
        return markup, ()
    for count, match in enumerate(_OPENING_REGEX.finditer(markup)):
        if count == MAX_TAGS:
            words = f"only the first {MAX_TAGS} tags are read: {len(markup) - match.start()} characters are left out"
            return markup[: match.start()], (Diagnostic("html-cut", words),)
    return markup, ()
