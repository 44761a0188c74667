"""Templates to whole pages: everything escaped, nothing loaded, and only the page's own script allowed to run."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

# What an HTML reader would drop or change though it is escaped: NUL is not allowed at all, CR would become LF.
_KEPT = {0x00: "\ufffd", 0x0D: "&#13;"}


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("noticeparse.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["address"] = web_address
    environment.filters["verbatim"] = verbatim
    return environment


def web_address(url: str | None) -> str | None:
    """An address that a page may link to; ``None`` for one that is no web page's (``javascript:``, ``data:``, a title).

    Args:
        url: As the notice gives it.
    """
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def verbatim(text: str) -> Markup:
    """Text escaped so that a browser gives every character of it back, but NUL, which becomes U+FFFD.

    Args:
        text: From a notice.
    """
    return Markup(str(escape(text)).translate(_KEPT))


def fill(name: str, data: object | None = None, **values: Any) -> str:
    """A page from its template.

    Args:
        name: Of the template and of the script that goes with it, without suffix.
        data: What the script reads, embedded as JSON.
        values: What the template shows.
    """
    folder = files("noticeparse.report") / "templates"
    script = (folder / f"{name}.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _environment()
        .get_template(f"{name}.html")
        .render(
            **values,
            style=Markup((folder / "page.css").read_text(encoding="utf-8")),
            script=Markup(script),
            policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; "
            "form-action 'none'",
            data=embedded(data),
        )
    )


def embedded(data: object) -> Markup:
    """JSON that can stand in a script element whatever text it holds.

    Args:
        data: Lists, dicts, text, numbers, ``None``.
    """
    written = htmlsafe_json_dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(written.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))
