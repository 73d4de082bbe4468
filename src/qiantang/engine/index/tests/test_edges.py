"""Edges: each gives a right value, or an error that names unit and column in both languages."""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qiantang.engine.index import (
    Data,
    Element,
    Structure,
    build,
    read_data,
    read_structure,
    recipe_of,
)
from qiantang.engine.index.aggregating import METHODS
from qiantang.engine.index.errors import (
    CellUnreadable,
    ColumnMissing,
    ColumnRepeated,
    ColumnUndeclared,
    ElementUnknown,
    NoUnits,
    RecipeInvalid,
    StructureBroken,
    ValueForbids,
    WeightsUnfit,
)
from qiantang.engine.index.formula import Formula
from qiantang.engine.index.group import Aggregation
from qiantang.engine.index.imputing import ACROSS_UNITS
from qiantang.engine.index.normalising import METHODS as SCALES
from qiantang.engine.index.normalising import Scale, normalise
from qiantang.engine.index.shape import kurtosis, skew
from qiantang.engine.index.tests.small import indicator, table, tree
from qiantang.engine.index.treating import TRANSFORMS, Treatment, treat

NAN = math.nan
AB = tree(indicator("a"), indicator("b"))
MORE = {"posts": [0, 10], "target": 20, "reference": 5, "base": 5, "steps": [5], "cap": False}


@pytest.fixture(autouse=True)
def no_warning() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def scale(method: str) -> dict[str, object]:
    return {"normalise": {"method": method, **MORE}}


@pytest.mark.parametrize("method", SCALES)
def test_a_column_without_figures_stays_missing_on_every_scale(method: str) -> None:
    index = build(table({"a": [1, 2, 3], "b": [NAN] * 3}), AB, recipe_of(scale(method)))
    assert np.isnan(index.steps["normalised"].column("b")).all()
    assert not np.isnan(index.score("Index")).any()


@pytest.mark.parametrize("method", SCALES)
def test_one_unit_has_a_score_or_a_note_why_not(method: str) -> None:
    index = build(table({"a": [3.0], "b": [4.0]}), AB, recipe_of(scale(method)))
    assert np.isfinite(index.score("Index")).all() or len(index.notes) == 2


@pytest.mark.parametrize("method", ACROSS_UNITS)
def test_an_indicator_without_figures_is_not_filled_from_nothing(method: str) -> None:
    data = Data(tuple("ABCD"), ("a", "b"), np.array([[1.0, NAN], [2, NAN], [NAN, NAN], [4, NAN]]),
                groups={"g": tuple("xxyy")})  # fmt: skip
    told = {"impute": {"method": method, "group": "g"}}
    imputed = build(data, AB, recipe_of(told)).imputed
    assert imputed is not None
    assert not imputed.filled[:, 1].any()


def test_a_reference_unit_without_a_figure_is_said_and_not_taken_for_a_constant() -> None:
    told = {"normalise": {"method": "distance-to-reference", "reference": "B"}}
    index = build(table({"a": [1, NAN, 5], "b": [1, 2, 3]}), AB, recipe_of(told))
    assert np.isnan(index.steps["normalised"].column("a")).all()
    assert any('"a": 2 figures cannot be normalised (A, C' in note.en for note in index.notes)


def test_a_mean_that_mixes_scales_is_said() -> None:
    data = table({"a": [1, 2, 3], "b": [1, 2, 3]})
    mixed = build(data, AB, recipe_of({"normalise": {"only": {"a": {"method": "rank"}}}}))
    assert any("a rank, b 0..100" in note.en for note in mixed.notes)
    posts = {"method": "goalposts", "posts": [0, 9]}
    alike = build(data, AB, recipe_of({"normalise": {"only": {"a": posts}}}))
    assert not alike.notes


def test_a_group_without_any_figure_is_missing_and_the_rest_is_not() -> None:
    structure = Structure(
        (
            Element("a", "a", 1, "P"), Element("b", "b", 1, "Q"),
            Element("P", "P", 2, "I"), Element("Q", "Q", 2, "I"), Element("I", "I", 3),
        )
    )  # fmt: skip
    index = build(table({"a": [1, 2], "b": [NAN, NAN]}), structure, recipe_of({}))
    assert np.isnan(index.score("Q")).all()
    assert index.score("I").tolist() == [0, 100]


