"""Cutting a run without separators into names: conjunctions, slashes, blanks, terms run together.

A cut is made only where what stands on both sides is known; what is unknown stays whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from noticeparse.fields.items_words import ItemWords, item_words
from noticeparse.fields.segment import Part, trim
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.lexicon.match import GENERIC, IDENTIFIERS, MAX_NAME, is_constant, is_permission_like, matcher
from noticeparse.pattern import Pattern
from noticeparse.records import Span

_CONJUNCTION_REGEX = Pattern(r"以及|及/或|和/或|及其|或者|[和及与或&]")
_SPLIT_REGEX = Pattern(r"\s+")
_HAN_REGEX = Pattern(r"[\u4e00-\u9fff]")
_EDGE_CONJUNCTION_REGEX = Pattern(r"(?:以及|及/或|和/或|及其|并且|或者|及|和|或|&)\s*")
# A run longer than this is cut at slashes only.
_MAX_RUN = 120
_MAX_CUTS = 12


class NameCutter:
    """Cuts runs into names with one lexicon."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        """Set up for one text.

        Args:
            text: The view's text.
            lexicon: Vocabulary.
        """
        self.text = text
        self.lexicon = lexicon
        self.match = matcher(lexicon)
        self.words: ItemWords = item_words(lexicon)

    def cut(self, start: int, end: int) -> list[Span]:
        """Names in a run, in order.

        ``设备品牌及型号`` → two, ``网络接入方式及类型`` → one, ``IMSIIDFA`` → two, ``序列号/Serial`` → one.

        Args:
            start: First character of the run.
            end: Position behind its last character.
        """
        start, end = trim(self.text, start, end)
        if start >= end:
            return []
        run = self.text[start:end]
        group = self._group_beside(start, end)
        if group is not None:
            return group
        pair = self._pair(start, end)
        if pair is not None:
            return [name for piece in pair for name in self.cut(*piece)]
        if end - start <= MAX_NAME and (self.match.alone(run) is not None or self._is_permission(run)):
            return [(start, end)]
        for way in (
            self._behind_permission,
            self._at_slashes,
            self._at_conjunction,
            self._at_blank,
            self._run_together,
        ):
            if end - start > _MAX_RUN and way != self._at_slashes:
                continue
            pieces = way(start, end)
            if len(pieces) > 1:
                return [name for piece in pieces for name in self.cut(*piece)]
        return [(start, end)]

    def _group_beside(self, start: int, end: int) -> list[Span] | None:
        """``设备标识符 IMEI``: the name of a group and one of its members, with a blank between."""
        match = _SPLIT_REGEX.search(self.text, start, end)
        if match is None or end - start > MAX_NAME:
            return None
        group = self.match.exact(self.text[start : match.start()])
        member = self.match.exact(self.text[match.end() : end])
        if group not in GENERIC or member not in IDENTIFIERS:
            return None
        return [(start, match.start()), (match.end(), end)]

    def _pair(self, start: int, end: int) -> tuple[Span, Span] | None:
        """``操作系统及版本``, even where the whole is a term: two words that are terms, and no permission's label."""
        match = _CONJUNCTION_REGEX.search(self.text, start, end)
        if match is None or end - start > MAX_NAME or self._is_permission(self.text[start:end]):
            return None
        left, right = (start, match.start()), (match.end(), end)
        if fold(self.text[start:end]) in self.lexicon.permissions or not (self.stands(*left) and self.stands(*right)):
            return None
        return left, right

    def stands(self, start: int, end: int) -> bool:
        """Whether a run is known as one name that stands alone, or as a permission."""
        start, end = trim(self.text, start, end)
        run = self.text[start:end]
        if not 1 < end - start <= MAX_NAME or fold(run) in self.words.catch_all:
            return False
        return self.match.alone(run) is not None or self._is_permission(run)

    def _known(self, start: int, end: int) -> bool:
        start, end = trim(self.text, start, end)
        if not 1 < end - start <= MAX_NAME:
            return False
        run = self.text[start:end]
        if fold(run) in self.words.catch_all:
            return False
        return self.match.concept(run) is not None or self._is_permission(run)

    def _is_permission(self, run: str) -> bool:
        if run.endswith("权限"):
            # 日历权限和相机权限 is two; 手机/电话权限 and 手机状态和身份权限 are one.
            match = _CONJUNCTION_REGEX.search(run)
            if match is None:
                return True
            bare = run[: match.start()], run[match.end() : -2]
            facilities = all(fold(word.removesuffix("权限")) in self.words.facilities for word in bare)
            return not facilities and fold(run) in self.lexicon.permissions
        return is_permission_like(run, self.lexicon)

    def _behind_permission(self, start: int, end: int) -> list[Span]:
        """``相机权限设备信息``: a separator is missing behind 权限."""
        at = self.text.find("权限", start, end)
        if at < 0 or at + 2 >= end or not self._known(at + 2, end):
            return [(start, end)]
        return [(start, at + 2), (at + 2, end)]

    def joins(self, first: int, at: int, end: int) -> bool:
        """Whether a line break stands inside a name: ``设备唯一`` / ``识别码``.

        Args:
            first: Where the part starts.
            at: The line break.
            end: Position behind the run.
        """
        text = self.text
        behind = at + 1
        while behind < end and behind < at + 40 and text[behind] in " \t\n":
            behind += 1
        if behind >= end:
            return True
        if text[behind] == "(":
            return True
        left = max(first, at - MAX_NAME)
        for stop in range(at - 1, left - 1, -1):
            if text[stop] in "、,;|()/:。\n":
                left = stop + 1
                break
        right = behind
        while right < end and right < behind + MAX_NAME and text[right] not in "、,;|()/:。\n":
            right += 1
        one, other = text[left:at].strip(), text[behind:right].strip()
        if not one:
            return False
        if self.stands(left, at) and self.stands(behind, right):
            return False
        return self.match.alone(one + other) is not None

    # Slashes

    def _at_slashes(self, start: int, end: int) -> list[Span]:
        """``IMEI/MAC地址/OAID``; a slash between two names of one thing, or with an unknown beside it, stays."""
        if "/" not in self.text[start:end]:
            return [(start, end)]
        pieces = [trim(self.text, *piece) for piece in self._pieces(start, end)]
        pieces = [piece for piece in pieces if piece[0] < piece[1]]
        if len(pieces) < 2 or self._governed(pieces):
            return [(start, end)]
        known = [self._known(*piece) or is_constant(self.text[slice(*piece)]) for piece in pieces]
        if not (all(known) or (len(pieces) > 2 and 2 * sum(known) >= len(pieces))):
            return [(start, end)]
        return self._joined(pieces)

    def _pieces(self, start: int, end: int) -> Iterator[Span]:
        at = self.text.find("/", start, end)
        while at >= 0:
            yield start, at
            start = at + 1
            at = self.text.find("/", start, end)
        yield start, end

    def _governed(self, pieces: list[Span]) -> bool:
        """``手机/电话权限``: the last piece is a permission and the others are the bare words it covers."""
        words = [self.text[slice(*piece)] for piece in pieces]
        return words[-1].endswith("权限") and not any(word.endswith("权限") or is_constant(word) for word in words[:-1])

    def _joined(self, pieces: list[Span]) -> list[Span]:
        """Put together neighbours that name one thing in two scripts: ``序列号/Serial``."""
        joined = [pieces[0]]
        for piece in pieces[1:]:
            last = joined[-1]
            one, other = self.text[slice(*last)], self.text[slice(*piece)]
            same = self.match.alone(one) is not None and self.match.alone(one) == self.match.alone(other)
            if same and bool(_HAN_REGEX.search(one)) != bool(_HAN_REGEX.search(other)):
                joined[-1] = (last[0], piece[1])
            else:
                joined.append(piece)
        return joined

    # Conjunctions

    def _at_conjunction(self, start: int, end: int) -> list[Span]:
        """``操作系统及硬件信息``; ``接入的方式和类型`` stays, since 类型 alone is nothing."""
        for count, match in enumerate(_CONJUNCTION_REGEX.finditer(self.text, start, end)):
            if count >= _MAX_CUTS:
                break
            left, right = (start, match.start()), (match.end(), end)
            if self._are_facilities(left, right):
                return [left, right]
            if not self._is_left(*left):
                continue
            if self._known(*right) or self._splits(*right) or match.group() == "以及":
                return [left, right]
        return [(start, end)]

    def _are_facilities(self, left: Span, right: Span) -> bool:
        """``麦克风和录音权限``, ``蓝牙功能及相机功能``: facilities of which one word says that they are permissions."""
        one, other = self.text[slice(*left)].strip(), self.text[slice(*right)].strip()
        if not other.endswith(("权限", "功能")):
            return False
        return all(
            fold(word.removesuffix("权限").removesuffix("功能")) in self.words.facilities for word in (one, other)
        )

    def _is_left(self, start: int, end: int) -> bool:
        """Left sides must stand alone, or end in a term that is no mere group word."""
        if self.stands(start, end) or self._splits(start, end):
            return True
        start, end = trim(self.text, start, end)
        if end - start < 4 or end - start > MAX_NAME:
            return False
        concept = self.match.concept(self.text[start:end])
        return concept is not None and concept not in GENERIC

    def _splits(self, start: int, end: int) -> bool:
        """Whether a side is itself two known names."""
        start, end = trim(self.text, start, end)
        if end - start > MAX_NAME:
            return False
        if "/" in self.text[start:end] and len(self._at_slashes(start, end)) > 1:
            return True
        match = _CONJUNCTION_REGEX.search(self.text, start, end)
        return bool(match and self.stands(start, match.start()) and self._known(match.end(), end))

    # Blanks

    def _at_blank(self, start: int, end: int) -> list[Span]:
        """``设备信息 网络信息``; ``WiFi IP地址`` and ``手机串号 IMEI`` stay."""
        for count, match in enumerate(_SPLIT_REGEX.finditer(self.text, start, end)):
            if count >= _MAX_CUTS:
                break
            left, right = (start, match.start()), (match.end(), end)
            if not (self.stands(*left) and (self.stands(*right) or self._splits_blank(*right))):
                continue
            one, other = self.text[slice(*left)], self.text[slice(*right)]
            concepts = self.match.alone(one), self.match.alone(other)
            modifies = not _HAN_REGEX.search(one[-1]) and concepts[0] not in IDENTIFIERS
            if concepts[0] == concepts[1] or one.endswith("卡") or (modifies and not self._is_permission(one)):
                continue
            return [left, right]
        return [(start, end)]

    def _splits_blank(self, start: int, end: int) -> bool:
        match = _SPLIT_REGEX.search(self.text, start, end)
        return bool(match and self.stands(start, match.start()))

    # Run together

    def _run_together(self, start: int, end: int) -> list[Span]:
        """``IMSIIDFA``, ``IMEI安卓ID``: identifiers of different kinds and nothing else."""
        if end - start > MAX_NAME:
            return [(start, end)]
        pieces: list[Span] = []
        last: str | None = None
        at = start
        while at < end:
            for stop in range(end, at + 1, -1):
                concept = self.match.exact(self.text[at:stop])
                if concept in IDENTIFIERS and concept != last and self.text[stop - 1] not in " /":
                    break
            else:
                return [(start, end)]
            pieces.append((at, stop))
            last = concept
            at = stop
            while at < end and self.text[at] == " ":
                at += 1
        return pieces

    def skip_conjunction(self, start: int, end: int) -> int:
        """Position behind a conjunction that a run starts with."""
        match = _EDGE_CONJUNCTION_REGEX.match(self.text, start, end)
        if match and not self.stands(start, end):
            return match.end()
        return start

    def drop_conjunction(self, start: int, end: int) -> int:
        """Position before a conjunction that a run ends with."""
        run = self.text[start:end]
        for word in ("以及", "并且", "或者", "及其", "及", "和", "与", "或", "&"):
            if run.endswith(word) and len(run) > len(word):
                return end - len(word)
        return end

    def merge_actions(self, parts: list[Part]) -> list[Part]:
        """Put together what a list of actions cut apart: ``广告的展示、点击等数据``, ``用户浏览、收藏记录``.

        Args:
            parts: Parts of one level, in order.
        """
        if len(parts) == 1:
            return parts
        merged: list[Part] = []
        index = 0
        while index < len(parts):
            stop = self._actions_end(parts, index)
            if stop > index:
                first, last = parts[index], parts[stop]
                merged.append(Part((first.span[0], last.span[1]), (), first.before, last.colon, whole=True))
            else:
                merged.append(parts[index])
            index = stop + 1
        return merged

    def _actions_end(self, parts: list[Part], index: int) -> int:
        """Index of the last part of a list of actions that starts here; the same index where none does."""
        first = parts[index]
        if first.groups or first.colon or not self._text(first).endswith(self.words.actions):
            return index
        if "的" not in self._text(first) and self.stands(*first.span):
            return index
        for at in range(index + 1, min(len(parts), index + 6)):
            part, run = parts[at], self._text(parts[at])
            if part.before != "、" or part.groups or not run.startswith(self.words.actions):
                return index
            if run.endswith(("信息", "数据", "记录", "行为", "日志", "情况")):
                return at if not self.match.exact(run) else index
            if run not in self.words.actions:
                return index
        return index

    def _text(self, part: Part) -> str:
        return self.text[part.span[0] : min(part.span[1], part.span[0] + MAX_NAME + 1)]
