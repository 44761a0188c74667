"""Disclosures told in sentences: a recipient and data in one statement, or in an SDK's entry.

There is no segmenter here. Dropping verbs that cross a word boundary of jieba's changed no figure on 76 annotated notices (96 of
5,006 verbs cross one, and none of them made a finding), and for prepositions it found what the guards of ``PREPOSITION_REGEX``
find, at the price of the segmentation of every sentence.
"""

from __future__ import annotations

from noticeparse.document.view import View
from noticeparse.fields.model import Reading
from noticeparse.lexicon.load import Lexicon
from noticeparse.prose.blocks import BlockReader
from noticeparse.prose.build import Draft, attach_links, build
from noticeparse.prose.entries import EntryFinder, EntryReader
from noticeparse.prose.intro import own_names
from noticeparse.prose.recipients import RecipientReader
from noticeparse.prose.sentences import Paragraph, Source
from noticeparse.prose.silence import silent_stretches
from noticeparse.prose.words import ProseWords, prose_words

__all__ = ["find_disclosures", "mentions_recipient"]


def mentions_recipient(text: str, lexicon: Lexicon) -> bool:
    """Whether a text can hold a disclosure at all: cheap, for deciding if its sentences are worth reading.

    Args:
        text: Text of a view, or part of it.
        lexicon: Vocabulary.
    """
    return prose_words(lexicon).cue.search(text) is not None


def find_disclosures(view: View, start: int, end: int, lexicon: Lexicon) -> Reading:
    """The disclosures that the sentences of a stretch make.

    ``我们会向某某公司提供您的姓名,用于发货``, ``某某SDK会收集您的IMEI``, ``(1)某某SDK:为了…,需要获取您的位置信息``.
    Sentences about our own collecting, about what others give to us, and negated ones make none.

    Args:
        view: The notice.
        start: View position where the stretch begins.
        end: View position behind it.
        lexicon: Vocabulary.

    Returns:
        Disclosures in the order of the text; the words of their sentences that are no value are labels.
    """
    start, end = max(0, start), min(end, len(view.text))
    words = prose_words(lexicon)
    if start >= end or words.cue.search(view.text, start, end) is None:
        return Reading(())
    own = own_names(view)
    silent = silent_stretches(lexicon)
    key = silent.key(view, start, end, own)
    if key in silent:
        return Reading(())
    source = Source(view, start, end, words.label, words.names_data)
    drafts = _drafts(source, words, RecipientReader(source, words, own))
    if not drafts:
        silent.add(key)
        return Reading(())
    attach_links(source, drafts, lexicon)
    disclosures = tuple(build(source, draft) for draft in drafts)
    labels = tuple(dict.fromkeys(source.span((draft.start, draft.end)) for draft in drafts))
    diagnostics = tuple(note for draft in drafts for note in draft.data.diagnostics)
    return Reading(disclosures, labels, tuple(dict.fromkeys(diagnostics)))


def _drafts(source: Source, words: ProseWords, reader: RecipientReader) -> list[Draft]:
    entries = EntryFinder(source, words).find()
    entry_reader = EntryReader(source, words, reader)
    blocks = BlockReader(source, words, reader)
    found: list[Draft] = []
    taken: set[int] = set()
    for entry in entries:
        taken.update(paragraph.start for paragraph in entry.paragraphs)
        draft = entry_reader.read(entry)
        if draft is not None:
            found.append(draft)
    free: list[Paragraph] = []
    for paragraph in source.paragraphs:
        if paragraph.start in taken:
            found.extend(blocks.read(free))
            free = []
        else:
            free.append(paragraph)
    found.extend(blocks.read(free))
    return sorted(found, key=lambda draft: (draft.start, draft.end))
