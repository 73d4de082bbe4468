"""The quality of a resource's deliveries over time, as a chart: dimensions as lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from qiantang.doors.charts import Spec
from qiantang.doors.charts.theme import frame
from qiantang.doors.portal.catalogue.words import DIMENSIONS, RUNS
from qiantang.doors.portal.figures import day, moment
from qiantang.kernel.text import Text
from qiantang.rooms.intake.shapes import TrendPoint

HEIGHT: Final = 240
FLOOR: Final = 95
_COLOURS: Final = ("#1f5f8b", "#c77d0a", "#2f7d74", "#6b4fa0", "#a63d2f", "#5b7f95")
_SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
_TITLE: Final = Text("历次交付的质量", "Quality by delivery")
_SHARE: Final = Text("合格率（%）", "Passed (%)")


def trend_chart(points: Sequence[TrendPoint], lang: str) -> Spec:
    """Lines of the share that passed, in percent, by dimension; deliveries stand in their order."""
    used = [d for d in DIMENSIONS if any(d in p.dimensions for p in points)]
    names = [DIMENSIONS[d].in_(lang) for d in used]
    values = [row for n, p in enumerate(points, 1) for row in _rows(n, p, lang)]
    scale = {"domain": names, "range": list(_COLOURS[: len(used)])}
    legend = {"title": None, "orient": "bottom", "columns": 2}
    return {
        **frame(_described(points, lang)),
        "title": _TITLE.in_(lang),
        "width": "container",
        "height": HEIGHT,
        "data": {"values": values},
        "mark": {"type": "line", "strokeWidth": 1.8, "point": {"size": 60, "filled": True}},
        "encoding": {
            "x": {
                "field": "number",
                "type": "ordinal",
                "sort": {"field": "order"},
                "axis": {"title": None, "labelAngle": -30, "grid": False, "labelLimit": 130},
            },
            "y": {
                "field": "share",
                "type": "quantitative",
                "scale": {"domain": [_lowest(points), 100]},
                "axis": {"title": _SHARE.in_(lang), "tickCount": 5},
            },
            "color": {"field": "dimension", "type": "nominal", "scale": scale, "legend": legend},
            "shape": {
                "field": "dimension",
                "type": "nominal",
                "scale": {"domain": names, "range": list(_SHAPES[: len(used)])},
                "legend": legend,
            },
            "tooltip": [{"field": f, "type": "nominal", "title": t.in_(lang)} for f, t in _TIPS],
        },
    }


def _lowest(points: Sequence[TrendPoint]) -> int:
    """Where the axis begins: differences of a thousandth must not look like a fall."""
    shares = [share for p in points for share in p.dimensions.values()]
    return min(FLOOR, int(100 * min(shares, default=1.0) // 5 * 5))


_TIPS: Final = (
    ("at", Text("交付", "Delivery")),
    ("dimension", Text("质量维度", "Dimension")),
    ("said", _SHARE),
    ("outcome", Text("结果", "Outcome")),
)


def _rows(order: int, point: TrendPoint, lang: str) -> list[dict[str, Any]]:
    outcome = RUNS[point.status][0].in_(lang) if point.status in RUNS else point.status
    return [
        {
            "order": order,
            "number": f"{order} · {day(point.at, lang)}",
            "at": moment(point.at, lang),
            "dimension": DIMENSIONS[d].in_(lang),
            "share": round(100 * share, 2),
            "said": f"{100 * share:.2f}",
            "outcome": outcome,
        }
        for d, share in point.dimensions.items()
        if d in DIMENSIONS
    ]


def _described(points: Sequence[TrendPoint], lang: str) -> str:
    if not points:
        return Text("还没有交付。", "No delivery yet.").in_(lang)
    last = points[-1]
    said = Text(
        f"共 {len(points)} 次交付，最近一次发送 {last.sent} 行，入库 {last.accepted} 行。",
        f"{len(points)} deliveries; the latest sent {last.sent} rows, {last.accepted} accepted.",
    )
    return said.in_(lang)
