"""A reader types two characters, narrows with a facet, opens a resource, changes the language."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.test_reading import beyond_the_edge, serious

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = (
    "/catalogue/",
    "/catalogue/?q=人口",
    "/catalogue/?q=zzzz",
    "/catalogue/?q=&class=1&open=open",
    "/catalogue/data-commons.legal-entity/",
    "/catalogue/geography.population_census/",
    "/catalogue/organisations/330000-stats/",
    "/catalogue/divisions/330100/",
    "/catalogue/groups/data-commons.school/",
    "/catalogue/codes/",
    "/catalogue/codes/geography.division/",
    "/catalogue/upstreams/",
    "/elements/",
    "/elements/data-commons.uscc/",
)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_fits_and_is_accessible(
    open_page: Any, problems: list[str], lang: str, width: int
) -> None:
    page = open_page("/catalogue/", lang=lang, width=width)
    for address in PAGES:
        page.goto(address, wait_until="networkidle")
        assert page.locator("h1").count() == 1, address
        assert beyond_the_edge(page) <= 0, address
        assert serious(page) == [], address
    assert problems == []


def test_dark_pages_keep_their_contrast(open_page: Any) -> None:
    page = open_page("/catalogue/", dark=True)
    for address in PAGES[:5]:
        page.goto(address, wait_until="networkidle")
        assert serious(page) == [], address


def test_type_narrow_open_and_read_in_english(open_page: Any, problems: list[str]) -> None:
    page = open_page("/catalogue/")
    page.type("#q", "人口", delay=60)
    page.wait_for_selector("#catalogue-results mark")
    page.wait_for_url("**/catalogue/?q=**")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.locator(".hit").count() >= 2
    assert page.locator(".facet").count() >= 3

    page.click(".facet a[id^='open-']:has-text('向社会开放')")
    page.wait_for_selector(".choice__link.is-chosen")
    page.wait_for_url("**open=open**")
    assert page.locator(".hit").count() == 1
    page.click(".hit__name a")
    page.wait_for_url("**/catalogue/geography.population_census/")
    assert "人口普查" in page.inner_text("h1")
    assert page.locator("#rows").count() == 1

    page.click("a.switch")
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Census" in page.inner_text("h1")
    assert problems == []


def test_facets_are_links_without_script(chromium: Any, site: Any) -> None:
    context = chromium.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/catalogue/")
    page.fill("#q", "空气")
    page.click("#catalogue-form button")
    assert page.locator(".hit").count() >= 2
    page.click(".facet >> nth=0 >> a >> nth=0")
    assert page.locator(".choice__link.is-chosen").count() == 1
    context.close()


def test_a_phone_folds_the_filters_above_the_results(open_page: Any) -> None:
    page = open_page("/catalogue/?q=人口", width=360)
    assert page.locator("details.facets[open]").count() == 0
    page.click("details.facets > summary")
    page.click(".facet a[id^='open-']:has-text('向社会开放')")
    page.wait_for_selector(".chips .chip")
    assert beyond_the_edge(page) <= 0
