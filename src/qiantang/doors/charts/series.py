"""A series of figures against its target: the chart of every target and indicator page.

Kinds of figure differ in shape as well as in colour; the target is a red rule with its words, the
deadline an amber band, the pace that was needed a dashed line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qiantang.doors.charts.theme import (
    ACCENT,
    BAND,
    MISSING,
    MUTED,
    NO_DATA,
    TARGET,
    Spec,
    frame,
)
from qiantang.kernel.digits import digits
from qiantang.kernel.observations import AIMS, ObservationKind
from qiantang.kernel.periods import Period, PeriodKind
from qiantang.kernel.text import Text

UNNAMED: Final = Text("", "")


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of the chart. ``used`` is False for a figure that was set aside; ``series``
    names what was measured when a chart shows more than one measure."""

    period: Period
    value: Decimal
    kind: ObservationKind = ObservationKind.ACTUAL
    used: bool = True
    series: Text = UNNAMED
    source: str = ""


@dataclass(frozen=True, slots=True)
class TargetLine:
    """What is to be reached, in the unit of the points. A range has both ``low`` and ``high``.

    ``due_from``/``due`` are years; ``pace`` holds (year, value) along the path that was needed."""

    label: Text
    low: Decimal | None = None
    high: Decimal | None = None
    due_from: int | None = None
    due: int | None = None
    pace: tuple[tuple[float, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class _Mark:
    id: str
    name: Text
    shape: str
    colour: str


_TRIANGLE_RIGHT = "M-1,-1L1,0L-1,1Z"
_MARKS: Final = (
    _Mark("actual", Text("实际数", "Actual"), "circle", ACCENT),
    _Mark("preliminary", Text("初步数", "Preliminary"), "diamond", "#c77d0a"),
    _Mark("approximate", Text("约数", "Approximate"), "square", "#5b7f95"),
    _Mark("derived", Text("推算数", "Derived"), "cross", "#2f7d74"),
    _Mark("lower_bound", Text("下限", "Lower bound"), "triangle-up", "#6b4fa0"),
    _Mark("upper_bound", Text("上限", "Upper bound"), "triangle-down", "#6b4fa0"),
    _Mark("part", Text("年内累计数", "Part of a year"), _TRIANGLE_RIGHT, "#4e9ab8"),
    _Mark("aim", Text("其他文件的目标", "Aim of another document"), "stroke", "#b06a8f"),
    _Mark("aside", Text("未采用", "Set aside"), "M-.8,-.8L.8,.8M-.8,.8L.8,-.8", MISSING),
)
_KIND: Final = {mark.id: mark for mark in _MARKS}

_NEEDED = Text("所需进度", "Needed pace")
_DEADLINE = Text("完成期限", "Deadline")


def series_chart(
    points: Iterable[Point],
    *,
    lang: str,
    title: Text,
    unit: str,
    target: TargetLine | None = None,
    height: int = 260,
) -> Spec:
    """The series with its target; without points the empty frame still shows the target."""
    shown = sorted(points, key=lambda p: (p.period.end, p.value))
    layers = [
        *(_target_layers(target, lang) if target else []),
        *(_lines(shown, lang)),
        _marks(shown, lang, unit) if shown else _nothing(lang),
    ]
    years = _years(shown, target)
    return {
        **frame(_described(shown, title, target, lang)),
        "title": title.in_(lang),
        "width": "container",
        "height": height,
        "layer": [_with_scales(layer, years, unit, lang) for layer in layers],
        "resolve": {"scale": {"color": "shared", "shape": "shared"}},
    }


def fixed_width(spec: Spec, width: int) -> Spec:
    """The same chart at a width in pixels, for print and for images."""
    return {**spec, "width": width}


def at_year(period: Period) -> float:
    """Where a period stands on the year axis: a full year at its own number, January to
    September of 2018 at 2017.75, so that a cumulated figure stands left of its year."""
    return round(period.end.year - 1 + period.end.month / 12, 4)


def pace_path(
    first: tuple[Period, Decimal], due: int, *, needed: Decimal, growth: bool
) -> tuple[tuple[float, Decimal], ...]:
    """Year by year from the first usable figure to the deadline at the pace that was needed.

    ``needed`` is a share a year (0.10 = 10 %) when ``growth``, else units a year."""
    period, value = first
    start = at_year(period)
    path = [(start, value)]
    for year in range(int(start) + 1, due + 1):
        value = value * (1 + needed) if growth else value + needed
        path.append((float(year), value))
    return tuple(path)


def _mark_of(point: Point) -> _Mark:
    if point.kind in AIMS:
        return _KIND["aim"]
    if not point.used:
        return _KIND["aside"]
    if point.period.kind is PeriodKind.PART:
        return _KIND["part"]
    return _KIND[point.kind.value]


def _marks(points: Sequence[Point], lang: str, unit: str) -> Spec:
    used = [m for m in _MARKS if any(_mark_of(p) is m for p in points)]
    legend = {"title": None, "orient": "bottom", "symbolStrokeWidth": 2, "columns": 4}
    scale = {"domain": [m.name.in_(lang) for m in used]}
    return {
        "data": {"values": [_row(p, lang, unit) for p in points]},
        "mark": {"type": "point", "filled": False, "size": 90, "strokeWidth": 2, "opacity": 1},
        "encoding": {
            "x": {"field": "year", "type": "quantitative"},
            "y": {"field": "value", "type": "quantitative"},
            "color": {
                "field": "mark",
                "type": "nominal",
                "scale": {**scale, "range": [m.colour for m in used]},
                "legend": legend,
            },
            "shape": {
                "field": "mark",
                "type": "nominal",
                "scale": {**scale, "range": [m.shape for m in used]},
                "legend": legend,
            },
            "tooltip": _tooltip(points, lang),
        },
    }


def _nothing(lang: str) -> Spec:
    """Says in the frame, clear of the target's rule, that there is no figure."""
    above = {"x": {"value": {"expr": "width / 2"}}, "y": {"value": {"expr": "height / 4"}}}
    return {
        "data": {"values": [{}]},
        "mark": {"type": "text", "text": NO_DATA.in_(lang), "color": MUTED, "fontSize": 14},
        "encoding": above,
    }


def _row(point: Point, lang: str, unit: str) -> Spec:
    return {
        "year": at_year(point.period),
        "value": float(point.value),
        "figure": f"{digits(point.value, grouped=True)} {unit}".strip(),
        "period": point.period.as_text().in_(lang),
        "mark": _mark_of(point).name.in_(lang),
        "series": point.series.in_(lang),
        "source": point.source,
    }


def _tooltip(points: Sequence[Point], lang: str) -> list[Spec]:
    titles = [
        ("period", Text("时期", "Period")),
        ("figure", Text("数值", "Value")),
        ("mark", Text("性质", "Kind")),
    ]
    if any(p.series.zh for p in points):
        titles.append(("series", Text("指标", "Indicator")))
    if any(p.source for p in points):
        titles.append(("source", Text("来源", "Source")))
    return [{"field": f, "type": "nominal", "title": t.in_(lang)} for f, t in titles]


def _lines(points: Sequence[Point], lang: str) -> list[Spec]:
    """One thin line through the comparable full-period figures of each measure."""
    rows: dict[tuple[str, float], Spec] = {}
    for point in points:
        mark = _mark_of(point).id
        if mark in {"part", "aside", "aim", "lower_bound", "upper_bound"}:
            continue
        key = (point.series.in_(lang), at_year(point.period))
        rows.setdefault(key, {"year": key[1], "value": float(point.value), "series": key[0]})
    if len(rows) < 2:
        return []
    return [
        {
            "data": {"values": list(rows.values())},
            "mark": {"type": "line", "color": ACCENT, "strokeWidth": 1.6, "opacity": 0.75},
            "encoding": {
                "x": {"field": "year", "type": "quantitative"},
                "y": {"field": "value", "type": "quantitative"},
                "detail": {"field": "series", "type": "nominal"},
            },
        }
    ]


def _target_layers(target: TargetLine, lang: str) -> list[Spec]:
    layers = [*_deadline(target, lang), *_aim(target, lang)]
    if len(target.pace) > 1:
        layers.append(_pace(target, lang))
    return layers


def _pace(target: TargetLine, lang: str) -> Spec:
    word = _NEEDED.in_(lang)
    dash = {
        "datum": word,
        "type": "nominal",
        "scale": {"domain": [word], "range": [[5, 4]]},
        "legend": {
            "title": None,
            "orient": "bottom",
            "symbolType": "stroke",
            "symbolSize": 300,
            "symbolStrokeColor": TARGET,
        },
    }
    return {
        "data": {"values": [{"year": y, "value": float(v)} for y, v in target.pace]},
        "mark": {"type": "line", "color": TARGET, "strokeWidth": 1.4, "opacity": 0.85},
        "encoding": {
            "x": {"field": "year", "type": "quantitative"},
            "y": {"field": "value", "type": "quantitative"},
            "strokeDash": dash,
        },
    }


def _deadline(target: TargetLine, lang: str) -> list[Spec]:
    if target.due is None:
        return []
    first = target.due_from if target.due_from and target.due_from < target.due else None
    start, end = (
        (float(first), float(target.due)) if first else (target.due - 0.15, target.due + 0.15)
    )
    said = f"{first}–{target.due}" if first else str(target.due)
    row = {"from": start, "to": end, "middle": (start + end) / 2}
    return [
        {
            "data": {"values": [row]},
            "mark": {"type": "rect", "color": BAND, "opacity": 0.75},
            "encoding": {"x": {"field": "from", "type": "quantitative"}, "x2": {"field": "to"}},
        },
        {
            "data": {"values": [row]},
            "mark": {
                "type": "text",
                "text": f"{_DEADLINE.in_(lang)} {said}",
                "y": -6,
                "baseline": "bottom",
                "color": "#8a6210",
                "fontSize": 11,
            },
            "encoding": {"x": {"field": "middle", "type": "quantitative"}},
        },
    ]


def _aim(target: TargetLine, lang: str) -> list[Spec]:
    limits = [v for v in (target.low, target.high) if v is not None]
    if not limits:
        return []
    layers: list[Spec] = []
    if len(set(limits)) == 2:
        layers.append(
            {
                "data": {"values": [{"low": float(limits[0]), "high": float(limits[1])}]},
                "mark": {"type": "rect", "color": TARGET, "opacity": 0.12},
                "encoding": {
                    "y": {"field": "low", "type": "quantitative"},
                    "y2": {"field": "high"},
                },
            }
        )
    rule = {"values": [{"value": float(v)} for v in sorted(set(limits))]}
    top = {"values": [{"value": float(max(limits))}]}
    y = {"y": {"field": "value", "type": "quantitative"}}
    words = {
        "type": "text",
        "text": target.label.in_(lang),
        "x": 4,
        "align": "left",
        "baseline": "bottom",
        "dy": -4,
        "color": TARGET,
    }
    return [
        *layers,
        {
            "data": rule,
            "mark": {"type": "rule", "color": TARGET, "strokeWidth": 1.8},
            "encoding": y,
        },
        {"data": top, "mark": words, "encoding": y},
    ]


def _years(points: Sequence[Point], target: TargetLine | None) -> tuple[int, int]:
    marks = [at_year(p.period) for p in points]
    if target:
        marks += [float(y) for y in (target.due_from, target.due) if y is not None]
        marks += [y for y, _ in target.pace]
    if not marks:
        return 0, 1
    return int(min(marks) // 1), int(-(-max(marks) // 1))


def _with_scales(layer: Spec, years: tuple[int, int], unit: str, lang: str) -> Spec:
    """Give every layer the same axes, whole years below and the unit beside."""
    first, last = years
    step = max(1, -(-(last - first) // 10))
    encoding = dict(layer["encoding"])
    if "field" in encoding.get("x", {}):
        encoding["x"] = {
            **encoding["x"],
            "scale": {"domain": [first - 0.5, last + 0.5], "nice": False},
            "axis": {
                "title": None,
                "format": "d",
                "values": list(range(first, last + 1, step)),
                "grid": False,
            },
        }
    if "field" in encoding.get("y", {}):
        encoding["y"] = {
            **encoding["y"],
            "scale": {"zero": False, "nice": True, "padding": 24},
            "axis": {
                "title": Text(f"单位：{unit}", f"Unit: {unit}").in_(lang),
                "titleAngle": 0,
                "titleAlign": "left",
                "titleAnchor": "end",
                "titleX": -40,
                "titleY": -14,
                "tickCount": 5,
            },
        }
    return {**layer, "encoding": encoding}


def _described(points: Sequence[Point], title: Text, target: TargetLine | None, lang: str) -> str:
    if not points:
        return Text(f"{title.zh}：暂无数据。", f"{title.en}: no data.").in_(lang)
    first, last = points[0], points[-1]
    said = Text(
        f"{title.zh}：共 {len(points)} 个数据，自 {first.period.as_text().zh} 的 {first.value:,f} "
        f"至 {last.period.as_text().zh} 的 {last.value:,f}。",
        f"{title.en}: {len(points)} figures, from {first.value:,f} in {first.period.as_text().en} "
        f"to {last.value:,f} in {last.period.as_text().en}.",
    ).in_(lang)
    return f"{said} {target.label.in_(lang)}" if target else said
