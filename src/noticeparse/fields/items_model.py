"""What the item grammar builds while it reads a field, and the records that come of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from noticeparse.document.view import View
from noticeparse.fields.items_words import ItemWords
from noticeparse.fields.qualifiers import read_qualifier
from noticeparse.lexicon.load import Lexicon
from noticeparse.lexicon.match import folded, permission_of
from noticeparse.records import DataItem, Diagnostic, Permission, Platform, Qualifier, Span

Default = Literal["item", "permission"]


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


@dataclass(slots=True, eq=False)
class Draft:
    """An item or a permission while the field is being read; spans are view positions."""

    span: Span
    permission: bool = False
    concept: str | None = None
    parent: Draft | None = None
    qualifiers: list[Span] = field(default_factory=list)
    facility: bool = False
    depth: int = 0


@dataclass(slots=True)
class Scope:
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
    parent: Draft | None = None
    label: Span | None = None
    outer: Draft | None = None
    last: Draft | None = None
    fresh: bool = False
    inside: bool = False
    explains: bool = False
    pending: list[Span] = field(default_factory=list)


def govern(drafts: list[Draft], first: int, depth: int, text: str, words: ItemWords) -> None:
    """``麦克风、摄像头、定位权限``: bare facilities beside a permission are permissions too."""
    for index in range(first, len(drafts)):
        draft = drafts[index]
        if not draft.permission or draft.depth != depth:
            continue
        name = text[slice(*draft.span)]
        governs = name.endswith(("权限", "功能", "访问")) or folded(name) in words.devices
        at = index - 1
        while at >= first and _is_bare(drafts[at], depth, text) and (governs or at + 1 == index):
            drafts[at].permission = True
            at -= 1
        at = index + 1
        while at < len(drafts) and _is_bare(drafts[at], depth, text):
            drafts[at].permission = True
            at += 1


def make_permissions(drafts: list[Draft], depth: int) -> None:
    """``相机、相册等权限``: everything before 等 at this level that is a facility is a permission."""
    for draft in reversed(drafts[-40:]):
        if not draft.permission and (not draft.facility or draft.depth != depth):
            break
        draft.permission = True


def _is_bare(draft: Draft, depth: int, text: str) -> bool:
    if draft.permission or not draft.facility or draft.depth != depth or draft.qualifiers or draft.parent:
        return False
    return not text[slice(*draft.span)].endswith(("信息", "状态", "列表", "识别码", "记录"))


@dataclass(frozen=True, slots=True)
class Recorder:
    """Turns drafts into records: view positions to document spans, concepts to sensitivity.

    Attributes:
        view: The notice.
        lexicon: Vocabulary.
    """

    view: View
    lexicon: Lexicon

    def items(self, drafts: list[Draft]) -> tuple[DataItem, ...]:
        """Data items of the drafts, each with the index of its group."""
        items = [draft for draft in drafts if not draft.permission]
        index = {id(draft): number for number, draft in enumerate(items)}
        return tuple(self._record(draft, index) for draft in items)

    def permissions(self, drafts: list[Draft]) -> tuple[Permission, ...]:
        """Permissions of the drafts."""
        return tuple(self._permission(draft) for draft in drafts if draft.permission)

    def _record(self, draft: Draft, index: dict[int, int]) -> DataItem:
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
        kind, value = read_qualifier(self.view.text[slice(*span)], self.lexicon)
        return Qualifier(self.view.verbatim(*span), self.view.span(*span), kind, value)

    def _permission(self, draft: Draft) -> Permission:
        constants = permission_of(self.view.text[slice(*draft.span)], self.lexicon)
        return Permission(self.view.verbatim(*draft.span), self.view.span(*draft.span), "|".join(constants) or None)
