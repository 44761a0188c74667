"""The writer: what it writes, what it refuses, and its command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import noticeparse
from noticeparse.layout.labels import label_grammar
from noticeparse.lexicon.load import load_lexicon
from noticeparse.rendering.layouts import LAYOUTS
from noticeparse.rendering.model import Format
from noticeparse.rendering.wording import LABELS
from tests.conftest import Run

NOTICE = """示例应用第三方SDK目录
更新日期：2025年3月1日

示例推送SDK
公司名称：示例科技有限公司
使用目的：消息推送
收集个人信息类型：设备信息（可选）（包括IMEI、OAID（仅安卓10以上））、昵称
申请的权限：相机权限
隐私政策链接：https://push.example.com/privacy_1?a=1&b=2
"""
# Characters that are special in Markdown and HTML.
ODD = noticeparse.Disclosure(
    0,
    "list",
    (0, 1),
    sdk=noticeparse.Entity("示例*推送*_SDK_ <b> & [1]|", (0, 1)),
    purpose=noticeparse.Value("1. 消息 # 推送", (0, 1)),
)


@pytest.fixture(scope="module")
def notice() -> noticeparse.Notice:
    return noticeparse.parse(NOTICE)


@pytest.mark.parametrize(
    ("layout", "form", "expected"),
    [
        ("keyvalue", "txt", "公司名称：示例科技有限公司\n使用目的：消息推送\n"),
        ("keyvalue", "md", "## 示例推送SDK\n\n公司名称：示例科技有限公司  \n使用目的：消息推送  \n"),
        ("numbered", "txt", "\n\n1、示例推送SDK\n\n公司名称："),
        ("bullets", "html", "<h2>示例推送SDK</h2>\n<ul>\n<li>公司名称：示例科技有限公司</li>\n"),
        ("company", "txt", "示例科技有限公司\n\n- SDK名称：示例推送SDK\n"),
        ("list", "md", "- SDK名称：示例推送SDK\n- 公司名称："),
        ("glued", "txt", "SDK名称：示例推送SDK 公司名称：示例科技有限公司 使用目的：消息推送 收集个人信息类型："),
        ("label-lines", "txt", "公司名称\n示例科技有限公司\n使用目的\n消息推送\n"),
        ("cards", "html", "<dt>使用目的</dt><dd>消息推送</dd>"),
        ("cards", "md", "### 示例推送SDK\n\n**公司名称**：示例科技有限公司  \n"),
        ("table", "txt", "| SDK名称 | 公司名称 | 使用目的 | 收集个人信息类型 | 申请的权限 | 隐私政策链接 |\n| --- |"),
        ("table", "html", "<tr><th>SDK名称</th><th>公司名称</th>"),
        ("table", "md", "| <https://push.example.com/privacy_1?a=1&b=2> |"),
        ("table-rowspan", "html", "<tr><td>示例科技有限公司</td><td>示例推送SDK</td>"),
        ("table-transposed", "html", "<tr><th>使用目的</th><td>消息推送</td></tr>"),
        ("tabs", "txt", "SDK名称\t公司名称\t使用目的\t"),
        ("flattened", "txt", "隐私政策链接\n\n示例推送SDK\n示例科技有限公司\n消息推送\n"),
    ],
)
def test_layouts(notice: noticeparse.Notice, layout: str, form: Format, expected: str) -> None:
    assert expected in noticeparse.render(notice, layout=layout, format=form)


def test_title_and_dates(notice: noticeparse.Notice) -> None:
    page = noticeparse.render(notice, format="html")
    assert "<title>示例应用第三方SDK目录</title>" in page
    assert noticeparse.render(notice).startswith("示例应用第三方SDK目录\n\n更新日期：2025-03-01\n\n示例推送SDK\n\n")


def test_rowspan_covers_a_providers_products(notice: noticeparse.Notice) -> None:
    page = noticeparse.render([*notice.disclosures] * 2, layout="table-rowspan", format="html")
    assert page.count('<td rowspan="2">示例科技有限公司</td>') == 1
    assert [d.provider.text for d in noticeparse.parse(page.encode()).disclosures if d.provider] == [
        "示例科技有限公司", "示例科技有限公司",
    ]  # fmt: skip


def test_items_keep_groups_and_qualifiers(notice: noticeparse.Notice) -> None:
    written = noticeparse.render(notice)
    assert "收集个人信息类型：设备信息（可选）（包括IMEI、OAID（仅安卓10以上））、昵称\n" in written


def test_labels_of_the_callers_own(notice: noticeparse.Notice) -> None:
    assert "\n用途：消息推送\n" in noticeparse.render(notice, labels={"purpose": "用途"})


def test_every_label_is_one_of_the_lexicon() -> None:
    grammar = label_grammar(load_lexicon(None))
    for name, label in LABELS.items():
        found = grammar.read(label)
        assert found is not None, label
        assert (found.field, found.how) == (name, "exact")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("md", r"示例\*推送\*\_SDK\_ \<b\> \& \[1\]|"),
        ("html", "<h2>示例*推送*_SDK_ &lt;b&gt; &amp; [1]|</h2>"),
    ],
)
def test_what_is_special_is_escaped(form: Format, expected: str) -> None:
    assert expected in noticeparse.render([ODD], format=form)


@pytest.mark.parametrize(
    ("value", "expected"), [("1. 一", r"1\. 一"), ("# 一", r"\# 一"), ("- 一", r"\- 一"), ("一. 1", "一. 1")]
)
def test_markdown_line_starts(notice: noticeparse.Notice, value: str, expected: str) -> None:
    from msgspec.structs import replace

    first = replace(notice.disclosures[0], purpose=noticeparse.Value(value, (0, 1)))
    assert f"\n{expected}" in noticeparse.render([first], layout="flattened", format="md")


@pytest.mark.parametrize(
    ("layout", "form", "message"),
    [
        ("table-rowspan", "txt", "layout 'table-rowspan' cannot be shown in txt; it can in html"),
        ("terse", "txt", "layout 'terse' has no place for provider, purpose, privacy_policy (disclosure 1)"),
        ("spiral", "txt", "no layout 'spiral'; there are keyvalue, numbered"),
        ("table", "pdf", "no format 'pdf'; there are txt, md, html"),
    ],
)
def test_what_cannot_be_said_is_refused(notice: noticeparse.Notice, layout: str, form: str, message: str) -> None:
    with pytest.raises(noticeparse.RenderError) as caught:
        noticeparse.render(notice, layout=layout, format=form)  # type: ignore[arg-type]
    assert str(caught.value).startswith(message)
    assert isinstance(caught.value, ValueError)
    assert "\n" not in str(caught.value)


def test_a_bar_has_no_place_in_a_plain_table() -> None:
    with pytest.raises(noticeparse.RenderError, match="a table in txt cannot hold the bar"):
        noticeparse.render([ODD], layout="table")
    assert "\\|" in noticeparse.render([ODD], layout="table", format="md")


def test_unknown_field_and_nameless_disclosure(notice: noticeparse.Notice) -> None:
    from msgspec.structs import replace

    with pytest.raises(noticeparse.RenderError, match="no field 'aim'"):
        noticeparse.render(notice, labels={"aim": "用途"})
    nameless = replace(notice.disclosures[0], sdk=None, provider=None)
    with pytest.raises(noticeparse.RenderError, match="disclosure 1 names no recipient"):
        noticeparse.render([nameless])


def test_nothing_disclosed_is_written_too() -> None:
    assert noticeparse.render([]) == "\n"


# ---- the command


@pytest.fixture
def records(tmp_path: Path, notice: noticeparse.Notice) -> Path:
    path = tmp_path / "records.jsonl"
    path.write_text(f"{notice.to_json()}\n{notice.to_json()}\n", encoding="utf-8")
    return path


def test_command_writes_what_the_function_gives(run: Run, records: Path, notice: noticeparse.Notice) -> None:
    result = run("render", records, "--layout", "table", "--format", "md", "--number", "2")
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode() == noticeparse.render(notice, layout="table", format="md")


def test_command_reads_what_parse_writes(run: Run, tmp_path: Path) -> None:
    parsed = run("parse", "-", "--format", "json", input=NOTICE.encode())
    written = run("render", "-", input=parsed.stdout)
    again = run("parse", "-", "--format", "json", input=written.stdout)
    before, after = (json.loads(result.stdout)["disclosures"] for result in (parsed, again))
    assert [d["sdk"]["text"] for d in after] == [d["sdk"]["text"] for d in before] == ["示例推送SDK"]


def test_layouts_are_listed(run: Run) -> None:
    lines = run("render", "--list-layouts").stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == list(LAYOUTS)
    assert len(LAYOUTS) >= 8


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--number", "1", "--layout", "table-rowspan"], 2, "layout 'table-rowspan' cannot be shown in txt"),
        ([], 2, "records.jsonl: 2 notices; choose one with --number"),
        (["--number", "3"], 2, "records.jsonl: no notice 3; there are 2"),
    ],
)
def test_wrong_usage_is_one_line(run: Run, records: Path, arguments: list[str], status: int, message: str) -> None:
    result = run("render", records, *arguments)
    assert (result.returncode, result.stdout) == (status, b"")
    assert message in result.stderr.decode()
    assert result.stderr.count(b"\n") == 1


@pytest.mark.parametrize(("content", "cause"), [("{", "records.json:1: "), ("", "records.json: empty")])
def test_broken_records_are_one_line(run: Run, tmp_path: Path, content: str, cause: str) -> None:
    path = tmp_path / "records.json"
    path.write_text(content, encoding="utf-8")
    result = run("render", path)
    assert result.returncode == 1
    assert cause in result.stderr.decode()
    assert result.stderr.count(b"\n") == 1
