"""Runs on a real cluster of two worker processes: the same tables whatever happens to files, workers and the run."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from noticeparse.scale import Progress, ScaleError, parse_to_parquet
from noticeparse.scale.account import COLUMNS
from tests import poison
from tests.conftest import PROGRAM, ROOT, program_environment
from tests.scaling import (
    NOTICE,
    assert_tables,
    expected_tables,
    files_of,
    make_notices,
    records_of,
    tables_of,
)
from tests.support import CORPUS

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.slow
Client = distributed.Client
UNREACHABLE = "tcp://127.0.0.1:1"


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Makes processes that parse obey the words of :mod:`tests.poison`."""
    folder = poison.poison_folder(tmp_path_factory.mktemp("path") / "poison")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(folder), str(ROOT / "src")]))
        patch.delenv("NOTICEPARSE_LEXICON", raising=False)
        yield


@pytest.fixture(scope="module")
def client(poisoned: None) -> Iterator[Client]:
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=":0"
    )
    with cluster, distributed.Client(cluster) as connected:
        yield connected


def statuses(output: Path) -> dict[str, str]:
    """Kind of each input by the name of its file."""
    rows = tables_of(output)["inputs"].to_pylist()
    assert len({row["source"] for row in rows}) == len(rows)
    return {Path(row["source"]).name: row["kind"] for row in rows}


# ---------------------------------------------------------------- the same tables


def test_tables_are_those_of_one_process(client: Client, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "empty.txt").write_bytes(b"")
    (bad / "binary.html").write_bytes(b"\0\1\2\3" * 400)
    (bad / "large.txt").write_bytes(b"x" * 3_000_000)
    notices = [CORPUS.notice(key) for key in CORPUS.ids()]
    seen: list[Progress] = []
    options: dict[str, Any] = {"scheduler": client, "partition_size": 7, "max_bytes": 2_000_000, "records": True}
    inputs = [ROOT / "corpus" / "notices", bad]
    summary = parse_to_parquet(inputs, tmp_path / "out", told=seen.append, **options)
    assert (summary.inputs, summary.parsed, summary.complete) == (len(notices) + 3, len(notices), True)
    assert [(one.kind, one.error) for one in summary.failures] == [
        ("input", f"{bad / 'binary.html'}: binary data, not text"),
        ("input", f"{bad / 'empty.txt'}: empty file"),
        ("input", f"{bad / 'large.txt'}: too large: 3000000 bytes, limit 2000000"),
    ]
    assert (seen[-1].done, seen[-1].failed, seen[-1].workers) == (summary.inputs, 3, 2)
    found = assert_tables(tmp_path / "out", expected_tables(sorted(notices)))
    assert found["inputs"].column_names == [column.name for column in COLUMNS]
    assert set(statuses(tmp_path / "out").values()) == {"parsed", "input"}
    joined = {row["notice_id"] for row in found["inputs"].to_pylist() if row["kind"] == "parsed"}
    assert joined == set(found["notices"]["notice_id"].to_pylist())
    assert len(records_of(tmp_path / "out")) == len(notices)

    again = parse_to_parquet(inputs, tmp_path / "again", **options)
    assert files_of(tmp_path / "again") == files_of(tmp_path / "out")
    assert again.failures == summary.failures


def test_addresses_are_read_and_written(client: Client, tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 10)
    with zipfile.ZipFile(tmp_path / "n.zip", "w") as archive:
        for path in sorted(notices.iterdir()):
            archive.write(path, f"sub/{path.name}")
        archive.writestr("sub/picture.png", b"\x89PNG")
    packed = f"zip://::file://{tmp_path / 'n.zip'}"
    summary = parse_to_parquet(packed, f"file://{tmp_path / 'out'}", scheduler=client, partition_size=4)
    assert (summary.parsed, summary.partitions, summary.failures) == (10, 3, ())
    found = tables_of(tmp_path / "out")
    assert found["inputs"]["source"].to_pylist() == [
        f"zip://sub/n{index:04}.txt::file://{tmp_path / 'n.zip'}" for index in range(10)
    ]
    plain = expected_tables(sorted(notices.iterdir()))
    for table in ("disclosures", "data_items"):
        kept = [name for name in plain[table].column_names if not name.endswith("_id")]
        assert found[table].select(kept).to_pylist() == plain[table].select(kept).to_pylist()


