"""What notices leave unsaid: each disclosure against what the law asks to be told, and against signs of poor quality.

The rules are data (``lexicons/audit/rules.tsv``), each with the clause that it rests on. The audit reads records: it does
not know what an app does, and it is no legal advice.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from noticeparse.errors import NoticeparseError
from noticeparse.lexicon.load import Lexicon, fold, load_lexicon, shipped_directory
from noticeparse.normalise.evidence import domains
from noticeparse.pattern import Pattern
from noticeparse.records import Disclosure, Link, Notice, Span
from noticeparse.tables.frames import frame_of, host_of, notice_key, notice_label
from noticeparse.tables.schema import Column

DISCLAIMER = "An audit of what notices say, not of what apps do; no legal advice."
_COLUMNS = ("id", "test", "argument", "weight", "clause", "en", "zh")
_STATABLE = frozenset(Disclosure.__struct_fields__) - {"index", "form", "span", "maker"}
_HOST_REGEX = Pattern(
    r"(?:[a-z0-9\u4e00-\u9fff](?:[a-z0-9\u4e00-\u9fff-]*[a-z0-9\u4e00-\u9fff])?\.)+[a-z\u4e00-\u9fff]{2,}"
)
_PLACEHOLDER_REGEX = Pattern(
    r"x{3,}|\*{2,}|\.\.\.|(?:^|\.)example\.(?:com|org|net)$|(?:^|\.)(?:test|example|invalid|localhost)$"
)

FINDING_COLUMNS = (
    Column("notice_id", "string", "Key of the notice", nullable=False),
    Column("label", "string", "Short name of the notice: the app, else the title, else the source", nullable=False),
    Column("disclosure_id", "string", "Key of the disclosure", nullable=False),
    Column("recipient", "string", "Who receives, as written"),
    Column("rule", "string", "Id of the rule", nullable=False),
    Column("clause", "string", "What the rule rests on", nullable=False),
    Column("weight", "int", "What the miss costs", nullable=False),
    Column("finding", "string", "What is missing or doubtful, in words", nullable=False),
    Column("text", "string", "The words that it is about, where it is about words"),
    Column("start", "int", "Offset of its place in the notice's text", nullable=False),
    Column("end", "int", "Offset behind it", nullable=False),
)
SCORE_COLUMNS = (
    Column("label", "string", "The app", nullable=False),
    Column("notices", "int", "Number of its notices", nullable=False),
    Column("disclosures", "int", "Number of its disclosures", nullable=False),
    Column("findings", "int", "Number of findings", nullable=False),
    Column("score", "float", "Share of the rules' weight that is met, from 0 to 100; null without disclosures"),
)


class RulesError(NoticeparseError, ValueError):
    """Rules that cannot be used; the message names file, line and cause."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One question that is asked of every disclosure: a row of ``rules.tsv``."""

    id: str
    test: str
    argument: tuple[str, ...]
    weight: int
    clause: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Miss:
    """One place where a disclosure does not meet a rule; ``text`` is ``None`` where something is not said at all."""

    span: Span
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One miss, with the rule and the disclosure's index."""

    rule: Rule
    disclosure: int
    miss: Miss


@dataclass(frozen=True, slots=True)
class _Case:
    """A disclosure, and what the tests ask of around it."""

    notice: Notice
    disclosure: Disclosure
    lexicon: Lexicon
    vague: frozenset[str]


@dataclass(frozen=True, eq=False)
class Audit:
    """The outcome: one row for each finding, and one for each app.

    Attributes:
        findings: :data:`FINDING_COLUMNS`, in the order of the notices and of their text.
        scores: :data:`SCORE_COLUMNS`, the lowest score first.
        rules: The rules that were asked.
    """

    findings: pd.DataFrame
    scores: pd.DataFrame
    rules: tuple[Rule, ...]


