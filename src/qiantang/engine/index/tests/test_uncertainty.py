"""Uncertainty and sensitivity: the public example exactly, small spaces by arithmetic."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiantang.engine.index import Data, build, read_data, read_structure, recipe_of, robustness
from qiantang.engine.index.factors import (
    Alternative,
    CellError,
    Factor,
    any_weights,
    data_errors,
    disturbed,
    left_out,
    noisy_weights,
    setting,
)
from qiantang.engine.index.leaving_out import pruned
from qiantang.engine.index.sensitivity import exact
from qiantang.engine.index.tests.small import indicator, table, tree
from qiantang.engine.index.uncertainty import compute, drawn, everything, ranks_of

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


GEOMETRIC = setting("Aggregation", "aggregate.method", ["arithmetic", "geometric"])


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
                "weigh": factors[0].alternatives[weights].noise,
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


def test_the_same_seed_draws_the_same_combinations() -> None:
    factors = [setting("x", "k", range(9)), setting("y", "k", range(9))]
    np.testing.assert_array_equal(drawn(factors, 50, 1), drawn(factors, 50, 1))
    assert not np.array_equal(drawn(factors, 50, 1), drawn(factors, 50, 2))


def test_ranks_share_the_smaller_place_of_a_tie() -> None:
    assert ranks_of(np.array([[3.0, 5.0, 3.0, 1.0]])).tolist() == [[2, 1, 2, 4]]


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


def test_only_the_weight_sets_that_cannot_be_computed_fail() -> None:
    """A geometric mean refuses the zero of an indicator that weighs something, and no other."""
    data, structure = two_pillars()
    weights = Factor(
        "Weights",
        (
            Alternative("a", weights={"b": 0, "c": 0}),
            Alternative("none", weights=dict.fromkeys("abc", 0)),
            Alternative("shifted", weights={"a": 0, "b": 0}),
        ),
    )  # fmt: skip
    shift = Factor("Shift", (Alternative("c", {"normalise": {"only": {"c": {"low": 1.0}}}}),))
    space = everything([weights, GEOMETRIC, shift])
    runs = compute(data, structure, {}, [weights, GEOMETRIC, shift], space)  # type: ignore[arg-type]
    assert {tuple(runs.choices(k).values())[:2] for k in runs.failed} == {
        ("a", "geometric"), ("none", "arithmetic"), ("none", "geometric"),
    }  # fmt: skip
    assert runs.made.sum() == 3
    assert not np.isnan(runs.ranks[runs.made]).any()


def test_what_each_combination_did_can_be_read_and_built_again() -> None:
    data, structure = two_pillars()
    told = {"normalise": {"range": [1, 100]}, "treat": {"points": 1}}
    factors = [
        GEOMETRIC, any_weights("Weights", structure, sets=3, seed=3),  # type: ignore[arg-type]
        Factor("Treatment", (Alternative("yes"), Alternative("no", {"treat": False}))),
    ]  # fmt: skip
    runs = compute(data, structure, told, factors, everything(factors))  # type: ignore[arg-type]
    assert runs.choices(7) == {"Aggregation": "geometric", "Weights": "Weights 1",
                               "Treatment": "no"}  # fmt: skip
    for k in range(len(runs.combinations)):
        again = build(data, structure, recipe_of(runs.recipe(k))).score("Index")  # type: ignore[arg-type]
        np.testing.assert_allclose(runs.scores[k], again, atol=1e-12)
    assert "treat" not in runs.recipe(7)


def test_a_weight_set_by_the_recipe_counts() -> None:
    data, structure = two_pillars()
    factors = [setting("Weight of a", "weigh.a", [0, 1, 5])]
    runs = compute(data, structure, {}, factors, everything(factors))  # type: ignore[arg-type]
    for k, weight in enumerate([0, 1, 5]):
        one = build(data, structure, recipe_of({"weigh": {"a": weight}}))  # type: ignore[arg-type]
        np.testing.assert_allclose(runs.scores[k], one.score("Index"))


@pytest.mark.parametrize("imputation", ["mean", "em"])
def test_leaving_out_is_the_same_as_building_without(imputation: str) -> None:
    data, structure = two_pillars()
    data.values[0, 1] = np.nan  # type: ignore[attr-defined]
    told = {"impute": {"method": imputation}, "screen": {"data_share": 0.6}}
    factors = [left_out("out", ["b", "c"]), setting("points", "normalise.method",
                                                    ["min-max", "z-score"])]  # fmt: skip
    runs = compute(data, structure, told, factors, everything(factors))  # type: ignore[arg-type]
    for k in range(len(runs.combinations)):
        recipe = runs.recipe(k)
        less = pruned(structure, recipe.pop("leave_out", []))  # type: ignore[arg-type]
        one = build(data, less, recipe_of(recipe))  # type: ignore[arg-type]
        at = dict(zip(one.scores.units, one.score("Index"), strict=True))
        np.testing.assert_allclose(runs.scores[k], [at.get(u, np.nan) for u in runs.units])


def test_figures_err_by_their_own_sizes_and_by_the_unit_of_measure() -> None:
    data = Data(
        tuple(f"U{n}" for n in range(4000)), ("a", "b"),
        np.stack([np.full(4000, 50.0), np.full(4000, 2.0)], axis=1),
    )  # fmt: skip
    factor = data_errors("err", {"a": CellError(0.1), "b": CellError(0.5, 2.0)}, sets=2, seed=9)
    one, other = (disturbed(data, a).values for a in factor.alternatives)
    assert one[:, 0].std() == pytest.approx(5, rel=0.05)
    assert one[:, 1].std() == pytest.approx(5**0.5, rel=0.05)
    assert abs(np.corrcoef(one[:, 0], other[:, 0])[0, 1]) < 0.1
    np.testing.assert_array_equal(one, disturbed(data, factor.alternatives[0]).values)


@pytest.mark.parametrize("kind", ["errors", "without"])
def test_the_number_of_workers_does_not_matter(kind: str) -> None:
    data, structure = two_pillars()
    early = {
        "errors": data_errors("err", {"a": CellError(0.2)}, sets=5, seed=1),
        "without": left_out("out", ["a", "b"]),
    }[kind]
    factors = [early, noisy_weights("w", structure, 0.5, sets=4, seed=1), GEOMETRIC]  # type: ignore[arg-type]
    space = everything(factors)
    told: list[tuple[int, int]] = []
    one = compute(data, structure, {}, factors, space,  # type: ignore[arg-type]
                  progress=lambda done, of: told.append((done, of)))  # fmt: skip
    two = compute(data, structure, {}, factors, space, workers=2)  # type: ignore[arg-type]
    np.testing.assert_array_equal(one.scores, two.scores)
    assert one.failed == two.failed
    assert told[-1] == (len(space), len(space))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.permutations(range(5)))
def test_the_order_of_units_does_not_matter(seed: int, order: list[int]) -> None:
    values = np.random.default_rng(seed).normal(size=(5, 3)).round(1)
    structure = tree(indicator("a"), indicator("b"), indicator("c"))
    factors = [
        setting("scale", "normalise.method", ["min-max", "rank"]),
        noisy_weights("w", structure, 0.9, sets=4, seed=seed),
    ]
    data = Data(tuple("ABCDE"), tuple("abc"), values)
    turned = Data(tuple("ABCDE"[i] for i in order), tuple("abc"), values[order])
    space = everything(factors)
    one = compute(data, structure, {}, factors, space)
    other = compute(turned, structure, {}, factors, space)
    np.testing.assert_array_equal(one.ranks[:, order], other.ranks)


def test_equal_weight_sets_mean_no_variance() -> None:
    data, structure = two_pillars()
    same = Factor("w", tuple(Alternative(str(k), weights=dict.fromkeys("abc", 0.5)) for k in "123"))
    runs = compute(data, structure, {}, [same], everything([same]))  # type: ignore[arg-type]
    found = exact([same], runs.ranks)
    assert (found.variance == 0).all()
    assert np.isnan(found.total).all()


def test_a_part_of_the_tree_is_computed_on_its_own() -> None:
    data, structure = two_pillars()
    factors = [setting("scale", "normalise.method", ["min-max", "z-score"])]
    runs = compute(data, structure, {}, factors, everything(factors), element="a")  # type: ignore[arg-type]
    assert runs.ranks.tolist() == [[4, 3, 2, 1]] * 2


@pytest.mark.parametrize("weigh", [{"a": 3.0, "b": 2.0}, {"method": "entropy"}])
def test_noise_multiplies_weights_however_they_were_found(weigh: dict[str, object]) -> None:
    data, structure = two_pillars()
    told = {"weigh": weigh, "normalise": {"range": [1, 100]}}
    noise = noisy_weights("noise", structure, 0.5, sets=4, seed=2)  # type: ignore[arg-type]
    runs = compute(data, structure, told, [noise], everything([noise]))  # type: ignore[arg-type]
    plain = build(data, structure, recipe_of(told))  # type: ignore[arg-type]
    for k in range(4):
        factors = runs.recipe(k)["weigh_noise"]
        moved = {code: plain.weights[code] * factor for code, factor in factors.items()}
        one = build(data, structure, recipe_of({**told, "weigh": moved}))  # type: ignore[arg-type]
        np.testing.assert_allclose(runs.scores[k], one.score("Index"), atol=1e-12)
