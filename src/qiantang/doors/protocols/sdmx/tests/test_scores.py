"""Scores of published editions as a dataflow of each index; earlier editions as history."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sdmx
from django.test import Client
from pysdmx.io import read_sdmx

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.indices import making, selectors, services
from qiantang.rooms.indices.shapes import EditionView
from qiantang.rooms.shelf import services as shelf_services

KEY = "asem-connectivity.connectivity"
FLOW = "INDEX_asem-connectivity_connectivity"
CSV = "application/vnd.sdmx.data+csv;version=2.0.0"
XML = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
Row = dict[str, str]


@pytest.fixture(autouse=True)
def zone(tree: None, lake_folder: Path, tmp_path: Path, settings: Any) -> None:
    settings.QIANTANG_EDITIONS = tmp_path / "editions"
    settings.QIANTANG_CREDENTIALS = tmp_path / "credentials"
    shelf_services.install_builtin(SYSTEM)
    catalogue.register_resources(SYSTEM, "asem-connectivity")
    making.forget()


@pytest.fixture
def publish(officer: Actor, approver: Actor) -> Callable[[], EditionView]:
    def done() -> EditionView:
        title = Text("版次", "Edition")
        planned = services.plan_edition(officer, KEY, title=title)
        return services.publish_edition(approver, KEY, planned.number)

    return done


@pytest.fixture
def rows(client: Client) -> Callable[[str], list[Row]]:
    def read(rest: str) -> list[Row]:
        answer = client.get(f"/sdmx/3.0/data/dataflow/*/{FLOW}{rest}", headers={"Accept": CSV})
        if answer.status_code == 404:
            return []
        assert answer.status_code == 200, answer.getvalue()
        return list(csv.DictReader(io.StringIO(answer.getvalue().decode())))

    return read


def test_an_index_without_an_edition_has_no_dataflow(
    officer: Actor, rows: Callable[[str], list[Row]]
) -> None:
    assert rows("") == []
    services.plan_edition(officer, KEY, title=Text("版次", "Edition"))
    assert rows("") == []


def test_every_score_and_rank_of_the_latest_edition_is_read(
    publish: Callable[[], EditionView], rows: Callable[[str], list[Row]], client: Client
) -> None:
    edition = publish()
    made = selectors.made(ANONYMOUS, KEY)
    scores = made.index.scores
    whole = {
        (element, unit): (float(scores.values[r, c]), made.index.ranks[r, c])
        for r, unit in enumerate(scores.units)
        for c, element in enumerate(scores.columns)
        if not math.isnan(scores.values[r, c])
    }
    found = rows("")
    assert {(r["ELEMENT"], r["UNIT"]): (float(r["OBS_VALUE"]), int(r["RANK"])) for r in found} == {
        key: (score, int(rank)) for key, (score, rank) in whole.items()
    }
    (year,) = {origin.year for origin in made.origins}
    assert {(r["FREQ"], r["TIME_PERIOD"]) for r in found} == {("A", f"{year:04d}")}
    assert year != edition.as_of.year
    assert {r["EDITION_DIGEST"] for r in found} == {edition.digest}
    imputed = {(r["ELEMENT"], r["UNIT"]) for r in found if r["OBS_STATUS"] == "I"}
    assert imputed == {(code, unit) for unit, _, code, _, _ in made.index.filled_cells()}
    assert imputed

    asked = client.get(f"/sdmx/2.1/data/{FLOW}/.Index.", headers={"Accept": XML}).getvalue()
    (data,) = read_sdmx(BytesIO(asked), validate=True).data
    read = {str(r["UNIT"]): Decimal(str(r["OBS_VALUE"])) for r in data.data.to_dict("records")}
    assert read == {r["UNIT"]: Decimal(r["OBS_VALUE"]) for r in found if r["ELEMENT"] == "Index"}

    told = client.get(f"/sdmx/2.1/dataflow/all/{FLOW}?references=descendants").getvalue()
    message = sdmx.read_sdmx(BytesIO(told))
    elements = message.codelist[f"CL_ELEMENT_{FLOW}"]
    assert elements["Conn"].parent.id == "Index"
    assert set(message.codelist[f"CL_UNIT_{FLOW}"].items) == set(scores.units)


def test_an_index_whose_figures_name_no_year_stands_at_the_year_of_its_edition(
    publish: Callable[[], EditionView], rows: Callable[[str], list[Row]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    edition = publish()
    made = selectors.made(ANONYMOUS, KEY)
    one, *others = made.origins
    for origins in ((), (replace(one, year=None),), (replace(one, year=1999), *others)):
        known = replace(made, origins=origins)
        monkeypatch.setattr(selectors, "made", lambda *asked, known=known: known)
        found = {(r["FREQ"], r["TIME_PERIOD"]) for r in rows("/*/*.Index")}
        assert found == {("_U", f"{edition.as_of.year:04d}")}


def test_an_earlier_edition_is_history(
    publish: Callable[[], EditionView], rows: Callable[[str], list[Row]]
) -> None:
    first, second = publish(), publish()
    key = "/*/A.Index.CHN"
    assert [r["EDITION"] for r in rows(key)] == [str(second.number)]
    history = rows(f"{key}?includeHistory=true")
    assert [r["EDITION"] for r in history] == [str(first.number), str(second.number)]
    assert first.decided_at
    since = quote(first.decided_at.isoformat())
    assert [r["EDITION"] for r in rows(f"{key}?updatedAfter={since}")] == [str(second.number)]
    before = quote((first.decided_at - timedelta(days=2)).isoformat())
    assert rows(f"{key}?asOf={before}") == []
