"""The ledger over random mutations: no character lost or counted twice, spans true, and parse total on any text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noticeparse.coverage import ROLES, make_ledger
from noticeparse.document import document_from_text
from noticeparse.lexicon.load import load_lexicon
from noticeparse.parsing import parse, parse_document
from noticeparse.records import Notice
from tests.sound import check_records

CORPUS = Path(__file__).parents[1] / "corpus" / "notices"
SEEDS = sorted(path for path in CORPUS.glob("*/notice.txt") if path.stat().st_size < 12_000)
TEXTS = [text for text in (path.read_bytes().decode("utf-8", "ignore") for path in SEEDS) if len(text) > 50]
ALPHABET = "：:、，,；;。/|()（）【】[]{}<>《》“”\"'*_#-•·\\\n\r\t 　\u200b\u00a0\ufeff0１aＡIMEI安卓设备信息共享目的SDK公司您的用于http://和及等仅𠮷😀\u0301"


def check(text: str) -> Notice:
    document = document_from_text(text)
    notice = parse_document(document, load_lexicon())
    check_records(document, notice)
    return notice


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A corpus notice with characters and lines dropped, doubled, swapped and inserted."""
    text = draw(st.sampled_from(TEXTS))
    if draw(st.booleans()):
        lines = text.split("\n")
        for _ in range(draw(st.integers(1, 6))):
            at = draw(st.integers(0, len(lines) - 1))
            other = draw(st.integers(0, len(lines) - 1))
            action = draw(st.sampled_from(["drop", "double", "swap"]))
            if action == "drop" and len(lines) > 1:
                del lines[at]
            elif action == "double":
                lines.insert(other, lines[at])
            else:
                lines[at], lines[other] = lines[other], lines[at]
            if len(lines) < 2:
                break
        text = "\n".join(lines)
    chars = list(text)
    for _ in range(draw(st.integers(0, 12))):
        at = draw(st.integers(0, max(0, len(chars) - 1)))
        action = draw(st.sampled_from(["drop", "double", "swap", "insert"]))
        if action == "drop" and chars:
            del chars[at]
        elif action == "insert":
            chars.insert(at, draw(st.sampled_from(ALPHABET)))
        elif action == "double" and chars:
            chars.insert(at, chars[at])
        elif len(chars) > 1:
            other = draw(st.integers(0, len(chars) - 1))
            chars[at % len(chars)], chars[other] = chars[other], chars[at % len(chars)]
    return "".join(chars)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_mutated_notices_keep_the_ledger(text: str) -> None:
    check(text)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet=st.one_of(st.sampled_from(ALPHABET), st.characters(exclude_categories=["Cs"])), max_size=300))
def test_any_text_is_parsed(text: str) -> None:
    check(text)


WORDS = [
    "SDK名称",
    "公司",
    "收集信息",
    "目的",
    "使用场景",
    "第三方链接",
    "第三方名称",
    "权限",
    "类型",
    "序号",
    "甲SDK",
    "北京甲科技有限公司",
    "IMEI、OAID",
    "乙（北京乙有限公司）",
    "https://a.example/p",
    "推送",
    "用于",
    "播放类：",
    "1.甲SDK：存储权限",
    "READ_PHONE_STATE：说明",
    "---",
    "**",
    "为了推送，我们使用了甲SDK，需要获取您的IMEI",
    "我们会向某某公司提供您的姓名",
]
BREAKS = ("|", " | ", "\t", "\n", "\n\n", "  \n", " ", "：", "、", "。", "\n|---|---|\n", "\n- ", "\n1. ", "")


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(BREAKS)), max_size=25))
def test_words_of_notices_in_any_order_are_parsed(pieces: list[tuple[str, str]]) -> None:
    """Broken tables and lists: headers without rows, cells without columns, labels without values."""
    check("".join(word + after for word, after in pieces))


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=ALPHABET, max_size=120),
    st.lists(st.tuples(st.integers(-3, 130), st.integers(-3, 130)), max_size=6),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 120)), max_size=6),
)
def test_roles_add_up(text: str, parts: list[tuple[int, int]], labels: list[tuple[int, int]]) -> None:
    """However the spans lie, each character of the part has exactly one role."""
    ledger = make_ledger(text, parts, [], labels, [])
    size = sum(end - start for start, end in ledger.parts)
    assert sum(ledger.counts.values()) == size
    assert set(ledger.counts) == set(ROLES[1:])
    inside = {at for start, end in ledger.parts for at in range(start, end)}
    listed = [at for run in ledger.unparsed for at in range(*run.span)]
    assert len(listed) == len(set(listed)) == ledger.counts["unparsed"]
    assert set(listed) <= inside
    labelled = {at for start, end in labels if start < end <= len(text) for at in range(start, end)}
    for at in inside - labelled:
        assert at in set(listed) or not text[at].isalnum()


@pytest.mark.parametrize(
    "text", ["（" * 20_000, "SDK名称：" * 5_000, "、" * 50_000, "a|b|c\n" * 5_000, "[x](" * 10_000, "：\n" * 20_000]
)
def test_hostile_text_is_parsed(text: str) -> None:
    check(text)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.parent.name)
def test_corpus_notices_keep_the_ledger(path: Path) -> None:
    notice = parse(path)
    if notice.notice.encoding in ("utf-8", None):
        check(path.read_text("utf-8-sig"))
