"""``noticeparse parse`` over many files: in processes, stopped at any moment, and continued."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from noticeparse import read_notices
from noticeparse.fetch.outcome import Outcome
from noticeparse.fetch.sources import Source
from noticeparse.fetch.store import Fetch, Store
from tests.conftest import PROGRAM, ROOT, Run, program_environment
from tests.test_cli import on_terminal, opened_by_reader
from tests.test_many import LINUX, NOTICE, alive, eventually, workers_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve notices of the corpus in a folder of their own."""
    made = tmp_path / "notices"
    made.mkdir()
    notices = [
        path for path in sorted((ROOT / "corpus" / "notices").glob("*/notice.*")) if path.stat().st_size < 20_000
    ]
    for number, path in enumerate(notices[:12]):
        shutil.copy(path, made / f"{number:02}{path.suffix}")
    return made


def start(*arguments: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        env=program_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def told(stderr: bytes) -> list[str]:
    return [line.removeprefix("noticeparse: ") for line in stderr.decode("utf-8").splitlines()]


def sources(path: Path) -> list[str]:
    return [Path(notice.notice.source).name for notice in read_notices(path)]


def mark(path: Path) -> bytes:
    """Change the records of a file in a way that no parser does, to tell them from records that are made anew."""
    marked = path.read_bytes().replace(b'"coverage":1.0', b'"coverage":0.5')
    assert marked != path.read_bytes()
    path.write_bytes(marked)
    return marked


# ---- processes


@pytest.mark.parametrize("form", ["jsonl", "json", "table"])
def test_processes_write_what_one_process_writes(run: Run, folder: Path, form: str) -> None:
    (folder / "05.txt").write_bytes(b"")
    one, two = (run("parse", folder, folder / "none.txt", "--format", form, *jobs) for jobs in ([], ["--jobs", "2"]))
    assert one.stdout
    assert (one.returncode, one.stdout, one.stderr) == (two.returncode, two.stdout, two.stderr)
    assert told(two.stderr)[1:] == [
        f"{folder / 'none.txt'}: no such file",
        f"2 of {len(list(folder.iterdir())) + 1} files failed: 2 cannot be read",
    ]


def test_one_file_in_a_process_is_one_indented_object(run: Run, folder: Path) -> None:
    (path, *_) = sorted(folder.iterdir())
    assert run("parse", path, "--timeout", "60").stdout == run("parse", path).stdout


@pytest.mark.slow
def test_a_file_that_takes_too_long(run: Run, folder: Path) -> None:
    os.mkfifo(folder / "06a.txt")  # nobody writes to it
    result = run("parse", folder, "--timeout", "4", "--output", folder / "out.jsonl")
    assert result.returncode == 1
    assert told(result.stderr) == [
        f"{folder / '06a.txt'}: not parsed within 4 seconds",
        "1 of 13 files failed: 1 took too long",
    ]
    assert len(read_notices(folder / "out.jsonl")) == 12


@LINUX
def test_a_process_that_is_killed_costs_its_file(folder: Path) -> None:
    pipe = folder / "06a.txt"
    os.mkfifo(pipe)
    with start("parse", folder, "--jobs", "1", "--timeout", "0") as process:
        writer = opened_by_reader(pipe, process, time.monotonic() + 60)
        (worker,) = workers_of(process.pid)
        os.kill(worker, signal.SIGKILL)
        out, err = process.communicate(timeout=60)
        os.close(writer)
    assert process.returncode == 1
    assert told(err) == [
        f"{pipe}: the process that parsed it ended (signal 9, SIGKILL)",
        "1 of 13 files failed: 1 ended the process",
    ]
    assert len(out.splitlines()) == 12


def test_progress_with_processes(folder: Path) -> None:
    status, seen, out = on_terminal("parse", folder, "--jobs", "2", stdout=False, cwd=ROOT)
    assert status == 0
    assert "\r\x1b[K7/12 files" in seen
    assert seen.endswith("\r\x1b[K")
    assert len(out.splitlines()) == 12


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-", "--jobs", "2"], "not for standard input"),
        (["--sample", "--timeout", "3"], "not for standard input or --sample"),
        (["x", "--jobs", "-1"], "--jobs"),
        (["x", "--timeout", "-1"], "--timeout"),
        (["x", "--fresh"], "name it with --output"),
        (["x", "--fresh", "--format", "jsonl", "--output", "-"], "name it with --output"),
        (["x", "--fresh", "--format", "jsonl", "--output", "/dev/null"], "in a file"),
        (["x", "--fresh", "--format", "json", "--output", "y"], "one record a line"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], message: str) -> None:
    result = run("parse", *arguments)
    assert (result.returncode, result.stdout) == (2, b"")
    assert message in " ".join(result.stderr.decode().split())


