"""Bars: the verdicts of a plan in one line, and places ranked by one figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qiantang.doors.charts.theme import (
    ACCENT,
    MUTED,
    NO_DATA,
    VERDICT_COLOURS,
    Spec,
    frame,
    ink_on,
)
from qiantang.engine.targets.verdicts import Verdict
from qiantang.kernel.digits import digits
from qiantang.kernel.text import Text

ROW: Final = 24
"""Pixels for one bar of a ranking."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One bar. A missing value is listed last and says so."""

    name: Text
    value: Decimal | None
    highlight: bool = False


def lights_chart(
    counts: Mapping[Verdict, int], names: Mapping[Verdict, Text], *, lang: str, title: Text
) -> Spec:
    """How many targets carry each verdict, as one bar whose segments say their number."""
    shown = [v for v in VERDICT_COLOURS if counts.get(v)]
    rows, start = [], 0
    for place, verdict in enumerate(shown):
        count = counts[verdict]
        rows.append(
            {
                "verdict": names[verdict].in_(lang),
                "place": place,
                "count": count,
                "from": start,
                "to": start + count,
                "middle": start + count / 2,
                "ink": ink_on(VERDICT_COLOURS[verdict]),
            }
        )
        start += count
    return {
        **frame(_verdicts_described(rows, title.in_(lang), lang)),
        "title": title.in_(lang),
        "width": "container",
        "height": 44,
        "data": {"values": rows},
        "layer": [_segments(shown, names, lang), _numbers()],
        "resolve": {"scale": {"color": "independent"}},
    }


def ranking_chart(rows: Iterable[Ranked], *, lang: str, title: Text, unit: str = "") -> Spec:
    """Longest bar first; places without a figure stand below, named as such."""
    known: list[Ranked] = []
    missing: list[Ranked] = []
    for row in rows:
        (missing if row.value is None else known).append(row)
    known.sort(key=lambda r: r.value or Decimal(0), reverse=True)
    values = [
        {
            "name": r.name.in_(lang),
            "value": 0.0 if r.value is None else float(r.value),
            "said": NO_DATA.in_(lang) if r.value is None else digits(r.value, grouped=True),
            "colour": "#c77d0a" if r.highlight else ACCENT,
            "ink": MUTED,
        }
        for r in (*known, *missing)
    ]
    y = {
        "field": "name",
        "type": "nominal",
        "sort": [v["name"] for v in values],
        "axis": {"title": None, "grid": False, "ticks": False, "domain": False},
    }
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"zero": True}}
    label = {"type": "text", "align": "left", "baseline": "middle", "dx": 5}
    return {
        **frame(_ranking_described(known, missing, title, unit).in_(lang)),
        "title": {"text": title.in_(lang), "subtitle": unit, "subtitleColor": MUTED},
        "width": "container",
        "height": ROW * max(1, len(values)),
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.72}, "cornerRadiusEnd": 2},
                "encoding": {"y": y, "x": x, "color": {"field": "colour", "scale": None}},
            },
            {
                "mark": label,
                "encoding": {
                    "y": y,
                    "x": x,
                    "text": {"field": "said"},
                    "color": {"field": "ink", "scale": None},
                },
            },
        ],
    }


def _segments(shown: list[Verdict], names: Mapping[Verdict, Text], lang: str) -> Spec:
    return {
        "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 1.5},
        "encoding": {
            "x": {"field": "from", "type": "quantitative", "axis": None, "scale": {"nice": False}},
            "x2": {"field": "to"},
            "color": {
                "field": "verdict",
                "type": "nominal",
                "scale": {
                    "domain": [names[v].in_(lang) for v in shown],
                    "range": [VERDICT_COLOURS[v] for v in shown],
                },
                "legend": {
                    "title": None,
                    "orient": "bottom",
                    "symbolType": "square",
                    "columns": 4,
                },
            },
            "tooltip": [
                {"field": "verdict", "title": Text("结论", "Verdict").in_(lang)},
                {"field": "count", "title": Text("目标数", "Targets").in_(lang)},
            ],
        },
    }


def _numbers() -> Spec:
    return {
        "mark": {"type": "text", "fontSize": 15, "tooltip": False},
        "encoding": {
            "x": {"field": "middle", "type": "quantitative"},
            "text": {"field": "count"},
            "color": {"field": "ink", "type": "nominal", "scale": None},
        },
    }


def _verdicts_described(rows: list[Spec], title: str, lang: str) -> str:
    if lang.startswith("en"):
        return f"{title}: " + ", ".join(f"{r['verdict']} {r['count']}" for r in rows) + "."
    return f"{title}:" + ",".join(f"{r['verdict']} {r['count']} 项" for r in rows) + "。"


def _ranking_described(known: list[Ranked], missing: list[Ranked], title: Text, unit: str) -> Text:
    if not known:
        return Text(f"{title.zh}：暂无数据。", f"{title.en}: no data.")
    first = known[0]
    figure = f"{first.value:,f} {unit}".strip()
    return Text(
        f"{title.zh}：共 {len(known)} 个，首位为{first.name.zh}({figure}),"
        f"{len(missing)} 个暂无数据。",
        f"{title.en}: {len(known)} in all, first {first.name.en} ({figure}), "
        f"{len(missing)} without data.",
    )
