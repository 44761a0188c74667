"""How a fetch ended: one of a closed list, told by the response and its content."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a fetch ended. The first two are successes; the rest are failures."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    HTTP_ERROR = "http_error"
    TIMEOUT = "timeout"
    DNS = "dns"
    TLS = "tls"
    CONNECTION = "connection"
    REDIRECT = "redirect"
    TOO_LARGE = "too_large"
    ROBOTS = "robots"
    BLOCKED_ADDRESS = "blocked_address"
    CHALLENGE = "challenge"
    LOGIN = "login"
    EMPTY = "empty"
    NOT_A_NOTICE = "not_a_notice"
    NEEDS_RENDERING = "needs_rendering"
    RENDER_FAILED = "render_failed"
    UNSUPPORTED_TYPE = "unsupported_type"
    UNDECODABLE = "undecodable"
    INTERNAL = "internal"

    @property
    def succeeded(self) -> bool:
        """Whether the notice as it is now is in the store."""
        return self in (Outcome.OK, Outcome.NOT_MODIFIED)


MEANINGS: dict[Outcome, str] = {
    Outcome.OK: "a notice came back",
    Outcome.NOT_MODIFIED: "the server says that the notice is the one in the store",
    Outcome.HTTP_ERROR: "the server answered with an error status",
    Outcome.TIMEOUT: "no answer, or not all of it, in the time allowed",
    Outcome.DNS: "the host's name has no address",
    Outcome.TLS: "no trusted encrypted connection",
    Outcome.CONNECTION: "refused, reset or cut off",
    Outcome.REDIRECT: "redirects in a circle, too many, or to something that is no web address",
    Outcome.TOO_LARGE: "more bytes than allowed, as sent or when unpacked",
    Outcome.ROBOTS: "robots.txt does not allow it",
    Outcome.BLOCKED_ADDRESS: "the host is at a private, loopback, link-local or other address that is not public",
    Outcome.CHALLENGE: "a page that wants to see a browser or a human first",
    Outcome.LOGIN: "a page that wants a login first",
    Outcome.EMPTY: "an answer without content",
    Outcome.NOT_A_NOTICE: "a page without the vocabulary of recipients and data",
    Outcome.NEEDS_RENDERING: "an empty shell that a script fills in the browser",
    Outcome.RENDER_FAILED: "the page could not be rendered",
    Outcome.UNSUPPORTED_TYPE: "a kind of file that holds no readable text",
    Outcome.UNDECODABLE: "text in no encoding that can be told",
    Outcome.INTERNAL: "a fault of this program",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome, and in one line what tells it."""

    outcome: Outcome
    detail: str = ""


class FetchError(Exception):
    """Stops one fetch; always caught within the package and kept as an outcome."""

    url: str | None = None  # which address failed, and the redirects that led to it: set by who knows them
    hops: tuple[object, ...] = ()

    def __init__(self, outcome: Outcome, detail: str, *, passing: bool = False) -> None:
        """Say what happened.

        Args:
            outcome: Kind.
            detail: In one line, what tells it.
            passing: Whether trying again soon may help.
        """
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
        self.passing = passing


class StoppedError(Exception):
    """The run was asked to stop while a fetch waited or was under way; nothing is recorded for it."""
