"""Entries that were harvested, in our own feeds: what their upstream said, under our names."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.catalogue.services import HarvestOrigin
from qiantang.rooms.shelf import selectors as shelf
from qiantang.standards import dcat
from qiantang.standards.ckan import read_packages
from qiantang.standards.classes import class_uri
from qiantang.standards.entries import (
    Agency,
    Catalogue,
    CatalogueEntry,
    CataloguePage,
    Distribution,
    Theme,
)
from qiantang.standards.oai_pmh import read_records

pytestmark = pytest.mark.django_db
ORIGIN = HarvestOrigin("xihu", Text("西湖区目录", "Xihu"), "https://xihu.example/")
HEALTH = Theme("https://themes.example/health", Text("健康", "Health"))
UNNAMED = Theme("https://themes.example/other")
TABLE = Distribution(
    "csv", Text("表", "Table"), "https://xihu.example/r", "https://xihu.example/r.csv", "CSV"
)


def upstream_entry(id: str, *themes: Theme, declared: str = "") -> CatalogueEntry:
    return CatalogueEntry(
        identifier=f"urn:qiantang:330106:{id}",
        id=id,
        title=Text("接种门诊", "Clinics"),
        description=Text("各接种门诊", "Where one is vaccinated"),
        publisher=Agency("330106-health", Text("西湖区卫健局", "Xihu Health")),
        sharing="unconditional",
        open=True,
        division="330106",
        themes=themes,
        declared=declared,
        distributions=(TABLE,),
    )


@pytest.fixture
def handed_on(harbour: None, db: None) -> str:
    """An entry of another instance, as its feed says it, and its id here."""
    ours = Theme(class_uri("201"), Text("上游的叫法", "As they call it"))
    sent = dcat.write_entry(upstream_entry("health.clinics", ours, HEALTH, UNNAMED), "ttl")
    (read,) = dcat.read_page(sent, "ttl").entries
    (taken,) = catalogue.take_harvested(SYSTEM, ORIGIN, [read])
    return taken.id


def labels(graph: Graph, uri: str) -> set[tuple[str, str | None]]:
    found = graph.objects(URIRef(uri), SKOS.prefLabel)
    return {(str(name), getattr(name, "language", None)) for name in found}


def shown(client: Client, action: str, **asked: Any) -> Any:
    return json.loads(client.get(f"/api/3/action/{action}", asked).content)["result"]


def test_a_class_has_our_name_and_other_concepts_keep_theirs(
    handed_on: str, client: Client
) -> None:
    graph = Graph().parse(data=client.get("/dcat/catalog.ttl?size=500").content, format="turtle")
    ours = shelf.code_list("data-commons.resource-class").find("201")
    assert ours is not None
    assert labels(graph, class_uri("201")) == {(ours.name.zh, "zh"), (ours.name.en, "en")}
    assert labels(graph, HEALTH.uri) == {("健康", "zh"), ("Health", "en")}
    assert labels(graph, UNNAMED.uri) == {(UNNAMED.uri, "zh"), (UNNAMED.uri, "en")}


def test_a_class_is_one_group(handed_on: str, client: Client) -> None:
    package = shown(client, "package_show", id=handed_on.replace(".", "--"))
    assert [g["name"] for g in package["groups"]].count("201") == 1
    assert shown(client, "group_list").count("201") == 1


def test_a_concept_has_one_name_however_many_entries_name_it() -> None:
    bare = Theme(HEALTH.uri)
    other = Theme(HEALTH.uri, Text("卫生", "Hygiene"))
    entries = [upstream_entry(f"e{n}", theme) for n, theme in enumerate((bare, HEALTH, other))]
    graph = Graph().parse(data=dcat.write_page(page_of(entries), "ttl"), format="turtle")
    assert labels(graph, HEALTH.uri) == {("健康", "zh"), ("Health", "en")}


def page_of(entries: list[CatalogueEntry]) -> CataloguePage:
    name = Text("目录", "Catalogue")
    whole = Catalogue("https://xihu.example/dcat", name, name, Agency("330106", name))
    return CataloguePage(whole, tuple(entries), len(entries), 100)


def test_the_declared_resource_goes_on_over_ckan_and_dublin_core(
    harbour: None, client: Client
) -> None:
    sent = upstream_entry("health.clinics", declared="health.clinics")
    catalogue.take_harvested(SYSTEM, ORIGIN, [sent])
    packages = client.get("/api/3/action/package_search?rows=1000")
    over_ckan = read_packages(packages.content, "http://testserver/api/3/action/package_search")
    records = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
    over_oai = read_records(records.content, "http://testserver/oai")
    for read in (over_ckan, over_oai):
        declared = {entry.identifier: entry.declared for entry in read.entries}
        assert declared[sent.identifier] == "health.clinics"
        assert declared["urn:qiantang:330000:harbour.berths"] == "harbour.berths"


def test_rows_that_are_elsewhere_are_not_promised(handed_on: str, client: Client) -> None:
    package = shown(client, "package_show", id=handed_on.replace(".", "--"))
    (table,) = package["resources"]
    assert (table["format"], table["url"]) == ("CSV", TABLE.download)
    assert (table["datastore_active"], table["url_type"]) == (False, None)
    search = client.get("/api/3/action/datastore_search", {"resource_id": table["id"]})
    assert search.status_code == 404


def test_a_format_is_that_of_the_files(handed_on: str, client: Client) -> None:
    asked = {"rows": 1000, "facet.field": '["res_format"]'}
    whole = shown(client, "package_search", **asked)
    forms = [{r["format"] for r in package["resources"]} for package in whole["results"]]
    csv = sum("CSV" in each for each in forms)
    assert whole["facets"]["res_format"] == {"CSV": csv, "ZIP": csv - 1}
    for wanted in ("CSV", "csv"):
        assert shown(client, "package_search", fq=f"res_format:{wanted}", rows=0)["count"] == csv
    assert shown(client, "package_search", fq="res_format:ZIP", rows=0)["count"] == csv - 1
    assert shown(client, "package_search", fq="res_format:XLSX", rows=0)["count"] == 0
