"""Dates as notices print them, to ISO 8601."""

from __future__ import annotations

from noticeparse.pattern import Pattern

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "Ｏ": 0}
_FILL = r"[\s()\[\]【】（）〔〕]*"
# Each part may stand in brackets of its own, as forms print it: 【2024】年【4】月【1】日.
_DATE_REGEX = Pattern(
    rf"(?P<year>\d{{4}}|[〇零○一二三四五六七八九]{{4}}){_FILL}(?:年|[./\-–—_]){_FILL}"
    rf"(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})"
    rf"(?:{_FILL}(?:月|[./\-–—_]){_FILL}(?P<day>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})(?!\d))?"
)
_COMPACT_REGEX = Pattern(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?!\d)")


def iso_date(text: str) -> str | None:
    """The date that a wording states: ``2024-05-15``, ``2024-05`` where no day is given, ``None`` where it is no date.

    ``2024年5月15日``, ``2024.5.15``, ``【2024】年【5】月【15】日``, ``二〇二四年五月十五日``, ``20240515``, ``2024年5月``.

    Args:
        text: Wording as written; the first date in it counts.
    """
    match = _DATE_REGEX.search(text) or _COMPACT_REGEX.search(text)
    if match is None:
        return None
    year, month = _number(match["year"]), _number(match["month"])
    day = _number(match["day"]) if match["day"] else None
    if not (1 <= month <= 12 and (day is None or 1 <= day <= 31)):
        return None
    return f"{year:04d}-{month:02d}" + ("" if day is None else f"-{day:02d}")


def _number(written: str) -> int:
    """``15``, ``十五``, ``二〇二四``."""
    if written.isdecimal():  # also full-width
        return int(written)
    if "十" in written:
        tens, _, ones = written.partition("十")
        return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
    value = 0
    for char in written:
        value = value * 10 + _DIGITS[char]
    return value
