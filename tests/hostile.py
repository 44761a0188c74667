"""Notices that nobody would write, of any size: what must not cost more than its length warrants."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable

Make = Callable[[int], bytes]

_CELLS = (
    "示例{}推送SDK",
    "示例{}科技有限公司",
    "消息推送",
    "IMEI、OAID",
    "存储权限",
    "https://sdk{}.example.com/privacy",
)
_HEAD = ("SDK名称", "公司", "使用目的", "收集个人信息", "权限", "隐私政策")


def _row(number: int) -> list[str]:
    return [cell.format(number) for cell in _CELLS]


def _rows(count: int, cells: Callable[[int], list[str]] = _row) -> str:
    lines = ["<table><tr>" + "".join(f"<th>{name}</th>" for name in _HEAD) + "</tr>"]
    lines.extend("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells(number)) + "</tr>" for number in range(count))
    return "\n".join([*lines, "</table>"])


def long_table(count: int) -> bytes:
    """A table of so many rows."""
    return _rows(count).encode()


def ragged_table(count: int) -> bytes:
    """Rows of one to nine cells."""
    return _rows(count, lambda number: (_row(number) * 2)[: 1 + number % 9]).encode()


def linked_table(count: int) -> bytes:
    """A table in which every cell is a link."""
    return _rows(count, lambda number: [f'<a href="https://a.example/{number}">{c}</a>' for c in _row(number)]).encode()


def narrow_table(count: int) -> bytes:
    """One wide row, and many of one cell."""
    wide = "<tr>" + "<td>乙" * 40
    return ("<table>" + wide + "<tr><td>甲" * count).encode()


def nested_tables(count: int) -> bytes:
    """Tables in tables, none closed."""
    return ("<table><tr><td>甲<td>乙" * count).encode()


def spanning_cells(count: int) -> bytes:
    """Cells that want to cover a million places each."""
    return ("<table>" + "<td rowspan=1000 colspan=1000>甲" * count).encode()


def unclosed_tags(count: int) -> bytes:
    """A tag on every line that nothing closes."""
    return "".join(f"<p><b><font>示例{number}SDK\n<div><i>使用目的：推送\n" for number in range(count)).encode()


def deep_lists(count: int) -> bytes:
    """Lists in lists."""
    return ("<ul><li>示例SDK" * count).encode()


def open_brackets(count: int) -> bytes:
    """Brackets that nothing closes, in a field of data."""
    return ("示例SDK\n使用目的：推送\n收集个人信息：IMEI" + "（OAID" * count + "\n").encode()


def bare_brackets(count: int) -> bytes:
    """Brackets and nothing else."""
    return ("收集个人信息：" + "（" * count).encode()


def one_line(count: int) -> bytes:
    """Labels and values without a single line break."""
    return "".join(f"示例{number}SDK 使用目的：推送 收集个人信息：IMEI、OAID；" for number in range(count)).encode()


def one_value(count: int) -> bytes:
    """One field of very many items."""
    return ("示例SDK\n使用目的：推送\n收集个人信息：" + "、".join(["IMEI", "设备型号", "某种信息"] * count)).encode()


def listed_value(count: int) -> bytes:
    """One field of very many items, each on a line of its own."""
    return ("示例SDK\n使用目的：推送\n收集个人信息：\n" + "① 某种信息，\n" * count).encode()


def wrapped_address(count: int) -> bytes:
    """An address that is cut over and over, and ends in marks that are none of it."""
    return ("示例SDK\n使用目的：推送\n隐私政策：https://a.example/" + "abc-\n" * count + "!" * count).encode()


def stacked_header(count: int) -> bytes:
    """A drawn table whose header never ends, one cell a line."""
    return ("使用目的 |\n" * count).encode()


def one_sentence(count: int) -> bytes:
    """A sentence that gives something to somebody again and again."""
    return ("）我们向示例收集个人信息隐私政策" * count).encode()


def crowded_verbs(count: int) -> bytes:
    """Words for giving, with what may be a recipient around each, and no mark that ends a sentence."""
    return ("提供与SDK- 》等及SDK除您的本产品的相关内容" * count).encode()


def crowded_brackets(count: int) -> bytes:
    """Names with brackets of every kind that do not belong together."""
    return ('PTC Inc.的给SDK）委托(一)"（' * count).encode()


def headed_lines(count: int) -> bytes:
    """Heads of entries with nothing below them."""
    return ("|SDK收集信息:\n以便推送消息\n\n\n - " * count).encode()


def keyvalue(count: int) -> bytes:
    """A list of very many entries."""
    return "".join(
        f"{number}、示例{number}SDK\n公司：示例{number}科技有限公司\n使用目的：推送\n收集个人信息：IMEI、OAID\n\n"
        for number in range(count)
    ).encode()


def prose(count: int) -> bytes:
    """Very many sentences."""
    return "".join(
        f"我们会向示例{number}科技有限公司提供您的手机号码，用于发送短信。\n" for number in range(count)
    ).encode()


def pipe_table(count: int) -> bytes:
    """A drawn table, some rows cut short."""
    lines = ["| " + " | ".join(_HEAD) + " |", "|" + "---|" * len(_HEAD)]
    lines.extend("| " + " | ".join(_row(number)[: 6 - (number % 7 == 0)]) + " |" for number in range(count))
    return "\n".join(lines).encode()


def tab_table(count: int) -> bytes:
    """A table with tabs in text."""
    return "\n".join("\t".join(cells) for cells in [_HEAD, *map(_row, range(count))]).encode()


def separated(count: int) -> bytes:
    """A sheet, ragged, with a quote that nothing closes at its end."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(_HEAD)
    writer.writerows(_row(number)[: 6 - (number % 7 == 0)] for number in range(count))
    return (stream.getvalue() + '"open').encode()


