"""Pages: segments of marked text, what stands on them, and that a notice's text stays text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import noticeparse
from noticeparse.jsonl import write_notices
from noticeparse.lexicon.load import load_lexicon
from noticeparse.parsing import open_document, parse_document
from noticeparse.records import Notice
from noticeparse.report.compare import compare_page
from noticeparse.report.notice import notice_page
from noticeparse.report.spans import Highlight, Segment, blocks, segments
from noticeparse.report.template import embedded, verbatim, web_address
from noticeparse.tables.frames import to_frames
from tests.conftest import Run
from tests.support import CORPUS

SCRIPT = "<script>alert(1)</script>"
IMAGE = '<img src=x onerror="alert(2)">'
HOSTILE = f"""示例{SCRIPT}应用第三方SDK目录

示例{SCRIPT}推送SDK
第三方名称：示例{IMAGE}科技有限公司
使用目的：消息推送"'><svg onload=alert(3)>
收集个人信息类型：IMEI{IMAGE}、</script><!--<script>alert(4)//
隐私政策链接：javascript:alert(5)

示例统计SDK
第三方名称：示例统计科技有限公司
使用目的：统计分析
收集个人信息类型：身份证号（仅安卓）、奇异数据
隐私政策链接：https://stat.example.com/"onmouseover="alert(6)
"""


def page_of(source: Path | str) -> str:
    lexicon = load_lexicon()
    document = open_document(source)
    return notice_page(document.text, parse_document(document, lexicon), lexicon)


def tree(page: str) -> BeautifulSoup:
    # Blank text between elements counts in a notice's text, as it does in a browser.
    return BeautifulSoup(page, "html.parser", preserve_whitespace_tags={"div"})


# ---------------------------------------------------------------- segments

texts = st.text(st.sampled_from("甲乙𠀀丙<&\n\r\u2028 "), max_size=60)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Highlight]]:
    text = draw(texts)
    place = st.integers(-2, len(text) + 2)
    pairs = draw(st.lists(st.tuples(place, place, st.booleans()), max_size=12))
    spans = [(min(a, b), max(a, b), behind) for a, b, behind in pairs]
    return text, [Highlight(key, "item", (start, end), behind) for key, (start, end, behind) in enumerate(spans)]


@given(marked())
def test_segments_give_the_text_back_and_mark_every_value(case: tuple[str, list[Highlight]]) -> None:
    text, highlights = case
    parts = segments(text, highlights)
    assert "".join(part.text for part in parts) == text
    for part in parts:
        assert text[part.start : part.start + len(part.text)] == part.text
        assert part.text
    for one in highlights:
        start, end = max(one.span[0], 0), min(one.span[1], len(text))
        covered = [
            place for part in parts if one in part.over for place in range(part.start, part.start + len(part.text))
        ]
        assert covered == list(range(start, end))


@given(marked(), st.integers(1, 4))
def test_blocks_hold_the_same_segments_in_whole_lines(case: tuple[str, list[Highlight]], lines: int) -> None:
    text, highlights = case
    parts = segments(text, highlights)
    cut = list(blocks(parts, lines))
    assert "".join(part.text for block in cut for part in block) == text
    assert [part for block in cut for part in block if part.over] == [part for part in parts if part.over]
    for block in cut[:-1]:
        assert block[-1].text.endswith("\n")
    for block in cut:
        assert all(text[part.start : part.start + len(part.text)] == part.text for part in block)


def test_the_inner_value_decides_the_look_and_a_remark_never_does() -> None:
    item = Highlight(1, "item", (0, 6))
    condition = Highlight(2, "qualifier", (2, 4))
    remark = Highlight(3, "diagnostic", (3, 4), behind=True)
    parts = segments("IMEI限定", [item, condition, remark])
    assert [(part.text, [one.kind for one in part.over]) for part in parts] == [
        ("IM", ["item"]),
        ("E", ["qualifier", "item"]),
        ("I", ["qualifier", "item", "diagnostic"]),
        ("限定", ["item"]),
    ]


def test_no_text() -> None:
    assert segments("", [Highlight(1, "item", (0, 3))]) == ()
    assert list(blocks(())) == []
    assert list(blocks([Segment(0, "a\nb\n")], 1)) == [(Segment(0, "a\n"),), (Segment(2, "b\n"),)]


# ---------------------------------------------------------------- the page of a notice


@pytest.mark.parametrize("notice_id", ["sample-mall", "qualifier-rich", "html-table-spans", "none-cookies"])
def test_every_value_is_marked_and_leads_to_its_row_and_back(notice_id: str) -> None:
    path = CORPUS.notice(notice_id)
    document = open_document(path)
    page = tree(page_of(path))
    shown = page.select_one(".verbatim")
    assert isinstance(shown, Tag)
    assert "".join(block.get_text() for block in shown.select(".block")) == document.text
    notice = noticeparse.parse(path)
    expected = [value.text for value in (notice.notice.app, notice.notice.title) if value]
    for disclosure in notice.disclosures:
        for name in disclosure.__struct_fields__:
            value = getattr(disclosure, name)
            for one in value if isinstance(value, tuple) else (value,):
                if hasattr(one, "span"):
                    expected.append(one.text)
                    expected.extend(note.text for note in getattr(one, "qualifiers", ()))
    expected.extend(run.text for run in notice.unparsed)
    expected.extend(note.message for note in notice.diagnostics)
    rows = page.select("tr[data-k]")
    assert sorted(row.select("td")[0].get_text() for row in rows) == sorted(expected)
    marks = {str(mark["id"]): mark for mark in shown.select("a.m")}
    for row in rows:
        link = row.select_one("a.jump")
        if link is None:
            assert "f-diagnostic" in row["class"]  # about the whole notice
            continue
        mark = marks[str(link["href"])[1:]]
        assert row["data-k"] in str(mark["data-k"]).split()
    ids = {str(element["id"]) for element in page.select("[id]")}
    assert len(ids) == len(page.select("[id]"))
    for mark in marks.values():
        assert str(mark["href"])[1:] in ids
        assert mark["aria-describedby"] in ids


def test_the_row_tells_what_a_value_was_taken_for() -> None:
    rows = tree(page_of(CORPUS.notice("sample-mall"))).select("tr[data-k]")
    told = {row.select("td")[0].get_text(): row.select("td")[1].get_text().strip() for row in rows}
    assert told["GeeGuard ID"] == "concept not in the lexicon"
    assert told["安卓ID"].startswith("concept android_id · ")
    assert told["仅Android 10以下版本"] == "kind os_version; value android<10"
    assert "id geetest" in told["武汉极意网络科技有限公司"]


def test_unparsed_runs_and_diagnostics_are_there() -> None:
    text = "示例SDK\n使用目的：推送\n收集个人信息类型：IMEI\n奇怪标签：某种说法\n"
    notice = noticeparse.parse(text)
    assert notice.unparsed
    page = tree(page_of(text))
    for run in notice.unparsed:
        assert run.text in [row.select("td")[0].get_text() for row in page.select("#unparsed tr[data-k]")]
    assert page.select(".f-unparsed, .with-unparsed")
    assert tree(page_of(CORPUS.notice("sample-mall"))).select("#diagnostics tr[data-k]")


def test_a_notice_without_disclosures_says_so() -> None:
    page = tree(page_of("本页没有清单。\n"))
    assert "No disclosures" in page.get_text()
    assert page.select_one("#filter") is None


# ---------------------------------------------------------------- what a notice says stays text


def assert_harmless(page: str) -> None:
    """Only the page's own elements and attributes, and a policy that lets its own script run and nothing else."""
    found = tree(page)
    (policy,) = (meta["content"] for meta in found.select("meta[http-equiv]"))
    running = [script for script in found.select("script") if script.get("type") is None]
    assert len(running) == 1
    digest = base64.b64encode(hashlib.sha256((running[0].string or "").encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in str(policy)
    assert str(policy).startswith("default-src 'none';")
    assert not found.select("img, svg, iframe, link, object, embed")
    for element in found.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on") or name == "src"], element
    for link in found.select("a[href]"):
        target = str(link["href"])
        if not target.startswith("#"):
            assert target.startswith(("http://", "https://"))
            assert "noreferrer" in link["rel"]


def test_a_hostile_notice_is_only_text() -> None:
    page = page_of(HOSTILE)
    assert_harmless(page)
    shown = tree(page).select_one(".verbatim")
    assert isinstance(shown, Tag)
    assert "".join(block.get_text() for block in shown.select(".block")) == open_document(HOSTILE).text
    assert_harmless(compare_page(to_frames([renamed(noticeparse.parse(HOSTILE), SCRIPT + IMAGE)])))


def renamed(notice: Notice, source: str) -> Notice:
    return replace(notice, notice=replace(notice.notice, source=source, app=None, title=None))


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("<>&'\"\r\0\u2028"), max_size=30))
def test_text_is_escaped_and_nothing_of_it_lost(text: str) -> None:
    written = str(verbatim(text))
    assert not set("<>\"'\r\0") & set(written)
    back = written.replace("&#13;", "\r")
    for name, char in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        back = back.replace(name, char)
    assert back == text.replace("\0", "\ufffd")


