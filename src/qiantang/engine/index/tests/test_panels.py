"""Panels: comparable over years, read in order of time, examined like a single year."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qiantang.engine.index import Data, build, explaining, panels, recipe_of
from qiantang.engine.index.errors import UnitUnknown
from qiantang.engine.index.examining import examine
from qiantang.engine.index.leaving_out import leave_out
from qiantang.engine.index.tests.small import indicator, table, tree

THREE = tree(indicator("a", weight=2), indicator("b"), indicator("c", direction=-1))


def panel() -> Data:
    data = table({"a": [1, 2, 3, 6, 1, 9], "b": [4, 4, 4, 8, 2, 2], "c": [3, 2, 1, 1, 5, 5]})
    return Data(
        ("HZ", "HZ", "NB", "NB", "WZ", "WZ"), data.columns, data.values, times=(2017, 2016) * 3
    )


def test_a_panel_is_comparable_over_years_and_ranked_within_each() -> None:
    index = build(panel(), THREE, recipe_of({}))
    assert index.score("a").max() == 100
    assert np.sum(index.score("a") == 100) == 1
    ranks = index.rank("Index")
    assert sorted(ranks[[0, 2, 4]]) == [1, 2, 3]
    assert sorted(ranks[[1, 3, 5]]) == [1, 2, 3]


def test_a_base_year_fixes_the_posts_for_all_years() -> None:
    index = build(panel(), THREE, recipe_of({"panel": {"years": 2017}}))
    a = index.score("a")
    assert a[[0, 2, 4]].tolist() == [0, 100, 0]
    assert a[5] == 400


def test_a_trend_is_read_in_order_of_time_whatever_the_rows() -> None:
    trend = panels.trend(panel(), "NB", "a")
    assert trend.years == (2016, 2017)
    assert trend.values.tolist() == [6, 3]
    assert trend.growth == pytest.approx(-0.5)
    assert trend.slope == pytest.approx(-3)


def test_a_change_between_years_is_shared_out() -> None:
    index = build(panel(), THREE, recipe_of({}))
    shares = panels.changed(index, "NB", 2016, 2017)
    assert shares.values.sum() == pytest.approx(shares.total, abs=1e-6)


def years(*values: float, unit: str = "HZ", start: int = 2018) -> Data:
    """One unit and one indicator, the last year first."""
    times = tuple(range(start + len(values) - 1, start - 1, -1))
    return Data((unit,) * len(values), ("a",), np.array(values[::-1])[:, None], times=times)


def test_a_trend_of_chosen_years_takes_the_rows_of_these_years() -> None:
    found = panels.trend(years(1, 2, 4, 8, 16), "HZ", "a", years=(2020, 2022))
    assert found.years == (2020, 2022)
    assert found.values.tolist() == [4, 16]
    assert found.growth == pytest.approx(1.0)


def test_a_trend_of_the_latest_figures_needs_no_more_than_there_are() -> None:
    found = panels.trend(years(5, math.nan, 7, 9), "HZ", "a", latest=3)
    assert found.years == (2018, 2020, 2021)
    assert found.growth == pytest.approx((9 / 5) ** (1 / 3) - 1)
    assert panels.trend(years(5, 7), "HZ", "a", latest=5).values.tolist() == [5, 7]


def test_the_change_is_the_slope_by_the_fitted_first_value() -> None:
    """The line through 10, 14, 12, 16 is 10.6 + 1.6 t."""
    found = panels.trend(years(10, 14, 12, 16), "HZ", "a")
    assert found.slope == pytest.approx(1.6)
    assert found.change == pytest.approx(1.6 / 10.6)
    assert panels.trend(years(50, 60), "HZ", "a").change == pytest.approx(0.2)


def test_one_figure_is_no_trend() -> None:
    found = panels.trend(years(math.nan, 3), "HZ", "a")
    assert math.isnan(found.growth)
    assert math.isnan(found.slope)
    assert math.isnan(found.change)


def test_every_unit_has_its_trend() -> None:
    assert [t.unit for t in panels.trends(panel(), "a")] == ["HZ", "NB", "WZ"]


def test_a_year_that_is_not_there_is_refused_with_those_that_are() -> None:
    index = build(panel(), THREE, recipe_of({}))
    with pytest.raises(UnitUnknown) as caught:
        panels.changed(index, "NB", 2015, 2017)
    assert caught.value.fields["expected"] == "NB 2017, NB 2016"
    with pytest.raises(UnitUnknown):
        panels.trend(panel(), "XX", "a")


def test_availability_is_told_year_by_year() -> None:
    data = panel()
    data.values[0, 1] = math.nan
    found = panels.availability(data)
    assert list(found) == [2016, 2017]
    np.testing.assert_allclose(found[2017], [1, 2 / 3, 1])


def test_outliers_are_treated_over_all_years_together() -> None:
    """An outlier of one year is drawn in to the next figure of any year, and every other cell keeps
    its value, so that years stay comparable."""
    figures = [float(v) for v in range(12)]
    rows = [*figures, *(f + 20 for f in figures[:-1]), 900.0]
    data = Data(
        tuple(f"U{n}" for n in range(12)) * 2, ("a",), np.array(rows)[:, None],
        times=(2016,) * 12 + (2017,) * 12,
    )  # fmt: skip
    treated = build(data, tree(indicator("a")), recipe_of({"treat": {"points": 3}})).steps[
        "treated"
    ]
    assert treated.values[:, 0].tolist() == [*rows[:-1], 30.0]


def test_years_are_treated_apart_only_when_asked() -> None:
    """Each year's outlier goes to its own year's next figure, and the record says which year."""
    one, other = [*range(11), 500.0], [*range(20, 31), 900.0]
    data = Data(
        tuple(f"U{n}" for n in range(12)) * 2, ("a",), np.array([*one, *other])[:, None],
        times=(2016,) * 12 + (2017,) * 12,
    )  # fmt: skip
    told = {"treat": {"points": 1}, "panel": {"treat": "each"}}
    index = build(data, tree(indicator("a")), recipe_of(told))
    treated = index.steps["treated"].values[:, 0]
    assert (treated[11], treated[23]) == (10, 30)
    assert [(t.year, t.cells) for t in index.treated] == [
        (2016, {11: "winsorised high"}), (2017, {23: "winsorised high"}),
    ]  # fmt: skip


def test_a_change_between_years_is_exact_for_arithmetic_means() -> None:
    index = build(panel(), THREE, recipe_of({}))
    shares = panels.changed(index, "WZ", 2016, 2017)
    normalised = index.steps["normalised"].values
    np.testing.assert_allclose(
        shares.values, (normalised[4] - normalised[5]) * [0.5, 0.25, 0.25], atol=1e-12
    )


def test_a_year_is_compared_with_another_where_units_are_compared() -> None:
    index = build(panel(), THREE, recipe_of({"aggregate": {"method": "topsis"}}))
    shares = panels.changed(index, "NB", 2016, 2017)
    assert shares.values.sum() + shares.regime + shares.rest == pytest.approx(shares.total)


def test_a_panel_is_examined_and_pruned_like_a_single_year() -> None:
    told = {
        "uncertain": [
            {"name": "scale", "set": "normalise.method", "to": ["min-max", "z-score"]},
            {"name": "weights", "noise": 0.5, "sets": 6},
        ]
    }
    found = examine(panel(), THREE, told)
    assert found.runs.units == ("HZ 2017", "NB 2017", "WZ 2017")
    assert (np.sort(found.runs.ranks, axis=1) == [1, 2, 3]).all()
    assert sorted(found.nominal) == [1, 2, 3]
    before = examine(panel(), THREE, told, year=2016)
    assert before.runs.units == ("HZ 2016", "NB 2016", "WZ 2016")
    less = leave_out(panel(), THREE, recipe_of({}))
    assert all(np.nanmax(w.ranks) == 3 for w in less)


def test_a_contribution_names_a_unit_in_a_year() -> None:
    index = build(panel(), THREE, recipe_of({}))
    assert explaining.contributions(index, "NB 2017").element == "Index"
