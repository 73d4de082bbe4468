"""An index over years: trends, growth, what is there, and what moved between two years.

A panel is comparable over years because one set of parameters counts for all of them: outliers
are treated and scales are fixed on all years together (or scales on a base year), see
`recipe.Recipe.years`. Only ranks are within a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qiantang.engine.index.building import Index
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.explaining import Shares, difference
from qiantang.engine.index.naming import unit_unknown


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """One unit's series of one element, in order of time.

    ``growth``: compound yearly rate between the first and last figure (a share; NaN where either
    is not above 0). ``slope``: least-squares change a year. ``change``: that slope as a share of
    the fitted line's first value (NaN where it is 0); with two figures their own yearly change.
    """

    unit: str
    element: str
    years: tuple[int, ...]
    values: Floats
    growth: float
    slope: float
    change: float


def trend(
    data: Data, unit: str, element: str, *, years: Sequence[int] = (), latest: int = 0
) -> Trend:
    """The series as it is in ``data``, whatever the order of its rows: of all ``years`` unless
    given, and of these the ``latest`` so many that have a figure (0: all). Raises `UnitUnknown`,
    `ColumnMissing`."""
    rows = sorted((t, r) for r, (u, t) in enumerate(zip(data.units, data.times, strict=True))
                  if u == unit)  # fmt: skip
    if not rows:
        raise unit_unknown(unit, data)
    column = data.column(element)
    kept = [(t, float(column[r])) for t, r in rows if not years or t in years]
    if latest:
        kept = [(t, v) for t, v in kept if not np.isnan(v)][-latest:]
    when, values = tuple(t for t, _ in kept), np.array([v for _, v in kept])
    slope, change = _line(when, values)
    return Trend(unit, element, when, values, _growth(when, values), slope, change)


def trends(
    data: Data, element: str, *, years: Sequence[int] = (), latest: int = 0
) -> tuple[Trend, ...]:
    """The `trend` of every unit, in the order in which they appear."""
    units = dict.fromkeys(data.units)
    return tuple(trend(data, unit, element, years=years, latest=latest) for unit in units)


def availability(data: Data) -> Mapping[int, Floats]:
    """By year, in order: the share of units that have a figure, ``[column]``."""
    years = np.array(data.times)
    there = ~np.isnan(data.values)
    return {int(year): there[years == year].mean(axis=0) for year in np.unique(years)}


def changed(index: Index, unit: str, first: int, last: int, element: str = "") -> Shares:
    """What moved a unit's score from one year to another."""
    return difference(index, f"{unit} {first}", f"{unit} {last}", element)


def _growth(years: Sequence[int], values: Floats) -> float:
    there = np.flatnonzero(~np.isnan(values))
    if there.size < 2 or values[there[0]] <= 0 or values[there[-1]] <= 0:
        return float("nan")
    span = years[there[-1]] - years[there[0]]
    return float((values[there[-1]] / values[there[0]]) ** (1 / span) - 1)


def _line(years: Sequence[int], values: Floats) -> tuple[float, float]:
    """Slope of the fitted line, and the slope as a share of the line's first value."""
    there = ~np.isnan(values)
    if there.sum() < 2:
        return float("nan"), float("nan")
    when, seen = np.array(years, dtype=float)[there], values[there]
    apart = when - when.mean()
    slope = float((apart * (seen - seen.mean())).sum() / (apart * apart).sum())
    first = float(seen.mean() + slope * apart[0])
    return slope, slope / first if abs(first) > 1e-12 * np.abs(seen).max() else float("nan")
