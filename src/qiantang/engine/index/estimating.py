"""Imputation under a normal model: expectation-maximisation and multiple imputation.

Dempster, Laird & Rubin (1977); Rubin (1987). Columns without any figure stay missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from qiantang.engine.index.data import Flags, Floats

RIDGE: Final = 0.01
"""Keeps the covariance solvable when there are more indicators than units."""
SETTLED: Final = 1e-8


def expected(values: Floats, rounds: int) -> Floats:
    """Every missing cell's expected value given the row's other cells."""
    return _on_known_columns(values, lambda scaled: _em(scaled, rounds)[0])


def drawn(values: Floats, rounds: int, draws: int, seed: int) -> Floats:
    """Mean of ``draws`` draws from the conditional distribution of what is missing."""

    def fill(scaled: Floats) -> Floats:
        estimate, covariance = _em(scaled, rounds)
        random = np.random.default_rng(seed)
        for row in np.flatnonzero(np.isnan(scaled).any(axis=1)):
            gap = np.isnan(scaled[row])
            rest = _rest(covariance, gap)
            noise = random.multivariate_normal(
                np.zeros(int(gap.sum())), (rest + rest.T) / 2, size=draws, check_valid="ignore"
            )
            estimate[row, gap] += noise.mean(axis=0)
        return estimate

    return _on_known_columns(values, fill)


def _on_known_columns(values: Floats, fill: Callable[[Floats], Floats]) -> Floats:
    there = ~np.isnan(values)
    known = there.any(axis=0)
    found = values.copy()
    part = values[:, known]
    if not part.size:
        return found
    centre, spread = np.nanmean(part, axis=0), np.nanstd(part, axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    found[:, known] = fill((part - centre) / spread) * spread + centre
    return found


def _em(scaled: Floats, rounds: int) -> tuple[Floats, Floats]:
    """Filled table and covariance of the normal model."""
    gaps = np.isnan(scaled)
    filled = np.where(gaps, 0.0, scaled)
    size = scaled.shape[1]
    mean, covariance = filled.mean(axis=0), _covariance(filled) + np.eye(size) * RIDGE
    for _ in range(rounds):
        before, extra = filled.copy(), np.zeros((size, size))
        for row in np.flatnonzero(gaps.any(axis=1)):
            gap = gaps[row]
            filled[row, gap] = mean[gap] + _pull(covariance, gap) @ (scaled[row, ~gap] - mean[~gap])
            extra[np.ix_(gap, gap)] += _rest(covariance, gap)
        mean = filled.mean(axis=0)
        covariance = _covariance(filled) + extra / len(filled) + np.eye(size) * RIDGE
        if np.abs(filled - before).max() < SETTLED:
            break
    return filled, covariance


def _covariance(values: Floats) -> Floats:
    apart = values - values.mean(axis=0)
    return np.asarray(apart.T @ apart / len(values))


def _pull(covariance: Floats, gap: Flags) -> Floats:
    """Regression of what is missing on what is there."""
    known = covariance[np.ix_(~gap, ~gap)]
    return np.asarray(np.linalg.solve(known, covariance[np.ix_(~gap, gap)]).T)


def _rest(covariance: Floats, gap: Flags) -> Floats:
    """Covariance of what is missing, given what is there."""
    return np.asarray(
        covariance[np.ix_(gap, gap)] - _pull(covariance, gap) @ covariance[np.ix_(~gap, gap)]
    )
