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


TWO = [("北京甲科技有限公司", "甲推送SDK", ["IMEI", "OAID"]), ("上海乙科技有限公司", "乙统计SDK", ["IP地址"])]


def labelled(set_off: str, head: str = "{}", label: str = "{}") -> str:
    """Two entries under headings, each label set off by something from its value."""
    rows = []
    for company, product, items in TWO:
        rows.append(head.format(product))
        pairs = (("公司名称", company), ("使用目的", "运营"), ("收集信息", "、".join(items)))
        rows += [label.format(name) + set_off + value for name, value in pairs]
    return "\n".join(rows)


@pytest.mark.parametrize("set_off", [" - ", "——", " — ", "=", "  ", " ", "\t", "：", ": ", "﹕", "→"])
def test_what_sets_a_label_off(set_off: str) -> None:
    assert entries(labelled(set_off), *NAMES) == TWO


@pytest.mark.parametrize(
    "head", ["{}", "1、{}", "（1）{}", "2.1.1 {}", "① {}", "a) {}", "A. {}", "【{}】", "{}：", "**{}**", "### {}"]
)
def test_headings(head: str) -> None:
    assert entries(labelled("：", head), *NAMES) == TWO


@pytest.mark.parametrize("label", ["- {}", "• {}", "【{}】", "**{}**", "　　{}", "1）{}", "· {}", "+ {}"])
def test_labels(label: str) -> None:
    assert entries(labelled("：", "{}", label), *NAMES) == TWO


@pytest.mark.parametrize(
    "line",
    [
        "{}：公司名称：{}；使用目的：运营；收集信息：{}；隐私政策：https://a.example/privacy",
        "1、{}，公司名称：{}，使用目的：运营，收集信息：{}。",
        "（一）{} 公司名称：{} 使用目的：运营 收集信息：{}",
    ],
)
def test_an_entry_in_one_paragraph(line: str) -> None:
    text = "\n".join(line.format(product, company, "、".join(items)) for company, product, items in TWO)
    assert entries(text, *NAMES) == TWO


@pytest.mark.parametrize("place", [1, 2, 3])
def test_unknown_label_is_reported_and_the_known_ones_are_read(place: int) -> None:
    rows = ["甲推送SDK", "公司名称：北京甲科技有限公司", "使用目的：推送", "收集信息：IMEI"]
    rows.insert(place, "合规联络人：张三")
    text = "\n".join(rows)
    assert entries(text, *NAMES, "purpose") == [("北京甲科技有限公司", "甲推送SDK", ["IMEI"], "推送")]
    assert codes(text) == ["unknown-label"]


def test_values_wrapped_over_lines() -> None:
    text = """甲推送SDK
使用目的：用于在您的设备上及时推送消息通知，并且根据您的设备
情况改进消息的到达率
收集信息：IMEI、OAID、设备型号、操作系统版本、
网络类型
隐私政策：
https://a.example/privacy"""
    assert entries(text, "sdk", "purpose", "items", "privacy_policy") == [
        (
            "甲推送SDK",
            "用于在您的设备上及时推送消息通知，并且根据您的设备情况改进消息的到达率",
            ["IMEI", "OAID", "设备型号", "操作系统版本", "网络类型"],
            "https://a.example/privacy",
        )
    ]


def test_platform_sections() -> None:
    text = """一、Android端SDK清单
甲推送SDK
收集信息：IMEI
二、iOS端
甲推送SDK
收集信息：IDFA"""
    assert entries(text, "sdk", "platforms", "items") == [
        ("甲推送SDK", ("Android",), ["IMEI"]),
        ("甲推送SDK", ("iOS",), ["IDFA"]),
    ]


def test_the_same_as_above() -> None:
    text = labelled("：").replace("上海乙科技有限公司", "同上")
    assert entries(text, *NAMES) == [TWO[0], ("北京甲科技有限公司", *TWO[1][1:])]


def test_values_that_say_there_is_none() -> None:
    text = "甲推送SDK\n公司名称：北京甲科技有限公司\n收集信息：无\n申请权限：不涉及\n隐私政策：/\n"
    assert entries(text, *NAMES, "permissions", "privacy_policy") == [("北京甲科技有限公司", "甲推送SDK", [], [], None)]


def test_footnote_marks_are_no_part_of_a_name() -> None:
    text = labelled("：").replace("甲推送SDK", "甲推送SDK*").replace("乙统计SDK", "乙统计SDK[1]")
    assert entries(text + "\n*：仅安卓端接入。\n[1] 仅在您使用统计功能时启用。", *NAMES) == TWO


