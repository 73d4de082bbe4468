"""Where every figure comes from: systems, fields, measures, indicators and targets as one graph.

A pure function of the packs. Fields feed the columns of measures (by the SQL itself), resources
that carry evidence feed indicators, indicators the targets that name them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from qiantang.engine.measures.errors import MeasureRefused, NoSuchNode
from qiantang.engine.measures.lineage import lineage
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Measure, Pack, Resource
from qiantang.packkit.draft import DEPARTMENTS
from qiantang.packkit.readers.measures import sql_name

EVIDENCE: Final = "observations"


class NodeKind(StrEnum):
    """The layers, from left to right."""

    SOURCE = "source"
    FIELD = "field"
    MEASURE = "measure"
    INDICATOR = "indicator"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Node:
    """One thing that data flows through. ``resources``: whose rows it shows, all of them, by
    ``pack.local``; none for what is public. ``home``: the resource, measure or plan it is part of.
    """

    id: str
    kind: NodeKind
    name: Text
    home: Text
    resources: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": str(self.kind),
            "name": self.name.as_dict(),
            "home": self.home.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by id, and edges from what gives to what takes, sorted."""

    nodes: Mapping[str, Node]
    edges: tuple[tuple[str, str], ...]

    def upstream(self, id: str) -> Graph:
        """``id`` and all that it comes from. Raises `NoSuchNode`."""
        return self._reached(id, [(b, a) for a, b in self.edges])

    def downstream(self, id: str) -> Graph:
        """``id`` and all that comes from it. Raises `NoSuchNode`."""
        return self._reached(id, self.edges)

    def around(self, id: str) -> Graph:
        """Both ways from ``id``. Raises `NoSuchNode`."""
        return self._only({*self.upstream(id).nodes, *self.downstream(id).nodes})

    def visible(self, resources: Collection[str]) -> Graph:
        """Without what shows rows of a resource that is not among ``resources``."""
        known = frozenset(resources)
        return self._only({id for id, node in self.nodes.items() if node.resources <= known})

    def to_json(self) -> dict[str, Any]:
        nodes = [node.to_json() for node in self.nodes.values()]
        return {"nodes": nodes, "edges": [{"from": a, "to": b} for a, b in self.edges]}

    def _reached(self, id: str, edges: Iterable[tuple[str, str]]) -> Graph:
        if id not in self.nodes:
            raise NoSuchNode(found=id)
        ways: dict[str, list[str]] = {}
        for start, end in edges:
            ways.setdefault(start, []).append(end)
        seen, pending = {id}, [id]
        while pending:
            fresh = [end for end in ways.get(pending.pop(), ()) if end not in seen]
            seen.update(fresh)
            pending.extend(fresh)
        return self._only(seen)

    def _only(self, kept: Collection[str]) -> Graph:
        nodes = {id: node for id, node in self.nodes.items() if id in kept}
        return Graph(nodes, tuple(e for e in self.edges if e[0] in nodes and e[1] in nodes))


def lineage_graph(packs: Mapping[str, Pack] | Iterable[Pack]) -> Graph:
    """The graph of all that ``packs`` declare; a measure whose SQL is refused has no edges."""
    all_packs = list(packs.values() if isinstance(packs, Mapping) else packs)
    resources = {_full(r): r for pack in all_packs for r in pack.resources.values()}
    departments = _departments(all_packs)
    parts = [
        *(_of_resource(id, each, departments) for id, each in resources.items()),
        *(
            _of_measure(pack, measure, resources)
            for pack in all_packs
            for measure in pack.measures.values()
        ),
        _of_indicators(all_packs, resources),
        _of_targets(all_packs),
    ]
    nodes = {node.id: node for made, _ in parts for node in made}
    edges = {edge for _, made in parts for edge in made}
    known = sorted(edge for edge in edges if edge[0] in nodes and edge[1] in nodes)
    return Graph(nodes, tuple(known))


Part = tuple[list[Node], list[tuple[str, str]]]


def _full(resource: Resource) -> str:
    return f"{resource.pack}.{resource.id}"


def _departments(packs: Iterable[Pack]) -> dict[str, Text]:
    """The names of the departments, where a pack among these lists them."""
    home, _, name = DEPARTMENTS.partition(".")
    lists = (pack.codes.get(name) for pack in packs if pack.id == home)
    return {code.code: code.name for found in lists if found for code in found.codes}


def _of_resource(id: str, resource: Resource, departments: Mapping[str, Text]) -> Part:
    owner = departments.get(resource.owner, Text(resource.owner, resource.owner))
    system = resource.system or owner
    source = Node(f"source:{id}", NodeKind.SOURCE, system, resource.name, frozenset({id}))
    fields = [
        Node(f"field:{id}.{f.id}", NodeKind.FIELD, f.name, resource.name, frozenset({id}))
        for f in resource.fields
    ]
    return [source, *fields], [(source.id, node.id) for node in fields]


def _of_measure(pack: Pack, measure: Measure, resources: Mapping[str, Resource]) -> Part:
    known = {sql_name(r, pack.id): (id, r) for id, r in resources.items()}
    read = {name: known[name] for name in measure.resources if name in known}
    tables = {name: {f.id: str(f.type) for f in r.fields} for name, (_, r) in read.items()}
    try:
        columns = lineage(measure.sql, tables)
    except MeasureRefused:  # said by `pack check`, at its line
        return [], []
    shown = frozenset(id for id, _ in read.values())
    nodes, edges = [], []
    for column, sources in columns.items():
        name = measure.columns.get(column) or _name_of(column, read)
        node = Node(
            f"measure:{pack.id}.{measure.id}.{column}", NodeKind.MEASURE, name, measure.name, shown
        )
        nodes.append(node)
        edges += [(f"field:{read[t][0]}.{f}", node.id) for t, f in sources if t in read]
    return nodes, edges


def _name_of(column: str, read: Mapping[str, tuple[str, Resource]]) -> Text:
    """The name of the field of that name, where one is read; else the column's own."""
    found = (r.field(column) for _, r in read.values())
    return next((f.name for f in found if f is not None), Text(column, column))


def _of_indicators(packs: list[Pack], resources: Mapping[str, Resource]) -> Part:
    """Rows of evidence carry the indicators whose code list their field ``indicator`` names."""
    nodes = [
        Node(f"indicator:{i.id}", NodeKind.INDICATOR, i.name, pack.name)
        for pack in packs
        for i in pack.indicators.values()
    ]
    edges = [
        (f"field:{id}.value", f"indicator:{indicator}")
        for id, resource in resources.items()
        if resource.role == EVIDENCE
        for indicator in _carried(resource, packs)
    ]
    return nodes, edges


def _carried(resource: Resource, packs: list[Pack]) -> Iterator[str]:
    measured = resource.field("indicator")
    home = (measured.codes or "").rpartition(".")[0] if measured else ""
    for pack in packs:
        if pack.id == (home or resource.pack):
            yield from (i.id for i in pack.indicators.values())


def _of_targets(packs: list[Pack]) -> Part:
    nodes, edges = [], []
    for plan in (plan for pack in packs for plan in pack.plans.values()):
        for target in plan.targets:
            id = f"target:{plan.id}.{target.id}"
            nodes.append(Node(id, NodeKind.TARGET, target.name, plan.name))
            edges += [(f"indicator:{rule.indicator}", id) for rule in target.evidence]
    return nodes, edges
