"""Links from a policy to the lists of recipients that belong to it."""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin

from noticeparse.document import Document
from noticeparse.fetch.addresses import what_is_wrong
from noticeparse.lexicon.load import Lexicon, fold

MOST = 5
_LONGEST = 60


def list_links(document: Document, base: str, lexicon: Lexicon) -> list[str]:
    """Addresses of the lists of recipients that a page links to.

    A link counts by its visible words: one for whom it lists and one for a list, as in ``《第三方SDK目录》``,
    ``第三方信息共享清单``, ``合作方名单``.

    Args:
        document: The page.
        base: Its address.
        lexicon: Vocabulary.

    Returns:
        At most :data:`MOST` addresses, each once, in the order of the page, without the page itself.
    """
    subjects = [fold(word) for word in lexicon.words.get("list_subject", ())]
    heads = [fold(word) for word in lexicon.words.get("list_head", ())]
    own = urldefrag(base).url
    found: dict[str, None] = {}
    for link in document.links:
        words = fold(document.text[slice(*link.span)])
        if len(words) > _LONGEST or not any(word in words for word in subjects):
            continue
        if not any(word in words for word in heads):
            continue
        target = urldefrag(urljoin(base, link.url.strip())).url
        if target != own and what_is_wrong(target) is None:
            found[target] = None
    return list(found)[:MOST]
