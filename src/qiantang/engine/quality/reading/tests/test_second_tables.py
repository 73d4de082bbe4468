"""A second table under the first: found, asked about, ended before, or read on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from qiantang.engine.quality.reading import Recipe, RowStream, csv_table, open_rows, propose
from qiantang.engine.quality.reading.errors import RecipeBroken, SecondTableFound
from qiantang.engine.quality.reading.tests.conftest import (
    all_rows,
    codes,
    declared,
    resource_of,
)
from qiantang.packkit.compiled import FieldType

HEAD = "编号,名称,投资额\n"
PROJECTS = resource_of(
    declared("code", "编号", "Code", required=True),
    declared("name", "名称", "Name"),
    declared("money", "投资额", "Money", FieldType.DECIMAL, unit="元"),
)
PEOPLE = "\n附表：人员名单,,\n姓名,职务,电话\n张三,主任,13857123456\n李四,科员,13857123457\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    return path


def body(rows: int) -> str:
    return HEAD + "".join(f"A{n},项目{n},{n}\n" for n in range(rows))


def opened(path: Path, how: str) -> RowStream:
    recipe = replace(propose(path, PROJECTS).recipe, second_table=how)
    return open_rows(path, Recipe.from_json(recipe.to_json()), PROJECTS)


def test_a_second_table_is_a_doubt_and_its_rows_are_left_out_by_name(tmp_path: Path) -> None:
    path = written(tmp_path, body(40) + PEOPLE)
    proposal = propose(path, PROJECTS)
    (doubt,) = proposal.doubts
    assert doubt.code == "second_table"
    assert "43" in doubt.text.en
    stream = open_rows(path, Recipe.from_json(proposal.recipe.to_json()), PROJECTS)
    assert all_rows(stream)["code"].to_list() == [f"A{n}" for n in range(40)]
    assert stream.sent == 40
    assert stream.skipped == {"heading": 1, "blank": 1, "second-table": 4}
    assert stream.skipped_rows[-1].cells == ("李四", "科员", "13857123457")


def test_a_second_table_below_what_a_proposal_sees_stops_the_reading(tmp_path: Path) -> None:
    path = written(tmp_path, body(500) + PEOPLE)
    assert not propose(path, PROJECTS).doubts
    with pytest.raises(SecondTableFound, match="row 503"):
        list(opened(path, "ask"))
    assert len(all_rows(opened(path, "end"))) == 500
    assert len(all_rows(opened(path, "read"))) == 504


def test_a_second_table_is_found_wherever_the_pieces_of_a_file_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, body(30) + PEOPLE)
    for size in range(20, 400, 7):
        monkeypatch.setattr(csv_table, "_BLOCK", size)
        stream = opened(path, "end")
        assert (len(all_rows(stream)), stream.skipped["second-table"]) == (30, 4), size


def test_a_workbook_with_a_second_table_is_a_doubt_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    rows = [("编号", "名称", "投资额"), ("A1", "甲", 1), (None, None, None), ("人员名单",)]
    for row in (*rows, ("姓名", "职务", "电话"), ("张三", "主任", 13857123456)):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    assert codes(propose(tmp_path / "a.xlsx", PROJECTS).doubts) == {"second_table"}


UNTITLED = PEOPLE.replace("附表：人员名单,,\n", "")


@pytest.mark.parametrize("rows", [5, 500])
def test_a_second_table_without_a_title_is_found_by_its_header(tmp_path: Path, rows: int) -> None:
    path = written(tmp_path, body(rows) + UNTITLED)
    found = codes(propose(path, PROJECTS).doubts)
    assert found == ({"second_table"} if rows == 5 else set())
    with pytest.raises(SecondTableFound, match=f"row {rows + 3}"):
        list(opened(path, "ask"))
    stream = opened(path, "end")
    assert (len(all_rows(stream)), stream.skipped["second-table"]) == (rows, 3)
    assert len(all_rows(opened(path, "read"))) == rows + 3


def test_a_header_without_a_title_is_found_wherever_the_pieces_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, body(30) + UNTITLED)
    for size in range(20, 400, 11):
        monkeypatch.setattr(csv_table, "_BLOCK", size)
        stream = opened(path, "end")
        assert (len(all_rows(stream)), stream.skipped["second-table"]) == (30, 3), size


def test_heads_over_text_columns_alone_are_a_second_table_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    wide = replace(PROJECTS, fields=(*PROJECTS.fields, declared("note", "备注", "Note")))
    for row in (
        ("编号", "名称", "备注", "投资额"),
        ("A1", "甲", "一", 1),
        (None, None, None, None),
        ("姓名", "职务", "联系电话", None),
        ("张三", "主任", "13857123456", None),
    ):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert codes(propose(tmp_path / "a.xlsx", wide).doubts) == {"second_table"}


@pytest.mark.parametrize(
    "rest",
    [
        "\n甲,乙,待定\n丙,丁,5\n",
        "\n甲项目,某单位,待定\n丙,丁,5\n",
        "\n甲,乙,未报送数量\n丙,丁,5\n",
        "\n姓名,职务,电话\n\n注：以上为附表,,\n",
        "\n编号,名称,投资额\nB1,乙,5\n",
        "\n合计,,单位\nB1,乙,5\n",
        "\n注：单位为元,,\n制表人：张三,,审核人：李四\n",
        "\n以下为宁波,,\nB1,乙,5\nB2,丙,6\n",
        "\n以下为宁波,,\nB1,乙,暂无\n",
        "\n（续）,,\n编号,名称,投资额\nB1,乙,5\n",
        "第1页 共2页,,\n编号,名称,投资额\nB1,乙,5\n",
        "制表人：张三,,审核人：李四\n\n编号,名称,投资额\nB1,乙,5\n",
        "编号,名称,投资额（元）\n",
        "单位：元,,\n编号,名称,投资额\nB1,乙,5\n",
        "编号,名称,投资额\n,,元\nB1,乙,5\n",
        "\nB1,,\nB2,丙,\nB3,丁,6\n",
        "\n\nB1,乙,5\n",
    ],
)
def test_notes_blank_rows_and_sections_are_no_second_table(tmp_path: Path, rest: str) -> None:
    assert not propose(written(tmp_path, body(5) + rest), PROJECTS).doubts


AGAIN = {
    "title and unit": "\n支出情况表,,\n单位：万元,,\n编号,名称,投资额\nB1,乙,5\n",
    "title alone": "\n支出情况表,,\n编号,名称,投资额\nB1,乙,5\n",
    "title without a blank row": "支出情况表,,\n编号,名称,投资额\nB1,乙,5\n",
    "title with a word for going on": "\n续建项目手续费表,,\n编号,名称,投资额\nB1,乙,5\n",
    "unit alone": "\n,,单位：万元\n编号,名称,投资额\nB1,乙,5\n",
    "title beside a unit": "\n支出情况表,,单位：元\n编号,名称,投资额\nB1,乙,5\n",
    "in the header": "编号,名称,投资额（万元）\nB1,乙,5\n",
    "in the header behind a blank row": "\n编号,名称,投资额（万元）\nB1,乙,5\n",
    "row of units": "\n编号,名称,投资额\n,,万元\nB1,乙,5\n",
    "unit under the header": "\n编号,名称,投资额\n单位：万元,,\nB1,乙,5\n",
}


@pytest.mark.parametrize("rest", AGAIN.values(), ids=AGAIN)
@pytest.mark.parametrize("rows", [5, 500])
def test_the_same_header_with_another_title_or_unit_begins_another_table(
    tmp_path: Path, rest: str, rows: int
) -> None:
    path = written(tmp_path, body(rows) + rest)
    assert codes(propose(path, PROJECTS).doubts) == ({"second_table"} if rows == 5 else set())
    with pytest.raises(SecondTableFound):
        list(opened(path, "ask"))
    assert len(all_rows(opened(path, "end"))) == rows


def test_another_unit_of_the_same_header_is_found_wherever_the_pieces_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, body(30) + AGAIN["title and unit"])
    for size in range(20, 400, 9):
        monkeypatch.setattr(csv_table, "_BLOCK", size)
        stream = opened(path, "end")
        assert (len(all_rows(stream)), stream.skipped["second-table"]) == (30, 4), size


def test_pages_that_repeat_title_unit_and_header_are_one_table(tmp_path: Path) -> None:
    page = "投资情况表,,\n,,单位：万元\n编号,名称,投资额\n{0}1,乙,5\n"
    path = written(tmp_path, page.format("A") + "\n" + page.format("B"))
    proposal = propose(path, PROJECTS)
    assert codes(proposal.doubts) == {"unit_factor"}
    keys = all_rows(open_rows(path, proposal.recipe, PROJECTS))["code"].to_list()
    assert [key for key in keys if key and key[1:] == "1"] == ["A1", "B1"]


def test_a_kept_recipe_stops_where_the_same_header_is_in_another_unit(tmp_path: Path) -> None:
    kept = propose(written(tmp_path, body(5)), PROJECTS).recipe
    path = written(tmp_path, body(5) + AGAIN["in the header"])
    with pytest.raises(SecondTableFound, match="row 7"):
        list(open_rows(path, Recipe.from_json(kept.to_json()), PROJECTS))


def test_a_known_value_under_a_lone_cell_is_data(tmp_path: Path) -> None:
    fields = replace(
        PROJECTS, fields=(*PROJECTS.fields[:1], declared("name", "名称", "Name", values=("在建",)),
                          *PROJECTS.fields[2:])
    )  # fmt: skip
    path = written(tmp_path, HEAD + "A1,在建,1\n\nA2,,\nA3,在建,未定\n")
    assert not propose(path, fields).doubts


def test_a_recipe_says_one_of_three_things(tmp_path: Path) -> None:
    kept = propose(written(tmp_path, body(1)), PROJECTS).recipe.to_json()
    assert (
        Recipe.from_json({k: v for k, v in kept.items() if k != "second_table"}).second_table
        == "ask"
    )
    with pytest.raises(RecipeBroken):
        Recipe.from_json({**kept, "second_table": "maybe"})
