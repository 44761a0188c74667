"""What a word is taken for in every table, and why; whether each row and each example is found as it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from noticeparse.document.view import plain_form
from noticeparse.fields.qualifiers import read_qualifier
from noticeparse.layout.labels import label_grammar
from noticeparse.lexicon.check import Problem
from noticeparse.lexicon.load import Lexicon, fold, load_lexicon, overlay_files, read_table, shipped_directory
from noticeparse.lexicon.match import matcher, permission_of
from noticeparse.names import name_grammar
from noticeparse.normalise.companies import company_names
from noticeparse.normalise.concepts import term_match
from noticeparse.normalise.found import Found
from noticeparse.normalise.sdks import sdk_names

_SYSTEMS = {"android": None, "harmonyos": "harmonyos", "ios": "ios"}


class Finding(Struct, frozen=True):
    """One thing that a word is taken for.

    Attributes:
        table: The table that says so, or ``words:CLASS``.
        id: What it is there: a concept, a field, constants, ``kind=value``, an id.
        how: How it was found: ``exact``, ``alias``, ``composed``, ``variant`` …
        detail: Why, in words: the row that it rests on, what is known of the id.
    """

    table: str
    id: str
    how: str
    detail: str


def look_up(word: str, lexicon: Lexicon) -> list[Finding]:
    """Everything that a word is taken for, table by table.

    ``百度`` is a company; ``手机IMEI号`` a data item, composed; ``相机权限`` a permission of three systems.

    Args:
        word: A wording as a notice has it.
        lexicon: Vocabulary.
    """
    word = plain_form(word)
    found = [finding for table in TABLES.values() for finding in table(word, lexicon)]
    key = fold(word)
    for name, words in sorted({**lexicon.words, **{f"platform {p}": w for p, w in lexicon.platforms.items()}}.items()):
        if key in map(fold, words):
            found.append(Finding(f"words:{name}", word, "exact", "a word of the grammar"))
    if key in lexicon.os_versions:
        found.append(Finding("os_versions", lexicon.os_versions[key], "exact", "a letter or code name of Android"))
    kind = name_grammar(lexicon).classify(word)
    if kind != "unknown" and not any(finding.table in ("companies", "sdks") for finding in found):
        found.append(Finding("names", kind, "form", "by its form: legal form, SDK, kind of recipient"))
    return found


def _data_terms(word: str, lexicon: Lexicon) -> Iterator[Finding]:
    concept = matcher(lexicon).concept(word)
    if concept is None:
        return
    known = lexicon.concepts[concept]
    how = term_match(word, concept, lexicon)
    parts = [known.zh, known.category, "sensitive" if known.sensitive else "", known.clause or ""]
    if how == "composed":
        parts.append(f"by the term {_inner_term(word, concept, lexicon)}")
    yield Finding("data_terms", concept, how, ", ".join(filter(None, parts)))


def _inner_term(word: str, concept: str, lexicon: Lexicon) -> str:
    key = fold(word)
    runs = (
        (start, stop)
        for size in range(len(key), 1, -1)
        for start in range(len(key) - size, -1, -1)
        for stop in [start + size]
    )
    return next((key[start:stop] for start, stop in runs if lexicon.terms.get(key[start:stop]) == concept), key)


def _labels(word: str, lexicon: Lexicon) -> Iterator[Finding]:
    label = label_grammar(lexicon).read(word, typos=True)
    if label is not None:
        yield Finding("labels", label.field, label.how, f"by {label.known}" if label.known else "")


def _permissions(word: str, lexicon: Lexicon) -> Iterator[Finding]:
    seen: set[tuple[str, ...]] = set()
    for name, system in _SYSTEMS.items():
        constants = permission_of(word, lexicon, system)
        if constants and constants not in seen:
            seen.add(constants)
            how = "exact" if fold(word) in lexicon.permissions else "composed"
            bare = fold(word).removesuffix("权限") in lexicon.bare_permissions and not word.endswith("权限")
            note = "only where the context asks for permissions" if bare else ""
            yield Finding("permissions", "|".join(constants), how, ", ".join(filter(None, (name, note))))


def _qualifiers(word: str, lexicon: Lexicon) -> Iterator[Finding]:
    kind, value = read_qualifier(word, lexicon)
    if kind is not None:
        how = "exact" if fold(word) in lexicon.qualifiers else "composed"
        yield Finding("qualifiers", f"{kind}={value or ''}", how, "")


def _companies(word: str, lexicon: Lexicon) -> Iterator[Finding]:
    names = company_names(lexicon)
    found = names.find(word) or names.slip(word)
    if found is not None:
        company = lexicon.companies[found.id]
        group = f"of {company.group}" if company.group else ""
        yield _named("companies", found, company.name, group)


def _sdks(word: str, lexicon: Lexicon) -> Iterator[Finding]:
    found = sdk_names(lexicon).find(word)
    if found is not None:
        sdk = lexicon.sdks[found.id]
        yield _named("sdks", found, sdk.name, f"by {sdk.company}" if sdk.company else "", sdk.category or "")


def _named(table: str, found: Found, *parts: str) -> Finding:
    sure = f"score {found.score:g}" if found.score < 1 else ""
    others = f"also {', '.join(found.also)}" if found.also else ""
    return Finding(table, found.id, found.how, ", ".join(filter(None, (*parts, sure, others))))


#: Table → what it takes a word for.
TABLES: dict[str, Callable[[str, Lexicon], Iterator[Finding]]] = {
    "data_terms": _data_terms,
    "labels": _labels,
    "permissions": _permissions,
    "qualifiers": _qualifiers,
    "companies": _companies,
    "sdks": _sdks,
}
# Table → the columns with words, and the column with what they must be found as.
_OWN: dict[str, tuple[tuple[str, ...], str]] = {
    "data_terms": (("term",), "concept"),
    "labels": (("label",), "field"),
    "permissions": (("label",), "permission"),
    "qualifiers": (("wording",), "kind"),
    "companies": (("name", "en", "short", "former", "aliases"), "id"),
    "sdks": (("name", "aliases"), "id"),
}


def check_found(directory: Path | None = None) -> list[Problem]:
    """Look every word of a folder's tables up, and every example: what is not found as its row says is a mistake.

    Args:
        directory: A folder whose tables have no mistake of form, or ``None`` for the shipped tables.

    Returns:
        The mistakes, by file and line.

    Raises:
        LexiconError: A table cannot be loaded.
    """
    folder = directory or shipped_directory()
    shipped = folder.resolve() == shipped_directory().resolve()
    lexicon = load_lexicon() if shipped else load_lexicon(folder)
    problems: list[Problem] = []
    for name, path in overlay_files(folder).items():
        table = read_table(path, name)
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        check = _example if name == "examples" else _own_row
        for line, row in enumerate(rows, 2):
            problems += [Problem(str(path), line, cause) for cause in check(name, row, lexicon)]
    return problems


def _own_row(name: str, row: dict[str, str], lexicon: Lexicon) -> Iterator[str]:
    if name not in _OWN:
        return
    columns, wanted = _OWN[name]
    for column in columns:
        for word in filter(None, row[column].split("|")):
            expected = f"{row['kind']}={row['value']}" if name == "qualifiers" else row[wanted]
            system = row.get("platform", "")
            ids = _ids(name, word, lexicon, system)
            if expected not in ids:
                yield f"{word!r} is found as {', '.join(ids) or 'nothing'}, not as {expected}"


def _example(_name: str, row: dict[str, str], lexicon: Lexicon) -> Iterator[str]:
    table, text, expected = row["table"], row["text"], row["expected"]
    ids = _ids(table, text, lexicon, "") or ["nothing"]
    if expected not in ids:
        yield f"{text!r} is found in {table} as {', '.join(ids)}, not as {expected}"


def _ids(table: str, word: str, lexicon: Lexicon, system: str) -> list[str]:
    word = plain_form(word)
    if table == "permissions" and _SYSTEMS.get(system):
        return ["|".join(permission_of(word, lexicon, system))]
    return [finding.id for finding in TABLES[table](word, lexicon)]
