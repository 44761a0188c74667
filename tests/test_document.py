"""Bytes to documents: encodings, refusals, and what HTML, Markdown and DOCX render to."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString
from hypothesis import given, settings
from hypothesis import strategies as st

from noticeparse.document import read_document
from noticeparse.document.model import Document
from noticeparse.errors import InputError

TEXT = "某某SDK一览\n数据类型：设备信息、IP地址\n使用目的：消息推送与统计分析\n"


def html(markup: str) -> Document:
    return read_document("page.html", markup.encode())


def cell_texts(document: Document) -> list[tuple[int, int, int, int, bool, str]]:
    [table] = document.tables
    return [(c.row, c.column, c.rowspan, c.colspan, c.header, document.text[slice(*c.span)]) for c in table.cells]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("big5", "big5hkscs"),
    ],
)
def test_encodings(encoding: str, name: str) -> None:
    text = "某某服務一覽\n使用目的：消息推送與統計分析，為您提供服務\n" if encoding == "big5" else TEXT
    document = read_document("notice.txt", text.encode(encoding))
    assert document.text == text
    if encoding != "big5":  # GB18030 decodes most of Big5 too; what is read counts, not the name
        assert document.encoding == name


def test_meta_charset_names_a_subset() -> None:
    page = f'<html><head><meta charset="gb2312"></head><body>{TEXT}镕𠮷</body></html>'
    document = read_document("page.html", page.encode("gb18030"))
    assert "镕𠮷" in document.text
    assert document.encoding == "gb18030"


def test_wrong_meta_charset_loses_to_utf8() -> None:
    page = f'<meta charset="gbk"><p>{TEXT}</p>'
    assert "设备信息" in read_document("page.html", page.encode()).text


@pytest.mark.parametrize(
    ("name", "data", "cause"),
    [
        ("a.txt", b"", "empty file"),
        ("a.txt", " \n　\n".encode(), "empty file"),
        ("a.txt", b"%PDF-1.7 ...", "looks like a PDF"),
        ("a.txt", b"PK\x03\x04....", "ZIP archive"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "PNG"),
        ("a.txt", bytes(range(256)) * 40, "binary data"),
        ("a.txt", b"\xff\xfe" + b"\x00\xd8" * 3, "undecodable bytes at offset"),
        ("a.txt", "数据".encode() + b"\xff\xff\xfe\x80" * 50, "undecodable bytes at offset 6"),
        ("a.xls", b"abc", "unsupported type .xls"),
        ("a.docx", b"PK\x03\x04broken", "no readable DOCX"),
    ],
)
def test_refused(name: str, data: bytes, cause: str) -> None:
    with pytest.raises(InputError) as caught:
        read_document(name, data)
    assert str(caught.value).startswith(f"{name}: ")
    assert cause in str(caught.value)
    assert "\n" not in str(caught.value)


def test_too_large() -> None:
    with pytest.raises(InputError, match=r"a.txt: too large: 11 bytes, limit 10"):
        read_document("a.txt", b"x" * 11, max_bytes=10)


def test_name_without_suffix_is_sniffed() -> None:
    assert read_document("-", b"<!DOCTYPE html><p>a</p>").media_type == "text/html"
    assert read_document("-", TEXT.encode()).media_type == "text/plain"


def test_plain_text_is_unchanged() -> None:
    text = "　a\r\n\tb \u200b\r\n"
    assert read_document("a.txt", text.encode()).text == text


def test_blocks_and_inline() -> None:
    page = "<h1>清单</h1><p>更新<b>日期</b>：<span>2023</span><span>-3</span></p><div>甲<br>乙</div><div>丙</div>"
    document = html(page)
    assert document.text == "清单\n\n更新日期：2023-3\n\n甲\n乙\n丙"
    assert [(document.text[slice(*h.span)], h.level) for h in document.headings] == [("清单", 1)]


def test_what_is_not_seen_is_left_out() -> None:
    page = (
        "<html><head><title>题</title><style>x{}</style></head><body><script>var a=1</script>见<!-- 注 -->"
        "<p style='display: none'>隐</p><p hidden>藏</p><noscript>无</noscript><template>模</template></body></html>"
    )
    document = html(page)
    assert document.text == "见"
    assert document.title == "题"


def test_links() -> None:
    document = html(
        "<p>政策：<a href=' https://a.example/p?x=1&amp;y=2 '>点击 <b>查看</b></a>，<a href='javascript:1'>不</a></p>"
    )
    [link] = document.links
    assert (document.text[slice(*link.span)], link.url) == ("点击 查看", "https://a.example/p?x=1&y=2")


def test_lists_get_markers_but_not_twice() -> None:
    document = html("<ul><li>甲</li><li>（2）乙<ol start='4'><li>丙</li><li>丁</li></ol></li></ul>")
    assert document.text == "• 甲\n（2）乙\n\n  4. 丙\n  5. 丁"
    assert [document.text[slice(*span)] for span in document.markers] == ["•", "4.", "5."]


def test_table_with_spans_on_a_grid() -> None:
    page = """<table><thead><tr><th>名称<th>目的<th>信息</thead>
    <tr><td rowspan=2>甲<td colspan=2>乙<br>丙
    <tr><td>丁<td></td></tr><tr><td>戊</table>"""
    assert cell_texts(html(page)) == [
        (0, 0, 1, 1, True, "名称"),
        (0, 1, 1, 1, True, "目的"),
        (0, 2, 1, 1, True, "信息"),
        (1, 0, 2, 1, False, "甲"),
        (1, 1, 1, 2, False, "乙\n丙"),
        (2, 1, 1, 1, False, "丁"),
        (2, 2, 1, 1, False, ""),
        (3, 0, 1, 1, False, "戊"),
    ]


@pytest.mark.parametrize("span", ["0", "-1", "99999999999", "x", ""])
def test_odd_spans_are_clamped(span: str) -> None:
    document = html(f"<table><tr><td rowspan='{span}' colspan='{span}'>甲<td>乙<tr><td>丙<td>丁</table>")
    [table] = document.tables
    assert all(c.row + c.rowspan <= table.rows for c in table.cells)
    assert [document.text[slice(*c.span)] for c in table.cells] == ["甲", "乙", "丙", "丁"]


def test_layout_table_is_text_and_the_inner_one_a_table() -> None:
    document = html("<table><tr><td>左<td><table><tr><td>甲<td>乙<tr><td>丙<td>丁</table></table>")
    assert [row[-1] for row in cell_texts(document)] == ["甲", "乙", "丙", "丁"]
    assert "左" in document.text


def test_markdown() -> None:
    source = """---
