"""Ranks: how far each may go when the index is computed otherwise, and how they moved over years.

Rank 1 stands left in the ranges and on top in the years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from qiantang.doors.charts.theme import ACCENT, INK, MISSING, MUTED, RAMP, TARGET, Spec, frame
from qiantang.kernel.text import Text

ROW: Final = 20
HIGHLIGHT: Final = "#c77d0a"


@dataclass(frozen=True, slots=True)
class RankSpan:
    """A unit's ranks over all ways to compute: the published one, the middle one, the 90 % in
    between, and the extremes."""

    name: Text
    nominal: float
    median: float
    low: float
    high: float
    best: float
    worst: float
    highlight: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """A unit's rank in each year; a year without rank is None."""

    name: Text
    ranks: tuple[float | None, ...]
    highlight: bool = False


def ranges_chart(spans: Sequence[RankSpan], *, lang: str, title: Text) -> Spec:
    """For each unit a thin line from best to worst, a bar for 90 %, a dot where it is published."""
    ordered = sorted(spans, key=lambda s: (s.nominal, s.median))
    rows = [_span_row(s, lang) for s in ordered]
    names = [r["name"] for r in rows]
    y = {
        "field": "name",
        "type": "nominal",
        "sort": names,
        "axis": {"title": None, "grid": False, "ticks": False, "domain": False, "labelLimit": 170},
    }

    def x(field: str) -> Spec:
        return {
            "field": field,
            "type": "quantitative",
            "scale": {"domain": [0.5, len(rows) + 0.5], "nice": False},
            "axis": {
                "title": Text("名次", "Rank").in_(lang),
                "orient": "top",
                "values": _ticks(len(rows)),
                "format": "d",
            },
        }

    return {
        **frame(_ranges_described(ordered, title).in_(lang)),
        "title": title.in_(lang),
        "width": "container",
        "height": ROW * max(1, len(rows)),
        "data": {"values": rows},
        "layer": [
            _bar(y, x, ("best", "worst"), {"color": MISSING, "strokeWidth": 1.2}),
            _bar(y, x, ("low", "high"), {"color": RAMP[2], "strokeWidth": 8}),
            {
                "mark": {"type": "tick", "color": INK, "thickness": 1.6, "size": 10},
                "encoding": {"y": y, "x": x("median"), "tooltip": _tooltip(lang)},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 64, "opacity": 1},
                "encoding": {
                    "y": y,
                    "x": x("nominal"),
                    "color": {"field": "colour", "type": "nominal", "scale": None},
                    "tooltip": _tooltip(lang),
                },
            },
        ],
    }


def courses_chart(
    courses: Sequence[Course], years: Sequence[int], *, lang: str, title: Text
) -> Spec:
    """One line a unit from year to year, named at its right end; those that matter stand out."""
    last = max((r for c in courses for r in c.ranks if r is not None), default=1)
    at = {"x": _years(years), "y": _rank_axis(last, lang)}
    return {
        **frame(_courses_described(courses, years, title).in_(lang)),
        "title": title.in_(lang),
        "width": "container",
        "height": max(160, min(760, int(16 * last))),
        "padding": {"left": 5, "right": 96, "top": 8, "bottom": 5},
        "data": {"values": [row for c in courses for row in _course_rows(c, years, lang)]},
        "layer": [
            {
                "mark": {"type": "line", "point": {"size": 28}},
                "encoding": {
                    **at,
                    "detail": {"field": "name"},
                    "color": {"field": "colour", "type": "nominal", "scale": None},
                    "strokeWidth": {"field": "wide", "type": "quantitative", "scale": None},
                    "tooltip": [
                        {"field": "name", "title": Text("单位", "Unit").in_(lang)},
                        {"field": "year", "title": Text("年份", "Year").in_(lang), "format": "d"},
                        {"field": "rank", "title": Text("名次", "Rank").in_(lang)},
                    ],
                },
            },
            {
                "data": {"values": _ends(courses, years, lang)},
                "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 11, "color": MUTED},
                "encoding": {**at, "text": {"field": "name"}},
            },
        ],
    }


