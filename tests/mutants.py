"""Files of every form with damage in them, pages of random tags, and texts of characters that notices should not hold."""

from __future__ import annotations

import gzip
import io
import zipfile
from functools import lru_cache

from hypothesis import strategies as st

from tests import forms
from tests.forms import Grid, GridCell, Line

_HEAD = ("SDK名称", "公司", "使用目的", "收集个人信息", "隐私政策")
_ROW = ("示例推送SDK", "示例科技有限公司", "消息推送", "IMEI、OAID（仅安卓）", "https://a.example/p")
BLOCKS: tuple[Line | Grid, ...] = (
    Line("第三方SDK目录", 1),
    Line("更新日期：2024年5月1日"),
    Grid(
        (
            tuple(GridCell(words, column) for column, words in enumerate(_HEAD)),
            (GridCell(_ROW[0], 0, rowspan=2), *(GridCell(words, at) for at, words in enumerate(_ROW) if at)),
            tuple(GridCell(words, at, url=words if at == 4 else "") for at, words in enumerate(_ROW) if at),
        )
    ),
    Line("示例统计SDK"),
    Line("使用目的：统计分析"),
    Line("收集个人信息：设备型号、MAC地址"),
    Line("我们会向示例短信科技有限公司提供您的手机号码，用于发送短信。"),
)
#: What means something in one form or another, and often something bad.
TOKENS = (
    *(b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\x1a", b"\x0c", b"\x1b", b"\r", b"\n\n"),
    *(b"<table>", b"</table>", b"<td colspan=999999999>", b"<td rowspan=-1>", b"<!--", b"<![CDATA[", b"&#xD800;", b"&#0;"),
    *(b"<script>", b"<title>", b"<plaintext>", b"<svg>", b"<template>", b"<a href='javascript:x'>", b"<base href=x>"),
    *(b"|---|", b"```", b"> > > ", b"[x]: y", b"![](", b"**_", b"<div>\n\n", b'"', b"\t", b";", b","),
    *(b" obj", b"endobj", b"stream\n", b"endstream", b"/Length 999999999", b"/Prev 0", b"/Kids [1 0 R]", b"/Parent 1 0 R"),
    *(b"99999999999999999999 0 R", b"1 0 R", b"-1", b"1e999", b"xref", b"trailer", b"startxref\n0", b"<<", b">>", b"(", b"["),
    *(b"/Filter /LZWDecode", b"/Type /ObjStm", b"/W [1 2 1]", b"/Index [0 999999999]", b"/MediaBox [0 0 0 0]", b"/Encrypt 1 0 R"),
    *(b"<w:tbl>", b"<w:tc>", b'<w:gridSpan w:val="999999999"/>', b'w:val="-1"', b'w:val="x"', b'r="XFD1048576"', b't="s"', b'ref="A1:XFD1048576"'),
    *(b"Content-Type: text/html; charset=utf-7", b"Content-Transfer-Encoding: base64", b"=\r\n", b"boundary=", b"--"),
)  # fmt: skip


@lru_cache(maxsize=1)
def files() -> dict[str, bytes]:
    """One small notice in every form, and a PDF whose streams are not packed."""
    from reportlab import rl_config

    made = dict(forms.written(BLOCKS))
    packed, rl_config.pageCompression = rl_config.pageCompression, 0
    try:
        made["plain.pdf"] = forms.to_pdf(BLOCKS)
    finally:
        rl_config.pageCompression = packed
    return made


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes with up to six faults: cut, dropped, doubled, swapped, flipped, overwritten, or a token put in."""
    for _ in range(draw(st.integers(0, 6))):
        if not data:
            break
        start = draw(st.integers(0, len(data) - 1))
        size = draw(st.one_of(st.integers(1, 8), st.integers(1, max(1, len(data) // 3))))
        piece = data[start : start + size]
        match draw(st.sampled_from(("cut", "drop", "double", "many", "swap", "flip", "fill", "token"))):
            case "cut":
                data = data[:start]
            case "drop":
                data = data[:start] + data[start + size :]
            case "double":
                data = data[:start] + piece + data[start:]
            case "many":
                data = data[:start] + piece[:16] * draw(st.integers(2, 200)) + data[start:]
            case "swap":
                other = draw(st.integers(0, len(data) - 1))
                rest = data[:start] + data[start + size :]
                data = rest[:other] + piece + rest[other:]
            case "flip":
                data = data[:start] + bytes([data[start] ^ 1 << draw(st.integers(0, 7))]) + data[start + 1 :]
            case "fill":
                data = data[:start] + bytes([draw(st.integers(0, 255))]) * len(piece) + data[start + size :]
            case _:
                data = data[:start] + draw(st.sampled_from(TOKENS)) + data[start:]
    return data


@st.composite
def damaged_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """Name and bytes of a file of any form, damaged outside, or inside of what it is packed in."""
    name = draw(st.sampled_from(sorted(files())))
    data = files()[name]
    if draw(st.booleans()):
        if name.endswith((".docx", ".xlsx")):
            return name, draw(damaged_packages(data))
        if name.endswith(".gz"):
            return name, gzip.compress(draw(damaged(gzip.decompress(data))), 1)
    return name, draw(damaged(data))


@st.composite
def damaged_packages(draw: st.DrawFn, data: bytes) -> bytes:
    """A package of Office with faults in one or two of its parts, packed as it should be."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, True, 1) as to:
        parts = [info for info in source.infolist() if not info.filename.endswith((".jpeg", "theme1.xml"))]
        hit = {draw(st.integers(0, len(parts) - 1)) for _ in range(2)}
        for at, info in enumerate(parts):
            part = source.read(info)
            to.writestr(info.filename, draw(damaged(part)) if at in hit else part)
    return stream.getvalue()


# ---- pages

_TAGS = (
    *("p", "div", "span", "b", "i", "a", "br", "hr", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h3", "h9", "pre", "code"),
    *("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col", "form", "select", "option"),
    *("script", "style", "title", "head", "body", "html", "base", "template", "svg", "math", "iframe", "textarea", "noscript"),
    *("details", "summary", "button", "input", "img", "font", "center", "x-y", "plaintext", "xmp", "frameset", "ruby", "rt"),
)  # fmt: skip
_WORDS = (
    *("示例SDK", "示例科技有限公司", "使用目的", "收集个人信息：", "IMEI、OAID", "（仅安卓", "）", "推送", "https://a.example/p"),
    *(" ", "\n", "\t", "\u3000", "&nbsp;", "&amp;", "&#65;", "&#xD800;", "&#0;", "&#x110000;", "&unknown;", "&", "<", ">", "\"", "'"),
    *("我们会向示例科技有限公司提供您的手机号码，用于发送短信。", "<!-- -->", "<!--", "<!DOCTYPE html>", "<![CDATA[", "]]>", "<?php", "<//", "</>"),
)  # fmt: skip
_NAMES = (
    "href",
    "style",
    "class",
    "colspan",
    "rowspan",
    "hidden",
    "start",
    "value",
    "type",
    "id",
    "title",
    "lang",
    "on click",
    "\x01",
)
_VALUES = (
    *("0", "-1", "1", "2", "65535", "999999999999", "1e9", "x", "", " ", "display:none", "display:block", "white-space:pre"),
    *("javascript:alert(1)", "https://a.example/?q=\u202e", "//a", "#", "data:text/html,x", "\u0001\u0002", "\u0000", "a" * 3000, "'", '"'),
)  # fmt: skip


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Tags in any order, closed or not, with attributes of any kind."""
    parts: list[str] = []
    for kind in draw(st.lists(st.integers(0, 5), max_size=60)):
        if kind <= 2:
            names = draw(st.lists(st.tuples(st.sampled_from(_NAMES), st.sampled_from(_VALUES)), max_size=2))
            quote = draw(st.sampled_from(('"', "'", "")))
            attributes = "".join(f" {name}={quote}{value}{quote}" for name, value in names)
            parts.append(f"<{draw(st.sampled_from(_TAGS))}{attributes}>")
        elif kind == 3:
            parts.append(f"</{draw(st.sampled_from(_TAGS))}>")
        else:
            parts.append(draw(st.sampled_from(_WORDS)))
    return "".join(parts)


# ---- texts

_PIECES = (
    *("示例推送SDK", "示例科技有限公司", "使用目的：", "收集个人信息：", "收集的个人信息", "第三方名称", "共享信息", "IMEI、OAID", "MAC地址"),
    *("我们会向示例科技有限公司提供您的手机号码，用于发送短信。", "https://a.example/隐私", "1.", "（1）", "①", "•", "- ", "|", "|---|---|", "\t"),
    *("\n", "\n\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "：", ":", "、", "，", ",", "；", ";", "。", "/", "\\"),
    *("(", ")", "（", "）", "[", "]", "【", "】", "{", "}", "｛", "｝", "<", ">", "〈", "〉", "《", "》", "「", "」", "『", "』", "〔", "〕", "“", "”", "‘", "’"),
    *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202a", "\u202b", "\u202d", "\u202e", "\u202c", "\u2066", "\u2069", "\u200e", "\u200f"),
    *("ＩＭＥＩ", "Ｓ ＤＫ", "：：", "　", "\u00a0", "\u0301", "\ufe0f", "𠮷", "😀", "\U0010ffff", "\uffff", "\ue000", "ﷺ", "ß", "İ", "ǅ", "㋀", "①SDK", "ⅷ", "ﬁ"),
    *("\x00", "\x01", "\x1b[31m", "\x7f", "和", "及", "等", "仅", "包括", "用于", "2024年13月45日", "0000-00-00", "２０２４年５月１日", "更新日期：", "生效日期："),
    *("**", "__", "`", "#", "> ", "~", "^", "$", "com.example.sdk", "android.permission.READ_PHONE_STATE", "共享", "設備識別碼", "第三方"),
)  # fmt: skip
_HALVES = ("\ud800", "\udfff", "\udc80", "\udcff")


@st.composite
def texts(draw: st.DrawFn, halves: bool = True) -> str:
    """Words, marks and odd characters of notices in any order, some of them very often."""
    pool = st.sampled_from((*_PIECES, *_HALVES) if halves and draw(st.integers(0, 9)) == 0 else _PIECES)
    runs = draw(st.lists(st.tuples(pool, st.integers(1, 400)), max_size=50))
    return "".join(piece * (count if count > 380 else 1) for piece, count in runs)