def test_kind_heading_with_a_purpose_of_its_own() -> None:
    text = """语音服务
使用目的：通过音箱控制设备
青禾音箱
第三方主体：北京甲科技有限公司
收集信息：IMEI
白桦音箱
第三方主体：上海乙科技有限公司
收集信息：IP地址"""
    assert entries(text, "sdk", "category", "items") == [
        ("青禾音箱", "语音服务", ["IMEI"]),
        ("白桦音箱", "语音服务", ["IP地址"]),
    ]


def test_section_heading_that_names_the_product() -> None:
    text = "二、第三方 SDK 信息披露（青禾SDK）\n· 第三方主体：北京甲科技有限公司\n· 收集信息：IMEI\n\n三、您的权利\n您可以拒绝。"
    assert entries(text, *NAMES) == [("北京甲科技有限公司", "青禾SDK", ["IMEI"])]


@pytest.mark.parametrize(
    "name", ["FooBar (Android 3.2.2)", "FooBar(Android 1.0.0 / iOS 1.0.0)", "FooBar（Android端，iOS端）"]
)
def test_platforms_with_versions_behind_a_name(name: str) -> None:
    found = entries(f"{name}\n公司名称：北京甲科技有限公司\n收集信息：IMEI", "sdk", "platforms")
    assert found[0][0] == "FooBar"
    assert found[0][1][0] == "Android"


@pytest.mark.parametrize(
    "line",
    [
        "• {}（{}）— 提供服务，可能收集{}。隐私政策：https://a.example/privacy",
        "1. {}（{}）：提供服务；收集{}；隐私政策：https://a.example/privacy",
        "{}（{}）：提供服务，获取{}。",
    ],
)
def test_fragments_on_one_line(line: str) -> None:
    text = "【运营类】\n" + "\n".join(
        line.format(product, company, "、".join(items)) for company, product, items in TWO
    )
    assert entries(text, *NAMES, "purpose", "category") == [(*row, "提供服务", "运营类") for row in TWO]


def test_fragments_without_a_company() -> None:
    text = "1. 甲推送SDK：消息推送，获取IMEI、OAID；\n2. 乙统计SDK：数据统计，获取IP地址；"
    assert entries(text, "sdk", "purpose", "items") == [
        ("甲推送SDK", "消息推送", ["IMEI", "OAID"]),
        ("乙统计SDK", "数据统计", ["IP地址"]),
    ]


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ("设备标识OAID，以及应用信息如应用包名、版本号", ["设备标识OAID", "应用信息", "应用包名", "版本号"]),
        ("设备表示符（ANDROID_ID）、应用信息", ["设备表示符", "ANDROID_ID", "应用信息"]),
        ("设备信息（OAID；可选-IMEI/IMSI）、网络信息", ["设备信息", "OAID", "IMEI", "IMSI", "网络信息"]),
        ("IMEI，不直接向第三方发送个人身份信息", ["IMEI"]),
        (
            "设备标识符（OAID、IDFA）：用于识别设备，保证推送；网络信息（网络类型）：用于判断网络；地理位置及基站信息：用于定位",
            ["设备标识符", "OAID", "IDFA", "网络信息", "网络类型", "地理位置", "基站信息"],
        ),
        ("\n- OAID：用于识别设备。\n- AndroidID：用于识别设备。", ["OAID", "AndroidID"]),
        (
            "\n(1)必选个人信息\n设备标识符(OAID)：用于识别设备；\n(2)可选个人信息\n位置信息：用于天气；",
            ["设备标识符", "OAID", "位置信息"],
        ),
        ("访问WiFi状态（包括WiFi状态和WiFi列表）、网络类型", ["WiFi状态", "WiFi列表", "网络类型"]),
    ],
)
def test_data_told_with_reasons(value: str, items: list[str]) -> None:
    text = f"甲推送SDK\n公司名称：北京甲科技有限公司\n收集信息：{value}\n隐私政策：https://a.example/privacy"
    assert entries(text, *NAMES) == [("北京甲科技有限公司", "甲推送SDK", items)]


def test_choice_before_a_run_qualifies_its_items() -> None:
    text = "甲推送SDK\n公司名称：北京甲科技有限公司\n收集信息：设备信息（OAID；可选-IMEI/IMSI）"
    (disclosure,) = noticeparse.parse(text).disclosures
    assert [[q.text for q in item.qualifiers] for item in disclosure.data_items] == [[], [], ["可选"], ["可选"]]


