"""Indices in the browser: what-if, robustness, an edition by two people, a bundle verified."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_reading import beyond_the_edge, serious

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEY = "asem-connectivity.connectivity"
PANEL = "asem-connectivity.connectivity-panel"
INDEX = f"/indices/{KEY}/"
PAGES = (
    "/indices/",
    INDEX,
    f"/indices/{PANEL}/",
    f"/indices/{PANEL}/units/AUT/",
    f"{INDEX}elements/LPI/",
    f"{INDEX}compare/",
    f"{INDEX}what-if/?weight.Sust=2",
    f"{INDEX}robustness/",
    f"{INDEX}method/",
    f"{INDEX}editions/",
    f"{INDEX}card/",
    "/indices/information-economy-evaluation.evaluation/",
)


def ranks(page: Any) -> list[str]:
    found: list[str] = page.locator("#whatif-result tbody th").all_inner_texts()
    return found


@pytest.mark.parametrize(("lang", "width"), [("zh", 360), ("en", 1280)])
def test_every_page_of_an_index_fits_and_is_accessible(
    open_page: Any, problems: list[str], lang: str, width: int
) -> None:
    page = open_page("/indices/", lang=lang, width=width)
    for address in PAGES:
        page.goto(address, wait_until="networkidle")
        assert page.locator("h1").count() == 1, address
        assert beyond_the_edge(page) <= 0, address
        assert serious(page) == [], address
    assert problems == []


def test_moving_a_weight_moves_the_ranks_and_the_link_brings_them_back(
    open_page: Any, problems: list[str]
) -> None:
    page = open_page(f"{INDEX}what-if/")
    published = ranks(page)
    slider = page.locator("input[name='weight.Sust']")
    slider.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.locator("#whatif-result .chip").wait_for()
    assert ranks(page) != published
    assert "weight.Sust=" in page.url
    assert "weight.Conn" not in page.url
    assert "aggregate.method" not in page.url
    assert page.locator("output[for='w-Sust']").inner_text() != "50%"
    moved, link = ranks(page), page.locator("#share-link").input_value()
    again = open_page(link[link.index("/indices/") :])
    assert ranks(again) == moved
    page.get_by_role("link", name="恢复公布的方法").click()
    page.wait_for_load_state("networkidle")
    assert ranks(page) == published
    page.select_option("select[name='normalise.method']", "percentile-rank")
    page.locator("#whatif-result .chip").wait_for()
    assert "normalise.method=percentile-rank" in page.url
    assert problems == []


def test_what_if_works_without_scripts(chromium: Any, site: Any) -> None:
    context = chromium.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{INDEX}what-if/")
    page.select_option("select[name='normalise.method']", "z-score")
    page.click("form.whatif__form button[type=submit]")
    assert page.locator("#whatif-result .chip").count() == 1
    context.close()


def test_robustness_is_told_in_words_and_drawn(open_page: Any, problems: list[str]) -> None:
    page = open_page(f"{INDEX}robustness/")
    assert "2,000 种算法" in page.inner_text("#said")
    page.select_option("#unit", "LUX")
    page.locator("form.filters button").first.click()
    page.wait_for_load_state("networkidle")
    assert "卢森堡" in page.inner_text(".unit-said")
    page.wait_for_selector("figure.is-drawn svg[role=img]")
    figures = page.locator("figure[data-chart-src]")
    for place in range(figures.count()):
        figures.nth(place).locator("svg").first.wait_for(state="attached")
    assert "个单位" in figures.first.locator("svg").first.get_attribute("aria-label")
    assert problems == []


def test_two_people_publish_an_edition_and_a_stranger_verifies_it(
    sign_in: Any, open_page: Any, tmp_path: Path
) -> None:
    officer = sign_in("officer", path=f"/desk/indices/{PANEL}/")
    officer.fill("#title_zh", "年度更新")
    officer.fill("#title_en", "Yearly update")
    officer.click("form[action$='/plan/'] button[type=submit]")
    officer.wait_for_url("**/editions/*/")
    planned = officer.url[officer.url.index("/desk/") :]
    assert "与已发布的第 1 版相比" in officer.inner_text("#diff")
    assert officer.locator("form[action$='/publish/']").count() == 0
    approver = sign_in("approver", path=planned)
    approver.click("form[action$='/publish/'] button")
    approver.wait_for_load_state("networkidle")
    assert "已发布" in approver.inner_text(".lead")

    page = open_page(f"/indices/{PANEL}/editions/")
    assert "年度更新" in page.inner_text("main")
    page.locator("a[href*='newer=']").first.click()
    page.locator("#differences").wait_for()
    page.goto(f"/indices/{PANEL}/", wait_until="networkidle")
    with page.expect_download() as waiting:
        page.locator("a[href$='bundle.zip']").first.click()
    bundle = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(bundle)
    done = subprocess.run(
        [sys.executable, "-m", "qiantang.doors.cli.main", "index", "verify", str(bundle)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