@pytest.mark.parametrize("method", [m for m in METHODS if m not in ("custom", "owa", "formula")])
def test_equal_units_are_tied_by_every_method(method: str) -> None:
    data = table({"a": [1, 7, 7, 9], "b": [5, 3, 3, 8]})
    told = {"normalise": {"range": [1, 100]}, "aggregate": {"method": method}}
    index = build(data, AB, recipe_of(told))
    ranks = index.rank("Index")
    assert ranks[1] == ranks[2]
    assert ranks[3] == 1


@pytest.mark.parametrize("method", ["geometric", "harmonic", "generalised", "mazziotta-pareto",
                                    "benefit-of-the-doubt"])  # fmt: skip
def test_a_negative_value_is_refused_with_unit_and_column_in_both_languages(method: str) -> None:
    told = {"normalise": {"method": "z-score"}, "aggregate": {"method": method, "power": 2.0}}
    with pytest.raises(ValueForbids) as refused:
        build(table({"a": [1, 2, 3], "b": [3, 1, 2]}), AB, recipe_of(told))
    for lang in ("zh", "en"):
        said = refused.value.message(lang)
        assert "A" in said
        assert "-1" in said


@pytest.mark.parametrize(("power", "expected"), [(900.0, [100, 100]), (-900.0, [1, 1])])
def test_a_large_power_comes_near_the_end_and_does_not_overflow(
    power: float, expected: list[float]
) -> None:
    told = {"normalise": {"range": [1, 100]},
            "aggregate": {"method": "generalised", "power": power}}  # fmt: skip
    index = build(table({"a": [1, 2], "b": [2, 1]}), AB, recipe_of(told))
    assert index.score("Index") == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("order", [[1], [0, 0], [2, -1], [1, 1, 1]])
def test_ordered_weights_that_do_not_fit_are_refused(order: list[float]) -> None:
    told = {"aggregate": {"method": "owa", "order": order}}
    with pytest.raises(WeightsUnfit) as refused:
        build(table({"a": [1, 2], "b": [2, 1]}), AB, recipe_of(told))
    assert refused.value.fields["group"] == "Index"


def test_a_negative_value_without_weight_spoils_nothing() -> None:
    told = {"normalise": {"method": "z-score", "mean": 5},
            "aggregate": {"method": "geometric"}, "weigh": {"b": 0}}  # fmt: skip
    data = table({"a": [1, 2, 3], "b": [-900, 1, 2]})
    assert np.isfinite(build(data, AB, recipe_of(told)).score("Index")).all()


@pytest.mark.parametrize("size", [1e-300, 1e-12, 1e12, 1e300])
@pytest.mark.parametrize("method", ["min-max", "z-score", "percentile-rank", "distance-to-best",
                                    "share-of-best"])  # fmt: skip
def test_the_size_of_numbers_does_not_matter(method: str, size: float) -> None:
    values = np.array([1.0, 2, 4, 8, 16])
    np.testing.assert_allclose(
        normalise(values * size, 1, Scale(method)), normalise(values, 1, Scale(method)), rtol=1e-12
    )
    assert skew((values * size)[:, None])[0] == pytest.approx(skew(values[:, None])[0])
    assert kurtosis((values * size)[:, None])[0] == pytest.approx(kurtosis(values[:, None])[0])


def test_what_differs_by_rounding_alone_does_not_vary() -> None:
    index = build(table({"a": [0.1 + 0.2, 0.3, 0.3], "b": [1, 2, 3]}), AB, recipe_of({}))
    assert index.score("Index").tolist() == [0, 50, 100]
    assert any('"a" does not vary' in note.en for note in index.notes)


@pytest.mark.parametrize("then", TRANSFORMS)
def test_every_transformation_keeps_the_order_of_units(then: str) -> None:
    values = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 5000])
    treated, record = treat(values, "a", Treatment(points=0, then=then))
    assert record.transformed == then
    assert (np.diff(treated) > 0).all()


def test_treating_what_is_missing_or_constant_changes_nothing() -> None:
    for column in ([NAN] * 5, [7.0] * 5, [NAN, 1.0, NAN, 2.0, NAN]):
        values = np.array(column)
        treated, record = treat(values, "a", Treatment())
        np.testing.assert_array_equal(treated, values)
        assert not record.still_fails