def test_rows_of_the_users_reach_the_workers(client: Client, tmp_path: Path) -> None:
    rows = tmp_path / "rows"
    rows.mkdir()
    (rows / "data_terms.tsv").write_text("concept\tterm\tsource\nimei\t云杉编号\tours\n", encoding="utf-8")
    notices = tmp_path / "notices"
    notices.mkdir()
    (notices / "n.txt").write_text(NOTICE.replace("IMEI", "云杉编号"), encoding="utf-8")
    concepts = []
    for number, lexicon in enumerate([None, rows]):
        output = tmp_path / f"out{number}"
        assert parse_to_parquet(notices, output, scheduler=client, lexicon=lexicon).parsed == 1
        concepts.append(tables_of(output)["data_items"]["concept"].to_pylist()[0])
    assert concepts == [None, "imei"]
    with pytest.raises(ScaleError, match=r"holds partitions of another run \(1 of 1; lexicon version"):
        parse_to_parquet(notices, tmp_path / "out0", scheduler=client, lexicon=rows)


# ---------------------------------------------------------------- files that do harm


def test_a_poisonous_file_costs_itself(client: Client, tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 12)
    words = {"a": poison.KILL, "b": poison.EXIT, "c": poison.HANG, "n0005z": poison.SPIN}
    for name, word in words.items():
        (notices / f"{name}.txt").write_text(f"{NOTICE}{word}\n", encoding="utf-8")
    workers = set(client.run(os.getpid).values())
    summary = parse_to_parquet(notices, tmp_path / "out", scheduler=client, partition_size=8, timeout=2)
    assert [(Path(one.source).stem, one.kind) for one in summary.failures] == [
        ("a", "died"),
        ("b", "died"),
        ("c", "timeout"),
        ("n0005z", "timeout"),
    ]
    assert summary.failures[1].error.endswith("b.txt: the process that parsed it ended (exit status 7)")
    assert set(client.run(os.getpid).values()) == workers, "no worker ended"
    assert_tables(tmp_path / "out", expected_tables(sorted(notices.glob("n????.txt"))))


def test_what_failed_by_chance_can_be_tried_again(client: Client, tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 6)
    flag = tmp_path / "flag"
    flag.touch()
    (notices / "n0003.txt").write_text(f"{NOTICE}{poison.poison_while(flag)}\n", encoding="utf-8")
    (notices / "n0005.txt").write_bytes(b"")
    options: dict[str, Any] = {"scheduler": client, "partition_size": 2}
    assert parse_to_parquet(notices, tmp_path / "out", **options).kinds() == {"died": 1, "input": 1}
    flag.unlink()
    assert parse_to_parquet(notices, tmp_path / "out", **options).kinds() == {"died": 1, "input": 1}
    last = parse_to_parquet(notices, tmp_path / "out", retry_failed=True, **options)
    assert (last.kinds(), last.skipped, last.partitions) == ({"input": 1}, 2, 3)


# ---------------------------------------------------------------- workers that end


def test_a_killed_worker_loses_nothing(client: Client, tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 30, poison.SLOW)
    killed: list[int] = []

    def kill(progress: Progress) -> None:
        if not killed:  # one that has begun a partition
            busy = next(address for address, keys in client.processing().items() if keys)
            killed.extend(client.run(os.getpid, workers=[busy]).values())
            os.kill(killed[0], signal.SIGKILL)

    summary = parse_to_parquet(notices, tmp_path / "out", scheduler=client, partition_size=5, told=kill)
    assert killed
    assert (summary.parsed, summary.failures, summary.unfinished) == (30, (), ())
    assert_tables(tmp_path / "out", expected_tables(sorted(notices.iterdir())))
    parse_to_parquet(notices, tmp_path / "undisturbed", scheduler=client, partition_size=5)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "undisturbed")


# ---------------------------------------------------------------- going on


def test_only_what_is_missing_is_made(client: Client, tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 10)
    out = tmp_path / "out"
    options: dict[str, Any] = {"scheduler": client, "partition_size": 4}
    first = parse_to_parquet(notices, out, **options)
    made = {path: path.stat().st_mtime_ns for path in out.rglob("part-*")}

    same = parse_to_parquet(notices, out, scheduler=UNREACHABLE, partition_size=4)  # nobody is asked
    assert (same.parsed, same.skipped, same.partitions) == (10, 3, 3)

    (out / "links" / sorted(path.name for path in (out / "links").iterdir())[1]).unlink()
    (out / "notices" / ".part-000000000-0123456789abcdef.parquet.9-9.tmp").touch()
    (out / "notices" / "part-000000003-0123456789abcdef.parquet").touch()
    before = files_of(out)
    mended = parse_to_parquet(notices, out, **options)
    assert (mended.parsed, mended.skipped) == (10, 2)
    assert len(files_of(out)) == len(before) - 1  # what no partition owns goes, what was missing comes

    (notices / "n0001x.txt").write_text(NOTICE, encoding="utf-8")
    (notices / "n0006x.txt").write_text(NOTICE, encoding="utf-8")
    added = parse_to_parquet(notices, out, **options)
    assert (added.parsed, added.skipped, added.partitions) == (12, 3, 4)
    kept = {path: path.stat().st_mtime_ns for path in made if path.exists()}
    assert len(kept) == len(made)

    (notices / "n0002.txt").write_text(NOTICE + "\n", encoding="utf-8")
    (notices / "n0009.txt").unlink()
    with pytest.raises(ScaleError, match=r"holds partitions of another run \(2 of 4; .*n0002\.txt: changed since\)"):
        parse_to_parquet(notices, out, **options)
    replaced = parse_to_parquet(notices, out, replace=True, **options)
    assert (replaced.parsed, replaced.skipped) == (11, 2)
    sources = sorted(tables_of(out)["inputs"]["source"].to_pylist())
    assert sources == sorted(map(str, notices.iterdir()))
    assert first.failures == replaced.failures == ()


