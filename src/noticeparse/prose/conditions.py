"""Why and when in a sentence: purpose, scenario, and how the data are protected."""

from __future__ import annotations

import re

from noticeparse.pattern import Pattern
from noticeparse.prose.sentences import clauses, closed_brackets
from noticeparse.prose.words import ProseWords
from noticeparse.records import Span

# Behind the data. The group is where the purpose begins; 以帮助您, 从而实现 keep their verb.
_AFTER_REGEX = Pattern(
    r"(?:主要|仅|只|将|均|是|可|会|就){0,9}(?:用于|用以|用来|用作)(?:支持)?(?=[^途])|(?<!可)以便于?|以供|(?<![可所得用予])以(?=(?:实现|帮助|提供|完成|保障|满足|确保|支持|协助|提升|改善|达到|维护|优化|向|为|判断|识别|防止|保证))|,\s*以(?=[\u4e00-\u9fff])(?!下|上|及|太|外|内|前|后|往|色|为|此|其|您|用户|便|免|我们)"
    r"|从而|便于|,\s?(?=使(?:您|用户|其|我们))|,\s?(?=方便)|(?:这些|该|此类|上述)信息将?(?=帮助)|来(?=(?:实现|完成|帮助|提供|为|识别))|(?:(?<=服务)|(?<=SDK)|(?<=功能))来(?!源|自)|,?\s?由(?:其|他们|该[^,。;]{1,6})(?=[对为向给][^,。;]{2})"
    r"|为了|(?:进行|服务于)(?=[^,。;]{4})|,\s?帮助(?=我们|您|用户)"
)
_NO_PURPOSE_REGEX = Pattern(r"(?:达到|实现)?(?:以下|下列|如下|上述|前述|该|此)?(?:的)?(?:用途|目的|功能|服务)")
_STATED_REGEX = Pattern(
    r"(?:,\s*|SDK)(?:主要|仅|只)?(?:用于|用以|用来|用作)|SDK(?:主要|会|将)?(?=提供(?!方|商|者)|为[^,。;]{2,30}?提供)",
    re.I,
)
_SO_THAT_REGEX = Pattern(r",\s*以(?=实现|帮助|提供|完成|保障|满足|确保|支持|便)")
_NEXT_REGEX = Pattern(
    r"\s{0,99}+(?:如(?:您|果|不|需)|若|当(?!前)|并(?:将|不|且不)|(?:可能)?(?:会|将|需要?)(?:收集|获取|采集|读取|访问|申请|调用)|该|我们|我[行司]|上述|以上|这些|不(?!断)|获取|收集|采集|读取|访问|申请|需要|可能|可以|同时|此外|另外|在(?:您|用户|此)|您(?:可|也|有|需)|具体|其中|只|仅|为了?(?=[提更实保能])|但"
    r"|否则|相关|(?:隐私|官网)|https?:|或者?(?:提供|共享)|且不|除|以便|这个|(?:具体)?详见)|\s{0,20}[^,。;]{1,20}(?:SDK|插件|组件)(?:会|将|可能|需要){0,9}(?:收集|获取|采集|读取|访问)"
)
# 为…, at the head of a sentence is a purpose, unless it is an attribute of who acts: 为我们提供支持的合作方,会…
_BEFORE_REGEX = Pattern(
    r"(?:^|(?<=[,。;:\s]))\s?+(?:因此|所以|同时|此外|另外|例如)?+,?+(?:我们|我[行司方]|本(?:应用|产品|软件|平台|公司|行|服务)|App|APP)?+(?:可能|会|将)?+"
    r"(?P<intro>为了|为(?!了|此|您提供|您的|您开|您推|准|主|例|止|期|由|[^,。;:]{0,40}(?:的|之)(?:合作|第三|服务商|公司|机构|关联)[^,。;:]{0,12},)(?=[^,。;:]{3,80},)|出于(?=[^,。;]{2,60}目的))"
)
_SUBJECT_REGEX = Pattern(
    r"\s{0,99}+(?:我们|我[行司方国]|本(?:应用|产品|软件|平台|公司|APP|App|服务)|App|APP|应用|平台|需要?|可能|会|将|由|该|上述|在|当|如(?:您|果)|若|第三方|他们|获取|收集|采集|接入|使用|集成)|\s{0,20}(?:[^,。;]{2,30}?(?:会|将|可能|需要)(?:会|将|可能|需要|向|对|收集|获取|通过|读取|共享|提供)|[^,。;]{0,20}SDK)"
)
_SCENARIO_REGEX = Pattern(
    r"(?:^|(?<=[,。;:\s]))(?:(?:目前|其中|此外|另外|同时|例如|比如|但|且|并)\s?,?\s?)?"
    r"(?P<cond>(?:当(?!前)|如果|若(?!干)|倘若|假如|一旦|如(?=您|你|用户|需|因|有)|只有)[^,。;:]{2,120}"
    r"|在[^,。;:]{2,120}?(?:时|时候|期间|过程中|情况下|情形下|场景下|场景中|前提下|功能中|之后|后|的时候)(?=,))"
)
_NO_SCENARIO_REGEX = Pattern(
    r"不授权|拒绝|不同意|不提供|不希望|不想|不愿|不开启|关闭|撤回|法律|法规|监管|同意(?:后|的|情况|前提|,|$)|授权(?:后|的前提|的情况|同意)|征得|最小|合法|必要的?(?:情况|前提)|未授权|无法|疑问|不接受|停止|卸载|注销|儿童|未成年|合理|不使用|特定业务|禁用|禁止"
)
_TREATED_REGEX = Pattern(
    r"对?(?:这些|上述|该等|此类|以上|前述|所共享的|共享的|您的)?[^,。;]{0,12}信息[^,。;]{0,6}(?:进行|采取|采用|经|做)"
)
_PRODUCT_REGEX = Pattern(r"[^,。;:、\s]{0,6}SDK", re.I)  # a product that is named for what it does
_AIM_REGEX = Pattern(r"(?:之|的)?目的")
_WHEN_END_REGEX = Pattern(r"(?:时|时候|后|过程中|期间|情况下|中|之际)$")
_NOTE_WORD_REGEX = Pattern(
    r"当|如果?|若|在|您|用户|使用|对于|针对|客户端|系统|版本|手机|设备|[版端的时中上为]|平台|独有|仅|APP|应用|\s"
)
_UNTREATED_REGEX = Pattern(r"(?:未|不)(?:经|进行|会)?(?:过)?$")


