"""The records that a parse gives: frozen, typed, and the source of the JSON Schema.

The form is that of the output contract, schema version 2: values are verbatim with a span ``[start, end)`` in code
points of the document's text; what is normalised stands beside them. A missing field is ``None``, a missing list is
empty, but the fields that say how a value was normalised are left out where they say nothing. Version 1 had none of
them, so its records are read as well.

A record cannot be part of a circle, since nothing in it can change, so the garbage collector need not follow it (``gc=False``):
that saves 16 bytes of each, and a notice of 10 MB has a million.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

SCHEMA_VERSION = "2"
#: The versions whose records can be read: version 2 only added fields.
READABLE_VERSIONS = ("1", SCHEMA_VERSION)
_ROWS_IN_SUMMARY = 20

Span = tuple[int, int]
Form = Literal["list", "table", "prose"]
Platform = Literal["Android", "iOS", "HarmonyOS", "小程序", "Web", "PC"]
NameMatch = Literal["exact", "alias", "variant", "english", "package", "domain", "fuzzy"]
MakerMatch = Literal["sdk", "name", "package", "domain"]
TermMatch = Literal["exact", "alias", "composed", "inherited"]
RecipientKind = Literal["company", "sdk", "category"]


def _null() -> Any:
    """A field that is ``None`` unless given, and written as ``null``; a plain default of ``None`` is not written."""
    return msgspec.field(default_factory=lambda: None)


def _empty() -> Any:
    """The same for a list: written as ``[]``."""
    return msgspec.field(default_factory=lambda: ())


class Match(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """How a name was found in the lexicon, and how sure that is.

    Attributes:
        how: ``exact`` (the name itself), ``alias`` (another name of it), ``english``, ``variant`` (the same but for legal
            form, brackets, place or words such as SDK), ``package`` or ``domain`` (by the entry's package name or link,
            and the name agrees with it), ``fuzzy`` (alike but for a slip).
        score: From 0 to 1; 1 for a name that the lexicon holds.
        evidence: What was matched where it is not the text itself: the lexicon's name, the package prefix, the domain.
        also: Ids of the further names, where the text names several.
    """

    how: NameMatch
    score: float
    evidence: str | None = None
    also: tuple[str, ...] = ()


class Maker(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """The company behind an SDK, inferred where the notice names none.

    Attributes:
        id: The lexicon's id of the company.
        how: From the SDK's row (``sdk``), from a company's name in the SDK's (``name``), from the entry's package name
            or the domain of its link.
        score: From 0 to 1.
        evidence: The SDK's id, the name, the package prefix or the domain.
    """

    id: str
    how: MakerMatch
    score: float
    evidence: str | None = None


class Value(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A verbatim run of the notice: ``text`` is ``document.text[start:end]`` up to white space and mark-up."""

    text: str
    span: Span


class Entity(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """A named company or SDK; ``id`` is the lexicon's id, ``None`` where the name is unknown (never guessed).

    ``match`` says how the id was found. Of several names in one text the id is the first one's, ``match.also`` the others'.
    """

    text: str
    span: Span
    id: str | None = _null()
    match: Match | None = None


class Qualifier(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A condition, limit or platform note of one data item, with its kind and machine-readable value if known."""

    text: str
    span: Span
    kind: str | None = None
    value: str | None = None


class DataItem(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """One named kind of personal data. ``parent`` is the index of the item that names its group, in the same list.

    ``how`` says how the concept was found: ``exact`` (its own name), ``alias`` (another term of it), ``composed`` (by a
    word in front or behind, or the term that the name ends with), ``inherited`` (from its group or what stands before).
    ``generic`` marks a catch-all (个人信息, 这些信息), which a notice's disclosures never hold: only
    ``find_data_items`` gives those, where it is asked to.
    """

    text: str
    span: Span
    concept: str | None = _null()
    sensitive: bool | None = _null()
    parent: int | None = _null()
    qualifiers: tuple[Qualifier, ...] = _empty()
    how: TermMatch | None = None
    generic: bool = False


class Recipient(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """Who receives data, as ``find_recipients`` finds it in running text.

    ``kind`` is ``company`` (also an institution or a person), ``sdk`` or ``category`` (a kind of recipient, 物流服务商), ``None``
    where the wording does not tell; ``id`` is the lexicon's, ``None`` for an unknown name. ``generic`` marks words that name
    nobody in particular (第三方, 任何公司, 我们).
    """

    text: str
    span: Span
    kind: RecipientKind | None = _null()
    id: str | None = _null()
    generic: bool = False


class Permission(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One system permission as written, with the platform's constant if known."""

    text: str
    span: Span
    permission: str | None = None


class Link(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A link: the text shown, and the address it leads to (``None`` where only a title stands)."""

    text: str
    span: Span
    url: str | None = None


class Disclosure(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """One recipient that receives data through one SDK, API or channel.

    ``maker`` is the company behind the SDK, inferred where ``provider`` is ``None``: never what the notice says.
    """

    index: int
    form: Form
    span: Span
    provider: Entity | None = _null()
    recipient_category: Value | None = _null()
    sdk: Entity | None = _null()
    method: Value | None = _null()
    purpose: Value | None = _null()
    scenario: Value | None = _null()
    category: Value | None = _null()
    processing: Value | None = _null()
    retention: Value | None = _null()
    frequency: Value | None = _null()
    package_name: Value | None = _null()
    contact: Value | None = _null()
    platforms: tuple[Platform, ...] = _empty()
    data_items: tuple[DataItem, ...] = _empty()
    permissions: tuple[Permission, ...] = _empty()
    privacy_policy: Link | None = _null()
    website: Link | None = _null()
    maker: Maker | None = None


class Unparsed(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A run of the disclosing part that no rule accounts for, and why."""

    text: str
    span: Span
    reason: str


class Diagnostic(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Something a reader of the record should know: what was mended, doubted or left out."""

    code: str
    message: str
    span: Span | None = None


class NoticeInfo(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
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


class Notice(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
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

    def _repr_html_(self) -> str:
        """What a notebook shows: the figures and the first disclosures."""
        from noticeparse.summary import summary_html  # for notebooks alone

        info = self.notice
        named = info.app or info.title
        facts = (
            f"{info.source}: {len(self.disclosures)} disclosures, {len(self.unparsed)} unparsed, "
            f"{len(self.diagnostics)} diagnostics, coverage {self.coverage:.1%}"
        )
        header = ("#", "recipient", "SDK", "purpose", "data items", "permissions")
        rows = [_summary_row(disclosure) for disclosure in self.disclosures[:_ROWS_IN_SUMMARY]]
        return summary_html(named.text if named else "Notice", facts, header, rows, len(self.disclosures))


def _summary_row(disclosure: Disclosure) -> tuple[object, ...]:
    recipient = disclosure.provider or disclosure.recipient_category
    return (
        disclosure.index + 1,
        recipient.text if recipient else None,
        disclosure.sdk.text if disclosure.sdk else None,
        disclosure.purpose.text if disclosure.purpose else None,
        "、".join(item.text for item in disclosure.data_items),
        len(disclosure.permissions),
    )


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one ``Notice``, built from the types above."""
    schema = msgspec.json.schema(Notice)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "noticeparse notice", **schema}