pieces = st.text(st.characters(exclude_categories=["Cs"]), max_size=5) | st.sampled_from(
    ["</script>", "<!--", "\u2028"]
)


@given(st.lists(st.lists(pieces, max_size=4).map("".join), max_size=4))
def test_embedded_data_come_back_and_end_no_script(words: list[str]) -> None:
    written = str(embedded(words))
    assert json.loads(written) == words
    assert not set("<>&\u2028\u2029") & set(written)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/p?x=1&y=2", True),
        ("http://a.example", True),
        ("HTTPS://a.example/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example", False),
        ("a.example/privacy", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str | None, kept: bool) -> None:
    assert web_address(url) == (url if kept else None)


# ---------------------------------------------------------------- the page that compares


def test_the_data_are_all_there_and_the_maps_agree() -> None:
    notices = [noticeparse.parse(CORPUS.notice(name)) for name in ("sample-mall", "keyvalue-headings", "none-cookies")]
    frames = to_frames(notices)
    page = tree(compare_page(frames))
    data = json.loads(page.select_one("#data").string)  # type: ignore[union-attr]
    columns = {column["title"]: column for column in data["columns"]}
    items = columns["Data item, as written"]
    words = [items["words"][code] for code in items["codes"] if code >= 0]
    assert sorted(words) == sorted(frames.data_items["text"])
    assert {len(column["codes"]) for column in columns.values()} == {data["size"]}
    without = [code for code, item in zip(columns["Sensitive"]["codes"], items["codes"], strict=True) if item < 0]
    assert set(without) <= {-1}
    table = page.select(".heat")[0]
    heads = [head.get_text() for head in table.select("thead th")]
    cells = {
        (row.select_one("th").get_text(), head): cell.get_text()  # type: ignore[union-attr]
        for row in table.select("tbody tr")
        for head, cell in zip(heads, row.select("td"), strict=True)
    }
    both = frames.disclosures.merge(frames.notices[["notice_id", "label"]], on="notice_id")
    for (label, recipient), count in both.groupby(["label", "recipient"]).size().items():
        assert cells[label, recipient] == str(count)
    assert sum(bool(cell) for cell in cells.values()) == len(both.groupby(["label", "recipient"]))


