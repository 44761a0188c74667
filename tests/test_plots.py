"""Pictures say what the tables say, in characters that their font has; styled tables link only to the web."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import matplotlib as mpl
import pytest
from bs4 import BeautifulSoup
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.text import Text
from msgspec.structs import replace

import noticeparse
from noticeparse.records import Notice
from noticeparse.tables import compare, history, plots
from noticeparse.tables.fonts import FAMILIES, FontError, chinese_fonts, chinese_text, drawable
from noticeparse.tables.frames import Frames, to_frames
from noticeparse.tables.history import HistoryError
from noticeparse.tables.styles import link_html, style_disclosures
from tests.conftest import program_environment

mpl.use("agg")

try:
    chinese_fonts()
    HAS_FONT = True
except FontError:
    HAS_FONT = False
needs_font = pytest.mark.skipif(not HAS_FONT, reason="no Chinese font is installed")

FIRST = """甲应用第三方SDK目录
更新日期：2024年3月1日
极光推送SDK
第三方名称：深圳市和讯华谷信息技术有限公司
使用目的：消息推送
收集个人信息：IMEI、精确位置信息
隐私政策：https://www.jiguang.cn/license/privacy
云杉$统计$SDK
第三方名称：云杉统计有限公司
使用目的：统计
收集个人信息：IP地址
"""
SECOND = """甲应用第三方SDK目录
更新日期：2024年9月1日
极光推送SDK
第三方名称：深圳市和讯华谷信息技术有限公司
使用目的：消息推送
收集个人信息：IMEI
高德定位SDK
第三方名称：高德软件有限公司
使用目的：定位
收集个人信息：精确位置信息
"""
UNDATED = """乙应用第三方SDK目录
极光推送SDK
第三方名称：深圳市和讯华谷信息技术有限公司
使用目的：推送
收集个人信息：MAC地址
"""
Draw = Callable[[Frames], Axes]
DRAWN: list[Draw] = [
    plots.plot_recipients,
    plots.plot_data_types,
    plots.plot_network,
    lambda frames: plots.plot_changes(frames, "甲应用" if len(frames.notices) > 1 else None),
]


def parsed(text: str, name: str, label: str | None = None) -> Notice:
    notice = noticeparse.parse(text)
    app = notice.notice.app or notice.notice.title
    assert app is not None
    return replace(notice, notice=replace(notice.notice, source=name, app=replace(app, text=label or app.text)))


@pytest.fixture(scope="module")
def frames() -> Frames:
    return to_frames(
        [parsed(SECOND, "b.txt", "甲应用"), parsed(FIRST, "a.txt", "甲应用"), parsed(UNDATED, "c.txt", "乙应用")]
    )


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def labels(ax: Axes, axis: str) -> list[str]:
    return [text.get_text() for text in getattr(ax, f"get_{axis}ticklabels")()]


def texts(ax: Axes) -> list[Text]:
    return [text for text in ax.figure.findobj(Text) if text.get_text().strip()]


# ---------------------------------------------------------------- what they say


@needs_font
def test_bars_are_the_top_recipients(frames: Frames) -> None:
    ax = plots.plot_recipients(frames)
    table = compare.top(frames)
    assert labels(ax, "y") == list(table["recipient"])
    assert [bar.get_width() for bar in ax.patches] == list(table["apps"])
    assert ax.get_title() == "3 recipients by number of apps"
    assert plots.plot_recipients(frames, n=2).get_title() == "2 of 3 recipients by number of apps"


@needs_font
def test_bars_count_what_is_asked(frames: Frames) -> None:
    ax = plots.plot_recipients(frames, by="sdk", count="concepts")
    table = compare.top(frames, "sdk").set_index("sdk")["concepts"]
    assert {label: bar.get_width() for label, bar in zip(labels(ax, "y"), ax.patches, strict=True)} == table.to_dict()
    assert "云杉$统计$SDK" in labels(ax, "y")
    with pytest.raises(ValueError, match="unknown count 'people'; choose from apps, disclosures, concepts"):
        plots.plot_recipients(frames, count="people")  # type: ignore[arg-type]


@needs_font
def test_the_heat_map_is_the_matrix(frames: Frames) -> None:
    ax = plots.plot_data_types(frames)
    table = compare.matrix(frames, "app", "concept", values="disclosures", names="zh")
    assert labels(ax, "y") == list(table.index)
    assert labels(ax, "x") == [drawable(one, chinese_fonts(), width=26) for one in table.columns]
    shown = {(int(text.get_position()[1]), int(text.get_position()[0])): int(text.get_text()) for text in ax.texts}
    numbers = table.to_numpy()
    assert shown == {(row, column): numbers[row, column] for row, column in zip(*numbers.nonzero(), strict=True)}
    assert ax.collections[0].get_array().tolist() == numbers.tolist()


@needs_font
def test_the_network_has_a_line_for_each_pair(frames: Frames) -> None:
    ax = plots.plot_network(frames)
    table = compare.matrix(frames, "app", "recipient")
    twin = ax.figure.axes[-1]
    assert sorted(labels(ax, "y")) == sorted(table.index)
    assert sorted(labels(twin, "y")) == sorted(table.columns)
    lefts = dict(zip(ax.get_yticks(), labels(ax, "y"), strict=True))
    rights = dict(zip(twin.get_yticks(), labels(twin, "y"), strict=True))
    lines = {(lefts[line.get_path().vertices[0][1]], rights[line.get_path().vertices[-1][1]]) for line in ax.patches}
    assert lines == {(app, name) for app in table.index for name in table.columns if table.loc[app, name]}


@needs_font
def test_changes_are_those_of_the_history(frames: Frames) -> None:
    ax = plots.plot_changes(frames, "甲应用")
    table = history.presence(frames, "甲应用")
    assert labels(ax, "y") == list(table.index)
    assert labels(ax, "x") == ["2024-03-01\n", "2024-09-01\n+1  −1"]
    marks = {(line.get_marker(), int(line.get_ydata()[0]), int(line.get_xdata()[0])) for line in ax.lines}
    names = labels(ax, "y")
    assert ("X", names.index("云杉统计有限公司"), 1) in marks
    assert ("P", names.index("高德软件有限公司"), 1) in marks
    assert ("o", names.index("深圳市和讯华谷信息技术有限公司"), 1) in marks


@needs_font
def test_what_moved_is_shown_before_what_stayed(frames: Frames) -> None:
    ax = plots.plot_changes(frames, "甲应用", n=2)
    assert labels(ax, "y") == ["云杉统计有限公司", "高德软件有限公司"]
    assert ax.get_title() == "甲应用: 2 of 3 recipients over 2 versions"


def test_history(frames: Frames) -> None:
    assert list(history.versions(frames, "甲应用")["source"]) == ["a.txt", "b.txt"]
    table = history.changes(frames, "甲应用")
    assert table.to_numpy().tolist() == [
        ["2024-03-01", "2024-09-01", "added", "高德软件有限公司"],
        ["2024-03-01", "2024-09-01", "removed", "云杉统计有限公司"],
    ]
    assert list(history.changes(frames, "甲应用", "concept")["concept"]) == ["ip_address"]
    assert history.versions(frames, "乙应用").empty
    with pytest.raises(HistoryError, match="there are 2 apps; choose one of 乙应用, 甲应用"):
        history.versions(frames)
    with pytest.raises(HistoryError, match="no app '丙应用'; choose one of 乙应用, 甲应用"):
        history.presence(frames, "丙应用")
    with pytest.raises(HistoryError, match="unknown value 'colour'"):
        history.presence(frames, "甲应用", "colour")  # type: ignore[arg-type]


def test_two_versions_of_one_day_are_two() -> None:
    one, other = parsed(FIRST, "a.txt"), parsed(SECOND.replace("9月", "3月"), "b.txt")
    table = history.versions(to_frames([one, other]), None)
    assert list(table["version"]) == ["2024-03-01", "2024-03-01 (2)"]


# ---------------------------------------------------------------- fonts


@needs_font
@pytest.mark.parametrize("draw", DRAWN)
def test_every_character_is_in_the_font(frames: Frames, draw: Draw) -> None:
    before = dict(mpl.rcParams)
    ax = draw(frames)
    assert dict(mpl.rcParams) == before
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a glyph that is missing
        ax.figure.savefig(BytesIO(), format="png")
    drawn = [text for text in texts(ax) if not text.get_text().isascii()]
    assert drawn
    for text in drawn:
        assert text.get_fontfamily()[0] in FAMILIES
        shown = " ".join(text.get_text().split())
        assert drawable(shown, text.get_fontfamily(), width=400) == shown


@needs_font
def test_labels_that_no_font_has_or_no_line_holds() -> None:
    with chinese_text() as families:
        assert drawable("云杉\n统计", families) == "云杉 统计"
        assert drawable("云杉\U0010fffd", families) == "云杉?"
        assert drawable("云" * 21, families) == "云" * 19 + "…"
        assert drawable("云" * 20, families) == "云" * 20
        assert drawable("云杉", ["DejaVu Sans"]) == "??"


@needs_font
def test_what_a_backend_sets_when_it_first_draws_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(mpl.rcParams, "interactive", False)
    family = list(mpl.rcParams["font.family"])
    with chinese_text():
        mpl.rcParams["interactive"] = True
    assert mpl.rcParams["interactive"]
    assert mpl.rcParams["font.family"] == family


def test_without_a_chinese_font_the_message_says_how_to_get_one(
    frames: Frames, monkeypatch: pytest.MonkeyPatch
) -> None:
    latin = [entry for entry in font_manager.fontManager.ttflist if entry.name not in FAMILIES]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", latin)
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    for draw in DRAWN:
        with pytest.raises(FontError, match="apt-get install fonts-noto-cjk"):
            draw(frames)
    assert not plt.get_fignums()


@needs_font
def test_a_font_that_was_installed_since_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known = chinese_fonts()
    listed = font_manager.fontManager.ttflist
    files = {entry.fname for entry in listed if entry.name in FAMILIES}  # a file may hold several families
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [entry for entry in listed if entry.fname not in files])
    assert set(chinese_fonts()) & set(known)


def test_without_matplotlib_the_message_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "import noticeparse\nfrom noticeparse.tables.plots import plot_recipients\n"
        "try:\n    plot_recipients(noticeparse.to_frames([]))\n"
        "except noticeparse.NoticeparseError as error:\n    print(error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=program_environment(), timeout=60, check=True
    )
    assert result.stdout == "plots need matplotlib: pip install 'noticeparse[plots]'\n"


def test_matplotlib_is_imported_when_something_is_drawn() -> None:
    code = "import sys, noticeparse.tables.plots, noticeparse.tables.styles; print('matplotlib' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=program_environment(), timeout=60, check=True
    )
    assert result.stdout == "False\n"


# ---------------------------------------------------------------- little to draw


@needs_font
@pytest.mark.parametrize("draw", DRAWN)
def test_nothing_to_draw_says_so(draw: Draw) -> None:
    ax = draw(to_frames([]))
    ax.figure.savefig(BytesIO())
    assert next(text.get_text() for text in texts(ax)).startswith("no d")


@needs_font
def test_one_notice(frames: Frames) -> None:
    one = to_frames([parsed(FIRST, "a.txt", "甲应用")])
    ax = plots.plot_recipients(one)
    assert ax.get_title() == "2 recipients by number of kinds of data"
    assert [bar.get_width() for bar in ax.patches] == [2, 1]
    assert plots.plot_network(one).get_title() == "Who shares with whom: 1 app, 2 recipients"
    assert labels(plots.plot_changes(one), "x") == ["2024-03-01\n"]
    assert plots.plot_changes(frames, "乙应用").texts[0].get_text() == "no dated version that names recipients"


@needs_font
def test_versions_without_a_date_are_told(frames: Frames) -> None:
    mixed = to_frames([parsed(FIRST, "a.txt", "甲应用"), parsed(UNDATED, "b.txt", "甲应用")])
    assert plots.plot_changes(mixed).get_title().endswith("over 1 version\n1 without a date left out")


@needs_font
def test_a_drawing_goes_where_it_is_told(frames: Frames) -> None:
    figure, axes = plt.subplots(1, 2)
    assert plots.plot_recipients(frames, ax=axes[0]) is axes[0]
    assert plots.plot_data_types(frames, ax=axes[1]) is axes[1]
    assert plt.get_fignums() == [figure.number]


# ---------------------------------------------------------------- styled tables


def cells(html: str) -> Iterator[dict[str, Any]]:
    soup = BeautifulSoup(html, "lxml")
    names = [head.get_text() for head in soup.select("thead th")]
    for row in soup.select("tbody tr"):
        yield dict(zip(names, row.find_all("td"), strict=True))


def test_styled_disclosures_say_what_the_frames_say(frames: Frames) -> None:
    rows = list(cells(style_disclosures(frames, "甲应用").to_html()))
    assert [row["SDK"].get_text() for row in rows] == ["极光推送SDK", "高德定位SDK", "极光推送SDK", "云杉$统计$SDK"]
    assert rows[2]["data"].get_text() == "IMEI、精确位置信息"
    assert [one.get_text() for one in rows[2]["data"].find_all("b")] == ["精确位置信息"]
    link = rows[2]["privacy policy"].a
    assert link["href"] == link.get_text() == "https://www.jiguang.cn/license/privacy"
    assert rows[0]["privacy policy"].get_text() == ""
    assert "app" in next(iter(cells(style_disclosures(frames).to_html())))
    assert list(cells(style_disclosures(to_frames([])).to_html())) == []


def test_the_same_frames_give_the_same_html(frames: Frames) -> None:
    assert style_disclosures(frames).to_html() == style_disclosures(frames).to_html()


def test_a_notice_is_not_taken_for_html() -> None:
    text = FIRST.replace("消息推送", "推送<script>alert(1)</script>").replace("极光推送SDK", "<img src=x>推送SDK")
    notice = parsed(text, "<b>a</b>.txt", "<i>甲</i>")
    frames = to_frames([notice, parsed(UNDATED, "c.txt", "乙应用")])
    link = frames.disclosures["privacy_policy"].copy()
    link.iloc[0] = "javascript:alert(1)"
    frames.disclosures["privacy_policy"] = link
    html = style_disclosures(frames).to_html()
    body = BeautifulSoup(html, "lxml").tbody
    assert body is not None
    assert {tag.name for tag in body.find_all(True)} <= {"tr", "td", "b"}
    assert "推送<script>alert(1)</script>" in body.get_text()
    assert "javascript:alert(1)" in body.get_text()


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("https://a.example/p?x=1&y=2", "https://a.example/p?x=1&y=2"),
        ("HTTP://a.example", "HTTP://a.example"),
        ('https://a.example/"onclick="x', 'https://a.example/"onclick="x'),
        ("javascript:alert(1)", None),
        ("data:text/html,<script>", None),
        ("www.a.example/privacy", None),
        ("https://", None),
        ("https://[broken", None),
        ("《隐私政策》<b>", None),
        (None, None),
    ],
)
def test_only_the_web_is_linked(address: str | None, href: str | None) -> None:
    soup = BeautifulSoup(f"<p>{link_html(address)}</p>", "lxml")
    assert soup.get_text() == (address or "")
    assert [
        (link["href"], set(link.attrs)) for link in soup.find_all(True) if link.name not in ("html", "body", "p")
    ] == ([(href, {"href", "target", "rel"})] if href else [])
