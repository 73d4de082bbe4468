"""What the many ways to compute an index say about its ranks.

Everything a reader asks: where a unit stands as a rule, how far it may go, how often it is above
another, and how likely it is to take each place (stochastic acceptability, Lahdelma et al. 1998).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qiantang.engine.index.data import Floats
from qiantang.engine.index.uncertainty import Runs


@dataclass(frozen=True, slots=True, eq=False)
class RankRange:
    """Per unit over all combinations: ``nominal`` rank, mean, median, 5 % and 95 % quantiles, best
    and worst."""

    units: tuple[str, ...]
    nominal: Floats
    mean: Floats
    median: Floats
    low: Floats
    high: Floats
    best: Floats
    worst: Floats


def rank_ranges(runs: Runs, nominal: Floats) -> RankRange:
    """Summaries of ``runs.ranks``; failed combinations are left out (they are listed there)."""
    ranks = runs.ranks[~np.isnan(runs.ranks).all(axis=1)]
    with np.errstate(invalid="ignore"):
        low, median, high = np.nanpercentile(ranks, [5, 50, 95], axis=0)
        return RankRange(
            runs.units, nominal, np.nanmean(ranks, axis=0), median, low, high,
            np.nanmin(ranks, axis=0), np.nanmax(ranks, axis=0),
        )  # fmt: skip


def rank_shift(runs: Runs, nominal: Floats) -> Floats:
    """Mean absolute shift of ranks against the nominal index, per combination; NaN for one that
    could not be made."""
    apart = np.abs(runs.ranks - nominal)
    there = ~np.isnan(apart)
    count = there.sum(axis=1)
    total = np.where(there, apart, 0.0).sum(axis=1)
    return np.asarray(np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0))


def above(runs: Runs) -> Floats:
    """``[i, j]``: share of combinations in which unit i scores above unit j; ties count half."""
    units = len(runs.units)
    found = np.full((units, units), np.nan)
    for i in range(units):
        apart = runs.scores[:, [i]] - runs.scores
        there = ~np.isnan(apart)
        count = there.sum(axis=0)
        wins = (apart > 0).sum(axis=0) + 0.5 * ((apart == 0) & there).sum(axis=0)
        found[i] = np.divide(wins, count, out=np.full(units, np.nan), where=count > 0)
    return found


def acceptability(runs: Runs) -> Floats:
    """``[unit, place]``: share of combinations in which the unit takes the place (0 is first)."""
    count = len(runs.units)
    made = ~np.isnan(runs.ranks).all(axis=1)
    places = np.arange(1, count + 1)
    return np.asarray((runs.ranks[made][:, :, None] == places).mean(axis=0))
