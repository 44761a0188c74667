"""Frames as styled tables for notebooks: the disclosures with links that can be followed, every text escaped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pandas as pd

from noticeparse.tables.frames import Frames

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

_CSS: Any = [
    {"selector": "th, td", "props": "text-align: left; vertical-align: top; padding: 4px 8px;"},
    {"selector": "td", "props": "white-space: normal; overflow-wrap: anywhere; min-width: 4em; max-width: 28em;"},
    {"selector": "caption", "props": "text-align: left; padding: 4px 8px;"},
]


def link_html(address: object) -> str:
    """An address as a link that can be followed, if it is one of the web; else the text, both escaped.

    Args:
        address: Such as ``https://a.example/privacy``. What has another scheme (``javascript:``), or none, is no link.
    """
    if not isinstance(address, str):
        return ""  # a null
    text = escape(address)
    try:
        parts = urlsplit(address)
        web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        web = False  # no address at all: shown as the notice writes it
    return f'<a href="{text}" target="_blank" rel="noopener noreferrer">{text}</a>' if web else text


def style_disclosures(frames: Frames, app: str | None = None) -> Styler:
    """The disclosures as a table for reading: who receives what through which SDK and why, with links to the policies.

    Args:
        frames: The tables.
        app: Only the notices of this ``label``.

    Returns:
        A Styler that a notebook shows; ``.to_html()`` gives the page's part. Sensitive data are bold. Values are escaped:
        nothing in a notice is taken for HTML. The same frames give the same HTML.
    """
    wide = frames.disclosures.merge(frames.notices[["notice_id", "label"]], on="notice_id", how="left")
    if app is not None:
        wide = wide[wide["label"] == app]
    items = {
        str(key): "、".join(
            _item(text, sensitive) for text, sensitive in zip(part["text"], part["sensitive"], strict=True)
        )
        for key, part in frames.data_items.groupby("disclosure_id")
    }
    permissions = {str(key): "、".join(part) for key, part in frames.permissions.groupby("disclosure_id")["text"]}
    table = pd.DataFrame(
        {
            "app": wide["label"],
            "recipient": wide["recipient"],
            "SDK": wide["sdk"],
            "purpose": wide["purpose"],
            "data": _by_key(wide, items),
            "permissions": _by_key(wide, permissions),
            "privacy policy": wide["privacy_policy"],
        }
    ).reset_index(drop=True)
    if wide["label"].nunique() == 1:
        table = table.drop(columns="app")
    # every column has a formatter that escapes; the data are made of escaped parts already
    formatters: dict[Any, Callable[[object], str] | str | None] = dict.fromkeys(table.columns, _text)
    formatters |= {"data": str, "privacy policy": link_html}
    styler = table.style.hide(axis="index").set_table_styles(_CSS).format(formatters)
    digest = hashlib.sha256(table.to_csv().encode()).hexdigest()[:8]
    return styler.set_uuid(digest).set_caption("Bold: sensitive personal information")


def _text(value: object) -> str:
    return escape(value) if isinstance(value, str) else ""


def _item(text: str, sensitive: Any) -> str:
    shown = escape(text)
    return f"<b>{shown}</b>" if sensitive is not pd.NA and sensitive else shown


def _by_key(wide: pd.DataFrame, values: Mapping[str, str]) -> list[str]:
    return [values.get(key, "") for key in wide["disclosure_id"]]
