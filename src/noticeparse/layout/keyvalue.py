"""Reader for labelled lines: one label a line, glued labels, bullets, numbered headings, label and value on two lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from noticeparse.document.view import View
from noticeparse.layout.labels import (
    LabelGrammar,
    LabelHit,
    bare_hit,
    label_diagnostic,
    label_grammar,
    line_hits,
    line_labels,
    separated_hit,
)
from noticeparse.layout.lines import Line, trim
from noticeparse.layout.model import CONTENT_FIELDS, LINK_FIELDS, NAME_FIELDS, Entry, FieldRun, Proposal, explained
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.lexicon.match import exact_concept
from noticeparse.names import classify_name, name_grammar, split_name
from noticeparse.pattern import Pattern
from noticeparse.records import Diagnostic, Platform, Span

MAX_HEADING = 64
_URL_REGEX = Pattern(r"<?(?:https?://|www\.)", re.I)
_LINK_TITLE_REGEX = Pattern(r"[《<(]|隐私|政策|协议|声明|条款|查看|点击|链接|\.(?:com|cn|net|org)")
_OPEN_END = "、,;/+(和及与或的:-=&?"
_OPEN_START = "、,;/)+以及和与或"
_NEXT_ITEM_REGEX = Pattern(r"\s{0,99}+(?:[-•·*●○▪■◆①-⑳]\s{0,99}+|\(?\d{1,2}[).、]\s{0,99}+)?([^,、;:()。\s]{2,16})")
_LISTED_REGEX = Pattern(r"(?<=\n)[ \t]*(?:\(?\d{1,2}[).、]|[①-⑳])")
_HEAD_REGEX = Pattern(r"[^,、;:()。]{2,16}")
_UNKNOWN_LABEL_REGEX = Pattern(r"([^:,。;、()\s]{2,12})\s?:(?!//)(?=.)")
_SENTENCE_REGEX = Pattern(r"[。!?;]")
# Lines that end in a colon and head no kind of entries: a salutation, what leads over to a list.
_LEAD_OVER_REGEX = Pattern(r"(?:尊敬|亲爱)的|.*(?:如下|包括|以下|说明|您好|注意|提示|注):?$")
_SAME_REGEX = Pattern(r"(?:同上|同前|与上(?:述)?(?:相同|一致)|见上)(?:所述|述)?")
_SECTION_TAIL_REGEX = Pattern(
    r"(?:版本?)?(?:中|所|已)?(?:接入|使用|嵌入|集成|涉及)?(?:的)?(?:第三方)?(?:SDK)?(?:清单|列表|目录|说明|情况)?$",
    re.I,
)
_SOLID_REGEX = Pattern(r"\S")
_LONGEST_URL = 2_000
_RUN_HEAD_REGEX = Pattern(r"([^,、;:()。]{2,16})[(:、]")


class _Draft(Struct):
    """An entry while its lines are being read."""

    start: int
    heading: Span | None = None
    category: Span | None = None
    platforms: tuple[Platform, ...] = ()
    runs: list[_Run] = field(default_factory=list)

    def has(self, name: str) -> bool:
        for run in self.runs:  # noqa: SIM110 - asked for every line: a generator costs more than the look
            if run.field == name:
                return True
        return False

    @property
    def labelled(self) -> frozenset[str]:
        """Fields that the entry states so far."""
        return frozenset(run.field for run in self.runs)

    def entry(self, text: str, lexicon: Lexicon) -> Entry:
        runs = []
        end = self.heading[1] if self.heading else self.start
        for run in self.runs:
            value = trim(text, run.start, _value_end(text, run, lexicon))
            runs.append(FieldRun(run.field, value, run.label))
            end = max(end, value[1], run.label[1])
        return Entry("list", (self.start, end), self.heading, tuple(runs), self.category, self.platforms)


class _Run(Struct):
    """A label and its value, which grows line by line: no question about it may cost its length each time."""

    field: str
    label: Span
    start: int
    end: int
    line: Line
    style: str = ""  # of the list markers in the value
    alone: bool = False  # the label is a line of its own, and so is the value
    counted: int = 0  # up to here brackets are
    depth: int = 0

    def last(self, text: str) -> int:
        """Place of the value's last character that is no white space; before the start where there is none."""
        at = self.end - 1
        while at >= self.start and text[at].isspace():
            at -= 1
        return at

    def is_empty(self, text: str) -> bool:
        """Whether nothing but white space is in the value."""
        return self.last(text) < self.start

    def is_open(self, text: str) -> bool:
        """Whether more brackets open in the value than close."""
        if self.counted < self.end:
            new = max(self.start, self.counted), self.end
            self.depth += text.count("(", *new) - text.count(")", *new)
            self.counted = self.end
        return self.depth > 0

    def begins_below(self, text: str) -> bool:
        """Whether the first word of the value stands on a line below the label."""
        first = _SOLID_REGEX.search(text, self.start)
        return first is not None and text.find("\n", self.start, first.start()) >= 0


