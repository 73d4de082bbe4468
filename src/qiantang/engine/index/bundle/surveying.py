"""The robustness that lies in a bundle: every way to compute the index, as plain JSON values.

In a panel the ranks are those of the latest year; parameters still come from the whole panel. All
random draws start from a seed, so that a stranger gets the same figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from qiantang.engine.index import robustness, sensitivity, uncertainty
from qiantang.engine.index.building import Index
from qiantang.engine.index.choices import factors_of, plain
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.structure import Structure
from qiantang.engine.index.uncertainty import Runs

DRAWS: Final = 256
"""Rows that are drawn where there are too many ways to compute all; each row is computed once and
once more for every choice (see `sensitivity.design`)."""
MOST_CELLS: Final = 20_000_000
"""Combinations times rows up to which all are computed: they are held in memory at once."""
MOST_PAIRS: Final = 400
"""Units up to which places and pairwise shares are kept."""
MOST_REASONS: Final = 200


def survey(
    data: Data,
    structure: Structure,
    tables: Mapping[str, Any],
    index: Index,
    *,
    draws: int = DRAWS,
    seed: int = 1,
) -> dict[str, Any] | None:
    """Ranks over all combinations of the recipe's uncertain choices (a sample where there are too
    many), and which choice moves them. None where the recipe names none. Raises `RecipeInvalid`,
    `ColumnMissing`."""
    factors = factors_of(tables, structure, seed=seed)
    if not factors:
        return None
    possible = math.prod(len(f.alternatives) for f in factors)
    whole = uncertainty.is_whole(factors) and possible * len(data.units) <= MOST_CELLS
    picked = uncertainty.everything(factors) if whole else sensitivity.design(factors, draws, seed)
    every = uncertainty.compute(data, structure, plain(tables), factors, picked)
    year = max(data.times, default=None)
    runs = every if year is None else every.of_year(year)
    nominal = _nominal(index, runs, year)
    return {
        "element": structure.root.code,
        "year": year,
        "combinations": len(picked),
        "possible": possible,
        "draws": draws,
        "seed": seed,
        **_ranges(runs, nominal),
        **_places(runs),
        "sensitivity": _moved(runs, nominal, whole=whole),
        "failed": _failed(runs),
    }


def _nominal(index: Index, runs: Runs, year: int | None) -> Floats:
    """Ranks of the published index, in the order of the runs; NaN where screened out."""
    scores, ranks = index.scores, index.rank(index.structure.root.code)
    at = {
        unit: ranks[row]
        for row, unit in enumerate(scores.units)
        if year is None or scores.times[row] == year
    }
    return np.array([at.get(unit, np.nan) for unit in _units(runs)], dtype=float)


def _units(runs: Runs) -> list[str]:
    """Codes of the units: in a panel the runs name units with their year."""
    if not runs.times:
        return list(runs.units)
    return [
        label.removesuffix(f" {time}") for label, time in zip(runs.units, runs.times, strict=True)
    ]


def _ranges(runs: Runs, nominal: Floats) -> dict[str, Any]:
    found = robustness.rank_ranges(runs, nominal)
    names = ("nominal", "mean", "median", "low", "high", "best", "worst")
    return {"units": _units(runs), **{name: listed(getattr(found, name)) for name in names}}


def _places(runs: Runs) -> dict[str, Any]:
    if len(runs.units) > MOST_PAIRS:
        return {}
    return {
        "above": [listed(row) for row in robustness.above(runs)],
        "acceptability": [listed(row) for row in robustness.acceptability(runs)],
    }


def _moved(runs: Runs, nominal: Floats, *, whole: bool) -> dict[str, Any]:
    """Sobol indices of the mean rank shift (first output) and of each unit's rank."""
    outputs = np.column_stack([robustness.rank_shift(runs, nominal), runs.ranks])
    shares = sensitivity.exact if whole else sensitivity.from_design
    found = shares(runs.factors, outputs)
    return {
        "exact": found.exact,
        "factors": [
            {
                "name": factor.name,
                "alternatives": len(factor.alternatives),
                "first": one(found.first[i, 0]),
                "total": one(found.total[i, 0]),
                "first_bounds": [one(b[i, 0]) for b in found.first_bounds],
                "total_bounds": [one(b[i, 0]) for b in found.total_bounds],
                "unit_first": listed(found.first[i, 1:]),
                "unit_total": listed(found.total[i, 1:]),
            }
            for i, factor in enumerate(runs.factors)
        ],
    }


def _failed(runs: Runs) -> list[dict[str, Any]]:
    """Combinations that could not be made, by reason: how many, and the first one's choices."""
    reasons: dict[str, dict[str, Any]] = {}
    for number, reason in sorted(runs.failed.items()):
        known = reasons.get(reason.en)
        if known is not None:
            known["count"] += 1
        elif len(reasons) < MOST_REASONS:
            reasons[reason.en] = {
                "reason": reason.as_dict(), "count": 1, "choices": runs.choices(number),
            }  # fmt: skip
    return list(reasons.values())


def listed(values: Floats | Sequence[float]) -> list[float | int | None]:
    return [one(value) for value in values]


def one(value: float) -> float | int | None:
    """A number for JSON; what is missing is null, whole ones have no point."""
    if math.isnan(value):
        return None
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else float(value)
