"""What a careful statistician would not let pass: rough votes, forecasts, misleading words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from qiantang.engine.targets.tests.cases import aim, codes, figure, judge, uses, verdict
from qiantang.packkit.plans import Base


def test_a_rough_figure_that_agrees_with_both_sides_gives_neither_the_majority() -> None:
    figures = (
        figure("98", id="low"),
        figure("103", id="high"),
        figure("100", id="rough", kind="approximate"),
    )
    for order in permutations(figures):
        a = judge(aim(100), *order)
        assert (a.verdict, a.conflicts[0].resolved_by) == ("undecided", None)


def test_the_grade_of_a_rough_figure_between_two_does_not_decide_for_either() -> None:
    rough = figure("100", id="rough", kind="approximate", grade="A")
    a = judge(aim(100), figure("98", id="low", grade="C"), figure("103", id="high"), rough)
    assert (a.value, a.conflicts[0].resolved_by) == (103, "grade")


def test_a_rough_figure_is_not_the_final_one_that_replaces_a_preliminary() -> None:
    early = figure("103", id="early", kind="preliminary", grade="A")
    rough = figure("95", id="rough", kind="approximate", grade="C")
    a = judge(aim(100), early, rough)
    assert (a.value, a.conflicts[0].resolved_by, codes(a)) == (
        103,
        "grade",
        {"rough": "conflict_lost"},
    )


def test_an_unknown_year_of_a_window_leaves_missing_it_only_likely() -> None:
    target = aim(100, due=(2020, 2022), indicator="share")
    last = figure("99", "2022", indicator="share")
    first = figure("99.5", "2020", indicator="share")
    middle = figure("99.2", "2021", indicator="share")
    a = judge(target, last, first)
    assert a.verdict == "likely_not_met"
    assert "其他年份" in a.reason.zh
    assert "other years" in a.reason.en
    assert verdict(target, last, first, middle) == "not_met"


def test_a_years_flow_published_within_the_year_is_a_forecast() -> None:
    a = judge(aim(100), figure("110", id="a", published=date(2019, 3, 1)))
    assert (a.verdict, codes(a)) == ("no_evidence", {"a": "published_early"})
    ranked = figure("3", indicator="rank", published=date(2019, 10, 20))
    assert verdict(aim(None, "<=", high=3, indicator="rank", direction="down"), ranked) == "met"


def test_growth_of_a_narrower_measure_towards_the_plans_figure_is_not_told() -> None:
    a = judge(aim(100, relation="narrower"), figure("60", "2017"), figure("110", "2019"))
    assert a.pace is not None
    assert (a.pace.needed, a.pace.seen is None) == (None, False)


def test_below_a_ceiling_at_the_years_rate_is_not_called_reached_already() -> None:
    target = aim(None, "<=", high=100, direction="down")
    a = judge(target, figure("60", "2019-01/2019-09"))
    assert a.verdict == "likely_met"
    assert "已达到目标" not in a.reason.zh
    assert "约80亿元" in a.reason.zh


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("4", "比目标值落后1位", "1 place behind"),
        ("1", "比目标值领先2位", "2 places ahead"),
    ],
)
def test_ranks_are_behind_or_ahead(value: str, zh: str, en: str) -> None:
    target = aim(None, "<=", high=3, indicator="rank", direction="down")
    reason = judge(target, figure(value, indicator="rank")).reason
    assert zh in reason.zh
    assert en in reason.en
    assert "进入前3位" in reason.zh
    assert "rank 3 or better" in reason.en


@pytest.mark.parametrize(
    ("value", "direction", "zh"),
    [
        ("92", "exact", "在目标区间之内"),
        ("97", "exact", "比目标上限高2个百分点"),
        ("88", "exact", "比目标下限低2个百分点"),
        ("90", "up", "恰好等于目标下限"),
        ("92", "up", "比目标下限高2个百分点"),
        ("97", "down", "比目标上限高2个百分点"),
    ],
)
def test_a_range_names_the_end_that_the_gap_is_measured_from(
    value: str, direction: str, zh: str
) -> None:
    target = aim(90, "range", high=95, indicator="share", direction=direction)
    assert zh in judge(target, figure(value, indicator="share")).reason.zh


@pytest.mark.parametrize(
    ("value", "told", "gap"),
    [("7", "met", "超出目标降幅1个百分点"), ("9", "not_met", "距目标降幅差1个百分点")],
)
def test_a_fall_is_asked_for_in_plain_words(value: str, told: str, gap: str) -> None:
    target = aim(
        None,
        "<=",
        high=-2,
        direction="down",
        indicator="share",
        unit="百分点",
        base=Base(2015),
    )
    a = judge(target, figure("10", "2015", indicator="share"), figure(value, indicator="share"))
    assert a.verdict == told
    assert "比2015年下降2个百分点以上" in a.reason.zh
    assert "a fall of at least 2 percentage points on 2015" in a.reason.en
    assert gap in a.reason.zh


def test_points_have_no_percentage_beside_them() -> None:
    target = aim(2, indicator="share", unit="百分点", base=Base(2015, value=Decimal(8)))
    reason = judge(target, figure("9", indicator="share")).reason
    assert "低1个百分点。" in reason.zh


def test_a_milestone_reached_too_late_is_not_told_as_never_shown() -> None:
    target = aim(kind="milestone", comparator=None, indicator="firms", reached_when=1)
    a = judge(target, figure("1", "2020", indicator="firms"))
    assert a.verdict == "milestone_not_shown"
    assert "截至2019年" in a.reason.zh
    assert "2019" in a.reason.en


def test_a_milestone_shown_by_a_near_measure_says_so() -> None:
    target = aim(
        kind="milestone", comparator=None, indicator="firms", relation="proxy", reached_when=1
    )
    a = judge(target, figure("1", "2019", indicator="firms"))
    assert "代替" in a.reason.zh
    assert "stands in" in a.reason.en


def test_a_rank_does_not_follow_from_the_ranks_of_other_years() -> None:
    target = aim(None, "<=", high=3, indicator="rank", direction="down")
    earlier = [figure(v, y, indicator="rank") for v, y in (("5", "2016"), ("3", "2018"))]
    a = judge(target, *earlier)
    assert (a.verdict, a.bound) == ("no_evidence", None)
    assert "2018" in a.reason.en


def test_a_conflict_within_the_window_is_not_called_outside_of_it() -> None:
    target = aim(100, due=(2020, 2022))
    both = [figure("90", "2020", id="a"), figure("110", "2020", id="b")]
    a = judge(target, *both, figure("120", "2022", id="c"))
    assert a.verdict == "met"
    assert uses(a) == {"a": "supporting", "b": "supporting", "c": "deciding"}
    assert a.rejected == ()
