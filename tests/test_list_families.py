"""Families of list layouts beyond the plain ones, each on a few invented lines: what is an entry, which line goes where."""

from __future__ import annotations

from typing import Any

import pytest

import noticeparse


def entries(text: str, *fields: str) -> list[tuple[Any, ...]]:
    """The named fields of each disclosure, ``items`` and ``permissions`` as lists of texts."""
    return [tuple(_field(d, name) for name in fields) for d in noticeparse.parse(text + "\n\n").disclosures]


def _field(disclosure: Any, name: str) -> Any:
    if name == "items":
        return [item.text for item in disclosure.data_items]
    if name == "permissions":
        return [one.text for one in disclosure.permissions]
    value = getattr(disclosure, name)
    if name in ("privacy_policy", "website") and value is not None:
        return value.url or value.text
    return value.text if hasattr(value, "text") else value


def codes(text: str) -> list[str]:
    return [note.code for note in noticeparse.parse(text + "\n\n").diagnostics]


NAMES = ("provider", "sdk", "items")


def test_brand_over_a_block_that_names_the_company() -> None:
    text = """小度(云音箱)
第三方主体:北京甲科技有限公司
信息收集详情:设备名称、IMEI
隐私政策(接口对接)地址:https://a.example/privacy
百度
第三方主体:上海乙科技有限公司
信息收集详情:IP地址"""
    assert entries(text, *NAMES, "privacy_policy", "contact") == [
        ("北京甲科技有限公司", "小度(云音箱)", ["设备名称", "IMEI"], "https://a.example/privacy", None),
        ("上海乙科技有限公司", "百度", ["IP地址"], None, None),
    ]


def test_salutation_and_lead_over_are_no_kind_headings() -> None:
    text = """尊敬的客户:
我们接入的SDK如下:
1、甲推送SDK
第三方主体:北京甲科技有限公司
采集及共享信息:IMEI"""
    assert entries(text, *NAMES, "category") == [("北京甲科技有限公司", "甲推送SDK", ["IMEI"], None)]


def test_english_labels_above_their_values() -> None:
    text = """(1) Meadow Log SDK
Third Party:
Meadow Data Co., Ltd.
Shared Information:
IMEI, IP address
Usage Scenario:
Issue analysis.
Purpose:
To improve the app.
Official Website:
http://www.meadow.example
Contact:
privacy@meadow.example"""
    assert entries(text, "sdk", "provider", "purpose", "scenario", "website", "contact", "items") == [
        (
            "Meadow Log SDK", "Meadow Data Co., Ltd.", "To improve the app.", "Issue analysis.",
            "http://www.meadow.example", "privacy@meadow.example", ["IMEI", "IP address"],
        )
    ]  # fmt: skip


def test_label_that_repeats_the_product_before_its_link() -> None:
    text = """4.1 青禾短信 SDK
使用目的：短信登录。用于验证手机号。
青禾短信 SDK 官网链接 / 隐私政策：https://a.example/privacy
4.2 青禾推送 SDK
使用目的：推送消息
青禾推送 SDK 官网链接 / 隐私政策：https://b.example/privacy"""
    assert entries(text, "sdk", "purpose", "privacy_policy") == [
        ("青禾短信 SDK", "短信登录。用于验证手机号", "https://a.example/privacy"),
        ("青禾推送 SDK", "推送消息", "https://b.example/privacy"),
    ]


def test_characters_that_a_pdf_puts_for_others() -> None:
    text = """青禾⽀付
第三⽅主体：北京甲科技有限公司
共享的信息：⽀付信息
使⽤场景：⽤户付款时
使⽤⽬的：完成付款"""
    assert entries(text, "sdk", "provider", "scenario", "purpose") == [
        ("青禾⽀付", "北京甲科技有限公司", "⽤户付款时", "完成付款")
    ]


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("官方链接地址", "website"),
        ("第三方个人信息处理规则查询链接", "privacy_policy"),
        ("收集的个人信息如下", "items"),
        ("信息收集明细", "items"),
        ("SDK提供方的公司名称", "provider"),
        ("使用目的为", "purpose"),
    ],
)
def test_labels_made_of_a_label_and_a_tail(label: str, field: str) -> None:
    values = {
        "website": "https://a.example/",
        "privacy_policy": "https://a.example/",
        "items": "IMEI",
        "provider": "北京甲科技有限公司",
        "purpose": "推送",
    }
    text = f"甲推送SDK\n{label}：{values[field]}\n使用场景：启动时\n"
    expected = ["IMEI"] if field == "items" else values[field]
    assert entries(text, "sdk", field) == [("甲推送SDK", expected)]


def test_what_a_product_comprises_belongs_to_its_name() -> None:
    text = "青禾SDK(含青禾分享SDK)\n公司名称：北京甲科技有限公司\n收集信息：IMEI\n"
    assert entries(text, *NAMES) == [("北京甲科技有限公司", "青禾SDK(含青禾分享SDK)", ["IMEI"])]
