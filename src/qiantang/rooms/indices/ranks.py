"""The rank table of an index in a year: scores, places, and what moved them in a year."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from qiantang.engine.index import explaining
from qiantang.engine.index.errors import RecipeInvalid
from qiantang.engine.index.explaining import Shares
from qiantang.rooms.indices.errors import ElementUnknown, UnitUnknown, YearUnknown
from qiantang.rooms.indices.making import Rider
from qiantang.rooms.indices.shapes import Made, RankRow


def ranking(made: Made, year: int | None = None, element: str | None = None) -> tuple[RankRow, ...]:
    """Every unit, best first, those without a score last. ``element``: of a part of the index.
    Raises `YearUnknown`, `ElementUnknown`."""
    code, now = element_of(made, element), year_of(made, year)
    before = year_before(made, now)
    rows, earlier = rows_in(made, now), rows_in(made, before) if before is not None else {}
    causes = _causes(made, code, now) if before is not None else {}
    at = made.index.scores.at(code)
    found = []
    for unit in made.units:
        place, past = rows.get(unit), earlier.get(unit)
        rank, was = _rank(made, place, at), _rank(made, past, at)
        because, share = causes.get(unit, ("", None))
        found.append(
            RankRow(
                unit=unit,
                name=made.unit_name(unit),
                score=_score(made, place, at),
                rank=rank,
                before=was,
                moved=None if rank is None or was is None else was - rank,
                score_before=_score(made, past, at),
                because=because,
                because_name=made.name(because) if because else None,
                share=share,
            )
        )
    return tuple(sorted(found, key=lambda r: (r.rank is None, r.rank or 0, r.unit)))


def element_of(made: Made, element: str | None) -> str:
    """The element, or the index itself. Raises `ElementUnknown`."""
    if not element:
        return made.structure.root.code
    if element not in made.structure.by_code:
        raise ElementUnknown(found=element, expected=", ".join(list(made.structure.by_code)[:60]))
    return element


def year_of(made: Made, year: int | None) -> int | None:
    """The year, or the latest; None for an index of a single one. Raises `YearUnknown`."""
    if year is None or (not made.years and year is None):
        return made.latest_year
    if year not in made.years:
        raise YearUnknown(found=year, expected=", ".join(map(str, made.years)) or "-")
    return year


def unit_of(made: Made, unit: str) -> str:
    """Raises `UnitUnknown`."""
    if unit not in made.units:
        raise UnitUnknown(found=unit, expected=", ".join(made.units[:30]))
    return unit


def year_before(made: Made, year: int | None) -> int | None:
    """The year of the panel before ``year``."""
    return max((y for y in made.years if year is not None and y < year), default=None)


def rows_in(made: Made, year: int | None) -> Mapping[str, int]:
    """Rows of the results in a year, by unit; a unit that was screened out has none."""
    scores = made.index.scores
    return {
        unit: row
        for row, unit in enumerate(scores.units)
        if not scores.times or scores.times[row] == year
    }


def label_of(unit: str, year: int | None) -> str:
    """How the engine names a row."""
    return unit if year is None else f"{unit} {year}"


def plain(value: float) -> float | None:
    """A number, None where it is missing."""
    return None if math.isnan(value) else float(value)


def whole(value: float) -> int | None:
    return None if math.isnan(value) else int(value)


def _score(made: Made, row: int | None, at: int) -> float | None:
    return None if row is None else plain(made.index.scores.values[row, at])


def _rank(made: Made, row: int | None, at: int) -> int | None:
    return None if row is None else whole(made.index.ranks[row, at])


def _causes(made: Made, code: str, year: int | None) -> Mapping[str, tuple[str, float | None]]:
    if made.edition is None:
        return _causes_of(made, code, year)
    return _known_causes(made.edition.digest, code, year, Rider(made))


@lru_cache(maxsize=64)
def _known_causes(
    digest: str, code: str, year: int | None, rider: Rider[Made]
) -> Mapping[str, tuple[str, float | None]]:
    return _causes_of(rider.given, code, year)


def _causes_of(made: Made, code: str, year: int | None) -> Mapping[str, tuple[str, float | None]]:
    """For each unit the indicator that moved its score most since the year before: for a unit that
    rose the one that added most, for one that fell the one that took most."""
    before = year_before(made, year)
    now, then = rows_in(made, year), rows_in(made, before)
    values = made.index.steps["normalised"].values
    found = {}
    scored, ranks = ~np.isnan(made.index.score(code)), made.index.rank(code)
    for unit in now.keys() & then.keys():
        if not scored[now[unit]] or not scored[then[unit]]:
            continue
        try:
            shares = explaining.between(made.index, values[then[unit]], values[now[unit]], code)
        except RecipeInvalid:
            return {}  # the method compares units: a score has no shares of indicators
        found[unit] = _largest(shares, ranks[then[unit]] - ranks[now[unit]])
    return found


def _largest(shares: Shares, moved: float) -> tuple[str, float | None]:
    """The largest share of the direction in which the rank ``moved``; of any where it stayed."""
    values = shares.values
    towards = values * np.sign(moved) if moved else np.abs(values)
    if not len(values) or not towards.max() > 0:
        return "", None
    at = int(towards.argmax())
    return shares.codes[at], float(values[at])
