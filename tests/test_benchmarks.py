"""The benchmarks' own arithmetic and forms: spreads, verdicts, what is kept, and that first sight is first sight."""

from __future__ import annotations

import subprocess
import sys
import time
import types
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from benchmarks import cold, compare, dask, heap, many, scaling, stages, table
from benchmarks.__main__ import NAMES, PAGE, main
from benchmarks.budgets import BUDGETS
from benchmarks.compare import Comparison
from benchmarks.memory import peak, peaks_below, watched_below
from benchmarks.model import Figure, Machine, Report, Spread, Worst, read_report, spread, this_machine, write_report
from benchmarks.notices import COLLECTIONS, Sample, content_of, page_of, samples
from benchmarks.options import Options
from benchmarks.run import measure
from benchmarks.script import read
from benchmarks.speed import Times, figures, quotients
from benchmarks.warmth import caches, first_sights, forget
from noticeparse import parse
from noticeparse.layout import labels
from noticeparse.lexicon.load import load_lexicon
from tests.conftest import ROOT
from tests.support import Collection


def figure(*ratios: float, must: float | None = 1.0, goal: float | None = None, at_least: bool = False) -> Figure:
    return Figure(name="a/b/c", what="a ÷ b, c", ratios=ratios, must=must, goal=goal, at_least=at_least)


def report(*figures: Figure) -> Report:
    return Report(noticeparse="0", machine=Machine(99, "3.11.0", "CPython"), quick=False, figures=figures)


def test_what_is_seen_again_is_told_where_it_stands_otherwise() -> None:
    def cell(*again: float) -> str:
        one = structs.replace(figure(1.5), again=again)
        return table.markdown(report(one)).split(" | ")[-2]

    assert cell(0.8) == "missed; again met"
    assert cell(1.2) == "missed"
    assert cell() == "missed"
    assert report(structs.replace(figure(1.5), again=(0.8,))).missed


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


def test_a_notice_is_met_when_all_others_but_its_twin_were_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = [
        Sample("corpus", name, "notice.txt", b"", "", "list", kind)
        for kind in ("text", "made", "html")
        for name in "abc"
    ]
    parsed: list[tuple[str, str]] = []
    monkeypatch.setattr(Sample, "parse", lambda self: parsed.append((self.kind, self.name)))
    for met in first_sights(samples, ["text", "made"], 2):
        kinds = {samples[at].kind for at in met}
        assert len(kinds) == 1
        twins = "made" if kinds == {"text"} else "text"
        others = [one for at, one in enumerate(samples) if at not in met and one.kind in (*kinds, "html")]
        assert not [kind for kind, _ in parsed if kind == twins]
        assert {(samples[at].kind, samples[at].name) for at in met}.isdisjoint(parsed)
        assert {(one.kind, one.name) for one in others if one.kind in kinds} <= set(parsed)
        parsed.clear()


def test_kinds_are_told_by_the_records() -> None:
    assert content_of(parse("示例SDK\n使用目的：推送\n收集个人信息：IMEI\n")) == "list"
    assert content_of(parse("我们会向示例科技有限公司提供您的手机号码，用于发送短信。")) == "prose"
    assert content_of(parse("您可以观看视频。")) == "none"


def test_a_collection_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(COLLECTIONS, "beside", Collection(tmp_path))
    found, absent = samples(["sample-mall", "keyvalue-headings", "html-cards"])
    assert absent == [f"beside: no notices in {tmp_path.name}/notices"]
    kinds = [(one.name, one.section) for one in found]
    assert sorted(kinds) == [
        ("html-cards", "html"),
        ("keyvalue-headings", "made"),
        ("keyvalue-headings", "text"),
        ("sample-mall", "prose"),
    ]
    monkeypatch.setitem(COLLECTIONS, "corpus", Collection(tmp_path))
    with pytest.raises(ValueError, match="no notices to measure"):
        samples()


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


# ---------------------------------------------------------------- two runs compared


@pytest.mark.parametrize(
    ("old", "new", "at_least", "verdict"),
    [
        ((2.0, 2.1, 2.2), (1.0, 1.1, 1.0), False, "better"),
        ((1.0, 1.1, 1.0), (2.0, 2.1, 2.2), False, "worse"),
        ((1.0, 1.1, 1.0), (2.0, 2.1, 2.2), True, "better"),
        ((1.0, 2.0, 3.0), (1.5, 2.5, 3.5), False, "within the spread"),
        ((0.0,), (0.0,), False, "within the spread"),
        ((2.0, 2.0), (1.0, 1.0), False, "too few rounds"),
        ((1.0,) * 3, (0.0,) * 3, False, "better"),
    ],
)
def test_a_change_counts_where_nearly_all_pairs_of_rounds_agree(
    old: tuple[float, ...], new: tuple[float, ...], at_least: bool, verdict: str
) -> None:
    assert Comparison("a", old, new, at_least).verdict == verdict


