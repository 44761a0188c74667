"""Random records that a careful reader would find again in a notice that states them.

Names, data items, qualifiers and permissions are drawn from the lexicons or composed of words that no lexicon holds;
values hold brackets, separators, numbers and Latin words in both widths. What has two readings for a person too is left
out here, each time with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from hypothesis import assume
from hypothesis import strategies as st

from noticeparse.document import document_from_text
from noticeparse.document.view import View
from noticeparse.fields.items import parse_items
from noticeparse.fields.items_model import Default, ItemRun
from noticeparse.fields.qualifiers import read_qualifier
from noticeparse.layout.labels import label_grammar
from noticeparse.lexicon.load import fold, load_lexicon
from noticeparse.lexicon.match import GENERIC, concept_of, exact_concept, permission_of
from noticeparse.names import classify_name
from noticeparse.normalise.resolve import resolve
from noticeparse.records import (
    DataItem,
    Disclosure,
    Entity,
    Link,
    Permission,
    Platform,
    Qualifier,
    Span,
    Value,
)
from noticeparse.rendering.layouts import LAYOUTS
from noticeparse.rendering.wording import LABELS, data_items_text

LEXICON = load_lexicon(None)
# Spans say where a value stands; a record that is yet to be written has no place.
NOWHERE: Span = (0, 0)

# ---- words that no lexicon holds

_BRANDS = (
    "鹿角",
    "青梧",
    "拾光",
    "云帆",
    "麦穗",
    "知了",
    "墨竹",
    "北斗星河",
    "小舟",
    "溪谷",
    "Luka",
    "Qingwu",
    "MoZhu",
)
_PLACES = ("北京", "上海", "深圳市", "杭州", "武汉")
_TRADES = ("科技", "网络技术", "信息技术", "数据服务", "软件", "文化传媒")
_LEGAL = ("有限公司", "股份有限公司", "有限责任公司")
_FUNCTIONS = ("推送", "统计", "登录", "支付", "地图", "分享", "视频播放", "一键登录", "设备指纹", "热修复")
_NEW_DATA = ("鹿角", "青梧", "麦穗", "三色", "溪谷", "竹影")
_NEW_NOUNS = ("指数", "编号", "刻度", "花纹", "等级", "系数")


def _without(words: Sequence[str], odd: str) -> list[str]:
    return [word for word in words if not any(char in word for char in odd)]


# ---- recipients


@cache
def _known_companies() -> list[str]:
    return sorted(c.name for c in LEXICON.companies.values() if classify_name(c.name, LEXICON) == "provider")


@st.composite
def _new_companies(draw: st.DrawFn) -> str:
    brand, trade, legal = (draw(st.sampled_from(words)) for words in (_BRANDS, _TRADES, _LEGAL))
    place = draw(st.sampled_from(_PLACES))
    return draw(
        st.sampled_from(
            [
                f"{place}{brand}{trade}{legal}",
                f"{brand}（{place}）{trade}{legal}",
                f"{brand}({place}){trade}{legal}",
                f"{brand}{trade}集团",
                "Luka Inc.",
                "Qingwu Technologies Co., Ltd.",
            ]
        )
    )


def providers() -> st.SearchStrategy[str]:
    """Names of companies."""
    return st.one_of(st.sampled_from(_known_companies()), _new_companies())


@cache
def _known_sdks() -> list[str]:
    """Products; not those whose name tells a platform (某某小程序), which is the record's then, or heads a part of its own."""
    names = [s.name for s in LEXICON.sdks.values() if classify_name(s.name, LEXICON) == "sdk"]
    platforms = [fold(word) for words in LEXICON.platforms.values() for word in words if len(word) > 2]
    return sorted(name for name in names if not any(word in fold(name) for word in platforms))


@st.composite
def _new_sdks(draw: st.DrawFn) -> str:
    brand, function = draw(st.sampled_from(_BRANDS)), draw(st.sampled_from(_FUNCTIONS))
    return draw(
        st.sampled_from(
            [
                f"{brand}{function}SDK",
                f"{brand}{function} SDK",
                f"{brand}{function}（{draw(st.sampled_from(_FUNCTIONS))}）SDK",
                f"{brand}{function}SDK({draw(st.sampled_from(_FUNCTIONS))}版)",
                f"{brand}开放平台SDK",
                f"{brand} {function}API",
                "LukaPush SDK",
                "Mozhu-Kit",
            ]
        )
    )


