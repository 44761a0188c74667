"""The numbers and bullets that Word draws before paragraphs; a file holds only how they are counted."""

from __future__ import annotations

import re

from docx.document import Document as DocxPackage
from docx.oxml.ns import qn
from lxml import etree
from msgspec import Struct

from noticeparse.document.lists import circled, han, ordinal
from noticeparse.pattern import Pattern

_VALUE = qn("w:val")
_PLACE_REGEX = Pattern(r"%([1-9])")
_HAN = ("chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "taiwaneseCounting")
_KINDS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_LEVELS = 9


class _Level(Struct):
    """How one level of a list is marked: the kind of number, the text around it, the first number."""

    kind: str
    text: str
    start: int


class ListCounter:
    """Counts the paragraphs of a document's lists, in the order of the text."""

    def __init__(self, package: DocxPackage) -> None:
        """Read how the lists are counted.

        Args:
            package: The opened file.
        """
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}  # id of a list → id of what it is made after
        self._overrides: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[str] = set()
        self._styles = _style_numbers(package.styles.element)
        root = _numbering(package)
        if root is not None:
            self._read(root)

    def _read(self, root: etree._Element) -> None:
        for abstract in root.iterfind(qn("w:abstractNum")):
            levels = {_number(level, qn("w:ilvl")): _level(level) for level in abstract.iterfind(qn("w:lvl"))}
            self._abstract[abstract.get(qn("w:abstractNumId"), "")] = levels
        for num in root.iterfind(qn("w:num")):
            name = num.get(qn("w:numId"), "")
            self._lists[name] = _value(num.find(qn("w:abstractNumId")))
            self._overrides[name] = {
                _number(change, qn("w:ilvl")): int(start)
                for change in num.iterfind(qn("w:lvlOverride"))
                if (start := _value(change.find(qn("w:startOverride")))).isdecimal()
            }

    def next_marker(self, properties: etree._Element | None) -> tuple[str, int]:
        """Count a paragraph by its properties; gives its marker, empty for one in no list, and its level from 0."""
        if properties is None:
            return "", 0
        own = properties.find(qn("w:numPr"))
        inherited = self._styles.get(_value(properties.find(qn("w:pStyle"))), ("", 0))
        name = (_value(own.find(qn("w:numId"))) if own is not None else "") or inherited[0]
        at = own.find(qn("w:ilvl")) if own is not None else None
        level = min(_number(at, _VALUE) if at is not None else inherited[1], _LEVELS - 1)
        abstract = self._lists.get(name)
        if abstract is None:
            return "", 0
        levels = self._abstract.get(abstract, {})
        shape = levels.get(level)
        if shape is None:
            return "•", level
        counts = self._count(name, abstract, level, shape)
        return _marker(shape, counts, levels), level

    def _count(self, name: str, abstract: str, level: int, shape: _Level) -> list[int | None]:
        """Lists made after the same pattern go on counting, unless one says where it starts."""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        if name not in self._started:
            self._started.add(name)
            for at, start in self._overrides.get(name, {}).items():
                if at < _LEVELS:
                    counts[at] = start - 1
        current = counts[level]
        counts[level] = shape.start if current is None else current + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        return counts


def _marker(shape: _Level, counts: list[int | None], levels: dict[int, _Level]) -> str:
    if shape.kind == "none":
        return ""
    if shape.kind == "bullet":
        return "•"

    def number(match: re.Match[str]) -> str:
        at = int(match.group(1)) - 1
        other = levels.get(at, shape)
        count = counts[at]
        return _written(other.start if count is None else count, other.kind)

    return _PLACE_REGEX.sub(number, shape.text).strip()


def _written(count: int, kind: str) -> str:
    if kind in _HAN:
        return han(count)
    if kind.startswith("decimalEnclosedCircle"):
        return circled(count)
    return ordinal(count, _KINDS.get(kind, "1"))


def _numbering(package: DocxPackage) -> etree._Element | None:
    for relation in package.part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            part = relation.target_part
            element = getattr(part, "element", None)
            return etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False)) if element is None else element
    return None


def _style_numbers(styles: etree._Element) -> dict[str, tuple[str, int]]:
    """The list and level that a style puts its paragraphs into, its base styles asked too."""
    own: dict[str, tuple[str, int]] = {}
    based: dict[str, str] = {}
    for style in styles.iterfind(qn("w:style")):
        name = style.get(qn("w:styleId"), "")
        based[name] = _value(style.find(qn("w:basedOn")))
        numbers = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if numbers is not None:
            level = numbers.find(qn("w:ilvl"))
            own[name] = (_value(numbers.find(qn("w:numId"))), 0 if level is None else _number(level, _VALUE))
    found: dict[str, tuple[str, int]] = {}
    for name in based:
        at, steps = name, 0
        while at and at not in own and steps < 20:
            at, steps = based.get(at, ""), steps + 1
        if at in own:
            found[name] = own[at]
    return found


def _level(element: etree._Element) -> _Level:
    start = _value(element.find(qn("w:start")))
    return _Level(
        kind=_value(element.find(qn("w:numFmt"))) or "decimal",
        text=_value(element.find(qn("w:lvlText"))),
        start=int(start) if start.isdecimal() else 1,
    )


def _value(element: etree._Element | None) -> str:
    return "" if element is None else str(element.get(_VALUE, ""))


def _number(element: etree._Element, name: str) -> int:
    value = str(element.get(name, ""))
    return int(value) if value.isdecimal() and len(value) < 6 else 0
