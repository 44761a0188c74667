"""The grammar of a data field: a run of text to data items, groups and members, qualifiers and permissions.

A field is cut into parts at its separators (``segment``), a part is read as names and brackets, and a name is an item, a
permission, or a word that introduces others. Reading never fails: what is no name stays out of every value, so that the
ledger of characters shows it.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from noticeparse.document.view import View
from noticeparse.fields.items_kinds import ASKED_PERMISSION_REGEX, PERMISSION_LABEL_REGEX, NameKinds
from noticeparse.fields.items_model import (
    Default,
    Draft,
    ItemReading,
    ItemRun,
    Scope,
    govern,
    make_permissions,
    reading_of,
)
from noticeparse.fields.items_names import NameCutter
from noticeparse.fields.items_words import ItemWords, item_words
from noticeparse.fields.qualifiers import platforms_of
from noticeparse.fields.segment import Brackets, Group, Part, cut_parts, trim
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.lexicon.match import (
    IDENTIFIERS,
    MAX_NAME,
    is_constant,
    is_permission_like,
    matcher,
    permission_of,
)
from noticeparse.memo import Answers
from noticeparse.pattern import Pattern
from noticeparse.records import DataItem, Diagnostic, Permission, Platform, Span

_MARKER_REGEX = Pattern(r"(?:\(?\d{1,2}[.)、]|[a-zA-Z][.)])\s*(?=\D)")
_NUMBER_REGEX = Pattern(r"[①-⑳]")
_ATTRIBUTE_REGEX = Pattern(
    r"((?:不能|无法|不可?|难以)(?:直接)?识别(?:到|出)?[^的]{0,12}|(?:经|经过|已)?(?:去标识化|匿名化|脱敏|假名化)(?:处理)?(?:后)?)的(?=..)"
)
# 可选-IMEI/IMSI, 必选个人信息 on a line of its own
_CHOICE_REGEX = Pattern(
    r"((?:可选|必选|选填|必填|必要|非必要|必需|非必需)(?:的)?(?:个人)?(?:信息|数据|字段)?)(?:\s*-\s*(?=\S)|(?<=信息)\s*$|(?<=信息)(?=\n))"
)
_CHOICES = "可必选非"
_AIM_REGEX = Pattern(
    r"(?:同时|并且?|以便?|从而)?(?:保[证障护]|确保|提[高升供]|实现|进行|避免|防止|优化|改[进善]|便于|方便|完成|支持|帮助|维护|增强|减少|满足)"
)
_OTHER_WITH_REGEX = Pattern(r"其他(?:与|和|跟)")
# Owners and verbs in front of one name; more of them are no language.
_MAX_LEADS = 4
# A field that no person wrote is read in pieces of so many characters and some more, up to so many items: what it takes to
# read a million of them at once is several times the memory of the items.
_LONGEST_PIECE = 50_000
MAX_ITEMS = 400_000
_PIECE_END_REGEX = Pattern(r"[、,;。\n(]")
# A field longer than this, in characters, hardly comes twice.
_LONGEST_KEPT = 2_000


def parse_items(view: View, start: int, end: int, lexicon: Lexicon, *, default: Default = "item") -> ItemRun:
    """Read a field of data items or permissions.

    ``设备信息（品牌、型号）、IMEI（仅安卓10以下）``, ``设备信息：品牌、型号；网络信息``, ``IMEI/MAC地址、相机权限``.

    Args:
        view: The notice.
        start: View position.
        end: View position behind the run.
        lexicon: Vocabulary.
        default: What a name is that says nothing of itself: ``permission`` for a field of permissions.
    """
    start = max(0, start)
    if end - start > _LONGEST_PIECE:
        return _parse_pieces(view, start, end, lexicon, default)
    text = view.text[start:end]
    if not text:
        return ItemRun()
    reading = _readings(lexicon)[text, default] if len(text) <= _LONGEST_KEPT else _read(text, default, lexicon)
    return reading.at(view, start)


def _parse_pieces(view: View, start: int, end: int, lexicon: Lexicon, default: Default) -> ItemRun:
    """Read a very long field piece by piece; groups and brackets end with theirs."""
    items: list[DataItem] = []
    permissions: list[Permission] = []
    labels: list[Span] = []
    notes: list[Diagnostic] = []
    platforms: list[Platform] = []
    tail: Span | None = None
    while start < end:
        if len(items) + len(permissions) >= MAX_ITEMS:
            message = (
                f"only the first {len(items) + len(permissions)} items are read: {end - start} characters are left out"
            )
            notes.append(Diagnostic("items-cut", message, view.span(start, end)))
            break
        match = _PIECE_END_REGEX.search(view.text, start + _LONGEST_PIECE, end)
        stop = match.start() if match else end
        run = _read(view.text[start:stop], default, lexicon).at(view, start)
        shift = len(items)
        items.extend([item if item.parent is None else replace(item, parent=item.parent + shift) for item in run.items])
        permissions.extend(run.permissions)
        labels.extend(run.labels)
        notes.extend(run.diagnostics)
        platforms.extend(run.platforms)
        if run.tail is not None:
            tail = (run.tail[0], end)
            break
        start = stop
    return ItemRun(tuple(items), tuple(permissions), tuple(labels), tuple(notes), tuple(dict.fromkeys(platforms)), tail)


@lru_cache(maxsize=4)
def _readings(lexicon: Lexicon) -> Answers[tuple[str, Default], ItemReading]:
    """Fields that were read; apps copy the same vendor's rows."""
    return Answers(lambda key: _read(*key, lexicon))


