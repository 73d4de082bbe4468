"""Figures, units, dates and aims as each language writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qiantang.doors.portal import figures


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("5547.70"), "5,547.7"),
        (-3, "\N{MINUS SIGN}3"),
        (1e7, "10,000,000"),
        (None, ""),
        ("abc", "abc"),
        (Decimal("-0.00"), "0"),
        (Decimal("NaN"), "NaN"),
    ],
)
def test_numbers(value: object, written: str) -> None:
    assert figures.number(value) == written


@pytest.mark.parametrize(
    ("value", "unit", "lang", "said"),
    [
        ("6228.9", "亿元", "zh", ("", "6,228.9", " 亿元")),
        ("6228.9", "亿元", "en", ("", "622.89", " billion yuan")),
        ("10", "%", "en", ("", "10", "%")),
        ("3", "rank", "zh", ("第", "3", " 位")),
        (None, "亿元", "zh", ("", "", "")),
    ],
)
def test_amounts_apart_from_their_units(
    value: str | None, unit: str, lang: str, said: tuple[str, str, str]
) -> None:
    assert figures.parts(value, unit, lang) == said


def test_a_difference_shows_its_sign() -> None:
    assert figures.parts("-12", "亿元", "zh", signed=True)[1] == "\N{MINUS SIGN}12"
    assert figures.parts("12", "亿元", "zh", signed=True)[1] == "+12"


def test_days() -> None:
    assert figures.day(date(2019, 12, 31), "zh") == "2019年12月31日"
    assert figures.day(date(2019, 12, 31), "en") == "31 Dec 2019"
    assert figures.day(None, "en") == ""
