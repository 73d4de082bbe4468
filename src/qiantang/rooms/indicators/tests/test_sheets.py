"""Sheets: the template, Excel and CSV in several encodings, and every way a file can be wrong."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from qiantang.kernel.actors import Actor, Role
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.errors import (
    NoSuchIndicator,
    NothingToSubmit,
    RowsInvalid,
    SheetEncoding,
    SheetFormat,
    SheetHeader,
    SheetTooLarge,
)
from qiantang.rooms.indicators.sheet import COLUMNS, read_sheet, template

from .conftest import RESOURCE, Row


def _csv(*rows: Row, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    lines = [delimiter.join(COLUMNS)]
    lines += [delimiter.join(row.get(c, "") for c in COLUMNS) for row in rows]
    return "\r\n".join(lines).encode(encoding)


def _xlsx(*rows: list[Any]) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("数据")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


def test_a_template_may_hold_rows_that_wait_for_their_figures() -> None:
    waiting = {"indicator": "core_va", "division": "330100", "period": "2020", "unit": "亿元"}
    book = CalamineWorkbook.from_filelike(io.BytesIO(template("core_va", [waiting])))
    row = dict(zip(COLUMNS, book.get_sheet_by_index(0).to_python()[2], strict=False))
    assert {k: row[k] for k in waiting} == waiting
    assert row["value"] == ""


WAITING: list[Row] = [
    {"indicator": "core_va", "division": division, "period": "2020", "unit": "亿元",
     "kind": "actual"} for division in ("330000", "330100", "330200")
]  # fmt: skip


def _filled(changes: dict[tuple[int, str], Any], issued: bytes | None = None) -> bytes:
    """The issued workbook with cells written by row and column."""
    book = openpyxl.load_workbook(io.BytesIO(issued or template("core_va", WAITING)))
    for (row, column), value in changes.items():
        book.worksheets[0].cell(row, COLUMNS.index(column) + 1, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _given(form: Row, row: int) -> dict[tuple[int, str], Any]:
    given = {"value": 6228.9, **{c: form[c] for c in ("grade", "source_title") if form.get(c)}}
    return {(row, column): value for column, value in given.items()}


def test_rows_of_an_issued_sheet_that_are_left_unfilled_are_skipped_and_counted(
    officer: Actor, form: Row
) -> None:
    sent = services.submit_sheet(officer, _filled(_given(form, 3)), "报送.xlsx")
    assert (sent.rows, sent.unfilled, sent.division) == (1, 2, "330000")
    assert selectors.submission(officer, sent.id).rows == 1


def test_a_row_in_which_anything_was_written_is_not_passed_over(officer: Actor, form: Row) -> None:
    content = _filled({**_given(form, 3), (4, "source_title"): "Bulletin", (5, "period"): "2021"})
    with pytest.raises(RowsInvalid) as caught:
        services.submit_sheet(officer, content, "报送.xlsx")
    assert {p.place.row for p in caught.value.problems} == {4, 5}
    assert (4, "value") in {(p.place.row, p.place.column) for p in caught.value.problems}


def test_a_sheet_that_was_not_issued_with_rows_is_taken_as_it_stands(
    officer: Actor, form: Row
) -> None:
    typed = {(n, c): v for n, row in enumerate(WAITING, start=3) for c, v in row.items()}
    content = _filled({**typed, **_given(form, 3)}, template("core_va"))
    with pytest.raises(RowsInvalid) as caught:
        services.submit_sheet(officer, content, "报送.xlsx")
    assert {p.place.row for p in caught.value.problems} == {4, 5}


def test_an_issued_sheet_that_comes_back_untouched_is_nothing_to_send(officer: Actor) -> None:
    with pytest.raises(NothingToSubmit):
        services.submit_sheet(officer, template("core_va", WAITING), "报送.xlsx")


def test_the_template_lists_the_indicators_and_explains_its_columns() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(template("core_va")))
    entry, listed, notes = (book.get_sheet_by_index(i).to_python() for i in range(3))
    assert tuple(entry[0]) == COLUMNS
    assert entry[1][4] == "数值"
    assert [row[0] for row in listed[1:]] == ["core_va"]
    assert len(notes) == 6
    whole = CalamineWorkbook.from_filelike(io.BytesIO(template(RESOURCE)))
    assert len(whole.get_sheet_by_index(1).to_python()) > 50


def test_a_template_of_nothing_known_is_refused() -> None:
    with pytest.raises(NoSuchIndicator):
        template("no-such-thing")


def test_a_filled_template_can_be_sent(officer: Actor, approver: Actor, form: Row) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(template("core_va")))
    words = book.get_sheet_by_index(0).to_python()[1]
    typed: list[Any] = [form.get(c, "") for c in COLUMNS]
    typed[4] = 6228.9
    sent = services.submit_sheet(officer, _xlsx(list(COLUMNS), words, typed), "报送.xlsx")
    assert (sent.rows, sent.indicator, sent.note) == (1, "core_va", "报送.xlsx")
    services.approve(approver, sent.id, sent.version)
    assert str(selectors.observation("X1").value) == "6228.9"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_the_encodings_that_offices_use(
    form: Row, encoding: str, delimiter: str
) -> None:
    sheet = read_sheet(_csv(form, encoding=encoding, delimiter=delimiter), "a.csv")
    assert sheet.rows[0]["source_title"] == form["source_title"]


def test_chinese_column_names_are_understood(form: Row) -> None:
    header = ["编号(新增可留空)".replace("(", "\uff08").replace(")", "\uff09"), "数值", "Unit"]
    header += [c for c in COLUMNS if c not in ("id", "value", "unit")]
    rows = read_sheet(_xlsx(header, ["X1", 1.5, "亿元"]), "a.xlsx").rows
    assert (rows[0]["id"], rows[0]["value"], rows[0]["unit"]) == ("X1", "1.5", "亿元")


def test_errors_name_the_cell_as_excel_counts(officer: Actor, form: Row) -> None:
    content = _csv(
        form, {}, {**form, "id": "X2", "value": "abc"}, {**form, "id": "X3", "unit": "%"}
    )
    with pytest.raises(RowsInvalid) as caught:
        services.submit_sheet(officer, content, "a.csv")
    places = [(p.place.row, p.place.column) for p in caught.value.problems]
    assert places == [(4, "value"), (5, "unit")]
    assert "第 4 行" in caught.value.message("zh")
    assert selectors.submissions(officer).total == 0


def test_rows_of_another_department_are_named(officer: Actor, form: Row) -> None:
    foreign = {**form, "id": "X2", "indicator": "de_total"}
    with pytest.raises(RowsInvalid) as caught:
        services.submit_sheet(officer, _csv(form, foreign), "a.csv")
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.row) == ("indicators.not_your_figure", 3)
    assert "330000-economy" in problem.text.zh


def test_blank_rows_do_not_shift_the_row_that_is_named(officer: Actor, form: Row) -> None:
    blank = dict.fromkeys(form, "")
    foreign = {**form, "id": "X2", "indicator": "de_total"}
    with pytest.raises(RowsInvalid) as caught:
        services.submit_sheet(officer, _csv(form, blank, foreign), "a.csv")
    assert [problem.place.row for problem in caught.value.problems] == [4]


def test_a_sheet_cannot_take_over_another_departments_figure(
    officer: Actor, make_actor: Callable[..., Actor], form: Row
) -> None:
    commerce = make_actor("commerce", Role.OFFICER, Role.APPROVER, at="330000")
    theirs = {**form, "id": "C1", "indicator": "de_total"}
    sent = services.submit_observation(commerce, theirs)
    services.approve(make_actor("second", Role.APPROVER, at="330000"), sent.id)
    with pytest.raises(RowsInvalid) as caught:
        services.submit_sheet(officer, _csv({**form, "id": "C1"}), "a.csv")
    assert caught.value.problems[0].code == "indicators.not_your_figure"


def test_a_row_longer_than_the_header_is_told(officer: Actor, form: Row) -> None:
    content = _csv(form) + b",surplus"
    with pytest.raises(RowsInvalid):
        services.submit_sheet(officer, content, "a.csv")


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"not a workbook", "a.xlsx", SheetFormat),
        (b"PK\x03\x04 half a zip", "a.xlsx", SheetFormat),
        (b"PK\x03\x04 a workbook named csv", "a.csv", SheetFormat),
        (b"%PDF-1.7", "a.csv", SheetFormat),
        (b"id,value", "a.exe", SheetFormat),
        (b"\xff\xff\xff\xff", "a.csv", SheetEncoding),
        (b"id,value\r\n1,2", "a.csv", SheetHeader),
        (b"", "a.csv", NothingToSubmit),
        (b"x" * (10 * 2**20 + 1), "a.csv", SheetTooLarge),
    ],
)
def test_a_wrong_file_is_refused_with_a_reason(
    officer: Actor, content: bytes, name: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        services.submit_sheet(officer, content, name)


def test_a_header_alone_is_nothing_to_send(officer: Actor) -> None:
    with pytest.raises(NothingToSubmit):
        services.submit_sheet(officer, _csv(), "a.csv")


def test_too_many_rows_are_refused(officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    from qiantang.rooms.indicators import sheet

    monkeypatch.setattr(sheet, "MOST_ROWS", 1)
    row = {"indicator": "core_va"}
    with pytest.raises(SheetTooLarge):
        services.submit_sheet(officer, _csv(row, row), "a.csv")


def test_a_cell_in_a_far_corner_does_not_fill_the_memory(officer: Actor) -> None:
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, COLUMNS)
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(SheetTooLarge):
        services.submit_sheet(officer, buffer.getvalue(), "a.xlsx")


def test_a_workbook_that_unfolds_without_end_is_refused(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiantang.rooms.indicators import unfolding

    monkeypatch.setattr(unfolding, "LARGEST_UNFOLDED", 2000)
    with pytest.raises(SheetTooLarge):
        services.submit_sheet(officer, _xlsx(list(COLUMNS), ["x" * 5000]), "a.xlsx")
