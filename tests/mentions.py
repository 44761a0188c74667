"""Sentences that people have tagged character by character, and how near the finders of mentions come to them.

Such a file has a character and its tag on a line and a blank line between sentences. A tag is ``B-``, ``I-`` or ``E-`` and
a label, or ``O``. The figure is the mean F1 of first, inner and last characters of one label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import noticeparse
from noticeparse.records import Span
from tests.support import SHARED

# Other people's sentences, beside the checkout where it has any.
TAGGED = SHARED / "ca4p" / "dev.bmeos"
#: Label of the tags → what finds the like.
LABELS: dict[str, Callable[..., Iterable[Any]]] = {
    "data": noticeparse.find_data_items,
    "subjects": noticeparse.find_recipients,
}


def sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Characters with their tags, sentence by sentence."""
    sentence: list[tuple[str, str]] = []
    for line in path.read_text("utf-8").split("\n"):
        parts = line.split()
        if len(parts) == 2:
            sentence.append((parts[0], parts[1]))
        elif sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def tags(length: int, spans: Iterable[Span]) -> list[str]:
    """The tags, without label, that spans stand for; a span of one character is a first one only."""
    found = ["O"] * length
    for start, end in spans:
        found[start:end] = ["I"] * (end - start)
        found[end - 1] = "E"
        found[start] = "B"
    return found


def figure(path: Path, label: str) -> float:
    """Mean F1 of first, inner and last characters of a label."""
    right, made_up, missed = Counter[str](), Counter[str](), Counter[str]()
    for sentence in sentences(path):
        text = "".join(char for char, _ in sentence)
        gold = [tag[0] if tag.endswith(f"-{label}") else "O" for _, tag in sentence]
        found = tags(len(text), (mention.span for mention in LABELS[label](text, generic=True)))
        for wanted, given in zip(gold, found, strict=True):
            if wanted == given:
                right[wanted] += 1
            else:
                missed[wanted] += 1
                made_up[given] += 1
    return sum(2 * right[tag] / max(1, 2 * right[tag] + made_up[tag] + missed[tag]) for tag in "BIE") / 3
