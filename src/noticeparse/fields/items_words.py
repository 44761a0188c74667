"""The words of the item grammar, folded and sorted once for a lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.pattern import Pattern
from noticeparse.records import Span

# Words that open a list of members anywhere in a run; the shorter ones (如, 含, 即) only where a run starts.
_INTROS = (
    "包括但不限于",
    "包括不限于",
    "包含但不限于",
    "主要包括",
    "具体包括",
    "可能包括",
    "其中包括",
    "分别为",
    "具体为",
    "包括",
    "包含",
    "例如",
    "比如",
    "诸如",
    "譬如",
)
_SHORT_INTROS = ("如", "含", "即", "指", "有")
_OWNERS = (
    "您设备的",
    "您设备上的",
    "您终端的",
    "您的设备的",
    "您的",
    "你的",
    "您个人的",
    "您本人的",
    "用户设备的",
    "用户的",
)
_VERBS = ("获取", "读取", "收集", "采集", "获得", "搜集", "取得", "调取", "上报", "上传", "访问")
_PURPOSES = (
    "用于",
    "用以",
    "用来",
    "以便",
    "以实现",
    "以保障",
    "以提供",
    "为了",
    "以用于",
    "主要用于",
    "仅用于",
    "便于",
    "旨在",
    "从而",
)
_PURPOSES_INSIDE = ("用于", "用以", "用来", "以便", "以实现")
_DEVICES = ("摄像头", "相机", "照相机", "麦克风", "话筒", "闪光灯", "手电筒")
_ACTIONS = (
    "展示", "曝光", "点击", "浏览", "收藏", "分享", "评论", "点赞", "下载", "安装", "卸载", "启动", "开机", "打开", "关闭", "播放", "观看",
    "搜索", "转化", "激活", "注册", "登录", "购买", "支付", "关注", "转发", "加购", "使用", "访问", "操作", "停留", "滑动",
)  # fmt: skip
_ADVERBS = ("为此", "因此", "同时", "此外", "另外", "其中", "并且", "以及")
_VERSIONS = ("版本", "版本号", "版本信息", "版本号信息")
_CATCH_ALL = (
    "权限",
    "信息",
    "数据",
    "个人信息",
    "相关信息",
    "用户信息",
    "其他信息",
    "其他",
    "必要信息",
    "字段",
    "内容",
    "类型",
    "类",
    "情况",
)
_AFTER_ET_CETERA = (
    "相关信息",
    "特征信息",
    "信息",
    "数据",
    "内容",
    "相关内容",
    "必要信息",
    "个人信息",
    "方式",
    "情况",
    "参数",
    "资料",
    "字段",
    "类型",
)


class ItemWords(Struct, frozen=True):
    """Word lists that the item grammar asks for; folded where they are compared whole.

    Attributes:
        absent: Values that say there is none.
        catch_all: Words for data in general, which are no items.
        after_et_cetera: Words behind 等 that name no group.
        owners: Words in front that say whose data it is and are dropped.
        verbs: Verbs in front that are dropped.
        purposes: Words that a purpose clause starts with.
        purposes_inside: Those of them that are no part of a name.
        facilities: What a permission opens, said without 权限.
        devices: Facilities that are no data themselves, so that they name a permission in a data field too.
        adverbs: Words between sentences that say nothing of data.
        actions: What users do; a list of such words before one noun is one name.
        versions: Bare words for a version, which mean that of what stands before.
        intro: Pattern of words that open a list of members.
        short_intro: The same where a run starts.
    """

    absent: frozenset[str]
    catch_all: frozenset[str]
    after_et_cetera: frozenset[str]
    owners: tuple[str, ...]
    verbs: tuple[str, ...]
    purposes: tuple[str, ...]
    purposes_inside: tuple[str, ...]
    facilities: frozenset[str]
    devices: frozenset[str]
    adverbs: frozenset[str]
    actions: tuple[str, ...]
    versions: frozenset[str]
    intro: Pattern[str]
    short_intro: Pattern[str]

    def intro_at(self, text: str, start: int, end: int) -> Span | None:
        """An introducing word that a run starts with: ``包括A``, ``如A``; 如 is none in 如有 and 如您."""
        return self._span(self.short_intro.match(text, start, end))

    def intro_in(self, text: str, start: int, end: int) -> Span | None:
        """An introducing word at the start of a run or behind its head: ``设备信息包括A``."""
        found = self.short_intro.match(text, start, end) or self.intro.search(text, start, min(end, start + 60))
        return self._span(found)

    @staticmethod
    def _span(match: re.Match[str] | None) -> Span | None:
        return match.span() if match else None


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(words), key=len, reverse=True))  # no set: its order differs from start to start


@lru_cache(maxsize=8)
def item_words(lexicon: Lexicon) -> ItemWords:
    """The word lists of a lexicon, built once for each lexicon in use."""
    words = lexicon.words
    intros = _longest_first((*_INTROS, *(word for word in words.get("group_intro", ()) if len(word) > 2)))
    long = "|".join(map(re.escape, intros))
    owners = (*_OWNERS, *(word for word in words.get("owner", ()) if word.endswith("的") and "您" in word))
    facilities = frozenset(map(fold, words.get("facility", ())))
    return ItemWords(
        absent=frozenset(map(fold, words.get("absent", ()))),
        catch_all=frozenset(map(fold, (*words.get("catch_all", ()), *_CATCH_ALL))),
        after_et_cetera=frozenset((*words.get("catch_all", ()), *_AFTER_ET_CETERA)),
        owners=_longest_first(owners),
        verbs=tuple(words.get("dropped_verb", _VERBS)),
        purposes=_PURPOSES,
        purposes_inside=_PURPOSES_INSIDE,
        facilities=facilities,
        devices=frozenset(map(fold, words.get("device_facility", _DEVICES))),
        adverbs=frozenset(_ADVERBS),
        actions=tuple(words.get("action", _ACTIONS)),
        versions=frozenset(map(fold, _VERSIONS)),
        intro=Pattern(rf"(?:{long})\s*+(?::\s*+)?|(?<=[a-zA-Z端版卓果息符据数])如(?![有需果您涉适下同])\s*"),
        short_intro=Pattern(
            rf"\s{{0,99}}+(?:{long}|(?:{'|'.join(_SHORT_INTROS)})(?![有需果您涉适用若无不下同时效一])(?!\w{{0,20}}时))\s*+(?::\s*+)?"
        ),
    )
