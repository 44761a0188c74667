"""A process that is warm but has not seen a notice: what the parser remembers is dropped, and all others are parsed.

A cache of values makes a second parse of a notice quicker than any user's first one. Hence the notices are dealt into folds;
for each fold everything is forgotten, the notices of the other folds are parsed, and those inside it are met for the first
time.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from types import ModuleType

from benchmarks.notices import Sample
from noticeparse.document import read_document
from noticeparse.lexicon.load import load_lexicon
from noticeparse.parsing import parse_document

#: What only one notice of the corpus may need, and what is therefore not loaded by parsing the others.
WARM_UP = (
    "範例推送SDK\n使用目的：訊息推送\n收集個人資訊：裝置型號\n".encode(),
    "示例推送SDK\n使用目的：消息推送\n收集个人信息：设备型号\n".encode("gb18030"),
)


def forget() -> None:
    """Drop all that the parser remembers from earlier calls, vocabulary and compiled expressions of its own included."""
    memo = sys.modules.get("noticeparse.memo")
    if memo is not None:
        memo.clear()
    for name, module in list(sys.modules.items()):
        if name == "noticeparse" or name.startswith("noticeparse."):
            for cached in caches(module):
                cached.cache_clear()


def caches(module: ModuleType) -> Iterator[Callable[..., object]]:
    """What a module defines with ``lru_cache``."""
    for value in vars(module).values():
        if hasattr(value, "cache_clear") and getattr(value, "__module__", None) == module.__name__:
            yield value


def first_sights(samples: Sequence[Sample], sections: Collection[str], folds: int) -> Iterator[list[int]]:
    """Make the process warm for one fold after the other.

    A page that was made from a text says the same as the text, so that the two are never in one process: neither is among
    the others of its twin.

    Args:
        samples: The notices.
        sections: Those that are to be met; the others only make the process warm.
        folds: How many parts the notices are dealt into.

    Returns:
        For each fold, the indices of its notices of those sections; they have to be used before the next is taken.
    """
    for twins, wanted in (("made", set(sections) - {"made"}), ("text", set(sections) & {"made"})):
        pool = [at for at, sample in enumerate(samples) if sample.section != twins]
        for number in range(folds):
            fold = pool[number::folds]
            met = [at for at in fold if samples[at].section in wanted]
            if not met:
                continue
            forget()
            for data in WARM_UP:
                parse_document(read_document("notice.txt", data), load_lexicon(None))
            for at in pool:
                if at not in fold:
                    samples[at].parse()
            # What is loaded, the rivals' modules included, must not weigh on a garbage collection in somebody's time.
            gc.collect()
            gc.freeze()
            yield met
            gc.unfreeze()
