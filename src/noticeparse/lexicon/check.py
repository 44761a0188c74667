"""Checking the vocabulary: what a table of words can get wrong, with the file and line of each mistake.

The shipped tables and a user's overlay go through the same checks. A check never stops at the first mistake and never
raises for one: a table that cannot even be read is one problem among others.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from msgspec import Struct

from noticeparse.errors import LexiconError
from noticeparse.lexicon.load import COLUMNS, FIELDS, fold, read_table, shipped_directory
from noticeparse.pattern import Pattern
from noticeparse.records import Platform

#: The columns that a table is sorted by, code point by code point.
ORDER: Mapping[str, tuple[str, ...]] = {
    "data_types": ("concept",),
    "data_terms": ("concept", "term"),
    "labels": ("field", "label"),
    "permissions": ("platform", "permission", "label"),
    "qualifiers": ("kind", "value", "wording"),
    "companies": ("id",),
    "sdks": ("id",),
    "words": ("class", "word"),
    "os_versions": ("platform", "name"),
    "platforms": ("platform", "word"),
    "examples": ("table", "text"),
}
#: The columns that name a row; two rows of the same (folded) key are a mistake.
KEYS: Mapping[str, tuple[str, ...]] = {
    "data_types": ("concept",),
    "data_terms": ("term",),
    "labels": ("label",),
    "permissions": ("platform", "label"),
    "qualifiers": ("wording",),
    "companies": ("id",),
    "sdks": ("id",),
    "words": ("class", "word"),
    "os_versions": ("platform", "name"),
    "platforms": ("word",),
    "examples": ("table", "text"),
}
#: Column → the table whose key it must be.
REFERENCES: Mapping[str, Mapping[str, str]] = {
    "data_terms": {"concept": "data_types"},
    "companies": {"group": "companies"},
    "sdks": {"company": "companies"},
}
DATAPACKAGE = "datapackage.json"

_OPTIONAL: Mapping[str, frozenset[str]] = {
    "data_types": frozenset({"category", "clause"}),
    "qualifiers": frozenset({"value"}),
    "permissions": frozenset({"group"}),
    "companies": frozenset({"en", "short", "former", "group", "domains", "aliases"}),
    "sdks": frozenset({"aliases", "company", "category", "domains", "packages"}),
}
_MULTIPLE = frozenset({"permission", "former", "domains", "aliases", "packages"})
_NAMES: Mapping[str, tuple[str, ...]] = {
    "companies": ("name", "en", "short", "former", "aliases"),
    "sdks": ("name", "aliases"),
}
#: The tables that words are looked up in.
EXAMPLE_TABLES = frozenset({"data_terms", "labels", "permissions", "qualifiers", "companies", "sdks"})
_YES_NO = (frozenset({"yes", "no"}), "yes or no")
_CHOICES: Mapping[tuple[str, str], tuple[frozenset[str], str]] = {
    ("data_types", "sensitive"): _YES_NO,
    ("permissions", "bare"): _YES_NO,
    ("permissions", "platform"): (frozenset({"android", "harmonyos", "ios"}), "android, harmonyos or ios"),
    ("labels", "field"): (FIELDS, "a field of the output contract, link or none"),
    ("examples", "table"): (EXAMPLE_TABLES, f"one of {', '.join(sorted(EXAMPLE_TABLES))}"),
    ("platforms", "platform"): (frozenset(get_args(Platform)), "a platform of the output contract"),
}
_FORMS: Mapping[tuple[str, str], tuple[Pattern[str], str]] = {
    ("data_types", "concept"): (Pattern(r"[a-z][a-z0-9_]*"), "an id of lower-case letters, digits and underscores"),
    ("companies", "id"): (Pattern(r"[a-z0-9][a-z0-9-]*"), "an id of lower-case letters, digits and hyphens"),
    ("sdks", "id"): (Pattern(r"[a-z0-9][a-z0-9-]*"), "an id of lower-case letters, digits and hyphens"),
    ("companies", "domains"): (Pattern(r"[a-z0-9.|-]+\.[a-z0-9-]+|"), "domains in lower case, without a path"),
    ("sdks", "domains"): (Pattern(r"[a-z0-9.|-]+\.[a-z0-9-]+|"), "domains in lower case, without a path"),
    ("sdks", "packages"): (
        Pattern(r"(?:[A-Za-z]\w*(?:\.\w+)*(?:\||$))*"),
        "prefixes of packages, without a dot behind",
    ),
    ("os_versions", "number"): (Pattern(r"\d+(?:\.\d+)*"), "a version number"),
}


class Problem(Struct, frozen=True):
    """One mistake in a table; ``str()`` is ``file:line: cause``."""

    file: str
    line: int
    cause: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.cause}"


class _Row(Struct, frozen=True):
    """A row of the right width, with its line in the file."""

    line: int
    cells: Mapping[str, str]


class _Context(Struct, frozen=True):
    """What the checks of a single table need to know of the others."""

    complete: bool
    known: Mapping[str, frozenset[str]]
    terms: frozenset[str]
    facilities: frozenset[str]


_Findings = Iterator[tuple[int, str]]


def check_lexicon(directory: Path | None = None) -> list[Problem]:
    """Check the shipped tables, or a folder that holds any of them.

    A folder with a ``datapackage.json`` must be complete: all tables, and a description that agrees with them. Any other
    folder is an overlay: ids that its rows point to may be defined in it or in the shipped tables.

    Args:
        directory: The folder, or ``None`` for the shipped tables.

    Returns:
        All mistakes, ordered by file and line; empty where there is none.

    Raises:
        LexiconError: The folder does not exist or holds no table.
    """
    shipped = shipped_directory()
    folder = shipped if directory is None else directory
    files = sorted(folder.glob("*.tsv")) if folder.is_dir() else []
    if not files:
        raise LexiconError(f"{folder}: holds no lexicon table")
    complete = folder.resolve() == shipped.resolve() or (folder / DATAPACKAGE).exists()
    problems: list[Problem] = []
    tables: dict[str, list[_Row]] = {}
    for path in files:
        if path.stem not in COLUMNS:
            problems.append(Problem(str(path), 1, f"unknown table; the tables are {', '.join(COLUMNS)}"))
            continue
        tables[path.stem], found = _read(path)
        problems += found
    context = _context(tables, complete, shipped)
    for name, rows in tables.items():
        path = folder / f"{name}.tsv"
        problems += [Problem(str(path), line, cause) for line, cause in _check_table(name, rows, context)]
    if complete:
        problems += _check_package(folder)
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.cause))


def _read(path: Path) -> tuple[list[_Row], list[Problem]]:
    """The well-formed rows of a table, and what is wrong with its bytes, header and columns."""
    data = path.read_bytes()
    problems: list[Problem] = []

    def report(line: int, cause: str) -> None:
        problems.append(Problem(str(path), line, cause))

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        report(data.count(b"\n", 0, error.start) + 1, f"is not UTF-8: byte 0x{data[error.start]:02x}")
        return [], problems
    if text.startswith("\ufeff"):
        report(1, "begins with a byte order mark")
        text = text[1:]
    lines = text.split("\n")
    if lines[-1]:
        report(len(lines), "has no line feed at its end")
    else:
        del lines[-1]
    columns = COLUMNS[path.stem]
    rows: list[_Row] = []
    for number, line in enumerate(lines, 1):
        if line.endswith("\r"):
            report(number, "ends in a carriage return")
        cells = line.removesuffix("\r").split("\t")
        if number == 1:
            if tuple(cells) != columns:
                report(1, f"the header must be the columns {', '.join(columns)}")
                return [], problems
        elif len(cells) != len(columns):
            report(number, f"has {len(cells)} columns instead of {len(columns)}")
        else:
            rows.append(_Row(number, dict(zip(columns, cells, strict=True))))
    if not lines:
        report(1, f"the header must be the columns {', '.join(columns)}")
    return rows, problems


def _context(tables: Mapping[str, list[_Row]], complete: bool, shipped: Path) -> _Context:
    def values(name: str, column: str) -> frozenset[str]:
        own = {row.cells[column] for row in tables.get(name, ())}
        if complete:
            return frozenset(own)
        index = COLUMNS[name].index(column)
        return frozenset(own | {row[index] for row in read_table(shipped / f"{name}.tsv", name).rows})

    facilities = {row.cells["word"] for row in tables.get("words", ()) if row.cells["class"] == "facility"}
    return _Context(
        complete=complete,
        known={"data_types": values("data_types", "concept"), "companies": values("companies", "id")},
        terms=frozenset(map(fold, values("data_terms", "term"))),
        facilities=frozenset(map(fold, facilities)),
    )


def _check_table(name: str, rows: list[_Row], context: _Context) -> _Findings:
    yield from _check_cells(name, rows, context)
    yield from _check_order(name, rows)
    yield from _check_keys(name, rows)
    yield from _check_references(name, rows, context)
    if name in _NAMES:
        yield from _check_names(name, rows)
    special = _SPECIAL.get(name)
    if special:
        yield from special(rows, context)


def _check_cells(name: str, rows: list[_Row], context: _Context) -> _Findings:
    optional = _OPTIONAL.get(name, frozenset())
    for row in rows:
        for column, cell in row.cells.items():
            if not cell:
                if column not in optional and (column != "source" or context.complete):
                    yield row.line, f"{column} is empty"
                continue
            cause = _bad_characters(cell) or _bad_value(name, column, cell)
            if cause:
                yield row.line, f"{column}: {cause}"


def _bad_characters(cell: str) -> str | None:
    """What is wrong with the characters of a cell: they would make two words that look the same differ."""
    if cell != cell.strip():
        return f"leading or trailing blank in {cell!r}"
    for character in cell:
        code = f"U+{ord(character):04X}"
        if "０" <= character <= "９" or "Ａ" <= character <= "Ｚ" or "ａ" <= character <= "ｚ":
            return f"full-width letter or digit {code} in {cell!r}"
        if character == "\ufffd" or (unicodedata.category(character) in ("Cc", "Cf", "Co", "Zl", "Zp")):
            return f"control, invisible or replacement character {code} in {cell!r}"
    return None


def _bad_value(name: str, column: str, cell: str) -> str | None:
    choice = _CHOICES.get((name, column))
    if choice and cell not in choice[0]:
        return f"{cell!r} is not {choice[1]}"
    form = _FORMS.get((name, column))
    if form and not form[0].fullmatch(cell):
        return f"{cell!r} is not {form[1]}"
    if column in _MULTIPLE:
        parts = cell.split("|")
        if "" in parts or len(set(parts)) < len(parts):
            return f"empty or repeated part in {cell!r}"
    return None


def _check_order(name: str, rows: list[_Row]) -> _Findings:
    previous: tuple[str, ...] | None = None
    for row in rows:
        key = tuple(row.cells[column] for column in ORDER[name])
        if previous is not None and key < previous:
            yield row.line, f"out of order: {' '.join(key)!r} stands behind {' '.join(previous)!r}"
        previous = key


def _check_keys(name: str, rows: list[_Row]) -> _Findings:
    seen: dict[tuple[str, ...], _Row] = {}
    for row in rows:
        key = tuple(_key_form(name, row.cells[column]) for column in KEYS[name])
        first = seen.setdefault(key, row)
        if first is row:
            continue
        word = row.cells[KEYS[name][-1]]
        owner = COLUMNS[name][0]
        if owner not in KEYS[name] and first.cells[owner] != row.cells[owner]:
            yield row.line, f"{word!r} is {row.cells[owner]} here and {first.cells[owner]} in line {first.line}"
        else:
            yield row.line, f"{word!r} is a duplicate of line {first.line}"


def _key_form(name: str, cell: str) -> str:
    """The form in which keys are compared; a permission's label counts the same with and without 权限."""
    folded = fold(cell) or cell
    return folded.removesuffix("权限") or folded if name == "permissions" else folded


