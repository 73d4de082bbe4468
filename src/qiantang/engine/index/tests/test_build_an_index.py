"""Building: the public example step by step, and small cases by arithmetic."""

from __future__ import annotations

import csv
import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiantang.engine.index import build, read_data, read_structure, recipe_of, write_table
from qiantang.engine.index.consensus import kemeny_young
from qiantang.engine.index.errors import (
    CellUnreadable,
    RecipeInvalid,
    StructureBroken,
    TableUnreadable,
    ValueForbids,
    WeightsUnfit,
)
from qiantang.engine.index.ordering import copeland, outranking
from qiantang.engine.index.tests.small import indicator, table, tree
from qiantang.engine.index.treating import Treatment, treat

COLLECTION = os.environ.get("QIANTANG_COLLECTION") or Path(__file__).parents[6] / "shared"
ASEM = Path(COLLECTION) / "data" / "asem"
EXAMPLE = {
    "impute": {"method": "group-mean", "group": "EurAsia_group"},
    "screen": {"data_share": 0.9},
    "treat": {"points": 5},
    "normalise": {"method": "min-max", "range": [0, 100]},
}
STEPS = {
    "raw": "1_Raw", "denominated": "2_Denominated", "imputed": "3_Imputed",
    "screened": "4_Screened", "treated": "5_Treated", "normalised": "6_Normalised",
    "aggregated": "7_Aggregated",
}  # fmt: skip


@pytest.mark.skipif(not ASEM.is_dir(), reason="the public example is not beside the repository")
@pytest.mark.parametrize("step", STEPS)
def test_each_step_of_the_public_example_agrees(step: str) -> None:
    structure = read_structure(ASEM / "iMeta.csv")
    index = build(read_data(ASEM / "iData.csv", structure), structure, recipe_of(EXAMPLE))
    got = index.steps[step]
    row_of = {unit: row for row, unit in enumerate(got.units)}
    with (ASEM / "expected_steps" / f"{STEPS[step]}.csv").open(encoding="utf-8") as source:
        for row in csv.DictReader(source):
            for place, code in enumerate(got.columns):
                value = got.values[row_of[row["uCode"]], place]
                if row[code] == "":
                    assert math.isnan(value)
                else:
                    assert value == pytest.approx(float(row[code]), rel=1e-9, abs=1e-9)


@pytest.mark.skipif(not ASEM.is_dir(), reason="the public example is not beside the repository")
def test_ranks_of_the_public_example_agree() -> None:
    structure = read_structure(ASEM / "iMeta.csv")
    index = build(read_data(ASEM / "iData.csv", structure), structure, recipe_of(EXAMPLE))
    row_of = {unit: row for row, unit in enumerate(index.scores.units)}
    with (ASEM / "expected_steps" / "aggregate_ranks.csv").open(encoding="utf-8") as source:
        for row in csv.DictReader(source):
            for code, rank in row.items():
                if code != "uCode":
                    assert index.rank(code)[row_of[row["uCode"]]] == int(rank)


def test_a_table_written_is_read_back_to_the_same_doubles(tmp_path: Path) -> None:
    data = table({"a": [0.1 + 0.2, math.nan, 1e300], "b": [3.0, -7.25, 1 / 3]})
    write_table(tmp_path / "t.csv", data)
    (tmp_path / "m.csv").write_text(
        "Level,iCode,Parent,Type\n1,a,Index,Indicator\n1,b,Index,Indicator\n2,Index,,Aggregate\n",
        encoding="utf-8",
    )
    again = read_data(tmp_path / "t.csv", read_structure(tmp_path / "m.csv"))
    assert again.units == data.units
    np.testing.assert_array_equal(again.values, data.values)


