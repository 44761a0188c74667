"""The values of a notice as rows: what stands in the text, and what it was taken for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from noticeparse.lexicon.load import Lexicon
from noticeparse.records import (
    DataItem,
    Disclosure,
    Entity,
    Link,
    Match,
    Notice,
    Permission,
    Qualifier,
    Span,
)

Facts = tuple[tuple[str, str], ...]

#: Field → what the page calls it, and the kind that decides its colour.
FIELDS: Mapping[str, tuple[str, str]] = {
    "app": ("app", "front"),
    "title": ("title", "front"),
    "provider": ("recipient", "recipient"),
    "recipient_category": ("kind of recipient", "recipient"),
    "sdk": ("SDK", "sdk"),
    "category": ("kind of service", "other"),
    "method": ("way of sharing", "other"),
    "purpose": ("purpose", "purpose"),
    "scenario": ("scenario", "purpose"),
    "data_items": ("data item", "item"),
    "qualifiers": ("condition", "qualifier"),
    "permissions": ("permission", "permission"),
    "processing": ("protection", "other"),
    "retention": ("retention", "other"),
    "frequency": ("frequency", "other"),
    "package_name": ("package", "other"),
    "contact": ("contact", "other"),
    "privacy_policy": ("privacy policy", "link"),
    "website": ("website", "link"),
    "unparsed": ("unparsed", "unparsed"),
    "diagnostics": ("diagnostic", "diagnostic"),
}
#: Kind → what the legend says.
KINDS: Mapping[str, str] = {
    "recipient": "recipient",
    "sdk": "SDK",
    "purpose": "purpose",
    "item": "data item",
    "qualifier": "condition",
    "permission": "permission",
    "link": "link",
    "other": "other field",
    "front": "app, title",
    "unparsed": "unparsed",
    "diagnostic": "diagnostic",
}
_DISCLOSED = tuple(name for name in FIELDS if name in Disclosure.__struct_fields__)


@dataclass(frozen=True, slots=True)
class Row:
    """One value.

    Attributes:
        key: Its number on the page.
        field: Name of the field in the records.
        text: As written; for a diagnostic the message.
        facts: What it was taken for: pairs of a label and a value.
        span: Where it stands; ``None`` for a diagnostic about the whole notice.
        url: Address that it leads to.
        depth: 1 for what belongs to the row above.
    """

    key: int
    field: str
    text: str
    facts: Facts
    span: Span | None
    url: str | None = None
    depth: int = 0

    @property
    def label(self) -> str:
        """What the page calls the field."""
        return FIELDS[self.field][0]

    @property
    def kind(self) -> str:
        """What decides the colour."""
        return FIELDS[self.field][1]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one disclosure.

    Attributes:
        number: Counted from 1.
        name: Who receives, in a few words.
        about: What holds for the whole disclosure: form, platforms, the company behind the SDK.
        rows: Its values, field by field in the order of the records.
    """

    number: int
    name: str
    about: Facts
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """All values of a notice.

    Attributes:
        front: App and title.
        groups: One for each disclosure.
        unparsed: Runs that no rule accounts for.
        diagnostics: What a reader of the record should know.
    """

    front: tuple[Row, ...]
    groups: tuple[Group, ...]
    unparsed: tuple[Row, ...]
    diagnostics: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        """Every row."""
        yield from self.front
        for group in self.groups:
            yield from group.rows
        yield from self.unparsed
        yield from self.diagnostics


def collect(notice: Notice, lexicon: Lexicon) -> Values:
    """The values of a notice, numbered through.

    Args:
        notice: The records.
        lexicon: Gives ids and concepts their names.
    """
    return _Collector(lexicon).values(notice)


class _Collector:
    """Numbers rows as they are made."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._next = 0

    def values(self, notice: Notice) -> Values:
        front = [("app", notice.notice.app), ("title", notice.notice.title)]
        return Values(
            tuple(self._row(name, value.text, (), value.span) for name, value in front if value),
            tuple(self._group(disclosure) for disclosure in notice.disclosures),
            tuple(self._row("unparsed", run.text, (("reason", run.reason),), run.span) for run in notice.unparsed),
            tuple(
                self._row("diagnostics", note.message, (("code", note.code),), note.span) for note in notice.diagnostics
            ),
        )

    def _row(self, field: str, text: str, facts: Facts, span: Span | None, **more: Any) -> Row:
        self._next += 1
        return Row(self._next, field, text, facts, span, **more)

    def _group(self, disclosure: Disclosure) -> Group:
        rows: list[Row] = []
        for field in _DISCLOSED:
            value = getattr(disclosure, field)
            for one in value if isinstance(value, tuple) else (value,) if value else ():
                rows.extend(self._rows(field, one, disclosure))
        number = disclosure.index + 1
        return Group(number, _name(disclosure), self._about(disclosure), tuple(rows))

    def _rows(self, field: str, value: Any, disclosure: Disclosure) -> Iterator[Row]:
        facts: Facts = ()
        if isinstance(value, Entity):
            facts = self._entity(field, value)
        elif isinstance(value, DataItem):
            facts = self._item(value, disclosure)
        elif isinstance(value, Permission):
            facts = _given(("constant", value.permission))
        url = value.url if isinstance(value, Link) else None
        yield self._row(field, value.text, facts, value.span, url=url)
        for note in value.qualifiers if isinstance(value, DataItem) else ():
            yield self._row("qualifiers", note.text, _condition(note), note.span, depth=1)

    def _entity(self, field: str, entity: Entity) -> Facts:
        if entity.id is None:
            return (("id", "not in the lexicon"),)
        known: Mapping[str, Any] = self._lexicon.companies if field == "provider" else self._lexicon.sdks
        name = known[entity.id].name if entity.id in known else None
        return _given(("name", name), ("id", entity.id), *_found(entity.match))

    def _item(self, item: DataItem, disclosure: Disclosure) -> Facts:
        concept = self._lexicon.concepts.get(item.concept) if item.concept else None
        group = disclosure.data_items[item.parent].text if item.parent is not None else None
        names = dict.fromkeys((item.concept, concept.zh, concept.en) if concept else (item.concept,))
        return _given(
            ("concept", " · ".join(name for name in names if name) or "not in the lexicon"),
            ("category", concept.category if concept else None),
            ("sensitive", "yes" if item.sensitive else None),
            ("found", item.how),
            ("in the group", group),
        )

    def _about(self, disclosure: Disclosure) -> Facts:
        maker = disclosure.maker
        company = self._lexicon.companies.get(maker.id) if maker else None
        inferred = (
            f"{company.name if company else maker.id} (inferred, {maker.how} {maker.score:.2g})" if maker else None
        )
        return _given(
            ("form", disclosure.form),
            ("platforms", ", ".join(disclosure.platforms)),
            ("company behind the SDK", inferred),
        )


def _name(disclosure: Disclosure) -> str:
    named = disclosure.provider or disclosure.recipient_category
    names = [value.text for value in (named, disclosure.sdk) if value]
    return " · ".join(names) or "unnamed recipient"


def _given(*facts: tuple[str, str | None]) -> Facts:
    return tuple((label, value) for label, value in facts if value)


def _found(match: Match | None) -> Facts:
    if match is None:
        return ()
    return _given(
        ("found", f"{match.how}, score {match.score:.2g}"),
        ("by", match.evidence),
        ("also", ", ".join(match.also)),
    )


def _condition(note: Qualifier) -> Facts:
    return _given(("kind", note.kind), ("value", note.value))
