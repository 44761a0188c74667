"""Qualifiers: the conditions, limits and platform notes that are attached to a data item.

Wordings that the lexicon holds are looked up; versions of systems, platforms and the common clause heads are read by
grammar, so that a wording does not have to be listed for each version.
"""

from __future__ import annotations

import re
from functools import lru_cache

from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.lexicon.match import IDENTIFIERS, matcher, permission_of
from noticeparse.memo import Answers
from noticeparse.pattern import Pattern

# A gloss longer than this is a sentence; it is still a qualifier, but its wording is not taken apart.
_MAX_WORDING = 200

_VERSION_REGEX = Pattern(
    r"(?P<system>android|andriod|安卓|ios|iphoneos|ipados|鸿蒙|harmonyos)\s*+(?:(?:系统|操作系统|os)\s*+)?(?:版本\s*+)?(?:v(?=\d))?"
    r"(?:(?P<number>\d{1,2}(?:\.\d{1,2}){0,2}|[a-z])\s*+)?(?:(?:\(含\)|\([a-z]\))\s*+)?(?:(?:系统|版本|版)\s*+)?"
    r"(?:(?P<and>及|及其|和|以及|含|与)\s*+(?:(?:[a-z]|\d{1,2}(?:\.\d{1,2}){0,2})\s*+)?)?(?:的)?"
    r"(?P<side>以下|之前|以前|之下|更低|低于|以上|之后|以后|之上|更高|起|或以上|或以下|或更高|或更低)",
    re.I,
)
_BELOW_REGEX = Pattern(
    r"(?P<side>低于|小于|不高于|不低于|高于|大于)\s*+(?P<system>android|安卓|ios|鸿蒙|harmonyos)\s*+(?:系统\s*+)?"
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,2}|[a-z])(?![a-z])",
    re.I,
)
_SYMBOL_REGEX = Pattern(
    r"(?P<system>android|安卓|ios|鸿蒙|harmonyos)\s*+(?:(?:系统|版本)\s*+)?(?P<sign><=|>=|<|>|≤|≥)\s*+"
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,2}|[a-z])(?![a-z])",
    re.I,
)
_SYSTEMS = {"安卓": "android", "andriod": "android", "iphoneos": "ios", "ipados": "ios", "鸿蒙": "harmonyos"}
_LOW = frozenset(
    (
        "以下", "之前", "以前", "之下", "更低", "低于", "小于", "或以下", "或更低",
    )
)  # fmt: skip
_INCLUSIVE_SIDES = frozenset(
    (
        "或以下", "或更低", "或以上", "或更高", "以上", "之后", "以后", "之上", "更高", "起",
    )
)  # fmt: skip
_PLATFORM_VALUES = {
    "Android": "android", "iOS": "ios", "HarmonyOS": "harmonyos", "小程序": "mini_program", "Web": "web", "PC": "pc",
}  # fmt: skip
_LONGEST_PLATFORM = 40  # characters of a label about platforms
_PLATFORM_FILL_REGEX = Pattern(
    r"当|您|使用|对于|针对|在|仅|只|限|于|适用|面向|的|系统|操作系统|平台|客户端|设备|手机|终端|用户|版本|版|本|端|收集|获取|采集|独有|"
    r"特有|专有|专用|支持|时|下|上|中|生效|涉及|应用|app|sdk|会|我们|和|及|与|[、/,&;:()\s]",
    re.I,
)

