"""The robustness that lies in a bundle: every way to compute the index, as plain JSON values.

In a panel the ranks are those of the latest year; parameters still come from the whole panel. All
random draws start from a seed, so that a stranger gets the same figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from qiantang.engine.index import robustness, sensitivity, uncertainty
from qiantang.engine.index.building import Index
from qiantang.engine.index.choices import factors_of, plain
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.structure import Structure
from qiantang.engine.index.uncertainty import Combinations, Factor, Runs

DRAWS: Final = 2000
"""Ways that are drawn where there are too many to compute all."""
MOST_CELLS: Final = 20_000_000
"""Combinations times units up to which a finite space is computed whole."""
MOST_PAIRS: Final = 400
"""Units up to which the pairwise shares are kept."""
MOST_REASONS: Final = 200


@dataclass(frozen=True, slots=True)
class _Plan:
    data: Data
    structure: Structure
    base: Mapping[str, Any]
    factors: tuple[Factor, ...]
    rows: tuple[int, ...]

    def runs(self, combinations: Combinations) -> Runs:
        made = uncertainty.compute(self.data, self.structure, self.base, self.factors, combinations)
        places = list(self.rows)
        scores = made.scores[:, places]
        units = tuple(self.data.units[r] for r in places)
        return replace(made, units=units, scores=scores, ranks=uncertainty.ranks_of(scores))


def survey(
    data: Data,
    structure: Structure,
    tables: Mapping[str, Any],
    index: Index,
    *,
    draws: int = DRAWS,
    seed: int = 1,
) -> dict[str, Any] | None:
    """Ranks over all combinations of the recipe's uncertain choices (``draws`` of them where there
    are too many), and which choice moves them. None where the recipe names none. Raises
    `RecipeInvalid`."""
    factors = factors_of(tables, structure, seed=seed)
    if not factors:
        return None
    year = max(data.times, default=None)
    rows = tuple(r for r in range(len(data.units)) if not data.times or data.times[r] == year)
    plan = _Plan(data, structure, plain(tables), factors, rows)
    nominal = _nominal(index, plan)
    size = math.prod(len(f.alternatives) for f in factors)
    whole = size <= uncertainty.WHOLE and size * len(rows) <= MOST_CELLS
    picked = uncertainty.everything(factors) if whole else uncertainty.drawn(factors, draws, seed)
    runs = plan.runs(picked)
    return {
        "element": structure.root.code,
        "year": year,
        "combinations": len(picked),
        "possible": size,
        "seed": seed,
        "units": list(runs.units),
        **_ranges(runs, nominal),
        **_places(runs),
        "sensitivity": _moved(plan, runs, nominal, draws=0 if whole else draws, seed=seed),
        "failed": _failed(runs),
    }


def _nominal(index: Index, plan: _Plan) -> Floats:
    """Ranks of the published index, in the order of the plan's rows; NaN where screened out."""
    code = plan.structure.root.code
    at = {index.scores.label(r): index.rank(code)[r] for r in range(len(index.scores.units))}
    return np.array([at.get(plan.data.label(r), np.nan) for r in plan.rows], dtype=float)


def _ranges(runs: Runs, nominal: Floats) -> dict[str, Any]:
    if np.isnan(runs.ranks).all():
        return {"nominal": listed(nominal)}
    found = robustness.rank_ranges(runs, nominal)
    names = ("nominal", "mean", "median", "low", "high", "best", "worst")
    return {name: listed(getattr(found, name)) for name in names}


def _places(runs: Runs) -> dict[str, Any]:
    if len(runs.units) > MOST_PAIRS or np.isnan(runs.ranks).all():
        return {}
    return {
        "above": [listed(row) for row in robustness.above(runs)],
        "acceptability": [listed(row) for row in robustness.acceptability(runs)],
    }


def _moved(
    plan: _Plan, runs: Runs, nominal: Floats, *, draws: int, seed: int
) -> dict[str, Any] | None:
    """Sobol indices of the mean rank shift (first output) and of each unit's rank."""

    def outputs(each: Runs) -> Floats:
        return np.column_stack([robustness.rank_shift(each, nominal), each.ranks])

    if draws:
        try:
            found = sensitivity.estimated(
                plan.factors, lambda c: outputs(plan.runs(c)), count=draws, seed=seed
            )
        except ValueError:
            return None  # not one row of combinations could be computed whole
    else:
        found = sensitivity.exact(plan.factors, outputs(runs))
    return {
        "exact": found.exact,
        "factors": [
            {
                "name": name,
                "alternatives": len(plan.factors[i].alternatives),
                "first": one(found.first[i, 0]),
                "total": one(found.total[i, 0]),
                "first_bounds": [one(b[i, 0]) for b in found.first_bounds],
                "total_bounds": [one(b[i, 0]) for b in found.total_bounds],
                "unit_first": listed(found.first[i, 1:]),
                "unit_total": listed(found.total[i, 1:]),
            }
            for i, name in enumerate(found.factors)
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
            chosen = zip(runs.factors, runs.combinations[number].tolist(), strict=True)
            choices = {f.name: f.alternatives[a].name for f, a in chosen}
            reasons[reason.en] = {"reason": reason.as_dict(), "count": 1, "choices": choices}
    return list(reasons.values())


def listed(values: Floats | Sequence[float]) -> list[float | int | None]:
    return [one(value) for value in values]


def one(value: float) -> float | int | None:
    """A number for JSON; what is missing is null, whole ones have no point."""
    if math.isnan(value):
        return None
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else float(value)
