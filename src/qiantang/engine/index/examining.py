"""The robustness of an index in one call: every way to compute it, and what moves its ranks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from qiantang.engine.index.building import build
from qiantang.engine.index.choices import factors_of, plain
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.recipe import recipe_of
from qiantang.engine.index.robustness import (
    RankRange,
    Usual,
    acceptability,
    rank_ranges,
    rank_shift,
    usual,
)
from qiantang.engine.index.sensitivity import Sobol, design, exact, from_design
from qiantang.engine.index.structure import Structure
from qiantang.engine.index.uncertainty import Progress, Runs, compute, everything, is_whole


@dataclass(frozen=True)
class Examination:
    """``overall``: Sobol indices of the mean rank shift against ``nominal`` ranks; ``by_unit``:
    ``[factor, unit]``, of every unit's own rank."""

    runs: Runs
    nominal: Floats
    shift: Floats
    overall: Sobol
    by_unit: Sobol

    @property
    def ways(self) -> int:
        """Combinations that could be computed."""
        return len(self.runs.combinations) - len(self.runs.failed)

    @cached_property
    def ranges(self) -> RankRange:
        return rank_ranges(self.runs, self.nominal)

    def usual(self, year: int | None = None, share: float = 0.9) -> dict[str, Usual | None]:
        """By unit (of a panel: as named in ``runs.units``), the places it takes as a rule."""
        runs = self.runs if year is None else self.runs.of_year(year)
        return {u: usual(row, share)
                for u, row in zip(runs.units, acceptability(runs), strict=True)}  # fmt: skip


def examine(
    data: Data, structure: Structure, told: Mapping[str, Any], *, draws: int = 1000, seed: int = 1,
    element: str = "", workers: int = 1, progress: Progress | None = None,
) -> Examination:  # fmt: skip
    """Examine the recipe's tables with their ``[[uncertain]]`` choices. Where these are too many
    to be computed whole, a sample of ``draws`` rows is (see `sensitivity.design`). Raises what
    `choices.factors_of` and `building.build` raise, and ValueError where nothing is uncertain."""
    factors = factors_of(told, structure, seed=seed)
    if not factors:
        raise ValueError("nothing is uncertain")
    base, code = plain(told), element or structure.root.code
    index = build(data, structure, recipe_of(base))
    at = dict(zip(index.scores.labels, index.rank(code).tolist(), strict=True))
    nominal = np.array([at.get(label, np.nan) for label in data.labels])
    whole = is_whole(factors)
    runs = compute(
        data, structure, base, factors,
        everything(factors) if whole else design(factors, draws, seed),
        element=code, workers=workers, progress=progress,
    )  # fmt: skip
    shares = exact if whole else from_design
    shift = rank_shift(runs, nominal)
    return Examination(runs, nominal, shift, shares(factors, shift), shares(factors, runs.ranks))
