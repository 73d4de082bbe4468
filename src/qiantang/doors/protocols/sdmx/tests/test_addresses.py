"""Addresses, parameters and what is refused, on both interfaces."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from qiantang.doors.protocols.sdmx import finding

pytestmark = pytest.mark.django_db

VENDOR = "application/vnd.sdmx."
CSV = f"{VENDOR}data+csv;version=2.0.0"
Rows = list[dict[str, str]]


@pytest.fixture
def rows(zone: None, client: Client) -> Callable[[str], Rows]:
    def read(address: str) -> Rows:
        answer = client.get(f"/sdmx/{address}", headers={"Accept": CSV})
        assert answer.status_code == 200, answer.getvalue()[:500]
        return list(csv.DictReader(io.StringIO(answer.getvalue().decode())))

    return read


@pytest.fixture
def told(zone: None, client: Client) -> Callable[[str], dict[str, Any]]:
    """The data of a structure message in SDMX-JSON."""

    def read(address: str) -> dict[str, Any]:
        accept = f"{VENDOR}structure+json;version=2.0.0"
        answer = client.get(f"/sdmx/{address}", headers={"Accept": accept})
        assert answer.status_code == 200, answer.getvalue()[:500]
        found: dict[str, Any] = json.loads(answer.getvalue())["data"]
        return found

    return read


@pytest.mark.parametrize(
    "address",
    [
        "3.0/data/dataflow/CN_330000/FIGURES/1.0.0/A.gdp.330000",
        "3.0/data/dataflow/*/FIGURES/+/A.gdp.330000/",
        "3.0/data/dataflow/*/FIGURES/1.0+.0/A.gdp.330000",
        "3.0/data/dataflow/*/FIGURES/~/A.gdp.330000",
        "3.0/data/*/*/FIGURES/*/A.gdp.330000",
        "3.0/data/datastructure/*/DSD_FIGURES/*/A.gdp.330000",
        "3.0/data/dataflow/*/FIGURES?c[FREQ]=A&c[INDICATOR]=gdp&c[REF_AREA]=330000",
        "3.0/data/dataflow/*/FIGURES/*/A.gdp?c%5BREF_AREA%5D=330000",
        "3.0/data/dataflow/*/FIGURES/*/A.gdp.330000?sort=series_key:asc+TIME_PERIOD",
        "2.1/data/FIGURES/A.gdp.330000",
        "2.1/data/CN_330000,FIGURES/A.gdp.330000/all",
        "2.1/data/CN_330000,FIGURES,1.0.0/A.gdp.330000/CN_330000/",
        "2.1/data/all,FIGURES,latest/A.gdp.330000",
    ],
)
def test_one_series_by_every_address_of_it(rows: Callable[[str], Rows], address: str) -> None:
    found = rows(address)
    assert {(r["FREQ"], r["INDICATOR"], r["REF_AREA"]) for r in found} == {("A", "gdp", "330000")}
    assert found == rows("3.0/data/dataflow/*/FIGURES/*/A.gdp.330000")
    assert len(found) > 2


def test_filters_on_times_values_and_attributes(rows: Callable[[str], Rows]) -> None:
    every = rows("3.0/data/dataflow/*/FIGURES/*/A")
    times = rows("3.0/data/dataflow/*/FIGURES/*/A?c[TIME_PERIOD]=ge:2015+le:2018")
    assert times == [r for r in every if "2015" <= r["TIME_PERIOD"] <= "2018"]
    old = rows("2.1/data/FIGURES/A..?startPeriod=2015&endPeriod=2018")
    assert old == times
    large = rows("3.0/data/dataflow/*/FIGURES/*/A?c[OBS_VALUE]=gt:40000&c[UNIT_MEASURE]=CNY")
    assert large == [
        r for r in every if float(r["OBS_VALUE"]) > 40000 and r["UNIT_MEASURE"] == "CNY"
    ]
    assert large
    rough = rows("3.0/data/dataflow/*/FIGURES?c[FIGURE_KIND]=lower_bound,upper_bound")
    assert {r["OBS_STATUS"] for r in rough} == {"E"}


def test_attributes_and_measures_that_are_chosen(rows: Callable[[str], Rows]) -> None:
    address = "3.0/data/dataflow/*/FIGURES/*/A.gdp.330000?attributes="
    (first, *_) = rows(f"{address}OBS_STATUS,UNIT_MEASURE")
    assert set(first) == {
        *("STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "INDICATOR", "REF_AREA"),
        *("TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE"),
    }
    (plain, *_) = rows(f"{address}none")
    assert "OBS_STATUS" not in plain
    (bare, *_) = rows(f"{address}all&measures=none")
    assert "OBS_VALUE" not in bare
    keys = rows("3.0/data/dataflow/*/FIGURES/*/A.gdp.*?attributes=none&measures=none")
    assert [r["TIME_PERIOD"] for r in keys] == [""] * len(keys)
    assert len({r["REF_AREA"] for r in keys}) == len(keys)


def test_what_is_there_and_what_could_be_chosen_beside(
    told: Callable[[str], dict[str, Any]], rows: Callable[[str], Rows]
) -> None:
    def values(address: str) -> dict[str, set[str]]:
        (constraint,) = told(address)["dataConstraints"]
        keys = constraint["cubeRegions"][0]["keyValues"]
        return {k["id"]: {v["value"] for v in k["values"]} for k in keys if "values" in k}

    key = "3.0/availability/dataflow/*/FIGURES/*/A.gdp.330000"
    exact, wider = values(key), values(f"{key}?mode=available")
    assert exact == {"FREQ": {"A"}, "INDICATOR": {"gdp"}, "REF_AREA": {"330000"}}
    assert wider["REF_AREA"] == {
        r["REF_AREA"] for r in rows("3.0/data/dataflow/*/FIGURES/*/A.gdp.*")
    }
    assert len(wider["REF_AREA"]) > 1
    assert set(values("3.0/availability/dataflow/*/FIGURES/*/*/REF_AREA")) == {"REF_AREA"}
    (counted,) = told("3.0/availability/dataflow/*/FIGURES")["dataConstraints"]
    counts = {a["id"]: int(a["title"]) for a in counted["annotations"]}
    every = rows("3.0/data/dataflow/*/FIGURES")
    assert counts["obs_count"] == len(every)
    series = {(r["FREQ"], r["INDICATOR"], r["REF_AREA"]) for r in every}
    assert counts["series_count"] == len(series)
    lists = told(f"{key}?references=codelist")["codelists"]
    areas = next(each for each in lists if each["id"] == "CL_AREA")
    assert [code["id"] for code in areas["codes"]] == ["330000"]
    assert areas["isPartial"] is True


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ("none", {"dataflows"}),
        ("children", {"dataflows", "dataStructures", "agencySchemes"}),
        ("datastructure", {"dataflows", "dataStructures"}),
        ("codelist,conceptscheme", {"dataflows", "codelists", "conceptSchemes"}),
        ("parents", {"dataflows"}),
        (
            "descendants",
            {"dataflows", "dataStructures", "agencySchemes", "codelists", "conceptSchemes"},
        ),
        ("all", {"dataflows", "dataStructures", "agencySchemes", "codelists", "conceptSchemes"}),
    ],
)
def test_references_of_a_dataflow(
    told: Callable[[str], dict[str, Any]], asked: str, kinds: set[str]
) -> None:
    found = told(f"3.0/structure/dataflow/*/FIGURES?references={asked}")
    assert set(found) == kinds
    assert [flow["id"] for flow in found["dataflows"]] == ["FIGURES"]


def test_who_uses_a_list(told: Callable[[str], dict[str, Any]]) -> None:
    parents = told("3.0/structure/codelist/*/CL_AREA?references=parents")
    assert {s["id"] for s in parents["dataStructures"]} == {"DSD_FIGURES", "DSD_EVIDENCE"}
    ancestors = told("3.0/structure/codelist/*/CL_AREA?references=ancestors")
    assert {f["id"] for f in ancestors["dataflows"]} == {"FIGURES", "EVIDENCE", "AIMS"}


def test_a_division_is_told_with_its_parents_and_the_days_of_each_of_its_rows(
    told: Callable[[str], dict[str, Any]],
) -> None:
    (areas,) = told("3.0/structure/codelist/*/CL_AREA/*/330102")["codelists"]
    assert [code["id"] for code in areas["codes"]] == ["330000", "330100", "330102"]
    last = areas["codes"][-1]
    assert last["parent"] == "330100"
    notes = [(note["type"], note["title"]) for note in last["annotations"]]
    assert notes == [
        ("LEVEL", "district"),
        ("VALID", "../2021-04-08"),
        ("VALID", "2021-04-09/.."),
    ]


def test_stubs_have_names_alone(told: Callable[[str], dict[str, Any]]) -> None:
    (flow, *_) = told("3.0/structure/dataflow?detail=allstubs")["dataflows"]
    assert "structure" not in flow
    assert flow["isExternalReference"] is True
    found = told("3.0/structure/dataflow/*/FIGURES?references=children&detail=referencestubs")
    assert "structure" in found["dataflows"][0]
    assert "dataStructureComponents" not in found["dataStructures"][0]


WRONG = [
    ("3.0/data", 400),
    ("3.0/data/dataflow", 400),
    ("3.0/data/dataflow/*/NOTHING", 404),
    ("3.0/data/dataflow/ELSEWHERE/FIGURES", 404),
    ("3.0/data/dataflow/*/FIGURES/2.0.0", 404),
    ("3.0/data/dataflow/*/FIGURES/*/A.no_such.330000", 404),
    ("3.0/data/dataflow/*/FIGURES/*/A..330000", 400),
    ("3.0/data/dataflow/*/FIGURES/*/A+M.gdp", 400),
    ("3.0/data/dataflow/*/FIGURES?c[NOTHING]=1", 400),
    ("3.0/data/dataflow/*/FIGURES?c[TIME_PERIOD]=ge:soon", 400),
    ("3.0/data/dataflow/*/FIGURES?c[FREQ]=A&c[FREQ]=M", 400),
    ("3.0/data/dataflow/*/FIGURES?updatedAfter=yesterday", 400),
    ("3.0/data/dataflow/*/FIGURES?asOf=2019-13-01T00:00:00", 400),
    ("3.0/data/dataflow/*/FIGURES?asOf=9999-12-31T23:59:59", 400),
    ("3.0/data/dataflow/*/FIGURES?updatedAfter=0001-01-01T00:00:00%2B14:00", 400),
    ("3.0/data/dataflow/*/FIGURES?c[OBS_VALUE]=gt:sNaN", 400),
    ("3.0/data/dataflow/*/FIGURES?c[TIME_PERIOD]=2019-01-01/P99999999999D", 400),
    ("3.0/data/dataflow/*/FIGURES/\u00b2%2B", 404),
    ("3.0/data/dataflow/*/FIGURES/*/%01%FF.*", 404),
    ("3.0/data/dataflow/*/FIGURES/*/A/B/C/../D", 400),
    ("3.0/data/dataflow/*/FIGURES?lastNObservations=0", 400),
    ("3.0/data/dataflow/*/FIGURES?limit=-1", 400),
    ("3.0/data/dataflow/*/FIGURES?includeHistory=maybe", 400),
    ("3.0/data/dataflow/*/FIGURES?dimensionAtObservation=OBS_STATUS", 400),
    ("3.0/data/dataflow/*/FIGURES?attributes=NOTHING", 400),
    ("3.0/data/dataflow/*/FIGURES?measures=NOTHING", 400),
    ("3.0/data/dataflow/*/FIGURES?sort=FREQ", 501),
    ("3.0/data/provisionagreement/*/FIGURES", 501),
    ("3.0/structure/nothing", 400),
    ("3.0/structure/hierarchy", 404),
    ("3.0/structure/codelist/*/CL_NOTHING", 404),
    ("3.0/structure/codelist/*/CL_AREA/*/999999", 404),
    ("3.0/structure/dataflow?references=cousins", 400),
    ("3.0/structure/dataflow?detail=some", 400),
    ("3.0/availability/dataflow/*/FIGURES?mode=perhaps", 400),
    ("3.0/availability/dataflow/*/FIGURES/*/*/NOTHING", 400),
    ("3.0/availability/dataflow/*/FIGURES/*/A.no_such.*", 404),
    ("3.0/metadata/metadataflow/*", 501),
    ("3.0/registration/id/1", 501),
    ("2.1/data/FIGURES/A.gdp", 400),
    ("2.1/data/A,B,C,D", 400),
    ("2.1/data/FIGURES/all/SOMEBODY", 400),
    ("2.1/data/FIGURES?detail=most", 400),
    ("2.1/data/FIGURES?startPeriod=then", 400),
    ("2.1/schema/dataflow/CN_330000/FIGURES", 501),
    ("2.1/nothing", 400),
]


@pytest.mark.parametrize(("address", "status"), WRONG)
def test_what_is_wrong_is_told_in_both_languages(
    zone: None, client: Client, address: str, status: int
) -> None:
    answer = client.get(f"/sdmx/{address}", headers={"Accept": "application/xml"})
    assert answer.status_code == status, answer.getvalue()[:300]
    (message,) = etree.fromstring(answer.getvalue())
    zh, en = (text.text for text in message)
    assert any("\u4e00" <= c <= "\u9fff" for c in zh)
    assert not any("\u4e00" <= c <= "\u9fff" for c in en)
    assert message.get("code") == {400: "140", 404: "100", 501: "501"}[status]
    told = client.get(f"/sdmx/{address}", headers={"Accept": "application/json"})
    assert json.loads(told.getvalue())["errors"][0]["details"] == {"zh": zh, "en": en}


def test_a_form_that_is_not_offered(zone: None, client: Client) -> None:
    for address in ("data/dataflow/*/FIGURES", "structure/dataflow"):
        answer = client.get(f"/sdmx/3.0/{address}", headers={"Accept": "text/html"})
        assert answer.status_code == 406
        assert b"application/vnd.sdmx." in answer.getvalue()
        assert client.get(f"/sdmx/3.0/{address}?format=pdf").status_code == 406


def test_the_address_may_name_the_form(zone: None, client: Client) -> None:
    address = "/sdmx/2.1/data/FIGURES/A.gdp.330000"
    assert client.get(f"{address}?format=csv").getvalue().startswith(b"DATAFLOW,")
    assert client.get(f"{address}?format=json").getvalue().startswith(b'{"meta"')
    generic = client.get(address)
    assert generic["Content-Type"] == "application/vnd.sdmx.genericdata+xml;version=2.1"


def test_an_answer_has_a_bound(zone: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST", 20)
    address = "/sdmx/3.0/data/dataflow/*/FIGURES"
    answer = client.get(address)
    assert answer.status_code == 413
    assert json.loads(answer.getvalue())["errors"][0]["code"] == 130
    assert client.get(f"{address}?limit=20").status_code == 200
    assert client.get(f"{address}?limit=21").status_code == 413
    assert client.get(f"{address}/*/A.gdp.330000").status_code == 200
    assert client.get(f"{address}?includeHistory=true").status_code == 413


def test_answers_travel_compressed_and_are_only_read(zone: None, client: Client) -> None:
    address = "/sdmx/3.0/data/dataflow/*/FIGURES"
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.getvalue()))["data"]["dataSets"]
    assert client.head(address).getvalue() == b""
    assert client.post(address).status_code == 405
    assert {"Accept", "Accept-Language", "Authorization"} <= {
        name.strip() for name in packed["Vary"].split(",")
    }


def test_names_are_in_the_language_of_the_reader(zone: None, client: Client) -> None:
    address = "/sdmx/3.0/structure/dataflow/*/FIGURES"
    for lang, name in (("zh", "公布数据"), ("en", "Published figures")):
        answer = client.get(address, headers={"Accept-Language": lang})
        (flow,) = json.loads(answer.getvalue())["data"]["dataflows"]
        assert flow["name"] == name
        assert flow["names"] == {"zh": "公布数据", "en": "Published figures"}
