"""Records to frames, frames to files and back, and the questions asked of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

import noticeparse
from noticeparse.cli import program
from noticeparse.jsonl import write_notices
from noticeparse.records import Maker, Notice, Value
from noticeparse.tables import compare
from noticeparse.tables.check import FramesError, check_frames
from noticeparse.tables.export import FORMS, ExportError, write_frames
from noticeparse.tables.frames import Frames, to_frames
from noticeparse.tables.schema import KEYS, SCHEMAS, TABLES
from tests.support import CORPUS, ROOT

PUSH = """甲应用第三方SDK目录
极光推送SDK
第三方名称：深圳市和讯华谷信息技术有限公司
使用目的：消息推送
收集个人信息：设备标识信息（包括IMEI（仅安卓10以下版本）、OAID）、位置信息、奇异数据
申请权限：存储权限
隐私政策：https://www.jiguang.cn/license/privacy
高德定位SDK
第三方名称：高德软件有限公司
使用目的：定位
收集个人信息：精确位置信息
"""
OTHER = """乙应用第三方SDK目录
极光推送SDK
第三方名称：深圳市和讯华谷信息技术有限公司
使用目的：推送
收集个人信息：IMEI、MAC地址
某某科技SDK
使用目的：统计
收集个人信息：银行卡号
"""
THIRD = """丙应用第三方SDK目录
极光推送SDK
第三方名称：深圳市和讯华谷信息技术有限公司
使用目的：推送
收集个人信息：IMEI
"""


def parsed(text: str, name: str) -> Notice:
    notice = noticeparse.parse(text)
    return replace(notice, notice=replace(notice.notice, source=name))


@pytest.fixture(scope="module")
def three() -> list[Notice]:
    return [parsed(PUSH, "a.txt"), parsed(OTHER, "b.txt"), parsed(THIRD, "c.txt")]


@pytest.fixture(scope="module")
def frames(three: list[Notice]) -> Frames:
    return to_frames(three)


@pytest.fixture(scope="module")
def corpus() -> list[Notice]:
    return [noticeparse.parse(CORPUS.notice(notice_id)) for notice_id in CORPUS.ids()]


# ---------------------------------------------------------------- frames


def test_corpus_frames_hold_to_their_schema(corpus: list[Notice]) -> None:
    frames = to_frames(corpus)
    check_frames(frames)
    assert [name for name, _ in frames] == list(TABLES)
    assert len(frames.notices) == len(corpus)


def test_nothing_is_dropped(corpus: list[Notice]) -> None:
    frames = to_frames(corpus)
    disclosures = [one for notice in corpus for one in notice.disclosures]
    items = [item for one in disclosures for item in one.data_items]
    links = [link for one in disclosures for link in (one.privacy_policy, one.website) if link]
    assert len(frames.disclosures) == len(disclosures)
    assert list(frames.data_items["text"]) == [item.text for item in items]
    assert list(frames.qualifiers["text"]) == [note.text for item in items for note in item.qualifiers]
    assert list(frames.permissions["text"]) == [one.text for given in disclosures for one in given.permissions]
    assert list(frames.links["text"]) == [link.text for link in links]
    assert list(frames.unparsed["text"]) == [run.text for notice in corpus for run in notice.unparsed]
    assert list(frames.diagnostics["code"]) == [note.code for notice in corpus for note in notice.diagnostics]


def test_every_row_leads_back_to_its_characters() -> None:
    path = CORPUS.notice("sample-mall")
    text = path.read_text("utf-8")
    frames = to_frames([noticeparse.parse(path)])
    for name in ("data_items", "qualifiers", "permissions", "links"):
        table = frames[name]
        assert len(table)
        for value, start, end in zip(table["text"], table["start"], table["end"], strict=True):
            assert "".join(text[start:end].split()) == "".join(value.split())
    for name in ("provider", "sdk", "purpose"):
        table = frames.disclosures.dropna(subset=[name])
        for value, start, end in zip(table[name], table[f"{name}_start"], table[f"{name}_end"], strict=True):
            assert "".join(text[start:end].split()) == "".join(value.split())


def test_verbatim_and_normalised_stand_side_by_side(frames: Frames) -> None:
    first = frames.disclosures.iloc[0]
    assert (first["provider"], first["provider_id"]) == ("深圳市和讯华谷信息技术有限公司", "jiguang")
    items = frames.data_items[frames.data_items["disclosure_id"] == first["disclosure_id"]]
    assert list(items["concept"].fillna("?")) == ["device_identifier", "imei", "oaid", "location", "?"]
    members = items[items["parent_id"].notna()]
    assert list(members["text"]) == ["IMEI", "OAID"]
    assert set(members["parent_id"]) == {items["item_id"].iloc[0]}
    assert list(frames.qualifiers["value"]) == ["android<10"]


def test_recipient_has_one_name_and_says_what_it_rests_on(three: list[Notice]) -> None:
    first, gaode = three[0].disclosures
    maker = Maker(id="jiguang", how="sdk", score=1.0, evidence="jpush")
    told = [
        first,
        replace(first, provider=None, maker=maker),
        replace(gaode, provider=replace(gaode.provider, text="某地图公司", id=None), maker=maker),
        replace(gaode, provider=None, maker=None),
        replace(gaode, provider=None, maker=None, sdk=replace(gaode.sdk, text="某某 SDK", id=None)),
        replace(gaode, provider=None, maker=None, sdk=None, recipient_category=Value("物流商", (0, 3))),
    ]
    notice = replace(three[0], disclosures=tuple(replace(one, index=place) for place, one in enumerate(told)))
    frames = to_frames([notice])
    check_frames(frames)
    rows = frames.disclosures[["recipient_how", "recipient"]].to_numpy().tolist()
    assert rows == [
        ["provider", "深圳市和讯华谷信息技术有限公司"],
        ["maker", "深圳市和讯华谷信息技术有限公司"],
        ["provider_text", "某地图公司"],
        ["sdk", "高德定位"],
        ["sdk_text", "某某 SDK"],
        ["category", "物流商"],
    ]
    assert frames.disclosures["provider"].isna().tolist() == [False, True, False, True, True, True]


def test_keys_are_the_same_in_every_run(three: list[Notice]) -> None:
    one, two = to_frames(three), to_frames(iter(three))
    for name in TABLES:
        pd.testing.assert_frame_equal(one[name], two[name])
    alone = to_frames(three[1:2])
    assert set(alone.data_items["item_id"]) <= set(one.data_items["item_id"])


def test_no_notices_give_tables_without_rows() -> None:
    frames = to_frames([])
    check_frames(frames)
    assert all(len(table) == 0 for _, table in frames)
    assert [str(kind) for kind in frames.data_items.dtypes][:5] == [
        *["string[pyarrow]"] * 3,
        "int64[pyarrow]",
        "string[pyarrow]",
    ]


def test_a_notice_given_twice_counts_once_and_is_told(three: list[Notice]) -> None:
    frames = to_frames([*three, three[0], three[0]])
    check_frames(frames)
    assert len(frames.notices) == 3
    told = frames.diagnostics[frames.diagnostics["code"] == "duplicate-notice"]
    assert list(told["message"]) == ["a.txt was given more than once; it counts once"] * 2


def test_the_same_bytes_of_two_sources_are_two_notices(three: list[Notice]) -> None:
    again = replace(three[0], notice=replace(three[0].notice, source="other.txt"))
    assert len(to_frames([three[0], again]).notices) == 2


def test_only_notices_are_taken() -> None:
    with pytest.raises(TypeError, match="takes notices, not dict"):
        to_frames([{"disclosures": []}])  # type: ignore[list-item]


def test_unknown_table_is_named(frames: Frames) -> None:
    with pytest.raises(KeyError, match="no table 'items'"):
        frames["items"]


@pytest.mark.parametrize(
    ("table", "column", "value", "cause"),
    [
        ("data_items", "disclosure_id", "nowhere:0", "is no row of disclosures"),
        ("disclosures", "end", 0, "start is behind end"),
        ("notices", "coverage", 1.5, "coverage"),
        ("disclosures", "recipient", None, "recipient"),
    ],
)
def test_check_finds_what_is_wrong(frames: Frames, table: str, column: str, value: object, cause: str) -> None:
    broken = frames[table].copy()
    broken.loc[broken.index[0], column] = value
    with pytest.raises(FramesError, match=cause) as caught:
        check_frames(Frames(**{**dict(frames), table: broken}))
    assert str(caught.value).startswith(table)
    assert "\n" not in str(caught.value)


def test_documentation_names_every_column() -> None:
    told = (ROOT / "docs" / "tables.md").read_text("utf-8")
    for name, columns in SCHEMAS.items():
        section = told.split(f"## `{name}`", 1)[1].split("\n## ", 1)[0]
        rows = [line for line in section.splitlines() if line.startswith("| `")]
        assert rows == [
            f"| `{column.name}` | {column.type} | {column.about.replace('|', chr(92) + '|')} |" for column in columns
        ]


# ---------------------------------------------------------------- files


def stored(form: str, folder: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    for name in TABLES:
        if form == "parquet":
            yield name, pd.read_parquet(folder / f"{name}.parquet")
        elif form == "csv":
            yield name, pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        elif form == "jsonl":
            lines = (folder / f"{name}.jsonl").read_text("utf-8").split("\n")
            yield name, pd.DataFrame([json.loads(line) for line in lines if line])
        elif form == "xlsx":
            yield name, pd.read_excel(folder / "noticeparse.xlsx", sheet_name=name, dtype=str, keep_default_na=False)
        else:
            with closing(sqlite3.connect(folder / "noticeparse.sqlite")) as database:
                yield name, pd.read_sql(f'SELECT * FROM "{name}"', database)


@pytest.mark.parametrize("form", FORMS)
def test_tables_come_back_as_written(form: str, frames: Frames, tmp_path: Path) -> None:
    paths = write_frames(frames, tmp_path / "new" / "folder", form)
    assert all(path.stat().st_size for path in paths)
    for name, table in stored(form, tmp_path / "new" / "folder"):
        if not len(frames[name]):
            continue
        assert list(table.columns) == list(frames[name].columns)
        assert list(table[KEYS[name]]) == list(frames[name][KEYS[name]])
        for column in SCHEMAS[name]:
            if column.type == "string":
                assert list(table[column.name].fillna("")) == list(frames[name][column.name].fillna(""))


def test_parquet_keeps_types(frames: Frames, tmp_path: Path) -> None:
    write_frames(frames, tmp_path, "parquet")
    for name in TABLES:
        back = pd.read_parquet(tmp_path / f"{name}.parquet", dtype_backend="pyarrow")
        pd.testing.assert_frame_equal(back, frames[name])


def test_csv_opens_in_excel_with_chinese_intact(frames: Frames, tmp_path: Path) -> None:
    write_frames(frames, tmp_path, "csv")
    data = (tmp_path / "disclosures.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "Excel takes a CSV without this mark for the system's code page"
    assert "深圳市和讯华谷信息技术有限公司" in data.decode("utf-8-sig")


def test_text_never_becomes_a_formula_in_xlsx(tmp_path: Path) -> None:
    import openpyxl

    notice = parsed(
        '应用第三方SDK目录\n某某SDK\n使用目的：=HYPERLINK("http://a.example")\n收集个人信息：IMEI\n', "=1+1.txt"
    )
    write_frames(to_frames([notice]), tmp_path, "xlsx")
    book = openpyxl.load_workbook(tmp_path / "noticeparse.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert [cell.value for cell in cells][:1] == ["=1+1.txt"]
    assert {cell.data_type for cell in cells} == {"s"}


def test_what_xlsx_cannot_hold_is_told(tmp_path: Path) -> None:
    long = "甚" * 33_000
    frames = to_frames([parsed(f"应用第三方SDK目录\n某某SDK\n使用目的：{long}\n收集个人信息：IMEI\n", "a.txt")])
    with pytest.raises(ExportError, match=r"^disclosures\.purpose: a text of 33000 characters"):
        write_frames(frames, tmp_path, "xlsx")
    assert list(tmp_path.iterdir()) == []


def test_unknown_form_and_unusable_folder_are_told(frames: Frames, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="unknown form 'ods'"):
        write_frames(frames, tmp_path, "ods")
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportError, match="file"):
        write_frames(frames, tmp_path / "file", "csv")


def test_tables_command(three: list[Notice], tmp_path: Path) -> None:
    write_notices(tmp_path / "a.jsonl", three[:2])
    write_notices(tmp_path / "b.jsonl", three[2:])
    result = CliRunner().invoke(
        program, ["tables", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"), "--to", "csv", str(tmp_path / "out")]
    )
    assert result.exit_code == 0, result.output
    assert "notices               3 rows\n" in result.output
    assert sorted(path.stem for path in (tmp_path / "out").iterdir()) == sorted(TABLES)


def test_tables_command_tells_bad_records_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"schema_version": "99"}\n')
    result = CliRunner().invoke(program, ["tables", str(tmp_path / "a.jsonl"), "--to", "csv", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "schema version '99'" in result.output
    assert result.output.count("\n") == 1
    assert not (tmp_path / "out").exists()


# ---------------------------------------------------------------- comparison


def test_app_by_recipient(frames: Frames) -> None:
    table = compare.matrix(frames, "app", "recipient", values="disclosures")
    assert table.index.name == "app"
    assert next(iter(table.columns)) == "深圳市和讯华谷信息技术有限公司", "the fullest column stands first"
    assert table.loc["甲应用", "高德软件有限公司"] == 1
    assert table.loc["丙应用", "高德软件有限公司"] == 0


def test_recipient_by_data_counts_apps(frames: Frames) -> None:
    table = compare.matrix(frames, "recipient", "concept", values="apps")
    assert table.loc["深圳市和讯华谷信息技术有限公司", "imei"] == 3
    assert compare.UNRECOGNISED in table.columns, "an item that no concept covers is not left out"


def test_concepts_by_name(frames: Frames) -> None:
    assert "MAC地址" in compare.matrix(frames, "app", "concept", names="zh").columns
    assert "MAC地址" in compare.matrix(frames, "concept", "app", names="zh").index


def test_an_app_that_shares_nothing_keeps_its_row(frames: Frames, three: list[Notice]) -> None:
    empty = replace(three[0], disclosures=(), notice=replace(three[0].notice, source="d.txt", app=None, title=None))
    table = compare.matrix(to_frames([*three, empty]), "app", "recipient")
    assert list(table.loc["d.txt"]) == [0] * table.shape[1]


def test_permission_matrix_splits_groups(frames: Frames) -> None:
    table = compare.matrix(frames, "app", "permission")
    assert "android.permission.READ_EXTERNAL_STORAGE" in table.columns


@pytest.mark.parametrize(
    ("rows", "columns", "values", "cause"),
    [
        ("app", "app", "presence", "both 'app'"),
        ("app", "colour", "presence", "unknown dimension 'colour'"),
        ("app", "concept", "sum", "unknown values 'sum'"),
    ],
)
def test_matrix_refuses(frames: Frames, rows: str, columns: str, values: str, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        compare.matrix(frames, rows, columns, values=values)  # type: ignore[arg-type]


def test_top_recipients(frames: Frames) -> None:
    table = compare.top(frames, n=2)
    assert list(table["recipient"]) == ["深圳市和讯华谷信息技术有限公司", "某某科技SDK"]
    assert list(table["apps"]) == [3, 1]
    assert table["sensitive"].iloc[1] == 1


def test_overlap_is_the_jaccard_index(frames: Frames) -> None:
    table = compare.overlap(frames)
    assert table.loc["甲应用", "丙应用"] == pytest.approx(1 / 2)
    assert table.loc["甲应用", "乙应用"] == pytest.approx(1 / 3)
    assert (table.to_numpy() == table.to_numpy().T).all()
    assert set(table.to_numpy().diagonal()) == {1.0}


def test_data_that_one_app_shares(frames: Frames) -> None:
    table = compare.unique_data(frames)
    assert list(table[table["label"] == "乙应用"]["concept"]) == ["bank_card", "mac_address"]
    assert "imei" not in set(table["concept"])


def test_sensitive_data_by_recipient(frames: Frames) -> None:
    table = compare.sensitive_data(frames)
    assert ("某某科技SDK", "bank_card") in set(zip(table["recipient"], table["concept"], strict=True))
    assert "imei" not in set(table["concept"])


def test_what_apps_say_of_one_sdk(frames: Frames) -> None:
    claims = compare.sdk_claims(frames).set_index("concept")
    assert set(claims["sdk"]) == {"极光推送"}
    assert claims.loc["imei", "agreement"] == 1.0
    assert claims.loc["oaid", "agreement"] == pytest.approx(1 / 3)
    odd = compare.sdk_outliers(frames)
    assert ("乙应用", "mac_address", "adds") in set(zip(odd["label"], odd["concept"], odd["kind"], strict=True))
    assert "imei" not in set(odd["concept"])


def test_an_app_that_omits_what_others_tell() -> None:
    texts = [
        f"{name}应用第三方SDK目录\n极光推送SDK\n使用目的：推送\n收集个人信息：{data}\n"
        for name, data in (("甲", "IMEI、OAID"), ("乙", "IMEI、OAID"), ("丙", "IMEI"))
    ]
    frames = to_frames([parsed(text, f"{number}.txt") for number, text in enumerate(texts)])
    odd = compare.sdk_outliers(frames)
    assert odd[["label", "concept", "kind"]].to_numpy().tolist() == [["丙应用", "oaid", "omits"]]


@pytest.mark.parametrize("count", [0, 1])
def test_questions_of_few_notices_have_sensible_answers(count: int, three: list[Notice]) -> None:
    frames = to_frames(three[:count])
    answers = [
        compare.top(frames),
        compare.data_types(frames),
        compare.unique_data(frames),
        compare.sensitive_data(frames),
        compare.sdk_claims(frames),
        compare.sdk_outliers(frames),
    ]
    assert [bool(len(table)) for table in answers] == [bool(count)] * 4 + [False] * 2
    assert compare.overlap(frames).shape == (count, count)
    assert compare.matrix(frames, "app", "concept").shape[0] == count


# ---------------------------------------------------------------- the command


@pytest.fixture(scope="module")
def records(three: list[Notice], tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("records") / "records.jsonl"
    write_notices(path, three)
    return str(path)


def test_compare_command_gives_an_overview(records: str) -> None:
    result = CliRunner().invoke(program, ["compare", records, "--rows", "2"])
    assert result.exit_code == 0, result.output
    assert "Recipients by number of apps (3, the first 2)\n" in result.output
    assert result.output.endswith("3 apps, 3 notices, 5 disclosures\n")


@pytest.mark.parametrize(
    "what",
    [
        *("recipients", "groups", "sdks", "data", "sensitive", "unique", "claims", "outliers", "overlap"),
        *("app-recipient", "app-data", "recipient-data"),
    ],
)
def test_compare_command_writes_each_table(what: str, records: str) -> None:
    text = CliRunner().invoke(program, ["compare", records, "--what", what])
    assert text.exit_code == 0, text.output
    result = CliRunner().invoke(program, ["compare", records, "--what", what, "--format", "jsonl"])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.output.splitlines()]
    assert rows
    assert f"({len(rows)})" in text.output.splitlines()[0]


def test_compare_command_writes_one_table_at_a_time_for_programs(records: str) -> None:
    result = CliRunner().invoke(program, ["compare", records, "--format", "csv"])
    assert result.exit_code == 2
    assert "csv holds one table: name it with --what" in result.output


def test_compare_command_of_notices_without_disclosures(three: list[Notice], tmp_path: Path) -> None:
    write_notices(tmp_path / "a.jsonl", [replace(three[0], disclosures=())])
    result = CliRunner().invoke(program, ["compare", str(tmp_path / "a.jsonl")])
    assert result.exit_code == 0, result.output
    assert "Recipients by number of apps (0)\n  none\n" in result.output
