"""Before the deadline, milestones, aims without a number, pace and confidence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qiantang.engine.targets.tests.cases import aim, codes, figure, judge, uses, verdict

EARLY = date(2018, 12, 31)


def test_before_the_deadline_nothing_is_decided() -> None:
    a = judge(aim(100), figure("80", "2017"), as_of=EARLY)
    assert (a.verdict, a.value, a.confidence.level) == ("not_yet_due", 80, "none")
    assert "尚未达到目标" in a.reason.zh


def test_reached_before_the_deadline_is_said_but_not_decided() -> None:
    a = judge(aim(100), figure("120", "2017"), as_of=EARLY)
    assert a.verdict == "not_yet_due"
    assert "已达到目标" in a.reason.zh


def test_the_deadline_itself_is_due() -> None:
    assert verdict(aim(100), figure("120"), as_of=date(2019, 12, 30)) == "not_yet_due"
    assert verdict(aim(100), figure("120"), as_of=date(2019, 12, 31)) == "met"


def test_a_window_reached_before_its_end_is_met() -> None:
    target = aim(100, due=(2020, 2022))
    reached, short = figure("120", "2020"), figure("90", "2020")
    assert verdict(target, reached, as_of=date(2021, 6, 30)) == "met"
    assert verdict(target, short, as_of=date(2021, 6, 30)) == "not_yet_due"
    assert verdict(target, figure("120", "2018"), as_of=date(2019, 6, 30)) == "not_yet_due"


def test_only_a_part_of_a_year_so_far() -> None:
    a = judge(aim(100), figure("60", "2018-01/2018-09"), as_of=EARLY)
    assert a.verdict == "not_yet_due"
    assert "2018年1—9月业务收入为60亿元" in a.reason.zh


@pytest.mark.parametrize(("grade", "level"), [("A", "high"), ("B", "medium"), ("C", "low")])
def test_a_milestone_is_reached_with_the_confidence_of_its_source(grade: str, level: str) -> None:
    target = aim(
        kind="milestone", comparator=None, indicator="firms", reached_when=1, due=(2020, 2022)
    )
    a = judge(target, figure("500", "2018-12-31", indicator="firms", grade=grade))
    assert (a.verdict, a.confidence.level, a.value) == ("milestone_reached", level, 500)


def test_a_milestone_short_of_its_figure_is_not_shown() -> None:
    target = aim(kind="milestone", comparator=None, indicator="firms", reached_when=100)
    a = judge(target, figure("50", id="P1", indicator="firms"))
    assert (a.verdict, uses(a)) == ("milestone_not_shown", {"P1": "supporting"})


def test_a_milestone_reached_only_after_its_deadline_is_not_shown() -> None:
    target = aim(kind="milestone", comparator=None, indicator="firms", reached_when=100)
    a = judge(target, figure("500", "2021", id="P1", indicator="firms"))
    assert (a.verdict, codes(a)) == ("milestone_not_shown", {"P1": "outside_period"})


def test_a_milestone_before_its_deadline() -> None:
    target = aim(kind="milestone", comparator=None, indicator="firms", reached_when=1)
    assert verdict(target, as_of=EARLY) == "not_yet_due"
    known = figure("5", "2017", indicator="firms")
    assert verdict(target, known, as_of=EARLY) == "milestone_reached"
    assert verdict(target, as_of=date(2020, 1, 1)) == "milestone_not_shown"


def test_only_the_first_measure_shows_a_milestone() -> None:
    target = aim(
        kind="milestone",
        comparator=None,
        indicator="firms",
        reached_when=1,
        more=[("revenue", "proxy")],
    )
    assert verdict(target, figure("5")) == "milestone_not_shown"


def test_an_aim_without_a_number_lists_its_context() -> None:
    target = aim(kind="qualitative", comparator=None, indicator="score")
    a = judge(target, figure("82", id="P1", indicator="score"))
    assert (a.verdict, uses(a)) == ("milestone_not_shown", {"P1": "supporting"})
    assert "没有给出可比较的数值" in a.reason.zh


def test_needed_and_seen_growth() -> None:
    pace = judge(aim(200), figure("100", "2017"), figure("144", "2019")).pace
    assert pace is not None
    assert (pace.mode, pace.needed, pace.seen) == (
        "growth",
        Decimal("0.414214"),
        Decimal("0.200000"),
    )
    assert (str(pace.first), str(pace.last)) == ("2017", "2019")


def test_one_year_alone_has_no_pace() -> None:
    pace = judge(aim(200), figure("100")).pace
    assert pace is not None
    assert (pace.needed, pace.seen, pace.last) == (None, None, None)


@pytest.mark.parametrize("first", ["0", "-10"])
def test_no_growth_rate_from_nothing(first: str) -> None:
    pace = judge(aim(200), figure(first, "2017"), figure("144", "2019")).pace
    assert pace is not None
    assert pace.mode == "points"


def test_a_ratio_moves_in_points() -> None:
    target = aim(90, indicator="share")
    figures = [figure("70", "2015", indicator="share"), figure("82", "2019", indicator="share")]
    pace = judge(target, *figures).pace
    assert pace is not None
    assert (pace.mode, pace.needed, pace.seen) == ("points", Decimal("5"), Decimal("3"))


def test_nothing_more_is_needed_once_beyond_the_target() -> None:
    pace = judge(aim(100), figure("120", "2016"), figure("125", "2019")).pace
    assert pace is not None
    assert pace.needed == 0


@pytest.mark.parametrize(
    ("grades", "level"),
    [
        (["A"], "high"),
        (["B"], "medium"),
        (["B", "B-"], "high"),
        (["B", "C"], "medium"),
        (["C"], "low"),
        (["C", "C"], "medium"),
    ],
)
def test_confidence_by_grade_and_number_of_sources(grades: list[str], level: str) -> None:
    figures = [figure("120", id=f"P{n}", grade=g) for n, g in enumerate(grades)]
    assert judge(aim(100), *figures).confidence.level == level


def test_a_near_measure_or_a_conflict_lowers_confidence() -> None:
    assert judge(aim(100, relation="proxy"), figure("120", grade="A")).confidence.level == "medium"
    a = judge(aim(100), figure("120", grade="A"), figure("90", grade="B"))
    assert a.confidence.level == "medium"
    assert "来源有冲突" in a.confidence.reason.zh
