"""A normalised view of a document's text, with an offset map back to it.

Rules match on the view: half-width punctuation, simplified characters, no emphasis or link mark-up. Values are read from
the document, so they stay as the notice writes them. The text itself is never changed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from noticeparse.document.model import Document, Span
from noticeparse.document.radicals import RADICALS
from noticeparse.memo import Answers
from noticeparse.pattern import Pattern

# One character to one character, so that offsets stay. Full-width ASCII first, then the punctuation that notices use in
# place of it. Brackets of every make become round ones: notices mix and mismatch them freely.
_WIDTH: dict[int, str] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_WIDTH.update(
    {
        ord(char): plain
        for chars, plain in (
            ("\u3000\u00a0\u2002\u2003\u2009\u202f\ufeff\u200b\u200c\u200d\u2060", " "),
            ("【〔［｛〖﹝﹙[{", "("),
            ("】〕］｝〗﹞﹚]}", ")"),
            ("∶﹕︰", ":"),
            ("﹔", ";"),
            ("﹐", ","),
            ("､﹑", "、"),
            ("“”„‟″＂「」『』〝〞", '"'),
            ("‘’‛′＇", "'"),
            ("／∕⁄", "/"),
            ("｜│┃¦", "|"),
            ("－–—―‐‑‒−", "-"),
            ("．", "."),
            ("｡", "。"),
        )
        for char in chars
    }
)

# Radicals and compatibility ideographs: copied out of a PDF, ⽀ and ⻚ look like 支 and 页 but are other characters.
_WIDTH.update(RADICALS)
_WIDTH.update(
    {
        code: plain
        for code in range(0xF900, 0xFADA)
        if len(plain := normalize("NFKC", chr(code))) == 1 and plain != chr(code)
    }
)

_WIDTH_CHARACTERS = frozenset(map(chr, _WIDTH))
_MANY_ODD = 60

# Traditional characters that OpenCC's table leaves as they are.
_VARIANTS: dict[int, str] = {ord("暱"): "昵"}

# Each alternative begins with its character, so that the search passes over all others.
_EMPHASIS_REGEX = Pattern(
    r"\*\*{0,2}|_(?<![A-Za-z0-9_]_)_{0,2}(?=\S)|_(?<=\S_)_{0,2}(?![A-Za-z0-9_])|\\(?=[\\`*_{}\[\]()#+.!|>~-])"
)
_ADDRESS_REGEX = Pattern(r"(?:https?://|www\.)[!-~]*[A-Za-z0-9/=&?#%]", re.I)
_MD_LINK_REGEX = Pattern(r"\[([^\[\]]{0,400})\]\(([^()\s]{0,2000}(?:\s[^()]{0,200})?)\)", re.S)


class View:
    """The text that rules match on.

    Attributes:
        document: The document seen.
        text: Normalised text. Character ``i`` stands for ``document.text[offsets[i]]``.
        offsets: Document offset of each character of ``text``, strictly increasing.
        hidden: Document spans that are left out of ``text``: mark-up.
    """

    __slots__ = ("_identity", "document", "hidden", "offsets", "text")

    def __init__(self, document: Document) -> None:
        """Normalise a document's text.

        Args:
            document: What to look at.
        """
        self.document = document
        source = document.text
        text = plain_form(source)
        hidden = _hidden(document, source)
        self.hidden = tuple(hidden)
        self._identity = not hidden
        if hidden:
            kept: list[int] = []
            last = 0
            for start, end in hidden:
                kept.extend(range(last, start))
                last = max(last, end)
            kept.extend(range(last, len(source)))
            self.offsets: Sequence[int] = kept
            self.text = "".join([text[i] for i in kept])
        else:
            self.offsets = range(len(source))
            self.text = text

    def span(self, start: int, end: int) -> Span:
        """Document span of the view's run ``[start, end)``; an empty run maps to an empty span."""
        if self._identity:
            # The very numbers: a notice has some hundred thousand spans, and new ones would take three times the memory.
            return (start, end) if start < end else (min(start, len(self.text)),) * 2
        if end <= start:
            at = self.offsets[start] if start < len(self.offsets) else len(self.document.text)
            return at, at
        return self.offsets[start], self.offsets[end - 1] + 1

    def position(self, offset: int) -> int:
        """View position of the first kept character at or after a document offset."""
        if self._identity:
            return min(offset, len(self.offsets))
        return bisect_left(self.offsets, offset)

    def verbatim(self, start: int, end: int) -> str:
        """The notice's own characters of a run: mark-up left out, white space collapsed, line breaks closed up.

        A break between two Chinese characters or inside an address is dropped; any other white space is one blank.
        """
        source, offsets = self.document.text, self.offsets
        if isinstance(offsets, range):
            raw = source[start:end]
        elif start < end <= len(offsets) and offsets[end - 1] - offsets[start] == end - 1 - start:
            raw = source[offsets[start] : offsets[end - 1] + 1]  # no mark-up inside
        else:
            raw = "".join([source[i] for i in offsets[start:end]])
        return _collapsed[raw] if len(raw) <= _LONGEST_NAME else collapse(raw)


def collapse(text: str) -> str:
    """Collapse white space: a line break between or beside Chinese characters goes, other runs become one blank."""
    if text.isprintable() and "  " not in text:
        return text.strip()  # as nearly all are: quicker to tell than by the expression
    return _SPACE_REGEX.sub(_closed_up, text).strip()


