"""What a notice says of itself: title, app, when it was updated and when it takes effect."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from msgspec import Struct

from noticeparse.document.view import View
from noticeparse.layout.labels import label_grammar
from noticeparse.layout.lines import Line, trim
from noticeparse.lexicon.load import Lexicon
from noticeparse.pattern import Pattern
from noticeparse.records import Span

_TITLE_REGEX = Pattern(r"(?:清单|目录|说明|列表|政策|声明|协议|条款|指引|信息表|情形|名单|明细|公示)\)?$")
_SHARING_REGEX = Pattern(r"第三方|SDK|API|共享|合作|三方|委托|外部", re.I)
_TOPIC_REGEX = Pattern(r"第三方|三方|SDK|API|共享|合作|委托|外部|隐私|个人信息|权限|Cookie|third.party", re.I)
_BROKEN_REGEX = Pattern(r"[。;,|\t]|以下|^【")
_NO_TITLE_REGEX = Pattern(rf"{_BROKEN_REGEX.pattern}|:|^(?:我们|为了?|您|本|如)|如下|包括$")
_LABELLED_REGEX = Pattern(r"([^:]{1,16}):|【([^】]{2,16})】")
# Each part of a date may stand in brackets of its own, as forms print it.
_DATE = (
    r"\(?\s?(?:\d{4}|[〇零○一二三四五六七八九]{4})\s?\)?\s?[年./-]\s?\(?\s?[\d一二三四五六七八九十]{1,3}\s?\)?"
    r"(?:\s?[月./-]\s?\(?\s?[\d一二三四五六七八九十]{1,3}\s?\)?(?:\s?日)?|\s?月)"
)
_YEAR_ENDS = "年./-"
# What every date has; the expressions for dates are only tried around it.
_YEAR_REGEX = Pattern(r"[\d〇零○一二三四五六七八九]{4}\s?\)?\s?[年./-]")
_AROUND = 80  # characters before and behind a year that a date and its label take up
_LABELLED_DATE_REGEX = Pattern(
    r"(?P<kinds>(?:(?:更新|修订|修改|发布|公布|生效|施行|实施|(?i:last updated?|updated?|effective))(?:日期|时间|日)?[/、及与和]?){1,3})"
    rf"(?:日期|时间|于|日|版本|(?i: date))?\s{{0,3}}[:为是]?\s{{0,3}}(?P<date>{_DATE})"
)
_DATED_REGEX = Pattern(
    rf"(?P<date>{_DATE})\s?(?:起|开始|正式|最近|最后)*(?P<kinds>更新|修订|发布|生效|施行|实施|版本?(?!\d))"
)
_KINDS = (
    ("effective", Pattern(r"生效|施行|实施|effective", re.I)),
    ("updated", Pattern(r"更新|修订|修改|updated?", re.I)),
    ("issued", Pattern(r"发布|公布|版")),
)
# No ^ here: a pattern that is matched from a position on has its beginning there, and ^ means that of the text.
_APP_REGEX = Pattern(
    r"[《\"]?(?P<app>[^\s《》\":,。()|]{2,20}?)[》\"]?\s?(?:APP|应用|客户端|平台|软件|小程序)?\s?(?:的|之|与|和|接入|外部|使用|嵌入|集成|涉及)?\s?"
    r"(?:外部SDK|外部|第三方|三方|SDK|合作方|合作|用户隐私|个人信息|隐私|共享|信息|已接入|接入|使用|涉及|如何|权限|Cookie|服务中|插件)",
    re.I,
)
_QUOTED_APP_REGEX = Pattern(r"[《\"](?P<app>[^《》\"]{2,16})[》\"]?(?:APP|App|app|客户端|应用程序|隐私)")
_INTRODUCED_APP_REGEX = Pattern(
    r"(?:为(?:了)?保障|欢迎(?:您|你)?使用|在(?:您|你)使用|感谢(?:您|你)使用)"
    r"[《\"(]?(?P<app>[^\s《》\":,。、;()]{2,16}?)[》\")]?\s?(?:APP|App|app|客户端|小程序)"
)
_NO_APP_REGEX = Pattern(
    r"接入|使用|关于|我们|个人信息|内嵌|嵌入|集成|涉及|附[件录表]|本|该|此|您|你|移动|手机|[一二三四五六七八九十]+、|其他|用户|以下|收集|向|将|APP?$|APP申请|功能|提供|[)）》】,，]",
    re.I,
)


class Front(Struct, frozen=True):
    """Spans of the view; dates as written."""

    title: Span | None
    app: Span | None
    updated: str | None
    effective: str | None


def read_front(view: View, lines: Sequence[Line], lexicon: Lexicon) -> Front:
    """Read title, app and dates from headings and the first lines.

    The title is the nearest heading or short first line that names a list, a notice or a policy.

    Args:
        view: The notice.
        lines: All its lines.
        lexicon: Vocabulary, for the labels.
    """
    title = _title(view, lines, lexicon)
    updated, effective = _dates(view)
    return Front(title, _app(view, title), updated, effective)


def _title(view: View, lines: Sequence[Line], lexicon: Lexicon) -> Span | None:
    first = _first_title(view, lines, lexicon)
    if first is not None:
        return first
    candidates: list[Span] = []
    for heading in view.document.headings[:40]:
        candidates.append(trim(view.text, view.position(heading.span[0]), view.position(heading.span[1])))
    seen = 0
    for line in lines:
        if line.blank:
            continue
        seen += 1
        if seen > 12:
            break
        candidates.append(_before_date(view.text, trim(view.text, line.content, line.end)))
    fallback: Span | None = None
    for span in candidates:
        if span[0] < span[1]:
            span = _unquoted(view.text, span)
        words = view.text[slice(*span)]
        if not 4 <= len(words) <= 40 or _BROKEN_REGEX.search(words) or not _TITLE_REGEX.search(words):
            continue
        if _SHARING_REGEX.search(words):
            return span
        fallback = fallback or span
    return fallback


def _first_title(view: View, lines: Sequence[Line], lexicon: Lexicon) -> Span | None:
    """The first heading, or the first line where there is none, if it speaks of sharing or privacy and is no sentence.

    A line with labels right below it is the first entry's heading.
    """
    text = view.text
    if view.document.headings:
        start, end = view.document.headings[0].span
        span, below = trim(text, view.position(start), view.position(end)), ""
    else:
        solid = list(islice((line for line in lines if not line.blank), 2))
        if len(solid) < 2 or solid[0].marker:
            return None
        span = _before_date(text, trim(text, solid[0].content, solid[0].end))
        below = text[solid[1].content : solid[1].end]
        if _may_hold_date(below) and _LABELLED_DATE_REGEX.match(below):
            below = ""
    words = text[slice(*span)]
    if not 4 <= len(words) <= 40 or _NO_TITLE_REGEX.search(words) or not _TOPIC_REGEX.search(words):
        return None
    label = _LABELLED_REGEX.match(below)
    heads = label is not None and label_grammar(lexicon).read(label.group(1) or label.group(2)) is not None
    return None if heads and not _TITLE_REGEX.search(words) else _unquoted(text, span)


def _before_date(text: str, span: Span) -> Span:
    """``某某第三方SDK目录 更新时间:2024年5月15日``: the title ends where the date's label begins."""
    match = _LABELLED_DATE_REGEX.search(text, *span) if _may_hold_date(text[slice(*span)]) else None
    return span if match is None else trim(text, span[0], match.start(), also="(最近后本版")


