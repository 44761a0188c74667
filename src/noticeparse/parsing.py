"""The whole way from bytes to a ``Notice``: each stage called once, in order."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from noticeparse._version import __version__
from noticeparse.coverage import make_ledger
from noticeparse.document import document_from_text, read_document
from noticeparse.document.model import Document
from noticeparse.document.view import View
from noticeparse.fields.entry import read_entry
from noticeparse.fields.model import Reading
from noticeparse.files import read_input
from noticeparse.layout.choose import choose
from noticeparse.layout.flattened import read_flattened
from noticeparse.layout.front import Front, read_front
from noticeparse.layout.keyvalue import read_keyvalue
from noticeparse.layout.lines import Line, read_lines
from noticeparse.layout.model import Proposal
from noticeparse.layout.oneline import read_oneline
from noticeparse.layout.reasons import read_reasons
from noticeparse.layout.sections import keep_recipients
from noticeparse.layout.tables import read_tables
from noticeparse.layout.terse import read_terse
from noticeparse.lexicon.load import Lexicon, load_lexicon
from noticeparse.limits import DEFAULT_MAX_BYTES
from noticeparse.normalise.dates import iso_date
from noticeparse.normalise.resolve import resolve
from noticeparse.records import SCHEMA_VERSION, Diagnostic, Disclosure, Notice, NoticeInfo, Span, Value

# What makes labelled entries regular: so many of them, with so many labels each.
_ENTRIES = 3
_LABELS = 3
# Sentences are read together up to so many characters, several times the longest policy: what is thought of them on the way
# takes more memory than the records.
_LONGEST_STRETCH = 200_000


def parse(
    source: Path | bytes | str, *, lexicon: Path | str | None = None, max_bytes: int = DEFAULT_MAX_BYTES
) -> Notice:
    """Parse one notice.

    Args:
        source: A path, the bytes of a file, or the notice's text. A ``str`` of one line that names an existing file is
            taken for its path.
        lexicon: Folder with rows to lay over the shipped lexicons.
        max_bytes: Largest input that is read, in bytes.

    Returns:
        The notice's records. A text without disclosures gives an empty tuple and a diagnostic.

    Raises:
        MissingInputError: The path does not exist.
        InputError: The input is empty, too large, binary, undecodable or of an unsupported type.
        LexiconError: The lexicon or its overlay cannot be used.
    """
    vocabulary = load_lexicon(lexicon)
    return parse_document(open_document(source, max_bytes=max_bytes), vocabulary)


def open_document(source: Path | bytes | str, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Document:
    """Read what ``parse`` takes into a document.

    Args:
        source: As for :func:`parse`.
        max_bytes: As for :func:`parse`.

    Raises:
        MissingInputError: The path does not exist.
        InputError: The input cannot be read.
    """
    if isinstance(source, bytes):
        return read_document("<bytes>", source, max_bytes=max_bytes)
    if isinstance(source, str):
        if not _names_file(source):
            return document_from_text(source)
        source = Path(source)
    data = read_input(str(source), max_bytes)
    return read_document(str(source), data, max_bytes=max_bytes)


def _names_file(text: str) -> bool:
    if "\n" in text or len(text) > 1024 or "\0" in text:
        return False
    try:
        return Path(text).is_file()
    except OSError:
        return False  # too long for a file name: it is text


def parse_document(document: Document, lexicon: Lexicon) -> Notice:
    """Parse a document that is already read.

    Args:
        document: What to parse.
        lexicon: Vocabulary.
    """
    view = View(document)
    lines = read_lines(view)
    proposals = _proposals(view, document, lines, lexicon)
    front = read_front(view, lines, lexicon)
    stretches = _stretches(lines, _taken(proposals))
    markers = _Spans(
        view.span(line.start, line.content) for line in lines if line.content > line.start and not line.blank
    )
    del lines  # like the entries below: what has been used makes room for the records
    found = _Found(lexicon)
    for at in range(len(proposals)):
        # An entry is let go once it is read: those of a table of a few megabytes take as much memory as the records.
        entries = [*reversed(proposals[at].entries)]
        proposals[at] = replace(proposals[at], entries=())
        while entries:
            found.add(read_entry(view, entries.pop(), lexicon))
    for reading in _prose(view, stretches, lexicon):
        found.add(reading)
    return _assemble(view, front, markers, proposals, found, lexicon)


class _Spans:
    """Spans as numbers of four bytes each: those of a notice's labels would take more memory than its records."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._numbers = array("I")
        self.extend(spans)

    def extend(self, spans: Iterable[Span]) -> None:
        self._numbers.extend(chain.from_iterable(spans))

    def __iter__(self) -> Iterator[Span]:
        numbers = iter(self._numbers)
        return zip(numbers, numbers, strict=True)