def test_one_odd_round_does_not_hide_a_change() -> None:
    steady = tuple(2.0 + number / 100 for number in range(20))
    assert Comparison("a", (*steady, 0.5), tuple(value / 1.5 for value in steady)).verdict == "better"


def test_the_gain_is_told_with_its_spread() -> None:
    assert Comparison("a", (2.0, 4.0, 3.0), (1.0, 1.0, 1.0)).spread == Spread(2.0, 3.0, 4.0)
    assert Comparison("a", (2.0,), (3.0,), at_least=True).gains == [1.5]


def test_runs_are_compared_figure_by_figure_and_what_only_one_has_is_told() -> None:
    old = report(figure(2.0, 2.0, 2.0), Figure(name="gone", what="", ratios=(1.0,)))
    new = report(Figure(name="fresh", what="", ratios=(1.0,)), figure(1.0, 1.0, 1.0))
    found = compare.comparisons(old, new)
    assert [(one.name, one.verdict) for one in found] == [("a/b/c", "better")]
    told = "\n".join(compare.warnings(old, new))
    assert "only the earlier run has gone" in told
    assert "only this run has fresh" in told
    (_, row) = compare.lines(found)
    assert row.split() == ["a/b/c", "2.00", "1.00", "2.00", "(2.00-2.00)", "better"]


# ---------------------------------------------------------------- growth, starts, tables


def test_growth_is_in_proportion_to_the_exact_sizes() -> None:
    assert scaling.growth(scaling.Cost(1.0, 100), scaling.Cost(10.0, 1000)) == pytest.approx(10)
    assert scaling.growth(scaling.Cost(1.0, 100), scaling.Cost(9.0, 900)) == pytest.approx(10)
    assert scaling.growth(scaling.Cost(1.0, 100), scaling.Cost(100.0, 1000)) == pytest.approx(100)


def test_the_packages_of_a_start_are_read_from_what_python_tells() -> None:
    told = (
        "import time: self [us] | cumulative | imported package\n"
        "import time:        98 |         98 |   _io\n"
        "import time:       405 |       1034 |     bs4.builder._lxml\n"
        "noticeparse: something else\n"
    )
    assert cold.imported(told) == {"_io", "bs4"}


def test_the_environment_of_a_start_is_a_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("NOTICEPARSE_LEXICON", "somewhere")
    variables = cold.environment(tmp_path, tmp_path / "cache")
    assert "PYTHONDONTWRITEBYTECODE" not in variables
    assert "NOTICEPARSE_LEXICON" not in variables
    assert variables["PYTHONPATH"] == str(tmp_path)