_LOCAL_REGEX = Pattern(r"本地(?:处理|存储|读取|使用|计算|生成)|不会?上[传报]|不会?回传|仅在(?:您的)?设备(?:本地|端)")
_CLAUSES: tuple[tuple[Pattern[str], str, str | None], ...] = (
    (Pattern(r"(?:仅|只)?(?:获得|需要?|须|经|取得|在?您?授[权予]|开启|授权|打开|允许).{0,30}(?:权限|授权)|授权后"),
     "permission_dependent", "any"),
    (Pattern(r"可选|选填|非必[选须需填]|自愿|可关闭|可不提供"), "optional", "optional"),
    (Pattern(r"必[选填须需]"), "necessity", "required"),
    (Pattern(r"(?:主要|仅|只)?(?:用于|用以|用来|为了|以便|以实现|旨在)"), "purpose", None),
    (Pattern(r"(?:如|若|当|仅当|在|仅在|只在|一旦|如果|仅限|使用).{0,60}(?:时|后|情况下|场景下?|功能|中)$"), "condition", None),
    (Pattern(r"(?:经过?|已|进行|采用)(?:去标识化|匿名化|脱敏|加密|哈希)"), "derivation", "deidentified"),
    (Pattern(r"(?:根据|基于|依据|通过|经过?|由|从).{1,80}"), "derivation", None),
    (Pattern(r".{0,10}(?:去标识化|匿名化|脱敏|加密|哈希|掩码|不能识别)"), "derivation", "deidentified"),
    (Pattern(r"(?:每|最[高多]|单次|仅).{0,20}次"), "frequency", None),
    (Pattern(r"(?:不含|不包括|不包含|除)"), "exclusion", None),
)  # fmt: skip
# Words that no name of a data item starts with; a bracket that does is a gloss.
_LEADS = (
    "仅", "用于", "用以", "用来", "根据", "通过", "如果", "针对", "对于", "其中", "不会", "不包", "不含", "不收", "不获", "不上",
    "非必", "需要", "需", "可选", "可不", "可关", "若", "如您", "如需", "如涉", "如适", "如有", "只", "限", "部分", "适用", "基于",
    "在您", "在用户", "当您", "当用户", "当", "由", "经", "均", "以便", "以实现", "为了", "必选", "必填", "必须", "选填", "开发者",
    "来自", "来源", "默认", "取决", "视", "除", "按照", "依据", "未", "已", "为", "从", "获得您", "取得您", "因", "此", "该", "我们",
    "您可", "您在", "您使", "您主",
)  # fmt: skip


def read_qualifier(text: str, lexicon: Lexicon) -> tuple[str | None, str | None]:
    """Kind and machine-readable value of a qualifier, each ``None`` where unknown.

    ``仅安卓Q之前版本`` → ``os_version``, ``android<10``; ``仅iOS端收集`` → ``platform``, ``ios``; ``可选`` → ``optional``,
    ``optional``; ``用于机型适配`` → ``purpose``, ``adaptation``.

    Args:
        text: Wording as written.
        lexicon: Vocabulary.
    """
    key = fold(text)
    found = lexicon.qualifiers.get(key)
    if found is not None:
        return found
    wording = text.strip()[:_MAX_WORDING]
    version = _version(wording, lexicon)
    if version is not None:
        return "os_version", version
    platforms = platforms_of(wording, lexicon)
    if platforms:
        return "platform", ",".join(_PLATFORM_VALUES.get(name, name.casefold()) for name in platforms)
    if _LOCAL_REGEX.search(wording):
        return "local", "local"
    for pattern, kind, value in _CLAUSES:
        if pattern.match(wording):
            if kind == "permission_dependent":
                value = _permission_group(wording, lexicon) or value
            return kind, _interval(wording) if kind == "frequency" else value
    return None, None


# Part of a constant → the short name that qualifiers.tsv has for it.
_GROUPS = {
    "LOCATION": "location", "PHONE": "phone", "STORAGE": "storage", "CAMERA": "camera", "RECORD_AUDIO": "microphone",
    "BLUETOOTH": "bluetooth", "CONTACTS": "contacts", "CALENDAR": "calendar", "SMS": "sms", "NOTIFICATION": "notification",
}  # fmt: skip


def _permission_group(wording: str, lexicon: Lexicon) -> str | None:
    """``storage`` for ``需要您授权存储权限后``; ``None`` where no one permission is named."""
    end = wording.find("权限")
    names = (wording[end - size : end] for size in range(min(8, end), 1, -1))
    constants = next(filter(None, (permission_of(name + "权限", lexicon) for name in names)), ())
    groups = {group for constant in constants for part, group in _GROUPS.items() if part in constant}
    return groups.pop() if len(groups) == 1 else None


_INTERVAL_REGEX = Pattern(r"每(?:隔|间隔)?\s*+(?:(?P<number>\d{1,4})\s*+)?(?:个)?(?P<unit>秒|分钟?|小时|天|日|周|月)")
_UNITS = {"秒": "s", "分": "min", "分钟": "min", "小时": "h", "天": "d", "日": "d", "周": "w", "月": "mo"}


def _interval(wording: str) -> str | None:
    """``interval:30s`` for ``每30秒一次``, ``daily`` for ``每天一次``; ``None`` where no time is told."""
    match = _INTERVAL_REGEX.search(wording)
    if match is None:
        return None
    number = match["number"] or "1"
    unit = _UNITS[match["unit"]]
    return "daily" if (number, unit) == ("1", "d") else f"interval:{int(number)}{unit}"


