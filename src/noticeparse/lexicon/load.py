"""Reading the vocabulary: TSV tables to one frozen ``Lexicon``."""

from __future__ import annotations

import hashlib
import os
from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from noticeparse.errors import LexiconError
from noticeparse.memo import Answers
from noticeparse.pattern import Pattern

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "data_types": ("concept", "zh", "en", "category", "sensitive", "clause", "source"),
    "data_terms": ("concept", "term", "source"),
    "labels": ("field", "label", "source"),
    "permissions": ("permission", "platform", "label", "protection", "group", "bare", "source"),
    "qualifiers": ("kind", "value", "wording", "source"),
    "companies": ("id", "name", "en", "short", "former", "group", "domains", "aliases", "source"),
    "sdks": ("id", "name", "aliases", "company", "category", "domains", "packages", "source"),
    "words": ("class", "word", "source"),
    "os_versions": ("platform", "name", "number", "source"),
    "platforms": ("platform", "word", "source"),
    "examples": ("table", "text", "expected", "source"),
}
TABLES = tuple(COLUMNS)
#: What a parse needs; examples are for the checker.
_LOADED = tuple(name for name in TABLES if name != "examples")
FIELDS = frozenset(
    {
        *("provider", "recipient_category", "sdk", "method", "purpose", "scenario", "data_items", "permissions"),
        *("privacy_policy", "website", "link", "category", "platforms", "processing", "retention", "frequency"),
        *("package_name", "contact", "none"),
    }
)
ENVIRONMENT_VARIABLE = "NOTICEPARSE_LEXICON"

_Key = TypeVar("_Key")
_Entry = TypeVar("_Entry")
_Columns = Mapping[str, list[str]]


class Concept(Struct, frozen=True):
    """A kind of personal data: one row of ``data_types.tsv``; ``clause`` is that of the standard or law it rests on."""

    id: str
    zh: str
    en: str
    category: str
    sensitive: bool
    clause: str | None


class Company(Struct, frozen=True):
    """A company: one row of ``companies.tsv``."""

    id: str
    name: str
    short: str | None
    english: tuple[str, ...]
    former: tuple[str, ...]
    group: str | None
    domains: tuple[str, ...]


class Sdk(Struct, frozen=True):
    """An SDK: one row of ``sdks.tsv``; ``company`` is its maker's id, ``packages`` prefixes of its Android packages."""

    id: str
    name: str
    company: str | None
    category: str | None
    domains: tuple[str, ...]
    packages: tuple[str, ...]


# Equal only to itself, so that what is built from a lexicon can be kept by ``lru_cache``.
class Lexicon(Struct, frozen=True, eq=False):
    """All vocabulary that a parse uses. Keys of the name maps are folded with :func:`fold`.

    Attributes:
        version: First 12 hex digits of the SHA-256 over the tables' bytes.
        labels: Folded label → field name of the output contract, ``none`` for a label whose value is left out.
        concepts: Concept id → concept.
        terms: Folded data term → concept id.
        permissions: Folded label (with and without 权限) or constant (full and short) → the constants it stands for;
            Android's where a label is known on several systems.
        system_permissions: ``ios`` or ``harmonyos`` → the same for that system, where its labels are other constants.
        bare_permissions: Folded labels without 权限 that are also the name of a facility or a data item (相机, 位置
            信息): they name a permission only where the context says so.
        qualifiers: Folded wording → kind and value (``None`` where there is no machine-readable value).
        companies: Company id → company.
        company_names: Folded name, English, short or former name, or alias → company id.
        sdks: SDK id → SDK.
        sdk_names: Folded name or alias → SDK id.
        words: Word class → its words, as written, longest first.
        platforms: Platform of the output contract → its wordings, as written, longest first.
        os_versions: Folded letter or code name of an Android release → its number (``q`` → ``10``).
    """

    version: str
    labels: Mapping[str, str]
    concepts: Mapping[str, Concept]
    terms: Mapping[str, str]
    permissions: Mapping[str, tuple[str, ...]]
    system_permissions: Mapping[str, Mapping[str, tuple[str, ...]]]
    bare_permissions: frozenset[str]
    qualifiers: Mapping[str, tuple[str, str | None]]
    companies: Mapping[str, Company]
    company_names: Mapping[str, str]
    sdks: Mapping[str, Sdk]
    sdk_names: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    platforms: Mapping[str, tuple[str, ...]]
    os_versions: Mapping[str, str]

    def controllers(self, company: str) -> list[str]:
        """A company and those that control it, the topmost last; ids that the tables hold in a circle come once.

        Args:
            company: A company's id.
        """
        line = [company]
        while (above := self.companies[line[-1]].group) and above in self.companies and above not in line:
            line.append(above)
        return line


