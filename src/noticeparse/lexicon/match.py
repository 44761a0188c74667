"""Looking words up: data terms to concepts, permission wordings to constants.

Terms are data; what is here is how a name is taken apart when it is not a row of its own: an owner in front, a word
such as 信息 behind, a head noun at the end. Nothing is guessed from a single character, and an unknown name stays
unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.memo import Answers
from noticeparse.pattern import Pattern

# A name longer than this is a clause; it is looked up as a whole but not taken apart.
MAX_NAME = 48

_ONE_FOR_ANOTHER = str.maketrans({"帐": "账", "陆": "录"})
_BRACKET_REGEX = Pattern(r"\(([^()]{0,60})\)")
_CONSTANT_REGEX = Pattern(
    r"(?:(?:[a-z][a-z0-9]{0,30}\.){1,6}permission\.)?[A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){0,8}"
    r"|(?:[A-Za-z][A-Za-z0-9]{0,30}\.){1,6}permission\.[A-Za-z0-9_.]{2,60}"
    r"|NS[A-Z][A-Za-z]{3,60}UsageDescription"
    r"|ohos\.permission\.[A-Z_]{2,60}"
)
_PERMISSION_END = "权限"
_DOUBLE_VERB_REGEX = Pattern(r"(?:读取|写入|修改)[和或及与/](?:读取|写入|修改)\S")

# What names a device, a card or a connection by one value: two of them side by side are two items.
IDENTIFIERS = frozenset(
    (
        "imei", "meid", "imsi", "iccid", "android_id", "oaid", "vaid", "aaid", "gaid", "idfa", "idfv", "caid",
        "openudid", "guid", "utdid", "serial_number", "mac_address", "ip_address", "ssid", "bssid", "phone_number",
    )
)  # fmt: skip
# Names of groups: a more specific term inside such a name tells more than its head noun.
GENERIC = frozenset(
    (
        "device_identifier", "device_info", "app_info", "account_info", "network_info", "basic_info", "usage_log",
        "user_content", "system_settings", "hardware_info", "identity_info", "behavior", "other",
    )
)  # fmt: skip


class Matcher:
    """Lookups over one lexicon, with the answers kept.

    Attributes:
        lexicon: The vocabulary that answers come from.
        permission_like: Whether a name is a permission by its form, see :func:`is_permission_like`.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        """Take the vocabulary as it is; nothing is copied but the words for owners.

        Args:
            lexicon: Vocabulary.
        """
        self.lexicon = lexicon
        self._owners = tuple(map(fold, lexicon.words.get("owner", ())))
        self._endings = tuple(map(fold, lexicon.words.get("data_ending", ())))
        self._longest = max(map(len, lexicon.terms), default=0)
        # A longer text is none of them, whatever blanks are in it; folding it takes longer than all that is done with a name.
        self._too_long = 4 * max(MAX_NAME, self._longest)
        self._answers = Answers(self._find)
        self._strong = Answers(self._stripped)
        self.permission_like = Answers[str, bool](lambda text: _is_permission_like(text, lexicon))

    def exact(self, text: str) -> str | None:
        """Concept of a name that is a term of the lexicon as it stands."""
        if len(text) > self._too_long:
            return None
        key = fold(text)
        found = self.lexicon.terms.get(key)
        if found is None and ("帐" in key or "陆" in key):
            found = self.lexicon.terms.get(key.translate(_ONE_FOR_ANOTHER))
        return found

    def alone(self, text: str) -> str | None:
        """Concept of a name that stands alone as an item: a term, bare or with an owner and a word like 信息 around.

        ``手机IMEI号``, ``当前电池信息``, ``GNSS信息``.
        """
        if len(text) > self._too_long:
            return None
        key = fold(text)
        if len(key) > MAX_NAME:
            return self.exact(text)
        return self._strong[key]

    def concept(self, text: str) -> str | None:
        """Concept of a name, composed where it is no term: the head noun at its end, else a term inside it."""
        if len(text) > self._too_long:
            return None
        key = fold(text)
        if len(key) > 2 * MAX_NAME:
            return self.exact(text)
        return self._answers[key]

    def _find(self, key: str) -> str | None:
        found = self._strong[key]
        return found if found is not None else self._composed(key)

    def _get(self, key: str) -> str | None:
        if len(key) < 2:
            return None
        found = self.lexicon.terms.get(key)
        if found is None and ("帐" in key or "陆" in key):
            found = self.lexicon.terms.get(key.translate(_ONE_FOR_ANOTHER))
        return found

    def _stripped(self, key: str) -> str | None:
        found = self._get(key)
        if found is not None:
            return found
        for name in self._without_owner(key):
            found = self._get(name)
            if found is not None:
                return found
            for ending in self._endings:
                if name.endswith(ending):
                    found = self._get(name[: -len(ending)])
                    if found is not None:
                        return found
        return None

    def _without_owner(self, key: str) -> Iterable[str]:
        """The name, then the name without the words in front that say whose or which it is."""
        yield key
        for _ in range(3):
            for owner in self._owners:
                if key.startswith(owner) and len(key) >= len(owner) + 2:
                    key = key[len(owner) :].removeprefix("的")
                    break
            else:
                return
            yield key

    def _composed(self, key: str) -> str | None:
        if "(" in key:
            found = self._bracketed(key)
            if found is not None:
                return found
        heads = [key]
        heads.extend(key[: -len(ending)] for ending in self._endings if key.endswith(ending))
        generic: str | None = None
        for name in heads:
            found = self._head(name)
            if found is None:
                continue
            if found not in GENERIC:
                return found
            generic = generic or found
        inside = self._inside(key, only_specific=generic is not None)
        return inside or generic

    def _bracketed(self, key: str) -> str | None:
        """``网卡(mac)地址`` is read without its bracket, then by what the bracket says."""
        bare = _BRACKET_REGEX.sub("", key)
        if bare == key:
            return None
        found = self._stripped(bare) if bare else None
        inner = [self._stripped(match.group(1)) for match in _BRACKET_REGEX.finditer(key)]
        named = [concept for concept in inner if concept is not None]
        if found is None or found in GENERIC:
            return named[0] if named else found or (self._composed(bare) if bare else None)
        return found

    def _head(self, key: str) -> str | None:
        """Concept of the longest term that ends the name."""
        for start in range(max(1, len(key) - self._longest), len(key) - 1):
            found = self._get(key[start:])
            if found is not None and _at_word(key, start, len(key)):
                return found
        return None

    def _inside(self, key: str, *, only_specific: bool) -> str | None:
        """Concept of the longest term inside the name, the last of equals."""
        best: tuple[int, int] = (0, 0)
        answer: str | None = None
        for start in range(len(key) - 1):
            for end in range(min(len(key), start + self._longest), start + 1, -1):
                found = self._get(key[start:end])
                if found is None or not _at_word(key, start, end):
                    continue
                if only_specific and found not in IDENTIFIERS:
                    continue
                if (end - start, start) > best:
                    best, answer = (end - start, start), found
                break
        return answer


