"""Uncertainty and sensitivity: the public example exactly, small spaces by arithmetic."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from qiantang.engine.index import build, read_data, read_structure, recipe_of, robustness
from qiantang.engine.index.sensitivity import estimated, exact
from qiantang.engine.index.tests.small import indicator, table, tree
from qiantang.engine.index.uncertainty import (
    Alternative,
    Factor,
    compute,
    drawn,
    everything,
    noisy_weights,
    ranks_of,
    setting,
)

COLLECTION = os.environ.get("QIANTANG_COLLECTION") or Path(__file__).parents[6] / "shared"
ASEM = Path(COLLECTION) / "data" / "asem"
BASE = {
    "impute": {"method": "group-mean", "group": "EurAsia_group"},
    "screen": {"data_share": 0.9},
    "treat": {"points": 5},
    "normalise": {"method": "min-max", "range": [0, 100]},
}


def published_factors() -> list[Factor]:
    sets: dict[str, dict[str, float]] = {}
    weights = ASEM / "expected_steps" / "noisy_weights_100sets_levels2to4.csv"
    with weights.open(encoding="utf-8") as source:
        for row in csv.DictReader(source):
            sets.setdefault(row["set"], {})[row["iCode"]] = float(row["Weight"])
    shifted = {"normalise": {"method": "min-max", "range": [1, 100]}}
    standard = {"normalise": {"method": "z-score", "mean": 10.0, "sd": 2.0}}
    return [
        setting("Winmax", "treat.points", [1, 2, 3, 4, 5]),
        Factor("Normalisation", (Alternative("min-max", shifted), Alternative("z", standard))),
        Factor("Weights", tuple(Alternative(k, weights=w) for k, w in sets.items())),
        setting("Aggregation", "aggregate.method", ["arithmetic", "geometric"]),
    ]


@pytest.mark.skipif(not ASEM.is_dir(), reason="the public example is not beside the repository")
def test_exact_indices_of_the_public_example_agree() -> None:
    structure = read_structure(ASEM / "iMeta.csv")
    data = read_data(ASEM / "iData.csv", structure)
    nominal = build(data, structure, recipe_of(BASE))
    rank = dict(zip(nominal.scores.units, nominal.rank("Index"), strict=True))
    factors = published_factors()
    runs = compute(data, structure, BASE, factors, everything(factors))
    at = np.array([rank.get(unit, np.nan) for unit in runs.units])
    found = exact(factors, robustness.rank_shift(runs, at))
    with (ASEM / "expected_steps" / "exact_sobol_full_factorial.csv").open() as source:
        for place, row in enumerate(csv.DictReader(source)):
            assert found.factors[place] == row["Variable"]
            assert found.first[place] == pytest.approx(float(row["Si"]), abs=1e-9)
            assert found.total[place] == pytest.approx(float(row["STi"]), abs=1e-9)


def two_pillars() -> tuple[object, object]:
    data = table({"a": [1, 2, 3, 4], "b": [4, 1, 3, 2], "c": [2, 2, 1, 4]})
    return data, tree(indicator("a"), indicator("b"), indicator("c"))


def test_one_pass_over_weight_sets_equals_building_each() -> None:
    data, structure = two_pillars()
    factors = [
        noisy_weights("Weights", structure, 0.5, sets=7, seed=3),  # type: ignore[arg-type]
        setting("Normalisation", "normalise.method", ["min-max", "z-score", "percentile-rank"]),
    ]
    combinations = everything(factors)
    runs = compute(data, structure, {}, factors, combinations)  # type: ignore[arg-type]
    for row, (weights, method) in enumerate(combinations):
        recipe = recipe_of(
            {
                "normalise": factors[1].alternatives[method].recipe["normalise"],
                "weigh": factors[0].alternatives[weights].weights,
            }
        )
        one = build(data, structure, recipe).score("Index")  # type: ignore[arg-type]
        np.testing.assert_allclose(runs.scores[row], one, atol=1e-12)


def test_a_combination_that_cannot_be_made_is_listed_with_its_reason() -> None:
    data, structure = two_pillars()
    factors = [setting("Aggregation", "aggregate.method", ["arithmetic", "geometric"])]
    runs = compute(data, structure, {}, factors, everything(factors))  # type: ignore[arg-type]
    assert list(runs.failed) == [1]
    assert "几何平均" in runs.failed[1].zh
    assert np.isnan(runs.ranks[1]).all()
    assert not np.isnan(runs.ranks[0]).any()


def test_exact_indices_of_a_sum_split_its_variance() -> None:
    factors = [setting("x", "k", [0, 1]), setting("y", "k", [0, 2]), setting("z", "k", [0, 0])]
    space = everything(factors)
    output = space[:, 0] * 1.0 + space[:, 1] * 2.0
    found = exact(factors, output)
    np.testing.assert_allclose(found.first, [0.2, 0.8, 0.0])
    np.testing.assert_allclose(found.total, [0.2, 0.8, 0.0])


def test_a_pure_interaction_shows_in_the_total_alone() -> None:
    factors = [setting("x", "k", [-1, 1]), setting("y", "k", [-1, 1])]
    space = everything(factors) * 2.0 - 1
    found = exact(factors, space[:, 0] * space[:, 1])
    np.testing.assert_allclose(found.first, [0, 0], atol=1e-12)
    np.testing.assert_allclose(found.total, [1, 1])


def test_the_estimator_comes_near_the_exact_indices_and_brackets_them() -> None:
    factors = [setting("x", "k", range(4)), setting("y", "k", range(4)), setting("z", "k", [0, 1])]

    def output(c: np.ndarray) -> np.ndarray:
        return c[:, 0] + 2.0 * c[:, 1] + 3.0 * c[:, 0] * c[:, 2]

    true = exact(factors, output(everything(factors)))
    found = estimated(factors, output, count=4000, seed=5)
    np.testing.assert_allclose(found.first, true.first, atol=0.05)
    np.testing.assert_allclose(found.total, true.total, atol=0.05)
    assert (found.total_bounds[0] - 0.02 <= true.total).all()
    assert (true.total <= found.total_bounds[1] + 0.02).all()


def test_the_same_seed_draws_the_same_combinations() -> None:
    factors = [setting("x", "k", range(9)), setting("y", "k", range(9))]
    np.testing.assert_array_equal(drawn(factors, 50, 1), drawn(factors, 50, 1))
    assert not np.array_equal(drawn(factors, 50, 1), drawn(factors, 50, 2))


def test_ranks_share_the_smaller_place_of_a_tie() -> None:
    assert ranks_of(np.array([[3.0, 5.0, 3.0, 1.0]])).tolist() == [[2, 1, 2, 4]]


def test_who_is_above_whom_and_how_likely_each_place_is() -> None:
    data, structure = two_pillars()
    weights = Factor(
        "Weights", (Alternative("a", weights={"b": 0, "c": 0}), Alternative("b", weights={"a": 0}))
    )
    runs = compute(data, structure, {}, [weights], everything([weights]))  # type: ignore[arg-type]
    wins = robustness.above(runs)
    np.testing.assert_allclose(wins + wins.T, 1)
    places = robustness.acceptability(runs)
    np.testing.assert_allclose(places.sum(axis=1), 1)
    ranges = robustness.rank_ranges(runs, runs.ranks[0])
    assert (ranges.best <= ranges.median).all()
    assert (ranges.median <= ranges.worst).all()


def test_what_could_not_be_made_is_left_out_of_the_shares() -> None:
    factors = [setting("x", "k", [0, 1]), setting("y", "k", [0, 1, 2])]
    space = everything(factors)
    output = space[:, 0] * 1.0
    output[space[:, 1] == 2] = np.nan
    found = exact(factors, output)
    np.testing.assert_allclose(found.first, [1, 0], atol=1e-12)
    np.testing.assert_allclose(found.total, [1, 0], atol=1e-12)


def test_a_range_is_the_start_and_one_end_may_be_moved() -> None:
    assert recipe_of({"normalise": {"range": [0, 100], "low": 1.0}}).normalise.low == 1.0
