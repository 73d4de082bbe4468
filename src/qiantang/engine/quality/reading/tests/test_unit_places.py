"""Units wherever official tables state them: each is applied, or asked about; never passed over."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from qiantang.engine.quality.reading import Proposal, Recipe, open_rows, propose
from qiantang.engine.quality.reading.header_units import unit_of_header, without_unit
from qiantang.engine.quality.reading.tests.conftest import (
    all_rows,
    codes,
    declared,
    resource_of,
)
from qiantang.packkit.compiled import FieldType, Resource

REPORTS = resource_of(
    declared("code", "企业代码", "Code", required=True),
    declared("org", "单位", "Organisation"),
    declared("income", "营业收入", "Income", FieldType.DECIMAL, unit="元"),
    declared("profit", "利润", "Profit", FieldType.DECIMAL, unit="元"),
    declared("share", "占比", "Share", FieldType.DECIMAL, unit="%"),
    declared("staff", "从业人数", "Staff", FieldType.INTEGER, unit="人"),
)
NAMES = ["企业代码", "单位", "营业收入", "占比", "从业人数"]
DATA = [["A1", "甲局", "5", "12", "3"], ["A2", "乙局", "6", "13", "4"]]
Rows = Sequence[Sequence[str]]


def csv(path: Path, rows: Rows) -> Path:
    path.write_text("".join(",".join(r) + "\n" for r in rows), encoding="utf-8")
    return path


def xlsx(path: Path, rows: Rows, merges: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append([_cell(text) for text in row])
    for each in merges:
        sheet.merge_cells(each)
    book.save(path)
    return path


def xls(path: Path, rows: Rows) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表")
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text:
                sheet.write(r, c, _cell(text))
    book.save(str(path))
    return path


def _cell(text: str) -> Any:
    return (float(text) if text.isdigit() else text) or None


WRITERS = {"csv": csv, "xlsx": xlsx, "xls": xls}


def proposed(path: Path, resource: Resource = REPORTS) -> Proposal:
    proposal = propose(path, resource)
    assert Recipe.from_json(proposal.recipe.to_json()) == proposal.recipe
    return proposal


def keys(path: Path, recipe: Recipe, resource: Resource = REPORTS) -> list[Any]:
    with open_rows(path, recipe, resource) as stream:
        frame = all_rows(stream)
        return [row[0] for row in frame.rows()]


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize(
    "layout",
    [
        [["", "", "", "", "单位：万元"], NAMES, *DATA],
        [NAMES, ["", "", "", "", "单位：万元"], *DATA],
        [["表一"], ["", "", "", "", "（万元）"], NAMES, *DATA],
        [["企业收入情况（万元）"], NAMES, *DATA],
        [["填报单位：市局    金额单位：人民币万元"], NAMES, *DATA],
        [NAMES, *DATA, ["注：本表金额单位为万元。"]],
        [NAMES, *DATA, ["", "", "", "", ""], ["单位：万元"]],
        [NAMES, ["", "", "万元", "%", "人"], *DATA],
        [NAMES, ["", "", "（万元）", "（％）", "（人）"], *DATA],
        [NAMES, ["计量单位", "—", "万元", "%", "人"], *DATA],
        [NAMES, ["", "", "单位：万元", "单位：%", "单位：人"], *DATA],
        [NAMES, ["甲", "乙", "1", "2", "3"], ["", "", "万元", "%", "人"], *DATA],
        [["", "", "万元", "%", "人"], NAMES, *DATA],
        [["单位：万元、%、人"], NAMES, *DATA],
        [["单位：万元、人", ""], NAMES, *DATA],
        [["金额：万元"], NAMES, *DATA],
        [["（以下均为万元）"], NAMES, *DATA],
        [["2019年企业收入 万元"], NAMES, *DATA],
        [["表1 企业收入", "", "万元、%"], NAMES, *DATA],
        [["企业收入（万元、%）"], NAMES, *DATA],
        [NAMES, *DATA, ["注：金额均为万元"]],
        [NAMES, *DATA, ["", "", "", "", "万元"]],
        [NAMES, *DATA, ["（万元、人）"]],
    ],
    ids=["above", "under", "bracketed", "title", "beside-sender", "note", "foot", "row",
         "row-in-brackets", "row-with-label", "row-of-labels", "row-under-numbers",
         "row-above", "three", "pair",
         "amount", "all-below", "title-behind-blank", "title-in-two-cells", "title-of-two",
         "note-on-amounts", "alone-below", "alone-below-in-brackets"],
)  # fmt: skip
def test_a_unit_is_applied_wherever_it_stands(tmp_path: Path, kind: str, layout: Rows) -> None:
    path = WRITERS[kind](tmp_path / f"a.{kind}", layout)
    proposal = proposed(path)
    assert proposal.recipe.factors == {"income": 10_000}
    assert "unit_factor" in codes(proposal.doubts)
    assert keys(path, proposal.recipe) == ["A1", "A2"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_note_far_below_is_seen(tmp_path: Path, kind: str) -> None:
    many = [[f"A{n}", "甲局", "5", "12", "3"] for n in range(3000)]
    path = WRITERS[kind](tmp_path / f"a.{kind}", [NAMES, *many, ["注：金额单位为万元"]])
    proposal = proposed(path)
    assert proposal.recipe.factors == {"income": 10_000}
    assert len(keys(path, proposal.recipe)) == 3000


def test_rows_of_units_stand_under_stacked_headers_too(tmp_path: Path) -> None:
    rows = [
        ["企业代码", "单位", "经营情况", "", "", "人员"],
        ["", "", "效益", "", "", ""],
        ["", "", "营业收入", "利润", "占比", "从业人数"],
        ["", "", "万元", "", "%", "万人"],
        ["A1", "甲局", "5", "2", "12", "3"],
    ]
    merges = ["A1:A3", "B1:B3", "C1:E1", "C2:E2", "F1:F2", "C4:D4"]
    path = xlsx(tmp_path / "a.xlsx", rows, merges)
    proposal = proposed(path)
    assert proposal.recipe.factors == {"income": 10_000, "profit": 10_000, "staff": 10_000}
    assert keys(path, proposal.recipe) == ["A1"]


@pytest.mark.parametrize(
    ("upper", "lower", "factor"),
    [
        ("金额", "营业收入（万元）", 10_000),
        ("金额（万元）", "营业收入", 10_000),
        ("金额（万元）", "营业收入（元）", 1),
        ("金额（元）", "营业收入（亿元）", 100_000_000),
    ],
)
def test_the_lower_row_of_a_stacked_header_speaks_before_the_upper(
    tmp_path: Path, upper: str, lower: str, factor: int
) -> None:
    rows = [["企业代码", upper, ""], ["", lower, "利润"], ["A1", "5", "6"]]
    path = xlsx(tmp_path / "a.xlsx", rows, ["A1:A2", "B1:C1"])
    assert proposed(path).recipe.factors.get("income", 1) == factor


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("占比（‰）", "0.1"),
        ("占比（千分比）", "0.1"),
        ("占比（1/10万）", "0.001"),
        ("占比（万分之一）", "0.01"),
        ("占比（％）", "1"),
        ("占比%", "1"),
        ("占比（±%）", "1"),
    ],
)
def test_shares_are_read_in_the_shares_that_their_header_says(
    tmp_path: Path, name: str, factor: str
) -> None:
    path = csv(tmp_path / "a.csv", [["企业代码", name], ["A1", "5"]])
    proposal = proposed(path)
    assert proposal.recipe.factors.get("share", Decimal(1)) == Decimal(factor)
    assert ("unit_factor" in codes(proposal.doubts)) == (factor != "1")


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("营业收入 万元", 10_000),
        ("营业收入万元", 10_000),
        ("营业收入百万元", 1_000_000),
        ("营业收入，百万元", 1_000_000),
        ("营业收入【千元】", 1_000),
        ("营业收入（含税、万元）", 10_000),
        ("营业收入（10万元）", 100_000),
        ("营业收入（万）", 10_000),
        ("营业收入（万元/年）", 10_000),
        ("Income (10,000 yuan)", 10_000),
    ],
)
def test_a_header_may_write_its_unit_in_many_ways(tmp_path: Path, name: str, factor: int) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'企业代码,"{name}"\nA1,5\n', encoding="utf-8")
    assert proposed(path).recipe.factors == {"income": factor}


@pytest.mark.parametrize(
    "layout",
    [
        [NAMES, *DATA],
        [["各单位收入情况"], NAMES, *DATA],
        [["填报单位：万元通公司"], NAMES, *DATA],
        [NAMES, *DATA, ["单位负责人：张三"]],
        [["企业收入情况（月）"], NAMES, *DATA],
        [["企业收入情况 2019年 月"], NAMES, *DATA],
        [["投资500万元以上企业 合计金额：100万元"], NAMES, *DATA],
        [NAMES, *DATA, ["注：以上数据为快报数，均按年报口径"]],
        [NAMES, ["A0", "元", "1", "2", "3"], *DATA],
        [["单位：元、%"], NAMES, *DATA],
        [NAMES, ["", "", "元", "%", "人"], *DATA],
    ],
    ids=[
        "none",
        "word",
        "sender",
        "signature",
        "monthly",
        "monthly-behind-blank",
        "amounts",
        "note",
        "data",
        "own",
        "own-row",
    ],
)
def test_nothing_is_multiplied_where_no_other_unit_is_stated(tmp_path: Path, layout: Rows) -> None:
    proposal = proposed(csv(tmp_path / "a.csv", layout))
    assert proposal.recipe.factors == {}
    assert not {code for code in codes(proposal.doubts) if "unit" in code}


def test_a_table_of_units_keeps_its_first_row(tmp_path: Path) -> None:
    units = resource_of(
        declared("unit", "计量单位", "Unit", required=True),
        declared("rank", "次序", "Order", FieldType.INTEGER),
    )
    path = csv(tmp_path / "a.csv", [["计量单位", "次序"], ["元", ""], ["个", ""], ["万元", "3"]])
    recipe = proposed(path, units).recipe
    assert keys(path, recipe, units) == ["元", "个", "万元"]


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        ([["单位：元、万元"], NAMES, *DATA], "unit_unclear"),
        ([["单位：万美元"], NAMES, *DATA], "table_unit_unlike"),
        ([["金额单位：标煤"], NAMES, *DATA], "unit_unread"),
        ([["企业代码", "营业收入（人）"], ["A1", "5"]], "unit_unlike"),
        ([["企业代码", "营业收入（吨）"], ["A1", "5"]], "unit_unlike"),
        ([["企业代码", "营业收入（万元、%）"], ["A1", "5"]], "unit_unlike"),
        ([["企业代码", "营业收入（元）"], ["", "万元"], ["A1", "5"]], "unit_twice"),
        (
            [["企业代码", "营业收入", "利润"], ["", "万元", ""], ["A1", "5", "6"]],
            "unit_passed_over",
        ),
        (
            [["企业代码", "计量单位", "营业收入"], ["A1", "万元", "5"], ["A2", "元", "6"]],
            "unit_column",
        ),
    ],
)
def test_what_cannot_be_told_is_asked(tmp_path: Path, layout: Rows, code: str) -> None:
    assert code in codes(proposed(csv(tmp_path / "a.csv", layout)).doubts)


def test_a_column_called_unit_that_names_organisations_is_no_unit(tmp_path: Path) -> None:
    named = [["企业代码", "单位名称", "营业收入"], ["A1", "市统计局", "5"]]
    proposal = proposed(csv(tmp_path / "a.csv", named))
    assert not {code for code in codes(proposal.doubts) if code.startswith("unit")}


def test_a_table_without_a_header_has_its_title_read(tmp_path: Path) -> None:
    rows = [
        ["单位：万元"],
        ["A1", "甲局", "5", "6", "12", "3"],
        ["A2", "乙局", "7", "8", "13", "4"],
    ]
    proposal = proposed(csv(tmp_path / "a.csv", rows))
    assert proposal.recipe.header_first == 0
    assert proposal.recipe.factors == {"income": 10_000, "profit": 10_000}


@pytest.mark.parametrize(
    "name", ["每万人", "每百人", "企业每万人", "单元", "从业人数/每万人", "户/百人"]
)
def test_words_that_end_like_a_unit_are_none(name: str) -> None:
    found = unit_of_header(name)
    assert found is None or found.factor == 1
    assert without_unit("单位：万元") == "单位：万元"
