"""What the item grammar builds while it reads a field, and the records that come of it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from noticeparse.document.view import View
from noticeparse.fields.items_words import ItemWords
from noticeparse.fields.qualifiers import read_qualifier
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.lexicon.match import permission_of
from noticeparse.records import DataItem, Diagnostic, Permission, Platform, Qualifier, Span

Default = Literal["item", "permission"]


class ItemRun(Struct, frozen=True, gc=False):
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


class Draft(Struct, eq=False, gc=False):
    """An item or a permission while the field is being read; spans are view positions."""

    span: Span
    permission: bool = False
    concept: str | None = None
    parent: Draft | None = None
    qualifiers: list[Span] = field(default_factory=list)
    facility: bool = False
    depth: int = 0


class Scope(Struct):
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
        governs = name.endswith(("权限", "功能", "访问")) or fold(name) in words.devices
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


class ItemReading(Struct, frozen=True, gc=False):
    """What a field's text states, wherever it stands: as :class:`ItemRun`, with positions that count from its start.

    Attributes:
        items: Span, concept, whether it is sensitive, index of the group, and qualifiers as span, kind and value.
        permissions: Span, and constants joined by ``|``.
        labels: Spans of words that were read and are no value.
        notes: Code, message and span of each diagnostic.
        platforms: Platforms that labels before runs name.
        tail: Span of a clause behind the list.
    """

    items: tuple[tuple[Span, str | None, bool | None, int | None, tuple[tuple[Span, str | None, str | None], ...]], ...]
    permissions: tuple[tuple[Span, str | None], ...]
    labels: tuple[Span, ...]
    notes: tuple[tuple[str, str, Span], ...]
    platforms: tuple[Platform, ...]
    tail: Span | None

    def at(self, view: View, start: int) -> ItemRun:
        """The same in its place.

        Args:
            view: The notice.
            start: Where the field's text starts in the view.
        """
        span, verbatim = view.span, view.verbatim
        return ItemRun(
            items=tuple(
                [
                    DataItem(
                        verbatim(start + first, start + end),
                        span(start + first, start + end),
                        concept,
                        sensitive,
                        parent,
                        tuple(
                            [
                                Qualifier(
                                    verbatim(start + one, start + last), span(start + one, start + last), kind, value
                                )
                                for (one, last), kind, value in qualifiers
                            ]
                        ),
                    )
                    for (first, end), concept, sensitive, parent, qualifiers in self.items
                ]
            ),
            permissions=tuple(
                [
                    Permission(verbatim(start + first, start + end), span(start + first, start + end), constants)
                    for (first, end), constants in self.permissions
                ]
            ),
            labels=tuple([(start + first, start + end) for first, end in self.labels]),
            diagnostics=tuple(
                [
                    Diagnostic(code, message, span(start + first, start + end))
                    for code, message, (first, end) in self.notes
                ]
            ),
            platforms=self.platforms,
            tail=None if self.tail is None else (start + self.tail[0], start + self.tail[1]),
        )


def reading_of(
    text: str,
    drafts: list[Draft],
    lexicon: Lexicon,
    *,
    labels: list[Span],
    notes: list[tuple[str, str, Span]],
    platforms: list[Platform],
    tail: Span | None,
) -> ItemReading:
    """What drafts come to: concepts with their sensitivity, qualifiers with their kinds, permissions with their constants.

    Args:
        text: The field's text.
        drafts: In the order of the text.
        lexicon: Vocabulary.
        labels: As in the reading.
        notes: As in the reading.
        platforms: As in the reading; one may come twice.
        tail: As in the reading.
    """
    items = [draft for draft in drafts if not draft.permission]
    index = {id(draft): number for number, draft in enumerate(items)}
    concepts = lexicon.concepts
    return ItemReading(
        items=tuple(
            [
                (
                    draft.span,
                    draft.concept,
                    concepts[draft.concept].sensitive if draft.concept and draft.concept in concepts else None,
                    index.get(id(draft.parent)),
                    tuple([(span, *read_qualifier(text[slice(*span)], lexicon)) for span in draft.qualifiers]),
                )
                for draft in items
            ]
        ),
        permissions=tuple(
            [
                (draft.span, "|".join(permission_of(text[slice(*draft.span)], lexicon)) or None)
                for draft in drafts
                if draft.permission
            ]
        ),
        labels=tuple(labels),
        notes=tuple(notes),
        platforms=tuple(dict.fromkeys(platforms)),
        tail=tail,
    )