def test_a_function_of_the_callers_own_sees_values_and_weights() -> None:
    how = Aggregation("custom", function=lambda values, weights: values.max(axis=1) * weights[0])
    recipe = recipe_of({})
    recipe = type(recipe)(aggregate=how)
    structure = tree(indicator("a", weight=3), indicator("b"))
    index = build(table({"a": [1, 2], "b": [4, 3]}), structure, recipe)
    assert index.score("Index").tolist() == [75, 75]
    wrong = type(recipe)(aggregate=Aggregation("custom", function=lambda values, weights: values))
    with pytest.raises(RecipeInvalid, match=r"aggregate \(Index\).function"):
        build(table({"a": [1, 2], "b": [4, 3]}), structure, wrong)


@pytest.mark.parametrize(
    "formula",
    ["", "a +", "__import__('os')", "a.real", "a[0]", "lambda: 1", "f()", "mean(x=1)", "a and b",
     "9" * 40, "a if b else 1", "'a' 'b'.c", "-" * 299 + "a)"],
)  # fmt: skip
def test_a_formula_says_arithmetic_and_nothing_else(formula: str) -> None:
    with pytest.raises(RecipeInvalid) as refused:
        recipe_of({"aggregate": {"method": "formula", "formula": formula}}, "r.toml")
    assert refused.value.fields["key"] == "aggregate.formula"


def test_a_formula_is_read_though_another_thread_reads_one(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, parse = [], ast.parse

    def disturbed(text: str, **named: Any) -> Any:
        calls.append(text)
        if len(calls) < 3:
            raise SystemError("AST constructor recursion depth mismatch (before=159, after=27)")
        return parse(text, **named)

    monkeypatch.setattr(ast, "parse", disturbed)
    assert Formula("a + b").text == "a + b"
    assert calls == ["a + b"] * 3


def test_a_formula_that_names_no_child_or_divides_by_zero_is_refused() -> None:
    data = table({"a": [1, 2], "b": [4, 3]})
    with pytest.raises(RecipeInvalid) as unknown:
        build(data, AB, recipe_of({"aggregate": {"method": "formula", "formula": "a + z"}}))
    assert unknown.value.fields["found"] == "z"
    with pytest.raises(ValueForbids) as divided:
        build(data, AB, recipe_of({"aggregate": {"method": "formula", "formula": "b / a"}}))
    assert divided.value.fields["unit"] == "A"


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ({"impute": {"method": "group-mean"}}, "impute.group"),
        ({"impute": {"method": "mean", "then": "group-mean", "group": "g"}}, "impute.group"),
        ({"impute": {"only": {"a": {"method": "linear"}}}}, "impute.only.a.method"),
        ({"screen": {"never": ["Z"]}}, "screen.never"),
        ({"aggregate": {"level": {"7": {}}}}, "aggregate.level.7"),
        ({"aggregate": {"group": {"a": {}}}}, "aggregate.group.a"),
        ({"treat": {"only": {"Index": {}}}}, "treat.only.Index"),
    ],
)
def test_what_a_recipe_names_in_vain_is_refused(told: dict[str, object], key: str) -> None:
    with pytest.raises(RecipeInvalid) as refused:
        build(table({"a": [1, 2], "b": [3, 4]}), AB, recipe_of(told))
    assert refused.value.fields["key"] == key
    assert refused.value.fields["expected"]


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"weigh": {"given": {"speeed": 1}}}, "weigh.given.speeed"),
        ({"weigh": {"speeed": 1}}, "weigh.speeed"),
        ({"weigh": {"group": {"speeed": {"method": "equal"}}}}, "weigh.group.speeed"),
        ({"normalise": {"only": {"speeed": {"method": "rank"}}}}, "normalise.only.speeed"),
    ],
)
def test_an_element_that_is_not_there_is_named_by_its_key_with_the_nearest(
    told: dict[str, object], where: str
) -> None:
    structure = tree(indicator("speed"), indicator("cost"))
    with pytest.raises(ElementUnknown) as refused:
        build(table({"speed": [1, 2], "cost": [3, 4]}), structure, recipe_of(told))
    assert f'{where}: the index has no element "speeed". Did you mean: speed?' in (
        refused.value.message("en")
    )
    assert "是否要找：speed？" in refused.value.message("zh")


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ({"impute": {"neighbours": 0}}, "impute.neighbours"),
        ({"impute": {"neighbours": 1.5}}, "impute.neighbours"),
        ({"screen": {"data_share": 90}}, "screen.data_share"),
        ({"screen": {"always": "HZ"}}, "screen.always"),
        ({"normalise": {"posts": [1]}}, "normalise.posts"),
        ({"normalise": {"posts": [5, 5]}}, "normalise.posts"),
        ({"normalise": {"steps": ["low"]}}, "normalise.steps"),
        ({"normalise": {"only": {"a": {"method": "goalposts"}}}}, "normalise.only.a.method"),
        ({"normalise": {"only": 3}}, "normalise.only"),
        ({"aggregate": {"share": 2}}, "aggregate.share"),
        ({"aggregate": {"missing": "zero"}}, "aggregate.missing"),
        ({"aggregate": {"method": "custom"}}, "aggregate.method"),
        ({"aggregate": {"function": "print"}}, "aggregate.function"),
        ({"denominate": {"a": "per head"}}, "denominate.a"),
    ],
)
def test_a_setting_that_cannot_be_right_names_its_key(told: dict[str, object], key: str) -> None:
    with pytest.raises(RecipeInvalid) as refused:
        recipe_of(told)
    assert refused.value.fields["key"] == key


