"""The versions of a store of fetched notices, parsed as files are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from noticeparse.fetch.store import Store, Version
from noticeparse.fetch.stored import object_of, open_version, version_name
from noticeparse.lexicon.load import Lexicon
from noticeparse.many.outcome import Outcome, parse_opened
from noticeparse.many.parallel import encode, load_same_lexicon


def source_of(version: Version, *, dated: bool) -> str:
    """The source that a version's records name.

    Args:
        version: Which.
        dated: Whether several versions of one address are parsed, so that the address alone does not tell them apart.
    """
    return version_name(version) if dated else version.source.url


def digest_of(version: Version) -> str | None:
    """SHA-256 of the bytes that are parsed, where the records depend on nothing else that may change.

    Args:
        version: Which.

    Returns:
        Hexadecimal digits; ``None`` where the list of sources says how to read the bytes.
    """
    digest, stored = object_of(version)
    return digest if stored.encoding is None and stored.selector is None else None


def parse_version(store: Store, version: Version, lexicon: Lexicon, *, dated: bool) -> Outcome:
    """Parse one version; whatever is wrong with it is in the outcome.

    Args:
        store: Where it is.
        version: Which.
        lexicon: Vocabulary.
        dated: As for :func:`source_of`.
    """
    name = source_of(version, dated=dated)
    return parse_opened(name, lambda: open_version(store, version, name=name), lexicon, digest=object_of(version)[0])


def prepare_versions(
    folder: str, dated: bool, lexicon: Path | str | None, lexicon_version: str
) -> Callable[[bytes], bytes]:
    """What a worker does with versions, each told by its number.

    Args:
        folder: Of the store.
        dated: As for :func:`source_of`.
        lexicon: Folder with rows to lay over the shipped lexicons.
        lexicon_version: Of the lexicon that the supervisor has.

    Raises:
        StoreError: There is no store, or it cannot be used.
        LexiconError: The lexicon cannot be used, or is another one by now.
    """
    vocabulary = load_same_lexicon(lexicon, lexicon_version)
    store = Store(folder)
    return lambda task: encode(parse_version(store, store.version(int(task)), vocabulary, dated=dated))
