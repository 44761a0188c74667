"""XML in packages of Office: whether a part is safe for the parsers that read it later, and its elements one by one.

ECMA-376 Part 2 (Open Packaging Conventions), 9.1.4, forbids document types, and every encoding but UTF-8 and UTF-16. Those who
read a package parse whatever its relations point to, in every encoding that their library knows, and do not ask that a part
keeps to this. Hence no part may hold a document type as these two encodings write it, and each goes through expat first, which
knows these two and tells what a part declares: no other parser can find a document type where it found none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.parsers import expat  # nosec B407

from noticeparse.pattern import Pattern

# The import is safe: nothing that could declare an entity is left when expat is asked.

_SUFFIXES = (".xml", ".rels")
_ENCODINGS = frozenset({"utf-8", "utf-16", "us-ascii"})
_WRITTEN = ("ascii", "utf-16-le", "utf-16-be")
_TYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in _WRITTEN)
_ENTITIES = tuple("<!ENTITY".encode(encoding) for encoding in _WRITTEN)
# How XML begins in UTF-32, whatever the order of its bytes, and in EBCDIC (XML 1.0, appendix F).
_RARE = (b"\0\0\0<", b"<\0\0\0", b"\0\0<\0", b"\0<\0\0", b"\0\0\xfe\xff", b"\xff\xfe\0\0", b"Lo\xa7\x94")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# What becomes an object of some 600 bytes, or takes 75 µs, whatever the prefix of its name.
_LARGE_REGEX = Pattern(rb"<(?:[\w.-]{1,40}:)?(tc|c|xf|mergeCell)[\s/>]")
_RARE_ENCODING = "is in an encoding that the format does not allow"


def check_part(name: str, part: bytes) -> str | None:
    """Look through a part of a package.

    Text, structure and relations are in parts that are XML by their names. Others may be anything (a picture, a page, an old
    drawing that is not well-formed), but no XML that declares entities.

    Args:
        name: The part's name in the package.
        part: Its bytes.

    Returns:
        Why it is refused; ``None`` for a good one.
    """
    must = name.lower().endswith(_SUFFIXES)
    if part.startswith(_RARE):
        return _RARE_ENCODING
    if not must and not _begins_as_xml(part):
        return None
    if any(mark in part for mark in (_TYPES if must else _ENTITIES)):
        return "declares a document type" if must else "declares entities"
    declared: list[str] = []
    parser = expat.ParserCreate()
    parser.XmlDeclHandler = lambda version, encoding, standalone: declared.append(encoding or "utf-8")
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the last two: of encodings that it does not know
        fault = f"is no XML: {error}"
    else:
        fault = ""
    if declared and declared[0].lower() not in _ENCODINGS:
        return f"{_RARE_ENCODING}: {declared[0][:40]}"
    return (fault or None) if must else None


def size_of_tree(part: bytes) -> int:
    """About what a library makes of a part, in tags and attributes: a cell or format counts thrice, merged cells twentyfold.

    Args:
        part: Bytes that :func:`check_part` has found good.
    """
    if not _begins_as_xml(part):
        return 0
    narrow = part.replace(b"\0", b"") if b"\0" in part else part  # UTF-16
    large = sum(19 if found[1] == b"mergeCell" else 2 for found in _LARGE_REGEX.finditer(narrow))
    return narrow.count(b"<") + narrow.count(b"=") + large


def each_element(part: bytes, told: Callable[[str, dict[str, str]], Any]) -> None:
    """Go through the elements of a part, as far as it is XML.

    Args:
        part: Bytes that :func:`check_part` has found good.
        told: Called with the name of each, without its prefix, and with its attributes.
    """
    if not _begins_as_xml(part):
        return
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: told(name.rpartition(":")[2], attributes)
    try:
        parser.Parse(part, True)
    except expat.ExpatError:
        return  # where it stops, every parser does


def _begins_as_xml(part: bytes) -> bool:
    start = part[:1000]
    for mark in _BOMS:
        start = start.removeprefix(mark)
    return start.replace(b"\0", b"").lstrip().startswith(b"<")
