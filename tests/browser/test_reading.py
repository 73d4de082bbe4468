"""People read: every page, wide and narrow, in both languages, by keyboard and screen reader."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = (
    "/",
    "/targets/",
    "/targets/T01/",
    "/targets/T05/",
    "/indicators/",
    "/indicators/core_va/",
    "/divisions/",
    "/divisions/330100/",
    "/plan/",
    "/packs/",
    "/packs/zone-plan-2017/",
    "/packs/zone-plan-2017/outline/",
    "/packs/geography/divisions/",
    "/packs/statistics-zhejiang/economy/",
    "/method/",
    "/about/",
    "/desk/sign-in/",
)


def serious(page: Any) -> list[str]:
    """axe-core's findings that would stop somebody."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:120]}"
        for v in found
        if v["impact"] in {"serious", "critical"}
    ]


def beyond_the_edge(page: Any) -> int:
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_fits_and_is_accessible(
    open_page: Any, problems: list[str], lang: str, width: int
) -> None:
    page = open_page("/", lang=lang, width=width)
    for address in PAGES:
        page.goto(address, wait_until="networkidle")
        assert page.locator("html").get_attribute("lang") == ("en" if lang == "en" else "zh-Hans")
        assert page.locator("h1").count() == 1, address
        assert beyond_the_edge(page) <= 0, address
        assert serious(page) == [], address
    assert problems == []


def test_dark_pages_keep_their_contrast(open_page: Any) -> None:
    page = open_page("/", dark=True)
    for address in ("/", "/targets/", "/targets/T01/"):
        page.goto(address, wait_until="networkidle")
        assert serious(page) == [], address


def test_charts_are_drawn_and_described(open_page: Any, problems: list[str]) -> None:
    page = open_page("/")
    page.wait_for_selector("figure.is-drawn svg[role=img]")
    assert "杭州市" in page.locator("figure svg[role=img]").get_attribute("aria-label")
    page.goto("/targets/T01/", wait_until="networkidle")
    page.wait_for_selector("figure.is-drawn svg[role=img]")
    assert problems == []


def test_filters_work_while_typing_and_stay_in_the_address(open_page: Any) -> None:
    page = open_page("/targets/")
    page.fill("#q", "核心产业")
    page.locator("#target-list", has_text="显示 2 项").wait_for()
    assert "T01" in page.inner_text("#target-list")
    assert "q=" in page.url
    page.click("a.switch")
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "2 of 27 targets shown" in page.inner_text("#target-list")


def test_keyboard_reaches_the_content_first(open_page: Any) -> None:
    page = open_page("/targets/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_without_scripts_pages_say_the_same(chromium: Any, site: Any) -> None:
    context = chromium.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/targets/?q=核心产业")
    assert "T01" in page.inner_text("#target-list")
    assert "T05" not in page.inner_text("#target-list")
    page.goto("/targets/T01/")
    assert "图表需要 JavaScript" in page.inner_text("figure.chart")
    context.close()


def test_a_page_prints_whole(open_page: Any) -> None:
    page = open_page("/targets/T01/")
    page.emulate_media(media="print")
    assert not page.locator("nav.nav").is_visible()
    assert not page.locator(".takes").first.is_visible()
    assert page.locator(".verdict").is_visible()
    hidden = page.locator("details").first
    assert hidden.get_attribute("open") is None
    assert hidden.locator("table").bounding_box()["height"] > 0
