"""What is wrong or fragile elsewhere, each with the answer that is right."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qiantang.engine.index import Data, Element, Structure, build, recipe_of
from qiantang.engine.index.errors import RecipeInvalid, StructureBroken, ValueForbids
from qiantang.engine.index.imputing import Imputation, impute
from qiantang.engine.index.normalising import Scale, normalise
from qiantang.engine.index.tests.small import indicator, table, tree

NAN = math.nan
AB = tree(indicator("a"), indicator("b"))


def panel(series: dict[str, list[float]], years: tuple[int, ...] = (2020, 2021, 2022)) -> Data:
    units = [unit for unit in series for _ in years]
    values = np.array([[v] for unit in series for v in series[unit]])
    return Data(tuple(units), ("a",), values, times=years * len(series))


@pytest.mark.parametrize("power", [1.0, 2.0, -1.0, 0.0])
def test_a_generalised_mean_drops_a_missing_child_as_the_others_do(power: float) -> None:
    data = table({"a": [1, 4, 8], "b": [NAN, 2, 8]})
    told = {"normalise": {"range": [1, 8]}, "aggregate": {"method": "generalised", "power": power}}
    assert build(data, AB, recipe_of(told)).score("Index")[0] == pytest.approx(1)


def test_what_shall_happen_to_missing_children_can_be_said() -> None:
    data = table({"a": [0, 10, 5], "b": [NAN, 10, 0]})
    dropped = build(data, AB, recipe_of({"aggregate": {"missing": "drop"}}))
    assert dropped.score("Index")[0] == 0
    missing = build(data, AB, recipe_of({"aggregate": {"missing": "missing"}}))
    assert math.isnan(missing.score("Index")[0])
    with pytest.raises(ValueForbids) as refused:
        build(data, AB, recipe_of({"aggregate": {"missing": "refuse"}}))
    assert (refused.value.fields["unit"], refused.value.fields["column"]) == ("A", "b")


def test_panel_imputation_does_not_care_for_the_order_of_rows_nor_for_short_series() -> None:
    data = panel({"X": [1, NAN, 3], "Y": [NAN, 5, NAN], "Z": [NAN, NAN, NAN]})
    order = [8, 2, 5, 0, 7, 1, 3, 6, 4]
    mixed = Data(tuple(data.units[i] for i in order), ("a",), data.values[order],
                 times=tuple(data.times[i] for i in order))  # fmt: skip
    structure = tree(indicator("a"))
    for method, more, expected in (
        ("linear", {}, [1, 2, 3, NAN, 5, NAN, NAN, NAN, NAN]),
        ("linear", {"ends": True}, [1, 2, 3, 5, 5, 5, NAN, NAN, NAN]),
        ("last-value", {}, [1, 1, 3, NAN, 5, 5, NAN, NAN, NAN]),
    ):
        how = Imputation(method=method, **more)
        np.testing.assert_array_equal(impute(data, structure, how).values[:, 0], expected)
        np.testing.assert_array_equal(
            impute(mixed, structure, how).values[:, 0], np.array(expected)[order]
        )


def test_a_last_value_and_an_end_are_carried_no_farther_than_they_may() -> None:
    data = panel({"X": [4, NAN, NAN]}, (2018, 2019, 2022))
    structure = tree(indicator("a"))
    for how in (Imputation(method="last-value", reach=1),
                Imputation(method="linear", ends=True, reach=1)):  # fmt: skip
        np.testing.assert_array_equal(impute(data, structure, how).values[:, 0], [4, 4, NAN])


def test_a_group_without_figures_stays_missing_unless_another_method_follows() -> None:
    data = Data(("A", "B", "C"), ("a",), np.array([[1.0], [3.0], [NAN]]),
                groups={"g": ("x", "x", "y")})  # fmt: skip
    structure = tree(indicator("a"))
    alone = impute(data, structure, Imputation(method="group-mean", group="g"))
    assert math.isnan(alone.values[2, 0])
    assert not alone.filled.any()
    both = impute(data, structure, Imputation(method="group-mean", group="g", then="mean"))
    assert both.values[2, 0] == 2
    assert both.filled.sum() == 1


def test_a_mean_of_a_panel_is_that_of_the_same_year_unless_asked_otherwise() -> None:
    data = panel({"X": [1, 10, 100], "Y": [3, NAN, 300]})
    structure = tree(indicator("a"))
    assert impute(data, structure, Imputation(method="mean")).values[4, 0] == 10
    pooled = impute(data, structure, Imputation(method="mean", by_year=False))
    assert pooled.values[4, 0] == pytest.approx(414 / 5)


def test_every_filled_cell_names_its_method() -> None:
    data = panel({"X": [1, NAN, 3], "Y": [NAN, 5, 6]})
    told = {"impute": {"method": "linear", "then": "mean"}}
    cells = list(build(data, tree(indicator("a")), recipe_of(told)).filled_cells())
    assert cells == [("X", 2021, "a", 2.0, "linear"), ("Y", 2020, "a", 1.0, "mean")]


def test_treating_a_panel_moves_the_same_figure_alike_in_every_year() -> None:
    values = [1.0, 2, 3, 4, 5, 6, 7, 500]
    data = Data(tuple("ABCDEFGH") * 2, ("a",), np.array([*values, *values[::-1]])[:, None],
                times=(2020,) * 8 + (2021,) * 8)  # fmt: skip
    treated = build(data, tree(indicator("a")), recipe_of({"treat": {}})).steps["treated"]
    np.testing.assert_array_equal(treated.values[:8, 0], treated.values[15:7:-1, 0])


def test_a_panel_may_be_scaled_by_a_base_year() -> None:
    data = panel({"X": [0, 5, 20], "Y": [10, 20, 40]})
    index = build(data, tree(indicator("a")), recipe_of({"panel": {"years": "2020"}}))
    assert index.score("Index").tolist() == [0, 50, 200, 100, 200, 400]


def test_the_base_period_is_each_units_own_figure_or_one_units() -> None:
    data = panel({"X": [10, 15, 20], "Y": [20, 30, 10]})
    own = build(data, tree(indicator("a")),
                recipe_of({"normalise": {"method": "base-period", "base_year": 2020}}))  # fmt: skip
    assert own.score("Index").tolist() == [100, 150, 200, 100, 150, 50]
    told = {"normalise": {"method": "base-period", "base_year": 2020, "base_unit": "X"}}
    of_x = build(data, tree(indicator("a", direction=-1)), recipe_of(told))
    assert of_x.score("Index") == pytest.approx([100, 200 / 3, 50, 50, 100 / 3, 100])


@pytest.mark.parametrize(
    ("told", "key", "found"),
    [
        ({"base_year": 2019}, "base_year", 2019),
        ({"base_year": 2020, "base_unit": "Q"}, "base_unit", "Q"),
        ({}, "base", "-"),
    ],
)
def test_a_base_that_is_nowhere_is_refused(
    told: dict[str, object], key: str, found: object
) -> None:
    data = panel({"X": [10, 15, 20]})
    with pytest.raises(RecipeInvalid) as refused:
        build(
            data, tree(indicator("a")), recipe_of({"normalise": {"method": "base-period", **told}})
        )
    assert refused.value.fields["key"] == f"normalise.only.a.{key}"
    assert refused.value.fields["found"] == found


@pytest.mark.parametrize("direction", [1, -1])
def test_scaling_between_fixed_ends_goes_beyond_them_and_goalposts_do_not(direction: int) -> None:
    values, posts = np.array([0.0, 20, 40, 80]), (20.0, 60.0)[::direction]
    scaled = normalise(values, direction, Scale("scaled", posts=posts))
    cut = normalise(values, direction, Scale("goalposts", posts=posts))
    expected = np.array([-50.0, 0, 50, 150])
    np.testing.assert_allclose(scaled, expected if direction > 0 else 100 - expected)
    np.testing.assert_allclose(cut, np.clip(scaled, 0, 100))


def test_posts_that_contradict_the_direction_are_refused() -> None:
    told = {"normalise": {"method": "goalposts", "posts": [10, 50]}}
    with pytest.raises(RecipeInvalid) as refused:
        build(table({"a": [10, 30]}), tree(indicator("a", direction=-1)), recipe_of(told))
    assert refused.value.fields["key"] == "normalise.only.a.posts"
    assert refused.value.fields["expected"] == "[80, 20]"


def test_a_target_that_is_no_better_than_the_worst_is_refused() -> None:
    told = {"normalise": {"method": "distance-to-target"}}
    with pytest.raises(ValueForbids) as refused:
        build(table({"a": [10, 30]}), tree(indicator("a", target=5.0)), recipe_of(told))
    assert refused.value.fields["column"] == "a"


@pytest.mark.parametrize(("direction", "expected"), [(1, [0, 50, 100]), (-1, [100, 50, 0])])
def test_a_target_of_zero_is_a_target(direction: int, expected: list[float]) -> None:
    told = {"normalise": {"only": {"a": {"method": "distance-to-target", "target": 0}}}}
    data = table({"a": [-10, -5, 0] if direction > 0 else [0, 5, 10]})
    index = build(data, tree(indicator("a", direction=direction)), recipe_of(told))
    assert index.score("Index").tolist() == expected


def test_a_reference_is_a_units_figure_whatever_the_direction() -> None:
    told = {"normalise": {"method": "distance-to-reference", "reference": "B"}}
    up = build(table({"a": [1, 2, 5]}), tree(indicator("a")), recipe_of(told))
    assert up.score("Index").tolist() == [75, 100, 175]
    down = build(table({"a": [1, 2, 5]}), tree(indicator("a", direction=-1)), recipe_of(told))
    assert down.score("Index").tolist() == [125, 100, 25]


def test_a_negative_figure_has_no_share_of_the_best() -> None:
    with pytest.raises(ValueForbids) as refused:
        build(table({"a": [1, -2]}), tree(indicator("a")),
              recipe_of({"normalise": {"method": "share-of-best"}}))  # fmt: skip
    assert (refused.value.fields["unit"], refused.value.fields["found"]) == ("B", -2.0)


def test_an_aggregate_cannot_be_turned() -> None:
    with pytest.raises(StructureBroken) as refused:
        Structure((Element("a", "a", 1, "I"), Element("I", "I", 2, direction=-1)))
    assert "its indicators" in refused.value.message("en")


def test_one_indicator_may_be_filled_in_a_way_of_its_own() -> None:
    data = table({"a": [1, NAN, 4], "b": [NAN, 2, 9]})
    told = {"impute": {"method": "mean", "only": {"b": {"method": "none"}}}}
    table_ = build(data, AB, recipe_of(told)).steps["imputed"]
    assert table_.column("a").tolist() == [1, 2.5, 4]
    assert math.isnan(table_.column("b")[0])


def test_what_a_group_changes_leaves_its_levels_other_settings() -> None:
    told = {"level": {"2": {"method": "generalised", "power": 3}}, "group": {"P": {"share": 0.5}}}
    how = recipe_of({"aggregate": told}).aggregation("P", 2)
    assert (how.method, how.power, how.share) == ("generalised", 3, 0.5)
