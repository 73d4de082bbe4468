"""The lineage through the API: only what the reader may know of."""

from __future__ import annotations

import pytest

from qiantang.doors.api.tests.conftest import Reader
from qiantang.rooms.shelf import selectors as shelf

pytestmark = pytest.mark.usefixtures("zone")
VALUE = "field:statistics-zhejiang.observation.value"


def test_a_figure_is_traced_both_ways(public: Reader) -> None:
    found = public.get("/lineage?node=indicator:core_va").json()
    ids = {node["id"] for node in found["nodes"]}
    assert {VALUE, "indicator:core_va", "target:zone-2017.T01"} <= ids
    assert {"from": VALUE, "to": "indicator:core_va"} in found["edges"]


def test_one_direction_only(public: Reader) -> None:
    up = public.get("/lineage?node=indicator:core_va&direction=upstream").json()
    assert not [node for node in up["nodes"] if node["kind"] == "target"]
    down = public.get("/lineage?node=indicator:core_va&direction=downstream").json()
    assert {node["kind"] for node in down["nodes"]} == {"indicator", "target"}


def test_what_is_not_there_is_not_found(public: Reader) -> None:
    answer = public.get("/lineage?node=field:nowhere")
    assert answer.status_code == 404
    assert answer.json()["code"] == "measures.no_such_node"
    assert public.get("/lineage?node=indicator:core_va&direction=left").status_code == 422


def test_a_resource_that_is_not_in_the_readers_catalogue_is_not_in_the_lineage(
    public: Reader,
) -> None:
    everything = public.get("/lineage").json()["nodes"]
    listed = {entry.id for entry in shelf.resources().values()}
    assert listed
    shown = {n["id"].split(":")[1].rsplit(".", 1)[0] for n in everything if n["kind"] == "field"}
    public_ids = {item["id"] for item in public.get("/resources?size=200").json()["items"]}
    assert shown <= public_ids
