"""The table ``inputs``: what became of each file, one row each. Written last, it says that a partition is finished."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

import msgspec
import pandas as pd
import pyarrow.parquet as pq

from noticeparse.many.outcome import OutcomeKind
from noticeparse.scale.partitions import Basis, Identity, Partition, identity
from noticeparse.scale.summary import Failure
from noticeparse.tables.frames import frame_of
from noticeparse.tables.schema import Column

COLUMNS = (
    Column("source", "string", "The file, as in `notices`", False),
    Column("notice_id", "string", "Key of its notice; null where there is none"),
    Column("kind", "string", "parsed, input, bug, timeout or died", False),
    Column("error", "string", "Why there is no notice, in one line"),
    Column("sha256", "string", "Of the file's bytes, where they could be read"),
    Column("size", "int", "Of the file in bytes, as the storage says"),
    Column("mark", "string", "What changes when the file does, as the storage says", False),
    Column("partition", "string", "Name of the files that its rows are in", False),
    Column("parser_version", "string", "Version of the program that parsed it", False),
    Column("lexicon_version", "string", "Version of the lexicons used", False),
    Column("options", "string", "Options that change the result", False),
)
_READ = ("source", "kind", "error", "sha256", "size", "mark", "parser_version", "lexicon_version", "options")


class Result(msgspec.Struct, frozen=True):
    """What became of one input.

    Attributes:
        kind: As for :class:`noticeparse.many.outcome.Outcome`.
        notice_id: Key of its notice.
        error: One line.
        sha256: Of its bytes.
    """

    kind: OutcomeKind
    notice_id: str | None = None
    error: str | None = None
    sha256: str | None = None


class Account(msgspec.Struct, frozen=True):
    """What is read back of a finished partition.

    Attributes:
        basis: What its content depended on beside the inputs.
        identities: What told the inputs' contents.
        parsed: How many gave a notice.
        failures: The others.
        passing: Whether one of these may be another time: it failed otherwise than by what is in it.
    """

    basis: Basis
    identities: tuple[Identity, ...]
    parsed: int
    failures: tuple[Failure, ...]
    passing: bool


def account_frame(partition: Partition, results: Sequence[Result], basis: Basis) -> pd.DataFrame:
    """The rows of a partition.

    Args:
        partition: Which.
        results: Of its inputs.
        basis: What its content depends on beside the inputs.
    """
    versions = (partition.name, basis.parser_version, basis.lexicon_version, basis.options)
    rows = [
        (one.name, result.notice_id, result.kind, result.error, result.sha256, one.size, one.mark, *versions)
        for one, result in zip(partition.inputs, results, strict=True)
    ]
    return frame_of(COLUMNS, rows)


def account_of(partition: Partition, results: Sequence[Result], basis: Basis) -> Account:
    """What would be read back of a partition.

    Args:
        partition: Which.
        results: Of its inputs.
        basis: What its content depends on beside the inputs.
    """
    names = [one.name for one in partition.inputs]
    return _account(basis, tuple(map(identity, partition.inputs)), zip(names, results, strict=True))


def _account(basis: Basis, identities: tuple[Identity, ...], results: Iterable[tuple[str, Result]]) -> Account:
    failed = [(name, result) for name, result in results if result.kind != "parsed"]
    return Account(
        basis,
        identities,
        len(identities) - len(failed),
        tuple(Failure(name, result.kind, result.error or "") for name, result in failed),
        # What could be read and is no notice will be none another time.
        any(result.kind != "input" or result.sha256 is None for _, result in failed),
    )


def read_account(data: bytes) -> Account | None:
    """The account of a partition.

    Args:
        data: Its file of ``inputs``.

    Returns:
        ``None`` for a file that is damaged or empty.
    """
    try:
        table = pq.read_table(BytesIO(data), columns=list(_READ))
    except (OSError, ValueError):  # pyarrow's own errors are ValueErrors, too
        return None
    if not table.num_rows:
        return None
    source, kind, error, digest, size, mark, parser, lexicon, options = (table[name].to_pylist() for name in _READ)
    results = [
        (name, Result(how, error=why, sha256=of_bytes))
        for name, how, why, of_bytes in zip(source, kind, error, digest, strict=True)
    ]
    basis = Basis(parser_version=parser[0], lexicon_version=lexicon[0], options=options[0])
    return _account(basis, tuple(zip(source, size, mark, strict=True)), results)
