"""Scores over years: one unit's own line before the middle of all the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qiantang.doors.charts.theme import ACCENT, GRID, MISSING, MUTED, Spec, frame
from qiantang.kernel.text import Text

OWN: Final = ACCENT


@dataclass(frozen=True, slots=True)
class YearScore:
    """A unit's score in a year, with what half of all units lie between."""

    year: int
    score: float | None
    middle: float | None = None
    low: float | None = None
    high: float | None = None


def scores_chart(rows: Sequence[YearScore], *, lang: str, title: Text, name: Text) -> Spec:
    """The unit's line with its figures; the middle half of all units as a band behind it."""
    values = [
        {
            "year": r.year,
            "score": r.score,
            "middle": r.middle,
            "low": r.low,
            "high": r.high,
            "said": "" if r.score is None else f"{r.score:.1f}",
        }
        for r in rows
    ]
    x = {
        "field": "year",
        "type": "quantitative",
        "axis": {"title": None, "format": "d", "values": [r.year for r in rows], "grid": False},
        "scale": {"nice": False, "padding": 20},
    }

    def y(field: str) -> Spec:
        return {
            "field": field,
            "type": "quantitative",
            "scale": {"zero": False, "padding": 14},
            "axis": {"title": None, "tickCount": 5},
        }

    words = Text(
        "灰色：全部单位的中间一半及中位数", "grey: the middle half of all units, its median"
    )
    return {
        **frame(_described(rows, title, name).in_(lang)),
        "title": {
            "text": title.in_(lang),
            "subtitle": f"{name.in_(lang)} · {words.in_(lang)}",
            "subtitleColor": MUTED,
        },
        "width": "container",
        "height": 220,
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "area", "color": GRID, "opacity": 0.8, "tooltip": False},
                "encoding": {"x": x, "y": y("low"), "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "line", "color": MISSING, "strokeDash": [4, 3]},
                "encoding": {"x": x, "y": y("middle")},
            },
            {
                "mark": {"type": "line", "color": OWN, "strokeWidth": 2.4, "point": {"size": 50}},
                "encoding": {"x": x, "y": y("score")},
            },
            {
                "mark": {"type": "text", "dy": -13, "color": OWN, "fontWeight": 600},
                "encoding": {"x": x, "y": y("score"), "text": {"field": "said"}},
            },
        ],
    }


def _described(rows: Sequence[YearScore], title: Text, name: Text) -> Text:
    there = [r for r in rows if r.score is not None]
    if not there:
        return Text(f"{title.zh}：暂无数据。", f"{title.en}: no data.")
    a, b = there[0], there[-1]
    return Text(
        f"{title.zh}：{name.zh}由 {a.year} 年的 {a.score:.1f} 到 {b.year} 年的 {b.score:.1f}。",
        f"{title.en}: {name.en} from {a.score:.1f} in {a.year} to {b.score:.1f} in {b.year}.",
    )
