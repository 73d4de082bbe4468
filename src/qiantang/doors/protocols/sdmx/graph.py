"""Artefacts and what refers to what, for the parameters ``references`` and ``detail``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from qiantang.doors.protocols.sdmx import providing
from qiantang.doors.protocols.sdmx.lists import SHARED
from qiantang.standards.sdmx.errors import SdmxArgument
from qiantang.standards.sdmx.model import (
    Dataflow,
    DataStructure,
    Kind,
    Ref,
    Scheme,
    Structures,
)

Node = tuple[Kind, Ref]
_WORDS: Final = (
    "none", "children", "descendants", "parents", "ancestors", "parentsandsiblings", "all",
)  # fmt: skip
_FULL: Final = frozenset({"full", "raw", "referencepartial"})
DETAILS: Final = (
    "full", "allstubs", "referencestubs", "allcompletestubs", "referencecompletestubs",
    "referencepartial", "raw",
)  # fmt: skip


@dataclass(frozen=True)
class Graph:
    """Everything there is, and which artefacts each one refers to."""

    content: Mapping[Node, Scheme | DataStructure | Dataflow]
    edges: Mapping[Node, frozenset[Node]]

    def children(self, nodes: Iterable[Node]) -> set[Node]:
        return {child for node in nodes for child in self.edges[node]}

    def parents(self, nodes: Iterable[Node]) -> set[Node]:
        wanted = set(nodes)
        return {node for node, children in self.edges.items() if children & wanted}

    def told(self, nodes: Iterable[Node], stubs: Iterable[Node] = ()) -> Structures:
        """The content of some nodes, in the order in which they are kept."""
        wanted = set(nodes)
        found = [self.content[node] for node in self.content if node in wanted]
        return Structures(
            schemes=tuple(each for each in found if isinstance(each, Scheme)),
            structures=tuple(each for each in found if isinstance(each, DataStructure)),
            flows=tuple(each for each in found if isinstance(each, Dataflow)),
            stubs=frozenset(stubs),
        )


def graph() -> Graph:
    """The artefacts of all providers."""
    content: dict[Node, Scheme | DataStructure | Dataflow] = {}
    edges: dict[Node, frozenset[Node]] = {}
    agencies = frozenset({(Kind.AGENCIES, SHARED)})
    for ref, scheme in providing.schemes().items():
        content[scheme.kind, ref] = scheme
        edges[scheme.kind, ref] = frozenset() if scheme.kind is Kind.AGENCIES else agencies
    for found in providing.flows():
        flow, structure = found.flow, found.structure
        node, structured = (Kind.FLOW, flow.ref), (Kind.STRUCTURE, structure.ref)
        content[node], content[structured] = flow, structure
        edges[node] = frozenset({structured}) | agencies
        codes = {(Kind.CODELIST, c.codes) for c in structure.components if c.codes}
        edges[structured] = frozenset({*codes, (Kind.CONCEPTS, structure.concepts)}) | agencies
    return Graph(content, edges)


def referred(graph: Graph, nodes: set[Node], said: str) -> set[Node]:
    """The artefacts beside the chosen ones that ``references`` asks for. Raises `SdmxArgument`."""
    found: set[Node] = set()
    kinds = set(said.split(",")) - set(_WORDS)
    for word in set(said.split(",")) & set(_WORDS):
        found |= _REFERRING[word](graph, nodes)
    if kinds:
        known = {kind.value for kind in Kind}
        if kinds - known:
            expected = ", ".join([*_WORDS, *sorted(known)])
            raise SdmxArgument(parameter="references", found=said[:80], expected=expected)
        around = _closure(graph.children, nodes) | _closure(graph.parents, nodes)
        found |= {node for node in around if node[0].value in kinds}
    return found - nodes


def stubs(chosen: set[Node], others: set[Node], detail: str) -> set[Node]:
    """The artefacts that are told with their names alone. Raises `SdmxArgument`."""
    if detail not in DETAILS:
        raise SdmxArgument(parameter="detail", found=detail[:80], expected=", ".join(DETAILS))
    if detail in _FULL:
        return set()
    return others if detail.startswith("reference") else chosen | others


def used_only(told: Structures) -> Structures:
    """With the concepts alone that the structures use (``detail=referencepartial``)."""
    used = {component.id for each in told.structures for component in each.components}
    return replace(
        told,
        schemes=tuple(
            partial(scheme, used) if scheme.kind is Kind.CONCEPTS and told.structures else scheme
            for scheme in told.schemes
        ),
    )


def partial(scheme: Scheme, ids: Iterable[str]) -> Scheme:
    """The scheme with some items, and the parents of these."""
    by_id = {item.id: item for item in scheme.items}
    kept: set[str] = set()
    for wanted in ids:
        id = wanted
        while id in by_id and id not in kept:
            kept.add(id)
            id = by_id[id].parent
    items = tuple(item for item in scheme.items if item.id in kept)
    return replace(scheme, items=items, partial=scheme.partial or len(items) < len(scheme.items))


def _closure(step: Callable[[Iterable[Node]], set[Node]], nodes: set[Node]) -> set[Node]:
    found: set[Node] = set()
    fresh = set(nodes)
    while fresh:
        fresh = step(fresh) - found
        found |= fresh
    return found


_REFERRING: Final[Mapping[str, Callable[[Graph, set[Node]], set[Node]]]] = {
    "none": lambda graph, nodes: set(),
    "children": lambda graph, nodes: graph.children(nodes),
    "descendants": lambda graph, nodes: _closure(graph.children, nodes),
    "parents": lambda graph, nodes: graph.parents(nodes),
    "ancestors": lambda graph, nodes: _closure(graph.parents, nodes),
    "parentsandsiblings": lambda graph, nodes: (
        graph.parents(nodes) | graph.children(graph.parents(nodes))
    ),
    "all": lambda graph, nodes: (
        graph.parents(nodes)
        | graph.children(graph.parents(nodes))
        | _closure(graph.children, nodes)
    ),
}
