"""Workbooks whose cells name a unit, or show figures smaller, by their number format alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from qiantang.engine.quality.cleaning import clean
from qiantang.engine.quality.reading import Proposal, Recipe, open_rows, propose
from qiantang.engine.quality.reading.biff_formats import old_forms
from qiantang.engine.quality.reading.errors import RecipeUnfit
from qiantang.engine.quality.reading.number_formats import unit_form
from qiantang.engine.quality.reading.tests.conftest import (
    all_rows,
    codes,
    declared,
    resource_of,
)
from qiantang.packkit.compiled import FieldType

YEARS = resource_of(
    declared("code", "企业代码", "Code", required=True),
    declared("income", "营业收入", "Income", FieldType.DECIMAL, unit="元"),
    declared("share", "占比", "Share", FieldType.DECIMAL, unit="%"),
    declared("staff", "从业人数", "Staff", FieldType.INTEGER, unit="人"),
    declared("score", "得分", "Score", FieldType.DECIMAL),
    declared("year", "年度", "Year", FieldType.INTEGER),
)
Cells = Mapping[str, tuple[str, list[Any]]]
"""Header -> the number format of its cells, and what they store."""


def sheet(path: Path, columns: Cells, *, title: str = "") -> Path:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    if title:
        page.append([title])
    top = page.max_row + 1 if title else 1
    named = {"企业代码": ("@", ["A1", "A2", "A3"]), **columns}
    for at, (header, (form, values)) in enumerate(named.items(), start=1):
        page.cell(top, at, header)
        for row, value in enumerate(values, start=top + 1):
            if value is not None:
                page.cell(row, at, value).number_format = form
    book.save(path)
    return path


def old_sheet(path: Path, columns: Cells) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("企业")
    named = {"企业代码": ("@", ["A1", "A2", "A3"]), **columns}
    for at, (header, (form, values)) in enumerate(named.items()):
        page.write(2, at + 1, header)
        style = xlwt.easyxf(num_format_str=form)
        for row, value in enumerate(values, start=3):
            page.write(row, at + 1, value, style)
    book.save(str(path))
    return path


def read(path: Path, field: str = "income") -> tuple[list[Any], Proposal]:
    """The values as they come in, and the proposed reading."""
    proposal = propose(path, YEARS)
    recipe = Recipe.from_json(proposal.recipe.to_json())
    found = YEARS.field(field)
    assert found is not None
    with open_rows(path, recipe, YEARS) as stream:
        frame = all_rows(stream)
        cleaned = clean(frame[field], found, factor=stream.factors.get(field, Decimal(1)))
        assert not cleaned.findings, cleaned.findings
    return cleaned.values.to_list(), proposal


@pytest.mark.parametrize(
    ("form", "stored", "value"),
    [
        ('0.00"亿元"', 1.5, 150_000_000),
        ('#,##0.00"万元"', 1234.5, 12_345_000),
        ("0.00亿元", 1.5, 150_000_000),
        ('General"万元"', 5, 50_000),
        ('0.00_ "万"', 5, 50_000),
        ('0!.0,"万"', 15000, 15_000),
        ('0!.0000"万"', 12345, 12_345),
        ('0\\.0,"万元"', 15000, 15_000),
        ('0.0,,"百万"', 1500000, 1_500_000),
        ('0.00"亿元";[Red]-0.00"亿元";"-"', -1.5, -150_000_000),
        ('[>=100000000]0!.00,,"亿";[>=10000]0!.0,"万";0', 250000000, 250_000_000),
        ('[>=100000000]0!.00,,"亿";[>=10000]0!.0,"万";0', 15000, 15_000),
        ('[>=100000000]0!.00,,"亿";[>=10000]0!.0,"万";0', 50, 50),
        ('#,##0.00"元"', 1234.5, Decimal("1234.5")),
        ("#,##0.00", 1234.5, Decimal("1234.5")),
        ('_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', 12, 12),
    ],
)
def test_a_figure_is_what_its_cell_shows(
    tmp_path: Path, form: str, stored: float, value: Any
) -> None:
    path = sheet(tmp_path / "a.xlsx", {"营业收入": (form, [stored])})
    assert read(path)[0][0] == value


@pytest.mark.parametrize(
    ("field", "header", "form", "stored", "values"),
    [
        (
            "income",
            "营业收入",
            '0.00"亿元"',
            [1.5, 2, 3.25],
            [150_000_000, 200_000_000, 325_000_000],
        ),
        ("income", "营业收入", '0!.0,"万"', [15000, 25000, 35000.5], [15000, 25000, "35000.5"]),
        ("income", "营业收入（百万元）", "#,##0.00,,", [1500000, 2, 3], [1500000, 2, 3]),
        ("share", "占比", "0.00%", [0.125, 1, 0], ["12.5", 100, 0]),
        ("share", "占比", '0"‰"', [5, 6, 7], ["0.5", "0.6", "0.7"]),
        ("staff", "从业人数", '0"万人"', [1, 2, 3], [10_000, 20_000, 30_000]),
    ],
)
def test_old_workbooks_are_read_by_their_formats_too(
    tmp_path: Path, field: str, header: str, form: str, stored: list[float], values: list[Any]
) -> None:
    path = old_sheet(tmp_path / "a.xls", {"备注": ("0", [1, 2, 3]), header: (form, stored)})
    assert read(path, field)[0] == [Decimal(v) for v in values]


def test_what_is_no_old_workbook_has_no_formats(tmp_path: Path) -> None:
    path = old_sheet(tmp_path / "a.xls", {"营业收入": ('0.00"亿元"', [1.5])})
    whole = path.read_bytes()
    assert old_forms(whole, "企业")
    assert old_forms(whole, "别的表") is None
    assert old_forms(b"", "企业") is None
    for end in (100, 600, len(whole) // 2):
        old_forms(whole[:end], "企业")
    for at, wrong in product(range(0, 1200, 3), (b"\xff" * 4, b"\x00" * 4, b"\x10\x27\x01\x00")):
        old_forms(whole[:at] + wrong + whole[at + 4 :], "企业")


@pytest.mark.parametrize(
    ("form", "stored", "value"),
    [("0.00%", 0.125, "12.5"), ('0.0"%"', 12.5, "12.5"), ('0"‰"', 5, "0.5"), ("0.0\\%", 3, "3")],
)
def test_shares_are_what_their_cells_show(
    tmp_path: Path, form: str, stored: float, value: str
) -> None:
    path = sheet(tmp_path / "a.xlsx", {"占比": (form, [stored])})
    assert read(path, "share")[0][0] == Decimal(value)


def test_the_unit_of_a_cell_goes_before_that_of_its_header(tmp_path: Path) -> None:
    columns = {"营业收入（万元）": ('0.00"亿元"', [1.5, 2])}
    found, proposal = read(sheet(tmp_path / "a.xlsx", columns))
    assert found[:2] == [150_000_000, 200_000_000]
    assert proposal.recipe.factors == {"income": 10_000}


def test_cells_of_one_column_may_show_different_units(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", {"营业收入（万元）": ('0.00"亿元"', [1.5, 2, 3])})
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["B3"].number_format = "0.00"
    book.worksheets[0]["B4"].number_format = '0"万元"'
    book.save(path)
    assert read(path)[0] == [150_000_000, 20_000, 30_000]


def test_cells_that_show_another_plain_unit_than_the_header_are_a_doubt(tmp_path: Path) -> None:
    columns = {"营业收入（万元）": ('#,##0"元"', [15000, 20000, 30000])}
    found, proposal = read(sheet(tmp_path / "a.xlsx", columns))
    assert found[0] == 15_000
    assert "unit_shown" in codes(proposal.doubts)
    titled = {"营业收入": ('#,##0"元"', [15000, 20000, 30000])}
    proposal = propose(sheet(tmp_path / "b.xlsx", titled, title="单位：万元"), YEARS)
    assert "unit_shown" in codes(proposal.doubts)


@pytest.mark.parametrize(
    ("header", "unit", "factor"),
    [
        ("营业收入（百万元）", "元", 1),
        ("营业收入（万元）", "万元÷1000000", Decimal("0.01")),
        ("营业收入", "÷1000000", 1),
    ],
)
def test_figures_that_are_shown_smaller_are_asked_about(
    tmp_path: Path, header: str, unit: str, factor: Any
) -> None:
    path = sheet(tmp_path / "a.xlsx", {header: ("#,##0.00,,", [1500000, 2000000, 3000000])})
    found, proposal = read(path)
    use = proposal.recipe.columns[1]
    assert (use.unit, use.factor) == (unit, factor)
    assert found[0] == 1_500_000 * Decimal(factor)
    assert "shown_smaller" in codes(proposal.doubts)


def test_a_column_of_which_some_figures_are_shown_smaller_is_left_as_stored(
    tmp_path: Path,
) -> None:
    path = sheet(tmp_path / "a.xlsx", {"营业收入（百万元）": ("#,##0.00,,", [1500000, 2, 3])})
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["B3"].number_format = "0.00"
    book.save(path)
    proposal = propose(path, YEARS)
    assert proposal.recipe.factors == {}
    assert "shown_smaller" in codes(proposal.doubts)


@pytest.mark.parametrize(
    ("columns", "field", "value"),
    [
        ({"从业人数": ('0"人"', [12])}, "staff", 12),
        ({"得分": ('0"分"', [12])}, "score", 12),
        ({"得分": ('0"个"', [12])}, "score", 12),
        ({"年度": ('0"年"', [2017])}, "year", 2017),
        ({"得分": ("000-0000", [12])}, "score", 12),
        ({"得分": ("0.00E+00", [12])}, "score", 12),
    ],
)
def test_formats_that_change_no_meaning_change_nothing(
    tmp_path: Path, columns: Cells, field: str, value: int
) -> None:
    found, proposal = read(sheet(tmp_path / "a.xlsx", columns), field)
    assert found[0] == value
    assert proposal.recipe.factors == {}
    assert not {code for code in codes(proposal.doubts) if "unit" in code}


def test_a_format_in_a_unit_of_another_kind_is_a_doubt(tmp_path: Path) -> None:
    columns = {"营业收入": ('0"人"', [12, 13, 14])}
    assert "unit_unlike" in codes(propose(sheet(tmp_path / "a.xlsx", columns), YEARS).doubts)


@pytest.mark.parametrize(
    ("form", "stored", "value"),
    [
        ('"万元"0.00', 1.5, 15_000),
        ('"亿元 "#,##0.00;-"亿元 "#,##0.00', -1.5, -150_000_000),
        ('"¥"0.00"万"', 1.5, 15_000),
        ('[$￥-804]#,##0.00"万元"', 1.5, 15_000),
        ("0.00\\ [$万元-804]", 1.5, 15_000),
    ],
)
def test_a_multiple_before_the_figure_counts_like_one_behind(
    tmp_path: Path, form: str, stored: float, value: int
) -> None:
    path = sheet(tmp_path / "a.xlsx", {"营业收入": (form, [stored])})
    assert read(path)[0][0] == value


YUAN = [
    "[$¥-804]#,##0.00",
    '"¥"#,##0.00;"¥"\\-#,##0.00',
    "[$￥-804]#,##0",
    '_ "¥"* #,##0.00_ ;_ "¥"* \\-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    "[$CNY] #,##0.00",
    '"RMB "0.00',
]


@pytest.mark.parametrize("form", [*YUAN, '"元"0.00', "[$-804]#,##0.00", '"约"0.00', '"No."0'])
@pytest.mark.parametrize("header", ["营业收入", "营业收入（元）"])
def test_the_sign_of_the_currency_in_which_a_field_is_changes_nothing(
    tmp_path: Path, form: str, header: str
) -> None:
    cells = {header: (form, [12, 13, 14])}
    path = sheet(tmp_path / "a.xlsx", cells)
    found, proposal = read(path)
    assert (found, codes(proposal.doubts)) == ([12, 13, 14], set())
    plain = sheet(tmp_path / "b.xlsx", {header: ("0.00", [12, 13, 14])})
    open_rows(plain, proposal.recipe, YEARS).close()
    open_rows(path, propose(plain, YEARS).recipe, YEARS).close()


@pytest.mark.parametrize("form", YUAN)
def test_a_sign_says_nothing_of_multiples(tmp_path: Path, form: str) -> None:
    path = sheet(tmp_path / "a.xlsx", {"营业收入（万元）": (form, [1, 2, 3])})
    found, proposal = read(path)
    assert found == [10_000, 20_000, 30_000]
    assert codes(proposal.doubts) == {"unit_factor"}


@pytest.mark.parametrize("form", ["[$$-409]#,##0.00", "[$€-2] 0", "[$¥-804]0.00", '"元"0'])
def test_a_sign_over_figures_without_a_declared_unit_says_nothing(
    tmp_path: Path, form: str
) -> None:
    path = sheet(tmp_path / "a.xlsx", {"得分": (form, [12, 13, 14])})
    found, proposal = read(path, "score")
    assert (found, codes(proposal.doubts)) == ([12, 13, 14], set())


FOREIGN = {
    "[$€-1]#,##0": "欧元",
    "[$€-2] #,##0.00;-[$€-2] #,##0.00": "欧元",
    "#,##0.00 [$€-407]": "欧元",
    "[$$-409]#,##0.00": "美元",
    '"US$"#,##0.00_);("US$"#,##0.00)': "美元",
    '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"_)': "美元",
    "$#,##0": "美元",
    '0.00"$"': "美元",
    "[$USD] 0": "美元",
    "[$$-C04]0.00": "港元",
    "[$HK$-C04]0.00": "港元",
    "[$¥-411]#,##0": "日元",
    "[$£-809]#,##0.00": "英镑",
    "[$₩-412]#,##0": "韩元",
    '"美元"0.00': "美元",
    "[$NT$-404]0": "新台币",
}


@pytest.mark.parametrize("form", FOREIGN)
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_figures_that_are_shown_in_another_currency_are_a_doubt(
    tmp_path: Path, form: str, kind: str
) -> None:
    write = sheet if kind == "xlsx" else old_sheet
    path = write(tmp_path / f"a.{kind}", {"营业收入": (form, [12, 13, 14])})
    (doubt,) = [d for d in propose(path, YEARS).doubts if d.code == "unit_unlike"]
    assert FOREIGN[form] in doubt.text.zh
    plain = write(tmp_path / f"b.{kind}", {"营业收入": ("0.00", [12, 13, 14])})
    with pytest.raises(RecipeUnfit, match=FOREIGN[form]):
        open_rows(path, propose(plain, YEARS).recipe, YEARS)


def test_a_few_figures_in_another_currency_among_others_are_a_doubt(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", {"营业收入（元）": ("[$¥-804]0", [12, 13, 14])})
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["B3"].number_format = "[$$-409]0"
    book.save(path)
    assert "unit_shown" in codes(propose(path, YEARS).doubts)


def test_figures_in_the_currency_of_their_field_raise_no_question(tmp_path: Path) -> None:
    export = resource_of(
        declared("code", "企业代码", "Code", required=True),
        declared("export", "出口额", "Exports", FieldType.DECIMAL, unit="万美元"),
    )
    path = sheet(tmp_path / "a.xlsx", {"出口额": ("[$$-409]#,##0.00", [12, 13, 14])})
    proposal = propose(path, export)
    assert (proposal.doubts, proposal.recipe.factors) == ((), {})
    yuan = sheet(tmp_path / "b.xlsx", {"出口额": ("[$¥-804]#,##0.00", [12, 13, 14])})
    assert codes(propose(yuan, export).doubts) == {"unit_unlike"}


def test_texts_in_cells_with_such_a_format_stay(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", {"营业收入": ('0.00"亿元"', ["5元", "暂缺", 1])})
    with open_rows(path, propose(path, YEARS).recipe, YEARS) as stream:
        assert all_rows(stream)["income"].to_list() == ["5元", "暂缺", "1亿元"]


def test_a_delivery_whose_cells_are_no_longer_shown_smaller_is_stopped(tmp_path: Path) -> None:
    header = "营业收入（百万元）"
    first = sheet(tmp_path / "a.xlsx", {header: ("#,##0.00,,", [1500000, 2000000, 3000000])})
    plain = sheet(tmp_path / "b.xlsx", {header: ("0.00", [1.5, 2, 3])})
    recipe = Recipe.from_json(propose(first, YEARS).recipe.to_json())
    with open_rows(first, recipe, YEARS) as stream:
        assert stream.factors == {}
    with pytest.raises(RecipeUnfit, match="百万元") as stopped:
        open_rows(plain, recipe, YEARS)
    assert stopped.value.comparison.units == ((header, "元", "百万元"),)
    unstated = replace(recipe.columns[1], source="营业收入", unit="÷1000000")
    bare = replace(recipe, columns=(recipe.columns[0], unstated))
    with pytest.raises(RecipeUnfit):
        open_rows(sheet(tmp_path / "c.xlsx", {"营业收入": ("0.00", [1.5])}), bare, YEARS)


@pytest.mark.parametrize(
    "code", ["0.00", "@", "yyyy-mm-dd", "h:mm:ss", "# ?/?", "#,##0_);(#,##0)", '"合计"', '0"号"']
)
def test_most_formats_say_nothing_of_units(code: str) -> None:
    assert unit_form(code) is None
