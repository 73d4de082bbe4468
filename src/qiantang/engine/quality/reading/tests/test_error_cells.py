"""Cells whose formula failed are a problem in every format and for every type of field."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt

from qiantang.engine.quality.reading import open_rows, propose
from qiantang.engine.quality.reading.tests.conftest import all_rows, declared, resource_of
from qiantang.engine.quality.tests.streams import checker
from qiantang.packkit.compiled import FieldType

HEADER = ["标识", "名称", "金额", "日期", "是否", "时期"]
THINGS = resource_of(
    declared("id", "标识", "Key", required=True),
    declared("name", "名称", "Name"),
    declared("pay", "金额", "Pay", FieldType.NUMBER),
    declared("day", "日期", "Day", FieldType.DATE),
    declared("open", "是否", "Open", FieldType.BOOLEAN),
    declared("period", "时期", "Period", FieldType.PERIOD),
)
SOUND = ["a", "甲", "1", "2017-04-01", "是", "2017"]
ROWS = [
    ["#REF!", "甲", "1", "2017-04-01", "是", "2017"],
    ["b", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!"],
    ["c", "#NULL!", "2", "2017-04-02", "否", "2018"],
    ["d", "1#REF!", "3", "2017-04-02", "否", "2018"],
]


def new(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in [HEADER, SOUND, *ROWS]:
        book.active.append(row)
    book.save(path)
    return path


def old(path: Path) -> Path:
    """As Excel stores them: the codes of [MS-XLS] 2.5.10 (BErr), one of them a formula's result."""
    codes = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D,
             "#NUM!": 0x24, "#N/A": 0x2A}  # fmt: skip
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for r, row in enumerate([HEADER, SOUND, *ROWS], 2):
        for c, value in enumerate(row, 1):
            if value == "#NULL!":
                sheet.write(r, c, xlwt.Formula("1/0"))
            elif value in codes:
                sheet.row(r).set_cell_error(c, codes[value])
            else:
                sheet.write(r, c, value)
    book.save(str(path))
    text, error = b"\x03\0\0\0\0\0\xff\xff", struct.pack("<BBBHBH", 2, 0, 0, 0, 0, 0xFFFF)
    whole = path.read_bytes()
    assert whole.count(text) == 1
    path.write_bytes(whole.replace(text, error))
    return path


def pasted(path: Path) -> Path:
    lines = [",".join(row) for row in [HEADER, SOUND, *ROWS]]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(("write", "name"), [(new, "a.xlsx"), (old, "a.xls"), (pasted, "a.csv")])
def test_error_cells_are_set_aside_for_every_type(
    tmp_path: Path, write: Callable[[Path], Path], name: str
):
    path = write(tmp_path / name)
    frame = all_rows(open_rows(path, propose(path, THINGS).recipe, THINGS))
    assert [row[:6] for row in frame.rows()] == [tuple(row) for row in [SOUND, *ROWS]]
    checked = checker(THINGS).check(frame)
    found = {(f.rule.field, f.rule.code, tuple(f.rows)) for f in checked.failures}
    wrong = "excel_error"
    assert found == {
        *[("id", wrong, (1,)), ("name", wrong, (2, 3)), ("pay", wrong, (2,))],
        *[("day", wrong, (2,)), ("open", wrong, (2,)), ("period", wrong, (2,))],
    }
    assert list(checked.set_aside()) == [False, True, True, True, False]
