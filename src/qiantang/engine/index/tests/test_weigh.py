"""Weights by every method, against arithmetic and published figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiantang.engine.index import Element, Structure, weighing
from qiantang.engine.index.errors import WeightsUnfit
from qiantang.engine.index.optimising import balanced, benefit_of_the_doubt, informative
from qiantang.engine.index.searching import Influence, search

RANDOM = np.random.default_rng(11)


def test_entropy_gives_nothing_to_what_is_the_same_everywhere() -> None:
    found = weighing.entropy(np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]]))
    np.testing.assert_allclose(found.values, [1, 0], atol=1e-12)


def test_critic_prefers_contrast_that_no_other_indicator_has() -> None:
    a = RANDOM.normal(size=200)
    values = np.stack([a, a + 0.01 * RANDOM.normal(size=200), RANDOM.normal(size=200)], axis=1)
    found = weighing.critic(values).values
    assert found[2] > 1.5 * found[0]
    assert found.sum() == pytest.approx(1)


def test_the_first_component_never_gives_a_negative_weight() -> None:
    a = RANDOM.normal(size=300)
    noise = RANDOM.normal(size=(300, 4)) * 0.3
    values = np.stack([a, a, a, -a], axis=1) + noise
    found = weighing.principal(values)
    assert found.values[3] == 0
    assert (found.values >= 0).all()
    assert found.values.sum() == pytest.approx(1)
    (note,) = found.notes
    share = found.details["variance"]
    assert share > 0.8
    assert f"解释 {share:.0%} 的方差；“4”（-0.9" in note.zh
    assert f'The first component explains {share:.0%} of the variance; "4" (-0.9' in note.en
    assert "load negatively and weigh 0" in note.en


def test_a_first_component_that_explains_little_says_how_much() -> None:
    found = weighing.principal(RANDOM.normal(size=(300, 5)), names="abcde")
    share = found.details["variance"]
    assert share < 0.3
    assert f"第一主成分解释 {share:.0%} 的方差，低于建议的 60%" in found.notes[0].zh
    assert f"explains {share:.0%} of the variance, below the 60% that is advised" in (
        found.notes[0].en
    )


def test_a_component_that_explains_enough_and_that_all_run_along_needs_no_word() -> None:
    a = RANDOM.normal(size=(300, 1))
    assert weighing.principal(a + RANDOM.normal(size=(300, 4)) * 0.3).notes == ()


def test_factor_weights_follow_their_blocks() -> None:
    one, two = RANDOM.normal(size=(2, 500))
    noise = RANDOM.normal(size=(500, 5)) * 0.4
    values = np.stack([one, one, one, two, two], axis=1) + noise
    found = weighing.factors(values)
    assert found.details["factors"] == 2
    assert found.values[:3].sum() == pytest.approx(0.6, abs=0.05)


def test_a_child_against_its_factor_gets_no_weight_and_is_named() -> None:
    one, two = RANDOM.normal(size=(2, 500))
    noise = RANDOM.normal(size=(500, 6)) * 0.4
    values = np.stack([one, one, -one, two, two, two], axis=1) + noise
    found = weighing.factors(values, names="abcdef")
    assert found.values[2] == 0
    assert (np.delete(found.values, 2) > 0.1).all()
    (note,) = found.notes
    assert "2 factors explain together" in note.en
    assert '; "c" (-0.' in note.en
    assert "“c”（-0." in note.zh


def test_a_consistent_judgement_gives_back_its_weights() -> None:
    wanted = np.array([0.5, 0.3, 0.2])
    found = weighing.judged([wanted[:, None] / wanted[None, :]])
    np.testing.assert_allclose(found.values, wanted, atol=1e-9)
    assert found.details["consistency_ratio"] == pytest.approx(0, abs=1e-9)
    assert found.notes == ()


def test_an_inconsistent_judgement_is_said() -> None:
    circle = np.array([[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]])
    found = weighing.judged([circle])
    assert found.details["consistency_ratio"] > 0.1
    assert "0.1" in found.notes[0].zh


def test_a_judgement_that_is_not_reciprocal_is_refused() -> None:
    with pytest.raises(WeightsUnfit):
        weighing.judged([np.array([[1.0, 2.0], [2.0, 1.0]])])


def test_two_judges_are_joined_by_the_geometric_mean() -> None:
    one, two = np.array([[1, 4], [0.25, 1]]), np.array([[1, 1], [1, 1]])
    np.testing.assert_allclose(weighing.judged([one, two]).values, [2 / 3, 1 / 3])


def test_budgets_of_different_size_are_refused() -> None:
    with pytest.raises(WeightsUnfit) as refused:
        weighing.budget(np.array([[60.0, 40.0], [50.0, 50.0], [70.0, 40.0]]))
    assert "3" in refused.value.message("en")


def test_effective_weights_multiply_up_the_tree() -> None:
    structure = Structure(
        (
            Element("a", "a", 1, "P", weight=3), Element("b", "b", 1, "P", weight=1),
            Element("c", "c", 1, "Q"), Element("P", "P", 2, "I", weight=2),
            Element("Q", "Q", 2, "I", weight=2), Element("I", "I", 3),
        )
    )  # fmt: skip
    found = weighing.effective(structure)
    assert found["a"] == pytest.approx(0.375)
    assert sum(found[c] for c in structure.codes) == pytest.approx(1)
    assert weighing.effective(structure, {"b": 3})["a"] == pytest.approx(0.25)


def test_balance_reaches_the_influence_that_was_asked_for_in_its_order() -> None:
    values = RANDOM.normal(size=(400, 3)) @ np.array([[1, 0.3, 0], [0, 1, 0.2], [0, 0, 1]])
    found = balanced(values, [1.0, 2.0, 1.0])
    assert found.details["largest_gap"] < 0.01
    assert (found.values >= 0).all()
    assert found.values.sum() == pytest.approx(1)
    assert found.values[1] == found.values.max()


def test_a_balance_that_bounds_do_not_allow_is_said() -> None:
    values = RANDOM.normal(size=(400, 3))
    free = balanced(values, [4.0, 1.0, 1.0])
    assert free.details["largest_gap"] < 1e-6
    assert free.notes == ()
    bound = balanced(values, [4.0, 1.0, 1.0], high=0.4)
    assert bound.details["largest_gap"] > 0.05
    assert "not reached" in bound.notes[0].en
    assert bound.values.max() <= 0.4 + 1e-12


def test_information_weights_stay_within_bounds() -> None:
    values = RANDOM.normal(size=(200, 4))
    found = informative(values, low=0.1, high=0.4).values
    assert found.min() >= 0.1 - 1e-12
    assert found.max() <= 0.4 + 1e-12


def test_bounds_that_cannot_sum_to_one_are_refused() -> None:
    with pytest.raises(WeightsUnfit):
        balanced(RANDOM.normal(size=(20, 4)), high=0.2)


def test_under_benefit_of_the_doubt_the_best_at_something_is_at_the_frontier() -> None:
    scores = benefit_of_the_doubt(np.array([[1.0, 0.1], [0.1, 1.0], [0.5, 0.5], [0.2, 0.2]]))
    np.testing.assert_allclose(scores[:2], 1)
    assert scores[2] == pytest.approx(10 / 11)
    assert scores[3] == pytest.approx(4 / 11)


def test_share_bounds_lower_the_score_of_the_one_sided() -> None:
    values = np.array([[1.0, 0.1], [0.6, 0.6]])
    free, bound = benefit_of_the_doubt(values), benefit_of_the_doubt(values, low=0.4)
    assert bound[0] < free[0]
    assert bound[1] == pytest.approx(1)


matrices = st.integers(0, 2**32 - 1).map(
    lambda seed: np.abs(np.random.default_rng(seed).normal(size=(12, 4))) + 0.01
)


@given(matrices)
def test_all_weights_are_positive_and_sum_to_one(values: np.ndarray) -> None:
    for method in (weighing.entropy, weighing.critic, weighing.principal, weighing.factors):
        found = method(values).values
        assert (found >= 0).all()
        assert found.sum() == pytest.approx(1)


@given(matrices)
def test_no_unit_is_above_one_under_benefit_of_the_doubt(values: np.ndarray) -> None:
    scores = benefit_of_the_doubt(values)
    assert scores.max() == pytest.approx(1)
    assert (scores > 0).all()


@given(st.integers(0, 10_000), st.floats(0, 0.4))
def test_influence_is_the_correlation_with_the_group_gaps_or_none(seed: int, gaps: float) -> None:
    random = np.random.default_rng(seed)
    values, weights = random.normal(size=(30, 4)) * [1, 10, 1, 1] + 50, random.random(4) + 0.1
    values[random.random(values.shape) < gaps] = np.nan
    there = ~np.isnan(values)
    group = (np.where(there, values, 0) @ weights) / np.where(
        there.any(axis=1), there @ weights, np.nan
    )
    found = Influence(values)(weights)
    for child in range(4):
        rows = there[:, child]
        expected = np.corrcoef(values[rows, child], group[rows])[0, 1]
        assert found[child] == pytest.approx(expected, abs=1e-9)


def test_information_without_bounds_is_the_first_component_and_a_search_finds_no_more() -> None:
    values = RANDOM.normal(size=(100, 1)) + RANDOM.normal(size=(100, 4))
    of = Influence(values)
    found = informative(values)
    sought = search(lambda w: -float((of(w) ** 2).sum()), 4, 0.0, 1.0)
    np.testing.assert_allclose(found.values, sought, atol=1e-4)
