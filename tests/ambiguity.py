"""What a regular expression can cost, by the number of ways in which it reads the same characters.

The matcher of :mod:`re` tries one way after another, so what a failed match costs is the number of ways that read the
same characters.  Three shapes make that number grow faster than the text:

exponential
    A loop whose body reads one word in two ways: ``(?:可|以|可以)*$``.
polynomial
    Two loops, one behind the other, that both read some word that also leads from the first to the second: ``a*a*b``.
restarts
    The same, where the first loop is the search itself: ``[^,]*:`` is tried from every character and runs to the end
    from each.

The tests for two ways are those of Weber and Seidl, "On the degree of ambiguity of finite automata", 1991. A way that has
reached where the match succeeds, whatever follows, is followed no further: the matcher does not come back to it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.automaton import Automaton, Step, automaton

MANY = 8  # a repeat of so many times counts as a loop where two ways through its body are looked for
NODES = 400_000  # of a product; a pattern with a larger one is told as not decided


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which a pattern costs more than its text is long."""

    kind: str  # exponential, polynomial, restarts, undecided
    prefix: str
    unit: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.prefix!r} + n × {self.unit!r}"


def _components(steps: Sequence[Sequence[int]]) -> list[list[int]]:
    """Strongly connected components (Tarjan), those alone that hold a loop."""
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on: set[int] = set()
    found: list[list[int]] = []
    for root in range(len(steps)):
        if root in order:
            continue
        work: list[tuple[int, int]] = [(root, 0)]
        while work:
            at, nth = work.pop()
            if nth == 0:
                order[at] = low[at] = len(order)
                stack.append(at)
                on.add(at)
            targets = steps[at]
            for index in range(nth, len(targets)):
                to = targets[index]
                if to not in order:
                    work.append((at, index + 1))
                    work.append((to, 0))
                    break
                if to in on:
                    low[at] = min(low[at], order[to])
            else:
                if low[at] == order[at]:
                    group: list[int] = []
                    while True:
                        member = stack.pop()
                        on.discard(member)
                        group.append(member)
                        if member == at:
                            break
                    if len(group) > 1 or at in steps[at]:
                        found.append(group)
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[at])
    return found


def _letter(machine: Automaton, mask: int) -> str:
    number = (mask & -mask).bit_length() - 1
    return machine.characters[number] if number < len(machine.characters) else ""


def _way_to(machine: Automaton, goal: int) -> str:
    """The shortest text that leads to a state."""
    seen = {machine.begin: ""}
    queue = deque([machine.begin])
    while queue:
        at = queue.popleft()
        if at == goal:
            return seen[at]
        for step in machine.steps[at]:
            if step.target not in seen and step.target not in machine.search:
                seen[step.target] = seen[at] + _letter(machine, step.mask)
                queue.append(step.target)
    return ""


def exponential(machine: Automaton) -> Finding | None:
    """A loop that reads one word in two ways and may then fail."""
    steps = [
        [
            Step(mask, step.target, False)
            for step in steps
            if not step.commits and number not in machine.search and (mask := step.mask & ~_ending(machine, number))
        ]
        for number, steps in enumerate(machine.steps)
    ]
    groups = _components([[step.target for step in part] for part in steps])
    for group in groups:
        inside = set(group)
        for source, target, mask in machine.double:
            left = mask & ~_ending(machine, source)
            if source in inside and target in inside and left:
                return Finding("exponential", _way_to(machine, source), _letter(machine, left))
        # pairs of states that one word reaches from one state; two ways that meet again in it make the word double
        forward: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
        queue = deque((state, state) for state in group)
        seen = set(queue)
        while queue:
            pair = queue.popleft()
            out: list[tuple[int, int, int]] = []
            for one in steps[pair[0]]:
                if one.target not in inside:
                    continue
                for two in steps[pair[1]]:
                    if two.target in inside and one.mask & two.mask:
                        out.append((one.target, two.target, one.mask & two.mask))
                        if (one.target, two.target) not in seen:
                            seen.add((one.target, two.target))
                            queue.append((one.target, two.target))
            forward[pair] = out
            if len(seen) > NODES:
                return Finding("undecided", "", "")
        numbers = {pair: number for number, pair in enumerate(seen)}
        pairs = list(numbers)
        for loop in _components([[numbers[to[0], to[1]] for to in forward[pair]] for pair in pairs]):
            members = {pairs[number] for number in loop}
            same = [pair for pair in members if pair[0] == pair[1]]
            if same and len(same) < len(members):
                unit = _word_between(forward, members, same[0], machine)
                return Finding("exponential", _way_to(machine, same[0][0]), unit)
    return None


def _word_between(
    forward: dict[tuple[int, int], list[tuple[int, int, int]]],
    members: set[tuple[int, int]],
    start: tuple[int, int],
    machine: Automaton,
) -> str:
    """A word from a pair over two different states back to it."""
    seen: dict[tuple[tuple[int, int], bool], str] = {(start, False): ""}
    queue = deque([(start, False)])
    while queue:
        pair, parted = queue.popleft()
        for one, two, mask in forward[pair]:
            if (one, two) not in members:
                continue
            key = ((one, two), parted or one != two)
            word = seen[pair, parted] + _letter(machine, mask)
            if key == (start, True):
                return word
            if key not in seen:
                seen[key] = word
                queue.append(key)
    return ""


