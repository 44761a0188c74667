"""What came back: told by the status, the headers, the page's structure and its visible words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from noticeparse.fetch.content import Content
from noticeparse.fetch.outcome import Outcome, Verdict
from noticeparse.fetch.session import Response
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.pattern import Pattern

_SHORT = 1500  # a page that wants something first says little else
_SHELL = 200  # visible characters of a page that is still to be filled
_LOGIN_PATH_REGEX = Pattern(r"(?:^|[/._-])(?:login|signin|sign-in|passport|sso|cas)(?:$|[/._?-])", re.I)
_PASSWORD_REGEX = Pattern(r"<input\b[^<>]{0,400}\btype\s*=\s*[\"']?password", re.I)
_SCRIPT_REGEX = Pattern(r"<script\b", re.I)
_REFRESH_REGEX = Pattern(r"<meta\b[^<>]{0,200}\bhttp-equiv\s*=\s*[\"']?refresh", re.I)
_CHALLENGE_HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": "captcha"}


@dataclass(frozen=True, slots=True)
class _Words:
    recipient: tuple[str, ...]
    data: tuple[str, ...]
    challenge: tuple[str, ...]
    challenge_code: tuple[str, ...]
    login: tuple[str, ...]
    script: tuple[str, ...]


class Classifier:
    """Tells outcomes with the words of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Take the words.

        Args:
            lexicon: Vocabulary.
        """

        def words(name: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(map(fold, lexicon.words.get(name, ()))))

        self._words = _Words(
            words("page_recipient"),
            words("page_data"),
            words("page_challenge"),
            tuple(word.lower() for word in lexicon.words.get("page_challenge_code", ())),
            words("page_login"),
            words("page_script"),
        )

    def classify(self, response: Response, content: Content, *, rendered: bool = False) -> Verdict:
        """Tell what came back.

        Args:
            response: The answer.
            content: Its body, or what a browser made of it.
            rendered: Whether the content is what a browser made of it.
        """
        if response.status == 304:
            return Verdict(Outcome.NOT_MODIFIED)
        visible = fold(content.document.text) if content.document is not None else ""
        if response.status == 401:
            return Verdict(Outcome.LOGIN, "401")
        challenge = self._challenge(response, content, visible)
        if not 200 <= response.status < 300:
            return challenge or Verdict(Outcome.HTTP_ERROR, str(response.status))
        if challenge is not None and not self._is_notice(visible):
            return challenge
        if self._is_notice(visible):
            return Verdict(Outcome.OK)
        if content.text is None:
            return content.problem or Verdict(Outcome.NOT_A_NOTICE, "no word of recipients and data")
        return self._other(response, content, visible, rendered=rendered)

    def _other(self, response: Response, content: Content, visible: str, *, rendered: bool) -> Verdict:
        """A text that is no notice."""
        source = content.text or ""
        login = self._login(response, source, visible)
        if login is not None:
            return login
        if not rendered:
            cause = self._shell(source, visible)
            if cause:
                return Verdict(Outcome.NEEDS_RENDERING, cause)
        if content.problem is not None:
            return content.problem
        if not visible:
            return Verdict(Outcome.EMPTY, "nothing visible")
        return Verdict(Outcome.NOT_A_NOTICE, "no word of recipients and data")

    def _is_notice(self, visible: str) -> bool:
        """Whether a text speaks of recipients and of data: ``第三方…共享…个人信息``, ``SDK … IMEI``."""
        words = self._words
        return any(word in visible for word in words.recipient) and any(word in visible for word in words.data)

    def _challenge(self, response: Response, content: Content, visible: str) -> Verdict | None:
        for name, value in _CHALLENGE_HEADERS.items():
            if (response.header(name) or "").lower() == value:
                return Verdict(Outcome.CHALLENGE, f"header {name}")
        source = (content.text or "").lower()
        for code in self._words.challenge_code:
            if code in source:
                return Verdict(Outcome.CHALLENGE, f"{code} in the page")
        word = _first(visible, self._words.challenge) if len(visible) <= _SHORT else None
        return Verdict(Outcome.CHALLENGE, f"says {word}") if word else None

    def _login(self, response: Response, source: str, visible: str) -> Verdict | None:
        if _PASSWORD_REGEX.search(source):
            return Verdict(Outcome.LOGIN, "asks for a password")
        parts = urlsplit(response.url)
        if response.hops and _LOGIN_PATH_REGEX.search(f"{parts.netloc}{parts.path}"):
            return Verdict(Outcome.LOGIN, f"redirected to {parts.netloc}{parts.path}"[:200])
        word = _first(visible, self._words.login) if len(visible) <= _SHORT else None
        return Verdict(Outcome.LOGIN, f"says {word}") if word else None

    def _shell(self, source: str, visible: str) -> str | None:
        """Why a page is one that a script fills, or ``None``."""
        if _REFRESH_REGEX.search(source) and len(visible) <= _SHELL:
            return "sends on by <meta http-equiv=refresh>"
        if not _SCRIPT_REGEX.search(source):
            return None
        if len(visible) <= _SHELL:
            return f"scripts and {len(visible)} visible characters"
        word = _first(fold(source), self._words.script)
        return f"says {word}" if word and len(visible) <= _SHORT else None


def _first(text: str, words: tuple[str, ...]) -> str | None:
    return next((word for word in words if word in text), None)
