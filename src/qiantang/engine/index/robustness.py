"""What the many ways to compute an index say about its ranks.

Everything a reader asks: where a unit stands as a rule, how far it may go, how often it is above
another, and how likely it is to take each place (stochastic acceptability, Lahdelma et al. 1998).
Of a panel, ask about one year at a time (`Runs.of_year`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qiantang.engine.index.data import Floats
from qiantang.engine.index.uncertainty import Runs


@dataclass(frozen=True, slots=True, eq=False)
class RankRange:
    """Per unit over all combinations: ``nominal`` rank, mean, median, 5 % and 95 % quantiles, best
    and worst; NaN for a unit that is never ranked."""

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
    ranked = ~np.isnan(runs.ranks).all(axis=0)
    found = np.full((7, len(runs.units)), np.nan)
    if ranked.any():
        ranks = runs.ranks[runs.made][:, ranked]
        low, median, high = np.nanpercentile(ranks, [5, 50, 95], axis=0)
        found[:, ranked] = (
            nominal[ranked], np.nanmean(ranks, axis=0), median, low, high,
            np.nanmin(ranks, axis=0), np.nanmax(ranks, axis=0),
        )  # fmt: skip
    found[0] = nominal
    return RankRange(runs.units, *found)


def rank_shift(runs: Runs, nominal: Floats) -> Floats:
    """Mean absolute shift of ranks against the nominal index, per combination; NaN for one that
    could not be made."""
    apart = np.abs(runs.ranks - nominal)
    there = ~np.isnan(apart)
    count = there.sum(axis=1)
    total = np.where(there, apart, 0.0).sum(axis=1)
    return np.asarray(np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0))


def above(runs: Runs) -> Floats:
    """``[i, j]``: share of combinations in which unit i scores above unit j; ties count half. NaN
    where no combination has scores of both."""
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
    """``[unit, place]``: share of the combinations that could be made in which the unit takes the
    place (0 is first). A row adds up to less than 1 where the unit is sometimes not ranked."""
    units = len(runs.units)
    ranks = runs.ranks[runs.made]
    row, unit = np.nonzero(~np.isnan(ranks))
    cells = unit * units + ranks[row, unit].astype(np.int64) - 1
    counts = np.bincount(cells, minlength=units * units).reshape(units, units)
    return np.asarray(counts / max(len(ranks), 1))


@dataclass(frozen=True, slots=True)
class Usual:
    """The places ``first`` to ``last`` (1 is best), which a unit takes in ``share`` of the ways."""

    first: int
    last: int
    share: float


def usual(places: Floats, share: float = 0.9) -> Usual | None:
    """From a row of `acceptability`: the fewest adjacent places that cover at least ``share`` of
    the ways in which the unit is ranked; of several, those that cover most, then the better.
    None for a unit that is never ranked."""
    heaped = np.concatenate([[0.0], np.cumsum(places)])
    if not heaped[-1]:
        return None
    for width in range(1, len(heaped)):
        covered = heaped[width:] - heaped[:-width]
        best = int(np.argmax(np.round(covered, 12)))
        if covered[best] >= share * heaped[-1] - 1e-12:
            return Usual(best + 1, best + width, float(covered[best]))
    raise AssertionError("all places together cover everything")
