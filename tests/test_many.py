"""Many files: what one of them does costs that one alone, and nothing grows with their number."""

from __future__ import annotations

import itertools
import os
import random
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import noticeparse
from noticeparse.lexicon.load import load_lexicon
from noticeparse.many import outcome as outcomes
from noticeparse.many import pool
from noticeparse.many.outcome import parse_file
from noticeparse.many.parallel import encoded_outcomes, usable_cores
from noticeparse.many.pool import Answer, run_tasks
from tests import many_workers
from tests.conftest import ROOT, program_environment
from tests.many_workers import DEATHS, HANGS, scripted

NOTICE = "示例推送SDK\n使用目的：消息推送\n收集个人信息类型：IMEI、MAC地址\n"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


def play(*tasks: str, jobs: int = 2, timeout: float | None = 60.0, ahead: int = 64) -> list[Answer]:
    return list(run_tasks([task.encode() for task in tasks], scripted, jobs=jobs, timeout=timeout, ahead=ahead))


def told(answers: list[Answer]) -> list[str]:
    """Answers in words: the cause of a death, ``timeout``, or what was answered."""
    return [answer.cause or (answer.content.decode() if answer.kind == "done" else answer.kind) for answer in answers]


def workers_of(process: int) -> set[int]:
    """Worker processes of a process that are still there."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue  # it ended meanwhile
        state, parent = status.rpartition(")")[2].split()[:2]
        if int(parent) == process and state != "Z" and b"noticeparse.many.worker" in command:
            found.add(int(folder.name))
    return found


def alive(processes: set[int]) -> set[int]:
    return {number for number in processes if (Path("/proc") / str(number)).exists()}


def eventually(condition: object, seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(12):
        (tmp_path / f"{number:02}.txt").write_text(NOTICE.replace("示例", f"示例{number}"), encoding="utf-8")
    return tmp_path


# ---- one task costs one task


@settings(max_examples=10)
@given(st.lists(st.integers(0, 30), max_size=25), st.integers(1, 3))
def test_order_is_kept_however_long_each_takes(milliseconds: list[int], jobs: int) -> None:
    tasks = [f"sleep {number / 1000}" for number in milliseconds]
    assert told(play(*tasks, jobs=jobs)) == [f"ok {task}" for task in tasks]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("death", DEATHS)
def test_a_worker_that_ends_costs_the_task_that_it_was_at(death: str, jobs: int) -> None:
    answers = play("a", "b", death, "c", "d", death, death, "e", jobs=jobs)
    cause = DEATHS[death]
    assert told(answers) == ["ok a", "ok b", cause, "ok c", "ok d", cause, cause, "ok e"]


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("hang", HANGS)
def test_a_task_that_takes_too_long_costs_itself(hang: str, jobs: int) -> None:
    answers = play("a", hang, "b", "c", hang, jobs=jobs, timeout=2.0)
    assert told(answers) == ["ok a", "timeout", "ok b", "ok c", "timeout"]
    assert all(answer.seconds >= 2.0 for answer in answers if answer.kind == "timeout")


@pytest.mark.slow
@settings(max_examples=20)
@given(st.lists(st.sampled_from(["a", "say 70000", "sleep 0.01", "sigkill", "exit 0"]), max_size=15), st.integers(1, 3))
def test_each_task_has_its_own_answer(tasks: list[str], jobs: int) -> None:
    expected = [DEATHS.get(task) or ("\0" * 70000 if task.startswith("say") else f"ok {task}") for task in tasks]
    assert told(play(*tasks, jobs=jobs)) == expected


def test_long_tasks_and_long_answers_do_not_wait_for_each_other() -> None:
    tasks = ["say 3000000", "x" * 3_000_000] * 3
    assert [len(answer.content) for answer in play(*tasks, jobs=1)] == [3_000_000, 3_000_003] * 3


@pytest.mark.slow
def test_time_in_which_nobody_asks_is_not_the_tasks_time() -> None:
    with closing(run_tasks([b"a", b"say 3000000", b"b"], scripted, jobs=1, timeout=1.0, ahead=8)) as answers:
        assert next(answers).content == b"ok a"
        time.sleep(1.5)  # the long answer does not fit into the socket: its worker waits for somebody to read it
        assert [answer.kind for answer in answers] == ["done", "done"]


@LINUX
@pytest.mark.slow
def test_killed_at_any_moment() -> None:
    """Also while an answer is written, of which the supervisor then has a part."""
    chance = random.Random(7)
    kills = 0
    answers = []
    for answer in run_tasks([b"say 400000"] * 300, scripted, jobs=2, timeout=60.0, ahead=64):
        answers.append(answer)
        if len(answers) % 5 == 0:
            time.sleep(chance.random() / 100)
            for victim in sorted(workers_of(os.getpid()))[: chance.randint(1, 2)]:
                os.kill(victim, signal.SIGKILL)
                kills += 1
    assert {(answer.kind, len(answer.content)) for answer in answers} == {("done", 400000), ("died", 0)}
    assert len(answers) == 300
    assert sum(answer.kind == "died" for answer in answers) <= kills


# ---- workers that never work


def test_processes_stay_from_one_series_to_the_next() -> None:
    staying = pool.Pool(scripted, jobs=1, timeout=60.0)
    try:
        first, second = ([answer.content for answer in staying.run([b"pid"] * 3, 2)] for _ in range(2))
        assert first == second
        os.kill(int(first[0]), signal.SIGKILL)  # between two series: no task is to blame
        third = list(staying.run([b"pid"] * 3, 2))
        assert [answer.kind for answer in third] == ["done"] * 3
        assert third[0].content not in first
    finally:
        staying.close()
    assert not alive({int(third[0].content)})


def test_what_a_setup_says_is_raised() -> None:
    with pytest.raises(noticeparse.WorkerError, match="nothing to work with"):
        list(run_tasks([b"a"], many_workers.unusable, jobs=2, timeout=None, ahead=8))


def test_workers_that_end_at_once_are_not_started_for_ever() -> None:
    with pytest.raises(noticeparse.WorkerError, match="before they begin anything: exit status 7"):
        list(run_tasks([b"a"] * 100, many_workers.stillborn, jobs=2, timeout=None, ahead=8))


def test_a_changed_lexicon_is_not_mixed_in(folder: Path) -> None:
    setup = partial(many_workers.prepare_files, None, "another one", 1000)
    with pytest.raises(noticeparse.WorkerError, match="the lexicon was changed"):
        list(encoded_outcomes([str(folder / "00.txt")], setup, jobs=1, timeout=None, ahead=8))


# ---- memory


@pytest.mark.parametrize(("jobs", "ahead"), [(1, 2), (2, 4), (2, 11)])
def test_look_ahead_is_bounded(jobs: int, ahead: int) -> None:
    taken = given_back = 0
    most = 0

    def tasks() -> Iterator[bytes]:
        nonlocal taken, most
        yield_first = [b"sleep 0.3"]
        for task in itertools.chain(yield_first, itertools.repeat(b"a", 60)):
            taken += 1
            most = max(most, taken - given_back)
            yield task

    for _ in run_tasks(tasks(), scripted, jobs=jobs, timeout=60.0, ahead=ahead):
        given_back += 1
    assert given_back == 61
    assert most <= ahead
    if jobs > 1:
        assert most == ahead  # the first task took that long


def test_answers_that_are_held_back_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_HELD_BYTES", 1_000_000)
    taken = 0

    def tasks() -> Iterator[bytes]:
        nonlocal taken
        for task in [b"sleep 0.5", *[b"say 400000"] * 30]:
            taken += 1
            yield task

    with closing(run_tasks(tasks(), scripted, jobs=2, timeout=60.0, ahead=64)) as answers:
        assert next(answers).content == b"ok sleep 0.5"
        assert taken <= 1 + 3 + 2  # the first; those that filled the space; those that were under way
        assert sum(len(answer.content) for answer in answers) == 30 * 400000


def test_answers_do_not_wait_for_tasks_to_come() -> None:
    seen: list[str] = []

    def tasks() -> Iterator[bytes]:
        yield b"a"
        assert eventually(lambda: workers_of(os.getpid()))
        yield b"b"
        time.sleep(0.5)
        seen.append("asked for the third")
        yield b"c"

    for answer in run_tasks(tasks(), scripted, jobs=1, timeout=None, ahead=8):
        seen.append(answer.content.decode())
    assert seen.index("ok a") < seen.index("asked for the third")
    assert len(seen) == 4


@pytest.mark.slow
def test_memory_is_flat(folder: Path) -> None:
    """Peak memory of the supervisor and of its workers at five times the files, in processes of their own."""
    script = """
        import itertools, sys
        import noticeparse
        from benchmarks.memory import peak, watched_below
        paths = [f"{sys.argv[1]}/{number:02}.txt" for number in range(12)]
        many = itertools.islice(itertools.cycle(paths), int(sys.argv[2]))
        below = {}
        with watched_below(below):
            assert all(outcome.kind == "parsed" for outcome in noticeparse.parse_many(many, jobs=2))
        print(peak(), max(below.values()))
    """
    small, large = ([int(word) for word in run_script(script, folder, number).split()] for number in (600, 3000))
    for before, after in zip(small, large, strict=True):
        assert after < before * 1.15, (small, large)


# ---- no process stays


def run_script(script: str, *arguments: object, **options: object) -> str:
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    environment = program_environment(PYTHONPATH=f"{ROOT / 'src'}{os.pathsep}{ROOT}")
    return subprocess.run(
        command, env=environment, capture_output=True, timeout=120, check=True, text=True, encoding="utf-8", **options
    ).stdout  # type: ignore[call-overload,no-any-return]


@LINUX
def test_processes_end_with_the_iteration() -> None:
    answers = run_tasks([b"pid"] * 4 + [b"hang"] * 4, scripted, jobs=2, timeout=None, ahead=8)
    processes = {int(next(answers).content) for _ in range(4)}
    assert processes
    assert workers_of(os.getpid()) >= processes
    answers.close()
    assert not workers_of(os.getpid())
    assert not alive(processes)


@LINUX
@pytest.mark.parametrize("ending", ["SIGKILL", "SIGTERM", "SIGINT"])
@pytest.mark.parametrize("doing", ["a", *HANGS])
def test_processes_end_with_the_program(ending: str, doing: str) -> None:
    """Whatever the worker is at, and though the program has no chance to end it."""
    script = """
        import sys
        from noticeparse.many.pool import run_tasks
        from tests.many_workers import scripted
        tasks = (task for tasks in ([b"pid"], iter(lambda: sys.argv[1].encode(), None)) for task in tasks)
        for answer in run_tasks(tasks, scripted, jobs=2, timeout=None, ahead=64):
            if not answer.content.startswith(b"ok"):
                print(answer.content.decode(), flush=True)
    """
    environment = program_environment(PYTHONPATH=f"{ROOT / 'src'}{os.pathsep}{ROOT}")
    command = [sys.executable, "-c", textwrap.dedent(script), doing]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline()
        assert eventually(lambda: len(workers_of(program.pid)) == 2)
        time.sleep(0.1)
        processes = workers_of(program.pid)
        program.send_signal(getattr(signal, ending))
        program.communicate(timeout=60)
    assert program.returncode == -getattr(signal, ending)
    assert eventually(lambda: not alive(processes)), f"left behind: {alive(processes)}"


# ---- files


@pytest.mark.parametrize(("jobs", "timeout"), [(1, None), (1, 60.0), (2, 60.0), (None, None)])
def test_outcomes_are_those_of_each_file(folder: Path, jobs: int | None, timeout: float | None) -> None:
    (folder / "05.txt").write_bytes(b"")
    (folder / "07.txt").unlink()
    (folder / "08.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    paths = [folder / f"{number:02}.txt" for number in range(12)]
    found = list(noticeparse.parse_many(paths, jobs=jobs, timeout=timeout))
    lexicon = load_lexicon()
    for path, outcome in zip(paths, found, strict=True):
        expected = parse_file(str(path), lexicon)
        assert outcome == msgspec.structs.replace(expected, seconds=outcome.seconds)
        assert outcome.seconds > 0
    assert [n for n, outcome in enumerate(found) if outcome.kind == "input"] == [5, 7, 8]
    assert found[7].error == f"{paths[7]}: no such file"
    assert found[0].notice == noticeparse.parse(paths[0])


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("doing", "kind"),
    [("sigkill", "died"), ("exit 0", "died"), pytest.param("hang", "timeout", marks=pytest.mark.slow)],
)
def test_one_bad_file_among_many(folder: Path, doing: str, kind: str, jobs: int) -> None:
    paths = [str(path) for path in sorted(folder.iterdir())]
    lexicon = load_lexicon()
    setup = partial(many_workers.parser, "06", doing, (None, lexicon.version, 10_000))
    timeout = 5.0 if kind == "timeout" else 60.0
    found = list(encoded_outcomes(paths, setup, jobs=jobs, timeout=timeout, ahead=64))
    assert [outcome.source for outcome in found] == paths
    assert [outcome.kind for outcome in found] == ["parsed"] * 6 + [kind] + ["parsed"] * 5
    assert found[6].error is not None
    assert found[6].error.startswith(paths[6] + ": ")
    assert "\n" not in found[6].error
    assert [outcome.record is None for outcome in found] == [kind == outcome.kind for outcome in found]


@settings(max_examples=4)
@given(st.lists(st.text(max_size=20), min_size=10, max_size=40))
def test_any_name_is_taken(names: list[str]) -> None:
    with closing(noticeparse.parse_many((f"/nowhere/{name}" for name in names), jobs=1)) as found:
        assert [outcome.source for outcome in found] == [f"/nowhere/{name}" for name in names]


@pytest.mark.parametrize("timeout", [None, 60.0])
def test_names_that_no_file_has(timeout: float | None) -> None:
    names = ["", "-", "a\0b", "\ud800", "x" * 5000, "\udcff"]
    found = list(noticeparse.parse_many(names, timeout=timeout))
    assert [(outcome.source, outcome.kind) for outcome in found] == [(name, "input") for name in names]
    for outcome in found:
        assert outcome.error is not None
        outcome.error.encode("utf-8")


def test_a_bug_is_told_with_its_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr("noticeparse.parsing.parse_document", fail)
    path = str(folder / "00.txt")
    (outcome,) = noticeparse.parse_many([path], timeout=None)
    assert (outcome.kind, outcome.notice) == ("bug", None)
    assert outcome.error == f"{path}: internal error: ZeroDivisionError: by zero"
    assert outcome.traceback is not None
    assert re.search(r"line \d+, in fail", outcome.traceback)


def test_a_record_that_cannot_be_written_is_a_bug(folder: Path) -> None:
    outcome = parse_file(str(folder / "00.txt"), load_lexicon())
    assert outcome.notice is not None
    broken = msgspec.structs.replace(outcome.notice.notice, media_type="\ud800")
    outcome = msgspec.structs.replace(outcome, notice=msgspec.structs.replace(outcome.notice, notice=broken))
    from noticeparse.many.parallel import EncodedOutcome, encode

    decoded = msgspec.msgpack.decode(encode(outcome), type=EncodedOutcome)
    assert (decoded.kind, decoded.record, decoded.sha256) == ("bug", None, outcome.sha256)


def test_paths_are_taken_as_they_are_needed(folder: Path) -> None:
    endless = itertools.cycle([folder / "00.txt", folder / "01.txt"])
    for jobs, timeout in ((1, None), (2, 60.0)):
        with closing(noticeparse.parse_many(endless, jobs=jobs, timeout=timeout)) as found:
            assert [outcome.kind for outcome in itertools.islice(found, 20)] == ["parsed"] * 20


def test_an_error_of_the_paths_is_the_callers() -> None:
    def paths() -> Iterator[str]:
        yield "/nowhere"
        raise OSError("the list is gone")

    with pytest.raises(OSError, match="the list is gone"):
        list(noticeparse.parse_many(paths(), jobs=2))


@pytest.mark.parametrize(
    "wrong", [{"jobs": 0}, {"jobs": -1}, {"timeout": 0}, {"timeout": float("nan")}, {"jobs": 2, "ahead": 3}]
)
def test_wrong_numbers_are_refused_at_once(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=f"{[*wrong][-1]} must be"):
        noticeparse.parse_many([], **wrong)


def test_a_wrong_lexicon_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "words.tsv").write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(noticeparse.LexiconError):
        noticeparse.parse_many([], lexicon=tmp_path)


def test_a_lexicon_of_ones_own_is_used_in_the_workers(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    row = "concept\tterm\tsource\nvendor_device_id\tGeeGuard ID\tmy own row\n"
    (tmp_path / "own" / "data_terms.tsv").write_text(row, encoding="utf-8")
    path = folder / "own.txt"
    path.write_text(NOTICE.replace("IMEI", "GeeGuard ID"), encoding="utf-8")
    (outcome,) = noticeparse.parse_many([path], lexicon=tmp_path / "own")
    assert outcome.notice is not None
    assert [item.concept for item in outcome.notice.disclosures[0].data_items] == ["vendor_device_id", "mac_address"]


def test_a_plain_script_needs_no_guard(folder: Path) -> None:
    script = folder / "script.py"
    script.write_text(
        "import glob, noticeparse\n"
        "for outcome in noticeparse.parse_many(sorted(glob.glob('*.txt')), jobs=2):\n"
        "    print(outcome.source, outcome.kind)\n",
        encoding="utf-8",
    )
    result = subprocess.run(
        [sys.executable, script], cwd=folder, env=program_environment(), capture_output=True, timeout=60, check=True
    )
    assert result.stdout.decode() == "".join(f"{number:02}.txt parsed\n" for number in range(12))
    assert result.stderr == b""


def test_usable_cores_are_counted() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)


def test_outcomes_hold_one_line_each() -> None:
    assert outcomes.failed("a", "input", "a: two\nlines").error == "a: two lines"
