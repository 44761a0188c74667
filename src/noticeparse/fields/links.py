"""Links of a field: the address that is printed, or the one behind a title."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

from noticeparse.document.view import View
from noticeparse.lexicon.load import Lexicon
from noticeparse.pattern import Pattern
from noticeparse.records import Link, Span

_URL_REGEX = Pattern(
    r"(?i:https?://|www\.)[^\s<>\"'\u3000-\u303f\u4e00-\u9fff、。;,()]*(?:\([^\s()]*\)[^\s<>\"()]*)*[^\s<>\"\u4e00-\u9fff、。()]*"
)
_LONGEST_TITLE_PATH = 32  # up to the word that such a title holds
# The path of an address may be a title in Chinese (…/某某SDK隐私保护声明), up to the word for the kind of document.
_TITLE_PATH_REGEX = Pattern(
    r"(?<=[/A-Za-z0-9_-])[\u4e00-\u9fffA-Za-z0-9_-]{0,30}(?:隐私|保护)[\u4e00-\u9fff]{0,8}(?:声明|政策|协议|条款|指引|说明|规则)(?:\.[a-z]{2,5})?(?=[\s,;。)]|$)"
)
_BROKEN_REGEX = Pattern(r"(?<=[-/=&?_%])[ \t]*\n[ \t]*(?=[\w%#?&=/.-])")
# A line break may stand in the title, and in the address where it could be cut.
_MD_LINK_REGEX = Pattern(
    r"\[([^\[\]]{0,400})\]\(\s*+([^\s)]{1,2000}+(?:(?<=[-/=&?_%])[ \t]*+\n[ \t]*+[^\s)]{1,2000}+){0,4}+)\s*+\)"
)
_TRAIL = ".,;:!?'\"*_\\、。；，>)"


def read_links(view: View, start: int, end: int) -> list[Link]:
    """Links in a run, in order: hyperlinks of the source format, links of Markdown, printed addresses.

    ``https://a.example/p``, ``<https://a.example/p>``, ``[隐私政策](https://a.example/p)``, an address that a line break
    cuts behind ``-`` or ``/``. A hyperlink's address counts even where the text prints another.

    Args:
        view: The notice.
        start: View position.
        end: View position behind the run.
    """
    marks = _marks(view, start, end)
    if marks:
        return marks
    titled = _titled(view, start, end)
    if titled:
        return titled
    return _printed(view, start, end)


def _marks(view: View, start: int, end: int) -> list[Link]:
    links = view.document.links
    if not links:
        return []
    first, last = view.span(start, end)
    index = bisect_left(links, first, key=lambda link: link.span[0])
    found = []
    while index < len(links) and links[index].span[0] < last:
        mark = links[index]
        text = view.document.text[slice(*mark.span)]
        if mark.span[1] > mark.span[0]:
            found.append(Link(" ".join(text.split()), mark.span, mark.url.strip()))
        index += 1
    return found


def _titled(view: View, start: int, end: int) -> list[Link]:
    """Markdown links in plain text; their mark-up is hidden from the view, so the source is read."""
    first, last = view.span(start, end)
    source = view.document.text
    if view.document.media_type != "text/plain" or "](" not in source[first : last + 400]:
        return []
    opening = source.rfind("[", max(0, first - 4), first + 1)
    found = []
    for match in _MD_LINK_REGEX.finditer(source, opening if opening >= 0 else first, min(len(source), last + 2000)):
        if match.start() >= last:
            break
        title, url = match.group(1).strip(" _*"), "".join(match.group(2).split())
        if not url.startswith(("http", "www")):
            continue
        shown = match.span(2) if title.startswith(("http", "www")) or not title else match.span(1)
        span = (shown[0], shown[1])
        text = source[span[0] : span[1]]
        found.append(Link(" ".join(text.split()), span, _without_closer(url.rstrip("_*"))))
    return found


def _without_closer(url: str) -> str:
    """An address without a closing bracket that is not its own: ``https://a.example/p）``."""
    while url.endswith(("）", ")")) and not _balanced(url):
        url = url[:-1]
    return url


def _printed(view: View, start: int, end: int) -> list[Link]:
    text = view.text[start:end]
    breaks = list(_BROKEN_REGEX.finditer(text)) if "\n" in text else []
    kept: Sequence[int] = range(len(text))
    closed = text
    if breaks:
        places: list[int] = []
        last = 0
        for gap in breaks:
            if "http" in text[max(0, gap.start() - 300) : gap.start()]:
                places.extend(range(last, gap.start()))
                last = gap.end()
        places.extend(range(last, len(text)))
        kept, closed = places, "".join([text[i] for i in places])
    found = []
    for match in _URL_REGEX.finditer(closed):
        stop = _address_end(closed, match.start(), match.end())
        if stop - match.start() < 8:
            continue
        title = _title_path(closed, stop) if "/" in closed[match.start() + 8 : stop] else None
        stop = title.end() if title else stop
        span = view.span(start + kept[match.start()], start + kept[stop - 1] + 1)
        source = view.document.text[slice(*span)]
        url = _original(view, start, kept[match.start() : stop])
        found.append(Link("".join(source.split()) if "\n" in source else source, span, url))
    return found


def _address_end(text: str, start: int, end: int) -> int:
    """Where an address ends that punctuation follows; a closing bracket whose partner is in the address is its own."""
    unclosed = text.count("(", start, end) - text.count(")", start, end)
    while end > start and text[end - 1] in _TRAIL and not (text[end - 1] == ")" and not unclosed):
        end -= 1
        unclosed += text[end] == ")"
    return end


def _title_path(text: str, at: int) -> re.Match[str] | None:
    """A title in Chinese that goes on with an address."""
    following = text[at : at + _LONGEST_TITLE_PATH]
    if "隐私" not in following and "保护" not in following:
        return None  # nearly always
    return _TITLE_PATH_REGEX.match(text, at)


def _original(view: View, start: int, places: Sequence[int]) -> str:
    """The address in the notice's own characters."""
    source, offsets = view.document.text, view.offsets
    if isinstance(offsets, range) and isinstance(places, range):  # nothing is left out
        return source[start + places.start : start + places.stop]
    return "".join([source[offsets[start + place]] for place in places])


def _balanced(url: str) -> bool:
    return url.endswith(")") and url.count("(") == url.count(")")


def link_kind(link: Link, lexicon: Lexicon) -> Literal["privacy_policy", "website"]:
    """Which link a label that says neither means: told by the words in the address."""
    words = f"{link.url or ''} {link.text}".casefold()
    hints = lexicon.words.get("link_policy_hint", ())
    return "privacy_policy" if any(hint in words for hint in hints) else "website"


def title_link(view: View, span: Span) -> Link:
    """A link of which only the title stands in the text."""
    return Link(view.verbatim(*span), view.span(*span), None)
