"""The drawing of a lineage graph."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from qiantang.doors.charts.lineage import lineage_svg
from qiantang.engine.measures import Graph, Node, NodeKind
from qiantang.kernel.text import Lang, Text

SVG = "{http://www.w3.org/2000/svg}"
NODES = (
    Node(
        "source:p.r",
        NodeKind.SOURCE,
        Text("人口系统", "Population <system>"),
        Text("人口", "People"),
    ),
    Node("field:p.r.n", NodeKind.FIELD, Text("人数", "Number"), Text("人口", "People")),
    Node("indicator:i", NodeKind.INDICATOR, Text("很长" * 30, "Long " * 30), Text("包", "Pack")),
)
GRAPH = Graph(
    {node.id: node for node in NODES},
    (("source:p.r", "field:p.r.n"), ("field:p.r.n", "indicator:i")),
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_node_and_edge_is_drawn_from_left_to_right(lang: Lang) -> None:
    root = ET.fromstring(lineage_svg(GRAPH, lang, focus="field:p.r.n"))
    boxes = {g.get("data-node"): g.find(f"{SVG}rect") for g in root.iter(f"{SVG}g")}
    assert list(boxes) == [node.id for node in NODES]
    lefts = [float(box.get("x", 0)) for box in boxes.values() if box is not None]
    assert lefts == sorted(lefts)
    assert len(set(lefts)) == 3
    assert len(list(root.iter(f"{SVG}path"))) == 2
    width = float(root.get("width", 0))
    assert all(left + 208 < width for left in lefts)


def test_long_names_are_cut_and_kept_whole_in_the_title() -> None:
    root = ET.fromstring(lineage_svg(GRAPH, "zh"))
    group = next(g for g in root.iter(f"{SVG}g") if g.get("data-node") == "indicator:i")
    title, shown = group.find(f"{SVG}title"), group.find(f"{SVG}text")
    assert title is not None
    assert shown is not None
    assert "很长" * 30 in str(title.text)
    assert str(shown.text).endswith("…")
    assert len(str(shown.text)) <= 16


def test_the_drawing_says_in_words_what_it_shows() -> None:
    text = lineage_svg(GRAPH, "en")
    assert "Population &lt;system&gt;" in text
    assert "Source systems 1" in text
    assert "人" not in text


def test_nothing_to_draw_is_a_drawing_all_the_same() -> None:
    ET.fromstring(lineage_svg(Graph({}, ()), "zh"))
