"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import ast
import copy
import os
import pickle
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import noticeparse
from noticeparse.pattern import Pattern, made
from tests.conftest import ROOT

TEXT = "IMEI、MAC地址，OAID；imsi"
PACKAGE = Path(noticeparse.__file__).parent


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("search", (TEXT,)),
        ("search", (TEXT, 4, 9)),
        ("match", (TEXT, 5)),
        ("fullmatch", ("OAID",)),
        ("finditer", (TEXT,)),
        ("findall", (TEXT, 3)),
        ("split", (TEXT, 2)),
        ("sub", (r"<\g<0>>", TEXT, 1)),
        ("subn", (lambda match: match.group().lower(), TEXT)),
    ],
)
def test_methods_give_what_those_of_re_give(method: str, arguments: tuple[object, ...]) -> None:
    def told(given: object) -> object:
        if isinstance(given, re.Match):
            return given.span(), given.groupdict()
        return [told(one) for one in given] if method == "finditer" else given  # type: ignore[attr-defined]

    lazy, eager = Pattern(r"(?P<name>[a-z]{3,})", re.I), re.compile(r"(?P<name>[a-z]{3,})", re.I)
    expected = told(getattr(eager, method)(*arguments))
    assert expected
    assert [told(getattr(lazy, method)(*arguments)) for _ in range(2)] == [expected, expected]


def test_is_compiled_by_its_first_use_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = re.compile

    def counting(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return compile_(pattern, flags)

    monkeypatch.setattr(re, "compile", counting)
    pattern = Pattern("a+")
    assert compiled == []
    assert pattern.search("caat")
    assert pattern.split("bab") == ["b", "b"]
    assert pattern.compiled() is pattern.compiled()
    assert compiled == ["a+"]


def test_a_method_taken_before_the_first_use_works_after_it() -> None:
    pattern = Pattern("a+")
    search = pattern.search
    assert [bool(search(text)) for text in ("ba", "b", "a")] == [True, False, True]


def test_bytes_are_matched_with_bytes() -> None:
    assert Pattern(rb"^MIME", re.I).match(b"mime-version")


@pytest.mark.parametrize("used", [False, True])
def test_is_copied_and_pickled_by_its_source(used: bool) -> None:
    pattern = Pattern("A(b)", re.I)
    if used:
        assert pattern.match("ab")
    for other in (pickle.loads(pickle.dumps(pattern)), copy.deepcopy(pattern)):
        assert (other.pattern, other.flags) == ("A(b)", re.I)
        assert other.match("AB")


def test_made_tells_the_patterns_that_exist() -> None:
    pattern = Pattern("kept")
    assert made()[-1] is pattern
    del pattern
    assert all(one.pattern != "kept" for one in made())


def test_every_pattern_of_the_package_compiles() -> None:
    """Importing a module does not compile its patterns, so that a slip in one would show at its first use only."""
    for module in pkgutil.walk_packages([str(PACKAGE)], "noticeparse."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    assert len(made()) > 300
    for pattern in made():
        pattern.compiled()


def test_every_expression_is_a_pattern() -> None:
    """Those that ``re`` is given directly would be compiled at import, and escape what the tests ask of all patterns."""
    made_by = {"compile", "search", "match", "fullmatch", "split", "sub", "subn", "findall", "finditer", "template"}

    def calls(tree: ast.AST) -> Iterator[int]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "re" and node.attr in made_by:
                yield node.lineno
            elif isinstance(node, ast.Import | ast.ImportFrom):
                names = {alias.name for alias in node.names} | {getattr(node, "module", None)}
                if names & {"regex", "sre_compile"} or (isinstance(node, ast.ImportFrom) and node.module == "re"):
                    yield node.lineno

    found = {
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in PACKAGE.rglob("*.py")
        for line in calls(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert {place.partition(":")[0] for place in found} == {"pattern.py"}


def test_importing_the_parser_compiles_nothing() -> None:
    program = (
        "import noticeparse.parsing, noticeparse.prose\n"
        "from noticeparse.pattern import made\n"
        "print(sum('search' in vars(pattern) for pattern in made()), len(made()) > 200)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["0", "True"]


def test_patterns_are_the_same_in_every_process() -> None:
    """An order that comes from the hashes of strings would make records depend on chance, sooner or later."""
    program = (
        "from noticeparse import parse\n"
        "from noticeparse.pattern import made\n"
        "from tests.support import CORPUS\n"
        "for notice_id in CORPUS.ids()[:12]: parse(CORPUS.notice(notice_id))\n"
        "print(*sorted(repr(pattern) for pattern in made()), sep='\\n')"
    )
    first, second = (
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout.splitlines()
        for seed in ("1", "2")
    )
    assert len(first) > 300
    assert first == second
