"""Labels: a grammar over the lexicon, for list lines, glued runs, table headers and flattened headers alike.

A label is a row of ``labels.tsv``, or modifiers and a head word (收集 + 个人信息 + 类型), or a known label behind a
brand (某某隐私政策链接). One wrong or missing character at the place of a label is read, and reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from noticeparse.document.view import View
from noticeparse.layout.lines import Line
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.memo import Answers
from noticeparse.pattern import Pattern
from noticeparse.records import Diagnostic, Span

MAX_LABEL = 28
# With blanks, hyphens and the like, which are no part of the key.
_LONGEST_WORDING = 3 * MAX_LABEL
_LONGEST_PREFIX = 16
_LONGEST_LINE = 400  # characters of a line whose labels are kept; longer ones hardly come twice
_BOUNDARY = frozenset(' \t\r\n,;。、!?>)"|:')
_INNER_BRACKET_REGEX = Pattern(r"\([^()]*\)(?=.)")
_JOINT_REGEX = Pattern(r"[及和与或/、&]+|以及")
_COLON_REGEX = Pattern(r"[:()]")
_BARE_METHODS = frozenset(("sdk", "api", "sdk/api", "jssdk"))
_BRANDED_FIELDS = ("privacy_policy", "website")
_NO_LABEL_CHARS = frozenset('。;!?"<>|')


class Label(Struct, frozen=True):
    """What a wording stands for, and how that was found: ``exact``, ``composed``, ``tailed``, ``branded`` or ``typo``."""

    field: str
    how: str
    known: str = ""


class LabelHit(Struct, frozen=True):
    """A label at its place. ``span`` is the wording's, ``value`` where its value begins; positions of the view."""

    label: Label
    span: Span
    value: int
    colon: bool

    @property
    def field(self) -> str:
        """The field that the label names."""
        return self.label.field


def _label_key(wording: str) -> str:
    """Key form of a label's wording, empty for what is too long to be one."""
    key = fold(wording)
    if key[:1] == "(" and key[-1:] == ")" and key.count("(") == 1:
        key = key[1:-1]  # 【使用目的】: labels are set off by brackets too
    return key if len(key) <= MAX_LABEL else ""


