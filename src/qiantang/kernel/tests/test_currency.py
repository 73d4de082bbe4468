"""Currencies convert over a declared rate of the same period, or not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qiantang.kernel.currency import ExchangeRate, NoExchangeRate, convert_money
from qiantang.kernel.periods import Period
from qiantang.kernel.units import UnitMismatch, convert
from qiantang.kernel.workdays import is_working, next_working

YEAR = Period.parse("2019")
RATES = [
    ExchangeRate("美元", Decimal("6.8985"), YEAR, "example"),
    ExchangeRate("欧元", Decimal("7.7255"), YEAR, "example"),
]


def test_money_converts_over_the_rate_of_its_period() -> None:
    assert convert_money(Decimal("2"), "亿美元", "亿元", YEAR, RATES) == Decimal("13.797")
    assert convert_money(Decimal("13.797"), "亿元", "万美元", YEAR, RATES) == 20000
    there = convert_money(Decimal("1"), "美元", "欧元", YEAR, RATES)
    assert there.quantize(Decimal("1e-6")) == Decimal("0.892952")


def test_one_currency_needs_no_rate() -> None:
    assert convert_money(Decimal("2"), "亿美元", "万美元", YEAR, []) == 20000


@pytest.mark.parametrize("period", ["2018", "2019-01/2019-06", "2019-12-31"])
def test_no_rate_is_carried_to_another_period(period: str) -> None:
    with pytest.raises(NoExchangeRate):
        convert_money(Decimal(1), "美元", "元", Period.parse(period), RATES)


def test_rates_that_differ_are_no_rate() -> None:
    other = ExchangeRate("美元", Decimal("7"), YEAR, "another")
    with pytest.raises(NoExchangeRate):
        convert_money(Decimal(1), "美元", "元", YEAR, [*RATES, other])


@pytest.mark.parametrize("to", ["人", "元/美元", "万元/人年"])
def test_what_is_no_money_is_no_currency(to: str) -> None:
    with pytest.raises(UnitMismatch):
        convert_money(Decimal(1), "美元", to, YEAR, RATES)
    with pytest.raises(UnitMismatch):
        convert(Decimal(1), "美元", "元")


def test_long_figures_convert_exactly() -> None:
    assert convert(Decimal("12345678901234567890123456789.5"), "万亿元", "元") == Decimal(
        "12345678901234567890123456789500000000000"
    )


def test_working_days_are_weekdays_less_the_holidays_that_are_given() -> None:
    saturday, monday = date(2024, 9, 14), date(2024, 9, 16)
    assert next_working(saturday) == monday
    assert next_working(saturday, holidays={monday}) == date(2024, 9, 17)
    assert is_working(saturday, made_up={saturday})
    assert not is_working(monday, holidays={monday})
