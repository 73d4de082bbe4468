"""From the JSON form of an assessed target to its chart: figures, target, deadline and pace.

Every door draws a target from the same stable form that the API gives, so that page, picture and
report show the same chart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from qiantang.doors.charts.series import Point, TargetLine, pace_path, series_chart
from qiantang.doors.charts.theme import Spec
from qiantang.engine.targets.wording import amount
from qiantang.kernel.errors import Invalid
from qiantang.kernel.observations import ObservationKind
from qiantang.kernel.periods import Period
from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS, convert

_BILLION: Final = Decimal("1e9")
_NOT_COMPARABLE: Final = frozenset({"withdrawn", "unit_mismatch"})
_WORDS: Final[Mapping[str, Text]] = {
    ">": Text("目标：超过{low}", "Target: above {low}"),
    ">=": Text("目标：不低于{low}", "Target: at least {low}"),
    "<": Text("目标：低于{high}", "Target: below {high}"),
    "<=": Text("目标：不高于{high}", "Target: at most {high}"),
    "=": Text("目标：{low}", "Target: {low}"),
    "~": Text("目标：{low}左右", "Target: about {low}"),
    "range": Text("目标：{low}至{high}", "Target: {low} to {high}"),
}


def target_chart(
    data: Mapping[str, Any], lang: str, names: Mapping[str, Text] | None = None, height: int = 260
) -> Spec:
    """``data``: one target in the JSON form of assessments; ``names``: indicator id to name."""
    unit = _chart_unit(data)
    points = [*_points(data["evidence"], unit, names), *_rejected(data, unit, names)]
    line = _target_line(data, unit)
    factor, name = _as_said(unit, lang)
    return series_chart(
        [replace(p, value=p.value * factor) for p in points],
        lang=lang,
        title=Text(**data["name"]),
        unit=name,
        target=_times(line, factor) if line else None,
        height=height,
    )


def _as_said(unit: str, lang: str) -> tuple[Decimal, str]:
    """The unit in the language; English counts money in billions of yuan."""
    known = UNITS.get(unit)
    if known is None:
        return Decimal(1), unit
    if lang.startswith("en") and known.dimension == "money":
        return known.factor / _BILLION, "billion yuan"
    return Decimal(1), known.in_(lang)


def _times(line: TargetLine, factor: Decimal) -> TargetLine:
    return replace(
        line,
        low=None if line.low is None else line.low * factor,
        high=None if line.high is None else line.high * factor,
        pace=tuple((year, value * factor) for year, value in line.pace),
    )


def _chart_unit(data: Mapping[str, Any]) -> str:
    """The target's unit; for a change since a base year the unit of the figures themselves."""
    if data.get("base"):
        return next((str(e["unit"]) for e in data["evidence"]), str(data["unit"]))
    return str(data["unit"])


def _rejected(
    data: Mapping[str, Any], unit: str, names: Mapping[str, Text] | None
) -> Iterable[Point]:
    shown = [r for r in data["rejected"] if r["code"] not in _NOT_COMPARABLE]
    return _points(shown, unit, names, used=False)


def _points(
    rows: Iterable[Mapping[str, Any]],
    unit: str,
    names: Mapping[str, Text] | None,
    *,
    used: bool = True,
) -> list[Point]:
    points: dict[str, Point] = {}
    for row in rows:
        value = _in_unit(row, unit)
        if value is None:
            continue
        name = (names or {}).get(row["indicator"], Text(row["indicator"], row["indicator"]))
        points.setdefault(
            row["id"],
            Point(
                period=Period.parse(row["period"]),
                value=value,
                kind=ObservationKind(row["kind"]),
                used=used,
                series=name,
                source=str(row["source_title"]),
            ),
        )
    return list(points.values())


def _in_unit(row: Mapping[str, Any], unit: str) -> Decimal | None:
    if row["value"] is None:
        return None
    try:
        return convert(Decimal(str(row["value"])), str(row["unit"]), unit)
    except Invalid:
        return None


def _target_line(data: Mapping[str, Any], unit: str) -> TargetLine | None:
    due = data.get("due") or {}
    low, high = (_limit(data, side) for side in ("low", "high"))
    label = _label(data, low, high, unit)
    if label is None and not due:
        return None
    due_to = int(due["to"][:4]) if due else None
    return TargetLine(
        label=label or Text("", ""),
        low=low,
        high=high,
        due_from=int(due["from"][:4]) if due else None,
        due=due_to,
        pace=_pace(data, unit, due_to),
    )


def _limit(data: Mapping[str, Any], side: str) -> Decimal | None:
    """The target as a level in the chart: for a change, the base with the change added."""
    asked = data["limits"][side]
    if asked is None:
        return None
    base = data.get("base")
    if not base:
        return Decimal(str(asked))
    if base.get("value") is None:
        return None
    start, change = Decimal(str(base["value"])), Decimal(str(asked))
    return start * (1 + change / 100) if base["mode"] == "growth" else start + change


def _label(
    data: Mapping[str, Any], low: Decimal | None, high: Decimal | None, unit: str
) -> Text | None:
    words = _WORDS.get(data.get("comparator") or "")
    if words is None or (low is None and high is None):
        return None
    limits = [v for v in (low, high) if v is not None]
    return words.format(low=amount(limits[0], unit), high=amount(limits[-1], unit))


def _pace(data: Mapping[str, Any], unit: str, due: int | None) -> tuple[tuple[float, Decimal], ...]:
    pace = data.get("pace")
    if not pace or pace["needed"] is None or pace["first"] is None or due is None:
        return ()
    first = next((e for e in data["evidence"] if e["period"] == pace["first"]), None)
    value = _in_unit(first, unit) if first else None
    if value is None:
        return ()
    return pace_path(
        (Period.parse(pace["first"]), value),
        due,
        needed=Decimal(str(pace["needed"])),
        growth=pace["mode"] == "growth",
    )
