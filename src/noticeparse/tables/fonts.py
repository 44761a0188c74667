"""A font that has Chinese characters: found among the installed ones, used for one figure, the user's settings untouched."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from noticeparse.errors import NoticeparseError

#: Families with the characters of simplified Chinese, the best to read in a figure first.
FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "SimHei",
    "Heiti SC",
    "STHeiti",
    "Arial Unicode MS",
    # Of a collection of regional forms, older matplotlib sees the first one alone; all of them have the characters.
    "Noto Sans CJK JP",
    "Noto Sans CJK TC",
    "Source Han Sans",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Noto Serif CJK JP",
    "Source Han Serif SC",
    "Songti SC",
    "SimSun",
    "AR PL UMing CN",
)
_LATIN = "DejaVu Sans"  # matplotlib brings it along
_SUBSTITUTE = "?"
_HOW_TO_GET_ONE = (
    "no font with Chinese characters is installed: on Debian or Ubuntu `apt-get install fonts-noto-cjk`, elsewhere install "
    "Noto Sans CJK SC (https://github.com/notofonts/noto-cjk); then draw again"
)


class FontError(NoticeparseError, LookupError):
    """No installed font has Chinese characters; the message says how to get one."""


def require(module: str) -> Any:
    """A module of matplotlib, imported when something is drawn.

    Args:
        module: Its full name.

    Raises:
        NoticeparseError: matplotlib is not installed.
    """
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        raise NoticeparseError("plots need matplotlib: pip install 'noticeparse[plots]'") from error


def chinese_fonts() -> list[str]:
    """Installed families with Chinese characters, the best first; :data:`FAMILIES` are looked for.

    A font that was installed after matplotlib last listed the fonts is found as well.

    Raises:
        FontError: There is none.
        NoticeparseError: matplotlib is not installed.
    """
    manager = require("matplotlib.font_manager")
    found = _among(manager)
    if not found:
        listed = {entry.fname for entry in manager.fontManager.ttflist}
        for path in sorted(set(manager.findSystemFonts()) - listed):
            try:
                manager.fontManager.addfont(path)
            except (OSError, RuntimeError):
                continue  # a damaged file, or a form that matplotlib cannot read, is no font for a figure
        found = _among(manager)
    if not found:
        raise FontError(_HOW_TO_GET_ONE)
    return found


def _among(manager: Any) -> list[str]:
    listed = {entry.name for entry in manager.fontManager.ttflist}
    return [family for family in FAMILIES if family in listed]


@contextmanager
def chinese_text() -> Iterator[list[str]]:
    """Text made inside is drawn with a Chinese font, and as it stands: ``$`` begins no formula.

    Yields:
        The families that are used, each for what the ones before it lack.

    Raises:
        FontError: No Chinese font is installed.
        NoticeparseError: matplotlib is not installed.
    """
    matplotlib = require("matplotlib")
    families = [*chinese_fonts()[:3], _LATIN]
    settings = {
        "font.family": families,
        "text.parse_math": False,
        "text.usetex": False,
        "axes.unicode_minus": False,
    }
    # Not rc_context, which puts back every setting: a notebook's backend sets some when the first figure is made, and would
    # show no further figure without them.
    before = {name: matplotlib.rcParams[name] for name in settings}
    matplotlib.rcParams.update(settings)
    try:
        yield families
    finally:
        matplotlib.rcParams.update(before)


def drawable(text: str, families: Sequence[str], *, width: int = 40) -> str:
    """A text as a label: on one line, not too long, and without what the fonts would draw as a box.

    Args:
        text: As a notice or a table has it.
        families: What it is drawn with.
        width: Its greatest length in columns, of which a Chinese character takes two; what is longer ends in ``…``.

    Returns:
        The text itself, where nothing of this is needed. A character that no font has is a question mark.
    """
    glyphs = frozenset().union(*(_glyphs(family) for family in families))
    line = "".join(one if ord(one) in glyphs else _SUBSTITUTE for one in " ".join(text.split()))
    columns = 0
    for place, character in enumerate(line):
        columns += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if columns > width:
            return line[: max(place - 1, 1)] + "…"
    return line


@lru_cache(maxsize=32)
def _glyphs(family: str) -> frozenset[int]:
    """Code points that a family has."""
    manager, ft2font = require("matplotlib.font_manager"), require("matplotlib.ft2font")
    font = manager.findfont(manager.FontProperties(family=[family]), fallback_to_default=False)
    # newer matplotlib tells the font's place in a collection together with the path
    face = {"face_index": font.face_index} if getattr(font, "face_index", 0) else {}
    return frozenset(ft2font.FT2Font(font, **face).get_charmap())
