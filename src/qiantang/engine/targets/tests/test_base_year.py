"""Targets for a change since a base year, with the base known, unknown, or impossible."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qiantang.engine.targets.tests.cases import aim, figure, judge, uses, verdict
from qiantang.kernel.observations import Observation
from qiantang.packkit.plans import Base, Target


def rise(points: str | int, base: str | None = None) -> Target:
    stated = None if base is None else Decimal(base)
    return aim(
        points, ">=", indicator="share", unit="百分点", base=Base(2015, "difference", stated)
    )


def growth(percent: str | int, base: str | None = None) -> Target:
    stated = None if base is None else Decimal(base)
    return aim(percent, ">=", unit="%", base=Base(2015, "growth", stated))


def share(value: str, period: str, kind: str = "actual") -> Observation:
    return figure(value, period, id=f"{value}-{period}", indicator="share", kind=kind)


def test_a_stated_base() -> None:
    a = judge(rise(2, base="8"), share("10", "2019"))
    assert (a.verdict, a.value, a.unit, a.base_value) == ("met", 2, "百分点", 8)
    assert verdict(rise(2, base="8.01"), share("10", "2019")) == "not_met"


def test_a_base_from_the_evidence() -> None:
    a = judge(rise(2), share("7.8", "2015"), share("10", "2019"))
    assert (a.verdict, a.value, a.base_value, a.base_needed) == (
        "met",
        Decimal("2.2"),
        Decimal("7.8"),
        None,
    )
    assert uses(a) == {"10-2019": "deciding", "7.8-2015": "base"}


def test_a_missing_base_is_interpolated_and_the_needed_one_shown() -> None:
    a = judge(rise(2), share("7.1", "2014"), share("9.9", "2018"), share("10", "2019"))
    assert (a.verdict, a.confidence.level) == ("likely_met", "low")
    assert (a.base_value, a.base_needed) == (Decimal("7.8"), 8)
    assert a.bound is not None
    assert (a.bound.low, a.bound.high) == (Decimal("0.1"), Decimal("2.9"))
    assert "线性内插" in a.reason.zh
    assert "straight line" in a.reason.en
    assert "基期值应为8%" in a.reason.zh


def test_an_interpolated_base_can_also_tell_against() -> None:
    figures = [share("7.9", "2014"), share("9.9", "2018"), share("10", "2019")]
    assert verdict(rise(2), *figures) == "likely_not_met"


def test_a_base_known_on_one_side_only() -> None:
    a = judge(rise(2), share("9", "2018"), share("10", "2019"))
    assert (a.verdict, a.base_needed) == ("no_evidence", 8)
    late_enough = judge(rise("0.5"), share("9", "2018"), share("10", "2019"))
    assert late_enough.verdict == "likely_met"


def test_no_base_at_all() -> None:
    a = judge(rise(2), share("10", "2019"))
    assert (a.verdict, a.value, a.base_needed) == ("no_evidence", None, 8)


def test_the_pace_of_a_change_is_in_points() -> None:
    pace = judge(rise(2), share("7.8", "2015"), share("10", "2019")).pace
    assert pace is not None
    assert (pace.mode, pace.needed, pace.seen) == ("points", Decimal("0.5"), Decimal("0.55"))


def test_growth_since_a_base() -> None:
    figures = [figure("100", "2015"), figure("121", "2019")]
    a = judge(growth(20), *figures)
    assert (a.verdict, a.value, a.unit) == ("met", 21, "%")
    assert verdict(growth(22), *figures) == "not_met"


@pytest.mark.parametrize("base", ["0", "-5"])
def test_growth_from_nothing_has_no_verdict(base: str) -> None:
    for target, figures in (
        (growth(20, base), [figure("121", "2019")]),
        (growth(20), [figure(base, "2015"), figure("121", "2019")]),
    ):
        a = judge(target, *figures)
        assert a.verdict == "no_evidence"
        assert "不是正数" in a.reason.zh


def test_growth_with_a_base_bounded_by_its_neighbour() -> None:
    figures = [figure("100", "2017"), figure("130", "2019")]
    assert verdict(growth(20), *figures) == "likely_met"
    early = [figure("100", "2014"), figure("105", "2019")]
    assert verdict(growth(20), *early) == "likely_not_met"


def test_growth_below_minus_hundred_needs_no_base() -> None:
    assert judge(growth(-100), figure("130", "2019")).base_needed is None


def test_conflicting_bases_weaken_the_verdict() -> None:
    bases = [figure(v, "2015", id=v, indicator="share") for v in ("7", "7.5")]
    a = judge(rise(2), *bases, share("10", "2019"))
    assert (a.verdict, a.confidence.level) == ("likely_met", "low")


def test_conflicting_results_on_one_side_do_not_matter() -> None:
    results = [figure(v, "2019", id=v, indicator="share") for v in ("10", "10.5")]
    a = judge(rise(2), share("7", "2015"), *results)
    assert (a.verdict, a.value) == ("met", 3)
    across = judge(rise(2), share("8.2", "2015"), *results)
    assert across.verdict == "undecided"


def test_a_value_missing_at_the_deadline_is_bounded_too() -> None:
    figures = [share("7", "2015"), share("8.5", "2021")]
    assert verdict(rise(2), *figures) == "likely_not_met"