_FOLD = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FOLD.update(dict.fromkeys(map(ord, " \t\r\n\u3000\u00a0_-·－＿"), ""))
_FOLDED_REGEX = Pattern(r"[\uff01-\uff5e \t\r\n\u3000\u00a0_\-·]")
_FOLDED_CHARACTERS = {chr(code): replacement for code, replacement in _FOLD.items()}


def fold(text: str) -> str:
    """Key form of a name: half-width, lower case, without blanks, hyphens, underscores and middle dots.

    >>> fold("Wi-Fi　MAC_地址（全角）")
    'wifimac地址(全角)'
    """
    return _folds[text] if len(text) <= _LONGEST_FOLDED else _fold(text)


def _fold(text: str) -> str:
    # Half of the names have none of these characters, and looking is much faster than replacing.
    return (text.translate(_FOLD) if _FOLDED_REGEX.search(text) else text).casefold()


# Names and labels are asked for again and again; whole paragraphs are not.
_LONGEST_FOLDED = 64
_folds = Answers(_fold)


def fold_all(texts: list[str]) -> list[str]:
    """What :func:`fold` gives for each of many short texts, in a fraction of the time.

    The texts are folded as one string, character by character that occurs, instead of one by one.
    """
    joined = "\x1f".join(texts)
    for character, replacement in _FOLDED_CHARACTERS.items():
        if character in joined:  # few do, and looking is much faster than replacing
            joined = joined.replace(character, replacement)
    return joined.casefold().split("\x1f") if texts else []


def shipped_directory() -> Path:
    """Where the tables are: inside the installed package, or in the checkout that the package is run from.

    Raises:
        LexiconError: There are none in either place.
    """
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "_lexicons", here.parents[3] / "lexicons"):
        if folder.is_dir():
            return folder
    raise LexiconError(f"{here.parents[1] / '_lexicons'}: the lexicons are not installed")


def load_lexicon(overlay: Path | str | None = None) -> Lexicon:
    """The shipped vocabulary, with a folder of the user's own rows laid over it.

    The overlay folder holds any of the tables, with the same columns. A row of it replaces the shipped row of the same
    key (the folded term, label or wording; a company's or SDK's id); in ``words`` and ``platforms`` its rows are added.
    The result is kept, so that a second call with the same folder costs nothing.

    Args:
        overlay: Folder with tables of the user, or ``None`` for the one that the environment variable
            ``NOTICEPARSE_LEXICON`` names, if any.

    Raises:
        LexiconError: A table that is missing, undecodable or malformed; ``str()`` is ``file:line: cause``.
    """
    chosen = os.environ.get(ENVIRONMENT_VARIABLE) or None if overlay is None else overlay
    return _load(None if chosen is None else Path(chosen).resolve())


@lru_cache(maxsize=16)
def _load(overlay: Path | None) -> Lexicon:
    return _assemble(_Tables(shipped_directory(), overlay))