def _check_references(name: str, rows: list[_Row], context: _Context) -> _Findings:
    for column, target in REFERENCES.get(name, {}).items():
        known = context.known[target]
        for row in rows:
            if row.cells[column] and row.cells[column] not in known:
                yield row.line, f"{column}: unknown id {row.cells[column]!r} (no such row in {target}.tsv)"


def _check_names(name: str, rows: list[_Row]) -> _Findings:
    """Every name, short name and alias belongs to one id, and stands once in its row."""
    owners: dict[str, _Row] = {}
    for row in rows:
        names = [part for column in _NAMES[name] for part in row.cells[column].split("|") if part]
        own: set[str] = set()
        for word in names:
            key = fold(word)
            first = owners.setdefault(key, row)
            if first is not row:
                yield row.line, f"{word!r} also names {first.cells['id']} in line {first.line}"
            elif key in own:
                yield row.line, f"{word!r} stands twice in its row"
            own.add(key)


def _check_groups(rows: list[_Row], _context: _Context) -> _Findings:
    groups = {row.cells["id"]: row.cells["group"] for row in rows}
    for row in rows:
        passed = {row.cells["id"]}
        above = row.cells["group"]
        while above:
            if above == row.cells["id"]:
                yield row.line, f"group: {above} is its own group by way of {row.cells['group']}"
            if above in passed:
                break
            passed.add(above)
            above = groups.get(above, "")


