"""The corpus is well formed, and the parser keeps to its floors on it."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests import floors
from tests.support import (
    CORPUS,
    FIELDS,
    FIGURES,
    ROOT,
    SHARED_NOTICES,
    compare,
    decoded,
    normal,
    readings,
    squeezed,
)

IDS = CORPUS.ids()
RECORD_KEYS = {"id", "app", "title", "updated", "effective", "prose_annotated", "disclosures"}
LIST_KEYS = {"data_items", "permissions", "platforms"}
DISCLOSURE_KEYS = {"form", "alternatives", *FIELDS, *LIST_KEYS}
ITEM_KEYS = {"text", "concept", "qualifiers"}
PLATFORMS = {"Android", "iOS", "HarmonyOS", "小程序", "Web", "PC"}


# ---------------------------------------------------------------- gold records


def concepts() -> set[str]:
    table = ROOT / "lexicons" / "data_types.tsv"
    assert table.exists(), f"{table} is missing: gold records cannot be checked against its concept ids"
    rows = [line for line in table.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return {row.split("\t")[0] for row in rows[1:]}


def disclosures(notice_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = CORPUS.gold(notice_id)["disclosures"]
    return found


def verbatim_values(disclosure: dict[str, Any]) -> list[str]:
    values = [disclosure[name] for name in FIELDS if disclosure.get(name)]
    values += disclosure.get("permissions", [])
    for item in disclosure.get("data_items", []):
        values += [item["text"], *item.get("qualifiers", [])]
    for others in disclosure.get("alternatives", {}).values():
        values += others
    return values


def test_corpus_is_large_enough_and_varied() -> None:
    assert len(IDS) >= 40
    assert {CORPUS.notice(notice_id).suffix for notice_id in IDS} >= {".txt", ".html", ".md"}


def test_every_notice_has_gold_and_every_gold_a_notice() -> None:
    folders = sorted(path.name for path in (ROOT / "corpus" / "notices").iterdir() if path.is_dir())
    assert folders == IDS


def test_corpus_uses_every_field_and_form() -> None:
    everything = [disclosure for notice_id in IDS for disclosure in disclosures(notice_id)]
    used = {key for disclosure in everything for key in disclosure}
    assert DISCLOSURE_KEYS - used == set()
    assert {disclosure["form"] for disclosure in everything} == {"list", "table", "prose"}
    assert any(not disclosures(notice_id) for notice_id in IDS), "one notice must have no recipient at all"


def test_one_notice_is_not_unicode() -> None:
    raw = [CORPUS.notice(notice_id).read_bytes() for notice_id in IDS]

    def is_utf8(data: bytes) -> bool:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True

    assert [is_utf8(data) for data in raw].count(False) == 1


@pytest.mark.parametrize("notice_id", IDS)
def test_gold_record_has_only_known_keys(notice_id: str) -> None:
    record = CORPUS.gold(notice_id)
    assert set(record) <= RECORD_KEYS
    assert record["id"] == notice_id
    for disclosure in record["disclosures"]:
        assert set(disclosure) <= DISCLOSURE_KEYS
        assert disclosure["form"] in {"list", "table", "prose"}
        assert set(disclosure.get("platforms", [])) <= PLATFORMS
        assert set(disclosure.get("alternatives", {})) <= set(FIELDS)
        assert any(disclosure.get(name) for name in ("provider", "recipient_category", "sdk"))
        assert all(set(item) <= ITEM_KEYS for item in disclosure.get("data_items", []))


@pytest.mark.parametrize("notice_id", IDS)
def test_gold_concepts_are_known(notice_id: str) -> None:
    used = {item["concept"] for disclosure in disclosures(notice_id) for item in disclosure.get("data_items", [])}
    assert used - concepts() == set()


@pytest.mark.parametrize("notice_id", IDS)
def test_gold_values_stand_in_the_notice(notice_id: str) -> None:
    record = CORPUS.gold(notice_id)
    texts = readings(decoded(CORPUS.notice(notice_id)))
    values = [record[key] for key in ("app", "title", "updated", "effective") if record.get(key)]
    for disclosure in record["disclosures"]:
        values += verbatim_values(disclosure)
    assert [value for value in values if not any(squeezed(value) in text for text in texts)] == []


def test_corpus_speaks_of_invented_apps_only() -> None:
    titles = [CORPUS.gold(notice_id)["app"] for notice_id in IDS]
    assert all(titles)
    assert len(set(titles)) == len(titles)


# ---------------------------------------------------------------- the comparison itself


@pytest.mark.parametrize("notice_id", IDS)
def test_gold_compared_with_itself_is_perfect(notice_id: str) -> None:
    record = CORPUS.gold(notice_id)
    result = compare(record, record)
    assert {figure: result.f1(figure) for figure in FIGURES} == dict.fromkeys(FIGURES, 1.0)
    assert result.differences == []


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("；仅安卓）。", "仅安卓"),
        ("（含OAID）等", "(含oaid)等"),
        ("支付宝（中国）网络技术有限公司", "支付宝(中国)网络技术有限公司"),
        ("**极光 SDK**：", "极光sdk"),
        ("https://a.example/p/", "a.example/p"),
        ("IMEI）", "imei"),
        (None, ""),
    ],
)
def test_normal_form(written: str | None, compared: str) -> None:
    assert normal(written) == compared


def one_of_each() -> dict[str, Any]:
    return {
        "disclosures": [
            {
                "form": "list",
                "provider": "甲公司",
                "sdk": "甲 SDK",
                "purpose": "推送",
                "data_items": [{"text": "IMEI", "concept": "imei", "qualifiers": ["可选"]}],
                "permissions": ["存储权限"],
                "alternatives": {"purpose": ["提醒"]},
            },
            {"form": "prose", "recipient_category": "商家", "data_items": [{"text": "订单号", "concept": "order_id"}]},
        ]
    }


def test_missing_disclosure_lowers_its_figures() -> None:
    gold, parse = one_of_each(), one_of_each()
    del parse["disclosures"][1]
    result = compare(gold, parse)
    assert result.f1("disclosure") == pytest.approx(2 / 3)
    assert result.f1("disclosure.prose") == 0.0
    assert result.f1("disclosure.list") == 1.0
    assert result.f1("item") == pytest.approx(2 / 3)


def test_extra_disclosure_lowers_its_figures() -> None:
    gold, parse = one_of_each(), one_of_each()
    parse["disclosures"].append({"form": "list", "sdk": "乙"})
    assert compare(gold, parse).f1("disclosure") == pytest.approx(4 / 5)


def test_other_reading_counts_as_right() -> None:
    gold, parse = one_of_each(), one_of_each()
    parse["disclosures"][0]["purpose"] = {"text": "提醒", "span": [0, 2]}
    assert compare(gold, parse).f1("field") == 1.0
    parse["disclosures"][0]["purpose"] = {"text": "广告", "span": [0, 2]}
    assert compare(gold, parse).f1("field.purpose") == 0.0


def test_value_in_the_wrong_field_is_wrong() -> None:
    gold, parse = one_of_each(), one_of_each()
    first = parse["disclosures"][0]
    first["scenario"] = first.pop("purpose")
    assert compare(gold, parse).f1("field") < 1.0


def test_prose_is_left_out_where_gold_has_none() -> None:
    gold, parse = one_of_each(), one_of_each()
    gold["prose_annotated"] = False
    del gold["disclosures"][1]
    assert compare(gold, parse).differences == []


def test_parse_form_and_gold_form_compare_equal() -> None:
    gold, parse = one_of_each(), one_of_each()
    first = parse["disclosures"][0]
    first["sdk"] = {"text": "甲 SDK", "span": [0, 5], "id": None}
    first["permissions"] = [{"text": "存储权限", "span": [0, 4], "permission": None}]
    first["data_items"][0]["qualifiers"] = [{"text": "可选", "span": [0, 2], "kind": None, "value": None}]
    assert compare(gold, parse).differences == []


# ---------------------------------------------------------------- floors


def test_floors_rise_and_do_not_sink(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    assert floors.write(path, {"a": {"item": 0.5}}) == []
    assert floors.write(path, {"a": {"item": 0.7}, "b": {"item": 0.1}}) == []
    kept = deepcopy(floors.stored(path))
    assert floors.write(path, {"a": {"item": 0.6}, "b": {"item": 0.1}}) == ["a item: 0.6 is below the floor 0.7"]
    assert floors.write(path, {"a": {"item": 0.7}}) == ["b item: gone is below the floor 0.1"]
    assert floors.stored(path) == kept
    assert floors.write(path, {"a": {"item": 0.6}}, allow_lower=True) == []
    assert floors.stored(path) == {"a": {"item": 0.6}}


def test_floors_are_cut_not_rounded() -> None:
    gold, parse = one_of_each(), one_of_each()
    del parse["disclosures"][1]
    assert floors.figures(compare(gold, parse), ["disclosure"]) == {"disclosure": 0.6666}


@pytest.mark.parametrize("notice_id", IDS)
def test_notice_keeps_its_floors(notice_id: str) -> None:
    rows = floors.stored(floors.CORPUS_FLOORS)
    row = rows.get(notice_id)
    if row is None:
        pytest.fail(f"corpus/floors.json has no floors for {notice_id}: run `python -m tests.floors --write`")
    result = floors.measured(CORPUS, notice_id)
    today = {notice_id: floors.figures(result, FIGURES)}
    sinking = floors.below({notice_id: row}, today) + floors.without_floor({notice_id: row}, today)
    if sinking:
        pytest.fail("\n".join([*sinking, *result.differences[:12]]))


def known_misses() -> dict[str, str]:
    """What is known to be missed, by notice; see ``corpus/README.md``."""
    lines = (ROOT / "corpus" / "known_misses.tsv").read_text("utf-8").splitlines()
    assert lines[0] == "notice\tmissed"
    rows = [line.split("\t") for line in lines[1:]]
    assert rows == sorted(rows)
    return dict(rows)


def or_missed(notice_id: str) -> Any:
    missed = known_misses().get(notice_id)
    return pytest.param(notice_id, marks=pytest.mark.xfail(strict=True, reason=missed)) if missed else notice_id


@pytest.mark.parametrize("notice_id", [or_missed(notice_id) for notice_id in IDS])
def test_notice_is_read_without_a_difference(notice_id: str) -> None:
    """A notice that comes right by accident fails as well: its row goes, and from then on it has to stay right."""
    assert floors.measured(CORPUS, notice_id).differences == []


def test_known_misses_have_no_notice_that_is_gone() -> None:
    assert set(known_misses()) <= set(IDS)


def test_floors_have_no_notice_that_is_gone() -> None:
    rows = floors.stored(floors.CORPUS_FLOORS)
    assert rows, "corpus/floors.json is missing: run `python -m tests.floors --write`"
    assert sorted(set(rows) - set(IDS)) == []


@pytest.mark.skipif(
    not SHARED_NOTICES.ids(), reason=f"no notices beside the checkout ({SHARED_NOTICES.root.name}/gold is absent)"
)
def test_shared_notices_keep_their_floors() -> None:
    rows = {floors.TOTAL: floors.stored(floors.SHARED_FLOORS).get(floors.TOTAL, {})}
    assert rows[floors.TOTAL], "tests/shared_floors.json has no totals: run `python -m tests.floors --write`"
    today = floors.shared_figures()
    sinking = floors.below(rows, today) + floors.without_floor(rows, today)
    assert sinking == []


# ---------------------------------------------------------------- the corpus keeps to itself


def test_no_sentence_is_shared_with_the_notices_beside() -> None:
    """The corpus is written for the project; no sentence of somebody else's notice may slip into it."""
    ids = SHARED_NOTICES.ids()
    if not ids:
        pytest.skip("no notices beside the checkout to compare with")
    theirs = {sentence for name in ids for sentence in sentences(SHARED_NOTICES.notice(name))}
    ours = {sentence for name in IDS for sentence in sentences(CORPUS.notice(name))}
    assert ours & theirs == set()


def sentences(path: Path) -> set[str]:
    """Runs of prose of 16 Chinese characters or more; shorter ones are names and labels, which are facts."""
    if path.suffix not in {".txt", ".md", ".html"}:
        return set()
    text = re.sub(r"<[^>]*>", "", decoded(path))
    runs = re.findall(r"[\u4e00-\u9fff，、“”]{16,}", text)
    # lists of data types and names of companies are facts of the trade, not somebody's sentence
    return {run for run in runs if "，" in run and "、" not in run}
