"""The grammar of a data field: a run of text to data items, groups and members, qualifiers and permissions.

A field is cut into parts at its separators (``segment``), a part is read as names and brackets, and a name is an item, a
permission, or a word that introduces others. Reading never fails: what is no name stays out of every value, so that the
ledger of characters shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from noticeparse.document.view import View
from noticeparse.fields.items_names import NameCutter
from noticeparse.fields.items_words import ItemWords, item_words
from noticeparse.fields.qualifiers import is_qualifier, platforms_of, read_qualifier
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
from noticeparse.records import DataItem, Diagnostic, Permission, Platform, Qualifier, Span

Default = Literal["item", "permission"]

_MARKER_REGEX = re.compile(r"(?:\d{1,2}[.)、]|[①-⑳]|[a-zA-Z][.)])\s*(?=\D)")
_ATTRIBUTE_REGEX = re.compile(
    r"((?:不能|无法)(?:直接)?识别[^的]{0,12}|(?:经|经过|已)?(?:去标识化|匿名化|脱敏|假名化)(?:处理)?(?:后)?)的(?=..)"
)
_ET_CETERA_REGEX = re.compile(r"等{1,2}(?![级待于额效离高候分])")
_SENTENCE_REGEX = re.compile(r"我们|您可|请您|敬请|不会|将会|以上|如下|如果|详见|参见|为准")
_PERMISSION_LABEL_REGEX = re.compile(r"(?:可能|需要?|将|会|所|涉及|申请|调用|调取|获取|使用|开启|访问|系统|设备|敏感|的|您|以下|相关|用户|具体|主要|手机)*权限(?:包括|如下|有|为|名称|列表)?")
_ASKED_PERMISSION_REGEX = re.compile(r"(?:可能|需要?|将|会|我们|SDK)*(?:调取|调用|获取|使用|申请|访问|开启|请求|需要)(?:到|您的|用户的|设备的|手机的|系统的)*(?=[^,，。;:]{1,20}权限$)", re.I)
_SAME_GLOSS_REGEX = re.compile(r"[\u4e00-\u9fff]或[\u4e00-\u9fff]")
_CLAUSE_REGEX = re.compile(r"我们|还需|需要|为此|将会?|可能会?|允许|同时|并|其|您|SDK|通过", re.I)
_CLAUSE_START_REGEX = re.compile(r"为了|为(?=.{4})|当|在(?=.{4})|如果|如您|如不|如需|若|一旦|并|且|以便|用于|从而|同时|不会|可能|将|我们|该|上述|请|您|通过|根据|基于|依据|做(?=.{3})")
_CLAUSE_END_REGEX = re.compile(r"(?:并将?|一并)?(?:传输[至到给]|发送[至到给]|上[传报][至到给]|共享[给至]|提供给|进行)")
_GETTING_REGEX = re.compile(r"(?:获取|获得|收集|采集|访问|开启|申请|调用|调取|使用|读取|需要)(?:到|最终用户的|用户设备的|用户的|您的|你的|您手机的|您设备的|设备的)*\s*|您(?:设备|手机|终端)?(?:上)?的\s*")
# Owners and verbs in front of one name; more of them are no language.
_MAX_LEADS = 4
# Data that no system has a permission for: 权限 behind its name is a manner of speaking.
_NEVER_GRANTED = IDENTIFIERS | frozenset(
    "device_model device_brand device_manufacturer device_name os os_version screen cpu memory battery carrier".split()
)
# A name longer than this that holds no known term is a sentence.
_LONGEST_UNKNOWN = 32


@dataclass(frozen=True, slots=True)
class ItemRun:
    """What a field states.

    Attributes:
        items: Data items in the order of the text, spans in the document.
        permissions: Permissions in the order of the text, spans in the document.
        labels: View spans of words that were read and are no value: introducing words, 等, platform labels.
        diagnostics: What was mended or left out.
        platforms: Platforms that labels before runs name.
        tail: View span of a clause behind the list that says what the items are for.
    """

    items: tuple[DataItem, ...] = ()
    permissions: tuple[Permission, ...] = ()
    labels: tuple[Span, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    platforms: tuple[Platform, ...] = ()
    tail: Span | None = None


def parse_items(
    view: View, start: int, end: int, lexicon: Lexicon, *, default: Default = "item"
) -> ItemRun:
    """Read a field of data items or permissions.

    ``设备信息（品牌、型号）、IMEI（仅安卓10以下）``, ``设备信息：品牌、型号；网络信息``, ``IMEI/MAC地址、相机权限``.

    Args:
        view: The notice.
        start: View position.
        end: View position behind the run.
        lexicon: Vocabulary.
        default: What a name is that says nothing of itself: ``permission`` for a field of permissions.
    """
    start, end = max(0, start), min(end, len(view.text))
    if start >= end:
        return ItemRun()
    reader = _Reader(view, start, end, lexicon, default)
    reader.run(start, end, 0, _Scope(mode=default))
    return reader.result()


@dataclass(slots=True, eq=False)
class _Draft:
    """An item or a permission while the field is being read; spans are view positions."""

    span: Span
    permission: bool = False
    concept: str | None = None
    parent: _Draft | None = None
    qualifiers: list[Span] = field(default_factory=list)
    facility: bool = False
    depth: int = 0


@dataclass(slots=True)
class _Scope:
    """What holds for the parts of one run that follow.

    Attributes:
        mode: What a bare name is.
        parent: The group that the names belong to.
        label: A platform label or the like in front, given to each top-level name.
        outer: The group of the whole run, to which the parent falls back.
        last: What the last name gave, for brackets and qualifiers behind it.
        fresh: Whether nothing was read since the label.
        inside: Whether the run stands inside a bracket.
        explains: Whether the parts explain a permission named before a colon.
        pending: Qualifiers in a bracket in front of the name that comes next.
    """

    mode: Default
    parent: _Draft | None = None
    label: Span | None = None
    outer: _Draft | None = None
    last: _Draft | None = None
    fresh: bool = False
    inside: bool = False
    explains: bool = False
    pending: list[Span] = field(default_factory=list)


class _Reader:
    def __init__(self, view: View, start: int, end: int, lexicon: Lexicon, default: Default) -> None:
        self.view = view
        self.text = view.text
        self.bounds = (start, end)
        self.lexicon = lexicon
        self.default = default
        self.match = matcher(lexicon)
        self.words: ItemWords = item_words(lexicon)
        self.names = NameCutter(view.text, lexicon)
        self.brackets = Brackets(view.text, start, end)
        self.drafts: list[_Draft] = []
        self.labels: list[Span] = []
        self.platforms: list[Platform] = []
        self.diagnostics: list[Diagnostic] = []
        self.tail: Span | None = None
        if self.brackets.unpaired:
            self._note("bracket", "a bracket is not paired", (start, end))

    # Runs and parts

    def run(self, start: int, end: int, depth: int, scope: _Scope) -> None:
        """Read the parts of one level of brackets."""
        parts = self.names.merge_actions(cut_parts(self.brackets, start, end, depth, self._joins))
        before = len(self.drafts)
        headings = sum(part.colon for part in parts)
        for index, part in enumerate(parts):
            if self.tail is not None:
                return
            self._leave(part.before, scope, headings)
            if depth == 0 and self._is_tail(parts, index):
                self.tail = (part.span[0], end)
                return
            if part.colon and index + 1 < len(parts):
                self._heading(part, scope, headings, depth)
            else:
                self._part(part, scope, depth)
        self._govern(depth, before)

    def _joins(self, first: int, at: int, end: int) -> bool:
        """Whether a line break stands inside a name: ``设备唯一`` / ``识别码``."""
        text = self.text
        behind = at + 1
        while behind < end and behind < at + 40 and text[behind] in " \t\n":
            behind += 1
        if behind >= end:
            return True
        if text[behind] == "(":
            return True
        left = max(first, at - MAX_NAME)
        for stop in range(at - 1, left - 1, -1):
            if text[stop] in "、,;|()/:。\n":
                left = stop + 1
                break
        right = behind
        while right < end and right < behind + MAX_NAME and text[right] not in "、,;|()/:。\n":
            right += 1
        one, other = text[left:at].strip(), text[behind:right].strip()
        if not one:
            return False
        if self.names.stands(left, at) and self.names.stands(behind, right):
            return False
        return self.match.alone(one + other) is not None

    def _leave(self, before: str, scope: _Scope, headings: int) -> None:
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
        if not self.drafts or not self._starts_purpose(part.span[0]) or self.names.stands(*part.span):
            return False
        return not any(self.match.alone(self._plain(later)) is not None for later in parts[index + 1 :][:40])

    def _starts_purpose(self, at: int) -> bool:
        return self.text.startswith(self.words.purposes, at)

    def _plain(self, part: Part) -> str:
        return self.text[part.span[0] : min(part.span[1], part.span[0] + MAX_NAME)]

    # Headings: what stands before a colon

    def _heading(self, part: Part, scope: _Scope, headings: int, depth: int) -> None:
        start, end = self._skip(*part.span)
        name = self.text[start:end].strip()
        if start >= end:
            return
        if self._as_label(start, end, scope):
            return
        if _PERMISSION_LABEL_REGEX.fullmatch(name):
            scope.mode, scope.parent = "permission", scope.outer
            self.labels.append((start, end))
            return
        if self._is_empty_word(name):
            self.labels.append((start, end))
            return
        if scope.mode == "permission" and scope.last is not None and not self.names.stands(start, end):
            self.labels.append((start, end))
            return
        known = part.groups or self.match.concept(name) is not None
        if known or is_permission_like(name, self.lexicon):
            scope.parent = scope.outer
            before = len(self.drafts)
            self._part(part, scope, depth)
            if len(self.drafts) > before and not self.drafts[-1].permission:
                scope.parent = self._top(self.drafts[-1], scope)
            elif len(self.drafts) > before:
                scope.explains = True
            return
        if headings > 1 and end - start <= 10 and not _SENTENCE_REGEX.search(name):
            self._set_label(start, end, scope)
        else:
            self.labels.append((start, end))

    @staticmethod
    def _top(draft: _Draft, scope: _Scope) -> _Draft:
        while draft.parent is not None and draft.parent is not scope.outer:
            draft = draft.parent
        return draft

    def _as_label(self, start: int, end: int, scope: _Scope) -> bool:
        """``ios版本：``, ``Android 独有：``, ``可选信息：``: a label that qualifies each name of its run."""
        name = self.text[start:end].strip()
        if not platforms_of(name, self.lexicon) and fold(name) not in self.lexicon.qualifiers:
            return False
        self._set_label(start, end, scope)
        return True

    def _set_label(self, start: int, end: int, scope: _Scope) -> None:
        scope.label, scope.fresh, scope.parent = (start, end), True, scope.outer
        self.labels.append((start, end))
        self.platforms.extend(platforms_of(self.text[start:end].strip(), self.lexicon))  # type: ignore[arg-type]

    # Parts

    def _part(self, part: Part, scope: _Scope, depth: int) -> None:
        """Names and brackets between two separators."""
        start, end = self._skip(*part.span)
        groups = [group for group in part.groups if group.span[0] >= start]
        if start >= end:
            return
        if scope.explains:
            self._explanation(start, end, scope, depth)
            return
        if part.whole:
            self._name(start, end, scope, depth)
            return
        if not groups and self._whole(start, end, scope):
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
        if groups and depth == 0 and at < end and self._starts_purpose(at) and not self.names.stands(at, end):
            if self._rest_is_tail(at):
                self.tail = (at, self.bounds[1])
            else:
                self._qualify(scope.last, (at, end))
            return
        self._text(at, end, scope, depth, opened=False)

    def _explanation(self, start: int, end: int, scope: _Scope, depth: int) -> None:
        """``READ_PHONE_STATE：用于获取设备IMEI``: of what explains a permission only identifiers are items."""
        if self.text[start] == "(":
            group = self.brackets.group(start, end)
            inside = trim(self.text, *group.inner)
            if fold(self.text[slice(*inside)]) in self.lexicon.qualifiers:
                scope.pending.append(inside)
            start = trim(self.text, group.span[1], end)[0]
        inner = self._object(start, end, self.text[start:end], explains=True) if end - start <= 3 * MAX_NAME else None
        cut = None if inner is None else self._purpose_in(inner, end) or end
        if inner is None or self.match.alone(self.text[inner:cut]) not in IDENTIFIERS:
            scope.pending.clear()
            self.labels.append((start, end))
            return
        self.labels.append((start, inner))
        self._name(inner, end, scope, depth)

    def _rest_is_tail(self, at: int) -> bool:
        """Whether no bracket opens and no well known name stands between separators behind a purpose clause."""
        rest = self.text[at : min(self.bounds[1], at + 400)]
        return not any(self.match.alone(piece.strip()) for piece in re.split(r"[、,;。\n]", rest)[1:20] if piece.strip())

    def _skip(self, start: int, end: int) -> Span:
        """Leave out list markers, edge conjunctions and white space."""
        start, end = trim(self.text, start, end)
        marker = _MARKER_REGEX.match(self.text, start, end)
        if marker and self.match.exact(self.text[start : min(end, start + MAX_NAME)]) is None:
            start = marker.end()
        start = self.names.skip_conjunction(start, end)
        return trim(self.text, start, end)

    def _whole(self, start: int, end: int, scope: _Scope) -> bool:
        """A part that is read as a whole: nothing, a number, a platform in front, a qualifier behind."""
        name = self.text[start:end]
        if name.isdigit() or self._is_empty_word(name):
            self.labels.append((start, end))
            return True
        if end - start > MAX_NAME:
            return False
        if platforms_of(name, self.lexicon) and not scope.inside:
            if scope.mode == "item":
                self._set_label(start, end, scope)
            else:
                self.labels.append((start, end))
            return True
        if self._starts_purpose(start) and scope.last is not None and not self.names.stands(start, end):
            self._qualify(scope.last, (start, end))
            return True
        if scope.last is not None and self._is_behind(name, scope):
            self._qualify(scope.last, (start, end))
            return True
        return False

    def _is_behind(self, name: str, scope: _Scope) -> bool:
        """Whether a part qualifies the name before it: inside brackets any qualifier, outside a listed long one."""
        if self.match.alone(name) is not None or is_permission_like(name, self.lexicon):
            return False
        if scope.inside:
            return is_qualifier(name, self.lexicon)
        return fold(name) in self.lexicon.qualifiers and len(name) > 3

    def _is_empty_word(self, name: str) -> bool:
        key = fold(name)
        return key in self.words.absent or key in self.words.catch_all or key in self.words.adverbs

    def _intro(self, start: int, end: int, scope: _Scope, depth: int) -> int:
        """``设备信息包括A``, ``Android如A``, ``包括A``: read the head and make it the group; give where the rest starts."""
        found = self.words.intro_in(self.text, start, end)
        if found is None:
            return start
        at, behind = found
        head = self.text[start:at].strip(" \t\n(")
        if not head:
            self.labels.append((at, behind))
            if scope.last is not None and not scope.inside and not scope.last.permission:
                scope.parent = self._top(scope.last, scope)
            return behind
        if platforms_of(head, self.lexicon):
            self._set_label(start, at, scope)
            self.labels.append((at, behind))
            return behind
        if _PERMISSION_LABEL_REGEX.fullmatch(head):
            scope.mode = "permission"
        elif not self._is_empty_word(head):
            if not self._is_name(start, at):
                return start
            scope.parent = scope.outer
            self._text(start, at, scope, depth, opened=True)
            if scope.last is not None and not scope.last.permission:
                scope.parent = self._top(scope.last, scope)
            self.labels.append((at, behind))
            return behind
        self.labels.append((start, behind))
        return behind

    def _is_name(self, start: int, end: int) -> bool:
        name = self.text[start:end].strip()
        return len(name) <= MAX_NAME and self.match.concept(name) is not None

    # Text without brackets

    def _text(self, start: int, end: int, scope: _Scope, depth: int, *, opened: bool) -> None:
        """Names in a run without separators and brackets; ``opened`` where a bracket follows."""
        start, end = self._skip(start, end)
        if start >= end:
            return
        et_cetera = self._et_cetera(start, end)
        if et_cetera is not None:
            first, behind = et_cetera
            if start < first:
                self._text(start, first, scope, depth, opened=False)
            self.labels.append((first, behind))
            self._rest(behind, end, scope, depth)
            return
        end = self.names.drop_conjunction(end=end, start=start)
        start = self._lead(start, end, scope)
        for name in self.names.cut(start, end):
            self._name(*self._skip(*name), scope, depth)

    def _et_cetera(self, start: int, end: int) -> Span | None:
        """``A等``, ``A等信息``; not the 等 of 等级 and not inside a term."""
        match = _ET_CETERA_REGEX.search(self.text, start, end)
        if match is None or (end - start <= MAX_NAME and self.match.exact(self.text[start:end]) is not None):
            return None
        return match.span()

    def _rest(self, start: int, end: int, scope: _Scope, depth: int) -> None:
        """What follows 等: nothing more, a word for all of it, or a real group name."""
        start, end = trim(self.text, start, end)
        if start >= end:
            return
        rest = self.text[start:end]
        if self._starts_purpose(start):
            self._qualify(scope.last, (start, end))
            return
        bare = rest.removesuffix("权限").removesuffix("功能")
        if bare != rest and (not bare or bare in ("相关", "系统", "设备", "手机", "敏感", "必要", "系统相关")):
            self.labels.append((start, end))
            self._make_permissions(depth)
            return
        known = self.match.concept(rest) is not None and not ("的" in rest and len(rest) > 12)
        if self._is_empty_word(rest) or rest in self.words.after_et_cetera or not known:
            self.labels.append((start, end))
            return
        for name in self.names.cut(start, end):
            self._name(*name, scope, depth)

    def _lead(self, start: int, end: int, scope: _Scope) -> int:
        """Drop 您的 and verbs in front, unless the whole is a permission's label."""
        for _ in range(_MAX_LEADS):
            if start >= end:
                break
            name = self.text[start:end]
            owner = next((word for word in self.words.owners if name.startswith(word) and len(name) > len(word)), None)
            if owner is not None:
                self.labels.append((start, start + len(owner)))
                start = trim(self.text, start + len(owner), end)[0]
                continue
            if end - start <= MAX_NAME and (self.match.exact(name) is not None or self._keeps_verb(name, scope)):
                return start
            verb = next((word for word in self.words.verbs if name.startswith(word)), None)
            if verb is None or len(name) < len(verb) + 2 or name[len(verb)] in "和及或与/":
                return start
            self.labels.append((start, start + len(verb)))
            start = trim(self.text, start + len(verb), end)[0]
        return start

    def _skip_other(self, start: int, end: int) -> int:
        """``其他与支付相关的记录``: 其他 before a phrase is no part of the name."""
        if re.match(r"其他(?:与|和|跟)", self.text[start : min(end, start + 3)]):
            self.labels.append((start, start + 2))
            return start + 2
        return start

    def _keeps_verb(self, name: str, scope: _Scope) -> bool:
        if self._is_data_permission(name):
            return False
        if fold(name) in self.lexicon.permissions:
            return True
        # 获取您的相机权限 asks for one thing of the user; 获取通知权限 is a label as it stands.
        return scope.mode == "permission" and not re.match(r"[获访读使开申调][取问用启请]{1,2}(?:您|你|用户|手机|/)", name)

    # Names

    def _name(self, start: int, end: int, scope: _Scope, depth: int) -> None:
        """One name: an item, a permission, or nothing."""
        start, end = trim(self.text, start, end)
        start = self._skip_other(self._lead(start, end, scope), end)
        if start >= end:
            return
        name = self.text[start:end]
        attribute = _ATTRIBUTE_REGEX.match(name)
        if attribute and len(name) <= 2 * MAX_NAME and self.match.exact(name) is None:
            before = len(self.drafts)
            self._name(start + attribute.end(), end, scope, depth)
            if len(self.drafts) > before:
                self.drafts[before].qualifiers.append((start, start + attribute.end(1)))
            self.labels.append((start + attribute.end(1), start + attribute.end()))
            return
        if self._is_empty_word(name) or name.isdigit():
            self.labels.append((start, end))
            return
        inner = self._object(start, end, name)
        if inner is not None:
            self.labels.append((start, inner))
            self._name(inner, end, scope, depth)
            return
        if self._is_permission(name, scope):
            self._add(_Draft((start, end), permission=True, depth=depth), scope)
            return
        if self._is_data_permission(name):
            self.labels.append((end - 2, end))
            start, end = trim(self.text, start, end - 2)
            end = end - 1 if self.text[end - 1] == "的" else end
            name = self.text[start:end]
        self._item(start, end, name, scope, depth)

    def _object(self, start: int, end: int, name: str, *, explains: bool = False) -> int | None:
        """Where the object of a sentence starts: ``我们还需要获得您的定位权限``, ``将收集您的IMEI``."""
        if len(name) < 5 or not (explains or _CLAUSE_REGEX.search(name)):
            return None
        if len(name) <= MAX_NAME and (self.match.exact(name) is not None or fold(name) in self.lexicon.permissions):
            return None
        last = None
        for last in _GETTING_REGEX.finditer(self.text, start, end):
            pass
        if last is None or last.end() >= end:
            return None
        cut = self._purpose_in(last.end(), end)
        return last.end() if self.names.stands(last.end(), end if cut is None else cut) else None

    def _item(self, start: int, end: int, name: str, scope: _Scope, depth: int) -> None:
        if start >= end:
            return
        behind = self._behind_clause(start, end, name)
        if behind is not None:
            self.labels.append((behind, end))
            start, end = trim(self.text, start, behind)
            name = self.text[start:end]
        cut = self._purpose_in(start, end)
        if cut is not None:
            self._item(*trim(self.text, start, cut), self.text[start:cut].strip(), scope, depth)
            self._qualify(scope.last, (cut, end))
            return
        concept = self.match.concept(name)
        if self._is_sentence(name, concept):
            self._note("not-an-item", "read as a sentence, not as a data item", (start, end))
            scope.last = None
            return
        if concept is None and len(name) < 2 and not name.isalnum():
            return
        concept = self._in_context(name, concept, scope)
        draft = _Draft((start, end), concept=concept, depth=depth, facility=fold(name) in self.words.facilities)
        self._add(draft, scope)

    def _is_sentence(self, name: str, concept: str | None) -> bool:
        """A clause that holds no name to be cut out, by its length, its pronouns or the word it starts with."""
        if self.match.alone(name) is not None:
            return False
        clause = bool(_CLAUSE_START_REGEX.match(name))
        if concept is None:
            return clause or len(name) > _LONGEST_UNKNOWN or bool(_SENTENCE_REGEX.search(name))
        return clause and len(name) > 6 or "我们" in name or "需要" in name

    def _behind_clause(self, start: int, end: int, name: str) -> int | None:
        """``姓名传输至…``: where a known name ends and a clause about it begins."""
        if len(name) < 6 or self.match.alone(name) is not None:
            return None
        match = _CLAUSE_END_REGEX.search(name, 2)
        if match and match.end() < len(name) and self.names.stands(start, start + match.start()):
            return start + match.start()
        return None

    def _add(self, draft: _Draft, scope: _Scope) -> None:
        draft.parent = None if draft.permission else scope.parent
        if scope.label is not None and not draft.permission and scope.parent is scope.outer:
            draft.qualifiers.append(scope.label)
        for span in scope.pending:
            self._qualify(draft, span)
        scope.pending.clear()
        self.drafts.append(draft)
        scope.last, scope.fresh = draft, False

    def _in_context(self, name: str, concept: str | None, scope: _Scope) -> str | None:
        """``操作系统及版本``, ``设备信息（名称）``: a bare word means that of what stands before it or of its group."""
        if fold(name) in self.words.versions:
            return self._version_of() or concept
        if scope.parent is None or len(name) > 4 or (concept is not None and len(name) > 2 and not name.isascii()):
            return concept
        group = self.text[slice(*scope.parent.span)]
        for ending in ("标识", "信息", ""):
            if group.endswith(ending):
                found = self.match.exact(group[: len(group) - len(ending)] + name)
                if found is not None:
                    return found
        return concept

    def _version_of(self) -> str | None:
        for draft in reversed(self.drafts[-6:]):
            if draft.concept in ("os", "os_version"):
                return "os_version"
            if draft.concept in ("app_info", "app_name", "app_version", "package_name", "installed_apps"):
                return "app_version"
            if draft.concept == "sdk_version":
                return "sdk_version"
        return None

    def _purpose_in(self, start: int, end: int) -> int | None:
        """``位置信息用于天气服务`` is an item and what it is for."""
        for word in self.words.purposes_inside:
            at = self.text.find(word, start + 2, end)
            if at > 0 and self.match.concept(self.text[max(start, at - MAX_NAME) : at]) is not None and at + len(word) < end:
                return at
        return None

    def _is_permission(self, name: str, scope: _Scope) -> bool:
        if self._is_data_permission(name):
            return False
        if is_permission_like(name, self.lexicon) or fold(name) in self.words.devices:
            return True
        if name.endswith("功能") and fold(name[:-2]) in self.words.facilities:
            return True
        if scope.mode != "permission":
            return False
        if permission_of(name, self.lexicon) or fold(name) in self.words.facilities:
            return True
        return self.match.alone(name) is None

    def _is_data_permission(self, name: str) -> bool:
        """``IMEI权限``: a data word for which no system has a permission."""
        if not name.endswith("权限") or fold(name) in self.lexicon.permissions:
            return False
        bare = name[:-2].removesuffix("的").removeprefix("获取").removeprefix("读取")
        return self.match.alone(bare) in _NEVER_GRANTED

    # Brackets

    def _group(self, group: Group, after: int, scope: _Scope, depth: int, *, headed: bool) -> int:
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
        if self._names_same(head, content):
            head.span = (head.span[0], group.span[1])
            head.concept = head.concept or self.match.concept(content)
            return group.span[1]
        if self._is_gloss(content, start, end) or self._rewords(head, content):
            self._qualify(head, (start, end))
            return group.span[1]
        asked = _ASKED_PERMISSION_REGEX.match(content)
        mode: Default = "permission" if asked else "item"
        if asked:
            self.labels.append((start, start + asked.end()))
            start += asked.end()
        self.run(start, end, depth + 1, _Scope(mode=mode, parent=head, outer=head, inside=True))
        scope.last = head
        return group.span[1]

    def _has_text(self, start: int, end: int) -> bool:
        start, end = trim(self.text, start, end)
        return start < end

    def _enclosed(self, group: Group, content: str, after: int, scope: _Scope, depth: int) -> int:
        """A bracket without a head: a qualifier of what stands before, or items that it only encloses."""
        if content.isdigit():
            self.labels.append(group.inner)
        elif self._has_text(group.span[1], after) and fold(content) in self.lexicon.qualifiers:
            scope.pending.append(trim(self.text, *group.inner))
        elif scope.last is not None and self._is_gloss(content, *trim(self.text, *group.inner)):
            self._qualify(scope.last, trim(self.text, *group.inner))
        elif fold(content) in self.lexicon.qualifiers and self.match.alone(content) is None:
            self._set_label(*trim(self.text, *group.inner), scope)
        else:
            inner = _Scope(scope.mode, scope.parent, scope.label, scope.outer, scope.last, scope.fresh, scope.inside)
            self.run(*group.inner, depth + 1, inner)
            scope.last = inner.last
        return group.span[1]

    def _gloss_of_permission(self, head: _Draft, group: Group, content: str, scope: _Scope, depth: int) -> int:
        """``读取日历（READ_CALENDAR）`` is one permission; another gloss is read but is no value."""
        if is_constant(content) or (permission_of(content, self.lexicon) and is_permission_like(content, self.lexicon)):
            head.span = (head.span[0], group.span[1])
        elif self._lists_items(*group.inner) and not self._is_gloss(content, *trim(self.text, *group.inner)):
            self.run(*group.inner, depth + 1, _Scope(mode="item", inside=True))
        else:
            self.labels.append(trim(self.text, *group.inner))
        return group.span[1]

    def _lists_items(self, start: int, end: int) -> bool:
        first = re.split(r"[、,;/(]", self.text[start : min(end, start + MAX_NAME)], maxsplit=1)[0].strip()
        return self.match.alone(first.removesuffix("权限")) is not None

    def _inside_term(self, head: _Draft, group: Group, after: int) -> int | None:
        """``网卡（MAC）地址``: a bracket inside a term, with text right behind it."""
        at = group.span[1]
        end = at
        while end < after and end - at < 12 and self.text[end] not in " /\n等用以及和与或":
            end += 1
        if end == at or self.text[at : at + 1] in " \n/" or self.text[group.span[1] - 1] != ")":
            return None
        rest = self.text[at:end]
        if self._is_empty_word(rest):
            return None
        bare = self.text[slice(*head.span)] + rest
        whole = self.text[head.span[0] : end]
        if self.match.alone(bare) is None and (self.match.alone(rest) is not None or len(rest) > 4):
            return None
        head.span = (head.span[0], end)
        head.concept = self.match.concept(whole) or head.concept
        return end

    def _names_same(self, head: _Draft, content: str) -> bool:
        """``国际移动设备识别码（IMEI）``: the same thing again, in another script or wording."""
        return self._is_alike(head, content) and not _SAME_GLOSS_REGEX.search(content)

    def _rewords(self, head: _Draft, content: str) -> bool:
        """``归属地（国家或地区）``: the same again, but loosely."""
        return self._is_alike(head, content) and bool(_SAME_GLOSS_REGEX.search(content))

    def _is_alike(self, head: _Draft, content: str) -> bool:
        if len(content) > MAX_NAME or head.concept is None:
            return False
        return self.match.alone(content) == head.concept

    def _is_gloss(self, content: str, start: int, end: int) -> bool:
        """Whether a bracket is a qualifier: by its wording, or since nothing in it is a known name."""
        if fold(content) in self.lexicon.qualifiers:
            return True
        if self.words.intro_at(self.text, start, end) or _ASKED_PERMISSION_REGEX.match(content):
            return False
        if ":" in content[:24] and _PERMISSION_LABEL_REGEX.fullmatch(content.split(":", 1)[0].strip()):
            return False
        first = re.split(r"[、,;/:(]| (?=[\u4e00-\u9fff])", content[: MAX_NAME + 1], maxsplit=1)[0].strip()
        if self._reads(first):
            return False
        if is_qualifier(content[: 4 * MAX_NAME], self.lexicon):
            return True
        head = self.words.intro_in(content, 0, min(len(content), MAX_NAME))
        if head is not None and platforms_of(content[: head[0]].strip(), self.lexicon):
            return False
        pieces = [piece.strip() for piece in re.split(r"[、,;/()和及]", content[:600]) if piece.strip()]
        return not any(self._reads(piece) for piece in pieces[:40])

    def _reads(self, name: str) -> bool:
        name = name.removesuffix("等").removesuffix("等信息")
        if not 1 < len(name) <= MAX_NAME:
            return False
        if self.match.alone(name) is not None or is_permission_like(name, self.lexicon):
            return True
        return not is_qualifier(name, self.lexicon) and self.match.concept(name) is not None and len(name) <= 16

    def _qualify(self, draft: _Draft | None, span: Span) -> None:
        start, end = trim(self.text, *span)
        while end > start and self.text[end - 1] in ",，;。、":
            end -= 1
        if start >= end:
            return
        if draft is None or draft.permission:
            self.labels.append((start, end))
        else:
            draft.qualifiers.append((start, end))

    # Permissions by context

    def _govern(self, depth: int, first: int) -> None:
        """``麦克风、摄像头、定位权限``: bare facilities beside a permission are permissions too."""
        drafts = self.drafts
        for index in range(first, len(drafts)):
            draft = drafts[index]
            if not draft.permission or draft.depth != depth:
                continue
            name = self.text[slice(*draft.span)]
            governs = name.endswith(("权限", "功能", "访问")) or fold(name) in self.words.devices
            at = index - 1
            while at >= first and self._is_bare(drafts[at], depth) and (governs or at + 1 == index):
                self._turn(drafts[at])
                at -= 1
            at = index + 1
            while at < len(drafts) and self._is_bare(drafts[at], depth):
                self._turn(drafts[at])
                at += 1

    def _make_permissions(self, depth: int) -> None:
        """``相机、相册等权限``: everything before 等 at this level that is a facility is a permission."""
        for draft in reversed(self.drafts[-40:]):
            if not draft.permission and (not draft.facility or draft.depth != depth):
                break
            self._turn(draft)

    def _is_bare(self, draft: _Draft, depth: int) -> bool:
        if draft.permission or not draft.facility or draft.depth != depth or draft.qualifiers or draft.parent:
            return False
        return not self.text[slice(*draft.span)].endswith(("信息", "状态", "列表", "识别码", "记录"))

    @staticmethod
    def _turn(draft: _Draft) -> None:
        draft.permission = True

    # The result

    def _note(self, code: str, message: str, span: Span) -> None:
        self.diagnostics.append(Diagnostic(code, message, self.view.span(*span)))

    def result(self) -> ItemRun:
        items = [draft for draft in self.drafts if not draft.permission]
        index = {id(draft): number for number, draft in enumerate(items)}
        return ItemRun(
            items=tuple(self._record(draft, index) for draft in items),
            permissions=tuple(self._permission(draft) for draft in self.drafts if draft.permission),
            labels=tuple(self.labels),
            diagnostics=tuple(self.diagnostics),
            platforms=tuple(dict.fromkeys(self.platforms)),
            tail=self.tail,
        )

    def _record(self, draft: _Draft, index: dict[int, int]) -> DataItem:
        concept = self.lexicon.concepts.get(draft.concept) if draft.concept else None
        return DataItem(
            text=self.view.verbatim(*draft.span),
            span=self.view.span(*draft.span),
            concept=draft.concept,
            sensitive=concept.sensitive if concept else None,
            parent=index.get(id(draft.parent)),
            qualifiers=tuple(self._qualifier(span) for span in draft.qualifiers),
        )

    def _qualifier(self, span: Span) -> Qualifier:
        kind, value = read_qualifier(self.text[slice(*span)], self.lexicon)
        return Qualifier(self.view.verbatim(*span), self.view.span(*span), kind, value)

    def _permission(self, draft: _Draft) -> Permission:
        constants = permission_of(self.text[slice(*draft.span)], self.lexicon)
        return Permission(self.view.verbatim(*draft.span), self.view.span(*draft.span), "|".join(constants) or None)
