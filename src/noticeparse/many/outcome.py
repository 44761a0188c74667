"""One file of many: what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

import msgspec

from noticeparse.errors import InputError, NoticeparseError
from noticeparse.files import display, read_input
from noticeparse.limits import DEFAULT_MAX_BYTES
from noticeparse.records import Notice

if TYPE_CHECKING:
    from noticeparse.document import Document
    from noticeparse.lexicon.load import Lexicon

#: ``parsed``; ``input``: the file cannot be read as a notice; ``bug``: the parser failed on it; ``timeout``: it took too
#: long and was stopped; ``died``: the process that parsed it ended.
OutcomeKind = Literal["parsed", "input", "bug", "timeout", "died"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file: a notice, or the reason why there is none.

    Attributes:
        source: The file as it was named.
        kind: See :data:`OutcomeKind`.
        sha256: Of the file's bytes, in hexadecimal digits; ``None`` where they could not be read, and where the process
            that read them did not answer.
        notice: The records; ``None`` unless ``kind`` is ``parsed``.
        error: One line that names the file and the cause; ``None`` if ``kind`` is ``parsed``.
        traceback: Where the parser failed, in the lines that Python prints; ``None`` unless ``kind`` is ``bug``.
        seconds: Wall-clock time that the file took.
    """

    source: str
    kind: OutcomeKind
    sha256: str | None = None
    notice: Notice | None = None
    error: str | None = None
    traceback: str | None = None
    seconds: float = 0.0


def parse_file(path: str, lexicon: Lexicon, *, max_bytes: int = DEFAULT_MAX_BYTES, name: str | None = None) -> Outcome:
    """Parse one file; whatever is wrong with it is in the outcome.

    Args:
        path: The file.
        lexicon: Vocabulary.
        max_bytes: Largest input that is read, in bytes.
        name: What the outcome and its messages call the file, if not by its path.
    """
    from noticeparse.document import read_document  # not at the top: who only collects outcomes reads no document

    started = time.monotonic()
    try:
        data = read_input(path, max_bytes)
    except Exception as error:  # noqa: BLE001 - what one file brings up must not lose the others
        return failed_with(error, name or path, seconds=time.monotonic() - started)
    opened = parse_opened(
        name or path,
        lambda: read_document(display(name or path), data, max_bytes=max_bytes),
        lexicon,
        digest=sha256(data).hexdigest(),
    )
    return msgspec.structs.replace(opened, seconds=time.monotonic() - started)


def parse_opened(source: str, open_document: Callable[[], Document], lexicon: Lexicon, *, digest: str) -> Outcome:
    """Parse a document that is still to be read; whatever is wrong with it is in the outcome.

    Args:
        source: Its name.
        open_document: Reads it.
        lexicon: Vocabulary.
        digest: SHA-256 of its bytes, in hexadecimal digits.
    """
    from noticeparse.parsing import parse_document

    started = time.monotonic()
    try:
        notice = parse_document(open_document(), lexicon)
    except Exception as error:  # noqa: BLE001 - what one file brings up must not lose the others
        return failed_with(error, source, digest=digest, seconds=time.monotonic() - started)
    return Outcome(source=source, kind="parsed", sha256=digest, notice=notice, seconds=time.monotonic() - started)


def failed_with(error: Exception, source: str, *, digest: str | None = None, seconds: float = 0.0) -> Outcome:
    """The outcome of a file that an exception says cannot be parsed.

    Args:
        error: A :class:`NoticeparseError` where the file is to blame; any other one is a bug.
        source: The file as it was named.
        digest: SHA-256 of its bytes, where known.
        seconds: Wall-clock time that it took.
    """
    if isinstance(error, InputError):
        return failed(source, "input", str(error), digest=digest, seconds=seconds)
    if isinstance(error, NoticeparseError):
        return failed(source, "input", f"{display(source)}: {error}", digest=digest, seconds=seconds)
    import traceback  # not at the top: hardly ever needed

    text = f"{display(source)}: internal error: {type(error).__name__}: {error}"
    trace = "".join(traceback.format_exception(error))
    return failed(source, "bug", text, digest=digest, trace=trace, seconds=seconds)


def failed(
    source: str,
    kind: OutcomeKind,
    error: str,
    *,
    digest: str | None = None,
    trace: str | None = None,
    seconds: float = 0.0,
) -> Outcome:
    """The outcome of a file that has no records.

    Args:
        source: The file as it was named.
        kind: Why; not ``parsed``.
        error: The file and the cause; line breaks in it become blanks.
        digest: SHA-256 of its bytes, where known.
        trace: The lines that Python prints for a bug.
        seconds: Wall-clock time that it took.
    """
    line = " ".join(error.split())
    return Outcome(source=source, kind=kind, sha256=digest, error=line, traceback=trace, seconds=seconds)
