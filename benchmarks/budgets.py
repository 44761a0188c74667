"""The budgets: what a figure must reach, and what it is meant to reach."""

from __future__ import annotations

from typing import NamedTuple


class Budget(NamedTuple):
    """A limit of a ratio, and a goal beyond it."""

    must: float
    goal: float | None = None
    at_least: bool = False


#: Ten times the text in at most so many times the time.
LINEAR = Budget(12.0)
#: A figure's name without the place where it was taken → its budget.
BUDGETS: dict[str, Budget] = {
    "text/jieba.lcut": Budget(1.0, 0.3),
    "prose/jieba.lcut": Budget(3.0),
    "html/bs4 tree": Budget(1.5),
    "made/bs4 tree": Budget(1.5),
    "cold/list": Budget(4.0),
    "cold/not needed": Budget(0.0),
    "many/two processes": Budget(1.7, at_least=True),
    "many/memory": Budget(1.1),
}
