"""Figures with more places than a field holds: set aside, or rounded where a person settled it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from qiantang.engine.quality.examination import Examination, examine
from qiantang.engine.quality.reading import Recipe, open_rows, propose
from qiantang.engine.quality.reading.tests.conftest import FIRMS, declared, resource_of
from qiantang.engine.quality.tests.streams import checker
from qiantang.packkit.compiled import FieldType

SHARES = resource_of(
    declared("code", "代码", "Code", required=True),
    declared("share", "份额", "Share", FieldType.NUMBER),
)


def computed(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("企业")
    page.write_row(0, 0, ["统一社会信用代码", "企业名称", "成立日期", "注册资本", "从业人数"])
    page.write_row(1, 0, ["91", "甲", "2017-04-01", 1.5, 1])
    page.write_row(2, 0, ["92", "乙", "2017-04-01", None, 2])
    page.write_formula(2, 3, "=1/3", None, 1 / 3)
    book.close()
    return path


def examined(path: Path, recipe: Recipe, folder: Path) -> Examination:
    with open_rows(path, recipe, FIRMS) as stream:
        return examine(stream, checker(FIRMS), folder)


def test_computed_cells_are_rounded_counted_and_shown_where_the_recipe_says_so(tmp_path: Path):
    path = computed(tmp_path / "a.xlsx")
    proposal = propose(path, FIRMS)
    recipe = proposal.recipe
    (offer,) = [d for d in proposal.doubts if d.code == "more_places"]
    assert "“注册资本”列在样本中有 1 个" in offer.text.zh
    assert "注册资本" in offer.text.en
    found = examined(path, recipe, tmp_path / "off")
    assert (found.accepted, found.set_aside) == (1, 1)
    assert [p.code for p in found.problems(9)] == ["too_many_places"]

    columns = tuple(replace(c, round=c.field == "capital") for c in recipe.columns)
    settled = Recipe.from_json(replace(recipe, columns=columns).to_json())
    assert settled.rounded == {"capital"}
    found = examined(path, settled, tmp_path / "on")
    assert (found.accepted, found.set_aside) == (2, 0)
    (problem,) = found.problems(9)
    assert (problem.code, problem.row, problem.severity) == ("rounded", 3, "warn")
    assert "0.33333333" in problem.text.zh
    assert "0.33333333" in problem.text.en


def test_percentages_and_figures_with_units_that_are_too_long_are_offered_too(tmp_path: Path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page, shown = book.add_worksheet("表"), book.add_format({"num_format": "0.00%"})
    page.write_row(0, 0, ["项目", "完成率", "投资额"])
    page.write_row(1, 0, ["甲", None, "1.23456789012万元"])
    page.write_formula(1, 1, "=1/3", shown, 1 / 3)
    page.write_row(2, 0, ["乙", None, "1.2345678901亿元"])
    page.write(2, 1, 0.5, shown)
    book.close()
    done = resource_of(
        declared("item", "项目", "Item", required=True),
        declared("rate", "完成率", "Rate", FieldType.DECIMAL, unit="%"),
        declared("money", "投资额", "Money", FieldType.DECIMAL, unit="万元"),
    )
    offers = [d.text.zh for d in propose(tmp_path / "a.xlsx", done).doubts]
    assert [text[:15] for text in offers] == [
        "“完成率”列在样本中有 1 个",
        "“投资额”列在样本中有 1 个",
    ]


def test_floats_of_parquet_reach_number_fields_as_they_are(tmp_path: Path):
    values = [0.1 + 0.2, 330106199001011234.0, 1 / 3, 5e-324 * 0, 1e15 + 0.125]
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"code": list("abcde"), "share": values}), path)
    recipe = propose(path, SHARES).recipe
    with open_rows(path, recipe, SHARES) as stream:
        found = examine(stream, checker(SHARES), tmp_path / "found")
    assert found.set_aside == 0
    kept = [v for batch in found.batches() for v in batch.column("share").to_pylist()]
    assert kept == values
