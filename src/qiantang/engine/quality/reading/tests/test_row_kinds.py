"""Rows that look like totals or notes: which of them are data, and which are left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qiantang.engine.quality.reading import Recipe, csv_table, open_rows, propose, streaming
from qiantang.engine.quality.reading.row_kinds import LONGEST_FOOT
from qiantang.engine.quality.reading.tests.conftest import all_rows, declared, resource_of
from qiantang.packkit.compiled import FieldType, Resource

HEAD = "项目名称,项目编号,投资额\n"
PROJECTS = replace(
    resource_of(
        declared("name", "项目名称", "Project", required=True),
        declared("number", "项目编号", "Number", required=True),
        declared("money", "投资额", "Money", FieldType.DECIMAL, unit="元"),
    ),
    grain=("number",),
)
NO_KEY = replace(PROJECTS, grain=())
PLACES = resource_of(
    declared("place", "地区", "Place", required=True),
    declared("money", "投资额", "Money", FieldType.DECIMAL),
)


def read(folder: Path, text: str, resource: Resource = PROJECTS) -> Any:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    stream = open_rows(path, propose(path, resource).recipe, resource)
    frame = all_rows(stream)
    rows = frame["_row"].to_list() if frame.width else []
    return rows, {s.row: s.reason for s in stream.skipped_rows if s.reason != "heading"}


def test_rows_that_give_their_key_are_data_whatever_they_begin_with(tmp_path: Path) -> None:
    text = HEAD + "甲,A1,1\nTotal,A2,2\n小计,A3,3\n注：此项目已改名,A5,\n乙,A6,4\n合计,A7,5\n"
    assert read(tmp_path, text) == ([2, 3, 4, 5, 6, 7], {})


def test_rows_without_a_key_are_left_out_in_the_middle_and_at_the_end(tmp_path: Path) -> None:
    text = HEAD + "甲,A1,1\n小计,,1\n注：未含在建,,\n乙,A6,4\n合计,,5\n\n注：单位为元\n"
    rows, left = read(tmp_path, text)
    assert rows == [2, 5]
    assert left == {3: "total", 4: "footnote", 6: "total", 7: "blank", 8: "footnote"}


def test_totals_that_have_their_word_for_a_key_are_told_by_word_or_sum(tmp_path: Path) -> None:
    text = "地区,投资额\n杭州,1\n宁波,2\n小 计,3\n舟山,3\nTotal,6\n台州,4\n合计（初步）,99\n注：,\n"
    rows, left = read(tmp_path, text, PLACES)
    assert rows == [2, 3, 5, 7]
    assert left == {4: "total", 6: "total", 8: "total", 9: "footnote"}


def test_a_name_that_is_a_word_of_totals_without_their_sum_stays_with_a_doubt(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("地区,投资额\n杭州,1\nTotal,7\n舟山,3\nTotal,11\n", encoding="utf-8")
    proposal = propose(path, PLACES)
    (doubt,) = [d for d in proposal.doubts if d.code == "total_unlike"]
    assert "第 3 行" in doubt.text.zh
    assert "row 3" in doubt.text.en
    stream = open_rows(path, proposal.recipe, PLACES)
    assert all_rows(stream)["_row"].to_list() == [2, 3, 4]
    assert [d for d in stream.doubts if d.code == "total_unlike"] == [doubt]


def test_rounded_sums_and_sums_of_groups_are_totals(tmp_path: Path) -> None:
    text = (
        '序号,地区,投资额\n1,杭州,1.14\n2,宁波,2.24\n3,Subtotal,3.4\n4,舟山,"1,000.5"\n5,台州,1\n'
        "6,Subtotal,1001.5\n7,丽水,1\n8,Grand total,1005.9\n9,温州,1\n"
    )
    rows, left = read(tmp_path, text, PLACES)
    assert rows == [2, 3, 5, 6, 8, 10]
    assert left == {4: "total", 7: "total", 9: "total"}


def test_totals_that_name_their_group_are_told_by_their_sums(tmp_path: Path) -> None:
    text = (
        "地区,投资额\n上城,1\n下城,2\n杭州市小计,3\n海曙,4\n江北,5\n宁波市 小 计,9\n"
        "浙北合计（初步）,12\n椒江,7\nSubtotal of Taizhou,7\n定海,1\n普陀,2\n舟山 汇总,3\n"
        "莲都,2\n龙泉,3\nLishui Total,5\n全省总计,27\n"
    )
    rows, left = read(tmp_path, text, PLACES)
    assert rows == [2, 3, 5, 6, 9, 11, 12, 14, 15]
    assert left == dict.fromkeys((4, 7, 8, 10, 13, 16, 17), "total")


BUDGETS = replace(
    resource_of(
        declared("office", "部门", "Office", required=True),
        declared("item", "项目", "Item", required=True),
        declared("money", "投资额", "Money", FieldType.DECIMAL),
    ),
    grain=("office", "item"),
)


def test_subtotals_in_a_part_of_the_key_are_told_by_their_sums(tmp_path: Path) -> None:
    text = (
        "部门,项目,投资额\n甲局,一,1\n甲局,二,2\n甲局,小 计,3\n乙局,一,4\n乙局,二,5\n"
        "乙局,乙局小计,9\n丙局,一,6\n"
    )
    rows, left = read(tmp_path, text, BUDGETS)
    assert (rows, left) == ([2, 3, 5, 6, 8], {4: "total", 7: "total"})


def test_a_subtotal_in_a_part_of_the_key_that_adds_up_to_nothing_is_a_doubt(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("部门,项目,投资额\n甲局,小计,9\n甲局,一,1\n甲局,二,2\n", encoding="utf-8")
    proposal = propose(path, BUDGETS)
    assert [d.code for d in proposal.doubts] == ["total_unlike"]
    assert len(all_rows(open_rows(path, proposal.recipe, BUDGETS))) == 3


def test_a_total_that_is_a_category_of_a_longer_key_is_data(tmp_path: Path) -> None:
    text = (
        "部门,项目,投资额\n甲局,男,1\n甲局,女,2\n甲局,合计,3\n乙局,男,4\n乙局,女,5\n乙局,合计,9\n"
    )
    assert read(tmp_path, text, BUDGETS) == ([2, 3, 4, 5, 6, 7], {})


def test_sums_of_groups_of_groups_are_totals(tmp_path: Path) -> None:
    text = (
        "地区,投资额\n甲,1\n一科小计,1\n乙,2\n二科小计,2\n东局小计,3\n丙,4\n三科小计,4\n丁,8\n四科小计,8\n"
        "西局小计,12\n全市小计,15\n"
    )
    rows, left = read(tmp_path, text, PLACES)
    assert rows == [2, 4, 7, 9]
    assert set(left) == {3, 5, 6, 8, 10, 11, 12}


def test_totals_that_name_their_group_lack_what_no_row_can_lack(tmp_path: Path) -> None:
    text = HEAD + "甲,A1,1\n甲局小计,,7\n乙,A6,4\n杭州市合计,,9\nGrand total of both,,9\n丙,A7,1\n"
    rows, left = read(tmp_path, text)
    assert (rows, left) == ([2, 4, 7], dict.fromkeys((3, 5, 6), "total"))


def test_names_with_words_of_totals_are_data_without_a_doubt(tmp_path: Path) -> None:
    names = ("合计信息有限公司", "小计科技", "Total Oil", "Sino Total", "问题汇总", "总计划处")
    path = tmp_path / "a.csv"
    path.write_text("地区,投资额\n" + "".join(f"{n},{i + 5}\n" for i, n in enumerate(names)))
    proposal = propose(path, PLACES)
    assert proposal.doubts == ()
    stream = open_rows(path, proposal.recipe, PLACES)
    assert all_rows(stream)["place"].to_list() == list(names)
    assert stream.doubts == ()


def test_a_named_total_that_adds_up_to_nothing_stays_with_a_doubt(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("地区,投资额\n杭州市合计,9\n上城,4\n下城,2\n", encoding="utf-8")
    proposal = propose(path, PLACES)
    assert [d.code for d in proposal.doubts] == ["total_unlike"]
    stream = open_rows(path, proposal.recipe, PLACES)
    assert all_rows(stream)["_row"].to_list() == [2, 3, 4]


def test_a_listed_name_that_ends_like_a_total_is_data(tmp_path: Path) -> None:
    listed = resource_of(
        declared("sector", "行业", "Sector", required=True, values=("轻工", "重工", "工业合计")),
        declared("money", "投资额", "Money", FieldType.DECIMAL),
    )
    rows, left = read(tmp_path, "行业,投资额\n轻工,4\n重工,5\n工业合计,9\n", listed)
    assert (rows, left) == ([2, 3, 4], {})


def test_a_row_with_its_own_key_is_data_whatever_its_name_ends_in(tmp_path: Path) -> None:
    text = HEAD + "甲,A1,1\n乙局小计,A2,1\n全市总计,A3,2\n"
    assert read(tmp_path, text) == ([2, 3, 4], {})


def test_totals_by_sum_over_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "_BLOCK", 32)
    text = "地区,投资额\n" + "杭州,1\n" * 30 + "Total,30\n" + "宁波,2\n"
    rows, left = read(tmp_path, text, PLACES)
    assert (len(rows), left) == (31, {32: "total"})


def test_a_category_called_total_is_data(tmp_path: Path) -> None:
    listed = resource_of(
        declared("sex", "性别", "Sex", required=True, values=("合计", "男", "女")),
        declared("money", "投资额", "Money", FieldType.DECIMAL),
    )
    rows, left = read(tmp_path, "性别,投资额\n合计,9\n男,4\n女,5\n", listed)
    assert (rows, left) == ([2, 3, 4], {})


def test_without_a_declared_key_only_the_end_is_left_out(tmp_path: Path) -> None:
    text = HEAD + "甲,A1,1\n小计,,2\n乙,A2,3\n合计,,4\n"
    assert read(tmp_path, text, NO_KEY) == ([2, 3, 4], {5: "total"})


def test_totals_at_the_end_of_one_piece_are_data_when_rows_follow_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_table, "_BLOCK", 64)
    body = "".join(f"地区{n},{n}\nTotal,{n + 9000}\n" for n in range(40))
    rows, left = read(tmp_path, "地区,投资额\n" + body, PLACES)
    assert rows == list(range(2, 81))
    assert left == {81: "total"}


def test_so_many_rows_are_no_foot(tmp_path: Path) -> None:
    rows, left = read(tmp_path, "地区,投资额\n" + "Total,1\n" * (LONGEST_FOOT + 1), PLACES)
    assert (len(rows), left) == (LONGEST_FOOT + 1, {})


def test_words_of_the_sender_count_at_the_end_only(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "打印机,A1,1\n乙,A2,2\n打印：王五,,\n", encoding="utf-8")
    kept = {**propose(path, PROJECTS).recipe.to_json(), "footer_words": ["打印"]}
    stream = open_rows(path, Recipe.from_json(kept), PROJECTS)
    assert all_rows(stream)["_row"].to_list() == [2, 3]
    assert [(s.row, s.reason) for s in stream.skipped_rows] == [(1, "heading"), (4, "footnote")]


def test_blank_rows_do_not_crowd_out_the_rows_that_say_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "DETAILED", 3)
    _, left = read(tmp_path, HEAD + "甲,A1,1\n" + "\n" * 9 + "合计,,1\n")
    assert left == {3: "blank", 4: "blank", 5: "blank", 12: "total"}


WIDE = "项目名称,项目编号,投资额\n甲,A1,1\n乙,A2,2\n"


@pytest.mark.parametrize(
    "foot",
    [
        "注：1.快报数,,\n2.完成率按年初预算计算,,\n",
        "注：数据为快报数,,\n第1页 共1页,,\n",
        "市财政局,,\n2019年1月5日,,\n",
        "市财政局,,\n,,2019-01-05\n",
        "*为初步数,,\n",
        "\n（此表一式两份）,,\n",
    ],
)
@pytest.mark.parametrize("resource", [PROJECTS, NO_KEY, replace(PROJECTS, grain=("name",))])
def test_words_alone_in_the_last_rows_are_notes(
    tmp_path: Path, foot: str, resource: Resource
) -> None:
    rows, left = read(tmp_path, WIDE + foot, resource)
    assert rows == [2, 3]
    lines = foot.splitlines()
    assert left == {n: "footnote" if text else "blank" for n, text in enumerate(lines, 4)}


@pytest.mark.parametrize(
    "foot",
    [
        "填报单位,市财政局,\n",
        "填报单位,市财政局,\n填报日期,2019年1月5日,\n",
        "制表人,,张三\n",
        "审核人,李四,\n\n",
    ],
)
@pytest.mark.parametrize("resource", [PROJECTS, NO_KEY, replace(PROJECTS, grain=("name",))])
def test_who_reported_beside_the_word_for_it_in_the_last_rows_is_a_note(
    tmp_path: Path, foot: str, resource: Resource
) -> None:
    rows, left = read(tmp_path, WIDE + foot, resource)
    assert (rows, set(left.values()) - {"blank"}) == ([2, 3], {"footnote"})


@pytest.mark.parametrize("last", ["填报单位,A9,7\n", "填报单位系统,A9,\n", "丙,A9,\n"])
def test_such_words_with_all_values_or_more_words_are_data(tmp_path: Path, last: str) -> None:
    assert read(tmp_path, WIDE + last, NO_KEY) == ([2, 3, 4], {})


def test_in_a_table_of_two_columns_such_words_are_data(tmp_path: Path) -> None:
    places = replace(PLACES, fields=(PLACES.fields[0], declared("who", "负责", "In charge")))
    text = "地区,负责\n杭州,张三\n宁波,李四\n审核人,王五\n"
    assert read(tmp_path, text, places) == ([2, 3, 4], {})


def test_words_alone_in_a_row_with_data_below_stay(tmp_path: Path) -> None:
    rows, left = read(tmp_path, WIDE + "一、在建,,\n丙,A3,3\n", NO_KEY)
    assert (rows, left) == ([2, 3, 4, 5], {})


@pytest.mark.parametrize("last", ["A9,,\n", ",,100\n", "91330106MA2AXXXX1X,,\n"])
def test_codes_and_figures_alone_in_the_last_row_stay(tmp_path: Path, last: str) -> None:
    assert read(tmp_path, WIDE + last, NO_KEY) == ([2, 3, 4], {})


def test_where_rows_often_have_one_cell_the_last_ones_stay(tmp_path: Path) -> None:
    sparse = WIDE + "丙,,\n丁,,\n戊,A5,5\n己,,\n"
    rows, left = read(tmp_path, sparse, replace(PROJECTS, grain=("name",)))
    assert (rows, left) == ([2, 3, 4, 5, 6, 7], {})


def test_with_one_other_column_words_alone_stay_with_a_doubt(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("地区,投资额\n杭州,1\n宁波,2\n台州,\n", encoding="utf-8")
    proposal = propose(path, PLACES)
    (doubt,) = proposal.doubts
    assert (doubt.code, "第 4 行" in doubt.text.zh) == ("last_rows_lone", True)
    stream = open_rows(path, proposal.recipe, PLACES)
    assert all_rows(stream)["place"].to_list() == ["杭州", "宁波", "台州"]
    assert [d.code for d in stream.doubts] == ["last_rows_lone"]


def test_a_listed_value_alone_in_the_last_row_is_data(tmp_path: Path) -> None:
    listed = replace(
        NO_KEY,
        fields=(
            declared("name", "项目名称", "Project", values=("甲", "乙", "丙")),
            *NO_KEY.fields[1:],
        ),
    )
    assert read(tmp_path, WIDE + "丙,,\n", listed)[0] == [2, 3, 4]


def test_the_last_notes_are_told_wherever_the_pieces_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = WIDE + "".join(f"项目{n},B{n},{n}\n" for n in range(30)) + "注：初步数,,\n市财政局,,\n"
    for size in range(20, 400, 23):
        monkeypatch.setattr(csv_table, "_BLOCK", size)
        rows, left = read(tmp_path, text, replace(PROJECTS, grain=("name",)))
        assert (len(rows), left) == (32, {34: "footnote", 35: "footnote"}), size
