"""Normalisation: columns of any unit become comparable, and better is always higher.

Directions are applied first, so that every method, also the ones with posts and targets, is right
for indicators where less is better; posts and targets are given in the indicator's own unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from qiantang.engine.index.data import Floats

NOISE: Final = 1e-14


@dataclass(frozen=True, slots=True)
class Scale:
    """How one column is normalised.

    ``low``/``high``: the range of the result; ``mean``/``sd`` of z-scores, ``spread`` whether the
    standard deviation is the sample's or the population's; ``posts``: worst and best in the
    indicator's unit; ``target`` likewise; ``reference``: a figure, a unit's code, or "mean";
    ``base``: the figure that is 100, or ``base_year`` (with ``base_unit``, else each unit's own
    figure); ``steps``: thresholds of the categories; ``cap``: keep within the range.
    """

    method: str = "min-max"
    low: float = 0.0
    high: float = 100.0
    mean: float = 0.0
    sd: float = 1.0
    spread: str = "sample"
    posts: tuple[float, float] | None = None
    target: float | None = None
    reference: float | str | None = None
    base: float | None = None
    base_year: int | None = None
    base_unit: str = ""
    steps: tuple[float, ...] = ()
    cap: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A column and what the method may look at: ``pool`` are the values that fix its parameters
    (all years for a comparable panel, else the column itself), both already directed; ``anchor``
    is the target, reference or base of every row in the indicator's own unit."""

    values: Floats
    pool: Floats
    direction: int
    anchor: Floats | float
    scale: Scale = field(default_factory=Scale)


def normalise(
    values: Floats, direction: int, scale: Scale, pool: Floats | None = None,
    anchor: Floats | None = None,
) -> Floats:  # fmt: skip
    """One column, better higher. ``anchor`` stands in place of the scale's own figure. A column
    that does not vary gives NaN where the method would divide by nothing; the caller reports it."""
    own = values if pool is None else pool
    if np.isnan(own).all():
        return np.full(values.shape, np.nan)
    at = anchor if anchor is not None else _figure(scale)
    given = Given(values * direction, own * direction, direction, at, scale)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        found = METHODS[scale.method](given)
    return np.where(np.isfinite(found), found, np.nan)


def _figure(scale: Scale) -> float:
    """The figure that the scale itself gives; NaN for none."""
    told = {"distance-to-target": scale.target, "distance-to-reference": scale.reference,
            "base-period": scale.base}.get(scale.method)  # fmt: skip
    return float(told) if isinstance(told, int | float) else np.nan


def _stretched(share: Floats, scale: Scale) -> Floats:
    kept = np.clip(share, 0, 1) if scale.cap else share
    return np.asarray(kept * (scale.high - scale.low) + scale.low)


def _min_max(given: Given) -> Floats:
    low, high = _ends(given.pool)
    return _stretched((given.values - low) / (high - low), given.scale)


def _z_score(given: Given) -> Floats:
    """Counted in units of the largest value's power of two, so that no square overflows."""
    there = given.pool[~np.isnan(given.pool)]
    size = _power_of_two(there)
    pool, values = there / size, given.values / size
    degrees = 0 if given.scale.spread == "population" else 1
    spread = pool.std(ddof=degrees) if pool.size > 1 else np.nan
    spread = np.nan if spread <= abs(pool.mean()) * NOISE else spread
    z = (values - pool.mean()) / spread
    return np.asarray(z * given.scale.sd + given.scale.mean)


def _scaled(given: Given) -> Floats:
    """Between fixed ends, whatever lies beyond them."""
    assert given.scale.posts is not None
    worst, best = (p * given.direction for p in given.scale.posts)
    return _stretched((given.values - worst) / (best - worst), given.scale)


def _goalposts(given: Given) -> Floats:
    """Between fixed ends, cut off at them."""
    return _scaled(replace(given, scale=replace(given.scale, cap=True)))


def _to_target(given: Given) -> Floats:
    """(x - worst) / (target - worst): 1 at the target."""
    low, _ = _ends(given.pool)
    return _stretched(
        (given.values - low) / (given.anchor * given.direction - low), given.scale
    )  # fmt: skip


def _to_best(given: Given) -> Floats:
    """1 minus the distance to the best, as a share of the range."""
    low, high = _ends(given.pool)
    return _stretched(1 - (high - given.values) / (high - low), given.scale)


def _to_reference(given: Given) -> Floats:
    """1 at the reference; below it the distance in ranges."""
    low, high = _ends(given.pool)
    at = given.anchor * given.direction
    if given.scale.reference == "mean":
        at = given.pool[~np.isnan(given.pool)].mean() if low < high else np.nan
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
    return _borda(given) + 1


def _percentile(given: Given) -> Floats:
    n = np.count_nonzero(~np.isnan(given.pool))
    share = np.minimum(_borda(given) / (n - 1), 1) if n > 1 else given.values * np.nan
    return _stretched(share, given.scale)


def _borda(given: Given) -> Floats:
    """How many of the pool are worse."""
    ordered = np.sort(given.pool[~np.isnan(given.pool)])
    below = np.searchsorted(ordered, given.values, side="left").astype(float)
    return np.where(np.isnan(given.values), np.nan, below)


def _base_period(given: Given) -> Floats:
    """100 in the base period; an indicator where less is better runs the other way."""
    plain = given.values * given.direction
    ratio = plain / given.anchor if given.direction > 0 else given.anchor / plain
    return np.asarray(100 * ratio)


def _categories(given: Given) -> Floats:
    """How many thresholds are reached, spread evenly over the range."""
    steps = np.sort(np.array(given.scale.steps) * given.direction)
    reached = np.searchsorted(steps, given.values, side="right") / max(len(steps), 1)
    return np.where(np.isnan(given.values), np.nan, _stretched(reached, given.scale))


def _ends(pool: Floats) -> tuple[float, float]:
    there = pool[~np.isnan(pool)]
    if not there.size:
        return np.nan, np.nan
    low, high = float(there.min()), float(there.max())
    # What differs only by the noise of rounding does not vary.
    flat = high - low <= NOISE * max(abs(low), abs(high))
    return (np.nan, np.nan) if flat else (low, high)


def _power_of_two(values: Floats) -> float:
    largest = np.abs(values).max() if values.size else 0.0
    return float(np.ldexp(1.0, int(np.frexp(largest)[1]) - 1)) if largest > 0 else 1.0


METHODS: Final[Mapping[str, Callable[[Given], Floats]]] = {
    "min-max": _min_max,
    "z-score": _z_score,
    "scaled": _scaled,
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
