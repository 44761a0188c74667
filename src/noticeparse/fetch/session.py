"""Requests: one source's visit over the run's connections, every hop checked, timed, limited and recorded."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urldefrag, urljoin

import requests
from requests.cookies import RequestsCookieJar
from requests.structures import CaseInsensitiveDict
from requests.utils import requote_uri
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    InvalidHeader,
    LocationValueError,
    MaxRetryError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
    TimeoutError,
)
from urllib3.util.retry import Retry

from noticeparse.fetch.addresses import PRIVATE_NETWORKS, Guard, check_url, host_of, origin_of, what_is_wrong
from noticeparse.fetch.connections import Deadline, GuardedAdapter, using
from noticeparse.fetch.limiter import HostLimiter, Stop, Turn
from noticeparse.fetch.options import AGENT, FetchOptions
from noticeparse.fetch.outcome import FetchError, Outcome, StoppedError
from noticeparse.fetch.robots import MAX_BYTES as ROBOTS_MAX_BYTES
from noticeparse.fetch.robots import Answer, Robots

_CHUNK = 64 * 1024
_RETRIED_STATUSES = (429, 500, 502, 503, 504)
_REDIRECTS = (301, 302, 303, 307, 308)
_KEPT_HOSTS = 64
_ROBOTS_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect: who sent on, how, and where to."""

    url: str
    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Response:
    """What a server sent, unpacked.

    Attributes:
        url: Address that answered, after all redirects.
        hops: The redirects on the way.
        status: Number.
        headers: As sent, in order, names may repeat.
        body: Content without transfer and content encodings.
        time: When the answer was there, UTC, ISO 8601.
        seconds: From the first request to the end of the last, waits included.
    """

    url: str
    hops: tuple[Hop, ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    time: str
    seconds: float

    def header(self, name: str) -> str | None:
        """The value of a header, the first one where it repeats.

        Args:
            name: In any case.
        """
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    location: str | None
    wait: float | None


def now() -> str:
    """The time, UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Client:
    """What the requests of one run share: connections, limits, rules."""

    def __init__(self, options: FetchOptions, *, stop: Stop | None = None, guard: Guard | None = None) -> None:
        """Prepare; nothing is asked yet.

        Args:
            options: How to behave.
            stop: Ends all waiting and reading.
            guard: Checks addresses; made from the options where not given.
        """
        self.options = options
        self.stop = stop or Stop()
        self.guard = guard or Guard(PRIVATE_NETWORKS if options.allow_private else ())
        self.limiter = HostLimiter(delay=options.delay, jobs=options.jobs, stop=self.stop)
        self.adapter = GuardedAdapter(self.guard, hosts=_KEPT_HOSTS)
        self.robots = Robots(AGENT, self._robots_txt, max_wait=options.max_wait)
        self._closed: dict[str, str] = {}
        self._under_way: set[Deadline] = set()
        self._lock = threading.Lock()

    def visit(self, home: str = "", headers: Mapping[str, str] | None = None) -> Visit:
        """Begin with one source: no cookie of another one is sent.

        Args:
            home: The source's address.
            headers: Further headers, sent to its origin only.
        """
        return Visit(self, home, headers or {})

    def stop_all(self) -> None:
        """End all waiting, and cut off what is under way."""
        self.stop.set()
        with self._lock:
            for deadline in self._under_way:
                deadline.abort()

    def close(self) -> None:
        """Close the connections."""
        self.adapter.close()

    def _robots_txt(self, url: str) -> Answer:
        response = self.visit().get(
            url, check_robots=False, max_bytes=ROBOTS_MAX_BYTES, cut=True, max_redirects=_ROBOTS_REDIRECTS
        )
        return Answer(response.status, response.body)

    def check_robots(self, url: str) -> None:
        """Refuse what robots.txt does not allow, and heed the delay that it asks for.

        Args:
            url: Checked address.

        Raises:
            FetchError: It is refused.
        """
        if self.options.ignore_robots:
            return
        rules, fresh = self.robots.rules(url)
        if fresh and rules.crawl_delay:
            self.limiter.slow_down(host_of(url), rules.crawl_delay)
        rules.check(url, AGENT)

    def close_host(self, host: str, cause: str) -> None:
        """Ask a host no more in this run.

        Args:
            host: Name.
            cause: Why, for all that would have been asked.
        """
        self._closed[host] = cause

    def check_open(self, host: str) -> None:
        """Refuse a host that is asked no more.

        Args:
            host: Name.

        Raises:
            FetchError: ``http_error`` with the cause.
        """
        if host in self._closed:
            raise FetchError(Outcome.HTTP_ERROR, self._closed[host])

    def begin(self, deadline: Deadline) -> None:
        """Know of a request under way.

        Args:
            deadline: Its deadline.
        """
        with self._lock:
            self._under_way.add(deadline)
        self.stop.sleep(0)

    def end(self, deadline: Deadline) -> None:
        """Forget a request.

        Args:
            deadline: Its deadline.
        """
        with self._lock:
            self._under_way.discard(deadline)


class _Session(requests.Session):
    """A session that leaves redirects alone: it would read even those that it does not follow, and stumble over bad ones."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None


class Visit:
    """Requests for one source, with cookies of its own."""

    def __init__(self, client: Client, home: str, headers: Mapping[str, str]) -> None:
        self._client = client
        self._home = origin_of(home) if what_is_wrong(home) is None else None
        self._own_headers = dict(headers)
        self._session = _Session()
        self._session.trust_env = False  # no proxy and no netrc: the address check would be the proxy's
        self._session.cookies = RequestsCookieJar(policy=DefaultCookiePolicy())
        self._session.mount("http://", client.adapter)
        self._session.mount("https://", client.adapter)
        self._session.verify = client.options.ca_file or True
        self._session.headers = CaseInsensitiveDict(
            {
                "User-Agent": client.options.user_agent,
                "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
                "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
                "Accept-Encoding": "gzip, deflate",
                "Connection": "keep-alive",
            }
        )

    @property
    def user_agent(self) -> str:
        """What the requests call themselves."""
        return self._client.options.user_agent

    def get(
        self,
        url: str,
        *,
        method: str = "GET",
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        check_robots: bool = True,
        max_bytes: int | None = None,
        cut: bool = False,
        max_redirects: int | None = None,
    ) -> Response:
        """Ask for an address and follow its redirects.

        Args:
            url: Where to begin.
            method: ``GET`` or ``POST``.
            data: Body of a ``POST``.
            headers: Further headers, for this address only.
            check_robots: Whether robots.txt of every hop is heeded.
            max_bytes: Largest answer; the options' where not given.
            cut: Keep the beginning of a larger one instead of failing.
            max_redirects: Most redirects; the options' where not given.

        Raises:
            FetchError: No answer; what happened is its outcome.
            StoppedError: The run was stopped.
        """
        options = self._client.options
        begun = time.monotonic()
        limit = options.max_redirects if max_redirects is None else max_redirects
        first = origin_of(url) if what_is_wrong(url) is None else None
        hops: list[Hop] = []
        try:
            while True:
                check_url(url)
                if check_robots:
                    self._client.check_robots(url)
                origin = origin_of(url)
                own = {
                    **(self._own_headers if origin == self._home else {}),
                    **((headers or {}) if origin == first else {}),
                }
                answer = self._ask(method, url, own, data, max_bytes or options.max_bytes, cut)
                if answer.location is None:
                    seconds = time.monotonic() - begun
                    return Response(url, tuple(hops), answer.status, answer.headers, answer.body, now(), seconds)
                hops.append(Hop(url, answer.status, _target(url, answer.location)))
                url = hops[-1].location
                if urldefrag(url).url in {urldefrag(hop.url).url for hop in hops}:
                    raise FetchError(Outcome.REDIRECT, f"redirects in a circle: {url[:200]}")
                if len(hops) > limit:
                    raise FetchError(Outcome.REDIRECT, f"more than {limit} redirects")
                if answer.status not in (307, 308):
                    method, data = "GET", None
        except FetchError as error:
            error.url, error.hops = url, tuple(hops)
            raise

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], data: bytes | None, max_bytes: int, cut: bool
    ) -> _Answer:
        """One address, tried again after passing failures as the retry policy says."""
        options, host = self._client.options, host_of(url)
        policy = Retry(
            total=options.retries,
            status_forcelist=_RETRIED_STATUSES,
            backoff_factor=options.backoff,
            backoff_jitter=options.backoff,
            backoff_max=options.max_wait,
        )
        while True:
            self._client.check_open(host)
            try:
                answer = self._once(method, url, headers, data, max_bytes, cut)
            except FetchError as error:
                if not error.passing or policy.total == 0:
                    raise
                policy = policy.increment(method, url, error=error)
                wait = 0.0
            else:
                if not policy.is_retry(method, answer.status, answer.wait is not None) or answer.location:
                    return answer
                wait = answer.wait or 0.0
                if wait > options.max_wait:
                    cause = f"{host} answers {answer.status} and asks to wait {wait:.0f} s, longer than --max-wait"
                    self._client.close_host(host, cause)
                    return answer
                self._client.limiter.pause(host, wait)  # also for others who want to ask this host
                if policy.total == 0:
                    return answer
                policy = policy.increment(method, url, error=HTTPError())
            self._client.limiter.pause(host, max(wait, policy.get_backoff_time(), options.backoff))

    def _once(
        self, method: str, url: str, headers: Mapping[str, str], data: bytes | None, max_bytes: int, cut: bool
    ) -> _Answer:
        """One request."""
        client = self._client
        with client.limiter.turn(host_of(url)) as turn:
            deadline = Deadline(client.options.deadline)
            try:
                with using(deadline):
                    client.begin(deadline)
                    answer = self._send(method, url, headers, data, max_bytes, cut, turn)
                client.stop.sleep(0)
                if deadline.expired:  # a body that ends with its connection looks whole when that is cut off
                    raise _expired(client.options)
                return answer
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                if client.stop.is_set():
                    raise StoppedError from error
                raise _failure(error, deadline, client.options) from error
            except FetchError:
                client.stop.sleep(0)
                raise
            finally:
                client.end(deadline)

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        data: bytes | None,
        max_bytes: int,
        cut: bool,
        turn: Turn,
    ) -> _Answer:
        options = self._client.options
        with self._session.request(
            method,
            url,
            headers=dict(headers),
            data=data,
            timeout=(options.timeout, options.timeout),
            allow_redirects=False,
            stream=True,
        ) as response:
            turn.answered()
            location = response.headers.get("Location") if response.status_code in _REDIRECTS else None
            if location is not None:
                location = location.encode("latin-1", "replace").decode("utf-8", "replace")
                with suppress(requests.RequestException, HTTPError, OSError):
                    response.raw.read(_CHUNK)  # so that the connection can be used again
                body = b""
            else:
                body = _read(response, max_bytes, cut)
            pairs = tuple((str(key), str(value)) for key, value in response.raw.headers.items())
            return _Answer(response.status_code, pairs, body, location, _retry_after(response))


