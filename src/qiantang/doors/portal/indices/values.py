"""Figures of a made index: one row of a unit in a year, read from the engine's tables."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from qiantang.engine.index import Data
from qiantang.rooms.indices.shapes import Made


def row_of(data: Data, unit: str, year: int | None) -> int | None:
    """Where a unit stands in a table; None where it was screened out."""
    for row, name in enumerate(data.units):
        if name == unit and (not data.times or data.times[row] == year):
            return row
    return None


def rows_of(data: Data, year: int | None) -> list[int]:
    """The rows of one year; all where there are no years."""
    return [r for r in range(len(data.units)) if not data.times or data.times[r] == year]


def figure(value: float) -> float | None:
    """A cell as a page shows it: nothing where it is missing."""
    return None if math.isnan(value) else float(value)


def scores_of(made: Made, code: str, year: int | None) -> dict[str, float | None]:
    """An element's score for each ranked unit of a year."""
    column = made.index.score(code)
    data = made.index.scores
    return {data.units[r]: figure(column[r]) for r in rows_of(data, year)}


def shown_year(made: Made) -> int | None:
    """The latest year in which a unit is ranked; where none ever is, the one with most figures."""
    scores, times = made.index.score(made.structure.root.code), made.index.scores.times
    if not times:
        return None
    ranked = [t for t, s in zip(times, scores, strict=True) if not math.isnan(s)]
    return max(ranked) if ranked else max(made.years, key=lambda y: (_figures_in(made, y), y))


def told_year(made: Made, year: int | None) -> int | None:
    """The year as it is told: that of the page, else the only one of the figures."""
    return made.single_year if year is None else year


def _figures_in(made: Made, year: int) -> int:
    raw = made.index.steps["raw"]
    return int((~np.isnan(raw.values[rows_of(raw, year)])).sum())


def filled_counts(made: Made, year: int | None) -> dict[str, int]:
    """How many cells were filled for each ranked unit."""
    data = made.index.scores
    return {data.units[r]: int(made.index.filled[r].sum()) for r in rows_of(data, year)}


def ranks_over_years(made: Made) -> Mapping[str, tuple[float | None, ...]]:
    """Every unit's rank in each year of the panel."""
    data, ranks = made.index.scores, made.index.rank(made.structure.root.code)
    at = {
        (unit, year): figure(rank)
        for unit, year, rank in zip(data.units, data.times, ranks, strict=True)
    }
    return {u: tuple(at.get((u, y)) for y in made.years) for u in dict.fromkeys(data.units)}


def middle_half(made: Made, year: int) -> tuple[float | None, float | None, float | None]:
    """Lower quartile, median and upper quartile of the index's scores in a year."""
    found = [v for v in scores_of(made, made.structure.root.code, year).values() if v is not None]
    if not found:
        return None, None, None
    low, middle, high = np.percentile(found, [25, 50, 75])
    return float(low), float(middle), float(high)
