"""Shares of a score: stacked down the tree of an index, or one bar for each part of a difference.

Parts above zero stand to the right, parts below to the left; every bar is named and its figure
written, so that colour is never the only sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from qiantang.doors.charts.theme import INK, MISSING, MUTED, Spec, frame, ink_on
from qiantang.kernel.text import Text

UP: Final = "#1f5f8b"
DOWN: Final = "#c0695a"
BRANCHES: Final = (
    *("#1f5f8b", "#c77d0a", "#2f7d74", "#6b4fa0", "#b06a8f", "#5b7f95", "#8a7a2f", "#4e9ab8"),
    *("#8c4b3a", "#6f8f3a"),
)
"""Colours of the branches that hang below the index, in their order."""
ROW: Final = 24
LAYER: Final = 46


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a difference; ``branch`` is the branch of the tree that colours it."""

    name: Text
    value: float
    branch: int = 0
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """The parts of one level of the tree, in the tree's order; every layer adds up to the same."""

    name: Text
    parts: tuple[Part, ...]


def stack_chart(
    layers: Sequence[Layer], branches: Sequence[Text], *, lang: str, title: Text, unit: str = ""
) -> Spec:
    """One stacked bar a level, the index's branches above, its indicators below."""
    rows = [row for place, layer in enumerate(layers) for row in _stacked(layer, place, lang)]
    names = [layer.name.in_(lang) for layer in layers]
    y = {"field": "layer", "type": "nominal", "sort": names, "axis": _NO_AXIS}
    shown = [b.in_(lang) for b in branches]
    colours = [branch_colour(n) for n in range(len(shown))]
    return {
        **frame(_stack_described(layers, title).in_(lang)),
        "title": {"text": title.in_(lang), "subtitle": unit, "subtitleColor": MUTED},
        "width": "container",
        "height": LAYER * max(1, len(layers)),
        "data": {"values": rows},
        "layer": [
            _boxes(y, shown, colours, lang),
            {
                "transform": [{"filter": "datum.label !== ''"}],
                "mark": {"type": "text", "fontSize": 11, "tooltip": False, "clip": True},
                "encoding": {
                    "y": y,
                    "x": {"field": "middle", "type": "quantitative"},
                    "text": {"field": "label"},
                    "color": {"field": "ink", "type": "nominal", "scale": None},
                },
            },
            _zero(),
        ],
        "resolve": {"scale": {"color": "independent"}},
    }


def parts_chart(parts: Iterable[Part], *, lang: str, title: Text, unit: str = "") -> Spec:
    """One bar for each part, the largest effect first, to either side of zero."""
    ordered = sorted(parts, key=lambda p: -abs(p.value))
    names = _distinct(p.name.in_(lang) for p in ordered)
    rows = [
        {
            "name": name,
            "value": round(p.value, 6),
            "said": f"{p.value:+.2f}".replace("-", "−") + (" *" if p.filled else ""),
            "colour": UP if p.value >= 0 else DOWN,
        }
        for name, p in zip(names, ordered, strict=True)
    ]
    y = {"field": "name", "type": "nominal", "sort": names, "axis": _NAMES}
    ends = [0.0, *(p.value for p in ordered)]
    room = 0.16 * ((max(ends) - min(ends)) or 1)
    domain = [min(ends) - room * (min(ends) < 0), max(ends) + room * (max(ends) > 0)]
    x = {
        "field": "value",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": domain, "nice": False},
    }
    return {
        **frame(_parts_described(ordered, title).in_(lang)),
        "title": {"text": title.in_(lang), "subtitle": unit, "subtitleColor": MUTED},
        "width": "container",
        "height": ROW * max(1, len(rows)),
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.7}, "cornerRadiusEnd": 2},
                "encoding": {"y": y, "x": x, "color": {"field": "colour", "scale": None}},
            },
            *(_figures(y, x, above=above) for above in (True, False)),
            _zero(),
        ],
    }


def branch_colour(place: int) -> str:
    return BRANCHES[place % len(BRANCHES)]


_NO_AXIS: Final = {
    "title": None,
    "grid": False,
    "ticks": False,
    "domain": False,
    "labelLimit": 110,
}
_NAMES: Final = {"title": None, "grid": False, "ticks": False, "domain": False, "labelLimit": 230}


