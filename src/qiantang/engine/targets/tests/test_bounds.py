"""Figures that bound the answer: parts of a year, "more than", other scopes, other years."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qiantang.engine.targets.tests.cases import aim, codes, figure, judge, uses, verdict

TARGET = aim(100, ">=")


def test_a_part_year_flow_that_reaches_the_target_makes_it_likely() -> None:
    a = judge(TARGET, figure("101", "2019-01/2019-09", id="part"))
    assert (a.verdict, a.value) == ("likely_met", None)
    assert a.bound is not None
    assert (a.bound.low, a.bound.high) == (101, None)
    assert uses(a) == {"part": "deciding"}


def test_a_part_year_flow_below_the_target_proves_nothing() -> None:
    assert verdict(TARGET, figure("80", "2019-01/2019-06")) == "no_evidence"


def test_a_nearly_full_year_far_below_makes_missing_likely() -> None:
    a = judge(TARGET, figure("55", "2019-01/2019-11"))
    assert a.verdict == "likely_not_met"
    assert a.bound is not None
    assert a.bound.high == 60


@pytest.mark.parametrize(("value", "expected"), [("101", "met"), ("99", "no_evidence")])
def test_more_than_is_a_lower_bound(value: str, expected: str) -> None:
    a = judge(TARGET, figure(value, kind="lower_bound"))
    assert (a.verdict, a.value) == (expected, None)
    assert a.bound is not None
    assert a.bound.low == Decimal(value)


@pytest.mark.parametrize(("value", "expected"), [("99", "not_met"), ("101", "no_evidence")])
def test_less_than_is_an_upper_bound(value: str, expected: str) -> None:
    assert verdict(TARGET, figure(value, kind="upper_bound")) == expected


@pytest.mark.parametrize("kind", ["approximate", "derived"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [("106", "met"), ("104", "likely_met"), ("97", "likely_not_met"), ("90", "not_met")],
)
def test_a_figure_with_a_margin_only_decides_outside_it(
    kind: str, value: str, expected: str
) -> None:
    assert verdict(TARGET, figure(value, kind=kind)) == expected


@pytest.mark.parametrize(
    ("relation", "value", "expected"),
    [
        ("renamed", "120", "met_near"),
        ("renamed", "90", "not_met_near"),
        ("proxy", "120", "met_near"),
        ("proxy", "90", "not_met_near"),
        ("narrower", "120", "likely_met"),
        ("narrower", "90", "no_evidence"),
        ("wider", "90", "likely_not_met"),
        ("wider", "120", "no_evidence"),
    ],
)
def test_relations_to_what_the_plan_names(relation: str, value: str, expected: str) -> None:
    assert verdict(aim(100, relation=relation), figure(value)) == expected


def test_the_plans_own_measure_is_preferred() -> None:
    target = aim(100, indicator="revenue2", relation="proxy", more=[("revenue", "same")])
    a = judge(target, figure("120", id="near", indicator="revenue2"), figure("90", id="own"))
    assert a.verdict == "not_met"
    assert codes(a) == {"near": "other_measure"}


def test_a_near_measure_speaks_when_the_own_one_is_silent() -> None:
    target = aim(100, more=[("revenue2", "proxy")])
    a = judge(target, figure("50", "2019-01/2019-03"), figure("120", indicator="revenue2"))
    assert a.verdict == "met_near"
    assert a.measure is not None
    assert a.measure.indicator == "revenue2"


def test_a_ratio_of_another_scope_gives_no_bound() -> None:
    target = aim(90, indicator="share", relation="narrower")
    a = judge(target, figure("95", id="P1", indicator="share"))
    assert (a.verdict, codes(a)) == ("no_evidence", {"P1": "no_bound"})


def test_a_rising_series_past_the_target_before_the_deadline() -> None:
    a = judge(TARGET, figure("90", "2016"), figure("110", "2018", id="nearest"))
    assert a.verdict == "likely_met"
    assert a.bound is not None
    assert a.bound.low == 110
    assert uses(a)["nearest"] == "bound"


def test_a_rising_series_still_short_of_the_target_later() -> None:
    a = judge(TARGET, figure("70", "2017"), figure("95", "2020"))
    assert a.verdict == "likely_not_met"
    assert a.bound is not None
    assert (a.bound.low, a.bound.high) == (70, 95)


def test_one_known_year_is_no_trend_for_a_flow() -> None:
    assert verdict(TARGET, figure("110", "2018")) == "no_evidence"


def test_a_series_that_turns_is_no_trend() -> None:
    figures = [figure("90", "2016"), figure("120", "2017"), figure("110", "2018")]
    assert verdict(TARGET, *figures) == "no_evidence"


def test_a_later_part_year_scaled_up_bounds_from_above() -> None:
    figures = [figure("60", "2016"), figure("70", "2018"), figure("66", "2020-01/2020-11")]
    a = judge(TARGET, *figures)
    assert a.verdict == "likely_not_met"
    assert a.bound is not None
    assert a.bound.high == 72


def test_scaling_up_keeps_a_margin() -> None:
    figures = [figure("60", "2016"), figure("70", "2018"), figure("89", "2020-01/2020-11")]
    assert verdict(TARGET, *figures) == "no_evidence"


def test_a_few_months_are_not_scaled_up() -> None:
    figures = [figure("60", "2016"), figure("70", "2018"), figure("10", "2020-01/2020-03")]
    assert verdict(TARGET, *figures) == "no_evidence"


def test_bounds_that_do_not_decide_are_shown() -> None:
    a = judge(TARGET, figure("90", "2018"), figure("110", "2020"))
    assert a.verdict == "no_evidence"
    assert a.bound is not None
    assert (a.bound.low, a.bound.high) == (90, 110)
    assert "在90亿元至110亿元之间" in a.reason.zh


def test_a_falling_series_and_a_downward_target() -> None:
    target = aim(None, "<=", high=10, indicator="score", direction="down")
    early = [figure("12", "2016", indicator="score"), figure("9", "2018", indicator="score")]
    assert verdict(target, *early) == "likely_met"
    late = [figure("20", "2016", indicator="score"), figure("12", "2021", indicator="score")]
    assert verdict(target, *late) == "likely_not_met"


def test_a_falling_series_that_was_already_short() -> None:
    assert verdict(TARGET, figure("95", "2016"), figure("90", "2018")) == "likely_not_met"


def test_a_stock_that_stood_there_before_is_likely_still_there() -> None:
    target = aim(20, indicator="firms", due=(2020, 2022))
    a = judge(target, figure("25", "2018", indicator="firms"))
    assert a.verdict == "likely_met"
    assert "存量一般不会减少" in a.reason.zh


def test_a_stock_seen_falling_is_not_taken_to_stay() -> None:
    target = aim(20, indicator="firms")
    figures = [figure(v, y, indicator="firms") for v, y in (("25", "2016"), ("22", "2018"))]
    assert verdict(target, *figures) == "no_evidence"


def test_a_window_is_met_in_any_of_its_years() -> None:
    target = aim(100, due=(2020, 2022))
    a = judge(target, figure("90", "2020"), figure("105", "2021"), figure("95", "2022"))
    assert (a.verdict, str(a.period)) == ("met", "2021")
    assert verdict(target, figure("90", "2020"), figure("95", "2022")) == "not_met"


def test_an_early_year_of_a_window_does_not_settle_missing_it() -> None:
    target = aim(100, due=(2020, 2022))
    assert verdict(target, figure("90", "2020")) == "no_evidence"
    assert verdict(target, figure("70", "2020"), figure("90", "2023")) == "likely_not_met"


def test_without_a_deadline_the_latest_year_is_judged() -> None:
    target = aim(100, due=None)
    a = judge(target, figure("120", "2018"), figure("90", "2021"))
    assert (a.verdict, str(a.period)) == ("not_met", "2021")
