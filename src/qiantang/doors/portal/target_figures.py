"""A target's figures for its page, chart and table, from the stable JSON form of its assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qiantang.doors.charts import Point, Spec, TargetLine, pace_path, series_chart
from qiantang.doors.portal.figures import aim_of, unit_name
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.observations import ObservationKind
from qiantang.kernel.periods import Period
from qiantang.kernel.text import Text
from qiantang.kernel.units import convert
from qiantang.packkit.compiled import Indicator
from qiantang.packkit.plans import Target
from qiantang.rooms.indicators.shapes import TargetRow


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a target's series in the unit of the chart."""

    id: str
    period: Period
    value: Decimal
    unit: str
    kind: str
    used: bool
    indicator: Text
    grade: str
    source: str
    address: str
    quote: str


def figures_of(row: TargetRow, indicators: Mapping[str, Indicator]) -> tuple[Figure, ...]:
    """Every figure that was looked at and stands in the chart's unit, oldest first."""
    unit = chart_unit(row, indicators)
    made = [_figure(e, unit, indicators, used=True) for e in row.data["evidence"]]
    made += [_figure(e, unit, indicators, used=False) for e in row.data["rejected"]]
    distinct = {f.id: f for f in reversed([m for m in made if m is not None])}
    return tuple(sorted(distinct.values(), key=lambda f: (f.period.end, f.id)))


def chart_unit(row: TargetRow, indicators: Mapping[str, Indicator]) -> str:
    """The target's unit; for a change against a base year the unit of what changes."""
    target = row.target
    if target.base and target.evidence:
        measured = indicators.get(target.evidence[0].indicator)
        return measured.unit if measured else target.unit
    return target.unit


def _figure(
    row: Mapping[str, Any], unit: str, indicators: Mapping[str, Indicator], *, used: bool
) -> Figure | None:
    if row.get("value") is None:
        return None
    try:
        value = convert(Decimal(str(row["value"])), str(row["unit"]), unit)
        period = Period.parse(str(row["period"]))
    except QiantangError:
        return None
    measured = indicators.get(str(row["indicator"]))
    return Figure(
        id=str(row["id"]),
        period=period,
        value=value,
        unit=unit,
        kind=str(row["kind"]),
        used=used,
        indicator=measured.name if measured else Text(str(row["indicator"]), str(row["indicator"])),
        grade=str(row["grade"]),
        source=str(row["source_title"]),
        address=str(row.get("source_address") or ""),
        quote=str(row.get("quote") or ""),
    )


def target_chart(row: TargetRow, indicators: Mapping[str, Indicator], lang: str) -> Spec:
    """The series against the target line, with the pace that was needed."""
    figures = figures_of(row, indicators)
    unit = chart_unit(row, indicators)
    many = len({f.indicator for f in figures}) > 1
    points = [
        Point(
            period=f.period,
            value=f.value,
            kind=ObservationKind(f.kind),
            used=f.used,
            series=f.indicator if many else Text("", ""),
            source=f"[{f.grade}] {f.source}",
        )
        for f in figures
    ]
    return series_chart(
        points,
        lang=lang,
        title=row.name,
        unit=unit_name(unit, lang),
        target=_line(row, figures),
    )


def _line(row: TargetRow, figures: tuple[Figure, ...]) -> TargetLine | None:
    target = row.target
    aim = aim_of(target)
    low, high = _limits(row)
    if aim is None or (low is None and high is None):
        return None
    return TargetLine(
        label=Text(f"目标：{aim.zh}", f"Target: {aim.en}"),
        low=low,
        high=high,
        due_from=target.due_from.year if target.due_from else None,
        due=target.due.year if target.due else None,
        pace=_pace(row.data.get("pace"), target, figures),
    )


def _limits(row: TargetRow) -> tuple[Decimal | None, Decimal | None]:
    """The limits in the chart's unit: a change is drawn from its base, when that is known."""
    target = row.target
    if target.base is None:
        return target.low, target.high
    base = (row.data.get("base") or {}).get("value")
    if base is None:
        return None, None
    start = Decimal(str(base))
    return _moved(target.low, start, target), _moved(target.high, start, target)


def _moved(limit: Decimal | None, start: Decimal, target: Target) -> Decimal | None:
    if limit is None or target.base is None:
        return None
    if target.base.mode == "growth":
        return start * (1 + limit / 100)
    return start + limit


def _pace(
    pace: Mapping[str, Any] | None, target: Target, figures: tuple[Figure, ...]
) -> tuple[tuple[float, Decimal], ...]:
    if not pace or pace.get("needed") is None or not pace.get("first") or target.due is None:
        return ()
    first = next((f for f in figures if f.used and str(f.period) == pace["first"]), None)
    if first is None or first.period.end.year >= target.due.year or target.base is not None:
        return ()
    return pace_path(
        (first.period, first.value),
        target.due.year,
        needed=Decimal(str(pace["needed"])),
        growth=pace.get("mode") == "growth",
    )