class _Marked(Struct):
    """A line with the labels on it."""

    line: Line
    hits: list[LabelHit]
    alone: bool = False

    @property
    def leads(self) -> bool:
        """Whether a label is the first thing on the line."""
        return bool(self.hits) and self.hits[0].span[0] == self.line.content


def read_keyvalue(view: View, lines: Sequence[Line], lexicon: Lexicon) -> list[Proposal]:
    """Propose entries made of labelled lines.

    ``某某SDK⏎使用目的：推送⏎数据类型：IMEI``, ``- 第三方SDK名称：某某⏎- 用途：推送``, ``SDK名称：某某 公司全称：某某公司 使用目的：登录``.

    Args:
        view: The notice.
        lines: Its lines, those of ruled tables left out.
        lexicon: Vocabulary.
    """
    grammar = label_grammar(lexicon)
    marked, diagnostics = _mark(view, lines, grammar)
    if not any(mark.hits for mark in marked):
        return []
    reader = _Reader(view, marked, lexicon)
    groups = reader.read()
    diagnostics.extend(reader.notes)
    proposals = []
    for entries, read in groups:
        if not _plausible(view, entries, lexicon):
            continue
        kept = tuple(entries)
        span = (kept[0].span[0], kept[-1].span[1])
        inside = view.span(*span)
        notes = tuple(d for d in diagnostics if d.span and inside[0] <= d.span[0] < inside[1])
        proposals.append(Proposal("keyvalue", span, kept, explained(kept), tuple(read), notes))
    return proposals


def _mark(view: View, lines: Sequence[Line], grammar: LabelGrammar) -> tuple[list[_Marked], list[Diagnostic]]:
    """Find the labels of the lines that are not blank: those with a colon first, then those whose colon is missing."""
    text = view.text
    marked: list[_Marked] = []
    used: set[str] = set()
    for line in lines:
        if line.blank:
            continue
        hits: list[LabelHit] = []
        if text.find(":", line.content, line.end) >= 0:
            hits = line_hits(view, line, grammar)
            used.update(fold(text[slice(*hit.span)]) for hit in hits)
        marked.append(_Marked(line, hits))
    if used:
        _mark_bare(view, marked, grammar, used)
    if not _mark_separated(view, marked, grammar) and not used:
        _mark_alternating(view, marked, grammar)
    notes = [label_diagnostic(view, hit) for mark in marked for hit in mark.hits]
    return marked, [note for note in notes if note is not None]


def _mark_bare(view: View, marked: list[_Marked], grammar: LabelGrammar, used: set[str]) -> None:
    """Accept a label without its colon where an address or the line's end follows, or where it has a colon elsewhere."""
    text = view.text
    for index, mark in enumerate(marked):
        if mark.leads or mark.line.end - mark.line.content > 600:
            continue
        hit = bare_hit(view, mark.line, grammar)
        if hit is None:
            continue
        rest = text[hit.value : mark.line.end].strip()
        near = any(other.leads for other in marked[max(0, index - 2) : index + 3] if other is not mark)
        known = fold(text[slice(*hit.span)]) in used
        if not near:
            continue
        if not rest:
            following = marked[index + 1] if index + 1 < len(marked) else None
            takes = following is not None and not following.leads
            if takes and (known or hit.field in LINK_FIELDS):
                mark.hits.insert(0, hit)
        elif _URL_REGEX.match(rest) or (known and not rest.startswith(("的", "和", "及", "与", "、"))):
            mark.hits.insert(0, hit)


