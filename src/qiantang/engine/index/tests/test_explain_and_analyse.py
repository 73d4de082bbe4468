"""Shares of a score, of a difference and of a change; looking at the data."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiantang.engine.index import Data, Element, Structure, analysing, build, explaining, recipe_of
from qiantang.engine.index.errors import RecipeInvalid, UnitRepeated, UnitUnknown, ValueForbids
from qiantang.engine.index.imputing import Imputation, impute
from qiantang.engine.index.leaving_out import leave_out
from qiantang.engine.index.slopes import slopes
from qiantang.engine.index.tests.small import indicator, table, tree

THREE = tree(indicator("a", weight=2), indicator("b"), indicator("c", direction=-1))


def random_table(seed: int) -> Data:
    return table(dict(zip("abc", np.random.default_rng(seed).normal(size=(3, 8)), strict=True)))


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic", "mazziotta-pareto"])
@settings(deadline=None, max_examples=20)
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


def test_two_units_that_share_no_figure_differ_by_what_each_has_alone() -> None:
    data = table({"a": [1, math.nan, 9], "b": [math.nan, 3, 4], "c": [math.nan, 5, 1]})
    shares = explaining.difference(build(data, THREE, recipe_of({})), "A", "B")
    assert (shares.values == 0).all()
    assert (shares.appeared, shares.vanished) == (("b", "c"), ("a",))


@pytest.mark.parametrize("method", ["copeland", "topsis", "outranking"])
@pytest.mark.parametrize("gap", [False, True])
def test_where_units_are_compared_the_others_part_is_told_apart(method: str, gap: bool) -> None:
    data = random_table(2)
    if gap:
        data.values[3, 1] = np.nan
    index = build(data, THREE, recipe_of({"aggregate": {"method": method}}))
    shares = explaining.difference(index, "A", "D")
    scores = index.score("Index")
    assert shares.way == "orders"
    assert shares.total == pytest.approx(scores[3] - scores[0])
    assert shares.values.sum() + shares.regime + shares.rest == pytest.approx(shares.total)
    assert shares.vanished == (("b",) if gap else ())


def test_a_row_alone_has_no_score_where_units_are_compared() -> None:
    index = build(random_table(2), THREE, recipe_of({"aggregate": {"method": "copeland"}}))
    with pytest.raises(RecipeInvalid, match="copeland"):
        explaining.between(index, np.zeros(3), np.ones(3))
    with pytest.raises(RecipeInvalid, match="copeland"):
        explaining.composition(index, "A")


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_a_median_is_shared_out_in_orders_that_add_up(seed: int) -> None:
    index = build(random_table(seed), THREE, recipe_of({"aggregate": {"method": "median"}}))
    shares = explaining.difference(index, "A", "D")
    scores = index.score("Index")
    assert shares.way == "orders"
    assert shares.values.sum() == pytest.approx(scores[3] - scores[0], abs=1e-9)


@pytest.mark.parametrize(
    "aggregate",
    [{"method": m} for m in ("arithmetic", "geometric", "harmonic", "mazziotta-pareto")]
    + [{"method": "generalised", "power": p} for p in (-2.0, 0.0, 0.5, 3.0)],
)
def test_a_score_is_made_of_parts_that_add_up_to_it(aggregate: dict[str, object]) -> None:
    told = {"normalise": {"range": [1, 100]}, "aggregate": aggregate}
    index = build(random_table(4), THREE, recipe_of(told))
    for row, unit in enumerate(index.scores.units):
        parts = explaining.composition(index, unit)
        assert parts.values.sum() == pytest.approx(index.score("Index")[row])


def test_slopes_are_those_of_the_score() -> None:
    """Against differences, in a tree of two levels with a method for each group."""
    structure = Structure(
        (
            Element("a", "a", 1, "P", 2.0), Element("b", "b", 1, "P"), Element("c", "c", 1, "P", 0),
            Element("P", "P", 2, "Top"), Element("d", "d", 1, "Top", 3.0), Element("Top", "Top", 3),
        )
    )  # fmt: skip
    data = table(dict(zip("abcd", np.random.default_rng(1).normal(size=(4, 6)), strict=True)))
    told = {
        "normalise": {"range": [1, 10]},
        "aggregate": {"method": "mazziotta-pareto", "group": {"P": {"method": "geometric"}}},
    }
    index = build(data, structure, recipe_of(told))
    here = np.array([[3.0, 5.0, 2.0, 7.0]])
    found = slopes(index, here, "Top")[0]
    for place in range(4):
        step = np.eye(4)[place] * 1e-5
        ends = explaining.between(index, here[0] - step, here[0] + step)
        assert found[place] == pytest.approx(ends.total / 2e-5, abs=1e-6)


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "median"])
def test_units_with_nothing_in_common_differ_by_what_they_have(method: str) -> None:
    nan = math.nan
    data = table({"a": [1, nan, 9], "b": [nan, 4, 2], "c": [3, nan, 1]})
    told = {"normalise": {"range": [1, 100]}, "aggregate": {"method": method}}
    index = build(data, THREE, recipe_of(told))
    shares = explaining.difference(index, "A", "B")
    assert not shares.values.any()
    assert shares.regime == shares.total == pytest.approx(np.diff(index.score("Index")[:2])[0])
    assert (shares.appeared, shares.vanished) == (("b",), ("a", "c"))


def test_ties_among_strengths_go_to_what_weighs_more() -> None:
    data = table({"a": [3, 1, 2], "b": [3, 1, 2], "c": [1, 3, 2]})
    index = build(data, THREE, recipe_of({}))
    best, worst = explaining.strengths(index, "A", count=2)
    assert best == [("a", 1), ("b", 1)]
    assert worst == [("a", 1), ("b", 1)]
    assert explaining.strengths(index, "B")[1] == [("a", 3), ("b", 3), ("c", 3)]


@pytest.mark.parametrize(
    ("typed", "meant"), [("ningbo", "NB"), ("Ningpo", "NB"), ("nb", "NB"), ("Hang", "HZ")]
)
def test_an_unknown_unit_is_refused_with_what_was_meant(typed: str, meant: str) -> None:
    data = Data(("HZ", "NB", "WZ"), ("a", "b", "c"), np.arange(9.0).reshape(3, 3),
                ("Hangzhou", "Ningbo", "Wenzhou"))  # fmt: skip
    index = build(data, THREE, recipe_of({}))
    with pytest.raises(UnitUnknown) as caught:
        explaining.contributions(index, typed)
    assert caught.value.fields["expected"].split(", ")[0] == meant


def test_codes_with_dots_and_x_are_only_names() -> None:
    data = table({"gdp.x": [1, 2, 3], "x": [3, 1, 2], "gdp": [1, 1, 4]})
    plain = tree(indicator("gdp.x"), indicator("x"), indicator("gdp"))
    shares = explaining.difference(build(data, plain, recipe_of({})), "A", "C")
    assert shares.codes == ("gdp.x", "x", "gdp")
    assert {w.code for w in leave_out(data, plain, recipe_of({}))} == {"gdp.x", "x", "gdp"}


def test_a_unit_may_stand_once_a_year_only() -> None:
    with pytest.raises(UnitRepeated):
        Data(("A", "A"), ("a",), np.zeros((2, 1)), times=(2017, 2017))


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


def test_alpha_of_parallel_items_is_one() -> None:
    a = np.random.default_rng(6).normal(size=50)
    assert analysing.cronbach(np.stack([a, a, a], axis=1)) == pytest.approx(1)


def test_clusters_find_the_two_clouds() -> None:
    random = np.random.default_rng(8)
    values = np.concatenate([random.normal(size=(6, 2)), random.normal(size=(5, 2)) + 20])
    assert analysing.clusters(values, 2) == (0,) * 6 + (1,) * 5


def test_alpha_is_found_for_every_group() -> None:
    assert set(analysing.alphas(build(random_table(3), THREE, recipe_of({})))) == {"Index"}


def test_alpha_keeps_its_digits_at_a_large_mean() -> None:
    a = np.random.default_rng(6).normal(size=(50, 3))
    assert analysing.cronbach(a + 1e9) == pytest.approx(analysing.cronbach(a), abs=1e-5)


def test_clusters_are_those_of_merging_by_the_centres() -> None:
    """Against the definition: always join the two clusters whose joint spread grows least."""
    values = np.random.default_rng(9).normal(size=(14, 3))
    groups = [[row] for row in range(len(values))]

    def spread(rows: list[int]) -> float:
        return float(((values[rows] - values[rows].mean(axis=0)) ** 2).sum())

    while len(groups) > 4:
        cost = {(i, j): spread(groups[i] + groups[j]) - spread(groups[i]) - spread(groups[j])
                for i in range(len(groups)) for j in range(i + 1, len(groups))}  # fmt: skip
        i, j = min(cost, key=cost.__getitem__)
        groups[i] += groups.pop(j)
    found = analysing.clusters(values, 4)
    assert {frozenset(g) for g in groups} == {
        frozenset(r for r, c in enumerate(found) if c == k) for k in range(4)
    }


def test_clusters_of_a_table_with_gaps_are_refused() -> None:
    with pytest.raises(ValueForbids, match="#2"):
        analysing.clusters(np.array([[1.0], [math.nan]]), 1)


def test_components_of_twins_are_one() -> None:
    a = np.random.default_rng(7).normal(size=20)
    found = analysing.components(table({"a": list(a[:10]), "b": list(a[:10] * 3), "c": [1] * 10}))
    assert found.shares[0] == pytest.approx(2 / 3)
    np.testing.assert_allclose(found.loadings[:, 0], [1, 1, 0], atol=1e-12)


def test_availability_is_told_per_unit_and_group() -> None:
    found = analysing.availability(table({"a": [1, 2], "b": [math.nan, 4], "c": [7, 3]}), THREE)
    assert (found[0].unit, found[0].share) == ("A", pytest.approx(2 / 3))
    assert found[1].groups == {"Index": 1.0}
