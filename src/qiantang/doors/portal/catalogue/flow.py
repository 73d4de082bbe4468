"""Where a resource's fields come from and what is computed from them: its part of the lineage."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import NotFound
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.shelf import selectors as shelf

if TYPE_CHECKING:
    from qiantang.engine.measures import Graph


def flow_of(actor: Actor, resource: str) -> Graph | None:
    """What flows through a declared resource, without what the actor may not know of; None where
    nothing is computed from it and it comes from nowhere known."""
    digests = tuple((id, pack.digest) for id, pack in sorted(shelf.packs().items()))
    part = _part(digests, resource)
    if part is None:
        return None
    shown = frozenset(id for node in part.nodes.values() for id in node.resources)
    visible = part.visible([id for id in shown if id == resource or _knows(actor, id)])
    return visible if visible.edges else None


@lru_cache(maxsize=64)
def _part(digests: tuple[tuple[str, str], ...], resource: str) -> Graph | None:
    from qiantang.engine.measures import Graph

    whole = _whole(digests)
    own = [n.id for n in whole.nodes.values() if n.id.startswith(f"field:{resource}.")]
    kept = {id for start in own for id in _around(whole, start)}
    nodes = {id: node for id, node in whole.nodes.items() if id in kept}
    edges = tuple(e for e in whole.edges if e[0] in nodes and e[1] in nodes)
    return Graph(nodes, edges) if nodes else None


@lru_cache(maxsize=2)
def _whole(digests: tuple[tuple[str, str], ...]) -> Graph:
    """The graph of the packs in use, made once for each state of them."""
    from qiantang.engine.measures import lineage_graph

    return lineage_graph(shelf.packs())


def _around(graph: Graph, id: str) -> Iterable[str]:
    return graph.around(id).nodes


def _knows(actor: Actor, resource: str) -> bool:
    try:
        catalogue.resource(actor, resource)
    except NotFound:
        return False
    return True
