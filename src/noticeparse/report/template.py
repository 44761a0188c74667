"""Templates to whole pages: everything escaped, nothing loaded, and only the page's own script allowed to run."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape


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
    # What an HTML reader would drop or change though it is escaped: NUL is not allowed at all, CR would become LF.
    return escape(text).replace("\x00", "\ufffd").replace("\r", Markup("&#13;"))


def fill(name: str, data: object | None = None, **values: Any) -> str:
    """A page from its template.

    Args:
        name: Of the template and of the script that goes with it, without suffix.
        data: What the script reads, embedded as JSON.
        values: What the template shows.
    """
    folder = files("noticeparse.report") / "templates"
    script = _own(folder / f"{name}.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _environment()
        .get_template(f"{name}.html")
        .render(
            **values,
            style=_own(folder / "page.css"),
            script=script,
            policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; "
            "form-action 'none'",
            data=embedded(data),
        )
    )


def _own(file: Traversable) -> Markup:
    """A file of the package, which stands in the page as it is."""
    text = file.read_text(encoding="utf-8")
    return Markup(text)  # nosec B704 # nothing of a notice is in it


def embedded(data: object) -> Markup:
    """JSON that can stand in a script element whatever text it holds.

    Args:
        data: Lists, dicts, text, numbers, ``None``.
    """
    written = htmlsafe_json_dumps(data, ensure_ascii=False, separators=(",", ":"))
    return written.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
