"""JSON, NDJSON and Parquet."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qiantang.engine.quality.reading import Hints, ReadingLimits, open_rows, propose
from qiantang.engine.quality.reading.errors import (
    FileDamaged,
    JsonBroken,
    LineTooLong,
    RecipeUnfit,
    RowsMissing,
    TooManyColumns,
)
from qiantang.engine.quality.reading.tests.conftest import FIRMS, all_rows, codes

RECORDS = [
    {"code": "91", "name": "甲", "founded": "2017年4月", "capital": 1.10, "staff": 12},
    {"code": "92", "name": "乙", "staff": None, "founded": "2018", "capital": 12345678901234567890},
]
ROWS = [
    ("91", "甲", "2017年4月", "1.1", "12", 1),
    ("92", "乙", "2018", "12345678901234567890", None, 2),
]


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_an_array_of_objects(tmp_path: Path, read: Any, encoding: str):
    path = written(tmp_path / "a.json", json.dumps(RECORDS, ensure_ascii=False), encoding)
    rows, stream = read(path)
    assert rows == ROWS
    assert stream.recipe.format == "json"


@pytest.mark.parametrize(
    "around",
    [
        '{{"单位":"万元","rows":{}}}',
        '{{"rows":{},"unit":"万元"}}',
        '{{"code":0,"meta":{{"units":"万元、人"}},"data":{{"rows":{}}}}}',
        '{{"说明":"金额均为万元","data":{}}}',
    ],
)
def test_a_unit_beside_the_array_is_applied_and_asked_about(tmp_path: Path, around: str):
    path = written(tmp_path / "a.json", around.format(json.dumps(RECORDS)))
    proposal = propose(path, FIRMS)
    assert proposal.recipe.factors == {"capital": 10_000}
    assert "unit_factor" in codes(proposal.doubts)
    assert len(all_rows(open_rows(path, proposal.recipe, FIRMS))) == 2
    bare = replace(proposal.recipe, table_units=())
    columns = tuple(replace(c, factor=Decimal(1), unit="") for c in bare.columns)
    with pytest.raises(RecipeUnfit):
        open_rows(path, replace(bare, columns=columns), FIRMS)


def test_an_organisation_beside_the_array_is_no_unit(tmp_path: Path):
    path = written(tmp_path / "a.json", json.dumps({"单位": "市统计局", "rows": RECORDS}))
    proposal = propose(path, FIRMS)
    assert (proposal.recipe.factors, proposal.doubts) == ({}, ())


def test_a_unit_behind_many_records_is_told_when_all_are_read(tmp_path: Path):
    many = {"rows": [{**RECORDS[0], "code": str(n)} for n in range(1200)], "unit": "万元"}
    path = written(tmp_path / "a.json", json.dumps(many))
    proposal = propose(path, FIRMS)
    assert proposal.doubts == ()
    stream = open_rows(path, proposal.recipe, FIRMS)
    assert len(all_rows(stream)) == 1200
    assert codes(stream.doubts) == {"unit_unread"}


NESTED = [
    {"code": "91", "name": "甲", "登记": {"注册资本": 1.10, "人员": {"从业人数": 12}}},
    {"code": "92", "name": "乙", "登记": None},
    {"code": "93", "name": "丙", "登记": "无"},
]


def test_keys_inside_objects_are_columns_that_map_by_their_last_part_with_a_doubt(
    tmp_path: Path, read: Any
):
    path = written(tmp_path / "a.json", json.dumps(NESTED, ensure_ascii=False))
    proposal = propose(path, FIRMS)
    assert codes(proposal.doubts) == {"close_match"}
    assert (proposal.missing, proposal.unknown) == (("founded",), ())
    rows, stream = read(path)
    assert [row[3:5] for row in rows] == [("1.1", "12"), (None, None), (None, None)]
    assert stream.sources["staff"] == "登记.人员.从业人数"


def test_a_recipe_from_before_the_unfolding_of_objects_still_fits(tmp_path: Path):
    path = written(tmp_path / "a.json", json.dumps(NESTED, ensure_ascii=False))
    recipe = propose(path, FIRMS).recipe
    kept = replace(recipe, columns=recipe.columns[:3])
    assert [c.source for c in kept.columns] == ["code", "name", "登记"]
    assert all_rows(open_rows(path, kept, FIRMS))["code"].to_list() == ["91", "92", "93"]


def test_an_object_with_many_keys_is_not_unfolded(tmp_path: Path):
    record = {"code": "91", "name": "甲", "many": {f"k{n}": n for n in range(101)}}
    path = written(tmp_path / "a.json", json.dumps([record], ensure_ascii=False))
    assert [c.source for c in propose(path, FIRMS).recipe.columns] == ["code", "name", "many"]


def test_an_object_that_holds_the_array(tmp_path: Path, read: Any):
    body = {"code": 0, "msg": "ok", "result": {"page": {"n": 1}, "rows": RECORDS}, "tags": ["a"]}
    path = written(tmp_path / "a.json", json.dumps(body, indent=1))
    rows, stream = read(path)
    assert rows == ROWS
    assert stream.recipe.path == "result.rows"


def test_a_second_array_is_told(tmp_path: Path):
    body = {"a": RECORDS, "b": [{"x": 1}]}
    proposal = propose(written(tmp_path / "a.json", json.dumps(body)), FIRMS)
    assert proposal.recipe.path == "a"
    assert "other_array" in codes(proposal.doubts)


def test_figures_keep_every_digit_and_nested_values_are_json(tmp_path: Path, read: Any):
    text = (
        '[{"code": 330106199001011234, "name": {"zh": "甲"}, "founded": [1, 2.50], '
        '"capital": 0.10000000000000000001, "staff": true}]'
    )
    rows, _ = read(written(tmp_path / "a.json", text))
    (row,) = rows
    assert row[0] == "330106199001011234"
    assert row[1:3] == ('{"zh": "甲"}', "[1, 2.50]")
    assert row[3:5] == ("0.10000000000000000001", "true")


def test_one_object_per_line_with_rows_as_lines(tmp_path: Path, read: Any):
    text = "\n".join(json.dumps(r, ensure_ascii=False) for r in (*RECORDS, RECORDS[0]))
    rows, stream = read(written(tmp_path / "a.ndjson", text.replace("\n", "\n\n", 1)))
    assert [r[-1] for r in rows] == [1, 3, 4]
    assert stream.recipe.format == "ndjson"


def test_a_long_array_is_read_in_batches(tmp_path: Path):
    many = [{**RECORDS[0], "code": str(i), "name": "企业" * 20} for i in range(60_000)]
    path = written(tmp_path / "a.json", json.dumps(many, ensure_ascii=False))
    stream = open_rows(path, propose(path, FIRMS).recipe, FIRMS, batch_rows=10_000)
    frame = all_rows(stream)
    assert frame["code"].to_list() == [str(i) for i in range(60_000)]
    assert stream.sent == 60_000


def test_a_key_that_appears_late_is_told(tmp_path: Path, read: Any):
    many = [json.dumps(RECORDS[0])] * 2_000 + [json.dumps({**RECORDS[0], "新键": 1})]
    _, stream = read(written(tmp_path / "a.ndjson", "\n".join(many)))
    (doubt,) = [d for d in stream.doubts if d.code == "new_key"]
    assert "2001" in doubt.text.zh


@pytest.mark.parametrize(
    "text",
    [
        '[{"code": 1}, {"code": }]',
        '[{"code": 1}, 5]',
        '[{"code": 1}',
        '[{"code": 1}] x',
        '{"a": 1}',
        '{"code": NaN, "rows": [{"code": NaN}]}',
        "[" * 100_000,
    ],
)
def test_broken_json_is_said_to_be_broken(tmp_path: Path, text: str):
    with pytest.raises(JsonBroken):
        propose(written(tmp_path / "a.json", text), FIRMS)


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        ('{"code": ', "内容不完整", "it ends midway"),
        ('{"code": 甲}', "“甲}”处有误", 'wrong at "甲}"'),
        ("[1, 2]", "不是一个对象", "it is not an object"),
        ('{"capital": NaN}', "NaN 和 Infinity 不是", "NaN and Infinity are no"),
        ('{"a": ' + "[" * 100_000, "嵌套过深", "nested too deeply"),
        ("oops", "“oops”处有误", 'wrong at "oops"'),
    ],
)
@pytest.mark.parametrize("place", [1, 2, 4])
def test_a_broken_line_is_noted_and_the_others_are_read(
    tmp_path: Path, read: Any, line: str, zh: str, en: str, place: int
):
    lines = [json.dumps(RECORDS[0])] * 3
    lines.insert(place - 1, line)
    rows, stream = read(written(tmp_path / "a.ndjson", "\n".join(lines)))
    assert stream.recipe.format == "ndjson"
    assert [row[-1] for row in rows if row[0] == "91"] == [n for n in (1, 2, 3, 4) if n != place]
    assert stream.sent == 4
    ((number, broken),) = stream.broken.items()
    assert (number, broken.text) == (place, line.strip()[:500])
    assert zh in broken.reason.zh
    assert en in broken.reason.en
    assert not any(word in broken.reason.zh for word in ("Expecting", "char", "line"))


SPOILT = [
    (r'{"code": "93", "capital": 1, "capital": 2}', "capital", "两次"),
    (r'{"code": "93", "登记": {"a": 1, "b": {}, "a": 1}}', "a", "两次"),
    (r'{"code": "93", "name": "x\ud800y"}', "name", r"\ud800"),
    (r'{"code": "93", "登记": {"a": ["\uDC01"]}}', "登记", r"\udc01"),
]


@pytest.mark.parametrize(("text", "key", "why"), SPOILT)
@pytest.mark.parametrize("lines", [True, False])
def test_a_record_with_a_key_twice_or_half_a_character_is_set_aside_alone(
    tmp_path: Path, read: Any, text: str, key: str, why: str, lines: bool
):
    sound = [json.dumps(record, ensure_ascii=False) for record in RECORDS]
    body = [sound[0], text, sound[1]]
    whole = "\n".join(body) if lines else f"[{', '.join(body)}]"
    rows, stream = read(written(tmp_path / f"a.{'ndjson' if lines else 'json'}", whole))
    assert rows == [ROWS[0], (*[None] * 5, 2), (*ROWS[1][:5], 3)]
    broken = stream.broken[2]
    assert broken.text == text
    assert key in broken.reason.zh
    assert why in broken.reason.zh
    assert key in broken.reason.en


def test_pairs_of_surrogates_are_characters(tmp_path: Path, read: Any):
    rows, stream = read(written(tmp_path / "a.json", r'[{"code": "\ud83d\ude00", "name": "a"}]'))
    assert rows[0][:2] == ("😀", "a")
    assert not stream.broken


def test_a_spoilt_record_at_the_edge_of_a_piece_is_found_whole():
    from qiantang.engine.quality.reading.json_arrays import ArrayReader

    class Sent:
        limits = ReadingLimits()

    text = f'{{"rows": [{{"a": 1}}, {SPOILT[1][0]}, {{"a": 2}}]}}'
    pieces = (text[i : i + 7] for i in range(0, len(text), 7))
    found = list(ArrayReader(pieces, Sent(), None).elements())  # type: ignore[arg-type]
    assert found[0] == {"a": "1"}
    assert found[1].text == SPOILT[1][0]
    assert found[2] == {"a": "2"}


@pytest.mark.parametrize("text", ['{"code": \n{"code"\n', '{"code": \n' * 2_000])
def test_nothing_but_broken_lines_is_refused(tmp_path: Path, text: str):
    with pytest.raises(JsonBroken) as caught:
        propose(written(tmp_path / "a.ndjson", text), FIRMS)
    assert caught.value.place.line == 1


def test_broken_lines_before_all_others_hide_no_column(tmp_path: Path, read: Any):
    text = "{broken\n" * 1_500 + json.dumps(RECORDS[0])
    rows, stream = read(written(tmp_path / "a.jsonl", text))
    assert rows[-1] == (*ROWS[0][:5], 1_501)
    assert len(stream.broken) == 1_500


def test_a_table_of_text_stays_one_whatever_its_name(tmp_path: Path, read: Any):
    _, stream = read(written(tmp_path / "a.ndjson", "code,name,founded\n91,甲,2017\n"))
    assert stream.recipe.format == "csv"


def test_an_object_over_many_lines_is_one_whatever_its_name(tmp_path: Path, read: Any):
    body = json.dumps({"rows": RECORDS}, indent=1)
    _, stream = read(written(tmp_path / "a.ndjson", body))
    assert stream.recipe.format == "json"


def test_broken_json_is_told_in_the_readers_language(tmp_path: Path):
    for text in ('[{"code": 1}, {"code": }]', '[{"code": 1}', '[{"code": 1}] x'):
        with pytest.raises(JsonBroken) as caught:
            propose(written(tmp_path / "a.json", text), FIRMS)
        said = caught.value.message("zh")
        assert not any(word in said for word in ("Expecting", "EOF", "end of file", "column"))


def test_limits_hold_for_records(tmp_path: Path):
    long = json.dumps([{"code": "x" * 3_000_000}])
    with pytest.raises(LineTooLong):
        propose(written(tmp_path / "a.json", long), FIRMS, limits=ReadingLimits(record=2**20))
    wide = json.dumps([{f"k{i}": 1 for i in range(3_000)}])
    with pytest.raises(TooManyColumns):
        propose(written(tmp_path / "b.json", wide), FIRMS)
    with pytest.raises(RowsMissing):
        propose(written(tmp_path / "c.json", "[]"), FIRMS)


def test_parquet_values_become_text_without_loss(tmp_path: Path):
    zone = pa.timestamp("us", tz="Asia/Shanghai")
    moment = dt.datetime(2020, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    table = pa.table(
        {
            "code": pa.array([330106199001011234, 7]),
            "name": pa.array(["甲", ""]),
            "founded": pa.array([dt.date(2017, 4, 1), None]),
            "capital": pa.array([Decimal("1.10"), Decimal("2.00")]),
            "staff": pa.array([12.0, 3.30106199001011234e17]),
            "moment": pa.array([moment, None], zone),
            "plain": pa.array([dt.datetime(2020, 1, 2), dt.datetime(2020, 1, 2, 3, 4, 5, 600000)]),
            "flag": pa.array([True, None]),
            "list": pa.array([["a", "b"], None]),
        }
    )
    path = tmp_path / "a.parquet"
    pq.write_table(table, path)
    told = {"moment": "moment"}
    proposal = propose(path, FIRMS, hints=Hints(columns=told))
    assert proposal.unknown == ("moment", "plain", "flag", "list")
    assert proposal.sample.rows[0].cells == (
        "330106199001011234",
        "甲",
        "2017-04-01",
        "1.10",
        "12",
        "2020-01-02 11:04:05.000000+08:00",
        "2020-01-02",
        "true",
        '["a", "b"]',
    )
    rows = all_rows(open_rows(path, proposal.recipe, FIRMS)).drop("_sheet").rows()
    assert rows[1] == ("7", None, None, "2.00", "3.3010619900101126E+17", 2)


def test_single_precision_figures_of_parquet_are_as_short_as_they_were_written(
    tmp_path: Path, read: Any
):
    path = tmp_path / "a.parquet"
    figures = [61.9, 0.1, 123.45, 20_000_000.0, 123_456_789.0]
    columns = {
        "code": pa.array(["91", "92", "93", "94", "95"]),
        "name": pa.array(["甲"] * 5),
        "capital": pa.array(figures, pa.float32()),
    }
    pq.write_table(pa.table(columns), path)
    rows, _ = read(path)
    # Beyond 2^24 the last digits of a whole number are not in the file.
    assert [r[3] for r in rows] == ["61.9", "0.1", "123.45", "2E+7", "1.2345679E+8"]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (Decimal("1.5"), pa.decimal256(40, 3), "1.500"),
        (Decimal("0"), pa.decimal256(40, 10), "0.0000000000"),
        (dt.timedelta(days=1), pa.duration("s"), "1 day, 0:00:00"),
        ('{"a": 1}', pa.json_(), '{"a": 1}'),
    ],
)
def test_rare_types_of_parquet_are_written_value_by_value(
    tmp_path: Path, read: Any, value: Any, kind: pa.DataType, text: str
):
    path = tmp_path / "a.parquet"
    named = {"code": ["91", "92"], "name": ["甲", "乙"]}
    pq.write_table(pa.table({**named, "capital": pa.array([value, None], kind)}), path)
    rows, _ = read(path)
    assert [r[3] for r in rows] == [text, None]


def test_a_cut_parquet_is_said_to_be_damaged(tmp_path: Path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"code": ["1"] * 1000}), path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FileDamaged):
        propose(path, FIRMS)
