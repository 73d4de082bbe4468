"""DCAT-AP: what is written passes the published shapes and comes back; what is read is bounded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import Graph

from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text
from qiantang.standards import dcat
from qiantang.standards.classes import class_uri
from qiantang.standards.dcat import documents
from qiantang.standards.entries import (
    Agency,
    Catalogue,
    CatalogueEntry,
    CataloguePage,
    Distribution,
    Stop,
    Theme,
    Word,
)
from qiantang.standards.errors import (
    DocumentReachesOut,
    DocumentTooLarge,
    DocumentUnreadable,
    FormUnknown,
)

SHAPES = Path(__file__).with_name("shapes")
ROOT = "https://data.example.gov.cn"
DAY = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
FULL = CatalogueEntry(
    identifier="urn:qiantang:330106:data.berths",
    address=f"{ROOT}/dcat/dataset/data.berths",
    page=f"{ROOT}/catalogue/data.berths/",
    title=Text("泊位<&>“甲”", "Berths"),
    description=Text("各渔港泊位。\n第二行", "Berths of each harbour"),
    publisher=Agency("330106-stats", Text("统计局", "Statistics")),
    keywords=(Word("berth", "en"), Word("泊位", "zh")),
    themes=(Theme(class_uri("1-01"), Text("人口", "Population")),),
    classes=("1-01",),
    sharing="conditional",
    conditions=Text("经审批", "After approval"),
    cadence="P1M",
    licence=Text("知识共享署名 4.0", "CC BY 4.0"),
    contact=Text("信息处，0571-12345", "Information office"),
    version="3",
    issued=DAY,
    modified=DAY,
    division="330106",
    columns=({"id": "n", "name": {"en": "n", "zh": "数"}, "type": "integer"},),
    grain=("n",),
    distributions=(
        Distribution(
            "csv", Text("表", "Table"), f"{ROOT}/x", f"{ROOT}/x y.csv", "CSV", "text/csv", size=12
        ),
    ),
    home="urn:uuid:1",
    declared="fishing.berths",
    passage=(Stop("urn:uuid:1", "西湖区", "http://a/"),),
)
BARE = CatalogueEntry(
    identifier="urn:x:bare", title=Text("无", "Bare"), description=Text("", ""),
    publisher=Agency("", Text("某局", "An office")),
)  # fmt: skip
PAGE = CataloguePage(
    catalogue=Catalogue(
        f"{ROOT}/dcat/catalog", Text("目录", "Catalogue"), Text("目录", "Catalogue"),
        Agency("330106", Text("西湖区", "Xihu")), "urn:uuid:1", f"{ROOT}/", DAY,
    ),
    entries=(FULL, BARE),
    total=250,
    size=2,
    this=f"{ROOT}/dcat/catalog.ttl",
    first=f"{ROOT}/dcat/catalog.ttl",
    next=f"{ROOT}/dcat/catalog.ttl?after=b",
)  # fmt: skip


@pytest.mark.parametrize("shapes", ["shapes.ttl", "range.ttl"])
@pytest.mark.parametrize("form", dcat.FORMS)
def test_a_page_passes_the_published_shapes(form: str, shapes: str) -> None:
    graph = Graph().parse(data=dcat.write_page(PAGE, form), format=dcat.FORMS[form][0])
    passed, _, told = validate(
        graph, shacl_graph=str(SHAPES / shapes), inference="rdfs", advanced=True
    )
    assert passed, told[:2000]


def test_the_shapes_would_notice() -> None:
    graph = Graph().parse(data=dcat.write_page(PAGE, "ttl"), format="turtle")
    graph.remove((None, dcat.writing.v.DCTERMS.title, None))
    passed, _, _ = validate(graph, shacl_graph=str(SHAPES / "shapes.ttl"), inference="rdfs")
    assert not passed


@pytest.mark.parametrize("form", dcat.FORMS)
def test_what_was_written_comes_back(form: str) -> None:
    read = dcat.read_page(dcat.write_page(PAGE, form), form)
    assert (read.problems, read.next, read.total) == ((), PAGE.next, 250)
    assert read.catalogue is not None
    assert (read.catalogue.instance, read.catalogue.title) == (
        "urn:uuid:1",
        Text("目录", "Catalogue"),
    )
    found = {entry.identifier: entry for entry in read.entries}
    said = found[FULL.identifier]
    one = replace(said.distributions[0], download=FULL.distributions[0].download)
    address = said.publisher.address
    said = replace(said, distributions=(one,), publisher=replace(said.publisher, address=""))
    assert address == "urn:qiantang:organisation:330106-stats"
    assert said == replace(FULL, keywords=tuple(sorted(FULL.keywords, key=lambda w: w.text)))
    assert found[BARE.identifier].description == BARE.title


@pytest.mark.parametrize("form", dcat.FORMS)
def test_control_characters_break_no_form(form: str) -> None:
    title = Text("一\x0b二\x07\ud800", "one\x0btwo\x1f")
    wild = replace(PAGE, entries=(replace(FULL, title=title),))
    (said,) = dcat.read_page(dcat.write_page(wild, form), form).entries
    assert said.title == Text("一\n二", "one\ntwo")


@pytest.mark.parametrize("form", dcat.FORMS)
def test_chinese_alone_is_not_called_english(form: str) -> None:
    alone = replace(
        FULL, conditions=Text("经审批", "经审批"), licence=Text("CC BY 4.0", "CC BY 4.0")
    )
    written = dcat.write_entry(alone, form)
    graph = Graph().parse(data=written, format=dcat.FORMS[form][0])
    said = {(str(o), o.language) for o in graph.objects(None, dcat.writing.v.OURS.conditions)}
    assert said == {("经审批", "zh")}
    (read,) = dcat.read_page(dcat.write_page(replace(PAGE, entries=(alone,)), form), form).entries
    assert (read.conditions, read.licence) == (alone.conditions, alone.licence)


@pytest.mark.parametrize("form", dcat.FORMS)
def test_an_irregular_cycle_comes_back_by_the_worlds_word(form: str) -> None:
    graph = Graph().parse(
        data=dcat.write_entry(replace(FULL, cadence="irregular"), form), format=dcat.FORMS[form][0]
    )
    graph.remove((None, dcat.writing.v.OURS.cadence, None))
    (read,) = dcat.read_page(graph.serialize(format="turtle", encoding="utf-8"), "ttl").entries
    assert read.cadence == "irregular"


CKAN = b"""
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://ckan.example/dataset/a> a dcat:Dataset ; dct:title "Only English"@en ;
  dct:identifier "a" ; dct:modified "last summer" ; dcat:keyword "water", "air"@en-GB ;
  dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/MONTHLY> ;
  dct:publisher [ a foaf:Organization ; foaf:name "An agency" ] ;
  dcat:distribution [ a dcat:Distribution ; dcat:downloadURL <https://ckan.example/a.csv> ] ,
    [ a dcat:Distribution ] .
<https://ckan.example/dataset/b> a dcat:Dataset ; dct:description "no title" .
[] a dcat:Dataset ; dct:title "no name" .
<https://ckan.example/dataset/c> a dcat:Dataset ; dct:title "Year" ; dct:issued "2020" .
"""


def test_somebody_elses_catalogue_is_read_as_far_as_it_goes() -> None:
    read = dcat.read_page(CKAN, "ttl")
    first, second = read.entries
    assert first.identifier == "https://ckan.example/dataset/a"
    assert first.title == Text("Only English", "Only English")
    assert (first.cadence, first.publisher.name.en) == ("P1M", "An agency")
    assert [(w.text, w.lang) for w in first.keywords] == [("air", "en"), ("water", "")]
    assert [d.address for d in first.distributions] == ["https://ckan.example/a.csv"]
    assert second.issued == datetime(2020, 1, 1, tzinfo=UTC)
    codes = sorted((p.code, p.fatal) for p in read.problems)
    assert codes == [
        ("dcat.date_unreadable", False), ("dcat.no_identifier", True), ("dcat.no_title", True),
    ]  # fmt: skip
    assert read.catalogue is None


REFUSED: list[tuple[bytes, str, type[QiantangError]]] = [
    (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/x">]><r>&x;</r>', "rdf", DocumentReachesOut),
    ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE r []><r/>'.encode("utf-16"), "rdf",
     DocumentReachesOut),
    (b'{"@context": "http://169.254.169.254/"}', "jsonld", DocumentReachesOut),
    (b'{"a": [{"@context": [{}, "//x"]}]}', "jsonld", DocumentReachesOut),
    (b'{"@context": {"@import": "http://x/"}}', "jsonld", DocumentReachesOut),
    (b'{"a":' * 100 + b"1" + b"}" * 100, "jsonld", DocumentUnreadable),
    (b"<a> <b", "ttl", DocumentUnreadable),
    (b"\xff\x00", "ttl", DocumentUnreadable),
    (b"<rdf", "rdf", DocumentUnreadable),
    (b"", "csv", FormUnknown),
]  # fmt: skip


@pytest.mark.parametrize(("data", "form", "error"), REFUSED)
def test_what_is_dangerous_or_broken_is_refused(
    data: bytes, form: str, error: type[QiantangError]
) -> None:
    with pytest.raises(error):
        dcat.read_page(data, form)


def test_a_document_has_a_largest_size() -> None:
    with pytest.raises(DocumentTooLarge):
        documents.graph_of(b" " * 2000, "ttl", "", limit=1000)


@pytest.mark.parametrize(
    ("media", "address", "head", "form"),
    [
        ("text/turtle; charset=utf-8", "", b"", "ttl"),
        ("application/octet-stream", "http://x/catalog.rdf?page=2", b"", "rdf"),
        ("", "http://x/catalog", b' {"@graph"', "jsonld"),
        ("text/plain", "http://x/catalog", b"<?xml", "rdf"),
        ("text/plain", "http://x/catalog", b"@prefix", "ttl"),
    ],
)
def test_the_form_is_found(media: str, address: str, head: bytes, form: str) -> None:
    assert dcat.form_of(media, address, head) == form
