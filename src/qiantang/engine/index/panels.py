"""An index over years: trends, growth, and what moved between two years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qiantang.engine.index.building import Index
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.explaining import Shares, difference


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """One unit's series of one element, in order of time. ``growth``: compound yearly rate between
    the first and last figure (a share; NaN where either is not above 0); ``slope``: least-squares
    change a year."""

    unit: str
    element: str
    years: tuple[int, ...]
    values: Floats
    growth: float
    slope: float


def trend(data: Data, unit: str, element: str) -> Trend:
    """The series as it is in ``data``, whatever the order of its rows."""
    rows = sorted((t, r) for r, (u, t) in enumerate(zip(data.units, data.times, strict=True))
                  if u == unit)  # fmt: skip
    years = tuple(t for t, _ in rows)
    values = data.column(element)[[r for _, r in rows]]
    there = ~np.isnan(values)
    return Trend(unit, element, years, values, _growth(years, values), _slope(years, values, there))


def changed(index: Index, unit: str, first: int, last: int, element: str = "") -> Shares:
    """What moved a unit's score from one year to another."""
    return difference(index, f"{unit} {first}", f"{unit} {last}", element)


def _growth(years: tuple[int, ...], values: Floats) -> float:
    there = np.flatnonzero(~np.isnan(values))
    if there.size < 2 or values[there[0]] <= 0 or values[there[-1]] <= 0:
        return float("nan")
    span = years[there[-1]] - years[there[0]]
    return float((values[there[-1]] / values[there[0]]) ** (1 / span) - 1)


def _slope(years: tuple[int, ...], values: Floats, there: np.ndarray) -> float:
    if there.sum() < 2:
        return float("nan")
    return float(np.polyfit(np.array(years)[there], values[there], 1)[0])
