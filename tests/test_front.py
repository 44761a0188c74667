"""What a notice says of itself: title, app and dates."""

from __future__ import annotations

import pytest

import noticeparse
from noticeparse.normalise.dates import iso_date
from tests.support import CORPUS, SHARED_NOTICES, Collection, normal, parsed


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024年5月15日", "2024-05-15"),
        ("2024 年 05 月 15 日", "2024-05-15"),
        ("2024.5.15", "2024-05-15"),
        ("2024/5/15", "2024-05-15"),
        ("2024-5-15 10:30", "2024-05-15"),
        ("【2024】年【4】月【 1 】日", "2024-04-01"),
        ("二〇二四年十二月三十一日", "2024-12-31"),
        ("二零二四年十月二十日", "2024-10-20"),
        ("20240515", "2024-05-15"),
        ("2024年5月", "2024-05"),
        ("2024年13月1日", None),
        ("2024", None),
        ("近期", None),
    ],
)
def test_dates(written: str, iso: str | None) -> None:
    assert iso_date(written) == iso


@pytest.mark.parametrize(
    ("line", "updated", "effective"),
    [
        ("更新日期：2024年5月15日", "2024-05-15", None),
        ("最近更新于 2024.05.15，生效日期为2024.06.01", "2024-05-15", "2024-06-01"),
        ("更新时间：2024年05月15日 生效时间：2024年05月16日", "2024-05-15", "2024-05-16"),
        ("本版本发布日期：2025年3月", "2025-03", None),
        ("更新及生效日期：2026年9月19日", "2026-09-19", "2026-09-19"),
        ("发布/更新日期：2024年8月1日", "2024-08-01", None),
        ("发布时间：【 2023年4月12日 】\n更新时间：【 2024年9月27日 】", "2024-09-27", None),
        ("2024年2月20日更新，2024年3月1日起生效", "2024-02-20", "2024-03-01"),
        ("2024年2月28日版本\n2024年3月1日生效", "2024-02-28", "2024-03-01"),
        ("更新日期\n2024年5月15日", "2024-05-15", None),
        ("Last updated: 2024-05-15", "2024-05-15", None),
        ("成立于2017年8月", None, None),
    ],
)
def test_dates_of_a_notice(line: str, updated: str | None, effective: str | None) -> None:
    text = f"青禾App第三方SDK目录\n{line}\n\n甲推送SDK\n公司名称：北京甲科技有限公司\n收集信息：IMEI\n"
    notice = noticeparse.parse(text).notice
    assert (notice.updated, notice.effective) == (updated, effective)


@pytest.mark.parametrize(
    ("line", "title", "app"),
    [
        ("青禾App第三方SDK目录", "青禾App第三方SDK目录", "青禾"),
        ("《青禾》第三方信息共享清单", "《青禾》第三方信息共享清单", "青禾"),
        ("《第三方信息共享清单》", "第三方信息共享清单", None),
        ("第三方SDK收集使用信息说明", "第三方SDK收集使用信息说明", None),
        ("青禾第三方SDK情况说明 更新时间：2024年5月15日", "青禾第三方SDK情况说明", "青禾"),
        ("我们接入的第三方SDK清单", "我们接入的第三方SDK清单", None),
        ("内嵌第三方SDK列表", "内嵌第三方SDK列表", None),
        ("青禾隐私政策", "青禾隐私政策", "青禾"),
        ("青禾与第三方共享个人信息清单", "青禾与第三方共享个人信息清单", "青禾"),
        ("青禾信息共享清单", "青禾信息共享清单", "青禾"),
        ("青禾 App 第三方 SDK 清单", "青禾 App 第三方 SDK 清单", "青禾"),
        ("青禾与合作方", "青禾与合作方", "青禾"),
        ("SDK名称 | 公司 | 隐私政策", None, None),
        ("为了向您提供服务，我们接入第三方SDK如下", None, None),
    ],
)
def test_title_and_app(line: str, title: str, app: str | None) -> None:
    notice = noticeparse.parse(f"{line}\n\n甲推送SDK\n公司名称：北京甲科技有限公司\n收集信息：IMEI\n").notice
    assert (notice.title and notice.title.text, notice.app and notice.app.text) == (title, app)


def test_app_named_in_the_introduction() -> None:
    text = "第三方SDK目录\n为保障青禾App相关功能的实现，我们会接入第三方提供的SDK。\n甲推送SDK\n收集信息：IMEI\n"
    notice = noticeparse.parse(text).notice
    assert notice.app is not None
    assert notice.app.text == "青禾"


def test_a_notice_that_begins_with_an_entry_has_no_title() -> None:
    assert noticeparse.parse("青禾推送SDK\n使用目的：推送\n收集信息：IMEI\n").notice.title is None


@pytest.mark.parametrize(("collection", "least"), [(CORPUS, 0.85), (SHARED_NOTICES, 0.6)], ids=["corpus", "shared"])
def test_app_is_read_where_it_is_stated(collection: Collection, least: float) -> None:
    stated = [(notice_id, collection.gold(notice_id).get("app")) for notice_id in collection.ids()]
    named = [(parsed(collection.notice(notice_id))["notice"]["app"], app) for notice_id, app in stated if app]
    if not named:
        pytest.skip(f"no notices in {collection.root.name}")
    right = sum(found is not None and normal(found["text"]) == normal(app) for found, app in named)
    assert right >= least * len(named)


@pytest.mark.parametrize("collection", [CORPUS, SHARED_NOTICES], ids=["corpus", "shared"])
def test_stated_dates_are_read(collection: object) -> None:
    missed = []
    for notice_id in collection.ids():  # type: ignore[attr-defined]
        gold = collection.gold(notice_id)  # type: ignore[attr-defined]
        info = parsed(collection.notice(notice_id))["notice"]  # type: ignore[attr-defined]
        for name in ("updated", "effective"):
            stated = gold.get(name)
            if info[name] != (iso_date(stated) if stated else None):
                missed.append((notice_id, name, stated, info[name]))
    assert missed == []
