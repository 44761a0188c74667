"""What words are taken for: every row by its own words, the examples, lookups, and suggestions from records."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from noticeparse.cli import program
from noticeparse.jsonl import write_notices
from noticeparse.lexicon.check import check_lexicon
from noticeparse.lexicon.load import COLUMNS, load_lexicon, read_table, shipped_directory
from noticeparse.lookup import TABLES, check_found, look_up
from noticeparse.parsing import parse
from noticeparse.suggest import suggest

LEXICON = load_lexicon()


def write(folder: Path, name: str, *rows: str) -> Path:
    path = folder / f"{name}.tsv"
    width = len(COLUMNS[name])
    cells = [row.split(",") for row in rows]
    lines = ["\t".join(COLUMNS[name]), *("\t".join(row + [""] * (width - len(row))) for row in cells)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# --- the data test: each row by its own words, each example by what it must be found as


def test_every_word_of_the_tables_and_every_example_is_found_as_its_row_says() -> None:
    assert [str(problem) for problem in check_found()] == []


def test_every_table_that_words_are_looked_up_in_has_examples() -> None:
    rows = read_table(shipped_directory() / "examples.tsv", "examples").rows
    assert {row[0] for row in rows} == set(TABLES)
    assert all(sum(row[0] == table for row in rows) >= 5 for table in TABLES)


def test_examples_are_no_rows() -> None:
    """An example that is a row of its own would test nothing."""
    for table, text, *_ in read_table(shipped_directory() / "examples.tsv", "examples").rows:
        exact = [f.how for f in TABLES[table](text, LEXICON) if f.how == "exact"]
        assert not exact or table == "permissions", text


@pytest.mark.parametrize(
    ("table", "row", "line", "cause"),
    [
        ("examples", "data_terms,甲乙丙丁,imei", 2, "'甲乙丙丁' is found in data_terms as nothing, not as imei"),
        ("examples", "sdks,极光推送服务,getui-push", 2, "'极光推送服务' is found in sdks as jpush, not as getui-push"),
        ("companies", "foo,某某有限公司,,,,,,腾讯", 2, ""),  # the user's own row wins
        ("permissions", "a.permission.FOO,android,某某权限,normal,,no", 2, ""),
    ],
)
def test_an_overlay_is_looked_up_too(tmp_path: Path, table: str, row: str, line: int, cause: str) -> None:
    path = write(tmp_path, table, row)
    found = check_found(tmp_path)
    assert [(p.file, p.line, p.cause) for p in found] == ([(str(path), line, cause)] if cause else [])


def test_an_example_of_an_unknown_table_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "examples", "poems,甲,imei")
    assert ["is not one of" in problem.cause for problem in check_lexicon(tmp_path)] == [True]


# --- lookups


@pytest.mark.parametrize(
    ("word", "table", "found", "how"),
    [
        ("手机IMEI号信息", "data_terms", "imei", "composed"),
        ("ＩＭＥＩ", "data_terms", "imei", "exact"),
        ("使用目的", "labels", "purpose", "exact"),
        ("共享数类型", "labels", "data_items", "typo"),
        ("仅安卓Q之前版本", "qualifiers", "os_version=android<10", "composed"),
        ("騰訊", "companies", "tencent", "alias"),
        ("极光推送 SDK v2.1", "sdks", "jpush", "variant"),
        ("Q", "os_versions", "10", "exact"),
        ("某某智能科技有限公司", "names", "provider", "form"),
    ],
)
def test_look_up(word: str, table: str, found: str, how: str) -> None:
    findings = [(f.table, f.id, f.how) for f in look_up(word, LEXICON)]
    assert (table, found, how) in findings


def test_a_permission_is_looked_up_for_each_system() -> None:
    found = {f.detail: f.id for f in look_up("相机权限", LEXICON) if f.table == "permissions"}
    assert found == {
        "android": "android.permission.CAMERA",
        "harmonyos": "ohos.permission.CAMERA",
        "ios": "NSCameraUsageDescription",
    }


def test_a_composed_item_names_the_term_it_rests_on() -> None:
    [found] = [f for f in look_up("用户的手机型号信息", LEXICON) if f.table == "data_terms"]
    assert found.id == "device_model"
    assert "by the term " in found.detail


# --- suggestions

NOTICE = """示例云阁SDK
第三方名称：示例云阁科技有限公司
使用目的：消息推送
收集信息类型：IMEI、棉花糖编码
隐私政策链接：https://privacy.yunge-example.com.cn/policy

