"""Files in and out: which files an argument means, their bytes, and output that is either whole or not there."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

from noticeparse.errors import InputError, MissingInputError, NoticeparseError
from noticeparse.pattern import Pattern

STANDARD_STREAM = "-"
#: What a file that is still being made has behind its name.
JOURNAL_SUFFIX = ".part"
#: What :func:`hidden_name` puts behind the name and a point.
_HIDDEN_REGEX = Pattern(r"\d{1,20}-[0-9a-f]{8}\.tmp")


def find_inputs(argument: str) -> list[str]:
    """Name the files that one argument of the user stands for.

    A file or ``-`` stands for itself, whatever its suffix. A folder stands for the notices inside it at any depth, in
    sorted order; hidden files and folders are passed over, and links to folders are not followed.

    Args:
        argument: A file, a folder or ``-``.

    Returns:
        Paths that start with the argument as given.

    Raises:
        MissingInputError: There is no such file, or the folder holds no notice.
        InputError: A folder cannot be listed.
    """
    if argument == STANDARD_STREAM or not os.path.isdir(argument):
        return [argument]
    from noticeparse.document.detect import SUFFIXES  # not at the top: a single file does not need it

    packed = [suffix + ".gz" for suffix in SUFFIXES]
    found = sorted(_walk(argument, (*SUFFIXES, *packed)))
    if not found:
        raise MissingInputError(
            display(argument), f"no notice in this folder (supported: {' '.join(sorted(SUFFIXES))})"
        )
    return found


def _walk(folder: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        name = error.filename if isinstance(error.filename, str) else folder
        raise InputError(display(name), error.strerror or "cannot be listed") from error

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and name.lower().endswith(suffixes):
                yield os.path.join(parent, name)


def read_input(path: str, max_bytes: int) -> bytes:
    """Read one input, never more of it than allowed.

    The size is looked at before anything is read. Pipes have none, so they are read up to the limit.

    Args:
        path: A file, or ``-`` for standard input.
        max_bytes: Largest input that is read.

    Raises:
        MissingInputError: There is no such file.
        InputError: It cannot be read, or is too large.
    """
    if not _nameable(path):
        raise MissingInputError(display(path), "no such file")
    try:
        if path == STANDARD_STREAM:
            data = sys.stdin.buffer.read(max_bytes + 1)
        else:
            with open(path, "rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size > max_bytes:
                    raise _too_large(path, max_bytes, size)
                data = file.read(max_bytes + 1)
    except FileNotFoundError as error:
        raise MissingInputError(display(path), "no such file") from error
    except OSError as error:
        raise InputError(display(path), error.strerror or "cannot be read") from error
    if len(data) > max_bytes:
        raise _too_large(path, max_bytes)
    return data


def _nameable(path: str) -> bool:
    """Whether a file can have this name: ``open`` raises errors of another kind where none can."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def _too_large(path: str, max_bytes: int, size: int | None = None) -> InputError:
    return InputError(display(path), f"too large: {size or f'more than {max_bytes}'} bytes, limit {max_bytes}")


@contextmanager
def atomic_output(path: str) -> Iterator[IO[bytes]]:
    """Open a file for writing that appears under its name only when the block ends well.

    The bytes go to a hidden file in the same folder, which then takes the name in one step. Where the block raises,
    also by Ctrl-C, the hidden file goes and what stood under the name stays. Devices and pipes (``/dev/null``) cannot be
    replaced and are written to directly.

    Args:
        path: Where to write.

    Raises:
        NoticeparseError: It cannot be written; raised before the block runs where that can be known.
    """
    target = os.path.realpath(path)
    try:
        file, temporary = _open_output(target)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with file:
            yield file
        if temporary:
            os.replace(temporary, target)
    except BaseException as error:
        if temporary:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
        if isinstance(error, OSError) and not isinstance(error, NoticeparseError):
            raise _unwritable(path, error) from error
        raise


def _open_output(target: str) -> tuple[IO[bytes], str | None]:
    """The file to write to, and its path where it is to be renamed to the target."""
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        return open(target, "wb"), None  # a folder raises here, as it should
    folder, name = os.path.split(target)
    temporary = os.path.join(folder, hidden_name(name))
    # Not the tempfile module: its files are private to the user, and would stay so under their new name.
    file = open(temporary, "xb")  # noqa: SIM115 - the caller closes it
    if mode is not None:
        os.chmod(temporary, stat.S_IMODE(mode))
    return file, temporary


def hidden_name(name: str) -> str:
    """A new name for a file while it is written, in the folder where it will be called otherwise.

    Args:
        name: What it will be called. Of a long one only the beginning stands in the hidden name.
    """
    return f".{name[:60]}.{os.getpid()}-{os.urandom(4).hex()}.tmp"


def remove_left_over(path: str) -> None:
    """Remove the hidden files beside an output that runs which were killed could not.

    Only for who alone may write the output now: a file that is just being written looks the same. Where
    the name is longer than what a hidden one shows of it they stay, since another output may begin alike.

    Args:
        path: The output.

    Raises:
        OSError: The folder cannot be read, or a file not be removed.
    """
    folder, name = os.path.split(os.path.realpath(path))
    begin = f".{name}."
    with os.scandir(folder) as entries:
        left = [
            one.path
            for one in entries
            if one.name.startswith(begin) and _HIDDEN_REGEX.fullmatch(one.name[len(begin) :])
        ]
    for hidden in left:
        os.unlink(hidden)


def _unwritable(path: str, error: OSError) -> NoticeparseError:
    return NoticeparseError(f"{display(path)}: cannot be written: {error.strerror or error}")


def display(path: str) -> str:
    """A path as it can be shown and stored: bytes that are not UTF-8 and control characters become ``U+FFFD``."""
    try:
        name = os.fsencode(path)
    except UnicodeEncodeError:  # half a character, which no file name holds
        name = path.encode("utf-8", "replace")
    text = name.decode("utf-8", "replace")
    return "".join([char if char.isprintable() else "\ufffd" for char in text])
