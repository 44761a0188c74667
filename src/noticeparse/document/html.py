"""HTML to a document: the rendered text, with the offsets of cells, links, headings and list markers recorded.

The tree is walked once, with a stack of our own, so that no depth of nesting can exhaust Python's. What an element asks
for (a line break, a blank, a list marker) is held back until the next visible character, so none stands at an edge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup
from bs4.builder import ParserRejectedMarkup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from noticeparse.document.model import Cell, Document, HeadingMark, LinkMark, Span, Table
from noticeparse.errors import InputError

# The clamp of browsers, and three of our own: rowspans reach down only from the first columns, and the tabs that stand
# for spanned places and the levels that lists are indented by are few, so that no page can ask for more text or time
# than its own length warrants.
MAX_SPAN = 1000
MAX_TABS = 64
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
_BLANKS = " \t\n\r\f\u00a0"
_BLANKS_REGEX = re.compile(r"[ \t\n\r\f\u00a0]+")
_XML_REGEX = re.compile(r"<\?xml[^<>]{0,500}>", re.I)
_INVISIBLE_REGEX = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)
_DISPLAY_REGEX = re.compile(r"display\s*:\s*(inline|block|flex|grid|list-item)", re.I)
_SPACE_MODE_REGEX = re.compile(r"white-space\s*:\s*(pre-line|pre|break-spaces|normal|nowrap)", re.I)
_NO_MARKER_REGEX = re.compile(r"list-style(?:-type)?\s*:[^;]{0,60}\bnone\b", re.I)
# A marker that an item writes itself: • - * ① （一） (2) 3. 4、 1.2 a) 第一、
_OWN_MARKER_REGEX = re.compile(
    r"""[•·●○◦▪▫■□◆◇★☆►▶➤➢※✓√*–—-]
    |[①-⑳⑴-⒛❶-❿㈠-㈩]
    |[(（][0-9一二三四五六七八九十a-zA-Z]{1,3}[)）]
    |[0-9]{1,3}(?:[.．][0-9]{1,3}){0,4}[.．、)）](?![0-9])
    |[0-9]{1,2}(?:\.[0-9]{1,2}){1,4}(?=[\s\u3000\u4e00-\u9fff])
    |第?[一二三四五六七八九十]{1,3}[、.．)）]
    |[a-zA-Z][.．、)）]""",
    re.X,
)

_Leave = Callable[[], None]


@dataclass(slots=True)
class _Mark:
    """A run of text whose first character is still to come."""

    start: int | None = None


class _Writer:
    """Writes the text."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = 0
        self.markers: list[Span] = []
        self.prefix: tuple[str, str] | None = None  # indentation and list marker
        self._breaks = 0
        self._gap = ""
        self._fresh = True  # nothing written since the start of the text or of the cell
        self._waiting: list[_Mark] = []

    def flowing(self, words: str) -> None:
        """Write text whose white space collapses."""
        core = words.strip(_BLANKS)
        if not core:
            self._gap = self._gap or " "
            return
        if words[0] in _BLANKS:
            self._gap = self._gap or " "
        self._emit(_BLANKS_REGEX.sub(" ", core))
        if words[-1] in _BLANKS:
            self._gap = " "

    def lines(self, words: str, *, collapse: bool) -> None:
        """Write text whose line breaks are kept, and its blanks too unless they collapse."""
        for index, line in enumerate(words.split("\n")):
            if index:
                self._breaks += 1
                self._gap = ""
            if collapse:
                if line:
                    self.flowing(line)
                continue
            core = line.rstrip(_BLANKS)
            if core:
                self._emit(core)
            self._gap += line[len(core) :]

    def _emit(self, words: str) -> None:
        if not self._fresh:
            if self._breaks:
                self._raw("\n" * self._breaks)
            elif self._gap:
                self._raw(self._gap)
        self._breaks, self._gap, self._fresh = 0, "", False
        if self.prefix is not None:
            indent, marker = self.prefix
            self.prefix = None
            self._raw(indent)
            if marker:
                self.markers.append((self.size, self.size + len(marker)))
                self._raw(marker + " ")
        self._start_marks()
        self._raw(words)

    def _raw(self, words: str) -> None:
        self.parts.append(words)
        self.size += len(words)

    def _start_marks(self) -> None:
        for mark in self._waiting:
            mark.start = self.size
        self._waiting.clear()

    def block(self, count: int) -> None:
        """Ask for at least so many line breaks before what comes next."""
        self._breaks = max(self._breaks, count)
        self._gap = ""

    def line_break(self) -> None:
        """Ask for one more line break; two, a blank line, are the most."""
        self._breaks = max(self._breaks, min(2, self._breaks + 1))
        self._gap = ""

    def tab(self) -> None:
        """Ask for a tab, unless a line break comes."""
        self._gap = "\t"

    def mark(self) -> _Mark:
        """Start a run of text."""
        mark = _Mark()
        self._waiting.append(mark)
        return mark

    def span(self, mark: _Mark) -> Span:
        """End a run: the marks are nested, so one that never started is the last that waits."""
        if mark.start is None:
            self._waiting.pop()
            return self.size, self.size
        return mark.start, self.size

    def open_cell(self, tabs: int, *, first: bool) -> int:
        """Start a cell, the first of its row on a new line; gives its offset."""
        if first and not self._fresh:
            self._raw("\n" * max(1, self._breaks))
        self._start_marks()
        self._raw("\t" * tabs)
        self._breaks, self._gap, self._fresh, self.prefix = 0, "", True, None
        return self.size

    def close_cell(self) -> None:
        """End a cell: what it asked for ends with it."""
        self._breaks, self._gap, self._fresh, self.prefix = 0, " ", False, None