def purpose_after(flat: str, start: int, end: int) -> Span | None:
    """The purpose behind the data, without its introducing word.

    ``…,用于完成订单``, ``…,以便为您发放奖品``, ``…,从而实现登录``, ``…,由其对您的资格进行校验``.

    Args:
        flat: Flat text.
        start: Where the data end.
        end: End of the sentence.
    """
    for match in _AFTER_REGEX.finditer(flat, start, end):
        begin = match.end()
        if match.group() in ("进行", "服务于"):
            begin = match.start() if match.group() == "进行" else match.end()
            if match.start() - start > 2:
                continue
        if not match.group().strip():
            continue
        span = purpose_span(flat, begin, end)
        if span is not None:
            return span
    return None


def purpose_within(flat: str, start: int, end: int) -> Span | None:
    """A purpose between the recipient and the data: ``某某SDK由某某公司提供,用于统计,需要获取…``.

    Args:
        flat: Flat text.
        start: Start of the sentence.
        end: Where the data begin.
    """
    for match in (_STATED_REGEX.search(flat, start, end), _SO_THAT_REGEX.search(flat, start, end)):
        found = purpose_span(flat, match.end(), end) if match else None
        if found is not None:
            return found
    return None


def purpose_span(flat: str, start: int, end: int) -> Span | None:
    """A purpose that begins at a place: up to the next statement outside brackets.

    Args:
        flat: Flat text.
        start: Behind the introducing word.
        end: End of the sentence.
    """
    closing = closed_brackets(flat)
    depth, at = 0, start
    while at < end:
        char = flat[at]
        if char == "(" and at in closing:
            depth += 1
        elif char == ")":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and (char in "。;!?\n" or (char == "," and _NEXT_REGEX.match(flat, at + 1, end))):
            break
        at += 1
    span = clean(flat, start, at)
    return None if span is not None and _NO_PURPOSE_REGEX.fullmatch(flat, *span) else span