def test_a_bad_cell_is_named(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(
        "Level,iCode,Parent,Type\n1,a,Index,Indicator\n2,Index,,Aggregate\n", encoding="utf-8"
    )
    (tmp_path / "d.csv").write_text("uCode,a\nHZ,1\nNB,2x\n", encoding="utf-8")
    with pytest.raises(CellUnreadable) as refused:
        read_data(tmp_path / "d.csv", read_structure(tmp_path / "m.csv"))
    place = refused.value.place
    assert place is not None
    assert (place.file, place.row, place.column) == ("d.csv", 3, "a")


def test_a_table_in_another_encoding_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_bytes("Level,iCode,Parent,Type\n1,数字,,Indicator\n".encode("gbk"))
    with pytest.raises(TableUnreadable) as refused:
        read_structure(tmp_path / "m.csv")
    assert "m.csv" in refused.value.message("zh")


def test_a_cycle_in_the_structure_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(
        "Level,iCode,Parent,Type\n1,a,P,Indicator\n2,P,Q,Aggregate\n3,Q,P,Aggregate\n"
        "4,Index,,Aggregate\n",
        encoding="utf-8",
    )
    with pytest.raises(StructureBroken) as refused:
        read_structure(tmp_path / "m.csv")
    assert "循环" in refused.value.message("zh")


def test_a_cycle_that_leaves_no_top_is_called_a_cycle(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(
        "Level,iCode,Parent,Type\n1,a,P,Indicator\n2,P,Q,Aggregate\n3,Q,P,Aggregate\n",
        encoding="utf-8",
    )
    with pytest.raises(StructureBroken) as refused:
        read_structure(tmp_path / "m.csv")
    assert "循环" in refused.value.message("zh")


def test_a_typing_slip_in_a_recipe_is_named_with_what_is_known() -> None:
    with pytest.raises(RecipeInvalid) as refused:
        recipe_of({"aggregate": {"method": "geometrc"}}, "recipe.toml")
    said = refused.value.message("en")
    assert "aggregate.method" in said
    assert "geometrc" in said
    assert "geometric" in said.split("Use one of")[1]


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ({"weigh": {"a": "much"}}, "weigh.a"),
        ({"weigh": {"a": -1}}, "weigh.a"),
        ({"normalise": {"range": [100, 0]}}, "normalise.range"),
        ({"normalise": {"range": 5}}, "normalise.range"),
        ({"aggregate": {"level": {"top": {}}}}, "aggregate.level.top"),
        ({"treat": {"points": "five"}}, "treat.points"),
        ({"impute": "mean"}, "impute"),
        ({"panel": {"years": "some"}}, "panel.years"),
    ],
)
def test_what_a_recipe_may_not_say_is_named(told: dict[str, object], key: str) -> None:
    with pytest.raises(RecipeInvalid) as refused:
        recipe_of(told)
    assert refused.value.fields["key"] == key


def test_less_is_better_turns_the_order() -> None:
    index = build(
        table({"a": [1, 2, 3], "b": [3, 2, 1]}),
        tree(indicator("a"), indicator("b", direction=-1)),
        recipe_of({}),
    )
    assert index.score("Index").tolist() == [0, 50, 100]


def test_share_of_best_rewards_less_where_less_is_better() -> None:
    index = build(
        table({"a": [2, 4, 8]}),
        tree(indicator("a", direction=-1)),
        recipe_of({"normalise": {"method": "share-of-best"}}),
    )
    assert index.score("Index").tolist() == [100, 50, 25]


def test_goalposts_are_given_in_the_indicators_own_unit() -> None:
    index = build(
        table({"a": [10, 30, 60]}),
        tree(indicator("a", direction=-1)),
        recipe_of({"normalise": {"method": "goalposts", "posts": [50, 10]}}),
    )
    assert index.score("Index").tolist() == [100, 50, 0]


def test_missing_children_are_dropped_and_weights_rescaled() -> None:
    nan = math.nan
    index = build(
        table({"a": [0, 10, nan], "b": [10, 0, 10]}),
        tree(indicator("a", weight=3), indicator("b", weight=1)),
        recipe_of({}),
    )
    assert index.score("Index").tolist() == [25, 75, 100]


def test_too_few_children_give_no_score() -> None:
    nan = math.nan
    index = build(
        table({"a": [0, 10, nan], "b": [10, 0, 10]}),
        tree(indicator("a"), indicator("b")),
        recipe_of({"aggregate": {"share": 0.6}}),
    )
    assert math.isnan(index.score("Index")[2])


def test_a_zero_before_a_geometric_mean_is_refused_with_the_unit() -> None:
    with pytest.raises(ValueForbids) as refused:
        build(
            table({"a": [1, 2], "b": [5, 6]}),
            tree(indicator("a"), indicator("b")),
            recipe_of({"aggregate": {"method": "geometric"}}),
        )
    assert refused.value.fields["unit"] == "A"
    assert refused.value.fields["column"] == "a"


def test_a_group_without_weight_is_refused() -> None:
    with pytest.raises(WeightsUnfit):
        build(table({"a": [1, 2]}), tree(indicator("a", weight=0)), recipe_of({}))


def test_a_zero_denominator_is_refused_and_never_infinite() -> None:
    with pytest.raises(ValueForbids) as refused:
        build(
            table({"a": [1, 2], "people": [5, 0]}),
            tree(indicator("a", denominator="people")),
            recipe_of({}),
        )
    assert refused.value.fields["unit"] == "B"


def test_a_constant_column_is_told_and_changes_no_score() -> None:
    index = build(
        table({"a": [1, 2, 3], "b": [7, 7, 7]}), tree(indicator("a"), indicator("b")), recipe_of({})
    )
    assert index.score("Index").tolist() == [0, 50, 100]
    assert any('"b"' in note.en for note in index.notes)


def test_a_unit_without_any_figure_is_named_with_what_becomes_of_it() -> None:
    nan = float("nan")
    given = table({"a": [nan, 1, 2], "b": [nan, 3, 4]})
    parts = tree(indicator("a"), indicator("b"))
    index = build(given, parts, recipe_of({}))
    assert np.isnan(index.score("Index")[0])
    assert [n.en for n in index.notes] == ["Without any figure, so without score and rank (1): A."]
    filled = build(given, parts, recipe_of({"impute": {"method": "mean"}}))
    assert [n.en for n in filled.notes] == ["Without any figure, all of it filled in (1): A."]


