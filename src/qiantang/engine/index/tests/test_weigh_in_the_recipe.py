"""Weights named by the recipe: computed while building, kept readable, the same for all years."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiantang.engine.index import Data, Element, Index, Structure, build, recipe_of, write_index
from qiantang.engine.index import weighing as methods
from qiantang.engine.index.errors import RecipeInvalid, WeightsUnfit
from qiantang.engine.index.group_weights import FROM_DATA, METHODS

TREE = Structure(
    (
        Element("a", "a", 1, "P"), Element("b", "b", 1, "P"), Element("c", "c", 1, "P"),
        Element("d", "d", 1, "Q", weight=3), Element("e", "e", 1, "Q"),
        Element("P", "P", 2, "I"), Element("Q", "Q", 2, "I"), Element("I", "I", 3),
    )
)  # fmt: skip
UNITS = tuple("ABCDEFGHIJKL")


def figures(seed: int = 3, years: tuple[int, ...] = ()) -> Data:
    rows = len(UNITS) * max(len(years), 1)
    values = np.random.default_rng(seed).normal(size=(rows, 5)) + 10
    times = tuple(year for year in years for _ in UNITS)
    return Data(UNITS * max(len(years), 1), tuple("abcde"), values, times=times)


def shares(index: Index, group: str) -> dict[str, float]:
    found = next(w for w in index.weighed if w.group == group)
    return dict(zip(found.codes, found.shares.tolist(), strict=True))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_can_be_named_and_its_shares_sum_to_one(method: str) -> None:
    table: dict[str, object] = {"method": method}
    if method == "ahp":
        table["judgements"] = [{"over": {"P": {"Q": 3}}}]
    if method == "budget-allocation":
        table["allocations"] = [{"P": 60, "Q": 40}, {"P": 80, "Q": 20}]
    index = build(figures(), TREE, recipe_of({"weigh": {"group": {"I": table}}}))
    found = shares(index, "I")
    assert sum(found.values()) == pytest.approx(1)
    assert min(found.values()) >= 0
    expected = index.score("P") * found["P"] + index.score("Q") * found["Q"]
    np.testing.assert_allclose(index.score("I"), expected)


def test_a_computed_weight_is_that_of_the_normalised_children() -> None:
    index = build(figures(), TREE, recipe_of({"weigh": {"method": "entropy"}}))
    normalised = index.steps["normalised"].values
    np.testing.assert_allclose(
        list(shares(index, "P").values()), methods.entropy(normalised[:, :3]).values
    )
    pillars = np.stack([index.score("P"), index.score("Q")], axis=1)
    np.testing.assert_allclose(
        list(shares(index, "I").values()), methods.entropy(pillars).values
    )  # fmt: skip


def test_a_group_and_a_level_may_be_weighed_by_methods_of_their_own() -> None:
    told = {
        "method": "critic",
        "level": {"3": {"method": "equal"}},
        "group": {"Q": {"method": "given"}},
    }
    index = build(figures(), TREE, recipe_of({"weigh": told}))
    assert [w.method for w in index.weighed] == ["critic", "given", "equal"]
    assert shares(index, "Q") == {"d": 0.75, "e": 0.25}


def test_a_number_stands_whatever_the_method() -> None:
    index = build(
        figures(), TREE, recipe_of({"weigh": {"method": "equal", "P": 0.5, "given": {"Q": 1.5}}})
    )
    assert shares(index, "I") == {"P": 0.25, "Q": 0.75}
    assert any("“P”采用给定的权重" in note.zh for note in index.notes)


def test_what_a_group_changes_leaves_its_levels_other_settings() -> None:
    told = {"level": {"2": {"method": "balance", "low": 0.2}}, "group": {"P": {"high": 0.6}}}
    how = recipe_of({"weigh": told}).weighing("P", 2)
    assert (how.method, how.low, how.high) == ("balance", 0.2, 0.6)


def test_weights_of_a_panel_are_the_same_for_all_years_and_may_be_the_base_years() -> None:
    data = figures(years=(2020, 2021, 2022))
    of_all = build(data, TREE, recipe_of({"weigh": {"method": "critic"}}))
    told = {"weigh": {"method": "critic"}, "panel": {"years": "2020"}}
    of_base = build(data, TREE, recipe_of(told))
    first = of_base.steps["normalised"].values[: len(UNITS), :3]
    np.testing.assert_allclose(list(shares(of_base, "P").values()), methods.critic(first).values)
    assert len(of_all.weighed) == 3
    assert shares(of_all, "P") != shares(of_base, "P")


def test_a_child_that_does_not_vary_gets_no_computed_weight_and_is_named() -> None:
    data = figures()
    data.values[:, 1] = 7.0
    for method in FROM_DATA:
        index = build(data, TREE, recipe_of({"weigh": {"group": {"P": {"method": method}}}}))
        assert shares(index, "P")["b"] == 0, method
        assert any('"b" does not vary' in note.en for note in index.notes)


def test_a_group_in_which_nothing_varies_is_refused_by_name() -> None:
    data = figures()
    data.values[:, 3:] = 1.0
    with pytest.raises(WeightsUnfit) as refused:
        build(data, TREE, recipe_of({"weigh": {"level": {"2": {"method": "entropy"}}}}))
    assert refused.value.fields["group"] == "Q"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"method": "ahp"}, "there are no judgements"),
        ({"method": "ahp", "judgements": [{"over": {"P": {"X": 2}}}]}, '"P" over "X"'),
        ({"method": "ahp", "judgements": [{"name": "Li", "over": {}}]}, 'Li: "P" is not compared'),
        ({"method": "ahp", "judgements": [{"over": {"P": {"Q": 2}, "Q": {"P": 2}}}]}, "elsewhere"),
        ({"method": "budget-allocation", "allocations": [{"P": 1, "Z": 1}]}, 'to "Z"'),
        ({"method": "balance", "influence": {"Z": 2}}, '"Z" of influence'),
        ({"method": "balance", "high": 0.4}, "2 weights cannot all lie"),
    ],
)
def test_judgements_that_do_not_fit_the_group_are_refused(table: object, said: str) -> None:
    with pytest.raises(WeightsUnfit) as refused:
        build(figures(), TREE, recipe_of({"weigh": {"group": {"I": table}}}))
    assert refused.value.fields["group"] == "I"
    assert said in refused.value.message("en")


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ({"method": "entropie"}, "weigh.method"),
        ({"low": 1.5}, "weigh.low"),
        ({"judgements": 3}, "weigh.judgements"),
        ({"group": {"I": {"judgements": [{"trust": -1}]}}}, "weigh.group.I.judgements[1].trust"),
        ({"level": {"1": {}}}, "weigh.level.1"),
        ({"metod": "equal"}, "weigh.metod"),
    ],
)
def test_what_weigh_may_not_say_is_named(told: object, key: str) -> None:
    with pytest.raises(RecipeInvalid) as refused:
        recipe_of({"weigh": told})
    assert refused.value.fields["key"] == key


def test_a_level_that_the_structure_lacks_is_refused() -> None:
    with pytest.raises(RecipeInvalid) as refused:
        build(figures(), TREE, recipe_of({"weigh": {"level": {"5": {"method": "equal"}}}}))
    assert refused.value.fields["expected"] == "2, 3"


def test_the_table_of_weights_shows_share_effect_and_method(tmp_path: Path) -> None:
    judges = [{"name": "Li", "over": {"P": {"Q": 3}}}, {"name": "Wu", "over": {"Q": {"P": 3}}}]
    told = {"weigh": {"group": {"I": {"method": "ahp", "judgements": judges}}}}
    write_index(tmp_path, build(figures(), TREE, recipe_of(told)))
    with (tmp_path / "weights.csv").open(encoding="utf-8") as source:
        rows = {row["iCode"]: row for row in csv.DictReader(source)}
    assert float(rows["P"]["Share"]) == pytest.approx(0.5)
    assert float(rows["d"]["Effective"]) == pytest.approx(0.375)
    assert rows["P"]["Method"] == "ahp"
    assert "consistency_ratio (Li)=" in rows["P"]["Details"]


def test_leaving_out_a_child_keeps_the_other_judgements() -> None:
    told = {"group": {"P": {"method": "ahp", "judgements": [
        {"over": {"a": {"b": 2, "c": 4}, "b": {"c": 2}}}]}}}  # fmt: skip
    less = Structure(tuple(e for e in TREE.elements if e.code != "b"))
    index = build(figures(), less, recipe_of({"weigh": told}).fitted(less))
    assert shares(index, "P") == pytest.approx({"a": 0.8, "c": 0.2})


@given(st.lists(st.floats(0.01, 50), min_size=3, max_size=3), st.floats(0.01, 100))
def test_only_proportions_of_weights_count(weights: list[float], factor: float) -> None:
    one = dict(zip("abc", weights, strict=True))
    other = {code: weight * factor for code, weight in one.items()}
    np.testing.assert_allclose(
        build(figures(), TREE, recipe_of({"weigh": one})).score("I"),
        build(figures(), TREE, recipe_of({"weigh": other})).score("I"),
    )
