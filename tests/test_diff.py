"""Two versions of a notice: matched by who receives what, not by where it stands."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeparse import Notice, parse
from noticeparse.diff import DisclosureChange, FieldChange, NoticeDiff, PartChange, diff_notices

ENTRIES = {
    "示例推送SDK": "示例推送SDK\n第三方名称：示例推送科技有限公司\n使用目的：消息推送\n收集个人信息类型：IMEI、MAC地址\n"
    "隐私政策链接：https://push.example.com/privacy\n",
    "示例统计SDK": "示例统计SDK\n第三方名称：示例统计科技有限公司\n使用目的：统计分析\n收集个人信息类型：Android ID、IP地址\n"
    "隐私政策链接：https://stat.example.com/privacy\n",
    "示例地图SDK": "示例地图SDK\n第三方名称：示例地图科技有限公司\n使用目的：展示地图\n收集个人信息类型：位置信息、WLAN信息\n"
    "隐私政策链接：https://map.example.com/privacy\n",
    "示例支付SDK": "示例支付SDK\n第三方名称：示例支付网络有限公司\n使用目的：完成支付\n收集个人信息类型：订单信息、设备型号\n"
    "隐私政策链接：https://pay.example.com/privacy\n",
}
NAMES = list(ENTRIES)


def notice(names: list[str], **changes: str) -> Notice:
    """A notice with these entries; ``old=new`` words are replaced in all of them."""
    text = "示例应用第三方SDK目录\n\n" + "\n".join(ENTRIES[name] for name in names)
    for old, new in changes.items():
        text = text.replace(old, new)
    return parse(text)


def kinds(diff: NoticeDiff) -> dict[str, str]:
    return {change.name: change.kind for change in diff.changes}


def test_the_same_notice_has_not_changed() -> None:
    diff = diff_notices(notice(NAMES), notice(NAMES))
    assert (diff.changes, diff.unchanged) == ((), 4)


@given(st.permutations(NAMES), st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)))
def test_order_does_not_matter(order: list[str], left_out: set[str], put_in: set[str]) -> None:
    """Whatever the order, exactly what is only on one side is told."""
    old = [name for name in NAMES if name not in left_out]
    new = [name for name in order if name not in put_in]
    diff = diff_notices(notice(old), notice(new))
    assert {change.name.split(" (")[0] for change in diff.of("added")} == set(new) - set(old)
    assert {change.name.split(" (")[0] for change in diff.of("removed")} == set(old) - set(new)
    assert diff.of("changed") == ()
    assert diff.unchanged == len(set(old) & set(new))


@given(st.permutations(NAMES), st.sets(st.sampled_from(NAMES)))
def test_the_other_way_round_swaps_added_and_removed(order: list[str], left_out: set[str]) -> None:
    old, new = notice(NAMES, IMEI="OAID"), notice([name for name in order if name not in left_out])
    there, back = diff_notices(old, new), diff_notices(new, old)
    assert {change.name for change in there.of("added")} == {change.name for change in back.of("removed")}
    assert {change.name for change in there.of("removed")} == {change.name for change in back.of("added")}
    assert len(there.of("changed")) == len(back.of("changed"))


def test_changed_fields_and_parts() -> None:
    old = parse(
        "第三方SDK目录\n\n示例推送SDK\n使用目的：消息推送\n收集个人信息类型：IMEI（仅Android 10以下版本）、MAC地址\n"
        "申请权限：存储权限、电话权限\n隐私政策链接：http://push.example.com/a/\n"
    )
    new = parse(
        "第三方SDK目录\n\n示例推送SDK\n使用目的：推送与统计\n收集个人信息类型：Mac地址、IMEI（可选）、OAID\n"
        "申请权限：电话权限、相机权限\n隐私政策链接：https://push.example.com/a\n"
    )
    (change,) = diff_notices(old, new).changes
    assert change == DisclosureChange(
        *("changed", "示例推送SDK", 0, 0),
        fields=(FieldChange("purpose", "消息推送", "推送与统计"),),
        data_items=(
            PartChange("changed", "IMEI", ("仅Android 10以下版本",), ("可选",)),
            PartChange("added", "OAID"),
        ),
        permissions=(PartChange("added", "相机权限"), PartChange("removed", "存储权限")),
    )


def test_widths_and_marks_are_no_change() -> None:
    old = parse("第三方SDK目录\n\n示例推送SDK\n使用目的：消息推送（含厂商通道）。\n收集个人信息类型：IMEI、MAC地址\n")
    new = parse("第三方SDK目录\n\n示例推送 SDK\n使用目的: 消息推送(含厂商通道)\n收集个人信息类型: ＩＭＥＩ/MAC 地址\n")
    assert diff_notices(old, new).changes == ()


def test_another_provider_of_the_same_sdk_is_a_change() -> None:
    diff = diff_notices(notice(NAMES), notice(NAMES, 示例地图科技有限公司="新地图科技有限公司"))
    assert kinds(diff) == {"示例地图SDK (新地图科技有限公司)": "changed"}
    assert diff.changes[0].fields == (FieldChange("provider", "示例地图科技有限公司", "新地图科技有限公司"),)


def test_a_renamed_sdk_with_the_same_policy_and_data_is_a_change() -> None:
    diff = diff_notices(notice(NAMES), notice(NAMES, 示例地图SDK="示例导航SDK"))
    assert kinds(diff) == {"示例导航SDK (示例地图科技有限公司)": "changed"}


def test_another_sdk_of_the_same_company_is_another_disclosure() -> None:
    old = "甲推送SDK\n第三方名称：甲科技有限公司\n使用目的：推送\n收集个人信息类型：IMEI\n"
    new = "甲统计SDK\n第三方名称：甲科技有限公司\n使用目的：统计\n收集个人信息类型：IP地址\n"
    diff = diff_notices(parse(f"第三方SDK目录\n\n{old}"), parse(f"第三方SDK目录\n\n{new}"))
    assert sorted(change.kind for change in diff.changes) == ["added", "removed"]


def test_one_sdk_on_two_platforms_keeps_to_its_platform() -> None:
    def of(android: str, ios: str) -> Notice:
        return parse(
            "第三方SDK目录\n\n| SDK名称 | 客户端 | 使用目的 | 收集个人信息类型 |\n| --- | --- | --- | --- |\n"
            f"| 示例推送SDK | Android | 推送 | {android} |\n| 示例推送SDK | iOS | 推送 | {ios} |\n"
        )

    old, new = of("IMEI、OAID", "IDFA、IDFV"), of("OAID", "IDFA、IDFV")
    assert [d.platforms for d in old.disclosures] == [("Android",), ("iOS",)]
    diff = diff_notices(old, new)
    assert [(change.old, change.new, change.data_items) for change in diff.changes] == [
        (0, 0, (PartChange("removed", "IMEI"),))
    ]


@pytest.mark.parametrize("empty_first", [False, True])
def test_a_notice_without_disclosures(empty_first: bool) -> None:
    empty, full = parse("今天天气很好。\n"), notice(NAMES)
    diff = diff_notices(empty, full) if empty_first else diff_notices(full, empty)
    assert {change.kind for change in diff.changes} == {"added" if empty_first else "removed"}
    assert len(diff.changes) == 4


def test_it_is_written_and_read_as_json() -> None:
    diff = diff_notices(notice(NAMES[:3]), notice(NAMES[1:], IMEI="OAID"))
    assert msgspec.json.decode(msgspec.json.encode(diff), type=NoticeDiff) == diff


@pytest.mark.slow
def test_many_entries_of_one_company_take_no_time_without_end() -> None:
    body = "".join(
        f"示例{index}号SDK\n第三方名称：甲科技有限公司\n使用目的：用途{index}\n收集个人信息类型：IMEI\n\n"
        for index in range(300)
    )
    old, new = parse(f"第三方SDK目录\n\n{body}"), parse(f"第三方SDK目录\n\n{body.replace('用途7', '新用途7')}")
    assert len(old.disclosures) == 300
    assert len(diff_notices(old, new).of("changed")) == 11
