"""Other people's CKAN sites: packages as entries, page after page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from qiantang.kernel.text import Text
from qiantang.standards import ckan
from qiantang.standards.entries import Agency, CatalogueEntry, Distribution, Word
from qiantang.standards.errors import DocumentUnreadable

AT = "https://data.example/zh/api/3/action/package_search?rows=2&sort=name+asc&start=0"
PACKAGE: dict[str, Any] = {
    "author": "", "author_email": "", "creator_user_id": "0f1a", "id": "5a5e-77",
    "isopen": True, "license_id": "cc-by", "license_title": "Creative Commons Attribution",
    "metadata_created": "2017-09-29T12:33:49.352000",
    "metadata_modified": "2017-10-02T08:00:01", "name": "bus-stops", "notes": "All bus stops.",
    "num_resources": 2, "num_tags": 1, "private": False, "state": "active", "type": "dataset",
    "title": "Bus stops", "url": "", "version": "1.2",
    "organization": {"id": "9c", "name": "transport", "title": "Transport", "type": "organization"},
    "resources": [
        {"id": "r1", "name": "stops.csv", "format": "CSV", "mimetype": "text/csv", "size": 120,
         "url": "https://data.example/stops.csv", "last_modified": None, "description": None},
        {"id": "r2", "name": "broken", "url": ""},
    ],
    "tags": [{"display_name": "公交", "name": "公交", "state": "active", "vocabulary_id": None}],
    "groups": [], "extras": [{"key": "spatial", "value": "{}"}, {"key": "odd", "value": None}],
}  # fmt: skip


def answer(*packages: Any, count: int = 0) -> bytes:
    result = {"count": count or len(packages), "results": list(packages), "sort": "name asc"}
    return json.dumps({"help": "", "success": True, "result": result}).encode()


def test_a_site_is_read() -> None:
    deleted = {**PACKAGE, "name": "old", "state": "deleted"}
    read = ckan.read_packages(answer(PACKAGE, deleted, {"id": "x"}, 7, count=9), AT)
    (entry,) = read.entries
    assert entry.identifier == entry.page == "https://data.example/zh/dataset/bus-stops"
    assert entry.title == Text("Bus stops", "Bus stops")
    assert entry.publisher == Agency("transport", Text("Transport", "Transport"))
    assert entry.keywords == (Word("公交", "zh"),)
    assert (entry.open, entry.version) == (True, "1.2")
    assert entry.modified == datetime(2017, 10, 2, 8, 0, 1, tzinfo=UTC)
    assert [(d.format, d.size, d.address) for d in entry.distributions] == [
        ("CSV", 120, "https://data.example/stops.csv")
    ]
    assert [p.code for p in read.problems] == ["ckan.no_title"] * 2
    assert read.next == AT.replace("start=0", "start=4")
    assert read.total == 9


def test_the_last_page_leads_nowhere() -> None:
    assert ckan.read_packages(answer(PACKAGE), AT).next == ""
    assert ckan.read_packages(answer(count=9), AT).next == ""


def test_what_our_own_api_says_comes_back() -> None:
    entry = CatalogueEntry(
        identifier="urn:qiantang:330106:data.berths@330106",
        id="data.berths@330106",
        code="1/000001",
        title=Text("泊位", "Berths"),
        description=Text("各渔港泊位", "Berths of each harbour"),
        publisher=Agency("330106-stats", Text("统计局", "Statistics")),
        keywords=(Word("泊位", "zh"), Word("berth", "en")),
        classes=("1", "101"),
        sharing="conditional",
        cadence="P1M",
        division="330106",
        home="urn:uuid:a",
        declared="data.berths",
        issued=datetime(2024, 1, 2, tzinfo=UTC),
        modified=datetime(2024, 1, 3, tzinfo=UTC),
        distributions=(Distribution("csv", Text("表", "Table"), "http://x/a.csv", format="CSV"),),
    )
    (back,) = ckan.read_packages(answer(ckan.package_dict(entry)), AT).entries
    kept = ("identifier", "id", "code", "title", "description", "publisher", "keywords", "classes",
            "sharing", "cadence", "division", "home", "declared", "issued", "modified")  # fmt: skip
    assert {n: getattr(back, n) for n in kept} == {n: getattr(entry, n) for n in kept}
    gone = ckan.package_dict(replace(entry, withdrawn=True))
    assert ckan.read_packages(answer(gone), AT).entries == ()


@pytest.mark.parametrize(
    ("said", "declared"),
    [
        ('["https://other.example/standard", "urn:qiantang:declared:data.berths"]', "data.berths"),
        ("urn:qiantang:declared:data.berths", "data.berths"),
        ('["urn:qiantang:declared:../berths"]', ""),
        ('{"urn:qiantang:declared:data.berths": 1}', ""),
        ("https://other.example/standard", ""),
    ],
)
def test_only_a_packs_resource_among_the_standards_is_a_declaration(
    said: str, declared: str
) -> None:
    package = {**PACKAGE, "extras": [{"key": "conforms_to", "value": said}]}
    (entry,) = ckan.read_packages(answer(package), AT).entries
    assert entry.declared == declared


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[]",
        b"null",
        b'{"success": true}',
        b'{"success": false, "error": {"__type": "Validation Error"}}',
        b'{"success": true, "result": {"count": "many", "results": []}}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_answer_is_a_clear_error(body: bytes) -> None:
    with pytest.raises(DocumentUnreadable):
        ckan.read_packages(body, AT)


def test_the_pages_begin_where_the_address_says() -> None:
    first = "https://data.example/api/3/action/package_search?rows=100&sort=name+asc"
    for address in ("https://data.example", "https://data.example/api/3/"):
        assert ckan.first_address(address) == f"{first}&start=0"
    assert ckan.first_address("https://data.example/?fq=tags:x") == f"{first}&fq=tags%3Ax&start=0"
