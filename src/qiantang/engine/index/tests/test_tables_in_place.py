"""Tables of data and structure that cannot be right are refused at their file, row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from qiantang.engine.index import Data, read_data, read_structure
from qiantang.engine.index.errors import UnitRepeated
from qiantang.kernel.errors import Invalid

HEADER = "Level,iCode,Parent,Type,Direction"
META = f"{HEADER}\n1,a,Index,Indicator,1\n2,Index,,Aggregate,1\n"


def read(tmp_path: Path, text: str) -> Data:
    (tmp_path / "iMeta.csv").write_text(META, encoding="utf-8")
    (tmp_path / "iData.csv").write_text(text, encoding="utf-8")
    return read_data(tmp_path / "iData.csv", read_structure(tmp_path / "iMeta.csv"))


@pytest.mark.parametrize(
    ("rows", "code", "row", "column", "said"),
    [
        ("uCode,a\nX,1\n ,2\n", "cell_empty", 3, "uCode", "整行删除"),
        ("uCode,a\nX,1,200\n", "row_too_long", 2, "3", "表头只有 2 列；多出的是“200”"),
        ("uCode,a\nX,1\nY\n", "row_too_short", 3, "a", "本行只有 1 个单元格，表头有 2 列"),
        ("uCode,a\nX,1\nY,2\nX,3\n", "row_repeated", 4, "uCode", "“X”在第 2 行已经出现"),
        ("uCode,Time,a\nX,2020,1\nX,2021,2\nX,2020,3\n", "row_repeated", 4, "uCode",
         "“X 2020”在第 2 行"),
        ("uCode,Time,a\nX,2020,1\nX,2021.5,2\n", "cell_not_whole", 3, "Time", "“2021.5”"),
        ("uCode,Time,a\nX,2020,1\nX,,2\n", "cell_not_whole", 3, "Time", "不是整数"),
        ("uCode,a\n\nX,1\n,\nY,two\n", "cell_unreadable", 5, "a", "“two”"),
    ],
)  # fmt: skip
def test_a_row_of_data_that_cannot_be_right(
    rows: str, code: str, row: int, column: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(Invalid) as refused:
        read(tmp_path, rows)
    assert refused.value.code == f"index.{code}"
    place = refused.value.place
    assert place is not None
    assert (place.file, place.row, place.column) == ("iData.csv", row, column)
    assert said in refused.value.message("zh")


@pytest.mark.parametrize(
    ("rows", "code", "row", "column"),
    [
        ("1,,Index,Indicator,1", "cell_empty", 2, "iCode"),
        ("1,a,Index", "row_too_short", 2, "Type"),
        ("1,a,Index,Indicator,1,more", "row_too_long", 2, "6"),
        ("1,a,Index,Indicator,0.5", "cell_not_whole", 2, "Direction"),
        ("\n1,a,Index,,1", "structure_broken", 3, "Type"),
    ],
)
def test_a_row_of_the_structure_that_cannot_be_right(
    rows: str, code: str, row: int, column: str, tmp_path: Path
) -> None:
    (tmp_path / "iMeta.csv").write_text(f"{HEADER}\n{rows}\n", encoding="utf-8")
    with pytest.raises(Invalid) as refused:
        read_structure(tmp_path / "iMeta.csv")
    assert refused.value.code == f"index.{code}"
    place = refused.value.place
    assert place is not None
    assert (place.file, place.row, place.column) == ("iMeta.csv", row, column)


def test_blank_rows_and_empty_cells_beyond_the_header_are_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, "uCode,a\nX,1,,\n\n,,\nY,\n")
    assert found.units == ("X", "Y")


def test_a_unit_twice_in_a_table_is_a_unit_repeated(tmp_path: Path) -> None:
    with pytest.raises(UnitRepeated):
        read(tmp_path, "uCode,a\nX,1\nX,2\n")