@pytest.mark.parametrize(
    ("printed", "url"),
    [
        ("https://wiki.a.example/青禾SDK隐私保护声明", "https://wiki.a.example/青禾SDK隐私保护声明"),
        ("https://wiki.a.example/qh青禾隐私政策", "https://wiki.a.example/qh青禾隐私政策"),
        ("https://a.example/privacy，请查阅", "https://a.example/privacy"),
        ("https://a.example/privacy请查看", "https://a.example/privacy"),
    ],
)
def test_addresses_with_a_title_as_their_path(printed: str, url: str) -> None:
    text = f"甲推送SDK\n公司名称：北京甲科技有限公司\n收集信息：IMEI\n隐私政策：{printed}"
    assert entries(text, "privacy_policy") == [(url,)]


@pytest.mark.parametrize("note", ["(Android 端,iOS端)", "（Android 端，iOS 端）", "(安卓 版/iOS 版)"])
def test_platform_notes_with_a_blank_inside(note: str) -> None:
    text = f"1. 青禾SDK{note}\n使用目的:分享\n第三方名称:北京甲科技有限公司\n收集信息:IMEI"
    assert entries(text, *NAMES, "platforms") == [("北京甲科技有限公司", "青禾SDK", ["IMEI"], ("Android", "iOS"))]


def test_way_of_sharing_under_the_label_of_a_kind() -> None:
    text = """第三方公司名称: 北京甲科技有限公司
共享类型: 内嵌 SDK(青禾地图 SDK)
共享信息: IMEI
使用目的: 定位
第三方公司名称: 上海乙科技有限公司
共享类型: 内嵌 SDK(白桦统计 SDK)
共享信息: IP地址
使用目的: 统计"""
    assert entries(text, *NAMES, "method") == [
        ("北京甲科技有限公司", "青禾地图 SDK", ["IMEI"], "内嵌 SDK"),
        ("上海乙科技有限公司", "白桦统计 SDK", ["IP地址"], "内嵌 SDK"),
    ]


def test_product_and_company_alone_are_an_entry() -> None:
    text = (
        "插件名称：青禾支付\n插件提供方名称：北京甲科技有限公司\n插件名称：白桦地图\n插件提供方名称：上海乙科技有限公司"
    )
    assert entries(text, *NAMES) == [("北京甲科技有限公司", "青禾支付", []), ("上海乙科技有限公司", "白桦地图", [])]


def test_company_over_its_products() -> None:
    text = """一、北京甲科技有限公司
1. 甲地图SDK
使用目的:导航
收集信息:IMEI
2. 车票查询
使用目的:查票
收集信息:姓名
二、上海乙保险股份有限公司
使用目的:投保
收集信息:身份证号
三、丙推送SDK
使用目的:推送
收集信息:OAID"""
    assert entries(text, *NAMES) == [
        ("北京甲科技有限公司", "甲地图SDK", ["IMEI"]),
        ("北京甲科技有限公司", "车票查询", ["姓名"]),
        ("上海乙保险股份有限公司", None, ["身份证号"]),
        (None, "丙推送SDK", ["OAID"]),
    ]


def test_heading_over_entries_that_name_their_companies() -> None:
    text = """接口合作
合作方:北京甲科技有限公司
共享目的:识别证件
共享信息:身份证照片
合作方:上海乙保险股份有限公司
共享目的:投保
共享信息:姓名"""
    assert entries(text, *NAMES) == [
        ("北京甲科技有限公司", None, ["身份证照片"]),
        ("上海乙保险股份有限公司", None, ["姓名"]),
    ]


@pytest.mark.parametrize(("head", "line"), [("一、{}", "1. {}"), ("{}", "· {}"), ("1、{}", "（1）{}")])
def test_permissions_with_reasons_below_an_sdk(head: str, line: str) -> None:
    told = [
        ("甲地图SDK", ["读取手机状态权限:用于识别设备", "访问精确定位权限:用于标出位置"]),
        ("乙统计SDK", ["android.permission.INTERNET:上报日志", "IMEI:用于统计"]),
    ]
    text = "\n".join(part for name, rows in told for part in (head.format(name), *(line.format(row) for row in rows)))
    assert entries(f"青禾接入的SDK与权限\n{text}", "sdk", "items", "permissions") == [
        ("甲地图SDK", [], ["读取手机状态权限", "访问精确定位权限"]),
        ("乙统计SDK", ["IMEI"], ["android.permission.INTERNET"]),
    ]


def test_own_permissions_with_reasons_are_no_disclosure() -> None:
    text = "青禾应用权限说明\n1. 读取手机状态权限:用于识别设备\n2. 访问精确定位权限:用于标出位置"
    assert entries(text, "sdk") == []