def test_what_is_cut_says_so() -> None:
    entries = "\n".join(
        f"示例{n}SDK\n第三方名称：示例{n}有限公司\n使用目的：推送\n收集个人信息：IMEI\n" for n in range(35)
    )
    page = tree(compare_page(to_frames([noticeparse.parse(f"甲应用第三方SDK目录\n{entries}")])))
    assert "1 of 1 apps and 30 of 35 recipients" in page.select("#maps .cut")[0].get_text()
    assert page.select("#top caption")[0].get_text().startswith("The first 15 of 35")


def test_no_notices_give_a_page_that_says_so() -> None:
    page = tree(compare_page(to_frames([])))
    assert "No notices were given" in page.get_text()
    assert json.loads(page.select_one("#data").string)["size"] == 0  # type: ignore[union-attr]


# ---------------------------------------------------------------- summaries for notebooks


def test_summaries() -> None:
    notice = noticeparse.parse(CORPUS.notice("sample-mall"))
    shown = tree(notice._repr_html_())
    assert len(shown.select("tbody tr")) == len(notice.disclosures)
    assert "青梧商城" in shown.get_text()
    frames = tree(to_frames([notice])._repr_html_())
    cells = {row.select("td")[0].get_text(): row.select("td")[1].get_text() for row in frames.select("tbody tr")}
    assert cells["disclosures"] == str(len(notice.disclosures))
    assert list(cells) == [name for name, _ in to_frames([notice])]


