"""Rows of sheets read cell by cell, and observations as columns."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from qiantang.engine.targets.errors import ValueOutOfRange
from qiantang.engine.targets.rows import (
    COLUMNS,
    OBSERVATION_SCHEMA,
    from_table,
    parse_rows,
    to_table,
)
from qiantang.engine.targets.tests.cases import figure

GOOD = {
    "id": "P005",
    "indicator": "core_va",
    "division": "330000",
    "period": "2019",
    "value": "6228.94",
    "unit": "亿元",
    "kind": "actual",
    "grade": "C",
    "source_title": "浙江数字经济",
    "source_address": "https://example.org/1",
    "source_kind": "book",
    "published": "2020-05-07",
    "quote": "6228.94亿元",
    "scope_note": "",
    "quality_flag": "",
}


def read(**cells: object) -> tuple[list[object], list[str]]:
    found, problems = parse_rows([{**GOOD, **cells}], "a.csv")
    return [o.value for o in found], [p.code for p in problems]


def test_a_good_row() -> None:
    (o,), problems = parse_rows([GOOD], "a.csv")
    assert problems == []
    assert (o.id, o.value, o.source.published) == ("P005", Decimal("6228.94"), date(2020, 5, 7))
    assert str(o.period) == "2019"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("6,228.94", "6228.94"),
        ("\uff16\uff0c\uff12\uff12\uff18\uff0e\uff19\uff14", "6228.94"),
        (" 6228.94 ", "6228.94"),
        ("-3.5", "-3.5"),
        ("−3.5", "-3.5"),
        ("+3.5", "3.5"),
        ("1.2E+05", "120000"),
        (6228.94, "6228.94"),
        (6228.0, "6228"),
        ("0", "0"),
    ],
)
def test_numbers_as_people_write_them(cell: object, value: str) -> None:
    assert read(value=cell) == ([Decimal(value)], [])


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("=SUM(A1:A9)", "formula"),
        ("+A1", "formula"),
        ("@cmd", "formula"),
        ("\uff1d1+1", "formula"),
        ("-1+2|'x'!A1", "formula"),
        ("#N/A", "excel_error"),
        ("#DIV/0!", "excel_error"),
        ("NaN", "not_a_number"),
        ("inf", "not_a_number"),
        ("约7000", "not_a_number"),
        ("7000余", "not_a_number"),
        ("1,23", "not_a_number"),
        ("1.234,5", "not_a_number"),
        ("12%", "not_a_number"),
        ("0x1F", "not_a_number"),
        ("", "empty"),
        ("1" * 21, "value_out_of_range"),
        ("0.123456789", "value_out_of_range"),
        ("1e99", "value_out_of_range"),
        ("9" * 100000, "not_a_number"),
    ],
)
def test_values_that_are_refused(cell: str, code: str) -> None:
    assert read(value=cell) == ([], [code])


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("period", "2019-13", "bad_period"),
        ("period", "去年", "bad_period"),
        ("unit", "亿", "unknown_unit"),
        ("kind", "fact", "unknown_kind"),
        ("grade", "E", "unknown_grade"),
        ("division", "33000", "bad_division"),
        ("division", "", "empty"),
        ("indicator", "core va", "bad_code"),
        ("id", "a" * 65, "bad_code"),
        ("published", "2020-13-01", "bad_date"),
        ("published", "2020-02-30", "bad_date"),
        ("published", "soon", "bad_date"),
        ("quote", "x" * 5000, "too_long"),
        ("source_title", "a\x00b", "control_character"),
        ("source_title", "#REF!", "excel_error"),
    ],
)
def test_cells_that_are_refused(column: str, cell: str, code: str) -> None:
    assert read(**{column: cell}) == ([], [code])


@pytest.mark.parametrize("cell", ["2020-05-07", "2020/5/7", "2020年5月7日", "2020-05-07 00:00:00"])
def test_dates_as_people_write_them(cell: str) -> None:
    (o,), _ = parse_rows([{**GOOD, "published": cell}])
    assert o.source.published == date(2020, 5, 7)


def test_a_date_cell_of_a_spreadsheet() -> None:
    (o,), _ = parse_rows([{**GOOD, "published": datetime(2020, 5, 7), "period": 2019.0}])
    assert o.source.published == date(2020, 5, 7)


def test_every_bad_cell_is_named_with_its_place_in_both_languages() -> None:
    bad = {**GOOD, "id": "P2", "value": "=1", "unit": "斤", "grade": "Z"}
    found, problems = parse_rows([GOOD, bad], "a.csv")
    assert [o.id for o in found] == ["P005"]
    assert [(p.place.row, p.place.column) for p in problems] == [
        (3, "value"),
        (3, "unit"),
        (3, "grade"),
    ]
    first = problems[0].as_dict()
    assert first["place"] == {"file": "a.csv", "row": 3, "column": "value"}
    assert first["found"] == "=1"
    assert first["text"] == {
        "zh": "“=1”像是公式，请填写数值本身。",
        "en": '"=1" looks like a formula; give the number itself.',
    }


def test_blank_rows_are_skipped_and_still_counted() -> None:
    blank = dict.fromkeys(COLUMNS, "")
    _, problems = parse_rows([blank, {**GOOD, "value": "x"}])
    assert problems[0].place.row == 3


def test_an_id_stands_once_in_a_sheet() -> None:
    found, problems = parse_rows([GOOD, GOOD])
    assert len(found) == 1
    assert problems[0].code == "duplicate_id"
    assert "第 2 行" in problems[0].text.zh


def test_missing_and_unknown_columns() -> None:
    row = {k: v for k, v in GOOD.items() if k != "unit"} | {"colour": "red"}
    found, problems = parse_rows([row])
    assert found == []
    assert [(p.code, p.place.row) for p in problems] == [
        ("missing_column", 1),
        ("unknown_column", 1),
    ]


def test_cells_beyond_the_header() -> None:
    line = ",".join([*GOOD.values(), "extra"])
    rows = csv.DictReader(io.StringIO(",".join(GOOD) + "\n" + line))
    found, problems = parse_rows(rows)
    assert found == []
    assert [p.code for p in problems] == ["too_many_cells"]


def test_codes_are_checked_against_what_is_registered() -> None:
    _, problems = parse_rows([GOOD], indicators={"other"}, divisions={"330100"})
    assert [p.code for p in problems] == ["unknown_code", "unknown_division"]


def test_there_and_back_through_columns() -> None:
    kept = [
        figure("6228.94", id="a", published=date(2020, 5, 7)),
        figure("-0.00000001", "2019-01/2019-09", id="b"),
        figure("99999999999999999999.99999999", "~2016", id="c", revision=3, withdrawn=True),
    ]
    table = to_table(kept, submission="S1", recorded_by="officer")
    assert table.schema == OBSERVATION_SCHEMA
    assert from_table(table) == kept
    assert table.column("submission").to_pylist() == ["S1"] * 3


def test_recorded_at_survives() -> None:
    table = to_table([figure("1")])
    moment = pa.array([datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)], pa.timestamp("us", tz="UTC"))
    index = table.schema.get_field_index("recorded_at")
    (o,) = from_table(table.set_column(index, OBSERVATION_SCHEMA.field("recorded_at"), moment))
    assert o.recorded_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_an_empty_table() -> None:
    assert from_table(to_table([])) == []


@pytest.mark.parametrize("value", ["0.123456789", "1E+20", "NaN"])
def test_a_value_that_would_lose_digits_is_refused(value: str) -> None:
    with pytest.raises(ValueOutOfRange, match="observation P1"):
        to_table([figure(value, id="P1")])
