"""Figures keep their digits and lose what only fills places."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qiantang.kernel.digits import digits


@pytest.mark.parametrize(
    ("value", "plain", "grouped"),
    [
        ("5547.70000000", "5547.7", "5,547.7"),
        ("1E+3", "1000", "1,000"),
        ("1000", "1000", "1,000"),
        ("0E-8", "0", "0"),
        ("-0.00", "0", "0"),
        ("-0.00000010", "-0.0000001", "-0.0000001"),
        ("123456789012345678901234567890.12345678", "123456789012345678901234567890.12345678",
         "123,456,789,012,345,678,901,234,567,890.12345678"),
    ],
)  # fmt: skip
def test_a_figure_is_written(value: str, plain: str, grouped: str) -> None:
    assert digits(Decimal(value)) == plain
    assert digits(Decimal(value), grouped=True) == grouped