class Table(Struct, frozen=True):
    """One table as read: its columns without the header, cell ``i`` of a column standing in line ``i + 2`` of the file."""

    path: Path
    data: bytes
    columns: _Columns

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The same, row by row."""
        return list(zip(*self.columns.values(), strict=True))


def overlay_files(folder: Path) -> dict[str, Path]:
    """The tables of an overlay folder by name.

    Raises:
        LexiconError: It is no folder, holds no table, or holds a TSV file whose name is no table's.
    """
    if not folder.is_dir():
        raise LexiconError(f"{folder}: no such folder of lexicon tables")
    found = {path.stem: path for path in sorted(folder.glob("*.tsv"))}
    for name, path in found.items():
        if name not in COLUMNS:
            raise LexiconError(f"{path}:1: no table has this name; the tables are {', '.join(TABLES)}")
    if not found:
        raise LexiconError(f"{folder}: holds no lexicon table")
    return found


def read_table(path: Path, name: str) -> Table:
    """Read one table and check its form: encoding, header, number of columns.

    Args:
        path: The TSV file.
        name: Which of :data:`TABLES` it is.

    Raises:
        LexiconError: It cannot be read, or its form is wrong; ``str()`` is ``file:line: cause``.
    """
    columns = COLUMNS[name]
    width = len(columns)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LexiconError(f"{path}:1: cannot be read: {error.strerror or error}") from error
    # One split of the whole text and a stride for each column: several times faster than splitting line by line. The line
    # breaks stay in the cells: at the beginning of the first cell of a row, and nowhere else.
    marked = data.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\n", b"\t\n")
    try:
        cells = marked.decode().split("\t")
    except UnicodeDecodeError as error:
        place = marked.count(b"\n", 0, error.start) + 1
        raise LexiconError(f"{path}:{place}: is not UTF-8: byte 0x{marked[error.start]:02x}") from error
    end = marked.find(b"\t\n")
    header = marked if end < 0 else marked[:end]
    if tuple(header.decode().split("\t")) != columns:
        raise LexiconError(f"{path}:1: the header must be the columns {', '.join(columns)}")
    if cells[-1] == "\n":
        cells.pop()  # what ends the last line
    first = "".join(cells[::width]).split("\n")
    if len(cells) != len(first) * width or len(first) != marked.count(b"\n") + (not marked.endswith(b"\n")):
        lines = marked.removesuffix(b"\t\n").replace(b"\t\n", b"\n").split(b"\n")
        widths = [line.count(b"\t") + 1 for line in lines]
        number, found = next((n, w) for n, w in enumerate(widths, 1) if w != width)
        raise LexiconError(f"{path}:{number}: has {found} columns instead of {width}")
    rest = {column: cells[width + place :: width] for place, column in enumerate(columns) if place}
    return Table(path, data, {columns[0]: first[1:], **rest})


class _Tables:
    """The tables of a lexicon, the user's rows behind the shipped ones; each is read when it is asked for.

    So its cells can be let go before the next: they take ten times the memory of the file, and memory that is used for
    the first time costs more than what is done with it.
    """

    def __init__(self, shipped: Path, overlay: Path | None) -> None:
        """Look which there are.

        Args:
            shipped: Folder of all tables.
            overlay: Folder with some tables of the user.

        Raises:
            LexiconError: The overlay holds none, or one of an unknown name.
        """
        self._shipped = shipped
        self._overlay = {} if overlay is None else overlay_files(overlay)
        self._digest = hashlib.sha256()

    def read(self, name: str, *, pointing: str = "", to: Collection[str] | None = None, what: str = "") -> _Columns:
        """The columns of a table, read once, in the order of :data:`TABLES`.

        Args:
            name: Which.
            pointing: The column that points to other rows, if one does.
            to: What it may hold; ``None`` for the ids of the table itself.
            what: What that is, in one word.

        Raises:
            LexiconError: A file cannot be read, its form is wrong, or a row points to what no table defines.
        """
        paths = [self._shipped / f"{name}.tsv"]
        if name in self._overlay:
            paths.append(self._overlay[name])
        parts = [read_table(path, name) for path in paths]
        for part in parts:
            self._digest.update(part.data)
        columns = _laid_over(parts)
        if pointing:
            known = {"", *columns["id"]} if to is None else to
            for part in parts:
                _require_known(part, pointing, known, what)
        return columns

    def version(self) -> str:
        """First 12 hex digits of the SHA-256 over the bytes of the tables read."""
        return self._digest.hexdigest()[:12]


def _laid_over(parts: list[Table]) -> _Columns:
    """The columns of the shipped table, continued by those of the overlay."""
    if len(parts) == 1:
        return parts[0].columns
    return {column: [cell for part in parts for cell in part.columns[column]] for column in parts[0].columns}


def _require_known(table: Table, column: str, known: Collection[str], what: str) -> None:
    """Raise a LexiconError for the first row that points to an id that no table defines."""
    unknown = set(table.columns[column]).difference(known)
    if unknown:
        line, cell = next((n, c) for n, c in enumerate(table.columns[column], 2) if c in unknown)
        raise LexiconError(f"{table.path}:{line}: unknown {what} {cell!r}")


class _Lazy(Mapping[_Key, _Entry]):
    """A mapping that is built when it is first read: few entries speak of one system alone."""

    __slots__ = ("_build", "_built")

    def __init__(self, build: Callable[[], dict[_Key, _Entry]]) -> None:
        self._build = build
        self._built: dict[_Key, _Entry] | None = None

    def _all(self) -> dict[_Key, _Entry]:
        if self._built is None:
            self._built = self._build()
        return self._built

    def __getitem__(self, key: _Key) -> _Entry:
        return self._all()[key]

    def __contains__(self, key: object) -> bool:  # that of Mapping asks by exception, which names would pay for most
        return key in self._all()

    def __iter__(self) -> Iterator[_Key]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _assemble(tables: _Tables) -> Lexicon:
    concepts = _concepts(tables.read("data_types"))
    terms = _terms(tables.read("data_terms", pointing="concept", to=concepts, what="concept"))
    labels = _labels(tables.read("labels", pointing="field", to=FIELDS, what="field"))
    permissions, system_permissions, bare = _permissions(tables.read("permissions"))
    qualifiers = _qualifiers(tables.read("qualifiers"))
    companies, company_names = _companies(tables.read("companies", pointing="group", what="company"))
    sdks, sdk_names = _sdks(tables.read("sdks", pointing="company", to={"", *companies}, what="company"))
    words = _classes(tables.read("words"), "class")
    os_versions = _releases(tables.read("os_versions"))
    platforms = _classes(tables.read("platforms"), "platform")
    return Lexicon(
        version=tables.version(),
        labels=labels,
        concepts=concepts,
        terms=terms,
        permissions=permissions,
        system_permissions=system_permissions,
        bare_permissions=bare,
        qualifiers=qualifiers,
        companies=companies,
        company_names=company_names,
        sdks=sdks,
        sdk_names=sdk_names,
        words=words,
        platforms=platforms,
        os_versions=os_versions,
    )


def _terms(table: _Columns) -> dict[str, str]:
    return _folded(table["term"], table["concept"])


def _labels(table: _Columns) -> dict[str, str]:
    return _folded(table["label"], table["field"])


def _releases(table: _Columns) -> dict[str, str]:
    return _folded(table["name"], table["number"])


def _qualifiers(table: _Columns) -> dict[str, tuple[str, str | None]]:
    values = [(kind, value or None) for kind, value in zip(table["kind"], table["value"], strict=True)]
    return _folded(table["wording"], values)


def _folded(names: list[str], entries: list[_Entry]) -> dict[str, _Entry]:
    return dict(zip(fold_all(names), entries, strict=True))


def _concepts(table: _Columns) -> dict[str, Concept]:
    columns = ("concept", "zh", "en", "category", "sensitive", "clause")
    return {
        concept: Concept(concept, zh, en, kind, sensitive == "yes", clause or None)
        for concept, zh, en, kind, sensitive, clause in zip(*(table[column] for column in columns), strict=True)
    }


def _companies(table: _Columns) -> tuple[dict[str, Company], dict[str, str]]:
    columns = ("id", "name", "short", "en", "former", "group", "domains")
    companies = {
        key: Company(key, name, short or None, _split(english), _split(former), group or None, _split(domains))
        for key, name, short, english, former, group, domains in zip(
            *(table[column] for column in columns), strict=True
        )
    }
    return companies, _names(table, "name", "en", "short", "former", "aliases")


def _sdks(table: _Columns) -> tuple[dict[str, Sdk], dict[str, str]]:
    columns = ("id", "name", "company", "category", "domains", "packages")
    sdks = {
        key: Sdk(key, name, company or None, category or None, _split(domains), _split(packages))
        for key, name, company, category, domains, packages in zip(*(table[column] for column in columns), strict=True)
    }
    return sdks, _names(table, "name", "aliases")


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _names(table: _Columns, *columns: str) -> dict[str, str]:
    """Folded name → id. Where rows contend for a name, the later row has it: the overlay's before the shipped."""
    names: list[str] = []
    owners: list[str] = []
    for owner, *cells in zip(table["id"], *(table[column] for column in columns), strict=True):
        own = [name for cell in cells for name in _split(cell)]
        names += own
        owners += [owner] * len(own)
    return _folded(names, owners)


