"""One source, from its address to what is kept of it: asked, told what it is, rendered where that is needed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from noticeparse.document.detect import HTML
from noticeparse.fetch.classify import Classifier
from noticeparse.fetch.content import Content, read_content
from noticeparse.fetch.options import Render
from noticeparse.fetch.outcome import FetchError, Outcome, Verdict
from noticeparse.fetch.session import Client, Hop, Response, Visit, now
from noticeparse.fetch.sources import Source
from noticeparse.fetch.store import Fetch

if TYPE_CHECKING:
    from noticeparse.document import Document
    from noticeparse.fetch.render import Renderer

_RENDERED = "text/html; charset=utf-8"
_WORTH_RENDERING = frozenset({Outcome.OK, Outcome.NEEDS_RENDERING, Outcome.NOT_A_NOTICE, Outcome.EMPTY})


@dataclass(frozen=True, slots=True)
class Page:
    """A fetch, and the content that it ended with; ``None`` where nothing came."""

    fetch: Fetch
    content: Content | None


def fetch_page(
    client: Client,
    source: Source,
    classifier: Classifier,
    *,
    validators: Mapping[str, str] | None = None,
    renderer: Renderer | None = None,
) -> Page:
    """Fetch one source.

    Args:
        client: Makes the requests.
        source: What to fetch.
        classifier: Tells what came.
        validators: Headers of a conditional request.
        renderer: Opens pages in a browser; ``None`` where there is none.

    Raises:
        StoppedError: The run was stopped.
    """
    begun = time.monotonic()
    visit = client.visit(source.url, source.headers)
    mode = source.render or client.options.render
    asked = {} if mode is Render.ALWAYS else dict(validators or {})
    try:
        response = visit.get(source.url, headers=asked)
    except FetchError as error:
        hops = cast("tuple[Hop, ...]", error.hops)
        seconds = time.monotonic() - begun
        fetch = Fetch(error.outcome, error.detail, source.url, error.url or source.url, now(), seconds, hops)
        return Page(fetch, None)
    if response.status == 304 and not asked:
        verdict = Verdict(Outcome.HTTP_ERROR, "304 to a request without a condition")
        return Page(_fetch(source, response, verdict), None)
    header = response.header("Content-Type")
    content = read_content(
        response.body, source=response.url, header=header, encoding=source.encoding, selector=source.selector
    )
    verdict = classifier.classify(response, content)
    page = Page(_fetch(source, response, verdict, content), content)
    if content.media_type == HTML and _wants_rendering(mode, verdict.outcome, content, renderer):
        page = _rendered(page, source, response, visit, classifier, renderer)
    return Page(replace(page.fetch, seconds=time.monotonic() - begun), page.content)


def _wants_rendering(mode: Render, outcome: Outcome, content: Content, renderer: Renderer | None) -> bool:
    """Whether a page is opened in the browser.

    Left to itself that is an empty shell, and a page with scripts that is no notice: its frame may be there already, and the
    notice still to come.
    """
    if mode is Render.ALWAYS:
        return outcome in _WORTH_RENDERING
    if mode is Render.NEVER:
        return False
    if outcome is Outcome.NEEDS_RENDERING:
        return True
    scripted = "<script" in (content.text or "").lower()
    return renderer is not None and scripted and outcome in (Outcome.NOT_A_NOTICE, Outcome.EMPTY)


def _rendered(
    page: Page, source: Source, response: Response, visit: Visit, classifier: Classifier, renderer: Renderer | None
) -> Page:
    """The page as a browser shows it; as it was where there is no browser."""
    if renderer is None:
        detail = f"{page.fetch.detail or 'rendering asked for'}; there is no browser"
        return Page(replace(page.fetch, outcome=Outcome.NEEDS_RENDERING, detail=detail, text_sha256=None), page.content)
    try:
        html = renderer.render(response, visit)
    except FetchError as error:
        return Page(replace(page.fetch, outcome=error.outcome, detail=error.detail, text_sha256=None), page.content)
    dom = html.encode("utf-8", "replace")
    content = read_content(dom, source=response.url, header=_RENDERED, selector=source.selector)
    verdict = classifier.classify(response, content, rendered=True)
    fetch = _fetch(source, response, verdict, content)
    return Page(replace(fetch, charset=page.fetch.charset, rendered=dom), content)


def _fetch(source: Source, response: Response, verdict: Verdict, content: Content | None = None) -> Fetch:
    document = content.document if content else None
    return Fetch(
        outcome=verdict.outcome,
        detail=verdict.detail,
        url=source.url,
        final_url=response.url,
        time=response.time,
        seconds=response.seconds,
        hops=response.hops,
        status=response.status,
        headers=response.headers,
        media_type=content.media_type if content and response.body else None,
        charset=content.charset if content else None,
        body=response.body,
        text_sha256=text_digest(document) if document and verdict.outcome is Outcome.OK else None,
    )


def text_digest(document: Document) -> str:
    """Digest of what a reader sees: the words and where the links lead, white space and mark-up aside.

    Args:
        document: The notice.
    """
    digest = hashlib.sha256(" ".join(document.text.split()).encode("utf-8", "replace"))
    for link in document.links:
        digest.update(b"\0" + link.url.encode("utf-8", "replace"))
    return digest.hexdigest()
