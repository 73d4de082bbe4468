"""A recipe read aloud: every method has a name, every setting is told."""

from __future__ import annotations

from qiantang.doors.portal.indices import methods
from qiantang.doors.portal.indices.recipe_words import factors_said, steps_said
from qiantang.engine.index import aggregating, group_weights, imputing, normalising, treating
from qiantang.kernel.text import Text

RECIPE = {
    "impute": {"method": "group-mean", "group": "region"},
    "normalise": {"method": "min-max", "range": [1, 100], "only": {"CO2": {"posts": [20, 0]}}},
    "weigh": {"Green": 0.25},
    "aggregate": {"method": "arithmetic", "level": {"3": {"method": "geometric"}}, "odd": 7},
    "uncertain": [
        {"name": "合成 · aggregation", "set": "aggregate.method", "to": ["median"]},
        {"name": "noise", "noise": 0.25, "sets": 10},
        {"name": "ways", "ways": [{"name": "甲 · one"}, {"name": "乙 · two"}]},
    ],
}


def name(code: str) -> Text:
    return Text(f"名{code}", f"name {code}")


def test_every_method_of_the_engine_has_a_name_in_both_languages() -> None:
    assert set(imputing.METHODS) <= set(methods.IMPUTE)
    assert set(treating.TRANSFORMS) <= set(methods.THEN)
    assert set(normalising.METHODS) <= set(methods.NORMALISE)
    assert set(aggregating.METHODS) <= set(methods.AGGREGATE)
    assert set(group_weights.METHODS) <= set(methods.WEIGH)


def test_each_step_is_told_in_order_and_no_setting_is_left_out() -> None:
    steps = steps_said(RECIPE, name, denominated=False)
    assert [s.id for s in steps] == ["impute", "normalise", "weigh", "aggregate"]
    told = {p.key for s in steps for p in s.parameters}
    told |= {p.key for s in steps for _, parameters in s.exceptions for p in parameters}
    assert told == {
        *("impute.method", "impute.group", "normalise.method", "normalise.range"),
        *("normalise.only.CO2.posts", "weigh.Green", "aggregate.method", "aggregate.odd"),
        "aggregate.level.3.method",
    }
    assert "同组均值" in steps[0].said.zh


def test_weights_that_are_computed_say_how() -> None:
    (step,) = [s for s in steps_said({"weigh": {"method": "entropy"}}, name, denominated=True)
               if s.id == "weigh"]  # fmt: skip
    assert "熵权法" in step.said.zh
    assert step.parameters[0].value.en == "entropy"


def test_uncertain_choices_are_named_with_their_alternatives() -> None:
    first, second, third = factors_said(RECIPE)
    assert (first[0].en, first[1].en) == ("aggregation", "weighted median")
    assert "±25 %" in second[1].en
    assert third[1].zh == "甲、乙"
