"""The bytes of inputs, wherever they are: files of this machine one by one, those behind addresses many at once."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from noticeparse.errors import InputError, MissingInputError
from noticeparse.files import read_input
from noticeparse.scale.errors import one_line
from noticeparse.scale.inputs import Input
from noticeparse.scale.storage import FileSystem, StorageOptions, is_address, open_storage

#: Files that are asked for at once: storage behind a network answers many about as fast as one.
_AT_ONCE = 64
_BYTES_AT_ONCE = 16 * 1024 * 1024
#: Tries after a failure that may pass, and the wait before the first of them, which doubles, in seconds.
_TRIES = 3
_WAIT = 0.5


def read_all(
    inputs: Sequence[Input], *, max_bytes: int, options: StorageOptions
) -> Iterator[tuple[int, bytes | InputError]]:
    """Read inputs in their order; what is wrong with one comes in the place of its bytes.

    Args:
        inputs: What to read.
        max_bytes: Largest file that is read.
        options: Of the file systems behind addresses.

    Yields:
        Place and bytes.

    Raises:
        ScaleError: There is no file system for an address.
    """
    for remote, group in groupby(enumerate(inputs), lambda pair: is_address(pair[1].location)):
        if remote:
            yield from _read_addresses(list(group), max_bytes, options)
        else:
            for place, one in group:
                yield place, _checked(one, _read_path(one, max_bytes))


def _read_path(one: Input, max_bytes: int) -> bytes | InputError:
    try:
        return read_input(one.location, max_bytes)
    except MissingInputError as error:
        return MissingInputError(one.name, error.cause)
    except InputError as error:
        return InputError(one.name, error.cause)


def _checked(one: Input, data: bytes | InputError) -> bytes | InputError:
    """An object of a store is what its digest says, or damaged."""
    if one.stored is not None and isinstance(data, bytes):
        digest = one.mark.split()[1]
        if hashlib.sha256(data).hexdigest() != digest:
            return InputError(one.name, "damaged in the store: its bytes have another digest")
    return data


def _read_addresses(
    inputs: list[tuple[int, Input]], max_bytes: int, options: StorageOptions
) -> Iterator[tuple[int, bytes | InputError]]:
    for batch in _batches(inputs):
        found: dict[int, bytes | InputError] = {}
        by_storage: dict[int, tuple[FileSystem, list[tuple[int, Input, str]]]] = {}
        for place, one in batch:
            if one.size is not None and one.size > max_bytes:
                found[place] = InputError(one.name, f"too large: {one.size} bytes, limit {max_bytes}")
                continue
            files, path = open_storage(one.location, options)
            by_storage.setdefault(id(files), (files, []))[1].append((place, one, path))
        for files, wanted in by_storage.values():
            found.update(_read_batch(files, wanted, max_bytes))
        yield from sorted(found.items())


def _batches(inputs: list[tuple[int, Input]]) -> Iterator[list[tuple[int, Input]]]:
    batch: list[tuple[int, Input]] = []
    weight = 0
    for pair in inputs:
        size = pair[1].size or 0
        if batch and (len(batch) >= _AT_ONCE or weight + size > _BYTES_AT_ONCE):
            yield batch
            batch, weight = [], 0
        batch.append(pair)
        weight += size
    if batch:
        yield batch


def _read_batch(
    files: FileSystem, wanted: list[tuple[int, Input, str]], max_bytes: int
) -> dict[int, bytes | InputError]:
    found: dict[int, bytes | InputError] = {}
    for again in range(_TRIES + 1):
        if again:
            time.sleep(_WAIT * 2 ** (again - 1))
        known = [item for item in wanted if item[1].size is not None]
        answers = files.cat_ranges([path for _, _, path in known], None, None, on_error="return") if known else []
        results = list(zip(known, answers, strict=True))
        results += [(item, _read_some(files, item[2], max_bytes)) for item in wanted if item[1].size is None]
        wanted = []
        for item, answer in results:
            place, one, _ = item
            if isinstance(answer, FileNotFoundError):
                found[place] = MissingInputError(one.name, "no such file")
            elif isinstance(answer, Exception):
                found[place] = InputError(one.name, f"cannot be read: {one_line(answer)}")
                wanted.append(item)
            elif len(answer) > max_bytes:
                found[place] = InputError(one.name, f"too large: more than {max_bytes} bytes")
            else:
                found[place] = bytes(answer)
        if not wanted:
            break
    return found


def _read_some(files: FileSystem, path: str, max_bytes: int) -> Any:
    """No more than is allowed of a file whose size the storage does not tell, or the error."""
    try:
        with files.open(path, "rb") as file:
            return file.read(max_bytes + 1)
    except Exception as error:  # noqa: BLE001 - each file system has errors of its own
        return error
