"""The grammar of a permission field: the item grammar, with permissions as what a name is unless it says otherwise."""

from __future__ import annotations

from noticeparse.document.view import View
from noticeparse.fields.items import parse_items
from noticeparse.fields.items_model import ItemRun
from noticeparse.lexicon.load import Lexicon


def parse_permissions(view: View, start: int, end: int, lexicon: Lexicon) -> ItemRun:
    """Read a field of permissions.

    ``存储权限、相机（用于扫码）``, ``READ_PHONE_STATE``, ``IMEI权限`` (a data item).

    Args:
        view: The notice.
        start: View position.
        end: View position behind the run.
        lexicon: Vocabulary.
    """
    return parse_items(view, start, end, lexicon, default="permission")
