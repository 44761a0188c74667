"""Reader for entries of one line each, told in fragments: a product, its company in brackets, what it is for and takes."""

from __future__ import annotations

from collections.abc import Sequence

from noticeparse.document.view import View
from noticeparse.layout.labels import LabelGrammar, label_grammar
from noticeparse.layout.lines import Line, trim
from noticeparse.layout.model import LINK_FIELDS, Entry, FieldRun, Proposal, explained
from noticeparse.lexicon.load import Lexicon
from noticeparse.names import classify_name, split_name
from noticeparse.pattern import Pattern
from noticeparse.records import Span

MAX_NAME = 80
MAX_LINE = 800
MAX_GAP = 4
_SENTENCE_REGEX = Pattern(r"我们|为了|如果|当您|若您|当用户|本应用|本产品|以下简称|该SDK|上述|由[^,;。]{2,40}提供")
_TAKES_REGEX = Pattern(
    r"其?(?:可能|会|将|需要?|主要|仅|拟|可){0,9}(?:收集|获取|采集|读取|上报|共享|传输)(?:及?使用)?(?:的?(?:个人)?信息(?:包括|为|有|:))?"
)
_PIECE_REGEX = Pattern(r"[;。]|,(?=(?:可能|会|将|需要?|主要|仅|拟|可)*(?:收集|获取|采集|读取|上报|共享|传输))")


_NAME_END_REGEX = Pattern(r"[(),:-]")


def read_oneline(view: View, lines: Sequence[Line], lexicon: Lexicon) -> list[Proposal]:
    """Propose entries of one line each, two or more near each other.

    ``• 某某SDK（某某有限公司）— 提供定位,可能收集位置信息。隐私政策：https://…``,
    ``1. 某某SDK（某某有限公司）：文件存储；收集设备信息；隐私政策：https://…``, ``某某SDK：推送,获取IMEI``.

    Args:
        view: The notice.
        lines: Its lines, those of tables left out.
        lexicon: Vocabulary.
    """
    reader = _Reader(view, lexicon)
    for line in lines:
        if not line.blank:
            reader.line(line)
    reader.flush()
    return reader.proposals


class _Reader:
    def __init__(self, view: View, lexicon: Lexicon) -> None:
        self.view = view
        self.text = view.text
        self.lexicon = lexicon
        self.grammar: LabelGrammar = label_grammar(lexicon)
        self.suffixes = lexicon.words.get("category_suffix", ())
        self.entries: list[Entry] = []
        self.read: list[Span] = []
        self.category: Span | None = None
        self.gap = 0
        self.proposals: list[Proposal] = []

    def line(self, line: Line) -> None:
        entry = self._entry(line)
        if entry is not None:
            self.entries.append(entry)
            self.gap = 0
            return
        if line.end - line.content <= MAX_NAME:
            kind = trim(self.text, line.content, line.end, also="()")
            words = self.text[slice(*kind)]
            if words and len(words) <= 14 and words.endswith(self.suffixes):
                self.category = kind
                self.read.append(kind)
                return
        self.gap += 1
        if self.gap > MAX_GAP:
            self.flush()

    def flush(self) -> None:
        """End a run of entries; one alone is left to the readers of sentences."""
        entries, self.entries = tuple(self.entries), []
        read, self.read = self.read, []
        self.category, self.gap = None, 0
        if len(entries) < 2:
            return
        span = (entries[0].span[0], entries[-1].span[1])
        inside = tuple(one for one in read if span[0] - 40 <= one[0] and one[1] <= span[1])
        self.proposals.append(Proposal("oneline", span, entries, explained(entries), inside))

    def _entry(self, line: Line) -> Entry | None:
        text = self.text
        if line.end - line.content > MAX_LINE:
            return None
        cut = _name_end(text, line.content, min(line.end, line.content + MAX_NAME))
        if cut is None:
            return None
        name = trim(text, line.content, cut[0])
        words = text[slice(*name)]
        if (
            not words
            or self.grammar.read(words) is not None
            or _SENTENCE_REGEX.search(text, line.content, line.end)
            or classify_name(words, self.lexicon) not in ("sdk", "provider")
        ):
            return None
        runs = self._runs(cut[1], line.end)
        fields = {run.field for run in runs}
        company = split_name(self.view, *name, self.lexicon).provider is not None
        told = len(fields & {"data_items", "purpose", "permissions"}) + bool(fields & LINK_FIELDS) + company
        if told < 2 or not fields & {"data_items", "permissions", *LINK_FIELDS}:
            return None
        return Entry("list", (name[0], line.end), name, tuple(runs), self.category)

    def _runs(self, start: int, end: int) -> list[FieldRun]:
        """The fragments behind the name: a labelled one, what is taken, and the first other one, which is the purpose."""
        text = self.text
        runs: list[FieldRun] = []
        seen: set[str] = set()
        for piece in _pieces(text, start, end):
            at = piece[0]
            colon = text.find(":", at, min(piece[1], at + 20))
            label = self.grammar.read(text[at:colon]) if colon > at else None
            takes = _TAKES_REGEX.match(text, *piece)
            if label is not None:
                run = FieldRun(label.field, trim(text, colon + 1, piece[1]), (at, colon))
            elif takes is not None and takes.end() < piece[1]:
                run = FieldRun("data_items", trim(text, takes.end(), piece[1]), takes.span())
            else:
                run = FieldRun("" if "purpose" in seen or runs else "purpose", piece)
            seen.add(run.field)
            runs.append(run)
        return runs


def _name_end(text: str, start: int, end: int) -> Span | None:
    """Where the name ends and what is said of it begins: behind a colon, a dash or a comma outside brackets."""
    depth = 0
    for match in _NAME_END_REGEX.finditer(text, start, end):
        at, char = match.start(), match.group()
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif depth == 0 and at > start:
            if char in ":," and text[at + 1 : at + 3] != "//":
                return at, at + 1
            if char == "-" and (text[at - 1] in " )" or text[at + 1 : at + 2] == "-"):
                stop = at
                while stop < end and text[stop] in "- ":
                    stop += 1
                return at, stop
    return None


def _pieces(text: str, start: int, end: int) -> list[Span]:
    """The fragments of a line, cut outside brackets and addresses."""
    pieces: list[Span] = []
    at = start
    for match in _PIECE_REGEX.finditer(text, start, end):
        if text.count("(", at, match.start()) > text.count(")", at, match.start()):
            continue
        piece = trim(text, at, match.start())
        if piece[0] < piece[1]:
            pieces.append(piece)
        at = match.end()
    piece = trim(text, at, end)
    if piece[0] < piece[1]:
        pieces.append(piece)
    return pieces
