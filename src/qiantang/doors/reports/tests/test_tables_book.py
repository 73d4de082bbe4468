"""A workbook of tables: figures stay figures, texts never run, what was filled is shaded."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from qiantang.doors.reports import Marked, TableSheet, tables_workbook


def book(*sheets: TableSheet) -> Any:
    made = tables_workbook("指数", [("版本", "1")], sheets, "关于")
    return openpyxl.load_workbook(io.BytesIO(made))


def test_the_first_sheet_says_what_it_is() -> None:
    first = book().worksheets[0]
    assert first.title == "关于"
    assert (first["A1"].value, first["A3"].value, first["B3"].value) == ("指数", "版本", "1")


def test_figures_are_kept_whole_and_gaps_stay_empty() -> None:
    sheet = book(TableSheet("得分", ("单位", "得分"), [["杭州", 61.23456789], ["宁波", None]]))[
        "得分"
    ]
    assert sheet["B2"].value == 61.23456789
    assert sheet["B3"].value is None
    assert sheet.freeze_panes == "B2"


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    sheet = book(TableSheet("表", ("=A1",), [['=HYPERLINK("https://x.invalid")']]))["表"]
    assert sheet["A1"].data_type == sheet["A2"].data_type == "s"


def test_a_filled_cell_has_a_ground_of_its_own() -> None:
    sheet = book(TableSheet("表", ("单位", "a"), [["杭州", Marked(3.0)], ["宁波", 4.0]]))["表"]
    assert sheet["B2"].fill.fgColor.rgb != sheet["B3"].fill.fgColor.rgb


def test_names_that_excel_refuses_or_repeats_are_changed() -> None:
    tables = [TableSheet(name, ("a",), []) for name in ("a/b:c*", "a/b:c*", "x" * 40)]
    titles = book(*tables).sheetnames
    assert len(titles) == len(set(titles)) == 4
    assert all(len(t) <= 31 and not set("[]:*?/\\") & set(t) for t in titles)
