"""Script and width of a notice's characters: rules see one form, values and spans stay those of the notice."""

from __future__ import annotations

import random
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from noticeparse.document import document_from_text
from noticeparse.document.view import View, collapse, simplify
from noticeparse.lexicon.load import load_lexicon
from noticeparse.parsing import parse_document
from noticeparse.records import Notice

CORPUS = Path(__file__).parents[1] / "corpus" / "notices"
NOTICES = ("sample-mall", "keyvalue-headings", "numbered-headings")
RADICALS = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0x2F00, 0x2FD6)}
SIMPLE, TRADITIONAL = OpenCC("t2s"), OpenCC("s2t")


@cache
def parsed(name: str) -> tuple[str, Notice]:
    text = (CORPUS / name / "notice.txt").read_text("utf-8")
    return text, parse_document(document_from_text(text), load_lexicon())


@cache
def other_forms(char: str) -> tuple[str, ...]:
    """Characters that a reader takes for this one: traditional, full-width, radical."""
    traditional = str(TRADITIONAL.convert(char))
    forms = [traditional] if len(traditional) == 1 and SIMPLE.convert(traditional) == char else []
    if char in RADICALS:
        forms.append(RADICALS[char])
    if char.isascii() and char.isalnum():
        forms.append(chr(ord(char) + 0xFEE0))
    return tuple(form for form in forms if form != char)


def disguised(text: str, seed: int, share: float) -> str:
    """The text with some characters in another form, lines with an address left as they are."""
    rng = random.Random(seed)
    lines = []
    for line in text.split("\n"):
        if "http" in line or "www." in line:
            lines.append(line)
            continue
        lines.append(
            "".join(rng.choice(other_forms(c)) if other_forms(c) and rng.random() < share else c for c in line)
        )
    return "\n".join(lines)


@pytest.mark.parametrize("name", NOTICES)
@given(seed=st.integers(0, 2**32), share=st.sampled_from([0.05, 0.3, 1.0]))
@settings(max_examples=6, deadline=None)
def test_other_forms_of_characters_change_no_span_and_no_meaning(name: str, seed: int, share: float) -> None:
    text, plain = parsed(name)
    changed = disguised(text, seed, share)
    notice = parse_document(document_from_text(changed), load_lexicon())
    assert [d.span for d in notice.disclosures] == [d.span for d in plain.disclosures]
    for one, other in zip(plain.disclosures, notice.disclosures, strict=True):
        assert [(i.span, i.concept, i.how) for i in one.data_items] == [
            (i.span, i.concept, i.how) for i in other.data_items
        ]
        assert [p.permission for p in one.permissions] == [p.permission for p in other.permissions]
        for before, after in ((one.provider, other.provider), (one.sdk, other.sdk)):
            assert (before and (before.span, before.id)) == (after and (after.span, after.id))
        values = [other.provider, other.sdk, other.purpose, *other.data_items, *other.permissions]
        values += [qualifier for item in other.data_items for qualifier in item.qualifiers]
        assert all(value.text == collapse(changed[slice(*value.span)]) for value in values if value is not None)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_the_view_of_any_text_maps_each_character_to_its_own_place(text: str) -> None:
    document = document_from_text(text)
    view = View(document)
    assert len(view.text) == len(view.offsets)
    assert list(view.offsets) == sorted(set(view.offsets))
    assert len(simplify(text)) == len(text)
    for at, offset in enumerate(view.offsets):
        assert view.span(at, at + 1) == (offset, offset + 1)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("第三⽅使⽤⽬的", "第三方使用目的"),
        ("⾼德⻚⾯", "高德页面"),
        ("ＩＭＥＩ（可選）", "IMEI(可选)"),
        ("騰訊計算機", "腾讯计算机"),
    ],
)
def test_what_rules_see(written: str, seen: str) -> None:
    assert View(document_from_text(written)).text == seen
