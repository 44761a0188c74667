"""What a name or a bracket is: an item, a permission, a gloss, a sentence. Nothing is read here, only told apart."""

from __future__ import annotations

import re
from functools import lru_cache

from noticeparse.fields.items_model import Draft, Scope
from noticeparse.fields.items_names import NameCutter
from noticeparse.fields.items_words import ItemWords, item_words
from noticeparse.fields.qualifiers import is_qualifier, platforms_of
from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.lexicon.match import (
    IDENTIFIERS,
    MAX_NAME,
    is_constant,
    is_permission_like,
    matcher,
    permission_of,
)
from noticeparse.memo import Answers
from noticeparse.pattern import Pattern
from noticeparse.records import Span

# 无需收集个人信息, 暂不涉及: a sentence that says there is none.
_NOTHING_REGEX = Pattern(
    r"(?:本?SDK)?(?:均|暂|暂时|目前)?(?:不会?|无需|无须|未|没有|并不|并未)(?:主动|额外|直接|单独)?"
    r"(?:涉及|收集|获取|采集|申请|需要|使用|共享|提供|处理|调用){1,3}"
    r"(?:任何|您的|用户的?|其他|系统|设备|敏感|终端)*(?:个人)?(?:敏感)?(?:信息|数据|隐私|权限|个人信息)?",
    re.I,
)
_ET_CETERA_REGEX = Pattern(r"等{1,2}(?![级待于额效离高候分])")
# What a name ends with that is a product, a service or a time, whatever data it mentions.
_NO_DATA_ENDS = ("sdk", "服务", "功能", "时", "公司", "业务", "场景", "平台", "app", "小程序")
# Where a term might be two, or hold a word that the grammar reads.
_JOINT_REGEX = Pattern(r"[\s/&()和及与或等:]|包括|包含|用于|权限")
_SENTENCE_REGEX = Pattern(r"我们|您可|请您|敬请|不会|将会|以上|如下|如果|详见|参见|为准")
PERMISSION_LABEL_REGEX = Pattern(
    r"(?:可能|需要?|将|会|所|涉及|申请|用到|调用|调取|获取|使用|开启|访问|系统|设备|敏感|的|您|以下|相关|用户|具体|主要|手机)*权限(?:包括|如下|有|为|名称|列表)?"
)
ASKED_PERMISSION_REGEX = Pattern(
    r"(?:可能|需要?|将|会|我们|SDK)*(?:用到|调取|调用|获取|使用|申请|访问|开启|请求|需要)(?:到|您的|用户的|设备的|手机的|系统的)*(?=[^,，。;:]{1,20}权限$)",
    re.I,
)
_SAME_GLOSS_REGEX = Pattern(r"[\u4e00-\u9fff]或[\u4e00-\u9fff]")
_CLAUSE_REGEX = Pattern(r"我们|需|为此|将会?|可能会?|允许|同时|并|其|您|SDK|通过", re.I)
_CLAUSE_START_REGEX = Pattern(
    r"(?:并)?(?:不|未|无需)(?:会|再|需要?)?(?:直接|主动)?(?:向|收集|发送|上传|获取|采集|涉及|共享|存储)|"
    r"为了|为(?=.{4})|当|在(?=.{4})|如果|如您|如不|如需|若|一旦|并|且|以便|用于|从而|同时|不会|可能|将|我们|该|上述|请|您|通过|根据|基于|依据|做(?=.{3})"
)
_CLAUSE_END_REGEX = Pattern(r"(?:并将?|一并)?(?:传输[至到给]|发送[至到给]|上[传报][至到给]|共享[给至]|提供给|进行)")
_GETTING_REGEX = Pattern(
    r"(?:获取|获得|收集|采集|访问|开启|申请|调用|调取|使用|读取|需要)(?:到|最终用户的|用户设备的|用户的|您的|你的|您手机的|您设备的|设备的)*\s*|您(?:设备|手机|终端)?(?:上)?的\s*"
)
_ASKS_USER_REGEX = Pattern(r"[获访读使开申调][取问用启请]{1,2}(?:您|你|用户|手机|/)")
_FIRST_REGEX = Pattern(r"[、,;/(和及与]")
_FIRST_IN_GLOSS_REGEX = Pattern(r"[、,;/:(]| (?=[\u4e00-\u9fff])")
_PIECE_REGEX = Pattern(r"[、,;/()和及]")
_LONG_PIECE_REGEX = Pattern(r"[、,;。\n]")
# Data that no system has a permission for: 权限 behind its name is a manner of speaking.
_NEVER_GRANTED = IDENTIFIERS | frozenset(
    (
        "device_model", "device_brand", "device_manufacturer", "device_name", "os", "os_version", "screen", "cpu",
        "memory", "battery", "carrier",
    )
)  # fmt: skip
# A shorter name may mean that of its group.
_SHORTEST_PLAIN = 4
# A name longer than this that holds no known term is a sentence.
_LONGEST_UNKNOWN = 32


