"""HTML to a flat run of what opens, what closes and the words between, hidden parts left out.

The tags are those that lxml's HTML parser calls out as it goes, the same that BeautifulSoup would hang into a tree with
it. The reader needs no tree: it goes through a page once, from the first tag to the last. To build the tree takes twelve
times as long as to take down the run, and a kilobyte for each tag. No depth of nesting exhausts anything here either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree
from msgspec import Struct

from noticeparse.errors import InputError
from noticeparse.pattern import Pattern
from noticeparse.records import Diagnostic

# Of a page with more tags than these the rest is left out, and told. Real pages have one in 20 to 200 characters.
FREE_TAGS = 100_000
CHARS_PER_TAG = 16
# The parser looks for what an end tag closes through all that is open, so that a page of tags that nothing closes and of
# end tags that close nothing takes time by the square of its length. Real pages take less than 100 such steps a character.
FREE_STEPS = 200_000_000
STEPS_PER_CHAR = 300
_MOST_ALIKE = 10_000
_PIECE = 65_536  # characters that the parser is given at a time, so that no second copy of the page is made

_SKIPPED = frozenset(
    {
        *("script", "style", "noscript", "template", "svg", "math", "select", "option", "datalist", "iframe"),
        *("object", "embed", "audio", "video", "canvas", "noframes"),
    }
)
_OPENING_REGEX = Pattern(r"<[a-zA-Z]")
_INVISIBLE_REGEX = Pattern(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)
_DISPLAY_REGEX = Pattern(r"display\s*:\s*(inline|block|flex|grid|list-item)", re.I)
_WHITE_SPACE_REGEX = Pattern(r"white-space\s*:\s*(pre-line|pre|break-spaces|normal|nowrap)", re.I)
_LINE_BREAKS_REGEX = Pattern(r"[\t\r\n]+")
_NO_MARKER_REGEX = Pattern(r"list-style(?:-type)?\s*:[^;]{0,60}\bnone\b", re.I)
_WHITE_SPACE = {"normal": "normal", "nowrap": "normal", "pre-line": "pre-line", "pre": "pre", "break-spaces": "pre"}


# Tags whose attributes are read, and those attributes.
_READ = {
    "a": ("href",),
    "li": ("value",),
    "ol": ("reversed", "start", "type"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
}
# Tags that stand for something in the text, whatever their attributes are.
STRUCTURE = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "colgroup", "dd", "details"),
        *("dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3"),
        *("h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre"),
        *("section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)


class Style(Struct, frozen=True):
    """What of a ``style`` attribute matters to the text.

    Attributes:
        hidden: The element is not shown.
        display: ``inline``, ``block``, ``flex``, ``grid`` or ``list-item``; ``None`` for what the tag itself asks for.
        white_space: ``normal``, ``pre-line`` or ``pre``; ``None`` for that of the element around.
        bare: Its list items have no markers.
    """

    hidden: bool = False
    display: str | None = None
    white_space: str | None = None
    bare: bool = False


NO_STYLE = Style()
_HIDDEN = Style(hidden=True)
NO_ATTRIBUTES: Mapping[str, str] = {}


class Opening:
    """What opens an element.

    Attributes:
        name: Name of the tag, in lower case.
        style: Its ``style``.
        attributes: Those of its attributes that tell an address, a span or a number.
        count: Cells of a table that holds data, 0 of any other table; items right in an ordered list.
    """

    __slots__ = ("attributes", "count", "name", "style")

    def __init__(self, name: str, style: Style = NO_STYLE, attributes: Mapping[str, str] = NO_ATTRIBUTES) -> None:
        self.name = name
        self.style = style
        self.attributes = attributes
        self.count = 0


LINE_BREAK = Opening("br")
# Openings of elements without attributes that matter, which are most; nothing is ever noted on these.
_SHARED = {name: Opening(name) for name in STRUCTURE - {"li", "ol", "table", "td", "th"}}
_COUNTED = {name: Opening(name) for name in ("li", "td", "th")}
# An opening, words (a run of them may come in pieces), or ``None`` where the last element that is open closes;
# ``LINE_BREAK`` opens nothing.
Event = Opening | str | None


class Page(Struct, frozen=True):
    """What a page shows, from its first tag to its last."""

    events: list[Event]
    title: str | None
    diagnostics: tuple[Diagnostic, ...]


def read_page(markup: str, source: str) -> Page:
    """Take down what a page shows.

    Args:
        markup: Decoded HTML.
        source: Name for the message.

    Raises:
        InputError: The parser refuses the markup.
    """
    kept, message = _within_limit(markup)
    recorder = _Recorder()
    # The options keep the parser from the network and from its own limits on the length of words.
    target: Any = recorder  # without a method for comments, which the stubs ask for and the parser does not
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=True)
    steps = FREE_STEPS + STEPS_PER_CHAR * len(kept)
    try:
        for start in range(0, len(kept) or 1, _PIECE):
            piece = kept[start : start + _PIECE].encode()
            steps -= recorder.depth * piece.count(b"</")
            if steps < 0:
                message = f"tags are nested {recorder.depth} deep: {len(markup) - start} characters are left out"
                break
            # Words would come line by line where a line break is two characters.
            parser.feed(piece.replace(b"\x00", b"").replace(b"\r\n", b"\n"))
        parser.close()
    except etree.LxmlError as error:
        raise InputError(source, f"HTML that cannot be parsed: {error}") from error
    return Page(recorder.events, recorder.title, (Diagnostic("html-cut", message),) if message else ())


def _within_limit(markup: str) -> tuple[str, str]:
    """The markup up to the last tag that is read, and words that tell what is not."""
    most = FREE_TAGS + len(markup) // CHARS_PER_TAG
    if markup.count("<") > most:
        for count, match in enumerate(_OPENING_REGEX.finditer(markup)):
            if count == most:
                words = f"only the first {most} tags are read: {len(markup) - match.start()} characters are left out"
                return markup[: match.start()], words
    return markup, ""


class _Recorder:
    """What the parser calls for each tag and each run of words.

    Elements that say nothing about the text (``<b>``, ``<span>``) leave no trace. What is not shown counts for nothing.

    Attributes:
        events: What the page shows.
        title: Words of the first ``<title>`` that has any.
        data: What the parser calls for words, a few at a time.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.title: str | None = None
        self.data = self.events.append
        self._open: list[Opening | None] = []
        self._skipped = 0  # how many elements are open from a hidden one on
        self._hidden = 0  # the event at which it opened
        self._cells = [[0, 0]]  # of each open table: its own cells, and those of the largest table inside it
        self._styles: dict[str, Style] = {}
        self._alike: dict[tuple[object, ...], Opening] = {}
        self._starts: dict[str, Callable[[str, Style, Mapping[str, str]], None]] = {
            "a": self._link,
            "br": self._break,
            "li": self._item,
            "ol": self._list,
            "table": self._table,
            "td": self._cell,
            "th": self._cell,
            **dict.fromkeys((*_SKIPPED, "title"), self._skip),
        }

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._open) + self._skipped

    # What the parser calls

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if self._skipped:
            self._skipped += 1
            return
        style = NO_STYLE
        if attributes and ("style" in attributes or "hidden" in attributes):
            style = self._style(attributes)
            if style.hidden:
                self._skip(name, style, attributes)
                return
        if style is NO_STYLE and (opening := _SHARED.get(name)) is not None:
            self._append(opening)
        elif (start := self._starts.get(name)) is not None:
            start(name, style, attributes)
        elif name in STRUCTURE or style.display not in (None, "inline") or style.white_space:
            self._append(Opening(name, style))
        else:
            self._open.append(None)

    def end(self, name: str) -> None:
        """The element that opened last closes."""
        if self._skipped:
            self._skipped -= 1
            if not self._skipped:
                self._end_hidden(name)
        elif name != "br":
            opening = self._open.pop()
            if opening is not None:
                self.events.append(None)
                if opening.name == "table":
                    self._close_table(opening)

    def close(self) -> None:
        """The page ends."""

    def _end_hidden(self, name: str) -> None:
        if name == "title" and self.title is None:
            words = [event for event in self.events[self._hidden :] if isinstance(event, str)]
            self.title = " ".join("".join(words).split()) or None
        del self.events[self._hidden :]

    # Elements that are more than a block

    def _append(self, opening: Opening) -> None:
        self._open.append(opening)
        self.events.append(opening)

    def _skip(self, name: str, style: Style, attributes: Mapping[str, str]) -> None:
        self._skipped = 1
        self._hidden = len(self.events)

    def _break(self, name: str, style: Style, attributes: Mapping[str, str]) -> None:
        self.events.append(LINE_BREAK)

    def _link(self, name: str, style: Style, attributes: Mapping[str, str]) -> None:
        # Browsers drop line breaks and tabs inside an address.
        address = _LINE_BREAKS_REGEX.sub("", attributes.get("href") or "").strip()
        if address and not address.startswith("#") and address[:11].lower() != "javascript:":
            self._append(Opening(name, style, {"href": address}))
        elif style.display not in (None, "inline") or style.white_space:
            self._append(Opening(name, style))
        else:
            self._open.append(None)

    def _item(self, name: str, style: Style, attributes: Mapping[str, str]) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and parent.name == "ol":
            parent.count += 1
        self._append(self._counted(name, style, attributes) if attributes else _COUNTED[name])

    def _list(self, name: str, style: Style, attributes: Mapping[str, str]) -> None:
        self._append(Opening(name, style, _kept(name, attributes)))

    def _table(self, name: str, style: Style, attributes: Mapping[str, str]) -> None:
        self._cells.append([0, 0])
        self._append(Opening(name, style))

    def _close_table(self, opening: Opening) -> None:
        """Tell a table of data: more than one cell, and no table inside it that has more cells than itself.

        A table that holds a larger one lays out the page: a frame of navigation and content around the list proper.
        """
        own, inner = self._cells.pop()
        if own > 1 and inner <= own:
            opening.count = own
        self._cells[-1][1] = max(self._cells[-1][1], own, inner)

    def _cell(self, name: str, style: Style, attributes: Mapping[str, str]) -> None:
        self._cells[-1][0] += 1
        self._append(self._counted(name, style, attributes) if attributes else _COUNTED[name])

    def _counted(self, name: str, style: Style, attributes: Mapping[str, str]) -> Opening:
        """What opens an item or a cell; those that are alike are one object."""
        kept = _kept(name, attributes)
        if not kept and style is NO_STYLE:
            return _COUNTED[name]
        alike = (name, style, *kept.items())
        opening = self._alike.get(alike)
        if opening is None:
            if len(self._alike) >= _MOST_ALIKE:
                self._alike.clear()
            opening = self._alike[alike] = Opening(name, style, kept)
        return opening

    def _style(self, attributes: Mapping[str, str]) -> Style:
        if "hidden" in attributes:
            return _HIDDEN
        words = attributes["style"]
        style = self._styles.get(words)
        if style is None:
            style = self._styles[words] = _read_style(words)
        return style


def _kept(name: str, attributes: Mapping[str, str]) -> Mapping[str, str]:
    """Those attributes that are read."""
    return {key: attributes[key] for key in _READ[name] if key in attributes}


def _read_style(words: str) -> Style:
    display = _DISPLAY_REGEX.search(words)
    white_space = _WHITE_SPACE_REGEX.search(words)
    style = Style(
        hidden=_INVISIBLE_REGEX.search(words) is not None,
        display=display.group(1).lower() if display else None,
        white_space=_WHITE_SPACE[white_space.group(1).lower()] if white_space else None,
        bare=_NO_MARKER_REGEX.search(words) is not None,
    )
    return NO_STYLE if style == NO_STYLE else style
