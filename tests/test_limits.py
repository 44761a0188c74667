"""Each bound that keeps a hostile file from filling the memory or from never ending, by the words that tell of it."""

from __future__ import annotations

import pytest

from noticeparse.document import read_document
from noticeparse.document.model import Document
from noticeparse.errors import InputError
from tests.nasties import NASTIES


def read(case: str) -> Document:
    name, make = NASTIES[case]
    return read_document(name, make())


@pytest.mark.parametrize(
    ("case", "cause"),
    [
        ("pdf-previous_table_is_itself", "no readable PDF: nested too deep, or in a circle"),
        ("pdf-huge_table", "no readable PDF: "),
        ("pdf-reference_loop", "no readable PDF: page 1 cannot be read: PDFValueError: references in a circle"),
        ("pdf-packed_bomb", "page 1 cannot be read: PdfminerException: unpacks to more than 33554432 bytes"),
        ("pdf-packed_twice", "page 1 cannot be read: PdfminerException: unpacks to more than 33554432 bytes"),
        ("pdf-predicted", "page 1 cannot be read: PdfminerException: rows of 2000000000 columns in 1000 bytes"),
        ("pdf-form_bomb", "page 1 cannot be read: PdfminerException: more than 5000 forms on a page"),
        ("pdf-character_map", "page 1 cannot be read: PdfminerException: a map of more than 65536 characters"),
        ("pdf-contents_often", "page 1 cannot be read: PdfminerException: a page in more than 1000 pieces"),
        ("pdf-characters", "page 1 cannot be read: PdfminerException: more than 75000 characters on a page"),
        ("pdf-form_often", "page 1 cannot be read: PdfminerException: more drawing than a document of its size has"),
        (
            "pdf-packed_drawing",
            "page 1 cannot be read: PdfminerException: more drawing than a document of its size has",
        ),
        ("pdf-packed_fonts", "page 1 cannot be read: PdfminerException: unpacks to too many bytes for its size"),
        ("pdf-doubling_box", "page 1 cannot be read: PDFValueError: more references than a document of its size has"),
        (
            "pdf-doubling_widths",
            "page 1 cannot be read: PdfminerException: more references than a document of its size",
        ),
        ("docx-marks", "too large: more than 3"),
        ("docx-too_many_cells", "too large: more than 3"),
        ("xlsx-too_many_cells", "too large: more than 3"),
        ("xlsx-too_many_merged", "too large: more than 3"),
        ("xlsx-utf16", "too large: more than 3"),
        ("xlsx-merged", "too large: 17179869184 merged or linked cells, limit 200000"),
        ("xlsx-merged_rows", "too large: 2600000 merged or linked cells, limit 200000"),
        ("xlsx-links", "too large: 17179869184 merged or linked cells, limit 200000"),
        ("mhtml-deep_messages", "no readable MHTML: nested too deep, or in a circle"),
        ("mhtml-long_header", "no readable MHTML: a header field of 500010 characters, limit 100000"),
        ("gz-bomb", "too large: unpacks to more than 20971520 bytes, the limit"),
    ],
)
def test_what_is_too_much_is_refused(case: str, cause: str) -> None:
    with pytest.raises(InputError) as caught:
        read(case)
    assert cause in str(caught.value)


@pytest.mark.parametrize(
    ("case", "cause"),
    [
        ("pdf-box_of_names", "no readable PDF: page 1 cannot be read: MalformedPDFException: "),
        ("docx-deep", "no readable DOCX: damaged (XMLSyntaxError: Excessive depth in document: 256"),
        (
            "docx-invalid_character",
            "no readable DOCX: word/document.xml is no XML: not well-formed (invalid token): line 1",
        ),
        ("mhtml-forwarded", "no readable MHTML: nested too deep, or in a circle"),
    ],
)
def test_what_a_library_raises_is_one_line(case: str, cause: str) -> None:
    with pytest.raises(InputError) as caught:
        read(case)
    assert cause in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("case", "words", "told"),
    [
        ("pdf-doubling_links", "Example SDK", ["page 1: links cannot be read: PDFValueError: more references than"]),
        ("pdf-links_over_words", "aaaa", ["page 1: links cannot be read: too many lie over each other"]),
        ("pdf-many_boxes", "Example SDK", ["page 1: too many lines and boxes to look for tables in them"]),
        ("pdf-crossing_lines", "Example SDK", ["page 1: too many lines and boxes to look for tables in them"]),
        ("pdf-long_path", "Example SDK", ["page 1: too many lines and boxes to look for tables in them"]),
        ("pdf-path_of_boxes", "Example SDK", ["page 1: too many lines and boxes to look for tables in them"]),
        ("pdf-doubling_title", "Example SDK", []),
        (
            "pdf-pages_of_the_same_words",
            "SDK SDK SDK",
            [f"page {n} cannot be read: PdfminerException: more " for n in range(4, 201)],
        ),
    ],
)
def test_what_is_too_much_is_left_out_and_told(case: str, words: str, told: list[str]) -> None:
    document = read(case)
    assert words in document.text
    assert [note.code for note in document.diagnostics] == ["pdf-page"] * len(told)
    assert all(note.message.startswith(start) for note, start in zip(document.diagnostics, told, strict=True))


def test_a_grid_of_many_cells_is_a_table() -> None:
    """What a full page of small cells has is far from the bounds."""
    document = read("pdf-some_crossing_lines")
    assert not document.diagnostics


def test_what_one_document_took_is_not_held_against_the_next() -> None:
    name, make = NASTIES["pdf-doubling_links"]
    for _ in range(2):
        with pytest.raises(InputError, match="more references"):
            read("pdf-doubling_box")
        assert read_document(name, make()).text == "Example SDK\n"


def test_cells_far_apart_are_read_without_those_between() -> None:
    assert read("xlsx-last_cell").text.split() == ["甲", "丙"]  # columns beyond the thousandth are left out
