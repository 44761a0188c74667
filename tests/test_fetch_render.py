"""Pages that a script fills, in a real Chromium; skipped where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path

import pytest

from noticeparse.fetch.addresses import Guard
from noticeparse.fetch.classify import Classifier
from noticeparse.fetch.options import FetchOptions, Render
from noticeparse.fetch.outcome import Outcome
from noticeparse.fetch.page import Page, fetch_page
from noticeparse.fetch.render import BrowserError, Renderer, find_chromium
from noticeparse.fetch.session import Client
from noticeparse.fetch.sources import Source
from noticeparse.fetch.store import Store
from noticeparse.lexicon.load import load_lexicon
from tests.conftest import Run
from tests.web import NOTICE_TEXT, SHELL, Web, html, respond, serving

FILL = """fetch('/api/notice', {method: 'POST', body: location.hash}).then(r => r.json())
  .then(d => { document.getElementById('app').innerHTML = d.html })"""
OPTIONS = FetchOptions(delay=0.0, timeout=5.0, deadline=20.0, retries=0, backoff=0.01, allow_private=True)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    try:
        made = Renderer(seconds=20.0)
    except BrowserError as error:
        pytest.skip(str(error))
    yield made
    made.close()


@pytest.fixture
def web() -> Iterator[Web]:
    with serving("127.0.0.1", "127.0.0.2") as running:
        running.on("/shell", respond(SHELL))
        running.on("/app.js", respond(FILL, kind="text/javascript"))
        running.on("/api/notice", respond(json.dumps({"html": html()}), kind="application/json"))
        yield running


def fetch(url: str, renderer: Renderer | None, client: Client | None = None, **changes: object) -> Page:
    client = client or Client(replace(OPTIONS, **changes))  # type: ignore[arg-type]
    return fetch_page(client, Source("a", "A", url), Classifier(load_lexicon()), renderer=renderer)


@pytest.mark.slow
def test_a_page_that_a_script_fills(web: Web, renderer: Renderer) -> None:
    page = fetch(web.url("/shell#/sdk"), renderer)
    assert page.fetch.outcome is Outcome.OK
    assert page.fetch.body == SHELL
    assert page.content is not None
    assert page.content.document is not None
    assert "示例统计科技有限公司" in page.content.document.text
    assert "示例统计科技有限公司".encode() in (page.fetch.rendered or b"")
    assert web.paths() == ["/shell", "/app.js", "/api/notice"], "the page itself is asked for once"
    assert {hit.headers["User-Agent"] for hit in web.hits} == {OPTIONS.user_agent}
    assert web.hits[-1].body == b"#/sdk"


@pytest.mark.slow
def test_a_page_whose_frame_is_there_already(web: Web, renderer: Renderer) -> None:
    """Navigation and footer say more than an empty shell does, but nothing of recipients."""
    frame = "".join(f"<p>关于我们{index}</p>" for index in range(60))
    page = SHELL.replace(b"<div", frame.encode() + b"<div")
    assert fetch(web.on("/framed", respond(page)), renderer).fetch.outcome is Outcome.OK
    assert fetch(web.url("/framed"), None).fetch.outcome is Outcome.NOT_A_NOTICE


@pytest.mark.slow
def test_a_page_that_sends_on_without_a_redirect(web: Web, renderer: Renderer) -> None:
    web.on("/real", respond(html()))
    url = web.on("/old", respond("<html><head><meta http-equiv=refresh content='0;url=/real'></head></html>"))
    assert fetch(url, renderer).fetch.outcome is Outcome.OK
    assert web.paths() == ["/old", "/real"]


@pytest.mark.slow
def test_modes(web: Web, renderer: Renderer) -> None:
    plain = web.on("/plain", respond(html()))
    assert fetch(web.url("/shell"), renderer, render=Render.NEVER).fetch.outcome is Outcome.NEEDS_RENDERING
    without = fetch(web.url("/shell"), None).fetch
    assert (without.outcome, "there is no browser" in without.detail) == (Outcome.NEEDS_RENDERING, True)
    assert fetch(plain, renderer).fetch.rendered is None
    assert b"<p>" in (fetch(plain, renderer, render=Render.ALWAYS).fetch.rendered or b"")
    assert fetch(plain, None, render=Render.ALWAYS).fetch.outcome is Outcome.NEEDS_RENDERING


@pytest.mark.slow
def test_the_browser_reaches_only_what_the_client_may(web: Web, renderer: Renderer) -> None:
    """127.0.0.1 stands for the public internet, 127.0.0.2 for a machine inside; every way out is tried."""
    inside = web.on("/secret", respond(json.dumps({"html": "第三方 SDK 个人信息 secret"})), host="127.0.0.2")
    web.on("/go", respond(b"", 302, {"Location": inside}))
    script = f"""
      const show = t => document.body.append(t);
      const inside = {json.dumps(inside)};
      for (const url of [inside, '/go']) fetch(url).then(r => r.text()).then(show).catch(() => show('refused '));
      document.body.insertAdjacentHTML('beforeend',
        `<img src="${{inside}}"><iframe src="${{inside}}"></iframe><link rel=prefetch href="${{inside}}">` +
        `<link rel=stylesheet href="${{inside}}"><object data="${{inside}}"></object>`);
      new WebSocket(inside.replace('http', 'ws'));
      navigator.sendBeacon(inside, 'x');
      new EventSource(inside);
      const s = document.createElement('script'); s.src = inside; document.body.append(s);
      open(inside);
    """
    url = web.on("/evil", respond(f"<html><body><script>{script}</script></body></html>"))
    client = Client(OPTIONS, guard=Guard((ip_network("127.0.0.1/32"),)))
    page = fetch(url, renderer, client)
    assert page.fetch.outcome is Outcome.NOT_A_NOTICE
    assert page.content is not None
    assert page.content.text is not None
    assert page.content.text.count("refused refused </body>") == 1
    assert [hit.host for hit in web.hits if hit.host == "127.0.0.2"] == []


@pytest.mark.slow
def test_the_browser_s_requests_keep_the_distance_and_robots_txt(web: Web, renderer: Renderer) -> None:
    web.on("/robots.txt", respond("User-agent: *\nDisallow: /api/", kind="text/plain"))
    page = fetch(web.url("/shell"), renderer, delay=0.3)
    assert page.fetch.outcome in (Outcome.EMPTY, Outcome.NOT_A_NOTICE)
    assert [hit.path for hit in web.hits] == ["/robots.txt", "/shell", "/app.js"]
    assert all(later.time - earlier.time >= 0.3 for earlier, later in pairwise(web.hits))


@pytest.mark.slow
def test_pages_that_never_come_to_rest(web: Web, renderer: Renderer) -> None:
    quick = Renderer(seconds=3.0)
    try:
        busy = "<script>setInterval(() => document.body.append('x'), 50)</script>"
        assert fetch(web.on("/busy", respond(f"<html><body>{busy}</body></html>")), quick).fetch.rendered is not None
        hung = "<script>while (true) {}</script>"
        late = "<script>setTimeout(() => { while (true) {} }, 300)</script>"
        for path, script in (("/hung", hung), ("/hung-later", late)):
            page = fetch(web.on(path, respond(f"<html><body>{script}</body></html>")), quick)
            assert page.fetch.outcome is Outcome.RENDER_FAILED
        assert fetch(web.url("/shell"), quick).fetch.outcome is Outcome.OK, "the next page is rendered as ever"
    finally:
        quick.close()


@pytest.mark.slow
def test_raw_and_rendered_are_stored_and_parsed(run: Run, web: Web, renderer: Renderer, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(f"app_id,name,url\nqinghe,青禾,{web.url('/shell')}\n", encoding="utf-8")
    arguments = ("--store", tmp_path / "store", "--allow-private", "--delay", "0")
    for _ in range(2):
        result = run("fetch", tmp_path / "s.csv", *arguments)
        assert (result.returncode, b"ok" in result.stdout) == (0, True), result.stderr
    with Store(tmp_path / "store") as store:
        (version,) = store.versions()
        assert store.read(version.sha256) == SHELL
        assert "示例推送SDK" in store.read(version.rendered_sha256 or "").decode()
    web.on("/api/notice", respond(json.dumps({"html": html(NOTICE_TEXT.replace("IMEI", "OAID"))})))
    watched = run("watch", *arguments)
    assert "+ data item OAID" in watched.stdout.decode()
    (record,) = map(json.loads, run("parse", "--store", tmp_path / "store").stdout.splitlines())
    assert [d["sdk"]["text"] for d in record["disclosures"]] == ["示例推送SDK", "示例统计SDK"]


def test_where_there_is_no_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(BrowserError, match="no Chromium found"):
        find_chromium()
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    with pytest.raises(BrowserError, match="no-such-browser: no such program"):
        find_chromium()