def test_one_group_may_have_a_method_of_its_own() -> None:
    index = build(
        table({"a": [1, 4], "b": [4, 4.0001]}),
        tree(indicator("a"), indicator("b")),
        recipe_of(
            {
                "normalise": {"range": [1, 100]},
                "aggregate": {"method": "arithmetic", "group": {"Index": {"method": "geometric"}}},
            }
        ),
    )
    assert index.score("Index")[0] == pytest.approx(1)
    assert index.score("Index")[1] == pytest.approx(100)


def test_a_column_with_its_tail_on_the_left_is_mended_by_the_log() -> None:
    column = -np.exp(np.linspace(0, 9, 40))
    plain = treat(column, "a", Treatment(points=0, then="log-right"))[1]
    mended = treat(column, "a", Treatment(points=0, then="log"))[1]
    assert mended.before[0] < -2
    assert abs(mended.after[0]) < abs(mended.before[0]) < abs(plain.after[0])


def test_what_one_indicator_changes_leaves_its_other_settings() -> None:
    recipe = recipe_of({"treat": {"points": 3, "skew": 1.5, "only": {"a": {"points": 1}}}})
    assert recipe.treat_only["a"] == Treatment(points=1, skew=1.5)


def test_copeland_does_not_depend_on_the_order_of_rows() -> None:
    random = np.random.default_rng(4)
    values = random.normal(size=(12, 5))
    values[random.random(values.shape) < 0.25] = np.nan
    weights = np.full(5, 0.2)
    order = random.permutation(12)
    np.testing.assert_array_equal(
        copeland(values, weights)[order], copeland(values[order], weights)
    )


def test_kemeny_finds_the_order_that_most_comparisons_support() -> None:
    random = np.random.default_rng(7)
    values, weights = random.normal(size=(6, 7)), np.full(7, 1 / 7)
    matrix = outranking(values, weights)
    from itertools import permutations

    def support(order: tuple[int, ...]) -> float:
        return sum(matrix[a, b] for i, a in enumerate(order) for b in order[i + 1 :])

    best = max(permutations(range(6)), key=support)
    found = tuple(int(i) for i in np.argsort(-kemeny_young(values, weights)))
    assert support(found) == pytest.approx(support(best))


columns = st.lists(
    st.lists(st.integers(-1000, 1000), min_size=5, max_size=5), min_size=2, max_size=4
)


@given(columns, st.integers(1, 50), st.integers(-100, 100))
def test_scores_do_not_depend_on_the_unit_of_measure(
    raw: list[list[int]], factor: int, shift: int
) -> None:
    names = "wxyz"[: len(raw)]
    one = table({n: [float(v) for v in c] for n, c in zip(names, raw, strict=True)})
    other = one.with_values(one.values * factor + shift)
    structure = tree(*(indicator(n) for n in names))
    np.testing.assert_allclose(
        build(one, structure, recipe_of({})).score("Index"),
        build(other, structure, recipe_of({})).score("Index"),
        atol=1e-9,
    )


@given(columns, st.permutations(range(5)))
def test_scores_follow_the_units_wherever_they_stand(
    raw: list[list[int]], order: list[int]
) -> None:
    names = "wxyz"[: len(raw)]
    data = table({n: [float(v) for v in c] for n, c in zip(names, raw, strict=True)})
    structure = tree(*(indicator(n) for n in names))
    mixed = table({n: data.column(n)[order].tolist() for n in names})
    np.testing.assert_allclose(
        build(mixed, structure, recipe_of({})).score("Index"),
        build(data, structure, recipe_of({})).score("Index")[order],
        atol=1e-9,
    )


@given(columns, st.integers(0, 4), st.integers(1, 500))
def test_a_better_figure_never_lowers_its_unit_under_fixed_posts(
    raw: list[list[int]], row: int, gain: int
) -> None:
    names = "wxyz"[: len(raw)]
    data = table({n: [float(v) for v in c] for n, c in zip(names, raw, strict=True)})
    recipe = recipe_of({"normalise": {"method": "goalposts", "posts": [-1000, 1000]}})
    structure = tree(*(indicator(n) for n in names))
    better = data.values.copy()
    better[row, 0] += gain
    before = build(data, structure, recipe).score("Index")[row]
    assert build(data.with_values(better), structure, recipe).score("Index")[row] >= before - 1e-9


@pytest.mark.parametrize("method", ["geometric", "harmonic", "generalised"])
def test_a_value_without_weight_cannot_spoil_a_mean(method: str) -> None:
    data = table({"a": [1, 2, 4], "b": [1, 2, 4], "c": [0, 3, 9]})
    plain = tree(indicator("a"), indicator("b"), indicator("c", weight=0))
    told = {
        "normalise": {"range": [1, 4], "only": {"c": {"low": 0.0}}},
        "aggregate": {"method": method, "power": -1.0},
    }
    np.testing.assert_allclose(build(data, plain, recipe_of(told)).score("Index"), [1, 2, 4])
