"""How well words suit a column of a table: what tells where a cell belongs when its place alone does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from noticeparse.layout.model import LINK_FIELDS, NAME_FIELDS
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.lexicon.match import exact_concept, is_constant, is_permission_like
from noticeparse.memo import Answers
from noticeparse.names import NameKind, name_grammar
from noticeparse.pattern import Pattern

URL_REGEX = Pattern(r"https?://|www\.|^(?=\S+$)\S+\.(?:com|cn|net|org)(?:/|>?$)", re.I)
NUMBER_REGEX = Pattern(r"\(?\d{1,3}[).、]?")
_PART_REGEX = Pattern(r"[、,;/\n()]|(?<=[\u4e00-\u9fff])[及和与](?=[\u4e00-\u9fff])")
_SEPARATED_REGEX = Pattern(r"[、,;/\n()]")
_PACKAGE_REGEX = Pattern(r"[a-z][\w-]*+\.[A-Za-z][\w.-]*+(?:[、,;\s]++[a-z][\w-]*+\.[A-Za-z][\w.-]*+)*+")
_CONTACT_REGEX = Pattern(r"[\w.+-]@[\w-]++\.\w|(?<!\d)(?:\d{3,4}-)?\d{3,4}-?\d{3,4}(?!\d)|电话|邮箱|地址")
_ANSWER_REGEX = Pattern(r"[是否有√×✓✗]")
LINK_TITLE_REGEX = Pattern(
    r"(?:政策|协议|声明|条款|规则|指引|须知|说明|链接|官网|查看|页面|条例|公告|polic(?:y|ies)|agreement|terms|statement)[》\"]?\s*$",
    re.I,
)
_BOTH_REGEX = Pattern(r"[^()]{1,30}\s*+\((.+?)(?:\)\s*+|(?<!\s)\s*+)")
_ONE_WORD_REGEX = Pattern(r"[\u4e00-\u9fff]{2,8}(?<!信息)(?<!地址)(?<!列表)")
_LONG = 60
_SEEN = 160  # characters of a cell that are looked at


class ColumnJudge:
    """Scores words against the field of a column, from -3 (can hardly be) to 3 (can hardly be anything else)."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Prepare the word classes.

        Args:
            lexicon: Vocabulary; the word classes ``cell_hint:FIELD`` name what cells of a field contain.
        """
        self.lexicon = lexicon
        self._names = name_grammar(lexicon)
        self._absent = frozenset(fold(word) for word in lexicon.words.get("absent", ()))
        self._leads = (*lexicon.words.get("activity_lead", ()), *lexicon.words.get("purpose_intro", ()))
        self._hints = {
            name.partition(":")[2]: tuple(fold(word) for word in words)
            for name, words in lexicon.words.items()
            if name.startswith("cell_hint:")
        }
        self._rows = Answers[tuple[tuple[str, ...], str], list[float]](lambda key: self._score_row(*key))
        self._shares = Answers[str, tuple[float, float]](self._shares_of)
        self._told = Answers[str, float | tuple[NameKind, bool]](self._tell_name)
        self._named = Answers[str, bool](self._is_name)
        self._kinds = Answers[str, str](self._kind)

    def scores(self, fields: tuple[str, ...], words: str) -> list[float]:
        """How well words suit each of some columns; the list is kept and must not be changed.

        A company under ``provider``, ``IMEI、MAC地址`` under ``data_items``, an address under a link score high; an address
        elsewhere, or a company under ``purpose``, scores low.

        Args:
            fields: Fields of the columns, an empty string for one that is not known.
            words: The cell's words.
        """
        return self._rows[fields, words.strip()[:_SEEN]]

    def kind(self, words: str) -> str:
        """The field that a column of such cells is by what they hold, an empty string where nothing tells.

        Args:
            words: A cell's words, without white space around.
        """
        return self._kinds[words] if len(words) <= _SEEN else self._kind(words)

    def _kind(self, words: str) -> str:
        if URL_REGEX.search(words):
            return "link"
        if NUMBER_REGEX.fullmatch(words):
            return "none"
        parts = [part for part in _SEPARATED_REGEX.split(words[:200]) if part.strip()]
        known = sum(exact_concept(part, self.lexicon) is not None for part in parts)
        if parts and known * 2 >= len(parts):
            return "data_items"
        kind = self._names.classify(words) if len(words) <= 40 else "unknown"
        if kind in NAME_FIELDS:
            return kind
        return "permissions" if words.endswith("权限") else ""

    def _score_row(self, fields: tuple[str, ...], words: str) -> list[float]:
        if not words:
            return [0.0] * len(fields)
        if fold(words.strip("。;")) in self._absent:
            return [-0.5 if field in NAME_FIELDS else 0.3 for field in fields]
        # No address is without one of the two.
        address = ("." in words or "//" in words) and URL_REGEX.search(words) is not None
        score = self._score_address if address else self._score
        return [score(field, words) for field in fields]

    def _score(self, field: str, words: str) -> float:
        if field in LINK_FIELDS:
            return 1.0 if LINK_TITLE_REGEX.search(words) and len(words) <= 40 else -1.5
        if field in NAME_FIELDS or field in ("name", "recipient_category"):
            return self._score_name(field, words)
        if field in ("data_items", "permissions"):
            return self._score_list(field, words)
        if field in ("purpose", "scenario", "category"):
            return self._score_reason(field, words)
        return self._score_other(field, words)

    def _score_address(self, field: str, words: str) -> float:
        if field in LINK_FIELDS:
            return 3.0
        if field == "package_name":
            return self._score(field, words)
        if field in ("", "none"):
            return 0.0
        return -3.0 if URL_REGEX.match(words) else -0.5

    def _score_name(self, field: str, words: str) -> float:
        told = self._told[words]
        if isinstance(told, float):
            return told
        kind, legal = told
        if field == "provider":
            known = {"provider": 2.0, "recipient_category": 1.0, "sdk": -0.5 if words.upper().endswith("SDK") else 0.5}
            return 2.0 if legal else known.get(kind, self._plain_name(words))
        if field == "recipient_category":
            return {"recipient_category": 2.0, "provider": 0.5}.get(kind, self._plain_name(words))
        if kind == "sdk":
            return 2.0 if words.upper().endswith("SDK") else 1.5
        if kind == "provider":
            return -1.0 if legal and field == "sdk" else 0.8
        return 0.5 if kind == "recipient_category" else self._plain_name(words)

    def _tell_name(self, words: str) -> float | tuple[NameKind, bool]:
        """The kind of name that words are, and whether that is a legal one; a score where they are none, or two."""
        if len(words) > _LONG or "。" in words or NUMBER_REGEX.fullmatch(words):
            return -2.0
        if LINK_TITLE_REGEX.search(words):
            return -0.8
        if self._names_both(words):
            return 1.5
        return self._names.classify(words), self._names.is_legal_name(words)

    def _plain_name(self, words: str) -> float:
        """Score of words that no rule knows for a name: short ones may be one, data and activities are none."""
        if max(self._shares[words]) >= 0.5:
            return -1.5
        if self._tells_activity(words) or any(mark in words for mark in "。;、,"):
            return -0.8
        return 0.2 if len(words) <= 24 else -0.6

    def _score_list(self, field: str, words: str) -> float:
        if self._named[words]:
            return -2.0
        data, permissions = self._shares[words]
        own, other = (data, permissions) if field == "data_items" else (permissions, data)
        if own or other:
            return max(2.5 * own, (1.0 if field == "data_items" else 0.6) * other) - 0.2
        return -0.6 if self._tells_activity(words) else -0.3

    def _score_reason(self, field: str, words: str) -> float:
        if self._named[words]:
            return -1.5
        if self._shares[words][0] >= 0.7:
            return -0.2 if _ONE_WORD_REGEX.fullmatch(words) else -1.0  # 消息推送 may be either
        if self._has_hint("method", words) or self._has_hint("processing", words):
            return -0.5
        if field == "category":
            named = self._names.classify(words) in NAME_FIELDS
            return -0.5 if named else 0.5 if len(words) <= 12 else -0.8
        told = (
            self._tells_activity(words)
            if field == "purpose"
            else words.endswith("时") or words.startswith(("当", "在"))
        )
        return 1.0 if told else 0.5

    def _score_other(self, field: str, words: str) -> float:
        if field == "platforms":
            return 2.0 if self._names.platforms_of(words) else -1.5
        if field == "package_name":
            return 2.5 if _PACKAGE_REGEX.fullmatch(words) else -1.5
        if field == "contact":
            return 1.5 if _CONTACT_REGEX.search(words) and len(words) <= 80 else -0.5
        if field in ("method", "processing"):
            return 1.5 if self._has_hint(field, words) and len(words) <= _LONG else -0.7
        if field in ("none", ""):
            plain = NUMBER_REGEX.fullmatch(words) or _ANSWER_REGEX.fullmatch(words)
            return (1.5 if field == "none" else 0.3) if plain else 0.0
        return 0.0

    def _shares_of(self, words: str) -> tuple[float, float]:
        """Share of a run's parts that are data items by name, and share of those that are permissions."""
        parts = [part.strip() for part in _PART_REGEX.split(words) if part.strip()]
        if not parts:
            return 0.0, 0.0
        data = sum(exact_concept(part, self.lexicon) is not None for part in parts)
        permissions = sum(is_permission_like(part, self.lexicon) or is_constant(part) for part in parts)
        return data / len(parts), permissions / len(parts)

    def _is_name(self, words: str) -> bool:
        if len(words) > _LONG:
            return False
        return self._names.is_legal_name(words) or words.upper().endswith("SDK") or self._names_both(words)

    def _names_both(self, words: str) -> bool:
        """Whether a cell names a product and its company in brackets: ``某某（某某有限公司）``."""
        match = _BOTH_REGEX.fullmatch(words)
        return match is not None and self._names.is_legal_name(match.group(1))

    def _tells_activity(self, words: str) -> bool:
        return words.startswith(self._leads) if self._leads else False

    def _has_hint(self, field: str, words: str) -> bool:
        key = fold(words)
        return any(hint in key for hint in self._hints.get(field, ()))


@lru_cache(maxsize=4)
def column_judge(lexicon: Lexicon) -> ColumnJudge:
    """The judge over a lexicon; built once for each lexicon."""
    return ColumnJudge(lexicon)


def with_product_column(
    fields: tuple[str, ...], labels: Sequence[str], cells: Sequence[Sequence[str]], lexicon: Lexicon
) -> tuple[str, ...]:
    """Columns where one headed 产品/类型 beside a company's turns out to hold the products' names.

    Kinds (框架SDK, 云服务) come back in row after row; names differ, and most are known or written as names.

    Args:
        fields: Fields of the columns by their labels.
        labels: Words of the header.
        cells: Words of each column's cells.
        lexicon: Vocabulary.
    """
    if "sdk" in fields or "name" in fields or "provider" not in fields or "category" not in fields:
        return fields
    column = fields.index("category")
    if "产品" not in labels[column]:
        return fields
    words = [word.strip() for word in cells[column] if word.strip()]
    named = sum(name_grammar(lexicon).classify(word) == "sdk" for word in words)
    if not words or len(set(words)) * 3 < len(words) * 2 or named * 2 < len(words):
        return fields
    return (*fields[:column], "sdk", *fields[column + 1 :])
