"""Questions across apps: who gets what from whom. Each function takes frames and returns a plain frame.

An app is a ``label`` of ``notices``: several notices of one label (versions, platforms) count as one app. Data items that
no concept covers are not left out: they count under :data:`UNRECOGNISED`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from noticeparse.tables.frames import Frames

Dimension = Literal["app", "recipient", "group", "sdk", "concept", "data_category", "permission"]
Values = Literal["presence", "disclosures", "apps"]

UNRECOGNISED = "unrecognised"
UNNAMED = "no SDK named"

_COLUMNS: Mapping[str, str] = {
    "app": "label",
    "recipient": "recipient",
    "group": "recipient_group",
    "sdk": "sdk",
    "concept": "concept",
    "data_category": "concept_category",
    "permission": "permission",
}
DIMENSIONS = tuple(_COLUMNS)


def facts(frames: Frames) -> pd.DataFrame:
    """One row for each data item, with what the comparisons group by; disclosures without data keep a row.

    Columns: ``notice_id``, ``disclosure_id``, ``label``, ``recipient``, ``recipient_group``, ``sdk`` (the lexicon's name,
    else the notice's words), ``item_text``, ``concept``, ``concept_zh``, ``concept_en``, ``concept_category``,
    ``sensitive`` (never null). A disclosure without data has nulls from ``item_text`` on.
    """
    wide = frames.wide()
    table = wide[["notice_id", "disclosure_id", "label", "recipient", "recipient_group"]].copy()
    table["sdk"] = wide["sdk_name"].fillna(wide["sdk"]).fillna(UNNAMED)
    table["item_text"] = wide["item_text"]
    stated = wide["item_text"].notna()
    for column in ("concept", "concept_zh", "concept_en", "concept_category"):
        table[column] = wide[column].where(wide[column].notna() | ~stated, UNRECOGNISED)
    table["sensitive"] = wide["sensitive"].fillna(False).astype(bool)
    return table


def matrix(
    frames: Frames,
    rows: Dimension,
    columns: Dimension,
    *,
    values: Values = "presence",
    names: Literal["id", "zh", "en"] = "id",
) -> pd.DataFrame:
    """A matrix such as app × recipient, app × concept or recipient × concept.

    Args:
        frames: The tables.
        rows: What the rows are.
        columns: What the columns are.
        values: ``presence`` (1 or 0), ``disclosures`` (how many say so) or ``apps`` (how many apps say so).
        names: How concepts are called: by id, in Chinese or in English.

    Returns:
        Whole numbers; the fullest rows and columns first, equal ones by name. The index and the columns are named.

    Raises:
        ValueError: A dimension or a kind of value is unknown, or both dimensions are the same.
    """
    if rows == columns:
        raise ValueError(f"rows and columns are both {rows!r}")
    for dimension in (rows, columns):
        if dimension not in _COLUMNS:
            raise ValueError(f"unknown dimension {dimension!r}; choose from {', '.join(DIMENSIONS)}")
    if values not in ("presence", "disclosures", "apps"):
        raise ValueError(f"unknown values {values!r}; choose from presence, disclosures, apps")
    table = _table_for(frames, rows, columns)
    table = table.rename(columns={column_of(rows, names): "row", column_of(columns, names): "column"})
    counted = "label_" if values == "apps" else "disclosure_id"
    table = table[["row", "column", counted]].dropna(subset=["row", "column"]).drop_duplicates()
    result = table.groupby(["row", "column"], sort=True).size().unstack(fill_value=0)
    result = result.astype("int64")
    if values == "presence":
        result = (result > 0).astype("int64")
    apps = sorted(set(frames.notices["label"]))  # also those that share nothing: that is an answer, too
    if rows == "app":
        result = result.reindex(index=apps, fill_value=0)
    if columns == "app":
        result = result.reindex(columns=apps, fill_value=0)
    result = _fullest_first(_fullest_first(result).T).T
    return result.rename_axis(index=rows, columns=columns)


def _table_for(frames: Frames, *dimensions: str) -> pd.DataFrame:
    """The facts, or where permissions are asked for one row for each permission."""
    table = facts(frames)
    table["label_"] = table["label"]  # stays where the label itself becomes an axis
    if "permission" not in dimensions:
        return table
    permissions = frames.permissions[["disclosure_id", "permission"]].copy()
    permissions["permission"] = permissions["permission"].fillna(UNRECOGNISED).str.split("|")
    permissions = permissions.explode("permission")
    if {"concept", "data_category"} & set(dimensions):
        return table.merge(permissions, on="disclosure_id")
    return table.drop_duplicates("disclosure_id").merge(permissions, on="disclosure_id")


def column_of(dimension: str, names: str) -> str:
    """The column of :func:`facts` that holds a dimension.

    Args:
        dimension: One of :data:`DIMENSIONS`.
        names: How concepts are called: ``id``, ``zh`` or ``en``.
    """
    if dimension == "concept" and names != "id":
        return f"concept_{names}"
    return _COLUMNS[dimension]


def _fullest_first(table: pd.DataFrame) -> pd.DataFrame:
    order = pd.DataFrame({"total": -table.sum(axis=1), "name": table.index.astype(str)}, index=table.index)
    return table.loc[order.sort_values(["total", "name"]).index]


def top(frames: Frames, by: Literal["recipient", "group", "sdk"] = "recipient", n: int | None = None) -> pd.DataFrame:
    """Recipients by the number of apps that share with them.

    Args:
        frames: The tables.
        by: Recipients, the groups that control them, or SDKs.
        n: How many; all by default.

    Returns:
        Columns ``recipient`` (or ``group``, ``sdk``), ``apps``, ``disclosures``, ``concepts`` (different kinds of data),
        ``sensitive`` (those that are sensitive); most apps first.
    """
    table = facts(frames)
    column = _COLUMNS[by]
    if by == "sdk":
        table = table[table["sdk"] != UNNAMED]
    known = table[table["concept"] != UNRECOGNISED]
    result = table.groupby(column, sort=True).agg(apps=("label", "nunique"), disclosures=("disclosure_id", "nunique"))
    result["concepts"] = known.groupby(column)["concept"].nunique()
    result["sensitive"] = known[known["sensitive"]].groupby(column)["concept"].nunique()
    result = result.fillna(0).astype("int64").rename_axis(by).reset_index()
    result = result.sort_values(["apps", "disclosures", by], ascending=[False, False, True], ignore_index=True)
    return result if n is None else result.head(n)


def data_types(frames: Frames) -> pd.DataFrame:
    """Kinds of data by the number of apps that share them.

    Returns:
        Columns ``concept``, ``concept_zh``, ``concept_en``, ``sensitive``, ``apps``, ``recipients``, ``disclosures``;
        most apps first.
    """
    table = facts(frames).dropna(subset=["concept"])
    keys = ["concept", "concept_zh", "concept_en"]
    result = table.groupby(keys, sort=True).agg(
        sensitive=("sensitive", "any"),
        apps=("label", "nunique"),
        recipients=("recipient", "nunique"),
        disclosures=("disclosure_id", "nunique"),
    )
    return result.reset_index().sort_values(
        ["apps", "disclosures", "concept"], ascending=[False, False, True], ignore_index=True
    )


def overlap(frames: Frames, on: Literal["recipient", "group", "sdk", "concept"] = "recipient") -> pd.DataFrame:
    """How alike apps are: the Jaccard index of what they share with, from 0 (nothing in common) to 1 (the same).

    Args:
        frames: The tables.
        on: What is compared.

    Returns:
        A symmetric matrix over the apps in alphabetical order, 1 on its diagonal. Two apps that share nothing have 0.
    """
    presence = matrix(frames, "app", on).sort_index().drop(columns=[UNNAMED, UNRECOGNISED], errors="ignore")
    shared = presence.to_numpy(dtype="int64")
    common = shared @ shared.T
    sizes = shared.sum(axis=1)
    either = sizes[:, None] + sizes[None, :] - common
    result = pd.DataFrame(common / either.clip(min=1), index=presence.index, columns=list(presence.index))
    for app in presence.index:
        result.loc[app, app] = 1.0
    return result.rename_axis(index="app", columns="app")


def unique_data(frames: Frames) -> pd.DataFrame:
    """Kinds of data that only one app shares; of no use where there is only one app.

    Returns:
        Columns ``label``, ``concept``, ``concept_zh``, ``concept_en``, ``sensitive``, ``recipients``, ``disclosures``.
    """
    table = facts(frames).dropna(subset=["concept"])
    table = table[table["concept"] != UNRECOGNISED]
    alone = table.groupby("concept")["label"].transform("nunique") == 1
    result = (
        table[alone]
        .groupby(["label", "concept", "concept_zh", "concept_en"], sort=True)
        .agg(
            sensitive=("sensitive", "any"),
            recipients=("recipient", "nunique"),
            disclosures=("disclosure_id", "nunique"),
        )
    )
    return result.reset_index()


def sensitive_data(frames: Frames) -> pd.DataFrame:
    """Who gets sensitive personal information (Article 28 of the PIPL; GB/T 35273-2020, Annex B).

    Returns:
        Columns ``recipient``, ``concept``, ``concept_zh``, ``concept_en``, ``apps``, ``disclosures``; most apps first.
    """
    table = facts(frames)
    table = table[table["sensitive"]]
    keys = ["recipient", "concept", "concept_zh", "concept_en"]
    result = table.groupby(keys, sort=True).agg(apps=("label", "nunique"), disclosures=("disclosure_id", "nunique"))
    return result.reset_index().sort_values(
        ["apps", "disclosures", "recipient", "concept"], ascending=[False, False, True, True], ignore_index=True
    )


def sdk_claims(frames: Frames, *, least: int = 2) -> pd.DataFrame:
    """What one SDK is said to collect by different apps, and how far they agree.

    Args:
        frames: The tables.
        least: Leave out SDKs that fewer apps name.

    Returns:
        Columns ``sdk``, ``concept``, ``concept_zh``, ``concept_en``, ``apps`` (that say so), ``of`` (that name the SDK),
        ``agreement`` (the share of them, from 0 to 1).
    """
    table = facts(frames)
    table = table[table["sdk"] != UNNAMED]
    of = table.groupby("sdk")["label"].nunique()
    table = table[table["sdk"].isin(of.index[of >= least])].dropna(subset=["concept"])
    table = table[table["concept"] != UNRECOGNISED]
    result = table.groupby(["sdk", "concept", "concept_zh", "concept_en"], sort=True).agg(apps=("label", "nunique"))
    result = result.reset_index()
    result["of"] = result["sdk"].map(of).astype("int64")
    result["agreement"] = (result["apps"] / result["of"]).astype("float64")
    return result.sort_values(
        ["of", "sdk", "agreement", "concept"], ascending=[False, True, False, True], ignore_index=True
    )


def sdk_outliers(frames: Frames, *, least: int = 3, majority: float = 0.5) -> pd.DataFrame:
    """Apps whose account of an SDK differs from most others'.

    Args:
        frames: The tables.
        least: Leave out SDKs that fewer apps name; of two apps none is the odd one.
        majority: Share of apps above which a kind of data counts as usual for the SDK.

    Returns:
        Columns ``sdk``, ``label``, ``concept``, ``concept_zh``, ``concept_en``, ``kind`` (``omits`` what most others tell,
        ``adds`` what most others do not), ``agreement``.
    """
    claims = sdk_claims(frames, least=least)
    table = facts(frames)
    said = table[["sdk", "label", "concept"]].dropna().drop_duplicates().assign(said=True)
    apps = table[["sdk", "label"]].drop_duplicates()
    everyone = claims.merge(apps, on="sdk").merge(said, on=["sdk", "label", "concept"], how="left")
    everyone["said"] = everyone["said"].fillna(False).astype(bool)
    usual = everyone["agreement"] > majority
    odd = everyone[(usual & ~everyone["said"]) | (~usual & everyone["said"])].copy()
    odd["kind"] = odd["said"].map({True: "adds", False: "omits"})
    columns = ["sdk", "label", "concept", "concept_zh", "concept_en", "kind", "agreement"]
    return odd[columns].sort_values(["sdk", "label", "kind", "concept"], ignore_index=True)
