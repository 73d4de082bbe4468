"""Shares of a score, of a difference and of a change; panels; looking at the data."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiantang.engine.index import Data, analysing, build, explaining, panels, recipe_of
from qiantang.engine.index.errors import RecipeInvalid, UnitRepeated
from qiantang.engine.index.imputing import Imputation, impute
from qiantang.engine.index.tests.small import indicator, table, tree

THREE = tree(indicator("a", weight=2), indicator("b"), indicator("c", direction=-1))


def random_table(seed: int) -> Data:
    return table(dict(zip("abc", np.random.default_rng(seed).normal(size=(3, 8)), strict=True)))


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic", "mazziotta-pareto"])
@given(seed=st.integers(0, 10_000))
def test_shares_add_up_to_the_difference_for_every_mean(method: str, seed: int) -> None:
    recipe = recipe_of({"normalise": {"range": [1, 100]}, "aggregate": {"method": method}})
    index = build(random_table(seed), THREE, recipe)
    shares = explaining.difference(index, "A", "D")
    scores = index.score("Index")
    assert shares.values.sum() == pytest.approx(scores[3] - scores[0], abs=1e-6)
    assert shares.total == pytest.approx(scores[3] - scores[0])


def test_an_arithmetic_share_is_weight_times_movement() -> None:
    index = build(random_table(1), THREE, recipe_of({}))
    shares = explaining.difference(index, "B", "C")
    normalised = index.steps["normalised"].values
    np.testing.assert_allclose(
        shares.values, (normalised[2] - normalised[1]) * [0.5, 0.25, 0.25], atol=1e-6
    )


def test_what_only_one_side_has_is_told_apart() -> None:
    data = table({"a": [1, 5, 9], "b": [2, math.nan, 4], "c": [7, 3, 1]})
    shares = explaining.difference(build(data, THREE, recipe_of({})), "A", "B")
    assert shares.vanished == ("b",)
    assert shares.values.sum() + shares.regime == pytest.approx(shares.total, abs=1e-6)


def test_a_method_that_compares_units_has_no_shares() -> None:
    index = build(random_table(2), THREE, recipe_of({"aggregate": {"method": "copeland"}}))
    with pytest.raises(RecipeInvalid):
        explaining.difference(index, "A", "B")


def panel() -> Data:
    data = table({"a": [1, 2, 3, 6, 1, 9], "b": [4, 4, 4, 8, 2, 2], "c": [3, 2, 1, 1, 5, 5]})
    return Data(
        ("HZ", "HZ", "NB", "NB", "WZ", "WZ"), data.columns, data.values, times=(2017, 2016) * 3
    )


def test_a_panel_is_comparable_over_years_and_ranked_within_each() -> None:
    index = build(panel(), THREE, recipe_of({}))
    assert index.score("a").max() == 100
    assert np.sum(index.score("a") == 100) == 1
    ranks = index.rank("Index")
    assert sorted(ranks[[0, 2, 4]]) == [1, 2, 3]
    assert sorted(ranks[[1, 3, 5]]) == [1, 2, 3]


def test_a_base_year_fixes_the_posts_for_all_years() -> None:
    index = build(panel(), THREE, recipe_of({"panel": {"years": 2017}}))
    a = index.score("a")
    assert a[[0, 2, 4]].tolist() == [0, 100, 0]
    assert a[5] == 400


def test_a_trend_is_read_in_order_of_time_whatever_the_rows() -> None:
    trend = panels.trend(panel(), "NB", "a")
    assert trend.years == (2016, 2017)
    assert trend.values.tolist() == [6, 3]
    assert trend.growth == pytest.approx(-0.5)
    assert trend.slope == pytest.approx(-3)


def test_a_change_between_years_is_shared_out() -> None:
    index = build(panel(), THREE, recipe_of({}))
    shares = panels.changed(index, "NB", 2016, 2017)
    assert shares.values.sum() == pytest.approx(shares.total, abs=1e-6)


def test_a_unit_may_stand_once_a_year_only() -> None:
    with pytest.raises(UnitRepeated):
        replace(panel(), times=(2017,) * 6)


@pytest.mark.parametrize(("method", "expected"), [("linear", 20.0), ("last-value", 10.0)])
def test_panel_gaps_are_filled_from_the_units_own_years_in_any_order(
    method: str, expected: float
) -> None:
    data = Data(
        ("HZ", "NB", "HZ", "HZ", "NB"), ("a",),
        np.array([[30.0], [1.0], [math.nan], [10.0], [math.nan]]),
        times=(2018, 2016, 2017, 2016, 2017),
    )  # fmt: skip
    filled = impute(data, tree(indicator("a")), Imputation(method=method))
    assert filled.values[2, 0] == expected
    assert filled.filled[2, 0]
    last = filled.values[4, 0]
    assert last == 1.0 if method == "last-value" else math.isnan(last)


@pytest.mark.parametrize("method", ["row", "nearest", "em", "multiple", "mean", "median"])
def test_every_filled_cell_is_marked_and_no_other_changes(method: str) -> None:
    base = np.random.default_rng(3).normal(size=(10, 1))
    values = base + 0.1 * np.random.default_rng(4).normal(size=(10, 3))
    gappy = values.copy()
    gappy[2, 1] = np.nan
    data = Data(tuple("ABCDEFGHIJ"), ("a", "b", "c"), gappy)
    plain = tree(indicator("a"), indicator("b"), indicator("c"))
    filled = impute(data, plain, Imputation(method=method))
    assert filled.filled.sum() == 1
    assert not np.isnan(filled.values[2, 1])
    keep = ~filled.filled
    np.testing.assert_array_equal(filled.values[keep], gappy[keep])
    if method in ("row", "em", "multiple"):
        assert filled.values[2, 1] == pytest.approx(values[2, 1], abs=0.6)


def test_a_group_without_any_value_stays_missing() -> None:
    data = Data(
        ("A", "B", "C"), ("a",), np.array([[1.0], [math.nan], [math.nan]]),
        groups={"g": ("x", "x", "y")},
    )  # fmt: skip
    found = impute(data, tree(indicator("a")), Imputation(method="group-mean", group="g"))
    assert found.values[1, 0] == 1
    assert math.isnan(found.values[2, 0])
    assert not found.filled[2, 0]


def test_statistics_count_what_is_there() -> None:
    found = analysing.statistics(table({"a": [1, 2, math.nan, 0]}))[0]
    assert (found.count, found.zeros, found.availability) == (3, 1, 0.75)
    assert found.mean == pytest.approx(1)


def test_twins_and_opponents_in_a_group_are_flagged() -> None:
    a = np.random.default_rng(5).normal(size=8)
    index = build(table({"a": list(a), "b": list(a * 2), "c": list(a)}), THREE, recipe_of({}))
    kinds = {(f.one, f.other): f.kind for f in analysing.flags(index)}
    assert kinds[("a", "b")] == "redundant"
    assert kinds[("a", "c")] == "opposed"


def test_alpha_of_parallel_items_is_one() -> None:
    a = np.random.default_rng(6).normal(size=50)
    assert analysing.cronbach(np.stack([a, a, a], axis=1)) == pytest.approx(1)


def test_clusters_find_the_two_clouds() -> None:
    random = np.random.default_rng(8)
    values = np.concatenate([random.normal(size=(6, 2)), random.normal(size=(5, 2)) + 20])
    assert analysing.clusters(values, 2) == (0,) * 6 + (1,) * 5


def test_leaving_out_what_decides_moves_ranks_most() -> None:
    data = table({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4.2], "c": [4, 1, 3, 2]})
    plain = tree(indicator("a"), indicator("b"), indicator("c", weight=9))
    found = analysing.leave_out(data, plain, recipe_of({}))
    assert found[0].code == "c"
    assert found[0].shift > found[-1].shift