def _may_hold_date(words: str) -> bool:
    return any(mark in words for mark in _YEAR_ENDS)


def _unquoted(text: str, span: Span) -> Span:
    """``《第三方信息共享清单》`` without its marks; those around the app's name alone stay."""
    start, end = span
    whole = text[start] == "《" and text[end - 1] == "》" and text.count("》", start, end) == 1
    return (start + 1, end - 1) if whole else span


def _app(view: View, title: Span | None) -> Span | None:
    if title is not None:
        match = _APP_REGEX.match(view.text, *title)
        if match and _is_app(match.group("app")):
            return match.span("app")
    for regex in (_QUOTED_APP_REGEX, _INTRODUCED_APP_REGEX):
        match = regex.search(view.text, 0, 3000)
        if match and _is_app(match.group("app")):
            return match.span("app")
    return None


def _is_app(words: str) -> bool:
    return not _SHARING_REGEX.search(words) and not _NO_APP_REGEX.match(words)


def _dates(view: View) -> tuple[str | None, str | None]:
    """When the notice was updated and when it takes effect; the day of its issue where no update is told."""
    found: dict[str, str] = {}
    for zone in ((0, 4000), (max(4000, len(view.text) - 1500), len(view.text))):
        places = _around_years(view.text, *zone)
        for regex in (_LABELLED_DATE_REGEX, _DATED_REGEX):
            for match in (match for place in places for match in regex.finditer(view.text, *place)):
                for kind, words in _KINDS:
                    if words.search(match.group("kinds")):
                        found.setdefault(kind, view.verbatim(*match.span("date")))
    return found.get("updated") or found.get("issued"), found.get("effective")


def _around_years(text: str, start: int, end: int) -> list[Span]:
    """Places of a text that may hold dates, in order and apart."""
    places: list[Span] = []
    for match in _YEAR_REGEX.finditer(text, start, end):
        first, behind = max(start, match.start() - _AROUND), min(end, match.end() + _AROUND)
        if places and first <= places[-1][1]:
            first = places.pop()[0]
        places.append((first, behind))
    return places
