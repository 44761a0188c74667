"""The same notice in every form of file gives the same disclosures; and what each form alone has: pages, sheets, packing."""

from __future__ import annotations

import gzip
import io
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from noticeparse import parse
from noticeparse.document import read_document
from noticeparse.document.model import Document
from noticeparse.errors import InputError
from noticeparse.lexicon.load import load_lexicon
from noticeparse.parsing import parse_document
from tests import forms
from tests.forms import Grid, GridCell, Line
from tests.nasties import CATALOG, FONT, WORDS, pdf
from tests.support import CORPUS

# Of each kind one: labelled lines, a table with spans, bullets with slips, sentences.
NOTICES = ("keyvalue-headings", "html-table-spans", "sample-mall", "prose-only")
FORMS = ("txt", "html", "md", "docx", "xlsx", "csv", "pdf", "mhtml", "html.gz")


@lru_cache(maxsize=8)
def blocks_of(name: str) -> tuple[Line | Grid, ...]:
    path = CORPUS.notice(name)
    text = path.read_text(encoding="utf-8")
    return tuple(forms.blocks_of_page(text) if path.suffix == ".html" else forms.blocks_of_text(text))


@lru_cache(maxsize=8)
def files_of(name: str) -> dict[str, bytes]:
    return {file.removeprefix("notice."): data for file, data in forms.written(blocks_of(name))}


def facts(document: Document) -> list[dict[str, Any]]:
    """The disclosures without what a form may change: spans, whether it is a list or a table, a link's title."""
    notice = parse_document(document, load_lexicon(None)).to_dict()
    found = [_without_spans(disclosure) for disclosure in notice["disclosures"]]
    for disclosure in found:
        del disclosure["form"], disclosure["index"]
        for name in ("privacy_policy", "website"):
            if disclosure[name]:
                disclosure[name] = disclosure[name]["url"] or disclosure[name]["text"]
    return found


def _without_spans(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_spans(inner) for key, inner in value.items() if key != "span"}
    if isinstance(value, list | tuple):
        return [_without_spans(inner) for inner in value]
    return value


@lru_cache(maxsize=8)
def facts_of_original(name: str) -> list[dict[str, Any]]:
    path = CORPUS.notice(name)
    found = facts(read_document(str(path), path.read_bytes()))
    assert found
    return found


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NOTICES)
def test_every_form_gives_the_same_disclosures(name: str, form: str) -> None:
    document = read_document(f"notice.{form}", files_of(name)[form])
    assert facts(document) == facts_of_original(name)


@pytest.mark.parametrize("form", [form for form in FORMS if form not in ("txt", "md", "csv")])
def test_content_tells_the_form_whatever_the_name(form: str) -> None:
    data = files_of("keyvalue-headings")[form]
    named = read_document(f"notice.{form}", data)
    for name in ("-", "notice.bin", "notice.txt", "https://app.example.com/download?id=1"):
        if form.startswith("html") and name == "notice.bin":
            continue  # that of text is not beyond doubt, so a name that says otherwise counts
        document = read_document(name, data)
        assert (document.text, document.media_type) == (named.text, named.media_type)


@pytest.mark.parametrize("name", NOTICES)
def test_many_small_pages_give_the_same(name: str) -> None:
    height = 420 if name == "html-table-spans" else 280  # rows that span are kept together
    data = forms.to_pdf(blocks_of(name), height=height, header="某某公司 内部资料", footer="- {page} -")
    document = read_document("notice.pdf", data)
    assert data.count(b"/Type /Page\n") > 1
    assert "内部资料" not in document.text
    assert facts(document) == facts_of_original(name)


needs_chromium = pytest.mark.skipif(not forms.CHROMIUM, reason="no chromium on the path")


@needs_chromium
@pytest.mark.slow
@pytest.mark.parametrize("name", NOTICES)
def test_page_printed_by_a_browser(name: str, tmp_path: Path) -> None:
    document = read_document("notice.pdf", forms.to_printed_page(blocks_of(name), tmp_path))
    assert "page.html" not in document.text  # the footer that it prints
    assert facts(document) == facts_of_original(name)


@needs_chromium
@pytest.mark.slow
@pytest.mark.parametrize("name", ["keyvalue-headings", "html-table-spans"])
def test_page_saved_by_a_browser(name: str, tmp_path: Path) -> None:
    document = read_document("notice", forms.to_saved_page(blocks_of(name), tmp_path))
    assert document.media_type == "multipart/related"
    assert facts(document) == facts_of_original(name)