def _at_word(key: str, start: int, end: int) -> bool:
    """Whether a Latin term is a word of its own: ``ip`` is none inside ``chip``."""
    before, after = key[start - 1 : start], key[end : end + 1]
    return not ((_is_latin(key[start]) and _is_latin(before)) or (_is_latin(key[end - 1]) and _is_latin(after)))


def _is_latin(char: str) -> bool:
    return bool(char) and char.isascii() and char.isalpha()


@lru_cache(maxsize=8)
def matcher(lexicon: Lexicon) -> Matcher:
    """The lookups over a lexicon; built once for each lexicon in use."""
    return Matcher(lexicon)


def concept_of(text: str, lexicon: Lexicon) -> str | None:
    """Concept of a data item's name, ``None`` where it is unknown.

    A term as it stands (``IMEI``); with an owner in front or a word like 信息 behind (``手机IMEI号``); composed, by the
    term that ends the name (``附近蓝牙地址``) or a term inside it (``宿主应用名称列表``).

    Args:
        text: Name as written.
        lexicon: Vocabulary.
    """
    return matcher(lexicon).concept(text)


def exact_concept(text: str, lexicon: Lexicon) -> str | None:
    """Concept of a name that is a term of the lexicon as it stands, else ``None``.

    Args:
        text: Name as written.
        lexicon: Vocabulary.
    """
    return matcher(lexicon).exact(text)