def _target(url: str, location: str) -> str:
    """Where a redirect leads; a fragment stays, as in a browser, unless the redirect has its own.

    Raises:
        FetchError: ``redirect``: nothing that can be joined to an address.
    """
    fragment = urldefrag(url).fragment
    try:
        target = urljoin(url, requote_uri(location))
        return f"{target}#{fragment}" if fragment and "#" not in target else target
    except ValueError as error:
        raise FetchError(Outcome.REDIRECT, f"redirects to {location[:200]!r}: {error}") from error


def _read(response: requests.Response, max_bytes: int, cut: bool) -> bytes:
    """The unpacked body, never more of it than allowed: what is packed is unpacked piece by piece."""
    announced = response.headers.get("Content-Length", "")
    if not cut and announced.isdigit() and int(announced) > max_bytes:
        raise FetchError(Outcome.TOO_LARGE, f"{announced} bytes announced, limit {max_bytes}")
    parts: list[bytes] = []
    size = 0
    chunks: Iterable[bytes] = response.raw.stream(_CHUNK, decode_content=True)
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > max_bytes:
            if cut:
                break
            raise FetchError(Outcome.TOO_LARGE, f"more than {max_bytes} bytes when unpacked")
    return b"".join(parts)[:max_bytes]


def _retry_after(response: requests.Response) -> float | None:
    """The wait that a server asks for, in seconds, told as a number or a date."""
    if response.status_code not in _RETRIED_STATUSES:
        return None
    try:
        return Retry().get_retry_after(response.raw)
    except InvalidHeader:
        return None


