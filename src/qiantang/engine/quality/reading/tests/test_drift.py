"""A next delivery against the recipe of the first: followed, or stopped with a comparison."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qiantang.engine.quality.headings import ADDED_HEADINGS
from qiantang.engine.quality.reading import Recipe, open_rows, propose
from qiantang.engine.quality.reading.errors import RecipeBroken, RecipeUnfit
from qiantang.engine.quality.reading.tests.conftest import (
    FIRMS,
    all_rows,
    codes,
    declared,
    resource_of,
)

NAMES = ["统一社会信用代码", "企业名称", "成立日期", "注册资本", "从业人数"]
ROW = ["91", "甲", "2017", "1", "2"]


def sent(path: Path, rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join(delimiter.join(r) for r in rows).encode(encoding))
    return path


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    return propose(sent(tmp_path / "first.csv", [["表"], NAMES, ROW]), FIRMS).recipe


def followed(path: Path, recipe: Recipe) -> tuple[list[Any], set[str]]:
    stream = open_rows(path, recipe, FIRMS)
    return all_rows(stream).drop("_sheet", "_row").rows(), codes(stream.doubts)


def test_a_header_further_down_is_followed(tmp_path: Path, recipe: Recipe):
    path = sent(tmp_path / "b.csv", [["表"], ["单位：元"], ["", ""], NAMES, ROW])
    assert followed(path, recipe) == ([tuple(ROW)], {"header_moved"})


def test_columns_in_another_order_are_followed(tmp_path: Path, recipe: Recipe):
    path = sent(tmp_path / "b.csv", [["表"], NAMES[::-1], ROW[::-1]])
    assert followed(path, recipe) == ([tuple(ROW)], {"columns_moved"})


def test_another_encoding_and_delimiter_are_followed(tmp_path: Path, recipe: Recipe):
    path = sent(tmp_path / "b.csv", [["表"], NAMES, ROW], "\t", "gb18030")
    assert followed(path, recipe) == ([tuple(ROW)], {"encoding_changed", "delimiter_changed"})


def test_an_optional_column_that_is_gone_reads_as_empty(tmp_path: Path, recipe: Recipe):
    path = sent(tmp_path / "b.csv", [["表"], NAMES[:4], ROW[:4]])
    assert followed(path, recipe) == ([(*ROW[:4], None)], {"columns_missing"})


def test_missing_renamed_and_new_columns_stop_with_a_comparison(tmp_path: Path, recipe: Recipe):
    now = ["企业名称（全称）", "成立日期", "注册资本金", "从业人数", "邮箱"]
    path = sent(tmp_path / "b.csv", [["表"], now, ROW])
    with pytest.raises(RecipeUnfit) as caught:
        open_rows(path, recipe, FIRMS)
    comparison = caught.value.comparison
    assert comparison.lacking == ("统一社会信用代码",) or "企业名称" in comparison.lacking
    assert "统一社会信用代码" in comparison.missing
    assert ("注册资本", "注册资本金") in comparison.renamed
    assert ("企业名称", "企业名称（全称）") in comparison.renamed
    assert comparison.new == ("邮箱",)
    assert [m[0] for m in comparison.moved] == ["成立日期", "从业人数"]
    said = caught.value.message("zh")
    assert "缺少列：“统一社会信用代码”" in said
    assert "邮箱" in said
    assert caught.value.problem("en")["comparison"]["new"] == ["邮箱"]


def test_a_new_column_alone_stops(tmp_path: Path, recipe: Recipe):
    path = sent(tmp_path / "b.csv", [["表"], [*NAMES, "邮箱"], [*ROW, "x"]])
    with pytest.raises(RecipeUnfit):
        open_rows(path, recipe, FIRMS)


@pytest.mark.parametrize("aside", ["序号", "备注", "Remarks"])
def test_a_new_column_that_tells_nothing_of_the_rows_is_followed(
    tmp_path: Path, recipe: Recipe, aside: str
):
    path = sent(tmp_path / "b.csv", [["表"], [aside, *NAMES], ["1", *ROW]])
    stream = open_rows(path, recipe, FIRMS)
    assert all_rows(stream).drop("_sheet", "_row").rows() == [tuple(ROW)]
    assert [c.source for c in stream.recipe.columns if c.field is None] == [aside]


def test_a_new_column_of_remarks_that_is_a_field_stops(tmp_path: Path, recipe: Recipe):
    noted = resource_of(*FIRMS.fields, declared("note", "备注", "Remark"))
    path = sent(tmp_path / "b.csv", [["表"], [*NAMES, "备注"], [*ROW, "x"]])
    with pytest.raises(RecipeUnfit):
        open_rows(path, recipe, noted)


def test_another_format_stops(tmp_path: Path, recipe: Recipe):
    path = tmp_path / "b.json"
    path.write_text('[{"code": "91"}]')
    with pytest.raises(RecipeUnfit) as caught:
        open_rows(path, recipe, FIRMS)
    assert caught.value.comparison.format == ("csv", "json")


def test_another_width_without_header_stops(tmp_path: Path):
    first = propose(sent(tmp_path / "a.csv", [ROW, ROW]), FIRMS).recipe
    with pytest.raises(RecipeUnfit):
        open_rows(sent(tmp_path / "b.csv", [[*ROW, "x"]]), first, FIRMS)
    with pytest.raises(RecipeUnfit):
        open_rows(sent(tmp_path / "b.csv", [ROW[:3]]), first, FIRMS)


def test_a_delivery_of_no_rows_gives_none(tmp_path: Path, recipe: Recipe):
    stream = open_rows(sent(tmp_path / "b.csv", [["表"], NAMES]), recipe, FIRMS)
    assert list(stream) == []
    assert stream.sent == 0


def sheets(path: Path, pages: dict[str, list[list[str]]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in pages.items():
        page = workbook.create_sheet(name)
        for row in rows:
            page.append(row)
    workbook.save(path)
    return path


def test_a_sheet_with_another_name_is_followed_when_only_one_fits(tmp_path: Path):
    first = propose(sheets(tmp_path / "a.xlsx", {"3月": [NAMES, ROW]}), FIRMS).recipe
    path = sheets(tmp_path / "b.xlsx", {"说明": [["说明"]], "4月": [NAMES, ROW]})
    assert followed(path, first) == ([tuple(ROW)], {"sheet_renamed"})


def test_two_sheets_that_fit_are_not_chosen_between(tmp_path: Path):
    first = propose(sheets(tmp_path / "a.xlsx", {"3月": [NAMES, ROW]}), FIRMS).recipe
    path = sheets(tmp_path / "b.xlsx", {"4月": [NAMES, ROW], "5月": [NAMES, ROW]})
    with pytest.raises(RecipeUnfit) as caught:
        open_rows(path, first, FIRMS)
    assert "4月" in caught.value.message("zh")


def test_keys_in_another_order_are_the_same_file(tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_text('[{"code": "91", "name": "甲", "staff": 1}]')
    first = propose(path, FIRMS).recipe
    path.write_text('[{"staff": 1, "name": "甲", "code": "91"}]')
    assert followed(path, first) == ([("91", "甲", None, None, "1")], set())


@pytest.mark.parametrize(
    "change",
    [
        {"format": "doc"},
        {"columns": []},
        {"columns": [{"source": "a", "position": -1}]},
        {"columns": [{"source": "a", "field": "x"}, {"source": "b", "field": "x"}]},
        {"columns": [{"source": "a", "factor": "many"}]},
        {"columns": [{"source": "a", "factor": "-1"}]},
        {"header_first": 5},
        {"header_first": "1"},
        {"fill_down": "code"},
        {"version": 2},
        {"skip_totals": 1},
    ],
)
def test_a_recipe_that_cannot_be_right_names_its_member(recipe: Recipe, change: dict[str, Any]):
    with pytest.raises(RecipeBroken) as caught:
        Recipe.from_json(recipe.to_json() | change)
    assert next(iter(change)).split("_")[0] in caught.value.message("en")


def test_a_recipe_survives_its_json_form(recipe: Recipe):
    import json

    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


def test_a_corrected_workbook_of_set_aside_rows_is_sent_again_as_it_is(tmp_path: Path):
    first = propose(sheets(tmp_path / "a.xlsx", {"3月": [NAMES, ROW]}), FIRMS).recipe
    added = [text.zh for text in ADDED_HEADINGS]
    rows = [[*NAMES, *added], [*ROW, "日期不对", "改为 2017-04-01", "3月", "17"]]
    path = sheets(tmp_path / "b.xlsx", {"剔出行": rows})
    stream = open_rows(path, first, FIRMS)
    assert all_rows(stream).drop("_sheet", "_row").rows() == [tuple(ROW)]
    assert not stream.misshapen
    proposal = propose(path, FIRMS)
    assert [c.field for c in proposal.recipe.columns][5:] == [None] * 4
    assert proposal.unknown == ()
