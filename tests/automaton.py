"""A regular expression as an automaton, read from the tree that :mod:`re` parses it to.

The automaton is that of positions (Glushkov), with edges that also know what they ask of the character before
(``(?<!x)``, ``^``, ``\\b``) and of the one behind (``(?!x)``, ``$``, the end of a possessive repeat).  What it cannot know (a
look-behind of two characters, a look-ahead of several) it takes as always fulfilled, so that what is concluded from it
errs by finding too much.  Characters are told apart by the matcher itself: each set is asked for each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from re import _compiler, _parser  # type: ignore[attr-defined]
from re._constants import (  # type: ignore[import-not-found]
    ANY,
    ASSERT,
    ASSERT_NOT,
    AT,
    AT_BEGINNING,
    AT_BEGINNING_STRING,
    AT_BOUNDARY,
    AT_END,
    AT_END_STRING,
    AT_NON_BOUNDARY,
    ATOMIC_GROUP,
    BRANCH,
    FAILURE,
    IN,
    LITERAL,
    MAX_REPEAT,
    MAXREPEAT,
    MIN_REPEAT,
    NOT_LITERAL,
    POSSESSIVE_REPEAT,
    RANGE,
    SUBPATTERN,
)
from typing import Any

REPEATS = (MAX_REPEAT, MIN_REPEAT, POSSESSIVE_REPEAT)
CHARACTERS = (LITERAL, NOT_LITERAL, IN, ANY)
# One of each kind that \w, \d, \s, ignored case and negated sets tell apart, besides what the pattern itself names.
KINDS = "amzAMZ059_-.,:;()[]/\\\"' \t\n\r\x00\x1f\x7f\x85\xa0é٣Ⅷſ\u212a\u3000中龘，。：（）한\U0001f600"
COPIES = 3  # how often a bounded repeat is written out where loops behind each other are looked for


@dataclass(frozen=True, slots=True)
class _Edge:
    """An edge that reads nothing, with what it asks of its neighbours."""

    target: int
    before: int
    behind: int
    commits: bool = False  # the way back of a possessive loop: what was chosen in the body stays chosen
    certain: bool = True  # all that it asks is known; a look-around of several characters may also fail


@dataclass(slots=True)
class _Position:
    mask: int
    end: int
    cages: frozenset[int]


@dataclass(slots=True)
class Step:
    """A transition between states: the characters that it reads."""

    mask: int
    target: int
    commits: bool


@dataclass
class Automaton:
    """The positions of one pattern.

    Attributes:
        characters: One of each kind that the pattern tells apart; the bits of masks, with one more for the text's edge.
        steps: By state, its transitions.
        masks: By state, the characters that lead into it.
        cages: By state, the possessive repeats and atomic groups that it is inside of.
        stops: By state, the characters before which the match has succeeded.
        double: Transitions that read one character in two ways: from, to, characters.
        begin: The state before any character.
        search: The states of a search that has not begun to match.
    """

    characters: Sequence[str]
    steps: list[list[Step]] = field(default_factory=list)
    masks: list[int] = field(default_factory=list)
    cages: list[frozenset[int]] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    double: list[tuple[int, int, int]] = field(default_factory=list)
    begin: int = 0
    search: frozenset[int] = frozenset()


class Builder:
    """Reads the tree of a pattern; the sets of characters that it finds are bit masks over ``characters``."""

    def __init__(self, pattern: re.Pattern[Any], loops_from: int | None) -> None:
        self.source = pattern.pattern
        self.flags = pattern.flags
        self.is_bytes = isinstance(pattern.pattern, bytes)
        self.tree = _parser.parse(self.source, self.flags & ~re.DEBUG)
        self.loops_from = loops_from
        named: set[int] = set()
        _named(self.tree, named)
        around = {code + by for code in named for by in (-1, 0, 1)} | {ord(c) for c in KINDS}
        top = 0xFF if self.is_bytes else 0x10FFFF
        self.characters = [chr(code) for code in sorted(around) if 0 <= code <= top and not 0xD800 <= code <= 0xDFFF]
        self.all = (1 << len(self.characters)) - 1
        self.edge = 1 << len(self.characters)  # the bit of the beginning and of the end of the text
        self.any = self.all | self.edge
        self.nodes: list[list[_Edge]] = []
        self.reads: dict[int, list[int]] = {}
        self.positions: list[_Position] = []
        self.cage = 0
        self.sets: dict[str, int] = {}

    def node(self) -> int:
        self.nodes.append([])
        return len(self.nodes) - 1

    def link(
        self,
        source: int,
        target: int,
        before: int | None = None,
        behind: int | None = None,
        *,
        commits: bool = False,
        certain: bool = True,
    ) -> None:
        before, behind = self.any if before is None else before, self.any if behind is None else behind
        self.nodes[source].append(_Edge(target, before, behind, commits, certain))

    def mask(self, item: Any, flags: int) -> int:
        """The characters that one element reads, asked of the matcher itself."""
        key = f"{item!r}{flags}"
        if key not in self.sets:
            state = _parser.State()
            state.flags = flags
            state.str = self.source
            one = _compiler.compile(_parser.SubPattern(state, [item]), flags)
            bits = 0
            for number, character in enumerate(self.characters):
                if one.fullmatch(character.encode("latin-1") if self.is_bytes else character):
                    bits |= 1 << number
            self.sets[key] = bits
        return self.sets[key]

    def one_set(self, items: Any, flags: int) -> int | None:
        """The characters of a part that reads exactly one character."""
        while len(items) == 1 and items[0][0] is SUBPATTERN:
            _, add, drop, inner = items[0][1]
            flags, items = (flags | add) & ~drop, inner
        if len(items) != 1:
            return None
        op, argument = items[0]
        if op in CHARACTERS:
            return self.mask(items[0], flags)
        if op is BRANCH:
            parts = [self.one_set(part, flags) for part in argument[1]]
            if all(part is not None for part in parts):
                bits = 0
                for part in parts:
                    bits |= part or 0
                return bits
        return None

    def first(self, items: Any, flags: int) -> int:
        """Characters that a part can begin with; everything where it may read nothing."""
        for op, argument in items:
            if op in CHARACTERS:
                return self.mask((op, argument), flags)
            if op is SUBPATTERN:
                _, add, drop, inner = argument
                if inner.getwidth()[0]:
                    return self.first(inner, (flags | add) & ~drop)
                return self.any
            if op is ATOMIC_GROUP and argument.getwidth()[0]:
                return self.first(argument, flags)
            if op in REPEATS and argument[0] and argument[2].getwidth()[0]:
                return self.first(argument[2], flags)
            if op is BRANCH and all(part.getwidth()[0] for part in argument[1]):
                bits = 0
                for part in argument[1]:
                    bits |= self.first(part, flags)
                return bits
            return self.any
        return self.any

    def build(self, items: Any, start: int, flags: int, cages: frozenset[int]) -> int:
        for op, argument in items:
            start = self.item(op, argument, start, flags, cages)
        return start

    def item(self, op: Any, argument: Any, start: int, flags: int, cages: frozenset[int]) -> int:
        end = self.node()
        if op in CHARACTERS:
            self.positions.append(_Position(self.mask((op, argument), flags), end, cages))
            self.reads.setdefault(start, []).append(len(self.positions) - 1)
        elif op is SUBPATTERN:
            _, add, drop, inner = argument
            self.link(self.build(inner, start, (flags | add) & ~drop, cages), end)
        elif op is BRANCH:
            for part in argument[1]:
                begin = self.node()
                self.link(start, begin)
                self.link(self.build(part, begin, flags, cages), end)
        elif op is ATOMIC_GROUP:
            self.cage += 1
            self.link(self.build(argument, start, flags, cages | {self.cage}), end)
        elif op in REPEATS:
            self.repeat(op, argument, start, end, flags, cages)
        elif op is AT:
            self.place(argument, start, end, flags)
        elif op in (ASSERT, ASSERT_NOT):
            self.look(op, argument, start, end, flags, cages)
        elif op is FAILURE:
            pass
        else:
            raise NotImplementedError(f"{op} in {self.source!r}")
        return end

    def repeat(self, op: Any, argument: Any, start: int, end: int, flags: int, cages: frozenset[int]) -> None:
        least, most, body = argument
        loop = most is MAXREPEAT or (self.loops_from is not None and most >= self.loops_from)
        possessive = op is POSSESSIVE_REPEAT
        only = self.one_set(body, flags)
        stop = self.any & ~only if possessive and only is not None else None
        if possessive:
            self.cage += 1
            cages = cages | {self.cage}
        copies = COPIES if self.loops_from is None else 1
        needed = min(least, copies)
        for _ in range(needed):
            start = self.build(body, start, flags, cages)
        if loop:
            head = self.node()
            self.link(start, head)
            self.link(self.build(body, head, flags, cages), head, commits=possessive)
            self.link(head, end, behind=stop)
            return
        for _ in range(max(min(most, copies) - needed, 0)):
            self.link(start, end, behind=stop)
            start = self.build(body, start, flags, cages)
        self.link(start, end)

    def place(self, where: Any, start: int, end: int, flags: int) -> None:
        newline = self.mask((LITERAL, 10), flags)
        if where in (AT_BEGINNING, AT_BEGINNING_STRING):
            lines = where is AT_BEGINNING and flags & re.M
            self.link(start, end, before=self.edge | (newline if lines else 0))
        elif where in (AT_END, AT_END_STRING):
            lines = where is AT_END and flags & re.M
            self.link(start, end, behind=self.edge | (newline if lines else 0))
        elif where in (AT_BOUNDARY, AT_NON_BOUNDARY):
            [word] = _parser.parse(
                rb"\w" if self.is_bytes else r"\w", flags & (re.A | re.U if not self.is_bytes else 0)
            )
            inside = self.mask(word, flags)
            outside = self.any & ~inside
            sides = (inside, outside) if where is AT_BOUNDARY else (inside, inside)
            self.link(start, end, before=sides[0], behind=sides[1])
            self.link(start, end, before=self.any & ~sides[0], behind=self.any & ~sides[1])
        else:
            raise NotImplementedError(f"{where} in {self.source!r}")

    def look(self, op: Any, argument: Any, start: int, end: int, flags: int, cages: frozenset[int]) -> None:
        direction, body = argument
        only = self.one_set(body, flags)
        if direction < 0:
            certain = only is not None
            if only is None and op is ASSERT:
                only = self.last(body, flags)
            if only is None:
                self.link(start, end, certain=False)
            else:
                self.link(start, end, before=only if op is ASSERT else self.any & ~only, certain=certain)
            return
        if only is not None:
            self.link(start, end, behind=only if op is ASSERT else self.any & ~only)
            return
        if op is ASSERT_NOT and len(body) == 0:
            return  # (?!): nothing goes on
        side = self.node()  # what is looked at is read besides what follows, and leads no further
        self.link(start, side)
        self.cage += 1
        self.build(body, side, flags, cages | {self.cage})
        short = self.short_sets(body, flags)
        if op is ASSERT:
            self.link(start, end, behind=self.first(body, flags), certain=False)
        else:
            self.link(start, end, behind=None if short is None else self.any & ~short, certain=False)

    def short_sets(self, body: Any, flags: int) -> int | None:
        """The characters by which alone a look-ahead of alternatives is fulfilled."""
        if len(body) == 1 and body[0][0] is SUBPATTERN:
            return self.short_sets(body[0][1][3], flags)
        if len(body) == 1 and body[0][0] is BRANCH:
            bits = 0
            for part in body[0][1][1]:
                bits |= self.one_set(part, flags) or 0
            return bits or None
        return None

    def last(self, body: Any, flags: int) -> int | None:
        """The characters that a look-behind of alternatives ends with."""
        if len(body) == 0:
            return None
        op, argument = body[-1]
        if op in CHARACTERS:
            return self.mask(body[-1], flags)
        if op is SUBPATTERN:
            return self.last(argument[3], flags)
        if op is BRANCH:
            parts = [self.last(part, flags) for part in argument[1]]
            if all(part is not None for part in parts):
                bits = 0
                for part in parts:
                    bits |= part or 0
                return bits
        return None

    def closure(self, node: int) -> Iterator[tuple[int, int, int, bool, bool]]:
        """Nodes that are reached without reading, by each way: node, asked before, asked behind, commits, certain."""
        stack: list[tuple[int, int, int, bool, bool, frozenset[int]]]
        stack = [(node, self.any, self.any, False, True, frozenset())]
        while stack:
            at, before, behind, commits, certain, taken = stack.pop()
            yield at, before, behind, commits, certain
            # each edge once: the matcher enters no round of a loop that reads nothing twice
            for edge in self.nodes[at]:
                if id(edge) in taken or not before & edge.before or not behind & edge.behind:
                    continue
                stack.append(
                    (
                        edge.target,
                        before & edge.before,
                        behind & edge.behind,
                        commits or edge.commits,
                        certain and edge.certain,
                        taken | {id(edge)},
                    )
                )


def _named(items: Any, found: set[int]) -> None:
    """The characters that a tree names."""
    for op, argument in items:
        if op in (LITERAL, NOT_LITERAL):
            found.update({argument, ord(chr(argument).swapcase()[0])})
        elif op is RANGE:
            found.update(argument)
        elif op is IN:
            _named(argument, found)
        elif op is SUBPATTERN:
            _named(argument[3], found)
        elif op is BRANCH:
            for part in argument[1]:
                _named(part, found)
        elif op in REPEATS:
            _named(argument[2], found)
        elif op in (ASSERT, ASSERT_NOT):
            _named(argument[1], found)
        elif op is ATOMIC_GROUP:
            _named(argument, found)


def automaton(pattern: re.Pattern[Any], *, anywhere: bool, whole: bool, loops_from: int | None = None) -> Automaton:
    """The automaton of a pattern.

    Args:
        pattern: A compiled pattern.
        anywhere: It may be tried from any place of a text, one after another.
        whole: It has to reach the end of the text (``fullmatch``).
        loops_from: Repeats of so many times count as loops; ``None`` writes a few copies of them out.
    """
    builder = Builder(pattern, loops_from)
    start = builder.node()
    end = builder.build(builder.tree, start, builder.flags, frozenset())
    characters = _merge(builder)
    full, edge = builder.all, builder.edge

    # what can follow each position, and the beginning
    follows: list[list[tuple[int, int, int, bool]]] = []
    accepts: list[list[tuple[int, int]]] = []
    for node in [position.end for position in builder.positions] + [start]:
        following: list[tuple[int, int, int, bool]] = []
        accepting: list[tuple[int, int]] = []
        for at, before, behind, commits, certain in builder.closure(node):
            if at == end and certain:
                accepting.append((before, behind))
            for target in builder.reads.get(at, ()):
                if builder.positions[target].mask & behind:
                    following.append((target, before, behind, commits))
        follows.append(following)
        accepts.append(accepting)

    # a state is a position and a part of its characters that every edge treats alike
    made = Automaton(characters)
    states: list[list[int]] = []
    origins: list[int] = []
    for number in range(len(follows)):
        if number < len(builder.positions):
            cells = _cells(builder.positions[number].mask, follows[number], accepts[number])
            cages = builder.positions[number].cages
        else:
            cells, cages = [edge], frozenset()
        states.append([])
        for cell in cells:
            states[number].append(len(origins))
            origins.append(number)
            made.masks.append(cell)
            made.cages.append(cages)
            stops = 0
            for before, behind in accepts[number]:
                stops |= behind if before & cell == cell and not whole else 0
            made.stops.append(stops)
    made.begin = states[len(builder.positions)][0]
    searches: list[int] = []
    if anywhere:
        last = len(follows) - 1
        for cell in _cells(full, follows[last], []):
            searches.append(len(origins))
            origins.append(last)
            made.masks.append(cell)
            made.cages.append(frozenset())
            made.stops.append(0)
    made.search = frozenset(searches)
    for state, origin in enumerate(origins):
        cell = made.masks[state]
        steps: list[Step] = []
        for target, before, behind, commits in follows[origin]:
            if not before & cell:
                continue
            for other in states[target]:
                read = made.masks[other] & behind
                if not read:
                    continue
                for step in steps:
                    if step.target == other and step.mask & read:
                        made.double.append((state, other, step.mask & read))
                steps.append(Step(read, other, commits))
        if state in made.search or state == made.begin:
            steps.extend(Step(made.masks[other], other, False) for other in searches)
        made.steps.append(steps)
        again = 0  # what it may read for ever and still end
        for step in steps:
            again |= step.mask if origins[step.target] == origin else 0
        if whole and again == full and any(before & cell and behind & edge for before, behind in accepts[origin]):
            made.stops[state] = full | edge
    return _reduced(made)


def _reduced(machine: Automaton) -> Automaton:
    """The same with states made one that go on alike and read different characters: no way is lost or gained."""
    kept = list(range(len(machine.steps)))  # what each state has become
    while True:
        groups: dict[object, list[int]] = {}
        for state in sorted(set(kept)):
            signature = (
                frozenset((step.mask, step.target, step.commits) for step in machine.steps[state]),
                machine.stops[state],
                machine.cages[state],
                tuple(sorted((to, mask) for source, to, mask in machine.double if source == state)),
                state if state in machine.search or state == machine.begin else -1,
            )
            groups.setdefault(signature, []).append(state)
        renamed: dict[int, int] = {}
        for members in groups.values():
            heads: list[int] = []
            for state in members:
                head = next((one for one in heads if not machine.masks[one] & machine.masks[state]), None)
                if head is None:
                    heads.append(state)
                else:
                    machine.masks[head] |= machine.masks[state]
                    renamed[state] = head
        if not renamed:
            break
        kept = [renamed.get(state, state) for state in kept]
        for state in set(kept):
            joined: dict[tuple[int, bool], list[int]] = {}
            for step in machine.steps[state]:
                masks = joined.setdefault((renamed.get(step.target, step.target), step.commits), [])
                for at, mask in enumerate(masks):
                    if not mask & step.mask:
                        masks[at] |= step.mask
                        break
                else:
                    masks.append(step.mask)
            machine.steps[state] = [Step(m, to, commits) for (to, commits), masks in joined.items() for m in masks]
        machine.double = [
            (renamed.get(a, a), renamed.get(b, b), mask) for a, b, mask in machine.double if a in set(kept)
        ]
    names = {state: number for number, state in enumerate(sorted(set(kept)))}
    order = sorted(names)
    return Automaton(
        machine.characters,
        [[Step(step.mask, names[kept[step.target]], step.commits) for step in machine.steps[state]] for state in order],
        [machine.masks[state] for state in order],
        [machine.cages[state] for state in order],
        [machine.stops[state] for state in order],
        [(names[kept[a]], names[kept[b]], mask) for a, b, mask in machine.double],
        names[machine.begin],
        frozenset(names[state] for state in machine.search),
    )


def _cells(
    mask: int, following: Iterable[tuple[int, int, int, bool]], accepting: Iterable[tuple[int, int]]
) -> list[int]:
    cells = [mask] if mask else []
    for before in {entry[1] for entry in following} | {entry[0] for entry in accepting}:
        cells = [part for cell in cells for part in (cell & before, cell & ~before) if part]
    return cells


def _merge(builder: Builder) -> list[str]:
    """Keep one character of those that the pattern never tells apart; the masks are rewritten to those kept."""
    masks = {position.mask for position in builder.positions}
    masks |= {mask for edges in builder.nodes for edge in edges for mask in (edge.before, edge.behind)}
    ordered = sorted(masks)
    kept: dict[tuple[bool, ...], int] = {}
    for number in range(len(builder.characters)):
        kept.setdefault(tuple(bool(mask >> number & 1) for mask in ordered), number)
    numbers = list(kept.values())
    size = len(builder.characters)

    def shrink(mask: int) -> int:
        bits = sum(1 << new for new, old in enumerate(numbers) if mask >> old & 1)
        return bits | ((mask >> size & 1) << len(numbers))

    table = {mask: shrink(mask) for mask in masks}
    for position in builder.positions:
        position.mask = table[position.mask]
    builder.nodes = [
        [_Edge(e.target, table[e.before], table[e.behind], e.commits, e.certain) for e in edges]
        for edges in builder.nodes
    ]
    builder.all, builder.edge = (1 << len(numbers)) - 1, 1 << len(numbers)
    builder.any = builder.all | builder.edge
    return [builder.characters[number] for number in numbers]
