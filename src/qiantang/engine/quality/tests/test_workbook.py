"""The workbook of set-aside rows: read by people, corrected, and sent again as it is."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from qiantang.engine.quality import examine, open_rows, propose, set_aside_workbook
from qiantang.engine.quality.errors import ExaminationMissing
from qiantang.engine.quality.headings import ADDED_HEADINGS, is_ignored
from qiantang.engine.quality.tests.streams import FakeStream, checker, field, resource
from qiantang.packkit.compiled import FieldType, Mode

OF = resource(
    field("id", required=True, identifier="cn.resident-id"),
    field("n", FieldType.INTEGER),
    field("note"),
    grain=("id",),
)
ROWS: list[dict[str, str | None]] = [
    {"id": "360426199101010071", "n": "x", "note": "=1+1"},
    {"id": "11010519491231002X", "n": "2", "note": "fine"},
    {"id": "360426199101010072", "n": "3", "note": "@SUM(A1)"},
    {"id": None, "n": "4", "note": "n" * 40_000},
]


def sheet_of(folder: Path, lang: str = "zh") -> Worksheet:
    examine(FakeStream(ROWS, ["id", "n", "note"]), checker(OF), folder)
    path = set_aside_workbook(folder, OF, folder / "aside.xlsx", lang)
    sheet = openpyxl.load_workbook(path).active
    assert isinstance(sheet, Worksheet)
    return sheet


def test_raw_cells_with_reasons_beside(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path)
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0] == ("列id", "列n", "列note", *(h.zh for h in ADDED_HEADINGS))
    assert len(lines) == 4
    assert lines[1][:3] == ("360426199101010071", "x", "=1+1")
    assert "不是整数" in str(lines[1][3]) or "不是数字" in str(lines[1][3])
    assert lines[1][6] == "2"
    assert "必填项" in str(lines[3][3])


def test_english(tmp_path: Path) -> None:
    lines = list(sheet_of(tmp_path, "en").iter_rows(values_only=True))
    assert lines[0][3:] == tuple(h.en for h in ADDED_HEADINGS)
    assert "check character" in str(lines[2][3])


def test_cells_are_text_and_no_formula(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path)
    cell = sheet["C2"]
    assert (cell.data_type, cell.value, cell.number_format) == ("s", "=1+1", "@")
    assert sheet["A3"].data_type == "s"
    assert len(str(sheet["C4"].value)) == 32_767


def test_wrong_cells_are_marked_and_commented(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path)
    assert sheet["B2"].fill.fgColor.rgb == "FFF8CBAD"
    assert sheet["B2"].comment is not None
    assert sheet["A2"].comment is None
    assert sheet["A4"].fill.fgColor.rgb == "FFF8CBAD"


def test_added_headings_are_ignored_by_readers() -> None:
    for heading in ADDED_HEADINGS:
        assert is_ignored(heading.zh)
        assert is_ignored(f" {heading.en} ")
    assert not is_ignored("问题")


def test_corrected_and_sent_again(tmp_path: Path) -> None:
    plain = {"id": "字段id", "n": "字段n", "note": "字段note"}
    stream = FakeStream(ROWS, ["id", "n", "note"])
    stream.sources = plain
    examine(stream, checker(OF), tmp_path / "first")
    path = set_aside_workbook(tmp_path / "first", OF, tmp_path / "aside.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["B2"], sheet["A3"], sheet["A4"] = "1", "110105491231002", "330102199003071233"
    sheet["C2"] = sheet["C3"] = "2"
    book.save(path)
    again = examine(open_rows(path, propose(path, OF).recipe, OF), checker(OF), tmp_path / "second")
    assert again.sent == 3
    assert [p.code for p in again.problems()] in ([], ["id_check_digit"])
    assert again.accepted >= 2


def test_without_an_examination_there_is_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(ExaminationMissing):
        set_aside_workbook(tmp_path, OF, tmp_path / "x.xlsx")


SENT = """字段id,字段n,字段note
k1, 1,０１２
K2,"1,234",x
k1,2.0,y
k3,３,'007
k3,３,'007
k4,5万,z
"""


def test_rows_found_wrong_once_all_are_known_come_back_as_they_were_sent(tmp_path: Path) -> None:
    of = resource(field("id"), field("n", FieldType.INTEGER), field("note"), grain=("id",))
    path = tmp_path / "sent.csv"
    path.write_text(SENT, encoding="utf-8")
    there = pa.table({"id": ["K2"]})
    rules = checker(of, mode=Mode.APPEND, existing=lambda _: there)
    found = examine(open_rows(path, propose(path, of).recipe, of), rules, tmp_path / "checked")
    assert (found.accepted, found.set_aside, found.duplicates) == (2, 4, 2)
    book = openpyxl.load_workbook(set_aside_workbook(found.folder, of, tmp_path / "aside.xlsx"))
    lines = [row[:3] for row in book.active.iter_rows(min_row=2, values_only=True)]
    assert lines == [
        ("k1", " 1", "０１２"), ("K2", "1,234", "x"), ("k1", "2.0", "y"), ("k3", "３", "'007")
    ]  # fmt: skip
    assert [(p.row, p.code, p.value) for p in found.problems()] == [
        (2, "key_conflict", "k1"),
        (3, "key_exists", "K2"),
        (4, "key_conflict", "k1"),
        (6, "repeated", "k3"),
    ]
