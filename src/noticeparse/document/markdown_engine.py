"""Markdown to HTML by markdown-it-py, a stretch of the text at a time.

The library makes a token of half a kilobyte for each mark, line and cell, and some numbers for each line. So a text is read
in stretches that end between two blocks, a row of a table is one token, and a text within a block is read when its HTML is
written: last, because references may be defined below what refers to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from markdown_it import MarkdownIt, rules_block
from markdown_it.common.utils import escapeHtml
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore, inline, normalize, text_join
from markdown_it.token import Token

from noticeparse.pattern import Pattern

# What the rules for texts within a block look for, beside links; a text without any of it is itself.
_MARKS_REGEX = Pattern(r"[\n\\`~*_<&]")
_BLANK_REGEX = Pattern(r"\s")
_STRETCH = 20_000  # characters that are read at a time, unless a block is longer
_LONGER = 5  # a stretch that ends within its only block is read again, so many times as long
_LONGEST_LIST = 100_000  # characters of a list that are read at a time; a longer one is cut between its items
MAX_OPEN = 20  # brackets in brackets in a block with links; the library tries each with all that follow it
_LONGEST_TEXT = (
    50_000  # characters of a block that are read at a time; no mark reaches from one such piece into the next
)
_MAX_FILLED = 65_536  # empty cells that rows of a table may lack together; as in the library
_BREAK = "\0"  # stands between the cells of a row; the library puts another character in its place in a text
_Rule = Callable[[StateBlock, int, int, bool], bool]
#: The library's rules that only some characters can begin; the others look at every line.
_BEGINNINGS: dict[_Rule, str] = {
    rules_block.fence: "`~",
    rules_block.blockquote: ">",
    rules_block.hr: "*-_",
    rules_block.list_block: "*-+0123456789",
    rules_block.reference: "[",
    rules_block.html_block: "<",
    rules_block.heading: "#",
}


class _BlockRules(Ruler[_Rule]):
    """The rules for blocks as one that asks those which the first character of a line can begin.

    Most lines of a notice begin with none of these characters, and the library asks each rule about each line several times.
    """

    def __init__(self, rules: Ruler[_Rule]) -> None:
        """Take over all rules of another ruler.

        Args:
            rules: Whose.
        """
        super().__init__()
        self.__rules__ = rules.__rules__
        self._asked: dict[str, tuple[list[_Rule], list[_Rule]]] = {}

    def getRules(self, chainName: str = "") -> list[_Rule]:  # noqa: N802, N803 - overrides
        rules = super().getRules(chainName)
        known = self._asked.get(chainName)
        if known is None or known[0] is not rules:  # some were switched on or off
            known = self._asked[chainName] = (rules, [_first_of(rules)])
        return known[1]


def _first_of(rules: list[_Rule]) -> _Rule:
    """A rule that is the first of some which applies to a line."""
    usual = [rule for rule in rules if rule not in _BEGINNINGS]
    special = {
        character: [rule for rule in rules if character in _BEGINNINGS.get(rule, character)]
        for character in sorted(set("".join(_BEGINNINGS.values())))
    }

    def ask(state: StateBlock, line: int, behind: int, silent: bool) -> bool:
        start = state.bMarks[line] + state.tShift[line]
        for rule in special.get(state.src[start : start + 1], usual):  # noqa: SIM110 - ``any`` takes twice the time
            if rule(state, line, behind, silent):
                return True
        return False

    return ask


class Engine(MarkdownIt):
    """The library's grammar. Addresses stay as written: which ones are links is for the HTML reader to say."""

    def __init__(self, preset: str, options: dict[str, Any]) -> None:
        """Take a preset.

        Args:
            preset: As for the library.
            options: As for the library.
        """
        super().__init__(preset, options)
        self.enable("table")
        self.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
        self.block.ruler.before("table", "pause", self._pause, {"alt": ["list"]})
        self.block.ruler = _BlockRules(self.block.ruler)
        self._enough = 0  # offset in the stretch from which the next one may begin
        self._next = 0  # where it does, 0 for nowhere
        self._cuts_lists = False

    def normalizeLink(self, url: str) -> str:  # noqa: D102, N802 - overrides
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: D102, N802 - overrides
        return link

    def validateLink(self, url: str) -> bool:  # noqa: D102, N802 - overrides
        return True

    def render(self, src: str, env: Any = None) -> str:
        """HTML of a text.

        Args:
            src: Markdown.
            env: References that are known beforehand.
        """
        env = {} if env is None else env
        state = StateCore(src, self, env)
        normalize(state)
        parts: list[str] = []  # HTML and texts within blocks in turns
        for tokens in self._stretches(state.src, env):
            self._write(tokens, env, parts)
        for at in range(1, len(parts), 2):
            parts[at] = self._row(parts[at], env) if parts[at].startswith(_BREAK) else self._inline(parts[at], env)
        return "".join(parts)

    def _stretches(self, text: str, env: Any) -> Iterator[list[Token]]:
        """The blocks of a text; those that begin at its margin are read one by one, so it may be cut between them."""
        references = env.setdefault("references", {})
        start, size, self._cuts_lists = 0, _STRETCH, False
        while start < len(text):
            known = len(references)
            end = text.find("\n", start + size) + 1 or len(text)
            state = StateBlock(text[start:end], self, env, [])
            self._enough, self._next = size // 2 if end < len(text) else size * 2, 0
            self.block.tokenize(state, state.line, state.lineMax)
            if end < len(text) and not self._next:
                if self._cuts_lists or size < _LONGEST_LIST:
                    size *= _LONGER
                else:
                    self._cuts_lists, size = True, _STRETCH
                while len(references) > known:
                    references.popitem()  # the last of them may have been cut
                continue
            yield state.tokens
            start, size = start + self._next if self._next else end, _STRETCH

    def _pause(self, state: StateBlock, line: int, behind: int, silent: bool) -> bool:
        """A rule that ends a stretch before a block at the margin, or between the items of a list that is very long."""
        if state.bMarks[line] < self._enough:
            return False
        if silent:
            return self._cuts_lists and state.level == 1
        if state.level:
            return False
        self._next = state.bMarks[line]
        state.line = behind
        return True

    def _write(self, tokens: list[Token], env: Any, parts: list[str]) -> None:
        """Write the HTML of blocks, their texts left as they are."""
        html: list[str] = []
        rules: dict[str, Any] = self.renderer.rules  # type: ignore[attr-defined]
        for at, token in enumerate(tokens):
            if token.type in ("inline", "row"):
                parts.extend(("".join(html), token.content))
                html.clear()
            elif token.type in rules:
                html.append(rules[token.type](tokens, at, self.options, env))
            else:
                html.append(self.renderer.renderToken(tokens, at, self.options, env))  # type: ignore[attr-defined]
        parts.extend(("".join(html), ""))

    def _row(self, row: str, env: Any) -> str:
        _, tag, *cells = row.split(_BREAK)
        inner = [f"<{tag}>{self._inline(cell, env)}</{tag}>\n" for cell in cells]
        return "<tr>\n" + "".join(inner) + "</tr>\n"

    def _inline(self, words: str, env: Any) -> str:
        """HTML of a text within a block."""
        if not _MARKS_REGEX.search(words) and ("]" not in words or "[" not in words):
            return escapeHtml(words)
        pieces: list[str] = []
        start = 0
        while start < len(words):
            near = start + _LONGEST_TEXT
            blank = _BLANK_REGEX.search(words, near, near + _LONGEST_TEXT)
            end = blank.start() if blank else near + _LONGEST_TEXT
            pieces.append(self._marked(words[start:end], env))
            start = end
        return "".join(pieces)

    def _marked(self, words: str, env: Any) -> str:
        token = Token("inline", "", 0, content=words, children=[])
        state = StateCore("", self, env, [token])
        if _is_nested(words):
            with self.reset_rules():
                self.disable(["link", "image"])
                inline(state)
        else:
            inline(state)
        text_join(state)
        html: str = self.renderer.renderInline(token.children, self.options, env)  # type: ignore[attr-defined]
        return html