def _check_domains(rows: list[_Row], _context: _Context) -> _Findings:
    """A domain that anybody can have a name under would make all of them one company's."""
    import tldextract  # its bundled list of public suffixes; only a check needs one

    split = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
    for row in rows:
        for domain in filter(None, row.cells["domains"].split("|")):
            parts = split(domain)
            if not parts.domain or not parts.suffix:
                yield row.line, f"domains: {domain!r} is no domain that one can register"


def _check_companies(rows: list[_Row], context: _Context) -> _Findings:
    yield from _check_groups(rows, context)
    yield from _check_domains(rows, context)


def _check_bare(rows: list[_Row], context: _Context) -> _Findings:
    for row in rows:
        label = _key_form("permissions", row.cells["label"])
        if row.cells["bare"] == "no" and label in context.terms | context.facilities:
            yield row.line, f"bare: must be yes, for {row.cells['label']!r} also names a data item or a facility"


def _check_identifiers(rows: list[_Row], context: _Context) -> _Findings:
    for row in rows:
        if row.cells["class"] == "identifier" and row.cells["word"] not in context.known["data_types"]:
            yield row.line, f"word: unknown id {row.cells['word']!r} (no such row in data_types.tsv)"


_SPECIAL: Mapping[str, Callable[[list[_Row], _Context], _Findings]] = {
    "companies": _check_companies,
    "sdks": _check_domains,
    "permissions": _check_bare,
    "words": _check_identifiers,
}


