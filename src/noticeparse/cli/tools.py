"""What the commands share: error lines, exit statuses, standard output, the embedded sample."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from noticeparse.errors import NoticeparseError
from noticeparse.files import STANDARD_STREAM, atomic_output
from noticeparse.limits import DEFAULT_MAX_BYTES

if TYPE_CHECKING:
    from noticeparse.records import Notice

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141
EXIT_TERMINATED = 143
DEBUG_VARIABLE = "NOTICEPARSE_DEBUG"
_PROGRESS_FROM = 10

max_bytes_option = click.option(
    "--max-bytes",
    type=click.IntRange(min=1),
    default=DEFAULT_MAX_BYTES,
    show_default=True,
    metavar="N",
    help="Refuse files that are larger, or unpack to more.",
)
output_option = click.option(
    "--output", "-o", metavar="PATH", help="Write to this file, whole or not at all, instead of standard output."
)

lexicon_option = click.option(
    "--lexicon",
    metavar="DIR",
    help="Lay the rows of the tables in DIR over the shipped lexicons. Default: NOTICEPARSE_LEXICON, if set.",
)


def counted(number: int, noun: str) -> str:
    """A number with its noun: ``1 problem``, ``2 problems``.

    Args:
        number: How many.
        noun: In the singular; its plural ends in s.
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def report(message: str) -> None:
    """Write one line to standard error.

    Args:
        message: What to say; line breaks in it become blanks.
    """
    click.echo(f"noticeparse: {' '.join(message.split())}", err=True)


def report_bug(error: Exception) -> None:
    """Write one line on an exception that should not have come up, with its traceback where the user asked for it.

    Args:
        error: The exception.
    """
    import traceback

    report_traced(f"internal error: {type(error).__name__}: {error}", "".join(traceback.format_exception(error)))


def report_traced(message: str, traced: str) -> None:
    """Write one line on what should not have come up, with the way there where the user asked for it.

    Args:
        message: What to say.
        traced: The lines that Python prints for the exception.
    """
    if os.environ.get(DEBUG_VARIABLE):
        click.echo(traced, err=True, nl=False)
        report(message)
    else:
        report(f"{message} ({DEBUG_VARIABLE}=1 shows more)")


def drop_output() -> None:
    """Send what is still buffered for standard output nowhere, so that the interpreter's exit does not trip over it."""
    if sys.stdout is None:
        return
    try:
        descriptor = sys.stdout.fileno()
    except OSError:
        return  # a stand-in without a descriptor, which nothing can break
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def to_terminal(output: str | None) -> bool:
    """Whether a person will look at what is written.

    Args:
        output: The option's value.
    """
    return output in (None, STANDARD_STREAM) and sys.stdout is not None and sys.stdout.isatty()


def read_records(paths: Sequence[str]) -> list[Notice]:
    """The records of several files, in order.

    Args:
        paths: Files that ``noticeparse parse`` wrote.

    Raises:
        RecordError: A file cannot be read, or its records not.
    """
    from noticeparse.jsonl import read_notices

    return [notice for path in paths for notice in read_notices(path)]


@contextmanager
def open_output(output: str | None) -> Iterator[IO[bytes]]:
    """Standard output as bytes, or a file that appears when the block ends well.

    JSON and the document's text are UTF-8 with the notice's own line breaks wherever the program runs, so that offsets
    hold; a text stream would not promise that.

    Args:
        output: The option's value; ``-`` and ``None`` are standard output.

    Raises:
        NoticeparseError: It cannot be written.
    """
    if output is not None and output != STANDARD_STREAM:
        with atomic_output(output) as file:
            yield file
    elif sys.stdout is None:
        raise NoticeparseError("standard output: closed")
    else:
        yield sys.stdout.buffer


def sample_path() -> Path:
    """The embedded sample notice: inside the installed package, or in the checkout that the package is run from.

    Raises:
        NoticeparseError: It is in neither place.
    """
    here = Path(__file__).resolve()
    places = (
        here.parents[1] / "_sample" / "notice.txt",
        here.parents[3] / "corpus" / "notices" / "sample-mall" / "notice.txt",
    )
    for path in places:
        if path.is_file():
            return path
    raise NoticeparseError(f"{places[0]}: the sample is not installed")


class Progress:
    """A counter on standard error, for many files and a person who sees nothing else meanwhile."""

    def __init__(self, total: int, output: str | None) -> None:
        """Decide whether to show anything.

        Args:
            total: How many files there are.
            output: The option's value: where the records go.
        """
        self._total = total
        watched = sys.stderr is not None and sys.stderr.isatty() and not to_terminal(output)
        self._shown = watched and total >= _PROGRESS_FROM

    def show(self, done: int) -> None:
        """Show how far the work is."""
        if self._shown:
            click.echo(f"\r\x1b[K{done}/{self._total} files", err=True, nl=False)

    def clear(self) -> None:
        """Take the counter away."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)