# ---- tables over pages


def long_table(rows: int) -> Grid:
    head = ("SDK名称", "运营方", "使用目的", "收集的个人信息")
    lines = [head]
    for number in range(rows):
        lines.append(
            (
                f"示例{number}推送SDK",
                f"示例{number}科技有限公司",
                "向您推送订单状态变化的消息",
                "IMEI、OAID、设备型号、操作系统版本、网络类型",
            )
        )
    return Grid(tuple(tuple(GridCell(words, at) for at, words in enumerate(line)) for line in lines))


@pytest.mark.parametrize("height", [842, 400])
def test_table_over_pages_is_one_table(height: float) -> None:
    data = forms.to_pdf([Line("清单", 1), long_table(60), Line("以上为全部合作方。")], height=height)
    document = read_document("notice.pdf", data)
    [table] = document.tables
    assert (table.rows, table.columns) == (61, 4)
    assert document.text.count("SDK名称") == 1
    assert "第" not in document.text
    notice = parse_document(document, load_lexicon(None))
    assert [d.sdk.text for d in notice.disclosures if d.sdk] == [f"示例{number}推送SDK" for number in range(60)]
    for cell in table.cells:
        assert document.text[slice(*cell.span)].strip() == document.text[slice(*cell.span)]


@needs_chromium
@pytest.mark.slow
def test_printed_table_over_pages_is_one_table(tmp_path: Path) -> None:
    document = read_document("notice.pdf", forms.to_printed_page([Line("清单", 1), long_table(90)], tmp_path))
    [table] = document.tables
    assert (table.rows, document.text.count("SDK名称")) == (91, 1)


def test_row_cut_by_a_page_break_is_one_row() -> None:
    from reportlab.lib import colors
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(400, 300))

    def grid(rows: list[list[list[str]]], top: float) -> None:
        canvas.setFont("STSong-Light", 10)
        canvas.setStrokeColor(colors.black)
        height = 20.0
        for row in rows:
            depth = height * max(map(len, row))
            for column, lines in enumerate(row):
                canvas.rect(50 + 150 * column, top - depth, 150, depth)
                for at, words in enumerate(lines):
                    canvas.drawString(55 + 150 * column, top - 14 - height * at, words)
            top -= depth

    grid(
        [
            [["SDK名称"], ["收集的个人信息"]],
            [["示例推送SDK"], ["设备型号、操作系统版本、网络", "类型、运营商、IMEI、"]],
        ],
        110,
    )
    canvas.showPage()
    grid([[[""], ["OAID"]], [["示例地图SDK"], ["精确位置信息"]]], 280)
    canvas.save()
    document = read_document("a.pdf", stream.getvalue())
    [table] = document.tables
    assert [document.text[slice(*cell.span)] for cell in table.cells] == [
        "SDK名称",
        "收集的个人信息",
        "示例推送SDK",
        "设备型号、操作系统版本、网络类型、运营商、IMEI、OAID",
        "示例地图SDK",
        "精确位置信息",
    ]


def test_links_of_a_pdf() -> None:
    grid = Grid(
        (
            (GridCell("SDK名称", 0), GridCell("隐私政策", 1)),
            (GridCell("示例SDK", 0), GridCell("示例隐私政策", 1, url="https://sdk.example.com/p?a=1&b=2")),
        )
    )
    document = read_document("a.pdf", forms.to_pdf([grid]))
    assert [(document.text[slice(*link.span)], link.url) for link in document.links] == [
        ("示例隐私政策", "https://sdk.example.com/p?a=1&b=2")
    ]


def test_page_numbers_go_and_numbered_lines_stay() -> None:
    lines = [Line(f"{number}、示例{number}号合作方会收到您的收货地址。") for number in range(1, 30)]
    document = read_document("a.pdf", forms.to_pdf(lines, height=300, footer="第 {page} 页，共 9 页"))
    assert [line for line in document.text.splitlines() if line] == [line.text for line in lines]


def test_wrapped_words_and_addresses_of_a_pdf() -> None:
    words = "The example software development kit may collect the model and the system version of your device, " * 3
    address = "https://privacy.example.com/" + "documents/preview/" * 8 + "end.html"
    text = "我们会把您的设备型号、操作系统版本、网络类型提供给示例科技有限公司，用于排查故障与改进体验，" * 4
    document = read_document("a.pdf", forms.to_pdf([Line(words.strip()), Line("政策：" + address), Line(text)]))
    lines = [line for line in document.text.splitlines() if line]
    assert lines[1:] == ["政策：" + address, text]


