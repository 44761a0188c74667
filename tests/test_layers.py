"""The one way that data goes: no stage imports a later one, and no two modules import each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src"
PACKAGE = SOURCE / "noticeparse"

# Earliest first; stages of one group know nothing of each other. ``names`` is the grammar of names alone, because the
# readers of layouts ask it what a heading or a column is, before the fields are read with it.
STAGES: tuple[frozenset[str], ...] = (
    frozenset({"summary", "memo", "pattern", "limits"}),
    frozenset({"_version", "errors", "records"}),
    frozenset({"document", "lexicon"}),
    frozenset({"names", "files"}),
    frozenset({"fetch"}),
    frozenset({"layout"}),
    frozenset({"fields"}),
    frozenset({"prose"}),
    frozenset({"normalise"}),
    frozenset({"coverage", "lookup", "mentions", "suggest"}),
    frozenset({"parsing"}),
    frozenset({"jsonl", "diff", "rendering", "spacy_support"}),
    frozenset({"watch", "tables", "many"}),
    frozenset({"report", "scale"}),
    frozenset({"cli"}),
    frozenset({"__main__"}),
)
RANK = {stage: rank for rank, group in enumerate(STAGES) for stage in group}


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports(module: str) -> Iterator[str]:
    """Modules of the package that a module imports anywhere, also inside functions and for types only."""
    path = MODULES[module]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "noticeparse")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            if node.module and node.module.split(".")[0] == "noticeparse":
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    yield full if full in MODULES else node.module


def stage(module: str) -> str:
    return module.split(".")[1]


STAGED = [name for name in MODULES if name != "noticeparse"]


@pytest.mark.parametrize("module", STAGED)
def test_every_module_has_a_stage(module: str) -> None:
    assert stage(module) in RANK, f"{module}: add its stage to the order"


@pytest.mark.parametrize("module", STAGED)
def test_nothing_imports_a_later_stage(module: str) -> None:
    own = stage(module)
    for imported in imports(module):
        assert imported != "noticeparse", f"{module} imports the public names; import the module that defines them"
        other = stage(imported)
        assert other == own or RANK[other] < RANK[own], f"{module} imports {imported}"


def test_modules_form_no_cycle() -> None:
    graph = {module: set(imports(module)) - {module} for module in STAGED}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the cycle


def test_public_names_are_imported_when_used() -> None:
    tree = ast.parse(MODULES["noticeparse"].read_text(encoding="utf-8"))
    at_once = [node.module for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert [name for name in at_once if name and name.startswith("noticeparse")] == ["noticeparse._version"]


def test_all_public_names_exist() -> None:
    import noticeparse

    assert noticeparse.__all__ == sorted(noticeparse.__all__)
    for name in noticeparse.__all__:
        assert getattr(noticeparse, name) is not None
    assert not hasattr(noticeparse, "no_such_name")