def test_summaries_are_escaped_and_short() -> None:
    notice = noticeparse.parse(HOSTILE)
    many = replace(notice, disclosures=notice.disclosures * 30)
    for summary in (many._repr_html_(), to_frames([notice])._repr_html_(), to_frames([])._repr_html_()):
        assert not re.search(r"<(script|img|svg)", summary)
    assert f"The first 20 of {len(many.disclosures)}" in many._repr_html_()
    assert "<table" not in replace(notice, disclosures=())._repr_html_()


# ---------------------------------------------------------------- the command


def test_the_command_writes_both_pages_the_same_each_time(run: Run, sample: Path, tmp_path: Path) -> None:
    one, records, two = tmp_path / "one.html", tmp_path / "records.jsonl", tmp_path / "two.html"
    assert run("report", sample, "--output", one).returncode == 0
    assert run("report", "-", input=sample.read_bytes()).stdout.count(b"<a class=") == one.read_bytes().count(
        b"<a class="
    )
    write_notices(records, [noticeparse.parse(sample)])
    assert run("report", "--compare", records, "--output", two).returncode == 0
    assert run("report", "--compare", records).stdout == two.read_bytes()
    assert_harmless(one.read_text("utf-8"))
    assert_harmless(two.read_text("utf-8"))


def test_bad_input_gives_one_line(run: Run, sample: Path, tmp_path: Path) -> None:
    empty, none = tmp_path / "empty", tmp_path / "none.json"
    empty.write_bytes(b"")
    none.write_text("[]", encoding="utf-8")
    output = tmp_path / "page.html"
    cases: list[tuple[list[str | Path], int]] = [
        ([tmp_path / "missing"], 1),
        ([tmp_path], 1),
        ([empty], 1),
        (["--compare", tmp_path / "missing"], 1),
        (["--compare", empty], 1),
        (["--compare", sample], 1),
        ([sample, sample], 2),
        ([], 2),
    ]
    for arguments, status in cases:
        result = run("report", *arguments, "--output", output)
        assert (result.returncode, result.stdout) == (status, b""), arguments
        assert b"Traceback" not in result.stderr
        assert len(result.stderr.splitlines()) == 1 or status == 2, result.stderr
        assert not output.exists()
    assert run("report", "--compare", none, "--output", output).returncode == 0
    assert "No notices were given" in output.read_text("utf-8")


def test_an_error_is_told_after_the_command_was_loaded(run: Run, sample: Path, tmp_path: Path) -> None:
    """The command's module has the name of the function that tells errors."""
    result = run("report", sample, "--output", tmp_path / "no" / "page.html")
    assert result.returncode == 1
    assert b"cannot be written" in result.stderr
    assert b"internal" not in result.stderr
