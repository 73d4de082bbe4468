"""Exports never carry a formula that somebody else wrote."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiantang.doors.reports import csv_bytes, csv_safe

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://x","y")',
        "+SUM(A1)",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1",
    ],
)
def test_a_text_that_looks_like_a_formula_is_defused(text: str) -> None:
    assert csv_safe(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("-5.50"), "-5.50"),
        (Decimal("1E+3"), "1000"),
        (-3, "-3"),
        ("-3.5", "-3.5"),
        ("+12", "+12"),
        (None, ""),
        (True, "true"),
        (date(2019, 12, 31), "2019-12-31"),
        ("杭州市", "杭州市"),
        ("2019-01/2019-09", "2019-01/2019-09"),
    ],
)
def test_figures_and_plain_texts_stay_as_they_are(value: object, written: str) -> None:
    assert csv_safe(value) == written  # type: ignore[arg-type]


@given(st.text())
def test_no_text_at_all_leaves_as_a_formula(text: str) -> None:
    safe = csv_safe(text)
    numeric = safe.lstrip("+-").replace(".", "", 1).isdecimal()
    assert numeric or not safe.lstrip(" ").startswith(DANGEROUS)


def test_the_file_opens_in_excel_with_chinese_and_quotes() -> None:
    content = csv_bytes(["名称", "=x"], [['他说“好”, "是"', Decimal("1.5")]])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [["名称", "'=x"], ['他说“好”, "是"', "1.5"]]
