"""Pictures of the tables for notebooks. Each function takes frames and returns the Axes that it drew on.

matplotlib is imported when something is drawn (``pip install 'noticeparse[plots]'``). Chinese labels are drawn with an
installed Chinese font, for that figure alone; without one, :class:`noticeparse.tables.fonts.FontError` says how to get one.
Labels are those of the data, shortened where they are long. A title such as "20 of 88 recipients" says how much is shown; the
frames that the pictures are drawn from (:mod:`noticeparse.tables.compare`, :mod:`noticeparse.tables.history`) have all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from noticeparse.tables import compare, history
from noticeparse.tables.compare import Dimension, Values
from noticeparse.tables.fonts import chinese_text, drawable, require
from noticeparse.tables.frames import Frames
from noticeparse.tables.history import Over

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Told apart also by those who see red and green alike, and in grey.
_BLUE, _ORANGE, _GREY, _PALE, _INK = "#3b6ea5", "#d1600a", "#8a939c", "#f3f4f6", "#222222"
_WORDS = {
    "app": ("app", "apps"),
    "recipient": ("recipient", "recipients"),
    "group": ("group", "groups"),
    "sdk": ("SDK", "SDKs"),
    "concept": ("kind of data", "kinds of data"),
    "data_category": ("category of data", "categories of data"),
    "permission": ("permission", "permissions"),
    "version": ("version", "versions"),
}
_COUNTED = {"apps": "apps", "disclosures": "disclosures", "concepts": "kinds of data"}


def plot_recipients(
    frames: Frames,
    *,
    by: Literal["recipient", "group", "sdk"] = "recipient",
    count: Literal["apps", "disclosures", "concepts"] | None = None,
    n: int = 20,
    ax: Axes | None = None,
) -> Axes:
    """Bars of the recipients that most apps share with, the fullest on top; orange where sensitive data are among them.

    Args:
        frames: The tables.
        by: Recipients, the groups that control them, or SDKs.
        count: What the bars count; apps by default, and kinds of data where there is only one app.
        n: How many bars at most.
        ax: Where to draw; a new figure by default.

    Returns:
        The Axes; ``ax.figure.savefig(...)`` writes it to a file. Without disclosures it says so.

    Raises:
        FontError: No Chinese font is installed.
        NoticeparseError: matplotlib is not installed.
        ValueError: ``count`` is unknown.
    """
    if count is None:
        count = "apps" if frames.notices["label"].nunique() > 1 else "concepts"
    if count not in _COUNTED:
        raise ValueError(f"unknown count {count!r}; choose from {', '.join(_COUNTED)}")
    everything = compare.top(frames, by).sort_values(
        [count, "disclosures", by], ascending=[False, False, True], ignore_index=True
    )
    table = everything.head(n)
    with chinese_text() as families:
        ax = ax or _figure(7.5, 1.3 + 0.3 * max(len(table), 3))
        if table.empty:
            return _nothing(ax)
        sensitive = [bool(value) for value in table["sensitive"]]
        places = list(range(len(table)))
        bars = ax.barh(
            places, [int(value) for value in table[count]], color=[_ORANGE if one else _BLUE for one in sensitive]
        )
        ax.bar_label(bars, padding=3, color=_INK)
        ax.set_yticks(places, [drawable(str(value), families) for value in table[by]])
        ax.invert_yaxis()
        ax.margins(x=0.08, y=0.02)
        ax.xaxis.set_major_locator(require("matplotlib.ticker").MaxNLocator(integer=True))
        ax.set_xlabel(f"number of {_COUNTED[count]}")
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_title(f"{_number(by, len(table), len(everything))} by number of {_COUNTED[count]}")
        _legend_of_sensitive(ax, set(sensitive))
    return ax


def plot_data_types(
    frames: Frames,
    rows: Dimension = "app",
    columns: Dimension = "concept",
    *,
    values: Values = "disclosures",
    names: Literal["id", "zh", "en"] = "zh",
    n: tuple[int, int] = (25, 25),
    ax: Axes | None = None,
) -> Axes:
    """Heat map of a matrix, of apps and kinds of data by default; the fullest rows and columns first.

    Args:
        frames: The tables.
        rows: What the rows are.
        columns: What the columns are.
        values: What the cells tell: ``presence``, ``disclosures`` or ``apps``.
        names: How kinds of data are called.
        n: How many rows and columns at most.
        ax: Where to draw; a new figure by default.

    Returns:
        The Axes. Without disclosures it says so.

    Raises:
        FontError: No Chinese font is installed.
        NoticeparseError: matplotlib is not installed.
        ValueError: As for :func:`noticeparse.tables.compare.matrix`.
    """
    everything = compare.matrix(frames, rows, columns, values=values, names=names)
    table = everything.iloc[: n[0], : n[1]]
    with chinese_text() as families:
        ax = ax or _figure(3.4 + 0.32 * max(table.shape[1], 5), 2.4 + 0.28 * max(table.shape[0], 3))
        if table.empty or not table.to_numpy().any():
            return _nothing(ax)
        most = int(table.to_numpy().max())
        shades = require("matplotlib").colormaps["Blues"].with_extremes(under=_PALE)
        # from 0, so that the darkest blue stays reserved for the greatest number and 1 is seen
        ax.pcolormesh(
            table.to_numpy(), cmap=shades, vmin=0.5, vmax=max(most * 1.15, 2), edgecolors="white", linewidth=1
        )
        ax.invert_yaxis()
        ax.set_xticks([place + 0.5 for place in range(table.shape[1])], _labels(table.columns, families, 26))
        ax.set_yticks([place + 0.5 for place in range(table.shape[0])], _labels(table.index, families, 34))
        ax.tick_params(axis="x", labelrotation=60, length=0)
        ax.tick_params(axis="y", length=0)
        for label in ax.get_xticklabels():
            label.set(horizontalalignment="right", rotation_mode="anchor")
        ax.spines[:].set_visible(False)
        if values != "presence":
            for (row, column), value in _cells(table):
                colour = "white" if value > most * 0.6 and most > 1 else _INK
                ax.text(column + 0.5, row + 0.5, str(value), ha="center", va="center", fontsize=8, color=colour)
        counted = {"presence": "", "disclosures": ", number of disclosures", "apps": ", number of apps"}[values]
        title = f"{_number(rows, *_sizes(table, everything, 0))} and {_number(columns, *_sizes(table, everything, 1))}"
        ax.set_title(title + counted)
    return ax


def plot_network(frames: Frames, *, n: tuple[int, int] = (25, 20), ax: Axes | None = None) -> Axes:
    """Apps on the left, recipients on the right, and a line for each app that shares with one.

    The more kinds of data an app shares, the thicker the line; orange where sensitive data are among them.

    Args:
        frames: The tables.
        n: How many apps and recipients at most: the recipients that most apps share with, and the apps with most of them.
        ax: Where to draw; a new figure by default.

    Returns:
        The Axes, with the apps' labels; the recipients' are those of a twin of it, the last Axes of the figure.

    Raises:
        FontError: No Chinese font is installed.
        NoticeparseError: matplotlib is not installed.
    """
    everything = compare.matrix(frames, "app", "recipient")
    everything = everything[everything.sum(axis=1) > 0]
    table = everything.iloc[:, : n[1]]
    table = table[table.sum(axis=1) > 0].iloc[: n[0]]
    with chinese_text() as families:
        ax = ax or _figure(9, 1.4 + 0.29 * max(*table.shape, 4))
        if table.empty:
            return _nothing(ax)
        table = _untangled(table)
        left, right = _spread(table.shape[0]), _spread(table.shape[1])
        shared = compare.facts(frames).groupby(["label", "recipient"])
        kinds, sensitive = shared["concept"].nunique(), shared["sensitive"].any()
        path, patches = require("matplotlib.path").Path, require("matplotlib.patches")
        curve = [path.MOVETO, path.CURVE4, path.CURVE4, path.CURVE4]
        told = set()
        for (row, column), _ in _cells(table):
            key = (table.index[row], table.columns[column])
            told.add(bool(sensitive[key]))
            ax.add_patch(
                patches.PathPatch(
                    path([(0, left[row]), (0.5, left[row]), (0.5, right[column]), (1, right[column])], curve),
                    facecolor="none",
                    edgecolor=_ORANGE if sensitive[key] else _BLUE,
                    linewidth=0.8 + 0.35 * min(int(kinds[key]), 12),
                    alpha=0.55,
                    zorder=2 if sensitive[key] else 1,
                )
            )
        ax.scatter([0] * len(left), left, s=28, color=_INK, zorder=3, clip_on=False)
        ax.scatter([1] * len(right), right, s=28, color=_INK, zorder=3, clip_on=False)
        twin = ax.twinx()
        ax.set_yticks(left, _labels(table.index, families, 34))
        twin.set_yticks(right, _labels(table.columns, families, 34))
        for one in (ax, twin):
            one.set(xlim=(0, 1), ylim=(1.03, -0.03), xticks=[])
            one.tick_params(axis="y", length=0, pad=8)
            one.spines[:].set_visible(False)
        apps = _number("app", *_sizes(table, everything, 0))
        recipients = _number("recipient", *_sizes(table, everything, 1))
        ax.set_title(f"Who shares with whom: {apps}, {recipients}")
        _legend_of_sensitive(ax, told)
    return ax


def plot_changes(
    frames: Frames,
    app: str | None = None,
    *,
    on: Over = "recipient",
    names: Literal["id", "zh", "en"] = "zh",
    n: int = 40,
    ax: Axes | None = None,
) -> Axes:
    """What the versions of one app's notice name, by their dates: what stayed, came and went.

    A line runs from the first to the last version in a row that names a value; a ``+`` marks where it came after the first
    one, an ``×`` the first version that names it no more. Versions stand at equal distances. Below each date: how many came
    and went.

    Args:
        frames: The tables, with several versions of the app's notice.
        app: The app's ``label``; not needed where there is only one.
        on: Recipients, the groups that control them, SDKs, or kinds of data.
        names: How kinds of data are called.
        n: How many values at most; those that came or went before those that stayed.
        ax: Where to draw; a new figure by default.

    Returns:
        The Axes. Without a dated version it says so; with one it shows what that one names.

    Raises:
        FontError: No Chinese font is installed.
        HistoryError: There is no such app, or there are several and none was chosen.
        NoticeparseError: matplotlib is not installed.
    """
    everything = history.presence(frames, app, on, names=names)
    changes = history.changes(frames, app, on, names=names)
    moved = everything.index.isin(changes[on])
    kept = set(everything.index[moved][:n]) | set(everything.index[~moved][: max(n - int(moved.sum()), 0)])
    table = everything[everything.index.isin(kept)]
    with chinese_text() as families:
        ax = ax or _figure(4.2 + 0.95 * max(table.shape[1], 2), 1.7 + 0.28 * max(len(table), 3))
        if table.empty:
            return _nothing(ax, f"no dated version that names {_WORDS[on][1]}")
        for row, value in enumerate(table.index):
            _draw_life(ax, row, [bool(one) for one in table.loc[value]])
        counts = changes.groupby(["version", "kind"]).size()
        dates = [
            f"{version}\n+{counts.get((version, 'added'), 0)}  −{counts.get((version, 'removed'), 0)}"
            if place
            else f"{version}\n"
            for place, version in enumerate(table.columns)
        ]
        ax.set_xticks(range(len(dates)), dates)
        ax.set_yticks(range(len(table)), _labels(table.index, families, 34))
        ax.set(xlim=(-0.5, len(dates) - 0.5), ylim=(len(table) - 0.4, -0.6))
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="x", color="#dddddd", zorder=0)
        ax.set_axisbelow(True)
        ax.spines[["top", "right", "left"]].set_visible(False)
        _legend(ax, [_mark("o", _BLUE, "named"), _mark("P", _BLUE, "new"), _mark("X", _ORANGE, "no longer named")])
        label = app or frames.notices["label"].iloc[0]
        undated = int((frames.notices["label"] == label).sum()) - table.shape[1]
        note = f"\n{undated} without a date left out" if undated else ""
        who = drawable(str(label), families)
        ax.set_title(
            f"{who}: {_number(on, len(table), len(everything))} over {_number('version', table.shape[1])}{note}"
        )
    return ax


# ---------------------------------------------------------------- parts


def _draw_life(ax: Axes, row: int, told: Sequence[bool]) -> None:
    """One value's line through the versions."""
    for place, here in enumerate(told):
        before = told[place - 1] if place else here
        if here and place and before:
            ax.plot([place - 1, place], [row, row], color=_BLUE, linewidth=3, solid_capstyle="round", zorder=2)
        if here and place and not before:
            ax.plot(place, row, marker="P", markersize=9, color=_BLUE, markeredgecolor="white", zorder=4)
        elif here:
            ax.plot(place, row, marker="o", markersize=6, color=_BLUE, zorder=3)
        elif before:
            ax.plot([place - 1, place], [row, row], color=_GREY, linewidth=1, linestyle=":", zorder=1)
            ax.plot(place, row, marker="X", markersize=8, color=_ORANGE, markeredgecolor="white", zorder=4)


