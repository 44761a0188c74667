"""One app's notice over time: its versions by their date, and what came and went from one to the next."""

from __future__ import annotations

from collections import Counter
from typing import Literal, get_args

import pandas as pd

from noticeparse.errors import NoticeparseError
from noticeparse.tables.compare import UNNAMED, UNRECOGNISED, column_of, facts
from noticeparse.tables.frames import Frames

Over = Literal["recipient", "group", "sdk", "concept"]

_VALUES = get_args(Over)


class HistoryError(NoticeparseError, ValueError):
    """A history that cannot be told: no such app, several apps and none chosen, or nothing that it could be told of."""


def versions(frames: Frames, app: str | None = None) -> pd.DataFrame:
    """The versions of one app's notice, the earliest first; those of one day in the order given.

    Args:
        frames: The tables.
        app: The app's ``label``; not needed where there is only one.

    Returns:
        Columns ``version`` (the date, with a number behind it from the second version of one day on), ``notice_id``,
        ``updated``, ``source``, ``disclosures``. Versions that tell no date are left out: nobody knows where they belong.

    Raises:
        HistoryError: There is no such app, or there are several and none was chosen.
    """
    labels = sorted(set(frames.notices["label"]))
    if app is None and len(labels) > 1:
        raise HistoryError(f"there are {len(labels)} apps; choose one of {_some(labels)}")
    if app is not None and app not in labels:
        raise HistoryError(f"no app {app!r}" + (f"; choose one of {_some(labels)}" if labels else ": no notices"))
    table = frames.notices if app is None else frames.notices[frames.notices["label"] == app]
    table = table.dropna(subset=["updated"]).sort_values("updated", kind="stable", ignore_index=True)
    seen: Counter[str] = Counter()
    names = []
    for date in table["updated"]:
        seen[date] += 1
        names.append(date if seen[date] == 1 else f"{date} ({seen[date]})")
    table = table[["notice_id", "updated", "source", "disclosures"]].copy()
    table.insert(0, "version", pd.Series(names, index=table.index, dtype=table["updated"].dtype))
    return table


def presence(
    frames: Frames, app: str | None = None, on: Over = "recipient", *, names: Literal["id", "zh", "en"] = "id"
) -> pd.DataFrame:
    """Which version of a notice names what.

    Args:
        frames: The tables.
        app: The app's ``label``; not needed where there is only one.
        on: Recipients, the groups that control them, SDKs, or kinds of data.
        names: How kinds of data are called: by id, in Chinese or in English.

    Returns:
        1 or 0, a row for each value and a column for each version; values in the order in which they came, those of one
        version by name. Disclosures that name no SDK and data that no concept covers are left out: they are no value
        that could come or go.

    Raises:
        HistoryError: As for :func:`versions`, or there is no such ``on``.
    """
    if on not in _VALUES:
        raise HistoryError(f"unknown value {on!r}; choose from {', '.join(_VALUES)}")
    order = versions(frames, app)
    column = column_of(on, names)
    table = facts(frames)[["notice_id", column]].dropna().drop_duplicates()
    table = table[~table[column].isin([UNNAMED, UNRECOGNISED])]
    named = {key: set(values) for key, values in table.groupby("notice_id")[column]}
    told = [named.get(key, set()) for key in order["notice_id"]]
    everything = set().union(*told)
    result = pd.DataFrame(
        {
            version: [int(value in values) for value in sorted(everything)]
            for version, values in zip(order["version"], told, strict=True)
        },
        index=pd.Index(sorted(everything), name=on, dtype="object"),
        dtype="int64",
    ).rename_axis(columns="version")
    if result.empty:
        return result
    came = result.to_numpy().argmax(axis=1)
    ordered: pd.DataFrame = result.iloc[came.argsort(kind="stable")]
    return ordered


def changes(
    frames: Frames, app: str | None = None, on: Over = "recipient", *, names: Literal["id", "zh", "en"] = "id"
) -> pd.DataFrame:
    """What came and went from one version of a notice to the next.

    :func:`noticeparse.diff_notices` tells what changed within a disclosure that stayed.

    Args:
        frames: The tables.
        app: The app's ``label``; not needed where there is only one.
        on: Recipients, the groups that control them, SDKs, or kinds of data.
        names: How kinds of data are called: by id, in Chinese or in English.

    Returns:
        Columns ``before`` and ``version`` (the two versions), ``kind`` (``added`` or ``removed``) and the value under the
        name ``on``; in the order of the versions, what came before what went.

    Raises:
        HistoryError: As for :func:`presence`.
    """
    told = presence(frames, app, on, names=names)
    rows = [
        (before, version, kind, value)
        for before, version in zip(told.columns, told.columns[1:], strict=False)
        for kind, sign in (("added", 1), ("removed", -1))
        for value in told.index[(told[version] - told[before]) == sign]
    ]
    return pd.DataFrame(rows, columns=["before", "version", "kind", on])


def _some(labels: list[str]) -> str:
    return ", ".join(labels[:5]) + (" …" if len(labels) > 5 else "")
