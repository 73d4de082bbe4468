"""Excel workbooks as departments send them."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt

from qiantang.engine.quality.reading import Hints, ReadingLimits, excel_table, open_rows, propose
from qiantang.engine.quality.reading.errors import (
    RowsMissing,
    SheetTooLarge,
    SheetUnknown,
    TooManyColumns,
    UnfoldsTooLarge,
    XmlRefused,
)
from qiantang.engine.quality.reading.tests.conftest import (
    FIRMS,
    all_rows,
    codes,
    declared,
    resource_of,
)
from qiantang.packkit.compiled import FieldType

NAMES = ["统一社会信用代码", "企业名称", "成立日期", "注册资本", "从业人数"]


def book(
    path: Path, rows: list[list[Any]], sheet: str = "企业", merges: tuple[str, ...] = ()
) -> Path:
    workbook = openpyxl.Workbook()
    page = workbook.active
    page.title = sheet
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            page.cell(r, c, value)
    for area in merges:
        page.merge_cells(area)
    workbook.save(path)
    return path


def test_values_become_text_without_loss(tmp_path: Path, read: Any):
    rows = [
        NAMES,
        ["91330106MA2ABCDE1X", "甲", dt.date(2017, 4, 1), 1234567.0, 12],
        [330106199001011234, "乙\n丙", dt.datetime(2018, 5, 6, 7, 8, 9), 0.1, True],
        ["330106199001011234", "#REF!", dt.time(7, 8), 12345678.9, None],
        [None, None, None, None, None],
        [100000, "  ", "2017年4月", 1e14, -5],
    ]
    path = tmp_path / "a.xlsx"
    found, stream = read(book(path, rows))
    assert found == [
        ("91330106MA2ABCDE1X", "甲", "2017-04-01", "1234567", "12", 2),
        ("3.30106199001011E+17", "乙\n丙", "2018-05-06 07:08:09", "0.1", "true", 3),
        ("330106199001011234", "#REF!", "07:08:00", "12345678.9", None, 4),
        ("100000", "  ", "2017年4月", "100000000000000", "-5", 6),
    ]
    assert "digits_lost" in codes(stream.doubts)
    assert stream.skipped == {"heading": 1, "blank": 1}


def test_errors_and_formulas_are_not_silently_empty(tmp_path: Path, read: Any):
    path = tmp_path / "a.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    page = workbook.add_worksheet("企业")
    page.write_row("C4", NAMES)
    page.write_row("C5", ["91", "甲", "2017", 1, 2])
    page.write_formula("F5", "=1/0", None, "#DIV/0!")
    page.write_formula("G5", "=1+1", None, "")
    page.write_formula("E5", '="2017"&"年"', None, "2017年")
    workbook.close()
    rows, stream = read(path)
    assert rows == [("91", "甲", "2017年", "#DIV/0!", None, 5)]
    (doubt,) = [d for d in stream.doubts if d.code == "formulas_without_values"]
    assert "G5" in doubt.text.zh


def test_merged_headers_are_flattened_and_merged_keys_filled_down(tmp_path: Path, read: Any):
    rows = [
        ["2024年企业情况（单位：万元）"],
        ["统一社会信用代码", "企业名称", "经营信息", None, None],
        [None, None, "成立日期", "注册资本", "从业人数"],
        ["91", "甲", "2017", 1, 2],
        [None, "乙", "2018", 3, 4],
        [None, "丙", "2019", 5, 6],
        ["92", "丁", "2020", 7, 8],
        ["合计", None, None, 16, 20],
    ]
    merges = ("A1:E1", "A2:A3", "B2:B3", "C2:E2", "A4:A6", "A8:C8")
    found, stream = read(book(tmp_path / "a.xlsx", rows, merges=merges))
    assert [(r[0], r[1], r[2], r[-1]) for r in found] == [
        ("91", "甲", "2017", 4),
        ("91", "乙", "2018", 5),
        ("91", "丙", "2019", 6),
        ("92", "丁", "2020", 7),
    ]
    assert stream.recipe.fill_down == ("统一社会信用代码",)
    assert stream.factors == {"capital": 10_000}
    assert stream.skipped == {"title": 1, "heading": 2, "total": 1}


@pytest.mark.parametrize(("merged", "asked"), [("B2:B4", False), ("D2:D4", True)])
def test_merged_words_hold_for_each_row_and_a_merged_figure_may_be_their_sum(
    tmp_path: Path, merged: str, *, asked: bool
):
    rows = [NAMES, *([str(91 + i), "甲", "2017", 30, i] for i in range(3))]
    for cell in rows[2:]:
        cell[ord(merged[0]) - ord("A")] = None
    path = book(tmp_path / "a.xlsx", rows, merges=(merged,))
    proposal = propose(path, FIRMS)
    assert ("merged_filled" in codes(proposal.doubts)) is asked
    frame = all_rows(open_rows(path, proposal.recipe, FIRMS))
    assert frame.select("name", "capital").rows() == [("甲", "30")] * 3


def test_a_list_of_codes_beside_the_data_is_no_second_delivery(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.append(NAMES)
    workbook.active.append(["91", "甲", "2017", 1, 2])
    listed = workbook.create_sheet("字典")
    for row in (["代码", "企业名称"], ["10", "国有"], ["20", "集体"]):
        listed.append(row)
    workbook.save(path)
    assert not propose(path, FIRMS).doubts


def test_leaves_that_repeat_are_joined_with_their_parents(tmp_path: Path):
    rows = [
        ["统一社会信用代码", "企业名称", "法定代表人", None, "联系人", None],
        [None, None, "姓名", "电话", "姓名", "电话"],
        ["91", "甲", "张三", "1", "李四", "2"],
    ]
    merges = ("A1:A2", "B1:B2", "C1:D1", "E1:F1")
    proposal = propose(book(tmp_path / "a.xlsx", rows, merges=merges), FIRMS)
    assert [c.source for c in proposal.recipe.columns] == [
        "统一社会信用代码",
        "企业名称",
        "法定代表人/姓名",
        "法定代表人/电话",
        "联系人/姓名",
        "联系人/电话",
    ]
    assert "duplicate_header" not in codes(proposal.doubts)


def test_the_sheet_that_names_the_fields_is_chosen_and_others_are_told(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.title = "说明"
    workbook.active.append(["填报说明"])
    for name in ("杭州", "宁波"):
        page = workbook.create_sheet(name)
        page.append(NAMES)
        page.append(["91", name, "2017", 1, 2])
    page.append(["92", name, "2018", 1, 2])
    workbook["杭州"].sheet_state = "hidden"
    workbook.save(path)
    proposal = propose(path, FIRMS)
    assert proposal.recipe.sheet == "宁波"
    assert "other_sheets" in codes(proposal.doubts)
    assert [(s.name, s.visible, s.chosen, s.named_fields) for s in proposal.sheets] == [
        ("说明", True, False, 0),
        ("杭州", False, False, 5),
        ("宁波", True, True, 5),
    ]
    asked = propose(path, FIRMS, hints=Hints(sheet="杭州"))
    assert asked.recipe.sheet == "杭州"
    assert "hidden_sheet" in codes(asked.doubts)
    frame = all_rows(open_rows(path, asked.recipe, FIRMS))
    assert frame["_sheet"].to_list() == ["杭州"]
    with pytest.raises(SheetUnknown) as caught:
        propose(path, FIRMS, hints=Hints(sheet="温州"))
    assert "宁波" in caught.value.message("zh")


def test_old_workbooks_are_read_alike(tmp_path: Path, read: Any):
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("企业")
    date = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    page.write_merge(0, 0, 0, 4, "标题")
    for c, name in enumerate(NAMES):
        page.write(1, c, name)
    page.write_merge(2, 3, 0, 0, "91")
    page.write(2, 1, "甲")
    page.write(2, 2, dt.date(2017, 4, 1), date)
    page.write(2, 3, 1000000)
    page.write(2, 4, 0.5)
    page.write(3, 1, "乙")
    page.write(4, 0, 330106199001011234)
    page.write(4, 1, "丙")
    workbook.save(str(tmp_path / "a.xls"))
    rows, stream = read(tmp_path / "a.xls")
    assert rows == [
        ("91", "甲", "2017-04-01", "1000000", "0.5", 3),
        ("91", "乙", None, None, None, 4),
        ("3.30106199001011E+17", "丙", None, None, None, 5),
    ]
    assert stream.recipe.format == "xls"
    assert "digits_lost" in codes(stream.doubts)


def test_a_workbook_inside_a_zip_is_read(tmp_path: Path, read: Any):
    inner = book(tmp_path / "a.xlsx", [NAMES, ["91", "甲", "2017", 1, 2]])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(inner, "企业.xlsx")
    rows, stream = read(tmp_path / "a.zip")
    assert rows == [("91", "甲", "2017", "1", "2", 2)]
    assert (stream.recipe.format, stream.recipe.member) == ("xlsx", "企业.xlsx")


def test_empty_and_header_only_sheets_are_refused(tmp_path: Path):
    for rows in ([], [NAMES], [["标题"], NAMES]):
        with pytest.raises(RowsMissing):
            propose(book(tmp_path / "a.xlsx", rows), FIRMS)


def test_a_cell_far_out_cannot_make_the_sheet_huge(tmp_path: Path):
    for far, error in (((900_000, 1_000), SheetTooLarge), ((2, 16_000), TooManyColumns)):
        path = book(tmp_path / "a.xlsx", [NAMES, ["91", "甲", "2017", 1, 2]])
        workbook = openpyxl.load_workbook(path)
        workbook.active.cell(*far, "x")
        workbook.save(path)
        with pytest.raises(error):
            propose(path, FIRMS)


def _with_part(path: Path, part: str, change: Any) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_and_entities_are_refused(tmp_path: Path, part: str, encoding: str):
    path = book(tmp_path / "a.xlsx", [NAMES, ["91", "甲", "2017", 1, 2]])

    def poison(body: bytes) -> bytes:
        text = body.decode()
        text = text[text.find("?>") + 2 :] if text.startswith("<?xml") else text
        return f'<?xml version="1.0" encoding="{encoding}"?>{LAUGHS}{text}'.encode(encoding)

    _with_part(path, part, poison)
    with pytest.raises(XmlRefused) as caught:
        propose(path, FIRMS)
    assert part in caught.value.message("zh")


def test_a_bomb_inside_a_workbook_is_stopped_while_unfolding(tmp_path: Path):
    path = book(tmp_path / "a.xlsx", [NAMES, ["91", "甲", "2017", 1, 2]])
    _with_part(path, "xl/styles.xml", lambda body: body + b" " * 40_000_000)
    with pytest.raises(UnfoldsTooLarge):
        propose(path, FIRMS, limits=ReadingLimits(workbook=10 * 2**20))


def test_sheets_written_with_a_namespace_prefix_are_understood(tmp_path: Path, read: Any):
    rows = [NAMES, [330106199001011234, "甲", "2017", 1, 2], [None, "乙", "2018", 1, 2]]
    path = book(tmp_path / "a.xlsx", rows, merges=("A2:A3",))
    import re

    def prefixed(body: bytes) -> bytes:
        text = re.sub(r"<(/?)(\w)", r"<\1x:\2", body.decode())
        return text.replace("xmlns=", "xmlns:x=").encode()

    _with_part(path, "xl/worksheets/sheet1.xml", prefixed)
    found, _ = read(path)
    assert [r[0] for r in found] == ["3.30106199001011E+17"] * 2


def test_columns_left_of_the_table_do_not_shift_marks(tmp_path: Path, read: Any):
    rows = [[None, None, *NAMES], [None, None, 330106199001011234, "甲", "2017", 1, 2]]
    rows.append([None, None, None, "乙", "2018", 1, 2])
    found, _ = read(book(tmp_path / "a.xlsx", rows, merges=("C2:C3",)))
    assert [r[0] for r in found] == ["3.30106199001011E+17"] * 2


def test_cells_that_do_not_say_where_they_are_and_single_quotes(tmp_path: Path, read: Any):
    rows = [NAMES, [330106199001011234, "甲", "2017", 1, 2]]
    path = book(tmp_path / "a.xlsx", rows)
    import re

    _with_part(path, "xl/worksheets/sheet1.xml", lambda b: b.replace(b'"', b"'"))
    assert read(path)[0][0][0] == "3.30106199001011E+17"
    path = book(tmp_path / "b.xlsx", rows)
    _with_part(path, "xl/worksheets/sheet1.xml", lambda b: re.sub(rb' r="[A-Z]+\d+"', b"", b))
    assert read(path)[0] == [("3.30106199001011E+17", "甲", "2017", "1", "2", 2)]


def test_a_note_beside_the_table_is_told_and_not_read(tmp_path: Path, read: Any):
    rows = [NAMES, ["91", "甲", "2017", 1, 2, None, "已核"], ["92", "乙", "2018", 1, 2]]
    found, stream = read(book(tmp_path / "a.xlsx", rows))
    assert [r[0] for r in found] == ["91", "92"]
    assert not stream.misshapen
    assert "beside_table" in codes(stream.doubts)


def test_percentages_and_months_are_read_as_the_sheet_shows_them(tmp_path: Path, read: Any):
    path = tmp_path / "a.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    page = workbook.add_worksheet("企业")
    percent = workbook.add_format({"num_format": "0.0%"})
    month = workbook.add_format({"num_format": 'yyyy"年"m"月"'})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    page.write_row(0, 1, NAMES)
    for n, (date, form, share) in enumerate(
        [
            (dt.date(2017, 4, 1), month, 0.07),
            (dt.date(2017, 4, 15), month, 1.25),
            (dt.date(2017, 4, 1), day, -0.5),
        ],
        start=1,
    ):
        page.write_row(n, 1, [f"9{n}", "甲"])
        page.write_datetime(n, 3, dt.datetime(date.year, date.month, date.day), form)
        page.write_number(n, 4, share, percent)
        page.write_string(n, 5, "0.5", percent)
    workbook.close()
    found, _ = read(path)
    assert [row[2:5] for row in found] == [
        ("2017-04", "7%", "0.5"),
        ("2017-04-15", "125%", "0.5"),
        ("2017-04-01", "-50%", "0.5"),
    ]


def test_codes_kept_as_numbers_come_with_the_zeros_that_the_sheet_shows(tmp_path: Path, read: Any):
    path = book(tmp_path / "a.xlsx", [NAMES, [12, 7, 42826, 0.5, 1], [123456, "7", 1, 1, -3]])
    workbook = openpyxl.load_workbook(path)
    for row in ("2", "3"):
        workbook.active[f"A{row}"].number_format = "00000"
        workbook.active[f"B{row}"].number_format = "000;-000"
        workbook.active[f"D{row}"].number_format = "00"
        workbook.active[f"E{row}"].number_format = "00"
    workbook.save(path)
    found, _ = read(path)
    assert [row[:2] for row in found] == [("00012", "007"), ("123456", "7")]
    assert [row[3:5] for row in found] == [("0.5", "01"), ("01", "-3")]


def test_formats_of_chinese_excel_are_known_by_number(tmp_path: Path, read: Any):
    path = book(tmp_path / "a.xlsx", [NAMES, ["91", "甲", 42826, 0.5, 1]])
    workbook = openpyxl.load_workbook(path)
    workbook.active["C2"].number_format = 'yyyy"年"m"月"'
    workbook.active["D2"].number_format = "0%"
    workbook.save(path)
    assert [row[2:4] for row in read(path)[0]] == [("2017-04", "50%")]


RATES = resource_of(
    declared("code", "编码", "Code", required=True),
    declared("rate", "占比", "Share", FieldType.DECIMAL, unit="%"),
)


def old_shares(path: Path, share: float) -> Path:
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("表")
    for row, cells in enumerate([("编码", "占比"), ("91", share), ("92", 0)]):
        for column, value in enumerate(cells):
            page.write(row, column, value, xlwt.easyxf(num_format_str="0.0%"))
    workbook.save(str(path))
    return path


def test_percentages_of_old_workbooks_are_read_as_shown(tmp_path: Path, read: Any):
    path = old_shares(tmp_path / "a.xls", 0.125)
    assert read(path, RATES)[0] == [("91", "12.5%", 2), ("92", "0%", 3)]
    assert "shares_as_fractions" not in codes(propose(path, RATES).doubts)


@pytest.mark.parametrize(("share", "asked"), [(0.125, True), (12.5, False), (0, False)])
def test_percentages_whose_formats_cannot_be_read_are_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, asked: bool
):
    monkeypatch.setattr(excel_table, "old_forms", lambda *_: None)
    doubts = propose(old_shares(tmp_path / "a.xls", share), RATES).doubts
    assert ("shares_as_fractions" in codes(doubts)) is asked
