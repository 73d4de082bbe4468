"""Where things stand in a made index: its elements, units, years and the rows of its results."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qiantang.rooms.indices.errors import ElementUnknown, UnitUnknown, YearUnknown
from qiantang.rooms.indices.shapes import Made


def element_of(made: Made, element: str | None) -> str:
    """The element, or the index itself. Raises `ElementUnknown`."""
    if not element:
        return made.structure.root.code
    if element not in made.structure.by_code:
        raise ElementUnknown(found=element, expected=", ".join(list(made.structure.by_code)[:60]))
    return element


def year_of(made: Made, year: int | None) -> int | None:
    """The year, or the latest; None for an index of a single one. Raises `YearUnknown`."""
    if year is None:
        return made.latest_year
    if year not in made.years:
        raise YearUnknown(found=year, expected=", ".join(map(str, made.years)) or "-")
    return year


def unit_of(made: Made, unit: str) -> str:
    """Raises `UnitUnknown`."""
    if unit not in made.units:
        raise UnitUnknown(found=unit, expected=", ".join(made.units[:30]))
    return unit


def rows_in(made: Made, year: int | None) -> Mapping[str, int]:
    """Rows of the results in a year, by unit; a unit that was screened out has none."""
    scores = made.index.scores
    return {
        unit: row
        for row, unit in enumerate(scores.units)
        if not scores.times or scores.times[row] == year
    }


def score_at(made: Made, row: int | None, at: int) -> float | None:
    """The score of an element (its place in the results) in a row."""
    return None if row is None else plain(made.index.scores.values[row, at])


def rank_at(made: Made, row: int | None, at: int) -> int | None:
    return None if row is None else whole(made.index.ranks[row, at])


def plain(value: float) -> float | None:
    """A number, None where it is missing."""
    return None if math.isnan(value) else float(value)


def whole(value: float) -> int | None:
    return None if math.isnan(value) else int(value)
