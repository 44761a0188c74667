"""How many steps the bounded repeats of a regular expression may take from one place of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.ambiguity import MANY
from tests.automaton import (
    ASSERT,
    ASSERT_NOT,
    AT,
    ATOMIC_GROUP,
    BRANCH,
    CHARACTERS,
    LITERAL,
    MAXREPEAT,
    POSSESSIVE_REPEAT,
    REPEATS,
    SUBPATTERN,
    Builder,
)


def steps_at_most(pattern: re.Pattern[Any], *, whole: bool = False) -> int:
    """How many steps the bounded repeats of a pattern may take from one place of a text, roughly and at most.

    A repeat that may stop in several places multiplies what a failure of the rest costs, if the rest can begin with what
    is repeated.  Repeats without a bound count as one step: that they cost no more than their text is long is shown by
    :func:`tests.ambiguity.findings`.
    """
    builder = Builder(pattern, None)
    items = _flat(builder.tree)
    return _cost(builder, _apart(builder, items), builder.flags, builder.edge, 1 if whole else 0).steps


@dataclass(frozen=True, slots=True)
class _Cost:
    steps: int  # at most, whether it succeeds or fails
    failing: int  # at most before it fails; none where it cannot
    ways: int  # places in which it may end


def _flat(items: Any) -> list[Any]:
    """The elements of a sequence, those of groups in place of them."""
    found: list[Any] = []
    for op, argument in items:
        if op is SUBPATTERN and not argument[1] and not argument[2]:
            found.extend(_flat(argument[3]))
        else:
            found.append((op, argument))
    return found


def _single(builder: Builder, op: Any, argument: Any) -> int | None:
    """The characters of an element that has to be there, if it reads one of a set, or several."""
    if op in REPEATS:
        return builder.one_set(argument[2], builder.flags) if argument[0] else None
    return builder.one_set([(op, argument)], builder.flags)


def _reads(builder: Builder, items: Any, flags: int) -> int:
    """All characters that a sequence may read."""
    bits = 0
    for op, argument in items:
        if op in CHARACTERS:
            bits |= builder.mask((op, argument), flags)
        elif op is SUBPATTERN:
            bits |= _reads(builder, argument[3], (flags | argument[1]) & ~argument[2])
        elif op is BRANCH:
            for part in argument[1]:
                bits |= _reads(builder, part, flags)
        elif op in REPEATS:
            bits |= _reads(builder, argument[2], flags)
        elif op is ATOMIC_GROUP:
            bits |= _reads(builder, argument, flags)
    return bits


def _apart(builder: Builder, items: list[Any]) -> list[Any]:
    """The elements of a sequence; first long repeats that exclude what has to stand before them, without their bound.

    Tried from every place of a text, it reads from each beginning no further than to the next, so that all of them
    together read the text once, however long the repeat may be.
    """
    needed: list[int] = []
    found = list(items)
    for number, (op, argument) in enumerate(items):
        only = builder.one_set(argument[2], builder.flags) if op in REPEATS else None
        if only is not None and argument[1] >= MANY:
            if all(one & only for one in needed):
                break
            found[number] = (op, (argument[0], MAXREPEAT, argument[2]))
        one = _single(builder, op, argument)
        if one is not None:
            needed.append(one)
    return found


def _reached_once(builder: Builder, items: list[Any], repeated: int) -> int | None:
    """The number of the first element that neither what is repeated nor what stands before it can pass over."""
    passed = repeated
    for number, (op, argument) in enumerate(items):
        only = _single(builder, op, argument)
        if only is not None and not only & passed:
            return number
        passed |= _reads(builder, [(op, argument)], builder.flags)
    return None


def _cost(builder: Builder, items: list[Any], flags: int, behind: int, failing: int) -> _Cost:
    """Cost of a sequence; ``failing``: what a failure of what stands behind it costs."""
    steps, ways, last, end = 0, 1, failing, behind
    for number in range(len(items) - 1, -1, -1):
        op, argument = items[number]
        one = _item_cost(builder, op, argument, flags, behind)
        if op is LITERAL and number + 1 < len(items) and items[number + 1][0] is LITERAL:
            one = _Cost(0, 0, 1)  # a word is compared as one
        again = (one.ways - 1) * failing  # what further ways through this element cost
        rest = items[number + 1 :]
        if one.ways >= MANY and rest and failing:
            apart = _apart(builder, rest)
            if apart != rest:
                again = (one.ways - 1) * _cost(builder, apart, flags, end, last).failing
            only = builder.one_set(argument[2], flags) if op in REPEATS else None
            until = None if only is None else _reached_once(builder, rest, only)
            if until is not None:  # what is behind it is tried once for each way to come there
                before = _cost(builder, rest[: until + 1], flags, builder.edge, 1)
                behind_it = _cost(builder, rest[until + 1 :], flags, end, last)
                widest = max([2, *(bounds[1] for kind, bounds in rest[:until] if kind in REPEATS)])
                again = min(again, (one.ways - 1) * before.failing + min(one.ways, widest) * behind_it.failing)
        steps += one.steps + again
        failing = one.steps + failing + again if failing else one.failing
        ways *= one.ways
        behind = _first_of(builder, op, argument, flags, behind)
    return _Cost(steps, failing, ways)


def _first_of(builder: Builder, op: Any, argument: Any, flags: int, behind: int) -> int:
    """The characters that an element, or where it reads nothing what stands behind it, begins with."""
    if op in (AT, ASSERT, ASSERT_NOT):
        return behind
    if op in CHARACTERS:
        return builder.mask((op, argument), flags)
    if op is SUBPATTERN:
        _, add, drop, inner = argument
        flags, argument = (flags | add) & ~drop, inner
    if op in (SUBPATTERN, ATOMIC_GROUP):
        for inner_op, inner_argument in reversed(list(argument)):
            behind = _first_of(builder, inner_op, inner_argument, flags, behind)
        return behind
    if op is BRANCH:
        bits = 0
        for part in argument[1]:
            bits |= _first_of(builder, ATOMIC_GROUP, part, flags, behind)
        return bits
    if op in REPEATS:
        bits = _first_of(builder, ATOMIC_GROUP, argument[2], flags, behind)
        return bits if argument[0] else bits | behind
    return builder.any


def _item_cost(builder: Builder, op: Any, argument: Any, flags: int, behind: int) -> _Cost:
    if op is SUBPATTERN:
        _, add, drop, inner = argument
        return _cost(builder, _flat(inner), (flags | add) & ~drop, behind, 0)
    if op is ATOMIC_GROUP:
        one = _cost(builder, _flat(argument), flags, behind, 0)
        return _Cost(one.steps, one.failing, 1)
    if op in (ASSERT, ASSERT_NOT):
        steps = _cost(builder, _flat(argument[1]), flags, builder.any, 0).steps
        return _Cost(steps, steps, 1)
    if op is BRANCH:
        return _branch_cost(builder, argument[1], flags, behind)
    if op in REPEATS:
        least, most, body = argument
        begins = _first_of(builder, ATOMIC_GROUP, body, flags, 0)
        one = _cost(builder, _flat(body), flags, behind | begins, 0)
        if most is MAXREPEAT:
            return _Cost(one.steps, one.failing if least else 0, 1)
        rounds = most - least + 1
        if 1 < most < MANY and one.ways > 1:
            rounds = sum(one.ways**count for count in range(least, most + 1))
        elif most == 1:
            rounds = one.ways + 1 - least
        if op is POSSESSIVE_REPEAT:
            rounds = 1
        elif not begins & behind:
            rounds = one.ways if most == 1 else 1
        return _Cost(one.steps * most, one.steps * least, rounds)
    return _Cost(1, 1, 1)


def _branch_cost(builder: Builder, parts: Sequence[Any], flags: int, behind: int) -> _Cost:
    """Alternatives: those that begin with one character, added up; words one of which begins another count together."""
    costs = [
        (
            _first_of(builder, ATOMIC_GROUP, part, flags, behind),
            _cost(builder, _flat(part), flags, behind, 0),
            _literal(part),
        )
        for part in parts
    ]
    steps = ways = 1
    for number in range(len(builder.characters) + 1):
        chosen = [(cost, word) for begins, cost, word in costs if begins >> number & 1]
        open_words: list[str] = []
        chain = 0
        for word in sorted(word for _, word in chosen if word):
            while open_words and not word.startswith(open_words[-1]):
                open_words.pop()
            open_words.append(word)
            chain = max(chain, len(open_words))
        ways = max(ways, chain + sum(cost.ways for cost, word in chosen if not word))
        steps = max(steps, sum(cost.steps for cost, _ in chosen))
    failing = 0 if any(not cost.failing for _, cost, _ in costs) else steps
    return _Cost(steps, failing, ways)


def _literal(part: Any) -> str:
    return "".join(chr(argument) for op, argument in part) if all(op is LITERAL for op, _ in part) else ""
