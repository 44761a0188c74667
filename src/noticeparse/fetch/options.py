"""What a run may be told: one frozen object, with the defaults in one place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from noticeparse._version import __version__
from noticeparse.limits import DEFAULT_MAX_BYTES

AGENT = "noticeparse"


class Render(StrEnum):
    """When a page is opened in a browser."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How a run behaves.

    Attributes:
        contact: Address or mailbox under which servers' operators reach who runs this.
        delay: Least time between two requests to one host, in seconds.
        jobs: How many hosts are asked at once.
        timeout: Longest silence of a server, in seconds.
        deadline: Longest time of one request, in seconds.
        max_bytes: Largest answer, unpacked, in bytes.
        max_redirects: Most redirects of one fetch.
        retries: How often a request is tried again after a passing failure.
        backoff: Wait before the first of these, in seconds; it doubles each time and has jitter.
        max_wait: Longest wait that a server may ask for, in seconds.
        ignore_robots: Fetch what robots.txt does not allow.
        allow_private: Ask private, loopback and link-local addresses too.
        ca_file: Certificates to trust instead of the usual ones.
        follow: Also fetch the SDK lists that a page links to.
        render: When a page is opened in a browser.
        chromium: The browser's program; looked for where not given.
    """

    contact: str | None = None
    delay: float = 1.0
    jobs: int = 8
    timeout: float = 20.0
    deadline: float = 60.0
    max_bytes: int = DEFAULT_MAX_BYTES
    max_redirects: int = 10
    retries: int = 3
    backoff: float = 1.0
    max_wait: float = 300.0
    ignore_robots: bool = False
    allow_private: bool = False
    ca_file: str | None = None
    follow: bool = False
    render: Render = Render.AUTO
    chromium: str | None = None

    @property
    def user_agent(self) -> str:
        """The program's true name and where to complain."""
        return f"{AGENT}/{__version__} ({f'+{self.contact}' if self.contact else 'no contact given'})"
