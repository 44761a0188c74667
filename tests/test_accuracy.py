"""The list of gained and lost findings tells what a change traded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import accuracy
from tests.support import CORPUS, Comparison, compare

GOLD = {
    "disclosures": [
        {"form": "list", "sdk": "甲 SDK", "purpose": "推送", "data_items": [{"text": "IMEI", "concept": "imei"}]},
        {"form": "list", "sdk": "乙 SDK", "data_items": [{"text": "OAID", "concept": "oaid"}]},
    ]
}


def parse(first: str, second: str) -> Comparison:
    record = json.loads(json.dumps(GOLD))
    record["disclosures"][0]["data_items"][0]["text"] = first
    record["disclosures"][1]["data_items"][0]["text"] = second
    return compare(GOLD, record)


def changed(before: Comparison, now: Comparison) -> tuple[list[str], list[str]]:
    return accuracy.changes(accuracy.findings("x", {"n": before}), accuracy.findings("x", {"n": now}))


def test_equal_totals_may_hide_a_trade() -> None:
    before, now = parse("IMEI", "别的"), parse("别的", "OAID")
    assert before.f1("item") == now.f1("item")
    gained, lost = changed(before, now)
    assert gained == ["right x/n #1 item: oaid", "wrong x/n #1 item: 别的 (gone)"]
    assert lost == ["right x/n #0 item: imei (gone)", "wrong x/n #0 item: 别的"]


def test_no_change_lists_nothing() -> None:
    assert changed(parse("IMEI", "OAID"), parse("IMEI", "OAID")) == ([], [])


def test_a_run_against_itself_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accuracy, "COLLECTIONS", {"corpus": CORPUS})
    kept = tmp_path / "before.json"
    assert accuracy.main(["--save", str(kept)]) == 0
    assert accuracy.main(["--against", str(kept)]) == 0
    assert capsys.readouterr().out.endswith("gained: 0\nlost: 0\n")


def test_lost_finding_is_told_by_the_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accuracy, "COLLECTIONS", {"corpus": CORPUS})
    kept = tmp_path / "before.json"
    accuracy.main(["--save", str(kept)])
    record = json.loads(kept.read_text("utf-8"))
    record["findings"]["corpus/sample-mall"]["right"].append("#0 item: 从前有的")
    kept.write_text(json.dumps(record), "utf-8")
    assert accuracy.main(["--against", str(kept)]) == 1
    assert "  right corpus/sample-mall #0 item: 从前有的 (gone)\n" in capsys.readouterr().out


def test_a_file_of_something_else_gives_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.json"
    other.write_text("[]", "utf-8")
    assert accuracy.main(["--against", str(other)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