def test_output_that_cannot_be_written_is_told(client: Client, tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 6)
    out = tmp_path / "out"
    out.mkdir()
    (out / "links").write_text("in the way")
    summary = parse_to_parquet(notices, out, scheduler=client, partition_size=2, retries=1)
    assert (summary.parsed, summary.complete) == (0, False)
    assert [(one.inputs, one.error) for one in summary.unfinished] == [(2, "FileExistsError: File exists")] * 3
    (out / "links").unlink()
    last = parse_to_parquet(notices, out, scheduler=client, partition_size=2)
    assert (last.parsed, last.unfinished) == (6, ())
    assert_tables(out, expected_tables(sorted(notices.iterdir())))


def test_one_run_at_a_time(client: Client, tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 4)
    refused: list[str] = []

    def again(progress: Progress) -> None:
        with pytest.raises(ScaleError) as raised:
            parse_to_parquet(notices, tmp_path / "out", scheduler=client)
        refused.append(str(raised.value))

    parse_to_parquet(notices, tmp_path / "out", scheduler=client, told=again)
    assert refused == [f"{tmp_path / 'out'}: another run is writing there"]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_goes_on(ending: signal.Signals, poisoned: None, client: Client, tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 40, poison.SLOW)
    out = tmp_path / "out"
    process = subprocess.Popen(
        [*PROGRAM, "scale", str(notices), "-o", str(out), "--workers", "2", "--partition-size", "4"],
        env={**program_environment(), "PYTHONPATH": os.environ["PYTHONPATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while not list(out.glob("inputs/part-*")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    # As a terminal does it, which tells all of its processes.
    send = os.killpg if ending is signal.SIGINT else os.kill
    send(process.pid, ending)
    stdout, stderr = process.communicate(timeout=60)
    if ending is signal.SIGINT:
        told = "noticeparse: interrupted; the same command goes on\n"
        assert (process.returncode, stdout, stderr) == (130, "", told)
    finished = len(list(out.glob("inputs/part-*")))
    assert 0 < finished < 10
    assert gone(process.pid), "no process of the run is left"

    summary = parse_to_parquet(notices, out, scheduler=client, partition_size=4)
    assert (summary.parsed, summary.skipped, summary.partitions) == (40, finished, 10)
    if ending is signal.SIGKILL:
        parse_to_parquet(notices, tmp_path / "undisturbed", scheduler=client, partition_size=4)
        assert files_of(out) == files_of(tmp_path / "undisturbed")


def test_a_scheduler_that_ends_is_told(poisoned: None, tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 80, poison.SLOW)
    out = tmp_path / "out"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    dask = [sys.executable, "-m"]
    environment = {**program_environment(), "PYTHONPATH": os.environ["PYTHONPATH"]}
    quiet: dict[str, Any] = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    port = address.rpartition(":")[2]
    scheduler = subprocess.Popen(
        [*dask, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"], **quiet
    )
    worker = subprocess.Popen(
        [*dask, "distributed.cli.dask_worker", address, "--no-dashboard", "--local-directory", str(tmp_path)], **quiet
    )
    command = [*PROGRAM, "scale", str(notices), "-o", str(out), "--dask", address, "--partition-size", "4"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 120
        while not list(out.glob("inputs/part-*")):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        scheduler.kill()
        stdout, stderr = process.communicate(timeout=120)
    finally:
        for one in (process, scheduler, worker):
            one.terminate()
        for one in (process, scheduler, worker):
            one.wait(timeout=60)
    told = "noticeparse: the scheduler does not answer any more; what is finished stays, and running again goes on\n"
    assert (process.returncode, stdout, stderr) == (1, "", told)


def gone(session: int) -> bool:
    """Whether all processes of a session end."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        left = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                left.append(folder.name)
        if not left:
            return True
        time.sleep(0.05)
    return False
