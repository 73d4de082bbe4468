"""What must hold for any data: units of measure, directions, order of rows and columns, monotony,
weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiantang.engine.index import Data, Element, Structure, build, recipe_of
from qiantang.engine.index.group_weights import FROM_DATA

CODES = ("a", "b", "c", "d")
MEANS = ("arithmetic", "geometric", "harmonic", "generalised", "median", "mazziotta-pareto")
COMPARING = ("topsis", "copeland", "outranking", "kemeny-young", "benefit-of-the-doubt")
seeds = st.integers(0, 2**32 - 1)


def tree(order: tuple[int, ...] = (0, 1, 2, 3), turned: str = "") -> Structure:
    indicators = [
        Element(c, c, 1, "P" if c in "ab" else "Q", weight=n + 1.0,
                direction=-1 if c in turned else 1)
        for n, c in enumerate(CODES)
    ]  # fmt: skip
    groups = (Element("P", "P", 2, "I", weight=2), Element("Q", "Q", 2, "I"), Element("I", "I", 3))
    return Structure((*(indicators[i] for i in order), *groups))


def figures(seed: int, gaps: bool = False) -> Data:
    random = np.random.default_rng(seed)
    values = random.lognormal(size=(9, 4)) + random.integers(0, 3, size=(9, 1))
    if gaps:
        values[random.random(values.shape) < 0.15] = np.nan
    return Data(tuple("ABCDEFGHI"), CODES, values)


def scores(data: Data, structure: Structure, told: dict[str, object]) -> np.ndarray:
    scale: dict[str, object] = {"range": [1, 100]}
    if told.get("aggregate") == {"method": "mazziotta-pareto"}:
        scale = {"method": "z-score", "mean": 100, "sd": 10}
    return build(data, structure, recipe_of({"normalise": scale, **told})).score("I")


@pytest.mark.parametrize("method", MEANS)
@given(seed=seeds, factor=st.floats(1e-6, 1e6), shift=st.floats(-1e3, 1e3))
def test_no_mean_knows_the_unit_of_measure(
    method: str, seed: int, factor: float, shift: float
) -> None:
    data, told = figures(seed, gaps=True), {"aggregate": {"method": method}}
    other = data.values.copy()
    other[:, 1] = other[:, 1] * factor + shift * factor
    np.testing.assert_allclose(
        scores(data.with_values(other), tree(), told), scores(data, tree(), told), rtol=1e-5
    )


@pytest.mark.parametrize("method", ["min-max", "z-score", "distance-to-best", "percentile-rank",
                                    "rank", "borda"])  # fmt: skip
@given(seed=seeds)
def test_turning_figures_and_direction_together_changes_nothing(method: str, seed: int) -> None:
    data, told = figures(seed, gaps=True), {"normalise": {"method": method}}
    other = data.values * np.array([1, -1, 1, -1])
    np.testing.assert_allclose(
        scores(data.with_values(other), tree(turned="bd"), told), scores(data, tree(), told),
        atol=1e-9,
    )  # fmt: skip


@pytest.mark.parametrize("method", ["min-max", "percentile-rank"])
@given(seed=seeds)
def test_turning_every_direction_turns_the_scores(method: str, seed: int) -> None:
    data = Data(tuple("ABCDEFGHI"), CODES, figures(seed).values)
    told = {"normalise": {"method": method, "range": [0, 100]}}
    np.testing.assert_allclose(
        scores(data, tree(turned="abcd"), told), 100 - scores(data, tree(), told), atol=1e-9
    )


@pytest.mark.parametrize("method", [*MEANS, *COMPARING])
@given(seed=seeds, rows=st.permutations(range(9)), columns=st.permutations(range(4)))
def test_no_method_knows_the_order_of_rows_and_columns(
    method: str, seed: int, rows: list[int], columns: list[int]
) -> None:
    data, told = figures(seed), {"aggregate": {"method": method}}
    mixed = Data(
        tuple(data.units[r] for r in rows), tuple(CODES[c] for c in columns),
        data.values[np.ix_(rows, columns)],
    )  # fmt: skip
    np.testing.assert_allclose(
        scores(mixed, tree(tuple(columns)), told), scores(data, tree(), told)[rows], atol=1e-7
    )


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic", "generalised", "median"])
@given(seed=seeds, row=st.integers(0, 8), gain=st.floats(0, 50))
def test_a_better_figure_never_lowers_its_unit(
    method: str, seed: int, row: int, gain: float
) -> None:
    data = figures(seed)
    told = {"normalise": {"method": "goalposts", "posts": [-1, 60], "range": [1, 100]},
            "aggregate": {"method": method, "power": 3.0}}  # fmt: skip
    better = data.values.copy()
    better[row, 2] += gain
    before = scores(data, tree(), told)
    after = scores(data.with_values(better), tree(), told)
    assert after[row] >= before[row] - 1e-9
    others = np.arange(9) != row
    np.testing.assert_allclose(after[others], before[others])


@pytest.mark.parametrize("method", [*MEANS, "topsis", "copeland", "outranking", "kemeny-young"])
@given(seed=seeds, factor=st.floats(0.001, 1000))
def test_only_proportions_of_weights_count(method: str, seed: int, factor: float) -> None:
    data, told = figures(seed), {"aggregate": {"method": method}}
    scaled = {**told, "weigh": {c: (n + 1) * factor for n, c in enumerate(CODES)}}
    np.testing.assert_allclose(
        scores(data, tree(), scaled), scores(data, tree(), told), rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("method", [m for m in FROM_DATA if m not in ("balance", "information")])
@given(seed=seeds, rows=st.permutations(range(9)))
def test_computed_weights_do_not_depend_on_the_order_of_units(
    method: str, seed: int, rows: list[int]
) -> None:
    data, told = figures(seed), {"weigh": {"method": method}}
    mixed = Data(tuple(data.units[r] for r in rows), CODES, data.values[rows])
    np.testing.assert_allclose(
        scores(mixed, tree(), told), scores(data, tree(), told)[rows], atol=1e-6
    )


@given(seed=seeds)
def test_scores_lie_between_the_worst_and_the_best_child(seed: int) -> None:
    for method in ("arithmetic", "geometric", "harmonic", "median"):
        told = recipe_of({"normalise": {"range": [1, 100]}, "aggregate": {"method": method}})
        index = build(figures(seed, gaps=True), tree(), told)
        children = np.stack([index.score("P"), index.score("Q")], axis=1)
        there = ~np.isnan(children).all(axis=1)
        low, high = np.nanmin(children[there], axis=1), np.nanmax(children[there], axis=1)
        assert (index.score("I")[there] >= low - 1e-9).all()
        assert (index.score("I")[there] <= high + 1e-9).all()


@given(seed=seeds)
def test_imputation_changes_no_figure_that_is_there(seed: int) -> None:
    data = figures(seed, gaps=True)
    for method in ("mean", "median", "row", "nearest", "em", "multiple"):
        index = build(data, tree(), recipe_of({"impute": {"method": method}}))
        assert index.imputed is not None
        there = ~np.isnan(data.values)
        np.testing.assert_array_equal(index.imputed.values[there], data.values[there])
        assert not index.imputed.filled[there].any()
