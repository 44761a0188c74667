"""Notices to tidy tables: one row for each notice, disclosure, data item, qualifier, permission, link and oddity."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pandas as pd
import pyarrow as pa

from noticeparse.lexicon.load import Lexicon, load_lexicon
from noticeparse.records import DataItem, Disclosure, Entity, Link, Notice, Span, Value
from noticeparse.summary import summary_html
from noticeparse.tables.recipients import RecipientNames
from noticeparse.tables.schema import SCHEMAS, TABLES, Column, ColumnType

if TYPE_CHECKING:
    from pathlib import Path

ARROW_TYPES: Mapping[ColumnType, pa.DataType] = {
    "string": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
}
_VALUES = (
    "method",
    "purpose",
    "scenario",
    "category",
    "processing",
    "retention",
    "frequency",
    "package_name",
    "contact",
)


@dataclass(frozen=True, eq=False, repr=False)
class Frames:
    """The tables of many notices; :data:`noticeparse.tables.schema.SCHEMAS` describes their columns.

    Attributes:
        notices: One row for each notice, in the order given.
        disclosures: One row for each disclosure.
        data_items: One row for each data item, groups and members alike.
        qualifiers: One row for each condition of a data item.
        permissions: One row for each permission.
        links: One row for each policy or site.
        unparsed: One row for each run that no rule accounts for.
        diagnostics: One row for each oddity, also a notice that was given twice.
    """

    notices: pd.DataFrame
    disclosures: pd.DataFrame
    data_items: pd.DataFrame
    qualifiers: pd.DataFrame
    permissions: pd.DataFrame
    links: pd.DataFrame
    unparsed: pd.DataFrame
    diagnostics: pd.DataFrame

    def __iter__(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Name and table, one after the other."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """A table by name.

        Raises:
            KeyError: There is no such table.
        """
        if name not in TABLES:
            raise KeyError(f"no table {name!r}; the tables are {', '.join(TABLES)}")
        table: pd.DataFrame = getattr(self, name)
        return table

    def wide(self) -> pd.DataFrame:
        """One row for each data item with its disclosure and notice beside it; disclosures without data keep a row.

        Columns of the disclosure and the notice have their own names; those of the item begin with ``item_``, but for
        ``concept…`` and ``sensitive``.
        """
        items = self.data_items.drop(columns=["notice_id"]).rename(
            columns={"text": "item_text", "start": "item_start", "end": "item_end", "position": "item_position"}
        )
        notices = self.notices[["notice_id", "label", "source", "app", "updated"]]
        return self.disclosures.merge(notices, on="notice_id", how="left").merge(items, on="disclosure_id", how="left")

    def _repr_html_(self) -> str:
        """What a notebook shows: the figures, and each table with its rows and columns."""
        apps = self.notices["label"].nunique()
        facts = f"apps {apps}, notices {len(self.notices)}, recipients {self.disclosures['recipient'].nunique()}"
        rows = [(name, len(table), ", ".join(table.columns)) for name, table in self]
        return summary_html("Frames", facts, ("table", "rows", "columns"), rows, len(rows))

    def __repr__(self) -> str:
        """The number of rows of each table."""
        return "Frames(" + ", ".join(f"{name}: {len(table)}" for name, table in self) + ")"


def to_frames(notices: Iterable[Notice], *, lexicon: Path | str | None = None) -> Frames:
    """Tables of notices.

    The same record given twice (same source, same bytes) counts once, and a diagnostic ``duplicate-notice`` says so.

    Args:
        notices: As :func:`noticeparse.parse` or :func:`noticeparse.read_notices` gives them; read one after the other, so
            that a generator need not be held in memory.
        lexicon: Folder with rows to lay over the shipped lexicons, from which ids and concepts get their names.

    Returns:
        The tables, with pyarrow-backed columns. No notices give tables without rows.

    Raises:
        LexiconError: The lexicon or its overlay cannot be used.
        TypeError: Something among the notices is none.
    """
    builder = _Builder(load_lexicon(lexicon))
    for notice in notices:
        if not isinstance(notice, Notice):
            raise TypeError(f"to_frames takes notices, not {type(notice).__name__}")
        builder.add(notice)
    return builder.frames()


def notice_key(notice: Notice) -> str:
    """Key of a notice: the same for the same bytes of the same source.

    Args:
        notice: The notice.
    """
    return hashlib.sha256(f"{notice.notice.source}\0{notice.notice.sha256}".encode()).hexdigest()[:16]


def notice_label(notice: Notice) -> str:
    """Short name of a notice: the app, else the title, else the source.

    Args:
        notice: The notice.
    """
    named = notice.notice.app or notice.notice.title
    return named.text if named else notice.notice.source


def frame_of(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Rows as a table with pyarrow-backed columns; no rows give the columns nevertheless.

    Args:
        columns: Their names and types.
        rows: Each with a value for every column.
    """
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return _table(columns, cells)


