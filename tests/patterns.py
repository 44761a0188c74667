"""The expressions of the package, and how each is used: read from its modules and their syntax trees.

Every expression is a ``Pattern`` (test_pattern.py sees to it).  Those of a module or a class are told by their names, and
so is what is asked of them; those that functions make of a vocabulary are had by watching them being made.
"""

from __future__ import annotations

import ast
import pkgutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import noticeparse
from noticeparse.pattern import Pattern

PACKAGE = Path(noticeparse.__file__).resolve().parent
METHODS = frozenset({"search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn"})
Place = tuple[str, str]  # a module and a name in it
Line = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression.

    Attributes:
        place: Where it is made: module and line, or the name that holds it.
        pattern: It.
        anywhere: It is tried from place after place of one text: by ``search`` and its like, or by ``match`` at a given
            position.
        once: It is tried at the beginning of a string, and may end anywhere.
        whole: It is tried at the beginning of a string, and has to reach its end.
    """

    place: str
    pattern: Pattern[Any]
    anywhere: bool
    once: bool
    whole: bool


@cache
def trees() -> dict[str, ast.Module]:
    """The syntax tree of every module."""
    found = {}
    for module in pkgutil.walk_packages([str(PACKAGE)], "noticeparse."):
        if not module.name.endswith("__main__"):
            file = import_module(module.name).__file__
            assert file is not None
            found[module.name] = ast.parse(Path(file).read_text(encoding="utf-8"))
    return found


def expressions() -> list[Expression]:
    """Those of modules and classes."""
    found: dict[int, Expression] = {}
    for module in trees():
        for name, value in vars(import_module(module)).items():
            held = [(name, value)]
            if isinstance(value, type) and value.__module__ == module:
                held.extend((f"{name}.{inner}", kept) for inner, kept in vars(value).items())
            for full, kept in held:
                for pattern in _held(kept):
                    if module == _home(module, name):
                        asked = (
                            _uses()[module, full.rpartition(".")[2]]
                            if isinstance(kept, Pattern)
                            else _asked_of_any(module)
                        )
                        found[id(pattern)] = expression(f"{module}.{full}", pattern, asked)
    return list(found.values())


def expression(place: str, pattern: Pattern[Any], asked: frozenset[str] | set[str] = frozenset()) -> Expression:
    """An expression; where it is not known what is asked of it, it may be anything."""
    asked = asked or {"anywhere", "fullmatch"}
    return Expression(place, pattern, "anywhere" in asked, "match" in asked, "fullmatch" in asked)


@cache
def _imported(module: str) -> dict[str, tuple[str, str]]:
    """Names that a module imports from the package: where each is from, and what it is called there."""
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.walk(trees()[module])
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _home(module: str, name: str) -> str:
    """The module that a name of a module is from."""
    while name in _imported(module) and _imported(module)[name][0] in trees():
        module, name = _imported(module)[name]
    return module


def _held(value: object) -> Iterator[Pattern[Any]]:
    """The patterns of a value, in containers too."""
    if isinstance(value, Pattern):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _held(inner)
    elif isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from _held(inner)


def _asked(call: ast.Call) -> str:
    """What a call of a method asks: a match at a place that the caller gives is one of many places."""
    assert isinstance(call.func, ast.Attribute)
    method = call.func.attr
    given = len(call.args) > 1 or bool(call.keywords) or any(isinstance(word, ast.Starred) for word in call.args)
    if method == "fullmatch":  # the caller gives the end too, so that what is read is what was given
        return method
    return method if method == "match" and not given else "anywhere"


@cache
def _asked_of_any(module: str) -> frozenset[str]:
    """What a module asks of the patterns that variables hold."""
    return frozenset(
        _asked(node)
        for node in ast.walk(trees()[module])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in METHODS
        and isinstance(node.func.value, ast.Name | ast.Subscript)
        and not (node.func.attr == "split" and all(isinstance(word, ast.Constant) for word in node.args))  # of a string
        and not ast.unparse(node.func.value).isupper()
    )


def _held_in_turn(tree: ast.Module) -> dict[int, set[str]]:
    """What is asked of patterns that one variable holds in turn: ``for regex in (_ONE, _OTHER): regex.match(…)``."""
    found: dict[int, set[str]] = {}
    for loop in ast.walk(tree):
        if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name) and isinstance(loop.iter, ast.Tuple):
            asked = {
                _asked(node)
                for node in ast.walk(loop)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == loop.target.id
            }
            found.update((id(name), asked) for name in loop.iter.elts)
    return found


@cache
def _uses() -> dict[Place, set[str]]:
    """What is asked of each name of a module."""
    found: dict[Place, set[str]] = defaultdict(set)
    for module, tree in trees().items():
        asked: dict[int, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                asked[id(node.func.value)] = _asked(node) if node.func.attr in METHODS else ""
            elif isinstance(node, ast.Attribute) and node.attr == "pattern":
                asked[id(node.value)] = ""
            elif isinstance(node, ast.Compare):
                asked.update((id(name), "") for name in (node.left, *node.comparators))
        in_turn = _held_in_turn(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                place = module, node.id
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                place = module, node.attr
                if isinstance(node.value, ast.Name) and node.value.id in _imported(module):
                    package, name = _imported(module)[node.value.id]
                    place = f"{package}.{name}", node.attr
            else:
                continue
            while (
                place[0] in trees() and place[1] in _imported(place[0]) and _imported(place[0])[place[1]][0] in trees()
            ):
                place = _imported(place[0])[place[1]]
            if id(node) in in_turn:
                found[place] |= in_turn[id(node)]
            elif id(node) not in asked:
                found[place] |= _asked_of_any(module) or {"anywhere", "fullmatch"}
            elif asked[id(node)]:
                found[place].add(asked[id(node)])
    return found


def makers(only: str = "", *, inside: bool = True) -> list[Line]:
    """The calls that make a pattern, in functions or outside of them: module and line."""
    found: list[Line] = []

    def visit(module: str, node: ast.AST, within: bool) -> None:
        within = within or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Pattern"
        if made and within == inside:
            found.append((module, node.lineno))
        for child in ast.iter_child_nodes(node):
            visit(module, child, within)

    for module in [only] if only else trees():
        visit(module, trees()[module], False)
    return found


@contextmanager
def watched() -> Iterator[dict[Line, list[Pattern[Any]]]]:
    """The patterns that are made meanwhile, by where."""
    made: dict[Line, list[Pattern[Any]]] = defaultdict(list)
    plain = Pattern.__init__

    def init(self: Pattern[Any], *arguments: Any, **named: Any) -> None:
        frame = sys._getframe(1)
        made[str(frame.f_globals.get("__name__")), frame.f_lineno].append(self)
        plain(self, *arguments, **named)

    Pattern.__init__ = init  # type: ignore[method-assign]
    try:
        yield made
    finally:
        Pattern.__init__ = plain  # type: ignore[method-assign]
