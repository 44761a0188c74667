"""The benchmarks' own arithmetic and forms: spreads, verdicts, what is kept, and that first sight is first sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.model import Figure, Machine, Report, Spread, read_report, spread, write_report
from benchmarks.notices import Sample, content_of, page_of
from benchmarks.script import read
from benchmarks.speed import Times, caches, figures, forget, quotients
from noticeparse import parse
from noticeparse.layout import labels
from noticeparse.lexicon.load import load_lexicon


def figure(*ratios: float, must: float | None = 1.0, goal: float | None = None, at_least: bool = False) -> Figure:
    return Figure(name="a/b/c", what="a ÷ b, c", ratios=ratios, must=must, goal=goal, at_least=at_least)


def report(*figures: Figure) -> Report:
    return Report(noticeparse="0", machine=Machine(2, "3.11.0", "CPython"), quick=False, figures=figures)


def test_a_spread_is_least_middle_and_greatest() -> None:
    assert spread([3.0, 1.0, 2.0, 10.0]) == Spread(1.0, 2.5, 10.0)
    with pytest.raises(ValueError, match="no rounds"):
        spread([])


def test_ratios_are_taken_round_by_round() -> None:
    assert quotients([1.0, 4.0], [2.0, 2.0]) == (0.5, 2.0)
    with pytest.raises(ValueError, match="shorter"):
        quotients([1.0], [])


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (figure(0.2, 0.4, 9.0, goal=0.5), "met"),
        (figure(0.2, 0.6, 0.7, goal=0.5), "must met, goal missed"),
        (figure(1.0), "met"),
        (figure(0.9, 1.1, 1.1), "missed"),
        (figure(0.9, 1.1, 1.1, must=None), "no budget"),
        (figure(1.8, must=1.7, at_least=True), "met"),
        (figure(1.6, must=1.7, at_least=True), "missed"),
        (figure(1.8, must=1.7, goal=1.9, at_least=True), "must met, goal missed"),
    ],
)
def test_the_median_is_held_against_must_and_goal(one: Figure, verdict: str) -> None:
    assert one.verdict == verdict
    assert report(one).missed == ((one,) if verdict == "missed" else ())


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    kept = report(figure(1.0, 2.5), figure(0.25, goal=0.1))
    write_report(kept, tmp_path / "run.json")
    assert read_report(tmp_path / "run.json") == kept


@pytest.mark.parametrize(
    ("content", "told"),
    [("[]", "no figures of an earlier run"), ("{", "no figures of an earlier run"), (None, "No such file")],
)
def test_what_is_no_run_is_refused_with_its_name(tmp_path: Path, content: str | None, told: str) -> None:
    path = tmp_path / "run.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ValueError, match=f"run.json: .*{told}"):
        read_report(path)


def test_a_run_of_another_schema_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    write_report(report(figure(1.0)), path)
    path.write_text(path.read_text().replace('"schema_version": "1"', '"schema_version": "0"'))
    with pytest.raises(ValueError, match="schema version 0, not 1"):
        read_report(path)


def sample(name: str, chars: int, where: str = "corpus") -> Sample:
    return Sample(where, name, "notice.txt", b"", "字" * chars, "list", "text")


def times(first: list[float], again: list[float], **rivals: list[float]) -> Times:
    return Times(first, again, {name.replace("_", "."): values for name, values in rivals.items()})


def test_a_section_is_total_time_and_its_worst_notices_are_told() -> None:
    samples = [sample("long", 5000), sample("longer", 6000), sample("tiny", 10), sample("other", 5000, "beside")]
    measured = [
        times([2.0, 4.0], [1.0, 1.0], jieba_lcut=[4.0, 4.0]),
        times([6.0, 6.0], [1.0, 1.0], jieba_lcut=[4.0, 4.0]),
        times([4.0, 2.0], [2.0, 2.0], jieba_lcut=[1.0, 1.0]),
        times([1.0, 1.0], [1.0, 1.0], jieba_lcut=[10.0, 10.0]),
    ]
    corpus, beside = figures(samples, measured, ["text", "prose"])
    assert (corpus.name, corpus.notices, corpus.must, corpus.goal) == ("text/jieba.lcut/corpus", 3, 1.0, 0.3)
    assert corpus.ratios == (12 / 9, 12 / 9)
    assert corpus.again == (4 / 9, 4 / 9)
    assert corpus.worst is not None
    assert (corpus.worst.notice, corpus.worst.ratios) == ("corpus/longer", (1.5, 1.5))
    assert corpus.worst_small is not None
    assert (corpus.worst_small.notice, corpus.worst_small.chars) == ("corpus/tiny", 10)
    assert (beside.ratios, beside.verdict) == ((0.1, 0.1), "met")


def test_the_parser_forgets_what_it_remembers() -> None:
    parse("示例SDK\n使用目的：推送\n收集个人信息：IMEI\n")
    before = load_lexicon(None)
    assert sum(cached.cache_info().currsize for cached in caches(labels)) > 0  # type: ignore[attr-defined]
    forget()
    assert [cached.cache_info().currsize for cached in caches(labels)] == [0] * len(list(caches(labels)))  # type: ignore[attr-defined]
    assert load_lexicon(None) is not before


def test_kinds_are_told_by_the_records() -> None:
    assert content_of(parse("示例SDK\n使用目的：推送\n收集个人信息：IMEI\n")) == "list"
    assert content_of(parse("我们会向示例科技有限公司提供您的手机号码，用于发送短信。")) == "prose"
    assert content_of(parse("您可以观看视频。")) == "none"


def test_a_made_page_says_what_the_notice_says() -> None:
    notice = parse("示例SDK\n使用目的：推送\n收集个人信息：IMEI、OAID\n")
    (again,) = parse(page_of(notice)).disclosures
    assert [item.text for item in again.data_items] == ["IMEI", "OAID"]


def test_the_script_reads_the_lists_that_it_was_written_for() -> None:
    text = "1. SDK名称：甲SDK\n使用目的：推送\n收集信息：IMEI、OAID\n2. SDK名称：乙SDK\n收集信息：昵称\n"
    assert read(text) == [
        {"sdk": "甲SDK", "purpose": "推送", "data_items": ["IMEI", "OAID"]},
        {"sdk": "乙SDK", "data_items": ["昵称"]},
    ]
