"""Writing text that flows, as in HTML.

White space collapses, and what is asked for (a line break, a blank, a list marker) is held back until the next visible
character, so that none stands at an edge.
"""

from __future__ import annotations

from msgspec import Struct

from noticeparse.document.model import Span
from noticeparse.pattern import Pattern

_BLANKS = " \t\n\r\f\u00a0"
_BLANKS_REGEX = Pattern(r"[ \t\n\r\f\u00a0]{2,}|[\t\n\r\f\u00a0]")  # all but a single blank


class Mark(Struct):
    """A run of text whose first character is still to come."""

    start: int | None = None


class FlowWriter:
    """Writes the text."""

    __slots__ = ("_breaks", "_fresh", "_gap", "_waiting", "markers", "parts", "prefix", "size")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = 0
        self.markers: list[Span] = []
        self.prefix: tuple[str, str] | None = None  # indentation and list marker
        self._breaks = 0
        self._gap = ""
        self._fresh = True  # nothing written since the start of the text or of the cell
        self._waiting: list[Mark] = []

    def flowing(self, words: str) -> None:
        """Write text whose white space collapses."""
        core = words.strip(_BLANKS)
        if not core:
            self._gap = self._gap or " "
            return
        single = core.isprintable() and "  " not in core  # as nearly all are: quicker to tell than by the expression
        plain = core if single else _BLANKS_REGEX.sub(" ", core)
        if len(core) == len(words):
            self._emit(plain)
            return
        if words[0] in _BLANKS:
            self._gap = self._gap or " "
        self._emit(plain)
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
        if self._fresh:
            self._fresh = False
        elif self._breaks:
            self._raw("\n" * self._breaks)
        elif self._gap:
            self._raw(self._gap)
        self._breaks = 0
        self._gap = ""
        if self.prefix is not None:
            self._write_prefix(*self.prefix)
        if self._waiting:
            self._start_marks()
        self.parts.append(words)
        self.size += len(words)

    def _write_prefix(self, indent: str, marker: str) -> None:
        self.prefix = None
        self._raw(indent)
        if marker:
            self.markers.append((self.size, self.size + len(marker)))
            self._raw(marker + " ")

    def _raw(self, words: str) -> None:
        self.parts.append(words)
        self.size += len(words)

    def _start_marks(self) -> None:
        for mark in self._waiting:
            mark.start = self.size
        self._waiting.clear()

    def block(self, count: int) -> None:
        """Ask for at least so many line breaks before what comes next."""
        if self._breaks < count:
            self._breaks = count
        self._gap = ""

    def line_break(self) -> None:
        """Ask for one more line break; two, a blank line, are the most."""
        self._breaks = max(self._breaks, min(2, self._breaks + 1))
        self._gap = ""

    def tab(self) -> None:
        """Ask for a tab, unless a line break comes."""
        self._gap = "\t"

    def mark(self) -> Mark:
        """Start a run of text."""
        mark = Mark()
        self._waiting.append(mark)
        return mark

    def span(self, mark: Mark) -> Span:
        """End a run: the marks are nested, so one that never started is the last that waits."""
        if mark.start is None:
            self._waiting.pop()
            return self.size, self.size
        return mark.start, self.size

    def open_cell(self, tabs: int, *, first: bool) -> int:
        """Start a cell, the first of its row on a new line; gives its offset."""
        if first and not self._fresh:
            self._raw("\n" * max(1, self._breaks))
        if self._waiting:
            self._start_marks()
        if tabs:
            self._raw("\t" * tabs)
        self._breaks = 0
        self._gap = ""
        self._fresh = True
        self.prefix = None
        return self.size

    def close_cell(self) -> None:
        """End a cell: what it asked for ends with it."""
        self._breaks = 0
        self._gap = " "
        self._fresh = False
        self.prefix = None