_SPACE_REGEX = Pattern(
    r"[\s\u3000\u00a0\u200b\ufeff]{2,}|[\n\r\t\u3000\u00a0\u200b\ufeff\x0b\x0c\x1c-\x1f\x85\u2028\u2029]"
)


def _closed_up(match: re.Match[str]) -> str:
    if "\n" not in match.group() and "\r" not in match.group():
        return " "
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    if _is_wide(before) or _is_wide(after) or before in "-/=&?" or after in "-/=&?":
        return ""
    return " "


# Short texts alike are one object: the same few terms make up most of a notice's items.
_collapsed = Answers(collapse)


def _is_wide(char: str) -> bool:
    return bool(char) and (char >= "\u2e80" or char in "“”‘’")


def plain_form(text: str) -> str:
    """A text as rules see it: half-width, simplified, brackets and quotes of one make; of the same length.

    >>> plain_form("ＩＭＥＩ【可選】")
    'IMEI(可选)'

    Args:
        text: Any text.
    """
    return _plain_names[text] if len(text) <= _LONGEST_NAME else _plain_form(text)


def _plain_form(text: str) -> str:
    if _WIDTH_CHARACTERS.isdisjoint(text) and _plain_characters.issuperset(text):
        return text  # as most names are
    characters = set(text)
    odd = characters & _WIDTH_CHARACTERS
    if len(odd) > _MANY_ODD:
        return simplify(text.translate(_WIDTH))
    for char in odd:  # a handful in a notice: each replaced in one pass is far quicker than a look at every character
        plain = _WIDTH[ord(char)]
        text = text.replace(char, plain)
        characters.add(plain)
    return _simplified(text, characters - odd)


# Characters that were seen and need no look for a simplified form; nearly all of a notice's are among them soon.
_plain_characters: set[str] = set()
_MOST_PLAIN = 30_000


# Names are asked for again and again, whole notices are not.
_LONGEST_NAME = 64
_plain_names = Answers(_plain_form)


def simplify(text: str) -> str:
    """Traditional characters to simplified ones, one to one; loads OpenCC only for text that holds some.

    >>> simplify("騰訊計算機")
    '腾讯计算机'

    Args:
        text: Any text; the result has its length, so that offsets stay.
    """
    return _simplified(text, set(text))


def _simplified(text: str, characters: set[str]) -> str:
    """A text whose characters are known already."""
    odd = characters - _plain_characters
    if odd:
        simple = {char for char in odd if not "\u4e00" <= char <= "\u9fff" or _in_gb2312(char)}
        if len(_plain_characters) + len(simple) <= _MOST_PLAIN:
            _plain_characters.update(simple)
        odd -= simple
    if not odd:
        return text
    converter = _converter()
    # Whole first: some characters are simplified only within a word. It keeps lengths but for rare phrases.
    plain = str(converter.convert(text))
    if len(plain) == len(text):
        return plain.translate(_VARIANTS)
    table = _VARIANTS | {ord(char): one for char in odd if len(one := str(converter.convert(char))) == 1}
    return text.translate(table)


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _hidden(document: Document, source: str) -> list[Span]:
    """Spans of Markdown mark-up in plain text: emphasis, escapes, link brackets and the targets of titled links.

    HTML and Markdown documents are rendered before, so only plain text holds any.
    """
    if document.media_type != "text/plain" or not any(mark in source for mark in ("**", "](", "\\", "_")):
        return []
    spans: list[Span] = []
    links: list[Span] = []
    for match in _MD_LINK_REGEX.finditer(source):
        title = match.group(1).strip().strip("_*").strip()
        address = title.lower().startswith(("http", "www."))
        if not (
            match.group(2).lower().startswith(("http", "www", "/", "#", "mailto")) or (address and not match.group(2))
        ):
            continue
        links.append(match.span())
        if address and match.group(2):
            # The address is printed twice; the target is the one that html-to-text converters leave intact.
            spans.append((match.start(), match.start(2)))
            spans.append((match.end(2), match.end()))
        else:
            spans.append((match.start(), match.start(1)))
            spans.append((match.end(1), match.end()))
    # A star inside an address is part of it; one behind it is emphasis.
    links.extend(match.span() for match in _ADDRESS_REGEX.finditer(source))
    inside = iter(sorted(links))
    current = next(inside, None)
    for match in _EMPHASIS_REGEX.finditer(source):
        while current and current[1] <= match.start():
            current = next(inside, None)
        if current and current[0] <= match.start() < current[1]:
            continue
        if match.group().startswith("_") and not _lone_underscore(source, match):
            continue
        if match.group() == "*" and _is_bullet(source, match.start()):
            continue
        spans.append(match.span())
    spans.sort()
    return spans


def _lone_underscore(source: str, match: re.Match[str]) -> bool:
    """Whether an underscore is emphasis: a blank, a bracket or a Chinese character on its outer side."""
    before = source[match.start() - 1 : match.start()]
    after = source[match.end() : match.end() + 1]
    return (not before or before.isspace() or before in "[(*") or (not after or after.isspace() or after in "])*")


def _is_bullet(source: str, at: int) -> bool:
    line = source.rfind("\n", 0, at) + 1
    return not source[line:at].strip()