def sdks() -> st.SearchStrategy[str]:
    """Names of products."""
    return st.one_of(st.sampled_from(_known_sdks()), _new_sdks())


@cache
def _kinds() -> list[str]:
    """Kinds of recipient; not 服务提供方 and the like, which name a column as well."""
    words = [word for word in LEXICON.words["recipient_noun"] if len(word) > 2]
    kinds = [word for word in words if classify_name(word, LEXICON) == "recipient_category"]
    return sorted(word for word in kinds if label_grammar(LEXICON).read(word) is None)


# ---- single values

_CLAUSES = (
    "为您推送订单通知",
    "统计每日活跃用户数（DAU）",
    "用于完成支付/退款",
    "识别机器注册、恶意刷单",
    "在地图上展示3公里内的门店",
    "提升App的稳定性",
    "提供“一键登录”服务",
    "支持微信、QQ分享(含小程序)",
    "定位闪退原因，修复崩溃",
    "保障账号安全",
    "优化网络连接 (HTTP/2)",
    "广告归因与效果分析",
)


@st.composite
def _purposes(draw: st.DrawFn) -> str:
    clauses = draw(st.lists(st.sampled_from(_CLAUSES), min_size=1, max_size=3, unique=True))
    return draw(st.sampled_from(["，", "；", "、", ", ", "以及"])).join(clauses)


_PLAIN = {
    "method": ("SDK", "API", "SDK本机采集", "后台接口传输", "H5", "SDK/API"),
    "scenario": (
        "用户打开应用时",
        "使用地图功能（附近门店）时",
        "注册、登录",
        "App启动后30秒内",
        "用户点击“分享”按钮时",
    ),
    "category": ("推送类", "支付", "广告", "统计分析", "地图/定位"),
    "processing": ("去标识化、加密传输", "采用HTTPS加密传输", "SHA256哈希后上传", "脱敏处理（保留后4位）"),
    "retention": ("合同终止后6个月", "7日", "最长不超过180天", "实现目的所需的最短时间（1年）"),
    "frequency": ("每次启动收集1次", "每30分钟1次", "按需收集", "首次安装时；每日1次"),
    "package_name": ("com.luka.push", "cn.qingwu.sdk.stat", "com.luka.push.core_v2"),
    "contact": ("privacy@luka.example", "400-800-1234", "北京市海淀区青梧路12号", "dpo@qingwu.example、010-12345678"),
}

# ---- links

_ADDRESSES = (
    "https://www.luka.example/privacy",
    "https://luka.example/legal/privacy_policy.html?lang=zh&v=2.1",
    "http://dev.qingwu.example/docs/sdk-privacy/",
    "https://qingwu.example/p/~a/b_c*d#top",
    "www.mozhu.example/agreement",
)
_SITES = ("https://www.luka.example", "https://qingwu.example/", "https://open.mozhu.example/index.html")
_TITLES = ("《鹿角隐私政策》", "青梧推送SDK隐私声明", "Luka Privacy Policy")


@st.composite
def _links(draw: st.DrawFn, addresses: Sequence[str]) -> Link:
    address = draw(st.sampled_from(addresses))
    titled = address.startswith("http") and draw(st.integers(0, 3)) == 0
    return Link(draw(st.sampled_from(_TITLES)) if titled else address, NOWHERE, address)


# ---- data items and permissions


def _read(field: str, default: Default = "item") -> ItemRun:
    view = View(document_from_text(field))
    return parse_items(view, 0, len(view.text), LEXICON, default=default)


def _is_item(name: str, concept: str) -> bool:
    """Whether a name, as a field of its own, is one item of that concept; what is not is for the tests of the grammar."""
    run = _read(name)
    found = [(item.text, item.concept) for item in run.items]
    return found == [(name, concept)] and not (run.permissions or run.platforms or run.items[0].qualifiers)


