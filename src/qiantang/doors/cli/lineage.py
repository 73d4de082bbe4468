"""`qiantang pack lineage`: where a pack's figures come from, as text, JSON or a drawing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from qiantang.doors.cli.language import current, say

if TYPE_CHECKING:
    from qiantang.engine.measures import Graph
    from qiantang.packkit import Pack


def graph_of(pack: Pack, others: Mapping[str, Pack], node: str) -> Graph:
    """The lineage of what ``pack`` declares with the packs that it requires, or round ``node``."""
    from qiantang.engine.measures import lineage_graph

    required = [others[id] for id in pack.requires if id in others]
    graph = lineage_graph([*required, pack])
    return graph.around(node) if node else graph


def tell(graph: Graph, form: str, node: str) -> None:
    """Write ``graph`` to the screen in ``form``: text, json or svg."""
    if form == "json":
        click.echo(json.dumps(graph.to_json(), ensure_ascii=False, indent=2))
    elif form == "svg":
        from qiantang.doors.charts.lineage import lineage_svg

        click.echo(lineage_svg(graph, current(), focus=node))
    else:
        _tell_in_text(graph)


def _tell_in_text(graph: Graph) -> None:
    """Every node that something feeds, with what feeds it."""
    fed: dict[str, list[str]] = {}
    for start, end in graph.edges:
        if not start.startswith("source:"):
            fed.setdefault(end, []).append(start)
    for id, sources in fed.items():
        click.echo(f"{id}  {graph.nodes[id].name.in_(current())}")
        for source in sources:
            click.echo(f"  ← {source}  {graph.nodes[source].name.in_(current())}")
    if not fed:
        click.echo(say("没有可显示的血缘。", "No lineage to show."))
