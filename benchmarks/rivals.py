"""What somebody would use instead, each warmed up: a call that takes a notice and does its part of the work."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from functools import cache
from typing import Any

from benchmarks import script
from benchmarks.notices import Sample

Rival = Callable[[Sample], object]


@cache
def _jieba() -> Any:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return jieba


@cache
def _spacy(sentences: bool) -> Any:
    import spacy

    nlp = spacy.blank("zh")  # segmentation by characters, spaCy's default
    if sentences:
        # its default marks are those of all scripts, 。！？ among them
        nlp.add_pipe("sentencizer")
    return nlp


def segment(sample: Sample) -> object:
    """``jieba.lcut`` of the text."""
    return _jieba().lcut(sample.text)


def tokenize(sample: Sample) -> object:
    """``spacy.blank("zh")`` on the text."""
    return _spacy(False)(sample.text)


def sentences(sample: Sample) -> object:
    """The same with a sentencizer."""
    return _spacy(True)(sample.text)


def expressions(sample: Sample) -> object:
    """The ten lines of regular expressions on the text."""
    return script.read(sample.text)


def tree(sample: Sample) -> object:
    """``BeautifulSoup(data, "lxml")`` from the same bytes, whose encoding it finds out itself."""
    from bs4 import BeautifulSoup

    return BeautifulSoup(sample.data, "lxml")


def tree_of_text(sample: Sample) -> object:
    """The same from text that is decoded already."""
    from bs4 import BeautifulSoup

    return BeautifulSoup(sample.data.decode("utf-8", "replace"), "lxml")


def frames(sample: Sample) -> object:
    """``pandas.read_html`` of a page that has tables."""
    import pandas as pd

    return pd.read_html(io.BytesIO(sample.data))


RIVALS: dict[str, Rival] = {
    "jieba.lcut": segment,
    "spaCy blank zh": tokenize,
    "spaCy + sentencizer": sentences,
    "regular expressions": expressions,
    "bs4 tree": tree,
    "bs4 tree of text": tree_of_text,
    "pandas.read_html": frames,
}

_WORDS = ("jieba.lcut", "spaCy blank zh", "spaCy + sentencizer", "regular expressions")
_PAGES = ("bs4 tree", "bs4 tree of text", "pandas.read_html")
#: Whom each speed section is compared with.
OPPONENTS: dict[str, tuple[str, ...]] = {
    "text": _WORDS,
    "prose": _WORDS[:3],
    "none": _WORDS[:1],
    "markdown": _WORDS[:1],
    "html": _PAGES,
    "made": _PAGES[:2],
}


def takes(rival: str, sample: Sample) -> bool:
    """Whether a rival has something to do on a notice: ``pandas.read_html`` refuses a page without tables."""
    return rival != "pandas.read_html" or b"<table" in sample.data.lower()
