"""Exactly at the limit, just beside it, and every word the plan uses to compare."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qiantang.engine.targets.tests.cases import aim, figure, judge, verdict


@pytest.mark.parametrize(
    ("comparator", "value", "expected"),
    [
        (">", "5500", "not_met"),
        (">", "5500.00000001", "met"),
        (">=", "5500", "met"),
        (">=", "5499.99999999", "not_met"),
        ("~", "5225", "met"),
        ("~", "5224.99", "not_met"),
        ("~", "9000", "met"),
        ("=", "5500", "met"),
        ("=", "5600", "met"),
        ("=", "5499", "not_met"),
    ],
)
def test_from_below(comparator: str, value: str, expected: str) -> None:
    assert verdict(aim(5500, comparator), figure(value)) == expected


@pytest.mark.parametrize(
    ("comparator", "value", "expected"),
    [
        ("<", "20", "not_met"),
        ("<", "19.99", "met"),
        ("<=", "20", "met"),
        ("<=", "20.01", "not_met"),
        ("~", "21", "met"),
        ("~", "21.01", "not_met"),
        ("=", "19", "met"),
        ("=", "21", "not_met"),
    ],
)
def test_from_above(comparator: str, value: str, expected: str) -> None:
    target = aim(None, comparator, high=20, indicator="score", direction="down")
    assert verdict(target, figure(value, indicator="score")) == expected


@pytest.mark.parametrize(
    ("comparator", "low", "high", "value", "expected"),
    [
        ("=", 100, None, "100", "met"),
        ("=", 100, None, "100.5", "not_met"),
        ("~", 100, 100, "105", "met"),
        ("~", 100, 100, "105.01", "not_met"),
        ("~", 100, 100, "95", "met"),
        ("~", 100, 100, "94.9", "not_met"),
        ("range", 2, 3, "2", "met"),
        ("range", 2, 3, "3", "met"),
        ("range", 2, 3, "4", "not_met"),
        ("range", 2, 3, "1", "not_met"),
    ],
)
def test_to_be_hit(comparator: str, low: int, high: int | None, value: str, expected: str) -> None:
    target = aim(low, comparator, high=high, direction="exact")
    assert verdict(target, figure(value)) == expected


def test_a_range_reached_from_below_has_no_upper_end() -> None:
    assert verdict(aim(2, "range", high=3), figure("4")) == "met"


def test_gap_is_absolute_and_relative() -> None:
    gap = judge(aim(5500, ">"), figure("6228.9")).gap
    assert gap is not None
    assert gap.absolute == Decimal("728.9")
    assert gap.relative is not None
    assert round(gap.relative, 4) == Decimal("0.1325")


def test_a_target_of_zero_has_no_relative_gap() -> None:
    a = judge(aim(0, ">="), figure("5"))
    assert a.verdict == "met"
    assert a.gap is not None
    assert a.gap.relative is None


def test_gap_inside_a_range_is_zero_and_outside_runs_to_the_nearer_end() -> None:
    target = aim(2, "range", high=4, direction="exact")
    gaps = [judge(target, figure(v)).gap for v in ("3", "1", "6")]
    assert [g.absolute for g in gaps if g] == [0, -1, 2]


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+40", "1E-40"])
def test_what_is_no_number_is_set_aside(value: str) -> None:
    a = judge(aim(5500), figure(value, id="P1"))
    assert a.verdict == "no_evidence"
    assert [r.code for r in a.rejected] == ["not_a_number"]


@pytest.mark.parametrize(
    ("low", "high", "comparator"),
    [("NaN", None, ">="), ("Infinity", None, ">"), (None, None, ">="), (3, 2, "range")],
)
def test_a_target_without_a_usable_number_is_not_judged(
    low: str | None, high: int | None, comparator: str
) -> None:
    a = judge(aim(low, comparator, high=high), figure("5", id="P1"))
    assert a.verdict == "no_evidence"
    assert [r.code for r in a.rejected] == ["no_number"]


def test_units_of_one_dimension_are_converted() -> None:
    a = judge(aim("1.3", ">=", unit="万亿元"), figure("13000", unit="亿元"))
    assert a.verdict == "met"
    assert (a.value, a.unit) == (Decimal("1.3"), "万亿元")
    assert a.gap is not None
    assert a.gap.absolute == 0


@pytest.mark.parametrize("unit", ["家", "%", "百分点", "furlongs"])
def test_other_units_are_set_aside_not_guessed(unit: str) -> None:
    a = judge(aim(5500), figure("6000", unit=unit))
    assert a.verdict == "no_evidence"
    assert [r.code for r in a.rejected] == ["unit_mismatch"]


def test_mixed_units_use_what_can_be_compared() -> None:
    a = judge(aim(5500), figure("6000", id="money"), figure("6000", id="count", unit="家"))
    assert a.verdict == "met"
    assert [r.observation.id for r in a.rejected] == ["count"]
