"""The spaCy component in real pipelines, and records as training data that spaCy reads back."""

from __future__ import annotations

import doctest
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import spacy
from click.testing import CliRunner, Result
from spacy.tokens import DocBin

import noticeparse
from noticeparse.cli import program
from noticeparse.errors import LexiconError
from tests.conftest import ROOT, program_environment

TEXT = "云杉会收集您的手机号码、IMEI（仅安卓），用于登录。我们会与云杉速递有限公司、物流服务商共享您的收货地址。"
JIEBA = {"nlp": {"tokenizer": {"@tokenizers": "spacy.zh.ChineseTokenizer", "segmenter": "jieba"}}}


def pipeline(segmenter: str = "char", **config: object) -> spacy.language.Language:
    nlp = spacy.blank("zh", config=JIEBA if segmenter == "jieba" else {})
    nlp.add_pipe("noticeparse", config=config)
    return nlp


def groups(doc: spacy.tokens.Doc) -> dict[str, list[tuple[str, str, str]]]:
    return {name: [(span.text, span.label_, span.kb_id_) for span in group] for name, group in doc.spans.items()}


EXPECTED = {
    "data_items": [
        ("手机号码", "DATA", "phone_number"),
        ("IMEI", "DATA", "imei"),
        ("收货地址", "DATA", "address"),
    ],
    "recipients": [("云杉速递有限公司", "COMPANY", ""), ("物流服务商", "CATEGORY", "")],
    "purposes": [("登录", "PURPOSE", "")],
}


@pytest.mark.parametrize("segmenter", ["char", "jieba"])
def test_component_sets_span_groups(segmenter: str) -> None:
    assert groups(pipeline(segmenter)(TEXT)) == EXPECTED


def test_spans_are_those_of_the_finders() -> None:
    doc = pipeline(generic=True)(TEXT + "我们不会向第三方披露您的个人信息。")
    found = noticeparse.find_data_items(doc.text, generic=True)
    assert [(span.start_char, span.end_char) for span in doc.spans["data_items"]] == [item.span for item in found]
    assert doc.spans["data_items"][-1].text == "个人信息"
    assert (doc.spans["recipients"][-1].text, doc.spans["recipients"][-1].label_) == ("第三方", "RECIPIENT")


def test_a_span_inside_a_token_takes_the_token_in() -> None:
    nlp = spacy.blank("en")  # by blanks: the whole sentence is one token
    nlp.tokenizer = lambda text: spacy.tokens.Doc(
        nlp.vocab, words=text.split(" "), spaces=[False] * len(text.split(" "))
    )
    nlp.add_pipe("noticeparse")
    doc = nlp("我们会收集您的姓名和昵称")
    assert [span.text for span in doc.spans["data_items"]] == ["我们会收集您的姓名和昵称"]


def test_pipe_gives_the_same_in_several_processes() -> None:
    nlp = pipeline()
    texts = [TEXT, "", "请保管好密码。", TEXT * 3]
    one_by_one = [groups(nlp(text)) for text in texts]
    assert [groups(doc) for doc in nlp.pipe(texts, batch_size=2)] == one_by_one
    assert [groups(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=2)] == one_by_one
    assert one_by_one[1] == {"data_items": [], "recipients": [], "purposes": []}


def test_component_survives_the_disk(tmp_path: Path) -> None:
    pipeline(generic=True).to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert again.pipe_names == ["noticeparse"]
    assert groups(again(TEXT)) == EXPECTED
    doc = again("我们会收集您的个人信息。")
    assert [span.text for span in doc.spans["data_items"]] == ["个人信息"]


@pytest.mark.slow
def test_entry_point_is_found_by_a_fresh_interpreter() -> None:
    code = f"import spacy; nlp = spacy.blank('zh'); nlp.add_pipe('noticeparse'); print(len(nlp({TEXT!r}).spans['data_items']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "3"


def test_component_uses_words_of_ones_own_and_refuses_bad_ones(tmp_path: Path) -> None:
    table = "concept\tterm\tsource\nvendor_device_id\t云杉指纹\tmy own row\n"
    (tmp_path / "data_terms.tsv").write_text(table, "utf-8")
    doc = pipeline(lexicon=str(tmp_path))("我们会收集您的云杉指纹。")
    assert groups(doc)["data_items"] == [("云杉指纹", "DATA", "vendor_device_id")]
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "data_terms.tsv").write_text("concept\tterm\nx\ty\n", "utf-8")
    with pytest.raises(LexiconError, match=r"data_terms\.tsv"):
        pipeline(lexicon=str(bad))


# ---------------------------------------------------------------- training data


Invoke = Callable[..., Result]


