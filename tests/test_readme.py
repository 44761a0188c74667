"""What the two READMEs show is what happens: their commands run, and the output is the one shown.

``console`` blocks hold commands behind ``$ `` and their output; ``pycon`` blocks hold Python; ``bash`` blocks hold only
commands that set a machine up, which no test repeats. With ``NOTICEPARSE_README_UPDATE=1`` the shown output of the
console blocks is written anew and the test fails, so that somebody looks at it.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, program_environment

READMES = ["README.md", "README.zh.md"]
UPDATE = "NOTICEPARSE_README_UPDATE"
BLOCK_REGEX = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def blocks(name: str, *kinds: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [body for kind, body in BLOCK_REGEX.findall(text) if kind in kinds]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the commands touch, with the program on a search path of its own."""
    for folder in ("corpus", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copytree(ROOT / "lexicons", tmp_path / "lexicons")
    program = tmp_path / ".bin" / "noticeparse"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m noticeparse "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return tmp_path


def run(command: str, folder: Path) -> str:
    result = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=folder,
        env=program_environment(PATH=f"{folder / '.bin'}{os.pathsep}{os.environ['PATH']}"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    out = result.stdout.decode("utf-8")
    assert result.returncode == 0, f"{command}: exit status {result.returncode}\n{out}"
    return out


def shown(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output that the block shows."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.M)
    assert parts[0] == "", "a console block begins with a command"
    return list(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", READMES)
def test_commands_do_what_is_shown(name: str, copy: Path) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    changed = text
    for block in blocks(name, "console"):
        actual = ""
        for command, output in shown(block):
            out = run(command, copy)
            actual += f"$ {command}\n{out.rstrip()}\n" if out.strip() else f"$ {command}\n"
            if UPDATE not in os.environ:
                assert out.rstrip() == output.rstrip(), command
        changed = changed.replace(block, actual)
    if changed != text:
        assert UPDATE in os.environ, "only blank lines differ"
        (ROOT / name).write_text(changed, encoding="utf-8")
        pytest.fail(f"{name} was written anew; look at it and run the test without {UPDATE}")


@pytest.mark.parametrize("name", READMES)
def test_python_does_what_is_shown(name: str, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copy)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks(name, "pycon")), {}, name, name, 0)
    assert test.examples
    told: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=told.append)
    assert not told, "".join(told)


@pytest.mark.parametrize("name", READMES)
def test_only_set_up_is_not_run(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert {kind for kind, _ in BLOCK_REGEX.findall(text)} <= {"bash", "console", "pycon", "text", "json", "tsv"}
    commands = [line for block in blocks(name, "bash") for line in block.splitlines()]
    assert len(commands) == 2, "two commands do all set-up"
    install, check = commands
    assert "pip install ." in install
    assert install.endswith("noticeparse parse corpus/notices/sample-mall/notice.txt")
    assert check == "scripts/check"
    assert os.access(ROOT / check, os.X_OK)
    assert "scripts/check" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_both_languages_show_the_same() -> None:
    english, chinese = (blocks(name, "bash", "console", "pycon", "json", "tsv") for name in READMES)
    assert english == chinese


@pytest.mark.parametrize("name", READMES)
def test_the_snippet_is_from_the_corpus(name: str) -> None:
    notice = (ROOT / "corpus" / "notices" / "sample-mall" / "notice.txt").read_text(encoding="utf-8")
    (snippet,) = blocks(name, "text")
    for line in filter(None, snippet.splitlines()):
        assert line.strip() in notice


@pytest.mark.parametrize(
    "name", [*READMES, "CHANGELOG.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
)
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if not target.startswith(("https://", "http://", "mailto:")):
            assert (path.parent / target).exists(), target
