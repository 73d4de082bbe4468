"""The reading page shows the unit that a row under the header states; another one stops the next
file with the comparison."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.doors.desk.tests.delivering import reading_form, send, text_of
from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.tests.conftest import csv_file, hangzhou_officer, spool_folder
from qiantang.rooms.intake.tests.conftest import zone as trade

__all__ = ["csv_file", "hangzhou_officer", "spool_folder", "trade"]
pytestmark = pytest.mark.django_db


def in_units(unit: str) -> SimpleUploadedFile:
    lines = ["编码,名称,金额,日期", f",,（{unit}）,", "F000001,甲,5,2026-01-03"]
    return SimpleUploadedFile("firms.csv", "\n".join(lines).encode())


def test_a_row_of_units_is_shown_kept_and_compared(officer: Actor, signed_in: SignedIn) -> None:
    browser = signed_in(officer)
    id = send(browser, in_units("万元"))
    services.work(id)
    page = text_of(browser.get(f"/desk/runs/{id}/reading/"))
    assert "数值将乘以 10000" in page
    assert '<span class="small soft">万元</span>' in page
    assert page.count('class="raw--header"') == 2
    form = reading_form(browser, id)
    assert form["factor-2"] == "10000"
    browser.post(f"/desk/runs/{id}/reading/", {**form, "keep": "on"})
    services.work(id)
    found = selectors.run(officer, id)
    assert (found.status, found.accepted) == ("published", 1)
    assert found.recipe["columns"][2]["unit"] == "万元"

    second = send(browser, in_units("千元"))
    services.work(second)
    assert selectors.run(officer, second).status == "held"
    page = text_of(browser.get(f"/desk/runs/{second}/"))
    assert "单位改变" in page
    assert "金额：万元 → <strong>千元</strong>" in page
