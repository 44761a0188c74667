"""Characters of a PDF page to lines, and lines to paragraphs: a PDF knows neither, only where each glyph stands."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from operator import attrgetter

from msgspec import Struct, field

from noticeparse.document.radicals import RADICALS
from noticeparse.pattern import Pattern

LinkRun = tuple[int, int, str]

# A glyph for two letters is two letters. Bullets of symbol fonts come out as characters of the private use area.
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_GLYPHS = RADICALS | _LIGATURES | dict.fromkeys(map(ord, "\uf06c\uf06e\uf075\uf0a7\uf0b7\uf0d8\uf0fc\uf09f"), "•")
_MARKER_REGEX = Pattern(
    r"[•·●○◦▪▫■□◆◇★☆►▶➤➢※✓√]|[-–*][ \t]|[①-⑳⑴-⒛❶-❿㈠-㈩]|[(（][0-9一二三四五六七八九十]{1,3}[)）]"
    r"|[0-9]{1,3}(?:[.．][0-9]{1,3}){0,4}[.．、)）](?![0-9])|[0-9]{1,2}(?:\.[0-9]{1,2}){1,4}[ \t]|第?[一二三四五六七八九十]{1,3}[、章条节]"
)
_LABEL_REGEX = Pattern(r"[^\s：:。，,.；;、!！?？(（)）]{2,20}(?:[(（][^()（）]{1,12}[)）])?[：:](?!//)")
_URL_REGEX = Pattern(r"https?:|www\.", re.I)
_LONGEST_URL = 2000
# Room at the end of a full line, in characters, that some programs leave unused: where nothing else tells a paragraph's
# end, and where the distance of lines does.
_TIGHT, _USUAL, _LOOSE = 0.6, 1.6, 3.0
_CLOSING = frozenset("，。；：、！？）】》」』”’…,.;:!?)]}")
_WIDE_FROM = "\u2e80"
_ELLIPSES = "“”‘’…—·"


class Char(Struct, gc=False):
    """A character as it stands on the page, in points from its upper left corner.

    Attributes:
        text: What it stands for, several letters for a ligature.
        size: Font size.
        upright: Whether it stands as one does that is not turned.
        url: Address of the link that it stands under, ``""`` for none.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    upright: bool
    url: str = ""

    @property
    def across(self) -> float:
        """How far its middle is from the left."""
        return (self.x0 + self.x1) / 2

    @property
    def down(self) -> float:
        """How far its middle is from above."""
        return (self.top + self.bottom) / 2


