"""Records to JSON and back: equal, whole, and refused with file, line and cause where they are not records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from noticeparse import NoticeparseError, RecordError, json_schema, read_notices
from noticeparse.jsonl import encode_line, encode_object, write_notices
from noticeparse.records import (
    SCHEMA_VERSION,
    DataItem,
    Diagnostic,
    Disclosure,
    Entity,
    Form,
    Link,
    Maker,
    MakerMatch,
    Match,
    NameMatch,
    Notice,
    NoticeInfo,
    Permission,
    Platform,
    Qualifier,
    TermMatch,
    Unparsed,
    Value,
)

texts = st.text(st.characters(codec="utf-8"), max_size=12)  # quotes, line separators, NUL, astral characters and all
maybe_text = st.none() | texts
scores = st.floats(0, 1)
numbers = st.integers(0, 10**7)
spans = st.tuples(numbers, numbers).map(lambda pair: (min(pair), max(pair)))
values = st.none() | st.builds(Value, texts, spans)
links = st.none() | st.builds(Link, texts, spans, maybe_text)


def tuples(of: st.SearchStrategy[Any], size: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=size).map(tuple)


matches = st.builds(Match, st.sampled_from(get_args(NameMatch)), scores, maybe_text, tuples(texts))
entities = st.none() | st.builds(Entity, texts, spans, maybe_text, st.none() | matches)
makers = st.none() | st.builds(Maker, texts, st.sampled_from(get_args(MakerMatch)), scores, maybe_text)
qualifiers = st.builds(Qualifier, texts, spans, maybe_text, maybe_text)
items = st.builds(
    DataItem,
    texts,
    spans,
    maybe_text,
    st.none() | st.booleans(),
    st.none() | st.integers(0, 99),
    tuples(qualifiers),
    st.none() | st.sampled_from(get_args(TermMatch)),
)
plain = ("recipient_category", "method", "purpose", "scenario", "category", "processing", "retention", "frequency")
disclosures = st.builds(
    Disclosure,
    index=st.integers(0, 999),
    form=st.sampled_from(get_args(Form)),
    span=spans,
    provider=entities,
    sdk=entities,
    **dict.fromkeys((*plain, "package_name", "contact"), values),
    platforms=tuples(st.sampled_from(get_args(Platform))),
    data_items=tuples(items),
    permissions=tuples(st.builds(Permission, texts, spans, maybe_text)),
    privacy_policy=links,
    website=links,
    maker=makers,
)
notices = st.builds(
    Notice,
    schema_version=st.just(SCHEMA_VERSION),
    parser_version=texts,
    lexicon_version=texts,
    notice=st.builds(
        NoticeInfo, texts, texts, texts, maybe_text, values, values, maybe_text, maybe_text, st.integers(0, 10**7)
    ),
    disclosures=tuples(disclosures),
    unparsed=tuples(st.builds(Unparsed, texts, spans, texts)),
    coverage=st.floats(0, 1),
    diagnostics=tuples(st.builds(Diagnostic, texts, texts, st.none() | spans)),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("records") / "records.json"


@given(st.lists(notices, min_size=1, max_size=3))
def test_lines_round_trip(path: Path, records: list[Notice]) -> None:
    write_notices(path, records)
    assert path.read_bytes().count(b"\n") == len(records)
    assert read_notices(path) == records


@given(notices)
def test_one_object_round_trips(path: Path, record: Notice) -> None:
    path.write_bytes(encode_object(record))
    assert read_notices(path) == [record]
    assert json.loads(encode_object(record)) == json.loads(encode_line(record)) == json.loads(record.to_json())


@given(st.lists(notices, max_size=3), st.sampled_from([None, 1]))
@settings(max_examples=50)
def test_an_array_round_trips(path: Path, records: list[Notice], indent: int | None) -> None:
    path.write_text(json.dumps([record.to_dict() for record in records], indent=indent), encoding="utf-8")
    assert read_notices(path) == records


@given(notices)
@settings(max_examples=50)
def test_every_record_is_valid(record: Notice) -> None:
    VALIDATOR.validate(json.loads(record.to_json()))


VALIDATOR = Draft202012Validator(json_schema())


def test_schema_names_the_contract() -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    fields = schema["$defs"]["Disclosure"]["properties"]
    assert set(fields) == {
        *("index", "form", "span", "provider", "sdk", "package_name", "contact", "platforms", "data_items"),
        *("permissions", "privacy_policy", "website", "maker", *plain),
    }


@pytest.mark.parametrize(
    "change",
    [
        {"schema_version": 1},
        {"coverage": "1"},
        {"disclosures": None},
        {"disclosures": [{"index": 0}]},
        {"unparsed": [{"text": "x", "span": [0], "reason": "y"}]},
    ],
)
def test_schema_refuses(change: dict[str, object]) -> None:
    assert not VALIDATOR.is_valid({**EXAMPLE.to_dict(), **change})


EXAMPLE = Notice(
    schema_version=SCHEMA_VERSION,
    parser_version="0.1.0",
    lexicon_version="0123456789ab",
    notice=NoticeInfo("a.txt", "0" * 64, "text/plain", "utf-8", None, Value("目录", (0, 2)), None, None, 2),
    disclosures=(Disclosure(0, "list", (0, 2), sdk=Entity("示例SDK", (0, 2))),),
    unparsed=(),
    coverage=1.0,
    diagnostics=(),
)
LINE = encode_line(EXAMPLE)


def test_blank_lines_and_a_byte_order_mark_do_not_count(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf\n" + LINE + b"\r\n  \n" + LINE)
    assert read_notices(path) == [EXAMPLE, EXAMPLE]
    assert read_notices(str(path)) == [EXAMPLE, EXAMPLE]


@pytest.mark.parametrize(
    ("data", "line", "cause"),
    [
        (b"", None, "empty"),
        (b" \n", None, "empty"),
        (b"not json", 1, "malformed"),
        (LINE + b"\n" + LINE[:-10], 3, "truncated"),
        (LINE + b"{]\n", 2, "malformed"),
        (
            LINE + LINE.replace(b'"index":0', b'"index":"0"'),
            2,
            "Expected `int`, got `str` - at `$.disclosures[0].index`",
        ),
        (LINE.replace(b'"coverage":1.0,', b""), 1, "missing required field `coverage`"),
        (LINE.replace(b'"form":"list"', b'"form":"poem"'), 1, "poem"),
        (LINE + LINE.replace(b'"schema_version":"2"', b'"schema_version":"7"'), 2, "schema version '7'"),
        (LINE.replace(b'"schema_version":"2",', b""), 1, "schema_version"),
        (b'{"id": "a gold record"}', 1, "schema_version"),
        (b"[1, 2]", 1, "Expected `object`"),
        (b"[\n" + LINE + b",\n" + LINE.replace(b'"index":0', b'"index":null') + b"]", 4, "index"),
        (b"[\n" + LINE + b",\n", 1, "truncated"),
        (b"[\n" + LINE + b"\n;]", 4, "malformed"),
        (encode_object(EXAMPLE).replace(b'"span": [', b'"span" [', 1), 13, "malformed"),
        (LINE + "{公}".encode("gbk"), 2, "not UTF-8"),
    ],
)
def test_what_is_no_record_is_refused(path: Path, data: bytes, line: int | None, cause: str) -> None:
    path.write_bytes(data)
    with pytest.raises(RecordError) as caught:
        read_notices(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: " if line is None else f"{path}:{line}: ")
    assert cause in message
    assert "\n" not in message


def test_what_says_nothing_is_left_out_and_every_other_field_is_there() -> None:
    written = json.loads(EXAMPLE.to_json())["disclosures"][0]
    assert "maker" not in written
    assert written["provider"] is None
    assert written["data_items"] == []
    assert written["sdk"] == {"text": "示例SDK", "span": [0, 2], "id": None}
    item = json.loads(msgspec.json.encode(DataItem("甲", (0, 1))))
    assert item == {"text": "甲", "span": [0, 1], "concept": None, "sensitive": None, "parent": None, "qualifiers": []}


def test_records_of_version_1_are_read(path: Path) -> None:
    line = (
        b'{"schema_version":"1","parser_version":"0.1.0","lexicon_version":"0","notice":{"source":"a","sha256":"0",'
        b'"media_type":"text/plain","encoding":null,"app":null,"title":null,"updated":null,"effective":null,"chars":2},'
        b'"disclosures":[{"index":0,"form":"list","span":[0,2],"provider":{"text":"x","span":[0,1],"id":"tencent"},'
        b'"recipient_category":null,"sdk":null,"method":null,"purpose":null,"scenario":null,"category":null,'
        b'"processing":null,"retention":null,"frequency":null,"package_name":null,"contact":null,"platforms":[],'
        b'"data_items":[{"text":"y","span":[1,2],"concept":"imei","sensitive":false,"parent":null,"qualifiers":[]}],'
        b'"permissions":[],"privacy_policy":null,"website":null}],"unparsed":[],"coverage":1.0,"diagnostics":[]}\n'
    )
    path.write_bytes(line)
    record = read_notices(path)[0]
    first = record.disclosures[0]
    assert (record.schema_version, first.maker, first.data_items[0].how) == ("1", None, None)
    assert first.provider == Entity("x", (0, 1), "tencent")
    assert encode_line(record) == line


def test_errors_are_also_builtins(path: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="No such file"):
        read_notices(tmp_path / "missing")
    with pytest.raises(NoticeparseError, match="Is a directory"):
        read_notices(tmp_path)


def test_a_failing_write_leaves_the_older_file(tmp_path: Path) -> None:
    out = tmp_path / "records.jsonl"
    write_notices(out, [EXAMPLE])

    def broken() -> Any:
        yield EXAMPLE
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        write_notices(out, broken())
    assert out.read_bytes() == LINE
    assert [file.name for file in tmp_path.iterdir()] == ["records.jsonl"]
    with pytest.raises(NoticeparseError, match="cannot be written"):
        write_notices(tmp_path / "missing" / "records.jsonl", [EXAMPLE])


def test_records_are_frozen() -> None:
    with pytest.raises(AttributeError):
        EXAMPLE.coverage = 0.5  # type: ignore[misc]
    assert msgspec.structs.replace(EXAMPLE, coverage=0.5) != EXAMPLE
    assert hash(EXAMPLE) == hash(msgspec.structs.replace(EXAMPLE))
