"""Normalisation: columns of any unit become comparable, and better is always higher.

Directions are applied first, so that every method, also the ones with posts and targets, is right
for indicators where less is better; posts and targets are given in the indicator's own unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from qiantang.engine.index.data import Floats


@dataclass(frozen=True, slots=True)
class Scale:
    """How one column is normalised.

    ``low``/``high``: the range of the result; ``mean``/``sd`` of z-scores; ``posts``: worst and
    best in the indicator's unit; ``target``, ``reference`` (a row) and ``base`` (the figure that
    is 100) likewise; ``steps``: thresholds of the categories; ``cap``: keep within the range.
    """

    method: str = "min-max"
    low: float = 0.0
    high: float = 100.0
    mean: float = 0.0
    sd: float = 1.0
    posts: tuple[float, float] | None = None
    target: float | None = None
    reference: float | None = None
    base: float | None = None
    steps: tuple[float, ...] = ()
    cap: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A column and what the method may look at: ``pool`` are the values that fix its parameters
    (all years for a comparable panel, else the column itself), both already directed."""

    values: Floats
    pool: Floats
    direction: int
    scale: Scale = field(default_factory=Scale)


def normalise(values: Floats, direction: int, scale: Scale, pool: Floats | None = None) -> Floats:
    """One column, better higher. A column that does not vary gives NaN where the method would
    divide by nothing; the caller reports it."""
    own = values if pool is None else pool
    given = Given(values * direction, own * direction, direction, scale)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = METHODS[scale.method](given)
    return np.where(np.isfinite(found), found, np.nan)


def _stretched(share: Floats, scale: Scale) -> Floats:
    kept = np.clip(share, 0, 1) if scale.cap else share
    return np.asarray(kept * (scale.high - scale.low) + scale.low)


def _min_max(given: Given) -> Floats:
    low, high = _ends(given.pool)
    return _stretched((given.values - low) / (high - low), given.scale)


def _z_score(given: Given) -> Floats:
    there = given.pool[~np.isnan(given.pool)]
    spread = there.std(ddof=1) if there.size > 1 else np.nan
    spread = np.nan if spread <= abs(there.mean()) * 1e-14 else spread
    z = (given.values - there.mean()) / spread
    return np.asarray(z * given.scale.sd + given.scale.mean)


def _goalposts(given: Given) -> Floats:
    assert given.scale.posts is not None
    worst, best = (p * given.direction for p in given.scale.posts)
    share = np.clip((given.values - worst) / (best - worst), 0, 1)
    return _stretched(share, given.scale)


def _to_target(given: Given) -> Floats:
    """(x - worst) / (target - worst): 1 at the target."""
    assert given.scale.target is not None
    low, _ = _ends(given.pool)
    return _stretched(
        (given.values - low) / (given.scale.target * given.direction - low), given.scale
    )


def _to_best(given: Given) -> Floats:
    """1 minus the distance to the best, as a share of the range."""
    low, high = _ends(given.pool)
    return _stretched(1 - (high - given.values) / (high - low), given.scale)


def _to_reference(given: Given) -> Floats:
    """1 at the reference; below it the distance in ranges."""
    assert given.scale.reference is not None
    low, high = _ends(given.pool)
    at = given.scale.reference * given.direction
    return _stretched(1 - (at - given.values) / (high - low), given.scale)


def _share_of_best(given: Given) -> Floats:
    """x / best where more is better, best / x where less is; both at most 1 on positive data."""
    plain = given.values * given.direction
    pool = given.pool * given.direction
    if given.direction > 0:
        return _stretched(plain / np.nanmax(pool), given.scale)
    least = np.nanmin(pool)
    share = np.where(plain == least, 1.0, least / plain)
    return _stretched(np.where(plain < 0, np.nan, share), given.scale)


def _rank(given: Given) -> Floats:
    """1 is the worst; ties share the smaller rank."""
    return ranks_from_low(given.values)


def _percentile(given: Given) -> Floats:
    n = np.count_nonzero(~np.isnan(given.values))
    share = (ranks_from_low(given.values) - 1) / (n - 1) if n > 1 else given.values * np.nan
    return _stretched(share, given.scale)


def _borda(given: Given) -> Floats:
    return np.asarray(ranks_from_low(given.values) - 1)


def _base_period(given: Given) -> Floats:
    """100 in the base period; an indicator where less is better runs the other way."""
    assert given.scale.base is not None
    plain = given.values * given.direction
    ratio = plain / given.scale.base if given.direction > 0 else given.scale.base / plain
    return np.asarray(100 * ratio)


def _categories(given: Given) -> Floats:
    """How many thresholds are reached, spread evenly over the range."""
    steps = np.sort(np.array(given.scale.steps) * given.direction)
    reached = np.searchsorted(steps, given.values, side="right") / max(len(steps), 1)
    return np.where(np.isnan(given.values), np.nan, _stretched(reached, given.scale))


def ranks_from_low(values: Floats) -> Floats:
    """1 for the lowest, ties share the smaller; NaN stays NaN."""
    there = np.flatnonzero(~np.isnan(values))
    found = np.full(values.shape, np.nan)
    ordered = np.sort(values[there])
    found[there] = np.searchsorted(ordered, values[there], side="left") + 1
    return found


def ranks_from_high(values: Floats) -> Floats:
    """1 for the highest, ties share the smaller: the ranks that people read."""
    return ranks_from_low(-values)


def _ends(pool: Floats) -> tuple[float, float]:
    there = pool[~np.isnan(pool)]
    if not there.size or there.max() == there.min():
        return np.nan, np.nan
    return float(there.min()), float(there.max())


METHODS: Final[Mapping[str, Callable[[Given], Floats]]] = {
    "min-max": _min_max,
    "z-score": _z_score,
    "goalposts": _goalposts,
    "distance-to-target": _to_target,
    "distance-to-best": _to_best,
    "distance-to-reference": _to_reference,
    "share-of-best": _share_of_best,
    "rank": _rank,
    "percentile-rank": _percentile,
    "borda": _borda,
    "base-period": _base_period,
    "categories": _categories,
}
