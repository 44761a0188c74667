"""Bytes to documents: encodings, refusals, and what HTML, Markdown and DOCX render to."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.ruler import Ruler

from noticeparse.document import document_from_text, read_document
from noticeparse.document.markdown_engine import Engine
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
        ("a.txt", b"%PDF-1.7 ...", "no readable PDF"),
        ("a.txt", b"PK\x03\x04....", "ZIP archive"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "PNG"),
        ("a.txt", bytes(range(256)) * 40, "binary data"),
        ("a.txt", b"\xff\xfe" + b"\x00\xd8" * 3, "undecodable bytes at offset"),
        ("a.txt", "数据".encode() + b"\xff\xff\xfe\x80" * 50, "undecodable bytes at offset 6"),
        ("a.xls", b"abc", "unsupported type .xls"),
        ("a.docx", b"PK\x03\x04broken", "damaged ZIP archive"),
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
    assert document.text == "• 甲\n（2）乙\n  4. 丙\n  5. 丁"
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
def test_nesting_and_unclosed_tags_are_read(page: str) -> None:
    document = html(page)
    assert "深" in document.text or document.text.count("未关") == 20_000


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
RENDERED = sorted(path.parent.name for path in SHARED.glob("notices/*/notice.*") if path.suffix in (".html", ".md"))
NOT_VERBATIM = frozenset({"id", "form", "concept", "platforms", "alternatives"})


def verbatim_values(gold: object) -> Iterator[str]:
    if isinstance(gold, dict):
        for key, value in gold.items():
            if key not in NOT_VERBATIM:
                yield from verbatim_values(value)
    elif isinstance(gold, list):
        for value in gold:
            yield from verbatim_values(value)
    elif isinstance(gold, str):
        yield gold


@pytest.mark.parametrize("name", RENDERED or [pytest.param("", marks=pytest.mark.skip("no real notices beside this"))])
def test_gold_values_stand_in_the_rendered_text(name: str) -> None:
    [path] = (SHARED / "notices" / name).glob("notice.*")
    document = read_document(str(path), path.read_bytes())
    flat = "".join((document.text + (document.title or "")).split())
    addresses = {link.url for link in document.links}
    gold = json.loads((SHARED / "gold" / f"{name}.json").read_text("utf-8"))
    missing = [
        value for value in verbatim_values(gold) if "".join(value.split()) not in flat and value not in addresses
    ]
    assert missing == []


# ---- names, types and sizes


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("清单v1.2", "数据".encode(), "text/plain"),
        ("<bytes>", b"<div>a</div>", "text/html"),
        ("-", b"# a\n\n| b | c |\n", "text/plain"),
        ("https://a.example/sdk.php?x=1.htm", b"<p>a</p>", "text/html"),
        ("https://a.example", b"a", "text/plain"),
        ("https://a.example/list.md#x", b"a", "text/markdown"),
        ("A.HTM", b"<i>a</i>", "text/html"),
        ("a.xhtml", b'<?xml version="1.0" encoding="gbk"?><html><body>a</body></html>', "text/html"),
        ("saved.html", "甲：1\n乙：2\n".encode(), "text/plain"),
        ("a.txt", b"<p>a</p>", "text/plain"),
        ("-", "<html><p>甲".encode("utf-16"), "text/html"),
    ],
)
def test_media_types(name: str, data: bytes, kind: str) -> None:
    assert read_document(name, data).media_type == kind


def test_html_name_without_a_tag_keeps_its_lines() -> None:
    assert read_document("saved.html", "甲：1\n乙：2\n".encode()).text == "甲：1\n乙：2\n"


@pytest.mark.parametrize("given_type", ["text/html", "text/html; charset=gbk", "application/xhtml+xml", "Text/HTML"])
def test_given_type_wins_over_the_name(given_type: str) -> None:
    document = read_document("a.txt", "<p>甲</p>".encode(), media_type=given_type)
    assert (document.media_type, document.text) == ("text/html", "甲")


def test_given_charset_is_heeded() -> None:
    data = "晟鑫".encode("gbk")  # two rare characters: no statistics would find them plausible
    assert read_document("-", data, media_type="text/plain; charset=GBK").text == "晟鑫"


def test_unknown_given_type_is_refused() -> None:
    with pytest.raises(InputError, match="unsupported type image/png"):
        read_document("a", b"abc", media_type="image/png")


def test_document_from_text() -> None:
    document = document_from_text(TEXT)
    assert (document.text, document.encoding, document.source) == (TEXT, None, "<text>")
    assert document.sha256 == read_document("a.txt", TEXT.encode()).sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert document_from_text("<p>甲</p>", media_type="text/html").text == "甲"
    with pytest.raises(InputError, match="half a surrogate pair at offset 1"):
        document_from_text("a\ud800")


def test_plain_text_loads_no_heavy_library() -> None:
    code = (
        "import sys; from noticeparse.document import read_document; read_document('a.txt', '数据'.encode());"
        "print([m for m in ('bs4', 'lxml', 'markdown_it', 'charset_normalizer', 'docx') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


# ---- encodings


def test_few_gbk_characters_that_are_valid_utf8() -> None:
    document = read_document("a.txt", "联通".encode("gbk"))
    assert (document.text, document.encoding) == ("联通", "gb18030")


def test_damaged_utf8_is_refused_and_not_guessed() -> None:
    data = TEXT.encode()
    offset = data.index("：".encode())
    with pytest.raises(InputError, match=f"undecodable bytes at offset {offset} "):
        read_document("a.txt", data[: offset + 1] + data[offset + 2 :])


def test_utf16_without_mark_may_hold_nuls_on_both_sides() -> None:
    text = "一、一键登录 SDK\n"  # 一 is 4E00
    assert read_document("a.txt", text.encode("utf-16-be")).text == text
    assert read_document("a.txt", text.encode("utf-16-le")).text == text


@pytest.mark.parametrize("head", ["<meta http-equiv='Content-Type' content='text/html; charset=gb2312'>", ""])
def test_gbk_page_with_and_without_declaration(head: str) -> None:
    document = read_document("a.html", f"<html><head>{head}</head><p>{TEXT}</p>".encode("gbk"))
    assert (document.text.split()[0], document.encoding) == ("某某SDK一览", "gb18030")


def test_meta_of_an_odd_codec_is_no_way_in() -> None:
    page = "<meta charset='unicode_escape'><p>\\u0041</p>"
    assert html(page).text == "\\u0041"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.sampled_from(["a.txt", "a.html", "a.md", "-"]))
def test_any_bytes_give_a_document_or_an_input_error(data: bytes, name: str) -> None:
    try:
        document = read_document(name, data)
    except InputError as error:
        message = str(error)
    else:
        document.text.encode("utf-8")  # no half surrogate pairs
        return
    assert message.startswith(f"{name}: ")
    assert "\n" not in message


# ---- HTML


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>a &nbsp;\n b</p>", "a b"),
        ("<p>　甲　乙</p>", "　甲　乙"),
        ("<p>&nbsp;</p><p>甲</p>", "甲"),
        ("甲<br><br><br><br>乙", "甲\n\n乙"),
        ("<div>甲<br></div><div>乙</div>", "甲\n乙"),
        ("<b>IM</b><i>EI</i>", "IMEI"),
        ("<pre>\n a\n  b\n</pre>c", " a\n  b\n\nc"),
        ("<p style='white-space: pre-wrap'>甲\n  乙</p>", "甲\n  乙"),
        ("<p style='white-space:pre-line'>甲  1\n  乙</p>", "甲 1\n乙"),
        ("<span style='display:block'>甲</span><span style='display:block'>乙</span>", "甲\n乙"),
        ("<a style='display:block' href=x>甲</a><a style='display:block'>乙</a>丙", "甲\n乙\n丙"),
        ("甲<br hidden>乙<img hidden>丙", "甲乙丙"),
        ("<pre>甲 &lt;b&gt;\r\n<b> </b> 乙</pre>", "甲 <b>\n  乙"),
        ("<pre>甲&#13;\n<script>x</script>\t乙 &amp;</pre>", "甲\n\t乙 &"),
        ("<pre>甲\r\n\t<i hidden>丙</i>乙&#13;&#13;丁</pre>", "甲\n\t乙\n\n丁"),
        ("<div style='display:inline'>2023</div><div style='display:inline'>-3</div>", "2023-3"),
        ("<o:p>甲</o:p><?xml:namespace prefix = o />乙", "甲乙"),
        ("<nav>甲</nav><header>乙</header><footer>丙</footer>", "甲\n乙\n丙"),
        ("<select><option>甲</select><svg><text>乙</text></svg><button>丙</button>", "丙"),
        ("<p style='visibility:hidden'>甲</p><p style='DISPLAY:NONE'>乙</p><p aria-hidden=true>丙</p>", "丙"),
        ("<p>a\x00b</p>", "ab"),
        ("<p>1 < 2 &amp; 3</p>", "1 < 2 & 3"),
        ("<!-- 注 -->", ""),
    ],
)
def test_rendering(page: str, text: str) -> None:
    assert document_from_text(page, media_type="text/html").text == text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<ol type=a><li>甲<li>乙</ol>", "a. 甲\nb. 乙"),
        ("<ol type=I start=4><li>甲<li value=9>乙</ol>", "IV. 甲\nIX. 乙"),
        ("<ol reversed><li>甲<li hidden>隐<li>乙<ul><li>丙</ul></ol>", "2. 甲\n1. 乙\n  • 丙"),
        ("<ol type=A start=27><li>甲</ol>", "AA. 甲"),
        ("<ul style='list-style: none'><li>甲</ul>", "甲"),
        ("<ul><li></li><li>甲</ul>", "• 甲"),
        ("<ul><li><ul><li>甲</ul></ul>", "  • 甲"),
        ("<ul><li>甲<ul><li>乙<ul><li>丙</ul></ul><li>丁</ul>", "• 甲\n  • 乙\n    • 丙\n• 丁"),
        ("<ul><li><p>甲</p><p>乙</p></li><li>丙</ul>", "• 甲\n乙\n• 丙"),
        ("<ol><li><span>1</span><span>.</span> 甲</ol>", "1. 甲"),
        ("<ol><li>3.5mm 耳机</ol>", "1. 3.5mm 耳机"),
        ("<li>甲</li>", "• 甲"),
    ],
)
def test_list_markers(page: str, text: str) -> None:
    assert html(page).text == text


@pytest.mark.parametrize("own", ["①", "1.", "1、", "（1）", "(一)", "•", "-", "·", "一、", "1.2 ", "a)", "第一、"])
def test_items_that_bring_their_own_marker_get_none(own: str) -> None:
    document = html(f"<ul><li>{own}甲</li></ul>")
    assert document.text == f"{own}甲"
    assert document.markers == ()


def test_links_in_order_and_as_written() -> None:
    document = html(
        "<a href='/p/隐私'><h3>甲</h3></a><a href='#x'>乙</a><a href=''>丙</a><a name=y>丁</a>"
        "<a href='https://a.example/\n x'><img></a><a href='mailto:a@a.example'>戊</a>"
    )
    assert [(document.text[slice(*link.span)], link.url) for link in document.links] == [
        ("甲", "/p/隐私"),
        ("", "https://a.example/ x"),
        ("戊", "mailto:a@a.example"),
    ]


def test_tabs_tell_the_column() -> None:
    document = html("<table><tr><td rowspan=2>甲<td>乙<td>丙<tr><td>丁<td>戊<tr><td colspan=2>己<td>庚</table>")
    assert document.text == "甲\t乙\t丙\n\t丁\t戊\n己\t\t庚"
    assert document.tables[0].columns == 3


def test_spans_end_with_their_section_and_before_other_cells() -> None:
    document = html(
        "<table><thead><tr><td rowspan=5>头<td>题</thead>"
        "<tbody><tr><td>甲<td rowspan=0>乙<tr><td colspan=3>丙</tr></tbody><tbody><tr><td>丁<td>戊</table>"
    )
    assert cell_texts(document) == [
        (0, 0, 1, 1, True, "头"),
        (0, 1, 1, 1, True, "题"),
        (1, 0, 1, 1, False, "甲"),
        (1, 1, 2, 1, False, "乙"),
        (2, 0, 1, 1, False, "丙"),
        (3, 0, 1, 1, False, "丁"),
        (3, 1, 1, 1, False, "戊"),
    ]


def test_overlong_colspan_makes_no_columns() -> None:
    document = html("<table><tr><td colspan=100>题<tr><td>甲<td>乙</table>")
    assert document.tables[0].columns == 2
    assert document.tables[0].cells[0].colspan == 2


def test_cells_keep_their_lines_and_nothing_at_their_edges() -> None:
    document = html(
        "<table><tr><td>\n <p>甲</p><p>乙</p> \n<td><ul><li>丙<li>丁</ul><td><br>戊<br></td><td>&nbsp;<tr><td>己</table>"
    )
    texts = [row[-1] for row in cell_texts(document)]
    assert texts == ["甲\n乙", "• 丙\n• 丁", "戊", "", "己"]
    assert document.text == "甲\n乙\t• 丙\n• 丁\t戊\t\n己"


def test_small_table_in_a_cell_is_text_of_the_cell() -> None:
    inner = "<table><tr><td>子<td>丑<tr><td>寅<td>卯</table>"
    document = html(f"<p>前</p><table><tr><td>甲<td>乙{inner}<tr><td>丙<td>丁<tr><td>戊<td>己</table><p>后</p>")
    assert [row[-1] for row in cell_texts(document)] == ["甲", "乙\n子\t丑\n寅\t卯", "丙", "丁", "戊", "己"]
    assert document.text.startswith("前\n\n甲\t乙")
    assert document.text.endswith("己\n\n后")


@pytest.mark.parametrize(
    "page", ["<table><tr><td>甲</table>", "<table></table>甲", "<table><tr><td><p>甲</p></td></tr></table>"]
)
def test_one_cell_is_no_table(page: str) -> None:
    assert (html(page).text, html(page).tables) == ("甲", ())


def test_cells_without_rows_and_words_without_cells() -> None:
    document = html("<table><caption>题</caption><td>甲<td>乙<tr>散<td>丙</table>")
    assert [row[-1] for row in cell_texts(document)] == ["甲", "乙", "丙"]
    assert "题\n" in document.text
    assert "散" in document.text


def test_hidden_cells_make_no_table() -> None:
    inner = "<table hidden><tr><td>子<td>丑<td>寅<td>卯<td>辰</table>"
    assert [row[-1] for row in cell_texts(html(f"<table><tr><td>甲{inner}<td>乙<tr><td>丙<td>丁</table>"))] == [
        *"甲乙丙丁"
    ]
    assert html("<table><tr><td>甲<td hidden>乙</table>").tables == ()


def test_title_is_the_first_with_words() -> None:
    page = "<svg><title>图</title></svg><title> </title><title hidden>题 <b>\n目</title><title>又</title><p>甲"
    assert (html(page).title, html(page).text) == ("题 <b> 目", "甲")


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "big5"])
def test_declared_encoding_is_not_read_twice(encoding: str) -> None:
    markup = f'<?xml version="1.0" encoding="{encoding}"?><meta charset={encoding}><p>中文</p>' + "甲" * 70_000
    assert document_from_text(markup, media_type="text/html").text == "中文\n\n" + "甲" * 70_000


def test_long_words_are_read(recwarn: pytest.WarningsRecorder) -> None:
    picture = "<img src='data:image/png;base64," + "A" * 11_000_000 + "'>"
    assert html(f"<p>甲{picture}乙</p>").text == "甲乙"
    assert not recwarn.list


def test_hidden_cells_take_no_place() -> None:
    document = html("<table><tr><td>甲<td style='display:none'>隐<td>乙<tr><td>丙<td>丁</table>")
    assert [row[1] for row in cell_texts(document)] == [0, 1, 0, 1]


@pytest.mark.parametrize(
    "unit",
    ["<ul><li>行", "<a href=x><div>", "<td rowspan=1000 colspan=1000>甲", "<table><tr><td>", "<tr><td rowspan=9>"],
)
def test_hostile_pages_stay_in_proportion(unit: str) -> None:
    markup = "<table>" * unit.startswith(("<td", "<tr")) + unit * 3000
    assert len(html(markup).text) <= 40 * len(markup)


# ---- Markdown


def markdown(source: str) -> Document:
    return read_document("a.md", source.encode())


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("甲：1\n乙：2", "甲：1\n乙：2"),
        ("**使用目的：**推送，**不得转让。**另有", "使用目的：推送，不得转让。另有"),
        ("    甲：1\n\n      乙：2", "甲：1\n\n乙：2"),
        ("```yaml\nurl: x\n  y\n```\n后", "url: x\n  y\n\n后"),
        ('!!! summary "题"\n\n    ```\n    甲\n    ```', '!!! summary "题"\n\n甲'),
        ("- 甲\n- 乙", "• 甲\n• 乙"),
        ("3. 甲\n4. 乙", "3. 甲\n4. 乙"),
        ("<small>\n\n甲\n\n</small>", "甲"),
        ("---\n\n甲", "甲"),
        ("> " * 60 + "深", "深"),
        ("~~甲~~ 1*2", "甲 1*2"),
        ("138****1234", "138****1234"),
    ],
)
def test_markdown_rendering(source: str, text: str) -> None:
    assert markdown(source).text == text


_MARKDOWN_PIECES = (
    *("甲", "a", "1", "1.", "2)", "10.", "-", "--", "---", "- ", "* ", "+ ", "*", "**", "_", "___", "#", "# ", "#######", ">", "> "),
    *("|", "| ", "|---|", ":-:", "===", "`", "```", "~~~", "[甲]", "[甲]: /a", "(", "<", "<p>", "</p>", "<!-- ", "-->", "\\", "&"),
    *("\n", "\n", "\n", "\n\n", " ", "  ", "    ", "\t"),
)  # fmt: skip


@given(st.lists(st.sampled_from(_MARKDOWN_PIECES), max_size=40).map("".join))
def test_markdown_rules_by_first_character_are_those_of_the_library(source: str) -> None:
    def rendered() -> str:
        engine = Engine("commonmark", {"breaks": True, "html": True, "maxNesting": 40})
        engine.disable("code")
        return engine.render(source)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("noticeparse.document.markdown_engine._BlockRules.getRules", Ruler.getRules)
        expected = rendered()
    assert rendered() == expected


def test_markdown_is_the_same_in_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = [
        "# 题", "甲 [乙][r]\n丙", "- 甲\n\n  乙", "| 甲 | 乙 |\n|---|---|\n| `c` | \\\\| |\n|\n| 丙 |", "```\n甲\n\n乙\n```",
        "> 引\n\n<div>\n甲\n</div>", "甲\n===", '[r]: https://a.example/\n"题"', "    缩进\n\t- 甲", "<!-- 甲\n\n乙 -->",
    ]  # fmt: skip
    for first in range(len(blocks)):
        source = "\n\n".join(blocks[first:] + blocks[:first])
        whole = markdown(source)
        for size in (5, 40):
            with monkeypatch.context() as patch:
                patch.setattr("noticeparse.document.markdown_engine._STRETCH", size)
                cut = markdown(source)
            assert (cut.text, cut.links, cut.tables) == (whole.text, whole.links, whole.tables)


def test_a_very_long_list_is_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "".join(f"- 甲{number}\n  - 乙\n" for number in range(1, 30))
    whole = markdown(source)
    monkeypatch.setattr("noticeparse.document.markdown_engine._STRETCH", 40)
    monkeypatch.setattr("noticeparse.document.markdown_engine._LONGEST_LIST", 40)
    lines = [line for line in markdown(source).text.split("\n") if line]
    assert lines == whole.text.split("\n")


@pytest.mark.parametrize("depth", [20, 21])
def test_links_in_too_many_brackets_are_text(depth: int) -> None:
    document = markdown(
        "[" * (depth - 1) + "[甲](https://a.example/)" + "]" * (depth - 1) + "\n\n[乙](https://a.example/)"
    )
    assert len(document.links) == (2 if depth == 20 else 1)
    assert markdown("[" * 1000 + "*甲*").text == "[" * 1000 + "甲"


def test_markdown_links_stay_as_written() -> None:
    document = markdown("<https://a.example/隐私?a=%E4> [甲](https://a.example/乙_丙) [丁](javascript:void)")
    assert [link.url for link in document.links] == ["https://a.example/隐私?a=%E4", "https://a.example/乙_丙"]
    assert document.text == "https://a.example/隐私?a=%E4 甲 丁"


def test_pipe_table_in_an_html_body() -> None:
    document = markdown("<html>\n<body>\n\n名单：\n\n| 甲 | 乙 |\n| --- | --- |\n| 丙 | 丁<br>戊 |\n\n</body>\n</html>")
    assert cell_texts(document) == [
        (0, 0, 1, 1, True, "甲"),
        (0, 1, 1, 1, True, "乙"),
        (1, 0, 1, 1, False, "丙"),
        (1, 1, 1, 1, False, "丁\n戊"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 | 戊 |",
        "甲 | 乙\n---|---\n丙 | 丁 | 戊",
        "| 甲 | 乙 |\n|---|\n| 丙 | 丁 | 戊 |",
        "        | 甲 | 乙 |\n        |---|---|\n        | 丙 | 丁 | 戊",
    ],
)
def test_cells_beyond_the_header_are_kept(source: str) -> None:
    document = markdown(source)
    assert document.tables[0].columns == 3
    assert [row[-1] for row in cell_texts(document) if row[-1]] == ["甲", "乙", "丙", "丁", "戊"]


def test_pipes_in_a_fence_stay_as_written() -> None:
    assert markdown("```\n| a |\n|---|\n| b | c |\n```").text == "| a |\n|---|\n| b | c |"


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ("title: 甲", "甲"),
        ("date: 1\ntitle: '甲'\ntags:", "甲"),
        ('title: "甲：乙"', "甲：乙"),
        ("title:\ndate: 1", None),
        ("layout: false", None),
    ],
)
def test_front_matter(front: str, title: str | None) -> None:
    document = markdown(f"---\n{front}\n---\n\n正文")
    assert (document.title, document.text) == (title, "正文")