# A name with separators is one item or several, brackets may name members: for a person too.
_AMBIGUOUS = '、，,；;/ 和及与或&()（）|“”"《》'


@cache
def _known_terms() -> list[str]:
    rows = [line.split("\t") for line in _table("data_terms")]
    return sorted({term for concept, term, *_ in rows if not set(term) & set(_AMBIGUOUS) and _is_item(term, concept)})


@cache
def _table(name: str) -> list[str]:
    from tests.conftest import ROOT

    return (ROOT / "lexicons" / f"{name}.tsv").read_text("utf-8").splitlines()[1:]


@cache
def _groups() -> list[str]:
    """Names that a list of members may follow: those of a wide concept."""
    return [term for term in _known_terms() if len(term) > 3 and concept_of(term, LEXICON) in GENERIC]


@st.composite
def _new_terms(draw: st.DrawFn) -> str:
    word = draw(st.sampled_from(_NEW_DATA)) + draw(st.sampled_from(_NEW_NOUNS))
    return draw(st.sampled_from([word, f"{word}ID", f"XQ{word}", f"{word}3.0", f"{word} V2"]))


@cache
def _known_qualifiers() -> list[str]:
    """Qualifiers; not 安卓版本 and the like, which say the name before them again where it is one of theirs."""
    wordings = [row.split("\t")[2] for row in _table("qualifiers")]
    return sorted(wording for wording in wordings if exact_concept(wording, LEXICON) is None)


@st.composite
def _new_qualifiers(draw: st.DrawFn) -> str:
    number = draw(st.integers(5, 14))
    return draw(
        st.sampled_from(
            [
                f"仅Android {number}以下版本",
                f"安卓{number}.0及以上",
                f"仅在iOS {number}以上收集",
                f"用于{draw(st.sampled_from(_FUNCTIONS))}",
                f"仅在使用{draw(st.sampled_from(_FUNCTIONS))}功能时收集",
                "可选",
                "根据IP地址、设备型号生成",
            ]
        )
    )


@st.composite
def _qualifiers(draw: st.DrawFn) -> tuple[Qualifier, ...]:
    texts = draw(st.lists(st.one_of(st.sampled_from(_known_qualifiers()), _new_qualifiers()), max_size=2, unique=True))
    return tuple(Qualifier(text, NOWHERE, *read_qualifier(text, LEXICON)) for text in texts)


def _item(text: str, parent: int | None, qualifiers: tuple[Qualifier, ...]) -> DataItem:
    concept = concept_of(text, LEXICON)
    sensitive = LEXICON.concepts[concept].sensitive if concept else None
    return DataItem(text, NOWHERE, concept, sensitive, parent, qualifiers)


@st.composite
def data_items(draw: st.DrawFn, *, nested: bool = True) -> tuple[DataItem, ...]:
    """Items, some with members."""
    items: list[DataItem] = []
    terms = st.one_of(st.sampled_from(_known_terms()), st.sampled_from(_known_terms()), _new_terms())
    notes = st.one_of(st.just(()), st.just(()), _qualifiers())

    def add(parent: int | None, depth: int) -> None:
        for _ in range(draw(st.integers(1, 4))):
            heads = nested and depth < 2 and draw(st.integers(0, 4)) == 0
            text = draw(st.sampled_from(_groups()) if heads else terms)
            items.append(_item(text, parent, draw(notes)))
            if heads:
                add(len(items) - 1, depth + 1)

    add(None, 0)
    return tuple(items)


@cache
def _known_permissions() -> list[str]:
    labels = {row.split("\t")[2] for row in _table("permissions")}
    names = [*labels, *(f"{label}权限" for label in labels)]
    names.extend(name for row in _table("permissions") for name in row.split("\t")[0].split("|"))
    plain = [name for name in names if not set(name) & set(_AMBIGUOUS)]
    return sorted(name for name in plain if [p.text for p in _read(name, "permission").permissions] == [name])


@st.composite
def permissions(draw: st.DrawFn) -> tuple[Permission, ...]:
    """Permissions."""
    names = draw(st.lists(st.sampled_from(_known_permissions()), min_size=1, max_size=4, unique=True))
    return tuple(Permission(name, NOWHERE, "|".join(permission_of(name, LEXICON)) or None) for name in names)