@dataclass(slots=True)
class _Grid:
    """A table while its rows are walked. ``busy`` holds for each column the first row that no cell above covers."""

    mark: _Mark
    row: int = -1
    column: int = 0
    tabs: int = 0
    open_row: bool = False
    header: bool = False
    section: int = 0  # index of the first cell of the row group
    cells: list[Cell] = field(default_factory=list)
    busy: list[int] = field(default_factory=list)

    def next_row(self) -> None:
        self.row, self.column, self.tabs, self.open_row = self.row + 1, 0, 0, True

    def seek(self) -> int:
        """Go to the next free column of the row; gives the tabs that lead to it."""
        while self.column < len(self.busy) and self.busy[self.column] > self.row:
            self.column += 1
        tabs = min(self.column - self.tabs, MAX_TABS)
        self.tabs = self.column
        return tabs

    def place(self, span: Span, rows: int, columns: int, *, header: bool) -> None:
        """Put a cell at the column sought; it ends where a cell from above stands."""
        first, row = self.column, self.row
        last = first + 1
        while last < first + columns and (last >= len(self.busy) or self.busy[last] <= row):
            last += 1
        if rows > 1 and last <= MAX_SPAN:
            self.busy.extend([0] * (last - len(self.busy)))
            self.busy[first:last] = [row + rows] * (last - first)
        else:
            rows = 1
        self.cells.append(Cell(span, row, first, rows, last - first, header or self.header))
        self.column = last

    def close_section(self) -> None:
        """Cut the cells of a row group at its last row."""
        for index in range(self.section, len(self.cells)):
            cell = self.cells[index]
            if cell.row + cell.rowspan > self.row + 1:
                self.cells[index] = replace(cell, rowspan=self.row + 1 - cell.row)
        self.section = len(self.cells)
        self.busy.clear()
        self.header = self.open_row = False

    def table(self, span: Span) -> Table | None:
        """The finished table; columns that no cell begins in are an overlong ``colspan`` and are cut."""
        if not self.cells:
            return None
        width = 1 + max(cell.column for cell in self.cells)
        cells = tuple(
            cell if cell.column + cell.colspan <= width else replace(cell, colspan=width - cell.column)
            for cell in self.cells
        )
        return Table(span, cells, self.row + 1, width)


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
        self.out = _Writer()
        self.tables: list[Table] = []
        self.links: list[LinkMark] = []
        self.headings: list[HeadingMark] = []
        self.title: str | None = None
        self._data_tables = data_tables
        self._open_tables: list[_Grid | None] = []  # None: laid out as text
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
                    self._text(node)
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
        grid = _Grid(self.out.mark())
        self._open_tables.append(grid)
        self._grid_depth += 1

        def leave() -> None:
            grid.close_section()
            self._grid_depth -= 1
            self._open_tables.pop()
            table = grid.table(self.out.span(grid.mark))
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

    def _grid(self) -> _Grid | None:
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
        if bare or _OWN_MARKER_REGEX.match(_first_words(tag)):
            return ""
        return "•" if current.kind is None else f"{_ordinal(number, current.kind)}."


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
    found = re.match(r"\s*\+?([0-9]{1,9})", str(tag.attrs.get(name, "")))
    return min(int(found.group(1)), MAX_SPAN) if found else 1


def _ordinal(number: int, kind: str) -> str:
    """A list number in the style of the list's ``type``: 1, a, A, i or I."""
    if kind in ("a", "A") and number > 0:
        letters = ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord(kind) + rest) + letters
        return letters
    if kind in ("i", "I") and 0 < number < 4000:
        roman = ""
        for worth, sign in zip(
            (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
            ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
            strict=True,
        ):
            roman += sign * (number // worth)
            number %= worth
        return roman if kind == "i" else roman.upper()
    return str(number)


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
    try:
        soup = BeautifulSoup(_XML_REGEX.sub("", markup.replace("\x00", "")) + "\n", "lxml")
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
    )