def _table(columns: Sequence[Column], cells: Sequence[Sequence[Any]]) -> pd.DataFrame:
    arrays = [pa.array(values, type=ARROW_TYPES[column.type]) for column, values in zip(columns, cells, strict=True)]
    table = pa.Table.from_arrays(arrays, names=[column.name for column in columns])
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


class _Builder:
    """Collects the columns of all tables."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._names = RecipientNames(lexicon)
        self._columns: dict[str, dict[str, list[Any]]] = {
            table: {column.name: [] for column in columns} for table, columns in SCHEMAS.items()
        }
        self._seen: set[str] = set()
        self._diagnostics: Counter[str] = Counter()

    def add(self, notice: Notice) -> None:
        key = notice_key(notice)
        if key in self._seen:
            message = f"{notice.notice.source} was given more than once; it counts once"
            self._row(
                "diagnostics", diagnostic_id=self._next(key), notice_id=key, code="duplicate-notice", message=message
            )
            return
        self._seen.add(key)
        self._notice(key, notice)
        for disclosure in notice.disclosures:
            self._disclosure(key, disclosure)
        for number, run in enumerate(notice.unparsed):
            row = {"text": run.text, **_place(run.span), "reason": run.reason}
            self._row("unparsed", unparsed_id=f"{key}:u{number}", notice_id=key, **row)
        for note in notice.diagnostics:
            row = {"code": note.code, "message": note.message, **_place(note.span)}
            self._row("diagnostics", diagnostic_id=self._next(key), notice_id=key, **row)

    def frames(self) -> Frames:
        """The tables, built from the columns at once."""
        return Frames(
            **{name: _table(columns, list(self._columns[name].values())) for name, columns in SCHEMAS.items()}
        )

    def _next(self, key: str) -> str:
        """Key of a notice's next diagnostic; a notice given again goes on counting."""
        self._diagnostics[key] += 1
        return f"{key}:g{self._diagnostics[key] - 1}"

    def _row(self, table: str, **values: Any) -> None:
        columns = self._columns[table]
        for name, column in columns.items():
            column.append(values.pop(name, None))
        if values:
            raise TypeError(f"{table} has no column {', '.join(values)}")

    def _notice(self, key: str, notice: Notice) -> None:
        info = notice.notice
        self._row(
            "notices",
            notice_id=key,
            label=notice_label(notice),
            source=info.source,
            sha256=info.sha256,
            **_value("app", info.app),
            **_value("title", info.title),
            updated=info.updated,
            effective=info.effective,
            media_type=info.media_type,
            encoding=info.encoding,
            chars=info.chars,
            disclosures=len(notice.disclosures),
            unparsed=len(notice.unparsed),
            coverage=notice.coverage,
            schema_version=notice.schema_version,
            parser_version=notice.parser_version,
            lexicon_version=notice.lexicon_version,
        )

    def _disclosure(self, notice_key: str, disclosure: Disclosure) -> None:
        key = f"{notice_key}:{disclosure.index}"
        recipient = self._names.of(disclosure)
        companies, sdks = self._lexicon.companies, self._lexicon.sdks
        sdk, maker = disclosure.sdk, disclosure.maker
        values: dict[str, Any] = {}
        for name in _VALUES:
            values.update(_value(name, getattr(disclosure, name)))
        self._row(
            "disclosures",
            disclosure_id=key,
            notice_id=notice_key,
            index=disclosure.index,
            form=disclosure.form,
            **_place(disclosure.span),
            recipient=recipient.name,
            recipient_how=recipient.how,
            recipient_group=recipient.group,
            **_entity("provider", disclosure.provider, companies),
            **_value("recipient_category", disclosure.recipient_category),
            **_entity("sdk", sdk, sdks),
            sdk_category=sdks[sdk.id].category if sdk and sdk.id and sdk.id in sdks else None,
            maker_id=maker.id if maker else None,
            maker_name=companies[maker.id].name if maker and maker.id in companies else None,
            maker_how=maker.how if maker else None,
            **values,
            platforms="|".join(disclosure.platforms) or None,
            privacy_policy=_address(disclosure.privacy_policy),
            website=_address(disclosure.website),
            items=len(disclosure.data_items),
            sensitive_items=sum(bool(item.sensitive) for item in disclosure.data_items),
            permissions=len(disclosure.permissions),
        )
        for position, item in enumerate(disclosure.data_items):
            self._item(notice_key, key, position, item)
        for position, permission in enumerate(disclosure.permissions):
            self._row(
                "permissions",
                permission_id=f"{key}:p{position}",
                disclosure_id=key,
                notice_id=notice_key,
                position=position,
                text=permission.text,
                **_place(permission.span),
                permission=permission.permission,
            )
        for name in ("privacy_policy", "website"):
            link: Link | None = getattr(disclosure, name)
            if link is not None:
                self._row(
                    "links",
                    link_id=f"{key}:{name}",
                    disclosure_id=key,
                    notice_id=notice_key,
                    field=name,
                    text=link.text,
                    **_place(link.span),
                    url=link.url,
                    host=host_of(link.url),
                )

    def _item(self, notice_key: str, disclosure_key: str, position: int, item: DataItem) -> None:
        key = f"{disclosure_key}:i{position}"
        concept = self._lexicon.concepts.get(item.concept) if item.concept else None
        self._row(
            "data_items",
            item_id=key,
            disclosure_id=disclosure_key,
            notice_id=notice_key,
            position=position,
            text=item.text,
            **_place(item.span),
            concept=item.concept,
            concept_zh=concept.zh if concept else None,
            concept_en=concept.en if concept else None,
            concept_how=item.how,
            concept_category=concept.category if concept else None,
            sensitive=item.sensitive,
            parent_id=None if item.parent is None else f"{disclosure_key}:i{item.parent}",
        )
        for number, qualifier in enumerate(item.qualifiers):
            self._row(
                "qualifiers",
                qualifier_id=f"{key}:q{number}",
                item_id=key,
                disclosure_id=disclosure_key,
                notice_id=notice_key,
                text=qualifier.text,
                **_place(qualifier.span),
                kind=qualifier.kind,
                value=qualifier.value,
            )


def _place(span: Span | None, prefix: str = "") -> dict[str, int | None]:
    start, end = span or (None, None)
    return {f"{prefix}start": start, f"{prefix}end": end}


def _value(name: str, value: Value | Entity | None) -> dict[str, Any]:
    return {name: value.text if value else None, **_place(value.span if value else None, f"{name}_")}


def _entity(name: str, entity: Entity | None, known: Mapping[str, Any]) -> dict[str, Any]:
    key = entity.id if entity else None
    match = entity.match if entity else None
    return {
        **_value(name, entity),
        f"{name}_id": key,
        f"{name}_name": known[key].name if key and key in known else None,
        f"{name}_how": match.how if match else None,
        f"{name}_score": match.score if match else None,
    }


def _address(link: Link | None) -> str | None:
    return None if link is None else link.url or link.text


def host_of(url: str | None) -> str | None:
    """The host of an address, with or without a scheme: ``privacy.example.cn/sdk``.

    Args:
        url: Address, or ``None``.

    Returns:
        ``None`` for what is no address.
    """
    if not url:
        return None
    try:
        return urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return None  # an address that is none: the text stands in the column beside
