"""What can go wrong with a call, each also the matching builtin.

Problems *inside* a readable document are data (``Notice.diagnostics``, ``Notice.unparsed``); these classes are for what
stops a call. ``str(error)`` is one line that names the file and the cause.
"""

from __future__ import annotations


class NoticeparseError(Exception):
    """Base of all errors that noticeparse raises on purpose."""


class InputError(NoticeparseError, ValueError):
    """A notice that cannot be read: empty, too large, binary, undecodable or of an unsupported type."""

    def __init__(self, source: str, cause: str) -> None:
        """Name the input and what is wrong with it.

        Args:
            source: Path or other name of the input, as the user gave it.
            cause: What is wrong, without the name. Libraries' own words may be in it, so it is made one line here, and
                what no terminal should be sent is left out.
        """
        line = "".join(char if char.isprintable() else " " for char in cause)
        cause = " ".join(line.split())
        super().__init__(f"{source}: {cause}")
        self.source = source
        self.cause = cause


class MissingInputError(InputError, FileNotFoundError):
    """A path that does not exist, or a folder that holds no notice."""

    def __str__(self) -> str:
        return f"{self.source}: {self.cause}"


class RecordError(NoticeparseError, ValueError):
    """Records that cannot be read back: broken JSON, a wrong field or an unknown schema version."""


class LexiconError(NoticeparseError, ValueError):
    """A lexicon that cannot be used; the message names file, line and cause."""


class RenderError(NoticeparseError, ValueError):
    """Records that a layout or format has no way to say, or a layout or format that there is none of."""


class WorkerError(NoticeparseError, RuntimeError):
    """Worker processes that cannot do anything: they cannot start, or end before they begin with a file."""
