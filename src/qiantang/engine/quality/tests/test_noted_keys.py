"""Keys of a deletion that the table lacks: named as warnings, in order, and counted anew."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from qiantang.engine.quality import Examination, examine, findings_workbook
from qiantang.engine.quality.noted_keys import note_absent_keys
from qiantang.engine.quality.tests.streams import FakeStream, checker, field, resource
from qiantang.packkit.compiled import FieldType, Mode, Resource

KEY = field("k", required=True)
YEAR = field("y", FieldType.INTEGER, required=True)
ONE = resource(KEY, grain=("k",))
TWO = resource(KEY, YEAR, grain=("k", "y"))


def examined(things: Resource, folder: Path, rows: list[dict[str, str | None]]) -> Examination:
    names = [each.id for each in things.fields]
    return examine(FakeStream(rows, names, 3), checker(things, mode=Mode.DELETE), folder)


def table(schema: pa.Schema, *rows: dict[str, object]) -> pa.RecordBatchReader:
    return pa.Table.from_pylist(list(rows), schema).to_reader()


def names(*keys: str) -> pa.RecordBatchReader:
    return table(pa.schema([("k", pa.string())]), *({"k": key} for key in keys))


def test_each_absent_key_is_named_with_its_place(tmp_path: Path) -> None:
    found = examined(ONE, tmp_path, [{"k": "a"}, {"k": "b"}, {"k": "a"}, {"k": None}, {"k": "c"}])
    assert (found.sent, found.accepted, found.set_aside) == (5, 3, 2)
    file, absent = note_absent_keys(found, ONE, names("b", "z"), factors={})
    assert absent == 2
    told = replace(found, problems_file=file).problems(10, code="key_absent")
    assert [(p.row, p.column, p.value, p.severity) for p in told] == [
        (2, "列k", "a", "warn"),
        (6, "列k", "c", "warn"),
    ]
    assert told[0].text.zh == "表中没有标识为“a”的行，无可删除"
    assert told[0].text.en == 'no row has the key "a"; there was nothing to delete'
    codes = {p.code for p in replace(found, problems_file=file).problems(10)}
    assert codes == {"key_absent", "repeated", "required"}
    assert not list(tmp_path.glob("spill*"))


def test_asking_again_counts_anew(tmp_path: Path) -> None:
    found = examined(ONE, tmp_path, [{"k": "a"}, {"k": "b"}])
    file, first = note_absent_keys(found, ONE, names(), factors={})
    again = replace(found, problems_file=file)
    assert (first, note_absent_keys(again, ONE, names("a"), factors={})) == (2, (file, 1))
    assert [p.value for p in again.problems(10)] == ["b"]


def test_a_key_of_two_columns_is_named_whole(tmp_path: Path) -> None:
    found = examined(TWO, tmp_path, [{"k": "a", "y": "2019"}, {"k": "a", "y": "2020"}])
    schema = pa.schema([("k", pa.string()), ("y", pa.int64())])
    there = table(schema, {"k": "a", "y": 2019}, {"k": "b", "y": 2020})
    file, absent = note_absent_keys(found, TWO, there, factors={})
    assert absent == 1
    (told,) = replace(found, problems_file=file).problems(10)
    assert (told.row, told.column, told.value) == (3, "", "a | 2020")


def test_a_number_is_named_as_the_file_wrote_its_unit(tmp_path: Path) -> None:
    things = resource(field("n", FieldType.DECIMAL, unit="元", required=True), grain=("n",))
    found = examined(things, tmp_path, [{"n": "20000"}])
    none = table(pa.schema([("n", pa.decimal128(38, 10))]))
    file, _ = note_absent_keys(found, things, none, factors={"n": Decimal(10000)})
    assert [p.value for p in replace(found, problems_file=file).problems(1)] == ["2"]


@pytest.mark.parametrize(
    ("lang", "effects"),
    [("zh", ["剔出", "提醒，不影响入库"]), ("en", ["set aside", "warning, sets nothing aside"])],
)
def test_the_report_names_findings_and_what_they_did(
    tmp_path: Path, lang: str, effects: list[str]
) -> None:
    found = examined(ONE, tmp_path, [{"k": None}, {"k": "0012"}])
    file, _ = note_absent_keys(found, ONE, names(), factors={})
    book = pl.read_excel(
        findings_workbook(file, tmp_path / "r.xlsx", lang), engine="calamine", infer_schema_length=0
    )
    assert book.height == 2
    assert book.to_series(3).to_list() == ["", "0012"]
    assert book.to_series(1).to_list() == ["2", "3"]
    assert book.to_series(6).to_list() == effects
    assert book.to_series(7).to_list() == ["required", "key_absent"]
    assert (
        book.columns
        == {
            "zh": ["工作表", "行号", "列", "值", "问题", "修改建议", "处理", "代码"],
            "en": ["Sheet", "Row", "Column", "Value", "Problem", "How to fix", "Effect", "Code"],
        }[lang]
    )


def test_the_report_follows_the_rows_of_the_file(tmp_path: Path) -> None:
    found = examined(ONE, tmp_path, [{"k": "1"}, {"k": None}, {"k": "2"}, {"k": None}])
    file, _ = note_absent_keys(found, ONE, names(), factors={})
    book = pl.read_excel(
        findings_workbook(file, tmp_path / "r.xlsx"), engine="calamine", infer_schema_length=0
    )
    assert book["行号"].to_list() == ["2", "3", "4", "5"]
    assert book["代码"].to_list() == ["key_absent", "required", "key_absent", "required"]