def _failure(error: Exception, deadline: Deadline, options: FetchOptions) -> FetchError:
    """What an exception of the libraries means, told by its type and those of its causes."""
    if deadline.expired:
        return _expired(options)
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, FetchError):
            return cause
    if any(isinstance(cause, requests.exceptions.SSLError | SSLError) for cause in causes):
        return FetchError(Outcome.TLS, _last(causes))
    if any(isinstance(cause, DecodeError) for cause in causes):
        return FetchError(Outcome.UNDECODABLE, "the content encoding that the server names does not unpack")
    refused = any(isinstance(cause, NewConnectionError) for cause in causes)
    if not refused and any(
        isinstance(cause, ConnectTimeoutError | ReadTimeoutError | TimeoutError) for cause in causes
    ):
        return FetchError(Outcome.TIMEOUT, f"silent for {options.timeout:g} s", passing=True)
    if any(isinstance(cause, LocationValueError | requests.exceptions.InvalidURL | UnicodeError) for cause in causes):
        return FetchError(Outcome.REDIRECT, f"no address that can be asked: {error}")
    return FetchError(Outcome.CONNECTION, _last(causes), passing=True)


def _expired(options: FetchOptions) -> FetchError:
    return FetchError(Outcome.TIMEOUT, f"not done after {options.deadline:g} s")


def _causes(error: BaseException) -> Iterable[BaseException]:
    """An exception, and what it wraps: as an argument, as a reason, as its cause."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
        waiting.extend(other for other in inner if isinstance(other, BaseException))


def _last(causes: list[BaseException]) -> str:
    """The innermost cause in one line; the libraries' own wrapping tells less."""
    for cause in reversed(causes):
        text = " ".join(str(getattr(cause, "strerror", None) or cause).split())
        if text and not isinstance(cause, MaxRetryError):
            return text[:200]
    return type(causes[0]).__name__
