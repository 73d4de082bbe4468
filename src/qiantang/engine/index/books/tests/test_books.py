"""A workbook becomes a pack; whatever is wrong in it is told at its sheet, row and column."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import xlsxwriter

from qiantang.engine.index import build
from qiantang.engine.index.books import Made, make_pack, read_book, write_template
from qiantang.engine.index.books.layout import FIGURES, METHOD, READ_ME, STRUCTURE
from qiantang.engine.index.books.template import Filling, example, filling_of, write_book
from qiantang.engine.index.declared import Figure, data_of, recipe_for, structure_of
from qiantang.engine.index.errors import BookUnreadable, SheetTooLarge
from qiantang.packkit import Pack, builtin_packs, load_pack, load_packs, neighbours
from qiantang.packkit.errors import PackFolderTaken, PackIdMalformed

SHIPPED = load_packs(builtin_packs()).packs


def _make(folder: Path, raw: bytes, id: str = "ours") -> Made:
    path = folder / "book.xlsx"
    path.write_bytes(raw)
    return make_pack(read_book(path), id, folder / id, neighbours)


def _scores(pack: Pack, id: str) -> dict[tuple[str, str], float]:
    """Scores by unit and element from the pack's own figures."""
    index = pack.indices[id]
    home, _, codes = index.units.codes.rpartition(".")
    listed = (pack if home == pack.id else SHIPPED[home]).codes[codes]
    path = next(r.data for r in pack.resources.values() if f"{pack.id}.{r.id}" == index.figures)
    assert path is not None
    with path.open(encoding="utf-8", newline="") as file:
        figures = [
            Figure(r["unit"], r["indicator"], int(r["year"]), float(r["value"]))
            for r in csv.DictReader(file)
        ]
    data = data_of(index, index.units.chosen(listed), figures)
    made = build(data, structure_of(index), recipe_for(index))
    return {
        (unit, code): float(made.score(code)[row])
        for row, unit in enumerate(made.scores.units)
        for code in made.scores.columns
    }


def test_the_template_makes_a_sound_pack_at_once(tmp_path: Path) -> None:
    made = _make(tmp_path, write_template())
    assert made.problems == ()
    pack = load_pack(made.folder)
    assert pack.indices["ours"].key == "ours.ours"
    scores = _scores(pack, "ours")
    # network: speed 100, 50, 0 and cost 0, 67, 100; commerce: shops a head 50, 30, none
    assert scores["A", "network"] == pytest.approx(50)
    assert scores["A", "example"] == pytest.approx(0.6 * 50 + 0.4 * 100)
    assert scores["C", "example"] == pytest.approx(50)
    assert "虚构" in pack.indices["ours"].note.zh  # type: ignore[union-attr]
    assert (made.folder / "README.md").is_file()


