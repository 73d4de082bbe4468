"""Where figures come from: the lineage of fields, measures, indicators and targets."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from qiantang.doors.api.answers import json_answer
from qiantang.doors.api.gate import actor_of
from qiantang.doors.api.schemas import Bilingual
from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.shelf import selectors as shelf

if TYPE_CHECKING:
    from qiantang.engine.measures import Graph

router = Router(tags=["lineage"])
Direction = Literal["both", "upstream", "downstream"]
NodeId = Annotated[str, Query(max_length=300, description="如 / such as indicator:core_va")]


class NodeOut(Schema):
    id: str
    kind: Literal["source", "field", "measure", "indicator", "target"]
    name: Bilingual
    home: Bilingual


class LineageOut(Schema):
    nodes: list[NodeOut]
    edges: list[dict[str, str]]
    """``from`` gives, ``to`` takes."""


@router.get("/lineage", response=LineageOut, summary="数据血缘 / Lineage")
def lineage(request: HttpRequest, node: NodeId = "", direction: Direction = "both") -> HttpResponse:
    """What a field, measure, indicator or target comes from and what comes from it; without
    ``node`` everything that you may know of."""
    digests = tuple((id, pack.digest) for id, pack in sorted(shelf.packs().items()))
    graph = _everything(digests).visible(_known_to(actor_of(request)))
    if node:
        ways = {"both": graph.around, "upstream": graph.upstream, "downstream": graph.downstream}
        graph = ways[direction](node)
    return json_answer(graph.to_json())


@lru_cache(maxsize=2)
def _everything(digests: tuple[tuple[str, str], ...]) -> Graph:
    """The graph of the packs in use, made once for each state of them."""
    from qiantang.engine.measures import lineage_graph

    return lineage_graph(shelf.packs())


def _known_to(actor: Actor) -> frozenset[str]:
    """The declared resources whose catalogue entries the actor may know of."""
    return frozenset(
        entry.id for pack in shelf.packs() for entry in catalogue.resources(actor, pack=pack)
    )