def _is_nested(words: str) -> bool:
    """Whether too many brackets are open at once, closed or not."""
    if words.count("[") <= MAX_OPEN:
        return False
    depth = 0
    for part in words.split("[")[1:]:
        depth += 1
        if depth > MAX_OPEN:
            return True
        depth = max(0, depth - part.count("]"))
    return False


def _table(state: StateBlock, line: int, behind: int, silent: bool) -> bool:
    """The library's rule for tables, but for one token a row: what begins a table is told by that rule."""
    if silent or not table(state, line, behind, True):
        return silent and table(state, line, behind, True)
    parent, state.parentType = state.parentType, "table"
    stops = state.md.block.ruler.getRules("blockquote")
    head = _cells(_row(state, line))
    state.push("table_open", "table", 1)
    state.push("thead_open", "thead", 1)
    _push_row(state, "th", head)
    state.push("thead_close", "thead", -1)
    first = line = line + 2
    filled = 0
    while line < behind and state.sCount[line] >= state.blkIndent:
        row = _row(state, line)
        if not row or state.is_code_block(line):
            break
        if row[0] != "|" and any(stop(state, line, behind, True) for stop in stops):
            break  # of what ends a table, nothing begins with a bar
        cells = _cells(row)
        filled += len(head) - len(cells)
        if filled > _MAX_FILLED:
            break
        if line == first:
            state.push("tbody_open", "tbody", 1)
        _push_row(state, "td", [*cells[: len(head)], *[""] * (len(head) - len(cells))])
        line += 1
    if line > first:
        state.push("tbody_close", "tbody", -1)
    state.push("table_close", "table", -1)
    state.parentType = parent
    state.line = line
    return True


def _row(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()


def _cells(row: str) -> list[str]:
    """Cells of a row, an empty one at either end left out."""
    cells = escapedSplit(row) if "\\" in row else row.split("|")
    if not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return [cell.strip() for cell in cells]


def _push_row(state: StateBlock, tag: str, cells: list[str]) -> None:
    state.push("row", "tr", 0).content = _BREAK + _BREAK.join((tag, *cells))
