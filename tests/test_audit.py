"""What the audit asks, what it finds, and how it scores."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

import noticeparse
from noticeparse.cli import program
from noticeparse.jsonl import write_notices
from noticeparse.lexicon.load import load_lexicon
from noticeparse.records import Diagnostic, Notice
from noticeparse.tables.audit import DISCLAIMER, RulesError, audit, find_misses, read_rules

WHOLE = """甲应用第三方SDK目录
高德定位SDK
第三方名称：高德软件有限公司
使用目的：定位
共享方式：SDK本机采集
收集个人信息：精确位置信息、IP地址
隐私政策：https://lbs.amap.com/pages/privacy/
"""


def changed(old: str, new: str) -> Notice:
    text = WHOLE.replace(old, new)
    assert text != WHOLE
    return noticeparse.parse(text)


def found(notice: Notice) -> list[tuple[str, str | None]]:
    return [(one.rule.id, one.miss.text) for one in find_misses(notice, read_rules(), load_lexicon())]


def test_a_disclosure_that_tells_everything_has_no_finding() -> None:
    notice = noticeparse.parse(WHOLE)
    assert found(notice) == []
    assert audit([notice]).scores["score"].tolist() == [100.0]


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("第三方名称：高德软件有限公司\n", "", ("recipient-name", None)),
        ("使用目的：定位\n", "", ("purpose", None)),
        ("使用目的：定位\n", "", ("sensitive-purpose", "精确位置信息")),
        ("收集个人信息：精确位置信息、IP地址\n", "", ("kinds", None)),
        ("隐私政策：https://lbs.amap.com/pages/privacy/\n", "", ("policy", None)),
        ("隐私政策：https://lbs.amap.com/pages/privacy/\n", "", ("recipient-contact", None)),
        ("https://lbs.amap.com", "http://lbs.amap.com", ("link-not-https", "http://lbs.amap.com/pages/privacy/")),
        ("lbs.amap.com", "xxxx.com", ("link-dead-looking", "https://xxxx.com/pages/privacy/")),
        ("lbs.amap.com/pages", "localhost/pages", ("link-dead-looking", "https://localhost/pages/privacy/")),
        ("lbs.amap.com/pages", "privacy.qq.com/pages", ("link-foreign", "https://privacy.qq.com/pages/privacy/")),
        ("精确位置信息、IP地址", "设备相关信息", ("vague-item", "设备相关信息")),
        ("收集个人信息：精确位置信息、IP地址", "申请权限：存储权限", ("permission-without-data", "存储权限")),
        ("IP地址", "IP地址等信息", ("open-list", None)),
    ],
)
def test_each_rule_finds_its_miss(old: str, new: str, finding: tuple[str, str | None]) -> None:
    assert finding in found(changed(old, new))


def test_way_of_sharing_counts_as_told_by_an_sdk() -> None:
    notice = changed("共享方式：SDK本机采集\n", "")
    assert found(notice) == []
    without = replace(notice, disclosures=(replace(notice.disclosures[0], sdk=None),))
    assert found(without) == [("way", None)]


@pytest.mark.parametrize(
    "link", ["https://www.amap.com/p", "https://terms.alicdn.com/p", "https://unknown-domain.cn/p"]
)
def test_a_link_of_the_same_group_or_of_an_unknown_owner_is_no_finding(link: str) -> None:
    assert "link-foreign" not in dict(found(changed("https://lbs.amap.com/pages/privacy/", link)))


def test_a_link_to_where_anybody_keeps_documents_is_no_finding() -> None:
    notice = changed("https://lbs.amap.com/pages/privacy/", "https://github.com/some/thing")
    assert "link-foreign" not in dict(found(notice))


def test_an_open_list_is_found_in_its_disclosure() -> None:
    notice = noticeparse.parse(WHOLE)
    start = notice.disclosures[0].span[0]
    inside = Diagnostic("open-list", "等 leaves the list open", (start + 5, start + 6))
    outside = Diagnostic("open-list", "等 leaves the list open", (0, 1))
    told = replace(notice, diagnostics=(inside, outside))
    assert found(told) == [("open-list", None)]


def test_finding_names_clause_and_place() -> None:
    text = WHOLE.replace("https://lbs.amap.com", "http://lbs.amap.com")
    row = audit([noticeparse.parse(text)]).findings.iloc[0]
    assert (row["label"], row["recipient"], row["rule"], row["clause"]) == (
        "甲应用",
        "高德软件有限公司",
        "link-not-https",
        "project",
    )
    assert text[row["start"] : row["end"]] == "http://lbs.amap.com/pages/privacy/"


def test_score_is_the_share_of_weight_that_is_met() -> None:
    rules = read_rules()
    total = sum(rule.weight for rule in rules)
    missed = sum(rule.weight for rule in rules if rule.id in ("purpose", "sensitive-purpose"))
    result = audit([changed("使用目的：定位\n", "")])
    assert result.scores["score"].tolist() == [round(100 * (1 - missed / total), 1)]
    assert result.scores["findings"].tolist() == [2]


def test_a_rule_costs_once_for_a_disclosure() -> None:
    one = changed("使用目的：定位\n", "")
    two = noticeparse.parse(WHOLE.replace("使用目的：定位\n", "").replace("IP地址", "银行卡号"))
    assert audit([two]).scores["score"].tolist() == audit([one]).scores["score"].tolist()
    assert len(audit([two]).findings) == len(audit([one]).findings) + 1


def test_notices_of_one_app_are_scored_together_and_none_has_no_score() -> None:
    whole = noticeparse.parse(WHOLE)
    again = replace(whole, notice=replace(whole.notice, source="b.txt"))
    none = replace(whole, disclosures=(), notice=replace(whole.notice, source="c.txt", app=None, title=None))
    scores = audit([whole, again, none]).scores
    assert scores["label"].tolist() == ["甲应用", "c.txt"]
    assert scores["notices"].tolist() == [2, 1]
    assert scores["score"].isna().tolist() == [False, True]


def test_no_notices_give_empty_tables() -> None:
    result = audit([])
    assert len(result.findings) == len(result.scores) == 0
    assert "clause" in result.findings


def test_findings_come_in_chinese() -> None:
    result = audit([changed("使用目的：定位\n", "")], language="zh")
    assert "未写明目的或场景" in result.findings["finding"].tolist()
    with pytest.raises(ValueError, match="unknown language 'fr'"):
        audit([], language="fr")


# ---------------------------------------------------------------- rules


def test_every_shipped_rule_is_met_by_a_test_and_has_a_source() -> None:
    rules = read_rules()
    known = ("PIPL", "MIIT", "GB/T 35273-2020", "project")
    assert [rule.id for rule in rules] == sorted(rule.id for rule in rules)
    assert all(part.startswith(known) for rule in rules for part in rule.clause.split("; "))


HEADER = "id\ttest\targument\tweight\tclause\ten\tzh\n"


@pytest.mark.parametrize(
    ("table", "cause"),
    [
        ("id\ttest\n", ":1: the header must be the columns id, test"),
        (HEADER, ":1: has no rules"),
        (HEADER + "a\tstated\tpurpose\t1\tPIPL 23\tno purpose\n", ":2: has 6 columns instead of 7"),
        (HEADER + "a\tguess\t\t1\tPIPL 23\tx\ty\n", ":2: unknown test 'guess'"),
        (HEADER + "a\tstated\tcolour\t1\tPIPL 23\tx\ty\n", ":2: 'colour' names no field"),
        (HEADER + "a\tstated\tpurpose\t0\tPIPL 23\tx\ty\n", ":2: the weight '0' is no whole number from 1"),
        (HEADER + "a\tstated\tpurpose\t1\t\tx\ty\n", ":2: id, clause, en and zh must not be empty"),
        (HEADER + "a\tlink_scheme\t\t1\tp\tx\ty\n", ":2: link_scheme takes one scheme"),
        (HEADER + 2 * "a\tstated\tpurpose\t1\tp\tx\ty\n", ":3: the rule 'a' stands twice"),
    ],
)
def test_bad_rules_give_one_line(table: str, cause: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.tsv"
    path.write_text(table, "utf-8")
    with pytest.raises(RulesError) as caught:
        read_rules(path)
    assert str(caught.value).startswith(f"{path}{cause}")


def test_missing_rules_give_one_line(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"none\.tsv: No such file"):
        read_rules(tmp_path / "none.tsv")


def test_own_rules_replace_the_shipped_ones(tmp_path: Path) -> None:
    path = tmp_path / "rules.tsv"
    path.write_text(HEADER + "retention\tstated\tretention\t1\tmy policy\tno retention\t未写明期限\n", "utf-8")
    result = audit([noticeparse.parse(WHOLE)], rules=path)
    assert result.findings["rule"].tolist() == ["retention"]
    assert result.scores["score"].tolist() == [0.0]


# ---------------------------------------------------------------- the command


def test_command_tells_scores_findings_and_that_it_is_no_advice(tmp_path: Path) -> None:
    records = tmp_path / "a.jsonl"
    write_notices(records, [changed("使用目的：定位\n", "")])
    result = CliRunner().invoke(program, ["audit", str(records)])
    assert result.exit_code == 0, result.output
    assert "Scores by app, the lowest first (1)" in result.output
    assert result.output.endswith(f"{DISCLAIMER}\n")
    lines = CliRunner().invoke(program, ["audit", str(records), "--format", "jsonl"]).output.splitlines()
    assert {json.loads(line)["rule"] for line in lines} == {"purpose", "sensitive-purpose"}


def test_command_tells_bad_rules(tmp_path: Path) -> None:
    records = tmp_path / "a.jsonl"
    write_notices(records, [noticeparse.parse(WHOLE)])
    (tmp_path / "rules.tsv").write_text("no\n")
    result = CliRunner().invoke(program, ["audit", str(records), "--rules", str(tmp_path / "rules.tsv")])
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
