"""The vocabulary of sentences, compiled once for a lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from noticeparse.lexicon.load import Lexicon, fold
from noticeparse.names import NameGrammar, name_grammar
from noticeparse.pattern import Pattern

_NEVER = Pattern(r"(?!)")
# ios版本: , 当您使用安卓版客户端时, 对于iOS版客户端, with what leads to the data behind the comma
_LABEL = (
    r"(?:(?<=[\n。;,:() \t])|^)[ \t]{{0,20}}+(?:[-•·][ \t]{{0,4}}+)?"
    r"(?P<label>(?:(?:当|如|若|在)?(?:您|用户)?(?:使用)?(?:的是)?|对于|针对[^,。;:\n]{{0,12}}?)?(?:{0})"
    r"(?:系统|版本|版|端|客户端|独有|手机|设备|平台|用户|APP|应用|的){{0,4}}(?:时|中|上)?)[ \t]{{0,4}}"
    r"(?:(?P<direct>:|,\s*(?:(?:需要?|所需)?(?:采集|收集|获取)?的?信息(?:包括|为|有):?))|,)"
)
# Characters of what may stand between two verbs, and between two treatments.
_JOINING_VERBS, _JOINING_TREATMENTS = "和或者、及与/并以 \t", "和或及、并与以 \t"
_SYSTEMS = ("Android", "iOS", "HarmonyOS")


class ProseWords:
    """Patterns over the word classes that sentences use.

    Attributes:
        lexicon: The vocabulary.
        names: Grammar of names over the same vocabulary.
        get: A verb of taking data (收集, 获取), or several joined.
        give: A verb of handing data over (提供, 共享).
        weak: Verbs that take data only where the sentence says so (使用您的…).
        link: Data that are matched with a recipient's (与运营商接口进行对接).
        treated: How data were treated before they went (哈希后).
        remark: What stands inside a run of data and names none.
        treatment: Words for how data are protected (去标识化).
        system: A system's name as a platform note uses it (安卓版, iOS).
        leading_kinds: Kinds of recipient that stand before a company's name (服务提供商某某公司).
        data_nouns: Nouns that the names of data end in.
        catch_alls: Wordings that say data without naming any.
        label: A platform label and the comma or colon behind it; the group ``label`` is the note itself.
        cue: Any verb or noun without which a stretch has no disclosure.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the word classes.

        Args:
            lexicon: Vocabulary.
        """
        words = lexicon.words
        self.lexicon = lexicon
        self.names: NameGrammar = name_grammar(lexicon)
        gives = dict.fromkeys((*words.get("transfer_verb", ()), *words.get("share_verb", ())))
        # 提供您的信息 gives; 上传您的信息 takes, as long as nobody is named to whom.
        handed = set(gives) - set(words.get("upload_verb", ()))
        takes = dict.fromkeys(
            word for word in (*words.get("get_verb", ()), *words.get("receive_verb", ())) if word not in handed
        )
        self.weak = frozenset(words.get("weak_get_verb", ()))
        one = _alternation(takes)
        further = _alternation(single_words(takes, _JOINING_VERBS))
        self.get = _compile(
            rf"(?P<verb>{one})(?:\s*(?:和|或者?|、|及|与|/|并|以及)\s*(?:{further}))*(?:到|了|得)?", takes
        )
        self.give = _compile(rf"(?P<verb>{_alternation(_bare(gives))})(?:了)?", gives)
        treatments = _alternation(words.get("treatment", ()))
        single = _alternation(single_words(words.get("treatment", ()), _JOINING_TREATMENTS))
        self.treatment = _compile(
            rf"(?:(?:通过|以|采用|采取)?(?:{treatments})(?:的)?方式)?(?:{treatments})(?:\s*(?:和|或|及|、|并|与|以及)\s*(?:{single}))*",
            words.get("treatment", ()),
        )
        systems = [word for name in _SYSTEMS for word in lexicon.platforms.get(name, ())]
        self.system = _compile(_alternation(systems), systems, re.I)
        self.label = _compile(_LABEL.format(_alternation(systems)), systems, re.I)
        self.treated = _compile(
            rf"(?:经过?|以|通过)?(?:{treatments})(?:处理)?(?:后|并|的方式|方式)", words.get("treatment", ())
        )
        self.remark = Pattern(
            r"作为[^,。;、]{2,10}(?=,\s*包括)|中?与[^,。;、]{1,12}(?:有关|相关)的(?:必要)?(?:信息|数据|资料)|(?:和|及|以及|、)其他[^,。;、()]{0,24}(?:信息|数据|资料)|(?:和|及|以及|、)(?=(?:您|你)(?:授权|需要|主动|所)[^,。;、]{0,6}的)"
            + (
                rf"|(?:以及|及|和|、|或)(?:经过?)?(?:{single})(?:[和或及、](?:{single})){{0,9}}(?:处理)?[后过]的(?:个人)?(?:信息|数据)"
                if single
                else ""
            )
        )
        self.leading_kinds = tuple(
            word
            for word in words.get("recipient_noun", ())
            if len(word) > 2 and word != "第三方" and word.endswith(("商", "方", "伙伴", "者"))
        )
        self.data_nouns = tuple(words.get("data_noun", ()))
        self.catch_alls = tuple(
            word
            for word in words.get("catch_all", ())
            if len(word) > 3 and not word.startswith(("相关", "业务", "服务"))
        )
        links = words.get("link_verb", ())
        self.link = _compile(
            rf"(?:与|和|同)(?P<r>[^,。;]{{2,40}}?)(?P<i>接口)?(?P<p>(?:进行)?(?:{_alternation(links)})[^,。;]{{0,12}})",
            links,
        )
        self.cue = _compile(_alternation((*gives, *takes, *links)), (*gives, *takes))

    def names_data(self, words: str) -> bool:
        """Whether a wording is a known name of data or of a permission, or ends as such names do."""
        key = fold(words)
        lexicon = self.lexicon
        return (
            key in lexicon.terms or key in lexicon.permissions or (len(words) > 2 and words.endswith(self.data_nouns))
        )

    def system_of(self, words: str) -> str | None:
        """The platform of the first system name in a note."""
        match = self.system.search(words)
        found = self.names.platforms_of(match.group()) if match else ()
        return found[0] if found else None


def _bare(verbs: Iterable[str]) -> list[str]:
    """Verbs without a preposition behind: 提供给 is 提供 and 给."""
    return list(dict.fromkeys(verb.removesuffix("给") for verb in verbs))


def single_words(words: Iterable[str], joining: str) -> list[str]:
    """Words without those that others of them make up, with what joins words in between.

    >>> single_words(("收集", "使用", "收集和使用"), "和、")
    ['收集', '使用']

    Where a pattern repeats words and joints, it reads such a word anyway; with the word beside the others it would read a
    run of them in 2ⁿ ways.

    Args:
        words: Words of one class.
        joining: The characters that may stand between two of them.
    """
    known = dict.fromkeys(words)
    parted = str.maketrans(dict.fromkeys(joining, "\0"))
    return [
        word
        for word in known
        if (parts := [part for part in word.translate(parted).split("\0") if part]) == [word]
        or not all(part in known for part in parts)
    ]


def _alternation(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def _compile(pattern: str, words: Iterable[str], flags: int = 0) -> Pattern[str]:
    """The pattern, or one that matches nothing where the word class is empty."""
    return Pattern(pattern, flags) if any(words) else _NEVER


@lru_cache(maxsize=4)
def prose_words(lexicon: Lexicon) -> ProseWords:
    """The compiled vocabulary; built once for each lexicon."""
    return ProseWords(lexicon)
