"""How the entries of a list are marked: the numbers that a list counts with, and markers that an entry writes itself."""

from __future__ import annotations

import re

from noticeparse.pattern import Pattern

# A marker that an item writes itself: • - * ① （一） (2) 3. 4、 1.2 a) 第一、
OWN_MARKER_REGEX = Pattern(
    r"""[•·●○◦▪▫■□◆◇★☆►▶➤➢※✓√*–—-]
    |[①-⑳⑴-⒛❶-❿㈠-㈩]
    |[(（][0-9一二三四五六七八九十a-zA-Z]{1,3}[)）]
    |[0-9]{1,3}(?:[.．][0-9]{1,3}){0,4}[.．、)）](?![0-9])
    |[0-9]{1,2}(?:\.[0-9]{1,2}){1,4}(?=[\s\u3000\u4e00-\u9fff])
    |第?[一二三四五六七八九十]{1,3}[、.．)）]
    |[a-zA-Z][.．、)）]""",
    re.X,
)


def ordinal(number: int, kind: str) -> str:
    """A list number in the style of the list's ``type``: 1, a, A, i or I."""
    if kind in ("a", "A") and number > 0:
        letters = ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord(kind) + rest) + letters
        return letters
    if kind in ("i", "I") and 0 < number < 4000:
        roman = ""
        for worth, sign in zip(
            (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
            ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
            strict=True,
        ):
            roman += sign * (number // worth)
            number %= worth
        return roman if kind == "i" else roman.upper()
    return str(number)


def han(number: int) -> str:
    """A list number in Chinese: 十二 for 12; digits from a hundred on."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")


def circled(number: int) -> str:
    """A list number in a circle, ① to ⑳; others as digits."""
    return chr(0x245F + number) if 0 < number <= 20 else str(number)
