"""Which choice matters: Sobol indices as bars, with their bounds where they are estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qiantang.doors.charts.theme import ACCENT, INK, MUTED, RAMP, Spec, frame
from qiantang.kernel.text import Text

ROW: Final = 44


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of the makers: its share of the variance alone, and with all its company."""

    name: Text
    alone: float
    total: float
    bounds: tuple[float, float] | None = None
    """Of ``total``: the middle 95 % where it is estimated, None where it is exact."""


def choices_chart(choices: Sequence[Choice], *, lang: str, title: Text) -> Spec:
    """The choice that matters most first: a dark bar alone, a light one with its company."""
    ordered = sorted(choices, key=lambda c: -c.total)
    alone = Text("单独影响", "alone").in_(lang)
    total = Text("含与其他选择的共同影响", "with the others").in_(lang)
    rows = [_row(c, lang) for c in ordered]
    y = {
        "field": "name",
        "type": "nominal",
        "sort": [r["name"] for r in rows],
        "axis": {"title": None, "grid": False, "ticks": False, "domain": False, "labelLimit": 200},
    }
    top = max((r["end"] for r in rows), default=1.0)
    scale = {"domain": [0, max(0.1, top) * 1.5], "nice": False}

    def bar(field: str, kind: str, height: float) -> Spec:
        colour = {"domain": [alone, total], "range": [ACCENT, RAMP[1]]}
        legend = {"title": None, "orient": "bottom", "columns": 1, "symbolType": "square"}
        return {
            "mark": {"type": "bar", "cornerRadiusEnd": 2, "height": {"band": height}},
            "encoding": {
                "y": y,
                "x": {"field": field, "type": "quantitative", "axis": None, "scale": scale},
                "color": {"datum": kind, "type": "nominal", "scale": colour, "legend": legend},
            },
        }

    return {
        **frame(_described(ordered, title).in_(lang)),
        "title": title.in_(lang),
        "width": "container",
        "height": ROW * max(1, len(rows)),
        "data": {"values": rows},
        "layer": [
            bar("total", total, 0.66),
            bar("alone", alone, 0.3),
            {
                "mark": {"type": "rule", "color": MUTED, "tooltip": False},
                "encoding": {
                    "y": y,
                    "x": {"field": "low", "type": "quantitative"},
                    "x2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6},
                "encoding": {
                    "y": y,
                    "x": {"field": "end", "type": "quantitative"},
                    "text": {"field": "said"},
                    "color": {"value": INK},
                },
            },
        ],
    }


def _row(choice: Choice, lang: str) -> Spec:
    alone, total = max(0.0, choice.alone), max(0.0, choice.total)
    low, high = choice.bounds or (total, total)
    return {
        "name": choice.name.in_(lang),
        "alone": round(alone, 4),
        "total": round(total, 4),
        "low": round(max(0.0, low), 4),
        "high": round(high, 4),
        "end": round(max(total, high), 4),
        "said": f"{100 * alone:.0f}% / {100 * total:.0f}%",
    }


def _described(choices: Sequence[Choice], title: Text) -> Text:
    if not choices:
        return Text(f"{title.zh}：暂无数据。", f"{title.en}: no data.")
    zh = "，".join(f"{c.name.zh} {100 * c.total:.0f}%" for c in choices)
    en = ", ".join(f"{c.name.en} {100 * c.total:.0f} %" for c in choices)
    return Text(f"{title.zh}：{zh}。", f"{title.en}: {en}.")