示例云阁SDK
第三方名称：深圳市腾讯计算机系统有限公司
使用目的：消息推送
收集信息类型：IMEI、棉花糖编码、茉莉花序数
隐私政策链接：https://privacy.yunge-example.com.cn/policy
"""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("suggest")
    (folder / "甲.txt").write_text(NOTICE, encoding="utf-8")
    path = folder / "records.jsonl"
    write_notices(path, [parse(folder / "甲.txt")])
    return path


def test_unknown_words_come_by_frequency_with_a_place_and_neighbours(records: Path) -> None:
    source = str(records.parent / "甲.txt")
    found = suggest([parse(records.parent / "甲.txt")], LEXICON)
    assert [(s.table, s.word, s.count) for s in found] == [
        ("data_terms", "棉花糖编码", 2),
        ("data_terms", "茉莉花序数", 1),
        ("companies", "示例云阁科技有限公司", 1),
        ("sdks", "示例云阁SDK", 2),
    ]
    assert found[0].places == [f"{source}:{NOTICE.index('棉花糖编码')}", f"{source}:{NOTICE.rindex('棉花糖编码')}"]
    assert (found[2].domain, found[3].domain, found[3].company) == (
        "yunge-example.com.cn",
        "yunge-example.com.cn",
        "tencent",
    )
    assert all(name and 0 < score <= 1 for one in found for name, _, score in one.near)


def test_a_suggested_row_is_the_tables_and_needs_only_what_a_person_knows(records: Path, tmp_path: Path) -> None:
    [row] = [s.row() for s in suggest([parse(records.parent / "甲.txt")], LEXICON, table="sdks")]
    assert tuple(row) == COLUMNS["sdks"]
    path = tmp_path / "sdks.tsv"
    header = "\t".join(row)
    path.write_text(f"{header}\n" + "\t".join(row.values()) + "\n", encoding="utf-8")
    assert [problem.cause for problem in check_lexicon(tmp_path)] == [
        "id: '?' is not an id of lower-case letters, digits and hyphens"
    ]
    path.write_text(f"{header}\n" + "\t".join((row | {"id": "yunge"}).values()) + "\n", encoding="utf-8")
    assert check_lexicon(tmp_path) == check_found(tmp_path) == []


# --- on the command line


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, ["lexicon", *map(str, arguments)])


def test_lookup_command() -> None:
    result = run("lookup", "友盟", "示例无名")
    assert result.exit_code == 0
    lines = [line.split("\t")[:4] for line in result.output.splitlines()]
    assert ["友盟", "companies", "umeng", "alias"] in lines
    assert ["友盟", "sdks", "umeng-analytics", "alias"] in lines
    assert lines[-1] == ["示例无名", "-", "unknown"]


def test_suggest_command(records: Path) -> None:
    lines = run("suggest", records, "--limit", "1").output.splitlines()
    assert [line.split("\t")[:3] for line in lines] == [
        ["count", "table", "word"],
        ["2", "data_terms", "棉花糖编码"],
        ["1", "companies", "示例云阁科技有限公司"],
        ["2", "sdks", "示例云阁SDK"],
    ]
    rows = run("suggest", records, "--table", "companies").output.splitlines()
    assert rows[0].split("\t") == list(COLUMNS["companies"])
    assert rows[1].split("\t")[:2] == ["?", "示例云阁科技有限公司"]


def test_suggest_of_records_that_hold_nothing_unknown(tmp_path: Path) -> None:
    write_notices(tmp_path / "r.jsonl", [parse("极光推送SDK\n使用目的：推送\n收集信息类型：IMEI\n")])
    assert run("suggest", tmp_path / "r.jsonl", "--table", "labels").output == "field\tlabel\tsource\n"


@pytest.mark.parametrize("command", ["lookup", "suggest"])
def test_a_bad_lexicon_gives_one_line(command: str, records: Path, tmp_path: Path) -> None:
    write(tmp_path, "data_terms", "imei,甲乙丙码")
    (tmp_path / "labels.tsv").write_text("field\tlabel\n", encoding="utf-8")
    result = run(command, records if command == "suggest" else "甲乙丙码", "--lexicon", tmp_path)
    assert result.exit_code == 1
    assert "labels.tsv:1: the header must be the columns field, label, source" in result.output
    assert result.output.count("\n") == 1
    assert "甲乙丙码" not in load_lexicon().terms  # nothing of it is half-loaded


def test_missing_records_give_one_line(tmp_path: Path) -> None:
    result = run("suggest", tmp_path / "none.jsonl")
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
