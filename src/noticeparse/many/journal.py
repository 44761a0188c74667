"""Records of many files on their way to one file of JSON lines, none of which is ever made twice.

Records go to a journal beside the output, one line each, as soon as they are there. The output itself appears whole when
all is done. A run that ends before, however it ends, leaves the journal, and the next run over the same files takes the
records from it, and from an output that is there already, instead of parsing again. What is kept in memory is where a
record stands, never the record.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import blake2b
from io import BytesIO
from typing import IO

import msgspec

from noticeparse._version import __version__
from noticeparse.errors import NoticeparseError
from noticeparse.files import JOURNAL_SUFFIX, atomic_output, display, remove_left_over
from noticeparse.records import SCHEMA_VERSION

_KEY_BYTES = 16
_TO_COME = -1
_FAILED = -2
_START = b'{"schema_version":'


class _Info(msgspec.Struct):
    source: str
    sha256: str


class _Head(msgspec.Struct):
    """What tells whose record a line is, and who made it."""

    schema_version: str
    parser_version: str
    lexicon_version: str
    notice: _Info


_decode_head = msgspec.json.Decoder(_Head).decode


def is_continued(output: str) -> bool:
    """Whether records can be taken over from what is written there: from a file, not from a device or a pipe.

    Args:
        output: A path.
    """
    try:
        return stat.S_ISREG(os.stat(output).st_mode)
    except FileNotFoundError:
        return True
    except OSError:
        return False  # what is wrong with it is told when it is opened


class Journal:
    """What earlier runs have recorded, and what this one adds. A context manager; one process at a time may have it.

    For each file of the run, in order, call either :meth:`take_over`, or, where that gives ``False``, later and in the
    same order, :meth:`add` or :meth:`skip`. Then :meth:`finish`.

    Attributes:
        taken: Number of records taken over so far.
        added: Number of records added so far.
        kept: Number of records of other files that :meth:`finish` left in front.
        damaged: Number of lines of the journal that are no records, such as one that was being written; they are left out.
    """

    def __init__(self, output: str, *, lexicon_version: str, fresh: bool = False) -> None:
        """Open the journal and look at what is there.

        Args:
            output: The file that will hold the records.
            lexicon_version: Of this run; records of another one are not taken over.
            fresh: Take nothing over, and replace what is there.

        Raises:
            NoticeparseError: The output is there and holds something else than records, or cannot be written; or another
                process writes it.
        """
        self.taken = self.added = self.kept = self.damaged = 0
        self._output = output
        self._target = os.path.realpath(output)
        self._lexicon_version = lexicon_version
        self.path = self._target + JOURNAL_SUFFIX
        #: Source → where its last record stands that this version made.
        self._usable: dict[bytes, int] = {}
        #: Sources and places of all records of the output, and of the journal, in their order.
        self._sources = (bytearray(), bytearray())
        self._places = (array("q"), array("q"))
        #: Where the record of each of the run's files stands.
        self._order = array("q")
        self._next = 0
        self._named: set[bytes] = set()
        self._file = self._open()
        self._older: IO[bytes] = BytesIO()  # until there is an output that is continued
        try:
            # A folder that may be written to and not be listed keeps what is left there.
            with suppress(PermissionError):
                remove_left_over(self._target)
            self._look(fresh)
        except OSError as error:
            self.__exit__()
            raise self._unwritable(error) from error
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self._older.close()
        with suppress(FileNotFoundError, OSError):
            if os.fstat(self._file.fileno()).st_size == 0 and self._is_ours():
                os.unlink(self.path)
        self._file.close()

    # ------------------------------------------------------------------ what is there

    def _open(self) -> IO[bytes]:
        try:
            while True:
                file = open(self.path, "a+b")  # noqa: SIM115 - closed with the journal
                if not _lock(file):
                    file.close()
                    raise NoticeparseError(f"{display(self._output)}: another run is writing this file")
                if _same_file(file, self.path):
                    return file
                file.close()  # the run that had it has just finished, and renamed or removed it
        except OSError as error:
            raise self._unwritable(error) from error

    def _is_ours(self) -> bool:
        return _same_file(self._file, self.path)

    def _look(self, fresh: bool) -> None:
        length = self._look_at_journal()
        if fresh:
            self._file.truncate(0)
            self._usable.clear()
            self._sources, self._places = (bytearray(), bytearray()), (array("q"), array("q"))
            self.damaged = 0
            return
        self._file.truncate(length)
        newer = dict(self._usable)
        try:
            self._older = open(self._target, "rb")  # noqa: SIM115 - closed with the journal
        except FileNotFoundError:
            return
        except OSError as error:
            raise NoticeparseError(f"{display(self._output)}: {error.strerror or 'cannot be read'}") from error
        for number, (place, line) in enumerate(_lines(self._older), start=1):
            head = _head(line)
            if head is not None:
                self._remember(0, place, head)
            elif line.strip():
                raise NoticeparseError(
                    f"{display(self._output)}:{number}: not a record, so that the file cannot be continued; "
                    "--fresh replaces it"
                )
        self._usable.update(newer)

    def _look_at_journal(self) -> int:
        """Remember the records of the journal. Gives where its last whole line ends."""
        self._file.seek(0)
        end = 0
        for place, line in _lines(self._file):
            whole = line.endswith(b"\n")
            head = _head(line) if whole else None
            if place == 0 and head is None and (whole or not _may_begin_record(line)):
                raise NoticeparseError(f"{display(self.path)}: not a journal of records; move it away")
            if head is not None:
                self._remember(1, place, head)
            else:
                self.damaged += 1
            if whole:
                end = place + len(line)
        return end

    def _remember(self, which: int, place: int, head: _Head) -> None:
        key = _key(head.notice.source)
        self._sources[which].extend(key)
        self._places[which].append(place)
        made_by = (head.schema_version, head.parser_version, head.lexicon_version)
        if made_by == (SCHEMA_VERSION, __version__, self._lexicon_version):
            self._usable[key] = 2 * place + which

    # ------------------------------------------------------------------ what the run does

    def take_over(self, source: str, digest: Callable[[], str | None]) -> bool:
        """Take the record of the run's next file from an earlier run.

        Args:
            source: As its record names it.
            digest: Gives the SHA-256 of the file's bytes now, in hexadecimal digits, or ``None`` if it cannot be told; not
                called where there is no record.

        Returns:
            Whether there is a record that was made from the same bytes, by the same parser, with the same lexicon.
        """
        key = _key(source)
        if self._places[0] or self._places[1]:
            self._named.add(key)
        location = self._usable.get(key, _TO_COME)
        if location != _TO_COME:
            head = _head(self._read(location))
            if head is None or head.notice.source != source or head.notice.sha256 != digest():
                location = _TO_COME
        self._order.append(location)
        self.taken += location != _TO_COME
        return location != _TO_COME

    def add(self, record: bytes) -> None:
        """Record what the earliest file that is still to come was parsed to.

        Args:
            record: One line of JSON.

        Raises:
            NoticeparseError: The journal cannot be written.
        """
        try:
            place = self._file.seek(0, os.SEEK_END)
            self._file.write(record)
            self._file.flush()
        except OSError as error:
            raise NoticeparseError(f"{display(self.path)}: cannot be written: {error.strerror or error}") from error
        self._fill(2 * place + 1)
        self.added += 1

    def skip(self) -> None:
        """The earliest file that is still to come has no record."""
        self._fill(_FAILED)

    def _fill(self, location: int) -> None:
        while self._order[self._next] != _TO_COME:
            self._next += 1
        self._order[self._next] = location

    # ------------------------------------------------------------------ the whole

    def finish(self) -> bool:
        """Make the output: records of other files that were there, in front, and those of the run in its order.

        Returns:
            Whether there is one; where the run has no record at all, what was there stays.

        Raises:
            NoticeparseError: It cannot be written; the journal stays.
        """
        kept = self._kept()
        self.kept = len(kept)
        records = array("q", (location for location in self._order if location >= 0))
        if not records:
            return False
        try:
            if not kept and self._is_whole(records):
                self._rename()
            else:
                with atomic_output(self._output) as file:
                    for location in (*kept, *records):
                        file.write(self._read(location))
                os.unlink(self.path)
        except OSError as error:
            raise self._unwritable(error) from error
        return True

    def _kept(self) -> array[int]:
        """Records of files that are not among those of the run; of the journal each file's last one."""
        newer = {key: 2 * place + 1 for place, key in self._others(1)}
        older = [2 * place for place, key in self._others(0) if key not in newer]
        return array("q", (*older, *newer.values()))

    def _others(self, which: int) -> Iterator[tuple[int, bytes]]:
        sources = self._sources[which]
        for number, place in enumerate(self._places[which]):
            key = bytes(sources[number * _KEY_BYTES : (number + 1) * _KEY_BYTES])
            if key not in self._named:
                yield place, key

    def _is_whole(self, records: array[int]) -> bool:
        """Whether the journal holds these records, in this order, and nothing else."""
        wanted = iter(records)
        for place, _ in _lines(self._file):
            if next(wanted, None) != 2 * place + 1:
                return False
        return next(wanted, None) is None

    def _rename(self) -> None:
        with suppress(FileNotFoundError):
            shutil.copymode(self._target, self.path)
        os.replace(self.path, self._target)

    def _read(self, location: int) -> bytes:
        place, which = divmod(location, 2)
        file = self._file if which else self._older
        file.seek(place)
        return file.readline().rstrip(b"\n") + b"\n"

    def _unwritable(self, error: OSError) -> NoticeparseError:
        return NoticeparseError(f"{display(self._output)}: cannot be written: {error.strerror or error}")


def _key(source: str) -> bytes:
    return blake2b(source.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()


def _head(line: bytes) -> _Head | None:
    """Whose record a line is; ``None`` if it is no record."""
    try:
        return _decode_head(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _may_begin_record(line: bytes) -> bool:
    return line.startswith(_START) or _START.startswith(line)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines of a file from its start, each with its place."""
    file.seek(0)
    place = 0
    for line in file:
        yield place, line
        place += len(line)


def _same_file(file: IO[bytes], path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


def _lock(file: IO[bytes]) -> bool:
    """Have a file for this process alone; ``False`` if another one has it."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system that knows no locks
    return True