def audit(
    notices: Iterable[Notice],
    *,
    rules: Path | str | None = None,
    lexicon: Path | str | None = None,
    language: str = "en",
) -> Audit:
    """Audit notices.

    Args:
        notices: As :func:`noticeparse.parse` gives them.
        rules: A table of rules in place of the shipped one.
        lexicon: Folder with rows to lay over the shipped lexicons.
        language: ``en`` or ``zh``, for the findings' words.

    Raises:
        RulesError: The rules cannot be used.
        LexiconError: The lexicon cannot be used.
        ValueError: There is no such language.
    """
    if language not in ("en", "zh"):
        raise ValueError(f"unknown language {language!r}; choose en or zh")
    asked = read_rules(rules)
    vocabulary = load_lexicon(lexicon)
    rows: list[tuple[object, ...]] = []
    totals: dict[str, _Total] = {}
    for notice in notices:
        key, label = notice_key(notice), notice_label(notice)
        total = totals.setdefault(label, _Total())
        total.notices += 1
        total.disclosures += len(notice.disclosures)
        total.asked += len(notice.disclosures) * sum(rule.weight for rule in asked)
        found = list(find_misses(notice, asked, vocabulary))
        total.findings += len(found)
        # a rule costs its weight once for a disclosure, however many places miss it
        total.missed += sum(rule.weight for rule, _ in {(one.rule, one.disclosure) for one in found})
        for one in sorted(found, key=lambda one: (one.disclosure, one.miss.span, one.rule.id)):
            disclosure = notice.disclosures[one.disclosure]
            named = disclosure.provider or disclosure.sdk or disclosure.recipient_category
            rows.append(
                (
                    *(key, label, f"{key}:{disclosure.index}", named.text if named else None),
                    *(one.rule.id, one.rule.clause, one.rule.weight, one.rule.en if language == "en" else one.rule.zh),
                    *(one.miss.text, *one.miss.span),
                )
            )
    scores = [
        (label, total.notices, total.disclosures, total.findings, total.score)
        for label, total in sorted(
            totals.items(), key=lambda pair: (pair[1].score is None, pair[1].score or 0.0, pair[0])
        )
    ]
    return Audit(frame_of(FINDING_COLUMNS, rows), frame_of(SCORE_COLUMNS, scores), asked)


@dataclass(slots=True)
class _Total:
    """What an app's score is made of."""

    notices: int = 0
    disclosures: int = 0
    findings: int = 0
    asked: int = 0
    missed: int = 0

    @property
    def score(self) -> float | None:
        """From 0 to 100, one decimal; none where nothing was asked."""
        return round(100 * (1 - self.missed / self.asked), 1) if self.asked else None


def find_misses(notice: Notice, rules: Iterable[Rule], lexicon: Lexicon) -> Iterator[Finding]:
    """Ask the rules of every disclosure of a notice.

    Args:
        notice: The notice.
        rules: What to ask.
        lexicon: Vocabulary, for the owners of domains and for vague words.
    """
    vague = _vague_items(lexicon)
    for place, disclosure in enumerate(notice.disclosures):
        case = _Case(notice, disclosure, lexicon, vague)
        for rule in rules:
            for miss in _TESTS[rule.test](case, rule.argument):
                yield Finding(rule, place, miss)


