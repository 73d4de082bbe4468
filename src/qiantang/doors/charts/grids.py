"""A grid of shares: who stands above whom, and how often a unit takes each rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from qiantang.doors.charts.theme import INK, RAMP, Spec, frame
from qiantang.kernel.text import Text

CELL: Final = 17
WRITTEN: Final = 14
"""Columns up to which every cell also writes its figure."""


def grid_chart(
    rows: Sequence[Text],
    columns: Sequence[Text],
    shares: Sequence[Sequence[float | None]],
    *,
    lang: str,
    title: Text,
    heads: tuple[Text, Text],
) -> Spec:
    """``shares[row][column]`` between 0 and 1; None leaves the cell empty. ``heads`` name the two
    sides."""
    written = len(columns) <= WRITTEN
    y = _side("row", [r.in_(lang) for r in rows], heads[0].in_(lang))
    x = _side("column", [c.in_(lang) for c in columns], heads[1].in_(lang))
    x["axis"] = {**x["axis"], "orient": "top", "labelAngle": -60 if _long(columns) else 0}
    return {
        **frame(_described(rows, columns, title).in_(lang)),
        "title": title.in_(lang),
        "width": "container",
        "height": max(CELL, 22 if len(rows) <= WRITTEN else CELL) * max(1, len(rows)),
        "data": {
            "values": [
                _cell(r.in_(lang), c.in_(lang), share, written=written)
                for r, line in zip(rows, shares, strict=True)
                for c, share in zip(columns, line, strict=True)
                if share is not None
            ]
        },
        "layer": [_cells(y, x, heads, lang), *([_figures(y, x)] if written else [])],
        "resolve": {"scale": {"color": "independent"}},
    }


def _cell(row: str, column: str, share: float, *, written: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"row": row, "column": column, "share": round(share, 4)}
    if written:
        found["ink"] = "#ffffff" if share > 0.75 else INK
        if share >= 0.005:
            found["label"] = f"{share * 100:.0f}"
    return found


def _cells(y: Spec, x: Spec, heads: tuple[Text, Text], lang: str) -> Spec:
    return {
        "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 0.5},
        "encoding": {
            "y": y,
            "x": x,
            "color": {
                "field": "share",
                "type": "quantitative",
                "scale": {"domain": [0, 1], "range": ["#f7fafc", *RAMP, "#17496d"]},
                "legend": {"title": None, "orient": "bottom", "format": ".0%"},
            },
            "tooltip": [
                {"field": "row", "title": heads[0].in_(lang)},
                {"field": "column", "title": heads[1].in_(lang)},
                {"field": "share", "title": Text("占比", "Share").in_(lang), "format": ".1%"},
            ],
        },
    }


def _figures(y: Spec, x: Spec) -> Spec:
    return {
        "mark": {"type": "text", "fontSize": 10, "tooltip": False},
        "encoding": {
            "y": y,
            "x": x,
            "text": {"field": "label"},
            "color": {"field": "ink", "type": "nominal", "scale": None},
        },
    }


def _side(field: str, order: list[str], title: str) -> Spec:
    return {
        "field": field,
        "type": "nominal",
        "sort": order,
        "axis": {
            "title": title,
            **({"titleAngle": 0, "titleAlign": "right"} if field == "row" else {}),
            "grid": False,
            "ticks": False,
            "domain": False,
            "labelLimit": 130,
            "labelFontSize": 11 if len(order) <= WRITTEN else 10,
        },
    }


def _long(columns: Sequence[Text]) -> bool:
    return any(len(c.zh) > 2 for c in columns)


def _described(rows: Sequence[Text], columns: Sequence[Text], title: Text) -> Text:
    return Text(
        f"{title.zh}：{len(rows)} 行、{len(columns)} 列的占比。数值见表格。",
        f"{title.en}: shares in {len(rows)} rows and {len(columns)} columns. The table says them.",
    )
