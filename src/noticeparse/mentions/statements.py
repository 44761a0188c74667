"""Statements that data flow: a verb of taking or giving, who does it, and the runs of text that name the data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from noticeparse.mentions import patterns
from noticeparse.mentions.words import MentionWords
from noticeparse.prose.data import data_end
from noticeparse.prose.sentences import MAX_CLAUSE, clause_start
from noticeparse.records import Span

Agent = Literal["taker", "user", "none"]
Kind = Literal["object", "fronted", "relative", "heading", "list"]

# Of one sentence; real ones come nowhere near.
_MAX_RUNS = 20
_MAX_VERBS = 200
_MAX_DATA = 1000


class Statement(Struct, frozen=True):
    """One statement.

    Attributes:
        kind: How its data stand: ``object`` behind the verb, ``fronted`` before it, ``relative`` behind 的, behind a
            ``heading`` such as 收集的信息包括, or in a ``list`` that no verb leads to.
        verb: Place of the verb, or of several joined; of a list, of what leads to it.
        data: Runs that name the data.
        gives: Whether the verb is one of giving.
        left: The clause before the verb, of a statement that a verb makes.
    """

    kind: Kind
    verb: Span
    data: tuple[Span, ...]
    gives: bool = False
    left: Span = (0, 0)


def find_statements(text: str, start: int, end: int, words: MentionWords) -> list[Statement]:
    """The statements of a sentence, in order.

    ``我们会收集您的姓名``, ``我们会将您的姓名提供给…``, ``您提供的姓名``, ``收集的信息包括姓名``. Conditions and refusals
    (``如果您拒绝提供姓名``) tell of nothing.

    Args:
        text: Flat text.
        start: Start of the sentence.
        end: End of the sentence.
        words: Vocabulary.
    """
    found = [*_told(text, start, end, words), *_lists(text, start, end, words)]
    return sorted(found, key=lambda statement: statement.verb)


def data_runs(text: str, at: int, end: int, words: MentionWords) -> tuple[Span, ...]:
    """The run of data that begins at a place, and those that go on with it behind a purpose.

    ``设备信息,以保障安全,包括IMEI、MAC地址``, ``1)账号信息:手机号2)身份信息:姓名``.

    Args:
        text: Flat text.
        at: Where the first run begins.
        end: End of the sentence.
        words: Vocabulary.
    """
    found: list[Span] = []
    end = min(end, at + _MAX_DATA)
    stop = data_end(text, at, end, words.prose)
    while len(found) < _MAX_RUNS:
        if stop < end and text[stop] == ")" and stop > at and text[stop - 1].isalnum():
            stop = data_end(text, stop + 1, end, words.prose)  # the bracket of a number
            continue
        if stop > at:
            found.append((at, stop))
        more = patterns.MORE_REGEX.match(text, stop, end)
        if more is None:
            break
        at = more.end()
        stop = data_end(text, at, end, words.prose)
    return tuple(found)


def _lists(text: str, start: int, end: int, words: MentionWords) -> Iterator[Statement]:
    """Lists whose verb stands in a sentence before: ``这些信息包括…``, ``例如您的…``, ``(1)行为日志:点击、浏览``."""
    for match in patterns.POINTING_HEADING_REGEX.finditer(text, start, end):
        yield Statement("list", match.span(), data_runs(text, match.end(), end, words))
    example = patterns.EXAMPLE_REGEX.match(text, start, end)
    headed = patterns.HEADED_REGEX.match(text, start, end)
    if example is not None:
        yield Statement("list", example.span(), data_runs(text, example.end(), end, words))
    elif headed is not None and patterns.NOT_HEADED_REGEX.search(text, headed.start("d"), end) is None:
        at = headed.start("d")
        yield Statement("list", (headed.start(), at), data_runs(text, at, end, words))


def _told(text: str, start: int, end: int, words: MentionWords) -> Iterator[Statement]:
    count = 0
    for match in words.verb.finditer(text, start, end):
        if match.group("last") is None:
            continue
        count += 1
        if count > _MAX_VERBS:
            return
        statement = _statement(text, start, end, match, words)
        if statement is not None:
            yield statement


def _statement(text: str, start: int, end: int, match: re.Match[str], words: MentionWords) -> Statement | None:
    verb, last = match.span(), match.group("last")
    gives = last in words.gives
    begin = clause_start(text, verb[0], start)
    left = text[begin : verb[0]]
    if patterns.REFUSED_REGEX.search(left) or patterns.CONDITION_REGEX.match(left):
        return None
    fronted = _fronted(text, start, begin, verb)
    if fronted is not None:
        return Statement("fronted", verb, (fronted,), gives, (begin, verb[0]))
    if (gives and patterns.TO_USER_REGEX.search(left)) or patterns.NOUN_BEHIND_REGEX.match(text, verb[1], end):
        return None
    owned = patterns.OWNED_REGEX.match(text, verb[1], end) is not None
    relative = text.startswith("的", verb[1])
    agent, modal, rest = _agent(left, relative=relative)
    if agent == "none":
        if not relative and not modal and not owned and len(rest) >= 3 and rest.strip():
            return None
        if patterns.PURPOSE_REGEX.match(left):
            return None
    heading = patterns.HEADING_REGEX.match(text, verb[1], end)
    if heading is not None:
        return Statement("heading", verb, data_runs(text, heading.end(), end, words), gives, (begin, verb[0]))
    if relative:
        if agent == "taker" and modal and patterns.OWNED_REGEX.match(text, verb[1] + 1, end) is None:
            return None
    elif not _takes_data(text[slice(*verb)], last, agent, words, owned=owned, modal=modal):
        return None
    data = data_runs(text, verb[1] + relative, end, words)
    if not data or _is_noun_of(text, data[0][1], end) or patterns.NOUN_OF_DATA_REGEX.match(text, *data[0]):
        return None
    return Statement("relative" if relative else "object", verb, data, gives, (begin, verb[0]))


def _fronted(text: str, start: int, begin: int, verb: Span) -> Span | None:
    """Data before the verb: ``将您的姓名提供给``."""
    match = patterns.FRONTED_REGEX.search(text, begin, verb[0])
    if match is None and begin > start and text.startswith(("给", "至", "到", "于"), verb[1]):
        match = patterns.FRONTED_FAR_REGEX.search(text, max(start, begin - MAX_CLAUSE), verb[0])
    if match is None or patterns.NOT_FRONTED_REGEX.match(match.group("d")):
        return None
    return match.span("d")


def _is_noun_of(text: str, at: int, end: int) -> bool:
    """Whether what looked like a statement is part of a noun: ``收集您的个人信息的目的``."""
    return (
        patterns.NOUN_OF_REGEX.match(text, at, end) is not None and patterns.ALLOWED_REGEX.match(text, at, end) is None
    )


def _agent(left: str, *, relative: bool) -> tuple[Agent, bool, str]:
    """Who acts, whether modal words stand before the verb, and the words of the clause that are neither."""
    if patterns.ASKED_REGEX.search(left):
        return "user", True, ""
    bare = patterns.ADVERBIAL_REGEX.sub("", left)
    match = patterns.MODAL_REGEX.search(bare)
    modal = bool(match and match.group())
    rest = bare[: match.start()] if match else bare
    agent = patterns.AGENT_REGEX.search(rest)
    if agent is not None:
        return ("user" if agent.group("user") else "taker"), modal, rest[: agent.start()]
    if relative and patterns.USER_REGEX.search(left):
        return "user", modal, rest
    if patterns.WE_REGEX.search(rest):
        return "taker", modal, rest
    return "none", modal, rest


def _takes_data(verb: str, last: str, agent: Agent, words: MentionWords, *, owned: bool, modal: bool) -> bool:
    """Whether a verb that takes other objects as well takes data here: they are 您的, or 我们 do it."""
    if verb.endswith("了"):
        return False  # 我们使用了…SDK
    if verb == "提供" and agent == "taker":
        return owned
    if verb == "使用":
        return owned and agent != "user"
    return owned or (agent == "taker" and modal) or last not in words.weak