def short_lines(count: int) -> bytes:
    """Lines of one character."""
    return ("甲\n" * count).encode()


def short_rows(count: int) -> bytes:
    """Rows of two characters."""
    return ("a,b\n" * count).encode()


def short_items(count: int) -> bytes:
    """Items of one character."""
    return ("- a\n" * count).encode()


def short_quotes(count: int) -> bytes:
    """Paragraphs of one character, quoted."""
    return ("> a\n\n" * count).encode()


# Name of the file, what makes it, and units that make a small one.
CASES: dict[str, tuple[str, Make, int]] = {
    f"markdown_{make.__name__}" if name == "a.md" else make.__name__: (name, make, small)
    for name, make, small in (
        ("a.html", long_table, 25),
        ("a.html", ragged_table, 25),
        ("a.html", linked_table, 15),
        ("a.html", narrow_table, 100),
        ("a.html", nested_tables, 60),
        ("a.html", spanning_cells, 60),
        ("a.html", unclosed_tags, 30),
        ("a.html", deep_lists, 60),
        ("a.txt", open_brackets, 100),
        ("a.txt", bare_brackets, 1000),
        ("a.txt", one_line, 30),
        ("a.txt", one_value, 60),
        ("a.txt", listed_value, 60),
        ("a.txt", wrapped_address, 60),
        ("a.txt", stacked_header, 60),
        ("a.txt", one_sentence, 30),
        ("a.txt", crowded_verbs, 60),
        ("a.txt", crowded_brackets, 200),
        ("a.txt", headed_lines, 60),
        ("a.txt", keyvalue, 25),
        ("a.txt", prose, 10),
        ("a.txt", pipe_table, 25),
        ("a.txt", tab_table, 25),
        ("a.md", pipe_table, 25),
        ("a.csv", separated, 25),
        ("a.txt", short_lines, 300),
        ("a.csv", short_rows, 200),
        ("a.md", short_items, 200),
        ("a.md", short_quotes, 200),
    )
}


# What a notice is made of, and what its layouts, its marks and its sentences turn on.
_PIECES = (
    *("示例", "SDK", "公司", "科技有限公司", "设备信息", "IMEI", "OAID", "位置权限", "第三方SDK目录", "同上", "无", "a", "0"),
    *("使用目的", "收集个人信息", "SDK名称", "隐私政策", "https://a.example/", "www.a.cn", "2024年1月1日", "Android", "iOS"),
    *("我们会", "向", "提供", "共享", "用于", "推送", "如果", "当", "时", "包括", "等", "和", "及", "第三方", "可选", "仅"),
    *("：", "、", "，", "。", "；", "\n", "\n\n", "\t", "|", " ", "  ", "（", "）", "(", ")", "《", "》", '"', "-", "_", "=", "/"),
    *("1.", "（一）", "一、", "- ", "• ", "#", "# ", "[", "](", "**", "```", ">", "---", "&nbsp;"),
    *("<br>", "<p>", "<td>", "<tr>", "<table>", "<li>", "<b>", "</td>"),
)  # fmt: skip


def repeated(number: int) -> Callable[[int], str]:
    """Pieces by chance, and then other pieces again and again.

    Args:
        number: Which.

    Returns:
        From a length in characters to a text of about that length.
    """
    chance = random.Random(number)
    unit = "".join(chance.choices(_PIECES, k=chance.randint(1, 14))) + chance.choice(("", "\n"))
    head = "".join(chance.choices(_PIECES, k=chance.randint(0, 12)))
    return lambda size: head + unit * (size // len(unit))
