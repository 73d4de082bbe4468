"""A messy workbook comes in: the reading is mended, rows are set aside, corrected, approved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.browser import messy
from tests.browser.test_reading import beyond_the_edge, serious

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RESOURCE = "data-commons.legal-entity"
DELIVER = f"/desk/resources/{RESOURCE}/deliver/"
PATIENCE = 90_000
OUTSIDER = "officer"
"""An officer of another department (statistics)."""


def sound(page: Any) -> None:
    """The page fits its window and stops nobody."""
    assert beyond_the_edge(page) <= 0, page.url
    assert serious(page) == [], page.url


def send(page: Any, file: Path, *, form: str = "form.card") -> str:
    """Choose a file and send it; the run's address."""
    page.set_input_files(f"{form} input[type=file]", str(file))
    page.click(f"{form} button[type=submit]")
    page.wait_for_url("**/desk/runs/**")
    return str(page.url)


def settled(page: Any) -> None:
    """The page renews itself until the worker is done with the run."""
    page.wait_for_selector("#run:not([hx-trigger])", timeout=PATIENCE)
    page.wait_for_load_state("networkidle")


def mend_reading(page: Any, run: str) -> None:
    """Say which field an unknown heading is, look at the preview, confirm."""
    page.click("a.button[href$='/reading/']")
    page.wait_for_selector("#reading")
    sound(page)
    assert page.locator("tr.raw--header").count() >= 1
    assert page.locator("tr.raw--title").count() >= 2
    line = page.locator("table.columns tr", has_text=messy.HEADING)
    with page.expect_response("**/reading/preview/"):
        line.locator("select").select_option("name")
    page.wait_for_load_state("networkidle")
    assert page.locator("table.columns select option:checked[value=name]").count() == 1
    sound(page)
    page.click("#reading .actions button[type=submit]")
    page.wait_for_url(run)


def corrected(downloaded: Path, target: Path, right: dict[str, str]) -> Path:
    """The set-aside workbook with the right codes in the place of the wrong ones."""
    book = load_workbook(downloaded)
    mended = 0
    for row in book.active.iter_rows():
        for cell in row:
            if str(cell.value) in right:
                cell.value, mended = right[str(cell.value)], mended + 1
    assert mended == len(right)
    book.save(target)
    return target


def test_a_messy_workbook_is_read_corrected_approved_and_found(
    sign_in: Any, open_page: Any, problems: list[str], tmp_path: Path
) -> None:
    journey(sign_in, open_page, problems, tmp_path, lang="zh", width=1280, offset=0)
    # The second delivery is read by the recipe that the first one left.
    journey(sign_in, open_page, problems, tmp_path, lang="en", width=360, offset=60)


def journey(
    sign_in: Any,
    open_page: Any,
    problems: list[str],
    tmp_path: Path,
    *,
    lang: str,
    width: int,
    offset: int,
) -> None:
    """Sent, read, set aside, approved, corrected, sent again, and found."""
    how = {"lang": lang, "width": width}
    desk = sign_in("steward", "/desk/resources/", **how)
    sound(desk)
    desk.goto(DELIVER, wait_until="networkidle")
    sound(desk)
    run = send(desk, messy.firms(tmp_path / f"firms-{offset}.xlsx", offset=offset))
    settled(desk)
    sound(desk)
    if offset == 0:
        mend_reading(desk, run)
        settled(desk)
    else:
        desk.goto(f"{run}reading/", wait_until="networkidle")
        sound(desk)
        desk.goto(run, wait_until="networkidle")
    sound(desk)
    counts = desk.locator(".sum .fig").all_inner_texts()
    expected = [str(messy.ROWS), str(messy.ROWS - len(messy.BAD)), str(len(messy.BAD))]
    assert counts == expected, desk.inner_text("main")
    assert desk.locator("#problems tbody").last.locator("tr").count() >= len(messy.BAD)
    assert desk.locator("button[value=publish]").count() == 0

    with desk.expect_download() as download:
        desk.click("#problems .card__head a")
    kept = tmp_path / "set-aside.xlsx"
    download.value.save_as(kept)

    approver = sign_in("approver", "/desk/", **how)
    sound(approver)
    approver.goto(run, wait_until="networkidle")
    sound(approver)
    approver.fill("#reason", "28 rows are sound")
    approver.click("button[value=publish]")
    settled(approver)
    assert approver.locator("#decision").count() == 0

    desk.goto(run, wait_until="networkidle")
    right = {messy.wrong_code(n, offset): messy.right_code(n, offset) for n in messy.BAD}
    fixed = corrected(kept, tmp_path / f"corrected-{offset}.xlsx", right)
    second = send(desk, fixed, form="#resend")
    settled(desk)
    if desk.locator("a.button[href$='/reading/']").count():
        desk.click("a.button[href$='/reading/']")
        desk.click("#reading .actions button[type=submit]")
        desk.wait_for_url(second)
        settled(desk)
    assert desk.locator(".sum .fig").all_inner_texts() == ["2", "2", "0"]
    assert desk.locator(".page-head .tag--good").count() == 1
    sound(desk)

    outside = sign_in(OUTSIDER, "/desk/", **how)
    answer = outside.goto(run)
    assert answer.status == 404
    assert outside.locator(".oops").count() == 1
    problems[:] = [p for p in problems if "404" not in p]

    public = open_page("/catalogue/?q=法人", **how)
    assert public.locator(f"a[href*='{RESOURCE}']").count() >= 1
    assert problems == []


def test_desk_pages_of_intake_fit_and_are_accessible(sign_in: Any) -> None:
    for lang, width, person in (("zh", 1280, "administrator"), ("en", 360, "steward")):
        page = sign_in(person, "/desk/", lang=lang, width=width)
        for address in (
            "/desk/",
            "/desk/resources/",
            "/desk/resources/new/",
            f"/desk/resources/{RESOURCE}/",
            f"/desk/resources/{RESOURCE}/edit/",
            f"/desk/resources/{RESOURCE}/versions/",
            DELIVER,
            "/desk/sources/",
            "/desk/sources/new/?kind=database",
        ):
            page.goto(address, wait_until="networkidle")
            assert page.locator("h1").count() == 1, address
            sound(page)


def test_a_held_delivery_of_the_demo_waits_in_the_inbox(sign_in: Any) -> None:
    page = sign_in("approver", "/desk/")
    page.click("a[href*='/desk/runs/']")
    page.wait_for_selector("#decision")
    sound(page)
    before = page.locator("#problems table").last.locator("tbody tr").count()
    page.click("#problems .chip")
    page.wait_for_load_state("networkidle")
    assert page.locator("#problems table").last.locator("tbody tr").count() <= before
    assert page.locator("#problems .chip[aria-current]").count() == 1
    sound(page)
