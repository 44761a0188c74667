"""The page that compares apps: matrices as heat maps, top lists, and a table of all data items to search and sort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from noticeparse.report.template import fill
from noticeparse.tables import compare
from noticeparse.tables.frames import Frames

_MOST_ROWS, _MOST_COLUMNS, _MOST_LISTED, _MOST_NOTICES = 40, 30, 15, 100
_STEPS = 5
_COLUMNS = (
    ("label", "App"),
    ("recipient", "Recipient"),
    ("sdk", "SDK"),
    ("item_text", "Data item, as written"),
    ("concept_zh", "Kind of data"),
    ("concept_en", "In English"),
    ("concept_category", "Category"),
    ("sensitive", "Sensitive"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a heat map: its number, and the step of its colour from 0 (nothing) to 5 (the largest of the map)."""

    value: int
    step: int


@dataclass(frozen=True, slots=True)
class Heat:
    """A matrix to be shown.

    Attributes:
        id: Its name on the page.
        title: What it shows.
        unit: What its numbers count.
        rows: What the rows are, in the plural.
        columns: What the columns are, in the plural.
        names: Names of the columns shown.
        lines: Name and cells of each row shown.
        total: Number of all rows, and of all columns.
        what: The table's name on the command line.
    """

    id: str
    title: str
    unit: str
    rows: str
    columns: str
    names: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Cell, ...]], ...]
    total: tuple[int, int]
    what: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """A top list: names, each with a number, the share of the largest in per cent, and remarks."""

    id: str
    title: str
    subject: str
    unit: str
    lines: tuple[tuple[str, int, int, str], ...]
    total: int


def compare_page(frames: Frames) -> str:
    """A page that shows who gets what from whom.

    Args:
        frames: The tables; without rows they give a page that says so.

    Returns:
        A whole HTML page that loads nothing. Matrices and lists are cut to their fullest part and say so; the data items
        are all there.
    """
    facts = compare.facts(frames)
    stated = facts.dropna(subset=["item_text"])
    facts["sensitive"] = facts["sensitive"].map({True: "yes", False: "no"}).where(facts["item_text"].notna(), None)
    return fill(
        "compare",
        {"columns": [_column(facts[name], title) for name, title in _COLUMNS], "size": len(facts)},
        title="Who gets what from whom",
        counts=(
            ("apps", frames.notices["label"].nunique()),
            ("notices", len(frames.notices)),
            ("disclosures", len(frames.disclosures)),
            ("recipients", frames.disclosures["recipient"].nunique()),
            ("data items", len(stated)),
            ("kinds of data", stated.loc[stated["concept"] != compare.UNRECOGNISED, "concept"].nunique()),
        ),
        heats=_heats(frames),
        rankings=_rankings(frames),
        notices=frames.notices.head(_MOST_NOTICES)
        .astype(object)
        .where(frames.notices.notna(), None)
        .to_dict("records"),
        duplicates=int((frames.diagnostics["code"] == "duplicate-notice").sum()),
        headings=[title for _, title in _COLUMNS],
    )


def _heats(frames: Frames) -> list[Heat]:
    asked: Sequence[tuple[str, str, Any, Any, Any]] = (
        ("Apps and recipients", "disclosures", "app", "recipient", "disclosures"),
        ("Apps and kinds of data", "disclosures", "app", "concept", "disclosures"),
        ("Recipients and kinds of data", "apps", "recipient", "concept", "apps"),
    )
    plural = {"app": "apps", "recipient": "recipients", "concept": "kinds of data"}
    short = {"app": "app", "recipient": "recipient", "concept": "data"}
    result: list[Heat] = []
    for title, unit, rows, columns, values in asked:
        matrix = compare.matrix(frames, rows, columns, values=values, names="zh")
        part = matrix.iloc[:_MOST_ROWS, :_MOST_COLUMNS]
        what = f"{short[rows]}-{short[columns]}"
        largest = int(part.to_numpy().max()) if part.size else 0
        result.append(
            Heat(
                what,
                title,
                unit,
                plural[rows],
                plural[columns],
                tuple(map(str, part.columns)),
                tuple(
                    (str(name), tuple(Cell(int(value), _step(int(value), largest)) for value in line))
                    for name, line in zip(part.index, part.to_numpy(), strict=True)
                ),
                matrix.shape,
                what,
            )
        )
    return result


def _step(value: int, largest: int) -> int:
    """Colour of a number: each step holds an equal part of the numbers from 1 to the largest."""
    return -(-value * _STEPS // largest) if value else 0


def _rankings(frames: Frames) -> list[Ranking]:
    recipients, sdks, data = compare.top(frames), compare.top(frames, "sdk"), compare.data_types(frames)
    sensitive = compare.sensitive_data(frames)
    got = sensitive.groupby("recipient", sort=True)["concept_zh"].agg(["nunique", "、".join]).reset_index()
    got = got.sort_values(["nunique", "recipient"], ascending=[False, True])
    return [
        _ranking("top-recipients", "Recipients", "Recipient", "apps", recipients, "recipient", "apps"),
        _ranking("top-sdks", "SDKs", "SDK", "apps", sdks, "sdk", "apps"),
        _ranking("top-data", "Kinds of data", "Kind of data", "apps", data, "concept_zh", "apps", "concept_en"),
        _ranking("top-sensitive", "Sensitive data", "Recipient", "kinds", got, "recipient", "nunique", "join"),
    ]


def _ranking(
    key: str,
    title: str,
    subject: str,
    unit: str,
    table: pd.DataFrame,
    name: str,
    number: str,
    remark: str | None = None,
) -> Ranking:
    shown = table.head(_MOST_LISTED)
    largest = max(map(int, shown[number]), default=1)
    remarks = shown[remark] if remark else [""] * len(shown)
    lines = tuple(
        (str(one), int(count), round(100 * int(count) / largest), str(more))
        for one, count, more in zip(shown[name], shown[number], remarks, strict=True)
    )
    return Ranking(key, title, subject, unit, lines, len(table))


def _column(values: pd.Series[Any], title: str) -> dict[str, Any]:
    """A column as its different values and, for each row, the number of one: names come back in most rows."""
    codes, words = pd.factorize(values.astype(object).where(values.notna(), None))
    return {"title": title, "words": [str(word) for word in words], "codes": codes.tolist()}