def _mark_separated(view: View, marked: list[_Marked], grammar: LabelGrammar) -> bool:
    """Accept labels that a dash, an equals sign, a blank or a bracket sets off, where several lines do it alike."""
    found: dict[str, list[tuple[_Marked, LabelHit]]] = {}
    for mark in marked:
        if mark.hits:
            continue
        separated = separated_hit(view, mark.line, grammar)
        if separated is not None:
            found.setdefault(separated[1], []).append((mark, separated[0]))
    accepted = False
    for pairs in found.values():
        if len(pairs) >= 3 and len({hit.field for _, hit in pairs}) >= 2:
            accepted = True
            for mark, hit in pairs:
                mark.hits.append(hit)
    return accepted


def _mark_alternating(view: View, marked: list[_Marked], grammar: LabelGrammar) -> None:
    """Accept labels that stand alone on their lines, each with its value on the next: ``使用目的⏎推送⏎收集信息⏎IMEI``.

    Cards of a web page look so when they are copied. Labels right below each other are a flattened table's header.
    """
    labels = [
        label if label is not None and label.how == "exact" else None
        for label in line_labels(view, [mark.line for mark in marked], grammar)
    ]
    for index in range(1, len(labels)):
        one, other = labels[index - 1 : index + 1]
        if one is not None and other is not None and one.field == other.field:
            labels[index] = None  # 安全措施⏎脱敏处理: the value is a label elsewhere
    alone: list[tuple[_Marked, LabelHit]] = []
    for index, label in enumerate(labels):
        before = labels[index - 1] if index else None
        after = labels[index + 1] if index + 1 < len(labels) else label
        if label is not None and before is None and after is None:
            line = marked[index].line
            alone.append((marked[index], LabelHit(label, (line.content, line.end), line.end, colon=False)))
    if len(alone) >= 3 and len({hit.field for _, hit in alone}) >= 2:
        for mark, hit in alone:
            mark.hits.append(hit)
            mark.alone = True