def clean(flat: str, start: int, end: int) -> Span | None:
    """A value without punctuation, white space and paired quotes at its ends; ``None`` if nothing is left."""
    while start < end and (flat[start].isspace() or flat[start] in ",、:;。-"):
        start += 1
    while end > start and (flat[end - 1].isspace() or flat[end - 1] in ",、:;。"):
        end -= 1
    if end - start > 2 and flat[start] == '"' and flat[end - 1] == '"' and '"' not in flat[start + 1 : end - 1]:
        return start + 1, end - 1
    return (start, end) if end - start > 1 else None


def purpose_before(flat: str, start: int, end: int) -> Span | None:
    """The purpose at a sentence's head: ``为了向您提供登录服务,我们…``, ``为保障交易安全,…``, ``出于安全目的,…``.

    Args:
        flat: Flat text.
        start: Start of the sentence.
        end: Where the data or the main verb begins.
    """
    match = _BEFORE_REGEX.search(flat[start:end])  # cut out, so that ^ is the head of the sentence
    if match is None:
        return None
    begin = start + match.end("intro")
    stop = begin
    parts = clauses(flat, begin, end)
    for index, part in enumerate(parts):
        if index and _SUBJECT_REGEX.match(flat, part[0], part[1]):
            break
        stop = part[1]
    else:
        if len(parts) < 2:
            return None  # no main clause behind it
    if match.group("intro") == "出于":
        mark = _AIM_REGEX.search(flat, begin, stop)
        stop = mark.start() if mark else stop
    span = clean(flat, begin, stop)
    if span is not None and flat.endswith("的目的", span[0], span[1]):
        span = (span[0], span[1] - 3)
    return span


def scenario(flat: str, start: int, end: int, words: ProseWords) -> Span | None:
    """The first condition of a sentence that says when it happens, with its introducing word.

    ``当您使用登录功能时``, ``如果您中奖``, ``在您下单的时候``. Consent, refusal, law and notes that only name a
    system are no condition.

    Args:
        flat: Flat text.
        start: Start of the sentence.
        end: Where the data or the main verb ends.
        words: Vocabulary.
    """
    for match in _SCENARIO_REGEX.finditer(flat[start:end]):  # cut out, so that ^ is the head of the sentence
        span = clean(flat, start + match.start("cond"), start + match.end("cond"))
        if span is None or _NO_SCENARIO_REGEX.search(flat, *span):
            continue
        if flat[span[0]] == "当" and not _WHEN_END_REGEX.search(flat[slice(*span)]):
            continue
        if is_platform_note(flat[slice(*span)], words):
            continue
        return span
    return None


def is_platform_note(text: str, words: ProseWords) -> bool:
    """Whether a condition only says on which system: ``当您使用安卓版客户端时``."""
    match = words.system.search(text)
    if match is None:
        return False
    rest = text[: match.start()] + text[match.end() :]
    return not _NOTE_WORD_REGEX.sub("", rest)


def treatment(flat: str, start: int, end: int, words: ProseWords) -> Span | None:
    """How the data are protected: ``匿名化和加密``, ``通过去标识化方式脱敏``.

    Args:
        flat: Flat text.
        start: Start of the sentence.
        end: End of the sentence.
        words: Vocabulary.
    """
    for match in words.treatment.finditer(flat, start, end):
        before = flat[max(start, match.start() - 4) : match.start()]
        if _UNTREATED_REGEX.search(before):
            return None
        if not _PRODUCT_REGEX.match(flat, match.end(), end):
            return match.span()
    return None


def speaks_of_treatment(flat: str, start: int, end: int) -> bool:
    """Whether a sentence without data of its own says how those before it are treated: ``我们会对上述信息进行加密``."""
    return _TREATED_REGEX.search(flat, start, end) is not None
