"""A next delivery in another unit than its recipe says is stopped, wherever the unit stands."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from qiantang.engine.quality.reading import Recipe, open_rows
from qiantang.engine.quality.reading.errors import RecipeUnfit, UnitUnsettled
from qiantang.engine.quality.reading.tests.test_unit_places import (
    DATA,
    NAMES,
    REPORTS,
    WRITERS,
    Rows,
    csv,
    keys,
    proposed,
    xlsx,
)


def title(unit: str) -> Rows:
    return [[f"单位：{unit}", "", "", "", ""], NAMES, *DATA]


def under(unit: str) -> Rows:
    return [NAMES, ["", "", unit, "%", "人"], *DATA]


def note(unit: str) -> Rows:
    return [NAMES, *DATA, [f"注：金额单位为{unit}", "", "", "", ""]]


PLACES = {"title": title, "under": under, "note": note}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("other", ["元", "亿元"])
def test_another_unit_in_the_same_place_stops_with_the_comparison(
    tmp_path: Path, kind: str, place: str, other: str
) -> None:
    write, layout = WRITERS[kind], PLACES[place]
    recipe = kept(write(tmp_path / f"a.{kind}", layout("万元")))
    assert keys(write(tmp_path / f"b.{kind}", layout("万元")), recipe) == ["A1", "A2"]
    with pytest.raises(RecipeUnfit, match="万元.*" + other) as stopped:
        open_rows(write(tmp_path / f"c.{kind}", layout(other)), recipe, REPORTS)
    assert stopped.value.comparison.units == (("营业收入", "万元", other),)


def kept(path: Path) -> Recipe:
    return Recipe.from_json(proposed(path).recipe.to_json())


def test_a_unit_that_is_gone_or_new_stops_too(tmp_path: Path) -> None:
    titled, plain = csv(tmp_path / "a.csv", title("万元")), csv(tmp_path / "b.csv", [NAMES, *DATA])
    for first, then, units in (
        (titled, plain, ("营业收入", "万元", "")),
        (plain, titled, ("营业收入", "", "万元")),
    ):
        with pytest.raises(RecipeUnfit) as stopped:
            open_rows(then, kept(first), REPORTS)
        assert stopped.value.comparison.units == (units,)
        assert stopped.value.comparison.as_dict()["units"] == [list(units)]


def test_the_upper_row_of_a_stacked_header_is_compared(tmp_path: Path) -> None:
    def stacked(path: Path, unit: str) -> Path:
        rows = [["企业代码", f"金额（{unit}）", ""], ["", "营业收入", "利润"], ["A1", "5", "6"]]
        return xlsx(path, rows, ["A1:A2", "B1:C1"])

    recipe = kept(stacked(tmp_path / "a.xlsx", "万元"))
    with pytest.raises(RecipeUnfit) as stopped:
        open_rows(stacked(tmp_path / "b.xlsx", "元"), recipe, REPORTS)
    assert [name for name, _, _ in stopped.value.comparison.units] == ["营业收入", "利润"]


def test_the_same_unit_in_another_place_or_writing_is_followed(tmp_path: Path) -> None:
    recipe = kept(csv(tmp_path / "a.csv", title("万元")))
    for n, rows in enumerate((note("人民币万元"), under("万元"), title("万元、%"))):
        assert keys(csv(tmp_path / f"{n}.csv", rows), recipe) == ["A1", "A2"]


def test_stating_the_unit_of_the_field_changes_nothing(tmp_path: Path) -> None:
    plain, own = csv(tmp_path / "a.csv", [NAMES, *DATA]), csv(tmp_path / "b.csv", under("元"))
    assert keys(own, kept(plain)) == ["A1", "A2"]
    assert keys(plain, kept(own)) == ["A1", "A2"]


def test_a_factor_that_a_person_set_lasts_while_the_unit_does(tmp_path: Path) -> None:
    found = kept(csv(tmp_path / "a.csv", title("万元")))
    columns = tuple(
        replace(c, factor=Decimal(1), stated=True) if c.field == "income" else c
        for c in found.columns
    )
    recipe = Recipe.from_json(replace(found, columns=columns).to_json())
    with open_rows(csv(tmp_path / "b.csv", title("万元")), recipe, REPORTS) as stream:
        assert stream.factors == {}
    with pytest.raises(RecipeUnfit):
        open_rows(csv(tmp_path / "c.csv", title("亿元")), recipe, REPORTS)


def test_a_column_mapped_by_hand_takes_the_unit_of_its_row(tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", [["企业代码", "营业收入", "实缴款项"],
                                    ["", "（元）", "（万元）"], ["A1", "5", "6"]])  # fmt: skip
    body = proposed(path).recipe.to_json()
    body["columns"][1]["field"], body["columns"][2]["field"] = None, "income"
    with pytest.raises(UnitUnsettled, match="10000") as stopped:
        open_rows(path, Recipe.from_json(body), REPORTS)
    assert stopped.value.recipe.factors == {"income": 10_000}


def test_a_recipe_that_was_kept_before_units_were_is_compared_by_its_columns(
    tmp_path: Path,
) -> None:
    body = proposed(csv(tmp_path / "a.csv", title("万元"))).recipe.to_json()
    del body["table_units"]
    recipe = Recipe.from_json(body)
    with pytest.raises(RecipeUnfit):
        open_rows(csv(tmp_path / "b.csv", title("元")), recipe, REPORTS)
    assert keys(csv(tmp_path / "c.csv", title("万元")), recipe) == ["A1", "A2"]


@pytest.mark.parametrize("title", ["单位：万美元", "金额单位：标煤"])
def test_a_table_in_a_unit_that_no_column_can_be_in_stops(tmp_path: Path, title: str) -> None:
    plain = csv(tmp_path / "a.csv", [NAMES, *DATA])
    strange = csv(tmp_path / "b.csv", [[title, "", "", "", ""], NAMES, *DATA])
    with pytest.raises(RecipeUnfit) as stopped:
        open_rows(strange, kept(plain), REPORTS)
    assert stopped.value.comparison.units == (("", "", title.partition("：")[2]),)
    assert "整张表" in stopped.value.comparison.text().zh
    assert keys(strange, kept(strange)) == ["A1", "A2"]
