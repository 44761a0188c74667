"""What the vocabulary costs and what it finds.

    python -m benchmarks.lexicon

Building every matcher from the tables, in milliseconds of processor time and as a ratio to starting Python with ``json``
and ``re``; then the share of disclosures whose company or SDK is known, and by what way, on the corpus and on the
notices beside the checkout.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable

from noticeparse.fields.items_words import item_words
from noticeparse.layout.labels import label_grammar
from noticeparse.lexicon.load import _load, load_lexicon
from noticeparse.lexicon.match import matcher
from noticeparse.names import name_grammar
from noticeparse.normalise.companies import company_names
from noticeparse.normalise.evidence import domains
from noticeparse.normalise.sdks import sdk_names
from noticeparse.parsing import parse
from tests.support import CORPUS, SHARED_NOTICES, Collection

ROUNDS = 9


def build() -> None:
    """Read the tables and build all that is ever looked up in."""
    _load.cache_clear()
    lexicon = load_lexicon()
    for make in (matcher, name_grammar, label_grammar, item_words):
        make(lexicon)
    company_names(lexicon).find("某某某某科技有限公司")  # a name that no table has, so that every form is made
    sdk_names(lexicon).find("某某推送")
    domains(lexicon).owner("www.example.invalid")


def start() -> None:
    """Start Python with the two modules that the budgets compare with."""
    subprocess.run([sys.executable, "-c", "import json, re"], check=True)


def best(action: Callable[[], None], clock: Callable[[], float]) -> float:
    """The least of some rounds, in seconds."""
    took = []
    for _ in range(ROUNDS):
        before = clock()
        action()
        took.append(clock() - before)
    return min(took)


def resolved(collection: Collection) -> tuple[int, Counter[str]]:
    """Disclosures that name a company or an SDK, and the ways by which ids were found."""
    ways: Counter[str] = Counter()
    named = 0
    for notice_id in collection.ids():
        for one in parse(collection.notice(notice_id)).disclosures:
            if one.provider is None and one.sdk is None:
                continue
            named += 1
            matches = [entity.match for entity in (one.provider, one.sdk) if entity is not None]
            ways.update(match.how for match in matches if match is not None)
            ways["maker"] += one.maker is not None
            ways["any"] += one.maker is not None or any(match is not None for match in matches)
    return named, ways


def main() -> None:
    """Print the figures."""
    cost = best(build, time.process_time)
    print(f"all matchers from the tables: {1000 * cost:.0f} ms, {cost / best(start, time.perf_counter):.1f} x python")
    for name, collection in (("corpus", CORPUS), ("beside", SHARED_NOTICES)):
        if collection.ids():
            named, ways = resolved(collection)
            found = ways.pop("any")
            print(f"{name}: {found} of {named} known ({found / named:.3f}); {dict(ways.most_common())}")


if __name__ == "__main__":
    main()
