"""Changes that keep a notice's meaning keep its records: width, breaks, bullets, indentation, script, and form of file."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import noticeparse
from noticeparse.document import document_from_text, read_document
from noticeparse.lexicon.load import fold, load_lexicon
from noticeparse.parsing import parse_document
from noticeparse.records import Notice

CORPUS = Path(__file__).parents[1] / "corpus" / "notices"
LIST_NOTICES = ("sample-mall", "keyvalue-headings", "bullets-labelled", "numbered-headings")
BULLETS = ("- ", "• ", "· ", "* ", "● ")
NUMBERED = ("（{}） ", "{}. ", "{}、", "{}）")
CHINESE = "一二三四五六七八九十"
BRACKETS = {ord("【"): "(", ord("】"): ")"}
TO_HALF = {0xFF1A: ":", 0xFF08: "(", 0xFF09: ")", 0xFF0C: ",", 0xFF1B: ";"}
TO_FULL = {ord(":"): "：", ord("("): "（", ord(")"): "）", ord(","): "，", ord(";"): "；"}


def source(name: str) -> str:
    return (CORPUS / name / "notice.txt").read_text("utf-8")


def essence(notice: Notice) -> list[object]:
    """What must not change: the records without spans, folded where a transformation changes width or script."""
    return [
        (
            d.form == "prose",
            _fold(d.provider),
            _fold(d.recipient_category),
            _fold(d.sdk),
            _fold(d.purpose),
            _fold(d.scenario),
            [(_fold(i), i.concept, [_fold(q) for q in i.qualifiers], i.parent) for i in d.data_items],
            [_fold(p) for p in d.permissions],
            d.privacy_policy and d.privacy_policy.url,
            d.website and d.website.url,
            d.platforms,
        )
        for d in notice.disclosures
    ]


def _fold(value: object) -> str | None:
    text = getattr(value, "text", None)
    return None if text is None else fold(re.sub(r"\s", "", text)).translate(TO_HALF | BRACKETS)


def parse_text(text: str) -> Notice:
    return parse_document(document_from_text(text), load_lexicon())


def outside_links(text: str, change: dict[int, str]) -> str:
    parts = re.split(r"(https?://\S+)", text)
    return "".join(part if part.startswith("http") else part.translate(change) for part in parts)


TRANSFORMS = {
    "half-width": lambda text: outside_links(text, TO_HALF),
    "full-width": lambda text: outside_links(text, TO_FULL),
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "square brackets": lambda text: text.replace("（", "【").replace("）", "】"),
    "blank lines added": lambda text: re.sub(r"\n+", "\n\n\n", text),
    "indented": lambda text: re.sub(r"(?m)^(?=\S)", "    ", text),
    "full-width indentation": lambda text: re.sub(r"(?m)^(?=\S)", "　　", text),
    "trailing blanks": lambda text: re.sub(r"(?m)$", "  ", text),
}


@pytest.mark.parametrize("name", LIST_NOTICES)
@pytest.mark.parametrize("how", TRANSFORMS)
def test_form_keeps_records(name: str, how: str) -> None:
    text = source(name)
    assert essence(parse_text(TRANSFORMS[how](text))) == essence(parse_text(text))


@pytest.mark.parametrize("name", ["keyvalue-headings", "bullets-labelled", "numbered-headings"])
def test_blank_lines_removed(name: str) -> None:
    text = source(name)
    assert essence(parse_text(re.sub(r"\n\s*\n+", "\n", text))) == essence(parse_text(text))


@pytest.mark.parametrize("name", LIST_NOTICES)
@pytest.mark.parametrize("bullet", BULLETS)
def test_bullets_keep_records(name: str, bullet: str) -> None:
    """Every labelled line gets the bullet in place of its own one."""
    text = source(name)
    assert essence(parse_text(_labelled(text, lambda _: bullet))) == essence(parse_text(text))


@pytest.mark.parametrize("name", LIST_NOTICES)
@pytest.mark.parametrize("number", [*NUMBERED, "chinese"])
def test_numbers_keep_records(name: str, number: str) -> None:
    text = source(name)

    def mark(index: int) -> str:
        return f"{CHINESE[index % 10]}、" if number == "chinese" else number.format(index % 9 + 1)

    assert essence(parse_text(_labelled(text, mark))) == essence(parse_text(text))


def _labelled(text: str, mark: object) -> str:
    """Replace the markers of lines that begin with a known label."""
    lines = text.split("\n")
    labels = load_lexicon().labels
    index = 0
    for at, line in enumerate(lines):
        bare = re.sub(r"^[\s　]*(?:[-•·*●][ \t]*)?", "", line)
        head = re.split(r"[:：]", bare, maxsplit=1)[0]
        if head != bare and fold(head) in labels:
            lines[at] = mark(index) + bare  # type: ignore[operator]
            index += 1
    return "\n".join(lines)


@pytest.mark.parametrize("name", LIST_NOTICES)
def test_traditional_characters_keep_records(name: str) -> None:
    from opencc import OpenCC

    simple, traditional = OpenCC("t2s"), OpenCC("s2t")

    def plain(words: str) -> str:
        return str(simple.convert(words)).replace("暱", "昵")  # OpenCC leaves this one

    text = source(name)
    notice, other = parse_text(text), parse_text(traditional.convert(text))
    assert len(notice.disclosures) == len(other.disclosures)
    for a, b in zip(notice.disclosures, other.disclosures, strict=True):
        assert [i.concept for i in a.data_items] == [i.concept for i in b.data_items]
        assert [plain(i.text) for i in b.data_items] == [i.text for i in a.data_items]
        assert (b.sdk and plain(b.sdk.text)) == (a.sdk and a.sdk.text)
        assert (b.provider and plain(b.provider.text)) == (a.provider and a.provider.text)


def as_html(text: str, tag: str) -> str:
    """The same lines as blocks of HTML; addresses as links."""
    rows = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        inner = re.sub(r"(https?://[^\s<]+)", r'<a href="\1">\1</a>', html.escape(line.strip(), quote=False))
        rows.append(f"{inner}<br>" if tag == "br" else f"<{tag}>{inner}</{tag}>")
    body = "\n".join(rows)
    return f"<html><body>{'<ul>' if tag == 'li' else ''}{body}{'</ul>' if tag == 'li' else ''}</body></html>"


@pytest.mark.parametrize("name", LIST_NOTICES)
@pytest.mark.parametrize("tag", ["p", "li", "br", "div"])
def test_html_keeps_records(name: str, tag: str) -> None:
    text = source(name)
    document = read_document("notice.html", as_html(text, tag).encode())
    assert essence(parse_document(document, load_lexicon())) == essence(parse_text(text))


def test_html_link_text_with_href() -> None:
    page = "<p>某推送SDK</p><ul><li>使用目的：推送</li><li>数据类型：IMEI</li><li>隐私政策：<a href='https://a.example/privacy'>点击查看</a></li></ul>"
    document = read_document("notice.html", page.encode())
    [found] = parse_document(document, load_lexicon()).disclosures
    assert found.privacy_policy is not None
    assert (found.privacy_policy.text, found.privacy_policy.url) == ("点击查看", "https://a.example/privacy")


@pytest.mark.parametrize("name", LIST_NOTICES)
def test_markdown_keeps_records(name: str) -> None:
    text = source(name)
    marked = re.sub(r"(?m)^[ \t　]+(?=\S)", "", text)
    document = read_document("notice.md", marked.encode())
    assert essence(parse_document(document, load_lexicon())) == essence(parse_text(text))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(LIST_NOTICES), st.lists(st.sampled_from(sorted(TRANSFORMS)), min_size=1, max_size=3, unique=True)
)
def test_transforms_together(name: str, names: list[str]) -> None:
    text = changed = source(name)
    for transform in names:
        changed = TRANSFORMS[transform](changed)
    assert essence(parse_text(changed)) == essence(parse_text(text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_keep_records(encoding: str, tmp_path: Path) -> None:
    text = source("sample-mall")
    path = tmp_path / "notice.txt"
    path.write_bytes(text.encode(encoding))
    assert essence(noticeparse.parse(path)) == essence(parse_text(text))
