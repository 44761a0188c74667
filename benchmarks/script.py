"""The script that somebody would write in ten minutes for ``label：value`` lists: regular expressions and no vocabulary."""

from __future__ import annotations

import re

LINE = re.compile(r"^[\s\-•·*●]*(?:\d+[.、．)）])?\s*([^：:\n]{2,20})[：:]\s*(.+)$", re.M)
FIELDS = {
    "sdk": "SDK|名称",
    "provider": "公司|提供方",
    "purpose": "目的|用途|场景",
    "data_items": "信息|数据",
    "link": "链接|政策",
}
MATCHERS = [(field, re.compile(pattern)) for field, pattern in FIELDS.items()]


def read(text: str) -> list[dict[str, str | list[str]]]:
    """The entries of a list: one begins where a field comes again."""
    entries: list[dict[str, str | list[str]]] = [{}]
    for label, value in LINE.findall(text):
        field = next((field for field, matcher in reversed(MATCHERS) if matcher.search(label)), None)
        if field in entries[-1]:
            entries.append({})
        if field is not None:
            entries[-1][field] = re.split("[、，,；;/]", value) if field == "data_items" else value.strip()
    return [entry for entry in entries if entry]