def polynomial(machine: Automaton) -> Finding | None:
    """Two loops behind each other that read one word, the second of which may then fail."""
    plain = [[step.target for step in steps] for steps in machine.steps]
    groups = _components(plain)
    reach = _reachable(plain)
    letters = [_by_letter(machine, state) for state in range(len(plain))]
    for group in groups:
        first = set(group)
        searching = group[0] in machine.search
        cages = frozenset() if searching else frozenset.intersection(*(machine.cages[state] for state in group))
        for other in groups:
            second = set(other)
            if other is not group and not reach[group[0]] >> other[0] & 1:
                continue
            if cages and not any(cages <= machine.cages[state] for state in second):
                continue  # what a possessive loop has read stays read
            middle = (
                first
                | second
                | {
                    state
                    for state in range(len(plain))
                    if reach[group[0]] >> state & 1 and reach[state] >> other[0] & 1
                }
            )
            found = _three_ways(machine, letters, first, middle, second)
            if found is None:
                continue
            state, word = found
            kind = "undecided" if not word else "restarts" if searching else "polynomial"
            return Finding(kind, "" if searching else _way_to(machine, state), word)
    return None


def _by_letter(machine: Automaton, state: int) -> dict[int, list[tuple[int, bool]]]:
    """By the number of a character, the states that a state leads to, and whether the step commits."""
    found: dict[int, list[tuple[int, bool]]] = {}
    for step in machine.steps[state]:
        mask = step.mask
        while mask:
            low = mask & -mask
            found.setdefault(low.bit_length() - 1, []).append((step.target, step.commits))
            mask ^= low
    return found


def _reachable(targets: Sequence[Sequence[int]]) -> list[int]:
    """For each state a bit set of those that can be reached from it."""
    reach = [0] * len(targets)
    changed = True
    while changed:
        changed = False
        for number in range(len(targets) - 1, -1, -1):
            bits = reach[number]
            for to in targets[number]:
                bits |= reach[to] | 1 << to
            if bits != reach[number]:
                reach[number], changed = bits, True
    return reach


def _three_ways(
    machine: Automaton,
    letters: Sequence[dict[int, list[tuple[int, bool]]]],
    first: set[int],
    middle: set[int],
    second: set[int],
) -> tuple[int, str] | None:
    """A state of the first loop, and a word that leads round it, round the second loop, and from the one to the other.

    No word where there are more triples of states than can be looked at.
    """
    endings = {state: _ending(machine, state) for state in second}
    for start in _cut(machine, first):
        # The word leads from (start, start, goal) to (start, goal, goal); the goals are looked for all at once.
        seen: dict[tuple[int, int, int, int], tuple[tuple[int, int, int, int] | None, int]] = {}
        queue: deque[tuple[int, int, int, int]] = deque()
        for goal in second:
            if goal != start:
                seen[start, start, goal, goal] = (None, -1)
                queue.append((start, start, goal, goal))
        while queue:
            at = queue.popleft()
            one, two, three, goal = at
            for letter, targets in letters[three].items():
                if endings[three] >> letter & 1:
                    continue
                ones, twos = letters[one].get(letter, ()), letters[two].get(letter, ())
                if not ones or not twos:
                    continue
                for third, commits in targets:
                    if third not in second or (commits and first == second):
                        continue
                    for head, _ in ones:
                        if head not in first:
                            continue
                        for between, _ in twos:
                            if between not in middle:
                                continue
                            key = (head, between, third, goal)
                            if head == start and between == third == goal:
                                return start, _spelled(machine, seen, at) + machine.characters[letter]
                            if key not in seen:
                                seen[key] = (at, letter)
                                queue.append(key)
            if len(seen) > NODES:
                return start, ""
    return None


def _spelled(
    machine: Automaton,
    seen: dict[tuple[int, int, int, int], tuple[tuple[int, int, int, int] | None, int]],
    last: tuple[int, int, int, int],
) -> str:
    word = ""
    at: tuple[int, int, int, int] | None = last
    while at is not None:
        at, letter = seen[at]
        word = (machine.characters[letter] if letter >= 0 else "") + word
    return word


def _cut(machine: Automaton, group: set[int]) -> list[int]:
    """States of a loop that every way round it comes by: to look from them is enough, since the word can be turned."""
    left = set(group)
    cut: list[int] = []
    while True:
        targets = {state: [step.target for step in machine.steps[state] if step.target in left] for state in left}
        names = {state: number for number, state in enumerate(targets)}
        loops = _components([[names[to] for to in ways] for ways in targets.values()])
        if not loops:
            return cut
        order = list(targets)
        inside = [order[number] for number in loops[0]]
        most = max(inside, key=lambda state: (state in targets[state], len(targets[state]), -state))
        cut.append(most)
        left.discard(most)


def _ending(machine: Automaton, state: int) -> int:
    """The characters by which, read in a state, the match has succeeded: before them, or with them whatever follows."""
    bits = machine.stops[state]
    everything = 1 << len(machine.characters)
    for step in machine.steps[state]:
        stops = machine.stops[step.target]
        if stops & everything and stops & (everything - 1) == everything - 1:
            bits |= step.mask
    return bits


@cache
def findings(pattern: re.Pattern[Any], *, anywhere: bool, whole: bool) -> tuple[Finding, ...]:
    """What makes a pattern cost more than its text is long; empty where nothing does."""
    loops = automaton(pattern, anywhere=False, whole=whole, loops_from=MANY)
    found = [exponential(loops)]
    found.append(polynomial(automaton(pattern, anywhere=anywhere, whole=whole)))
    return tuple(finding for finding in found if finding)
