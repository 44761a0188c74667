"""Data in a sentence: where a run of data items ends, and the items in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from noticeparse.fields.items import parse_items
from noticeparse.fields.qualifiers import read_qualifier
from noticeparse.lexicon.load import fold
from noticeparse.pattern import Pattern
from noticeparse.prose.sentences import Source, closed_brackets
from noticeparse.prose.words import ProseWords
from noticeparse.records import DataItem, Diagnostic, Permission, Platform, Qualifier, Span

# What ends a run of data without a comma. 以 alone also begins 以太网 and 以及, so the verbs behind it are named.
_STOP_REGEX = Pattern(
    r"(?:主要|仅|只|将|均|是)?(?:用于|用以|用来|用作)|,?\s{0,99}+(?<![难可得所加足])以(?:便|实现|帮助|提供|完成|保障|满足|确保|支持|协助|提升|改善|供|达到|维护|优化|向|为|确认|解决|防范|返回|评估|核实|核验|验证|判断|识别|避免|降低|分析|处理纠纷|进行)"
    r"|从而|来(?:实现|完成|帮助|提供|为|识别|判断)|便于|进行(?=[^,。;]{2})|作为[^,。;、]{2,10}(?=,(?!\s*包括))"
    r"|(?:,\s*)?(?:并|且|后|再|然后)?(?:将其)?(?:加密)?(?:后)?(?:传输|上传|发送|回传|同步|提供|共享|分享|披露|传送|上报)(?:至|给|到|于)"
    r"|(?:以上|上述|这些|该等)(?:信息|数据)|[。;!?\n]|\(?https?:"
)
_MARK_REGEX = Pattern(r"[(),]")
_NEW_CLAUSE_REGEX = Pattern(
    r"\s{0,99}(?:并(?!发)|且|同时|从而|以(?!太|及)|为|用于|用来|用以|便于|方便|如(?!下)|若|当(?!前)|在|我们|我[行司方]|本(?!机|地|人)|该|其(?!他|它|中)"
    r"|上述|以上|这些|此类|由|需|可|将|会|因|对|不|仅|只|他们|她们|您(?!的)|你(?!的)|确保|保障|实现|提升|帮助|或者?(?:提供|共享)|具体|只有|除"
    r"|否则|但|而|经|基于|根据|按照|通过|使用|获取|收集|采集|读取|访问|申请|传输|加密|无法|进行|此|另外|此外)"
)
_INCLUDES_REGEX = Pattern(
    r"\s{0,99}(?:其中|具体|主要|可能)?(?:包括|包含|如(?!您|果|不|需|遇|有|用户|你|第)|例如|比如|含|涉及)"
)
_LEAD_REGEX = Pattern(
    r"(?:\s|:|了|到|得|有关的?|包括|包含|为(?=您)|但不限于|相应的?|其|关于){0,40}+"
    r"(?:(?:使用|根据|基于)(?:您|你|用户)?的?(?:个人)?(?:信息|数据)(?:而|所)?(?:形成|产生|生成|得出|得到)的)?"
    r"(?:(?:我们|您|你|用户|本)[^,。;、()]{0,20}?(?:收集|获取|采集|形成|产生|填写|存储|储存|保存|提交|留下|发布)的(?!(?:信息|内容|数据|资料)(?![^,。;、])))?"
    r"(?:(?:我们|本应用|App)的)?(?:(?:(?:您|你)(?:终端用户)?|(?:用户|客户|会员)(?=的|授权))(?:(?:授权|主动|需要|所|已|同意|自行|在线|拟){0,9}"
    r"(?:授权|共享|提供|分享|填写|上传|使用|绑定)的(?!(?:信息|内容|数据|资料)(?![^,。;、]))|的|授权(?!的|我们|登录|信息))?)?"
    r"(?:(?:手机|设备|终端|SIM卡|系统){1,9}+(?:上|中|里|内)的)?"
)
_VAGUE_REGEX = Pattern(
    r".*(?:详情|详见|参见|请参)(?s:.*)|的.*|相关的?(?:操作)?系统|(?:这些|上述|该等?|此类|前述).*|(?:有?关|相关|其他|部分|一些|某些|该|此|这些|必要|所需|的|任何)*(?:内容|信息|数据|资料|文件|记录|行为|服务)|关(?:信息|内容|数据).*"
)
_NO_DATA = ("接口", "标准", "方案", "协议", "产品")
_UNNAMED_REGEX = Pattern(r".*的(?:信息|数据|内容|资料)")
_ANY_PERMISSION_REGEX = Pattern(r"(?:设备|系统|相关|手机|必要|敏感|部分|应用|其他|个人信息|的|/|和|及|或)*权限")
_ITEM_LEAD_REGEX = Pattern(
    r"(?:(?:您|你)(?:的(?=.{2}))?|(?:用户|客户)(?=授权|所|主动|需要))?(?:(?:授权|主动|需要|所|已)*(?:授权|共享|提供|分享|填写|上传|绑定)的"
    r"(?!(?:信息|内容|数据|资料)$))?(?:(?:手机|设备|终端|SIM卡|系统)+(?:上|中|里|内)的)?(?:(?:相应|对应|相关|必要)的)?"
)
_PART_REGEX = Pattern(r"[,、。;(:]|(?:和|及|与|以及|用于)")


class DataRun(Struct):
    """Items and permissions of one or more runs.

    Attributes:
        items: With parents as indices into this list.
        permissions: In order of the text.
        platforms: Platforms that labels before runs name.
        diagnostics: What was mended.
    """

    items: list[DataItem] = field(default_factory=list)
    permissions: list[Permission] = field(default_factory=list)
    platforms: list[Platform] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _taken: set[Span] = field(default_factory=set)  # kept, so that many short runs stay linear

    def __bool__(self) -> bool:
        return bool(self.items or self.permissions)

    def extend(self, other: DataRun) -> None:
        """Append another run; parents keep pointing to their groups. What stands at a place already taken is left out."""
        taken = self._taken
        kept = [item for item in other.items if item.span not in taken]
        order = {id(item): index + len(self.items) for index, item in enumerate(kept)}
        for item in kept:
            group = None if item.parent is None else order.get(id(other.items[item.parent]))
            self.items.append(replace(item, parent=group))
        self.permissions.extend(entry for entry in other.permissions if entry.span not in taken)
        taken.update(item.span for item in other.items)
        taken.update(entry.span for entry in other.permissions)
        self.platforms.extend(other.platforms)
        self.diagnostics.extend(other.diagnostics)


def data_end(flat: str, start: int, limit: int, words: ProseWords) -> int:
    """Where a run of data that begins at a place ends: before a purpose, another verb or the next clause.

    ``IMEI、MAC地址,用于推送`` ends before the comma; ``姓名,手机号及地址,以便发货`` goes on over the first one.

    Args:
        flat: Flat text.
        start: Where the run begins.
        limit: End of the sentence.
        words: Vocabulary.
    """
    closing = closed_brackets(flat)
    stops = _stops(flat)
    depth, at, stop = 0, start, -1
    for match in _MARK_REGEX.finditer(flat, start, limit):
        place, char = match.start(), match.group()
        if depth == 0:
            if stop < at:
                stop = stops.first(max(at, start + 1), limit)
            if stop < place:
                return stop
        if char == "(" and place in closing:
            depth += 1
        elif char == ")":
            if depth == 0:
                return place
            depth -= 1
        elif depth == 0 and (place == stop or (char == "," and not _goes_on(flat, place + 1, limit, words))):
            return place
        at = place + 1
    if depth == 0 and stop < at:
        stop = stops.first(max(at, start + 1), limit)
    return stop if depth == 0 else limit


class _Stops:
    """Where data end at the latest; the sentence is not looked through again for each of its places."""

    def __init__(self, flat: str) -> None:
        self.flat = flat
        self.start = self.limit = self.found = -1

    def first(self, start: int, limit: int) -> int:
        """The first stop from a place on, ``limit`` where there is none."""
        if limit != self.limit or not self.start <= start <= self.found:
            match = _STOP_REGEX.search(self.flat, start, limit)
            self.start, self.limit, self.found = start, limit, match.start() if match else limit
        return self.found


@lru_cache(maxsize=1)
def _stops(flat: str) -> _Stops:
    return _Stops(flat)


def _goes_on(flat: str, start: int, limit: int, words: ProseWords) -> bool:
    """Whether a clause behind a comma is still the list."""
    if _INCLUDES_REGEX.match(flat, start, limit):
        return True
    if _NEW_CLAUSE_REGEX.match(flat, start, limit):
        return False
    match = _PART_REGEX.search(flat, start + 1, min(limit, start + 60))
    first = flat[start : match.start() if match else min(limit, start + 60)].strip()
    return is_data(first, None, words)


def is_data(text: str, concept: str | None, words: ProseWords) -> bool:
    """Whether a wording names data: it has a concept, or ends in a noun that data have, and is no catch-all."""
    if len(text) < 2 or len(text) > 60:
        return False
    if text.endswith(words.catch_alls) or _VAGUE_REGEX.fullmatch(text) or text.endswith(_NO_DATA):
        return False
    if concept is not None and concept != "other":
        return True
    if _UNNAMED_REGEX.fullmatch(text):
        return False
    key = fold(text)
    lexicon = words.lexicon
    return key in lexicon.terms or key in lexicon.permissions or text.endswith(words.data_nouns)


def trim_lead(flat: str, span: Span) -> Span:
    """Take off what leads to the data: ``您的``, ``您授权共享的``, ``包括``."""
    match = _LEAD_REGEX.match(flat, *span)
    start, end = (match.end() if match else span[0]), span[1]
    while start < end and (flat[start].isspace() or flat[start] in ',、:;"'):
        start += 1
    while end > start and (flat[end - 1].isspace() or flat[end - 1] in ",、:;"):
        end -= 1
    return start, end


def read_data(source: Source, spans: Sequence[Span], words: ProseWords, note: Span | None = None) -> DataRun:
    """Parse runs of data.

    Args:
        source: The stretch.
        spans: Runs of the flat text.
        words: Vocabulary.
        note: A platform note that governs the runs: a qualifier of each item that has no group.
    """
    found = DataRun()
    for span in _pieces(source.flat, spans, words):
        start, end = trim_lead(source.flat, span)
        if start >= end:
            continue
        run = parse_items(source.view, source.base + start, source.base + end, words.lexicon)
        one = DataRun(
            _kept(source, run.items, words),
            [entry for entry in run.permissions if not _ANY_PERMISSION_REGEX.fullmatch(entry.text)],
            list(run.platforms),
            list(run.diagnostics),
        )
        found.extend(one)
    if note is not None:
        _qualify(source, found, note, words)
    return found


def _pieces(flat: str, spans: Sequence[Span], words: ProseWords) -> Iterator[Span]:
    """Runs cut where a remark stands inside: ``设备信息作为基础数据,包括IMEI``, ``标签及去标识化后的信息``."""
    for start, end in spans:
        at = start
        for match in words.remark.finditer(flat, start, end):
            yield at, match.start()
            at = match.end()
        yield at, end


def _kept(source: Source, items: Sequence[DataItem], words: ProseWords) -> list[DataItem]:
    """The items that name data, without 您 in front."""
    keep = [is_data(item.text, item.concept, words) for item in items]
    places: dict[int, int] = {}
    found: list[DataItem] = []
    for index, item in enumerate(items):
        if not keep[index]:
            continue
        places[index] = len(found)
        parent = places.get(item.parent) if item.parent is not None else None
        found.append(_without_owner(source, replace(item, parent=parent)))
    return found


def _without_owner(source: Source, item: DataItem) -> DataItem:
    match = _ITEM_LEAD_REGEX.match(item.text)
    if match is None or not match.group() or len(item.text) - match.end() < 2:
        return item
    start = item.span[0] + match.end()
    if source.view.document.text[item.span[0] : start] != match.group():
        return item  # white space was closed up: the offset is not known
    return replace(item, text=item.text[match.end() :], span=(start, item.span[1]))


def _qualify(source: Source, found: DataRun, note: Span, words: ProseWords) -> None:
    text, span = source.text(note), source.span(note)
    kind, value = read_qualifier(text, words.lexicon)
    qualifier = Qualifier(text, span, kind, value)
    for index, item in enumerate(found.items):
        if item.parent is None:
            found.items[index] = replace(item, qualifiers=(*item.qualifiers, qualifier))
