"""Leaving elements out: the same as building without them, whatever is reused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from qiantang.engine.index import Data, Element, Structure, build, recipe_of
from qiantang.engine.index.errors import NoUnits
from qiantang.engine.index.leaving_out import leave_out, pruned
from qiantang.engine.index.tests.small import indicator, table, tree

TREE = Structure(
    (
        Element("a", "a", 1, "P", 2.0), Element("b", "b", 1, "P"), Element("c", "c", 1, "Q"),
        Element("d", "d", 1, "Q", direction=-1), Element("e", "e", 1, "R"),
        Element("P", "P", 2, "Top"), Element("Q", "Q", 2, "Top", 3.0), Element("R", "R", 2, "Top"),
        Element("Top", "Top", 3),
    )
)  # fmt: skip


def gappy(seed: int) -> Data:
    random = np.random.default_rng(seed)
    values = random.lognormal(size=(9, 5))
    gaps = random.random(values.shape) < 0.25
    gaps[0] = False  # one unit is always left
    values[gaps] = np.nan
    return Data(tuple("ABCDEFGHI"), tuple("abcde"), values)


@pytest.mark.parametrize("imputation", ["none", "mean", "em"])
@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_it_is_the_same_as_building_without_the_element(imputation: str, seed: int) -> None:
    """Screening may let other units in, and joint imputation fill other figures."""
    data = gappy(seed)
    told = {
        "impute": {"method": imputation}, "screen": {"data_share": 0.7}, "treat": {"points": 2},
        "aggregate": {"group": {"Top": {"method": "copeland"}}},
    }  # fmt: skip
    recipe = recipe_of(told)
    try:
        build(data, TREE, recipe)
    except NoUnits:
        reject()
    for each in leave_out(data, TREE, recipe, ["a", "e", "Q", "P"]):
        less = pruned(TREE, (each.code,))
        if each.failed:
            with pytest.raises(NoUnits):
                build(data, less, recipe.fitted(less))
            continue
        plain = build(data, less, recipe.fitted(less))
        rank = dict(zip(plain.scores.units, plain.rank("Top"), strict=True))
        whole = build(data, TREE, recipe).scores.units
        np.testing.assert_array_equal(each.ranks, [rank.get(u, np.nan) for u in whole])


def test_a_group_that_loses_its_last_child_goes_too() -> None:
    assert [e.code for e in pruned(TREE, ("e",)).elements] == [*list("abcd"), "P", "Q", "Top"]
    assert [e.code for e in pruned(TREE, ("P", "e")).elements] == ["c", "d", "Q", "Top"]


def test_leaving_out_what_decides_moves_ranks_most() -> None:
    data = table({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4.2], "c": [4, 1, 3, 2]})
    plain = tree(indicator("a"), indicator("b"), indicator("c", weight=9))
    found = leave_out(data, plain, recipe_of({}))
    assert found[0].code == "c"
    assert found[0].shift > found[-1].shift
    assert found[0].loss > found[-1].loss


def test_a_twin_is_no_loss() -> None:
    data = table({"a": [1, 2, 3, 4], "b": [2, 4, 6, 8]})
    found = leave_out(data, tree(indicator("a"), indicator("b")), recipe_of({}))
    assert [(w.shift, round(w.loss, 12)) for w in found] == [(0, 0), (0, 0)]


def test_what_cannot_be_left_out_is_told_with_its_reason() -> None:
    """Without b no unit has enough data."""
    nan = float("nan")
    data = table({"a": [nan, nan, 3], "b": [1, 2, 3], "c": [1, 5, nan]})
    plain = tree(indicator("a"), indicator("b"), indicator("c"))
    found = leave_out(data, plain, recipe_of({"screen": {"data_share": 0.6}}), ["b", "a"])
    assert [(w.code, w.failed is None) for w in found] == [("a", True), ("b", False)]
    assert np.isnan(found[1].ranks).all()


def test_a_group_goes_with_all_that_is_below_it_at_any_depth() -> None:
    deep = Structure(
        (
            Element("a", "a", 1, "P"), Element("b", "b", 1, "Q"), Element("c", "c", 1, "R"),
            Element("P", "P", 2, "S"), Element("Q", "Q", 2, "S"), Element("R", "R", 2, "T"),
            Element("S", "S", 3, "Top"), Element("T", "T", 3, "Top"), Element("Top", "Top", 4),
        )
    )  # fmt: skip
    assert [e.code for e in pruned(deep, ("S",)).elements] == ["c", "R", "T", "Top"]
    assert [e.code for e in pruned(deep, ("c",)).elements] == [
        "a", "b", "P", "Q", "S", "Top",
    ]  # fmt: skip