def _check_package(folder: Path) -> list[Problem]:
    """Whether ``datapackage.json`` describes exactly the tables that there are."""
    path = folder / DATAPACKAGE
    try:
        text = path.read_text(encoding="utf-8")
        resources = json.loads(text)["resources"]
        described: dict[str, Any] = {resource["name"]: resource for resource in resources}
    except OSError as error:
        return [Problem(str(path), 1, f"cannot be read: {error.strerror or error}")]
    except ValueError as error:
        return [Problem(str(path), getattr(error, "lineno", 1), f"is not JSON in UTF-8: {error}")]
    except (KeyError, TypeError):
        return [Problem(str(path), 1, "has no list of named resources")]
    problems = []
    for name in sorted({*COLUMNS, *described}):
        line = text.count("\n", 0, max(0, text.find(f'"name": "{name}"'))) + 1
        if name not in COLUMNS:
            problems.append(Problem(str(path), line, f"resource {name} is no lexicon table"))
        elif name not in described:
            problems.append(Problem(str(path), 1, f"table {name} is not described"))
        else:
            problems += [
                Problem(str(path), line, f"resource {name}: {part} must be {json.dumps(wanted, ensure_ascii=False)}")
                for part, wanted, given in _expectations(name, described[name])
                if wanted != given
            ]
            if not (folder / f"{name}.tsv").exists():
                problems.append(Problem(str(path), line, f"{name}.tsv is missing"))
    return problems


def _expectations(name: str, resource: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Part of a resource's description, what it must be, and what it is."""
    schema = resource.get("schema", {})
    yield "path", f"{name}.tsv", resource.get("path")
    yield "schema.fields", list(COLUMNS[name]), [field.get("name") for field in schema.get("fields", ())]
    yield "schema.primaryKey", list(KEYS[name]), schema.get("primaryKey")
    wanted = [
        {"fields": [column], "reference": {"resource": "" if target == name else target, "fields": list(KEYS[target])}}
        for column, target in REFERENCES.get(name, {}).items()
    ]
    yield "schema.foreignKeys", wanted, schema.get("foreignKeys", [])
    yield "noticeparse:order", list(ORDER[name]), resource.get("noticeparse:order")
