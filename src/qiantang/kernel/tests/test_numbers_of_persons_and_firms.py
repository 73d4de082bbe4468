"""Numbers of persons and firms, one at a time."""

from __future__ import annotations

from datetime import date

import pytest

from qiantang.kernel.identifiers import (
    BadCreditCode,
    BadResidentId,
    credit_check,
    credit_code,
    is_organisation_code,
    luhn_holds,
    resident_check,
    resident_id,
)


def test_a_resident_id_tells_birth_division_and_sex() -> None:
    found = resident_id(" 11010519491231002x ")
    assert found.text == "11010519491231002X"
    assert (found.birth, found.division, found.sex) == (date(1949, 12, 31), "110105", "2")


def test_the_old_form_is_brought_to_the_new() -> None:
    assert resident_id("110105491231002").text == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1101051949123100", "18 characters"),
        ("A10105194912310021", "not allowed"),
        ("110105194912310021", "check character"),
        ("11010519490231002" + resident_check("11010519490231002"), "date of birth"),
        ("11010517491231002" + resident_check("11010517491231002"), "date of birth"),
    ],
)
def test_a_wrong_resident_id_says_which_part(text: str, part: str) -> None:
    with pytest.raises(BadResidentId, match=part):
        resident_id(text)


def test_the_credit_code_of_the_standard() -> None:
    assert credit_check("91350100M000100Y4") == "3"
    assert credit_code("91350100m000100y43") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("91350100M000100Y4", "18 characters"),
        ("91350100I000100Y43", "not allowed"),
        ("9135A100M000100Y43", "not allowed"),
        ("91350100M000100Y44", "check character"),
    ],
)
def test_a_wrong_credit_code_says_which_part(text: str, part: str) -> None:
    with pytest.raises(BadCreditCode, match=part):
        credit_code(text)


def test_an_organisation_code_stands_inside_the_credit_code() -> None:
    assert is_organisation_code("600037341")
    assert not is_organisation_code("600037342")
    assert not is_organisation_code("60003734")


def test_luhn() -> None:
    assert luhn_holds("4111111111111111")
    assert not luhn_holds("4111111111111112")
    assert not luhn_holds("4111-1111")
