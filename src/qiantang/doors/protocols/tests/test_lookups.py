"""`datastore_search` says the same from the snapshot's look-up file as from the table."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from qiantang.doors.protocols.tables import open_table
from qiantang.doors.protocols.tests.conftest import SECRET
from qiantang.engine.lake import lookup_making, lookups
from qiantang.kernel.actors import ANONYMOUS, SYSTEM
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.shelf import selectors as shelf

pytestmark = pytest.mark.django_db
ASKED = (
    {},
    {"limit": "7", "offset": "20"},
    {"filters": json.dumps({"kind": "shallow"})},
    {"filters": json.dumps({"kind": ["shallow", "deep"], "number": 3})},
    {"filters": json.dumps({"kind": None})},
    {"filters": json.dumps({"opened": "2020-02-01"}), "fields": "name,number"},
    {"include_total": "false", "limit": "2"},
    {"sort": "name desc", "limit": "4"},
    {"filters": json.dumps({"kind": "shallow"}), "limit": "3", "offset": "5"},
    {"filters": json.dumps({"_id": [4, "9", 99]}), "fields": "name,_id"},
    {"sort": "_id", "limit": "2", "offset": "1", "records_format": "lists"},
    {"sort": "_id desc", "limit": "2", "records_format": "csv"},
    {"fields": "kind", "limit": "2", "records_format": "tsv"},
)


def ask(client: Client, given: dict[str, str]) -> dict[str, object]:
    path = "/api/3/action/datastore_search"
    answer = client.get(path, {"resource_id": "harbour.berths", **given})
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_the_same_is_said_from_the_file(
    harbour: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [ask(client, given) for given in ASKED]
    table = open_table(ANONYMOUS, "harbour.berths")
    lake = shelf.lake()
    wanted = lookups.Wanted(table.name, int(table.state), table.ids, table._keys())
    made = lookup_making.make(lake, wanted)
    assert made is not None
    assert SECRET.encode() not in made.read_bytes()
    used: list[int] = []
    records = lookups.Lookup.records

    def counted(self: lookups.Lookup, *given: object, **named: object) -> object:
        used.append(1)
        return records(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(lookups.Lookup, "records", counted)
    assert [ask(client, given) for given in ASKED] == before
    assert len(used) >= 4


def test_a_withdrawn_entry_is_gone_in_the_next_request(harbour: None, client: Client) -> None:
    assert ask(client, {})["success"]
    catalogue.retire(SYSTEM, "harbour.berths", "并入另一资源")
    path = "/api/3/action/datastore_search?resource_id=harbour.berths"
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("served", [False, True])
def test_only_a_server_has_a_file_made(
    harbour: None, client: Client, monkeypatch: pytest.MonkeyPatch, served: bool
) -> None:
    asked: list[lookups.Wanted] = []
    monkeypatch.setattr(lookups, "found", lambda folder, wanted: None)
    monkeypatch.setattr(lookup_making, "ask_for", lambda lake, wanted: asked.append(wanted))
    if served:
        monkeypatch.setenv("QIANTANG_SUPERVISED", "1")
    ask(client, {})
    assert [wanted.table for wanted in asked] == ["harbour.berths"] * served
