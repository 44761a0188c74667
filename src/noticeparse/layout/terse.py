"""Reader for terse lists: a name, a colon, and what it takes, one entry a line, under kind headings."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from noticeparse.document.view import View
from noticeparse.layout.labels import label_grammar
from noticeparse.layout.lines import Line, trim
from noticeparse.layout.model import Entry, FieldRun, Proposal, explained
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.lexicon.match import concept_of, exact_concept, is_permission_like
from noticeparse.names import classify_name
from noticeparse.pattern import Pattern
from noticeparse.records import Span

MAX_NAME = 40
_PART_REGEX = Pattern(r"[、,;/\n()\"]|和|及")
_CONSTANT_REGEX = Pattern(r"\s{0,99}(?:android\.permission\.)?[A-Z][A-Z_]{4,60}(?=\s{0,99}+(?:\(|:|$))")
_SENTENCE_REGEX = Pattern(r"[。!?]|我们|用于|为了|获取您|收集您|需要")


class _Item(Struct):
    name: Span
    value: Span
    line: Line
    kind: str
    field: str


def read_terse(view: View, lines: Sequence[Line], lexicon: Lexicon) -> list[Proposal]:
    """Propose entries of one line each.

    ``播放类：⏎1.某某SDK：电话权限、定位权限⏎2.某某API：IMEI、MAC地址``,
    ``某某SDK：READ_PHONE_STATE：说明⏎* WAKE_LOCK：说明``.

    Args:
        view: The notice.
        lines: Its lines, those of tables left out.
        lexicon: Vocabulary.
    """
    reader = _Reader(view, [line for line in lines if not line.blank], lexicon)
    reader.read()
    return reader.proposals


class _Reader:
    def __init__(self, view: View, lines: Sequence[Line], lexicon: Lexicon) -> None:
        self.view = view
        self.text = view.text
        self.lines = lines
        self.lexicon = lexicon
        self.grammar = label_grammar(lexicon)
        self.items: list[tuple[_Item, Span | None]] = []
        self.read_spans: list[Span] = []
        self.category: Span | None = None
        self.gap = 0
        self.proposals: list[Proposal] = []

    def read(self) -> None:
        for line in self.lines:
            item = self._item(line)
            if item is not None:
                self.items.append((item, self.category))
                self.gap = 0
            elif self.items and self.gap == 0 and self._goes_on(line):
                self.items[-1][0].value = (self.items[-1][0].value[0], line.end)
            else:
                self._other(line)
        self._flush()

    def _other(self, line: Line) -> None:
        words = self.text[line.content : line.end]
        if len(words) <= 16 and words.endswith((":", "类")) and not _SENTENCE_REGEX.search(words):
            label = self.grammar.read(words.rstrip(":"))
            if label is None:
                self.category = trim(self.text, line.content, line.end)
                self.read_spans.append(self.category)
        self.gap += 1
        if self.gap > 12 or len(words) > 300:
            self._flush()

    def _item(self, line: Line) -> _Item | None:
        text = self.text
        colon = text.find(":", line.content, min(line.end, line.content + MAX_NAME))
        if colon < 0 or text[colon + 1 : colon + 3] == "//" or colon + 1 >= line.end:
            return None
        name = trim(text, line.content, colon)
        words = text[name[0] : name[1]]
        if not words or _SENTENCE_REGEX.search(words) or self.grammar.read(words) is not None:
            return None
        if self._is_taken(words.partition("(")[0].strip()) or self._is_constant(words):
            return None
        value = (colon + 1, line.end)
        field = self._field(value)
        if not field:
            return None
        return _Item(name, value, line, classify_name(words, self.lexicon), field)

    def _is_constant(self, words: str) -> bool:
        """``WAKE_LOCK``, ``CAMERA``; a product's name in capitals is none."""
        return bool(_CONSTANT_REGEX.fullmatch(words)) and ("_" in words or fold(words) in self.lexicon.permissions)

    def _is_taken(self, words: str) -> bool:
        """Whether a name is what is taken, not who takes it: a permission or data item with its explanation."""
        return is_permission_like(words, self.lexicon) or exact_concept(words, self.lexicon) is not None

    def _field(self, value: Span) -> str:
        """``permissions`` or ``data_items`` if the value is a run of such, else an empty string."""
        words = self.text[value[0] : value[1]]
        if _CONSTANT_REGEX.match(words):
            return "permissions"
        if len(words) > 300 or _SENTENCE_REGEX.search(words):
            return ""
        parts = [part.strip() for part in _PART_REGEX.split(words) if part.strip()]
        told = sum(is_permission_like(part, self.lexicon) for part in parts)
        least, left = 0.6 * len(parts), len(parts)
        for part in parts:
            if told >= least or told + left < least:
                break  # whatever the others are
            told += concept_of(part, self.lexicon) is not None
            left -= 1
        return "data_items" if parts and told >= least else ""

    def _goes_on(self, line: Line) -> bool:
        """Whether a line adds a permission constant to the entry above."""
        return bool(_CONSTANT_REGEX.match(self.text, line.content, line.end))

    def _flush(self) -> None:
        items, self.items = self.items, []
        read, self.read_spans = self.read_spans, []
        self.category, self.gap = None, 0
        named = sum(item.kind == "sdk" for item, _ in items)
        if not items or named * 2 < len(items):
            return
        entries = tuple(
            Entry("list", (item.name[0], item.value[1]), item.name, (FieldRun(item.field, item.value),), category)
            for item, category in items
        )
        span = (entries[0].span[0], entries[-1].span[1])
        inside = tuple(s for s in read if s[0] >= span[0] - 40 and s[1] <= span[1])
        self.proposals.append(Proposal("terse", span, entries, explained(entries), inside))
