"""The pages in a real Chromium; skipped where there is none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import noticeparse
from noticeparse.fetch.render import BrowserError, find_chromium
from noticeparse.parsing import open_document
from noticeparse.report.compare import compare_page
from noticeparse.tables.frames import to_frames
from tests.support import CORPUS
from tests.test_report import HOSTILE, IMAGE, SCRIPT, page_of, renamed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
DESKTOP, PHONE = (1280, 900), (390, 844)
Open = Callable[..., "Page"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        program = find_chromium()
    except BrowserError as error:
        pytest.skip(str(error))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        found = driver.chromium.launch(
            executable_path=program, chromium_sandbox=not root, args=["--disable-dev-shm-usage"]
        )
        yield found
        found.close()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a page; at the end of the test no page may have complained, asked for anything or shown a dialog."""
    told: list[str] = []
    contexts: list[Any] = []

    def opened(html: str, size: tuple[int, int] = DESKTOP, scheme: Any = "light") -> Page:
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8", newline="")
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: told.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: told.append(f"error: {error}"))
        page.on("request", lambda request: told.append(request.url) if request.url != path.as_uri() else None)

        def dialog(box: Any) -> None:
            told.append(f"dialog: {box.message}")
            box.dismiss()

        page.on("dialog", dialog)
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert told == []


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture(scope="module")
def compared() -> str:
    return compare_page(to_frames([noticeparse.parse(CORPUS.notice(name)) for name in CORPUS.ids()]))


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_pages_fit_the_window(open_page: Open, compared: str, size: tuple[int, int], scheme: str) -> None:
    for html in (page_of(CORPUS.notice("sample-mall")), compared):
        page = open_page(html, size, scheme)
        assert overflow(page) <= 0
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]")
        assert (ground < 128) == (scheme == "dark")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_hostile_notice_runs_nothing(open_page: Open, size: tuple[int, int]) -> None:
    page = open_page(page_of(HOSTILE), size)
    page.locator("a.m").first.hover()
    assert SCRIPT in page.locator(".verbatim").inner_text()
    assert page.locator("img, svg").count() == 0
    assert overflow(page) <= 0
    page = open_page(compare_page(to_frames([renamed(noticeparse.parse(HOSTILE), SCRIPT + IMAGE)])), size)
    page.fill("#search", "<img")
    assert IMAGE in page.locator("#table tbody").inner_text()
    assert page.locator("img, svg").count() == 0
    assert overflow(page) <= 0


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_mark_leads_to_its_row_and_back(open_page: Open, size: tuple[int, int]) -> None:
    page = open_page(page_of(CORPUS.notice("sample-mall")), size)
    mark = page.locator(".verbatim a.m", has_text="安卓ID").first
    mark.click()
    row = page.locator("tr:focus")
    assert row.locator("a.jump").inner_text() == "安卓ID"
    assert row.evaluate("e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }")
    row.locator("a.jump").click()
    assert page.evaluate("document.activeElement.textContent") == "安卓ID"
    assert mark.evaluate("e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }")
    assert mark.evaluate("e => e === document.activeElement")


def test_the_keyboard_alone_jumps_and_shows_the_normalised_form(open_page: Open) -> None:
    page = open_page(page_of(CORPUS.notice("sample-mall")))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator(".verbatim a.m", has_text="安卓ID").first.focus()
    assert "android_id" in page.locator("#tip").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#tip").is_hidden()
    page.keyboard.press("Enter")
    assert page.locator("tr:focus a.jump").inner_text() == "安卓ID"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('.verbatim') !== null")


def test_the_filter_counts_and_a_jump_undoes_it(open_page: Open) -> None:
    page = open_page(page_of(CORPUS.notice("sample-mall")))
    assert page.locator("#count").inner_text() == "11 of 11 disclosures"
    page.fill("#filter", "android_id 极验")
    assert page.locator("#count").inner_text() == "1 of 11 disclosures"
    assert page.locator(".disclosure:visible").count() == 1
    page.locator(".verbatim a.m", has_text="订单号").first.click()
    assert page.locator("tr:focus a.jump").inner_text() == "订单号"
    assert page.locator("#count").inner_text() == "11 of 11 disclosures"


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_search_and_sort(open_page: Open, compared: str, size: tuple[int, int]) -> None:
    from playwright.sync_api import expect

    page = open_page(compared, size)
    rows = page.locator("#table tbody tr")
    assert rows.count() == 200
    assert "the first 200 shown" in page.locator("#count").inner_text()
    page.click("#more")
    assert rows.count() == 400
    page.fill("#search", "imei 友盟")
    expect(page.locator("#count")).not_to_contain_text("shown")  # no page function: the page's policy forbids eval
    found = rows.all_inner_texts()
    assert found
    assert all("imei" in row.lower() and "友盟" in row for row in found)
    page.fill("#search", "")
    expect(page.locator("#count")).to_contain_text("shown")
    page.check("#only-sensitive")
    assert {row.split("\t")[-1] for row in rows.all_inner_texts()} == {"yes"}
    heading = page.get_by_role("button", name="In English")
    heading.focus()
    page.keyboard.press("Enter")
    names = page.locator("#table tbody td:nth-child(6)").all_inner_texts()
    assert len(set(names)) > 3
    assert names == sorted(names, key=str.lower)
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("In English")
    page.keyboard.press("Enter")
    assert page.locator("#table tbody td:nth-child(6)").all_inner_texts() == sorted(names, key=str.lower, reverse=True)


def test_the_text_is_the_documents(open_page: Open) -> None:
    for source in (
        CORPUS.notice("html-table-spans"),
        CORPUS.notice("sample-mall"),
        "\r\n 示例SDK\r\n\r\n目的：推送\n \n",
    ):
        page = open_page(page_of(source))
        shown = page.eval_on_selector_all(".verbatim .block", "all => all.map(one => one.textContent).join('')")
        assert shown == open_document(source).text


def test_pages_without_rows(open_page: Open) -> None:
    page = open_page(compare_page(to_frames([])), PHONE)
    assert page.locator("#count").inner_text() == "0 of 0 rows"
    assert overflow(page) <= 0
    assert "No disclosures" in open_page(page_of("本页没有清单。\n"), PHONE).locator("#values").inner_text()


def test_a_thousand_disclosures(open_page: Open) -> None:
    entries = "\n".join(
        f"示例{n}SDK\n第三方名称：示例{n}有限公司\n使用目的：推送\n收集个人信息：IMEI、MAC地址、位置信息\n"
        for n in range(1000)
    )
    page = open_page(page_of(f"甲应用第三方SDK目录\n{entries}"))
    assert page.locator("#count").inner_text() == "1000 of 1000 disclosures"
    page.fill("#filter", "示例777sdk")
    assert page.locator("#count").inner_text() == "1 of 1000 disclosures"
    page.locator("a.jump", has_text="示例777SDK").click()
    assert page.evaluate("document.activeElement.textContent") == "示例777SDK"
    page = open_page(compare_page(to_frames([noticeparse.parse(f"甲应用第三方SDK目录\n{entries}")])))
    assert "of 3000 rows" in page.locator("#count").inner_text()
