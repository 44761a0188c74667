"""The journal: whatever runs were stopped and wherever, the output is that of a run that was not."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import tracemalloc
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noticeparse import NoticeparseError, __version__
from noticeparse.many.journal import Journal
from noticeparse.records import SCHEMA_VERSION
from tests.conftest import program_environment

Contents = dict[str, int]


def digest(name: str, content: int) -> str:
    return sha256(f"{name}{content}".encode()).hexdigest()


def record(name: str, content: int, *, lexicon: str = "lexicon", parser: str = __version__, more: str = "") -> bytes:
    head = {
        "schema_version": SCHEMA_VERSION,
        "parser_version": parser,
        "lexicon_version": lexicon,
        "notice": {"source": name, "sha256": digest(name, content)},
        "disclosures": [content, more],
    }
    return json.dumps(head, ensure_ascii=False).encode() + b"\n"


class Stopped(BaseException):
    """Stands for whatever stops a run."""


def record_run(
    output: Path, names: Sequence[str], contents: Contents, *, failing: Iterable[str] = (), stop: int | None = None
) -> list[str]:
    """A run over files; it is stopped before its record number ``stop``. Gives the names that were parsed."""
    parsed: list[str] = []
    with Journal(str(output), lexicon_version="lexicon") as journal:
        taken = [journal.take_over(name, lambda name=name: digest(name, contents[name])) for name in names]  # type: ignore[misc]
        for name in [name for name, over in zip(names, taken, strict=True) if not over]:
            if len(parsed) == stop:
                raise Stopped
            if name in failing:
                journal.skip()
            else:
                journal.add(record(name, contents[name]))
            parsed.append(name)
        if len(parsed) == stop:
            raise Stopped
        journal.finish()
    return parsed


def fresh(names: Iterable[str], contents: Contents, failing: Iterable[str] = ()) -> bytes:
    return b"".join(record(name, contents[name]) for name in names if name not in failing)


def sources(lines: bytes) -> list[str]:
    """Of the whole lines: one whose end is not there was being written."""
    return [json.loads(line)["notice"]["source"] for line in lines.splitlines(keepends=True) if line.endswith(b"}\n")]


NAMES = [f"文件 {letter}" for letter in "abcdef"]
RUNS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=6),
        st.dictionaries(st.sampled_from(NAMES), st.integers(0, 2)),
        st.sets(st.sampled_from(NAMES)),
        st.integers(0, 6),
        st.integers(0, 400),
    ),
    max_size=6,
)


@settings(max_examples=150)
@given(RUNS, st.lists(st.sampled_from(NAMES), min_size=1, max_size=8))
def test_stopped_anywhere_the_output_is_that_of_one_run(
    runs: list[tuple[list[str], Contents, set[str], int, int]], names: list[str]
) -> None:
    """Files change between runs; some fail for a while, and those of content 2 always."""
    contents = dict.fromkeys(NAMES, 0)
    made: set[bytes] = set()
    with TemporaryDirectory() as folder:
        output = Path(folder) / "records.jsonl"
        part = Path(folder) / "records.jsonl.part"
        for some, changes, failing, stop, torn in runs:
            contents |= changes
            made |= {record(name, contents[name]) for name in some}
            try:
                record_run(output, some, contents, failing=failing | bad(contents), stop=stop)
            except Stopped:
                if part.exists():  # as if the last write had not come to its end
                    length = part.stat().st_size
                    last = len(part.read_bytes().splitlines(keepends=True)[-1])
                    with part.open("r+b") as file:
                        file.truncate(length - torn % last)
        older = output.read_bytes() if output.exists() else None
        known = sources((older or b"") + (part.read_bytes() if part.exists() else b""))
        record_run(output, names, contents, failing=bad(contents))
        expected = fresh(names, contents, bad(contents))
        if not expected:
            assert (output.read_bytes() if output.exists() else None) == older
            return
        found = output.read_bytes()
        assert found.endswith(expected)
        assert not part.exists()
        others = found.removesuffix(expected)
        assert set(others.splitlines(keepends=True)) <= made
        assert set(sources(others)) == set(known) - set(names)
        # Once more: nothing is parsed but what always fails, and nothing changes.
        again = record_run(output, names, contents, failing=bad(contents))
        assert again == [name for name in names if name in bad(contents)]
        assert output.read_bytes() == found


def bad(contents: Contents) -> set[str]:
    return {name for name, content in contents.items() if content == 2}


def test_each_place_where_a_write_may_stop(tmp_path: Path) -> None:
    contents = dict.fromkeys(NAMES, 0)
    whole = fresh(NAMES, contents)
    for length in range(len(whole)):
        (tmp_path / "out.part").write_bytes(whole[:length])
        parsed = record_run(tmp_path / "out", NAMES, contents)
        assert (tmp_path / "out").read_bytes() == whole
        assert parsed == NAMES[whole[:length].count(b"\n") :]
        (tmp_path / "out").unlink()


def test_what_is_taken_over_is_the_record_that_was_there(tmp_path: Path) -> None:
    """And not one that is made anew and happens to look the same."""
    marked = record("a", 0, more="marked")
    (tmp_path / "out").write_bytes(marked)
    assert record_run(tmp_path / "out", ["b", "a"], {"a": 0, "b": 0}) == ["b"]
    assert (tmp_path / "out").read_bytes() == record("b", 0) + marked


def test_stopped_when_the_output_is_there_and_the_journal_not_gone(tmp_path: Path) -> None:
    contents = {"a": 0, "b": 1}
    whole = fresh("ab", contents)
    (tmp_path / "out").write_bytes(whole)
    (tmp_path / "out.part").write_bytes(whole)
    assert record_run(tmp_path / "out", ["a", "b"], contents) == []
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("out", whole)]


@pytest.mark.parametrize(
    "other",
    [
        record("a", 1),
        record("a", 0, lexicon="another"),
        record("a", 0, parser="0.0.1"),
        record("a", 0).replace(b'"schema_version": "', b'"schema_version": "1'),
    ],
)
@pytest.mark.parametrize("place", ["out", "out.part"])
def test_what_was_made_from_something_else_is_made_again(tmp_path: Path, other: bytes, place: str) -> None:
    (tmp_path / place).write_bytes(other)
    assert record_run(tmp_path / "out", ["a"], {"a": 0}) == ["a"]
    assert (tmp_path / "out").read_bytes() == record("a", 0)


def test_records_of_other_files_stay_in_front_in_their_order(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_bytes(b"".join(record(name, 0, parser="0.0.1") for name in "dcbaxd"))
    (tmp_path / "out.part").write_bytes(record("y", 0) + record("x", 1) + record("a", 1))
    record_run(out, ["b", "a"], {"a": 1, "b": 0})
    assert sources(out.read_bytes()) == ["d", "c", "d", "y", "x", "b", "a"]
    assert record("x", 1) in out.read_bytes()  # the later one


def test_a_file_named_twice_is_there_twice(tmp_path: Path) -> None:
    for _ in range(2):
        record_run(tmp_path / "out", ["a", "b", "a"], {"a": 0, "b": 0})
        assert (tmp_path / "out").read_bytes() == fresh(["a", "b", "a"], {"a": 0, "b": 0})


def test_fresh_takes_nothing_over(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"something else")
    (tmp_path / "out.part").write_bytes(record("a", 0) + b"torn")
    with Journal(str(tmp_path / "out"), lexicon_version="lexicon", fresh=True) as journal:
        assert not journal.take_over("a", lambda: digest("a", 0))
        journal.add(record("a", 0, more="new"))
        journal.finish()
        assert (journal.taken, journal.kept, journal.damaged) == (0, 0, 0)
    assert (tmp_path / "out").read_bytes() == record("a", 0, more="new")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("place", "content", "message"),
    [
        ("out", b"older\n", "out:1: not a record, so that the file cannot be continued; --fresh replaces it"),
        ("out", record("a", 0) + b"[]\n", "out:2: not a record"),
        ("out.part", b"half a film", "out.part: not a journal of records; move it away"),
        ("out.part", b"notes\n" + record("a", 0), "out.part: not a journal"),
    ],
)
def test_files_of_others_are_not_touched(tmp_path: Path, place: str, content: bytes, message: str) -> None:
    (tmp_path / place).write_bytes(content)
    with pytest.raises(NoticeparseError) as told:
        record_run(tmp_path / "out", ["a"], {"a": 0})
    assert str(told.value).startswith(str(tmp_path / message))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(place, content)]


@pytest.mark.parametrize("content", [b"", b"\n", record("b", 0).rstrip(b"\n")])
def test_an_output_that_is_empty_or_lacks_its_last_line_break(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "out").write_bytes(content)
    record_run(tmp_path / "out", ["a"], {"a": 0})
    assert (tmp_path / "out").read_bytes() == (record("b", 0) if content.strip() else b"") + record("a", 0)


def test_broken_lines_of_the_journal_are_counted(tmp_path: Path) -> None:
    """As after a loss of power: a block of the file that was never written."""
    (tmp_path / "out.part").write_bytes(record("a", 0) + bytes(500) + b"\n" + record("b", 0) + record("c", 0)[:-9])
    with Journal(str(tmp_path / "out"), lexicon_version="lexicon") as journal:
        assert [journal.take_over(name, lambda name=name: digest(name, 0)) for name in "abc"] == [True, True, False]  # type: ignore[misc]
        journal.add(record("c", 0))
        journal.finish()
        assert journal.damaged == 2
    assert (tmp_path / "out").read_bytes() == fresh("abc", dict.fromkeys("abc", 0))


@pytest.mark.skipif(sys.platform == "win32", reason="no locks")
def test_one_run_at_a_time(tmp_path: Path) -> None:
    code = """
        import sys
        from noticeparse.many.journal import Journal
        with Journal(sys.argv[1], lexicon_version="lexicon") as journal:
            print("open", flush=True)
            sys.stdin.read()
    """
    out = str(tmp_path / "out")
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), out],
        env=program_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        with pytest.raises(NoticeparseError, match="out: another run is writing this file"):
            Journal(out, lexicon_version="lexicon")
        process.communicate(b"", timeout=60)
    with Journal(out, lexicon_version="lexicon"):
        pass
    assert not list(tmp_path.iterdir())


def test_what_killed_runs_left_beside_the_output_goes(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    left = tmp_path / ".out.jsonl.2161-2192c0b4.tmp"
    others = [
        tmp_path / name for name in (".out.jsonl.tmp", ".out.jsonl.1-0a0a0a0a.tmp.gz", ".a.out.jsonl.1-0a0a0a0a.tmp")
    ]
    for path in (left, *others):
        path.write_bytes(b"{}")
    record_run(output, NAMES[:2], dict.fromkeys(NAMES, 0))
    assert sorted(tmp_path.iterdir()) == sorted([output, *others])


def test_a_killed_write_leaves_a_file_that_the_next_run_finds(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    code = "import os, sys; from noticeparse.files import atomic_output\nwith atomic_output(sys.argv[1]): os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code, output], env=program_environment(), check=False)
    assert len(list(tmp_path.iterdir())) == 1
    record_run(output, NAMES[:2], dict.fromkeys(NAMES, 0))
    assert list(tmp_path.iterdir()) == [output]


def test_an_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoticeparseError, match="none/out: cannot be written: No such file"):
        Journal(str(tmp_path / "none" / "out"), lexicon_version="lexicon")


def test_memory_holds_places_and_no_records(tmp_path: Path) -> None:
    """A hundred times as much in each record is no more in memory."""

    def peak(size: int) -> int:
        names = [f"{number}" for number in range(300)]
        whole = b"".join(record(name, 0, more="x" * size) for name in names)
        (tmp_path / "out").write_bytes(whole)
        (tmp_path / "out.part").write_bytes(record("other", 0))
        tracemalloc.start()
        try:
            assert record_run(tmp_path / "out", [*names, "new"], dict.fromkeys([*names, "new"], 0)) == ["new"]
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)  # what is imported at first
    small, large = peak(100), peak(10_000)
    assert large - small < 20 * 10_000
