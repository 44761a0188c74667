"""Who receives: the phrases behind 向, 与 and 给 of a statement that somebody gives data."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from noticeparse.lexicon.load import fold
from noticeparse.mentions.statements import Statement
from noticeparse.mentions.words import MentionWords
from noticeparse.pattern import Pattern
from noticeparse.records import RecipientKind, Span

# Of characters: no wording of who receives is longer, and no name.
_LONGEST_WORDING, _LONGEST = 100, 30

_BEFORE_REGEX = Pattern(
    r"(?:向|(?<!参)与|给|同(?!意|时|步|样)|对(?!外)|和(?=[^,。;]{2,30}$))(?!您|你|其相关|.{0,6}(?:相关|有关)的)"
    rf"(?P<r>[^,。;:]{{1,{_LONGEST_WORDING}}}?)"
    r"(?:等)?(?:,|(?:进行|公开|对外|主动|直接|如实|予以|单独|同步|一并|额外|至少|准确)*)$"
)
_BEHIND_REGEX = Pattern(r"(?:给予?|至|到|予(?!以))(?!您|你|少)(?P<r>[^,。;:()]{1,80})")
_OBJECT_BEHIND_REGEX = Pattern(r"[^,。;:]{1,60}?(?:给予?|至)(?!您|你|少)(?P<r>[^,。;:()]{1,80})")
_END_REGEX = Pattern(
    rf"用于|用以|以(?=便|帮|实|提|完)|来(?=[实完帮提为])|进行(?!.{{0,{_LONGEST_WORDING}}}的)|,|等$|时$|的(?:服务器|后台)|作为|之前|之后"
)
_LEAD_REGEX = Pattern(
    r"(?:\s|这些|该(?!等)|我们委托的|委托的|依法设立的|我们的|我[行司方]的|本(?:公司|行|平台)的|为我们|我们(?=[^的]{0,2}(?:合作|关联|委托|授权))|有关的?|相关的?|相应的?|对应的?|除.{2,20}以外的|除.{2,20}之外的|包括|如(?!何)|例如|的){1,40}+"
)
_SPLIT_REGEX = Pattern(r"、|/|[()]|以及|或者|和|及(?!其)|或|与")
_TAIL_REGEX = Pattern(r"(?:等|\s|、|,|处|们|[()]){1,40}$")
_GENERIC_REGEX = Pattern(
    r"(?:.{2,12}(?:以外|之外|外)的)?(?:任何|其他|其它|其|该|该等|上述|前述|此类|这些|某些|一切|无关|独立|各类|一般|外部|的)*"
    r"(?:第三方|第三人|公司|企业|组织|个人|机构|单位|人士|他人|方|人|主体|公众|社会公众|我们|我[行司方]|我公司|本(?:公司|平台|应用|行|软件)|平台)(?:[和或及、](?:组织|个人|机构))*"
)
_WITHIN = f".{{0,{_LONGEST}}}"
_CLAUSE_REGEX = Pattern(
    rf"您(?!点|所|关)|你|我们(?!$)|将|会(?!员|计|议)|是否|可以|需要|(?:信息|数据|资料)(?!{_WITHIN}[商方者构司台伴])|同意|授权(?!{_WITHIN}(?:方|伙伴|商)$)|提供(?!{_WITHIN}[方商者伙伴构]$)|方式|目的|之$"
)
_FIRST_REGEX = Pattern(r"[、和及或与]")
_KINDS: dict[str, RecipientKind] = {"provider": "company", "sdk": "sdk", "recipient_category": "category"}


class Receiver(Struct, frozen=True):
    """A phrase that says who receives.

    Attributes:
        span: Places in the flat text.
        kind: Company, SDK or kind of recipient, where the wording tells.
        id: The lexicon's id.
        generic: Whether it names nobody in particular.
    """

    span: Span
    kind: RecipientKind | None
    id: str | None
    generic: bool


def receivers(text: str, statement: Statement, end: int, words: MentionWords) -> Iterator[Receiver]:
    """Who receives the data of a statement.

    ``我们会与合作伙伴共享您的…``, ``将您的…提供给某某公司``, ``向某某银行、某某公司披露``. Who collects is no receiver of this
    kind: ``某某SDK会收集``.

    Args:
        text: Flat text.
        statement: The statement.
        end: End of its sentence.
        words: Vocabulary.
    """
    if not statement.gives or statement.kind == "list":
        return
    match = (
        _BEHIND_REGEX.match(text, statement.verb[1], end)
        or _BEFORE_REGEX.search(text, *statement.left)
        or _OBJECT_BEHIND_REGEX.match(text, statement.verb[1], end)
    )
    if match is None:
        return
    start, stop = match.span("r")
    cut = _END_REGEX.search(text, start + 1, stop)
    for piece in _pieces(text, start, cut.start() if cut else stop, words):
        receiver = _receiver(text, *piece, words)
        if receiver is not None:
            yield receiver


def _pieces(text: str, start: int, end: int, words: MentionWords) -> Iterator[Span]:
    for match in _SPLIT_REGEX.finditer(text, start, end):
        if match.start() - start < 2 or end - match.end() < 2:
            continue
        if match.group() not in "、/()" and _GENERIC_REGEX.fullmatch(text, start, end):
            continue  # 组织和个人: nobody in particular, once
        if match.group() in "、/()" or (
            _is_one(text, start, match.start(), words) and _is_one(text, match.end(), end, words)
        ):
            yield start, match.start()
            start = match.end()
    yield start, end


def _is_one(text: str, start: int, end: int, words: MentionWords) -> bool:
    """Whether a side of a conjunction stands alone."""
    start, end = _trim(text, start, end)
    name = _FIRST_REGEX.split(text[start:end], maxsplit=1)[0]
    return bool(_GENERIC_REGEX.fullmatch(name)) or words.prose.names.classify(name) in _KINDS


def _trim(text: str, start: int, end: int) -> Span:
    lead = _LEAD_REGEX.match(text, start, end)
    if lead is not None and end - lead.end() >= 2:
        start = lead.end()
    tail = _TAIL_REGEX.search(text, start, end)
    if tail is not None and tail.start() - start >= 2:
        end = tail.start()
    return start, end


def _receiver(text: str, start: int, end: int, words: MentionWords) -> Receiver | None:
    start, end = _trim(text, start, end)
    name = text[start:end]
    if not 2 <= len(name) <= _LONGEST:
        return None
    if _GENERIC_REGEX.fullmatch(name):
        return Receiver((start, end), None, None, True)
    if _CLAUSE_REGEX.search(name):
        return None
    kind = _KINDS.get(words.prose.names.classify(name))
    key = fold(name)
    known = words.lexicon.company_names.get(key) or words.lexicon.sdk_names.get(key)
    return Receiver((start, end), kind, known, False)