def test_screening_that_leaves_nobody_is_refused() -> None:
    with pytest.raises(NoUnits):
        build(table({"a": [1, NAN], "b": [NAN, 1]}), AB, recipe_of({"screen": {"data_share": 1}}))


META = """Level,iCode,Parent,Type,Weight,Direction,Denominator
1,a,I,Indicator,1,1,{}
2,I,,Aggregate,1,1,
"""


@pytest.mark.parametrize(
    ("meta", "row", "column"),
    [
        (META.replace("Indicator", "indicator"), 2, "Type"),
        (META.replace("1,a,I,Indicator,1,1", "1,a,I,Indicator,-2,1"), 2, "Weight"),
        (META.replace("1,a,I,Indicator,1,1", "1,a,I,Indicator,1,0"), 2, "Direction"),
        (META.replace("1,a,I", "1,a,J"), 2, "Parent"),
        (META.replace("1,a,I", "3,a,I"), 2, "Level"),
    ],
)
def test_a_fault_of_the_structure_names_its_cell(
    tmp_path: Path, meta: str, row: int, column: str
) -> None:
    (tmp_path / "m.csv").write_text(meta.format(""), encoding="utf-8")
    with pytest.raises(StructureBroken) as refused:
        read_structure(tmp_path / "m.csv")
    place = refused.value.place
    assert place is not None
    assert (place.file, place.row, place.column) == ("m.csv", row, column)


def test_a_denominator_that_is_no_column_names_its_cell(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(META.format("people"), encoding="utf-8")
    structure = read_structure(tmp_path / "m.csv")
    with pytest.raises(StructureBroken) as refused:
        build(table({"a": [1, 2]}), structure, recipe_of({}))
    assert refused.value.place is not None
    assert refused.value.place.column == "Denominator"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", ColumnMissing),
        ("uCode,a,a\nX,1,2\n", ColumnRepeated),
        ("uCode,a,extra\nX,1,2\n", ColumnUndeclared),
        ("uCode," + ",".join(f"c{n}" for n in range(1000)) + "\n", ColumnMissing),
        ("uCode,a\nX,1e999\n", CellUnreadable),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(
    tmp_path: Path, text: str, error: type[Exception]
) -> None:
    (tmp_path / "m.csv").write_text(META.format(""), encoding="utf-8")
    (tmp_path / "d.csv").write_text(text, encoding="utf-8")
    with pytest.raises(error) as refused:
        read_data(tmp_path / "d.csv", read_structure(tmp_path / "m.csv"))
    assert "d.csv" in str(refused.value)


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(META.format(""), encoding="utf-8")
    (tmp_path / "d.csv").write_text("uCode,a\n", encoding="utf-8")
    structure = read_structure(tmp_path / "m.csv")
    with pytest.raises(NoUnits):
        build(read_data(tmp_path / "d.csv", structure), structure, recipe_of({}))


def test_an_indicator_without_any_figure_is_said_and_left_out() -> None:
    index = build(table({"a": [1, 2, 3], "b": [NAN] * 3}), AB, recipe_of({}))
    assert any('"b" has no figure' in note.en for note in index.notes)
    assert index.score("Index").tolist() == [0, 50, 100]
