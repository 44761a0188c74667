"""One file of many: what became of it."""

from __future__ import annotations

import time
from hashlib import sha256
from typing import Literal

import msgspec

from noticeparse.document import read_document
from noticeparse.errors import InputError, NoticeparseError
from noticeparse.files import display, read_input
from noticeparse.lexicon.load import Lexicon
from noticeparse.parsing import DEFAULT_MAX_BYTES, parse_document
from noticeparse.records import Notice

#: ``parsed``; ``input``: the file cannot be read as a notice; ``bug``: the parser failed on it; ``timeout``: it took too
#: long and was stopped; ``died``: the process that parsed it ended.
OutcomeKind = Literal["parsed", "input", "bug", "timeout", "died"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file: a notice, or the reason why there is none.

    Attributes:
        source: The file as it was named.
        kind: See :data:`OutcomeKind`.
        sha256: Of the file's bytes, in hexadecimal digits; ``None`` where they could not be read.
        notice: The records; ``None`` unless ``kind`` is ``parsed``.
        error: One line that names the file and the cause; ``None`` if ``kind`` is ``parsed``.
        seconds: Wall-clock time that the file took.
    """

    source: str
    kind: OutcomeKind
    sha256: str | None = None
    notice: Notice | None = None
    error: str | None = None
    seconds: float = 0.0


def parse_file(path: str, lexicon: Lexicon, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Outcome:
    """Parse one file; whatever is wrong with it is in the outcome.

    Args:
        path: The file.
        lexicon: Vocabulary.
        max_bytes: Largest input that is read, in bytes.
    """
    started = time.monotonic()
    digest = None
    try:
        data = read_input(path, max_bytes)
        digest = sha256(data).hexdigest()
        notice = parse_document(read_document(display(path), data, max_bytes=max_bytes), lexicon)
    except InputError as error:
        return _failed(path, "input", digest, str(error), started)
    except NoticeparseError as error:
        return _failed(path, "input", digest, f"{display(path)}: {error}", started)
    except Exception as error:  # noqa: BLE001 - a bug that one file brings up must not lose the others
        return _failed(path, "bug", digest, f"{display(path)}: {type(error).__name__}: {error}", started)
    return Outcome(source=path, kind="parsed", sha256=digest, notice=notice, seconds=time.monotonic() - started)


def _failed(path: str, kind: OutcomeKind, digest: str | None, error: str, started: float) -> Outcome:
    line = " ".join(error.split())
    return Outcome(source=path, kind=kind, sha256=digest, error=line, seconds=time.monotonic() - started)
