"""Which files are parsed by one task, and what the files that it writes are called.

A partition is a stretch of the inputs in their order. Its name is made of the place of its first input and of a digest of
all that its content depends on: inputs, versions and options. So what is there under that name need not be made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec

from noticeparse.scale.inputs import Input

#: Files in a partition, where the user does not say: as many as make this number of partitions, within two bounds. Few
#: files are spread over several workers then, and many do not become many small ones.
_PARTITIONS = 64
_FEWEST, _MOST = 50, 1000
DEFAULT_BYTES = 64 * 1024 * 1024
_UNKNOWN_SIZE = 64 * 1024

#: What tells one input's content: name, size, mark.
Identity = tuple[str, int | None, str]


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """What the content of every partition depends on, beside its inputs.

    Attributes:
        parser_version: Of the program.
        lexicon_version: Of the vocabulary, overlay included.
        options: Those options that change the result, as text.
    """

    parser_version: str
    lexicon_version: str
    options: str


class Partition(msgspec.Struct, frozen=True):
    """What one task parses.

    Attributes:
        name: Of its files, without the suffix.
        inputs: In their order.
    """

    name: str
    inputs: tuple[Input, ...]


def identity(one: Input) -> Identity:
    """What tells an input's content.

    Args:
        one: The input.
    """
    return one.name, one.size, one.mark


def default_count(inputs: int) -> int:
    """How many files a partition has where the user does not say.

    Args:
        inputs: How many files there are.
    """
    return min(max(-(-inputs // _PARTITIONS), _FEWEST), _MOST)


def plan(
    inputs: Sequence[Input], kept: Mapping[str, Iterable[str]], basis: Basis, *, count: int, size: int
) -> list[Partition]:
    """Lay the inputs that are still to be parsed out in partitions.

    After an interruption the partitions are those that an uninterrupted run would have made: what is left between
    finished partitions is laid out from where it begins. New inputs that stand between those of finished partitions are
    gathered over them.

    Args:
        inputs: All inputs in their order.
        kept: Name of each finished partition → names of its inputs.
        basis: What the content depends on beside the inputs.
        count: Most files in a partition.
        size: Most bytes in a partition; a larger file is one by itself.
    """
    owner = {name: partition for partition, names in kept.items() for name in names}
    extent = {partition: sum(1 for _ in names) for partition, names in kept.items()}
    left = [place for place, one in enumerate(inputs) if one.name not in owner]
    partitions: list[Partition] = []
    stretch: list[int] = left[:1]
    weight = _weight(inputs[stretch[0]]) if stretch else 0
    for before, place in pairwise(left):
        own = _weight(inputs[place])
        between = [owner[one.name] for one in inputs[before + 1 : place]]
        if len(stretch) >= count or weight + own > size or (between and _are_whole(between, extent)):
            partitions.append(_partition(inputs, stretch, basis))
            stretch, weight = [], 0
        stretch.append(place)
        weight += own
    if stretch:
        partitions.append(_partition(inputs, stretch, basis))
    return partitions


def _weight(one: Input) -> int:
    return _UNKNOWN_SIZE if one.size is None else one.size


def _are_whole(between: Sequence[str], extent: Mapping[str, int]) -> bool:
    """Whether inputs are all those of the partitions that they belong to."""
    return len(between) == sum(extent[partition] for partition in set(between))


def _partition(inputs: Sequence[Input], places: Sequence[int], basis: Basis) -> Partition:
    chosen = tuple(inputs[place] for place in places)
    return Partition(partition_name(places[0], map(identity, chosen), basis), chosen)


def partition_name(place: int, identities: Iterable[Identity], basis: Basis) -> str:
    """The name of a partition's files.

    Args:
        place: Of its first input among all.
        identities: Of its inputs.
        basis: What its content depends on beside them.
    """
    digest = hashlib.sha256(msgspec.msgpack.encode((basis, list(identities)))).hexdigest()
    return f"part-{place:09}-{digest[:16]}"
