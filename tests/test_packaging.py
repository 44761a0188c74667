"""The wheel: complete, installable in an empty environment, and working from another folder."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from noticeparse import __version__
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    return {canonical(re.split(r"[^\w.-]", requirement)[0]) for requirement in requirements}


def test_version_is_one() -> None:
    assert PROJECT["version"] == __version__
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{__version__}]" in changelog


def test_every_import_is_a_declared_dependency() -> None:
    imported: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    foreign = imported - sys.stdlib_module_names - {"noticeparse"}
    owners = packages_distributions()
    # A module of an extra that is not installed here goes by its own name.
    used = {canonical(name) for module in foreign for name in owners.get(module, [module])}
    optional = set().union(
        *(names(extra) for name, extra in PROJECT["optional-dependencies"].items() if name != "test")
    )
    declared = names(PROJECT["dependencies"]) | optional
    # Another package imports these: beautifulsoup4 lxml as its tree builder, pandas xlsxwriter for workbooks, distributed
    # cryptography for the keys of a cluster.
    by_word = {"lxml", "xlsxwriter", "cryptography"}
    assert used - by_word == declared - by_word


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    (path,) = folder.glob("*.whl")
    return path


@pytest.mark.slow
def test_the_wheel_is_complete(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = next(archive.read(name).decode() for name in names if name.endswith(".dist-info/METADATA"))
        for table in filter(Path.is_file, (ROOT / "lexicons").rglob("*")):
            path = table.relative_to(ROOT / "lexicons").as_posix()
            assert archive.read(f"noticeparse/_lexicons/{path}") == table.read_bytes()
        sample = ROOT / "corpus" / "notices" / "sample-mall" / "notice.txt"
        assert archive.read("noticeparse/_sample/notice.txt") == sample.read_bytes()
    assert "noticeparse/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    package = ROOT / "src" / "noticeparse"
    for source in (*package.rglob("*.py"), *(package / "report" / "templates").iterdir()):
        assert source.relative_to(ROOT / "src").as_posix() in names
    assert not [name for name in names if name.startswith(("tests", "corpus")) or "__pycache__" in name]
    assert "License-Expression: MIT" in metadata


@pytest.mark.slow
def test_the_wheel_installs_and_works(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "venv"
    venv.create(place, with_pip=True)
    python, program = place / "bin" / "python", place / "bin" / "noticeparse"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}

    def call(*command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            list(map(str, command)),
            cwd=elsewhere,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    installed = call(python, "-m", "pip", "install", "--disable-pip-version-check", wheel)
    if installed.returncode and re.search(r"No matching distribution|Connection|Network|ProxyError", installed.stderr):
        pytest.skip(f"no package index is reachable: {installed.stderr.strip().splitlines()[-1]}")
    assert installed.returncode == 0, installed.stderr
    result = call(program, "parse", "--sample")
    assert (result.returncode, result.stderr) == (0, "")
    record = json.loads(result.stdout)
    assert record["parser_version"] == __version__
    assert record["disclosures"]
    assert any(disclosure["sdk"] and disclosure["sdk"]["id"] for disclosure in record["disclosures"])
    assert call(program, "lexicon", "check").returncode == 0
    where = call(python, "-c", "import noticeparse.lexicon.load as load; print(load.shipped_directory())")
    assert Path(where.stdout.strip()).is_relative_to(place)
    assert list(elsewhere.iterdir()) == []
