"""Tables as notices draw them, small and invented: one family a case, told by who, what product, which data, why, which link."""

from __future__ import annotations

import pytest

import noticeparse

Row = tuple[str | None, str | None, list[str], str | None, str | None]

A: Row = ("北京甲科技有限公司", "甲推送SDK", ["IMEI", "OAID"], "向您推送消息", "https://a.example/privacy")
B: Row = ("上海乙科技有限公司", "乙统计SDK", ["IP地址"], "统计访问情况", "https://b.example/privacy")


def rows(text: str) -> list[Row]:
    return [
        (
            d.provider and d.provider.text,
            d.sdk and d.sdk.text,
            [item.text for item in d.data_items],
            d.purpose and d.purpose.text,
            d.privacy_policy and (d.privacy_policy.url or d.privacy_policy.text),
        )
        for d in noticeparse.parse(text + "\n\n").disclosures
    ]


CASES: dict[str, tuple[str, list[Row]]] = {
    "labels and values in two columns, one entry below another": (
        """| SDK名称 | 甲推送SDK |
|---|---|
| 公司 | 北京甲科技有限公司 |
| 使用目的 | 向您推送消息 |
| 收集信息 | IMEI、OAID |
| 隐私政策 | https://a.example/privacy |
| SDK名称 | 乙统计SDK |
| 公司 | 上海乙科技有限公司 |
| 使用目的 | 统计访问情况 |
| 收集信息 | IP地址 |
| 隐私政策 | https://b.example/privacy |""",
        [A, B],
    ),
    "a pipe behind each cell, no rule": (
        """SDK名称 | 公司 | 使用目的 | 收集信息 | 隐私政策 |
甲推送SDK | 北京甲科技有限公司 | 向您推送消息 | IMEI、OAID | https://a.example/privacy |
乙统计SDK | 上海乙科技有限公司 | 统计访问情况 | IP地址 | https://b.example/privacy |""",
        [A, B],
    ),
    "a pipe behind each cell, rows broken behind a pipe, text below": (
        """SDK名称 | 公司 | 使用目的 | 收集信息 | 隐私政策 |
---|---|---|---|---|
甲推送SDK | 北京甲科技有限公司 | 向您推送消息 |
IMEI、OAID | https://a.example/privacy |
乙统计SDK | 上海乙科技有限公司 | 统计访问情况 | IP地址 | https://b.example/privacy |
我们会要求第三方妥善保管信息。""",
        [A, B],
    ),
    "one cell a line, each with its pipe": (
        """第三方合作清单 |
|||||
SDK名称 |
公司 |
使用目的 |
收集信息 |
隐私政策 |
甲推送SDK |
北京甲科技有限公司 |
向您推送消息 |
IMEI、OAID |
https://a.example/privacy |
乙统计SDK |
上海乙科技有限公司 |
统计访问情况 |
IP地址 |
https://b.example/privacy |""",
        [A, B],
    ),
    "a cell that a spanning cell left out, the rest moved to the front": (
        """SDK名称 | 使用目的 | 收集信息 | 隐私政策 |
甲推送SDK | 向您推送消息 | IMEI、OAID | https://a.example/privacy |
乙统计SDK | IP地址 | https://b.example/privacy | |
丙地图SDK | https://c.example/privacy | | |""",
        [
            (None, *A[1:]),
            (None, "乙统计SDK", ["IP地址"], None, "https://b.example/privacy"),
            (None, "丙地图SDK", [], None, "https://c.example/privacy"),
        ],
    ),
    "a break inside a cell that looks like a row's end": (
        "SDK名称| 公司| 使用目的| 收集信息| 隐私政策  \n---|---|---|---|---  \n"
        "甲推送SDK| 北京甲科技有限公司| 向您推送消息| IMEI、  \nOAID| https://a.example/privacy  \n"
        "乙统计SDK| 上海乙科技有限公司| 统计访问情况| IP地址| https://b.example/privacy  \n",
        [A, B],
    ),
    "a header without a rule": (
        """SDK名称 | 公司 | 使用目的 | 收集信息 | 隐私政策
甲推送SDK | 北京甲科技有限公司 | 向您推送消息 | IMEI、OAID | https://a.example/privacy
乙统计SDK | 上海乙科技有限公司 | 统计访问情况 | IP地址 | https://b.example/privacy""",
        [A, B],
    ),
    "a header that a title row and other columns follow": (
        """SDK名称 | 公司 | 使用目的 | 收集信息 | 隐私政策 |
甲推送SDK | 北京甲科技有限公司 | 向您推送消息 | IMEI、OAID | https://a.example/privacy |
合作方一览 | |||| |
合作方名称 | 收集信息 | 使用目的 | 隐私政策 | |
上海乙科技有限公司 | IP地址 | 统计访问情况 | https://b.example/privacy | |""",
        [A, ("上海乙科技有限公司", None, *B[2:])],
    ),
    "a header in two languages": (
        """公司名称 Company | SDK名称 SDK Name | 使用目的 Purpose | 收集信息 Data | 隐私政策 Policy |
北京甲科技有限公司 | 甲推送SDK | 向您推送消息 | IMEI、OAID | https://a.example/privacy |""",
        [A],
    ),
    "a column of products under a label of kinds": (
        """公司 | 产品/类型 | 使用目的 | 收集信息 | 隐私政策 |
北京甲科技有限公司 | 甲推送SDK | 向您推送消息 | IMEI、OAID | https://a.example/privacy |
上海乙科技有限公司 | 乙统计SDK | 统计访问情况 | IP地址 | https://b.example/privacy |""",
        [A, B],
    ),
    "flattened, a cell missing, a cell broken, the header again, text below": (
        """SDK名称
公司
使用目的
收集信息
隐私政策
甲推送SDK
北京甲科技有限公司
IMEI、
OAID
https://a.example/privacy
SDK名称
公司
使用目的
收集信息
隐私政策
乙统计SDK
上海乙科技有限公司
统计访问情况
IP地址
https://b.example/privacy
五、信息安全
我们会以合理的措施保护您的信息，防止其丢失。""",
        [(*A[:3], None, A[4]), B],
    ),
    "flattened, links by their titles": (
        """SDK名称
公司
使用目的
收集信息
隐私政策
甲推送SDK
北京甲科技有限公司
向您推送消息
IMEI、OAID
甲隐私政策
乙统计SDK
上海乙科技有限公司
统计访问情况
IP地址
乙隐私政策
乙服务协议""",
        [(*A[:4], "甲隐私政策"), (*B[:4], "乙隐私政策")],
    ),
    "a link that a line break cuts": (
        "SDK名称| 使用目的| 收集信息| 隐私政策  \n---|---|---|---  \n"
        "甲推送SDK| 向您推送消息| IMEI、OAID| [甲政策](https://a.example/the-\nlong/privacy)  \n"
        "乙统计SDK| 统计访问情况| IP地址| <https://b.example/privacy>  \n",
        [
            (None, "甲推送SDK", ["IMEI", "OAID"], "向您推送消息", "https://a.example/the-long/privacy"),
            (None, *B[1:]),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_table(name: str) -> None:
    text, expected = CASES[name]
    assert rows(text) == expected


def test_kinds_of_recipient_in_a_column_of_companies() -> None:
    text = "第三方名称 | 使用目的 | 收集信息 |\n商家 | 发货 | 收货地址 |\n北京甲科技有限公司 | 配送 | 手机号码 |"
    found = noticeparse.parse(text).disclosures
    assert [(d.recipient_category and d.recipient_category.text, d.provider and d.provider.text) for d in found] == [
        ("商家", None),
        (None, "北京甲科技有限公司"),
    ]


def test_kind_heading_between_the_rows_of_a_ruled_table() -> None:
    page = (
        "<table><tr><th>SDK名称</th><th>使用目的</th><th>收集信息</th></tr>"
        "<tr><td colspan=3>推送类</td></tr><tr><td>甲推送SDK</td><td>推送消息</td><td>IMEI</td></tr>"
        "<tr><td colspan=3>统计类</td></tr><tr><td>乙统计SDK</td><td>统计访问</td><td>OAID</td></tr></table>"
    )
    found = noticeparse.parse(page.encode()).disclosures
    assert [(d.sdk and d.sdk.text, d.category and d.category.text) for d in found] == [
        ("甲推送SDK", "推送类"),
        ("乙统计SDK", "统计类"),
    ]


def test_a_short_row_is_read_and_reported() -> None:
    text = "SDK名称 | 使用目的 | 收集信息 | 隐私政策 |\n甲推送SDK | IMEI | | |\n乙统计SDK | 统计 | IP地址 | https://b.example/privacy |"
    notice = noticeparse.parse(text)
    assert [item.text for item in notice.disclosures[0].data_items] == ["IMEI"]
    assert [note.code for note in notice.diagnostics] == ["table-ragged"]


@pytest.mark.parametrize(
    "text",
    [
        "业务功能 | 个人信息种类 | 目的 |\n注册 | 手机号码 | 创建账号 |\n客服 | 聊天内容 | 回答问题 |",
        "权限名称 | 使用场景 | 使用目的 | 可否关闭 |\n---|---|---|---\n相机 | 拍照 | 上传头像 | 是\n存储 | 缓存 | 保存图片 | 是",
    ],
)
def test_own_collection_and_own_permissions_are_no_disclosures(text: str) -> None:
    assert noticeparse.parse(text).disclosures == ()


LABELS = ("SDK名称", "公司名称", "使用目的", "收集信息", "隐私政策链接")
VALUES = (
    ("甲推送SDK", "北京甲科技有限公司", "向您推送消息", "IMEI、OAID", "https://a.example/privacy"),
    ("乙统计SDK", "上海乙科技有限公司", "统计访问情况", "IP地址", "https://b.example/privacy"),
)


def ruled(*rows_of_cells: tuple[str, ...]) -> str:
    return (
        "<table>" + "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows_of_cells) + "</table>"
    )


def spread(row: tuple[str, ...]) -> str:
    """One product's table, two pairs of label and value a row."""
    pairs = list(zip(LABELS, row, strict=True))
    return ruled((*pairs[0], *pairs[1]), (*pairs[2], *pairs[3]), pairs[4])


PAGES = {
    "a table a product": "".join(ruled(*zip(LABELS, row, strict=True)) for row in VALUES),
    "a table a product, labels with colons": "".join(
        ruled(*((label + "：", value) for label, value in zip(LABELS, row, strict=True))) for row in VALUES
    ),
    "one table of labels and values for all": ruled(
        *(pair for row in VALUES for pair in zip(LABELS, row, strict=True))
    ),
    "two pairs a row": "".join(spread(row) for row in VALUES),
    "the product in a title row": "".join(
        f"<table><tr><td colspan=2>{row[0]}</td></tr>{ruled(*zip(LABELS[1:], row[1:], strict=True))[7:]}"
        for row in VALUES
    ),
    "the product in a heading above": "".join(
        f"<h3>{row[0]}</h3>{ruled(*zip(LABELS[1:], row[1:], strict=True))}" for row in VALUES
    ),
    "transposed": ruled(*zip(LABELS, *VALUES, strict=True)),
    "no header": ruled(*VALUES),
    "cells of labelled parts": ruled(
        ("第三方SDK", "说明"),
        *(
            (row[0], "<br>".join(f"{label}：{value}" for label, value in zip(LABELS[1:], row[1:], strict=True)))
            for row in VALUES
        ),
    ),
    "a table inside a table": ruled(("首页", ruled(LABELS, *VALUES))),
}


@pytest.mark.parametrize("name", PAGES)
def test_ruled_table(name: str) -> None:
    notice = noticeparse.parse(f"<html><body><p>第三方SDK目录</p>{PAGES[name]}</body></html>".encode())
    assert [
        (
            d.provider and d.provider.text,
            d.sdk and d.sdk.text,
            [item.text for item in d.data_items],
            d.purpose and d.purpose.text,
            d.privacy_policy and d.privacy_policy.url,
        )
        for d in notice.disclosures
    ] == [A, B]


def test_kind_heading_above_a_table() -> None:
    page = f"<h3>厂商推送SDK</h3>{ruled(LABELS, VALUES[0])}<h3>其他SDK</h3>{ruled(LABELS, VALUES[1])}"
    found = noticeparse.parse(page.encode()).disclosures
    assert [d.category and d.category.text for d in found] == ["厂商推送SDK", None]


def test_labelled_part_of_a_cell_before_the_column() -> None:
    page = ruled(
        ("合作目的", "SDK名称", "收集信息及用途"),
        ("推送", "甲推送SDK", "收集信息：IMEI<br>使用目的：向甲手机推送消息"),
    )
    [found] = noticeparse.parse(page.encode()).disclosures
    assert found.purpose is not None
    assert (found.purpose.text, [item.text for item in found.data_items]) == ("向甲手机推送消息", ["IMEI"])


def test_tab_rows_that_lack_their_last_cells() -> None:
    text = "\t".join(LABELS) + "\n" + "\t".join(VALUES[0][:4]) + "\n" + "\t".join(VALUES[1]) + "\n"
    assert rows(text) == [(*A[:4], None), B]


@pytest.mark.parametrize("gap", ["    ", " ", "\u3000\u3000"])
def test_columns_aligned_by_blanks(gap: str) -> None:
    table = "\n".join(gap.join(row) for row in (LABELS, *VALUES))
    assert rows(f"我们接入的第三方如下：\n{table}\n以上信息如有变化，我们会及时更新。") == [A, B]


def test_flattened_rows_with_numbers() -> None:
    cells = ["序号", *LABELS, "1", *VALUES[0], "2", *VALUES[1]]
    assert rows("\n".join(cells)) == [A, B]
