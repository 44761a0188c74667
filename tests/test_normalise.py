"""Names to ids: each way of finding one, what must not be merged, and what stands in the records for it."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeparse.lexicon.load import fold, load_lexicon
from noticeparse.normalise import fuzzy
from noticeparse.normalise.companies import CompanyNames, company_names
from noticeparse.normalise.concepts import term_match
from noticeparse.normalise.evidence import domains
from noticeparse.normalise.resolve import resolve
from noticeparse.normalise.sdks import SdkNames, sdk_names
from noticeparse.parsing import parse
from noticeparse.records import Disclosure, Entity, Link, Value
from tests.support import CORPUS, ROOT, SHARED_NOTICES, Collection, parsed

LEXICON = load_lexicon()
COMPANIES: CompanyNames = company_names(LEXICON)
SDKS: SdkNames = sdk_names(LEXICON)


def entry(
    provider: str | None = None, sdk: str | None = None, url: str | None = None, package: str | None = None
) -> Disclosure:
    return resolve(
        Disclosure(
            index=0,
            form="list",
            span=(0, 0),
            provider=(provider and Entity(provider, (0, 0))) or None,
            sdk=(sdk and Entity(sdk, (0, 0))) or None,
            privacy_policy=(url and Link(url, (0, 0), url)) or None,
            package_name=(package and Value(package, (0, 0))) or None,
        ),
        LEXICON,
    )


# --- companies


@pytest.mark.parametrize(
    ("text", "company", "how"),
    [
        ("北京百度网讯科技有限公司", "baidu", "exact"),
        ("百度", "baidu", "alias"),
        ("北京百度网讯科技有限责任公司", "baidu", "variant"),
        ("北京市百度网讯科技有限公司", "baidu", "variant"),
        ("百度网讯科技（北京）有限公司", "baidu", "variant"),
        ("百度网讯科技有限公司", "baidu", "variant"),
        ("北京百度网讯科技有限公司（百度地图）", "baidu", "variant"),
        ("北京百度网讯科技有限公司及其关联公司", "baidu", "variant"),
        ("支付宝(中国)网络技术有限公司", "alipay", "exact"),
        ("支付宝中国网络技术股份有限公司", "alipay", "variant"),
        ("深圳市騰訊計算機系統有限公司", "tencent", "exact"),
        ("ＧＯＯＧＬＥ　ＬＬＣ", "google", "exact"),
        ("Google", "google", "english"),
        ("Huawei Technologies Co., Limited", "huawei", "english"),
        ("某某数据服务有限公司（友盟+）", "umeng", "variant"),
        ("神策网络科技有限公司", "sensors", "variant"),
    ],
)
def test_companies(text: str, company: str, how: str) -> None:
    found = COMPANIES.find(text)
    assert found is not None
    assert (found.id, found.how) == (company, how)
    assert (found.score == 1.0) == (how in ("exact", "alias") or text == "Google")


@pytest.mark.parametrize(
    "text",
    [
        "某某网络科技有限公司",
        "上海百度网讯科技有限公司",  # another place is another company
        "深圳腾讯科技（武汉）有限公司",
        "中移（苏州）软件技术有限公司",
        "有限公司",
        "科技有限公司",
        "北京",
        "",
        "公司" * 300,
    ],
)
def test_unknown_companies_stay_unknown(text: str) -> None:
    assert COMPANIES.find(text) is None
    assert COMPANIES.slip(text) is None


def test_a_text_with_two_names_has_the_first_ones_id_and_the_others_beside_it() -> None:
    found = COMPANIES.find("深圳市腾讯计算机系统有限公司、财付通支付科技有限公司")
    assert found is not None
    assert (found.id, found.also) == ("tencent", ("tenpay",))


def test_group_and_company_are_two() -> None:
    one, other = COMPANIES.find("中国移动通信集团股份有限公司"), COMPANIES.find("中国移动通信有限责任公司")
    assert one is not None
    assert other is not None
    assert (one.id, other.id) == ("cmcc", "cmcc-ltd")


# --- fuzzy: the limits in fuzzy.py, measured on the lexicon


def test_no_company_is_taken_for_another_that_the_lexicon_lacks() -> None:
    """Each registered name in turn taken away must not be found as a misspelling of a neighbour."""
    names = COMPANIES.legal_names
    wrong = []
    for key, owner in names.items():
        rest = CompanyNames(LEXICON)
        known = {k: o for k, o in names.items() if o != owner}
        near = [name for name in COMPANIES.near_names.near(key, 2) if name in known]
        rest.__dict__.update(legal_names=known, near_names=fuzzy.NearNames(near))
        found = rest.slip(key)
        if found is not None and not domains(LEXICON).related(found.id, owner):
            wrong.append((key, found))
    assert wrong == []


def test_most_misspelt_company_names_are_found_and_none_as_another() -> None:
    rng = random.Random(7)
    keys = rng.sample(sorted(LEXICON.companies), 150)
    names = [LEXICON.companies[key] for key in keys if LEXICON.companies[key].name.endswith("公司")]
    right = wrong = 0
    for company in names:
        at = rng.randrange(2, len(company.name) - 4)
        spoilt = {
            "missing": company.name[:at] + company.name[at + 1 :],
            "doubled": company.name[:at] + company.name[at] + company.name[at:],
            "swapped": company.name[:at] + company.name[at + 1] + company.name[at] + company.name[at + 2 :],
        }
        for text in spoilt.values():
            found = COMPANIES.find(text) or COMPANIES.slip(text)
            right += found is not None and found.id == company.id
            wrong += found is not None and found.id != company.id
    assert wrong == 0
    assert right >= 0.4 * 3 * len(names)  # a slip in the place or the legal form is none that is mended


def test_a_slip_never_overwrites_a_known_name() -> None:
    for key, owner in COMPANIES.legal_names.items():
        found = COMPANIES.find(key)
        assert found is not None
        assert (found.id, found.score) == (owner, 1.0)


# --- SDKs


@pytest.mark.parametrize(
    ("text", "sdk", "how"),
    [
        ("极光推送", "jpush", "exact"),
        ("JPush SDK", "jpush", "alias"),
        ("极光推送 SDK（Android版）", "jpush", "variant"),
        ("第三方极光推送组件", "jpush", "variant"),
        ("极光推送 SDK v4.3.1", "jpush", "variant"),
        ("Huawei 消息推送", "huawei-push", "variant"),
        ("腾讯-Bugly", "bugly", "exact"),
        ("百度-百度地图", "baidu-map", "variant"),
        ("高德地圖 SDK", "amap-map", "alias"),
        ("華為推送", "huawei-push", "exact"),
    ],
)
def test_sdks(text: str, sdk: str, how: str) -> None:
    found = SDKS.find(text)
    assert found is not None
    assert (found.id, found.how) == (sdk, how)


@pytest.mark.parametrize(
    "text", ["推送SDK", "人脸识别 SDK", "华为", "腾讯分享SDK", "某某统计SDK", "SDK", "", "Permissions"]
)
def test_unknown_sdks_stay_unknown(text: str) -> None:
    assert SDKS.find(text) is None


def test_a_kind_behind_several_makers_is_each_ones() -> None:
    found = SDKS.find("华为/小米/vivo Push SDK")
    assert found is not None
    assert (found.id, found.also) == ("huawei-push", ("xiaomi-push", "vivo-push"))


def test_a_slip_in_a_product_name() -> None:
    found = SDKS.find("TalkingDatta SDK")
    assert found is not None
    assert (found.id, found.how) == ("talkingdata", "fuzzy")
    assert found.score < 1


def test_a_slip_is_found_among_names_of_its_frame_as_among_all() -> None:
    """What is measured against few names gives what measuring against every one of them does."""
    rng = random.Random(7)
    names = list(LEXICON.sdk_names)
    frames: dict[tuple[str, str], list[str]] = {}
    for name in names:
        frames.setdefault(fuzzy.product_frame(name), []).append(name)
    golds = [json.loads(path.read_bytes()) for path in sorted((ROOT / "corpus" / "gold").glob("*.json"))]
    asked = {fold(one["sdk"]) for gold in golds for one in gold["disclosures"] if one.get("sdk")}
    for name in rng.sample(names, 500):
        at = rng.randrange(len(name))
        asked |= {name, name[:at] + name[at + 1 :], name[:at] + "云" + name[at:]} - {""}
    found = 0
    for key in asked:
        # The same function, its frames laid aside: every name stands under the frame of the one that is asked.
        everywhere = {fuzzy.product_frame(key): names}
        answer = fuzzy.nearest_product(key, frames)
        other = fuzzy.nearest_product(key, everywhere)
        if other is not None and fuzzy.product_frame(other[0]) == fuzzy.product_frame(key):
            assert answer == other, key
        elif other is None:
            assert answer is None, key
        found += answer is not None
    assert found > 300


# --- evidence


def test_hosts_are_matched_by_the_longest_domain_of_the_lexicon() -> None:
    look = domains(LEXICON)
    assert look.owner("lbs.amap.com") == ("amap.com", "amap")
    assert look.owner("notamap.com") is None
    assert look.owner("docs.qq.com") is None  # anybody's documents
    assert look.owner("privacy.qq.com") == ("qq.com", "tencent")  # of several companies the head of the group


def test_a_brand_in_other_words_is_known_by_the_link() -> None:
    known = entry(provider="友盟数据平台", url="https://www.umeng.com/page/policy").provider
    assert known is not None
    assert known.match is not None
    assert (known.id, known.match.how, known.match.evidence) == ("umeng", "domain", "umeng.com")
    assert entry(provider="某某数据平台", url="https://www.umeng.com/page/policy").provider == Entity(
        "某某数据平台", (0, 0)
    )
    other = entry(provider="友盟某某科技有限公司", url="https://www.umeng.com/").provider
    assert other is not None
    assert other.id is None  # a registered name must be known by itself


def test_a_package_tells_the_sdk() -> None:
    found = entry(sdk="消息组件", package="cn.jpush.android.service").sdk
    assert found is not None
    assert found.match is not None
    assert (found.id, found.match.how, found.match.evidence) == ("jpush", "package", "cn.jpush")


# --- makers


def test_the_maker_of_a_known_sdk_is_inferred_and_the_provider_stays_empty() -> None:
    found = entry(sdk="JPush SDK")
    assert found.provider is None
    assert found.maker is not None
    assert (found.maker.id, found.maker.how, found.maker.evidence) == ("jiguang", "sdk", "jpush")


def test_a_notices_own_provider_leaves_nothing_to_infer() -> None:
    assert entry(provider="某某科技有限公司", sdk="JPush SDK").maker is None


@pytest.mark.parametrize(
    ("sdk", "url", "company", "how"),
    [
        ("腾讯计算机系统有限公司", None, "tencent", "name"),
        ("百度图像搜索SDK", "https://ai.baidu.com/", "baidu", "name"),
        ("某某无感组件", "https://www.geetest.com/private", "geetest", "domain"),
    ],
)
def test_makers_of_unknown_sdks(sdk: str, url: str | None, company: str, how: str) -> None:
    maker = entry(sdk=sdk, url=url).maker
    assert maker is not None
    assert (maker.id, maker.how) == (company, how)


def test_no_maker_is_made_up() -> None:
    assert entry(sdk="某某组件", url="https://docs.qq.com/doc/x").maker is None
    assert entry(sdk="某某组件", url="https://policy.invalid/").maker is None
    assert entry(sdk="某某组件").maker is None


# --- permissions


@pytest.mark.parametrize(
    ("platform", "constant"),
    [
        ("iOS", "NSCameraUsageDescription"),
        ("HarmonyOS", "ohos.permission.CAMERA"),
        ("Android", "android.permission.CAMERA"),
    ],
)
def test_a_permission_of_an_entry_for_one_system_is_that_systems(platform: str, constant: str) -> None:
    notice = parse(f"示例SDK\n使用目的：拍照\n适用平台：{platform}\n收集信息类型：IMEI\n所需权限：相机权限\n")
    assert [d.platforms for d in notice.disclosures] == [(platform,)]
    assert [p.permission for d in notice.disclosures for p in d.permissions] == [constant]


# --- concepts


@pytest.mark.parametrize(
    ("text", "concept", "how"),
    [
        ("IMEI", "imei", "exact"),
        ("设备序列号", "serial_number", "exact"),
        ("国际移动设备识别码", "imei", "alias"),
        ("您手机的IMEI号信息", "imei", "composed"),
        ("型号", "device_model", "alias"),
        ("名称", "device_name", "inherited"),
    ],
)
def test_how_a_concept_was_found(text: str, concept: str, how: str) -> None:
    assert term_match(text, concept, LEXICON) == how


def test_every_known_item_of_a_notice_says_how_and_no_other_does() -> None:
    notice = parse(Path(__file__).parents[1] / "corpus" / "notices" / "sample-mall" / "notice.txt")
    items = [item for disclosure in notice.disclosures for item in disclosure.data_items]
    assert items
    assert all((item.how is None) == (item.concept is None) for item in items)
    entities = [one for d in notice.disclosures for one in (d.provider, d.sdk) if one is not None]
    assert all((one.match is None) == (one.id is None) for one in entities)


@given(st.text("有限公司北京(）腾讯百度SDK推送、/ a1", max_size=40))
def test_any_text_is_looked_up_and_what_is_found_is_in_the_lexicon(text: str) -> None:
    company = COMPANIES.find(text)
    sdk = SDKS.find(text)
    assert company is None or company.id in LEXICON.companies
    assert sdk is None or sdk.id in LEXICON.sdks
    assert all(0 < found.score <= 1 for found in (company, sdk) if found is not None)


@pytest.mark.parametrize("collection", [CORPUS, SHARED_NOTICES], ids=["corpus", "beside"])
def test_nine_of_ten_disclosures_have_a_known_company_or_sdk(collection: Collection) -> None:
    if not collection.ids():
        pytest.skip("the notices are not here")
    known = named = 0
    for notice_id in collection.ids():
        for one in parsed(collection.notice(notice_id))["disclosures"]:
            entities = [entity for entity in (one["provider"], one["sdk"]) if entity]
            named += bool(entities)
            known += any(entity["id"] for entity in entities) or "maker" in one
    assert known >= 0.9 * named > 0
