"""The lineage of figures as a drawing: layers from left to right, sources first.

Plain SVG of its own width; a narrow page lets it scroll sideways. Every box carries its full name
and id as a title, and the drawing a description, for readers who do not see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from qiantang.doors.charts.theme import ACCENT, GRID, INK, MUTED, PAGE_FONT, RAMP
from qiantang.engine.measures import Graph, Node, NodeKind
from qiantang.kernel.text import Lang, Text

LAYERS: Final[Mapping[NodeKind, Text]] = {
    NodeKind.SOURCE: Text("来源系统", "Source systems"),
    NodeKind.FIELD: Text("资源字段", "Fields"),
    NodeKind.MEASURE: Text("测度的列", "Measures"),
    NodeKind.INDICATOR: Text("指标", "Indicators"),
    NodeKind.TARGET: Text("规划目标", "Targets"),
}
WIDE: Final = 208
HIGH: Final = 46
GAP: Final = 14
BETWEEN: Final = 72
TOP: Final = 40
EDGE: Final = 12
MOST_UNITS: Final = 30
"""Room for a line, in half widths: a Chinese character takes two."""

Places = dict[str, tuple[int, int]]


def lineage_svg(graph: Graph, lang: Lang, *, focus: str = "") -> str:
    """``graph`` drawn in ``lang``; ``focus`` (a node's id) stands out."""
    layers = _layers(graph)
    places = _places(layers)
    width = 2 * EDGE + len(layers) * WIDE + max(0, len(layers) - 1) * BETWEEN
    deepest = max((len(nodes) for nodes in layers.values()), default=0)
    height = TOP + deepest * (HIGH + GAP) + EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="{escape(PAGE_FONT)}" lang="{lang}">',
        f"<title>{_words(Text('数据血缘', 'Lineage'), lang)}</title>",
        f"<desc>{escape(_described(layers, lang))}</desc>",
        *(_heading(kind, at, lang) for at, kind in enumerate(layers)),
        *(_edge(places[a], places[b]) for a, b in graph.edges),
        *(
            _box(node, places[node.id], lang, node.id == focus)
            for nodes in layers.values()
            for node in nodes
        ),
        "</svg>",
    ]
    return "\n".join(parts)


def _layers(graph: Graph) -> dict[NodeKind, list[Node]]:
    """The layers that have nodes; those of one home stand together."""
    found: dict[NodeKind, list[Node]] = {}
    for kind in NodeKind:
        nodes = [node for node in graph.nodes.values() if node.kind is kind]
        if nodes:
            found[kind] = sorted(nodes, key=lambda node: (node.home.zh, node.id))
    return found


def _places(layers: Mapping[NodeKind, list[Node]]) -> Places:
    return {
        node.id: (EDGE + layer * (WIDE + BETWEEN), TOP + row * (HIGH + GAP))
        for layer, nodes in enumerate(layers.values())
        for row, node in enumerate(nodes)
    }


def _heading(kind: NodeKind, at: int, lang: Lang) -> str:
    x = EDGE + at * (WIDE + BETWEEN)
    return f'<text x="{x}" y="22" fill="{MUTED}" font-size="13">{_words(LAYERS[kind], lang)}</text>'


def _edge(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1 = start[0] + WIDE, start[1] + HIGH // 2
    x2, y2 = end[0], end[1] + HIGH // 2
    middle = (x1 + x2) // 2
    return (
        f'<path d="M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}" fill="none" '
        f'stroke="{RAMP[2]}" stroke-width="1.5"/>'
    )


def _box(node: Node, place: tuple[int, int], lang: Lang, focus: bool) -> str:
    x, y = place
    stroke, thick = (ACCENT, 2.5) if focus else (GRID, 1.0)
    fill = RAMP[0] if focus else "#ffffff"
    full = f"{node.name.in_(lang)} · {node.home.in_(lang)} · {node.id}"
    return (
        f'<g data-node="{escape(node.id)}"><title>{escape(full)}</title>'
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="{thick}"/>'
        f'<text x="{x + 10}" y="{y + 19}" fill="{INK}" font-size="13">'
        f"{escape(_cut(node.name.in_(lang)))}</text>"
        f'<text x="{x + 10}" y="{y + 36}" fill="{MUTED}" font-size="11">'
        f"{escape(_cut(node.home.in_(lang)))}</text></g>"
    )


def _cut(words: str) -> str:
    room = MOST_UNITS
    for at, letter in enumerate(words):
        room -= 2 if ord(letter) > 0x2E80 else 1
        if room < 0:
            return words[:at] + "…"
    return words


def _described(layers: Mapping[NodeKind, list[Node]], lang: Lang) -> str:
    separator = "；" if lang == "zh" else "; "
    names = "、" if lang == "zh" else ", "
    return separator.join(
        f"{LAYERS[kind].in_(lang)} {len(nodes)}: "
        + names.join(node.name.in_(lang) for node in nodes[:20])
        for kind, nodes in layers.items()
    )


def _words(text: Text, lang: Lang) -> str:
    return escape(text.in_(lang))