title: 第三方SDK列表
---
**某某SDK**
目的：推送
[查看](https://a.example/p)

         | SDK名称 | 目的 |
         |---|---|
         | 甲 | 乙 |

<div><table><tr><td>丙<td>丁<tr><td>戊<td>己</table></div>
"""
    document = read_document("a.md", source.encode())
    assert document.title == "第三方SDK列表"
    assert document.text.startswith("某某SDK\n目的：推送\n查看\n")
    assert document.links[0].url == "https://a.example/p"
    assert [[document.text[slice(*c.span)] for c in t.cells] for t in document.tables] == [
        ["SDK名称", "目的", "甲", "乙"],
        ["丙", "丁", "戊", "己"],
    ]


def test_docx() -> None:
    docx = pytest.importorskip("docx")
    package = docx.Document()
    package.add_heading("某某目录", 1)
    package.add_paragraph("甲SDK").add_run().add_break()
    package.add_paragraph("数据类型：IMEI", style="List Bullet")
    table = package.add_table(2, 3)
    for index, words in enumerate(["名称", "目的", "信息", "甲", "乙", "丙"]):
        table.cell(index // 3, index % 3).text = words
    table.cell(1, 1).merge(table.cell(1, 2))
    stream = io.BytesIO()
    package.save(stream)
    document = read_document("a.docx", stream.getvalue())
    assert "某某目录\n甲SDK\n\n• 数据类型：IMEI\n名称\t目的\t信息\n" in document.text
    assert cell_texts(document)[-1][:4] == (1, 1, 1, 2)
    assert document.headings[0].level == 1


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 10_000 + "深",
        "<ul><li>" * 3_000 + "深",
        "<b>" * 10_000 + "深",
        "<p>未关\n" * 20_000,
        "<table><tr><td>" * 500 + "深",
    ],
)
def test_nesting_and_unclosed_tags_are_linear(page: str) -> None:
    started = time.perf_counter()
    document = html(page)
    assert "深" in document.text or document.text.count("未关") == 20_000
    assert time.perf_counter() - started < 60  # a hang, not a budget


TAGS = ["p", "div", "b", "span", "ul", "li", "table", "tr", "td", "th", "h2", "a href='https://a.example'", "br", "pre"]


@st.composite
def pages(draw: st.DrawFn) -> str:
    pieces = draw(
        st.lists(
            st.one_of(
                st.sampled_from([f"<{t}>" for t in TAGS] + [f"</{t.split()[0]}>" for t in TAGS]),
                st.text("甲乙a1 \n", min_size=1, max_size=4),
            ),
            max_size=40,
        )
    )
    return "".join(pieces) + "尾"


@settings(max_examples=150, deadline=None)
@given(pages())
def test_no_visible_character_is_lost(page: str) -> None:
    document = html(page)
    soup = BeautifulSoup(page, "lxml")
    shown = "".join(
        str(node) for node in soup.descendants if isinstance(node, NavigableString) and not isinstance(node, Comment)
    )
    written = document.text
    for start, end in sorted(document.markers, reverse=True):
        written = written[:start] + written[end:]
    assert "".join(written.split()) == "".join(shown.split())
    for table in document.tables:
        assert 0 <= table.span[0] <= table.span[1] <= len(document.text)
        taken: set[tuple[int, int]] = set()
        for cell in table.cells:
            assert table.span[0] <= cell.span[0] <= cell.span[1] <= table.span[1]
            for row in range(cell.row, cell.row + cell.rowspan):
                for column in range(cell.column, cell.column + cell.colspan):
                    assert (row, column) not in taken
                    taken.add((row, column))
    for link in document.links:
        assert 0 <= link.span[0] <= link.span[1] <= len(document.text)


SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.mark.parametrize("name", ["html-cards", "html-table-spans", "md-html-tables", "md-keyvalue", "md-pipe-in-html"])
def test_gold_values_stand_in_the_rendered_text(name: str) -> None:
    import json

    if not SHARED.is_dir():
        pytest.skip("the real notices are not beside this checkout")
    [path] = (SHARED / "notices" / name).glob("notice.*")
    flat = "".join(read_document(str(path), path.read_bytes()).text.split())
    gold = json.loads((SHARED / "gold" / f"{name}.json").read_text("utf-8"))
    for disclosure in gold["disclosures"]:
        for item in disclosure.get("data_items", []):
            assert "".join(item["text"].split()) in flat
        for key in ("provider", "sdk", "purpose"):
            assert "".join((disclosure.get(key) or "").split()) in flat
