"""Mentions in any text, a list or not: data that people's sentences tell of, and who receives them."""

from __future__ import annotations

from pathlib import Path

from noticeparse.document import document_from_text
from noticeparse.lexicon.load import load_lexicon
from noticeparse.mentions.reading import Mentions, read_mentions
from noticeparse.records import DataItem, Recipient

__all__ = ["Mentions", "find_data_items", "find_recipients", "read_mentions"]


def find_data_items(text: str, *, generic: bool = False, lexicon: Path | str | None = None) -> list[DataItem]:
    """Find the personal data that a text tells of.

    A name counts where its sentence says that the data are collected, used, kept, provided or asked for, not wherever the
    word stands: ``我们会收集您的姓名和设备的型号`` has two, ``请保管好您的密码`` none. Spans cover the name alone, without 您的
    and without what follows it.

    Args:
        text: Any text; nothing but its sentences is looked at.
        generic: Whether catch-all words (个人信息, 这些信息) count, too. They come with ``generic`` set.
        lexicon: Folder with rows to lay over the shipped lexicons.

    Returns:
        In the order of the text, none overlapping another. ``text[slice(*item.span)] == item.text``. ``concept`` is ``None``
        for a name that the lexicon does not hold; ``parent`` is the index of the name before the bracket that it stands in.

    Raises:
        InputError: The text holds half a surrogate pair.
        LexiconError: The lexicon or its overlay cannot be used.
    """
    return list(_read(text, generic=generic, lexicon=lexicon).data_items)


def find_recipients(text: str, *, generic: bool = False, lexicon: Path | str | None = None) -> list[Recipient]:
    """Find who is given the personal data that a text tells of.

    ``我们会向物流服务商提供您的地址`` has one. Who collects data without being given them (``某某SDK会收集…``) is none.

    Args:
        text: Any text.
        generic: Whether words that name nobody in particular (第三方, 任何公司, 我们) count, too. They come with ``generic``
            set.
        lexicon: Folder with rows to lay over the shipped lexicons.

    Returns:
        In the order of the text, none overlapping another. ``text[slice(*recipient.span)] == recipient.text``.

    Raises:
        InputError: The text holds half a surrogate pair.
        LexiconError: The lexicon or its overlay cannot be used.
    """
    return list(_read(text, generic=generic, lexicon=lexicon).recipients)


def _read(text: str, *, generic: bool, lexicon: Path | str | None) -> Mentions:
    return read_mentions(document_from_text(text), load_lexicon(lexicon), generic=generic)
