"""Figures as people write them: units, factors, digits that a type cannot hold, rounding."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiantang.engine.quality.cleaning import clean
from qiantang.engine.quality.tests.one_column import (
    COUNT,
    MONEY,
    PERCENT,
    TEXT,
    read,
)
from qiantang.engine.quality.tests.streams import field
from qiantang.packkit.compiled import Field, FieldType


def test_the_unit_in_the_heading_holds_for_bare_numbers_only() -> None:
    factor = Decimal(10_000)
    assert read(MONEY, "1.2", factor=factor) == Decimal(12000)
    assert read(MONEY, "1.2元", factor=factor) == Decimal("1.2")
    assert read(MONEY, "12", factor=Decimal("0.01")) == Decimal("0.12")
    assert read(MONEY, "12", factor=Decimal("7.5")) == Decimal(90)
    assert read(COUNT, "1.2", factor=factor) == 12000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100万", 1_000_000),
        ("150万元人民币", 1_500_000),
        ("1500000元人民币", 1_500_000),
        ("人民币1500000元", 1_500_000),
        ("1500000人民币元", 1_500_000),
        ("1.5亿元", 150_000_000),
        ("5人", {"unit_unfit"}),
        ("5%", {"unit_unfit"}),
    ],
)
@pytest.mark.parametrize("factor", ["1", "10000", "7.5"])
def test_a_figure_with_its_own_unit_is_not_multiplied_again(
    text: str, value: object, factor: str
) -> None:
    assert read(MONEY, text, factor=Decimal(factor)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", "9258.75"),
        ("￥1 234.5", "9258.75"),
        ("（300）", "-2250"),
        ("-.5", "-3.75"),
        ("1.5E+3", "11250"),
        ("１，２３４．５", "9258.75"),
        ("1234567890123456789.5", "9259259175925925921.25"),
    ],
)
def test_any_bare_number_is_multiplied_by_any_factor(text: str, value: str) -> None:
    assert read(MONEY, text, factor=Decimal("7.5")) == Decimal(value)


def test_what_no_factor_helps_is_refused_as_before() -> None:
    assert read(MONEY, "1.23457E+17", factor=Decimal("7.5")) == {"digits_lost"}
    assert read(MONEY, "一百", factor=Decimal("7.5")) == {"not_a_number"}


def test_shares_and_points_keep_to_their_kind() -> None:
    points = field("p", FieldType.DECIMAL, unit="百分点")
    assert read(PERCENT, "5‰") == Decimal("0.5")
    assert read(points, "5个百分点") == Decimal(5)
    assert read(points, "5千分点") == Decimal("0.5")
    assert read(points, "5%") == {"unit_unfit"}
    assert read(PERCENT, "5百分点") == {"unit_unfit"}


amounts = st.decimals(min_value=-(10**11), max_value=10**11, places=4, allow_nan=False)


@settings(deadline=None)
@given(amounts, st.sampled_from(["{:f}", "{:,f}", "￥{:f}", "{:f}元", " {:f}　"]))
def test_any_amount_comes_back_from_its_written_form(amount: Decimal, form: str) -> None:
    assert read(MONEY, form.format(amount)) == amount


@settings(deadline=None)
@given(amounts, st.sampled_from([("万", 4), ("亿", 8), ("千", 3), ("万亿", 12)]))
def test_multipliers_are_exact(amount: Decimal, unit: tuple[str, int]) -> None:
    word, power = unit
    large = abs(amount) * 10**power >= 10**20
    assert read(MONEY, f"{amount:f}{word}") == (
        {"number_too_large"} if large else amount.scaleb(power)
    )


FLOAT = field("x", FieldType.NUMBER)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.123456789012345", 0.123456789012345),
        ("0.30000000000000004", 0.1 + 0.2),
        ("38.462453552342573", 38.46245355234257),
        ("14.004197599999998", 14.004197599999998),
        ("3.3010619900101126E+17", 330106199001011260.0),
        ("123456789012345680000", 1.2345678901234568e20),
        ("0.0000152587890625", 2.0**-16),
        ("0.1234567890123456789", "0.12345678901234568"),
        ("-12,345,678,901,234,567.89", "-12345678901234568"),
        ("9007199254740993", "9007199254740992"),
    ],
)
def test_a_number_that_a_float_cannot_keep_is_refused_with_what_would_be_kept(
    text: str, value: object
) -> None:
    found = clean(pl.Series([text, "1"]), FLOAT)
    if isinstance(value, float):
        assert (found.findings, found.values.to_list()) == ([], [value, 1.0])
        return
    (finding,) = found.findings
    assert finding.expected is not None
    assert (finding.code, finding.expected.to_list()) == ("digits_not_kept", [value])
    assert found.values.to_list() == [None, 1.0]


@pytest.mark.parametrize(
    ("text", "value"),
    [("2", "3"), ("1,234.5", "1851.75"), ("￥2", "3"), ("0.0000000002E+9", "0.3"), ("-2", "-3"),
     ("（2）", "-3"), ("2元", "2"), ("0.1万元", "1000")],
)  # fmt: skip
def test_every_bare_number_is_multiplied_however_it_is_written(text: str, value: str) -> None:
    assert read(MONEY, text, factor=Decimal("1.5")) == Decimal(value)


def test_products_of_a_factor_are_kept_as_near_as_a_float_goes() -> None:
    found = clean(pl.Series(["0.123456789012345"]), FLOAT, factor=Decimal("2.54"))
    assert (found.findings, found.values[0]) == ([], float(Decimal("0.3135802440913563")))


@pytest.mark.parametrize(
    ("of", "text", "value", "said"),
    [
        (MONEY, "0.333333333333333", Decimal("0.33333333"), "0.33333333"),
        (MONEY, "-2.000000005", Decimal("-2.00000001"), "-2.00000001"),
        (MONEY, "0.00000000001万", Decimal("0.0000001"), None),
        (COUNT, "2.9999999999", 3, "3"),
        (FLOAT, "0.1234567890123456789", 0.12345678901234568, "0.12345678901234568"),
        (MONEY, "1.5", Decimal("1.5"), None),
    ],
)
def test_numbers_are_rounded_where_a_person_settled_it_and_each_is_told(
    of: Field, text: str, value: object, said: str | None
) -> None:
    found = clean(pl.Series([text]), of, rounds=True)
    told = [
        (f.code, f.expected.to_list() if f.expected is not None else None) for f in found.findings
    ]
    assert found.values.to_list() == [value]
    assert told == ([] if said is None else [("rounded", [said])])


@pytest.mark.parametrize("text", ["1.2345678901234567E+16", "9.007199254740992E+15"])
def test_floats_that_do_not_tell_whole_numbers_apart_are_no_ids(text: str) -> None:
    assert read(COUNT, text) == {"digits_lost"}
    assert read(TEXT, text) == {"digits_lost"}
