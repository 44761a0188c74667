"""Noun phrases of a run that names data: cut, trimmed to what a person would mark, told from what is no data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from noticeparse.fields.qualifiers import is_qualifier
from noticeparse.lexicon.match import MAX_NAME, is_permission_like
from noticeparse.mentions.words import MentionWords
from noticeparse.pattern import Pattern
from noticeparse.records import Span

# Words before and behind a name are taken off up to 40 at a time: no phrase has as many.
# The bracket of a number is a separator of its own: 手机号2)姓名
_SEPARATOR_REGEX = Pattern(r"(?<![a-zA-Z\d])(?:\d{1,2}|[a-z])\)|[、,;/()|:。\n\"]")
_CONJUNCTION_REGEX = Pattern(r"以及|及其|或者|和|及(?!时)|与|或|并(?!发)")
_LEAD_REGEX = Pattern(
    r"(?:\s|:|\d\)?[.、]|[a-z]\)|•|以及|或者|和|及(?!时)|与(?!您)|或|包括|包含|但不限于|但不仅限于|不限于|例如|比如|诸如|如(?!何)|其中|具体|主要"
    r"|必要的?|相应的?|相关的?(?!信息|数据)|有关的?(?!您)|部分|某些|一些|以下|如下|下列|全部|其他|最少"
    r"|(?:关于|有关|与)?(?:您|你|用户|客户|本人|对方|会员|其)(?:本人|个人)?的(?=.{2})|您|你"
    r"|所(?=收集|提供|使用|填写|获取|记录|上传|授权)|这些|该|收集|获取|记录|提供|填写|输入|及时更新|创建|设置|授权|上传|提交|绑定|提取|的){1,40}+"
)
# 您在登录时填写的…, 去标识化的…, 与订单有关的…; 使用的语言 keeps its verb
_MODIFIER_REGEX = Pattern(
    r"(?:您|你|用户|我们|本)?(?:在|对|于|当|因|使用(?!的?[^的]{0,12}的?(?:语言|频率|时间|时长|次数|情况|方式|频次)$)|通过|为了|主动|自行|自愿|登录|注册|留下|选择|填写"
    r"|发布|常用|经过|根据)[^、,;()的]{0,30}的(?!(?:信息|数据|资料|内容)$)(?=.{2})"
    r"|[^、,;()]{1,30}?(?:时|中|后)所?(?:输入|填写|产生|提供|留下|上传|形成|发送)的(?!(?:信息|数据|资料|内容)$)(?=.{2})"
    r"|(?:(?:经过?|以)?(?:去标识化|匿名化|脱敏|有效|完整|准确|真实|必要|相应|对应|最新)(?:处理)?(?:后)?的|与[^、,;()的]{1,16}(?:相关|有关)的)+"
)
# Where a tail begins: with some words wherever they stand, with others at the very end.
_TAIL_REGEX = Pattern(
    r"等{1,2}(?![级待])|才(?=[能会])|(?<!提)供(?!应|商)|以(?=便|帮|实|提|保|供|完|用|确|维|生|使|进|满|达|及时|核|证)|无需|不需|进行|给(?!您)"
    r"|至(?=[^,]{1,12}(?:方|公司|伙伴|外|者|商))|与您|来(?![源电自访])|用(?=于|以|来)|属于|在内|为目的|或(?=接入|使用|提供|将)|并(?!发)|作为"
    r"|(?:(?:主要|可能|具体)?(?:包括|包含|如下)|中的?|时|\s|,)$"
)
_PEOPLE = r"(?:(?:儿童|未成年人)的?)?"
_KINDS = r"(?:非|个人|用户|客户|敏感|隐私|身份|基本)+"
_WHICH = r"(?:相关|必要|有关|其他|某些|所有|任何|全部|部分|这些|该等|该|此类|一些)*"
_GENERIC_REGEX = Pattern(rf"^(?:(?!儿童|未成年人).*[的之])?{_WHICH}(?P<core>{_PEOPLE}{_KINDS}(?:信息|数据|资料))$")
_POINTING_REGEX = Pattern(r"(?:这些|该等|上述|前述|以上|该|此)(?:信息|数据|资料)")
# A bare 信息 names nothing and points to nothing.
_BARE_REGEX = Pattern(
    r"(?:.*的)?(?:相关|必要|有关|其他|任何|所有|部分|上述|前述|以上|这些|该等|此类|此|该|下)*(?:信息|数据|资料|内容)"
)
_HEADING_REGEX = Pattern(r"(?:以下|如下|下列|信息|数据|资料|包括|限于|权限)\s*$")
_CLAUSE_REGEX = Pattern(
    r"我们|您|你|将|会(?!员|话|议|计)|如果|[\u4e00-\u9fff]是(?!否)|可以|需要|是否|为了|时$|从而|才能|通过|进行|可能|不"
)
_NO_MEMBER_ENDS = ("权限", "功能", "的", "了", "包括", "接收")
_NO_MEMBER_STARTS = ("如", "并", "提供", "使用", "披露", "在", "对", "采用", "与", "有")
_HEADS = ("信息", "情况", "记录", "数据")
_LONGEST_UNKNOWN = 12


class Phrase(Struct, frozen=True):
    """A noun phrase that names data.

    Attributes:
        span: Places in the flat text.
        concept: Concept, ``None`` where it is unknown.
        generic: Whether it says data without naming any (个人信息).
        depth: How many brackets it stands in.
    """

    span: Span
    concept: str | None
    generic: bool
    depth: int


class _Piece(Struct, frozen=True):
    span: Span
    depth: int
    phrase: Phrase | None


def read_phrases(text: str, runs: Iterable[Span], words: MentionWords, *, led: bool = False) -> Iterator[Phrase]:
    """The phrases of runs that name data.

    Args:
        text: Flat text.
        runs: Runs of one statement.
        words: Vocabulary.
        led: Whether a word such as 包括 leads to the run, so that its first name need not be known.
    """
    pieces = [
        _Piece(piece, depth, _phrase(text, *piece, depth, words))
        for run in runs
        for first, last, depth in _pieces(text, *run)
        for piece in _at_conjunctions(text, first, last, words)
    ]
    pieces = _without_facilities(text, pieces, words)
    known = sum(piece.phrase is not None and not piece.phrase.generic for piece in pieces)
    # Among names of data, an unknown name is one as well.
    are_data = known >= 2 and 2 * known >= len(pieces)
    seen = False
    for piece in pieces:
        phrase = piece.phrase or (_unknown(text, piece, words) if are_data else None)
        if phrase is not None:
            seen = True
            yield phrase
            continue
        name = text[slice(*_trim(text, *piece.span))]
        if piece.depth or name in words.facilities or _HEADING_REGEX.search(text, *piece.span):
            continue
        before_colon = text.startswith(":", piece.span[1])
        if (seen and before_colon) or not (led or seen or known >= 2):
            return


def _without_facilities(text: str, pieces: list[_Piece], words: MentionWords) -> list[_Piece]:
    """``网络、存储、设备号权限``: what one 权限 behind a run governs is a permission, as far as there is one for it."""
    last = max(
        (at for at, piece in enumerate(pieces) if text[slice(*piece.span)].rstrip().endswith("权限")), default=-1
    )
    return [
        replace(piece, phrase=None)
        if at < last and piece.phrase is not None and text[slice(*piece.phrase.span)] in words.facilities
        else piece
        for at, piece in enumerate(pieces)
    ]


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Runs between separators, each with its depth in brackets."""
    depth, at = 0, start
    for match in _SEPARATOR_REGEX.finditer(text, start, end):
        if match.start() > at:
            yield at, match.start(), depth
        char = match.group()
        depth = max(0, depth + (char == "(") - (char == ")"))
        at = match.end()
    if at < end:
        yield at, end, depth