def test_a_journal_never_replaces_a_notice(run: Run, folder: Path) -> None:
    notice = folder / "x.jsonl.part"
    notice.write_text(NOTICE, encoding="utf-8")
    assert run("parse", notice, folder / "00.txt", "--output", folder / "x.jsonl").returncode == 2
    assert notice.read_text(encoding="utf-8") == NOTICE


# ---- stopped


@LINUX
@pytest.mark.slow
@pytest.mark.parametrize(("ending", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGKILL", -9)])
@pytest.mark.parametrize("jobs", [(), ("--jobs", "2", "--timeout", "0")])
def test_what_is_done_is_kept_and_no_process_stays(
    run: Run, folder: Path, tmp_path: Path, jobs: Sequence[str], ending: str, status: int
) -> None:
    out = tmp_path / "out.jsonl"
    pipe = folder / "06a.txt"
    os.mkfifo(pipe)
    with start("parse", folder, *jobs, "--output", out) as process:
        writer = opened_by_reader(pipe, process, time.monotonic() + 60)
        part = tmp_path / "out.jsonl.part"
        assert eventually(lambda: part.read_bytes().count(b"\n") == 7)
        workers = workers_of(process.pid)
        assert len(workers) == (2 if jobs else 0)
        process.send_signal(getattr(signal, ending))
        _, err = process.communicate(timeout=60)
        os.close(writer)
    assert process.returncode == status
    assert eventually(lambda: not alive(workers))
    if ending != "SIGKILL":
        assert told(err) == [f"interrupted; what is done is kept in {part}, and the same command goes on"]
    assert not out.exists()
    pipe.unlink()
    pipe.write_text(NOTICE, encoding="utf-8")
    mark(part)
    again = run("parse", folder, *jobs, "--output", out)
    assert (again.returncode, told(again.stderr)) == (0, ["7 of 13 taken over from an earlier run, 6 parsed"])
    assert out.read_bytes().replace(b'"coverage":0.5', b'"coverage":1.0') == run("parse", folder).stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notices", "out.jsonl"]


def in_program(process: int) -> bool:
    """Whether the program has begun, which then handles SIGTERM: before, Ctrl-C is the interpreter's to answer."""
    status = (Path("/proc") / str(process) / "status").read_text()
    (caught,) = (int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(caught >> (signal.SIGTERM - 1) & 1)


@LINUX
@pytest.mark.slow
@pytest.mark.parametrize("jobs", [(), ("--jobs", "2")])
def test_stopped_at_any_moment_and_continued(run: Run, folder: Path, tmp_path: Path, jobs: Sequence[str]) -> None:
    for path in list(folder.iterdir()):
        for copy in range(20):
            shutil.copy(path, folder / f"{path.stem}-{copy}{path.suffix}")
    (folder / "03-7.txt").write_bytes(b"")
    expected = run("parse", folder)
    out = tmp_path / "out.jsonl"
    chance = random.Random(11)
    stopped = []
    for _ in range(12):
        process = start("parse", folder, *jobs, "--output", out)
        ending = chance.choice([signal.SIGKILL, signal.SIGINT])
        if ending == signal.SIGINT:
            assert eventually(lambda process=process: in_program(process.pid))  # type: ignore[misc]
        time.sleep(chance.uniform(0.0, 1.5))
        workers = workers_of(process.pid)
        process.send_signal(ending)
        _, err = process.communicate(timeout=60)
        assert b"Traceback" not in err
        assert eventually(lambda workers=workers: not alive(workers))  # type: ignore[misc]
        stopped.append(process.returncode)
    result = run("parse", folder, *jobs, "--output", out)
    assert set(stopped) & {-9, 130}
    assert result.returncode == expected.returncode == 1
    assert out.read_bytes() == expected.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notices", "out.jsonl"]


# ---- continued


def test_only_what_has_changed_is_parsed_again(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    (folder / "broken.txt").write_bytes(b"")
    shutil.copy(folder / "00.txt", folder / "same-as-00.txt")
    assert run("parse", folder, "--output", out).returncode == 1
    mark(out)
    with (folder / "03.txt").open("a", encoding="utf-8") as file:
        file.write("\n")
    (folder / "broken.txt").write_text(NOTICE, encoding="utf-8")
    (folder / "aa.txt").write_text(NOTICE, encoding="utf-8")
    result = run("parse", folder, "--output", out)
    assert (result.returncode, told(result.stderr)) == (0, ["12 of 15 taken over from an earlier run, 3 parsed"])
    assert out.read_bytes() != run("parse", folder).stdout  # records that are taken over keep their mark
    assert out.read_bytes().replace(b'"coverage":0.5', b'"coverage":1.0') == run("parse", folder).stdout


def test_another_lexicon_takes_nothing_over(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run("parse", folder, "--output", out)
    (tmp_path / "own").mkdir()
    row = "concept\tterm\tsource\nvendor_device_id\tGeeGuard ID\tmy own row\n"
    (tmp_path / "own" / "data_terms.tsv").write_text(row, encoding="utf-8")
    result = run("parse", folder, "--output", out, "--lexicon", tmp_path / "own")
    assert (result.returncode, result.stderr) == (0, b"")
    assert out.read_bytes() == run("parse", folder, "--lexicon", tmp_path / "own").stdout


def test_records_of_other_files_are_kept_unless_fresh(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run("parse", folder / "05.txt", folder / "02.txt", "--output", out)
    result = run("parse", folder / "02.txt", folder / "01.txt", "--output", out)
    assert told(result.stderr) == [
        "1 of 2 taken over from an earlier run, 1 parsed",
        f"{out}: continued; 1 record of other files kept in front",
    ]
    assert sources(out) == ["05.txt", "02.txt", "01.txt"]
    mark(out)
    result = run("parse", folder / "02.txt", folder / "01.txt", "--output", out, "--fresh")
    assert (result.returncode, result.stderr) == (0, b"")
    assert out.read_bytes() == run("parse", folder / "02.txt", folder / "01.txt").stdout


def test_something_else_is_not_continued(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("my notes\n", encoding="utf-8")
    result = run("parse", folder, "--output", out)
    assert (result.returncode, out.read_text(encoding="utf-8")) == (1, "my notes\n")
    (line,) = told(result.stderr)
    assert line == f"{out}:1: not a record, so that the file cannot be continued; --fresh replaces it"
    assert run("parse", folder, "--output", out, "--fresh").returncode == 0
    assert len(read_notices(out)) == 12


def test_links_and_modes_are_kept(run: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "out.jsonl", tmp_path / "link.jsonl"
    target.touch()
    target.chmod(0o640)
    link.symlink_to(target)
    for extra in ([], [folder / "01.txt"]):
        assert run("parse", folder / "00.txt", folder / "02.txt", *extra, "--output", link).returncode == 0
        assert link.is_symlink()
        assert target.stat().st_mode & 0o777 == 0o640
        assert len(read_notices(target)) == 2 + len(extra)
        assert [path.name for path in target.parent.iterdir()] == ["out.jsonl"]


# ---- stores


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of three sources, one of which names the part of the page that counts, and one of which has two versions."""
    place = tmp_path / "store"
    with Store(place, create=True) as opened:
        listed = [
            Source("one", "一", "https://one.example/sdk"),
            Source("two", "二", "https://two.example/sdk", selector="div"),
            Source("three", "三", "https://three.example/sdk"),
        ]
        run = opened.begin_run(listed, {})
        bodies = [f"<div>{NOTICE}</div>", f"<p>x</p><div>{NOTICE}</div>", f"<pre>{NOTICE}</pre>", f"<p>{NOTICE}</p>"]
        for source, body in zip([*listed, listed[0]], bodies, strict=True):
            fetch = Fetch(
                outcome=Outcome.OK,
                detail="",
                url=source.url,
                final_url=source.url,
                time=f"2026-01-0{bodies.index(body) + 1}T00:00:00.000Z",
                seconds=0.1,
                status=200,
                headers=(),
                media_type="text/html",
                charset="utf-8",
                body=body.encode(),
                text_sha256=body,
            )
            opened.record(run, opened.add_source(source), fetch)
    return place


@pytest.mark.slow
@pytest.mark.parametrize("everything", [[], ["--all"]])
def test_a_store_in_processes_and_continued(run: Run, store: Path, tmp_path: Path, everything: list[str]) -> None:
    expected = run("parse", "--store", store, *everything)
    number = len(expected.stdout.splitlines())
    assert (expected.returncode, number) == (0, 4 if everything else 3)
    assert run("parse", "--store", store, *everything, "--jobs", "2").stdout == expected.stdout
    out = tmp_path / "out.jsonl"
    lines = expected.stdout.splitlines(keepends=True)
    (tmp_path / "out.jsonl.part").write_bytes(b"".join(lines[:-1]))
    mark(tmp_path / "out.jsonl.part")
    result = run("parse", "--store", store, *everything, "--jobs", "2", "--output", out)
    # All but the last, which is to be parsed, and the one whose records depend on the list of sources too.
    assert told(result.stderr) == [f"{number - 2} of {number} taken over from an earlier run, 2 parsed"]
    assert out.read_bytes().replace(b'"coverage":0.5', b'"coverage":1.0') == expected.stdout


def test_a_damaged_version_costs_itself(run: Run, store: Path) -> None:
    with Store(store) as opened:
        version = opened.versions()[0]
        opened.path(version.sha256).write_bytes(b"damaged")
    one, two = (run("parse", "--store", store, "--all", *jobs) for jobs in ([], ["--jobs", "2"]))
    assert (one.returncode, one.stdout, one.stderr) == (two.returncode, two.stdout, two.stderr)
    assert [json.loads(line)["notice"]["source"][:18] for line in two.stdout.splitlines()]
    assert len(two.stdout.splitlines()) == 3
    assert told(two.stderr)[-1] == "1 of 4 files failed: 1 cannot be read"