def read_rules(path: Path | str | None = None) -> tuple[Rule, ...]:
    """Read a table of rules.

    Args:
        path: The table; the shipped one by default.

    Raises:
        RulesError: It cannot be read, or a row of it not; ``str()`` is ``file:line: cause``.
    """
    source = shipped_directory() / "audit" / "rules.tsv" if path is None else Path(path)
    try:
        lines = source.read_text("utf-8").splitlines()
    except OSError as error:
        raise RulesError(f"{source}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise RulesError(f"{source}: is not UTF-8") from error
    table = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not table or tuple(table[0]) != _COLUMNS:
        raise RulesError(f"{source}:1: the header must be the columns {', '.join(_COLUMNS)}")
    rules = tuple(_rule(row, f"{source}:{line}") for line, row in enumerate(table[1:], 2))
    if not rules:
        raise RulesError(f"{source}:1: has no rules")
    seen: set[str] = set()
    for line, rule in enumerate(rules, 2):
        if rule.id in seen:
            raise RulesError(f"{source}:{line}: the rule {rule.id!r} stands twice")
        seen.add(rule.id)
    return rules


def _rule(row: list[str], place: str) -> Rule:
    if len(row) != len(_COLUMNS):
        raise RulesError(f"{place}: has {len(row)} columns instead of {len(_COLUMNS)}")
    key, test, argument, weight, clause, en, zh = row
    arguments = tuple(argument.split("|")) if argument else ()
    if test not in _TESTS:
        raise RulesError(f"{place}: unknown test {test!r}; the tests are {', '.join(_TESTS)}")
    if test == "stated" and (not arguments or set(arguments) - _STATABLE):
        raise RulesError(f"{place}: {argument!r} names no field; the fields are {', '.join(sorted(_STATABLE))}")
    if test == "link_scheme" and len(arguments) != 1:
        raise RulesError(f"{place}: link_scheme takes one scheme")
    if not weight.isascii() or not weight.isdigit() or int(weight) < 1:
        raise RulesError(f"{place}: the weight {weight!r} is no whole number from 1")
    if not key or not clause or not en or not zh:
        raise RulesError(f"{place}: id, clause, en and zh must not be empty")
    return Rule(key, test, arguments, int(weight), clause, en, zh)


# The tests. Each gives the places where a disclosure does not meet the rule.


def _stated(case: _Case, fields: tuple[str, ...]) -> Iterator[Miss]:
    if not any(getattr(case.disclosure, name) for name in fields):
        yield Miss(case.disclosure.span)


def _sensitive_purpose(case: _Case, _: tuple[str, ...]) -> Iterator[Miss]:
    if case.disclosure.purpose or case.disclosure.scenario:
        return
    for item in case.disclosure.data_items:
        if item.sensitive and not any(note.kind == "purpose" for note in item.qualifiers):
            yield Miss(item.span, item.text)


def _links(case: _Case) -> Iterator[Link]:
    for link in (case.disclosure.privacy_policy, case.disclosure.website):
        if link is not None:
            yield link


def _link_scheme(case: _Case, schemes: tuple[str, ...]) -> Iterator[Miss]:
    for link in _links(case):
        if link.url and "://" in link.url and link.url.split("://", 1)[0].lower() not in schemes:
            yield Miss(link.span, link.url)


def _link_form(case: _Case, _: tuple[str, ...]) -> Iterator[Miss]:
    for link in _links(case):
        host = host_of(link.url)
        if host is None or not _HOST_REGEX.fullmatch(host) or _PLACEHOLDER_REGEX.search(host):
            yield Miss(link.span, link.url or link.text)


def _link_owner(case: _Case, _: tuple[str, ...]) -> Iterator[Miss]:
    link, disclosure = case.disclosure.privacy_policy, case.disclosure
    host = host_of(link.url) if link else None
    company = disclosure.provider.id if disclosure.provider else disclosure.maker.id if disclosure.maker else None
    if link is None or host is None or company is None or company not in case.lexicon.companies:
        return
    known = domains(case.lexicon)
    owners = known.owners(host)[1]
    if owners and not any(known.related(company, owner) for owner in owners):
        yield Miss(link.span, link.url)


def _vague_item(case: _Case, _: tuple[str, ...]) -> Iterator[Miss]:
    parents = {item.parent for item in case.disclosure.data_items}
    for place, item in enumerate(case.disclosure.data_items):
        if fold(item.text) in case.vague and place not in parents:
            yield Miss(item.span, item.text)


def _open_list(case: _Case, _: tuple[str, ...]) -> Iterator[Miss]:
    start, end = case.disclosure.span
    for note in case.notice.diagnostics:
        if note.code == "open-list" and note.span and start <= note.span[0] < end:
            yield Miss(note.span)


def _permission_without_data(case: _Case, _: tuple[str, ...]) -> Iterator[Miss]:
    permissions = case.disclosure.permissions
    if permissions and not case.disclosure.data_items:
        yield Miss((permissions[0].span[0], permissions[-1].span[1]), permissions[0].text)


_TESTS: Mapping[str, Callable[[_Case, tuple[str, ...]], Iterator[Miss]]] = {
    "stated": _stated,
    "sensitive_purpose": _sensitive_purpose,
    "link_scheme": _link_scheme,
    "link_form": _link_form,
    "link_owner": _link_owner,
    "vague_item": _vague_item,
    "open_list": _open_list,
    "permission_without_data": _permission_without_data,
}


@lru_cache(maxsize=4)
def _vague_items(lexicon: Lexicon) -> frozenset[str]:
    """Folded names of data that say too little."""
    return frozenset(map(fold, lexicon.words.get("vague_item", ())))