def _course_rows(course: Course, years: Sequence[int], lang: str) -> list[dict[str, Any]]:
    look = (HIGHLIGHT, 2.6) if course.highlight else (RAMP[3], 1.2)
    return [
        {"name": course.name.in_(lang), "year": year, "rank": rank, "colour": look[0],
         "wide": look[1]}
        for year, rank in zip(years, course.ranks, strict=True)
        if rank is not None
    ]  # fmt: skip


def _years(years: Sequence[int]) -> Spec:
    return {
        "field": "year",
        "type": "quantitative",
        "axis": {"title": None, "format": "d", "values": list(years), "grid": False},
        "scale": {"nice": False, "padding": 14},
    }


def _rank_axis(last: float, lang: str) -> Spec:
    return {
        "field": "rank",
        "type": "quantitative",
        "axis": {
            "title": Text("名次", "Rank").in_(lang),
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "end",
            "titleX": -30,
            "titleY": -14,
            "values": _ticks(int(last)),
            "format": "d",
        },
        "scale": {"reverse": True, "domain": [0.5, last + 0.5], "nice": False},
    }


def _ends(courses: Sequence[Course], years: Sequence[int], lang: str) -> list[dict[str, Any]]:
    """Names at the last year; units that share a rank share a label."""
    found: dict[float, list[str]] = {}
    for course in courses:
        rank = course.ranks[-1] if course.ranks else None
        if rank is not None:
            found.setdefault(rank, []).append(course.name.in_(lang))
    joint = Text("、", ", ").in_(lang)
    return [{"year": years[-1], "rank": r, "name": joint.join(n)} for r, n in found.items()]


def _span_row(s: RankSpan, lang: str) -> dict[str, Any]:
    return {
        "name": s.name.in_(lang),
        "nominal": s.nominal,
        "median": s.median,
        "low": s.low,
        "high": s.high,
        "best": s.best,
        "worst": s.worst,
        "colour": TARGET if s.highlight else ACCENT,
    }


def _bar(y: Spec, x: Any, ends: tuple[str, str], mark: Spec) -> Spec:
    return {
        "mark": {"type": "rule", "strokeCap": "butt", "tooltip": False, **mark},
        "encoding": {"y": y, "x": x(ends[0]), "x2": {"field": ends[1]}},
    }


def _tooltip(lang: str) -> list[Spec]:
    said = {
        "name": Text("单位", "Unit"),
        "nominal": Text("公布名次", "Published rank"),
        "median": Text("中位名次", "Median rank"),
        "low": Text("5% 分位", "5 % quantile"),
        "high": Text("95% 分位", "95 % quantile"),
        "best": Text("最好", "Best"),
        "worst": Text("最差", "Worst"),
    }
    return [{"field": field, "title": word.in_(lang)} for field, word in said.items()]


def _ticks(last: int) -> list[int]:
    step = 1 if last <= 12 else 5 if last <= 60 else 10 if last <= 120 else -(-last // 10)
    return [1, *(n for n in range(step, last + 1, step) if n > 1)]


def _ranges_described(spans: Sequence[RankSpan], title: Text) -> Text:
    if not spans:
        return Text(f"{title.zh}：暂无数据。", f"{title.en}: no data.")
    zh = "；".join(f"{s.name.zh}第 {s.best:.0f} 至 {s.worst:.0f}" for s in spans[:5])
    en = "; ".join(f"{s.name.en} {s.best:.0f} to {s.worst:.0f}" for s in spans[:5])
    return Text(
        f"{title.zh}：共 {len(spans)} 个单位；{zh}。", f"{title.en}: {len(spans)} units; {en}."
    )


def _courses_described(courses: Sequence[Course], years: Sequence[int], title: Text) -> Text:
    if not courses or not years:
        return Text(f"{title.zh}：暂无数据。", f"{title.en}: no data.")
    span = f"{years[0]}–{years[-1]}"
    shown = [c for c in courses if c.highlight and None not in (c.ranks[0], c.ranks[-1])]
    zh = "；".join(f"{c.name.zh}由第 {c.ranks[0]:.0f} 到第 {c.ranks[-1]:.0f}" for c in shown[:6])
    en = "; ".join(f"{c.name.en} from {c.ranks[0]:.0f} to {c.ranks[-1]:.0f}" for c in shown[:6])
    return Text(
        f"{title.zh}：{span} 年 {len(courses)} 个单位的名次。{zh}",
        f"{title.en}: ranks of {len(courses)} units, {span}. {en}",
    )
