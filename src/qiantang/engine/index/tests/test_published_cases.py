"""Methods against figures that were published, or that a pencil gives."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qiantang.engine.index import build, recipe_of, treating, weighing
from qiantang.engine.index.consensus import EXACT_UP_TO, kemeny_young, largest_inexact
from qiantang.engine.index.formula import Formula
from qiantang.engine.index.group import Aggregation, Group
from qiantang.engine.index.optimising import common
from qiantang.engine.index.ordering import copeland, outranking, topsis
from qiantang.engine.index.tests.small import indicator, table, tree

AB = tree(indicator("a"), indicator("b"))


def test_saatys_drinks_have_their_published_weights_and_consistency() -> None:
    """Saaty (2008), Int. J. Services Sciences 1(1), table 2: drinks consumed in the USA."""
    upper = [
        [1, 9, 5, 2, 1, 1, 1 / 2], [1, 1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9],
        [1, 1 / 3, 1 / 4, 1 / 3, 1 / 9], [1, 1 / 2, 1, 1 / 3], [1, 2, 1 / 2], [1, 1 / 3], [1],
    ]  # fmt: skip
    matrix = np.ones((7, 7))
    for row, values in enumerate(upper):
        matrix[row, row:] = values
        matrix[row:, row] = 1 / np.array(values)
    found = weighing.judged([matrix])
    published = [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]
    np.testing.assert_allclose(found.values, published, atol=0.0006)
    assert found.details["consistency_ratio"] == pytest.approx(0.022, abs=0.001)


def test_the_handbooks_sixty_voters_agree_on_b_c_a() -> None:
    """OECD/JRC Handbook (2008), step 6, after Young (1988): 23 abc, 17 bca, 2 bac, 10 cab, 8 cba.

    Comparisons a over b 33, b over c 42, c over a 35 form a cycle; of the orders bca has most
    support, 104."""
    orders = {"abc": 23, "bca": 17, "bac": 2, "cab": 10, "cba": 8}
    values = np.array([[2 - order.index(unit) for order in orders] for unit in "abc"], float)
    weights = np.array(list(orders.values())) / 60
    matrix = outranking(values, weights)
    np.testing.assert_allclose([matrix[0, 1], matrix[1, 2], matrix[2, 0]],
                               [33 / 60, 42 / 60, 35 / 60])  # fmt: skip
    assert kemeny_young(values, weights).tolist() == [0, 2, 1]
    assert copeland(values, weights).tolist() == [0, 0, 0]


def test_mazziotta_pareto_takes_from_the_unbalanced() -> None:
    """De Muro, Mazziotta & Pareto (2011): z-scores with mean 100 and sd 10, M - S x cv. For 1, 2, 3
    against 3, 2, 1 the ends have M = 100 and S² = 150."""
    data = table({"a": [1, 2, 3], "b": [3, 2, 1]})
    told = {"normalise": {"method": "z-score", "mean": 100, "sd": 10, "spread": "population"},
            "aggregate": {"method": "mazziotta-pareto"}}  # fmt: skip
    assert build(data, AB, recipe_of(told)).score("Index") == pytest.approx([98.5, 100, 98.5])
    told["aggregate"]["positive"] = False  # type: ignore[index]
    assert build(data, AB, recipe_of(told)).score("Index") == pytest.approx([101.5, 100, 101.5])


def test_adjusted_mazziotta_pareto_runs_from_70_to_130_around_the_mean() -> None:
    """Mazziotta & Pareto (2016), Soc. Indic. Res. 127: (x - min)/(max - min) x 60 + 70 with the
    goalposts around the reference; 70 and 130 have M = 100, S² = 900."""
    told = {
        "normalise": {"method": "distance-to-reference", "reference": "mean", "range": [40, 100]},
        "aggregate": {"method": "mazziotta-pareto"},
    }
    index = build(table({"a": [1, 2, 3], "b": [3, 2, 1]}), AB, recipe_of(told))
    assert index.steps["normalised"].column("a").tolist() == [70, 100, 130]
    assert index.score("Index") == pytest.approx([91, 100, 91])


def test_entropy_weights_by_hand() -> None:
    """Shares 1/4, 1/4, 1/2 and 1/8, 1/4, 5/8; weight is what their entropy lacks to ln 3."""
    one = 1 - (0.5 * math.log(4) + 0.5 * math.log(2)) / math.log(3)
    two = 1 - (math.log(8) / 8 + math.log(4) / 4 + 0.625 * math.log(1.6)) / math.log(3)
    found = weighing.entropy(np.array([[1.0, 1], [1, 2], [2, 5]]))
    np.testing.assert_allclose(found.values, [one / (one + two), two / (one + two)])


def test_critic_weights_by_hand() -> None:
    """Equal spread; a and b agree, c runs against both: conflicts 2, 2 and 4."""
    a = np.array([1.0, 2, 3, 4])
    found = weighing.critic(np.stack([a, a + 5, -a], axis=1))
    np.testing.assert_allclose(found.values, [0.25, 0.25, 0.5])


def test_topsis_by_hand() -> None:
    """Columns 3, 4, 0 and 0, 4, 3 have length 5; with half weights the best is (0.4, 0.4)."""
    found = topsis(np.array([[3.0, 0], [4, 4], [0, 3]]), np.array([0.5, 0.5]))
    side = 0.3 / (0.3 + math.sqrt(0.4**2 + 0.1**2))
    np.testing.assert_allclose(found, [side, 1, side])


def test_owa_runs_from_the_worst_to_the_best_child() -> None:
    """Yager (1988)."""
    data = table({"a": [0, 10, 5], "b": [10, 0, 5], "c": [2, 3, 10]})
    for order, first in (([1, 0, 0], 100), ([0, 0, 1], 0), ([1, 1, 1], 100 / 3)):
        told = {"aggregate": {"method": "owa", "order": order}}
        structure = tree(indicator("a"), indicator("b"), indicator("c"))
        assert build(data, structure, recipe_of(told)).score("Index")[0] == pytest.approx(first)


def test_owa_reads_fewer_weights_off_the_same_curve_where_a_child_is_missing() -> None:
    data = table({"a": [0, 10], "b": [10, 0], "c": [math.nan, 10], "d": [math.nan, 0]})
    told = {"aggregate": {"method": "owa", "order": [0.1, 0.2, 0.3, 0.4]}}
    index = build(data, tree(*(indicator(c) for c in "abcd")), recipe_of(told))
    assert index.score("Index")[0] == pytest.approx(0.3 * 100)


def test_the_reports_logarithm_is_no_identity_and_keeps_the_ends_in_order() -> None:
    """Global Innovation Index (annex on methodology)."""
    values = np.array([1.0, 2, 4, 100])
    found = treating.log_report(values)
    np.testing.assert_allclose(found, np.log(99 * (values - 1) / 99 + 1))


def test_common_weights_put_the_best_at_one() -> None:
    values = np.array([[1.0, 0.1], [0.1, 1.0], [0.5, 0.5]])
    found = common(values)
    np.testing.assert_allclose(found.values, [0.5, 0.5])
    assert found.details["mean_score"] == pytest.approx((1 + 1 + 1 / 1.1) / 3)


def test_a_large_cycle_is_improved_and_said_a_transitive_order_is_exact() -> None:
    random = np.random.default_rng(5)
    cyclic = random.normal(size=(30, 7))
    weights = np.full(7, 1 / 7)
    assert largest_inexact(cyclic, weights) > EXACT_UP_TO
    straight = np.arange(40.0)[:, None] + np.zeros((40, 3))
    assert largest_inexact(straight, np.full(3, 1 / 3)) == 0
    assert kemeny_young(straight, np.full(3, 1 / 3)).tolist() == list(range(40))
    names = [f"u{n}" for n in range(30)]
    data = table({c: [0.0] * 10 for c in "abcdefg"})
    data = type(data)(tuple(names), tuple("abcdefg"), cyclic)
    told = recipe_of({"aggregate": {"method": "kemeny-young"}})
    index = build(data, tree(*(indicator(c) for c in "abcdefg")), told)
    assert any("未证明最优" in note.zh for note in index.notes)


def test_equal_units_are_tied_in_the_kemeny_order() -> None:
    values = np.array([[1.0, 5], [1, 5], [5, 9], [0, 0]])
    assert kemeny_young(values, np.array([0.5, 0.5])).tolist() == [1.5, 1.5, 3, 0]


def test_a_formula_over_children_and_its_functions() -> None:
    """Mean-min function, Tarabusi & Guarini (2013): mean less a part of what lies above the min."""
    values = np.array([[10.0, 30, np.nan], [20, 20, 20]])
    group = Group(values, np.array([0.5, 0.25, 0.25]), "I", ("a", "b", "c.d"), ("X", "Y"),
                  Aggregation())  # fmt: skip
    mean = (10 * 0.5 + 30 * 0.25) / 0.75
    assert Formula("mean() - 0.5 * (mean() - min())").of(group) == pytest.approx(
        [mean - 0.5 * (mean - 10), 20]
    )
    assert Formula("(a + max(b, 25)) / 2 ** 1").of(group) == pytest.approx([20, 22.5])
    found = Formula("'c.d' - a").of(group)
    assert math.isnan(found[0])
    assert found[1] == 0
