"""An index leaves the portal: charts and their figures, report, bundle, card."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from qiantang.doors.portal.indices.printing import content
from qiantang.engine.index.bundle import verify
from qiantang.kernel.actors import ANONYMOUS
from qiantang.rooms.indices import selectors as indices

KINDS = (
    *("scores", "stack?unit=AUT", "difference?unit=AUT&other=CHE", "element?element=Conn"),
    *("ranges", "pairs", "places", "choices", "unit-choices?unit=AUT"),
)
OF_PANEL = ("courses", "series?unit=AUT", "scores?year=2019")


def address(index: str, kind: str, form: str) -> str:
    name, mark, query = kind.partition("?")
    return f"/indices/{index}/charts/{name}.{form}{mark}{query}"


def rows(reader: Client, where: str) -> list[dict[str, str]]:
    text = reader.get(where).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("kinds", [KINDS, OF_PANEL], ids=["year", "panel"])
def test_every_chart_has_its_specification_and_its_figures(
    reader: Client, kinds: tuple[str, ...], request: pytest.FixtureRequest
) -> None:
    key = request.getfixturevalue("index" if kinds is KINDS else "panel")
    for kind in kinds:
        spec = json.loads(reader.get(address(key, kind, "json")).content)
        assert spec["description"], kind
        assert rows(reader, address(key, kind, "csv")), kind


def test_a_chart_becomes_a_picture(
    index: str, reader: Client, settings: object, tmp_path: Path
) -> None:
    settings.QIANTANG_STATIC = tmp_path  # type: ignore[attr-defined]
    answer = reader.get(address(index, "stack?unit=AUT", "svg"))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content


def test_shares_of_a_score_add_up_on_every_level(index: str, reader: Client) -> None:
    found = rows(reader, address(index, "stack?unit=AUT", "csv"))
    total = float(found[0]["share"])
    first = [float(r["share"]) for r in found if r["depth"] == "1"]
    leaves = [float(r["share"]) for r in found if r["depth"] == "3"]
    assert sum(first) == pytest.approx(total)
    assert sum(leaves) == pytest.approx(total)


def test_the_csv_of_weights_carries_shares_and_sources(index: str, reader: Client) -> None:
    found = rows(reader, address(index, "weights", "csv"))
    leaves = [r for r in found if r["depth"] == "3"]
    assert sum(float(r["effective"]) for r in leaves) == pytest.approx(1)
    assert all(r["source"] for r in leaves)


def test_the_bundle_verifies_as_it_was_downloaded(index: str, reader: Client) -> None:
    answer = reader.get(f"/indices/{index}/editions/1/bundle.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    assert f'filename="{index}-1.zip"' in answer.headers["Content-Disposition"]
    assert verify(answer.content).outcome == "same"


def test_the_workbook_holds_results_and_marks_what_was_filled(index: str, reader: Client) -> None:
    answer = reader.get(f"/indices/{index}/report.xlsx?lang=en")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames[:3] == ["About", "Scores and ranks", "Raw figures"]
    assert book["Scores and ranks"].max_row == 52


def test_the_report_says_what_the_pages_say(index: str) -> None:
    made = indices.made(ANONYMOUS, index)
    said = content(made, None, "en")
    assert "Switzerland comes first" in said["headline"]
    assert len(said["ranks"]) == 51
    assert said["robust"]
    assert [s["title"] for s in said["steps"]][-1] == "Aggregate"


def test_the_card_alone_may_stand_in_other_sites(index: str, reader: Client) -> None:
    card = reader.get(f"/indices/{index}/card/?unit=AUT")
    assert card.status_code == 200
    assert "frame-ancestors *" in card.headers["Content-Security-Policy"]
    assert "script-src" not in card.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in card.headers
    assert "奥地利" in card.content.decode()
    page = reader.get(f"/indices/{index}/")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
