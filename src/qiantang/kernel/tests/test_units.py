"""Units: what may be compared, exactly, and what may not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiantang.kernel.units import UNITS, UnitMismatch, UnknownUnit, convert, unit

symbols = st.sampled_from(sorted(UNITS))
pairs = st.sampled_from(
    [
        (a, b)
        for a in sorted(UNITS)
        for b in sorted(UNITS)
        if UNITS[a].dimension == UNITS[b].dimension
    ]
)
values = st.decimals(
    min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False
)


@pytest.mark.parametrize(
    ("value", "from_", "to", "result"),
    [
        ("1.3", "万亿元", "亿元", "13000"),
        ("43000", "亿元", "万亿元", "4.3"),
        ("35", "万家", "家", "350000"),
        ("1", "Gbps", "Mbps", "1000"),
        ("1", "Gbit/s", "Mbit/s", "1000"),
        ("6627", "万人", "人", "66270000"),
        ("12", "家/个", "个", "12"),
        ("9.9", "percent", "%", "9.9"),
    ],
)
def test_figures_convert_exactly_within_a_dimension(
    value: str, from_: str, to: str, result: str
) -> None:
    assert convert(Decimal(value), from_, to) == Decimal(result)


@pytest.mark.parametrize(
    ("from_", "to"),
    [("亿元", "%"), ("%", "百分点"), ("户", "人"), ("index", "rank"), ("亿元", "Mbps")],
)
def test_other_dimensions_are_refused_both_ways(from_: str, to: str) -> None:
    for a, b in ((from_, to), (to, from_)):
        with pytest.raises(UnitMismatch) as caught:
            convert(Decimal(1), a, b)
        assert caught.value.fields == {"found": a, "expected": b}


def test_an_unknown_unit_is_refused_with_the_registered_ones() -> None:
    with pytest.raises(UnknownUnit) as caught:
        unit("亿英镑")
    assert "亿元" in caught.value.message("en")
    with pytest.raises(UnknownUnit):
        convert(Decimal(1), "亿元", "dollars")


def test_a_figure_already_in_the_wanted_unit_stays_digit_for_digit() -> None:
    assert str(convert(Decimal("6228.940"), "亿元", "亿元")) == "6228.940"


@given(values, pairs)
def test_converting_there_and_back_gives_the_figure(value: Decimal, pair: tuple[str, str]) -> None:
    a, b = pair
    there = convert(value, a, b)
    back = convert(there, b, a)
    assert abs(back - value) <= abs(value) * Decimal("1e-20")


@given(values, values, pairs)
def test_converting_keeps_the_order_of_figures(
    x: Decimal, y: Decimal, pair: tuple[str, str]
) -> None:
    a, b = pair
    assert (x < y) == (convert(x, a, b) < convert(y, a, b))


@given(symbols, symbols)
def test_a_conversion_exists_exactly_within_one_dimension(a: str, b: str) -> None:
    try:
        convert(Decimal(1), a, b)
    except UnitMismatch:
        assert UNITS[a].dimension != UNITS[b].dimension
    else:
        assert UNITS[a].dimension == UNITS[b].dimension


def test_every_unit_reads_in_both_languages_and_has_a_positive_factor() -> None:
    for symbol, found in UNITS.items():
        assert found.in_("zh") == symbol
        assert found.in_("en")
        assert found.factor > 0
