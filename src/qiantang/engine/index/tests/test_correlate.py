"""Correlations, the chance of their being nothing, and what they flag."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qiantang.engine.index import Data, Element, Structure, build, correlating, recipe_of
from qiantang.engine.index.tests.small import indicator, table, tree

THREE = tree(indicator("a", weight=2), indicator("b"), indicator("c", direction=-1))


@pytest.mark.parametrize("r", [0.0, 0.1, -0.5, 0.9, -0.999, 1.0])
def test_the_chance_is_the_closed_form_where_there_is_one(r: float) -> None:
    """Student's t with one and two degrees of freedom."""
    found = correlating.chance(np.array([r, r]), np.array([3.0, 4.0]))
    assert found[0] == pytest.approx(1 - 2 / math.pi * math.asin(abs(r)), abs=1e-7)
    assert found[1] == pytest.approx(1 - abs(r), abs=1e-12)


@pytest.mark.parametrize(
    ("r", "n", "expected"), [(0.632, 10, 0.05), (0.765, 10, 0.01), (0.1946, 102, 0.05)]
)
def test_the_chance_agrees_with_printed_tables(r: float, n: int, expected: float) -> None:
    """Critical values of Pearson's r, two-sided (Fisher & Yates)."""
    found = correlating.chance(np.array([r]), np.array([float(n)]))[0]
    assert found == pytest.approx(expected, rel=0.01)


def test_two_rows_have_no_chance() -> None:
    assert math.isnan(correlating.chance(np.array([1.0]), np.array([2.0]))[0])


def test_gaps_leave_each_pair_its_common_rows() -> None:
    one = Data(tuple("ABCD"), ("a",), np.array([[1.0], [2.0], [math.nan], [4.0]]))
    other = Data(tuple("ABCD"), ("b",), np.array([[2.0], [4.0], [100.0], [8.0]]))
    (found,) = correlating.pairs(one, other)
    assert found.correlation == pytest.approx(1)
    assert found.count == 3


def test_large_means_lose_no_digits() -> None:
    a, b = np.random.default_rng(1).normal(size=(2, 40))
    assert correlating.correlation(a + 1e9, b) == pytest.approx(np.corrcoef(a, b)[0, 1], abs=1e-6)


def test_what_does_not_vary_correlates_with_nothing() -> None:
    (found,) = correlating.pairs(table({"a": [3, 3, 3]}), table({"b": [1, 2, 3]}))
    assert math.isnan(found.correlation)
    assert math.isnan(found.chance)


def test_twins_and_opponents_in_a_group_are_flagged() -> None:
    a = np.random.default_rng(5).normal(size=8)
    index = build(table({"a": list(a), "b": list(a * 2), "c": list(a)}), THREE, recipe_of({}))
    kinds = {(f.one, f.other): f.kind for f in correlating.flags(index)}
    assert kinds[("a", "b")] == "redundant"
    assert kinds[("a", "c")] == "opposed"
    assert kinds[("c", "Index")] == "weak"


def test_elements_are_correlated_with_all_that_stand_above_them() -> None:
    structure = Structure(
        (Element("a", "a", 1, "P"), Element("b", "b", 1, "P"), Element("P", "P", 2, "Top"),
         Element("c", "c", 1, "Top"), Element("Top", "Top", 3))
    )  # fmt: skip
    data = table({"a": [1, 2, 4], "b": [1, 3, 2], "c": [3, 1, 2]})
    found = {(p.one, p.other) for p in correlating.with_parents(build(data, structure,
                                                                      recipe_of({})))}  # fmt: skip
    assert found == {("a", "P"), ("a", "Top"), ("b", "P"), ("b", "Top"), ("P", "Top"),
                     ("c", "Top")}  # fmt: skip


def test_twins_in_different_groups_are_redundant_too() -> None:
    structure = Structure(
        (Element("a", "a", 1, "P"), Element("b", "b", 1, "Q"), Element("P", "P", 2, "Top"),
         Element("Q", "Q", 2, "Top"), Element("Top", "Top", 3))
    )  # fmt: skip
    index = build(table({"a": [1, 2, 4], "b": [2, 4, 8]}), structure, recipe_of({}))
    assert [(f.one, f.other) for f in correlating.redundant(index)] == [("a", "b")]


def test_an_indicator_that_tells_the_size_of_a_unit_is_flagged() -> None:
    structure = Structure((indicator("a"), indicator("b"), Element("Index", "Index", 2)), ("pop",))
    data = table({"a": [10, 20, 30, 41], "b": [4, 1, 3, 2], "pop": [1, 2, 3, 4]})
    (flag,) = correlating.size_flags(data, structure)
    assert (flag.one, flag.other, flag.kind) == ("a", "pop", "size")
    assert flag.chance < 0.01
