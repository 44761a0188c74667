"""The records that a parse gives: frozen, typed, and the source of the JSON Schema.

The form is that of the output contract, schema version 1: values are verbatim with a span ``[start, end)`` in code
points of the document's text; what is normalised stands beside them. A missing field is ``None``, a missing list is
empty. Nothing here knows how a value was found.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

SCHEMA_VERSION = "1"

Span = tuple[int, int]
Form = Literal["list", "table", "prose"]
Platform = Literal["Android", "iOS", "HarmonyOS", "小程序", "Web", "PC"]


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A verbatim run of the notice: ``text`` is ``document.text[start:end]`` up to white space and mark-up."""

    text: str
    span: Span


class Entity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named company or SDK; ``id`` is the lexicon's id, ``None`` where the name is unknown (never guessed)."""

    text: str
    span: Span
    id: str | None = None


class Qualifier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A condition, limit or platform note of one data item, with its kind and machine-readable value if known."""

    text: str
    span: Span
    kind: str | None = None
    value: str | None = None


class DataItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One named kind of personal data. ``parent`` is the index of the item that names its group, in the same list."""

    text: str
    span: Span
    concept: str | None = None
    sensitive: bool | None = None
    parent: int | None = None
    qualifiers: tuple[Qualifier, ...] = ()


class Permission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One system permission as written, with the platform's constant if known."""

    text: str
    span: Span
    permission: str | None = None


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A link: the text shown, and the address it leads to (``None`` where only a title stands)."""

    text: str
    span: Span
    url: str | None = None


class Disclosure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One recipient that receives data through one SDK, API or channel."""

    index: int
    form: Form
    span: Span
    provider: Entity | None = None
    recipient_category: Value | None = None
    sdk: Entity | None = None
    method: Value | None = None
    purpose: Value | None = None
    scenario: Value | None = None
    category: Value | None = None
    processing: Value | None = None
    retention: Value | None = None
    frequency: Value | None = None
    package_name: Value | None = None
    contact: Value | None = None
    platforms: tuple[Platform, ...] = ()
    data_items: tuple[DataItem, ...] = ()
    permissions: tuple[Permission, ...] = ()
    privacy_policy: Link | None = None
    website: Link | None = None


class Unparsed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A run of the disclosing part that no rule accounts for, and why."""

    text: str
    span: Span
    reason: str


class Diagnostic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a reader of the record should know: what was mended, doubted or left out."""

    code: str
    message: str
    span: Span | None = None


class NoticeInfo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the notice came from, and what it says of itself."""

    source: str
    sha256: str
    media_type: str
    encoding: str | None
    app: Value | None
    title: Value | None
    updated: str | None
    effective: str | None
    chars: int


class Notice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One parsed notice."""

    schema_version: str
    parser_version: str
    lexicon_version: str
    notice: NoticeInfo
    disclosures: tuple[Disclosure, ...]
    unparsed: tuple[Unparsed, ...]
    coverage: float
    diagnostics: tuple[Diagnostic, ...]

    def to_dict(self) -> dict[str, Any]:
        """The record as plain dicts and lists, in the form that ``noticeparse parse --format json`` prints."""
        result: dict[str, Any] = msgspec.to_builtins(self)
        return result

    def to_json(self) -> str:
        """The record as one line of JSON, Chinese characters unescaped."""
        return msgspec.json.encode(self).decode("utf-8")


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one ``Notice``, built from the types above."""
    schema = msgspec.json.schema(Notice)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "noticeparse notice", **schema}