# ---- disclosures

_PLATFORMS: tuple[Platform, ...] = ("Android", "iOS", "HarmonyOS", "小程序", "Web", "PC")


@st.composite
def disclosures(draw: st.DrawFn, fields: frozenset[str] | None = None) -> Disclosure:
    """One disclosure, which states some of the fields.

    Args:
        draw: Of hypothesis.
        fields: The fields that may be stated; ``None`` for all.
    """

    def may(name: str) -> bool:
        return (fields is None or name in fields) and draw(st.booleans())

    values: dict[str, object] = {}
    kind = draw(st.sampled_from(["sdk", "sdk", "both", "both", "provider", "category"]))
    if fields is not None:
        kind = kind if kind in ("sdk",) or {"provider", "recipient_category"} <= fields else "sdk"
    if kind in ("sdk", "both"):
        values["sdk"] = Entity(draw(sdks()), NOWHERE)
    if kind in ("provider", "both"):
        values["provider"] = Entity(draw(providers()), NOWHERE)
    if kind == "category":
        values["recipient_category"] = Value(draw(st.sampled_from(_kinds())), NOWHERE)
    if may("purpose"):
        values["purpose"] = Value(draw(_purposes()), NOWHERE)
    for name, wordings in _PLAIN.items():
        # A scenario or a kind alone is the purpose, by the records' own rule.
        if may(name) and not (name in ("scenario", "category") and "purpose" not in values):
            values[name] = Value(draw(st.sampled_from(wordings)), NOWHERE)
    if may("platforms"):
        values["platforms"] = tuple(draw(st.lists(st.sampled_from(_PLATFORMS), min_size=1, max_size=3, unique=True)))
    told = draw(st.sampled_from(["items", "items", "permissions", "both"]))
    if told != "permissions":
        values["data_items"] = draw(data_items())
    if told != "items":
        values["permissions"] = draw(permissions())
    if may("privacy_policy"):
        values["privacy_policy"] = draw(_links(_ADDRESSES))
    if may("website"):
        values["website"] = draw(_links(_SITES))
    return resolve(Disclosure(0, "list", NOWHERE, **values), LEXICON)  # type: ignore[arg-type]


# ---- notices


@st.composite
def notices(draw: st.DrawFn, layout: str) -> list[Disclosure]:
    """Disclosures that a notice of a layout can state so that a person reads them without doubt."""
    found = draw(st.lists(disclosures(LAYOUTS[layout].states), min_size=1, max_size=3))
    if layout == "terse":
        # Behind a name and a colon, data and permissions stand in one run: only words that are known
        # to be the one or the other can be told.
        found = [one for one in found if _is_plain(one)]
        assume(found)
    if layout == "list":
        # Without headings and blank lines an entry begins where the first label comes again.
        found = [one for one in found if _name(one) == _name(found[0])]
    if layout in ("label-lines", "cards"):
        # One or two lines below each other that happen to be labels may be anything, and a value that has a line to
        # itself and is a label (使用频率, as the one data item) is one.
        found = [one for one in found if len(_stated(one)) >= 4 and not _is_label(data_items_text(one.data_items))]
        assume(found)
    if layout in ("tabs", "flattened"):
        # Two columns are no table without its lines.
        assume(len({name for one in found for name in _stated(one)}) >= 3)
    return found


def _is_plain(disclosure: Disclosure) -> bool:
    items, asked = disclosure.data_items, disclosure.permissions
    if any(item.concept is None or item.parent is not None or item.qualifiers for item in items):
        return False
    if any(fold(item.text) in LEXICON.permissions for item in items):
        return False
    if disclosure.sdk and disclosure.sdk.text[0].isdigit():
        return False  # 3.360某某 after a number
    return all(permission.text.endswith("权限") for permission in asked)


def _is_label(value: str) -> bool:
    return label_grammar(LEXICON).read(value) is not None


def _stated(disclosure: Disclosure) -> list[str]:
    return [name for name in LABELS if getattr(disclosure, name)]


def _name(disclosure: Disclosure) -> str:
    return _stated(disclosure)[0]
