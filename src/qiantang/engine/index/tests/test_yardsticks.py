"""Two indices of two years: what comes of figures, of the yardstick, of other rules."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qiantang.engine.index import Data, Index, build, recipe_of
from qiantang.engine.index.errors import RecipeInvalid
from qiantang.engine.index.structure import Structure
from qiantang.engine.index.tests.small import indicator, table, tree
from qiantang.engine.index.yardsticks import change, yardstick

THREE = tree(indicator("a", weight=2, target=12), indicator("b"), indicator("c", direction=-1))
THEN = {"a": [1.0, 2, 3, 6], "b": [4.0, 5, 4, 8], "c": [3.0, 2, 1, 4]}
NOW = {"a": [2.0, 2, 9, 7], "b": [6.0, 5, 4, 9], "c": [3.0, 1, 2, 5]}
METHODS: tuple[dict[str, Any], ...] = (
    {"method": "min-max", "range": [1, 100]},
    {"method": "z-score", "mean": 50, "sd": 10},
    {"method": "scaled", "only": {"a": {"posts": [0, 10]}, "b": {"posts": [0, 10]},
                                  "c": {"posts": [10, 0]}}},
    {"method": "distance-to-best"},
    {"method": "share-of-best"},
    {"method": "rank"},
    {"method": "percentile-rank"},
    {"method": "distance-to-reference", "reference": "B"},
    {"method": "base-period", "base": 5},
)  # fmt: skip


def built(columns: dict[str, list[float]], of: Structure = THREE, **tables: Any) -> Index:
    return build(table(columns), of, recipe_of(tables))


@pytest.mark.parametrize("scale", METHODS, ids=lambda scale: scale["method"])
@pytest.mark.parametrize("mean", ["arithmetic", "harmonic"])
def test_figures_yardstick_and_rules_add_up_whatever_the_scale(
    scale: dict[str, Any], mean: str
) -> None:
    recipe: dict[str, Any] = {"normalise": scale}
    if mean == "harmonic" and scale["method"] in ("base-period", "rank"):
        recipe["aggregate"] = {"method": mean}
    earlier, later = built(THEN, **recipe), built(NOW, **recipe)
    yard = yardstick(earlier, later, np.arange(4))
    for row in range(4):
        ends = float(earlier.score("Index")[row]), float(later.score("Index")[row])
        found = change(ends, (row, row), later, yard, "Index")
        assert found is not None
        assert found.total == pytest.approx(ends[1] - ends[0])
        parts = found.figures.values.sum() + found.figures.regime + found.yardstick + found.rules
        assert parts == pytest.approx(found.total)
        assert found.rules == pytest.approx(0)


def test_only_scales_that_rest_on_the_figures_of_their_edition_move() -> None:
    for scale, moved in (
        ({"method": "min-max"}, ("a", "c")),
        ({"method": "scaled", "only": {
            "a": {"posts": [0, 10]}, "b": {"posts": [0, 10]}, "c": {"posts": [10, 0]}}}, ()),
        ({"method": "base-period", "base": 5}, ()),
    ):  # fmt: skip
        columns = {**NOW, "b": THEN["b"]}
        earlier, later = built(THEN, normalise=scale), built(columns, normalise=scale)
        assert yardstick(earlier, later, np.arange(4)).moved == moved


def test_figures_that_stay_lose_only_to_the_yardstick() -> None:
    now = {**THEN, "a": [1.0, 2, 3, 11]}
    earlier, later = built(THEN), built(now)
    yard = yardstick(earlier, later, np.arange(4))
    # 2 of 1 to 6 is 20 points, of 1 to 11 it is 10; half the weight.
    ends = float(earlier.score("Index")[1]), float(later.score("Index")[1])
    found = change(ends, (1, 1), later, yard, "Index")
    assert found is not None
    assert found.figures.values.tolist() == [0, 0, 0]
    assert found.yardstick == pytest.approx(-5)
    assert found.total == pytest.approx(-5)


def test_an_indicator_that_went_is_other_rules_and_a_new_one_is_regime() -> None:
    without = tree(indicator("a", weight=2), indicator("b"))
    two = {"a": THEN["a"], "b": THEN["b"]}
    gone = _first(built(THEN), built(two, without))
    assert (gone.yardstick, gone.figures.regime) == (0, 0)
    assert gone.rules == pytest.approx(gone.total)
    new = _first(built(two, without), built(THEN))
    assert new.figures.appeared == ("c",)
    assert new.figures.regime == pytest.approx(new.total)


def test_each_year_of_a_panel_on_its_own_scale_moves_the_yardstick() -> None:
    both = {code: THEN[code] + NOW[code] for code in THEN}
    plain = table(both)
    data = Data(tuple("ABCD" * 2), plain.columns, plain.values, times=(2018,) * 4 + (2019,) * 4)
    index = build(data, THREE, recipe_of({"panel": {"years": "each"}}))
    yard = yardstick(index, index, np.arange(4, 8))
    apart = yardstick(built(THEN), built(NOW), np.arange(4))
    assert yard.moved == apart.moved
    assert np.allclose(yard.anew[:4], apart.anew)


def test_methods_that_compare_units_are_refused() -> None:
    recipe = {"aggregate": {"method": "topsis"}}
    with pytest.raises(RecipeInvalid):
        _first(built(THEN, **recipe), built(NOW, **recipe))


def _first(earlier: Index, later: Index) -> Any:
    yard = yardstick(earlier, later, np.arange(4))
    ends = float(earlier.score("Index")[0]), float(later.score("Index")[0])
    return change(ends, (0, 0), later, yard, "Index")
