"""Division codes: six digits, and the level that their zeros tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiantang.kernel.identifiers import BadDivisionCode, division_code, division_level


@pytest.mark.parametrize(
    ("code", "level"),
    [("330000", "province"), ("330100", "city"), ("331000", "city"), ("330102", "county")],
)
def test_the_zeros_tell_the_level(code: str, level: str) -> None:
    assert division_code(code) == code
    assert division_level(code) == level


def test_spaces_around_a_code_are_forgiven() -> None:
    assert division_code(" 330100\n") == "330100"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "33010",
        "3301000",
        "030100",
        "33010A",
        "杭州",
        "330 100",
        "330100.0",
        "３３０１００",
        "3３０１００",
    ],
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadDivisionCode) as caught:
        division_code(text)
    assert caught.value.fields["found"] == text
    assert "330100" in caught.value.message("en")


@given(st.integers(min_value=100000, max_value=999999))
def test_every_six_digit_number_has_one_level(number: int) -> None:
    code = division_code(str(number))
    level = division_level(code)
    assert (level == "county") == (number % 100 != 0)
    assert (level == "province") == (number % 10000 == 0)