class NameKinds:
    """Tells names apart, over one text and one lexicon."""

    def __init__(self, text: str, names: NameCutter, lexicon: Lexicon) -> None:
        """Set up for one text.

        Args:
            text: The view's text.
            names: Tells what stands alone.
            lexicon: Vocabulary.
        """
        self.text = text
        self.names = names
        self.lexicon = lexicon
        self.match = matcher(lexicon)
        self.words: ItemWords = item_words(lexicon)
        self.plain = _plain_terms(lexicon)

    def learn(self, name: str, draft: Draft, scope: Scope) -> None:
        """Keep what the grammar made of a name without brackets that turned out as one item and nothing else.

        What qualifies the name before it, where there is one, is not kept.

        Args:
            name: The whole part.
            draft: What was read.
            scope: What holds where it stands.
        """
        if (
            4 < len(name) <= MAX_NAME
            and fold(name) not in self.words.versions
            and draft.concept is not None
            and not draft.facility
            and not self.is_behind(name, scope)
        ):
            self.plain.keep((name, scope.inside), draft.concept)

    def plain_term(self, name: str, scope: Scope) -> str | None:
        """Concept of a term that is an item wherever it stands, so that no grammar is needed; kept for each lexicon.

        ``IMEI``, ``设备型号``; not 版本, whose meaning depends on its neighbours, nor in a group what is as short as 名称, and
        not 相机, which may be a permission.

        Args:
            name: The term.
            scope: What holds where it stands.
        """
        if len(name) < _SHORTEST_PLAIN and scope.parent is not None:
            return None
        return self.plain[name, scope.inside]

    def starts_purpose(self, at: int) -> bool:
        """Whether a clause that says what data is for starts here."""
        return self.text.startswith(self.words.purposes, at)

    def is_empty_word(self, name: str) -> bool:
        """Whether a name is a word for data in general, for none, or between sentences."""
        return _is_empty(name, self.words)

    def keeps_verb(self, name: str, scope: Scope) -> bool:
        """Whether a verb in front belongs to the name: ``读取日历`` as a permission."""
        if self.is_data_permission(name):
            return False
        if fold(name) in self.lexicon.permissions:
            return True
        verbs = self.words.verbs if name.startswith(self.words.verbs) else ()
        if any(name.startswith(verb) and fold(name[len(verb) :]) in self.words.facilities for verb in verbs):
            return False
        # 获取您的相机权限 asks for one thing of the user; 获取通知权限 is a label as it stands.
        return scope.mode == "permission" and not _ASKS_USER_REGEX.match(name)

    def object_in(self, start: int, end: int, name: str, *, explains: bool = False) -> int | None:
        """Where the object of a sentence starts: ``我们还需要获得您的定位权限``, ``将收集您的IMEI``."""
        if len(name) < 5 or not (explains or _CLAUSE_REGEX.search(name)):
            return None
        if len(name) <= MAX_NAME and (self.match.exact(name) is not None or fold(name) in self.lexicon.permissions):
            return None
        ends = [match.end() for match in _GETTING_REGEX.finditer(self.text, start, end)]
        if not ends or ends[-1] >= end:
            return None
        cut = self.purpose_in(ends[-1], end)
        return ends[-1] if self.names.stands(ends[-1], end if cut is None else cut) else None

    def is_sentence(self, name: str, concept: str | None) -> bool:
        """A clause that holds no name to be cut out, by its length, its pronouns or the word it starts with."""
        if self.match.alone(name) is not None:
            return False
        clause = bool(_CLAUSE_START_REGEX.match(name)) or name.casefold().endswith(_NO_DATA_ENDS)
        if concept is None:
            return clause or len(name) > _LONGEST_UNKNOWN or bool(_SENTENCE_REGEX.search(name))
        return (clause and len(name) > 6) or "我们" in name or "需要" in name

    def behind_clause(self, start: int, end: int, name: str) -> int | None:
        """``姓名传输至…``: where a known name ends and a clause about it begins."""
        if len(name) < 6 or self.match.alone(name) is not None:
            return None
        match = _CLAUSE_END_REGEX.search(name, 2)
        if match and match.end() < len(name) and self.names.stands(start, start + match.start()):
            return start + match.start()
        return None

    def purpose_in(self, start: int, end: int) -> int | None:
        """``位置信息用于天气服务`` is an item and what it is for."""
        for word in self.words.purposes_inside:
            at = self.text.find(word, start + 2, end)
            if (
                at > 0
                and self.match.concept(self.text[max(start, at - MAX_NAME) : at]) is not None
                and at + len(word) < end
            ):
                return at
        return None

    def is_permission(self, name: str, scope: Scope) -> bool:
        """Whether a name is a permission, by its form or since it stands among permissions."""
        if self.is_data_permission(name) or (is_constant(name) and self.match.exact(name) is not None):
            return False
        if is_permission_like(name, self.lexicon) or fold(name) in self.words.devices:
            return True
        if name.endswith("功能") and fold(name[:-2]) in self.words.facilities:
            return True
        if scope.mode != "permission":
            return False
        if permission_of(name, self.lexicon) or fold(name) in self.words.facilities:
            return True
        return self.match.alone(name) is None

    def is_data_permission(self, name: str) -> bool:
        """``IMEI权限``: a data word for which no system has a permission."""
        if not name.endswith("权限") or fold(name) in self.lexicon.permissions:
            return False
        bare = name[:-2].removesuffix("的").removeprefix("获取").removeprefix("读取")
        return self.match.alone(bare) in _NEVER_GRANTED

    def lists_items(self, start: int, end: int) -> bool:
        """Whether a bracket behind a permission starts with a data item: ``电话权限（IMEI、IMSI）``."""
        intro = self.words.intro_at(self.text, start, end)
        start = intro[1] if intro else start
        first = _FIRST_REGEX.split(self.text[start : min(end, start + MAX_NAME)], maxsplit=1)[0].strip()
        return self.match.alone(first.removesuffix("权限")) is not None

    def rewords(self, head: Draft, content: str) -> bool:
        """``归属地（国家或地区）``: the same again, but loosely."""
        return self.is_alike(head, content) and bool(_SAME_GLOSS_REGEX.search(content))

    def names_same(self, head: Draft, content: str) -> bool:
        """``国际移动设备识别码（IMEI）``: the same thing again, in another script or wording."""
        return self.is_alike(head, content) and not _SAME_GLOSS_REGEX.search(content)

    def is_alike(self, head: Draft, content: str) -> bool:
        """Whether a bracket has the concept of the name before it."""
        if len(content) > MAX_NAME:
            return False
        concept = self.match.alone(content)
        if head.concept is None:
            # XAID（匿名设备标识符）: an abbreviation that only its bracket explains.
            name = self.text[slice(*head.span)]
            known = concept or self.match.concept(content)
            return known is not None and len(name) <= 10 and name.isascii() and not content.isascii()
        # IDFA标识码（广告标识符）: a wider word for an identifier says no more.
        return concept == head.concept or (head.concept in IDENTIFIERS and concept == "device_identifier")

    def is_gloss(self, content: str, start: int, end: int) -> bool:
        """Whether a bracket is a qualifier: by its wording, or since nothing in it is a known name."""
        if fold(content) in self.lexicon.qualifiers:
            return True
        if self.words.intro_at(self.text, start, end) or ASKED_PERMISSION_REGEX.match(content):
            return False
        if ":" in content[:24] and PERMISSION_LABEL_REGEX.fullmatch(content.split(":", 1)[0].strip()):
            return False
        first = _FIRST_IN_GLOSS_REGEX.split(content[: MAX_NAME + 1], maxsplit=1)[0].strip()
        if self._reads(first):
            return False
        if is_qualifier(content[: 4 * MAX_NAME], self.lexicon):
            return True
        head = self.words.intro_in(content, 0, min(len(content), MAX_NAME))
        if head is not None and platforms_of(content[: head[0]].strip(), self.lexicon):
            return False
        pieces = [piece.strip() for piece in _PIECE_REGEX.split(content[:600]) if piece.strip()]
        return not any(self._reads(piece) for piece in pieces[:40])

    def _reads(self, name: str) -> bool:
        name = name.removesuffix("等").removesuffix("等信息")
        if not 1 < len(name) <= MAX_NAME:
            return False
        if self.match.alone(name) is not None or is_permission_like(name, self.lexicon):
            return True
        return not is_qualifier(name, self.lexicon) and self.match.concept(name) is not None and len(name) <= 16

    def is_behind(self, name: str, scope: Scope) -> bool:
        """Whether a part qualifies the name before it: inside brackets any qualifier, outside a listed long one."""
        if self.match.alone(name) is not None or is_permission_like(name, self.lexicon):
            return False
        if scope.inside:
            return is_qualifier(name, self.lexicon)
        return fold(name) in self.lexicon.qualifiers and len(name) > 3

    def is_name(self, start: int, end: int) -> bool:
        """Whether a run is a name of data, if only by its head noun."""
        name = self.text[start:end].strip()
        return len(name) <= MAX_NAME and self.match.concept(name) is not None

    def in_context(self, name: str, concept: str | None, parent: Draft | None, drafts: list[Draft]) -> str | None:
        """``操作系统及版本``, ``设备信息（名称）``: a bare word means that of what stands before it or of its group."""
        if fold(name) in self.words.versions:
            return self._version_of(drafts) or concept
        if parent is None or len(name) > 4 or (concept is not None and len(name) > 2 and not name.isascii()):
            return concept
        group = self.text[slice(*parent.span)]
        for ending in ("标识", "信息", ""):
            if group.endswith(ending):
                found = self.match.exact(group[: len(group) - len(ending)] + name)
                if found is not None:
                    return found
        return concept

    @staticmethod
    def _version_of(drafts: list[Draft]) -> str | None:
        for draft in reversed(drafts[-6:]):
            if draft.concept in ("os", "os_version"):
                return "os_version"
            if draft.concept in ("app_info", "app_name", "app_version", "package_name", "installed_apps"):
                return "app_version"
            if draft.concept == "sdk_version":
                return "sdk_version"
        return None

    def et_cetera_in(self, start: int, end: int) -> Span | None:
        """``A等``, ``A等信息``; not the 等 of 等级 and not inside a term."""
        match = _ET_CETERA_REGEX.search(self.text, start, end)
        if match is None or (end - start <= MAX_NAME and self.match.exact(self.text[start:end]) is not None):
            return None
        return match.span()

    def is_last(self, at: int, end: int) -> bool:
        """Whether no bracket opens and no well known name stands between separators behind a purpose clause."""
        rest = self.text[at : min(end, at + 400)]
        return not any(
            self.match.alone(piece.strip()) for piece in _LONG_PIECE_REGEX.split(rest)[1:20] if piece.strip()
        )


def _is_empty(name: str, words: ItemWords) -> bool:
    key = fold(name)
    if len(name) <= MAX_NAME and _NOTHING_REGEX.fullmatch(name):
        return True
    return key in words.absent or key in words.catch_all or key in words.adverbs


@lru_cache(maxsize=8)
def _plain_terms(lexicon: Lexicon) -> Answers[tuple[str, bool], str | None]:
    """Concepts of terms that need no grammar, and of what the grammar read as one item, by whether it stood in a bracket."""
    words, exact = item_words(lexicon), matcher(lexicon).exact
    special = words.facilities | words.devices | words.versions
    leads = (*words.purposes, *words.owners, *words.verbs)

    def find(key: tuple[str, bool]) -> str | None:
        name = key[0]
        concept = exact(name) if 1 < len(name) <= MAX_NAME else None
        if concept is None or _JOINT_REGEX.search(name) or name.startswith(leads) or fold(name) in special:
            return None
        return None if _is_empty(name, words) or is_permission_like(name, lexicon) else concept

    return Answers(find)