def _read(text: str, default: Default, lexicon: Lexicon) -> ItemReading:
    reader = _Reader(text, lexicon, default)
    reader.run(0, len(text), 0, Scope(mode=default))
    return reader.result()


def _first(name: str, words: tuple[str, ...]) -> str | None:
    """The first of some words that a name begins with."""
    if not name.startswith(words):
        return None  # nearly always
    return next(word for word in words if name.startswith(word))


class _Reader:
    def __init__(self, text: str, lexicon: Lexicon, default: Default) -> None:
        self.text = text
        self.bounds = (0, len(text))
        self.lexicon = lexicon
        self.default = default
        self.match = matcher(lexicon)
        self.words: ItemWords = item_words(lexicon)
        self.names = NameCutter(text, lexicon)
        self.kinds = NameKinds(text, self.names, lexicon)
        self.brackets = Brackets(text, 0, len(text))
        self.drafts: list[Draft] = []
        self.labels: list[Span] = []
        self.platforms: list[Platform] = []
        self.notes: list[tuple[str, str, Span]] = []
        self.tail: Span | None = None
        self.labels.extend(match.span() for match in _NUMBER_REGEX.finditer(text))
        if self.brackets.unpaired:
            self._note("bracket", "a bracket is not paired", self.bounds)

    # Runs and parts

    def run(self, start: int, end: int, depth: int, scope: Scope) -> None:
        """Read the parts of one level of brackets."""
        parts = self.names.merge_actions(cut_parts(self.brackets, start, end, depth, self.names.joins))
        before = len(self.drafts)
        headings = sum(part.colon for part in parts)
        for index, part in enumerate(parts):
            if self.tail is not None:
                return
            self._leave(part.before, scope, headings)
            if depth == 0 and not scope.explains and self._is_tail(parts, index):
                self.tail = (part.span[0], end)
                return
            if part.before == "," and self._goes_on(part, parts[index - 1], scope):
                continue
            if part.colon and index + 1 < len(parts):
                self._heading(part, scope, headings, depth)
            else:
                self._part(part, scope, depth)
        govern(self.drafts, before, depth, self.text, self.words)

    def _leave(self, before: str, scope: Scope, headings: int) -> None:
        """What ends with a separator: a group named before a colon, at the end of its sentence or line."""
        if before in ("。", "\n", "\r", "!", "?") or (before == ";" and headings != 1):
            scope.parent = scope.outer
            if not scope.inside:
                scope.mode = self.default
            if before != ";" and not scope.fresh:
                scope.label = None
            if before == "。":
                scope.last = None
        if before in ("。", "\n", ";"):
            scope.explains = False

    def _is_tail(self, parts: list[Part], index: int) -> bool:
        """``（A、B）用于…`` and ``A、B，用于…``: the rest says what the items are for, and names none."""
        part = parts[index]
        if not self.drafts or not self.kinds.starts_purpose(part.span[0]) or self.names.stands(*part.span):
            return False
        return not any(self._names_again(later) for later in parts[index + 1 :][:40])

    def _goes_on(self, part: Part, before: Part, scope: Scope) -> bool:
        """``A：用于识别设备,保证推送``: a clause behind a purpose clause is more of it, unless it names an item."""
        last = scope.last
        if last is None or not last.qualifiers or not before.span[0] <= last.qualifiers[-1][0] < before.span[1]:
            return False
        start = last.qualifiers[-1][0]
        if not self.kinds.starts_purpose(start) or self._names_again(part):
            return False
        if self.match.concept(self._plain(part)) is not None and not _AIM_REGEX.match(self.text, *part.span):
            return False
        last.qualifiers[-1] = (start, part.span[1])
        return True

    def _names_again(self, part: Part) -> bool:
        """Whether a part behind a purpose clause names the next item: a known name, or a name before a colon."""
        plain = self._plain(part)
        if self.match.alone(plain) is not None:
            return True
        return part.colon and (self.match.concept(plain) is not None or self._names_several(*part.span))

    def _plain(self, part: Part) -> str:
        """A part's text before its first bracket: ``网络信息（类型）：用于…`` names 网络信息."""
        end = part.groups[0].span[0] if part.groups else part.span[1]
        return self.text[part.span[0] : min(end, part.span[0] + MAX_NAME)].strip()

    # Headings: what stands before a colon

    def _heading(self, part: Part, scope: Scope, headings: int, depth: int) -> None:
        start, end = self._skip(*part.span)
        name = self.text[start:end].strip()
        if start >= end:
            return
        if self._as_label(start, end, scope):
            return
        if PERMISSION_LABEL_REGEX.fullmatch(name):
            scope.mode, scope.parent = "permission", scope.outer
            self.labels.append((start, end))
            return
        if self.kinds.is_empty_word(name):
            self.labels.append((start, end))
            return
        known = part.groups or self.match.concept(name) is not None or self._names_several(start, end)
        if known or self.kinds.is_permission(name, scope):
            scope.parent = scope.outer
            before = len(self.drafts)
            self._part(part, scope, depth)
            if len(self.drafts) > before and not self.drafts[-1].permission:
                scope.parent = self._top(self.drafts[-1], scope)
            elif len(self.drafts) > before:
                scope.explains = True
            return
        if headings > 1 and end - start <= 10 and not self.kinds.is_sentence(name, None):
            self._set_label(start, end, scope)
        else:
            self.labels.append((start, end))

    def _names_several(self, start: int, end: int) -> bool:
        """``地理位置及基站信息：用于…``: a coordination whose parts are all known."""
        names = self.names.cut(start, end) if end - start <= 3 * MAX_NAME else []
        return len(names) > 1 and all(self.match.alone(self.text[slice(*one)]) is not None for one in names)

    @staticmethod
    def _top(draft: Draft, scope: Scope) -> Draft:
        while draft.parent is not None and draft.parent is not scope.outer:
            draft = draft.parent
        return draft

    def _as_label(self, start: int, end: int, scope: Scope) -> bool:
        """``ios版本：``, ``Android 独有：``, ``可选信息：``: a label that qualifies each name of its run."""
        name = self.text[start:end].strip()
        if not platforms_of(name, self.lexicon) and fold(name) not in self.lexicon.qualifiers:
            return False
        self._set_label(start, end, scope)
        return True

    def _set_label(self, start: int, end: int, scope: Scope) -> None:
        scope.label, scope.fresh, scope.parent = (start, end), True, scope.outer
        self.labels.append((start, end))
        self.platforms.extend(platforms_of(self.text[start:end].strip(), self.lexicon))  # type: ignore[arg-type]

    # Parts

    def _part(self, part: Part, scope: Scope, depth: int) -> None:
        """Names and brackets between two separators."""
        start, end = part.span
        if not part.groups and self.text[start] not in _CHOICES and self._plain_item(start, end, scope, depth):
            return
        start, end = self._skip(start, end)
        groups = [group for group in part.groups if group.span[0] >= start]
        if start >= end:
            return
        choice = _CHOICE_REGEX.match(self.text, start, end)
        if choice is not None:
            self._set_label(*choice.span(1), scope)
            start = choice.end()
            if start >= end:
                return
        if not groups and self._plain_item(start, end, scope, depth):
            return
        if scope.explains:
            self._explanation(start, end, scope, depth)
            return
        if part.whole:
            self._name(start, end, scope, depth)
            return
        if not groups and self._whole(start, end, scope):
            return
        if not groups and scope.mode == "item":
            self._single(start, end, scope, depth)
            return
        start = self._intro(start, groups[0].span[0] if groups else end, scope, depth)
        at = start
        fresh_group = False
        for index, group in enumerate(groups):
            self._text(at, group.span[0], scope, depth, opened=True)
            fresh_group = at < group.span[0]
            after = groups[index + 1].span[0] if index + 1 < len(groups) else end
            at = self._group(group, after, scope, depth, headed=fresh_group or index > 0)
            if self.tail is not None:
                return
        if groups and depth == 0 and at < end and self.kinds.starts_purpose(at) and not self.names.stands(at, end):
            if self.kinds.is_last(at, self.bounds[1]):
                self.tail = (at, self.bounds[1])
            else:
                self._qualify(scope.last, (at, end))
            return
        self._text(at, end, scope, depth, opened=False)

    def _plain_item(self, start: int, end: int, scope: Scope, depth: int) -> bool:
        """A term that is an item wherever it stands."""
        if scope.mode != "item" or scope.explains:
            return False
        concept = self.kinds.plain_term(self.text[start:end], scope)
        if concept is not None:
            self._add(Draft((start, end), concept=concept, depth=depth), scope)
        return concept is not None

    def _single(self, start: int, end: int, scope: Scope, depth: int) -> None:
        """A part without brackets; where it is one item and nothing else, that is kept for the next time."""
        state = (len(self.drafts), len(self.labels), len(self.notes), scope.parent, scope.label)
        self._text(self._intro(start, end, scope, depth), end, scope, depth, opened=False)
        after = (len(self.drafts) - 1, len(self.labels), len(self.notes), scope.parent, scope.label)
        if state != after:
            return
        draft = self.drafts[-1]
        if draft.span == (start, end) and not (draft.permission or draft.qualifiers or scope.label):
            self.kinds.learn(self.text[start:end], draft, scope)

    def _explanation(self, start: int, end: int, scope: Scope, depth: int) -> None:
        """``READ_PHONE_STATE：用于获取设备IMEI``: of what explains a permission only identifiers are items."""
        if self.text[start] == "(":
            group = self.brackets.group(start, end)
            inside = trim(self.text, *group.inner)
            if fold(self.text[slice(*inside)]) in self.lexicon.qualifiers:
                scope.pending.append(inside)
            start = trim(self.text, group.span[1], end)[0]
        inner = (
            self.kinds.object_in(start, end, self.text[start:end], explains=True)
            if end - start <= 3 * MAX_NAME
            else None
        )
        cut = None if inner is None else self.kinds.purpose_in(inner, end) or end
        if inner is None or self.match.alone(self.text[inner:cut]) not in IDENTIFIERS:
            scope.pending.clear()
            self.labels.append((start, end))
            return
        self.labels.append((start, inner))
        self._item(inner, end, self.text[inner:end], scope, depth)

    def _skip(self, start: int, end: int) -> Span:
        """Leave out list markers, edge conjunctions and white space."""
        start, end = trim(self.text, start, end)
        marker = _MARKER_REGEX.match(self.text, start, end)
        if marker and self.match.exact(self.text[start : min(end, start + MAX_NAME)]) is None:
            self.labels.append((start, marker.end()))
            start = marker.end()
        behind = self.names.skip_conjunction(start, end)
        if behind > start:
            self.labels.append((start, behind))
        start = behind
        return trim(self.text, start, end)

    def _whole(self, start: int, end: int, scope: Scope) -> bool:
        """A part that is read as a whole: nothing, a number, a platform in front, a qualifier behind."""
        name = self.text[start:end]
        if name.isdigit() or self.kinds.is_empty_word(name):
            self.labels.append((start, end))
            return True
        if end - start > MAX_NAME:
            return False
        if not scope.inside and self.match.exact(name) is None and platforms_of(name, self.lexicon):
            if scope.mode == "item":
                self._set_label(start, end, scope)
            else:
                self.labels.append((start, end))
            return True
        if self.kinds.starts_purpose(start) and not self.names.stands(start, end):
            self._qualify(scope.last, (start, end))
            return True
        if scope.last is not None and self.kinds.is_behind(name, scope):
            self._qualify(scope.last, (start, end))
            return True
        return False

    def _intro(self, start: int, end: int, scope: Scope, depth: int) -> int:
        """``设备信息包括A``, ``Android如A``, ``包括A``: read the head and make it the group; give where the rest starts."""
        found = self.words.intro_in(self.text, start, end)
        if found is None:
            return start
        at, behind = found
        head = self.text[start:at].strip(" \t\n(")
        if not head and self.match.exact(self.text[start:end]) is not None:
            return start  # 指纹信息, 有线网络信息: no words that introduce
        if not head:
            self.labels.append((at, behind))
            if scope.last is not None and not scope.inside and not scope.last.permission:
                scope.parent = self._top(scope.last, scope)
            return behind
        if platforms_of(head, self.lexicon):
            self._set_label(start, at, scope)
            self.labels.append((at, behind))
            return behind
        if PERMISSION_LABEL_REGEX.fullmatch(head):
            scope.mode = "permission"
        elif not self.kinds.is_empty_word(head):
            if not self.kinds.is_name(start, at):
                return start
            scope.parent = scope.outer
            self._text(start, at, scope, depth, opened=True)
            if scope.last is not None and not scope.last.permission:
                scope.parent = self._top(scope.last, scope)
            self.labels.append((at, behind))
            return behind
        self.labels.append((start, behind))
        return behind

    # Text without brackets

    def _text(self, start: int, end: int, scope: Scope, depth: int, *, opened: bool) -> None:
        """Names in a run without separators and brackets; ``opened`` where a bracket follows."""
        start, end = self._skip(start, end)
        if start >= end:
            return
        if self._plain_item(start, end, scope, depth):
            return
        et_cetera = self.kinds.et_cetera_in(start, end)
        if et_cetera is not None:
            first, behind = et_cetera
            if start < first:
                self._text(start, first, scope, depth, opened=False)
            self.labels.append((first, behind))
            self._note("open-list", "the list is left open", (first, behind))
            self._rest(behind, end, scope, depth)
            return
        last = self.names.drop_conjunction(start, end)
        if last < end:
            self.labels.append((last, end))
        start = self._lead(start, last, scope)
        self._names(start, last, scope, depth)

    def _names(self, start: int, end: int, scope: Scope, depth: int) -> None:
        """Each name of a run; the conjunctions between them are read too."""
        at = start
        for name in self.names.cut(start, end):
            if at < name[0] and self.text[at : name[0]].strip(" \n/"):
                self.labels.append((at, name[0]))
            at = name[1]
            self._name(*self._skip(*name), scope, depth)

    def _rest(self, start: int, end: int, scope: Scope, depth: int) -> None:
        """What follows 等: nothing more, a word for all of it, or a real group name."""
        start, end = trim(self.text, start, end)
        if start >= end:
            return
        rest = self.text[start:end]
        if self.kinds.starts_purpose(start):
            self._qualify(scope.last, (start, end))
            return
        bare = rest.removesuffix("权限").removesuffix("功能")
        if bare != rest and (not bare or bare in ("相关", "系统", "设备", "手机", "敏感", "必要", "系统相关")):
            self.labels.append((start, end))
            make_permissions(self.drafts, depth)
            return
        known = self.match.concept(rest) is not None and not ("的" in rest and len(rest) > 12)
        if self.kinds.is_empty_word(rest) or rest in self.words.after_et_cetera or not known:
            self.labels.append((start, end))
            return
        self._names(start, end, scope, depth)

    def _lead(self, start: int, end: int, scope: Scope) -> int:
        """Drop 您的 and verbs in front, unless the whole is a permission's label."""
        for _ in range(_MAX_LEADS):
            if start >= end:
                break
            name = self.text[start:end]
            owner = _first(name[:-1], self.words.owners)  # and goes on
            if owner is not None:
                self.labels.append((start, start + len(owner)))
                start = trim(self.text, start + len(owner), end)[0]
                continue
            if end - start <= MAX_NAME and (self.match.exact(name) is not None or self.kinds.keeps_verb(name, scope)):
                return start
            verb = _first(name, self.words.verbs)
            if verb is None or len(name) < len(verb) + 2 or name[len(verb)] in "和及或与/":
                return start
            self.labels.append((start, start + len(verb)))
            start = trim(self.text, start + len(verb), end)[0]
        return start

    def _skip_other(self, start: int, end: int) -> int:
        """``其他与支付相关的记录``: 其他 before a phrase is no part of the name."""
        if _OTHER_WITH_REGEX.match(self.text, start, min(end, start + 3)):
            self.labels.append((start, start + 2))
            return start + 2
        return start

    # Names

    def _name(self, start: int, end: int, scope: Scope, depth: int) -> None:
        """One name: an item, a permission, or nothing."""
        start, end = trim(self.text, start, end)
        start = self._skip_other(self._lead(start, end, scope), end)
        name = self.text[start:end]
        if not name.strip():
            return
        attribute = _ATTRIBUTE_REGEX.match(name)
        if attribute and len(name) <= 2 * MAX_NAME and self.match.exact(name) is None:
            before = len(self.drafts)
            self._name(start + attribute.end(), end, scope, depth)
            if len(self.drafts) > before:
                self.drafts[before].qualifiers.append((start, start + attribute.end(1)))
            self.labels.append((start + attribute.end(1), start + attribute.end()))
            return
        if self.kinds.is_empty_word(name) or name.isdigit():
            self.labels.append((start, end))
            return
        inner = self.kinds.object_in(start, end, name)
        if inner is not None:
            self.labels.append((start, inner))
            self._name(inner, end, scope, depth)
            return
        if self.kinds.is_permission(name, scope):
            self._add(Draft((start, end), permission=True, depth=depth), scope)
            return
        if self.kinds.is_data_permission(name):
            self.labels.append((end - 2, end))
            start, end = trim(self.text, start, end - 2)
            end = end - 1 if self.text[end - 1] == "的" else end
            name = self.text[start:end]
        self._item(start, end, name, scope, depth)

    def _item(self, start: int, end: int, name: str, scope: Scope, depth: int) -> None:
        if start >= end:
            return
        behind = self.kinds.behind_clause(start, end, name)
        if behind is not None:
            self.labels.append((behind, end))
            start, end = trim(self.text, start, behind)
            name = self.text[start:end]
        cut = self.kinds.purpose_in(start, end)
        if cut is not None:
            self._item(*trim(self.text, start, cut), self.text[start:cut].strip(), scope, depth)
            self._qualify(scope.last, (cut, end))
            return
        concept = self.match.concept(name)
        if self.kinds.is_sentence(name, concept):
            self._note("not-an-item", "read as a sentence, not as a data item", (start, end))
            scope.last = None
            return
        if concept is None and len(name) < 2 and not name.isalnum():
            return
        concept = self.kinds.in_context(name, concept, scope.parent, self.drafts)
        draft = Draft((start, end), concept=concept, depth=depth, facility=fold(name) in self.words.facilities)
        self._add(draft, scope)

    def _add(self, draft: Draft, scope: Scope) -> None:
        draft.parent = None if draft.permission else scope.parent
        if scope.label is not None and not draft.permission and scope.parent is scope.outer:
            draft.qualifiers.append(scope.label)
        for span in scope.pending:
            self._qualify(draft, span)
        scope.pending.clear()
        self.drafts.append(draft)
        scope.last, scope.fresh = draft, False

    # Brackets

    def _group(self, group: Group, after: int, scope: Scope, depth: int, *, headed: bool) -> int:
        """Read a bracket; give where the text behind it goes on."""
        start, end = trim(self.text, *group.inner)
        if start >= end:
            return group.span[1]
        content = self.text[start:end]
        head = scope.last if headed else None
        if platforms_of(content, self.lexicon) and self._has_text(group.span[1], after):
            self._set_label(start, end, scope)
            return group.span[1]
        if head is None:
            return self._enclosed(group, content, after, scope, depth)
        if head.permission:
            return self._gloss_of_permission(head, group, content, scope, depth)
        joined = self._inside_term(head, group, after)
        if joined is not None:
            return joined
        if self.drafts[-1] is head and self.kinds.names_same(head, content):
            head.span = (head.span[0], group.span[1])
            head.concept = head.concept or self.match.concept(content)
            return group.span[1]
        if self.kinds.is_gloss(content, start, end) or self.kinds.rewords(head, content):
            self._qualify(head, (start, end))
            return group.span[1]
        asked = ASKED_PERMISSION_REGEX.match(content)
        mode: Default = "permission" if asked else "item"
        if asked:
            self.labels.append((start, start + asked.end()))
            start += asked.end()
        before = len(self.drafts)
        self.run(start, end, depth + 1, Scope(mode=mode, parent=head, outer=head, inside=True))
        if not self.words.intro.match(self.text, start, end):  # 包括 says that what follows is a member
            self._fold_gloss(head, before)
        scope.last = head
        return group.span[1]

    def _fold_gloss(self, head: Draft, before: int) -> None:
        """``IMEI（移动设备识别码，仅安卓）``: the name again and a qualifier; the qualifier is that of the head."""
        if len(self.drafts) != before + 1:
            return
        again = self.drafts[before]
        if again.permission or not again.qualifiers or again.concept is None or again.concept != head.concept:
            return
        self.drafts.pop()
        self.labels.append(again.span)
        head.qualifiers.extend(again.qualifiers)

    def _has_text(self, start: int, end: int) -> bool:
        start, end = trim(self.text, start, end)
        return start < end

    def _enclosed(self, group: Group, content: str, after: int, scope: Scope, depth: int) -> int:
        """A bracket without a head: a qualifier of what stands before, or items that it only encloses."""
        if content.isdigit():
            self.labels.append(group.inner)
        elif self._has_text(group.span[1], after) and fold(content) in self.lexicon.qualifiers:
            if self.lexicon.qualifiers[fold(content)][0] == "platform":
                self._set_label(*trim(self.text, *group.inner), scope)
            else:
                scope.pending.append(trim(self.text, *group.inner))
        elif scope.last is not None and self.kinds.is_gloss(content, *trim(self.text, *group.inner)):
            self._qualify(scope.last, trim(self.text, *group.inner))
        elif fold(content) in self.lexicon.qualifiers and self.match.alone(content) is None:
            self._set_label(*trim(self.text, *group.inner), scope)
        else:
            inner = Scope(scope.mode, scope.parent, scope.label, scope.outer, scope.last, scope.fresh, scope.inside)
            self.run(*group.inner, depth + 1, inner)
            scope.last = inner.last
        return group.span[1]

    def _gloss_of_permission(self, head: Draft, group: Group, content: str, scope: Scope, depth: int) -> int:
        """``读取日历（READ_CALENDAR）`` is one permission; another gloss is read but is no value."""
        same = is_constant(content) or (
            permission_of(content, self.lexicon) and is_permission_like(content, self.lexicon)
        )
        if same and self.drafts[-1] is head:  # no bracket with names of its own stands between
            head.span = (head.span[0], group.span[1])
        elif self.kinds.lists_items(*group.inner) and not self.kinds.is_gloss(content, *trim(self.text, *group.inner)):
            head.concept = self.match.exact(self.text[slice(*head.span)])
            head.permission = head.concept is None  # 设备信息（品牌、型号） is data, also among permissions
            parent = None if head.permission else head
            self.run(*group.inner, depth + 1, Scope(mode="item", parent=parent, outer=parent, inside=True))
        else:
            self.labels.append(trim(self.text, *group.inner))
        return group.span[1]

    def _inside_term(self, head: Draft, group: Group, after: int) -> int | None:
        """``网卡（MAC）地址``: a bracket inside a term, with text right behind it."""
        at = group.span[1]
        end = at
        while end < after and end - at < 12 and self.text[end] not in " /\n等用以及和与或":
            end += 1
        if end == at or self.text[at : at + 1] in " \n/" or self.text[group.span[1] - 1] != ")":
            return None
        rest = self.text[at:end]
        if self.kinds.is_empty_word(rest) or rest.startswith(("权限", "功能")):
            return None
        bare = self.text[slice(*head.span)] + rest
        whole = self.text[head.span[0] : end]
        if self.match.alone(bare) is None and (self.match.alone(rest) is not None or len(rest) > 4):
            return None
        head.span = (head.span[0], end)
        head.concept = self.match.concept(whole) or head.concept
        return end

    def _qualify(self, draft: Draft | None, span: Span) -> None:
        start, end = trim(self.text, *span)
        while end > start and self.text[end - 1] in ",，;。、":
            end -= 1
        if start >= end:
            return
        if draft is None or draft.permission:
            self.labels.append((start, end))
        else:
            draft.qualifiers.append((start, end))

    def _note(self, code: str, message: str, span: Span) -> None:
        self.notes.append((code, message, span))

    def result(self) -> ItemReading:
        """What was read."""
        return reading_of(
            self.text,
            self.drafts,
            self.lexicon,
            labels=self.labels,
            notes=self.notes,
            platforms=self.platforms,
            tail=self.tail,
        )