class LabelGrammar:
    """Reads wordings as labels. Build once for a lexicon; :func:`label_grammar` keeps it."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Prepare the word classes.

        Args:
            lexicon: Vocabulary with ``labels`` and the word classes ``label_modifier`` and ``label_head:FIELD``.
        """
        self._labels = lexicon.labels
        self._terms = lexicon.terms
        self._modifiers: dict[str, list[str]] = {}  # by their first characters, the longest first
        for word in sorted((fold(w) for w in lexicon.words.get("label_modifier", ())), key=len, reverse=True):
            self._modifiers.setdefault(word[:1], []).append(word)
        heads: dict[str, str] = {}
        for name, words in lexicon.words.items():
            if name.startswith("label_head:"):
                heads.update((fold(word), name.partition(":")[2]) for word in words)
        self._heads = heads
        self._starts = {label[:2] for label in self._labels}
        # Characters that what may stand behind a brand ends with.
        self._link_ends = {label[-1] for label, field in self._labels.items() if field in _BRANDED_FIELDS}
        self._last = {word[-1] for word in (*heads, *self._labels)}  # characters that a composed label can end with
        self._tails: dict[str, list[tuple[str, str]]] = {}  # with their fields, by their last characters
        for name, words in lexicon.words.items():
            if name.startswith("label_tail:"):
                for word in sorted(map(fold, words), key=len, reverse=True):
                    self._tails.setdefault(word[-1:], []).append((name.partition(":")[2], word))
        # Characters that what is no row of the lexicon ends with where it is a label all the same.
        self._closing = self._last | set(self._tails) | {")"}
        self._typos: dict[str, str] | None = None
        self._found = Answers(self._find)
        self._keys = Answers(_label_key)
        self._prefixes = Answers(self._prefix)
        self.hits = Answers[tuple[str, bool], list[LabelHit]](lambda key: _hits(key[0], self, typos=key[1]))

    def read(self, wording: str, *, typos: bool = False) -> Label | None:
        """The label that a wording is, or ``None``.

        ``使用目的`` (exact), ``所收集的设备数据类型`` (composed), ``某某隐私政策链接`` (branded), ``共享数类型`` (typo).

        Args:
            wording: Text without the colon.
            typos: Whether one wrong or missing character may be mended; only where a colon and its place speak for it.
        """
        if len(wording) > _LONGEST_WORDING:
            return None
        key = self._keys[wording]
        if not key:
            return None
        found = self._found[key]
        if found is None and typos:
            found = self._mended(key)
        return found

    def _find(self, key: str) -> Label | None:
        found = self._exact(key)
        if found is not None or key in self._terms:  # 设备标识信息: a group of items with its colon, no label
            return found
        if key[-1] not in self._closing:
            return None
        plain = _INNER_BRACKET_REGEX.sub("", key) if "(" in key else key  # 隐私政策(接口对接)地址
        return (
            (self._exact(plain) if plain != key else None)
            or self._composed(plain)
            or self._joined(plain)
            or self._branded(plain)
            or self._tailed(plain)
        )

    def _exact(self, key: str) -> Label | None:
        field = self._labels.get(key)
        if field is None and "(" in key and key.endswith(")"):
            # 收集频次(以正常使用为前提): what the bracket says does not change the field.
            field = self._labels.get(key[: key.index("(")])
        return Label(field, "exact", key) if field else None

    def _composed(self, key: str) -> Label | None:
        if key[-1:] not in self._last:
            return None
        rest = key
        while rest:
            if rest in self._heads:
                return Label(self._heads[rest], "composed", key)
            if rest != key and rest in self._labels:
                return Label(self._labels[rest], "composed", key)
            for modifier in self._modifiers.get(rest[0], ()):
                if rest.startswith(modifier) and len(rest) > len(modifier):
                    rest = rest[len(modifier) :]
                    break
            else:
                return None
        return None

    def _tailed(self, key: str) -> Label | None:
        """A label and a word behind it that names no other field: ``官方链接`` + ``地址``, ``收集的信息`` + ``包括``."""
        for field, tail in self._tails.get(key[-1:], ()):
            if not key.endswith(tail) or len(key) < len(tail) + 2:
                continue
            stem = key[: -len(tail)]
            label = self._exact(stem) or self._composed(stem)
            # 接入的SDK如下: leads over to a list; names are told one by one.
            fits = label is not None and (
                field == label.field or (field == "any" and label.field not in ("sdk", "provider"))
            )
            if label is not None and fits:
                return Label(label.field, "tailed", key)
        return None

    def _joined(self, key: str) -> Label | None:
        """Two labels joined (目的及功能): the first one's field, but a privacy policy before a website."""
        parts = [part for part in _JOINT_REGEX.split(key) if part]
        if not 2 <= len(parts) <= 4:
            return None
        labels = [self._exact(part) or self._composed(part) for part in parts]
        fields = [label.field for label in labels if label is not None]
        if len(fields) < len(parts):
            return None
        return Label("privacy_policy" if "privacy_policy" in fields else fields[0], "composed", key)

    def _branded(self, key: str) -> Label | None:
        if key[-1:] not in self._link_ends:
            return None
        for cut in range(1, min(10, len(key) - 3)):
            tail = key[cut:]
            field = self._labels.get(tail)
            if field in _BRANDED_FIELDS and len(tail) >= 4 and not any(c in "()/,、" for c in key[:cut]):
                return Label(field, "branded", tail)
        return None

    def _mended(self, key: str) -> Label | None:
        if len(key) < 4:
            return None
        if self._typos is None:
            self._typos = {}
            for label in self._labels:
                if len(label) >= 5:
                    for i in range(len(label)):
                        self._typos.setdefault(label[:i] + label[i + 1 :], label)
        known = self._typos.get(key)  # one character missing
        if known is None:
            for i in range(len(key)):  # one too many, or one wrong
                shorter = key[:i] + key[i + 1 :]
                if len(shorter) >= 4 and shorter in self._labels:
                    known = shorter
                    break
                if shorter in self._typos and len(self._typos[shorter]) == len(key):
                    known = self._typos[shorter]
                    break
        return Label(self._labels[known], "typo", known) if known else None

    def prefix(self, text: str, start: int, end: int) -> tuple[Label, int] | None:
        """The longest label that a line begins with where no colon follows it, and the position behind it."""
        found = self._prefixes[text[start : min(end, start + _LONGEST_PREFIX)]]
        return None if found is None else (found[0], start + found[1])

    def _prefix(self, words: str) -> tuple[Label, int] | None:
        first = fold(words[:2])
        if len(first) == 2 and first not in self._starts:
            return None
        for stop in range(len(words), 3, -1):
            if words[stop - 1] in _BOUNDARY:
                continue
            key = fold(words[:stop])
            field = self._labels.get(key)
            if field:
                return Label(field, "exact", key), stop
        return None


