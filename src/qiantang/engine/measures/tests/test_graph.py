"""From the source system to the target: what feeds what, and who may see it."""

from __future__ import annotations

import pytest

from qiantang.engine.measures import Graph, NodeKind, lineage_graph
from qiantang.engine.measures.errors import NoSuchNode
from qiantang.kernel.text import Text
from qiantang.packkit import builtin_packs, load_packs

CENSUS = "geography.population_census"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return lineage_graph(load_packs(builtin_packs()).packs)


def test_a_targets_evidence_goes_back_to_its_source(graph: Graph) -> None:
    found = graph.upstream("target:zone-2017.T01")
    assert "indicator:core_va" in found.nodes
    assert "field:statistics-zhejiang.observation.value" in found.nodes
    assert "source:statistics-zhejiang.observation" in found.nodes
    assert ("indicator:core_va", "target:zone-2017.T01") in found.edges
    assert not [n for n in found.nodes.values() if n.kind is NodeKind.MEASURE]


def test_a_field_leads_to_the_columns_that_are_made_of_it(graph: Graph) -> None:
    found = graph.downstream(f"field:{CENSUS}.value")
    assert "measure:geography.census_gap.gap" in found.nodes
    assert "indicator:pop_census" in found.nodes
    assert "measure:statistics-zhejiang.conflicts.largest" not in found.nodes


def test_a_measures_column_has_its_name_and_its_measures(graph: Graph) -> None:
    node = graph.nodes["measure:geography.census_gap.gap"]
    assert (node.name.zh, node.home.en[:6]) == ("相差", "City c")
    assert node.resources == {CENSUS, "geography.division"}


def test_a_source_is_named_by_its_system_or_its_department(graph: Graph) -> None:
    assert graph.nodes[f"source:{CENSUS}"].name == Text("统计局", "Bureau of Statistics")


def test_who_may_not_know_a_resource_sees_nothing_of_its_rows(graph: Graph) -> None:
    found = graph.visible({"geography.division"})
    assert f"field:{CENSUS}.value" not in found.nodes
    assert f"source:{CENSUS}" not in found.nodes
    assert "measure:geography.census_gap.gap" not in found.nodes
    assert "field:geography.division.code" in found.nodes
    assert "indicator:pop_census" in found.nodes
    assert all(a in found.nodes and b in found.nodes for a, b in found.edges)
    with pytest.raises(NoSuchNode):
        found.upstream("measure:geography.census_gap.gap")


def test_the_json_form_names_every_node_and_edge(graph: Graph) -> None:
    form = graph.around("measure:geography.census_gap.gap").to_json()
    ids = {node["id"] for node in form["nodes"]}
    assert {edge["from"] for edge in form["edges"]} | {e["to"] for e in form["edges"]} <= ids
    assert all(node["name"]["zh"] and node["name"]["en"] for node in form["nodes"])


def test_what_is_not_there_is_said(graph: Graph) -> None:
    with pytest.raises(NoSuchNode, match="nowhere"):
        graph.around("field:nowhere")
