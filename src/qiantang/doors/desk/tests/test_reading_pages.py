"""How a delivered file is read, seen and settled at the desk before anything is checked."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.doors.desk.tests.delivering import messy, reading_form, send, text_of
from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.tests.conftest import FIRMS, csv_file, hangzhou_officer, spool_folder
from qiantang.rooms.intake.tests.conftest import zone as trade

__all__ = ["csv_file", "hangzhou_officer", "spool_folder", "trade"]


pytestmark = pytest.mark.django_db


def test_a_doubtful_sheet_is_confirmed_and_kept_as_a_recipe(
    officer: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    id = send(browser, messy(heading="称呼甲"))
    services.work(id)
    assert "请先确认读取方案" in text_of(browser.get(f"/desk/runs/{id}/"))
    assert "需要确认读取方案" in text_of(browser.get("/desk/"))
    page = text_of(browser.get(f"/desk/runs/{id}/reading/"))
    assert "请核对" in page
    assert 'class="raw--title"' in page
    assert 'class="raw--header"' in page
    assert 'class="raw--total"' in page
    assert "没有列对应这些必填字段" in page
    form = reading_form(browser, id)
    assert form["field-1"] == ""
    assert form["factor-2"] == "10000"
    twice = browser.post(f"/desk/runs/{id}/reading/preview/", {**form, "field-1": "code"})
    assert "被多列选用" in text_of(twice)
    assert selectors.run(officer, id).status == "held"
    right = browser.post(f"/desk/runs/{id}/reading/preview/", {**form, "field-1": "name"})
    assert "没有列对应这些必填字段" not in text_of(right)
    browser.post(f"/desk/runs/{id}/reading/", {**form, "field-1": "name", "keep": "on"})
    services.work(id)
    found = selectors.run(officer, id)
    assert (found.status, found.accepted, found.skipped) == ("published", 8, 3)
    shown = text_of(browser.get(f"/desk/runs/{id}/"))
    assert "这 2 行是哪些" in shown
    assert "合计 | 96" in shown
    assert len(selectors.recipes(officer, FIRMS)) == 1

    second = send(browser, messy(9, heading="称呼乙"))
    services.work(second)
    page = text_of(browser.get(f"/desk/runs/{second}/"))
    assert "与保存的读取方案不符" in page
    assert "称呼乙" in page
    assert "称呼乙" in text_of(browser.get(f"/desk/runs/{second}/reading/"))


def test_a_header_row_that_leads_nowhere_is_said_and_can_be_mended(
    officer: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    id = send(browser, messy())
    services.work(id)
    form = reading_form(browser, id)
    wrong = browser.post(
        f"/desk/runs/{id}/reading/preview/", {**form, "header_first": "40", "header_last": "40"}
    )
    assert 'name="header_first"' in text_of(wrong)
    assert wrong.status_code == 200


def test_another_sheet_is_chosen_and_all_sheets_stay_to_choose_from(
    officer: Actor, signed_in: SignedIn
) -> None:
    book = Workbook()
    for name in ("一月", "二月"):
        sheet = book.create_sheet(name)
        sheet.append(["编码", "名称", "金额", "日期"])
        sheet.append(["F000001", name, 1, "2026-01-01"])
    book.remove(book.worksheets[0])
    out = BytesIO()
    book.save(out)
    browser = signed_in(officer)
    id = send(browser, SimpleUploadedFile("months.xlsx", out.getvalue()))
    services.work(id)
    form = {**reading_form(browser, id), "sheet": "二月", "known": ["一月", "二月"]}
    page = text_of(browser.post(f"/desk/runs/{id}/reading/preview/", form))
    assert "<option selected>二月" in page
    assert "<option>一月" in page
    assert ">二月</td>" in page
    browser.post(f"/desk/runs/{id}/reading/", form)
    services.work(id)
    assert (selectors.run(officer, id).recipe or {})["sheet"] == "二月"


def test_a_file_of_an_archive_is_chosen(officer: Actor, signed_in: SignedIn) -> None:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name in ("a.csv", "b.csv"):
            archive.writestr(name, f"编码,名称,金额,日期\nF000001,{name},1,2026-01-01\n")
    browser = signed_in(officer)
    id = send(browser, SimpleUploadedFile("months.zip", out.getvalue()))
    services.work(id)
    assert selectors.run(officer, id).status == "refused"
    page = text_of(browser.get(f"/desk/runs/{id}/reading/"))
    assert "<option>b.csv" in page
    shown = browser.post(f"/desk/runs/{id}/reading/preview/", {"member": "b.csv"})
    assert ">b.csv</td>" in text_of(shown)
    browser.post(f"/desk/runs/{id}/reading/", reading_form(browser, id, shown, member="b.csv"))
    services.work(id)
    assert selectors.run(officer, id).accepted == 1


def test_what_to_do_with_a_second_table_is_chosen_on_the_reading(
    officer: Actor, signed_in: SignedIn
) -> None:
    lines = [f"F{n:06d},企业{n},1,2026-01-01" for n in range(400)]
    text = "\n".join(["编码,名称,金额,日期", *lines, "", "人员名单", "姓名,职务,电话,备注", ""])
    browser = signed_in(officer)
    id = send(browser, SimpleUploadedFile("firms.csv", text.encode()))
    services.work(id)
    assert "第 403 行起像是另一张表" in text_of(browser.get(f"/desk/runs/{id}/"))
    form = reading_form(browser, id)
    assert form["second_table"] == "end"
    browser.post(f"/desk/runs/{id}/reading/", {**form, "second_table": "read"})
    services.work(id)
    assert selectors.run(officer, id).sent == 402


def by_hand() -> SimpleUploadedFile:
    text = "编码,称呼甲,总投资（万）,日期\nF000001,甲,5,2026-01-01\n"
    return SimpleUploadedFile("firms.csv", text.encode())


def mapped(browser: Client) -> tuple[str, dict[str, str]]:
    """A delivery whose columns a person maps: its run, and the form as it was filled in."""
    id = send(browser, by_hand())
    services.work(id)
    return id, {**reading_form(browser, id), "field-1": "name", "field-2": "amount"}


def test_a_column_mapped_by_hand_is_shown_with_the_factor_of_its_unit(
    officer: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    id, chosen = mapped(browser)
    assert chosen["factor-2"] == "1"
    page = browser.post(f"/desk/runs/{id}/reading/preview/", chosen)
    assert "数值将乘以 10000" in text_of(page)
    shown = reading_form(browser, id, page)
    assert shown["factor-2"] == "10000"
    browser.post(f"/desk/runs/{id}/reading/", shown)
    assert selectors.run(officer, id).recipe["columns"][2]["factor"] == "10000"


def test_factor_and_rounding_are_asked_of_figures_alone(
    officer: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    id, chosen = mapped(browser)
    page = browser.post(f"/desk/runs/{id}/reading/preview/", chosen).content.decode()
    assert 'id="factor-2"' in page
    assert 'id="round-2"' in page
    assert 'id="factor-1"' not in page
    assert 'id="round-1"' not in page


def test_a_factor_that_nobody_saw_is_shown_before_anything_is_read(
    officer: Actor, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    id = send(browser, by_hand())
    services.work(id)
    page = browser.post(
        f"/desk/runs/{id}/reading/",
        {**reading_form(browser, id), "field-1": "name", "field-2": "amount"},
    )
    assert "数值将乘以 10000" in text_of(page)
    assert selectors.run(officer, id).status == "held"
    mine = {**reading_form(browser, id, page), "factor-2": "1"}
    browser.post(f"/desk/runs/{id}/reading/", mine)
    assert services.work(id).status == "published"


@pytest.mark.parametrize("what", ["round", "unmarked"])
def test_a_column_is_rounded_or_rid_of_marks_by_a_tick_and_not_without(what: str) -> None:
    from qiantang.doors.desk.readings import applied, wishes_from, wishes_of

    use = {"source": "金额", "position": 0, "field": "pay"}
    recipe = {"columns": [use], "fill_down": [], "second_table": "ask"}
    given = {"columns": "1", "source-0": "金额", "field-0": "pay", "factor-0": "1"}
    ticked = applied(recipe, wishes_of({**given, f"{what}-0": "on"}))
    assert ticked["columns"][0][what] is True
    assert applied(recipe, wishes_from(ticked))["columns"][0][what] is True
    assert applied(ticked, wishes_of(given))["columns"][0][what] is False