@lru_cache(maxsize=4)
def label_grammar(lexicon: Lexicon) -> LabelGrammar:
    """The grammar over a lexicon; built once for each lexicon."""
    return LabelGrammar(lexicon)


def line_hits(view: View, line: Line, grammar: LabelGrammar, *, typos: bool = True) -> list[LabelHit]:
    """Labels on one line that a colon follows: at its start, or glued behind a blank or separator.

    ``使用目的：推送``, ``第三方SDK名称：某某 公司全称：某某有限公司``, ``共享数类型：IMEI`` (a typo, at the start only).
    Colons inside brackets and in addresses are not looked at.
    """
    start = line.content
    words = view.text[start : line.end]
    found = grammar.hits[words, typos] if len(words) <= _LONGEST_LINE else _hits(words, grammar, typos=typos)
    return [
        LabelHit(hit.label, (start + hit.span[0], start + hit.span[1]), start + hit.value, hit.colon) for hit in found
    ]


def _hits(text: str, grammar: LabelGrammar, *, typos: bool) -> list[LabelHit]:
    """Labels of a line's words; their places count from its start."""
    hits: list[LabelHit] = []
    floor = 0
    for colon in _colons(text):
        hit = _hit_before(text, floor, colon, 0, grammar, typos=typos, before=hits[-1] if hits else None)
        if hit is not None:
            hits.append(hit)
            floor = colon + 1
    return hits


def _colons(text: str) -> Iterator[int]:
    depth = 0
    for match in _COLON_REGEX.finditer(text, 0, text.rfind(":") + 1):
        char = match.group()
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif depth == 0 and not text.startswith("//", match.start() + 1):
            yield match.start()


def _hit_before(
    text: str, floor: int, colon: int, line_start: int, grammar: LabelGrammar, *, typos: bool, before: LabelHit | None
) -> LabelHit | None:
    """The label in front of a colon; ``before`` is the one before it on the line."""
    end = colon
    while end > floor and text[end - 1].isspace():
        end -= 1
    lowest = max(floor, end - MAX_LABEL - 4)
    earlier = text.rfind(":", lowest, end) + 1
    if earlier and ")" not in text[earlier:end]:  # a label has a colon in brackets only
        lowest = earlier
    starts = [at for at in range(lowest, end) if at == floor or text[at - 1] in _BOUNDARY]
    best: LabelHit | None = None
    for start in starts:  # the longest first; glued, a label of the lexicon before one that is composed
        words = text[start:end]
        if words[0] in _BOUNDARY or not _NO_LABEL_CHARS.isdisjoint(words):
            continue
        if start != line_start and words[0] == "(" and words[-1] != ")":
            continue  # IMEI(可选) 联系方式: the bracket is the value's
        if before is not None and _ends_value(before, words, text[before.value : start], grammar):
            continue
        label = grammar.read(words, typos=typos and start == line_start)
        if label is None:
            continue
        if start != line_start and (
            label.how == "tailed" or (label.how == "branded" and any(char.isspace() for char in words))
        ):
            continue
        if label.how == "exact" or start == line_start:
            return LabelHit(label, (start, end), colon + 1, colon=True)
        best = best or LabelHit(label, (start, end), colon + 1, colon=True)
    return best


