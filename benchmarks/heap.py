"""Notices by the thousand, made from the corpus: the same for a number, and no two alike.

A notice has three to fifteen disclosures of the corpus, each changed: its data items are a draw from those of two
disclosures, and one in three names a product or a company that no lexicon knows. Values come again and again, as they do in
the notices of real apps, which name the same vendors; whole fields mostly do not.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from noticeparse.errors import RenderError
from noticeparse.parsing import parse
from noticeparse.records import DataItem, Disclosure, Entity, Notice, Value
from noticeparse.rendering.layouts import LAYOUTS
from noticeparse.rendering.model import FORMATS
from noticeparse.rendering.notice import render
from tests.support import CORPUS

FEWEST, MOST = 3, 15
_UNKNOWN = 1 / 3
_FOLDER_SIZE = 1000
_NOWHERE = (0, 1)
_SYLLABLES = "云杉青梧海棠晨曦星河远山竹影松涛鹿鸣白鹭"


@cache
def _corpus() -> tuple[Notice, ...]:
    return tuple(parse(CORPUS.notice(notice_id)) for notice_id in CORPUS.ids())


@cache
def _disclosures() -> tuple[Disclosure, ...]:
    return tuple(one for notice in _corpus() for one in notice.disclosures)


def made(number: int) -> tuple[str, bytes]:
    """One notice: the name of its file, and its bytes.

    Args:
        number: Which.
    """
    chance = random.Random(number)
    combinations = [(name, form) for name, layout in LAYOUTS.items() for form in FORMATS if form in layout.formats]
    disclosures = [_changed(one, chance) for one in chance.choices(_disclosures(), k=chance.randint(FEWEST, MOST))]
    title = Value(f"{_word(chance)}第三方信息共享清单", _NOWHERE)
    notice = _corpus()[0]
    info = replace(notice.notice, title=title, updated=None, effective=None)
    # a layout that has no place for what a disclosure states is left for the next one
    for layout, form in chance.sample(combinations, len(combinations)):
        said = [_fitting(one, LAYOUTS[layout].states) for one in disclosures]
        try:
            text = render(replace(notice, notice=info, disclosures=tuple(said)), layout=layout, format=form)
        except RenderError:
            continue
        return f"notice-{number:06}.{form}", text.encode()
    raise AssertionError(f"no layout says what notice {number} holds")


def _changed(one: Disclosure, chance: random.Random) -> Disclosure:
    other = chance.choice(_disclosures())
    items = _drawn([*one.data_items, *other.data_items], chance) or (DataItem("设备型号", _NOWHERE),)
    changed = replace(one, data_items=items)
    if chance.random() < _UNKNOWN:
        name = _word(chance)
        changed = replace(changed, sdk=Entity(f"{name}SDK", _NOWHERE), provider=Entity(f"{name}科技有限公司", _NOWHERE))
    return changed


def _drawn(items: Sequence[DataItem], chance: random.Random) -> tuple[DataItem, ...]:
    """Half of some items in another order, none twice and none in a group."""
    names = {item.text: replace(item, parent=None) for item in items}
    return tuple(chance.sample(list(names.values()), (len(names) + 1) // 2))


def _fitting(one: Disclosure, states: frozenset[str] | None) -> Disclosure:
    """A disclosure without the fields that a layout has no place for."""
    if states is None:
        return one
    empty = Disclosure(one.index, one.form, one.span)
    return replace(empty, **{field: getattr(one, field) for field in states})


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 5)))


def make_heap(folder: Path, count: int) -> list[Path]:
    """Write notices into a folder, a thousand in each of its folders.

    Args:
        folder: Made where it is missing; what is in it otherwise stays.
        count: How many.

    Returns:
        Their paths, in order.
    """
    paths: list[Path] = []
    for number in range(count):
        place = folder / f"{number // _FOLDER_SIZE:03}"
        if number % _FOLDER_SIZE == 0:
            place.mkdir(parents=True, exist_ok=True)
        name, data = made(number)
        paths.append(place / name)
        paths[-1].write_bytes(data)
    return paths
