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
_DATE_REGEX = re.compile(
    r"(?:(?P<updated>更新|修订|发布|最近更新|最后更新|版本更新)|(?P<effective>生效|施行|实施))"
    r"(?:日期|时间|于|日|版本)?\s{0,3}[::为是]?\s{0,3}"
    r"(?P<date>\(?\d{4}\s?\)?\s?[年./-]\s?\(?\s?\d{1,2}\s?\)?\s?[月./-]\s?\(?\s?\d{1,2}\s?\)?\s?日?)"
)
_APP_REGEX = re.compile(
    r"^[《\"]?(?P<app>[^\s《》\":,。()]{2,20}?)(?:APP|App|app|应用|客户端|平台|软件)?(?:的|之|接入|外部|使用|嵌入|集成|涉及)?"
    r"(?:外部SDK|外部|第三方|三方|SDK|合作方|个人信息|隐私|共享|已接入|接入)"
)
_QUOTED_APP_REGEX = re.compile(r"[《\"](?P<app>[^《》\"]{2,16})[》\"]?(?:APP|App|app|客户端|应用程序|隐私)")


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
        candidates.append(trim(view.text, line.content, line.end))
    fallback: Span | None = None
    for span in candidates:
        words = view.text[slice(*span)]
        if not 4 <= len(words) <= 40 or "。" in words or not _TITLE_REGEX.search(words):
            continue
        if _SHARING_REGEX.search(words):
            return span
        fallback = fallback or span
    return fallback


def _app(view: View, title: Span | None) -> Span | None:
    if title is not None:
        match = _APP_REGEX.match(view.text, *title)
        words = match.group("app") if match else ""
        if (
            match
            and words
            and not _SHARING_REGEX.search(words)
            and words not in ("接入", "使用", "关于", "我们", "个人信息")
        ):
            return match.span("app")
    match = _QUOTED_APP_REGEX.search(view.text, 0, 3000)
    return match.span("app") if match else None


def _dates(view: View) -> tuple[str | None, str | None]:
    found: dict[str, str] = {}
    for zone in ((0, 4000), (max(4000, len(view.text) - 1500), len(view.text))):
        for match in _DATE_REGEX.finditer(view.text, *zone):
            kind = "updated" if match.group("updated") else "effective"
            found.setdefault(kind, view.verbatim(*match.span("date")))
    return found.get("updated"), found.get("effective")
