"""Every promise of the command line, mostly as a process of its own, since that is how people meet it."""

from __future__ import annotations

import errno
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

import noticeparse
from noticeparse import __version__, files, read_notices
from noticeparse.cli import COMMANDS, program
from noticeparse.cli.columns import columns
from noticeparse.jsonl import decode_notices
from tests.conftest import PROGRAM, ROOT, Run, program_environment
from tests.support import CORPUS

NOTICE = """示例应用第三方SDK目录

示例推送SDK
使用目的：消息推送
收集个人信息类型：IMEI、MAC地址
隐私政策链接：https://push.example.com/privacy
"""


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "notice.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return path


def read_notices_of(run: Run, path: Path) -> list[noticeparse.Notice]:
    return decode_notices(run("parse", path).stdout, "stdout")


def lines_of(stream: bytes) -> list[str]:
    return stream.decode("utf-8").splitlines()


# ---- what comes out


def test_one_file_is_one_indented_object(run: Run, notice: Path) -> None:
    result = run("parse", notice)
    assert (result.returncode, result.stderr) == (0, b"")
    record = json.loads(result.stdout)
    assert record["schema_version"] == "2"
    assert record["notice"]["source"] == str(notice)
    assert result.stdout.startswith(b'{\n "schema_version"')
    assert "示例" in result.stdout.decode("utf-8")  # unescaped


def test_jsonl_is_one_line_even_for_one_file(run: Run, notice: Path) -> None:
    result = run("parse", notice, "--format", "jsonl")
    assert len(lines_of(result.stdout)) == 1
    assert json.loads(result.stdout) == json.loads(run("parse", notice, "--format", "json").stdout)


@pytest.mark.parametrize("form", [[], ["--format", "json"], ["--format", "jsonl"]])
def test_several_files_are_one_object_a_line_in_order(run: Run, tmp_path: Path, form: list[str]) -> None:
    paths = [tmp_path / name for name in ("b.txt", "a.txt", "c.txt")]
    for path in paths:
        path.write_text(NOTICE, encoding="utf-8")
    result = run("parse", *paths, *form)
    assert [json.loads(line)["notice"]["source"] for line in lines_of(result.stdout)] == [str(p) for p in paths]


def test_a_folder_is_searched_in_sorted_order(run: Run, tmp_path: Path) -> None:
    wanted = ["a/2.md", "a/b/1.TXT", "z.html"]
    for name in [*wanted, "a/skipped.png", "a/skipped.gz", ".hidden/x.txt", "a/.y.txt", "gold.json"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<p>{NOTICE}</p>" if name.endswith("html") else NOTICE, encoding="utf-8")
    result = run("parse", tmp_path)
    assert (result.returncode, result.stderr) == (0, b"")
    sources = [json.loads(line)["notice"]["source"] for line in lines_of(result.stdout)]
    assert sources == [str(tmp_path / name) for name in wanted]


def test_a_folder_of_one_notice_gives_a_line(run: Run, notice: Path) -> None:
    assert len(lines_of(run("parse", notice.parent).stdout)) == 1


def test_standard_input(run: Run) -> None:
    result = run("parse", "-", input=NOTICE.encode())
    assert result.returncode == 0
    assert json.loads(result.stdout)["notice"]["source"] == "-"


def test_a_pipe_given_as_a_file(run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [*PROGRAM, "parse", str(pipe)], env=program_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    pipe.write_text(NOTICE, encoding="utf-8")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out)["notice"]["chars"] == len(NOTICE)


def test_the_sample_is_the_corpus_notice(run: Run, sample: Path, tmp_path: Path) -> None:
    embedded = json.loads(run("parse", "--sample", cwd=tmp_path).stdout)
    direct = json.loads(run("parse", sample).stdout)
    assert embedded["notice"].pop("source") == "<sample>"
    direct["notice"].pop("source")
    assert embedded == direct


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("gbk", b""), ("gb18030", b""), ("utf-16", b"")],
)
def test_encodings_give_the_same_record(run: Run, tmp_path: Path, encoding: str, bom: bytes) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(bom + NOTICE.encode(encoding))
    plain = tmp_path / "plain.txt"
    plain.write_text(NOTICE, encoding="utf-8")
    record, expected = (json.loads(run("parse", file).stdout) for file in (path, plain))
    printed = run("text", path).stdout.decode("utf-8")
    for disclosure in record["disclosures"]:
        start, end = disclosure["sdk"]["span"]
        assert printed[start:end] == disclosure["sdk"]["text"]
    texts = [[d["sdk"]["text"], d["purpose"]["text"]] for d in record["disclosures"]]
    assert texts == [[d["sdk"]["text"], d["purpose"]["text"]] for d in expected["disclosures"]]
    assert texts


