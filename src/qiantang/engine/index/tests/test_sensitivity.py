"""Sobol indices: exact by arithmetic, estimates that bracket what is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiantang.engine.index.factors import Factor, setting
from qiantang.engine.index.sensitivity import design, estimated, exact
from qiantang.engine.index.uncertainty import everything

STEPS = 16


def ishigami(combinations: np.ndarray) -> np.ndarray:
    """sin x + 7 sin² y + 0.1 z⁴ sin x at the middles of ``STEPS`` cells of [-π, π]."""
    x, y, z = (np.pi * (2 * (combinations + 0.5) / STEPS - 1)).T
    found: np.ndarray = np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
    return found


def cells(*names: str) -> list[Factor]:
    return [setting(name, "k", range(STEPS)) for name in names]


def ishigami_by_hand() -> tuple[list[float], list[float]]:
    """First and total indices from the moments of the grid: f = (1 + 0.1 z⁴) sin x + 7 sin² y."""
    grid = np.pi * (2 * (np.arange(STEPS) + 0.5) / STEPS - 1)
    sine, factor = np.sin(grid), 1 + 0.1 * grid**4
    alone_x = factor.mean() ** 2 * sine.var()
    alone_y = (7 * sine**2).var()
    together = factor.var() * (sine**2).mean()
    whole = alone_x + alone_y + together
    first = [alone_x / whole, alone_y / whole, 0.0]
    return first, [(alone_x + together) / whole, alone_y / whole, together / whole]


def test_exact_indices_of_a_known_function() -> None:
    first, total = ishigami_by_hand()
    found = exact(cells("x", "y", "z"), ishigami(everything(cells("x", "y", "z"))))
    np.testing.assert_allclose(found.first, first, atol=1e-12)
    np.testing.assert_allclose(found.total, total, atol=1e-12)


def test_estimates_cover_the_known_indices_as_often_as_they_say() -> None:
    """95 % intervals of 6 indices x 60 seeds: about 342 of 360 cover; 324 is 4 sigma away even
    if they were as dependent as three of each are."""
    truth = np.array(ishigami_by_hand())
    covered, apart = 0, []
    for seed in range(60):
        found = estimated(cells("x", "y", "z"), ishigami, count=512, seed=seed)
        for value, (low, high), true in zip(
            (found.first, found.total), (found.first_bounds, found.total_bounds), truth,
            strict=True,
        ):  # fmt: skip
            covered += int(((low <= true) & (true <= high)).sum())
            apart.append(value - true)
    assert covered >= 324
    assert np.abs(np.mean(apart)) < 0.01
    assert np.std(apart) < 0.06


def test_an_output_that_fails_spoils_no_other() -> None:
    def outputs(combinations: np.ndarray) -> np.ndarray:
        good = ishigami(combinations)
        broken = np.where(combinations[:, 0] == 3, np.nan, good)
        return np.stack([good, broken, np.full(len(good), np.nan)], axis=1)

    factors = cells("x", "y", "z")
    found = estimated(factors, outputs, count=512, seed=3)
    alone = estimated(factors, ishigami, count=512, seed=3)
    np.testing.assert_allclose(found.first[:, 0], alone.first)
    assert not np.isnan(found.first[:, 1]).any()
    assert np.isnan(found.first[:, 2]).all()
    # A row is lost when A or B has the bad choice: 1 - (15/16)².
    np.testing.assert_allclose(found.lost, [0, 1 - (15 / 16) ** 2, 1], atol=0.02)


def test_what_never_moves_has_no_indices() -> None:
    for found in (
        exact(cells("x"), np.full(STEPS, 2.0)),
        estimated(cells("x"), lambda c: np.full(len(c), 2.0), count=64, seed=1),
    ):
        assert np.isnan(found.first).all()
        assert found.variance == pytest.approx(0)


def test_the_same_seed_gives_the_same_figures() -> None:
    factors = cells("x", "y", "z")
    np.testing.assert_array_equal(design(factors, 100, 1), design(factors, 100, 1))
    assert not np.array_equal(design(factors, 100, 1), design(factors, 100, 2))


def test_a_sample_takes_every_alternative_equally_often() -> None:
    """Latin hypercubes: 16 of 32 rows each, two rows for each of 16 alternatives."""
    sample = design(cells("x", "y"), 512, 7)[:512]
    for column in sample.T:
        assert (np.bincount(column, minlength=STEPS) == 32).all()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.permutations(range(3)))
def test_the_order_of_factors_does_not_matter(seed: int, order: list[int]) -> None:
    sizes = [2, 3, 4]
    factors = [setting(str(i), "k", range(n)) for i, n in enumerate(sizes)]
    outputs = np.random.default_rng(seed).normal(size=sizes)
    one = exact(factors, outputs.reshape(-1))
    turned = exact([factors[i] for i in order], outputs.transpose(order).reshape(-1))
    np.testing.assert_allclose(turned.first, one.first[order])
    np.testing.assert_allclose(turned.total, one.total[order])


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_first_indices_never_exceed_total_ones_nor_add_up_to_more_than_all(seed: int) -> None:
    factors = [setting(str(i), "k", range(3)) for i in range(3)]
    found = exact(factors, np.random.default_rng(seed).normal(size=(27, 2)))
    assert (found.first <= found.total + 1e-12).all()
    assert (found.first.sum(axis=0) <= 1 + 1e-12).all()
    assert (found.total.sum(axis=0) >= 1 - 1e-12).all()


def test_many_outputs_are_the_same_as_one_at_a_time() -> None:
    factors = [setting("x", "k", [0, 1]), setting("y", "k", [0, 1, 2])]
    outputs = np.random.default_rng(2).normal(size=(6, 600))
    found = exact(factors, outputs)
    assert found.first.shape == (2, 600)
    np.testing.assert_allclose(found.total[:, 599], exact(factors, outputs[:, 599]).total)
