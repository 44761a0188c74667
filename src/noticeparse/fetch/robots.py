"""robots.txt as RFC 9309 has it, one for each origin and run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from noticeparse.fetch.addresses import origin_of
from noticeparse.fetch.outcome import FetchError, Outcome

if TYPE_CHECKING:
    from protego import Protego

MAX_BYTES = 512 * 1024
PATH = "/robots.txt"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent for robots.txt."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Rules:
    """What an origin lets one agent do.

    Attributes:
        crawl_delay: Seconds between two requests, 0 where it asks for none.
        refusal: Why nothing may be fetched, where the rules cannot be had.
    """

    parsed: Protego | None
    crawl_delay: float
    refusal: FetchError | None = None

    def check(self, url: str, agent: str) -> None:
        """Refuse an address that the rules do not allow.

        Args:
            url: Address.
            agent: Product token.

        Raises:
            FetchError: ``robots``, or why the rules cannot be had.
        """
        if self.refusal is not None:
            raise FetchError(self.refusal.outcome, self.refusal.detail)
        if self.parsed is not None and not self.parsed.can_fetch(url, agent):
            raise FetchError(Outcome.ROBOTS, f"{origin_of(url)}{PATH} does not allow it")


class Robots:
    """Rules of origins, each fetched once."""

    def __init__(self, agent: str, fetch: Callable[[str], Answer], *, max_wait: float) -> None:
        """Remember how to get them.

        Args:
            agent: Product token that rules are looked up for.
            fetch: Gets an address; raises ``FetchError``.
            max_wait: Longest crawl delay that is waited for, in seconds.
        """
        self._agent = agent
        self._fetch = fetch
        self._max_wait = max_wait
        self._rules: dict[str, Rules] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def rules(self, url: str) -> tuple[Rules, bool]:
        """The rules for an address's origin, and whether they have just been fetched.

        Args:
            url: Checked address.
        """
        origin = origin_of(url)
        with self._lock:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            known = self._rules.get(origin)
            if known is not None:
                return known, False
            rules = self._get(origin)
            self._rules[origin] = rules
            return rules, True

    def _get(self, origin: str) -> Rules:
        address = origin + PATH
        try:
            answer = self._fetch(address)
        except FetchError as error:
            if error.outcome in (Outcome.REDIRECT, Outcome.UNDECODABLE):
                return Rules(None, 0.0)  # as RFC 9309 2.3.1.2 has it: no rules can be had from there
            return Rules(None, 0.0, FetchError(error.outcome, f"{address}: {error.detail}"))
        if answer.status >= 500 or answer.status == 429:
            cause = f"{address} answers {answer.status}, which counts as all refused"
            return Rules(None, 0.0, FetchError(Outcome.ROBOTS, cause))
        if answer.status >= 300:
            return Rules(None, 0.0)
        return self._parsed(address, answer.body)

    def _parsed(self, address: str, body: bytes) -> Rules:
        from protego import Protego

        parsed = Protego.parse(body.decode("utf-8-sig", "replace"))
        delay = float(parsed.crawl_delay(self._agent) or 0.0)
        rate = parsed.request_rate(self._agent)
        if rate is not None and rate.requests:
            delay = max(delay, rate.seconds / rate.requests)
        if delay > self._max_wait:
            cause = f"{address} asks for {delay:g} s between requests, longer than --max-wait"
            return Rules(None, 0.0, FetchError(Outcome.ROBOTS, cause))
        return Rules(parsed, delay)