_SEPARATED_REGEX = Pattern(
    r"(\([^\s()]{2,16}\)|[^\s:=|>()-]{2,16}?)(\s*(?:-{1,3}>?|=>?|→|\|)\s*|[ \t]+|(?<=\)))(?=[^\s:=|-])"
)


def separated_hit(view: View, line: Line, grammar: LabelGrammar) -> tuple[LabelHit, str] | None:
    """A label at a line's start that something else than a colon sets off, and what kind of thing that is.

    ``使用目的 - 推送``, ``使用目的——推送``, ``SDK名称=某某SDK``, ``使用目的  推送``, ``【使用目的】推送``. Whether the notice writes its
    labels so is for the caller to tell; a line of several labels is a table's header.
    """
    match = _SEPARATED_REGEX.match(view.text, line.content, line.end)
    if match is None:
        return None
    label = grammar.read(match.group(1))
    if label is None or label.how not in ("exact", "composed"):
        return None
    mark = match.group(2).strip()
    kind = mark[:1] if mark else ("bracket" if match.group(1).startswith("(") else "blank")
    after = view.text[match.end() : line.end].split(maxsplit=1)[0]
    if kind in ("blank", "|") and grammar.read(after) is not None:
        return None
    return LabelHit(label, match.span(1), match.end(), colon=False), kind


def _ends_value(before: LabelHit, words: str, value: str, grammar: LabelGrammar) -> bool:
    """Whether what looks like one label is the end of the value before it, a blank, and a label.

    ``SDK名称：某某 SDK 公司名称：…`` has the product's last word before the blank, ``共享方式：SDK 收集信息：…`` the whole value.
    """
    head, _, tail = words.partition(" ")
    if grammar.read(tail) is None:
        return False
    return not value.strip() or (before.field == "sdk" and fold(head) in ("sdk", "api"))


def bare_hit(view: View, line: Line, grammar: LabelGrammar) -> LabelHit | None:
    """A label at a line's start without its colon: ``隐私政策链接https://…``, ``共享数据类型支付信息``."""
    found = grammar.prefix(view.text, line.content, line.end)
    if found is None:
        return None
    label, stop = found
    return LabelHit(label, (line.content, stop), stop, colon=False)


def whole_line_label(view: View, line: Line, grammar: LabelGrammar) -> Label | None:
    """The label that a whole line is (a header cell of its own line), or ``None``."""
    start, end = line.content, line.end
    if end - start > MAX_LABEL + 4:
        return None
    return grammar.read(view.text[start:end].rstrip(":"))


def line_labels(view: View, lines: Sequence[Line], grammar: LabelGrammar) -> list[Label | None]:
    """The labels that whole lines are, one for each line.

    ``共享方式⏎SDK``: a line that only says SDK or API below a way of sharing is its value, though it is a label elsewhere.
    """
    labels: list[Label | None] = []
    for line in lines:
        label = whole_line_label(view, line, grammar)
        before = labels[-1].field if labels and labels[-1] is not None else ""
        says = label is not None and says_method(before, view.text[line.content : line.end])
        labels.append(None if says else label)
    return labels


def says_method(before: str, words: str) -> bool:
    """Whether a label's wording is the value of the label before it: ``共享方式 | SDK``.

    Args:
        before: Field of the label before.
        words: The wording.
    """
    return before == "method" and len(words) <= MAX_LABEL and fold(words) in _BARE_METHODS


def label_diagnostic(view: View, hit: LabelHit) -> Diagnostic | None:
    """What was mended in reading a label, if anything."""
    if hit.colon and hit.label.how != "typo":
        return None
    wording = view.verbatim(*hit.span)
    span = view.span(*hit.span)
    if hit.label.how == "typo":
        return Diagnostic("label-typo", f"{wording} read as {hit.label.known}", span)
    return Diagnostic("label-colon", f"no colon after {wording}", span)
