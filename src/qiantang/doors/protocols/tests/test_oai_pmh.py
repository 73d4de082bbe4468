"""OAI-PMH as a harvester meets it: a real client over a live server, and every error code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from lxml import etree
from oaipmh_scythe import Scythe
from oaipmh_scythe.exceptions import NoRecordsMatch

from qiantang.doors.protocols import oai
from qiantang.doors.protocols.tests.conftest import withhold
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.catalogue.selectors import feeds
from qiantang.rooms.catalogue.services import change, discard, retire
from qiantang.rooms.people.services import issue_token
from qiantang.standards import dcat
from qiantang.standards.oai_pmh import read_records

CATCHES = "oai:qiantang:330000:harbour.catches"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
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
    ("verb=ListRecords&metadataPrefix=oai_dc&set=division:*", "noRecordsMatch"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=divisions", "noRecordsMatch"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=division:330000:1", "noRecordsMatch"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=division:", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=杭州", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai%20dc", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=harbour.berths", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=330000:harbour.berths", "idDoesNotExist"),
    (
        "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:qiantang:330000:harbour.patrols",
        "idDoesNotExist",
    ),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:qiantang:330000:", "idDoesNotExist"),
    ("verb=ListMetadataFormats&identifier=harbour.berths", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:qiantang:330000:%00", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%01", "badArgument"),
    ("verb=ListRecords&metadataPrefix=%00", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=%00", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=%EF%BF%BF", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=x%FF", "badArgument"),
    ("verb=ListRecords&resumptionToken=%00", "badArgument"),
    ("verb=Identify&%0b=1", "badArgument"),
    ("verb=%00", "badVerb"),
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


def answered(client: Client, query: str, **headers: str) -> Any:
    return etree.fromstring(client.get(f"/oai?{query}", headers=headers).content)


def told(tree: Any) -> dict[str, str]:
    """Which records an answer holds, each with its status."""
    headers = tree.findall(".//o:header", NS)
    return {h.findtext("o:identifier", "", NS): h.get("status", "") for h in headers}


def stamp(tree: Any) -> str:
    return str(tree.findtext(".//o:datestamp", "", NS))


def test_a_withheld_entry_is_deleted_from_then_on(
    harbour: None, client: Client, clerk: Actor
) -> None:
    one = "verb=GetRecord&metadataPrefix=oai_dc&identifier=" + CATCHES
    _age("harbour.catches")
    assert told(answered(client, one)) == {CATCHES: ""}
    withhold(clerk)
    tree = answered(client, one)
    hidden = stamp(tree)
    assert told(tree) == {CATCHES: "deleted"}
    assert tree.find(".//o:metadata", NS) is None
    listed = "verb=ListRecords&metadataPrefix=oai_dc"
    since = told(answered(client, f"{listed}&from={hidden}"))
    assert since[CATCHES] == "deleted"
    assert CATCHES not in told(answered(client, f"{listed}&until=2020-01-01T00:00:01Z"))
    by_set = answered(client, "verb=ListIdentifiers&metadataPrefix=oai_dc&set=division:330000")
    assert told(by_set)[CATCHES] == "deleted"
    assert "harbour.patrols" not in str(told(answered(client, listed)))
    assert answered(client, "verb=Identify").findtext(".//o:deletedRecord", "", NS) == "persistent"


def test_what_happens_to_an_entry_out_of_sight_stays_unknown(
    harbour: None, client: Client, clerk: Actor
) -> None:
    one = "verb=GetRecord&metadataPrefix=oai_dc&identifier=" + CATCHES
    withhold(clerk)
    _age("harbour.catches", hidden_at=LONG_AGO)
    change(clerk, "harbour.catches", {"name": {"zh": "改名", "en": "Renamed"}})
    assert stamp(answered(client, one)) == "2020-01-01T00:00:00Z"
    headers = {"Authorization": f"Bearer {issue_token(clerk, 'oai', ('read',))}"}
    assert told(answered(client, one, **headers)) == {CATCHES: ""}
    said = answered(client, "verb=Identify", **headers)
    assert said.findtext(".//o:deletedRecord", "", NS) == "transient"
    discard(clerk, "harbour.catches")
    withhold(clerk, sharing="conditional")
    again = answered(client, one)
    assert told(again) == {CATCHES: ""}
    assert stamp(again) > "2020-01-01T00:00:00Z"


def test_sets_are_divisions_with_what_lies_in_them(harbour: None, client: Client) -> None:
    rows = apps.get_model("catalogue", "InformationResource").objects
    rows.filter(pk="harbour.catches").update(division="330106")
    feeds._divisions.cache_clear()
    sets = [each.text for each in answered(client, "verb=ListSets").iterfind(".//o:setSpec", NS)]
    assert sets[:1] == ["division"]
    assert {"division:330000", "division:330100", "division:330106"} <= {*sets}
    asked = "verb=ListIdentifiers&metadataPrefix=oai_dc&set="
    county, city = (answered(client, f"{asked}division:{c}") for c in ("330106", "330100"))
    assert told(county) == told(city) == {CATCHES: ""}
    assert len(told(answered(client, f"{asked}division"))) > len(told(city))
    said = [each.text for each in county.iterfind(".//o:header/o:setSpec", NS)]
    assert said == ["division:330000", "division:330100", "division:330106"]


def test_all_the_time_there_is_may_be_asked_for(harbour: None, client: Client) -> None:
    whole = told(answered(client, "verb=ListIdentifiers&metadataPrefix=oai_dc"))
    for since, until in (
        ("0001-01-01", "9999-12-31"),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    ):
        asked = f"verb=ListIdentifiers&metadataPrefix=oai_dc&from={since}&until={until}"
        assert told(answered(client, asked)) == whole


def test_the_answer_repeats_what_was_asked(harbour: None, client: Client) -> None:
    asked = {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2020-01-01"}
    for more in ({"until": "2099-01-01"}, {"set": "nowhere"}):
        tree = etree.fromstring(client.get("/oai", {**asked, **more}).content)
        assert dict(tree.find("o:request", NS).attrib) == {**asked, **more}
    wrong = etree.fromstring(client.get("/oai", {**asked, "until": "x"}).content)
    assert dict(wrong.find("o:request", NS).attrib) == {}


def test_arguments_that_cannot_be_read_are_an_error_of_the_protocol(
    harbour: None, client: Client
) -> None:
    many = "&".join(f"a{n}=1" for n in range(20_000))
    form = "application/x-www-form-urlencoded"
    for answer in (client.get(f"/oai?{many}"), client.post("/oai", many, content_type=form)):
        error = etree.fromstring(answer.content).find("o:error", NS)
        assert (answer.status_code, error.get("code")) == (200, "badArgument")


def _age(id: str, **moments: datetime) -> None:
    """The entry was last changed long ago."""
    row = apps.get_model("catalogue", "InformationResource").objects.filter(pk=id)
    row.update(**(moments or {"changed_at": LONG_AGO}))


def _token(client: Client, query: str) -> str:
    return str(answered(client, query).findtext(".//o:resumptionToken", "", NS))


def test_a_token_belongs_to_its_verb_and_place(
    harbour: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oai, "SIZE", 2)
    start = "verb=ListRecords&metadataPrefix=oai_dc"
    first = _token(client, start)
    assert first == _token(client, start)
    other = client.get(f"/oai?verb=ListIdentifiers&resumptionToken={first}").content
    assert b"badResumptionToken" in other
    cut = first[:-2] + ("AA" if first[-2:] != "AA" else "BB")
    forged = client.get(f"/oai?verb=ListRecords&resumptionToken={cut}").content
    assert b"badResumptionToken" in forged


def test_a_token_used_twice_gives_the_same_part_and_with_another_key_none(
    harbour: None, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(oai, "SIZE", 2)
    token = _token(client, "verb=ListRecords&metadataPrefix=oai_dc")
    on = f"verb=ListRecords&resumptionToken={token}"
    assert told(answered(client, on)) == told(answered(client, on)) != {}
    settings.SECRET_KEY = "another key, as after a restore without the old one"
    assert answered(client, on).find("o:error", NS).get("code") == "badResumptionToken"


def test_a_list_goes_on_over_changes_and_ends_where_nothing_is_left(
    harbour: None, client: Client, monkeypatch: pytest.MonkeyPatch, clerk: Actor
) -> None:
    whole = told(answered(client, "verb=ListIdentifiers&metadataPrefix=oai_dc"))
    monkeypatch.setattr(oai, "SIZE", 2)
    tree = answered(client, "verb=ListIdentifiers&metadataPrefix=oai_dc")
    seen = told(tree)
    withhold(clerk)
    while token := tree.findtext(".//o:resumptionToken", "", NS):
        tree = answered(client, f"verb=ListIdentifiers&resumptionToken={token}")
        seen |= told(tree)
    assert seen == {**whole, CATCHES: "deleted"}
    rows = apps.get_model("catalogue", "InformationResource").objects
    rows.update(changed_at=LONG_AGO, hidden_at=None)
    until = "verb=ListIdentifiers&metadataPrefix=oai_dc&until=2020-01-01"
    token = _token(client, until)
    rows.update(changed_at=datetime(2021, 1, 1, tzinfo=UTC))
    ended = answered(client, f"verb=ListIdentifiers&resumptionToken={token}")
    assert ended.find("o:error", NS).get("code") == "noRecordsMatch"
