"""The DCAT-AP feed as others read it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from qiantang.kernel.actors import Actor
from qiantang.rooms.people.services import issue_token
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
    one = client.get("/dcat/dataset/harbour.berths", headers={"Accept": "application/rdf+xml"})
    assert dcat.read_page(one.content, "rdf").entries[0].title.zh == "泊位berths"


def test_an_unchanged_catalogue_is_not_sent_again(harbour: None, client: Client) -> None:
    from qiantang.kernel.actors import SYSTEM
    from qiantang.rooms.catalogue.services import retire

    first = client.get("/dcat/catalog.ttl")
    held = {"If-None-Match": first["ETag"]}
    again = client.get("/dcat/catalog.ttl", headers=held)
    assert (again.status_code, again.content) == (304, b"")
    by_date = {"If-Modified-Since": first["Last-Modified"]}
    assert client.get("/dcat/catalog.ttl", headers=by_date).status_code == 304
    retire(SYSTEM, "harbour.catches", "不再采集")
    changed = client.get("/dcat/catalog.ttl", headers=held)
    assert changed.status_code == 200
    assert "harbour.catches" not in changed.content.decode()


@pytest.mark.parametrize("query", ["page=0", "page=x", "size=-1"])
def test_wrong_numbers_are_refused(harbour: None, client: Client, query: str) -> None:
    answer = client.get(f"/dcat/catalog.ttl?{query}")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


def test_writing_is_not_for_this_door(harbour: None, client: Client) -> None:
    assert client.post("/dcat/catalog.ttl").status_code == 405
    wrong: dict[str, Any] = {"Authorization": "Bearer qt_wrong_token"}
    assert client.get("/dcat/catalog.ttl", headers=wrong).status_code == 401
