r"""noticeparse: Chinese apps' third-party sharing notices as structured, comparable records.

>>> import noticeparse
>>> notice = noticeparse.parse("某某SDK\n使用目的：消息推送\n数据类型：IMEI、MAC地址\n隐私政策：https://a.example/privacy")
>>> [item.concept for item in notice.disclosures[0].data_items]
['imei', 'mac_address']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from noticeparse._version import __version__

if TYPE_CHECKING:
    from noticeparse.diff import NoticeDiff, diff_notices
    from noticeparse.errors import (
        InputError,
        LexiconError,
        MissingInputError,
        NoticeparseError,
        RecordError,
        RenderError,
        WorkerError,
    )
    from noticeparse.jsonl import read_notices
    from noticeparse.many.outcome import Outcome
    from noticeparse.many.parallel import parse_many
    from noticeparse.mentions import find_data_items, find_recipients
    from noticeparse.parsing import parse
    from noticeparse.records import (
        DataItem,
        Diagnostic,
        Disclosure,
        Entity,
        Link,
        Maker,
        Match,
        Notice,
        NoticeInfo,
        Permission,
        Qualifier,
        Recipient,
        Unparsed,
        Value,
        json_schema,
    )
    from noticeparse.rendering.notice import render
    from noticeparse.tables.frames import Frames, to_frames

__all__ = [
    "DataItem",
    "Diagnostic",
    "Disclosure",
    "Entity",
    "Frames",
    "InputError",
    "LexiconError",
    "Link",
    "Maker",
    "Match",
    "MissingInputError",
    "Notice",
    "NoticeDiff",
    "NoticeInfo",
    "NoticeparseError",
    "Outcome",
    "Permission",
    "Qualifier",
    "Recipient",
    "RecordError",
    "RenderError",
    "Unparsed",
    "Value",
    "WorkerError",
    "__version__",
    "diff_notices",
    "find_data_items",
    "find_recipients",
    "json_schema",
    "parse",
    "parse_many",
    "read_notices",
    "render",
    "to_frames",
]

#: Where a public name lives, if not among the records.
_HOMES = {
    "Frames": "noticeparse.tables.frames",
    "InputError": "noticeparse.errors",
    "LexiconError": "noticeparse.errors",
    "MissingInputError": "noticeparse.errors",
    "NoticeparseError": "noticeparse.errors",
    "RecordError": "noticeparse.errors",
    "RenderError": "noticeparse.errors",
    "WorkerError": "noticeparse.errors",
    "NoticeDiff": "noticeparse.diff",
    "diff_notices": "noticeparse.diff",
    "find_data_items": "noticeparse.mentions",
    "find_recipients": "noticeparse.mentions",
    "Outcome": "noticeparse.many.outcome",
    "parse": "noticeparse.parsing",
    "parse_many": "noticeparse.many.parallel",
    "read_notices": "noticeparse.jsonl",
    "render": "noticeparse.rendering.notice",
    "to_frames": "noticeparse.tables.frames",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import noticeparse`` costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'noticeparse' has no attribute {name!r}")
    module = _HOMES.get(name, "noticeparse.records")
    value = getattr(import_module(module), name)
    globals()[name] = value
    return value
