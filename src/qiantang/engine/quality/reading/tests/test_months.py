"""Months in workbooks and texts: by what the cell shows, and a zero that a number has lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlwt

from qiantang.engine.quality.cleaning import clean
from qiantang.engine.quality.reading import Proposal, open_rows, propose
from qiantang.engine.quality.reading.tests.conftest import all_rows, codes, declared, resource_of
from qiantang.packkit.compiled import FieldType, Precision, Resource

ID = declared("id", "编号", "Id", required=True)
FIELDS = (
    declared("period", "时期", "Period", FieldType.PERIOD),
    declared("since", "起始月份", "Since", FieldType.DATE, precision=Precision.MONTH),
    declared("begun", "建成年份", "Begun", FieldType.DATE, precision=Precision.YEAR),
    declared("day", "日期", "Day", FieldType.DATE),
    declared("index", "指数", "Index", FieldType.NUMBER),
)
Cells = Sequence[tuple[Any, str]]


def sheet(path: Path, header: str, cells: Cells) -> Path:
    """A column of values with the number format of each."""
    if path.suffix == ".xls":
        return old_sheet(path, header, cells)
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["编号", header])
    for row, (value, form) in enumerate(cells, 2):
        page.cell(row, 1, f"A{row}")
        page.cell(row, 2, value).number_format = form
    book.save(path)
    return path


def old_sheet(path: Path, header: str, cells: Cells) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("数据")
    page.write(0, 0, "编号")
    page.write(0, 1, header)
    for row, (value, form) in enumerate(cells, 1):
        page.write(row, 0, f"A{row}")
        page.write(row, 1, value, xlwt.easyxf(num_format_str=form))
    book.save(str(path))
    return path


def of(field: str) -> Resource:
    return resource_of(ID, next(f for f in FIELDS if f.id == field))


def read(path: Path, field: str) -> tuple[list[Any], Proposal]:
    resource = of(field)
    proposal = propose(path, resource)
    with open_rows(path, proposal.recipe, resource, same_file=True) as stream:
        frame = all_rows(stream)
        shown = {d.code for d in stream.doubts}
    declared_field = resource.field(field)
    assert declared_field is not None
    cleaned = clean(frame[field], declared_field)
    assert not cleaned.findings, cleaned.findings
    assert ("month_zero" in shown) == ("month_zero" in codes(proposal.doubts))
    if cleaned.precision is not None:
        return list(zip(cleaned.values, cleaned.precision, strict=True)), proposal
    return cleaned.values.to_list(), proposal


LAST_OF_APRIL = dt.date(2019, 4, 30)
SUFFIXES = ["xlsx", "xls"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("form", ['yyyy"年"m"月"', "yyyy-mm", 'yyyy"年"m"月";@', "yyyy/m"])
def test_a_day_that_its_cell_shows_as_a_month_is_one(
    tmp_path: Path, suffix: str, form: str
) -> None:
    path = sheet(tmp_path / f"a.{suffix}", "起始月份", [(LAST_OF_APRIL, form)])
    assert read(path, "since")[0] == [(dt.date(2019, 4, 1), "month")]
    path = sheet(tmp_path / f"b.{suffix}", "时期", [(LAST_OF_APRIL, form)])
    assert read(path, "period")[0] == ["2019-04/2019-04"]


def test_a_row_that_is_read_again_shows_the_same_month(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", "起始月份", [(LAST_OF_APRIL, "yyyy-mm")] * 2)
    with open_rows(path, propose(path, of("since")).recipe, of("since")) as stream:
        list(stream)
        again = stream.again()
        again.narrow(pl.Series([3]))
        assert all_rows(again)["since"].to_list() == ["2019-04"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_day_that_its_cell_shows_as_a_year_is_one_where_years_may_stand(
    tmp_path: Path, suffix: str
) -> None:
    cells: Cells = [(dt.date(2019, 12, 31), "yyyy"), (LAST_OF_APRIL, "yyyy-mm")]
    path = sheet(tmp_path / f"a.{suffix}", "建成年份", cells)
    assert read(path, "begun")[0] == [(dt.date(2019, 1, 1), "year"), (dt.date(2019, 4, 1), "month")]
    path = sheet(tmp_path / f"b.{suffix}", "起始月份", [(dt.date(2019, 12, 31), "yyyy")])
    assert read(path, "since")[0] == [(dt.date(2019, 12, 31), "day")]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_day_that_its_cell_shows_or_its_field_asks_for_stays(tmp_path: Path, suffix: str) -> None:
    path = sheet(tmp_path / f"a.{suffix}", "起始月份", [(LAST_OF_APRIL, "yyyy-mm-dd")])
    assert read(path, "since")[0] == [(LAST_OF_APRIL, "day")]
    path = sheet(tmp_path / f"b.{suffix}", "日期", [(LAST_OF_APRIL, "yyyy-mm")])
    assert read(path, "day")[0] == [LAST_OF_APRIL]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("form", ["0.00", "0.00_ ", "0.00;-0.00", "#0.00"])
def test_a_month_written_as_a_number_is_the_one_that_its_cell_shows(
    tmp_path: Path, suffix: str, form: str
) -> None:
    numbers = [2019.09, 2019.1, 2019.11, 2019.12, 2020.01]
    path = sheet(tmp_path / f"a.{suffix}", "时期", [(n, form) for n in numbers])
    values, proposal = read(path, "period")
    assert values == [f"{m}/{m}" for m in ("2019-09", "2019-10", "2019-11", "2019-12", "2020-01")]
    assert proposal.doubts == ()
    path = sheet(tmp_path / f"b.{suffix}", "起始月份", [(n, form) for n in numbers])
    assert read(path, "since")[0][1] == (dt.date(2019, 10, 1), "month")
    path = sheet(tmp_path / f"c.{suffix}", "指数", [(n, form) for n in numbers])
    assert read(path, "index")[0] == numbers


def monthly(*months: float) -> Cells:
    return [(month, "General") for month in months]


SERIES = [2019.1, *(round(2019 + n / 10, 1) for n in range(2, 10)), 2019.1, 2019.11, 2019.12]
LOST = {
    "in order": SERIES,
    "backwards": SERIES[::-1],
    "from June on": SERIES[5:],
    "until October": SERIES[:10],
    "mixed": [2019.3, 2019.1, 2019.12, 2019.5, 2019.1, 2019.8],
    "several rows a month": [m for m in SERIES for _ in range(3)],
    "zeros before the month": [*(round(2019 + n / 100, 2) for n in range(1, 10)), 2019.1],
    "from February on": SERIES[1:],
}


@pytest.mark.parametrize("suffix", [*SUFFIXES, "csv"])
@pytest.mark.parametrize("order", LOST)
@pytest.mark.parametrize("header", ["时期", "起始月份"])
def test_an_october_that_may_have_lost_its_zero_is_asked_about(
    tmp_path: Path, suffix: str, order: str, header: str
) -> None:
    path, numbers = tmp_path / f"a.{suffix}", LOST[order]
    if suffix == "csv":
        text = "".join(f"A{n},{m}\n" for n, m in enumerate(numbers))
        path.write_text(f"编号,{header}\n{text}", encoding="utf-8")
    else:
        sheet(path, header, monthly(*numbers))
    _, proposal = read(path, "period" if header == "时期" else "since")
    (doubt,) = proposal.doubts
    assert doubt.code == "month_zero"
    assert "2019.1" in doubt.text.zh
    assert header in doubt.text.en


@pytest.mark.parametrize(
    "months",
    [
        "2019.1 2019.2 2019.3",
        "2018.12 2019.1 2019.2",
        "2019.1 2019.1 2019.2 2019.2 2019.3 2019.3",
        "2019.9 2019.10 2019.11 2019.12 2020.1",
        "2019.10 2019.1 2019.11 2019.1",
        "2019.1 2019.1 2019.1 2019.4 2019.7 2019.7",
        "2019.9 2019.11 2020.1",
        "2019.1 2019.2 2019.9 2019.1 2019.2 2019.9",
        "2019-9 2019-1 2019-11",
        "2019.1.1 2019.9.1 2019.1.2",
        "2019 2018",
    ],
)
def test_months_that_lost_no_zero_raise_no_question(tmp_path: Path, months: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "编号,时期\n" + "".join(f"A{n},{m}\n" for n, m in enumerate(months.split())),
        encoding="utf-8",
    )
    assert read(path, "period")[1].doubts == ()


def test_a_number_that_is_no_month_raises_no_question(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", "指数", monthly(*SERIES))
    assert read(path, "index")[1].doubts == ()


def test_a_lost_zero_far_down_is_told_when_the_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    early = "".join(f"A{n},{2000 - n}\n" for n in range(300))
    late = "".join(f"B{n},{m}\n" for n, m in enumerate(SERIES))
    path.write_text("编号,时期\n" + early + late, encoding="utf-8")
    proposal = propose(path, of("period"))
    assert proposal.doubts == ()
    with open_rows(path, proposal.recipe, of("period"), batch_rows=7) as stream:
        list(stream)
        (doubt,) = stream.doubts
    assert (doubt.code, "311" in doubt.text.en) == ("month_zero", True)
