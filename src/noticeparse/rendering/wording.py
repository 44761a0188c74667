"""A disclosure's fields in words: what stands behind each label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from noticeparse.records import DataItem, Disclosure, Link
from noticeparse.rendering.model import Entry, Line, Text

# The label of each field, in the order in which an entry states them. Each is a label of the lexicon.
LABELS: Mapping[str, str] = {
    "sdk": "SDK名称",
    "provider": "公司名称",
    "recipient_category": "接收方类型",
    "category": "SDK类型",
    "package_name": "包名",
    "platforms": "适用平台",
    "method": "共享方式",
    "purpose": "使用目的",
    "scenario": "使用场景",
    "data_items": "收集个人信息类型",
    "permissions": "申请的权限",
    "frequency": "收集频率",
    "processing": "安全措施",
    "retention": "保存期限",
    "contact": "联系方式",
    "privacy_policy": "隐私政策链接",
    "website": "官网链接",
}


def word_entry(number: int, disclosure: Disclosure, labels: Mapping[str, str]) -> Entry:
    """Put a disclosure into words.

    Args:
        number: Its place in the notice, from 1.
        disclosure: What to tell.
        labels: Field → label, for all fields.
    """
    values = {name: value for name in LABELS if (value := _value(disclosure, name))}
    return Entry(number, values, labels)


def _value(disclosure: Disclosure, name: str) -> Line:
    value = getattr(disclosure, name)
    if not value:
        return ()
    if name == "data_items":
        return (Text(data_items_text(value)),)
    if name == "permissions":
        return (Text("、".join(_plain(permission.text) for permission in value)),)
    if name == "platforms":
        return (Text("、".join(value)),)
    if isinstance(value, Link):
        return (Text(_plain(value.text), value.url),)
    return (Text(_plain(value.text)),)


def data_items_text(items: Sequence[DataItem]) -> str:
    """Items as a run: ``设备信息（可选）（包括IMEI（仅安卓10以下）、OAID）、昵称``.

    Args:
        items: As in a record, parents before their members.
    """
    members: dict[int | None, list[int]] = {}
    for index, item in enumerate(items):
        members.setdefault(item.parent, []).append(index)

    def run(parent: int | None) -> str:
        return "、".join(word(index) for index in members.get(parent, ()))

    def word(index: int) -> str:
        notes = "".join(f"（{_plain(qualifier.text)}）" for qualifier in items[index].qualifiers)
        inner = f"（包括{run(index)}）" if index in members else ""
        return _plain(items[index].text) + notes + inner

    return run(None)


def _plain(text: str) -> str:
    """A value on one line."""
    return " ".join(text.split())
