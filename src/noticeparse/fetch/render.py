"""Pages as a browser shows them: Chromium, whose every request is made by the run's own client.

The browser reaches no network itself: what a page asks for is handed to the client, so that the same checks of addresses,
the same limits, robots.txt and turns hold for it, and what is not handed over ends at a proxy that is not there.
"""

from __future__ import annotations

import os
import queue
import shutil
import signal
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from noticeparse.errors import NoticeparseError
from noticeparse.fetch.outcome import FetchError, Outcome, StoppedError
from noticeparse.fetch.session import Response, Visit
from noticeparse.limits import DEFAULT_MAX_BYTES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Route

ENVIRONMENT_VARIABLE = "CHROMIUM"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Text needs scripts and what they load, not how it looks.
_WANTED = frozenset({"document", "script", "xhr", "fetch"})
_MOST_REQUESTS = 100
_NOWHERE = "http://127.0.0.1:9"
_QUIET_SECONDS = 0.5
_GRACE_SECONDS = 3.0
_PASSED_HEADERS = ("accept", "content-type", "x-requested-with", "authorization", "origin", "referer")
_DROPPED_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"})


class BrowserError(NoticeparseError, RuntimeError):
    """There is no browser, or it does not start."""


def find_chromium(given: str | None = None) -> str:
    """The browser's program.

    Args:
        given: Path that the user named; else ``CHROMIUM``, else the usual names on the search path.

    Raises:
        BrowserError: There is none.
    """
    named = given or os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise BrowserError(f"{named}: no such program")
        return found
    for program in PROGRAMS:
        found = shutil.which(program)
        if found is not None:
            return found
    raise BrowserError("no Chromium found (apt-get install chromium, or name it with --chromium)")


@dataclass(frozen=True, slots=True)
class _Job:
    response: Response
    visit: Visit
    result: Future[str]


