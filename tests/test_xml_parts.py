"""Parts of a package that would have a parser expand entities are refused, however they are written and wherever they lie."""

from __future__ import annotations

import codecs
import io
import zipfile

import pytest
from lxml import etree

from noticeparse.document import read_document
from noticeparse.document.xml_parts import check_part
from noticeparse.errors import InputError
from tests.mutants import files
from tests.nasties import package

BOMB = '<?xml version="1.0"{encoding}?>\n<!DOCTYPE a [<!ENTITY b "bomb">]><a>&b;</a>'
GOOD = '<?xml version="1.0"{encoding}?>\n<a>示例</a>'
#: Each encoding that libxml2 may know, as ``iconv`` calls it, and that of Python.
ENCODINGS = {
    "UTF-8": "utf-8",
    "UTF-8 with mark": "utf-8-sig",
    "UTF-16LE": "utf-16-le",
    "UTF-16BE": "utf-16-be",
    "UTF-16": "utf-16",
    "UTF-32": "utf-32",
    "UTF-32LE": "utf-32-le",
    "UTF-32BE": "utf-32-be",
    "UCS-4": "utf-32-be",
    "UTF-7": "utf-7",
    "IBM037": "cp037",
    "IBM500": "cp500",
    "IBM1047": "cp1140",
    "ISO-2022-JP": "iso2022_jp",
    "ISO-2022-KR": "iso2022_kr",
    "HZ": "hz",
    "SHIFT_JIS": "shift_jis",
    "GB18030": "gb18030",
    "GBK": "gbk",
    "BIG5": "big5",
    "EUC-JP": "euc_jp",
    "ISO-8859-1": "latin-1",
}
NAMES = ("word/document.xml", "word/_rels/document.xml.rels", "word/media/picture.svg", "word/document.bin", "a")


def written(text: str, label: str, codec: str, declared: bool) -> bytes:
    return text.format(encoding=f' encoding="{label.split()[0]}"' if declared else "").encode(codec, "replace")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("label", ENCODINGS)
def test_entities_are_found_in_every_encoding_that_a_parser_reads(label: str, declared: bool, name: str) -> None:
    part = written(BOMB, label, ENCODINGS[label], declared)
    parser = etree.XMLParser(resolve_entities=True, no_network=True)
    try:
        expanded = "bomb" in "".join(etree.fromstring(part, parser).itertext())
    except etree.XMLSyntaxError:
        expanded = False
    assert check_part(name, part) is not None or not expanded
    if label.startswith("UTF-8"):
        assert expanded  # the bomb is one


def test_entities_hidden_by_what_a_declaration_says_are_found() -> None:
    hidden = "<a/>".join(("", "")).join(("", ""))
    text = (
        '<?xml version="1.0" encoding="UTF-7"?>\n+ADwAIQ-DOCTYPE a +AFs-+ADwAIQ-ENTITY b +ACI-bomb+ACIAPgBdAD4-'
        + hidden
    )
    cause = check_part("word/document.xml", text.encode())
    assert cause == "is in an encoding that the format does not allow: UTF-7"


def test_an_encoding_that_nobody_knows_is_refused() -> None:
    cause = check_part("a", b'<?xml version="1.0" encoding="nonsense"?><a/>')
    assert cause == "is in an encoding that the format does not allow: nonsense"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_of_the_format_are_good(codec: str, name: str) -> None:
    assert check_part(name, written(GOOD, "UTF-16" if codec == "utf-16" else "UTF-8", codec, declared=True)) is None
    assert check_part(name, written(GOOD, "", codec, declared=False)) is None


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("word/media/a.png", b"\x89PNG\r\n\x1a\n<!DOCTYPE <!ENTITY"),
        ("xl/drawings/vmlDrawing1.vml", b"<xml><br></xml>"),
        ("word/afchunk.htm", b"<!DOCTYPE html>\n<p>a<br>b"),
        ("word/media/a.svg", b'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg/>'),
        ("docProps/thumbnail.jpeg", b""),
    ],
)  # fmt: skip
def test_what_no_reader_takes_for_xml_is_left_alone(name: str, part: bytes) -> None:
    assert check_part(name, part) is None


@pytest.mark.parametrize(
    ("part", "cause"),
    [
        (b"", "is no XML: no element found: line 1, column 0"),
        (b"<a><b></a>", "is no XML: mismatched tag: line 1, column 8"),
        (codecs.BOM_UTF16_LE + b"<a/>", "is no XML: "),
    ],
)
def test_a_part_of_text_has_to_be_xml(part: bytes, cause: str) -> None:
    assert (check_part("word/document.xml", part) or "").startswith(cause)


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "merge",
    [
        '<mergeCell ref="A1&#58;XFD1048576"/>',
        '<mergeCell a=">" ref="A1:XFD1048576"/>',
        f'<mergeCell {"b" * 3000}="" ref="A1:XFD1048576"/>',
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_merged_cells_are_counted_however_they_are_written(codec: str, merge: str) -> None:
    with zipfile.ZipFile(io.BytesIO(files()["notice.xlsx"])) as archive:
        sheet = archive.read(SHEET).decode()
    head, _, tail = sheet.partition("</sheetData>")
    head = head[head.index("<worksheet") :]
    tail = tail[tail.index("</worksheet>") :] if "<mergeCells" in tail else tail
    made = f'<?xml version="1.0" encoding="{codec}"?>{head}</sheetData><mergeCells>{merge}</mergeCells>{tail}'
    with pytest.raises(InputError, match=r"too large: \d+ merged or linked cells"):
        read_document("a.xlsx", package("notice.xlsx", {SHEET: made.encode(codec)}))


def test_a_notice_in_utf_16_is_read() -> None:
    with zipfile.ZipFile(io.BytesIO(files()["notice.docx"])) as archive:
        body = archive.read("word/document.xml").decode()
    made = '<?xml version="1.0" encoding="UTF-16"?>' + body[body.index("<w:document") :]
    there = read_document("a.docx", package("notice.docx", {"word/document.xml": made.encode("utf-16")}))
    assert there.text == read_document("a.docx", files()["notice.docx"]).text
