"""Words that introduce a recipient before the data are spoken of: who provides a service, which SDK is built in."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec.structs import replace

from noticeparse.document.view import View
from noticeparse.pattern import Pattern
from noticeparse.prose.conditions import clean
from noticeparse.prose.recipients import Recipient, RecipientReader, Topic
from noticeparse.records import Span

_EMBEDDED_REGEX = Pattern(
    r"(?:使用|接入|集成|嵌入|引入|采用|植入|内置|搭载|加入|对接|调用)(?:了|的是|有|到)?\s?(?:(?:以下|下列|如下)(?:第三方)?SDK\s?[:(]\s?)?(?P<r>[^,。;:]{2,80}?(?:SDK|API|sdk|插件|组件)(?:\s*[、和及]\s*[^,。;:、]{1,30}?SDK)*)"
)
_SERVICE_REGEX = Pattern(
    r"(?:使用|接入|集成|引入|采用|对接)(?:了|的是)?\s*(?P<r>[^。;:,]{2,120}?)的[^,。;:的]{1,12}(?:业务|服务|能力|功能|接口|平台)"
)
_PROVIDED_REGEX = Pattern(
    r"由\s?\"?(?P<r>[^。;\"]{2,400}?)\"?\s?(?:(?:共同|负责|为您|为我们|独家|开发并){0,3})"
    r"(?:提供|支持|运营|开发|实施|承担)(?P<m>[A-Za-z0-9]{2,6}(?:接口|服务)?)?"
)
_PROVIDE_REGEX = Pattern(r"提供|支持|运营|开发|实施|承担")
_WHAT_TAIL_REGEX = Pattern(r"(?:是|主要|均|系|全部|\s){1,40}$")
_WHAT_LEAD_REGEX = Pattern(
    r"(?:\s|目前|当前|现在|我们|本(?:应用|产品|平台|业务)中?|App|APP|部分|一些|某些|的|中|里|,)+"
)
_SDK_WORD_REGEX = Pattern(r"(?:SDK|API)(?:接口)?", re.I)
_STATED_REGEX = Pattern(
    r"(?:(?:该|此|上述)?\s?(?:SDK|产品|服务|插件)?的?(?:运营)?主体|提供方|运营方|运营者|开发方|开发者|服务商|所属公司|公司名称|第三方(?:名称|主体))(?:名称)?(?:为|是|:){1,2}\s*(?P<r>[^,。;:]{4,60})"
)
_OWN_TAIL = (
    r"(?:及其(?:关联公司|关联方|子公司))?\s*"
    r"(?:\(?\"?(?:以下|下称|简称|又称)|(?:深知|尊重|非常重视|一贯重视|将遵循|如何(?:收集|使用|保护|共享|存储)|收集信息|的?隐私(?:政策|声明|权)))"
)
_OWN_REGEX = Pattern(rf"(?P<n>[\u4e00-\u9fffA-Za-z()]{{4,40}}?(?:有限公司|股份公司|有限责任公司|集团|公司)){_OWN_TAIL}")
# What each of these ends with; it is found far sooner, and most notices have none.
_OWN_END_REGEX = Pattern(rf"(?:集团|公司){_OWN_TAIL}")
_OWN_LEAD_REGEX = Pattern(r"^.*(?:适用于|欢迎(?:您)?使用|感谢(?:您)?使用|是由|由|是|与|和|为|的|及|来自|向|您)")
_NEGATED_REGEX = Pattern(r"(?:不|未|无需|没有|停止)(?:会|再)?[^,]{0,4}$")
_FRONT = 6000
_MAX_NAMES = 420
_MAX_TRIES = 30


def own_names(view: View) -> frozenset[str]:
    """Names by which a notice calls its own publisher: ``某某有限公司(以下简称"我们")``, ``某某公司如何收集信息``.

    Args:
        view: The notice; only its beginning is looked at.
    """
    return _names_in(view.text[:_FRONT])


@lru_cache(maxsize=8)
def _names_in(text: str) -> frozenset[str]:
    found: set[str] = set()
    if _OWN_END_REGEX.search(text) is None:
        return frozenset(found)
    for match in _OWN_REGEX.finditer(text):
        name = _OWN_LEAD_REGEX.sub("", match.group("n"))
        if len(name) > 3:
            found.add(name)
    return frozenset(found)


def read_intro(reader: RecipientReader, start: int, end: int, topic: Topic) -> bool:
    """Take up a sentence's introduction of a provider or an SDK into the topic.

    ``目前我们的登录服务由甲有限公司(甲)和乙有限公司提供,我们会接入他们的SDK``, ``我们使用了某某公司的某某SDK``.

    Args:
        reader: Reads the names.
        start: Start of the sentence.
        end: End of the sentence.
        topic: Is changed: recipients, aliases, purpose, method.

    Returns:
        Whether the sentence introduced one.
    """
    found = _read_provided(reader, start, end, topic)
    stated = _read_stated(reader, start, end, topic)
    return _read_embedded(reader, start, end, topic) or found or stated or _read_service(reader, start, end, topic)


def _read_stated(reader: RecipientReader, start: int, end: int, topic: Topic) -> bool:
    """``该SDK主体为:某某有限公司``: the company of the SDK named just before."""
    if not any(entry.sdk for entry in topic.recipients):
        return False
    match = _STATED_REGEX.search(reader.flat, start, end)
    if match is None:
        return False
    named = reader.read(*match.span("r"), topic)
    if len(named) != 1 or named[0].provider is None:
        return False
    topic.recipients = [
        replace(entry, provider=named[0].provider) if entry.provider is None else entry for entry in topic.recipients
    ]
    topic.sdk_named = True
    return True


def _read_provided(reader: RecipientReader, start: int, end: int, topic: Topic) -> bool:
    at = start
    for _ in range(_MAX_TRIES):
        by = reader.flat.find("由", at, end)
        if by < 0:
            return False
        verb = _PROVIDE_REGEX.search(reader.flat, by, end)
        if verb is None:
            return False
        at = by + 1
        if verb.start() - by > _MAX_NAMES:
            continue
        match = _PROVIDED_REGEX.match(reader.flat, by, end)
        if match is not None and _take_provided(reader, match, _what(reader, start, by), topic):
            return True
    return False


def _take_provided(reader: RecipientReader, match: re.Match[str], what: Span | None, topic: Topic) -> bool:
    recipients = reader.read(*match.span("r"), topic)
    if not recipients:
        return False
    named = what is not None and _SDK_WORD_REGEX.search(reader.flat, *what) is not None
    if what is not None and named and reader.is_product(reader.flat[slice(*what)]):
        recipients = [replace(entry, sdk=what) for entry in recipients]
    elif what is not None and named:
        topic.method = topic.method or _sdk_word(reader, what)
    elif what is not None:
        topic.purpose = what
    if match.group("m"):
        topic.method = match.span("m")
    if topic.head is not None:
        recipients = [replace(entry, category=topic.head) for entry in recipients]
    topic.recipients = recipients
    topic.sdk_named = True
    return True


def _what(reader: RecipientReader, start: int, by: int) -> Span | None:
    """What is provided: the words before 由 in its clause, or all behind 我们的."""
    floor = max(start, by - 64)
    text = reader.flat[floor:by]
    ours = text.rfind("我们的")
    first = ours + 3 if ours >= 0 else max(text.rfind(mark) for mark in ",。;:由\n") + 1
    tail = _WHAT_TAIL_REGEX.search(text)
    match = _WHAT_LEAD_REGEX.match(reader.flat, floor + first, by)
    return clean(reader.flat, match.end() if match else floor + first, floor + tail.start() if tail else by)


def _sdk_word(reader: RecipientReader, span: Span) -> Span | None:
    match = _SDK_WORD_REGEX.search(reader.flat, *span)
    return match.span() if match else None


def _read_embedded(reader: RecipientReader, start: int, end: int, topic: Topic) -> bool:
    found = False
    for match in _EMBEDDED_REGEX.finditer(reader.flat, start, end):
        before = reader.flat[max(start, match.start() - 8) : match.start()]
        if _NEGATED_REGEX.search(before):
            continue
        recipients = reader.read(*match.span("r"), topic)
        if not recipients:
            continue
        found = True
        topic.sdk_named = True
        method = _sdk_word(
            reader, (match.end("r") - 8 if match.end("r") - match.start("r") > 8 else match.start("r"), match.end("r"))
        )
        if topic.recipients and _same(reader, recipients, topic.recipients):
            topic.method = topic.method or method
            continue
        topic.recipients = recipients
        if not any(entry.sdk for entry in recipients):
            topic.method = topic.method or method
    return found


def _read_service(reader: RecipientReader, start: int, end: int, topic: Topic) -> bool:
    """``集成了甲公司、乙公司两大运营商的认证业务``: named companies whose service is used."""
    for match in _SERVICE_REGEX.finditer(reader.flat, start, end):
        recipients = reader.read(*match.span("r"), topic)
        if recipients and all(entry.provider for entry in recipients):
            topic.recipients = recipients
            return True
    return False


def _same(reader: RecipientReader, named: list[Recipient], known: list[Recipient]) -> bool:
    """Whether recipients are those already known, by a shorter name: 甲 for 甲科技有限公司."""
    texts = [reader.flat[slice(*entry.provider)] for entry in known if entry.provider]
    for entry in named:
        if entry in known:
            continue
        if (
            entry.sdk is not None
            or entry.provider is None
            or not any(reader.flat[slice(*entry.provider)] in text for text in texts)
        ):
            return False
    return True
