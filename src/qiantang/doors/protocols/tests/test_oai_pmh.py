"""OAI-PMH as a harvester meets it: a real client over a live server, and every error code."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import etree
from oaipmh_scythe import Scythe
from oaipmh_scythe.exceptions import NoRecordsMatch

from qiantang.doors.protocols import oai
from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.catalogue.services import retire
from qiantang.standards import dcat
from qiantang.standards.oai_pmh import read_records

CATCHES = "oai:qiantang:330000:harbour.catches"
NS = {"o": "http://www.openarchives.org/OAI/2.0/"}


pytestmark = pytest.mark.django_db


@pytest.fixture
def scythe(site: str, monkeypatch: pytest.MonkeyPatch) -> Scythe:
    monkeypatch.setattr(oai, "SIZE", 2)
    return Scythe(f"{site}/oai")


def test_a_harvester_goes_through_the_whole_catalogue(scythe: Scythe) -> None:
    with scythe:
        assert scythe.identify().protocolVersion == "2.0"
        assert {f.metadataPrefix for f in scythe.list_metadata_formats()} == {"oai_dc", "dcat_ap"}
        assert "division:330000" in {s.setSpec for s in scythe.list_sets()}
        records = list(scythe.list_records(metadata_prefix="oai_dc"))
        headers = list(scythe.list_identifiers(metadata_prefix="dcat_ap"))
    found = {r.header.identifier: r for r in records}
    assert len(found) == len(records) == len(headers) > 4
    assert "oai:qiantang:330000:harbour.patrols" not in found
    berths = found["oai:qiantang:330000:harbour.berths"]
    assert berths.metadata["title"] == ["泊位berths", "Berths berths"]


def test_a_time_without_changes_is_an_empty_list(scythe: Scythe) -> None:
    with scythe, pytest.raises(NoRecordsMatch):
        list(scythe.list_records(metadata_prefix="oai_dc", until="2001-01-01"))


def test_withdrawn_entries_stay_as_deleted_records(harbour: None, client: Client) -> None:
    asked = "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=" + CATCHES

    def status() -> str | None:
        header = etree.fromstring(client.get(asked).content).find(".//o:header", NS)
        return str(header.get("status", ""))

    assert status() == ""
    retire(SYSTEM, "harbour.catches", "不再采集")
    assert status() == "deleted"
    listed = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
    read = read_records(listed.content, "http://testserver/oai")
    assert read.gone == ("urn:qiantang:330000:harbour.catches",)


def test_our_own_reader_takes_what_the_catalogue_says(harbour: None, client: Client) -> None:
    address, found = "/oai?verb=ListRecords&metadataPrefix=dcat_ap", {}
    while address:
        read = read_records(client.get(address).content, "http://testserver/oai")
        found |= {entry.identifier: entry for entry in read.entries}
        address = read.next
    feed = dcat.read_page(client.get("/dcat/catalog.jsonld?size=500").content, "jsonld")
    assert found == {entry.identifier: entry for entry in feed.entries}


def test_dcat_inside_a_record_is_a_dataset(harbour: None, client: Client) -> None:
    answer = client.get(
        "/oai?verb=GetRecord&metadataPrefix=dcat_ap&identifier=oai:qiantang:330000:harbour.berths"
    )
    tree = etree.fromstring(answer.content)
    inside = tree.find(".//o:metadata", NS)[0]
    entry = dcat.read_page(etree.tostring(inside), "rdf").entries[0]
    assert entry.identifier == "urn:qiantang:330000:harbour.berths"


WRONG = [
    ("", "badVerb"),
    ("verb=Nothing", "badVerb"),
    ("verb=Identify&verb=Identify", "badVerb"),
    ("verb=Identify&set=x", "badArgument"),
    ("verb=GetRecord&identifier=x", "badArgument"),
    ("verb=ListRecords", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&until=2019-01-01", "badArgument"),
    (
        "verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&until=2021-01-01T00:00:00Z",
        "badArgument",
    ),
    ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"),
    ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=x", "idDoesNotExist"),
    ("verb=ListMetadataFormats&identifier=x", "idDoesNotExist"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=x", "noRecordsMatch"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=division:990000", "noRecordsMatch"),
    ("verb=ListRecords&resumptionToken=AAAA", "badResumptionToken"),
    ("verb=ListRecords&resumptionToken=%E4%B8%AD", "badResumptionToken"),
    ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
]


@pytest.mark.parametrize(("query", "code"), WRONG)
def test_every_error_has_its_code(harbour: None, client: Client, query: str, code: str) -> None:
    answer = client.get(f"/oai?{query}")
    assert answer.status_code == 200
    tree = etree.fromstring(answer.content)
    assert tree.find("o:error", NS).get("code") == code
    posted = client.post("/oai", query, content_type="application/x-www-form-urlencoded")
    assert etree.fromstring(posted.content).find("o:error", NS).get("code") == code


def test_a_token_belongs_to_its_verb_and_place(
    harbour: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oai, "SIZE", 2)

    def token(address: str) -> str:
        return str(
            etree.fromstring(client.get(address).content).findtext(".//o:resumptionToken", "", NS)
        )

    start = "/oai?verb=ListRecords&metadataPrefix=oai_dc"
    first = token(start)
    assert first == token(start)
    other = client.get(f"/oai?verb=ListIdentifiers&resumptionToken={first}").content
    assert b"badResumptionToken" in other
    cut = first[:-2] + ("AA" if first[-2:] != "AA" else "BB")
    forged = client.get(f"/oai?verb=ListRecords&resumptionToken={cut}").content
    assert b"badResumptionToken" in forged
