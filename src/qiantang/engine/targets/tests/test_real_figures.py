"""The plan of 2017 judged by figures that were really published."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from qiantang.engine.targets.tests.cases import aim, figure, judge, uses
from qiantang.packkit.plans import Base


def test_core_industries_passed_550_billion() -> None:
    a = judge(
        aim(5500, ">", relation="renamed"),
        figure("2854", "2014", id="P001"),
        figure("5547.7", "2018", id="P004"),
        figure("6228.94", "2019", id="P005", grade="C"),
        figure("6228.9", "2019", id="P006"),
        figure("7020", "2020", id="P007"),
    )
    assert (a.verdict, a.value, a.confidence.level) == ("met_near", Decimal("6228.9"), "medium")
    assert a.gap is not None
    assert a.gap.absolute == Decimal("728.9")
    assert uses(a) == {"P006": "deciding", "P005": "supporting", "P001": "pace", "P004": "pace"}
    assert a.reason.zh.startswith("2019年业务收入为6,228.9亿元。")
    assert "622.89 billion yuan in 2019" in a.reason.en


def test_core_share_rose_two_points_from_an_unknown_base() -> None:
    a = judge(
        aim(2, indicator="share", unit="百分点", base=Base(2015)),
        figure("7.1", "2014", id="P020", indicator="share", grade="D"),
        figure("7.11", "2014", id="P021", indicator="share", kind="derived"),
        figure("8.4", "2016-01/2016-06", id="P022", indicator="share", kind="derived", grade="C"),
        figure("9.9", "2018", id="P025", indicator="share"),
        figure("10", "2019", id="P026", indicator="share", kind="preliminary"),
        figure("10", "2019", id="P027", indicator="share", grade="A-"),
        figure("10.9", "2020", id="P028", indicator="share", grade="A-"),
    )
    assert (a.verdict, a.confidence.level, a.base_needed) == ("likely_met", "low", 8)
    assert a.base_value == Decimal("7.8075")
    assert a.value == Decimal("2.1925")


def test_leading_firms_over_the_five_years() -> None:
    target = aim(20, "~", indicator="firms", relation="proxy", due=(2020, 2022))
    a = judge(target, figure("25", "2016/2020", indicator="firms"))
    assert (a.verdict, a.value) == ("met_near", 25)


def test_electronics_stayed_below_1300_billion() -> None:
    a = judge(
        aim(13000, "~", relation="proxy"),
        figure("6446.8", "2015", id="P049", kind="derived", grade="C"),
        figure("7905", "2017", id="P050", grade="A-"),
        figure("9863.6", "2020-01/2020-11", id="P051", grade="C"),
        figure("11500", "2020", id="P052", kind="later_target", grade="A-"),
    )
    assert a.verdict == "likely_not_met"
    assert a.bound is not None
    assert a.bound.low == 7905
    assert round(a.bound.high or 0) == 10760
    assert uses(a) == {"P050": "bound", "P051": "bound", "P049": "pace"}
    assert "折合全年约10,760.29亿元" in a.reason.zh


def test_software_on_a_near_measure() -> None:
    target = aim(5500, "~", relation="proxy", more=[("revenue2", "wider")])
    a = judge(
        target,
        figure("3040.6", "2015", kind="derived", grade="C"),
        figure("6102", "2019"),
        figure("5543", "2017", indicator="revenue2", grade="A-"),
    )
    assert (a.verdict, a.value) == ("met_near", 6102)


def test_online_sales_are_not_decided_by_2017_and_part_of_2020() -> None:
    a = judge(
        aim(17000, relation="proxy"),
        figure("10306.7", "2016", grade="B-"),
        figure("13000", "2017"),
        figure("16429", "2020-01/2020-10", kind="derived"),
    )
    assert a.verdict == "no_evidence"
    assert a.bound is not None
    assert (a.bound.low, a.bound.high) == (13000, Decimal("19714.8"))


def test_cross_border_exports_exceeded_75_billion() -> None:
    figures = [
        figure("574.4", "2018", kind="derived", published=date(2020, 5, 7)),
        figure("163.3", "2019-01/2019-03", published=date(2019, 4, 23)),
        figure("777.1", "2019", published=date(2020, 5, 7)),
    ]
    target = aim(750)
    assert judge(target, *figures).verdict == "met"
    assert judge(target, *figures, as_of=date(2020, 1, 31)).verdict == "no_evidence"
    assert judge(target, *figures, as_of=date(2018, 12, 31)).verdict == "not_yet_due"


def test_5g_trial_network_stood_in_2018() -> None:
    target = aim(
        kind="milestone", comparator=None, indicator="firms", reached_when=1, due=(2020, 2022)
    )
    a = judge(
        target,
        figure("500", "2018-12-31", id="P093", indicator="firms"),
        figure("15770", "2019-12-31", id="P094", indicator="firms", grade="C"),
        figure("50000", "2020", id="P095", indicator="firms", kind="later_target"),
    )
    assert (a.verdict, a.confidence.level) == ("milestone_reached", "medium")
    assert str(a.period) == "2018-12-31"