def test_an_index_filled_from_its_template_gives_the_same_scores(tmp_path: Path) -> None:
    home = SHIPPED["asem-connectivity"]
    index = home.indices["connectivity"]
    filling = filling_of(index, index.units.chosen(home.codes["country"]), {})
    rows: dict[str, dict[str, Any]] = {str(r["unit"]): {**r, "year": 2018} for r in filling.figures}
    with (home.path / "data/connectivity.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["unit"]][row["indicator"]] = float(row["value"])
    made = _make(tmp_path, write_book(replace(filling, figures=list(rows.values()))))
    assert made.problems == ()
    again, first = _scores(load_pack(made.folder), "ours"), _scores(home, "connectivity")
    assert set(again) == set(first)
    np.testing.assert_allclose(list(again.values()), [first[key] for key in again], atol=1e-9)
    recipe: Any = load_pack(made.folder).indices["ours"].recipe
    assert [len(u.get("ways", u.get("to", ()))) for u in recipe["uncertain"]] == [5, 2, 0, 2]


@pytest.mark.parametrize(
    ("key", "units"),
    [
        ("asem-connectivity.connectivity", 51),
        ("wuzhen-index.internet-development", 11),
        ("information-economy-evaluation.evaluation", 11),
    ],
)
def test_the_template_of_an_index_lists_elements_and_units_with_empty_cells(
    key: str, units: int, tmp_path: Path
) -> None:
    pack, _, local = key.partition(".")
    index = SHIPPED[pack].indices[local]
    home, _, codes = index.units.codes.rpartition(".")
    chosen = index.units.chosen(SHIPPED[home].codes[codes])
    path = tmp_path / "book.xlsx"
    path.write_bytes(write_template(index, chosen, {"infra": 18.0}))
    book = read_book(path)
    assert {line.cells["code"] for line in book.structure} >= {e.code for e in index.elements}
    assert len(book.figures) == units
    assert set(book.leaves) == set(index.columns)
    assert not any(line.filled for line in book.figures)
    made = make_pack(book, "ours", tmp_path / "ours", neighbours)
    assert made.problems == ()
    assert load_pack(made.folder).indices["ours"].units.codes == (
        "ours.unit" if home == "asem-connectivity" else "geography.division"
    )


Change = Callable[[Filling], Filling]


def _structure(row: int, **cells: object) -> Change:
    """The structure with cells of its sheet's row (from 2) changed."""
    return lambda f: replace(
        f, structure=[{**r, **cells} if n == row else r for n, r in enumerate(f.structure, 2)]
    )


def _figures(row: int, **cells: object) -> Change:
    return lambda f: replace(
        f, figures=[{**r, **cells} if n == row else r for n, r in enumerate(f.figures, 2)]
    )


def _method(**values: object) -> Change:
    keys = {key.replace("__", "."): value for key, value in values.items()}
    return lambda f: replace(f, method={**f.method, **keys})


@pytest.mark.parametrize(
    ("change", "code", "sheet", "row", "column"),
    [
        (_structure(2, parent="netwrok"), "pack.index_parent", STRUCTURE, 2, "parent"),
        (_structure(3, direction=2), "pack.value_not_allowed", STRUCTURE, 3, "direction"),
        (_structure(4, denominator="poeple"), "pack.reference_unknown", STRUCTURE, 4,
         "denominator"),
        (_structure(5, level="two"), "pack.index_number_out_of_range", STRUCTURE, 5, "level"),
        (_structure(5, weight=-1), "pack.index_number_out_of_range", STRUCTURE, 5, "weight"),
        (_structure(5, parent="network"), "pack.index_cycle", STRUCTURE, 5, "parent"),
        (_structure(6, en=""), "pack.cell_empty", STRUCTURE, 6, "en"),
        (_structure(3, code="speed"), "pack.id_repeated", STRUCTURE, 3, "code"),
        (_structure(8, zh=""), "pack.language_missing", STRUCTURE, 8, "zh"),
        (_figures(2, speed="快"), "pack.row_type", FIGURES, 2, "speed"),
        (_figures(3, year="去年"), "pack.row_type", FIGURES, 3, "year"),
        (_figures(3, year=""), "pack.cell_empty", FIGURES, 3, "year"),
        (_figures(4, unit="A"), "pack.row_repeated", FIGURES, 4, "unit"),
        (_figures(2, en=""), "pack.cell_empty", FIGURES, 2, "en"),
        (lambda f: replace(f, columns=f.columns[:-1]), "pack.column_missing", FIGURES, 1,
         "people"),
        (_structure(4, code="shop"), "pack.column_unknown", FIGURES, 1, "shops"),
        (_method(normalise__method="minmax"), "pack.index_refused", METHOD, 18, "value"),
        (_method(normalise__only__sped__method="rank"), "pack.index_refused", METHOD, 25,
         "value"),
        (_method(uncertain__aggregate="arithmetc"), "pack.index_refused", METHOD, 24, "value"),
        (_method(units="geography.divsion"), "pack.reference_unknown", METHOD, 10, "value"),
        (_method(owner="statts"), "pack.reference_unknown", METHOD, 8, "value"),
        (_method(name_en=""), "pack.language_missing", METHOD, 3, "value"),
        (_method(uncertain="no list"), "pack.index_refused", METHOD, 25, "value"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_cell_and_nothing_is_written(
    change: Change, code: str, sheet: str, row: int, column: str, tmp_path: Path
) -> None:
    made = _make(tmp_path, write_book(change(example())))
    told = {(p.code, p.place.sheet, p.place.row, p.place.column) for p in made.problems}
    assert (code, sheet, row, column) in told, [p.report("en") for p in made.problems]
    assert {p.place.file for p in made.problems} == {"book.xlsx"}
    assert not made.folder.exists()


def _plain(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


WHOLE: dict[str, list[list[object]]] = {
    STRUCTURE: [["code"], ["x"]],
    FIGURES: [["unit"], ["a"]],
    METHOD: [["key", "value"], ["name_zh", "甲"]],
}


@pytest.mark.parametrize(
    ("sheets", "word"),
    [
        ({**WHOLE, READ_ME: []}, ""),
        ({k: v for k, v in WHOLE.items() if k != FIGURES}, "数据"),
        ({**WHOLE, METHOD: []}, "方法"),
        ({**WHOLE, METHOD: [["key"], ["name_zh"]]}, "value"),
        ({**WHOLE, STRUCTURE: [["code", "code"]]}, "code"),
    ],
)
def test_a_workbook_of_another_form_is_refused_by_sheet_and_column(
    sheets: dict[str, list[list[object]]], word: str, tmp_path: Path
) -> None:
    path = _plain(tmp_path / "other.xlsx", sheets)
    if not word:
        assert read_book(path).said("name_zh") == "甲"
        return
    with pytest.raises(BookUnreadable) as refused:
        read_book(path)
    assert word in refused.value.message("zh")
    assert "other.xlsx" in refused.value.message("en")


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.xlsx"
    path.write_text("speed,cost\n", encoding="utf-8")
    with pytest.raises(BookUnreadable):
        read_book(path)


def test_a_formula_that_was_never_computed_is_refused_and_not_read_as_a_gap(
    tmp_path: Path,
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(write_template())
    book = openpyxl.load_workbook(path)
    book["数据 Figures"]["F2"] = "=100+50"
    book.save(path)
    with pytest.raises(BookUnreadable) as refused:
        read_book(path)
    place = refused.value.place
    assert place is not None
    assert (place.sheet, place.row, place.column) == ("数据 Figures", 2, "F")


def test_hundreds_of_unknown_columns_are_cut_and_counted(tmp_path: Path) -> None:
    sheets = {**WHOLE, FIGURES: [["unit", "year", *(f"c{n}" for n in range(400))]]}
    path = _plain(tmp_path / "wide.xlsx", sheets)
    made = make_pack(read_book(path), "ours", tmp_path / "ours", neighbours)
    assert len(made.problems) < 110
    assert made.problems[-1].code == "pack.rows_more"


def test_a_sheet_of_a_thousand_columns_is_refused_in_one_message(tmp_path: Path) -> None:
    sheets = {**WHOLE, FIGURES: [["unit", "year", *(f"c{n}" for n in range(998))], ["a"]]}
    with pytest.raises(SheetTooLarge) as refused:
        read_book(_plain(tmp_path / "wide.xlsx", sheets))
    assert 'wide.xlsx, sheet "数据 Figures": Filled cells reach as far as ALL2: 2 × 1,000' in (
        refused.value.message("en")
    )
    assert "最多读取 500 列、2,000,000 个单元格" in refused.value.message("zh")


def test_a_sheet_filled_in_its_far_corner_is_refused_before_it_is_laid_out(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(write_template())
    book = openpyxl.load_workbook(path)
    book["数据 Figures"]["XFD1048576"] = 1
    book.save(path)
    with pytest.raises(SheetTooLarge) as refused:
        read_book(path)
    assert refused.value.fields["found"] == "1,048,576 × 16,384"


def test_formats_may_reach_the_far_corner(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(write_template())
    book = openpyxl.load_workbook(path)
    book["数据 Figures"]["XFD1048576"].number_format = "0.00"
    book.save(path)
    assert len(read_book(path).figures) == 3


def test_a_workbook_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.xls"
    path.write_bytes(write_template())
    with pytest.raises(BookUnreadable) as refused:
        read_book(path)
    assert "不是 .xlsx 或 .xlsm 文件" in refused.value.message("zh")


def test_ids_and_folders_are_refused_as_for_every_new_pack(tmp_path: Path) -> None:
    with pytest.raises(PackIdMalformed):
        _make(tmp_path, write_template(), "Not An Id")
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "kept.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(PackFolderTaken):
        _make(tmp_path, write_template())
    assert (tmp_path / "ours" / "kept.txt").read_text(encoding="utf-8") == "mine"
