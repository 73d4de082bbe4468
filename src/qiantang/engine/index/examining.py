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
    """``overall``: Sobol indices of the mean rank ``shift`` against the ``nominal`` ranks;
    ``by_unit``: ``[factor, unit]``, of every unit's own rank. Of a panel, all are of one year."""

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

    @cached_property
    def places(self) -> Floats:
        """``[unit, place]``, see `robustness.acceptability`."""
        return acceptability(self.runs)

    @cached_property
    def usual(self) -> tuple[Usual | None, ...]:
        """The places that every unit takes as a rule."""
        return tuple(usual(row) for row in self.places)


def examine(
    data: Data, structure: Structure, told: Mapping[str, Any], *, draws: int = 1000, seed: int = 1,
    year: int | None = None, workers: int = 1, progress: Progress | None = None,
) -> Examination:  # fmt: skip
    """Examine the recipe's tables with their ``[[uncertain]]`` choices. Where these are too many
    to be computed whole, a sample of ``draws`` rows is (see `sensitivity.design`). ``year`` of a
    panel, the latest unless given. Raises what `choices.factors_of` and `building.build` raise,
    and ValueError where nothing is uncertain."""
    factors = factors_of(told, structure, seed=seed)
    if not factors:
        raise ValueError("nothing is uncertain")
    base, code = plain(told), structure.root.code
    index = build(data, structure, recipe_of(base))
    whole = is_whole(factors)
    runs = compute(
        data, structure, base, factors,
        everything(factors) if whole else design(factors, draws, seed),
        workers=workers, progress=progress,
    )  # fmt: skip
    if data.times:
        runs = runs.of_year(max(data.times) if year is None else year)
    at = dict(zip(index.scores.labels, index.rank(code).tolist(), strict=True))
    nominal = np.array([at.get(unit, np.nan) for unit in runs.units])
    shares = exact if whole else from_design
    shift = rank_shift(runs, nominal)
    return Examination(runs, nominal, shift, shares(factors, shift), shares(factors, runs.ranks))