def _untangled(table: pd.DataFrame) -> pd.DataFrame:
    """Rows and columns in an order in which fewer lines cross: each by the mean place of what it is tied to."""
    for _ in range(4):
        places = table.to_numpy() @ range(table.shape[1]) / table.to_numpy().sum(axis=1)
        table = table.iloc[places.argsort(kind="stable")]
        places = range(table.shape[0]) @ table.to_numpy() / table.to_numpy().sum(axis=0).clip(min=1)
        table = table.iloc[:, places.argsort(kind="stable")]
    return table.loc[:, table.sum(axis=0) > 0]


def _spread(count: int) -> list[float]:
    """Places from 0 to 1 at equal distances; one alone in the middle."""
    return [0.5] if count == 1 else [place / (count - 1) for place in range(count)]


def _cells(table: pd.DataFrame) -> list[tuple[tuple[int, int], int]]:
    """Row, column and value of the cells that are not 0."""
    numbers = table.to_numpy()
    rows, columns = numbers.nonzero()
    return [((int(row), int(column)), int(numbers[row, column])) for row, column in zip(rows, columns, strict=True)]


def _sizes(table: pd.DataFrame, everything: pd.DataFrame, axis: int) -> tuple[int, int]:
    return table.shape[axis], everything.shape[axis]


