"""HTML to a document: the rendered text, with the offsets of cells, links, headings and list markers recorded.

The page is gone through once, with stacks of our own, so that no depth of nesting can exhaust Python's. What an element
asks for (a line break, a blank, a list marker) is held back until the next visible character, so none stands at an edge.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec import Struct

from noticeparse.document.flow import FlowWriter
from noticeparse.document.grid import MAX_SPAN, GridWriter
from noticeparse.document.lists import OWN_MARKER_REGEX, ordinal
from noticeparse.document.model import Document, HeadingMark, LinkMark, Table
from noticeparse.document.tags import LINE_BREAK, STRUCTURE, Event, Opening, read_page
from noticeparse.pattern import Pattern

# The levels that lists are indented by are few, so that no page can ask for more text than its own length warrants.
MAX_LEVELS = 16

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Set apart by a blank line, but inside of list items and cells.
_SPACED = frozenset(("p", "dl", "blockquote", "pre", "figure"))
_SPAN_REGEX = Pattern(r"\s*\+?([0-9]{1,9})")
_INTEGER_REGEX = Pattern(r"-?[0-9]{1,6}")
_Leave = Callable[[], None]  # what is called where an element closes


class _List(Struct):
    """A list while its items are walked; ``kind`` is the ``type`` of an ordered one, ``after`` what follows the list."""

    kind: str | None
    number: int
    step: int
    bare: bool
    after: _Leave | None = None


class _Walker:
    """Goes through what a page shows and keeps what is open: tables, lists, the white-space mode."""

    def __init__(self, events: list[Event]) -> None:
        self.out = FlowWriter()
        self.tables: list[Table] = []
        self.links: list[LinkMark] = []
        self.headings: list[HeadingMark] = []
        self._events = events
        self._at = 0  # of the event that is dealt with
        self._open_tables: list[GridWriter | None] = []  # None: laid out as text
        self._grid_depth = 0
        self._nested_cell: list[bool] = []  # for each table in a cell: whether its row has a cell already
        self._cells: list[tuple[GridWriter, Opening, int, list[_List]]] = []  # open ones, with the lists around
        self._lists: list[_List] = []
        self._tight = 0
        self._mode = "normal"
        # Bound once: a page may nest some hundred thousand elements.
        self._leave_block = partial(self.out.block, 1)
        self._leave_spaced = partial(self.out.block, 2)
        self._leave_cell = self._end_cell
        self._leave_item = self._end_item
        self._leave_list = self._end_list
        self._enter_by_name: dict[str, Callable[[Opening], _Leave | None]] = {
            "a": self._link,
            "li": self._item,
            "ol": self._list,
            "pre": self._pre,
            "table": self._table,
            "tbody": self._section,
            "td": self._cell,
            "tfoot": self._section,
            "th": self._cell,
            "thead": self._section,
            "tr": self._row,
            "ul": self._list,
            **dict.fromkeys(_HEADINGS, self._heading),
        }

    def walk(self) -> None:
        """Render the page."""
        leaves: list[_Leave | None] = []
        flowing = self.out.flowing
        for at, event in enumerate(self._events):
            if event is None:
                leave = leaves.pop()
                if leave is not None:
                    leave()
            elif isinstance(event, str):
                if self._mode == "normal":
                    flowing(event)
                else:
                    self._at = at
                    self._text()
            elif event is LINE_BREAK:
                self.out.line_break()
            else:
                self._at = at
                enter = self._enter_by_name.get(event.name)
                leave = enter(event) if enter is not None else self._plain(event)
                if event.style.white_space is not None:
                    leave = self._in_mode(event.style.white_space, leave)
                leaves.append(leave)

    def _text(self) -> None:
        """Write words whose line breaks are kept. Pieces of a run are joined: a line's blanks may lie in several."""
        pieces: list[str] = []
        for at in range(self._at, len(self._events)):
            piece = self._events[at]
            if not isinstance(piece, str):
                break
            pieces.append(piece)
            self._events[at] = ""
        words = "".join(pieces).replace("\r\n", "\n").replace("\r", "\n")
        self.out.lines(words, collapse=self._mode == "pre-line")

    def _plain(self, tag: Opening) -> _Leave | None:
        """An element that is a block or nothing."""
        display = tag.style.display
        if display == "inline" or (display is None and tag.name not in STRUCTURE):
            return None
        return self._block(2 if tag.name in _SPACED else 1)

    def _block(self, count: int) -> _Leave:
        if count == 1 or self._tight:
            self.out.block(1)
            return self._leave_block
        self.out.block(2)
        return self._leave_spaced

    def _in_mode(self, mode: str, leave: _Leave | None) -> _Leave:
        before = self._mode
        self._mode = mode

        def restore() -> None:
            self._mode = before
            if leave is not None:
                leave()

        return restore

    def _pre(self, tag: Opening) -> _Leave:
        # A line break right behind <pre> is none.
        follows = self._events[self._at + 1]
        if isinstance(follows, str) and follows.startswith("\n"):
            self._events[self._at + 1] = follows[1:]
        return self._in_mode("pre", self._block(2))

    # Links and headings

    def _link(self, tag: Opening) -> _Leave | None:
        after = None if tag.style.display in (None, "inline") else self._block(1)
        address = tag.attributes.get("href")
        if address is None:
            return after
        mark = self.out.mark()

        def leave() -> None:
            self.links.append(LinkMark(self.out.span(mark), address))
            if after is not None:
                after()

        return leave

    def _heading(self, tag: Opening) -> _Leave:
        after = self._block(2)
        mark = self.out.mark()

        def leave() -> None:
            span = self.out.span(mark)
            if span[1] > span[0]:
                self.headings.append(HeadingMark(span, _HEADINGS[tag.name]))
            after()

        return leave

    # Tables

    def _table(self, tag: Opening) -> _Leave:
        self.out.prefix = None
        after = self._block(2)
        if self._grid_depth or not tag.count:
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

    def _section(self, tag: Opening) -> _Leave:
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

    def _row(self, tag: Opening) -> _Leave:
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

    def _cell(self, tag: Opening) -> _Leave:
        grid = self._grid()
        if grid is None:
            return self._plain_cell()
        if not grid.open_row:
            grid.next_row()
        first = grid.column == 0 or grid.last_row != grid.row
        start = self.out.open_cell(grid.seek(), first=first)
        self._cells.append((grid, tag, start, self._lists))
        self._lists = []
        self._tight += 1
        return self._leave_cell

    def _end_cell(self) -> None:
        grid, tag, start, self._lists = self._cells.pop()
        rows = columns = 1
        if tag.attributes:
            rows, columns = _number(tag, "rowspan") or MAX_SPAN, _number(tag, "colspan") or 1
        grid.place(start, self.out.size, rows, columns, header=tag.name == "th")
        self.out.close_cell()
        self._tight -= 1

    def _plain_cell(self) -> _Leave:
        """A cell of a table inside a cell is set apart by a tab, one that only lays out the page is a block."""
        if not self._grid_depth or not self._nested_cell:
            return self._block(1)
        if self._nested_cell[-1]:
            self.out.tab()
        self._nested_cell[-1] = True
        return self.out.tab

    # Lists

    def _list(self, tag: Opening) -> _Leave:
        kind = (tag.attributes.get("type") or "1") if tag.name == "ol" else None
        step = -1 if "reversed" in tag.attributes else 1
        first = tag.count if step < 0 else 1
        number = _integer(tag, "start")
        number = first if number is None else number
        self._lists.append(_List(kind, number, step, tag.style.bare, self._block(2)))
        return self._leave_list

    def _end_list(self) -> None:
        after = self._lists.pop().after
        if after is not None:
            after()

    def _item(self, tag: Opening) -> _Leave:
        self.out.block(1)
        self._tight += 1
        marker = self._marker(tag)
        self.out.prefix = ("  " * min(len(self._lists) - 1, MAX_LEVELS), marker)
        return self._leave_item

    def _end_item(self) -> None:
        self.out.prefix = None
        self._tight -= 1
        self.out.block(1)

    def _marker(self, tag: Opening) -> str:
        current = self._lists[-1] if self._lists else _List(None, 1, 1, bare=False)
        value = _integer(tag, "value")
        if current.kind is not None and value is not None:
            current.number = value
        number, current.number = current.number, current.number + current.step
        if current.bare or tag.style.bare or OWN_MARKER_REGEX.match(self._first_words()):
            return ""
        return "•" if current.kind is None else f"{ordinal(number, current.kind)}."

    def _first_words(self, most: int = 12) -> str:
        """The first few characters of the list item that opens, without leading blanks; looked for in a few events."""
        words = ""
        depth = 0
        for event in self._events[self._at + 1 : self._at + 60]:
            if event is None:
                if not depth:
                    break
                depth -= 1
            elif isinstance(event, str):
                words = (words + event[:200]).lstrip()
                if len(words) >= most:
                    break
            elif words and event.name in ("br", "ul", "ol", "table"):
                break
            elif event is not LINE_BREAK:
                depth += 1
        return words


def _integer(tag: Opening, name: str) -> int | None:
    value = tag.attributes.get(name, "").strip()
    return int(value) if _INTEGER_REGEX.fullmatch(value) else None


def _number(tag: Opening, name: str) -> int:
    """A span as browsers read it: the leading digits, 1 without any, 1000 at most."""
    found = _SPAN_REGEX.match(tag.attributes.get(name, ""))
    return min(int(found.group(1)), MAX_SPAN) if found else 1


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
    page = read_page(markup, source)
    walker = _Walker(page.events)
    walker.walk()
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
        title=title or page.title,
        diagnostics=page.diagnostics,
    )
