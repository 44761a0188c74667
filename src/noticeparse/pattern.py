"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, AnyStr, Generic
from weakref import ref

_made: list[ref[Pattern[Any]]] = []


class Pattern(Generic[AnyStr]):
    """A regular expression: what ``re.compile`` gives, but compiled by its first use.

    Compiling takes ``re`` some 0.5 ms for each expression, and one notice needs few of the hundreds that there are. After
    the first use the methods are those of the compiled expression itself, so that a use costs one look-up more.

    None may cost more than its text is long: what it repeats is possessive, or has a bound, or cannot begin again inside of
    itself. ``tests/test_pattern_cost.py`` finds every pattern of the package and shows it.

    Attributes:
        pattern: The expression as written.
        flags: The flags as given, without those that stand in the expression.
    """

    def __init__(self, pattern: AnyStr, flags: int = 0) -> None:
        self.pattern: AnyStr = pattern
        self.flags = flags
        _made.append(ref(self))

    def compiled(self) -> re.Pattern[AnyStr]:
        """The compiled expression.

        Raises:
            re.error: The expression is none.
        """
        found = re.compile(self.pattern, self.flags)
        self.__dict__.update(
            search=found.search,
            match=found.match,
            fullmatch=found.fullmatch,
            finditer=found.finditer,
            findall=found.findall,
            split=found.split,
            sub=found.sub,
            subn=found.subn,
            compiled=lambda: found,
        )
        return found

    def search(self, string: AnyStr, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[AnyStr] | None:
        """As ``re.Pattern.search``, and so are the following."""
        return self.compiled().search(string, pos, endpos)

    def match(self, string: AnyStr, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[AnyStr] | None:
        """See :meth:`search`."""
        return self.compiled().match(string, pos, endpos)

    def fullmatch(self, string: AnyStr, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[AnyStr] | None:
        """See :meth:`search`."""
        return self.compiled().fullmatch(string, pos, endpos)

    def finditer(self, string: AnyStr, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[AnyStr]]:
        """See :meth:`search`."""
        return self.compiled().finditer(string, pos, endpos)

    def findall(self, string: AnyStr, pos: int = 0, endpos: int = sys.maxsize) -> list[Any]:
        """See :meth:`search`."""
        return self.compiled().findall(string, pos, endpos)

    def split(self, string: AnyStr, maxsplit: int = 0) -> list[AnyStr | Any]:
        """See :meth:`search`."""
        return self.compiled().split(string, maxsplit)

    def sub(self, repl: AnyStr | Callable[[re.Match[AnyStr]], AnyStr], string: AnyStr, count: int = 0) -> AnyStr:
        """See :meth:`search`."""
        return self.compiled().sub(repl, string, count)

    def subn(
        self, repl: AnyStr | Callable[[re.Match[AnyStr]], AnyStr], string: AnyStr, count: int = 0
    ) -> tuple[AnyStr, int]:
        """See :meth:`search`."""
        return self.compiled().subn(repl, string, count)

    def __repr__(self) -> str:
        return f"Pattern({self.pattern!r}, {self.flags!r})"

    def __reduce__(self) -> tuple[type[Pattern[AnyStr]], tuple[AnyStr, int]]:
        return type(self), (self.pattern, self.flags)


def made() -> tuple[Pattern[Any], ...]:
    """All patterns that exist: of the modules imported so far and of lexicons in use, in the order of their making."""
    return tuple(pattern for one in _made if (pattern := one()) is not None)
