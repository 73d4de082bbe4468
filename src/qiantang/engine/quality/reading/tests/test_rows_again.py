"""A second reading that gives some rows alone: the same cells as the first one gave them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

from qiantang.engine.quality.reading import Recipe, RowStream, csv_table, open_rows, propose
from qiantang.engine.quality.reading.tests.conftest import FIRMS, all_rows

HEAD = "统一社会信用代码,企业名称,成立日期,注册资本,从业人数"
LINES = (
    "企业登记表,,,,",
    HEAD,
    "91,甲,2017,1,1",
    '92,"乙\n二",2018,"2,000",2',
    "",
    '93,"丙 ""三""",2019,3,3',
    "94,丁,2020",
    "95,戊,2021,5,5",
    "合计,,,15,",
)
STRAY = '96,3" 管,2022,6,6'
NDJSON = "\n".join(f'{{"code": "9{n}", "name": "甲{n}", "founded": "2017"}}' for n in range(6))


def narrowed(stream: RowStream, rows: list[int]) -> pl.DataFrame:
    stream.narrow(pl.Series(rows, dtype=pl.Int64))
    return all_rows(stream)


def both_readings(path: Path, recipe: Recipe, rows: list[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    with open_rows(path, recipe, FIRMS) as stream:
        whole = all_rows(stream)
        again = narrowed(stream.again(), rows)
    return whole.filter(pl.col("_row").is_in(rows)), again


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("block", [40, 2**20])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_of_delimited_text_are_found_again_by_their_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, block: int, end: str
) -> None:
    monkeypatch.setattr(csv_table, "_BLOCK", block)
    path = tmp_path / "a.csv"
    path.write_bytes((end.join(LINES) + end).encode(encoding))
    for rows in ([3], [4, 7], [4, 7, 8, 9], [9]):
        first, again = both_readings(path, propose(path, FIRMS).recipe, rows)
        assert again.equals(first)
        assert again["_row"].to_list() == rows


@pytest.mark.parametrize("delimiter", [",", "|"])
def test_rows_in_big5_are_found_again(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    body = "code,name,founded\n91,臺灣功,2017\n92,許蓋育,2018\n93,國家圖書,2019\n"
    path.write_text(body.replace(",", delimiter), encoding="big5")
    first, again = both_readings(path, propose(path, FIRMS).recipe, [3, 4])
    assert again.equals(first)
    assert again["name"].to_list() == ["許蓋育", "國家圖書"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_rows_behind_a_stray_quotation_mark_are_found_again(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([*LINES[1:-1], STRAY, "97,己,2023,7,7"]), encoding=encoding)
    first, again = both_readings(path, propose(path, FIRMS).recipe, [2, 6, 9, 10])
    assert again.equals(first)
    assert again["name"].to_list()[-2:] == ['3" 管', "己"]


def test_what_was_filled_down_is_filled_down_again(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD}\n91,甲,2017,1,1\n,乙,2018,2,2\n,丙,2019,3,3\n", encoding="utf-8")
    body = propose(path, FIRMS).recipe.to_json() | {"fill_down": ["统一社会信用代码"]}
    first, again = both_readings(path, Recipe.from_json(body), [4])
    assert again.equals(first)
    assert again["code"].to_list() == ["91"]


def test_records_are_found_again_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text(NDJSON, encoding="utf-8")
    first, again = both_readings(path, propose(path, FIRMS).recipe, [2, 5])
    assert again.equals(first)
    assert again["code"].to_list() == ["91", "94"]


def test_rows_of_a_sheet_are_found_again_without_loading_it_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = Workbook()
    assert book.active is not None
    for line in (HEAD.split(","), ["91", "甲", "2017", 1, 1], ["92", "乙", "2018", 2.5, 2]):
        book.active.append(line)
    book.save(path)
    recipe = propose(path, FIRMS).recipe
    with open_rows(path, recipe, FIRMS) as stream:
        whole = all_rows(stream)
        path.unlink()
        again = narrowed(stream.again(), [3])
    assert again.equals(whole.filter(pl.col("_row") == 3))
    assert again["capital"].to_list() == ["2.5"]
