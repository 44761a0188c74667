"""Layout readers on small invented notices: one family a case, told by who, what product and which data."""

from __future__ import annotations

import pytest

import noticeparse
from noticeparse.layout.labels import label_grammar
from noticeparse.lexicon.load import load_lexicon

Row = tuple[str | None, str | None, list[str]]


def rows(text: str) -> list[Row]:
    return [
        (d.provider and d.provider.text, d.sdk and d.sdk.text, [i.text for i in d.data_items])
        for d in noticeparse.parse(text + "\n\n").disclosures
    ]


TWO: list[Row] = [
    ("北京甲科技有限公司", "甲推送SDK", ["IMEI", "OAID"]),
    ("上海乙科技有限公司", "乙统计SDK", ["IP地址"]),
]
CASES = {
    "labels with a leading name": """SDK名称：甲推送SDK
公司名称：北京甲科技有限公司
收集信息：IMEI、OAID
SDK名称：乙统计SDK
公司名称：上海乙科技有限公司
收集信息：IP地址""",
    "headings": """1、甲推送SDK
所属公司：北京甲科技有限公司
使用目的：推送
收集信息：IMEI、OAID
2、乙统计SDK
所属公司：上海乙科技有限公司
使用目的：统计
收集信息：IP地址""",
    "company headings and a method that names the product": """北京甲科技有限公司
- 共享方式：SDK（甲推送SDK）
- 共享信息：IMEI、OAID
上海乙科技有限公司
- 共享方式：SDK（乙统计SDK）
- 共享信息：IP地址""",
    "glued": "SDK名称：甲推送SDK 公司名称：北京甲科技有限公司 收集信息：IMEI、OAID SDK名称：乙统计SDK "
    "公司名称：上海乙科技有限公司 收集信息：IP地址",
    "labels in brackets": """【SDK名称】：甲推送SDK
【公司】：北京甲科技有限公司
【收集信息】：IMEI、OAID
【SDK名称】：乙统计SDK
【公司】：上海乙科技有限公司
【收集信息】：IP地址""",
    "labels alone on their lines": """甲推送SDK
公司名称
北京甲科技有限公司
收集信息
IMEI、OAID

乙统计SDK
公司名称
上海乙科技有限公司
收集信息
IP地址""",
    "values as lists below their label": """甲推送SDK
公司名称：北京甲科技有限公司
收集信息：
① IMEI
② OAID
隐私政策：https://a.example/privacy
乙统计SDK
公司名称：上海乙科技有限公司
收集信息：
① IP地址
隐私政策：https://b.example/privacy""",
    "values as lists with sentences between their entries": """甲推送SDK
公司名称：北京甲科技有限公司
收集信息：
1）IMEI。为此，我们还需要获得您的电话权限。
2）OAID
处理方式：加密传输
乙统计SDK
公司名称：上海乙科技有限公司
收集信息：
1）IP地址。没有它就无法统计。
处理方式：加密传输""",
    "pipe table": """| SDK名称 | 公司 | 收集信息 |
|---|---|---|
| 甲推送SDK | 北京甲科技有限公司 | IMEI、OAID |
| 乙统计SDK | 上海乙科技有限公司 | IP地址 |""",
    "pipe table without a rule": """| 序号 | SDK名称 | 公司 | 收集信息 |
| 1 | 甲推送SDK | 北京甲科技有限公司 | IMEI、OAID |
| 2 | 乙统计SDK | 上海乙科技有限公司 | IP地址 |""",
    "pipe table with cells broken over lines": "SDK名称 | 公司 | 收集信息 | 链接  \n---|---|---|---  \n"
    "甲推送SDK | 北京甲科技有限公司 | IMEI、\nOAID | <https://a.example/privacy>  \n"
    "乙统计SDK | 上海乙科技有限公司 | IP地址 |\n<https://b.example/privacy>  ",
    "pipe table whose rows lack what a cell above spans": "类型| SDK名称| 公司| 收集信息  \n---|---|---|---  \n"
    "工具| 甲推送SDK| 北京甲科技有限公司| IMEI、OAID  \n乙统计SDK| 上海乙科技有限公司| IP地址  ",
    "transposed table": """| SDK名称 | 甲推送SDK | 乙统计SDK |
| --- | --- | --- |
| 公司 | 北京甲科技有限公司 | 上海乙科技有限公司 |
| 收集信息 | IMEI、OAID | IP地址 |""",
    "tab table": "SDK名称\t公司\t收集信息\n甲推送SDK\t北京甲科技有限公司\tIMEI、OAID\n乙统计SDK\t上海乙科技有限公司\tIP地址",
    "table without a header": "甲推送SDK\t北京甲科技有限公司\tIMEI、OAID\n乙统计SDK\t上海乙科技有限公司\tIP地址",
    "flattened table": """SDK名称
公司名称
收集信息
隐私政策链接
甲推送SDK
北京甲科技有限公司
IMEI、OAID
https://a.example/privacy
乙统计SDK
上海乙科技有限公司
IP地址
https://b.example/privacy""",
}