@pytest.mark.parametrize("content", [NOTICE, NOTICE.rstrip("\n"), NOTICE.replace("\n", "\r\n")])
def test_text_prints_the_document_exactly(run: Run, tmp_path: Path, content: str) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(content.encode("utf-8"))
    assert run("text", path).stdout == content.encode("utf-8")
    assert run("text", path, "--output", tmp_path / "out.txt").returncode == 0
    assert (tmp_path / "out.txt").read_bytes() == content.encode("utf-8")


def test_json_is_utf8_wherever_it_runs(run: Run, notice: Path) -> None:
    result = run("parse", notice, env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert (result.returncode, result.stderr) == (0, b"")
    assert "示例" in result.stdout.decode("utf-8")


def test_schema_describes_every_printed_record(run: Run, sample: Path, notice: Path) -> None:
    schema = json.loads(run("schema").stdout)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for line in lines_of(run("parse", sample, notice, ROOT / "corpus" / "notices").stdout):
        validator.validate(json.loads(line))


def test_version(run: Run) -> None:
    assert run("--version").stdout.decode() == f"noticeparse {__version__}\n"


def every_command() -> Iterator[list[str]]:
    """The program, each of its commands, and each command of a group."""
    context = click.Context(program)
    yield []
    for name in COMMANDS:
        command = program.get_command(context, name)
        yield [name]
        if isinstance(command, click.Group):
            yield from ([name, below] for below in command.list_commands(context))


@pytest.mark.parametrize("command", list(every_command()), ids=" ".join)
def test_help_shows_an_example(command: list[str]) -> None:
    result = CliRunner().invoke(program, [*command, "--help"], prog_name="noticeparse")
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"noticeparse {' '.join(command)}".strip() in result.output.rpartition("Example")[2]


# ---- the table


def test_table_fits_the_terminal_and_counts_wide_characters(run: Run, sample: Path) -> None:
    for width in (60, 80, 120):
        out = run("parse", sample, "--format", "table", env={"COLUMNS": str(width)}).stdout.decode()
        rows = out.splitlines()[:-2]
        assert all(columns(row) <= width for row in rows), width
        assert rows[1].split() == ["#", "recipient", "SDK", "purpose", "items", "perms", "link"]
        assert rows[1].rstrip().endswith("link")
        assert "coverage" in out.splitlines()[-2]


def test_table_columns_line_up(run: Run, sample: Path) -> None:
    rows = run("parse", sample, "--format", "table", env={"COLUMNS": "100"}).stdout.decode().splitlines()[1:-2]
    at = columns(rows[0][: rows[0].index("link")])
    for row in rows[1:]:
        head, seen = "", 0
        for char in row:
            if seen >= at:
                break
            head += char
            seen = columns(head)
        assert seen == at
        assert head.endswith("  ")


def test_table_lets_no_escape_sequence_through(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"
    path.write_text(NOTICE.replace("消息推送", "消息\x1b[31m推送"), encoding="utf-8")
    assert b"\x1b" not in run("parse", path, "--format", "table").stdout


def on_terminal(*arguments: str | Path, stdout: bool, cwd: Path) -> tuple[int, str, bytes]:
    """Run with standard error, and standard output if asked, on a pseudo-terminal."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=cwd,
        env=program_environment(COLUMNS="100", TERM="xterm"),
        stdin=subprocess.DEVNULL,
        stdout=follower if stdout else subprocess.PIPE,
        stderr=follower,
    )
    os.close(follower)
    out = process.stdout.read() if process.stdout else b""
    seen = b""
    try:
        while chunk := os.read(leader, 65536):
            seen += chunk
    except OSError:
        pass  # Linux's way to say that the other side is closed
    os.close(leader)
    return process.wait(timeout=60), seen.decode("utf-8"), out


def test_a_terminal_gets_a_table(notice: Path) -> None:
    status, seen, _ = on_terminal("parse", notice, stdout=True, cwd=ROOT)
    assert status == 0
    assert "recipient" in seen
    assert "{" not in seen


def test_progress_is_for_a_terminal_and_many_files(run: Run, tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number:02}.txt").write_text(NOTICE, encoding="utf-8")
    status, seen, out = on_terminal("parse", tmp_path, stdout=False, cwd=ROOT)
    assert status == 0
    assert "\r\x1b[K7/12 files" in seen
    assert seen.endswith("\r\x1b[K")
    assert len(out.splitlines()) == 12
    assert run("parse", tmp_path).stderr == b""


# ---- what goes wrong


def test_a_bad_file_does_not_stop_the_others(run: Run, tmp_path: Path, notice: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_bytes(b" \n\t\n")
    (tmp_path / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01")
    (tmp_path / "wrong.txt").write_bytes(b"\xff\xff\x81\x20\xfe\xfe\x80\xff" * 40)
    (tmp_path / "notice.docx").write_bytes(b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00")
    (tmp_path / "folder").mkdir()
    names = ["missing.txt", "empty.txt", "blank.txt", "image.txt", "wrong.txt", "notice.docx", "folder"]
    out = tmp_path / "out.jsonl"
    result = run("parse", *(tmp_path / name for name in names), notice, "--output", out)
    assert result.returncode == 1
    *errors, last = lines_of(result.stderr)
    assert len(errors) == len(names)
    assert last == f"noticeparse: {len(names)} of {len(names) + 1} files failed: {len(names)} cannot be read"
    for name in names:
        (line,) = (line for line in errors if line.startswith(f"noticeparse: {tmp_path / name}: "))
        assert len(line) > len(f"noticeparse: {tmp_path / name}: ")
        assert "internal error" not in line
    assert b"Traceback" not in result.stderr
    assert [read.notice.source for read in read_notices(out)] == [str(notice)]


def test_size_is_looked_at_before_reading(run: Run, tmp_path: Path, notice: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(1 << 40)  # sparse: a terabyte that takes no room, and no memory if nobody reads it
    result = run("parse", huge)
    assert result.returncode == 1
    assert lines_of(result.stderr) == [f"noticeparse: {huge}: too large: {1 << 40} bytes, limit {20 << 20}"]
    result = run("parse", "-", "--max-bytes", "10", input=NOTICE.encode())
    assert (result.returncode, result.stdout) == (1, b"")
    assert b"-: too large" in result.stderr
    assert run("parse", notice, "--max-bytes", "10").returncode == 1
    assert run("parse", notice, "--max-bytes", str(notice.stat().st_size)).returncode == 0


def test_an_endless_device_is_too_large(run: Run) -> None:
    result = run("parse", "/dev/zero", "--max-bytes", "1000")
    assert result.returncode == 1
    assert b"/dev/zero: too large" in result.stderr


def test_permission_denied(monkeypatch: pytest.MonkeyPatch, notice: Path) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "open", refuse, raising=False)  # a real one would not stop a test that runs as root
    result = CliRunner().invoke(program, ["parse", str(notice)])
    assert (result.exit_code, result.stderr) == (1, f"noticeparse: {notice}: Permission denied\n")


def test_a_bug_in_one_file_does_not_lose_the_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from noticeparse import parsing

    real = parsing.parse_document

    def parse_document(document: object, lexicon: object) -> object:
        if document.source.endswith("1.txt"):  # type: ignore[attr-defined]
            raise ZeroDivisionError("a\nbug")
        return real(document, lexicon)  # type: ignore[arg-type]

    monkeypatch.setattr(parsing, "parse_document", parse_document)
    for name in ("0.txt", "1.txt", "2.txt"):
        (tmp_path / name).write_text(NOTICE, encoding="utf-8")
    result = CliRunner().invoke(program, ["parse", str(tmp_path)])
    assert result.exit_code == 1
    assert result.stderr.startswith(f"noticeparse: {tmp_path / '1.txt'}: internal error: ZeroDivisionError: a bug")
    assert result.stderr.splitlines()[1:] == ["noticeparse: 1 of 3 files failed: 1 met an internal error"]
    assert len(result.stdout.splitlines()) == 2
    result = CliRunner(env={"NOTICEPARSE_DEBUG": "1"}).invoke(program, ["parse", str(tmp_path)])
    assert "Traceback (most recent call last)" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["parse"],
        ["parse", "--sample", "x.txt"],
        ["parse", "x.txt", "--format", "xml"],
        ["parse", "x.txt", "--max-bytes", "0"],
        ["parse", "x.txt", "--max-bytes", "many"],
        ["parse", "x.txt", "--nope"],
        ["text"],
        ["text", "a", "b"],
        ["nope"],
        ["lexicon"],
        ["lexicon", "nope"],
        ["schema", "x"],
    ],
)
def test_wrong_usage_is_2(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (2, b"")
    assert b"Traceback" not in result.stderr


@pytest.mark.parametrize("place", ["", "missing/out.json"])
def test_output_that_cannot_be_written(run: Run, tmp_path: Path, notice: Path, place: str) -> None:
    result = run("parse", notice, "--output", tmp_path / place)
    assert result.returncode == 1
    assert len(lines_of(result.stderr)) == 1
    assert result.stderr.decode().startswith(f"noticeparse: {tmp_path / place}: cannot be written: ")


def test_output_never_replaces_a_notice(run: Run, notice: Path) -> None:
    assert run("parse", notice, "--output", notice).returncode == 2
    assert notice.read_text(encoding="utf-8") == NOTICE


def test_nothing_parsed_leaves_an_older_output(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("older", encoding="utf-8")
    assert run("parse", tmp_path / "missing.txt", "--output", out).returncode == 1
    assert out.read_text(encoding="utf-8") == "older"
    assert os.listdir(tmp_path) == ["out.json"]


def test_output_keeps_mode_and_links(run: Run, tmp_path: Path, notice: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "out.json", tmp_path / "link.json"
    target.write_text("older", encoding="utf-8")
    target.chmod(0o640)
    link.symlink_to(target)
    assert run("parse", notice, "--output", link).returncode == 0
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert read_notices(target)


def test_output_may_be_a_device(run: Run, notice: Path) -> None:
    assert run("parse", notice, "--output", "/dev/null").returncode == 0
    assert not Path("/dev/null").is_file()


def opened_by_reader(pipe: Path, process: subprocess.Popen[bytes], deadline: float) -> int:
    """The writing end of a pipe, as soon as the process waits for what comes from the reading end.

    A signal just before that would be seen when something comes, which is never: Python looks for signals between its
    instructions, and where a call of the system is interrupted.
    """
    writer = None
    while writer is None or not is_asleep(process):
        try:
            writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK) if writer is None else writer
        except OSError as error:
            assert error.errno == errno.ENXIO  # noqa: PT017 - nobody reads yet
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    return writer


def is_asleep(process: subprocess.Popen[bytes]) -> bool:
    """Whether a process waits for something."""
    status = Path(f"/proc/{process.pid}/stat")
    if not status.exists():  # Linux tells
        time.sleep(0.2)
        return True
    return status.read_text().rpartition(")")[2].split()[0] == "S"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("older", [None, "older"])
@pytest.mark.parametrize("form", ["table", "jsonl"])
def test_interruption_leaves_no_partial_output(
    run: Run, tmp_path: Path, notice: Path, number: signal.Signals, status: int, form: str, older: str | None
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / "records.jsonl"
    if older and form == "jsonl":
        older = run("parse", "--sample", "--format", "jsonl").stdout.decode("utf-8")
    if older:
        out.write_text(older, encoding="utf-8")
    before = set(os.listdir(folder))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # nobody writes to it, so the run is as long as it has to be
    process = subprocess.Popen(
        [*PROGRAM, "parse", str(notice), str(pipe), "--format", form, "--output", str(out)],
        env=program_environment(),
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while set(os.listdir(folder)) == before:  # the file that is written appears when the writing begins
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    writer = opened_by_reader(pipe, process, deadline)  # from here on it waits for this pipe and does nothing else
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    os.close(writer)
    assert process.returncode == status
    assert b"Traceback" not in err
    part = folder / "records.jsonl.part"
    if form == "jsonl":  # which the next run continues
        assert read_notices(part) == read_notices_of(run, notice)
        part.unlink()
    assert set(os.listdir(folder)) == before
    assert (out.read_text(encoding="utf-8") if out.exists() else None) == older


def test_a_broken_pipe_is_quiet(notice: Path, sample: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "parse", *[str(sample)] * 40],
        env=program_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    err = process.stderr.read()
    assert (process.wait(timeout=60), err) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told(notice: Path) -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [*PROGRAM, "parse", str(notice)],
            env=program_environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert result.returncode == 1
    assert lines_of(result.stderr) == ["noticeparse: standard output: No space left on device"]


def test_a_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"\xb9\xab\xb8\xe6.txt")
    with open(path, "wb") as file:
        file.write(NOTICE.encode())
    result = subprocess.run(
        [*(os.fsencode(part) for part in PROGRAM), b"parse", path],
        env=program_environment(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert json.loads(result.stdout)["notice"]["source"].endswith("\ufffd.txt")


def test_text_of_a_folder(run: Run, tmp_path: Path) -> None:
    result = run("text", tmp_path)
    assert (result.returncode, result.stdout) == (1, b"")
    assert len(lines_of(result.stderr)) == 1


# ---- the lexicon


def test_shipped_lexicon_is_in_order(run: Run) -> None:
    result = run("lexicon", "check")
    assert result.returncode == 0, result.stdout.decode()[:2000]
    assert result.stdout.decode().startswith("ok: ")


def test_overlay_row_changes_the_result(run: Run, tmp_path: Path, notice: Path) -> None:
    overlay = tmp_path / "lexicon"
    overlay.mkdir()
    header = (ROOT / "lexicons" / "sdks.tsv").read_text(encoding="utf-8").split("\n", 1)[0]
    row = {"id": "example-push", "name": "示例推送SDK", "source": "https://push.example.com", "example": "示例推送SDK"}
    cells = [row.get(column, "") for column in header.split("\t")]
    (overlay / "sdks.tsv").write_text("\n".join([header, "\t".join(cells), ""]), encoding="utf-8")
    assert json.loads(run("parse", notice).stdout)["disclosures"][0]["sdk"]["id"] is None
    record = json.loads(run("parse", notice, "--lexicon", overlay).stdout)
    assert record["disclosures"][0]["sdk"]["id"] == "example-push"


def test_a_broken_table_is_named_with_its_line(run: Run, tmp_path: Path, notice: Path) -> None:
    overlay = tmp_path / "lexicon"
    overlay.mkdir()
    header = (ROOT / "lexicons" / "sdks.tsv").read_text(encoding="utf-8").split("\n", 1)[0]
    (overlay / "sdks.tsv").write_text(f"{header}\nonly one cell\n", encoding="utf-8")
    result = run("lexicon", "check", overlay)
    assert result.returncode == 1
    assert lines_of(result.stdout)[0].startswith(f"{overlay / 'sdks.tsv'}:2: ")
    result = run("parse", notice, "--lexicon", overlay)
    assert (result.returncode, result.stdout) == (1, b"")
    assert lines_of(result.stderr)[0].startswith(f"noticeparse: {overlay / 'sdks.tsv'}:2: ")


@pytest.mark.parametrize("command", [["lexicon", "check"], ["parse", "--sample", "--lexicon"]])
def test_a_missing_lexicon_folder(run: Run, tmp_path: Path, command: list[str]) -> None:
    result = run(*command, tmp_path / "missing")
    assert (result.returncode, b"Traceback" in result.stderr) == (1, False)


# ---- cold start


#: What a list notice as text needs; ``typing_extensions`` is loaded by msgspec where it is installed.
NEEDED_PACKAGES = {"noticeparse", "click", "msgspec", "typing_extensions"}
#: Of the standard library, what takes a millisecond or more to load and is for other commands and other kinds of file.
COSTLY = {
    *("asyncio", "concurrent", "csv", "dataclasses", "email", "gzip", "html", "http", "logging"),
    *("multiprocessing", "random", "shutil", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "xml", "zipfile"),
}
#: Stages of the package that records are not made by.
OTHER_STAGES = {
    *("diff", "fetch", "lookup", "mentions", "rendering", "report", "scale", "spacy_support", "suggest"),
    *("summary", "tables", "watch"),
}
TOLD = """
import sys
bare = set(sys.modules)
from noticeparse.cli import program
program.main(sys.argv[1:], standalone_mode=False)
for name in sys.modules.keys() - bare:
    print(name, getattr(sys.modules[name], "__file__", None) or "", sep="\\t", file=sys.stderr)
"""


@pytest.mark.parametrize("name", ["bullets-labelled", "glued-labels", "txt-pipe-table"])
def test_a_list_notice_loads_nothing_that_it_does_not_need(name: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", TOLD, "parse", str(CORPUS.root / "notices" / name / "notice.txt"), "--format", "json"],
        env=program_environment(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert json.loads(result.stdout)["disclosures"]
    loaded = dict(line.split("\t") for line in lines_of(result.stderr))
    packages = {name.partition(".")[0] for name, file in loaded.items() if "site-packages" in file}
    assert packages <= NEEDED_PACKAGES
    assert {name.partition(".")[0] for name in loaded} & COSTLY == set()
    stages = {name.split(".")[1] for name in loaded if name.startswith("noticeparse.")}
    assert stages & OTHER_STAGES == set()
    assert {name for name in loaded if name.startswith("noticeparse.many.")} <= {"noticeparse.many.outcome"}
