"""An officer corrects a figure, an approver approves it, the public page changes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.test_reading import beyond_the_edge, serious

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TARGET = "/targets/T01/"


def deciding(page: Any) -> str:
    """The id of the figure that the verdict rests on."""
    page.goto(f"{TARGET}?format=json")
    data = page.evaluate("JSON.parse(document.body.innerText)")
    return str(next(e["id"] for e in data["evidence"] if e["use"] == "deciding"))


@pytest.mark.parametrize(("lang", "width", "value"), [("zh", 1280, "5000"), ("en", 360, "5100")])
def test_a_correction_changes_the_target(
    open_page: Any, sign_in: Any, problems: list[str], lang: str, width: int, value: str
) -> None:
    how = {"lang": lang, "width": width}
    public = open_page(TARGET, **how)
    before = public.inner_text("section.verdict")
    figure = deciding(public)

    desk = sign_in("officer", f"/desk/figures/{figure}/", **how)
    assert serious(desk) == []
    assert beyond_the_edge(desk) <= 0
    desk.fill("#value", value)
    desk.fill("#note", "journey")
    desk.click("form.card .actions button[type=submit]")
    desk.wait_for_url("**/desk/submissions/**")
    assert desk.locator(".button--good").count() == 0
    submission = desk.url

    other = sign_in("approver", "/desk/", **how)
    assert serious(other) == []
    other.goto(submission, wait_until="networkidle")
    assert beyond_the_edge(other) <= 0
    assert serious(other) == []
    other.click("#decision .button--good")
    other.wait_for_selector(".said")
    assert other.locator("#decision .button--good").count() == 0

    public.goto(TARGET, wait_until="networkidle")
    assert public.inner_text("section.verdict") != before
    assert public.locator(".timeline li").count() >= 2
    assert problems == []


def test_desk_pages_fit_and_are_accessible(sign_in: Any) -> None:
    for lang, width in (("zh", 1280), ("en", 360)):
        page = sign_in("officer", "/desk/", lang=lang, width=width)
        for address in (
            "/desk/",
            "/desk/figures/new/",
            "/desk/sheets/",
            "/desk/journal/",
            "/desk/tokens/",
            "/desk/password/",
            "/desk/targets/T01/overrule/",
        ):
            page.goto(address, wait_until="networkidle")
            assert serious(page) == [], address
            assert beyond_the_edge(page) <= 0, address


def test_the_page_of_people_fits_and_is_accessible(sign_in: Any) -> None:
    for lang, width in (("zh", 1280), ("en", 360)):
        page = sign_in("administrator", "/desk/people/", lang=lang, width=width)
        page.locator("details summary").first.click()
        assert serious(page) == []
        assert beyond_the_edge(page) <= 0


def test_the_unit_follows_the_indicator_while_filling(sign_in: Any) -> None:
    page = sign_in("officer", "/desk/figures/new/")
    page.select_option("#indicator", "core_share")
    page.wait_for_selector("#unit option[value='%'][selected]", state="attached")
    page.select_option("#indicator", "core_va")
    page.wait_for_selector("#unit option[value='亿元'][selected]", state="attached")
    assert page.input_value("#unit") == "亿元"
