"""Optimised weights: what is searched for is what the definition says, gaps or not."""

from __future__ import annotations

import numpy as np
import pytest

from qiantang.engine.index.optimising import balanced, informative


def influence(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """By the definition: correlation of each child with the weighted mean of what is there."""
    there = ~np.isnan(values)
    group = np.array([np.average(v[t], weights=weights[t]) for v, t in zip(values, there)])  # noqa: B905
    return np.array([np.corrcoef(v[t], group[t])[0, 1] for v, t in zip(values.T, there.T)])  # noqa: B905


def gappy(seed: int, children: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    values = 1000 + 5 * (random.normal(size=(40, 1)) + random.normal(size=(40, children)))
    values[random.random(values.shape) < 0.1] = np.nan
    return values[~np.isnan(values).all(axis=1)]


@pytest.mark.parametrize("children", [2, 3, 5])
def test_balance_gives_every_child_the_same_correlation_with_the_group(children: int) -> None:
    values = gappy(children, children)
    found = balanced(values)
    reached = influence(values, found.values)
    gap = np.abs(reached / reached.sum() - 1 / children).max()
    assert found.details["largest_gap"] == pytest.approx(gap, abs=1e-9)
    assert gap < 1e-6


def test_no_other_weights_carry_more_information() -> None:
    values = gappy(3, 4)
    found = informative(values)
    best = (influence(values, found.values) ** 2).mean()
    assert found.details["information"] == pytest.approx(best)
    for weights in np.random.default_rng(1).dirichlet(np.ones(4), size=300):
        assert (influence(values, weights) ** 2).mean() <= best + 1e-9
