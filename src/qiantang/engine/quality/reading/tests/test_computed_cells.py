"""Computed cells of workbooks: read to the 15 digits that Excel keeps, as the person saw them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter
import xlwt

from qiantang.engine.quality.reading import open_rows, propose
from qiantang.engine.quality.reading.figures import excel_text, number_text
from qiantang.engine.quality.reading.tests.conftest import all_rows, codes, declared, resource_of

PLAIN = resource_of(
    declared("code", "编码", "Code", required=True), declared("figure", "数值", "Figure")
)
SHOWN = [
    (0.1 + 0.2, "0.3"),
    (1 / 3, "0.333333333333333"),
    (2 / 3, "0.666666666666667"),
    (-1.1 * 3, "-3.3"),
    (0.3 / 10, "0.03"),
    (1e-5 / 3, "0.00000333333333333333"),
    (2**-22, "0.000000238418579101563"),
    (123456789.123456789, "123456789.123457"),
    (99999999999999.99, "100000000000000"),
    (123456789012345.0, "123456789012345"),
    (1234567890.12, "1234567890.12"),
    (-123456789.1, "-123456789.1"),
    (1e-10, "0.0000000001"),
    (0.12345678912, "0.12345678912"),
    (0.1, "0.1"),
    (1234567.0, "1234567"),
]


def new(path: Path, values: list[Any]) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["编码", "数值"])
    for n, value in enumerate(values):
        book.active.append([f"A{n}", value])
    book.save(path)
    return path


def old(path: Path, values: list[Any]) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for row, cells in enumerate([("编码", "数值"), *((f"A{n}", v) for n, v in enumerate(values))]):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    book.save(str(path))
    return path


def figures(path: Path) -> list[str | None]:
    with open_rows(path, propose(path, PLAIN).recipe, PLAIN) as stream:
        return all_rows(stream)["figure"].to_list()


@pytest.mark.parametrize("write", [new, old])
def test_figures_have_the_digits_that_excel_shows(tmp_path: Path, write: Any) -> None:
    path = write(tmp_path / f"a.{'xlsx' if write is new else 'xls'}", [v for v, _ in SHOWN])
    assert figures(path) == [text for _, text in SHOWN]


def test_formulas_come_with_their_result_as_shown(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet, percent = book.add_worksheet("表"), book.add_format({"num_format": "0.0%"})
    sheet.write_row(2, 1, ["编码", "数值"])
    results = [0.1 + 0.2, 0.011 * 3, 0.1 + 0.2]
    for n, result in enumerate(results, start=3):
        sheet.write_string(n, 1, f"A{n}")
        sheet.write_formula(n, 2, "=A1+A2", percent if n == 5 else None, result)
    book.close()
    assert figures(tmp_path / "a.xlsx") == ["0.3", "0.033", "30%"]


@pytest.mark.parametrize("write", [new, old])
def test_codes_up_to_15_digits_are_exact_and_longer_ones_are_told(
    tmp_path: Path, write: Any
) -> None:
    path = write(
        tmp_path / f"a.{'xlsx' if write is new else 'xls'}",
        [330106199001011, 999999999999999, 3301061990010112, 330106199001011234],
    )
    assert figures(path) == [
        "330106199001011",
        "999999999999999",
        "3.30106199001011E+15",
        "3.30106199001011E+17",
    ]
    with open_rows(path, propose(path, PLAIN).recipe, PLAIN) as stream:
        all_rows(stream)
        assert "digits_lost" in codes(stream.doubts)


@pytest.mark.parametrize("write", [new, old])
def test_texts_keep_every_digit(tmp_path: Path, write: Any) -> None:
    texts = ["0.30000000000000004", "330106199001011234", "3.14159265358979323846"]
    path = write(tmp_path / f"a.{'xlsx' if write is new else 'xls'}", texts)
    assert figures(path) == texts


def test_figures_of_parquet_keep_every_digit(tmp_path: Path) -> None:
    values = [0.1 + 0.2, 1.2345678e-05, 2.0]
    frame = pl.DataFrame({"编码": ["A1", "A2", "A3"], "数值": values})
    frame.write_parquet(tmp_path / "a.parquet")
    assert figures(tmp_path / "a.parquet") == ["0.30000000000000004", "0.000012345678", "2"]


def test_what_is_almost_nothing_is_written_short() -> None:
    assert excel_text(-2.7755575615628914e-17) == "-0.0000000000000000277555756156289"
    assert (excel_text(1e-300), number_text(1e-300)) == ("1E-300", "1E-300")
    assert (excel_text(999999999999999.9), excel_text(0.0)) == ("1E+15", "0")


def test_moments_of_the_day_are_no_figures(tmp_path: Path) -> None:
    moments = [dt.datetime(2017, 4, 1, 8, 20, 7), dt.time(8, 20, 7)]
    assert figures(new(tmp_path / "a.xlsx", moments)) == ["2017-04-01 08:20:07", "08:20:07"]
