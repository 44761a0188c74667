"""No expression costs more than its text is long, whatever the text.

Shown in two ways that know nothing of each other: by what the tree of an expression allows (ambiguity.py, stepcount.py),
and by the time that texts made to be bad for it take (attacks.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from typing import Any

import msgspec
import pytest

from noticeparse.document import read_document
from noticeparse.layout import sections
from noticeparse.lexicon.load import Lexicon, load_lexicon
from noticeparse.mentions.reading import read_mentions
from noticeparse.parsing import parse_document
from noticeparse.pattern import Pattern
from noticeparse.prose import recipients
from noticeparse.prose.sentences import _cutter
from tests.ambiguity import findings
from tests.attacks import Attacks, growth, seconds
from tests.patterns import Expression, expression, expressions, makers, trees, watched
from tests.stepcount import steps_at_most

# Steps of the matcher from one place of a text: of an expression that is tried from there alone, and of one that is tried
# from place after place. A step takes a nanosecond or two.
MOST_STEPS_ONCE, MOST_STEPS = 200_000, 12_000
LENGTH = 1000  # of the shorter text
# Linear time is 4, quadratic 16; bounded repeats of some hundred characters come to their full cost between the two lengths.
MOST_GROWTH = 8.0
TEXT = """第三方SDK目录
1. 示例推送SDK
使用目的：消息推送
收集个人信息：设备信息（如IMEI、OAID），仅安卓
我们会与示例科技有限公司共享您的手机号，经加密处理后用于登录；如果您拒绝提供位置信息，我们不会收集。
""".encode()


def built(lexicon: Lexicon) -> list[Expression]:
    """The expressions that functions make, of a vocabulary or of a word."""
    with watched() as places:
        document = read_document("notice.txt", TEXT)
        parse_document(document, lexicon)
        read_mentions(document, lexicon)
        recipients._earlier.__wrapped__("合作方")
        _cutter.__wrapped__("。;")
        sections._cues(lexicon)  # of notices with entries that name nobody
    assert set(places) >= set(makers()), "a pattern is made in a function that nothing here calls"
    return [
        expression(f"{module}:{line}", pattern)
        for (module, line), patterns in places.items()
        for pattern in {(one.pattern, one.flags): one for one in patterns}.values()
    ]


@cache
def ours() -> tuple[Expression, ...]:
    """All expressions, those of a vocabulary as they are for the lexicon that we ship."""
    return (*expressions(), *built(msgspec.structs.replace(load_lexicon(), version="of its own")))


def faults(one: Expression) -> list[str]:
    """How an expression costs more than its text is long."""
    compiled = one.pattern.compiled()
    found = set()
    if one.anywhere or one.once:
        found.update(map(str, findings(compiled, anywhere=one.anywhere, whole=False)))
    if one.whole:
        found.update(map(str, findings(compiled, anywhere=False, whole=True)))
    steps = steps_at_most(compiled, whole=one.whole)
    if steps > (MOST_STEPS if one.anywhere else MOST_STEPS_ONCE):
        found.add(f"{steps} steps from one place")
    return sorted(found)


# ---------------------------------------------------------------- what is looked at


@pytest.mark.slow
def test_every_pattern_of_a_module_is_looked_at() -> None:
    """As many as there are calls that make one outside of functions; those in functions are counted by ``built``."""
    written = Counter(module for module in trees() for _ in makers(module, inside=False))
    found = Counter()
    for one in expressions():
        module = next(name for name in sorted(trees(), key=len, reverse=True) if one.place.startswith(f"{name}."))
        found[module] += 1
    assert sum(found.values()) > 300
    assert found == written


@pytest.mark.slow
def test_what_is_asked_of_a_pattern_is_known() -> None:
    asked = {one.place: (one.anywhere, one.once, one.whole) for one in expressions()}
    assert asked["noticeparse.fetch.sources._APP_ID_REGEX"] == (False, False, True)
    assert asked["noticeparse.document.html._SPAN_REGEX"] == (False, True, False)
    assert asked["noticeparse.prose.patterns.NEEDS_REGEX"] == (True, False, False)  # from another module
    assert asked["noticeparse.prose.patterns.HANDED_REGEX"] == (False, True, False)
    assert asked["noticeparse.prose.recipients._LISTED_REGEX"] == (False, False, True)  # by the variable of a loop


# ---------------------------------------------------------------- what the trees allow


@pytest.mark.slow
def test_no_pattern_is_read_in_more_ways_than_its_text_is_long() -> None:
    assert {one.place: found for one in ours() if (found := faults(one))} == {}


@pytest.mark.slow
def test_no_word_of_a_user_makes_a_pattern_costly() -> None:
    """Words that others make up, with and without what stands between two words, in every word class and platform."""
    lexicon = load_lexicon()

    def more(words: tuple[str, ...]) -> tuple[str, ...]:
        one, other = (words * 2)[:2] if words else ("甲", "乙")
        joined = (one + other, f"{one}和{other}", f"{one}、{other}", one * 2, f" {one}", f"{one}的")
        return tuple(sorted({*words, *joined}, key=len, reverse=True))

    hostile = msgspec.structs.replace(
        lexicon,
        words={name: more(words) for name, words in lexicon.words.items()},
        platforms={name: more(words) for name, words in lexicon.platforms.items()},
    )
    assert {one.place: found for one in built(hostile) if (found := faults(one))} == {}


@pytest.mark.parametrize(
    ("pattern", "way", "kind"),
    [
        # two ways through the body of a loop
        (r"(?:a|b|ab)*$", "whole", "exponential"),
        (r"(?:a*)*b", "once", "exponential"),
        (r"(?:\s*x?)*y", "once", "exponential"),
        (r"(?:a|aa){0,40}b", "once", "exponential"),
        (r"(?:a(?=..)|a)+b", "once", "exponential"),
        # two loops behind each other
        (r"a*a*b", "once", "polynomial"),
        (r"^.*a.*b", "once", "polynomial"),
        (r"\d+\s*,?\s*x", "once", "polynomial"),
        (r"(?:a(?:a*b)?)*", "once", "polynomial"),
        # begun again from every place
        (r"[^,]*:", "anywhere", "restarts"),
        (r"\s+$", "anywhere", "restarts"),
        (r"a++b", "anywhere", "restarts"),
        (r"x(?=.*)y", "anywhere", "restarts"),
        (r"x(?:.*y)?", "anywhere", "restarts"),
        (r"(?:公司|集团)[^,]*:", "anywhere", "restarts"),
        # bounds that multiply
        (r"[^,]{0,300}a[^,]{0,300}b", "anywhere", "steps"),
        (r"\s{0,99}\s{0,99}\s{0,99}x", "anywhere", "steps"),
        # nothing of all that
        (r"(?:a|b)*$", "whole", ""),
        (r"(?:a|b|ab)*", "once", ""),
        (r"(?:a|aa)*+b", "once", ""),
        (r"a++a*b", "once", ""),
        (r"[^,]*:", "once", ""),
        (r"(?<!\s)\s++$", "anywhere", ""),
        (r"\b\w+:", "anywhere", ""),
        (r"^title[ \t]*+:[ \t]*+(.*)$", "anywhere", ""),
        (r",.*,", "anywhere", ""),
        (r"x[^,]*", "anywhere", ""),
        (r"[^,]{0,300}?a", "anywhere", ""),
        (r"\s{0,99}+(?:,\s{0,99}+)?x", "anywhere", ""),
        (r"\[[^\[\]]{0,400}\]\([^()\s]{0,2000}\)", "anywhere", ""),
        (rb"<meta\s[^<>]{0,300}?charset", "anywhere", ""),
    ],
)
def test_costly_patterns_are_told(pattern: Any, way: str, kind: str) -> None:
    one = Expression("here", Pattern(pattern), way == "anywhere", way == "once", way == "whole")
    found = faults(one)
    assert [fault for fault in found if kind and kind in fault] or not (found or kind)


def test_what_is_told_of_a_costly_pattern_is_bad_for_it() -> None:
    """The text that a finding names takes twice as long with each repetition."""
    pattern = re.compile("(?:可能|不?会|可以?|能|以|不)*x")
    [found, *_] = findings(pattern, anywhere=False, whole=False)
    assert found.kind == "exponential"
    short, long = (found.prefix + found.unit * times + "!" for times in (6, 11))
    assert seconds(pattern.match, long, 2) > MOST_GROWTH * seconds(pattern.match, short, 3)


# ---------------------------------------------------------------- what texts that are bad for them take


def slow_texts(one: Expression, length: int) -> Iterator[tuple[float, tuple[str, str, str]]]:
    """Texts for which a pattern takes far more than four times as long when they get four times as long."""
    compiled = one.pattern.compiled()
    attacks = Attacks(compiled)

    def run(text: Any) -> None:
        if one.anywhere:
            for _ in compiled.finditer(text):
                pass
        if one.once:
            compiled.match(text)
        if one.whole:
            compiled.fullmatch(text)

    for attack in attacks:
        found = growth(run, partial(attacks.text, attack), length, MOST_GROWTH)
        if found > MOST_GROWTH:
            yield found, attack


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_texts_that_are_bad_for_a_pattern_take_time_in_proportion(part: int) -> None:
    assert {one.place: found for one in ours()[part::4] if (found := list(slow_texts(one, LENGTH)))} == {}


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"[^,]*:", "anywhere"),
        (r"\s+$", "anywhere"),
        (r"(?:公司|集团)[^,]*:", "anywhere"),
        (r"x(?=.*)y", "anywhere"),
        (r"^.*的.*x", "once"),
        (r"\d*\d*x", "whole"),
        (rb"\w+@", "anywhere"),
    ],
)
def test_texts_made_for_a_costly_pattern_are_bad_for_it(pattern: Any, way: str) -> None:
    one = Expression("here", Pattern(pattern), way == "anywhere", way == "once", way == "whole")
    assert next(slow_texts(one, LENGTH // 2), None)