def permission_of(text: str, lexicon: Lexicon, system: str | None = None) -> tuple[str, ...]:
    """Constants that a permission's wording stands for, none where it is unknown.

    ``READ_PHONE_STATE``, ``android.permission.CAMERA``, ``相机权限``, ``访问您的相机``, ``读取日历(READ_CALENDAR)``.

    Args:
        text: Wording as written.
        lexicon: Vocabulary.
        system: ``ios`` or ``harmonyos`` where the wording is known to be that system's.
    """
    known = lexicon.permissions if system is None else lexicon.system_permissions.get(system, {})
    wording = text.strip()
    if len(wording) > 4 * MAX_NAME:
        return ()
    for form in _wordings(wording, lexicon):
        found = known.get(fold(form))
        if found:
            return found
    full = _CONSTANT_REGEX.fullmatch(wording)
    if full and ".permission." in wording:
        return (wording,)
    return ()


def _wordings(text: str, lexicon: Lexicon) -> Iterable[str]:
    """Forms under which the lexicon may hold a permission, the most telling first."""
    forms = [text]
    opening = text.find("(")
    if opening >= 0:
        forms = [text, text[opening + 1 :].split(")")[0], text[:opening]]
    for form in forms:
        form = form.strip()
        if not form:
            continue
        yield form
        if _CONSTANT_REGEX.fullmatch(form):
            yield form.rsplit(".", 1)[-1]
            yield "android.permission." + form
        bare = form.removesuffix(_PERMISSION_END).removesuffix("的")
        yield bare
        yield bare + _PERMISSION_END
        for verb in lexicon.words.get("asking_verb", ()):
            if bare.startswith(verb):
                rest = bare[len(verb) :].removeprefix("您的").removeprefix("用户的").removeprefix("你的")
                if len(rest) > 1:
                    yield rest
                    yield rest + _PERMISSION_END
        for part in bare.split("/")[:4]:
            if part and part != bare:
                yield part
                yield part + _PERMISSION_END


def is_permission_like(text: str, lexicon: Lexicon) -> bool:
    """Whether a name is a permission by its form, also inside a field of data items.

    What ends in 权限 (``相机权限``), a constant (``READ_PHONE_STATE``), or the label of a system permission that says
    what is done (``读取日历``, ``网络访问``). A bare thing that a permission guards (``网络状态``) is none.

    Args:
        text: Name as written.
        lexicon: Vocabulary.
    """
    return matcher(lexicon).permission_like[text] if len(text) <= 2 * MAX_NAME else False


def _is_permission_like(text: str, lexicon: Lexicon) -> bool:
    name = text.strip()
    if len(name) < 2:
        return False
    if name.endswith(_PERMISSION_END) or is_constant(name):
        return True
    if "(" in name and is_constant(name[name.index("(") + 1 :].rstrip(" )")):
        return True
    if _DOUBLE_VERB_REGEX.match(name):
        return True
    key = fold(name)
    strong = lexicon.words.get("permission_verb_strong", ())
    if key not in lexicon.permissions:
        # One stray character in front of a long label does not hide it.
        return len(key) > 8 and key[1:] in lexicon.permissions and name[1:].startswith(strong)
    if key in lexicon.terms or key in lexicon.bare_permissions:
        return name.startswith(strong)
    words = lexicon.words
    return name.startswith(words.get("permission_verb", ())) or name.endswith(words.get("permission_ending", ()))


def is_constant(text: str) -> bool:
    """Whether a word is written like a platform's permission constant: ``READ_LOGS``, ``android.permission.CAMERA``."""
    return ("_" in text or ".permission." in text or text.startswith("NS")) and bool(_CONSTANT_REGEX.fullmatch(text))