def _labels(values: Any, families: Sequence[str], width: int) -> list[str]:
    return [drawable(str(value), families, width=width) for value in values]


def _number(what: str, shown: int, of: int | None = None) -> str:
    """``20 of 88 recipients``; ``88 recipients`` where all are shown."""
    total = shown if of is None else of
    words = _WORDS[what][total != 1]
    return f"{total} {words}" if shown == total else f"{shown} of {total} {words}"


def _figure(width: float, height: float) -> Axes:
    """A new figure with one Axes, as large as what it shall hold."""
    axes: Axes = require("matplotlib.pyplot").subplots(figsize=(width, height), layout="constrained")[1]
    return axes


def _nothing(ax: Axes, message: str = "no disclosures") -> Axes:
    ax.text(0.5, 0.5, message, ha="center", va="center", transform=ax.transAxes, color=_GREY, fontsize=13)
    ax.set_axis_off()
    return ax


def _legend_of_sensitive(ax: Axes, told: set[bool]) -> None:
    """What the two colours mean; left out where there is no sensitive data to tell apart."""
    if True in told:
        meanings = {True: (_ORANGE, "sensitive data among them"), False: (_BLUE, "no sensitive data among them")}
        patch = require("matplotlib.patches").Patch
        shown = [meanings[one] for one in (True, False) if one in told]
        _legend(ax, [patch(color=colour, label=label) for colour, label in shown])


def _mark(marker: str, colour: str, label: str) -> Any:
    line = require("matplotlib.lines").Line2D
    return line([], [], marker=marker, color=colour, label=label, linestyle="", markersize=7, markeredgecolor="white")


def _legend(ax: Axes, handles: Sequence[Any]) -> None:
    """Below the drawing, so that it hides nothing."""
    if ax.figure.get_layout_engine() is None:
        ax.legend(handles=handles)  # a figure of the caller's own, which makes no room outside of its Axes
    else:
        ax.figure.legend(handles=handles, loc="outside lower center", ncols=len(handles), frameon=False)