def _at_conjunctions(text: str, start: int, end: int, words: MentionWords) -> Iterator[Span]:
    """``昵称和头像`` is two names; ``设备类型和版本``, ``微信或QQ账号`` are one."""
    for match in _CONJUNCTION_REGEX.finditer(text, start, end):
        left, right = _trim(text, start, match.start()), _trim(text, match.end(), end)
        if left[1] - left[0] < 2 or right[1] - right[0] < 2:
            continue
        if _are_two(text[slice(*left)], text[slice(*right)], match.group(), words):
            yield start, match.start()
            start = match.end()
    yield start, end


def _are_two(one: str, other: str, conjunction: str, words: MentionWords) -> bool:
    if other in words.attribute and len(one) > 2:
        return False
    stands = words.match.alone(one) is not None
    if conjunction in ("与", "或"):
        return stands and words.match.alone(other) is not None
    if not stands and not one.endswith(_HEADS):
        return False
    return words.match.concept(other) is not None or other.endswith(words.prose.data_nouns)


def _trim(text: str, start: int, end: int) -> Span:
    """``您在登录时填写的昵称等`` → ``昵称``: without whose it is, where it is from, what follows; never less than two characters."""
    tail = _TAIL_REGEX.search(text, start, end)
    if tail is not None:
        end = tail.start()
    for regex in (_LEAD_REGEX, _MODIFIER_REGEX, _LEAD_REGEX):
        match = regex.match(text, start, end)
        if match is not None and end - match.end() >= 2:
            start = match.end()
    return start, end


def _phrase(text: str, start: int, end: int, depth: int, words: MentionWords) -> Phrase | None:
    untrimmed = text[start:end].strip()
    if _POINTING_REGEX.fullmatch(untrimmed):
        begin = text.index(untrimmed, start)
        return Phrase((begin, begin + len(untrimmed)), None, True, depth)
    start, end = _trim(text, start, end)
    name = text[start:end]
    if not 2 <= len(name) <= MAX_NAME or _BARE_REGEX.fullmatch(name) or _CLAUSE_REGEX.search(name):
        return None
    if (depth or text.startswith(":", end)) and is_qualifier(name, words.lexicon):
        return None  # 仅安卓; iOS版本:
    core = _GENERIC_REGEX.search(name)
    if core is not None:
        return Phrase((start + core.start("core"), end), None, True, depth)
    if name in words.devices:
        return None
    concept = words.match.alone(name)
    if concept is None:
        if is_permission_like(name, words.lexicon) or name.endswith(words.no_data):
            return None
        concept = words.match.concept(name)
        if concept is None and not name.endswith(words.prose.data_nouns):
            return None
    return Phrase((start, end), concept, False, depth)


def _unknown(text: str, piece: _Piece, words: MentionWords) -> Phrase | None:
    """A short name that no word list holds."""
    start, end = _trim(text, *piece.span)
    name = text[start:end]
    if not 2 <= len(name) <= _LONGEST_UNKNOWN or not any(char.isalpha() for char in name):
        return None
    if _BARE_REGEX.fullmatch(name) or _CLAUSE_REGEX.search(name):
        return None
    if name.endswith(_NO_MEMBER_ENDS) or name.startswith(_NO_MEMBER_STARTS):
        return None
    if piece.depth and is_qualifier(name, words.lexicon):
        return None
    return Phrase((start, end), None, False, piece.depth)