class TextLine(Struct):
    """A line as it stands on the page, in points from its upper left corner.

    Attributes:
        text: Its words.
        links: Runs of it that are links: start, end, address.
        lead: Width of its first piece that cannot be broken: a word, an address, one Chinese character.
        size: Font size of most of it.
        cut: Whether a page break cut what it stands in off from the line before.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    lead: float
    page: int = 0
    cut: bool = False
    links: list[LinkRun] = field(default_factory=list)


class Paragraph(Struct):
    """Lines that were joined, and the room above it in units of the usual distance of lines.

    Attributes:
        parts: Its words in pieces; joining them again for each line would take time by the square of their number.
        size: Their length.
        end: The last characters of them.
    """

    room: float
    parts: list[str] = field(default_factory=list)
    links: list[LinkRun] = field(default_factory=list)
    size: int = 0
    end: str = ""

    def add(self, words: str) -> None:
        """Go on with these words."""
        self.parts.append(words)
        self.size += len(words)
        self.end = (self.end + words)[-_LONGEST_URL:]

    def add_line(self, line: TextLine) -> None:
        """Go on with a line and its links."""
        shift = self.size
        self.add(line.text)
        for start, end, url in line.links:
            _extend(self.links, start + shift, end + shift, url)


def read_lines(chars: Iterable[Char], page: int) -> list[TextLine]:
    """Group characters into lines, from above to below.

    Args:
        chars: Characters of a page or cell.
        page: Number of the page.
    """
    rows: list[list[Char]] = []
    middle = 0.0
    for char in sorted(chars, key=attrgetter("down")):
        at = char.down
        if rows and at - middle <= 0.5 * max(char.size, 4.0):
            rows[-1].append(char)
        else:
            rows.append([char])
            middle = at
    lines = [_line(sorted(row, key=attrgetter("x0")), page) for row in rows]
    return [line for line in lines if line is not None]


def _line(chars: Sequence[Char], page: int) -> TextLine | None:
    parts: list[str] = []
    links: list[LinkRun] = []
    at = 0
    kept: list[Char] = []
    for char in chars:
        words = char.text.translate(_GLYPHS)
        before = kept[-1] if kept else None
        if not words.strip():
            if parts and parts[-1] != " ":
                parts.append(" ")
                at += 1
            continue
        if before is not None:
            gap = char.x0 - before.x1
            if words == before.text and abs(char.x0 - before.x0) < 0.12 * char.size:
                continue  # printed twice, to look bold
            narrow = not is_wide(words[0]) and not is_wide(before.text[-1])
            if gap > (0.2 if narrow else 1.0) * char.size and parts[-1] != " ":
                parts.append(" ")
                at += 1
        kept.append(char)
        if char.url:
            _extend(links, at, at + len(words), char.url)
        parts.append(words)
        at += len(words)
    if not kept:
        return None
    text = "".join(parts)
    sizes = sorted(char.size for char in kept)
    return TextLine(
        text=text.rstrip(),
        x0=kept[0].x0,
        x1=max(char.x1 for char in kept),
        top=min(char.top for char in kept),
        bottom=max(char.bottom for char in kept),
        size=sizes[len(sizes) // 2] or 1.0,
        lead=_lead(kept),
        page=page,
        links=links,
    )


def _extend(links: list[LinkRun], start: int, end: int, url: str) -> None:
    if links and links[-1][2] == url and start - links[-1][1] <= 1:
        links[-1] = (links[-1][0], end, url)
    else:
        links.append((start, end, url))


def _lead(chars: Sequence[Char]) -> float:
    """Width of the first piece of a line that could not have stood on the line before in part."""
    end = chars[0].x1
    wide = is_wide(chars[0].text[0])
    for before, char in itertools.pairwise(chars):
        first = char.text[0]
        apart = char.x0 - before.x1 > 0.2 * char.size
        if apart or (first not in _CLOSING and (wide or is_wide(first))):
            break
        end = char.x1
    return end - chars[0].x0


def join_lines(lines: Sequence[TextLine], right: float) -> list[Paragraph]:
    """Join the lines that the width of the page or cell has cut.

    Args:
        lines: Lines in order, of one column, perhaps of several pages.
        right: Where its lines end at most.
    """
    steps = sorted(b.top - a.top for a, b in itertools.pairwise(lines) if a.page == b.page and b.top > a.top)
    # The usual distance of lines: a low one of all, since paragraphs may stand further apart.
    pitch = steps[len(steps) // 5] if steps else 0.0
    # Where many do, lines that stand close are of one paragraph, and how full they are needs no close look.
    spaced = bool(steps) and steps[-1 - len(steps) // 5] > 1.2 * pitch
    found: list[Paragraph] = []
    before: TextLine | None = None
    for line in lines:
        if before is not None and _goes_on(before, line, right, pitch, spaced=spaced):
            if _needs_blank(found[-1].end, line.text, before):
                found[-1].add(" ")
        else:
            same = before is not None and before.page == line.page
            found.append(Paragraph((line.top - before.top) / pitch if before is not None and same and pitch else 1.0))
        found[-1].add_line(line)
        before = line
    return found


def _goes_on(before: TextLine, line: TextLine, right: float, pitch: float, *, spaced: bool) -> bool:
    """Whether a line goes on with the one before: what it begins with had no room there."""
    if line.cut:
        return (
            not _MARKER_REGEX.match(line.text) and not _LABEL_REGEX.match(line.text) and before.text[-1] not in "。；;"
        )
    size = max(before.size, line.size)
    room = (right - before.x1 - line.lead) / size  # negative where it had none
    if room > (_LOOSE if spaced else _TIGHT) or abs(before.size - line.size) > 0.12 * size:
        return False
    if before.page == line.page and pitch and line.top - before.top > 1.2 * pitch:
        return False
    marker = _MARKER_REGEX.match(line.text)
    if _ends_in_address(before.text):
        if is_wide(line.text[0]):  # an address mostly ends what is said
            return line.text[0] in _CLOSING
        words = line.text[: marker.end() + 1] if marker else ""
        listed = not words.isascii() or words[-1:] == " "
        return room <= _TIGHT and not listed and not _LABEL_REGEX.match(line.text)
    if marker or (_LABEL_REGEX.match(line.text) and not (spaced and room <= _USUAL)):
        return False
    indented = line.x0 > before.x0 + 1.2 * size
    return not indented or bool(_MARKER_REGEX.match(before.text))


def _needs_blank(text: str, following: str, before: TextLine) -> bool:
    """Whether the line break stands for a blank: between two words, but not inside an address or a constant."""
    last, first = text[-1], following[0]
    if is_wide(last) or is_wide(first) or last in "/_-=&?#" or first in "/_=&?#":
        return False
    if _ends_in_address(text):
        return False
    return " " in before.text or any(map(is_wide, before.text))


def _ends_in_address(text: str) -> bool:
    """Whether the last word is, or holds, an address, which may go on in the next line."""
    end = text[-_LONGEST_URL:]
    return not end[-1:].isspace() and bool(_URL_REGEX.search(end.rsplit(None, 1)[-1] if end else ""))


def is_wide(char: str) -> bool:
    """Whether a character stands in a line without blanks around it, as Chinese ones do."""
    return char >= _WIDE_FROM or char in _ELLIPSES
