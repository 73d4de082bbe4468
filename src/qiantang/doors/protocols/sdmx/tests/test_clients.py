"""Statisticians' own clients list, filter by key and read every published series over HTTP."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
import requests
import sdmx
from pysdmx.api.qb import (
    ApiVersion,
    DataContext,
    DataFormat,
    DataQuery,
    RestService,
    StructureFormat,
    StructureQuery,
    StructureType,
)
from pysdmx.api.qb.structure import StructureReference
from pysdmx.io import read_sdmx

from qiantang.doors.protocols.sdmx.tests.conftest import AGENCY, CSV2
from qiantang.kernel.observations import AIMS, Observation
from qiantang.rooms.indicators.selectors import quoted
from qiantang.rooms.shelf import selectors as shelf
from qiantang.standards.sdmx.times import time_of

pytestmark = pytest.mark.django_db

Read = dict[tuple[str, ...], Decimal]


def expected(published: list[Observation], flow: str) -> Read:
    """What a dataflow ought to say, worked out from the room alone."""
    found: dict[tuple[str, ...], list[Observation]] = {}
    for o in published:
        if (o.kind in AIMS) != (flow == "AIMS"):
            continue
        freq, time = time_of(o.period)
        own = () if flow == "FIGURES" else (o.id,)
        found.setdefault((freq, o.indicator, o.division, *own, time), []).append(o)
    return {key: quoted(several).observation.value for key, several in found.items()}


def read_by_sdmx1(message: object) -> Read:
    """Full key to value of every observation."""
    found: Read = {}
    for data in message.data:  # type: ignore[attr-defined]
        for observation in data.obs:
            key = observation.key
            ids = [d.id for d in data.structured_by.dimensions if d.id in key.values]
            values = {id: str(value.value) for id, value in key.values.items()}
            full = tuple(values[id] for id in (*(i for i in ids if i != "TIME_PERIOD"),))
            assert (*full, values["TIME_PERIOD"]) not in found
            found[(*full, values["TIME_PERIOD"])] = Decimal(str(observation.value))
    return found


@pytest.mark.parametrize("interface", ["old", "new"])
def test_sdmx1_lists_dataflows_and_structures(
    old_client: sdmx.Client, new_client: sdmx.Client, interface: str
) -> None:
    client = old_client if interface == "old" else new_client
    assert set(client.dataflow(agency_id=AGENCY).dataflow) == {"FIGURES", "EVIDENCE", "AIMS"}
    told = client.dataflow("FIGURES", agency_id=AGENCY, params={"references": "all"})
    structure = told.structure["DSD_FIGURES"]
    assert [d.id for d in structure.dimensions] == [
        "FREQ",
        "INDICATOR",
        "REF_AREA",
        "TIME_PERIOD",
    ]
    areas = told.codelist["CL_AREA"]
    assert {c.code for c in shelf.divisions()} == set(areas.items)
    assert areas["330102"].name.localized_default("en") == "Shangcheng District"
    assert str(areas["330102"].name["zh"]) == "上城区"
    if interface == "old":
        assert areas["330102"].parent.id == "330100"
    assert set(told.codelist["CL_INDICATOR"].items) == set(shelf.indicators())


@pytest.mark.parametrize("interface", ["old", "new"])
@pytest.mark.parametrize("flow", ["FIGURES", "EVIDENCE", "AIMS"])
def test_sdmx1_reads_every_published_figure(
    old_client: sdmx.Client,
    new_client: sdmx.Client,
    published: list[Observation],
    interface: str,
    flow: str,
) -> None:
    if interface == "old":
        message = old_client.data(flow)
    else:
        dsd = _structure(new_client, flow)
        message = new_client.data(flow, agency_id=AGENCY, context="dataflow", dsd=dsd, key="*")
    assert read_by_sdmx1(message) == expected(published, flow)


@pytest.mark.parametrize("interface", ["old", "new"])
def test_sdmx1_filters_by_key(
    old_client: sdmx.Client,
    new_client: sdmx.Client,
    published: list[Observation],
    interface: str,
) -> None:
    every = expected(published, "FIGURES")
    if interface == "old":
        key = {"FREQ": "A", "REF_AREA": "330000+330100"}
        found = read_by_sdmx1(old_client.data("FIGURES", key=key))
        places = {"330000", "330100"}
    else:
        dsd = _structure(new_client, "FIGURES")
        message = new_client.data(
            "FIGURES", agency_id=AGENCY, context="dataflow", dsd=dsd, key="A.*.330100"
        )
        found, places = read_by_sdmx1(message), {"330100"}
    assert found == {k: v for k, v in every.items() if k[0] == "A" and k[2] in places}
    assert len(found) > 5


def test_sdmx1_previews_series_keys(old_client: sdmx.Client, published: list[Observation]) -> None:
    keys = old_client.series_keys("FIGURES")
    series = {key[:-1] for key in expected(published, "FIGURES")}
    assert {tuple(str(v.value) for v in key.values.values()) for key in keys} == series


def test_sdmx1_asks_what_there_is(old_client: sdmx.Client, published: list[Observation]) -> None:
    message = old_client.get("availableconstraint", "FIGURES", key="A..330100", force=True)
    (constraint,) = message.constraint.values()
    region = constraint.data_content_region[0]
    values = {
        dimension.id: {str(v.value) for v in selection.values}
        for dimension, selection in region.member.items()
        if dimension.id != "TIME_PERIOD"
    }
    keys = [k for k in expected(published, "FIGURES") if k[0] == "A" and k[2] == "330100"]
    assert values == {
        "FREQ": {"A"},
        "INDICATOR": {k[1] for k in keys},
        "REF_AREA": {"330100"},
    }


@pytest.mark.parametrize("interface", ["old", "new"])
def test_sdmx1_reads_lists_by_themselves(
    old_client: sdmx.Client, new_client: sdmx.Client, interface: str
) -> None:
    client = old_client if interface == "old" else new_client
    xml = {"Accept": "application/vnd.sdmx.structure+xml;version=3.0.0"}
    asked = {"agency_id": AGENCY, **({} if interface == "old" else {"headers": xml})}
    assert set(client.codelist("CL_FREQ", **asked).codelist["CL_FREQ"].items) > {"A", "S", "Q"}
    concepts = client.conceptscheme("CS_FIGURES", **asked).concept_scheme["CS_FIGURES"]
    assert "REF_AREA" in concepts.items
    told = client.datastructure(**asked)
    assert set(told.structure) == {"DSD_FIGURES", "DSD_EVIDENCE"}
    agencies = client.agencyscheme("AGENCIES", **{**asked, "agency_id": "SDMX"})
    assert AGENCY in agencies.organisation_scheme["AGENCIES"].items


def test_sdmx1_asks_the_newer_interface_what_there_is(
    new_client: sdmx.Client, published: list[Observation]
) -> None:
    message = new_client.get(
        "availableconstraint",
        "FIGURES",
        agency_id=AGENCY,
        context="dataflow",
        key="A.gdp.*",
        component_id="*",
        headers={"Accept": "application/vnd.sdmx.structure+xml;version=3.0.0"},
        force=True,
    )
    (constraint,) = message.constraint.values()
    told = {
        dimension.id: {str(v.value) for v in selection.values}
        for dimension, selection in constraint.data_content_region[0].member.items()
    }
    keys = [k for k in expected(published, "FIGURES") if k[:2] == ("A", "gdp")]
    assert told["INDICATOR"] == {"gdp"}
    assert told["REF_AREA"] == {k[2] for k in keys}
    assert told["TIME_PERIOD"] == {k[3] for k in keys}


@pytest.mark.parametrize("flow", ["FIGURES", "EVIDENCE", "AIMS"])
def test_pysdmx_reads_every_published_figure(
    service: RestService, published: list[Observation], flow: str
) -> None:
    query = DataQuery(DataContext.DATAFLOW, AGENCY, flow, "*")
    (data,) = read_sdmx(BytesIO(service.data(query))).data
    every = expected(published, flow)
    ids = ["FREQ", "INDICATOR", "REF_AREA", "FIGURE", "TIME_PERIOD"]
    if flow == "FIGURES":
        ids.remove("FIGURE")
    found = {
        tuple(str(row[id]) for id in ids): Decimal(str(row["OBS_VALUE"]))
        for row in data.data.to_dict("records")
    }
    assert found == every


def test_pysdmx_filters_by_key_and_time(service: RestService, published: list[Observation]) -> None:
    from pysdmx.api.dc.query import MultiFilter, Operator, TextFilter

    window = MultiFilter(
        [
            TextFilter("TIME_PERIOD", Operator.GREATER_THAN_OR_EQUAL, "2016"),
            TextFilter("TIME_PERIOD", Operator.LESS_THAN_OR_EQUAL, "2020"),
        ]
    )
    query = DataQuery(
        DataContext.DATAFLOW, AGENCY, "FIGURES", "+", ["A.gdp.330000", "A.core_va.*"], window
    )
    (data,) = read_sdmx(BytesIO(service.data(query))).data
    found = {
        (row["FREQ"], row["INDICATOR"], str(row["REF_AREA"]), str(row["TIME_PERIOD"]))
        for row in data.data.to_dict("records")
    }
    assert found == {
        k
        for k in expected(published, "FIGURES")
        if k[0] == "A"
        and (k[1:3] == ("gdp", "330000") or k[1] == "core_va")
        and "2016" <= k[3] <= "2020"
    }
    assert len(found) > 5


def test_pysdmx_reads_structures_in_json(service: RestService) -> None:
    query = StructureQuery(
        StructureType.DATAFLOW,
        AGENCY,
        "FIGURES",
        references=StructureReference.DESCENDANTS,
    )
    message = read_sdmx(BytesIO(service.structure(query)), validate=False)
    (structure,) = message.get_data_structure_definitions()
    assert [d.id for d in structure.components.dimensions] == [
        "FREQ",
        "INDICATOR",
        "REF_AREA",
        "TIME_PERIOD",
    ]
    lists = {found.id: found for found in message.get_codelists()}
    areas = {code.id: code for code in lists["CL_AREA"].codes}
    assert set(areas) == {c.code for c in shelf.divisions()}
    assert len(message.get_dataflows()) == 1
    assert {"CL_FREQ", "CL_UNIT", "CL_OBS_STATUS"} <= set(lists)


def test_the_connector_of_pysdmx_discovers_and_reads(
    site: str, published: list[Observation]
) -> None:
    from pysdmx.api.dc.rest import SdmxConnector

    connector = SdmxConnector(f"{site}/sdmx/3.0", timeout=60)
    assert [flow.id for flow in connector.dataflows()] == ["AIMS", "EVIDENCE", "FIGURES"]
    flow = next(f for f in connector.dataflows() if f.id == "FIGURES")
    found = connector.dataflow(flow)
    assert found.obs_count == len(expected(published, "FIGURES"))
    rows = list(connector.data(flow, "REF_AREA = '330100' AND FREQ = 'A'"))
    keys = [k for k in expected(published, "FIGURES") if k[0] == "A" and k[2] == "330100"]
    assert {(r["INDICATOR"], r["TIME_PERIOD"]) for r in rows} == {(k[1], k[3]) for k in keys}


@pytest.mark.parametrize(
    "form",
    [
        DataFormat.SDMX_ML_3_0,
        DataFormat.SDMX_ML_2_1_GEN,
        DataFormat.SDMX_ML_2_1_STR,
        DataFormat.SDMX_ML_2_1_GENTS,
        DataFormat.SDMX_ML_2_1_STRTS,
        DataFormat.SDMX_CSV_1_0_0,
    ],
)
def test_pysdmx_reads_and_validates_every_form_that_it_knows(
    site: str, published: list[Observation], form: DataFormat
) -> None:
    service = RestService(f"{site}/sdmx/3.0", ApiVersion.V2_0_0, data_format=form, timeout=60)
    body = service.data(DataQuery(DataContext.DATAFLOW, AGENCY, "FIGURES"))
    (data,) = read_sdmx(BytesIO(body), validate=True).data
    found = {
        tuple(str(row[id]) for id in ("FREQ", "INDICATOR", "REF_AREA", "TIME_PERIOD")): Decimal(
            str(row["OBS_VALUE"])
        )
        for row in data.data.to_dict("records")
    }
    assert found == expected(published, "FIGURES")


@pytest.mark.parametrize("form", [StructureFormat.SDMX_ML_2_1, StructureFormat.SDMX_ML_3_0])
def test_pysdmx_reads_and_validates_structures_in_xml(site: str, form: StructureFormat) -> None:
    service = RestService(f"{site}/sdmx/3.0", ApiVersion.V2_0_0, structure_format=form, timeout=60)
    query = StructureQuery(
        StructureType.DATAFLOW, AGENCY, "EVIDENCE", references=StructureReference.DESCENDANTS
    )
    message = read_sdmx(BytesIO(service.structure(query)), validate=True)
    (structure,) = message.get_data_structure_definitions()
    assert [d.id for d in structure.components.dimensions][-2:] == ["FIGURE", "TIME_PERIOD"]


def test_pysdmx_speaks_to_the_older_interface(site: str, published: list[Observation]) -> None:
    service = RestService(
        f"{site}/sdmx/2.1",
        ApiVersion.V1_5_0,
        data_format=DataFormat.SDMX_ML_2_1_STR,
        structure_format=StructureFormat.SDMX_ML_2_1,
        timeout=60,
    )
    query = DataQuery(DataContext.DATAFLOW, AGENCY, "FIGURES", key="A.gdp.330000")
    (data,) = read_sdmx(BytesIO(service.data(query))).data
    assert len(data.data) == len(
        [k for k in expected(published, "FIGURES") if k[:3] == ("A", "gdp", "330000")]
    )
    flows = read_sdmx(BytesIO(service.structure(StructureQuery(StructureType.DATAFLOW))))
    assert {flow.id for flow in flows.get_dataflows()} == {"FIGURES", "EVIDENCE", "AIMS"}


def test_the_registry_client_of_pysdmx_finds_lists_and_schemas(site: str) -> None:
    from pysdmx.api.fmr import RegistryClient

    registry = RegistryClient(f"{site}/sdmx/3.0", StructureFormat.SDMX_JSON_2_0_0, timeout=60)
    areas = registry.get_codes(AGENCY, "CL_AREA", "1.0.0")
    assert {code.id for code in areas.codes} == {c.code for c in shelf.divisions()}
    assert [agency.id for agency in registry.get_agencies("SDMX")] == [AGENCY]
    schema = registry.get_schema("dataflow", AGENCY, "FIGURES", "1.0.0")
    assert [d.id for d in schema.components.dimensions][:2] == ["FREQ", "INDICATOR"]


def test_sdmx1_reads_csv(site: str, new_client: sdmx.Client, published: list[Observation]) -> None:
    address = f"{site}/sdmx/3.0/data/dataflow/*/EVIDENCE/*/*.*.330000"
    body = requests.get(address, headers={"Accept": CSV2}, timeout=60).content
    message = sdmx.read_sdmx(
        BytesIO(body), format="csv", structure=_structure(new_client, "EVIDENCE")
    )
    every = expected(published, "EVIDENCE")
    assert read_by_sdmx1(message) == {k: v for k, v in every.items() if k[2] == "330000"}


def _structure(client: sdmx.Client, flow: str) -> object:
    told = client.dataflow(flow, agency_id=AGENCY, params={"references": "all"})
    (structure,) = told.structure.values()
    return structure
