"""Files that are made to crash a reader, to keep it busy, or to fill its memory. Each is a name and what makes its bytes."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence

from tests.mutants import files

LIST = "示例推送SDK\n使用目的：消息推送\n收集个人信息：IMEI、OAID\n\n"
BOUNDARY = "----part"


def _page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><body>{body}</body></html>".encode()


def _nested(tag: str, count: int) -> bytes:
    return _page(f"<{tag}>" * count + "示例推送SDK" + f"</{tag}>" * count)


def _entity_bomb() -> bytes:
    levels = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12))
    return f"<!DOCTYPE html [<!ENTITY e0 '炸弹'>{levels}]><html><body><p>&e11;</p></body></html>".encode()


# ---- PDF


def pdf(objects: Sequence[bytes], *, trailer: bytes = b"/Root 1 0 R", start: int | None = None) -> bytes:
    """Objects numbered from 1, with a table that tells where they stand."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d %b >>\n" % (len(objects) + 1, trailer.replace(b"@", b"%d" % table)))
    out.write(b"startxref\n%d\n%%%%EOF\n" % (table if start is None else start))
    return out.getvalue()


def stream(data: bytes, head: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), head, data)


WORDS = stream(b"BT /F1 12 Tf 72 700 Td (Example SDK) Tj ET")
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> %b>>"
)


def one_page(
    *, catalog: bytes = CATALOG, kids: bytes = b"[3 0 R]", page: bytes = b"", words: bytes = WORDS, font: bytes = FONT,
    more: Sequence[bytes] = (), trailer: bytes = b"/Root 1 0 R", start: int | None = None,
) -> bytes:  # fmt: skip
    pages = b"<< /Type /Pages /Kids %b /Count 1 >>" % kids
    return pdf([catalog, pages, PAGE % page, words, font, *more], trailer=trailer, start=start)


def _many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> >> >>"
    return pdf([CATALOG, b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count), WORDS, FONT, *[page] * count])


def _deep_tree(count: int) -> bytes:
    """A page tree that is one long branch."""
    branch = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1) for number in range(2, 2 + count)]
    return pdf([CATALOG, *branch, b"<< /Type /Page /MediaBox [0 0 9 9] >>"])