def test_a_table_is_put_between_the_marks_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n")
    kept = report(
        Figure(
            name="text/jieba.lcut/beside",
            what="",
            ratios=(0.5, 0.6, 0.7),
            must=1.0,
            goal=0.3,
            worst=Worst("beside/secret-app", 4321, (0.9,)),
        )
    )
    table.write_docs(kept, page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith(f"{table.END}\nafter\n")
    assert "old" not in text
    assert "secret-app" not in text
    assert "0.60 (0.50-0.70)" in text
    assert "4321 characters" in text
    assert table.rows(text) == ["text/jieba.lcut/beside"]
    table.write_docs(kept, page)
    assert page.read_text() == text


def test_a_page_without_marks_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n")
    with pytest.raises(ValueError, match="lacks the marks"):
        table.write_docs(report(figure(1.0)), page)


# ---------------------------------------------------------------- stages, heaps


def test_time_is_the_innermost_stages() -> None:
    assert stages.stage_of(sys._getframe()) is None
    inside = types.ModuleType("noticeparse.layout.invented")
    exec("def call(function):\n    return function()", vars(inside))
    deeper = types.ModuleType("noticeparse.lexicon.invented")
    exec("def call(function):\n    return function()", vars(deeper))
    assert inside.call(lambda: stages.stage_of(sys._getframe())) == "layout"
    assert inside.call(lambda: deeper.call(lambda: stages.stage_of(sys._getframe()))) == "lexicon"


def test_what_runs_is_counted_by_stage() -> None:
    counts: Counter[str] = Counter()
    with stages.watched(counts):
        deadline = time.process_time() + 0.3
        while time.process_time() < deadline:
            parse("示例SDK\n使用目的：推送\n收集个人信息：IMEI\n")
    assert {"document", "layout", "lexicon"} & counts.keys()
    seen = counts.total()
    assert seen > 5
    parse("示例SDK\n使用目的：推送\n")
    assert counts.total() == seen


def test_a_heap_is_the_same_each_time_and_no_two_notices_are_alike(tmp_path: Path) -> None:
    first = [heap.made(number) for number in range(40)]
    assert first == [heap.made(number) for number in range(40)]
    assert len({data for _, data in first}) == 40
    assert {name.rpartition(".")[2] for name, _ in first} == {"txt", "md", "html"}
    for name, data in first[:20]:
        path = tmp_path / name
        path.write_bytes(data)
        assert len(parse(path).disclosures) >= heap.FEWEST


def test_a_heap_has_a_thousand_notices_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.heap._FOLDER_SIZE", 4)
    paths = heap.make_heap(tmp_path, 10)
    assert [path.parent.name for path in paths] == ["000"] * 4 + ["001"] * 4 + ["002"] * 2
    assert [path.read_bytes() for path in paths] == [heap.made(number)[1] for number in range(10)]


def test_two_processes_are_held_against_one_round_by_round() -> None:
    def run(wall: float, worker: int = 40_000) -> many.Run:
        return many.Run(wall=wall, cpu=2.0, parent=60_000, worker=worker, done=100)

    found = {
        one.name: one
        for one in many._figures(
            (100, 1000),
            here=[run(3.0)] * 2,
            one=[run(4.0), run(6.0)],
            two=[run(2.0), run(3.0)],
            large_one=[run(30.0), run(45.0)],
            large=[run(20.0), run(30.0, worker=90_000)],
            before="busy",
        )
    }
    assert found["many/two processes"].ratios == (2.0, 2.0)
    assert found["many/two processes"].verdict == "met"
    assert "busy" in found["many/two processes"].note
    assert found["many/two processes, many"].ratios == (1.5, 1.5)
    assert found["many/worker"].ratios == (4 / 3, 2.0)
    assert found["many/memory"].ratios == (1.0, 1.5)
    assert found["many/memory"].verdict == "missed"
    assert found["many/memory, parent"].ratios == (1.0, 1.0)


def test_a_start_of_dask_is_no_part_of_what_a_notice_costs() -> None:
    def run(wall: float, cpu: float, worker: int = 160) -> dask.Run:
        return dask.Run(wall, cpu, {"client": 150 << 10, "worker": worker << 10}, output=5000)

    runs = {
        (100, 1): [run(12.0, 13.0)],
        (100, 2): [run(7.0, 14.0)],
        (1000, 1): [run(102.0, 63.0)],
        (1000, 2): [run(52.0, 70.0, worker=240)],
    }
    found = {one.name: one for one in dask._figures(100, runs, [5.0], [run(2.0, 3.0)], raw=2000, before="")}
    assert found["dask/two workers"].ratios == (2.0,)
    assert found["dask/two workers"].note == "14 a second; client 150 MiB, worker 160 MiB"
    assert found["dask/two workers, many"].ratios == (2.0,)
    assert found["dask/one worker"].ratios == (2.0,)
    assert found["dask/one worker, many"].ratios == (1.2,)
    assert found["dask/one worker, many"].note.endswith("; 2 bytes a notice, 5 of its tables")
    assert found["dask/memory"].ratios == (1.5,)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells of processes there")
def test_notices_on_dask_are_parsed_by_the_program_itself(tmp_path: Path) -> None:
    paths = heap.make_heap(tmp_path / "notices", 6)
    run = dask.on_dask(tmp_path / "notices", tmp_path / "out", 1)
    assert run.peaks.keys() == {"client", "worker", "parser"}
    assert run.output == dask.bytes_in(tmp_path / "out") > 0
    assert 0 < dask.in_one_process(paths) < run.cpu
    with pytest.raises(RuntimeError, match="exit status 1"):
        dask.on_dask(tmp_path / "missing", tmp_path / "other", 1)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells of processes there")
def test_memory_is_that_of_each_program_and_not_of_what_started_it() -> None:
    held = bytearray(80 << 20)
    held[::4096] = b"x" * len(held[::4096])
    code = "import sys; from benchmarks.memory import peak; print(peak()); sys.stdout.flush(); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        own = int(child.stdout.readline())
        assert peaks_below().keys() >= {child.pid}
        child.communicate(b"")
    assert peak() > len(held) // 1024 > own > 1024
    assert child.pid not in peaks_below()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells of processes there")
def test_processes_that_ended_are_remembered() -> None:
    below: dict[int, int] = {}
    with watched_below(below):
        subprocess.run(["sleep", "0.5"], check=True)
    assert [value for value in below.values() if value > 100]


def test_a_busy_machine_is_told() -> None:
    assert many.busy(0.2, 2) == ""
    assert many.busy(4.25, 2) == "the machine was busy: load 4.2 on 2 cores before the run"


@pytest.mark.slow
def test_many_notices_are_parsed_by_programs_of_their_own(tmp_path: Path) -> None:
    listing = tmp_path / "list"
    listing.write_text("".join(f"{path}\n" for path in heap.make_heap(tmp_path, 6)))
    run = many.apart(listing, 2)
    assert run.done == 6
    assert run.worker > 0
    assert many.apart(listing, 1, here=True).worker == 0
    listing.write_text(f"{listing.read_text()}{tmp_path / 'missing'}\n")
    with pytest.raises(RuntimeError, match="6 of 7 notices were parsed"):
        many.apart(listing, 2)


# ---------------------------------------------------------------- the command


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing"], "no figures called 'nothing'"),
        (["text", "--rounds", "0"], "--rounds must be at least 1"),
        (["text", "--only", "no-such-notice"], "no notice 'no-such-notice'"),
        (["text", "--compare", "no-such-file"], "no-such-file: no figures of an earlier run"),
    ],
)
def test_wrong_usage_is_told_in_a_line(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert told in capsys.readouterr().err.splitlines()[-1]


def test_what_is_done_is_kept_where_a_part_fails_or_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> Iterator[Figure]:
        yield named("scaling/a")
        raise RuntimeError("out of memory")

    def interrupted(*_: object) -> Iterator[Figure]:
        yield named("many/a")
        raise KeyboardInterrupt

    monkeypatch.setattr("benchmarks.cold.figures", lambda *_: [named("cold/list")])
    monkeypatch.setattr("benchmarks.scaling.figures", failing)
    monkeypatch.setattr("benchmarks.many.figures", interrupted)
    saved: list[list[str]] = []
    run = measure(["cold", "scaling", "many"], Options(), None, lambda one: saved.append([f.name for f in one.figures]))
    assert run.failures == ("scaling: out of memory", "many: interrupted")
    assert saved[-1] == ["cold/list", "scaling/a", "many/a"]
    assert main(["many"]) == 130
    assert main(["scaling", "--no-fail"]) == 1


def named(name: str) -> Figure:
    return Figure(name=name, what="", ratios=(1.0,))


def test_figures_that_are_kept_are_shown_and_some_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "old.json"
    many_kept, cold_kept = named("many/memory"), named("cold/list")
    kept = Report(noticeparse="0", machine=this_machine(), quick=False, figures=(many_kept, cold_kept), absent=("x",))
    write_report(kept, old)
    assert main(["--from", str(old)]) == 0
    assert "many/memory" in capsys.readouterr().out
    fresh = Figure(name="cold/list", what="", ratios=(2.0,))
    monkeypatch.setattr("benchmarks.cold.figures", lambda *_: [fresh])
    assert main(["cold", "--from", str(old), "--json", str(tmp_path / "new.json")]) == 0
    assert read_report(tmp_path / "new.json").figures == (fresh, many_kept)
    write_report(report(cold_kept), old)
    with pytest.raises(SystemExit):
        main(["--from", str(old)])
    assert "another kind of machine" in capsys.readouterr().err


@pytest.mark.slow
def test_a_short_run_keeps_and_compares_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "run.json"
    arguments = [
        "text",
        "prose",
        "cold",
        "--quick",
        "--no-fail",
        "--only",
        "sample-mall",
        "--only",
        "keyvalue-headings",
    ]
    assert main([*arguments, "--rounds", "1", "--json", str(kept)]) == 0
    run = read_report(kept)
    names = [figure.name for figure in run.figures]
    assert {"text/jieba.lcut/corpus", "prose/jieba.lcut/corpus", "cold/list", "cold/not needed"} <= set(names)
    assert all(figure.spread.min > 0 for figure in run.figures if figure.name != "cold/not needed")
    assert str(Path.home()) not in kept.read_text()
    out = capsys.readouterr().out
    assert all(name in out for name in names)
    assert main(["text", "--quick", "--no-fail", "--only", "keyvalue-headings", "--compare", str(kept)]) == 0
    assert "too few rounds" in capsys.readouterr().out


@pytest.mark.slow
def test_a_missed_must_is_the_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["scaling", "--quick", "--bytes", "2000"]
    monkeypatch.setattr("benchmarks.scaling.CASES", {"keyvalue": scaling.CASES["keyvalue"]})
    for must, status in ((1000.0, 0), (0.001, 1)):
        monkeypatch.setattr("benchmarks.scaling.LINEAR", scaling.LINEAR._replace(must=must))
        assert main(arguments) == status


def test_the_documentation_has_a_row_for_each_budget() -> None:
    measured = table.rows(PAGE.read_text("utf-8"))
    for name in BUDGETS:
        assert any(row == name or row.startswith(f"{name}/") for row in measured), name
    assert any(row.startswith("scaling/") for row in measured)
    assert {row.split("/")[0] for row in measured} <= set(NAMES)
