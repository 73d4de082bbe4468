"""A target's figures as a table, in the unit of its chart, from the JSON form of its assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qiantang.kernel.errors import QiantangError
from qiantang.kernel.periods import Period
from qiantang.kernel.text import Text
from qiantang.kernel.units import convert
from qiantang.packkit.compiled import Indicator
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