class _Reader:
    """One pass over the marked lines."""

    def __init__(self, view: View, marked: list[_Marked], lexicon: Lexicon) -> None:
        self.view = view
        self.text = view.text
        self.marked = marked
        self.lexicon = lexicon
        self.suffixes = lexicon.words.get("category_suffix", ())
        self.draft: _Draft | None = None
        self.category: Span | None = None
        self.company: Span | None = None
        self.platforms: tuple[Platform, ...] = ()
        self.entries: list[Entry] = []
        self.read_spans: list[Span] = []
        self.groups: list[tuple[list[Entry], list[Span]]] = []
        self.gap = 0
        self.first_field = ""
        self.notes: list[Diagnostic] = []

    def read(self) -> list[tuple[list[Entry], list[Span]]]:
        for index, mark in enumerate(self.marked):
            if mark.hits:
                self._labelled(mark)
            else:
                self._unlabelled(index, mark)
        self._close()
        self._end_group()
        return self.groups

    # Lines with labels

    def _labelled(self, mark: _Marked) -> None:
        first = mark.hits[0]
        before = trim(self.text, mark.line.content, first.span[0])
        if before[0] < before[1]:
            self._text_before(mark, before, first)
        for position, hit in enumerate(mark.hits):
            stop = mark.hits[position + 1].span[0] if position + 1 < len(mark.hits) else mark.line.end
            if self.draft is None or self._starts_new(hit) or (position == 0 and self._starts_paragraph(mark)):
                self._close()
                self.draft = self._begin(hit.span[0])
            run = _Run(hit.field, hit.span, hit.value, max(hit.value, stop), mark.line, alone=mark.alone)
            self.draft.runs.append(run)
            self.gap = 0

    def _text_before(self, mark: _Marked, before: Span, first: LabelHit) -> None:
        """Text before the first label: the rest of a wrapped value, or a heading on the same line."""
        run = self.draft.runs[-1] if self.draft and self.draft.runs else None
        words = self.text[before[0] : before[1]].rstrip(":")
        kind = classify_name(words, self.lexicon) if len(words) <= MAX_HEADING else "unknown"
        opens = run is None or bool(mark.line.marker) or (first.field in self.draft.labelled if self.draft else True)
        if (
            kind in NAME_FIELDS
            and kind != first.field
            and opens
            and not _SENTENCE_REGEX.search(words)
            and not (run is not None and self._open(run))
        ):
            self._close()
            self.draft = self._begin(before[0], (before[0], before[0] + len(words)))
        elif run is not None and (mark.line.marker == "" or self._open(run)):
            run.end = before[1]

    def _starts_new(self, hit: LabelHit) -> bool:
        draft = self.draft
        if draft is None or not draft.runs:
            return draft is None
        if not draft.has(hit.field):
            # A field told in a new order: a name after a link begins the next entry where names lead.
            if hit.field not in NAME_FIELDS or hit.field != self.first_field:
                return False
            return any(run.field not in NAME_FIELDS for run in draft.runs)
        if hit.field in NAME_FIELDS:
            return True
        return draft.heading is None and hit.field == draft.runs[0].field

    def _starts_paragraph(self, mark: _Marked) -> bool:
        """Whether a line of glued labels begins an entry: the entry above is one too, and this one repeats its labels.

        ``公司：甲 用途：推送⏎SDK：乙 用途：统计``. A blank line between them says the same.
        """
        runs = self.draft.runs if self.draft else []
        if self.draft is None or self.draft.heading is not None or len(runs) < 2 or not mark.leads:
            return False
        names = runs[0].field in NAME_FIELDS and mark.hits[0].field in NAME_FIELDS
        if not names or any(run.line is not runs[0].line for run in runs):
            return False
        repeats = any(self.draft.has(hit.field) for hit in mark.hits)
        return repeats or "\n\n" in self.text[runs[-1].end : mark.line.start]

    # Lines without labels

    def _unlabelled(self, index: int, mark: _Marked) -> None:
        line = mark.line
        following = self._following(index)
        run = self.draft.runs[-1] if self.draft and self.draft.runs else None
        platforms = self._platform_section(run, line)
        if platforms:
            self._close()
            self.platforms, self.category = platforms, None
            self.read_spans.append(trim(self.text, line.content, line.end))
            return
        if run is not None and self._continues(run, line, following):
            run.style = run.style or line.style
            run.end = line.end
            return
        if self.draft is not None and self._unknown_label(line):
            return
        if self._is_company_section(index, line):
            self._close()
            self.company = trim(self.text, line.content, line.end)
            self.read_spans.append(self.company)
            return
        if following is not None and following.leads and self._is_heading(line, following):
            self._close(heads=True)
            span = self._name_span(line)
            if classify_name(self.text[slice(*span)], self.lexicon) == "provider":
                self.company = None
            self.draft = self._begin(span[0], span)
            self.gap = 0
            return
        if self.draft is not None and following is not None and self._goes_on(line, following):
            self.draft.runs.append(_Run(self._told(line), (line.content, line.content), line.content, line.end, line))
            return
        if self.draft is not None:
            self._close()
        if self._is_category(line):
            self.category = trim(self.text, line.content, line.end)
            self.read_spans.append(self.category)
            return
        self.gap += 1
        if self.gap > 12 or line.end - line.content > 400:
            self._end_group()

    def _is_company_section(self, index: int, line: Line) -> bool:
        """Whether a line is the company of the products below it: ``一、某某有限公司⏎1. 某某SDK⏎使用目的：…``."""
        below = self._following(index) if line.marker else None
        if below is None or below.hits or not below.line.marker or line.style == below.line.style:
            return False
        labels = self._following(index + 1)
        if labels is None or not labels.leads:
            return False
        if classify_name(self.text[line.content : line.end], self.lexicon) != "provider":
            return False
        words = self.text[below.line.content : below.line.end]
        return len(words) <= MAX_HEADING and classify_name(words, self.lexicon) in ("sdk", "unknown")

    def _platform_section(self, run: _Run | None, line: Line) -> tuple[Platform, ...]:
        """Platforms that a line states for the entries below it: ``Android端``, ``（二）iOS端接入的SDK清单``."""
        if line.end - line.content > 32 or (run is not None and run.is_empty(self.text)):
            return ()
        words = self.text[line.content : line.end].rstrip(":")
        names = name_grammar(self.lexicon)
        return names.platforms_of(_SECTION_TAIL_REGEX.sub("", words)) if names.mentions_platform(words) else ()

    def _name_span(self, line: Line) -> Span:
        """The name on a heading line; brackets around the whole of it are left out: ``【某某SDK】``."""
        start, end = trim(self.text, line.content, line.end)
        if self.text[start] == "(" and self.text[end - 1] == ")" and self.text.count("(", start, end) == 1:
            return trim(self.text, start + 1, end - 1)
        return start, end

    def _following(self, index: int) -> _Marked | None:
        """The line that comes next; for a name, behind labels that no rule knows: ``某某SDK⏎负责人：某某⏎使用目的：…``."""
        at = index + 1
        if self._named(self.text[self.marked[index].line.content : self.marked[index].line.end]):
            while at < min(len(self.marked), index + 3) and self._is_unknown_label(self.marked[at]):
                at += 1
            if at < len(self.marked) and not self.marked[at].leads:
                at = index + 1
        return self.marked[at] if at < len(self.marked) else None

    def _is_unknown_label(self, mark: _Marked) -> bool:
        match = _UNKNOWN_LABEL_REGEX.match(self.text, mark.line.content, mark.line.end)
        return match is not None and not mark.hits and not self._named(match.group(1))

    def _unknown_label(self, line: Line) -> bool:
        """Report a label that no rule knows and keep its value apart from the one before: ``某某说明：…`` in an entry."""
        match = _UNKNOWN_LABEL_REGEX.match(self.text, line.content, line.end)
        if match is None or self.draft is None or self._platform_lead(match.group()):
            return False
        words = match.group(1)
        if exact_concept(words, self.lexicon) is not None or self._named(words):
            return False
        span = self.view.span(*match.span(1))
        self.notes.append(Diagnostic("unknown-label", f"{words} is no known label", span))
        self.draft.runs.append(_Run("", (line.content, line.content), line.content, line.end, line))
        return True

    def _goes_on(self, line: Line, following: _Marked) -> bool:
        """Whether an entry goes on behind a line without a label: the next label is one that it still lacks."""
        draft = self.draft
        if draft is None or not following.leads or line.end - line.content > 200:
            return False
        lead = following.hits[0]
        return lead.field not in NAME_FIELDS and not draft.has(lead.field) and not self._is_category(line)

    def _told(self, line: Line) -> str:
        """The field of a line without a label: data items where it begins with one, else none that is known."""
        head = _HEAD_REGEX.match(self.text, line.content, line.end)
        known = head is not None and exact_concept(head.group(), self.lexicon) is not None
        return "data_items" if known else ""

    def _continues(self, run: _Run, line: Line, following: _Marked | None) -> bool:
        text = self.text
        words = text[line.content : line.end]
        empty = run.is_empty(text)
        leads = following is not None and following.leads
        if run.alone and empty:
            return True
        if _URL_REGEX.match(words):
            return run.field in LINK_FIELDS or empty
        if self._is_category(line):
            return False
        if empty:
            if run.field in LINK_FIELDS:
                return bool(_LINK_TITLE_REGEX.search(words)) and not (leads and self._named(words))
            return run.field in NAME_FIELDS or not (leads and self._heads_entry(line, words))
        if leads and self._named(words) and not run.is_open(text):
            return False
        if self._open(run) or words[0] in _OPEN_START:
            return True
        if run.field in LINK_FIELDS:
            return (
                text[run.last(text)] in "-/=&?_%"
                and _is_address_rest(words)
                and "\n\n" not in text[run.end : line.content]
            )
        if self._is_listed(run, line) or self._is_run(run, line):
            return True
        if leads and (line.marker or self._named(words)):
            return False
        if self._platform_lead(words) and run.field in ("data_items", "permissions"):
            return True
        if leads and not line.marker and self._is_cut(run, line, following):
            return True
        adjacent = text.count("\n", run.end, line.content) == 1
        return not line.marker and not leads and adjacent and _is_wrapped(text, run.end)

    def _is_cut(self, run: _Run, line: Line, following: _Marked | None) -> bool:
        """Whether a line is the rest of a wrapped value: the entry goes on behind it with a field that it still lacks."""
        if self.draft is None or following is None or run.field in LINK_FIELDS:
            return False
        lacks = not self.draft.has(following.hits[0].field) and following.hits[0].field not in NAME_FIELDS
        adjacent = self.text.count("\n", run.end, line.content) == 1
        return lacks and adjacent and _is_wrapped(self.text, run.end)

    def _heads_entry(self, line: Line, words: str) -> bool:
        """Whether a line below an empty label begins the next entry; a numbered data item does not."""
        if self._named(words):
            return True
        return line.marker == "number" and exact_concept(words, self.lexicon) is None

    def _is_listed(self, run: _Run, line: Line) -> bool:
        """Whether a line is the next of a value told as a list below its label: ``收集信息：⏎① 设备信息：…⏎② 网络信息：…``."""
        if run.field not in ("data_items", "permissions") or not line.marker:
            return False
        if run.is_empty(self.text) or not run.begins_below(self.text):
            return False
        return line.style == run.style and (line.indent > run.line.indent or line.style != run.line.style)

    def _is_run(self, run: _Run, line: Line) -> bool:
        """Whether a line goes on with data below its label: ``收集信息：⏎必选信息⏎设备信息（型号、品牌）：用于…⏎位置信息：…``."""
        if run.field != "data_items":
            return False
        if not run.begins_below(self.text):
            return False
        head = _RUN_HEAD_REGEX.match(self.text, line.content, line.end)
        words = head.group(1) if head else self.text[line.content : min(line.end, line.content + 20)]
        return exact_concept(words, self.lexicon) is not None or fold(words) in self.lexicon.qualifiers

    def _open(self, run: _Run) -> bool:
        text, last = self.text, run.last(self.text)
        if last < run.start:
            return True
        if run.field in LINK_FIELDS:
            line = text.rfind("\n", max(run.start, last - 59), last) < 0
            return (
                text[last] == "-" and line and bool(_URL_REGEX.search(text, max(run.start, last - _LONGEST_URL), last))
            )
        return text[last] in _OPEN_END or run.is_open(text)

    def _platform_lead(self, words: str) -> bool:
        head, colon, _ = words.partition(":")
        if not colon or len(head) > 16:
            return False
        key = fold(head)
        return any(fold(word) in key for names in self.lexicon.platforms.values() for word in names)

    def _named(self, words: str) -> bool:
        return len(words) <= MAX_HEADING and classify_name(words.rstrip(":"), self.lexicon) in NAME_FIELDS

    def _is_heading(self, line: Line, following: _Marked) -> bool:
        words = self.text[line.content : line.end]
        if len(words) > MAX_HEADING or _SENTENCE_REGEX.search(words) or _URL_REGEX.match(words):
            return False
        if ":" in words.rstrip(":") and not self._named(words):
            return False
        lead = following.hits[0].field
        kind = classify_name(words.rstrip(":"), self.lexicon)
        if lead == "sdk":
            return kind == "provider"
        if words.endswith(":"):
            return kind in NAME_FIELDS
        return kind in NAME_FIELDS or not words.endswith(self.suffixes)

    def _is_category(self, line: Line) -> bool:
        """Whether a line is a kind heading over entries: ``支付类``, ``（一）广告类SDK``, ``推送：``."""
        words = self.text[line.content : line.end]
        if _LEAD_OVER_REGEX.match(words):
            return False
        if words.endswith(":") and len(words) <= 8:
            return True
        words = words.rstrip(":")
        return len(words) <= 12 and words.endswith(self.suffixes) and not _SENTENCE_REGEX.search(words)

    # Entries and groups

    def _begin(self, start: int, heading: Span | None = None) -> _Draft:
        return _Draft(start, heading, self.category, self.platforms)

    def _close(self, *, heads: bool = False) -> None:
        """End the entry that is being read; ``heads`` where the heading of the next one follows at once."""
        draft, self.draft = self.draft, None
        if draft is None or not draft.runs:
            return
        if heads and draft.heading is not None and self._is_kind(draft, draft.heading):
            self.category = draft.heading
            self.read_spans.append((draft.start, draft.runs[-1].end))
            return
        if not self.entries and draft.heading is None:
            self.first_field = draft.runs[0].field
        entry = draft.entry(self.text, self.lexicon)
        if self.company is not None and "provider" not in entry.fields and draft.heading is not None:
            entry = replace(entry, runs=(FieldRun("provider", self.company), *entry.runs))
        self.entries.append(self._with_repeated(entry))

    def _is_kind(self, draft: _Draft, heading: Span) -> bool:
        """Whether a heading with nothing but a purpose heads the entries below it: ``语音服务⏎使用目的：…⏎某某音箱⏎公司：…``."""
        if draft.labelled - {"purpose", "scenario", ""}:
            return False
        return not self._named(self.text[slice(*heading)])

    def _with_repeated(self, entry: Entry) -> Entry:
        """``同上`` is the value of the same field in the entry before."""
        if not self.entries:
            return entry
        before = {run.field: run.value for run in self.entries[-1].runs}
        runs: list[FieldRun] = []
        for run in entry.runs:
            same = before.get(run.field)
            if same is not None and _SAME_REGEX.fullmatch(self.text, *run.value):
                runs.append(FieldRun("none", run.value, run.label))
                runs.append(FieldRun(run.field, same))
            else:
                runs.append(run)
        return entry if len(runs) == len(entry.runs) else replace(entry, runs=tuple(runs))

    def _end_group(self) -> None:
        self._close()
        self._drop_section_heading()
        if self.entries:
            self.groups.append((self.entries, self.read_spans))
        self.entries, self.read_spans = [], []
        self.category, self.company, self.platforms = None, None, ()
        self.gap = 0
        self.first_field = ""

    def _drop_section_heading(self) -> None:
        """A heading over entries that each begin with a name's label names none: ``接口合作⏎合作方：甲⏎目的：…⏎合作方：乙``."""
        if len(self.entries) < 2:
            return
        first, *rest = self.entries
        led = {entry.runs[0].field if entry.runs else "" for entry in self.entries}
        if first.heading is None or any(entry.heading for entry in rest) or led - NAME_FIELDS or len(led) > 1:
            return
        label = first.runs[0].label
        if label is None or classify_name(self.text[slice(*first.heading)], self.lexicon) != "unknown":
            return
        self.read_spans.append(first.heading)
        self.entries[0] = replace(first, heading=None, span=(label[0], first.span[1]))


