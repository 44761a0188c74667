"""What the tests of runs on Dask share: inputs, and the tables of a run as one."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from noticeparse import read_notices, to_frames
from noticeparse.lexicon.load import load_lexicon
from noticeparse.many.outcome import parse_file
from noticeparse.tables.export import parquet_bytes
from noticeparse.tables.frames import Frames
from noticeparse.tables.schema import TABLES

NOTICE = "示例推送SDK\n使用目的：消息推送\n收集个人信息类型：IMEI、MAC地址\n隐私政策：https://a.example/privacy\n"


def make_notices(folder: Path, number: int, word: str = "") -> Path:
    """A folder of notices that differ."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(number):
        text = NOTICE.replace("推送", f"推送{index}").replace("IMEI", "IMEI" if index % 2 else "OAID")
        (folder / f"n{index:04}.txt").write_text(f"{text}{word}\n" if word else text, encoding="utf-8")
    return folder


def tables_of(output: Path) -> dict[str, pa.Table]:
    """Each table of a run, its partitions one behind the other."""
    return {
        name: pa.concat_tables([pq.read_table(path) for path in sorted((output / name).glob("*.parquet"))])
        for name in (*TABLES, "inputs")
    }


def expected_tables(paths: list[Path]) -> dict[str, pa.Table]:
    """What one process makes of files, those left out that are none."""
    lexicon = load_lexicon(None)
    outcomes = [parse_file(str(path), lexicon) for path in paths]
    return arrow(to_frames([outcome.notice for outcome in outcomes if outcome.notice is not None]))


def arrow(frames: Frames) -> dict[str, pa.Table]:
    """Frames as they come back from Parquet."""
    return {name: pq.read_table(BytesIO(parquet_bytes(frame))) for name, frame in frames}


def assert_tables(output: Path, expected: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables of a run are those expected, types included; gives the table of inputs, too."""
    found = tables_of(output)
    for name, table in expected.items():
        assert found[name].schema == table.schema, name
        assert found[name].to_pylist() == table.to_pylist(), name
    return found


def files_of(output: Path) -> dict[str, bytes]:
    """All that a run has written, by name."""
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.name != "_lock"
    }


def records_of(output: Path) -> list[object]:
    """The records of a run."""
    paths = [path for path in sorted((output / "records").glob("*.jsonl")) if path.stat().st_size]
    return [notice for path in paths for notice in read_notices(path)]
