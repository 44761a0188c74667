"""What a notice says of itself: title, app, when it was updated and when it takes effect."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from noticeparse.document.view import View
from noticeparse.layout.lines import Line, trim
from noticeparse.records import Span

_TITLE_REGEX = re.compile(r"(?:清单|目录|说明|列表|政策|声明|协议|条款|指引|信息表|情形|名单|明细|公示)\)?$")
_SHARING_REGEX = re.compile(r"第三方|SDK|API|共享|合作|三方|委托|外部", re.I)
# Each part of a date may stand in brackets of its own, as forms print it.
_DATE = (
    r"\(?\s?(?:\d{4}|[〇零○一二三四五六七八九]{4})\s?\)?\s?[年./-]\s?\(?\s?[\d一二三四五六七八九十]{1,3}\s?\)?"
    r"(?:\s?[月./-]\s?\(?\s?[\d一二三四五六七八九十]{1,3}\s?\)?(?:\s?日)?|\s?月)"
)
_LABELLED_DATE_REGEX = re.compile(
    r"(?P<kinds>(?:(?:更新|修订|修改|发布|公布|生效|施行|实施|last updated?|updated?|effective)(?:日期|时间|日)?[/、及与和]?){1,3})"
    rf"(?:日期|时间|于|日|版本| date)?\s{{0,3}}[:为是]?\s{{0,3}}(?P<date>{_DATE})",
    re.I,
)
_DATED_REGEX = re.compile(
    rf"(?P<date>{_DATE})\s?(?:起|开始|正式|最近|最后)*(?P<kinds>更新|修订|发布|生效|施行|实施|版本?(?!\d))"
)
_KINDS = (
    ("effective", re.compile(r"生效|施行|实施|effective", re.I)),
    ("updated", re.compile(r"更新|修订|修改|updated?", re.I)),
    ("issued", re.compile(r"发布|公布|版")),
)
_APP_REGEX = re.compile(
    r"^[《\"]?(?P<app>[^\s《》\":,。()]{2,20}?)[》\"]?(?:APP|App|app|应用|客户端|平台|软件)?(?:的|之|接入|外部|使用|嵌入|集成|涉及)?"
    r"(?:外部SDK|外部|第三方|三方|SDK|合作方|个人信息|隐私|共享|已接入|接入)"
)
_QUOTED_APP_REGEX = re.compile(r"[《\"](?P<app>[^《》\"]{2,16})[》\"]?(?:APP|App|app|客户端|应用程序|隐私)")
_INTRODUCED_APP_REGEX = re.compile(
    r"(?:为(?:了)?保障|欢迎(?:您|你)?使用|在(?:您|你)使用|感谢(?:您|你)使用)"
    r"[《\"(]?(?P<app>[^\s《》\":,。、;()]{2,16}?)[》\")]?\s?(?:APP|App|app|客户端|小程序)"
)
_NO_APP_REGEX = re.compile(
    r"接入|使用|关于|我们|个人信息|内嵌|嵌入|集成|涉及|附[件录表]|本|该|此|您|你|移动|手机|[一二三四五六七八九十]+、|其他"
)


@dataclass(frozen=True, slots=True)
class Front:
    """Spans of the view; dates as written."""

    title: Span | None
    app: Span | None
    updated: str | None
    effective: str | None


def read_front(view: View, lines: Sequence[Line]) -> Front:
    """Read title, app and dates from headings and the first lines.

    The title is the nearest heading or short first line that names a list, a notice or a policy.

    Args:
        view: The notice.
        lines: All its lines.
    """
    title = _title(view, lines)
    updated, effective = _dates(view)
    return Front(title, _app(view, title), updated, effective)


def _title(view: View, lines: Sequence[Line]) -> Span | None:
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
        if not 4 <= len(words) <= 40 or "。" in words or not _TITLE_REGEX.search(words):
            continue
        if _SHARING_REGEX.search(words):
            return span
        fallback = fallback or span
    return fallback


def _before_date(text: str, span: Span) -> Span:
    """``某某第三方SDK目录 更新时间:2024年5月15日``: the title ends where the date's label begins."""
    match = _LABELLED_DATE_REGEX.search(text, *span)
    return span if match is None else trim(text, span[0], match.start(), also="(最近后本版")


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
        for regex in (_LABELLED_DATE_REGEX, _DATED_REGEX):
            for match in regex.finditer(view.text, *zone):
                for kind, words in _KINDS:
                    if words.search(match.group("kinds")):
                        found.setdefault(kind, view.verbatim(*match.span("date")))
    return found.get("updated") or found.get("issued"), found.get("effective")
