"""Runs on Dask, without a cluster: how inputs are found and laid out, what a worker does, and what is refused."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeparse._version import __version__
from noticeparse.errors import LexiconError, MissingInputError, NoticeparseError
from noticeparse.fetch.outcome import Outcome
from noticeparse.fetch.sources import Source
from noticeparse.fetch.store import Fetch, Store
from noticeparse.fetch.stored import open_version, version_name
from noticeparse.lexicon.load import load_lexicon
from noticeparse.parsing import parse_document
from noticeparse.scale import ScaleError, parse_to_parquet, worker
from noticeparse.scale.account import read_account
from noticeparse.scale.inputs import Input, find
from noticeparse.scale.output import INPUTS, Output
from noticeparse.scale.partitions import Basis, Partition, default_count, plan
from noticeparse.scale.storage import public_name
from noticeparse.scale.worker import Job, parse_partition
from noticeparse.tables.frames import to_frames
from tests.conftest import Run, program_environment
from tests.poison import EAT, poison_folder
from tests.scaling import NOTICE, arrow, assert_tables, expected_tables, files_of, make_notices, tables_of

pytest.importorskip("fsspec")
pytest.importorskip("distributed")

BASIS = Basis(parser_version=__version__, lexicon_version=load_lexicon(None).version, options="max_bytes=1000000")


def job(output: Path | str, **changes: Any) -> Job:
    made = Job(
        output=str(output),
        options={},
        basis=BASIS,
        overlay=False,
        max_bytes=1_000_000,
        timeout=60.0,
        memory=None,
        records=False,
    )
    return msgspec.structs.replace(made, **changes)


def found(*arguments: Path | str, everything: bool = False) -> list[Input]:
    return find(arguments, everything=everything, options={})


def partition(*arguments: Path | str) -> Partition:
    (made,) = plan(found(*arguments), {}, BASIS, count=1000, size=1 << 30)
    return made


# ---------------------------------------------------------------- inputs


def test_folders_globs_and_addresses_find_the_same_files(tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "a[1]", 3)
    (notices / ".hidden.txt").write_text(NOTICE)
    (notices / "picture.png").write_bytes(b"\x89PNG")
    (notices / "deep").mkdir()
    (notices / "deep" / "n.html").write_text(NOTICE)
    paths = [notices / "deep" / "n.html", *sorted(notices.glob("n*.txt"))]
    assert [one.location for one in found(notices)] == list(map(str, paths))
    assert [one.name for one in found(f"file://{notices}")] == [f"file://{path}" for path in paths]
    assert [one.location for one in found(f"{tmp_path}/a*/n*.txt")] == list(map(str, paths[1:]))
    assert [one.name for one in found(f"file://{tmp_path}/a*/n*.txt")] == [f"file://{path}" for path in paths[1:]]
    assert [one.name for one in found(f"simplecache::file://{tmp_path}/a*/n*1.txt")] == [
        f"simplecache::file://{paths[2]}"
    ]
    assert [one.name for one in found(notices, notices / "n0001.txt", paths[0])] == list(map(str, paths))
    with zipfile.ZipFile(tmp_path / "n.zip", "w") as archive:
        archive.write(paths[1], "x/y.txt")
    assert [one.name for one in found(f"zip://x/*.txt::{tmp_path}/n.zip")] == [f"zip://x/y.txt::{tmp_path}/n.zip"]


def test_sizes_and_marks_tell_a_change(tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 1)
    path = notices / "n0000.txt"
    for argument in (str(path), f"file://{path}"):
        (before,) = found(argument)
        assert before.size == path.stat().st_size
        (same,) = found(argument)
        assert same == before
        os.utime(path, ns=(1, path.stat().st_mtime_ns + 1_000_000))
        (after,) = found(argument)
        assert after.mark != before.mark


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("{}/none", "{}/none: no such file"),
        ("{}/*.txt", "{}/*.txt: no file matches"),
        ("{}/empty", "{}/empty: no notice in this folder (supported: "),
        ("file://{}/none", "file://{}/none: no such file or folder"),
        ("file://{}/*.txt", "file://{}/*.txt: no notice there"),
        ("memory://nothing/*.txt", "memory://nothing/*.txt: no notice there"),
        ("zip://*::{}/none.zip", "zip://*::{}/none.zip: cannot be opened: No such file or directory"),
        ("nonsense://bucket/a", "nonsense://bucket/a: cannot be opened: Protocol not known: nonsense"),
    ],
)
def test_inputs_that_are_not_there(argument: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoticeparseError) as raised:
        found(argument.format(tmp_path))
    assert str(raised.value).startswith(told.format(tmp_path))


def test_names_hold_no_password() -> None:
    assert public_name("ftp://me:secret@host/a.txt") == "ftp://host/a.txt"
    assert public_name("zip://a.txt::ftp://me:secret@host/a.zip") == "zip://a.txt::ftp://host/a.zip"
    assert public_name("s3://bucket/me@home.txt") == "s3://bucket/me@home.txt"


# ---------------------------------------------------------------- partitions


def inputs_of(sizes: list[int]) -> list[Input]:
    return [Input(name=f"{place:03}", location=f"/{place}", size=size, mark="") for place, size in enumerate(sizes)]


SIZES = st.lists(st.integers(0, 40), min_size=1, max_size=60)


def names_of(partitions: list[Partition]) -> dict[str, list[str]]:
    return {one.name: [each.name for each in one.inputs] for one in partitions}


@given(SIZES, st.integers(1, 9), st.integers(1, 100))
def test_partitions_hold_each_input_once_within_bounds(sizes: list[int], count: int, size: int) -> None:
    inputs = inputs_of(sizes)
    made = plan(inputs, {}, BASIS, count=count, size=size)
    assert [one for partition in made for one in partition.inputs] == inputs
    assert [one.name for one in made] == sorted({one.name for one in made})
    for one in made:
        assert len(one.inputs) <= count
        assert len(one.inputs) == 1 or sum(each.size or 0 for each in one.inputs) <= size
    # No two neighbours would have fitted into one.
    for one, following in pairwise(made):
        first = following.inputs[0].size or 0
        assert len(one.inputs) == count or sum(each.size or 0 for each in one.inputs) + first > size


@given(SIZES, st.integers(1, 9), st.integers(1, 100), st.data())
def test_an_interruption_does_not_change_the_partitions(
    sizes: list[int], count: int, size: int, data: st.DataObject
) -> None:
    inputs = inputs_of(sizes)
    made = names_of(plan(inputs, {}, BASIS, count=count, size=size))
    kept = {name: made[name] for name in data.draw(st.sets(st.sampled_from(sorted(made))))}
    left = names_of(plan(inputs, kept, BASIS, count=count, size=size))
    assert {**kept, **left} == made


@given(SIZES, st.integers(1, 9), st.sets(st.integers(0, 59)))
def test_new_inputs_are_gathered(sizes: list[int], count: int, new: set[int]) -> None:
    inputs = inputs_of(sizes)
    old = [one for place, one in enumerate(inputs) if place not in new]
    kept = names_of(plan(old, {}, BASIS, count=count, size=1000))
    added = plan(inputs, kept, BASIS, count=count, size=1000)
    assert [one.name for partition in added for one in partition.inputs] == [
        f"{place:03}" for place in sorted(new) if place < len(inputs)
    ]


def test_names_depend_on_all_that_the_content_does() -> None:
    inputs = inputs_of([1, 2, 3])
    names = {plan(inputs, {}, BASIS, count=9, size=99)[0].name}
    for change in (
        {"parser_version": "x"},
        {"lexicon_version": "x"},
        {"options": "x"},
    ):
        names.add(plan(inputs, {}, msgspec.structs.replace(BASIS, **change), count=9, size=99)[0].name)
    for change in ({"name": "x"}, {"size": 9}, {"mark": "x"}):
        changed = [msgspec.structs.replace(inputs[0], **change), *inputs[1:]]
        names.add(plan(changed, {}, BASIS, count=9, size=99)[0].name)
    assert len(names) == 7


@pytest.mark.parametrize(("inputs", "count"), [(1, 50), (3200, 50), (6400, 100), (6401, 101), (10**6, 1000)])
def test_partitions_grow_with_the_number_of_inputs(inputs: int, count: int) -> None:
    assert default_count(inputs) == count


# ---------------------------------------------------------------- what a worker does


def test_a_partition_is_written_once(tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 5)
    (notices / "n0002.txt").write_bytes(b"")
    one = partition(notices)
    account = parse_partition(job(tmp_path / "out"), one)
    assert (account.parsed, [failure.kind for failure in account.failures], account.passing) == (4, ["input"], False)
    assert_tables(tmp_path / "out", expected_tables(sorted(notices.iterdir())))
    written = files_of(tmp_path / "out")
    for path in notices.iterdir():
        path.unlink()
    assert parse_partition(job(tmp_path / "out"), one) == account, "another worker has made it"
    assert read_account(Output(str(tmp_path / "out"), {}).read(INPUTS, one.name)) == account
    assert files_of(tmp_path / "out") == written


def test_inputs_that_a_worker_does_not_see(tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 3)
    one = partition(notices)
    (notices / "n0001.txt").unlink()
    account = parse_partition(job(tmp_path / "out"), one)
    assert [failure.error for failure in account.failures] == [f"{notices / 'n0001.txt'}: no such file"]
    for path in notices.iterdir():
        path.unlink()
    with pytest.raises(ScaleError, match="a worker does not see it, nor any other file of its partition"):
        parse_partition(job(tmp_path / "other"), one)
    assert not list((tmp_path).glob("other/inputs/*"))


def test_a_notice_that_no_table_takes_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notices = make_notices(tmp_path / "notices", 4)

    def refusing(given: Any, **options: Any) -> Any:
        kept = list(given)
        if any(notice.notice.source.endswith("n0002.txt") for notice in kept):
            raise AssertionError("a bug\nwith two lines")
        return to_frames(kept, **options)

    monkeypatch.setattr(worker, "to_frames", refusing)
    account = parse_partition(job(tmp_path / "out", records=True), partition(notices))
    assert [(one.kind, one.error) for one in account.failures] == [
        ("bug", f"{notices / 'n0002.txt'}: internal error: AssertionError: a bug with two lines")
    ]
    assert account.passing
    assert tables_of(tmp_path / "out")["notices"].num_rows == 3
    (records,) = (tmp_path / "out" / "records").iterdir()
    assert len(records.read_bytes().splitlines()) == 3


@pytest.mark.parametrize("change", ["parser_version", "lexicon_version"])
def test_a_worker_of_another_version_refuses(change: str, tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 1)
    other = msgspec.structs.replace(BASIS, **{change: "other"})
    with pytest.raises(ScaleError, match=r"^a worker has .*other"):
        parse_partition(job(tmp_path / "out", basis=other), partition(notices))


def test_memory_of_the_parser_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(poison_folder(tmp_path / "poison")))
    notices = make_notices(tmp_path / "notices", 2)
    (notices / "n0000.txt").write_text(f"{NOTICE}{EAT}\n", encoding="utf-8")
    account = parse_partition(job(tmp_path / "out", memory=1 << 30), partition(notices))
    assert account.parsed == 1
    assert [(one.kind, one.error) for one in account.failures] == [
        ("bug", f"{notices / 'n0000.txt'}: internal error: MemoryError:")
    ]


def test_versions_of_a_store_are_read_where_the_index_is_not(tmp_path: Path) -> None:
    page = f"<html><body><nav>首页</nav><main>{NOTICE.replace(chr(10), '<br>')}</main></body></html>"
    with Store(tmp_path / "store", create=True) as store:
        source = Source("app", "应用", "https://a.example/sdk", selector="main")
        run = store.begin_run([source], {})
        number = store.add_source(source)
        for day, text in enumerate((page, page.replace("IMEI", "OAID")), start=1):
            fetch = Fetch(
                Outcome.OK, "", source.url, source.url, f"2026-01-0{day}T00:00:00Z", 0.1,
                media_type="text/html", charset="gb18030", body=text.encode("gb18030"), text_sha256=str(hash(text)),
            )  # fmt: skip
            store.record(run, number, fetch)
        store.end_run(run, finished=True)
    assert [one.name for one in found(tmp_path / "store")] == ["https://a.example/sdk"]
    one = partition(tmp_path / "store")
    assert parse_partition(job(tmp_path / "out"), one).parsed == 1
    with Store(tmp_path / "store") as store:
        versions = store.versions()
        whole = parse_document(open_version(store, versions[-1]), load_lexicon(None))
    assert whole.disclosures[0].data_items[0].concept == "oaid"
    assert_tables(tmp_path / "out", arrow(to_frames([whole])))

    every = found(tmp_path / "store", everything=True)
    assert [each.name for each in every] == [version_name(version) for version in versions]
    damaged = Path(one.inputs[0].location)
    damaged.write_bytes(b"x" + damaged.read_bytes()[1:])
    account = parse_partition(job(tmp_path / "again"), one)
    assert [failure.error for failure in account.failures] == [
        "https://a.example/sdk: damaged in the store: its bytes have another digest"
    ]


# ---------------------------------------------------------------- the output


def test_object_storage_is_written_and_swept() -> None:
    output = Output("memory://swept/tables", {})
    output.prepare()
    names = [f"part-{place:09}-{'0' * 16}" for place in range(3)]
    for name in names:
        output.write("notices", name, b"rows")
        output.write(INPUTS, name, b"account")
    assert output.partitions("notices") == set(names)
    assert output.read_inputs(names[:2]) == [b"account"] * 2
    output.remove(names[0])
    output.sweep({names[1]})
    assert output.partitions("notices") == output.partitions(INPUTS) - {names[2]} == {names[1]}
    with output.lock():
        output.write_summary(b"{}")
    output.write_summary(None)
    output.write_lexicon("v", b"zip")
    assert output.read_lexicon("v") == b"zip"


def test_what_belongs_to_others_stays(tmp_path: Path) -> None:
    for name in ("notes.txt", "part-1.parquet", ".part.tmp", "part-000000001-0123456789abcdef.csv"):
        (tmp_path / "notices").mkdir(exist_ok=True)
        (tmp_path / "notices" / name).touch()
    before = files_of(tmp_path)
    Output(str(tmp_path), {}).sweep(set())
    assert files_of(tmp_path) == before


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "wrong",
    [
        {"partition_size": 0},
        {"partition_bytes": 0},
        {"max_bytes": 0},
        {"retries": -1},
        {"timeout": 0},
        {"patience": 0},
        {"workers": 0},
        {"workers": 2, "scheduler": "tcp://127.0.0.1:1"},
    ],
)
def test_wrong_numbers_are_refused(wrong: dict[str, Any], tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 1)
    with pytest.raises(ValueError, match=next(iter(wrong))):
        parse_to_parquet(notices, tmp_path / "out", **wrong)


def test_what_cannot_be_used_is_told_before_anything_is_started(tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 1)
    with pytest.raises(LexiconError):
        parse_to_parquet(notices, tmp_path / "out", lexicon=tmp_path / "none")
    with pytest.raises(MissingInputError):
        parse_to_parquet([notices, tmp_path / "none"], tmp_path / "out")
    with pytest.raises(ScaleError, match="cannot be written"):
        parse_to_parquet(notices, notices / "n0000.txt" / "out")
    with pytest.raises(ScaleError, match=r"^nowhere: no address of a scheduler, such as tcp://host:8786$"):
        parse_to_parquet(notices, tmp_path / "out", scheduler="nowhere")
    with pytest.raises(ScaleError, match="no inputs"):
        parse_to_parquet([], tmp_path / "out")


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_told(run: Run, tmp_path: Path) -> None:
    notices = make_notices(tmp_path / "notices", 1)
    address = "tcp://127.0.0.1:1"
    result = run(
        *("scale", notices, "-o", tmp_path / "out", "--dask", address),
        env={"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"},
    )
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.decode().startswith(f"noticeparse: {address}: no scheduler answers: ")
    assert result.stderr.count(b"\n") == 1


@pytest.mark.parametrize("missing", ["fsspec", "distributed"])
def test_a_missing_package_is_told_with_the_command(missing: str, tmp_path: Path) -> None:
    (tmp_path / f"{missing}.py").write_text(f"raise ModuleNotFoundError('none', name={missing!r})\n")
    notices = make_notices(tmp_path / "notices", 1)
    environment = program_environment()
    environment["PYTHONPATH"] = os.pathsep.join([str(tmp_path), environment["PYTHONPATH"]])
    result = subprocess.run(
        [sys.executable, "-m", "noticeparse", "scale", str(notices), "-o", str(tmp_path / "out")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    told = f"noticeparse: running on Dask needs {missing}: pip install 'noticeparse[scale]'\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, "", told)


def test_wrong_usage_of_the_command(run: Run, tmp_path: Path) -> None:
    base = ("scale", tmp_path, "-o", tmp_path / "out")
    for wrong, told in (
        (("--workers", "2", "--dask", "tcp://a:1"), b"--workers is for --dask local."),
        (("--storage-option", "anon"), b"'anon' is not KEY=VALUE."),
    ):
        result = run(*base, *wrong)
        assert result.returncode == 2
        assert told in result.stderr
