"""Whatever leaves the house as CSV or Excel runs nothing in the reader's spreadsheet program."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.text import Text
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.sheet import read_sheet
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.people import services as people
from qiantang.rooms.people.selectors import actor_of_account

from .house import client, figure

FORMULAS = (
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "＝1+1",
    "  =1+1",
    "a\t=1",
)
FIRST = "=+-@\t\r\n＝＋－＠"
PLACE = "330200"
TEXTS = ("source_title", "source_kind", "quote", "scope_note", "quality_flag")


@pytest.fixture(scope="module")
def hostile(furnished: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Published figures whose every text begins as a formula does."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        people.create_account(
            SYSTEM, "evil", "correct-horse-battery", name=Text("=甲", "=1+1"), organisation=""
        )
        people.grant_role(SYSTEM, "evil", "officer", "330000")
        actor, approver = actor_of_account("evil"), actor_of_account("approver")
        for number, text in enumerate(FORMULAS):
            row = figure(id=f"evil-{number}", period=str(1990 + number))
            row |= dict.fromkeys(TEXTS, text) | {"source_address": text}
            sent = services.submit_observation(actor, {**row, "note": text, "document": text})
            services.approve(approver, sent.id, sent.version)
        deciding = selectors.series("core_va", "330000").points
        newest = max((o for o in deciding if str(o.period) == "2020"), key=lambda o: o.id)
        row = figure(id=newest.id, period="2020", value=str(newest.value + 1))
        row |= dict.fromkeys(TEXTS, FORMULAS[0]) | {"base_revision": str(newest.revision)}
        sent = services.submit_observation(actor, row)
        services.approve(approver, sent.id, sent.version)
        deliver_pending()
        yield
        transaction.set_rollback(True)


CSVS = (
    "/cities/table.csv",
    "/targets/table.csv",
    "/targets/T01/series.csv",
    "/targets/T02/series.csv",
    "/indicators/core_va/series.csv",
    "/divisions/330000/figures.csv",
)


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("path", CSVS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_cell_of_a_csv_is_a_formula(path: str, lang: str) -> None:
    answer = client("", lang).get(path)
    assert answer.status_code == 200
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) > 1
    for row in rows:
        for cell in row:
            assert is_number(cell) or not cell.lstrip(" ").startswith(tuple(FIRST)), (path, cell)
    if "core_va" in path or "330000" in path:
        assert "'=HYPERLINK" in text


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_cell_of_the_report_is_a_formula(lang: str) -> None:
    answer = client("", lang).get("/plan/report.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    texts = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    texts += 1
                    assert cell.data_type == "s", (sheet.title, cell.coordinate, cell.value)
    assert_no_formula_parts(answer.content)
    assert texts, "the hostile quote should stand in the report as a text"


def assert_no_formula_parts(content: bytes) -> None:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in book.read(name), name


@pytest.mark.usefixtures("hostile")
def test_no_cell_of_the_template_is_a_formula() -> None:
    answer = client("officer").get("/desk/sheets/template.xlsx")
    assert answer.status_code == 200
    assert_no_formula_parts(answer.content)


@pytest.mark.usefixtures("hostile")
def test_a_downloaded_table_can_be_sent_back_and_says_the_same() -> None:
    """The apostrophe that defuses a text does not pile up when the file comes back in."""
    answer = client().get("/divisions/330000/figures.csv")
    header = answer.content.decode("utf-8-sig").splitlines()[0].split(",")
    assert {"id", "indicator", "division", "period", "value", "unit"} <= set(header)
    rows = read_sheet(answer.content, "figures.csv").rows
    evil = next(r for r in rows if r["id"] == "evil-0")
    texts = [column for column in TEXTS if column in evil]
    assert [evil[column] for column in texts] == [FORMULAS[0]] * len(texts)
    assert next(r for r in rows if r["id"] == "evil-3")["quote"] == FORMULAS[3]


@pytest.mark.parametrize(
    "name", ["a\r\nSet-Cookie: x=1", '"; filename=evil.exe', "../../x", "\x00"]
)
def test_a_file_name_from_the_address_writes_no_header(name: str) -> None:
    for path in ("/desk/sheets/template.xlsx", "/indicators/core_va/series.csv"):
        answer = client("officer").get(path, {"indicator": name, "division": name})
        assert answer.status_code in {400, 404}
        assert "Set-Cookie: x" not in str(answer.headers)
        assert "Content-Disposition" not in answer.headers