def _value_end(text: str, run: _Run, lexicon: Lexicon) -> int:
    """Where a list or a name ends although text goes on: at a full stop outside brackets that no further item follows."""
    if run.field not in ("data_items", "permissions", "sdk", "provider"):
        return run.end
    if text.find("。", run.start, run.end) < 0:
        return run.end
    listed = [match.start() for match in _LISTED_REGEX.finditer(text, run.start, run.end)]
    # Sentences between the entries of a list are of the list.
    stop = text.find("。", max([run.start, *listed]), run.end)
    while stop >= 0:
        head = _NEXT_ITEM_REGEX.match(text, stop + 1, run.end)
        inside = text.count("(", run.start, stop) > text.count(")", run.start, stop)
        if not inside and (head is None or exact_concept(head.group(1), lexicon) is None):
            return stop
        stop = text.find("。", stop + 1, run.end)
    return run.end


def _is_address_rest(words: str) -> bool:
    """Whether a line can be the rest of an address that a line break cut: no blank and no Chinese in it."""
    return not any(char.isspace() or char >= "\u2e80" for char in words)


def _is_wrapped(text: str, end: int) -> bool:
    """Whether the line that ends here was broken at a fixed width, as mail programs and html-to-text converters do."""
    start = text.rfind("\n", 0, end) + 1
    line = text[start:end].rstrip()
    if not line or line[-1] in "。!?":
        return False
    width = sum(2 if char >= "\u2e80" else 1 for char in line)
    return 50 <= width <= 100