class _Found:
    """What was read of a notice."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.disclosures: list[Disclosure] = []
        self.diagnostics: list[Diagnostic] = []
        self.labels = _Spans()
        self._lexicon = lexicon

    def add(self, reading: Reading) -> None:
        """Take in what one entry or stretch of sentences gave."""
        self.disclosures.extend([resolve(disclosure, self._lexicon) for disclosure in reading.disclosures])
        self.diagnostics.extend(reading.diagnostics)
        self.labels.extend(reading.labels)

    def in_order(self) -> tuple[Disclosure, ...]:
        """The disclosures, numbered; each takes the place of the one without a number."""
        found = self.disclosures
        found.sort(key=lambda disclosure: disclosure.span)
        for index, disclosure in enumerate(found):
            found[index] = replace(disclosure, index=index)
        return tuple(found)


def _proposals(view: View, document: Document, lines: tuple[Line, ...], lexicon: Lexicon) -> list[Proposal]:
    """All list and table readers' proposals, the best chosen."""
    tables = read_tables(view, document, lines, lexicon)
    free = _outside(lines, [proposal.span for proposal in tables])
    labelled = read_keyvalue(view, free, lexicon)
    # Entries that label all they say leave nothing for readers of lists without labels to explain better.
    doubtful = _outside(
        free, [entry.span for proposal in labelled if _is_regular(proposal, view.text) for entry in proposal.entries]
    )
    chosen = choose(
        [
            *tables,
            *labelled,
            *read_flattened(view, doubtful, lexicon),
            *read_terse(view, doubtful, lexicon),
            *read_reasons(view, doubtful, lexicon),
            *read_oneline(view, doubtful, lexicon),
        ]
    )
    return keep_recipients(chosen, view, lines, lexicon)


def _is_regular(proposal: Proposal, text: str) -> bool:
    """Whether there are several entries, all of them with labels alone, which stand on several lines."""
    if len(proposal.entries) < _ENTRIES:
        return False
    return all(
        len(entry.runs) >= _LABELS
        and all(run.label for run in entry.runs)
        and text.count("\n", *entry.span) >= _LABELS - 1
        for entry in proposal.entries
    )


def _outside(lines: Sequence[Line], spans: Sequence[Span]) -> tuple[Line, ...]:
    """Lines that lie in none of the spans."""
    if not spans:
        return tuple(lines)
    kept: list[Line] = []
    ordered = sorted(spans)
    index = 0
    for line in lines:
        while index < len(ordered) and ordered[index][1] <= line.start:
            index += 1
        if index < len(ordered) and ordered[index][0] < max(line.end, line.start + 1):
            continue
        kept.append(line)
    return tuple(kept)


def _taken(proposals: Sequence[Proposal]) -> list[Span]:
    """What list and table readers took of the view's text."""
    taken = [
        span
        for proposal in proposals
        for span in ([proposal.span] if proposal.reader == "tables" else [entry.span for entry in proposal.entries])
    ]
    taken.extend(span for proposal in proposals for span in proposal.read)
    return taken


def _prose(view: View, stretches: Sequence[Span], lexicon: Lexicon) -> Iterator[Reading]:
    """Sentences that name recipients, in the stretches that no list or table reader took."""
    if not stretches:
        return
    from noticeparse.prose import find_disclosures  # not needed for a bare table

    for start, end in stretches:
        yield find_disclosures(view, start, end, lexicon)


def _stretches(lines: Sequence[Line], taken: Sequence[Span]) -> list[Span]:
    """Runs of neighbouring lines that are not taken, from the first line's start to the last one's end; none is very long."""
    free = iter(line for line in _outside(lines, taken) if not line.blank)
    following = next(free, None)
    spans: list[Span] = []
    joined = False  # the line before is the last of the stretch
    for line in lines:
        if line.blank:
            continue
        if line is not following:
            joined = False
            continue
        if joined and line.end - spans[-1][0] <= _LONGEST_STRETCH:
            spans[-1] = (spans[-1][0], line.end)
        else:
            spans.append((line.start, line.end))
        joined = True
        following = next(free, None)
    return spans


def _assemble(
    view: View,
    front: Front,
    markers: Iterable[Span],
    proposals: Sequence[Proposal],
    found: _Found,
    lexicon: Lexicon,
) -> Notice:
    document = view.document
    disclosures = found.in_order()
    read = (view.span(*span) for proposal in proposals for span in proposal.read)
    parts = [view.span(*proposal.span) for proposal in proposals]
    parts.extend(d.span for d in disclosures)
    ledger = make_ledger(
        document.text,
        parts,
        disclosures,
        chain(found.labels, read),
        chain(markers, view.hidden, document.markers),
    )
    return Notice(
        schema_version=SCHEMA_VERSION,
        parser_version=__version__,
        lexicon_version=lexicon.version,
        notice=_info(view, front),
        disclosures=disclosures,
        unparsed=ledger.unparsed,
        coverage=ledger.coverage,
        diagnostics=_diagnostics(document, proposals, found),
    )


def _info(view: View, front: Front) -> NoticeInfo:
    document = view.document
    return NoticeInfo(
        source=document.source,
        sha256=document.sha256,
        media_type=document.media_type,
        encoding=document.encoding,
        app=_value(view, front.app),
        title=_value(view, front.title),
        updated=_iso(front.updated),
        effective=_iso(front.effective),
        chars=len(document.text),
    )


def _iso(date: str | None) -> str | None:
    return None if date is None else iso_date(date)


def _value(view: View, span: Span | None) -> Value | None:
    return None if span is None else Value(view.verbatim(*span), view.span(*span))


def _diagnostics(document: Document, proposals: Sequence[Proposal], found: _Found) -> tuple[Diagnostic, ...]:
    notes = list(document.diagnostics)
    notes.extend(note for proposal in proposals for note in proposal.diagnostics)
    notes.extend(found.diagnostics)
    if not found.disclosures:
        notes.append(Diagnostic("no-disclosure", "no recipient of personal data is named", None))
    return tuple(sorted(notes, key=lambda note: (note.span or (0, 0), note.code)))
