"""What changed between two versions of a notice, told by who receives what, not by where it stands.

Disclosures are paired by what they speak of: the SDK and the provider by their ids or names, then the platform, the
policy's address and the data. A disclosure that was moved, renumbered or reworded in one field is the same one; one whose
recipient is another is removed and added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeVar

import msgspec

from noticeparse.lexicon.load import fold
from noticeparse.records import DataItem, Disclosure, Entity, Link, Notice, Permission, Value

Kind = Literal["added", "removed", "changed"]
_VALUES = ("recipient_category", "method", "purpose", "scenario", "category", "processing", "retention", "frequency")
_MORE_VALUES = ("package_name", "contact")
_ENTITIES = ("provider", "sdk")
_LINKS = ("privacy_policy", "website")
# Below this two disclosures speak of different recipients; the names alone give 4 or 3.
_PAIRED = 2.0
_MARKS = str.maketrans("", "", "。，、；：,;:.!?（）()[]【】《》<>\"'“”‘’/|")

_Part = TypeVar("_Part")


class FieldChange(msgspec.Struct, frozen=True):
    """A single-valued field: what it said and says, ``None`` where it said nothing."""

    field: str
    old: str | None
    new: str | None


class PartChange(msgspec.Struct, frozen=True):
    """One data item or permission: ``changed`` where its qualifiers are others."""

    kind: Kind
    text: str
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


class DisclosureChange(msgspec.Struct, frozen=True):
    """One recipient that came, went, or of which the notice says something else.

    Attributes:
        kind: What happened.
        name: The SDK and its provider as written, in the new notice where it is there.
        old: Index in the old notice, ``None`` where it was added.
        new: Index in the new notice, ``None`` where it was removed.
        fields: Changed fields.
        data_items: Data items that came, went or have other qualifiers.
        permissions: Permissions that came and went.
        platforms: Old and new platforms, where they differ.
    """

    kind: Kind
    name: str
    old: int | None
    new: int | None
    fields: tuple[FieldChange, ...] = ()
    data_items: tuple[PartChange, ...] = ()
    permissions: tuple[PartChange, ...] = ()
    platforms: tuple[tuple[str, ...], tuple[str, ...]] | None = None


class NoticeDiff(msgspec.Struct, frozen=True):
    """All changes: added and changed in the order of the new notice, removed in that of the old one.

    Attributes:
        old: Source of the old notice.
        new: Source of the new notice.
        unchanged: How many disclosures are the same.
    """

    old: str
    new: str
    changes: tuple[DisclosureChange, ...]
    unchanged: int

    def of(self, kind: Kind) -> tuple[DisclosureChange, ...]:
        """The changes of one kind.

        Args:
            kind: ``added``, ``removed`` or ``changed``.
        """
        return tuple(change for change in self.changes if change.kind == kind)


def diff_notices(old: Notice, new: Notice) -> NoticeDiff:
    """Compare two versions of a notice.

    Args:
        old: The earlier one.
        new: The later one.
    """
    pairs = pair_disclosures(old.disclosures, new.disclosures)
    partners = {second: first for first, second in pairs.items()}
    changes: list[DisclosureChange] = []
    unchanged = 0
    for index, disclosure in enumerate(new.disclosures):
        if index not in partners:
            changes.append(DisclosureChange("added", name_of(disclosure), None, index))
            continue
        change = _compare(old.disclosures[partners[index]], disclosure)
        if change is None:
            unchanged += 1
        else:
            changes.append(change)
    changes.extend(
        DisclosureChange("removed", name_of(disclosure), index, None)
        for index, disclosure in enumerate(old.disclosures)
        if index not in pairs
    )
    return NoticeDiff(old.notice.source, new.notice.source, tuple(changes), unchanged)


def name_of(disclosure: Disclosure) -> str:
    """What a disclosure is called in a list of changes: ``某某推送SDK (某某科技有限公司)``.

    Args:
        disclosure: Any.
    """
    sdk = disclosure.sdk.text if disclosure.sdk else None
    who = disclosure.provider or disclosure.recipient_category
    if sdk and who:
        return f"{sdk} ({who.text})"
    return sdk or (who.text if who else "(no name)")


# ---------------------------------------------------------------- pairing


def pair_disclosures(old: Sequence[Disclosure], new: Sequence[Disclosure]) -> dict[int, int]:
    """Which disclosure of the new notice is which of the old one.

    The likeliest pair is taken first, each disclosure once; among equals the earlier in both notices.

    Args:
        old: Of the earlier notice.
        new: Of the later one.

    Returns:
        Index in the old notice → index in the new one.
    """
    before, after = [_Identity(one) for one in old], [_Identity(one) for one in new]
    ranked = sorted(
        (-score, abs(first - second), first, second)
        for first, second in _candidates(before, after)
        if (score := _likeness(before[first], after[second])) >= _PAIRED
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, first, second in ranked:
        if first not in pairs and second not in taken:
            pairs[first] = second
            taken.add(second)
    return pairs


class _Identity:
    """What a disclosure is known by."""

    def __init__(self, disclosure: Disclosure) -> None:
        self.sdk = _entity_keys(disclosure.sdk)
        self.provider = _entity_keys(disclosure.provider)
        self.category = {_words(disclosure.recipient_category.text)} if disclosure.recipient_category else set()
        self.platforms = set(disclosure.platforms)
        self.policy = _link_key(disclosure.privacy_policy)
        self.items = {_item_key(item) for item in disclosure.data_items}
        self.purpose = _words(disclosure.purpose.text) if disclosure.purpose else ""
        # Any of these has to be shared by two disclosures that are one.
        named = {("sdk", key) for key in self.sdk} | {("who", key) for key in self.provider | self.category}
        self.keys = named | ({("policy", self.policy)} if self.policy else set())


def _candidates(before: Sequence[_Identity], after: Sequence[_Identity]) -> set[tuple[int, int]]:
    """Pairs that share a name or a policy; the others are not worth a look, of which there are very many."""
    where: dict[tuple[str, str], list[int]] = {}
    for index, one in enumerate(after):
        for key in one.keys:
            where.setdefault(key, []).append(index)
    named = {(first, second) for first, one in enumerate(before) for key in one.keys for second in where.get(key, ())}
    nameless = [index for index, one in enumerate(after) if not one.keys]
    return named | {(first, second) for first, one in enumerate(before) if not one.keys for second in nameless}


def _likeness(one: _Identity, other: _Identity) -> float:
    score = 0.0
    if one.sdk and other.sdk:
        if not one.sdk & other.sdk:
            # Another SDK of the same company is another disclosure, unless it was only renamed: the same policy and data.
            return 2.5 if one.policy and one.policy == other.policy and _shared(one, other) >= 0.6 else 0.0
        score += 4.0
    if one.provider and other.provider:
        score += 3.0 if one.provider & other.provider else -1.5
    if one.category and other.category:
        score += 2.0 if one.category & other.category else -1.0
    if one.policy and one.policy == other.policy:
        score += 1.0
    if one.platforms or other.platforms:
        score += 0.5 if one.platforms == other.platforms else -0.25
    if one.purpose and one.purpose == other.purpose:
        score += 0.25
    if not (one.keys or other.keys):
        score += 1.5
    return score + _shared(one, other)


def _shared(one: _Identity, other: _Identity) -> float:
    """Share of the data items of both that both name."""
    everything = one.items | other.items
    return len(one.items & other.items) / len(everything) if everything else 0.0


def _entity_keys(entity: Entity | None) -> set[str]:
    """The id, and the name: an id that a newer lexicon gives shall not make a known name another one."""
    if entity is None:
        return set()
    return {key for key in (f"id:{entity.id}" if entity.id else "", _words(entity.text)) if key}


def _words(text: str) -> str:
    return fold(text).translate(_MARKS)


def _link_key(link: Link | None) -> str:
    address = (link.url or link.text) if link else ""
    return address.split("://", 1)[-1].rstrip("/").casefold()


def _item_key(item: DataItem) -> str:
    return f"concept:{item.concept}" if item.concept and item.concept != "other" else _words(item.text)


def _permission_key(permission: Permission) -> str:
    return permission.permission or _words(permission.text).removesuffix("权限")


# ---------------------------------------------------------------- comparing a pair


def _compare(old: Disclosure, new: Disclosure) -> DisclosureChange | None:
    """What differs between two disclosures that are one, ``None`` where nothing does."""
    change = DisclosureChange(
        kind="changed",
        name=name_of(new),
        old=old.index,
        new=new.index,
        fields=tuple(_field_changes(old, new)),
        data_items=_part_changes(old.data_items, new.data_items, _item_key, lambda item: item.text, _qualifiers),
        permissions=_part_changes(
            old.permissions, new.permissions, _permission_key, lambda permission: permission.text, lambda _: ()
        ),
        platforms=(old.platforms, new.platforms) if set(old.platforms) != set(new.platforms) else None,
    )
    said = change.fields or change.data_items or change.permissions or change.platforms
    return change if said else None


def _field_changes(old: Disclosure, new: Disclosure) -> Iterable[FieldChange]:
    for name in (*_ENTITIES, *_VALUES, *_MORE_VALUES):
        before: Value | Entity | None = getattr(old, name)
        after: Value | Entity | None = getattr(new, name)
        if (_words(before.text) if before else None) != (_words(after.text) if after else None):
            yield FieldChange(name, before.text if before else None, after.text if after else None)
    for name in _LINKS:
        first: Link | None = getattr(old, name)
        second: Link | None = getattr(new, name)
        if _link_key(first) != _link_key(second):
            yield FieldChange(name, _shown(first), _shown(second))


def _shown(link: Link | None) -> str | None:
    return (link.url or link.text) if link else None


def _qualifiers(item: DataItem) -> tuple[str, ...]:
    return tuple(qualifier.text for qualifier in item.qualifiers)


def _part_changes(
    old: Sequence[_Part],
    new: Sequence[_Part],
    key: Callable[[_Part], str],
    text: Callable[[_Part], str],
    notes: Callable[[_Part], tuple[str, ...]],
) -> tuple[PartChange, ...]:
    """Parts that came, went or have other notes, matched by key; several of one key are one."""
    before, after = _grouped(old, key), _grouped(new, key)
    changes: list[PartChange] = []
    for name, parts in after.items():
        if name not in before:
            changes.append(PartChange("added", text(parts[0])))
            continue
        first = tuple(note for part in before[name] for note in notes(part))
        second = tuple(note for part in parts for note in notes(part))
        if set(map(_words, first)) != set(map(_words, second)):
            changes.append(PartChange("changed", text(parts[0]), first, second))
    changes.extend(PartChange("removed", text(parts[0])) for name, parts in before.items() if name not in after)
    return tuple(changes)


def _grouped(parts: Sequence[_Part], key: Callable[[_Part], str]) -> dict[str, list[_Part]]:
    grouped: dict[str, list[_Part]] = {}
    for part in parts:
        grouped.setdefault(key(part), []).append(part)
    return grouped