class Renderer:
    """One browser in a thread of its own, started with the first page; pages are rendered one after the other."""

    def __init__(
        self, chromium: str | None = None, *, seconds: float = 60.0, max_bytes: int = DEFAULT_MAX_BYTES
    ) -> None:
        """Look for what is needed.

        Args:
            chromium: The browser's program; looked for where not given.
            seconds: Longest time for one page.
            max_bytes: Largest page, as the browser has it.

        Raises:
            BrowserError: There is no browser, or the library that drives it is not installed.
        """
        self._chromium = find_chromium(chromium)
        try:
            import playwright.sync_api  # noqa: F401 - only whether it is there
        except ImportError as error:
            raise BrowserError("rendering needs playwright (pip install 'noticeparse[render]')") from error
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def render(self, response: Response, visit: Visit) -> str:
        """The page's tree after its scripts have run, as HTML.

        Args:
            response: The page as the server sent it; it is not fetched again.
            visit: Makes the page's own requests.

        Raises:
            FetchError: ``render_failed``, or ``too_large``.
            StoppedError: The run was stopped meanwhile.
        """
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, daemon=True, name="render")
                self._thread.start()
        job = _Job(response, visit, Future())
        self._jobs.put(job)
        return job.result.result()

    def close(self) -> None:
        """End the browser."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(10)

    def _serve(self) -> None:
        from playwright.sync_api import Error, sync_playwright

        driver: Any = None
        browser: Browser | None = None
        process = 0
        while (job := self._jobs.get()) is not None:
            try:
                if driver is None:
                    driver = sync_playwright().start()
                if browser is None or not browser.is_connected():
                    browser = self._launch(driver)
                    process = _process_of(browser)
                # Reading a page has no time limit of its own, and a script that never ends holds it up for ever.
                watchdog = threading.Timer(self._seconds + _GRACE_SECONDS, _kill, (process,))
                watchdog.daemon = True
                watchdog.start()
                try:
                    job.result.set_result(self._page(browser, job))
                finally:
                    watchdog.cancel()
            except (FetchError, StoppedError) as error:
                job.result.set_exception(error)
            except Error as error:
                cause = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
                job.result.set_exception(FetchError(Outcome.RENDER_FAILED, cause))
            except Exception as error:  # noqa: BLE001 - told to the thread that waits
                job.result.set_exception(error)
        if browser is not None:
            browser.close()
        if driver is not None:
            driver.stop()

    def _launch(self, driver: Any) -> Browser:
        arguments = [
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-dev-shm-usage",  # containers have little of it, and pages crash where it ends
            "--disable-sync",
            "--no-first-run",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        ]
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        browser: Browser = driver.chromium.launch(
            executable_path=self._chromium,
            headless=True,
            # Chromium refuses to run as root with its sandbox; containers of CI systems know no other user.
            chromium_sandbox=not root,
            args=arguments,
            proxy={"server": _NOWHERE, "bypass": "<-loopback>"},
            timeout=self._seconds * 1000,
        )
        return browser

    def _page(self, browser: Browser, job: _Job) -> str:
        context = browser.new_context(
            locale="zh-CN",
            user_agent=job.visit.user_agent,
            service_workers="block",
            accept_downloads=False,
        )
        try:
            traffic = _Traffic(job, time.monotonic() + self._seconds)
            context.route("**/*", traffic.handle)
            # A socket reaches a server only where its handler says so; closing it here would wait for the thread that closes it.
            context.route_web_socket("**/*", lambda socket: None)
            page = context.new_page()
            page.set_default_timeout(self._seconds * 1000)
            page.on("dialog", lambda dialog: dialog.dismiss())
            page.goto(job.response.url, wait_until="domcontentloaded")
            traffic.settle(page)
            html = traffic.content(page)
        finally:
            context.close()
        if traffic.stopped:
            raise StoppedError
        if len(html) > self._max_bytes:
            raise FetchError(Outcome.TOO_LARGE, f"{len(html)} characters when rendered")
        return html


class _Traffic:
    """What one page asks for."""

    def __init__(self, job: _Job, until: float) -> None:
        self.stopped = False
        self._job = job
        self._until = until
        self._requests = 0
        self._under_way = 0
        self._last = time.monotonic()
        self._given = False

    def settle(self, page: Page) -> None:
        """Wait until the page has asked for nothing for a while and its text stays the same, or the time is over."""
        before: int | None = None
        while time.monotonic() < self._until and not self.stopped:
            page.wait_for_timeout(_QUIET_SECONDS * 500)
            length = _length(page)
            quiet = not self._under_way and time.monotonic() - self._last >= _QUIET_SECONDS
            if quiet and length is not None and length == before:
                return
            before = length

    def content(self, page: Page) -> str:
        """The page's document; a page that sends on just then is asked again."""
        from playwright.sync_api import Error

        while True:
            try:
                return page.content()
            except Error:
                if page.is_closed() or time.monotonic() >= self._until:
                    raise
            page.wait_for_timeout(_QUIET_SECONDS * 500)

    def handle(self, route: Route, request: Request) -> None:
        """Answer one request of the page from the run's own client."""
        self._under_way += 1
        try:
            self._answer(route, request)
        finally:
            self._under_way -= 1
            self._last = time.monotonic()

    def _answer(self, route: Route, request: Request) -> None:
        response = self._job.response
        if not self._given and request.is_navigation_request() and _same(request.url, response.url):
            self._given = True
            route.fulfill(status=200, headers=_headers(response), body=response.body)
            return
        self._requests += 1
        late = time.monotonic() > self._until
        if self.stopped or late or request.resource_type not in _WANTED or self._requests > _MOST_REQUESTS:
            route.abort()
            return
        if request.method not in ("GET", "POST"):
            route.abort()
            return
        asked = request.headers
        try:
            answer = self._job.visit.get(
                request.url,
                method=request.method,
                data=request.post_data_buffer,
                headers={name: asked[name] for name in _PASSED_HEADERS if name in asked},
            )
        except FetchError:
            route.abort()  # as the page would see it; the page is judged by what it shows
        except StoppedError:
            self.stopped = True
            route.abort()
        else:
            route.fulfill(status=answer.status, headers=_headers(answer), body=answer.body)


def _length(page: Page) -> int | None:
    """Length of the page's text; ``None`` while it goes from one document to the next."""
    from playwright.sync_api import Error

    try:
        length: int = page.evaluate("document.body ? document.body.innerText.length : 0")
    except Error:
        if page.is_closed():
            raise
        return None
    return length


def _process_of(browser: Browser) -> int:
    """The number of the browser's process."""
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return next(int(one["id"]) for one in found if one["type"] == "browser")


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _same(first: str, second: str) -> bool:
    """Whether two addresses are one to a server."""
    return urldefrag(first).url == urldefrag(second).url


def _headers(response: Response) -> dict[str, str]:
    return {name: value for name, value in response.headers if name.lower() not in _DROPPED_HEADERS}
