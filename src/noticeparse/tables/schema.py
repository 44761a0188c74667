"""The columns of the tables, in one place: name, type and meaning. Frames, checks, exports and docs follow it.

Every row of a table below ``notices`` carries ``notice_id``, and the key of what it belongs to; keys are the same for
the same record whenever it is read. ``start`` and ``end`` are code-point offsets into the notice's text, as in the
records. Text columns hold what the notice says; what is normalised stands in columns of its own beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["string", "int", "float", "bool"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: Its name.
        type: ``string``, ``int`` (64 bits), ``float`` or ``bool``, all of pyarrow.
        about: What it holds, in one line.
        nullable: Whether a row may lack it.
    """

    name: str
    type: ColumnType
    about: str
    nullable: bool = True


def _key(name: str, about: str) -> Column:
    return Column(name, "string", about, nullable=False)


def _span(prefix: str = "", of: str = "the value") -> tuple[Column, Column]:
    lead = f"{prefix}_" if prefix else ""
    nullable = bool(prefix)
    return (
        Column(f"{lead}start", "int", f"Offset of the first character of {of}", nullable),
        Column(f"{lead}end", "int", f"Offset behind the last character of {of}", nullable),
    )


def _value(name: str, about: str) -> tuple[Column, ...]:
    return (Column(name, "string", about), *_span(name, f"`{name}`"))


def _entity(name: str, about: str) -> tuple[Column, ...]:
    return (
        *_value(name, about),
        Column(f"{name}_id", "string", "Id in the lexicon, null where the name is unknown"),
        Column(f"{name}_name", "string", "The lexicon's name for that id"),
        Column(f"{name}_how", "string", "How the id was found: exact, alias, variant, english, package, domain, fuzzy"),
        Column(f"{name}_score", "float", "How sure that is, from 0 to 1"),
    )


_NOTICE = _key("notice_id", "Key of the notice")
_DISCLOSURE = _key("disclosure_id", "Key of the disclosure")

