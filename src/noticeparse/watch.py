"""Changes between the versions of a store, as disclosures and not as lines."""

from __future__ import annotations

from noticeparse.diff import NoticeDiff, diff_notices
from noticeparse.fetch.store import Store, Version
from noticeparse.fetch.stored import open_version, version_name
from noticeparse.lexicon.load import Lexicon
from noticeparse.parsing import parse_document
from noticeparse.records import Notice


def parse_version(store: Store, version: Version, lexicon: Lexicon, *, name: str | None = None) -> Notice:
    """Parse what a version holds.

    Args:
        store: Where it is.
        version: Which.
        lexicon: Vocabulary.
        name: The record's source; address and time where not given.

    Raises:
        InputError: It cannot be read.
        StoreError: Its bytes are missing or damaged.
    """
    return parse_document(open_version(store, version, name=name or version_name(version)), lexicon)


def diff_versions(store: Store, old: Version, new: Version, lexicon: Lexicon) -> NoticeDiff:
    """Compare two versions, both parsed by this program and with this vocabulary.

    Args:
        store: Where they are.
        old: The earlier one.
        new: The later one.
        lexicon: Vocabulary.

    Raises:
        InputError: One cannot be read.
        StoreError: Bytes are missing or damaged.
    """
    return diff_notices(parse_version(store, old, lexicon), parse_version(store, new, lexicon))
