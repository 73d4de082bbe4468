"""Uncertain choices as a recipe tells them: every form, and every slip refused by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qiantang.engine.index import Element, Structure
from qiantang.engine.index.choices import factors_of
from qiantang.engine.index.errors import ElementUnknown, RecipeInvalid
from qiantang.engine.index.factors import CellError

TREE = Structure(
    (
        Element("a", "a", 1, "P"), Element("b", "b", 1, "P"), Element("c", "c", 1, "Q"),
        Element("P", "P", 2, "Top"), Element("Q", "Q", 2, "Top"), Element("Top", "Top", 3),
    )
)  # fmt: skip


def told(*tables: dict[str, Any], **base: Any) -> dict[str, Any]:
    return {**base, "uncertain": list(tables)}


def test_every_form_is_read() -> None:
    found = factors_of(
        told(
            {"set": "aggregate.method", "to": ["arithmetic", "geometric"]},
            {"name": "noise", "noise": 0.2, "sets": 3, "levels": [2]},
            {"name": "any", "weights": "any", "sets": 4},
            {"name": "data", "error": {"relative": 0.1, "only": {"b": {"absolute": 2.0}}}},
            {"name": "out", "leave_out": ["a", "Q"]},
            {"name": "each", "leave_out": "each"},
            {"name": "ways", "ways": [{}, {"treat": False, "weigh": {"P": 2}, "leave_out": ["c"]}]},
            treat={"points": 5},
        ),
        TREE,
    )
    sizes = {f.name: len(f.alternatives) for f in found}
    assert sizes == {
        "aggregate.method": 2, "noise": 3, "any": 4, "data": 100, "out": 3, "each": 4, "ways": 2,
    }  # fmt: skip
    by_name = {f.name: f.alternatives for f in found}
    assert set(by_name["noise"][0].noise) == {"P", "Q"}
    assert by_name["data"][0].errors == {
        "a": CellError(0.1), "b": CellError(0.1, 2.0), "c": CellError(0.1),
    }  # fmt: skip
    assert by_name["ways"][1].without == ("c",)


def test_any_weights_sum_to_one_in_every_group_and_are_spread_evenly() -> None:
    (factor,) = factors_of(told({"weights": "any", "sets": 4000}), TREE)
    sets = np.array([[a.weights["a"], a.weights["b"]] for a in factor.alternatives])
    np.testing.assert_allclose(sets.sum(axis=1), 1)
    # Of two children, an even draw from the simplex is uniform: mean 1/2, variance 1/12.
    assert sets[:, 0].mean() == pytest.approx(0.5, abs=0.02)
    assert sets[:, 0].var() == pytest.approx(1 / 12, abs=0.005)


@pytest.mark.parametrize(
    ("table", "named", "known"),
    [
        ({"set": "treat.points", "to": [1, 2]}, "treat.points", "aggregate"),
        ({"set": "trat.points", "to": [1, 2]}, "trat", "treat"),
        ({"set": "aggregate.metod", "to": ["arithmetic"]}, "metod", "method"),
        ({"set": "aggregate.method", "to": ["geometrik"]}, "geometrik", "geometric"),
        ({"set": "aggregate.method", "to": []}, "[]", "to = [...]"),
        ({"set": "aggregate.method"}, "None", "to = [...]"),
        ({"noise": 1.5}, "1.5", "0 … 1"),
        ({"noise": 0.1, "sts": 5}, "sts", "sets"),
        ({"noise": 0.1, "sets": 0}, "0", "1 …"),
        ({"leave_out": ["a", "zz"]}, "uncertain[1].leave_out.zz", "a, b, c, P, Q"),
        ({"weights": "any", "levels": ["one"]}, "uncertain[1].levels = one", "1, 2"),
        ({"noise": 0.1, "levels": [7]}, "uncertain[1].levels = 7", "1, 2"),
        ({"weights": "all"}, "all", "any"),
        ({"error": {"relativ": 0.1}}, "relativ", "relative"),
        ({"error": {"only": {"z": {"absolute": 1}}}}, "uncertain[1].error.only.z", "a, b, c"),
        ({"error": 0}, "0", "relative"),
        ({"leave_out": ["z"]}, "uncertain[1].leave_out.z", "a, b, c, P, Q"),
        ({"leave_out": ["Top"]}, "uncertain[1].leave_out = Top", "a, b, c, P, Q"),
        ({"ways": [{"weigh": {"z": 1}}]}, "uncertain[1].ways[1].weigh.z", "a, b, c, P, Q"),
        ({"ways": [{"weigh": {"a": "much"}}]}, "much", "0 …"),
        ({"name": "nothing"}, "name", "leave_out"),
        ({"noise": 0.1, "weights": "any"}, "noise", "set | noise"),
    ],
)
def test_a_slip_is_refused_with_what_is_known(
    table: dict[str, Any], named: str, known: str
) -> None:
    with pytest.raises(RecipeInvalid) as caught:
        factors_of(told(table), TREE)
    assert named in str(caught.value)
    assert known in str(caught.value)


def test_a_code_inside_an_alternative_is_checked_before_anything_is_computed() -> None:
    table = {"ways": [{"aggregate": {"group": {"Z": {"method": "geometric"}}}}]}
    with pytest.raises(ElementUnknown, match=r"aggregate\.group\.Z: the index has no element"):
        factors_of(told(table), TREE)


def test_two_choices_may_not_share_a_name() -> None:
    with pytest.raises(RecipeInvalid, match="noise"):
        factors_of(told({"noise": 0.1}, {"noise": 0.2}), TREE)
