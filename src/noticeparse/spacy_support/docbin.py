"""Records to ``Doc``s with gold spans, for training: the same groups and labels as the pipeline component sets."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from typing import Literal

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from noticeparse.document import read_document
from noticeparse.errors import InputError, NoticeparseError
from noticeparse.files import display, read_input
from noticeparse.records import Disclosure, Notice
from noticeparse.spacy_support.spans import (
    DATA_ITEMS,
    DATA_LABEL,
    PURPOSE_LABEL,
    PURPOSES,
    RECIPIENT_LABELS,
    RECIPIENTS,
    Labelled,
    set_group,
)

Segmenter = Literal["char", "jieba"]
_NO_FILES = ("-", "<")


def blank_pipeline(segmenter: Segmenter = "char") -> Language:
    """A blank Chinese pipeline, which tokenizes and does nothing else.

    Args:
        segmenter: Characters, or jieba's words.

    Raises:
        NoticeparseError: jieba is asked for and not installed.
    """
    settings = {"nlp": {"tokenizer": {"@tokenizers": "spacy.zh.ChineseTokenizer", "segmenter": segmenter}}}
    try:
        return spacy.blank("zh", config=settings)
    except ImportError as error:
        raise NoticeparseError("the segmenter jieba is not installed: pip install jieba") from error


def notice_text(notice: Notice, folder: str | None, max_bytes: int) -> str:
    """The text that a notice's spans are places of: that of its source, read again.

    Args:
        notice: Its record.
        folder: Where to look for the source; ``None`` for the path as it was given.
        max_bytes: Largest file that is read.

    Raises:
        MissingInputError: The file is not there.
        InputError: It cannot be read, was no file, or has changed since the record was made.
    """
    source = notice.notice.source
    if source.startswith(_NO_FILES):
        raise InputError(source, "the notice was not read from a file, so its text is not at hand")
    path = source if folder is None else os.path.join(folder, source)
    data = read_input(path, max_bytes)
    if hashlib.sha256(data).hexdigest() != notice.notice.sha256:
        raise InputError(display(path), "has changed since the record was made; parse it again")
    text = read_document(source, data, max_bytes=max_bytes).text
    if len(text) != notice.notice.chars:
        raise InputError(display(path), "its text is another one by this version of noticeparse; parse it again")
    return text


def make_doc(notice: Notice, text: str, nlp: Language) -> Doc:
    """A ``Doc`` of a notice's text with the spans of its record; ``user_data`` says which notice it is.

    Args:
        notice: The record.
        text: The text that its spans are places of.
        nlp: What tokenizes.
    """
    nlp.max_length = max(nlp.max_length, len(text) + 1)
    doc = nlp.make_doc(text)
    set_group(doc, DATA_ITEMS, sorted(_data(notice.disclosures)))
    set_group(doc, RECIPIENTS, sorted(_recipients(notice.disclosures)))
    set_group(doc, PURPOSES, sorted(_purposes(notice.disclosures)))
    doc.user_data["source"] = notice.notice.source
    doc.user_data["sha256"] = notice.notice.sha256
    return doc


def docs_bytes(docs: Iterator[Doc]) -> bytes:
    """A ``DocBin`` as bytes: ``spacy train`` and ``DocBin.from_disk`` read the file that holds them.

    Args:
        docs: In the order of the file.
    """
    found: bytes = DocBin(docs=docs, store_user_data=True).to_bytes()
    return found


def _data(disclosures: tuple[Disclosure, ...]) -> Iterator[Labelled]:
    for disclosure in disclosures:
        for item in disclosure.data_items:
            yield Labelled(item.span, DATA_LABEL, item.concept or "")


def _recipients(disclosures: tuple[Disclosure, ...]) -> Iterator[Labelled]:
    for disclosure in disclosures:
        if disclosure.provider is not None:
            yield Labelled(disclosure.provider.span, RECIPIENT_LABELS["company"], disclosure.provider.id or "")
        if disclosure.sdk is not None:
            yield Labelled(disclosure.sdk.span, RECIPIENT_LABELS["sdk"], disclosure.sdk.id or "")
        if disclosure.recipient_category is not None:
            yield Labelled(disclosure.recipient_category.span, RECIPIENT_LABELS["category"], "")


def _purposes(disclosures: tuple[Disclosure, ...]) -> Iterator[Labelled]:
    for disclosure in disclosures:
        if disclosure.purpose is not None:
            yield Labelled(disclosure.purpose.span, PURPOSE_LABEL, "")
