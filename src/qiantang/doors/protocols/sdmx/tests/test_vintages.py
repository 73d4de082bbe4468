"""What was known when: revisions, withdrawals, updates, history, and the parts of a series."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from qiantang.doors.protocols.sdmx import figures
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.indicators import selectors, services, store
from qiantang.rooms.shelf import services as shelf_services

Row = dict[str, str]
Publish = Callable[[Row], None]
CSV = "application/vnd.sdmx.data+csv;version=2.0.0"
FORM = {
    "id": "X1",
    "indicator": "core_va",
    "division": "330000",
    "period": "2019",
    "value": "6228.9",
    "unit": "亿元",
    "kind": "actual",
    "grade": "A",
    "source_title": "2020年浙江统计年鉴",
    "published": "2020-09-01",
}


@pytest.fixture(autouse=True)
def zone(tree: None, lake_folder: Path) -> None:
    shelf_services.install_builtin(SYSTEM)


@pytest.fixture
def publish(officer: Actor, approver: Actor) -> Publish:
    def done(row: Row) -> None:
        sent = services.submit_observation(officer, row)
        services.approve(approver, sent.id, sent.version)

    return done


@pytest.fixture
def withdraw(officer: Actor, approver: Actor) -> Callable[[str], None]:
    def done(id: str) -> None:
        revision = selectors.observation(id).revision
        sent = services.submit_withdrawal(officer, id, revision, "重复")
        services.approve(approver, sent.id, sent.version)

    return done


@pytest.fixture
def rows(client: Client) -> Callable[[str], list[Row]]:
    def read(address: str) -> list[Row]:
        answer = client.get(f"/sdmx/3.0/data/dataflow/*/{address}", headers={"Accept": CSV})
        if answer.status_code == 404:
            return []
        assert answer.status_code == 200, answer.getvalue()
        return list(csv.DictReader(io.StringIO(answer.getvalue().decode())))

    return read


def recorded(id: str, revision: int) -> datetime:
    found = next(r for r in selectors.revisions(id) if r.observation.revision == revision)
    assert found.observation.recorded_at
    return found.observation.recorded_at


def since(moment: datetime) -> str:
    return f"updatedAfter={quote(moment.isoformat())}"


def test_of_several_sources_the_most_reliable_is_told_and_all_stand_side_by_side(
    publish: Publish, rows: Callable[[str], list[Row]]
) -> None:
    publish(FORM)
    publish({**FORM, "id": "X2", "value": "6200", "grade": "C", "published": "2020-02-01"})
    publish({**FORM, "id": "X3", "value": "6300", "kind": "preliminary"})
    (one,) = rows("FIGURES")
    assert (one["OBS_VALUE"], one["FIGURE"], one["OTHER_FIGURES"]) == ("6228.9", "X1", "2")
    assert one["SETTLED_BY"] in {"A", "G"}
    assert (one["UNIT_MEASURE"], one["UNIT_MULT"], one["OBS_STATUS"]) == ("CNY", "8", "A")
    side = rows("EVIDENCE")
    assert {r["FIGURE"]: (r["OBS_VALUE"], r["OBS_STATUS"]) for r in side} == {
        "X1": ("6228.9", "A"),
        "X2": ("6200", "A"),
        "X3": ("6300", "P"),
    }
    assert rows("EVIDENCE/*/A.core_va.330000.X2")[0]["SOURCE_GRADE"] == "C"
    assert rows("AIMS") == []


def test_a_correction_is_told_and_the_revision_before_is_kept(
    publish: Publish, rows: Callable[[str], list[Row]]
) -> None:
    publish(FORM)
    publish({**FORM, "value": "6229", "base_revision": "1"})
    (now,) = rows("FIGURES")
    assert (now["OBS_VALUE"], now["REVISION"]) == ("6229", "2")
    first, second = rows("FIGURES?includeHistory=true")
    assert (first["OBS_VALUE"], first["REVISION"], first["ACTION"]) == ("6228.9", "1", "R")
    assert (second["OBS_VALUE"], second["REVISION"], second["ACTION"]) == ("6229", "2", "R")


def test_as_of_a_day_is_what_was_known_then(
    publish: Publish, rows: Callable[[str], list[Row]], client: Client
) -> None:
    publish(FORM)
    assert rows("FIGURES?asOf=2020-08-31T00:00:00") == []
    (known,) = rows("FIGURES?asOf=2020-09-01T00:00:00")
    room = selectors.figures(
        indicators=["core_va"], as_of=datetime.fromisoformat("2020-09-01").date()
    )
    assert [Decimal(known["OBS_VALUE"])] == [o.value for o in room]
    for day, status in (("2020-08-31", 404), ("2020-09-01", 200)):
        old = client.get(f"/sdmx/2.1/data/FIGURES?asOf={day}T00:00:00")
        assert old.status_code == status


def test_only_what_changed_since(
    publish: Publish,
    withdraw: Callable[[str], None],
    rows: Callable[[str], list[Row]],
) -> None:
    publish(FORM)
    publish({**FORM, "id": "X2", "period": "2020", "value": "7020"})
    moment = recorded("X2", 1)
    assert rows(f"FIGURES?{since(moment)}") == []
    publish({**FORM, "value": "6229", "base_revision": "1"})
    withdraw("X2")
    publish({**FORM, "id": "X3", "period": "2018", "value": "5548"})
    publish({**FORM, "id": "X4", "period": "2018", "value": "5000", "grade": "D"})
    found = {
        (r["TIME_PERIOD"], r["ACTION"]): r["OBS_VALUE"] for r in rows(f"FIGURES?{since(moment)}")
    }
    assert found == {("2019", "R"): "6229", ("2018", "R"): "5548", ("2020", "D"): ""}
    later = f"FIGURES?{since(moment)}&asOf={quote(recorded('X1', 2).isoformat())}"
    assert [(r["TIME_PERIOD"], r["ACTION"]) for r in rows(later)] == [("2019", "R")]


def test_the_withdrawal_of_the_better_source_brings_the_other_forward(
    publish: Publish,
    withdraw: Callable[[str], None],
    rows: Callable[[str], list[Row]],
) -> None:
    publish(FORM)
    publish({**FORM, "id": "X2", "value": "6200", "grade": "C"})
    moment = recorded("X2", 1)
    withdraw("X1")
    (changed,) = rows(f"FIGURES?{since(moment)}")
    assert (changed["OBS_VALUE"], changed["ACTION"]) == ("6200", "R")
    gone = rows(f"EVIDENCE?{since(moment)}")
    assert [(r["FIGURE"], r["ACTION"]) for r in gone] == [("X1", "D")]


def test_history_in_xml_has_one_set_for_each_publication(
    publish: Publish, withdraw: Callable[[str], None], client: Client
) -> None:
    publish(FORM)
    publish({**FORM, "value": "6229", "base_revision": "1"})
    withdraw("X1")
    answer = client.get(
        "/sdmx/2.1/data/FIGURES?includeHistory=true",
        headers={"Accept": "application/vnd.sdmx.genericdata+xml;version=2.1"},
    )
    sets = etree.fromstring(answer.getvalue()).findall(".//{*}DataSet")
    assert [s.get("action") for s in sets] == ["Replace", "Replace", "Delete"]
    moments = [datetime.fromisoformat(s.get("validFromDate")) for s in sets[:2]]
    assert moments == [recorded("X1", 1), recorded("X1", 2)]
    assert datetime.fromisoformat(sets[2].get("validToDate")) == recorded("X1", 3)
    assert sets[2].find(".//{*}ObsValue") is None


def test_first_and_last_observations_of_each_series(
    publish: Publish, rows: Callable[[str], list[Row]]
) -> None:
    for year in range(2014, 2020):
        publish({**FORM, "id": f"Y{year}", "period": str(year), "value": str(year)})
    share = {"indicator": "core_share", "unit": "%", "value": "8.8"}
    publish({**FORM, **share, "id": "H", "period": "2018"})
    said = [(r["INDICATOR"], r["TIME_PERIOD"]) for r in rows("FIGURES?lastNObservations=2")]
    assert said == [("core_share", "2018"), ("core_va", "2018"), ("core_va", "2019")]
    both = rows("FIGURES/*/A.core_va.330000?firstNObservations=1&lastNObservations=1")
    assert [r["TIME_PERIOD"] for r in both] == ["2014", "2019"]
    every = rows("FIGURES/*/*.core_va?firstNObservations=4&lastNObservations=4")
    assert [r["TIME_PERIOD"] for r in every] == [str(y) for y in range(2014, 2020)]
    parts = [rows(f"FIGURES?offset={n}&limit=3") for n in (0, 3, 6)]
    assert [len(part) for part in parts] == [3, 3, 1]
    assert [r for part in parts for r in part] == rows("FIGURES")


def test_parts_of_years_and_moments_are_told_as_what_they_are(
    publish: Publish, rows: Callable[[str], list[Row]]
) -> None:
    periods = ["2019", "~2019", "2019-01/2019-06", "2019-01/2019-09", "2019-12-31"]
    for number, period in enumerate(periods):
        publish({**FORM, "id": f"Z{number}", "period": period, "value": str(number)})
    found = {(r["FREQ"], r["TIME_PERIOD"]): r["OBS_VALUE"] for r in rows("FIGURES")}
    assert found == {
        ("A", "2019"): "0",
        ("_U", "2019"): "1",
        ("S", "2019-S1"): "2",
        ("_O", "2019-01-01/P9M"): "3",
        ("_Z", "2019-12-31"): "4",
    }
    within = rows("FIGURES?c[TIME_PERIOD]=ge:2019-01+le:2019-09")
    assert {r["FREQ"] for r in within} == {"S", "_O"}


def test_an_aim_is_no_result(publish: Publish, rows: Callable[[str], list[Row]]) -> None:
    publish({**FORM, "id": "AIM", "kind": "later_target", "period": "2025"})
    assert rows("FIGURES") == rows("EVIDENCE") == []
    (aim,) = rows("AIMS")
    assert (aim["FIGURE"], aim["OBS_STATUS"], aim["FIGURE_KIND"]) == ("AIM", "F", "later_target")


def test_a_figure_that_waits_for_its_approver_is_nowhere(
    officer: Actor, rows: Callable[[str], list[Row]], client: Client
) -> None:
    services.submit_observation(officer, FORM)
    assert rows("FIGURES") == rows("EVIDENCE") == []
    assert client.get("/sdmx/3.0/availability/dataflow/*/FIGURES").status_code == 404


def test_a_publication_makes_the_answer_another_one(publish: Publish, client: Client) -> None:
    publish(FORM)
    address = "/sdmx/3.0/data/dataflow/*/FIGURES"
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    publish({**FORM, "value": "6229", "base_revision": "1"})
    answer = client.get(address, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert json.loads(answer.getvalue())["data"]["dataSets"]


def test_updates_after_the_moment_looked_back_to_are_a_contradiction(client: Client) -> None:
    now = timezone.now()
    asked = f"{since(now)}&asOf={quote((now - timedelta(days=1)).isoformat())}"
    assert client.get(f"/sdmx/3.0/data/dataflow/*/FIGURES?{asked}").status_code == 400


def test_a_table_too_large_to_hold_says_the_same(
    publish: Publish,
    withdraw: Callable[[str], None],
    rows: Callable[[str], list[Row]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(FORM)
    publish({**FORM, "id": "X2", "period": "2020", "value": "7020"})
    moment = recorded("X2", 1)
    publish({**FORM, "value": "6229", "base_revision": "1"})
    withdraw("X2")
    asked = [
        "FIGURES",
        "EVIDENCE/*/A.core_va.330000",
        f"FIGURES?{since(moment)}",
        "FIGURES?includeHistory=true",
        "FIGURES?asOf=2020-09-01T00:00:00",
    ]
    held = [rows(address) for address in asked]
    assert all(held)
    monkeypatch.setattr(store, "HELD_ROWS", 0)
    store.forget()
    assert [rows(address) for address in asked] == held


def test_a_question_that_goes_through_too_many_figures_is_to_name_some(
    publish: Publish, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(FORM)
    publish({**FORM, "id": "X2", "period": "2020", "value": "7020"})
    monkeypatch.setattr(figures, "MOST_READ", 1)
    for address in ("data/dataflow/*/FIGURES", "availability/dataflow/*/EVIDENCE"):
        assert client.get(f"/sdmx/3.0/{address}").status_code == 413
    assert client.get("/sdmx/3.0/data/dataflow/*/FIGURES/*/A.gdp").status_code == 404