def _object_stream_loop() -> bytes:
    """An object stream that is said to stand in itself."""
    inner = zlib.compress(b"3 0 << /Type /ObjStm >>")
    body = stream(inner, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Extends 3 0 R")
    head = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 3 0 R >>\nendobj\n"
    rows = b"\x00\x00\x00\xff" + b"\x01\x00\x09\x00" + b"\x02\x00\x03\x00" + b"\x02\x00\x03\x00"
    place = len(head)
    table = stream(rows, b"/Type /XRef /Size 4 /W [1 2 1] /Root 1 0 R")
    return head + b"4 0 obj\n" + table + b"\nendobj\n3 0 obj\n" + body + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % place


def _huge_xref() -> bytes:
    head = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    table = stream(b"", b"/Type /XRef /Size 2147483647 /W [0 0 0] /Index [0 2147483647] /Root 1 0 R")
    return head + b"4 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


def _boxes(count: int) -> bytes:
    """A page full of rectangles."""
    drawn = b"".join(b"%d %d 5 5 re S\n" % (number % 500, number // 500) for number in range(count))
    return one_page(words=stream(drawn + b"BT /F1 12 Tf 72 700 Td (Example SDK) Tj ET"))


def _packed(size: int) -> bytes:
    data = zlib.compress(b" " * size + b"BT /F1 12 Tf 72 700 Td (Example SDK) Tj ET", 9)
    return one_page(words=stream(data, b"/Filter /FlateDecode"))


def _packed_twice(size: int) -> bytes:
    data = zlib.compress(zlib.compress(b" " * size, 9), 9)
    return one_page(words=stream(data, b"/Filter [/FlateDecode /FlateDecode]"))


def _predicted() -> bytes:
    data = zlib.compress(bytes(1000))
    head = b"/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2000000000 /Colors 99 >>"
    return one_page(words=stream(data, head))


def _drawn(words: bytes, page: bytes = b"", level: int = 9) -> bytes:
    """A page that is packed: what packs well is small then; at level 0 the file is as large as what is drawn."""
    data = zlib.compress(words + b" BT /F1 12 Tf 72 700 Td (Example SDK) Tj ET", level)
    return one_page(words=stream(data, b"/Filter /FlateDecode"), page=page)


def _crossing(count: int) -> bytes:
    """Upright and level lines over all of a large page."""
    lines = (b"%d 0 m %d 99999 l S 0 %d m 99999 %d l S " % ((number * 9,) * 4) for number in range(1, count))
    return _drawn(b"".join(lines), _LARGE)


def _boxes_and_words(boxes: int, chars: int) -> bytes:
    """Boxes, and characters of which none stands in a line with another."""
    drawn = (b"%d %d 8 8 re S " % (number % 60 * 14, number // 60 * 14) for number in range(boxes))
    return _drawn(b"".join(drawn) + b"BT /F1 12 Tf 1 0 0 1 0 0 Tm " + b"(a) Tj 3.1 7.3 Td " * chars + b"ET", _LARGE, 0)


def _links_over_words(links: int, chars: int) -> bytes:
    link = b"<< /Type /Annot /Subtype /Link /Rect [0 0 600 900] /A << /URI (https://a.example/) >> >>"
    return _drawn(b"BT /F1 12 Tf 72 700 Td (" + b"a" * chars + b") Tj ET", b"/Annots [" + link * links + b"] ")


def _pages_of_one_drawing(pages: int, words: bytes) -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> >> >>"
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + pages))
    tree = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, pages)
    return pdf([CATALOG, tree, stream(zlib.compress(words, 9), b"/Filter /FlateDecode"), FONT, *[page] * pages])


def _form_often(times: int, words: bytes) -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /A 5 0 R >> >> >>"
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << /Font << /F1 6 0 R >> >>"
    kids = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf([CATALOG, kids, page, stream(b"/A Do " * times), stream(words, head), FONT])


def _packed_fonts(count: int) -> bytes:
    """Fonts with a map of characters each that packs well."""
    names = b" ".join(b"/F%d %d 0 R" % (number, 4 + 2 * number) for number in range(1, count + 1))
    page = b"/Resources << /Font << %b >> >> " % names
    table = stream(zlib.compress(b" " * 30_000_000, 9), b"/Filter /FlateDecode")
    more = []
    for number in range(1, count + 1):
        more.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode %d 0 R >>" % (5 + 2 * number))
        more.append(table)
    return one_page(
        page=page, words=stream(b"BT " + b"/F1 9 Tf (a) Tj /F2 9 Tf (a) Tj /F3 9 Tf (a) Tj" + b" ET"), more=more
    )


def _doubling(levels: int, item: bytes = b"[%d 0 R %d 0 R]") -> list[bytes]:
    """Objects from the sixth on, each of which refers twice to the next."""
    return [*(item % (level, level) for level in range(7, 7 + levels)), b"(a)"]


_LARGE = b"/MediaBox [0 0 100000 100000] "


def _form_loop() -> bytes:
    """A form that draws itself twice."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /A 5 0 R >> >> >>"
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A 5 0 R >> >>"
    objects = [
        CATALOG,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        stream(b"/A Do"),
        stream(b"/A Do /A Do", head),
    ]
    return pdf(objects)


def _form_bomb(levels: int) -> bytes:
    """Forms that each draw the next ten times."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /A 5 0 R >> >> >>"
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A %d 0 R >> >>"
    forms = [stream(b"/A Do " * 10, head % (6 + level)) for level in range(levels)]
    return pdf([CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream(b"/A Do"), *forms, WORDS])


def _font_loop() -> bytes:
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [5 0 R] /ToUnicode 5 0 R >>"
    return one_page(font=font)


def _character_map() -> bytes:
    """A map from codes to characters with a range of four thousand million."""
    body = b"begincmap 1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange 1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange endcmap"
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>"
    inner = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (A) /Ordering (B) /Supplement 0 >> /W [0 2147483647 500] >>"
    return one_page(font=font, more=[inner, stream(body)])


def _widths() -> bytes:
    font = b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FirstChar 0 /LastChar 2147483647 /Widths [500] >>"
    return one_page(font=font)


# ---- packages of Office


def package(name: str, parts: Mapping[str, bytes]) -> bytes:
    """The small notice with some of its parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(files()[name])) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as to:
        for info in source.infolist():
            if info.filename not in parts:
                to.writestr(info.filename, source.read(info))
        for part, data in parts.items():
            to.writestr(part, data)
    return out.getvalue()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def _docx(body: str) -> bytes:
    return package(
        "notice.docx", {"word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>".encode()}
    )


def _xlsx(rows: str, head: str = "", tail: str = "") -> bytes:
    sheet = f"<worksheet {_S}>{head}<sheetData>{rows}</sheetData>{tail}</worksheet>"
    return package("notice.xlsx", {"xl/worksheets/sheet1.xml": sheet.encode()})


def _row(number: int, *cells: str) -> str:
    inner = "".join(
        f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'
        for place, words in zip(cells[::2], cells[1::2], strict=True)
    )
    return f'<row r="{number}">{inner}</row>'


_PARAGRAPH = "<w:p><w:r><w:t>示例推送SDK</w:t></w:r></w:p>"


# ---- MHTML


def _parts(count: int) -> bytes:
    head = f'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="{BOUNDARY}"\r\n\r\n'
    part = f"--{BOUNDARY}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>示例推送SDK</p>\r\n"
    return (head + part * count + f"--{BOUNDARY}--\r\n").encode()


def _messages(depth: int) -> bytes:
    """Messages in messages."""
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="{0}"\r\n\r\n--{0}\r\n'
    return (
        "".join(head.format(f"b{level}") for level in range(depth)) + "Content-Type: text/html\r\n\r\n<p>a</p>\r\n"
    ).encode()


def _forwarded(depth: int) -> bytes:
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
    return (
        head + "Content-Type: message/rfc822\r\n\r\n" * depth + "Content-Type: text/html\r\n\r\n<p>a</p>\r\n"
    ).encode()


def _many_headers(count: int) -> bytes:
    return (
        "MIME-Version: 1.0\r\nContent-Type: text/html\r\n" + "X-A: b\r\n" * count + "\r\n<p>示例推送SDK</p>"
    ).encode()


Make = Callable[[], bytes]
_HTML: dict[str, Make] = {
    "deep": lambda: _nested("div", 100_000),
    "deep_inline": lambda: _nested("b", 100_000),
    "deep_lists": lambda: _nested("ul><li", 20_000),
    "deep_quotes": lambda: _nested("blockquote", 20_000),
    "deep_tables": lambda: _page("<table><tr><td>" * 20_000),
    "huge_attribute": lambda: _page(f'<a href="https://a.example/{"a" * 5_000_000}">示例推送SDK</a>'),
    "huge_style": lambda: _page(f'<p style="{"display : " * 200_000}">示例推送SDK</p>'),
    "many_attributes": lambda: _page("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">示例推送SDK</p>"),
    "entity_bomb": _entity_bomb,
    "entities": lambda: _page("&amp;&#20013;&#x110000;&#xD800;&nosuch;" * 20_000),
    "nulls": lambda: _page("示例\0推送SDK<\0p>" * 10_000),
    "spans": lambda: _page("<table>" + "<tr><td colspan=1000000000 rowspan=1000000000>甲<td>乙" * 10_000),
    "links": lambda: _page("".join(f'<a href="/{n}">链接</a>' for n in range(100_000))),
    "headings": lambda: _page("".join(f"<h{n % 6 + 1}>示例{n}" for n in range(100_000))),
    "unclosed_comment": lambda: _page("示例推送SDK<!--" * 50_000),
    "unclosed_script": lambda: _page("<script>" + "</scrip" * 50_000),
    "half_tags": lambda: _page("<" * 500_000),
    "one_line": lambda: _page("示例推送SDK 使用目的：推送 收集个人信息：IMEI；" * 20_000),
    "bases": lambda: _page("<base href='//a.example/'><a href=x>隐私政策</a>" * 10_000),
    "lists_of_great_numbers": lambda: _page("<ol start=99999999999999999999><li value=-9999999999>甲" * 5_000),
    "bidi": lambda: _page("\u202e示例推送SDK\u2066 使用目的：推送\u2069\u202c<br>" * 10_000),
}  # fmt: skip
_TEXT: dict[str, Make] = {
    "line": lambda: ("甲" * 1_700_000).encode(),
    "line_of_digits": lambda: b"1" * 1_000_000,
    "line_of_blanks": lambda: ("示例推送SDK" + " " * 1_000_000 + "使用目的：推送").encode(),
    "brackets": lambda: ("收集个人信息：" + "（" * 1_000_000).encode(),
    "all_brackets": lambda: ("收集个人信息：" + "([{（【《「『〔“‘" * 20_000).encode(),
    "closed_brackets": lambda: ("收集个人信息：" + "（" * 100_000 + "IMEI" + "）" * 100_000).encode(),
    "colons": lambda: ("：" * 300_000).encode(),
    "commas": lambda: ("收集个人信息：" + "、" * 300_000).encode(),
    "separators": lambda: ("收集个人信息：" + "IMEI、" * 100_000).encode(),
    "pipes": lambda: b"|" * 500_000,
    "pipe_rows": lambda: b"|\n" * 200_000,
    "tabs": lambda: b"\t" * 500_000,
    "breaks": lambda: b"\n" * 500_000,
    "odd_breaks": lambda: "甲\u2028乙\u2029丙\x0b丁\x85".encode() * 20_000,
    "numbers": lambda: "".join(f"{n}.\n" for n in range(100_000)).encode(),
    "dashes": lambda: b"-" * 500_000,
    "addresses": lambda: b"https://" * 100_000,
    "address": lambda: ("隐私政策：https://a.example/" + "a" * 1_000_000).encode(),
    "labels": lambda: "收集个人信息：\n".encode() * 20_000,
    "names": lambda: "示例推送SDK\n".encode() * 20_000,
    "company": lambda: ("公司：" + "有限公司" * 80_000).encode(),
    "sdk": lambda: ("SDK" * 300_000).encode(),
    "latin": lambda: ("收集个人信息：" + "IMEIOAIDMAC" * 50_000).encode(),
    "sentences": lambda: ("我们会向" * 50_000 + "提供您的手机号码").encode(),
    "sharing": lambda: ("如果您使用，我们会共享、提供、披露给" * 10_000).encode(),
    "combining": lambda: (LIST + "e" + "\u0301" * 300_000).encode(),
    "zero_width": lambda: (LIST + "\u200b\u200d\ufeff" * 100_000).encode(),
    "right_to_left": lambda: ("\u202e" + LIST).encode() * 5_000,
    "full_width": lambda: ("ＳＤＫ名称：ＩＭＥＩ　" * 20_000).encode(),
    "nulls": lambda: LIST.encode() + bytes(100_000),
    "half_pairs": lambda: b"\xed\xa0\x80" * 50_000 + LIST.encode(),
    "utf16_without_mark": lambda: (LIST * 3_000).encode("utf-16-le"),
    "utf16_of_half_pairs": lambda: (LIST + "\ud800").encode("utf-16-le", "surrogatepass") * 1_000,
    "utf7": lambda: (LIST * 3_000).encode("utf-7"),
    "mixed": lambda: (LIST.encode() + LIST.encode("gb18030") + LIST.encode("utf-16-be")) * 1_000,
    "noise": lambda: bytes(number * number % 251 for number in range(300_000)),
    "many_lists": lambda: (LIST * 3_000).encode(),
}
_MARKDOWN: dict[str, Make] = {
    "emphasis": lambda: b"*a " * 50_000,
    "emphasis_mixed": lambda: b"**a _b " * 30_000,
    "emphasis_closed": lambda: b"*" * 30_000 + b"a" + b"*" * 30_000,
    "emphasis_apart": lambda: b"a**b" + b"c* " * 50_000,
    "strikes": lambda: b"~~a " * 50_000,
    "brackets": lambda: b"[" * 100_000,
    "brackets_in_lines": lambda: (b"[" * 90 + b"*a*\n\n") * 2_000,
    "brackets_and_marks": lambda: b"[*a " * 40_000,
    "links": lambda: b"[a](" * 50_000,
    "links_nested": lambda: b"[" * 30_000 + b"a" + b"](b)" * 30_000,
    "links_angled": lambda: b"[a](<b" * 30_000,
    "images": lambda: b"![" * 50_000 + b"a" + b"](b)" * 50_000,
    "references": lambda: b"".join(b"[r%d]: x\n" % n for n in range(10_000)) + b"[r1] " * 20_000,
    "reference_open": lambda: b"[a]: <" * 30_000,
    "quotes": lambda: b">" * 100_000 + b"a",
    "quotes_growing": lambda: b"".join(b">" * n + b"a\n" for n in range(600)),
    "lists": lambda: b"- " * 50_000 + b"a",
    "lists_growing": lambda: b"".join(b" " * 2 * n + b"- a\n" for n in range(600)),
    "backticks": lambda: b"".join(b"e" + b"`" * n for n in range(800)),
    "backslashes": lambda: b"\\" * 300_000,
    "entities": lambda: b"&" * 200_000,
    "autolinks": lambda: b"<a:" * 50_000,
    "comments": lambda: b"a <!-- " * 30_000,
    "declarations": lambda: b"a <!A " * 30_000,
    "instructions": lambda: b"a <?" * 50_000,
    "cdata": lambda: b"a <![CDATA[" * 30_000,
    "tags": lambda: b"a <b c='" * 30_000,
    "table_wide": lambda: b"|a" * 50_000 + b"|\n" + b"|-" * 50_000 + b"|\n" + b"|b" * 50_000,
    "table_wide_and_long": lambda: b"|a" * 190 + b"|\n" + b"|-" * 190 + b"|\n" + b"|b|\n" * 30_000,
    "table_rules": lambda: b"a|b\n-|-\n" * 20_000,
    "table_of_rules": lambda: b"|-" * 20_000 + b"|\n",
    "blocks": lambda: b"a\n\n" * 100_000,
    "items": lambda: b"- a\n" * 50_000,
    "headings": lambda: b"# a\n" * 50_000,
    "underlined": lambda: b"a\n=\n" * 50_000,
    "fences": lambda: b"```\n" * 50_000,
    "front_matter": lambda: b"---\n" + b"a: b\n" * 50_000,
    "rules": lambda: b"* " * 100_000,
    "html": lambda: b"<div>\n\n" * 20_000,
    "nulls": lambda: b"a\0" * 50_000,
}
_CSV: dict[str, Make] = {
    "commas": lambda: b"," * 1_000_000,
    "rows_of_commas": lambda: b",,,,,,,,,\n" * 30_000,
    "open_quote": lambda: ("SDK名称,公司\n" + '"示例,甲\n' * 30_000).encode() + b'"',
    "quotes": lambda: b'"' * 500_000,
    "wide": lambda: ",".join(f"列{n}" for n in range(50_000)).encode() + b"\n" + b"a," * 50_000,
    "ragged": lambda: "\n".join("甲," * (n % 300) for n in range(2_000)).encode(),
    "titles": lambda: "甲,乙\n\n标题\n".encode() * 10_000,
}
_PDF: dict[str, Make] = {
    "tree_loop": lambda: one_page(kids=b"[2 0 R]"),
    "tree_loop_of_two": lambda: one_page(
        kids=b"[3 0 R 6 0 R]", more=[b"<< /Type /Pages /Kids [2 0 R 6 0 R] /Count 9 >>"]
    ),
    "tree_deep": lambda: _deep_tree(20_000),
    "parent_loop": lambda: one_page(page=b"/Parent 3 0 R "),
    "catalog_of_itself": lambda: one_page(catalog=b"<< /Type /Catalog /Pages 1 0 R >>"),
    "previous_table_is_itself": lambda: one_page(trailer=b"/Root 1 0 R /Prev @"),
    "previous_table_is_nowhere": lambda: one_page(trailer=b"/Root 1 0 R /Prev 999999999999"),
    "previous_table_before": lambda: one_page(trailer=b"/Root 1 0 R /Prev -5"),
    "stream_table_is_itself": lambda: one_page(trailer=b"/Root 1 0 R /XRefStm @"),
    "start_beyond": lambda: one_page(start=10**15),
    "object_stream_loop": _object_stream_loop,
    "huge_table": _huge_xref,
    "huge_length": lambda: one_page(words=b"<< /Length 99999999999 >>\nstream\nBT ET\nendstream"),
    "length_of_itself": lambda: one_page(words=b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream"),
    "reference_loop": lambda: one_page(words=b"6 0 R", more=[b"7 0 R", b"6 0 R"]),
    "pages": lambda: _many_pages(1_000),
    "same_page_often": lambda: one_page(kids=b"[" + b"3 0 R " * 1_000 + b"]"),
    "contents_often": lambda: one_page(page=b"/Contents [" + b"4 0 R " * 5_000 + b"] "),
    "boxes": lambda: _boxes(15_000),
    "many_boxes": lambda: _boxes(60_000),
    "packed_page": lambda: _packed(30_000_000),
    "packed_bomb": lambda: _packed(300_000_000),
    "packed_twice": lambda: _packed_twice(300_000_000),
    "predicted": _predicted,
    "box_of_names": lambda: one_page(page=b"/MediaBox [/A 0 0 595 842] "),
    "form_loop": _form_loop,
    "form_bomb": lambda: _form_bomb(9),
    "font_loop": _font_loop,
    "character_map": _character_map,
    "widths": _widths,
    "nested_arrays": lambda: one_page(page=b"/A " + b"[" * 100_000 + b"]" * 100_000),
    "nested_in_words": lambda: one_page(words=stream(b"[" * 100_000 + b"]" * 100_000)),
    "open_string": lambda: one_page(words=stream(b"(" * 300_000)),
    "states": lambda: one_page(words=stream(b"q " * 200_000)),
    "characters": lambda: one_page(words=stream(b"BT /F1 12 Tf 72 700 Td (" + b"SDK " * 30_000 + b") Tj ET")),
    "characters_apart": lambda: one_page(
        words=stream(b"BT /F1 12 Tf 1 0 0 1 0 0 Tm " + b"(a) Tj 3 7 Td " * 20_000 + b"ET")
    ),
    "full_page": lambda: _drawn(b"BT /F1 12 Tf 1 0 0 1 0 0 Tm " + b"(a) Tj 3.1 7.3 Td " * 70_000, level=0),
    "full_form": lambda: _form_often(1, b"BT /F1 12 Tf " + b"q 0.1 0.2 0.3 rg (a) Tj Q 3.1 7.3 Td " * 70_000 + b"ET"),
    "form_often": lambda: _form_often(4_000, b"q Q " * 50_000),
    "pages_of_one_drawing": lambda: _pages_of_one_drawing(
        200, b"q Q " * 100_000 + b"BT /F1 12 Tf 72 700 Td (SDK) Tj ET"
    ),
    "pages_of_the_same_words": lambda: _pages_of_one_drawing(
        200, b"BT /F1 12 Tf 72 700 Td (" + b"SDK " * 15_000 + b") Tj ET"
    ),
    "pages_of_the_same_lines": lambda: _pages_of_one_drawing(
        3, b"BT /F1 12 Tf 1 0 0 1 0 0 Tm " + b"(a) Tj 3.1 7.3 Td " * 50_000 + b"ET"
    ),
    "packed_drawing": lambda: _drawn(b"q Q " * 7_000_000),
    "packed_fonts": lambda: _packed_fonts(6),
    "crossing_lines": lambda: _crossing(1_000),
    "some_crossing_lines": lambda: _crossing(55),
    "boxes_and_words": lambda: _boxes_and_words(700, 70_000),
    "links_over_words": lambda: _links_over_words(1_000, 70_000),
    "long_path": lambda: _drawn(
        b"0 0 m " + b"".join(b"%d %d l " % (n % 600, n % 800) for n in range(200_000)) + b"S", level=0
    ),
    "path_of_boxes": lambda: _drawn(b"5 5 9 9 re " * 80_000 + b"S"),
    "doubling_links": lambda: one_page(page=b"/Annots 6 0 R ", more=_doubling(60)),
    "doubling_link": lambda: one_page(page=b"/Annots [<< /Type /Annot /X 6 0 R >>] ", more=_doubling(60)),
    "doubling_box": lambda: one_page(page=b"/CropBox 6 0 R ", more=_doubling(60)),
    "doubling_dictionaries": lambda: one_page(
        page=b"/CropBox 6 0 R ", more=_doubling(60, b"<< /A %d 0 R /B %d 0 R >>")
    ),
    "doubling_title": lambda: one_page(trailer=b"/Root 1 0 R /Info << /Title 6 0 R >>", more=_doubling(60)),
    "title_of_itself": lambda: one_page(trailer=b"/Root 1 0 R /Info << /Title 6 0 R >>", more=[b"<< /A 6 0 R >>"]),
    "doubling_widths": lambda: one_page(
        font=b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<< /Type /Font "
        b"/Subtype /CIDFontType2 /W 6 0 R /FontDescriptor << /FontName /X /FontBBox 6 0 R >> >>] >>",
        more=_doubling(60),
    ),
    "objects": lambda: pdf([CATALOG, *[b"null"] * 50_000]),
    "headers": lambda: b"%PDF-1.7\n" * 50_000,
    "broken_objects": lambda: b"%PDF-1.7\n" + b"1 0 obj <<" * 30_000,
}
_DOCX: dict[str, Make] = {
    "deep": lambda: _docx("<w:sdt><w:sdtContent>" * 20_000 + _PARAGRAPH + "</w:sdtContent></w:sdt>" * 20_000),
    "deep_runs": lambda: _docx("<w:p>" + "<w:ins>" * 3_000 + "<w:r><w:t>a</w:t></w:r>" + "</w:ins>" * 3_000 + "</w:p>"),
    "deep_blocks": lambda: _docx("<w:sdt><w:sdtContent>" * 120 + _PARAGRAPH + "</w:sdtContent></w:sdt>" * 120),
    "deep_tables": lambda: _docx("<w:tbl><w:tr><w:tc>" * 80 + _PARAGRAPH + "</w:tc></w:tr></w:tbl>" * 80),
    "deeper_tables": lambda: _docx("<w:tbl><w:tr><w:tc>" * 2_000 + _PARAGRAPH + "</w:tc></w:tr></w:tbl>" * 2_000),
    "spans": lambda: _docx("<w:tbl>" + "<w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"1000000000\"/><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>" * 5_000 + "</w:tbl>"),
    "skipped_columns": lambda: _docx("<w:tbl>" + "<w:tr><w:trPr><w:gridBefore w:val=\"1000000000\"/></w:trPr><w:tc>" + _PARAGRAPH + "</w:tc></w:tr></w:tbl>"),
    "paragraphs": lambda: _docx(_PARAGRAPH * 20_000),
    "empty_paragraphs": lambda: _docx("<w:p/>" * 200_000),
    "marks": lambda: _docx("<w:p/>" * 4_000_000),
    "attributes": lambda: _docx('<w:p a="" b="" c="" d=""/>' * 50_000),
    "cells": lambda: _docx("<w:tbl><w:tr>" + "<w:tc/>" * 85_000 + "</w:tr></w:tbl>"),
    "too_many_cells": lambda: _docx("<w:tbl><w:tr>" + "<w:tc/>" * 110_000 + "</w:tr></w:tbl>"),
    "fields": lambda: _docx("<w:p>" + '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>HYPERLINK "a"</w:instrText></w:r>' * 20_000 + "</w:p>"),
    "levels": lambda: _docx('<w:p><w:pPr><w:numPr><w:ilvl w:val="999999999"/><w:numId w:val="999999999"/></w:numPr></w:pPr></w:p>' * 1_000),
    "laughs": lambda: package("notice.docx", {"word/document.xml": _entity_bomb()}),
    "laughs_in_styles": lambda: package("notice.docx", {"word/styles.xml": _entity_bomb()}),
    "wrong_part": lambda: package("notice.docx", {"word/_rels/document.xml.rels": b"<a/>"}),
    "invalid_character": lambda: package("notice.docx", {"word/document.xml": b"<\0w:document/>"}),
    "empty_part": lambda: package("notice.docx", {"word/document.xml": b""}),
    "without_body": lambda: package("notice.docx", {"word/document.xml": f"<w:document {_W}/>".encode()}),
}  # fmt: skip
_XLSX: dict[str, Make] = {
    "last_cell": lambda: _xlsx(_row(1, "A1", "甲", "XFD1", "乙") + _row(1_048_576, "A1048576", "丙")),
    "declared": lambda: _xlsx(_row(1, "A1", "SDK名称"), head='<dimension ref="A1:XFD1048576"/>'),
    "merged": lambda: _xlsx(_row(1, "A1", "SDK名称"), tail='<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    "merged_rows": lambda: _xlsx(_row(1, "A1", "SDK名称"), tail='<mergeCells><mergeCell ref="A1:Z100000"/></mergeCells>'),
    "merged_cells": lambda: _xlsx(_row(1, "A1", "甲"), tail="<mergeCells>" + '<mergeCell ref="A1"/>' * 13_000 + "</mergeCells>"),
    "too_many_merged": lambda: _xlsx(_row(1, "A1", "甲"), tail="<mergeCells>" + '<mergeCell ref="A1"/>' * 30_000 + "</mergeCells>"),
    "merged_often": lambda: _xlsx(_row(1, "A1", "甲"), tail="<mergeCells>" + '<mergeCell ref="A1:CV1000"/>' * 100 + "</mergeCells>"),
    "links": lambda: _xlsx(_row(1, "A1", "甲"), tail='<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'),
    "wide_rows": lambda: _xlsx("".join(_row(n, f"XFD{n}", "甲") for n in range(1, 5_000))),
    "far_rows": lambda: _xlsx("".join(_row(n * 1_000, f"A{n * 1_000}", "甲") for n in range(1, 1_000))),
    "columns": lambda: _xlsx(_row(1, "A1", "甲"), head='<cols><col min="1" max="999999999" width="9"/></cols>'),
    "cells": lambda: _xlsx("<row>" + "<c/>" * 95_000 + "</row>"),
    "too_many_cells": lambda: _xlsx("<row>" + "<c/>" * 110_000 + "</row>"),
    "numbers": lambda: _xlsx("<row><c><v>1</v></c></row>" * 35_000),
    "formats": lambda: package("notice.xlsx", {"xl/styles.xml": f"<styleSheet {_S}><cellXfs>{'<xf/>' * 95_000}</cellXfs></styleSheet>".encode()}),
    "utf16": lambda: package("notice.xlsx", {"xl/worksheets/sheet1.xml": f'<?xml version="1.0" encoding="utf-16"?><worksheet {_S}><sheetData><row>{"<c/>" * 200_000}</row></sheetData></worksheet>'.encode("utf-16")}),
    "strings": lambda: package("notice.xlsx", {"xl/sharedStrings.xml": f'<sst {_S} count="999999999" uniqueCount="999999999"/>'.encode()}),
    "wrong_rows": lambda: _xlsx('<row r="-1"><c r="A0" t="s"><v>-5</v></c></row><row r="x"><c r="!"><v>1e999</v></c></row>'),
    "dates": lambda: _xlsx('<row r="1"><c r="A1" t="d"><v>9999-99-99</v></c><c r="B1" t="e"><v>#REF!</v></c></row>'),
    "laughs": lambda: package("notice.xlsx", {"xl/worksheets/sheet1.xml": _entity_bomb()}),
    "deep": lambda: _xlsx("<row><c>" * 3_000 + "</c></row>" * 3_000),
}  # fmt: skip
_MHTML: dict[str, Make] = {
    "parts": lambda: _parts(5_000),
    "messages": lambda: _messages(200),
    "deep_messages": lambda: _messages(3_000),
    "forwarded": lambda: _forwarded(5_000),
    "headers": lambda: _many_headers(50_000),
    "long_header": lambda: b"MIME-Version: 1.0\r\nContent-Type: text/html;" + b" a=b;" * 100_000 + b"\r\n\r\n<p>a</p>",
    "base64": lambda: b"MIME-Version: 1.0\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"=" * 300_000,
    "quoted": lambda: b"MIME-Version: 1.0\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n" * 100_000,
    "unknown": lambda: b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=rot13\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 666 a\n" + b"M" * 99_999,
}  # fmt: skip
_GZIP: dict[str, Make] = {
    "layers": lambda: gzip.compress(gzip.compress(gzip.compress(gzip.compress(LIST.encode())))),
    "bomb": lambda: gzip.compress(bytes(200_000_000)),
    "members": lambda: gzip.compress(b"") * 30_000,
    "members_and_a_list": lambda: gzip.compress(LIST.encode()) * 2_000,
    "wrong_sum": lambda: gzip.compress(LIST.encode())[:-8] + bytes(8),
}
NASTIES: dict[str, tuple[str, Make]] = {
    f"{suffix}-{name}": (f"{name}.{suffix}", make)
    for suffix, makers in (
        *(("html", _HTML), ("txt", _TEXT), ("md", _MARKDOWN), ("csv", _CSV), ("pdf", _PDF)),
        *(("docx", _DOCX), ("xlsx", _XLSX), ("mhtml", _MHTML), ("gz", _GZIP)),
    )
    for name, make in makers.items()
}
