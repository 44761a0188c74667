"""A document's mentions: its sentences read one by one, the phrases found turned into records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from noticeparse.document.model import Document
from noticeparse.document.view import View
from noticeparse.lexicon.load import Lexicon
from noticeparse.mentions.phrases import Phrase, read_phrases
from noticeparse.mentions.recipients import Receiver, receivers
from noticeparse.mentions.statements import Statement, data_runs, find_statements
from noticeparse.mentions.words import MentionWords, mention_words
from noticeparse.pattern import Pattern
from noticeparse.prose.conditions import purpose_after, purpose_before
from noticeparse.prose.sentences import Source, sentences
from noticeparse.records import DataItem, Recipient, Span, Value

_DATA_REGEX = Pattern(r"(?:您|你|用户|个人|身份)[^,。;、]{0,16}(?:信息|数据|资料)")
_NEAR = 40
# A list that no verb leads to tells of data only where its members are known.
_LEAST_OF_LIST = 2


class Mentions(Struct, frozen=True):
    """What a text mentions, each in the order of the text and none overlapping another of its kind.

    Attributes:
        data_items: Data; a name in a bracket has the name before it as its parent.
        recipients: Who receives.
        purposes: What data are for, without the introducing word.
    """

    data_items: tuple[DataItem, ...]
    recipients: tuple[Recipient, ...]
    purposes: tuple[Value, ...]


def read_mentions(document: Document, lexicon: Lexicon, *, generic: bool = False) -> Mentions:
    """Read a document's sentences.

    Args:
        document: What to read. Spans point into its text.
        lexicon: Vocabulary.
        generic: Whether catch-all words count, too.
    """
    view = View(document)
    words = mention_words(lexicon)
    reader = _Reader(Source(view, 0, len(view.text), words.prose.label), words)
    reader.read()
    return reader.result(generic=generic)


class _Reader:
    def __init__(self, source: Source, words: MentionWords) -> None:
        self.source = source
        self.flat = source.flat
        self.words = words
        self.phrases: list[Phrase] = []
        self.receivers: list[Receiver] = []
        self.purposes: list[Span] = []

    def read(self) -> None:
        """Read all sentences."""
        marker = ""  # of the list of data that a sentence has opened
        opened = False
        for paragraph in self.source.paragraphs:
            if opened and paragraph.marker and marker in ("", paragraph.marker):
                marker = paragraph.marker
                runs = data_runs(self.flat, paragraph.content, paragraph.end, self.words)
                member = Statement("list", (paragraph.start, paragraph.content), runs)
                if self._told([member], paragraph.start, paragraph.end, least=1):
                    continue
            marker, opened = "", False
            for start, end in sentences(self.flat, paragraph.start, paragraph.end):
                statements = find_statements(self.flat, start, end, self.words)
                self._told(statements, start, end)
                opened = bool(statements) and end == paragraph.end and self.flat[end - 1] == ":"

    def _told(self, statements: Sequence[Statement], start: int, end: int, least: int = _LEAST_OF_LIST) -> bool:
        """Keep what the statements of a sentence name; gives whether they name any data."""
        phrases: list[Phrase] = []
        found: list[Receiver] = []
        told: list[tuple[int, int]] = []  # of each statement that names data: its clause, and the end of its data
        for statement in statements:
            named = self._phrases(statement, least)
            phrases.extend(phrase for phrase in named if _is_free(phrase.span, phrases))
            if named:
                told.append((statement.left[0] or statement.verb[0], max(phrase.span[1] for phrase in named)))
            if named or (statement.kind != "relative" and self._speaks_of_data(statement)):
                found.extend(
                    receiver
                    for receiver in receivers(self.flat, statement, end, self.words)
                    if _is_free(receiver.span, found)
                )
        phrases.sort(key=lambda phrase: phrase.span)
        if phrases:
            self._purpose(purpose_before(self.flat, start, phrases[0].span[0]))
        for index, (_, stop) in enumerate(told):
            following = told[index + 1][0] if index + 1 < len(told) else end
            if stop < following:
                self._purpose(purpose_after(self.flat, stop, following))
        self.phrases.extend(phrases)
        self.receivers.extend(sorted(found, key=lambda receiver: receiver.span))
        return bool(phrases)

    def _phrases(self, statement: Statement, least: int) -> list[Phrase]:
        led = statement.kind in ("heading", "list")
        phrases = list(read_phrases(self.flat, statement.data, self.words, led=led))
        if statement.kind == "list" and sum(not phrase.generic for phrase in phrases) < least:
            return []
        return phrases

    def _speaks_of_data(self, statement: Statement) -> bool:
        """Whether a statement gives data, if only as 您的信息."""
        return any(_DATA_REGEX.search(self.flat, start, min(end, start + _NEAR)) for start, end in statement.data)

    def _purpose(self, span: Span | None) -> None:
        if span is not None and (not self.purposes or self.purposes[-1][1] <= span[0]):
            self.purposes.append(span)

    def result(self, *, generic: bool) -> Mentions:
        """The records."""
        phrases = [phrase for phrase in self.phrases if generic or not phrase.generic]
        return Mentions(
            tuple(self._item(phrases, index) for index in range(len(phrases))),
            tuple(
                Recipient(*self._value(receiver.span), receiver.kind, receiver.id, receiver.generic)
                for receiver in self.receivers
                if generic or not receiver.generic
            ),
            tuple(Value(*self._value(span)) for span in self.purposes),
        )

    def _item(self, phrases: list[Phrase], index: int) -> DataItem:
        phrase = phrases[index]
        concept = self.words.lexicon.concepts.get(phrase.concept) if phrase.concept else None
        text, span = self._value(phrase.span)
        return DataItem(
            text,
            span,
            phrase.concept,
            concept.sensitive if concept else None,
            self._parent(phrases, index),
            generic=phrase.generic,
        )

    def _parent(self, phrases: list[Phrase], index: int) -> int | None:
        """The name before the bracket that a name stands in."""
        if not phrases[index].depth:
            return None
        for at in range(index - 1, -1, -1):
            if phrases[at].depth < phrases[index].depth:
                return at if self.flat.startswith("(", phrases[at].span[1]) else None
        return None

    def _value(self, span: Span) -> tuple[str, Span]:
        """The document's own characters, as they stand, with their span."""
        start, end = self.source.span(span)
        return self.source.view.document.text[start:end], (start, end)


def _is_free(span: Span, taken: Iterable[Phrase | Receiver]) -> bool:
    return all(span[1] <= other.span[0] or other.span[1] <= span[0] for other in taken)