SCHEMAS: Mapping[str, tuple[Column, ...]] = {
    "notices": (
        _NOTICE,
        Column("label", "string", "Short name for plots and matrices: the app, else the title, else the source", False),
        Column("source", "string", "Path or URL as given", False),
        Column("sha256", "string", "Of the file's bytes", False),
        *_value("app", "The app, as the notice names it"),
        *_value("title", "The notice's title"),
        Column("updated", "string", "When the notice was last changed, as it says"),
        Column("effective", "string", "When it takes effect, as it says"),
        Column("media_type", "string", "Type of the file", False),
        Column("encoding", "string", "Encoding that the file was decoded with"),
        Column("chars", "int", "Length of the text in code points", False),
        Column("disclosures", "int", "Number of disclosures", False),
        Column("unparsed", "int", "Number of runs that no rule accounts for", False),
        Column("coverage", "float", "Share of the disclosing part that is accounted for", False),
        Column("schema_version", "string", "Version of the record's form", False),
        Column("parser_version", "string", "Version of the program that parsed it", False),
        Column("lexicon_version", "string", "Version of the lexicons used", False),
    ),
    "disclosures": (
        _DISCLOSURE,
        _NOTICE,
        Column("index", "int", "Place in the notice, from 0", False),
        Column("form", "string", "list, table or prose", False),
        *_span("", "the disclosure"),
        Column("recipient", "string", "Who receives, under one name for all notices; see `recipient_how`", False),
        Column(
            "recipient_how",
            "string",
            "provider (named and known), maker (inferred from the SDK), provider_text (named, unknown), sdk, sdk_text or "
            "category",
            False,
        ),
        Column("recipient_group", "string", "The company that controls the recipient, or the recipient itself", False),
        *_entity("provider", "The company, institution or person, as written"),
        *_value("recipient_category", "A kind of recipient, as written"),
        *_entity("sdk", "The product, as written"),
        Column("sdk_category", "string", "The lexicon's kind of that SDK"),
        Column("maker_id", "string", "Company behind the SDK where the notice names none (inferred)"),
        Column("maker_name", "string", "The lexicon's name for it"),
        Column("maker_how", "string", "How it was inferred: sdk, name, package, domain"),
        *_value("method", "Way of sharing"),
        *_value("purpose", "Why"),
        *_value("scenario", "When or where it happens"),
        *_value("category", "Kind of service"),
        *_value("processing", "How the data are protected"),
        *_value("retention", "How long they are kept"),
        *_value("frequency", "How often they are collected"),
        *_value("package_name", "Package of the SDK"),
        *_value("contact", "How to reach the recipient"),
        Column("platforms", "string", "Platforms that it is limited to, joined by |"),
        Column("privacy_policy", "string", "Address of the recipient's policy, or its title where there is none"),
        Column("website", "string", "Address of the recipient's site, or its title where there is none"),
        Column("items", "int", "Number of data items", False),
        Column("sensitive_items", "int", "Number of those that are sensitive personal information", False),
        Column("permissions", "int", "Number of permissions", False),
    ),
    "data_items": (
        _key("item_id", "Key of the data item"),
        _DISCLOSURE,
        _NOTICE,
        Column("position", "int", "Place in the disclosure, from 0", False),
        Column("text", "string", "The item as written", False),
        *_span(),
        Column("concept", "string", "Kind of data in the lexicon, null where the item is unknown"),
        Column("concept_zh", "string", "Its Chinese name"),
        Column("concept_en", "string", "Its English name"),
        Column("concept_how", "string", "How it was found: exact, alias, composed, inherited"),
        Column("concept_category", "string", "Its category"),
        Column("sensitive", "bool", "Whether it is sensitive personal information"),
        Column("parent_id", "string", "Key of the item that names its group"),
    ),
    "qualifiers": (
        _key("qualifier_id", "Key of the qualifier"),
        _key("item_id", "Key of the data item"),
        _DISCLOSURE,
        _NOTICE,
        Column("text", "string", "The condition as written", False),
        *_span(),
        Column("kind", "string", "os_version, platform, condition, purpose …"),
        Column("value", "string", "Machine-readable value"),
    ),
    "permissions": (
        _key("permission_id", "Key of the permission"),
        _DISCLOSURE,
        _NOTICE,
        Column("position", "int", "Place in the disclosure, from 0", False),
        Column("text", "string", "The permission as written", False),
        *_span(),
        Column("permission", "string", "The platform's constant, several joined by |"),
    ),
    "links": (
        _key("link_id", "Key of the link"),
        _DISCLOSURE,
        _NOTICE,
        Column("field", "string", "privacy_policy or website", False),
        Column("text", "string", "The link as written", False),
        *_span(),
        Column("url", "string", "The address it leads to"),
        Column("host", "string", "The address's host"),
    ),
    "unparsed": (
        _key("unparsed_id", "Key of the run"),
        _NOTICE,
        Column("text", "string", "The run that no rule accounts for", False),
        *_span("", "the run"),
        Column("reason", "string", "Why", False),
    ),
    "diagnostics": (
        _key("diagnostic_id", "Key of the diagnostic"),
        _NOTICE,
        Column("code", "string", "What kind of oddity", False),
        Column("message", "string", "In words", False),
        Column("start", "int", "Offset of its first character"),
        Column("end", "int", "Offset behind its last character"),
    ),
}
TABLES = tuple(SCHEMAS)
#: The column that names a row of each table.
KEYS: Mapping[str, str] = {name: columns[0].name for name, columns in SCHEMAS.items()}
#: Column → the table whose key it holds.
REFERENCES: Mapping[str, str] = {
    "notice_id": "notices",
    "disclosure_id": "disclosures",
    "item_id": "data_items",
    "parent_id": "data_items",
}