def _stacked(layer: Layer, place: int, lang: str) -> list[Spec]:
    """Where each part begins and ends: positive ones to the right of zero, others to the left."""
    reach = sum(abs(p.value) for p in layer.parts) or 1
    ends = {True: 0.0, False: 0.0}
    rows = []
    for part in layer.parts:
        up = part.value >= 0
        start, end = ends[up], ends[up] + part.value
        ends[up] = end
        colour = branch_colour(part.branch)
        name = part.name.in_(lang)
        room = abs(part.value) / reach
        rows.append(
            {
                "layer": layer.name.in_(lang),
                "place": place,
                "name": name,
                "branch": part.branch,
                "colour": colour,
                "from": round(start, 6),
                "to": round(end, 6),
                "middle": round((start + end) / 2, 6),
                "said": f"{part.value:+.2f}".replace("-", "−"),
                "label": name if room * 46 > _breadth(name) else "",
                "ink": ink_on(colour),
            }
        )
    return rows


def _breadth(name: str) -> int:
    """Half widths that a label takes: a Chinese character two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in name)


def _boxes(y: Spec, branches: list[str], colours: list[str], lang: str) -> Spec:
    return {
        "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 1, "height": {"band": 0.72}},
        "encoding": {
            "y": y,
            "x": {
                "field": "from",
                "type": "quantitative",
                "axis": {"title": None, "tickCount": 6},
                "scale": {"nice": True},
            },
            "x2": {"field": "to"},
            "color": {
                "field": "branch",
                "type": "nominal",
                "scale": {"domain": list(range(len(branches))), "range": colours},
                "legend": {
                    "title": None,
                    "orient": "bottom",
                    "symbolType": "square",
                    "columns": 3,
                    "labelExpr": f"{_array(branches)}[datum.value]",
                },
            },
            "tooltip": [
                {"field": "name", "title": Text("构成", "Part").in_(lang)},
                {"field": "said", "title": Text("贡献", "Share").in_(lang)},
            ],
        },
    }


def _array(words: list[str]) -> str:
    """The words as a list of Vega's expression language, every character that could end a text
    written as its number."""
    safe = ("".join(c if c.isalnum() else f"\\u{ord(c):04x}" for c in w) for w in words)
    return "[" + ",".join(f"'{w}'" for w in safe) + "]"


def _figures(y: Spec, x: Spec, *, above: bool) -> Spec:
    align, dx = ("left", 5) if above else ("right", -5)
    return {
        "transform": [{"filter": f"datum.value {'>=' if above else '<'} 0"}],
        "mark": {"type": "text", "align": align, "baseline": "middle", "dx": dx, "color": INK},
        "encoding": {"y": y, "x": x, "text": {"field": "said"}},
    }


def _zero() -> Spec:
    return {
        "data": {"values": [{"zero": 0}]},
        "mark": {"type": "rule", "color": MISSING, "tooltip": False},
        "encoding": {"x": {"field": "zero", "type": "quantitative"}},
    }


def _distinct(names: Iterable[str]) -> list[str]:
    """Two parts of one name would share a bar; the second gets a number."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def _stack_described(layers: Sequence[Layer], title: Text) -> Text:
    first = layers[0].parts if layers else ()
    zh = "，".join(f"{p.name.zh} {p.value:+.2f}" for p in first)
    en = ", ".join(f"{p.name.en} {p.value:+.2f}" for p in first)
    total = sum(p.value for p in first)
    return Text(f"{title.zh}：合计 {total:+.2f}；{zh}。", f"{title.en}: {total:+.2f} in all; {en}.")


def _parts_described(parts: Sequence[Part], title: Text) -> Text:
    if not parts:
        return Text(f"{title.zh}：没有差异。", f"{title.en}: no difference.")
    zh = "，".join(f"{p.name.zh} {p.value:+.2f}" for p in parts[:5])
    en = ", ".join(f"{p.name.en} {p.value:+.2f}" for p in parts[:5])
    return Text(f"{title.zh}：影响最大的是 {zh}。", f"{title.en}: the largest are {en}.")
