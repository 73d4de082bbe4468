"""Correlations with the chance of their being nothing: within groups, with parents, with sizes.

Pearson's r, each pair over the rows that have both; two-sided p from Student's t with n - 2
degrees of freedom. Columns are centred first, so that large means lose no digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from qiantang.engine.index.building import Index
from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.structure import Structure

TERMS: Final = 400
TINY: Final = 1e-300


@dataclass(frozen=True, slots=True)
class Pair:
    """Two columns: ``correlation`` (NaN where one does not vary over their ``count`` common rows)
    and ``chance``, its p-value."""

    one: str
    other: str
    correlation: float
    chance: float
    count: int


@dataclass(frozen=True, slots=True)
class Flag:
    """A pair that needs a look. ``kind``: ``redundant`` (they say nearly the same), ``opposed``
    (siblings that pull against each other), ``weak`` (a child that its parent hardly follows),
    ``size`` (an indicator that mostly tells how large a unit is)."""

    one: str
    other: str
    correlation: float
    kind: str
    chance: float = np.nan


def correlation(one: Floats, other: Floats) -> float:
    """Of two columns over the rows that have both; NaN where one does not vary."""
    both = ~(np.isnan(one) | np.isnan(other))
    a, b = one[both], other[both]
    # What is only the noise of rounding is no variation.
    if any(not c.size or np.ptp(c) <= 1e-14 * np.abs(c).max() for c in (a, b)):
        return float("nan")
    a, b = a - a.mean(), b - b.mean()
    return float(np.clip(a @ b / np.sqrt((a @ a) * (b @ b)), -1, 1))


def matrix(ones: Floats, others: Floats) -> tuple[Floats, Floats]:
    """``[i, j]`` of column i of ``ones`` with column j of ``others``: correlations and counts."""
    a, has_a = _centred(ones)
    b, has_b = _centred(others)
    n = has_a.T @ has_b
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_a, mean_b = (a.T @ has_b) / n, (has_a.T @ b) / n
        cross = (a.T @ b) / n - mean_a * mean_b
        own_a = ((a * a).T @ has_b) / n - mean_a**2
        own_b = (has_a.T @ (b * b)) / n - mean_b**2
        # What is only the noise of rounding is no variation.
        found = np.where((own_a > 1e-14) & (own_b > 1e-14), cross / np.sqrt(own_a * own_b), np.nan)
    return np.clip(found, -1, 1), n


def pairs(ones: Data, others: Data) -> tuple[Pair, ...]:
    """Every column of ``ones`` with every column of ``others`` (the same rows)."""
    found, counts = matrix(ones.values, others.values)
    chances = chance(found, counts)
    return tuple(
        Pair(one, other, float(found[i, j]), float(chances[i, j]), int(counts[i, j]))
        for i, one in enumerate(ones.columns)
        for j, other in enumerate(others.columns)
    )


def within_groups(index: Index) -> tuple[Pair, ...]:
    """Every pair of siblings, on their scores (indicators: normalised)."""
    found: list[Pair] = []
    for parent in index.structure.aggregates:
        codes = [c.code for c in index.structure.children(parent.code)]
        found += _above(index.scores.picked(codes))
    return tuple(found)


def across_indicators(index: Index) -> tuple[Pair, ...]:
    """Every pair of indicators, siblings or not."""
    return tuple(_above(index.scores.picked(index.structure.codes)))


def with_parents(index: Index) -> tuple[Pair, ...]:
    """Every element with all that stand above it, nearest first."""
    found: list[Pair] = []
    for each in index.structure.elements:
        above = index.structure.path(each.code)[1:]
        if above:
            found += pairs(index.scores.picked([each.code]), index.scores.picked(above))
    return tuple(found)


def with_sizes(data: Data, structure: Structure) -> tuple[Pair, ...]:
    """Every indicator as it came with every size column."""
    return pairs(data.picked(structure.codes), data.picked(structure.size_columns))


def flags(
    index: Index, *, high: float = 0.9, low: float = -0.4, weak: float = 0.3
) -> tuple[Flag, ...]:
    """What needs a look inside the tree: siblings at ``high`` or more, or ``low`` or less;
    children below ``weak`` with their parent. Strongest first."""
    found = []
    for p in within_groups(index):
        if p.correlation >= high or p.correlation <= low:
            kind = "redundant" if p.correlation >= high else "opposed"
            found.append(Flag(p.one, p.other, p.correlation, kind, p.chance))
    for p in with_parents(index):
        if p.other == index.structure.by_code[p.one].parent and p.correlation < weak:
            found.append(Flag(p.one, p.other, p.correlation, "weak", p.chance))
    return tuple(sorted(found, key=lambda f: -abs(f.correlation)))


def redundant(index: Index, *, high: float = 0.9) -> tuple[Flag, ...]:
    """Indicators anywhere in the tree that say nearly the same."""
    found = [Flag(p.one, p.other, p.correlation, "redundant", p.chance)
             for p in across_indicators(index) if abs(p.correlation) >= high]  # fmt: skip
    return tuple(sorted(found, key=lambda f: -abs(f.correlation)))


def size_flags(data: Data, structure: Structure, *, high: float = 0.7) -> tuple[Flag, ...]:
    """Indicators that mostly tell how large a unit is, and might be divided by its size."""
    found = [Flag(p.one, p.other, p.correlation, "size", p.chance)
             for p in with_sizes(data, structure) if abs(p.correlation) >= high]  # fmt: skip
    return tuple(sorted(found, key=lambda f: -abs(f.correlation)))


def chance(correlations: Floats, counts: Floats) -> Floats:
    """Two-sided p of correlations over ``counts`` rows: I(1 - r²; (n - 2)/2, 1/2), the regularised
    incomplete beta function. NaN below three rows."""
    free = np.where(counts > 2, counts - 2.0, np.nan)
    return _beta_share(1 - correlations**2, free / 2, 0.5)


def _beta_share(x: Floats, a: Floats, b: float) -> Floats:
    """I(x; a, b) by Lentz's continued fraction (Press et al. 2007, section 6.4), where it is quick:
    below (a + 1)/(a + b + 2); else by symmetry."""
    x, a = (np.atleast_1d(np.asarray(v, dtype=float)) for v in np.broadcast_arrays(x, a))
    found = np.where(np.isnan(x) | np.isnan(a), np.nan, np.where(x > 0, 1.0, 0.0))
    inside = (x > 0) & (x < 1) & ~np.isnan(a)
    quick = inside & (x < (a + 1) / (a + b + 2))
    slow = inside & ~quick
    found[quick] = _fraction(x[quick], a[quick], np.full(int(quick.sum()), b))
    found[slow] = 1 - _fraction(1 - x[slow], np.full(int(slow.sum()), b), a[slow])
    return found


def _fraction(x: Floats, a: Floats, b: Floats) -> Floats:
    c, d = np.ones_like(x), 1 / _not_zero(1 - (a + b) * x / (a + 1))
    whole = d.copy()
    for m in range(1, TERMS):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / _not_zero(1 + step * d), _not_zero(1 + step / c)
            whole = whole * d * c
        if (np.abs(d * c - 1) < 1e-15).all():
            break
    return np.asarray(np.exp(a * np.log(x) + b * np.log1p(-x) - _log_beta(a, b)) * whole / a)


def _log_beta(a: Floats, b: Floats) -> Floats:
    from math import lgamma

    return np.array([lgamma(p) + lgamma(q) - lgamma(p + q) for p, q in zip(a, b, strict=True)])


def _not_zero(values: Floats) -> Floats:
    return np.where(np.abs(values) < TINY, TINY, values)


def _centred(values: Floats) -> tuple[Floats, Floats]:
    """Columns with mean 0 and standard deviation 1, 0 where one is missing; and 1 where it is
    there. A column that does not vary is 0 throughout."""
    there = ~np.isnan(values)
    n = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, values, 0.0).sum(axis=0) / n
    apart = np.where(there, values - mean, 0.0)
    spread = np.sqrt((apart * apart).sum(axis=0) / n)
    still = spread <= np.abs(mean) * 1e-14
    return np.where(still, 0.0, apart / np.where(still, 1.0, spread)), there.astype(float)


def _above(table: Data) -> Sequence[Pair]:
    """Pairs of different columns, each once."""
    place = {code: i for i, code in enumerate(table.columns)}
    return [p for p in pairs(table, table) if place[p.one] < place[p.other]]