def _plausible(view: View, entries: list[Entry], lexicon: Lexicon) -> bool:
    """Keep of a group what tells of recipients: entries with a name, and those that are made like them.

    Lists of the app's own functions and permissions (麦克风⏎权限说明：…⏎权限声明代码：…) have neither names nor links.
    """
    entries[:] = [entry for entry in entries if _is_entry(entry)]
    named = {entry.span for entry in entries if _has_name(view, entry, lexicon)}
    shapes = [entry.fields - {"none"} for entry in entries if entry.span in named]
    entries[:] = [entry for entry in entries if entry.span in named or _is_made_like(entry, shapes)]
    return len(named) * 2 >= len(entries) > 0


def _is_entry(entry: Entry) -> bool:
    fields = {run.field for run in entry.runs if run.value[1] > run.value[0]}
    told = len(fields & CONTENT_FIELDS)
    if entry.heading is None and not fields & NAME_FIELDS:
        return False
    if {"sdk", "provider"} <= fields:
        return True  # 插件名称 and 插件提供方: who and what, though nothing is said of the data
    return told >= 1 and len(fields - {"none"}) + (entry.heading is not None) >= 2


def _is_made_like(entry: Entry, shapes: Sequence[frozenset[str]]) -> bool:
    fields = entry.fields - {"none"}
    return len(fields) >= 2 and any(fields <= shape or fields >= shape for shape in shapes)


def _has_name(view: View, entry: Entry, lexicon: Lexicon) -> bool:
    if entry.fields & NAME_FIELDS:
        return True
    if entry.heading is None:
        return False
    parts = split_name(view, *entry.heading, lexicon)
    if parts.sdk or parts.provider or parts.recipient_category:
        return True
    return bool(entry.fields & LINK_FIELDS) and bool(entry.fields & (CONTENT_FIELDS - LINK_FIELDS))
