"""Where the tables go: one folder for each table, in it one file for each partition.

::

    notices/part-….parquet      and so on for each table of noticeparse.tables.schema
    records/part-….jsonl        the records, where asked for
    inputs/part-….parquet       what became of each input; written last, so that it says that the others are whole
    _lexicon/….zip              the user's rows, from where the workers take them
    _lock                       held by a run, where the folder is on this machine
    _summary.json               of the last run that accounted for all its inputs

Programs that read such folders pass over names that begin with an underscore. A file takes its name when it is whole: by
renaming, or, in an object store, because no other way is possible there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO

from noticeparse.files import hidden_name
from noticeparse.pattern import Pattern
from noticeparse.scale.errors import ScaleError, one_line
from noticeparse.scale.storage import StorageOptions, is_local, is_object_store, open_storage, public_name
from noticeparse.tables.schema import TABLES

INPUTS = "inputs"
RECORDS = "records"
SUFFIXES: Mapping[str, str] = {**dict.fromkeys((*TABLES, INPUTS), ".parquet"), RECORDS: ".jsonl"}
_LOCK = "_lock"
_SUMMARY = "_summary.json"
_LEXICON = "_lexicon"
_PART_REGEX = Pattern(r"part-\d{9}-[0-9a-f]{16}")
_TEMPORARY_REGEX = Pattern(r"\.part-.*\.tmp")


class Output:
    """The folder that a run writes to. Each process has one of its own."""

    def __init__(self, address: str, options: StorageOptions) -> None:
        """Open it, without looking at it.

        Args:
            address: A path of this machine, or an address.
            options: Of the file system.

        Raises:
            ScaleError: There is no file system for the address.
        """
        self.name = public_name(address)
        self._files, root = open_storage(address, options)
        self._root = root.rstrip("/")
        self._local = is_local(self._files)
        self._direct = is_object_store(self._files)

    # ------------------------------------------------------------------ one partition

    def write(self, table: str, partition: str, data: bytes) -> None:
        """Write one file of a partition.

        Args:
            table: One of :data:`SUFFIXES`.
            partition: Its name.
            data: The whole of it.

        Raises:
            OSError: As the storage says; errors of its own are possible too.
        """
        self._put(table, f"{partition}{SUFFIXES[table]}", data)

    def read(self, table: str, partition: str) -> bytes:
        """Read one file of a partition.

        Args:
            table: One of :data:`SUFFIXES`.
            partition: Its name.

        Raises:
            OSError: As the storage says; errors of its own are possible too.
        """
        data: bytes = self._files.cat_file(self._path(table, f"{partition}{SUFFIXES[table]}"))
        return data

    def has(self, table: str, partition: str) -> bool:
        """Whether a file of a partition is there.

        Args:
            table: One of :data:`SUFFIXES`.
            partition: Its name.
        """
        self._files.invalidate_cache()
        return bool(self._files.exists(self._path(table, f"{partition}{SUFFIXES[table]}")))

    # ------------------------------------------------------------------ all partitions

    def prepare(self) -> None:
        """Make the folder and see whether it can be written to.

        Raises:
            ScaleError: It cannot.
        """
        with self._told("cannot be written"):
            self._put("", "_probe", b"")
            self._files.rm_file(self._path("", "_probe"))

    def partitions(self, table: str) -> set[str]:
        """Names of the partitions that a table has files of.

        Args:
            table: One of :data:`SUFFIXES`.

        Raises:
            ScaleError: The folder cannot be listed.
        """
        suffix = SUFFIXES[table]
        return {
            name.removesuffix(suffix)
            for name in self._names(table)
            if name.endswith(suffix) and _PART_REGEX.fullmatch(name.removesuffix(suffix))
        }

    def read_inputs(self, partitions: list[str]) -> list[bytes]:
        """The accounts of partitions, read at once where the storage can do that.

        Args:
            partitions: Their names.

        Raises:
            ScaleError: One cannot be read.
        """
        paths = [self._path(INPUTS, f"{name}{SUFFIXES[INPUTS]}") for name in partitions]
        with self._told("cannot be read"):
            found: list[bytes] = self._files.cat_ranges(paths, None, None, on_error="raise") if paths else []
        return found

    def remove(self, partition: str) -> None:
        """Remove a partition, its account first.

        Args:
            partition: Its name.

        Raises:
            ScaleError: A file cannot be removed.
        """
        with self._told("cannot be removed"):
            for table in (INPUTS, *(name for name in SUFFIXES if name != INPUTS)):
                with suppress(FileNotFoundError):
                    self._files.rm_file(self._path(table, f"{partition}{SUFFIXES[table]}"))

    def sweep(self, finished: set[str]) -> None:
        """Remove what a run that was broken off has left: files of partitions that have no account.

        Args:
            finished: Partitions that stay.

        Raises:
            ScaleError: A file cannot be removed.
        """
        for table, suffix in SUFFIXES.items():
            for name in self._names(table):
                stem = name.removesuffix(suffix)
                left = _PART_REGEX.fullmatch(stem) and stem not in finished
                if left or _TEMPORARY_REGEX.fullmatch(name):
                    with self._told("cannot be removed"), suppress(FileNotFoundError):
                        self._files.rm_file(self._path(table, name))

    # ------------------------------------------------------------------ beside the partitions

    def write_summary(self, data: bytes | None) -> None:
        """Write the summary, or remove that of an earlier run.

        Args:
            data: JSON; ``None`` to remove it.

        Raises:
            ScaleError: That cannot be done.
        """
        with self._told("cannot be written"):
            if data is not None:
                self._put("", _SUMMARY, data)
            elif self._files.exists(self._path("", _SUMMARY)):
                self._files.rm_file(self._path("", _SUMMARY))

    def write_lexicon(self, version: str, data: bytes) -> None:
        """Put the user's rows where the workers find them.

        Args:
            version: Of the vocabulary with these rows.
            data: Packed.

        Raises:
            ScaleError: That cannot be done.
        """
        with self._told("cannot be written"):
            self._put(_LEXICON, f"{version}.zip", data)

    def read_lexicon(self, version: str) -> bytes:
        """The user's rows.

        Args:
            version: Of the vocabulary with these rows.

        Raises:
            ScaleError: They are not there.
        """
        with self._told("cannot be read"):
            data: bytes = self._files.cat_file(self._path(_LEXICON, f"{version}.zip"))
        return data

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for one run, where it is on this machine.

        Raises:
            ScaleError: Another run holds it.
        """
        if not self._local:
            yield
            return
        import fcntl

        with self._told("cannot be written"):
            file: IO[bytes] = open(self._path("", _LOCK), "ab")  # noqa: SIM115 - closed below
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ScaleError(f"{self.name}: another run is writing there") from error
            yield

    # ------------------------------------------------------------------ storage

    def _path(self, folder: str, name: str) -> str:
        return "/".join(filter(None, (self._root, folder, name)))

    def _names(self, folder: str) -> list[str]:
        self._files.invalidate_cache()
        path = self._path(folder, "")
        with self._told("cannot be listed"):
            try:
                found = self._files.ls(path, detail=False)
            except FileNotFoundError:
                return []
        return sorted(name.rstrip("/").rpartition("/")[2] for name in found)

    def _put(self, folder: str, name: str, data: bytes) -> None:
        target = self._path(folder, name)
        if self._direct:
            self._files.pipe_file(target, data)
            return
        self._files.makedirs(self._path(folder, ""), exist_ok=True)
        temporary = self._path(folder, hidden_name(name))
        try:
            with self._files.open(temporary, "wb") as file:
                file.write(data)
                if self._local:
                    file.flush()
                    os.fsync(file.fileno())
            self._files.mv(temporary, target)
        except BaseException:
            with suppress(Exception):
                self._files.rm_file(temporary)
            raise

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except ScaleError:
            raise
        except Exception as error:
            raise ScaleError(f"{self.name}: {what}: {one_line(error)}") from error