def _classes(table: _Columns, column: str) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, dict[str, None]] = {}
    for name, word in zip(table[column], table["word"], strict=True):
        grouped.setdefault(name, {})[word] = None
    return {name: tuple(sorted(words, key=len, reverse=True)) for name, words in grouped.items()}


_PermissionMap = dict[str, tuple[str, ...]]
# What may follow a label that only names a thing (相机), beside 权限 itself.
_NOUN_ENDINGS = ("的权限", "访问权限", "使用权限", "功能权限", "功能")


# A label of several systems stands for the constants of the last of them, unless the notice says which system it means.
_SYSTEMS = ("ios", "harmonyos", "android")


def _permissions(table: _Columns) -> tuple[_PermissionMap, dict[str, Mapping[str, tuple[str, ...]]], frozenset[str]]:
    """The label maps for all systems and for each, and the labels that are permissions by context only."""
    by_system: dict[str, _PermissionMap] = {}
    constants: _PermissionMap = {}
    nouns: set[str] = set()
    joined: dict[str, tuple[str, ...]] = {cell: tuple(cell.split("|")) for cell in dict.fromkeys(table["permission"])}
    for cell, system, label, bare in zip(
        table["permission"], table["platform"], fold_all(table["label"]), table["bare"], strict=True
    ):
        names = joined[cell]
        labels = by_system.setdefault(system, {})
        stem = label.removesuffix("权限") or label
        labels[stem] = names
        labels[stem + "权限"] = names
        if bare == "yes":
            nouns.add(stem)
            for ending in _NOUN_ENDINGS:
                labels.setdefault(stem + ending, names)
    every = list(dict.fromkeys(name for names in joined.values() for name in names))
    constants.update(zip(fold_all(every), zip(every, strict=True), strict=True))
    # The short form of a constant is its last part; the platform's own constants win over a vendor's of the same name.
    for key, names in sorted(constants.items(), key=lambda pair: pair[0].startswith("android.permission.")):
        constants[key.rpartition(".")[2]] = names
    merged = dict(constants)
    for system in sorted(by_system, key=_SYSTEMS.index):
        merged.update(by_system[system])

    def of_system(own: _PermissionMap) -> Mapping[str, tuple[str, ...]]:
        return _Lazy(lambda: {**constants, **own})

    systems = {name: of_system(by_system[name]) for name in _SYSTEMS[:-1] if name in by_system}
    return merged, systems, frozenset(nouns)