@pytest.fixture
def invoke() -> Invoke:
    """Run a command in this process: spaCy takes long to import."""

    def call(*arguments: str | Path, input: bytes = b"") -> Result:
        return CliRunner().invoke(program, [*map(str, arguments)], input=input, prog_name="noticeparse")

    return call


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three notices in two formats, which the commands run in."""
    monkeypatch.chdir(tmp_path)
    for name in ("sample-mall", "html-cards"):
        (source,) = (ROOT / "corpus" / "notices" / name).glob("notice.*")
        shutil.copy(source, tmp_path / f"{name}{source.suffix}")
    text = "我们会与云杉速递有限公司共享您的姓名、收货地址，用于为您配送商品。\n"
    (tmp_path / "prose.txt").write_text(text, "utf-8")
    return tmp_path


def read_back(path: Path) -> list[spacy.tokens.Doc]:
    return list(DocBin().from_disk(path).get_docs(spacy.blank("zh").vocab))


@pytest.mark.parametrize("segmenter", ["char", "jieba"])
def test_spacy_reads_the_records_back(invoke: Invoke, corpus: Path, segmenter: str) -> None:
    assert invoke("parse", ".", "--output", "records.jsonl").exit_code == 0
    done = invoke("export", "spacy", "records.jsonl", "out.spacy", "--segmenter", segmenter)
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    records = noticeparse.read_notices(corpus / "records.jsonl")
    docs = read_back(corpus / "out.spacy")
    assert [doc.user_data["source"] for doc in docs] == [notice.notice.source for notice in records]
    for doc, notice in zip(docs, records, strict=True):
        text = invoke("text", notice.notice.source).stdout
        assert doc.text == text
        wanted = {item.span for disclosure in notice.disclosures for item in disclosure.data_items}
        if segmenter == "char":
            assert {(span.start_char, span.end_char) for span in doc.spans["data_items"]} == wanted
        for span in doc.spans["data_items"]:
            assert any(span.start_char <= start and end <= span.end_char for start, end in wanted)
        providers = {d.provider.span for d in notice.disclosures if d.provider}
        named = {(span.start_char, span.end_char) for span in doc.spans["recipients"] if span.label_ == "COMPANY"}
        assert len(named) >= 1
        assert segmenter == "jieba" or named == providers
        assert len(doc.spans["purposes"]) > 0


def test_missing_and_changed_notices_are_named_and_the_others_written(invoke: Invoke, corpus: Path) -> None:
    invoke("parse", ".", "--output", "records.jsonl")
    (corpus / "html-cards.html").unlink()
    with (corpus / "prose.txt").open("a", encoding="utf-8") as file:
        file.write("补充说明。\n")
    done = invoke("export", "spacy", "records.jsonl", "out.spacy")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "noticeparse: ./html-cards.html: no such file",
        "noticeparse: ./prose.txt: has changed since the record was made; parse it again",
    ]
    assert [doc.user_data["source"] for doc in read_back(corpus / "out.spacy")] == ["./sample-mall.txt"]


def test_nothing_is_written_where_no_notice_is_at_hand(invoke: Invoke, corpus: Path) -> None:
    record = invoke("parse", "-", "--format", "json", input=(corpus / "prose.txt").read_bytes()).stdout
    (corpus / "record.json").write_text(record, "utf-8")
    done = invoke("export", "spacy", "record.json", "out.spacy")
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "not read from a file" in done.stderr
    assert not (corpus / "out.spacy").exists()


def test_paths_start_from_a_folder(
    invoke: Invoke, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = invoke("parse", "prose.txt", "--format", "json").stdout
    assert json.loads(record)["notice"]["source"] == "prose.txt"
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    done = invoke("export", "spacy", "-", "out.spacy", "--notices", corpus, input=record.encode())
    assert done.exit_code == 0, done.stderr
    assert len(read_back(away / "out.spacy")) == 1


def test_without_spacy_one_line_says_how_to_get_it(corpus: Path) -> None:
    code = "import sys; sys.modules['spacy'] = None; from noticeparse.cli import main; main(sys.argv[1:])"
    parse = [sys.executable, "-c", code, "parse", "prose.txt", "--output", "record.jsonl"]
    subprocess.run(parse, cwd=corpus, env=program_environment(), check=True, timeout=120)
    export = [sys.executable, "-c", code, "export", "spacy", "record.jsonl", "out.spacy"]
    done = subprocess.run(export, cwd=corpus, env=program_environment(), capture_output=True, check=False, timeout=120)
    assert done.returncode == 1
    assert done.stderr.decode() == 'noticeparse: spaCy is not installed: pip install "noticeparse[spacy]"\n'


def test_the_documented_example_runs() -> None:
    text = (ROOT / "docs" / "spacy.md").read_text("utf-8")
    blocks = re.findall(r"^```pycon\n(.*?)^```$", text, re.M | re.S)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "spacy.md", "spacy.md", 0)
    assert test.examples
    told: list[str] = []
    doctest.DocTestRunner().run(test, out=told.append)
    assert not told, "".join(told)
