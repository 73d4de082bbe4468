"""The DCAT-AP feed as others read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils.http import http_date

from qiantang.doors.protocols.tests.conftest import withhold
from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.rooms.catalogue.selectors import feeds
from qiantang.rooms.catalogue.services import retire
from qiantang.rooms.people.services import issue_token, withdraw_role
from qiantang.standards import dcat

pytestmark = pytest.mark.django_db


def test_each_form_says_the_same(harbour: None, client: Client) -> None:
    found = {}
    for form in dcat.FORMS:
        answer = client.get(f"/dcat/catalog.{form}")
        assert answer.status_code == 200, answer.content
        read = dcat.read_page(answer.content, form)
        assert not read.problems
        found[form] = {e.identifier: (e.title, e.columns, e.sharing) for e in read.entries}
        assert read.total == len(read.entries)
    assert found["ttl"] == found["jsonld"] == found["rdf"]
    assert "urn:qiantang:330000:harbour.berths" in found["ttl"]


def test_withheld_entries_never_appear(harbour: None, client: Client, clerk: Actor) -> None:
    whole = client.get("/dcat/catalog.ttl?size=500").content.decode()
    assert "harbour.catches" in whole
    assert "patrols" not in whole
    assert client.get("/dcat/dataset/harbour.patrols.ttl").status_code == 404
    token = issue_token(clerk, "feed", ("read",))
    headers = {"Authorization": f"Bearer {token}"}
    assert "patrols" in client.get("/dcat/catalog.ttl?size=500", headers=headers).content.decode()


def test_pages_follow_each_other_to_the_end(harbour: None, client: Client) -> None:
    everything = dcat.read_page(client.get("/dcat/catalog.rdf?size=500").content, "rdf")
    seen: list[str] = []
    address = "/dcat/catalog.rdf?size=2"
    while address:
        read = dcat.read_page(client.get(address).content, "rdf")
        seen += [e.identifier for e in read.entries]
        address = read.next
    assert seen == [e.identifier for e in everything.entries]
    numbered = dcat.read_page(client.get("/dcat/catalog.rdf?size=2&page=2").content, "rdf")
    assert [e.identifier for e in numbered.entries] == seen[2:4]


def test_the_form_is_negotiated(harbour: None, client: Client) -> None:
    def kind(accept: str) -> str:
        return str(client.get("/dcat/catalog", headers={"Accept": accept})["Content-Type"])

    assert kind("application/ld+json").startswith("application/ld+json")
    assert kind("text/turtle;q=0.2, application/rdf+xml").startswith("application/rdf+xml")
    assert kind("text/html").startswith("text/turtle")
    assert kind("text/turtle;q=0, application/ld+json;q=0.1").startswith("application/ld+json")
    assert kind("text/turtle;q=0, */*").startswith("application/ld+json")
    assert kind("application/*, text/turtle;q=0.5").startswith("application/ld+json")
    assert kind("application/ld+json;q=0, application/rdf+xml; Q=0.3").startswith(
        "application/rdf+xml"
    )
    one = client.get("/dcat/dataset/harbour.berths", headers={"Accept": "application/rdf+xml"})
    assert dcat.read_page(one.content, "rdf").entries[0].title.zh == "泊位berths"


@pytest.fixture
def settled(harbour: None) -> None:
    """Everything was changed last long ago."""
    for room, model, field in (
        ("catalogue", "InformationResource", "changed_at"),
        ("shelf", "InstalledPack", "installed_at"),
    ):
        apps.get_model(room, model).objects.update(**{field: datetime(2020, 1, 1, tzinfo=UTC)})
    feeds._state.cache_clear()


def _withdraw(clerk: Actor) -> None:
    retire(SYSTEM, "harbour.catches", "不再采集")


@pytest.mark.parametrize("lose", [_withdraw, withhold])
def test_a_catalogue_is_sent_again_when_an_entry_went_out_of_it(
    settled: None, client: Client, clerk: Actor, lose: Callable[[Actor], None]
) -> None:
    first = client.get("/dcat/catalog.ttl")
    by_tag = {"If-None-Match": first["ETag"]}
    by_date = {"If-Modified-Since": first["Last-Modified"]}
    again = client.get("/dcat/catalog.ttl", headers=by_tag)
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/dcat/catalog.ttl", headers=by_date).status_code == 304
    lose(clerk)
    for held in (by_tag, by_date):
        changed = client.get("/dcat/catalog.ttl", headers=held)
        assert changed.status_code == 200
        assert "harbour.catches" not in changed.content.decode()


def test_two_changes_in_one_second_do_not_look_the_same(settled: None, client: Client) -> None:
    now = datetime.now(UTC) + timedelta(minutes=1)  # however slowly it is asked for
    rows = apps.get_model("catalogue", "InformationResource").objects
    rows.filter(pk="harbour.catches").update(changed_at=now)
    assert "Last-Modified" not in client.get("/dcat/dataset/harbour.catches.ttl")
    held = {"If-Modified-Since": http_date(now.timestamp())}
    assert client.get("/dcat/dataset/harbour.catches.ttl", headers=held).status_code == 200


def test_who_comes_to_see_less_is_not_told_that_nothing_changed(
    settled: None, client: Client, clerk: Actor
) -> None:
    headers = {"Authorization": f"Bearer {issue_token(clerk, 'feed', ('read',))}"}
    first = client.get("/dcat/catalog.ttl?size=500", headers=headers)
    assert "harbour.patrols" in first.content.decode()
    assert "Last-Modified" not in first
    withdraw_role(SYSTEM, "clerk", Role.OFFICER, "330000-stats")
    account = apps.get_model("people", "Account").objects.get(username="clerk")
    account.organisation_id = "330000"
    account.save()
    held = {**headers, "If-None-Match": first["ETag"]}
    again = client.get("/dcat/catalog.ttl?size=500", headers=held)
    assert again.status_code == 200
    assert "harbour.patrols" not in again.content.decode()


def test_a_withdrawn_dataset_offers_no_files(harbour: None, client: Client) -> None:
    def offered() -> int:
        answer = client.get("/dcat/dataset/harbour.berths.jsonld")
        return len(dcat.read_page(answer.content, "jsonld").entries[0].distributions)

    assert offered() == 2
    retire(SYSTEM, "harbour.berths", "不再采集")
    assert offered() == 0


@pytest.mark.parametrize("query", ["page=0", "page=x", "size=-1"])
def test_wrong_numbers_are_refused(harbour: None, client: Client, query: str) -> None:
    answer = client.get(f"/dcat/catalog.ttl?{query}")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


def test_writing_is_not_for_this_door(harbour: None, client: Client) -> None:
    assert client.post("/dcat/catalog.ttl").status_code == 405
    wrong: dict[str, Any] = {"Authorization": "Bearer qt_wrong_token"}
    refused = client.get("/dcat/catalog.ttl", headers=wrong)
    assert (refused.status_code, refused["WWW-Authenticate"][:6]) == (401, "Bearer")


def test_scripts_of_other_sites_may_ask_whether_they_may_read(
    harbour: None, client: Client
) -> None:
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    for path in (
        "/dcat/catalog.ttl",
        "/oai",
        "/api/3/action/package_list",
        "/data/harbour.berths.csv",
        "/sdmx/3.0/structure/dataflow",
        "/api/v1/resources",
    ):
        answer = client.options(path, headers=asked)
        assert (answer.status_code, answer.content) == (204, b""), path
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Authorization" in answer["Access-Control-Allow-Headers"]
        assert {"GET", "HEAD"} <= {*answer["Access-Control-Allow-Methods"].split(", ")}
        assert "Access-Control-Allow-Credentials" not in answer


def test_a_token_is_known_however_its_scheme_is_written(
    harbour: None, client: Client, clerk: Actor
) -> None:
    token = issue_token(clerk, "feed", ("read",))
    for given in (f"bearer {token}", f"BEARER  {token}", f"Bearer {token}", token):
        headers = {"Authorization": given}
        answer = client.get("/dcat/dataset/harbour.patrols.ttl", headers=headers)
        assert answer.status_code == 200, given


def test_a_null_character_is_refused_in_the_feeds_own_form(harbour: None, client: Client) -> None:
    for path in ("/dcat/catalog.ttl?after=%00", "/dcat/dataset/a%00.ttl", "/data/a%00.csv"):
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