@pytest.mark.parametrize("name", CASES)
def test_one_notice_in_many_layouts(name: str) -> None:
    assert rows(CASES[name]) == TWO


def test_product_and_company_in_one_cell() -> None:
    text = "第三方名称 | 目的 | 收集信息\n---|---|---\n甲（北京甲科技有限公司）| 推送 | IMEI\n乙盘 | 存储 | 用户上传的文档\n"
    assert rows(text) == [("北京甲科技有限公司", "甲", ["IMEI"]), (None, "乙盘", ["用户上传的文档"])]


@pytest.mark.parametrize("header", ["公司 | 收集信息 | 目的", "SDK名称 | 公司 | 收集信息", "第三方名称 | 目的"])
def test_header_without_rows(header: str) -> None:
    columns = header.count("|")
    assert rows(f"| {header} |\n|{'---|' * (columns + 1)}\n") == []


def test_kind_headings() -> None:
    text = "推送类：\n1.甲SDK：电话权限、存储权限\n2.乙SDK：定位权限\n统计类：\n1.丙API：IMEI、MAC地址\n"
    notice = noticeparse.parse(text)
    assert [(d.sdk and d.sdk.text, d.category and d.category.text) for d in notice.disclosures] == [
        ("甲SDK", "推送类"),
        ("乙SDK", "推送类"),
        ("丙API", "统计类"),
    ]
    assert [[p.text for p in d.permissions] for d in notice.disclosures] == [["电话权限", "存储权限"], ["定位权限"], []]


def test_own_permissions_are_no_recipients() -> None:
    text = "应用自身的权限\n麦克风\n权限说明：用于语音输入\n权限声明代码：RECORD_AUDIO\n摄像头\n权限说明：用于拍照\n权限声明代码：CAMERA\n"
    notice = noticeparse.parse(text)
    assert notice.disclosures == ()
    assert [d.code for d in notice.diagnostics] == ["no-disclosure"]


def test_unknown_label_is_reported_and_kept_apart() -> None:
    text = "甲推送SDK\n使用目的：推送\n星标说明：一二三\n收集信息：IMEI\n"
    notice = noticeparse.parse(text)
    [found] = notice.disclosures
    assert found.purpose is not None
    assert found.purpose.text == "推送"
    assert [d.message for d in notice.diagnostics if d.code == "unknown-label"] == ["星标说明 is no known label"]
    assert [run.text for run in notice.unparsed] == ["星标说明：一二三"]


@pytest.mark.parametrize(
    ("wording", "field", "how"),
    [
        ("使用目的", "purpose", "exact"),
        ("共享 数据 类型", "data_items", "exact"),
        ("涉及的设备数据类型", "data_items", "composed"),
        ("目的及功能", "purpose", "composed"),
        ("某某隐私政策链接", "privacy_policy", "branded"),
        ("共享数类型", "data_items", "typo"),
        ("共享数据类形", "data_items", "typo"),
    ],
)
def test_labels(wording: str, field: str, how: str) -> None:
    label = label_grammar(load_lexicon()).read(wording, typos=True)
    assert label is not None
    assert (label.field, label.how) == (field, how)


@pytest.mark.parametrize("wording", ["设备标识信息", "今天天气", "", "微信登录", "，", "数据" * 40])
def test_what_is_no_label(wording: str) -> None:
    assert label_grammar(load_lexicon()).read(wording) is None
