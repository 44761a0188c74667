"""A notice between layout and format: blocks of text, with nothing of a format in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Format = Literal["txt", "md", "html"]
FORMATS: tuple[Format, ...] = ("txt", "md", "html")


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text; ``href`` is where it leads, ``strong`` sets it off where the format can."""

    text: str
    href: str | None = None
    strong: bool = False


Line = tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the notice's title."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines right below each other."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A bulleted list."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Pairs of a term and what it stands for."""

    pairs: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell; ``rows`` is how many rows it spans, ``header`` whether it names a column or row."""

    line: Line
    rows: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table. A row lacks the cells that a cell above spans."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows with tabs between the cells, as copied from a spreadsheet."""

    rows: tuple[tuple[Line, ...], ...]


Block = Heading | Lines | Bullets | Terms | Table | Sheet


@dataclass(frozen=True, slots=True)
class Entry:
    """One disclosure in words.

    Attributes:
        number: Its place, from 1.
        values: Field → value, in the order of the writer, stated fields only.
        labels: Field → label, for all fields.
    """

    number: int
    values: Mapping[str, Line]
    labels: Mapping[str, str]

    @property
    def name(self) -> str:
        """The field that names the entry: the SDK, else the provider, else the kind of recipient."""
        return next((name for name in ("sdk", "provider", "recipient_category") if name in self.values), "")

    def without(self, *names: str) -> list[tuple[str, Line]]:
        """Label and value of each stated field but those named."""
        return [(self.labels[name], value) for name, value in self.values.items() if name not in names]


@dataclass(frozen=True, slots=True)
class Layout:
    """A way of laying out entries.

    Attributes:
        about: What it looks like, in a few words.
        build: Entries to blocks.
        formats: The formats that can show it.
        states: The fields that it has a place for; ``None`` for all.
    """

    about: str
    build: Callable[[Sequence[Entry]], list[Block]]
    formats: tuple[Format, ...] = FORMATS
    states: frozenset[str] | None = field(default=None)
