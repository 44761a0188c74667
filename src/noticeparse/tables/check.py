"""Whether frames hold to their schema: columns, types, keys, and rows that belong to another table's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from noticeparse.errors import NoticeparseError
from noticeparse.tables.frames import ARROW_TYPES, Frames
from noticeparse.tables.schema import KEYS, REFERENCES, SCHEMAS, Column

if TYPE_CHECKING:
    import pandera.pandas as pa


class FramesError(NoticeparseError, ValueError):
    """Frames that do not hold to their schema: a column, type or key is wrong."""


def table_schema(name: str) -> pa.DataFrameSchema:
    """The pandera schema of one table, for checking frames that were stored or changed.

    Args:
        name: One of :data:`noticeparse.tables.schema.TABLES`.

    Raises:
        KeyError: There is no such table.
        NoticeparseError: pandera is not installed.
    """
    pandera = _pandera()
    columns = {column.name: _column(pandera, column, unique=column.name == KEYS[name]) for column in SCHEMAS[name]}
    schema: pa.DataFrameSchema = pandera.DataFrameSchema(columns, strict=True, ordered=True, name=name)
    return schema


def check_frames(frames: Frames) -> None:
    """Check all tables against their schemas, and that every key in a table is one of the table it points to.

    Args:
        frames: What to check.

    Raises:
        FramesError: Something is wrong; one line with the table and the cause.
        NoticeparseError: pandera is not installed.
    """
    pandera = _pandera()
    for name, table in frames:
        try:
            table_schema(name).validate(table)
        except (pandera.errors.SchemaError, pandera.errors.SchemaErrors) as error:
            raise FramesError(f"{name}: {' '.join(str(error).split())[:300]}") from error
        for prefix in _spans(name):
            wrong = table[(table[f"{prefix}start"] > table[f"{prefix}end"]).fillna(False)]
            if len(wrong):
                raise FramesError(f"{name}: {wrong[KEYS[name]].iloc[0]}: {prefix}start is behind {prefix}end")
    for name, table in frames:
        for column, target in REFERENCES.items():
            if column not in table or column == KEYS[name]:
                continue
            unknown = table[column].dropna()
            unknown = unknown[~unknown.isin(frames[target][KEYS[target]])]
            if len(unknown):
                raise FramesError(f"{name}.{column}: {unknown.iloc[0]!r} is no row of {target}")


def _pandera() -> Any:
    try:
        import pandera.pandas
    except ImportError as error:
        raise NoticeparseError("checking frames needs pandera: pip install 'noticeparse[check]'") from error
    return pandera.pandas


def _column(pandera: Any, column: Column, *, unique: bool) -> pa.Column:
    checks = []
    if column.type == "int":
        checks.append(pandera.Check.ge(0))
    if column.name == "coverage" or column.name.endswith("_score"):
        checks.append(pandera.Check.in_range(0, 1))
    result: pa.Column = pandera.Column(
        pd.ArrowDtype(ARROW_TYPES[column.type]),
        checks,
        nullable=column.nullable,
        unique=unique,
        description=column.about,
    )
    return result


def _spans(name: str) -> list[str]:
    return [column.name.removesuffix("start") for column in SCHEMAS[name] if column.name.endswith("start")]
