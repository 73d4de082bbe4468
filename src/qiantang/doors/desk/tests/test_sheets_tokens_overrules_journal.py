"""Sheets with errors by cell, tokens shown once, overrules beside verdicts, the journal."""

from __future__ import annotations

import io
import re

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.doors.portal.tests.zone import figure
from qiantang.kernel.actors import Actor
from qiantang.rooms.indicators import selectors
from qiantang.rooms.people import selectors as people


def sheet(*rows: dict[str, str], name: str = "figures.csv") -> SimpleUploadedFile:
    columns = list(figure("", "2019", "1"))
    lines = [",".join(columns), *(",".join(row[c] for c in columns) for row in rows)]
    return SimpleUploadedFile(name, "\n".join(lines).encode())


def test_a_good_sheet_becomes_one_submission(
    figures: None, signed_in: SignedIn, officer: Actor
) -> None:
    rows = (figure("Y15", "2015", "3000"), figure("Y16", "2016", "3500"))
    answer = signed_in(officer).post("/desk/sheets/", {"sheet": sheet(*rows)}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "已报送 2 行" in page
    assert "3,000" in page


def test_an_issued_sheet_says_how_many_rows_were_left_unfilled(
    figures: None, signed_in: SignedIn, officer: Actor
) -> None:
    given = figure("", "2015", "3000")
    waiting = {c: given[c] for c in ("indicator", "division", "unit", "kind")}
    rows = [{**waiting, "period": year} for year in ("2015", "2016", "2017")]
    book = openpyxl.load_workbook(io.BytesIO(selectors.template("", rows)))
    page = book.worksheets[0]
    for column, name in enumerate([cell.value for cell in page[1]], start=1):
        page.cell(3, column, given.get(str(name)) or None)
    out = io.BytesIO()
    book.save(out)
    sent = SimpleUploadedFile("missing.xlsx", out.getvalue())
    answer = signed_in(officer).post("/desk/sheets/", {"sheet": sent}, follow=True)
    assert "已报送 1 行，等待审核。另有 2 行未填，已跳过。" in answer.content.decode()


def test_errors_name_row_and_column_and_nothing_is_saved(
    figures: None, signed_in: SignedIn, officer: Actor
) -> None:
    rows = (figure("Y15", "2015", "3000"), figure("Y16", "2016", "=1+1"))
    client = signed_in(officer)
    answer = client.post("/desk/sheets/", {"sheet": sheet(*rows)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<th scope="row" class="number">3</th><td>value</td>' in page
    assert "Y15" not in client.get("/desk/").content.decode()


def test_wrong_files_are_refused_with_what_to_do(
    figures: None, signed_in: SignedIn, officer: Actor
) -> None:
    client = signed_in(officer)
    assert client.post("/desk/sheets/", {}).status_code == 422
    picture = SimpleUploadedFile("figures.xlsx", b"\x89PNG not a workbook")
    page = client.post("/desk/sheets/?lang=en", {"sheet": picture})
    assert page.status_code == 422
    assert "Download the template" in page.content.decode()


def test_the_template_is_a_workbook(figures: None, signed_in: SignedIn, officer: Actor) -> None:
    answer = signed_in(officer).get("/desk/sheets/template.xlsx?indicator=core_va")
    assert answer.content.startswith(b"PK")


def test_a_token_is_shown_once_and_can_be_revoked(
    zone: None, signed_in: SignedIn, officer: Actor
) -> None:
    client = signed_in(officer)
    form = {"name": "月报脚本", "scopes": ["read"], "days": "30"}
    page = client.post("/desk/tokens/", form)
    raw = re.search(r'id="new-token"[^>]*>(qt_[^<]+)<', page.content.decode())
    assert raw is not None
    assert page.headers["Cache-Control"] == "no-store"
    assert raw[1] not in client.get("/desk/tokens/").content.decode()
    token = people.tokens_of(officer)[0]
    client.post(f"/desk/tokens/{token.id}/revoke/")
    assert people.tokens_of(officer)[0].state == "revoked"
    bad = client.post("/desk/tokens/", {**form, "days": "9999"})
    assert bad.status_code == 422


def test_an_overrule_stands_beside_the_computed_verdict(
    figures: None, signed_in: SignedIn, approver: Actor
) -> None:
    client = signed_in(approver)
    computed = Client().get("/targets/T01/?format=json").json()["verdict"]
    address = "/desk/targets/T01/overrule/"
    form = {
        "verdict": "not_met",
        "reason": "口径不同",
        "title": "会议纪要〔2020〕3号",
        "address": "",
    }
    assert client.post(address, {**form, "reason": ""}).status_code == 422
    assert client.post(address, form).status_code == 302
    data = Client().get("/targets/T01/?format=json").json()
    assert data["verdict"] == computed
    assert data["overrule"]["verdict"] == "not_met"
    page = Client().get("/targets/T01/").content.decode()
    assert "会议纪要〔2020〕3号" in page
    client.post(f"{address}withdraw/", {"reason": "误会"})
    assert Client().get("/targets/T01/?format=json").json()["overrule"] is None


def test_an_officer_may_not_overrule(figures: None, signed_in: SignedIn, officer: Actor) -> None:
    form = {"verdict": "not_met", "reason": "x", "title": "y"}
    answer = signed_in(officer).post("/desk/targets/T01/overrule/", form)
    assert answer.status_code == 403


def test_the_journal_shows_what_the_reader_may_see(
    figures: None, signed_in: SignedIn, administrator: Actor, citizen: Actor
) -> None:
    full = signed_in(administrator).get("/desk/journal/").content.decode()
    assert "indicators.approve" in full
    assert "indicators.approve" not in signed_in(citizen).get("/desk/journal/").content.decode()


def test_every_desk_page_speaks_english(figures: None, signed_in: SignedIn, officer: Actor) -> None:
    client = signed_in(officer)
    sent = selectors.submissions(officer).items[0].id
    for address, words in (
        ("/desk/", "For you to decide"),
        ("/desk/figures/new/", "Send for approval"),
        ("/desk/figures/X19/", "Correct a figure"),
        ("/desk/sheets/", "Download the template"),
        ("/desk/journal/", "Every write leaves an entry"),
        ("/desk/tokens/", "New token"),
        ("/desk/password/", "Change your password"),
        (f"/desk/submissions/{sent}/", "Sending and approving|Decision"),
        ("/desk/targets/T01/overrule/", "Computed verdict"),
    ):
        page = client.get(f"{address}?lang=en")
        assert page.status_code == 200, address
        assert any(w in page.content.decode() for w in words.split("|")), address