# ---- what cannot be read


def encrypted_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption("secret"))
    canvas.drawString(100, 100, "text")
    canvas.save()
    return stream.getvalue()


def scanned_pdf() -> bytes:
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.drawImage(ImageReader(Image.new("RGB", (20, 20), "white")), 0, 0, 400, 400)
    canvas.save()
    return stream.getvalue()


def office(name: str, parts: dict[str, bytes]) -> bytes:
    """A package of Office with some of its parts replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(files_of("keyvalue-headings")[name])) as source, zipfile.ZipFile(stream, "w") as to:
        for info in source.infolist():
            to.writestr(info.filename, parts.get(info.filename, source.read(info)), zipfile.ZIP_DEFLATED, 1)
    return stream.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bomb">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("name", "make", "cause"),
    [
        ("a.pdf", encrypted_pdf, "encrypted PDF: it opens with a password only"),
        ("a.pdf", scanned_pdf, "no text layer: a scanned PDF?"),
        ("a.pdf", lambda: b"%PDF-1.7\n" + b"junk" * 50, "no readable PDF: "),
        ("a.pdf", lambda: files_of("prose-only")["pdf"][:3000], "no readable PDF: "),
        ("a.pdf", lambda: b"junk " * 50, "no readable PDF: damaged, or another kind of file"),
        ("a.docx", lambda: b"junk " * 50, "no readable DOCX: damaged, or another kind of file"),
        ("a.docx", lambda: files_of("prose-only")["docx"][:9000], "damaged ZIP archive"),
        ("a.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old or encrypted Office document"),
        ("a.docx", lambda: office("docx", {"word/document.xml": ENTITIES}), "word/document.xml declares a document type"),
        ("a.xlsx", lambda: office("xlsx", {"xl/worksheets/sheet1.xml": ENTITIES}), "sheet1.xml declares a document type"),
        ("a.docx", lambda: office("docx", {"word/document.xml": b"<w:document"}), "no readable DOCX: "),
        ("a.xlsx", lambda: office("xlsx", {"xl/workbook.xml": b"<workbook"}), "no readable XLSX: "),
        ("a.xlsx", lambda: office("xlsx", {"xl/worksheets/sheet1.xml": bytes(200_000_000)}), "too large: unpacks to"),
        ("a.mhtml", lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x--\n", "no HTML part"),
        ("a.html.gz", lambda: gzip.compress(b"<p>a</p>" * 100)[:-20], "gzip data is cut short"),
        ("a.html.gz", lambda: b"\x1f\x8b\x08\x00" + b"junk" * 20, "damaged gzip data"),
        ("a.gz", lambda: gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"a")))), "packed more than"),
    ],
)  # fmt: skip
def test_refused_with_one_line(name: str, make: Any, cause: str) -> None:
    with pytest.raises(InputError) as caught:
        read_document(name, make())
    message = str(caught.value)
    assert message.startswith(f"{name}: ")
    assert cause in message
    assert len(message.splitlines()) == 1


def test_gzip_bomb_is_stopped_at_the_limit() -> None:
    bomb = gzip.compress(bytes(20_000_000))
    assert len(bomb) < 100_000
    with pytest.raises(InputError, match=r"a.gz: too large: unpacks to more than 100000 bytes, the limit"):
        read_document("a.gz", bomb, max_bytes=100_000)


def test_page_with_a_damaged_box_is_left_out_and_told() -> None:
    good = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> >> >>"
    bad = good.replace(b"[0 0", b"[/A 0")
    pages = b"<< /Type /Pages /Kids [6 0 R 5 0 R] /Count 2 >>"
    document = read_document("a.pdf", pdf([CATALOG, pages, WORDS, FONT, good, bad]))
    assert document.text == "Example SDK\n"
    [note] = document.diagnostics
    assert note.message.startswith("page 1 cannot be read: ")


def test_page_that_unpacks_to_too_much_is_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, pageCompression=1)
    canvas.drawString(100, 700, "first page")
    canvas.showPage()
    canvas._code.append(" " * 1_000_000)
    canvas.drawString(100, 700, "second page")
    canvas.save()
    monkeypatch.setattr("noticeparse.document.pdf_limits.MAX_STREAM_BYTES", 100_000)
    document = read_document("a.pdf", stream.getvalue())
    assert document.text == "first page\n"
    [note] = document.diagnostics
    assert note.message == "page 2 cannot be read: PdfminerException: unpacks to more than 100000 bytes"
    assert note in parse_document(document, load_lexicon(None)).diagnostics


def test_gzip_members_and_padding() -> None:
    text = "示例推送SDK\n使用目的：消息推送\n"
    packed = gzip.compress(text[:5].encode()) + gzip.compress(text[5:].encode()) + bytes(8)
    assert read_document("a.txt.gz", packed).text == text


# ---- sheets


def sheet(data: bytes, name: str = "a.csv") -> list[list[list[str]]]:
    document = read_document(name, data)
    found = []
    for table in document.tables:
        rows: list[list[str]] = [[] for _ in range(table.rows)]
        for cell in table.cells:
            rows[cell.row].append(document.text[slice(*cell.span)])
        found.append(rows)
    return found


TABLE = "SDK名称,运营方,使用目的\n示例SDK,示例科技有限公司,推送\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separated_text(encoding: str, separator: str) -> None:
    data = TABLE.replace(",", separator).encode(encoding)
    assert sheet(data) == [[["SDK名称", "运营方", "使用目的"], ["示例SDK", "示例科技有限公司", "推送"]]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_blank_lines_in_front_do_not_hide_the_separator(separator: str) -> None:
    data = "\n" * 500 + TABLE.replace(",", separator)
    assert read_document("a.csv", data.encode()).text == read_document("a.csv", TABLE.encode()).text
    far = "\n" * 70_000 + TABLE
    assert read_document("a.csv", far.encode()).text == read_document("a.csv", TABLE.encode()).text


def test_quoted_breaks_and_separators() -> None:
    data = 'SDK名称,信息\n"示例,SDK","IMEI\nOAID"\n'.encode()
    assert sheet(data) == [[["SDK名称", "信息"], ["示例,SDK", "IMEI\nOAID"]]]


def test_quote_that_is_never_closed_loses_nothing() -> None:
    data = 'SDK名称,信息\n"示例SDK,IMEI\n乙SDK,OAID\n'.encode()
    assert sheet(data) == [[["SDK名称", "信息"], ["示例SDK", "IMEI"], ["乙SDK", "OAID"]]]


def test_titles_blank_rows_and_notes() -> None:
    data = f"第三方SDK目录,,\n更新日期：2024年5月1日,,\n,,\n{TABLE},,\n乙SDK,乙公司,地图\n,,\n其他合作方,,\n{TABLE}注：以上为全部。,,\n"
    document = read_document("a.csv", data.encode())
    assert [table.rows for table in document.tables] == [3, 2]
    assert document.text.splitlines()[:2] == ["第三方SDK目录", "更新日期：2024年5月1日"]
    assert document.text.rstrip().endswith("注：以上为全部。")
    assert "其他合作方\n" in document.text


def test_one_column_is_text() -> None:
    document = read_document("a.csv", "示例推送SDK\n使用目的：消息推送\n收集个人信息：IMEI；OAID\n".encode())
    assert document.tables == ()
    assert len(parse_document(document, load_lexicon(None)).disclosures) == 1


def test_sheets_names_merged_cells_numbers_and_links() -> None:
    import datetime

    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "安卓端"
    book.active.append(["SDK名称", "版本", "日期", "政策"])
    book.active.append(["示例SDK", 3.0, datetime.datetime(2024, 5, 1), "查看"])
    book.active["D2"].hyperlink = "https://sdk.example.com/p"
    book.active.append([None, 1.5, None, "/"])
    book.active.merge_cells("A2:A3")
    other = book.create_sheet("iOS端")
    other.append(["SDK名称", "用途"])
    other.append(["乙SDK", "统计"])
    book.create_sheet("底稿").append(["内部", "备注"])
    book["底稿"].sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    document = read_document("a.xlsx", stream.getvalue())
    assert [document.text[slice(*mark.span)] for mark in document.headings] == ["安卓端", "iOS端"]
    assert sheet(stream.getvalue(), "a.xlsx")[0][1:] == [["示例SDK", "3", "2024-05-01", "查看"], ["1.5", "/"]]
    assert document.tables[0].cells[4].rowspan == 2
    assert [link.url for link in document.links] == ["https://sdk.example.com/p"]
    assert "内部" not in document.text


# ---- DOCX


def docx_text(build: Any) -> Document:
    import docx

    package = docx.Document()
    build(package)
    stream = io.BytesIO()
    package.save(stream)
    return read_document("a.docx", stream.getvalue())


def test_lists_are_counted_as_word_counts_them() -> None:
    def build(package: Any) -> None:
        for words, style in (
            ("甲", "List Number"),
            ("乙", "List Number"),
            ("子", "List Bullet 2"),
            ("丙", "List Number"),
        ):
            package.add_paragraph(words, style=style)
        package.add_paragraph("5、丁", style="List Number")

    document = docx_text(build)
    assert [line.strip() for line in document.text.splitlines()] == ["1. 甲", "2. 乙", "• 子", "3. 丙", "5、丁"]
    assert [document.text[slice(*span)] for span in document.markers] == ["1.", "2.", "•", "3."]


def test_merged_cells_of_a_docx() -> None:
    def build(package: Any) -> None:
        table = package.add_table(4, 3)
        for at in range(12):
            table.cell(at // 3, at % 3).text = f"{at // 3}{at % 3}"
        table.cell(1, 0).merge(table.cell(3, 0)).text = "高"
        table.cell(2, 1).merge(table.cell(3, 2)).text = "块"

    document = docx_text(build)
    [table] = document.tables
    placed = [(c.row, c.column, c.rowspan, c.colspan, document.text[slice(*c.span)]) for c in table.cells]
    assert placed == [
        (0, 0, 1, 1, "00"),
        (0, 1, 1, 1, "01"),
        (0, 2, 1, 1, "02"),
        (1, 0, 3, 1, "高"),
        (1, 1, 1, 1, "11"),
        (1, 2, 1, 1, "12"),
        (2, 1, 2, 2, "块"),
    ]


def test_field_links_insertions_and_frames_of_a_docx() -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    names = nsdecls("w")

    def build(package: Any) -> None:
        body = package.element.body
        body.insert(0, parse_xml(
            f'<w:p {names}><w:r><w:t>政策：</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            '<w:r><w:instrText> HYPERLINK "https://sdk.example.com/p" </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>查看</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:ins><w:r><w:t>全文</w:t></w:r></w:ins>'
            "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>"
        ))  # fmt: skip
        package.add_table(1, 1).cell(0, 0).text = "框中的文字"

    document = docx_text(build)
    assert document.text.splitlines()[0] == "政策：查看全文"
    assert [(document.text[slice(*link.span)], link.url) for link in document.links] == [
        ("查看", "https://sdk.example.com/p")
    ]
    assert "框中的文字\n" in document.text
    assert document.tables == ()


def test_long_vertical_merge_takes_no_recursion() -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    row = (
        "<w:tr><w:tc><w:tcPr><w:vMerge{}/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc></w:tr>"
    )
    rows = row.format(' w:val="restart"') + row.format("") * 3000

    def build(package: Any) -> None:
        package.element.body.insert(0, parse_xml(f"<w:tbl {nsdecls('w')}><w:tblPr/><w:tblGrid/>{rows}</w:tbl>"))

    document = docx_text(build)
    assert document.tables[0].cells[0].rowspan == 3001


# ---- MHTML


@pytest.mark.parametrize(
    ("encoding", "transfer"), [("utf-8", "quoted-printable"), ("utf-8", "base64"), ("gb2312", "quoted-printable")]
)
def test_mhtml(encoding: str, transfer: str) -> None:
    data = forms.to_mhtml([Line("某某目录", 1), Line("甲SDK：推送")], encoding, transfer)
    document = read_document("saved.mht", data)
    assert (document.text, document.media_type) == ("某某目录\n\n甲SDK：推送", "multipart/related")


def test_mhtml_takes_the_page_and_not_a_frame_of_it() -> None:
    data = (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://app.example.com/a\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/html\r\nContent-Location: cid:frame@mhtml.blink\r\n\r\n<p>frame</p>\r\n"
        b"--x\r\nContent-Type: text/html\r\nContent-Location: https://app.example.com/a\r\n\r\n<p>page</p>\r\n--x--\r\n"
    )
    assert read_document("-", data).text == "page"


def test_text_that_begins_like_a_header_is_text() -> None:
    data = "App: 示例\nMIME-Version: 1\n\n示例推送SDK\n使用目的：推送\n".encode()
    assert read_document("-", data).media_type == "text/plain"


def test_public_parse_reads_every_form(tmp_path: Path) -> None:
    for form, data in files_of("keyvalue-headings").items():
        path = tmp_path / f"notice.{form}"
        path.write_bytes(data)
        assert len(parse(path).disclosures) == len(facts_of_original("keyvalue-headings"))
