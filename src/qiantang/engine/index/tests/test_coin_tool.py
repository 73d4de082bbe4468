"""Workbooks of the COIN Tool become data, structure and recipe; complaints name the cell."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from qiantang.engine.index import build, read_data, read_structure, recipe_of
from qiantang.engine.index.coin_tool import read_coin_tool
from qiantang.engine.index.errors import CoinToolUnreadable, SheetTooLarge
from qiantang.engine.index.sheets import letters
from qiantang.engine.index.tables import write_data, write_structure

INDICATORS = [
    # weight, direction, lower, upper, index, sub-index, pillar, sub-pillar, name, code, figures
    (1, 1, 0, 100, "Index", "si.01", "p.01", "--", "Roads", "ind.01", [50, 100, "n/a"]),
    (3, 1, "n/a", "n/a", "Index", "si.01", "p.01", "--", "Rails", "ind.02", [1, 2, 3]),
    (1, -1, 0, 10, "Index", "si.02", "p.02", "--", "Smoke", "ind.03", [10, 5, 0]),
    (1, 1, "n/a", "n/a", "Index", "si.02", "p.02", "--", "Trees", "ind.04", ["n/a"] * 3),
]
FRAMEWORK = [("p.01", 2, "Transport"), ("p.02", 1, "Air"), ("si.01", 1, "Links"),
             ("si.02", 1, "Green"), ("Index", 1, "Whole"), ("--", "--", "--")]  # fmt: skip


def workbook(path: Path, change: Callable[[Workbook], Any] = lambda book: None) -> Path:
    book = Workbook()
    base = book.active
    assert base is not None
    base.title = "Database"
    for place, (*facts, figures) in enumerate(INDICATORS):
        for row, value in enumerate([*facts, *figures], start=7):
            base.cell(row, 5 + place, value)
    for row, (name, code) in enumerate([("Hangzhou", "HZ"), ("Ningbo", "NB"), ("Wenzhou", "WZ")]):
        base.cell(17 + row, 2, name)
        base.cell(17 + row, 3, code)
    base.cell(5, 9, "n/a")
    frame = book.create_sheet("Framework")
    for column, head in enumerate(["Code", "Level", "Weight", "x", "y", "Dimension/indicator"], 3):
        frame.cell(4, column, head)
    for row, (code, weight, name) in enumerate(FRAMEWORK, start=5):
        for column, value in ((3, code), (5, weight), (8, name)):
            frame.cell(row, column, value)
    change(book)
    book.save(path)
    return path


def put(sheet: str, cell: str, value: object) -> Callable[[Workbook], Any]:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value

    return change


def test_figures_tree_weights_and_goalposts_are_read(tmp_path: Path) -> None:
    found = read_coin_tool(workbook(tmp_path / "tool.xlsx"))
    assert found.data.units == ("HZ", "NB", "WZ")
    assert found.data.names == ("Hangzhou", "Ningbo", "Wenzhou")
    assert found.data.columns == ("ind.01", "ind.02", "ind.03")
    assert math.isnan(found.data.values[2, 0])
    told = {e.code: (e.name, e.level, e.parent, e.weight, e.direction)
            for e in found.structure.elements}  # fmt: skip
    assert told["ind.02"] == ("Rails", 1, "p.01", 3, 1)
    assert told["ind.03"] == ("Smoke", 1, "p.02", 1, -1)
    assert told["p.01"] == ("Transport", 2, "si.01", 2, 1)
    assert told["si.02"] == ("Green", 3, "Index", 1, 1)
    assert told["Index"] == ("Whole", 4, "", 1, 1)
    assert found.posts == {"ind.01": (0, 100), "ind.03": (10, 0)}
    assert found.empty == ("Trees",)


def test_what_was_read_is_written_and_builds(tmp_path: Path) -> None:
    found = read_coin_tool(workbook(tmp_path / "tool.xlsx"))
    write_data(tmp_path / "iData.csv", found.data)
    write_structure(tmp_path / "iMeta.csv", found.structure)
    structure = read_structure(tmp_path / "iMeta.csv")
    data = read_data(tmp_path / "iData.csv", structure)
    index = build(data, structure, recipe_of(tomllib.loads(found.recipe())))
    assert index.score("p.01").tolist() == [12.5, 62.5, 100]
    assert index.score("p.02").tolist() == [0, 50, 100]
    assert index.score("Index").tolist() == [6.25, 56.25, 100]


def test_the_older_framework_is_one_row_lower(tmp_path: Path) -> None:
    path = workbook(tmp_path / "old.xlsx", lambda book: book["Framework"].insert_rows(1))
    assert read_coin_tool(path).structure.by_code["p.01"].weight == 2


def test_a_level_that_is_not_used_is_left_out(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        for column in "EFGH":
            book["Database"][f"{column}12"] = "si.--"

    structure = read_coin_tool(workbook(tmp_path / "t.xlsx", change)).structure
    assert structure.by_code["p.02"].parent == "Index"
    assert structure.root.level == 3


@pytest.mark.parametrize(
    ("change", "sheet", "row", "column", "said"),
    [
        (put("Database", "F18", "2,5"), "Database", 18, "F", "2,5"),
        (put("Database", "E8", 0), "Database", 8, "E", "direction"),
        (put("Database", "G7", "n/a"), "Database", 7, "G", "weight"),
        (put("Database", "E9", 200), "Database", 9, "E", "goalpost"),
        (put("Database", "C18", None), "Database", 18, "C", "code is missing"),
        (put("Database", "G13", "p.09"), "Database", 13, "G", "p.09"),
        (put("Database", "F12", "si.02"), "Database", 13, "F", "different parents"),
        (put("Framework", "E6", "heavy"), "Framework", 6, "E", "heavy"),
        (put("Framework", "H4", "Name"), "Framework", 4, "C", "Dimension/indicator"),
    ],
)
def test_a_complaint_names_sheet_and_cell(
    tmp_path: Path, change: Callable[[Workbook], Any], sheet: str, row: int, column: str, said: str
) -> None:
    with pytest.raises(CoinToolUnreadable) as refused:
        read_coin_tool(workbook(tmp_path / "t.xlsx", change))
    place = refused.value.place
    assert place is not None
    assert (place.file, place.sheet, place.row, place.column) == ("t.xlsx", sheet, row, column)
    assert said in refused.value.message("en")
    assert f"工作表“{sheet}”" in refused.value.message("zh")


def test_another_workbook_or_no_workbook_is_refused(tmp_path: Path) -> None:
    def without(book: Workbook) -> None:
        del book["Framework"]

    with pytest.raises(CoinToolUnreadable, match="Framework"):
        read_coin_tool(workbook(tmp_path / "t.xlsx", without))
    (tmp_path / "n.xlsx").write_text("no workbook", encoding="utf-8")
    with pytest.raises(CoinToolUnreadable, match="no Excel workbook"):
        read_coin_tool(tmp_path / "n.xlsx")


@pytest.mark.parametrize("sheet", ["Database", "Framework"])
@pytest.mark.parametrize(("cell", "found"), [("XFD1048576", "1,048,576 × 16,384"),
                                             ("ALL16", "23 × 1,000")])  # fmt: skip
def test_a_sheet_that_reaches_too_far_is_refused_before_it_is_laid_out(
    sheet: str, cell: str, found: str, tmp_path: Path
) -> None:
    def change(book: Workbook) -> None:
        book[sheet]["A23"] = "last"
        book[sheet][cell] = "far"

    with pytest.raises(SheetTooLarge) as refused:
        read_coin_tool(workbook(tmp_path / "t.xlsx", change))
    assert refused.value.place is not None
    assert (refused.value.place.file, refused.value.place.sheet) == ("t.xlsx", sheet)
    assert refused.value.fields["found"] == found
    assert "500 columns and 2,000,000 cells" in refused.value.message("en")


@pytest.mark.parametrize(("column", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (103, "CY")])
def test_columns_are_named_as_excel_names_them(column: int, name: str) -> None:
    assert letters(column) == name
