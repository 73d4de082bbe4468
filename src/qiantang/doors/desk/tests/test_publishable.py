"""A statistician makes a table that may be published, and takes it away."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from urllib.parse import urlencode

import openpyxl
import pytest
from django.test import Client

from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.kernel.actors import Actor, Role
from qiantang.rooms.indicators.tests.test_disclosing import firms

__all__ = ["firms"]
pytestmark = pytest.mark.usefixtures("zone")
ASK = {"rows": "city", "columns": "trade", "value": "revenue", "reporter": "code"}


def address(resource: str, path: str = "/desk/publishable/", **ask: str) -> str:
    return f"{path}?{urlencode({'resource': resource, **ask})}"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("可公布的汇总表", "主要隐去：报告单位过少", "次要隐去：防止由合计推算", "合计")),
        (
            "en",
            ("Tables that may be", "primary: too few reporters", "secondary: could be", "Total"),
        ),
    ],
)
def test_hidden_cells_are_marked_with_their_reason(
    firms: str, officer: Actor, signed_in: SignedIn, lang: str, words: tuple[str, ...]
) -> None:
    own = signed_in(officer)
    first = own.get(f"/desk/publishable/?lang={lang}").content.decode()
    assert f'value="{firms}"' in first
    assert {"zh": "未核实", "en": "unverified"}[lang] in first  # the shipped thresholds
    chosen = own.get(address(firms, lang=lang)).content.decode()
    assert '<select id="rows"' in chosen
    assert 'value="head"' not in chosen.split('id="columns"')[0].split('id="rows"')[1]
    text = own.get(address(firms, lang=lang, **ASK)).content.decode()
    for each in words:
        assert each in text
    assert "648" in text
    # The hidden cells: what E alone has, and nothing that would give it away.
    assert '<td class="number">100</td>' not in text
    assert text.count('tag--bad" title') == 1


def test_the_table_is_taken_away_as_csv_and_excel(
    firms: str, officer: Actor, signed_in: SignedIn
) -> None:
    own = signed_in(officer)
    answer = own.get(address(firms, "/desk/publishable.csv", lang="en", **ASK))
    assert answer.headers["Content-Disposition"].endswith('-publishable.csv"')
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = {(r["City"], r["Trade"]): (r["Revenue"], r["Why it is left out"]) for r in rows}
    assert told["n", "it"] == ("", "primary: too few reporters")
    assert told["Total", "Total"] == ("648", "")
    raw = own.get(address(firms, "/desk/publishable.xlsx", lang="en", **ASK)).content
    book = openpyxl.load_workbook(io.BytesIO(raw))
    printed = [[cell.value for cell in row] for row in book["Table"].iter_rows()]
    assert printed[0] == ["City", "it", "tex", "Total"]
    assert printed[2][:2] == ["n", "×"]
    assert printed[-1][-1] == 648
    assert book["Cells"].max_row == 13
    assert own.get(address(firms, "/desk/publishable.doc", **ASK)).status_code == 404


def test_who_may_not_read_the_records_gets_no_table(
    firms: str, make_actor: Callable[..., Actor], signed_in: SignedIn
) -> None:
    other = signed_in(make_actor("ningbo", Role.OFFICER, at="330200-stats"))
    assert firms not in other.get("/desk/publishable/").content.decode()
    for path in ("/desk/publishable/", "/desk/publishable.csv", "/desk/publishable.xlsx"):
        assert other.get(address(firms, path, **ASK)).status_code in (403, 404), path
        assert b"648" not in Client().get(address(firms, path, **ASK), follow=True).content


def test_what_cannot_be_made_is_told_beside_the_form(
    firms: str, officer: Actor, signed_in: SignedIn
) -> None:
    own = signed_in(officer)
    for ask, code in (
        ({**ASK, "rows": "code"}, "indicators.names_somebody"),
        ({**ASK, "rows": "head"}, "indicators.names_somebody"),
        ({**ASK, "value": "trade"}, "indicators.not_a_quantity"),
        ({**ASK, "rows": "nothing"}, "indicators.not_a_shown_field"),
    ):
        answer = own.get(address(firms, **ask))
        assert answer.status_code == 422, ask
        assert code in answer.content.decode()
        assert '<select id="rows"' in answer.content.decode()