def is_qualifier(text: str, lexicon: Lexicon) -> bool:
    """Whether a wording, as the whole content of a bracket, is a qualifier rather than a name.

    ``针对Android Q以下版本``, ``仅登录时收集``, ``用于定位``; not ``设备型号``.

    Args:
        text: Wording as written.
        lexicon: Vocabulary.
    """
    wording = text.strip()
    if not wording:
        return False
    if fold(wording) in lexicon.qualifiers:
        return True
    if matcher(lexicon).exact(wording) is not None:
        return False
    if wording.startswith(_LEADS) or wording.startswith(_lead_words(lexicon)):
        return True
    head = wording[:_MAX_WORDING]
    return bool(_version(head, lexicon)) or bool(platforms_of(head, lexicon)) or bool(_LOCAL_REGEX.search(head))


@lru_cache(maxsize=8)
def _leads(words: tuple[str, ...], intros: tuple[str, ...]) -> tuple[str, ...]:
    # 包括 and 含 introduce members as well; the grammar of brackets decides on those.
    return tuple(word for word in words if word not in intros)


def _lead_words(lexicon: Lexicon) -> tuple[str, ...]:
    return _leads(lexicon.words.get("qualifier_lead", ()), lexicon.words.get("group_intro", ()))


def _version(wording: str, lexicon: Lexicon) -> str | None:
    """``android<10`` for ``安卓10以下``; ``以下`` excludes the version unless 及 or 含 stands before it."""
    symbol = _SYMBOL_REGEX.search(wording)
    if symbol:
        number = _number(symbol["number"], lexicon)
        return number and _system(symbol["system"]) + symbol["sign"].replace("≤", "<=").replace("≥", ">=") + number
    below = _BELOW_REGEX.search(wording)
    if below:
        number = _number(below["number"], lexicon)
        sign = {"低于": "<", "小于": "<", "不高于": "<=", "不低于": ">=", "高于": ">", "大于": ">"}[below["side"]]
        return number and _system(below["system"]) + sign + number
    match = _VERSION_REGEX.search(wording)
    if not match or not match["number"]:
        return None
    number = _number(match["number"], lexicon)
    if number is None:
        return None
    side = match["side"]
    inclusive = bool(match["and"]) or side in _INCLUSIVE_SIDES or "(含)" in match.group()
    sign = ("<" if side in _LOW else ">") + ("=" if inclusive else "")
    return _system(match["system"]) + sign + number


def _system(name: str) -> str:
    name = name.casefold()
    return _SYSTEMS.get(name, name)


def _number(written: str, lexicon: Lexicon) -> str | None:
    if written[0].isdigit():
        return written.removesuffix(".0")
    return lexicon.os_versions.get(fold(written))


def platforms_of(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Platforms that a label is about, none where the text says anything besides.

    ``Android端``, ``仅iOS设备收集``, ``当您使用安卓版客户端时``, ``iOS和Android``; not ``Android设备的序列号``.

    Args:
        text: Wording as written.
        lexicon: Vocabulary.
    """
    return _platform_words(lexicon).known[text] if 1 < len(text) <= _LONGEST_PLATFORM else ()


def _platforms_in(text: str, words: _PlatformWords, lexicon: Lexicon) -> tuple[str, ...]:
    rest = text.casefold()
    if not words.found.search(rest) or matcher(lexicon).exact(text) in IDENTIFIERS:
        return ()  # MAC is an address before it is a computer
    found: dict[int, str] = {}
    for word, platform in words.pairs:
        at = rest.find(word)
        while at >= 0:
            if _is_word(rest, at, at + len(word)):
                found[at] = platform
                rest = rest[:at] + ";" * len(word) + rest[at + len(word) :]
            at = rest.find(word, at + 1)
    if not found or _PLATFORM_FILL_REGEX.sub("", rest):
        return ()
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


def _is_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (
        (before.isascii() and before.isalpha() and text[start].isascii())
        or (after.isascii() and after.isalpha() and text[end - 1].isascii())
    )


class _PlatformWords:
    """What names a platform, the longest first, and the labels that were read with it."""

    def __init__(self, lexicon: Lexicon) -> None:
        pairs = [(word.casefold(), name) for name, words in lexicon.platforms.items() for word in words]
        pairs.sort(key=lambda pair: -len(pair[0]))
        self.pairs = tuple(pairs)
        self.found = Pattern("|".join(re.escape(word) for word, _ in pairs) or r"(?!)")
        self.known = Answers[str, tuple[str, ...]](lambda text: _platforms_in(text, self, lexicon))


@lru_cache(maxsize=8)
def _platform_words(lexicon: Lexicon) -> _PlatformWords:
    return _PlatformWords(lexicon)
