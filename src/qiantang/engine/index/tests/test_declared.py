"""An index as a pack declares it: its table of figures, its results, and what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from qiantang.engine.index.declared import (
    Figure,
    check_declared,
    data_of,
    recipe_for,
    result_rows,
    structure_of,
)
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code
from qiantang.packkit.indices import CompositeIndex, IndexElement, IndexSize, IndexUnits


def _name(code: str) -> Text:
    return Text(code, code)


UNITS = tuple(Code(code, _name(code), extra={"side": side}) for code, side in (
    ("a", "left"), ("b", "left"), ("c", "right")))  # fmt: skip
DECLARED = CompositeIndex(
    id="reach",
    pack="demo",
    name=_name("reach"),
    description=_name("reach"),
    owner="stats",
    elements=(
        IndexElement("speed", _name("speed"), 1, "reach", weight=3.0),
        IndexElement("cost", _name("cost"), 1, "reach", direction=-1, denominator="people",
                     indicator="spent"),
        IndexElement("reach", _name("reach"), 2),
    ),
    units=IndexUnits("demo.side", groups=("side",)),
    sizes=(IndexSize("people", _name("people")),),
    recipe={"normalise": {"method": "min-max"}, "aggregate": {"method": "arithmetic"}},
)  # fmt: skip
FIGURES = [
    Figure(unit, code, 2020, value)
    for code, values in {"speed": (0, 5, 10), "spent": (8, 4, 6), "people": (1, 1, 2)}.items()
    for unit, value in zip("abc", values, strict=True)
]


def test_figures_become_a_table_with_groups_and_gaps() -> None:
    data = data_of(DECLARED, UNITS, [*FIGURES[1:], Figure("z", "speed", 2020, 1.0)])
    assert data.units == ("a", "b", "c")
    assert data.columns == ("speed", "cost", "people")
    assert data.groups == {"side": ("left", "left", "right")}
    assert data.times == ()
    assert np.isnan(data.values[0, 0])
    assert data.values[:, 1].tolist() == [8, 4, 6]


def test_figures_of_several_years_become_a_panel() -> None:
    data = data_of(DECLARED, UNITS, [*FIGURES, Figure("a", "speed", 2021, 4.0)])
    assert data.times == (2020, 2020, 2020, 2021, 2021, 2021)
    assert data.column("speed")[3] == 4.0
    assert np.isnan(data.column("speed")[4:]).all()


def test_without_figures_every_cell_is_a_gap() -> None:
    assert np.isnan(data_of(DECLARED, UNITS, []).values).all()


def test_results_follow_directions_sizes_and_weights_of_norms() -> None:
    rows: list[dict[str, object]] = [
        {"unit": f.unit, "indicator": f.indicator, "year": f.year, "value": f.value}
        for f in FIGURES
    ]
    found = {(r["unit"], r["element"]): r for r in result_rows(DECLARED, rows, UNITS, {})}
    # speed 0, 50, 100; cost a head 8, 4, 3 -> 0, 80, 100; weights 3 and 1
    assert found["b", "reach"]["score"] == pytest.approx((3 * 50 + 80) / 4)
    assert found["c", "reach"]["rank"] == 1
    even = {(r["unit"], r["element"]): r for r in result_rows(DECLARED, rows, UNITS, {"speed": 1})}
    assert even["b", "reach"]["score"] == pytest.approx((50 + 80) / 2)


def test_observations_count_when_they_are_results_of_whole_years() -> None:
    row: dict[str, object] = {"division": "a", "indicator": "speed", "kind": "actual"}
    rows = [
        {**row, "period": "2020", "value": 1},
        {**row, "division": "b", "period": "2020-01/2020-06", "value": 2},
        {**row, "division": "c", "period": "2020", "value": 3, "kind": "later_target"},
        {**row, "division": "c", "period": "2020", "value": 5},
    ]
    found = {(r["unit"], r["element"]): r for r in result_rows(DECLARED, rows, UNITS, {})}
    assert found["a", "speed"]["score"] == 0
    assert found["b", "speed"]["score"] is None
    assert found["b", "reach"]["rank"] is None
    assert found["c", "speed"]["score"] == 100


def test_a_sound_declaration_meets_no_objection() -> None:
    assert check_declared(DECLARED) == []
    assert structure_of(DECLARED).group_columns == ("side",)
    assert recipe_for(DECLARED).aggregate.method == "arithmetic"
    weighed: Any = {"weigh": {"method": "entropy", "keep": 1, "group": {"reach": {"low": 0.1}}}}
    assert check_declared(replace(DECLARED, recipe=weighed)) == []


@pytest.mark.parametrize(
    ("recipe", "key"),
    [
        ({"normalize": {}}, ("normalize",)),
        ({"normalise": {"method": "minmax"}}, ("normalise", "method")),
        ({"normalise": {"only": {"sped": {"method": "rank"}}}}, ("normalise", "only", "sped")),
        ({"weigh": {"sped": 2}}, ("weigh", "sped")),
        ({"aggregate": {"group": {"speed": {}}}}, ("aggregate", "group", "speed")),
        ({"weigh": {"group": {"speed": {"method": "equal"}}}}, ("weigh", "group", "speed")),
        ({"aggregate": {"level": {"4": {"method": "median"}}}}, ("aggregate", "level", "4")),
        ({"impute": {"method": "group-mean", "group": "region"}}, ("impute", "group")),
        ({"uncertain": [{"name": "x", "set": "treat.pionts", "to": [1]}]}, ("uncertain", 0)),
        ({"uncertain": [{"name": "x"}]}, ("uncertain", 0)),
    ],
)
def test_a_typo_in_the_recipe_is_told_with_its_key(recipe: Any, key: tuple[object, ...]) -> None:
    (objection,) = check_declared(replace(DECLARED, recipe=recipe))
    assert objection.key == key
    assert objection.text.zh
    assert objection.text.en


def test_one_typo_does_not_hide_another_and_a_broken_tree_names_the_element() -> None:
    recipe = {"treat": {"point": 5}, "impute": {"method": "meen"}}
    assert len(check_declared(replace(DECLARED, recipe=recipe))) == 2
    broken = replace(DECLARED, elements=(*DECLARED.elements, IndexElement("x", _name("x"), 1, "y")))
    assert [o.element for o in check_declared(broken)] == ["x"]
