"""Columns that a person maps, in another unit than the field's."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qiantang.engine.quality.reading import Hints, Recipe, open_rows, propose
from qiantang.engine.quality.reading.errors import UnitUnsettled
from qiantang.engine.quality.reading.tests.conftest import FIRMS, codes

TITLED = "单位：万元,,\n统一社会信用代码,企业名称,实缴款项\nC1,甲,5\n"
HEADED = "统一社会信用代码,企业名称,实缴款项（亿元）\nC1,甲,5\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    return path


def corrected(path: Path, **more: Any) -> Recipe:
    """The proposed recipe with its third column mapped by hand."""
    body = propose(path, FIRMS).recipe.to_json()
    body["columns"][2] |= {"field": "capital", **more}
    return Recipe.from_json(body)


@pytest.mark.parametrize(
    ("text", "name", "factor"),
    [(TITLED, "实缴款项", 10_000), (HEADED, "实缴款项（亿元）", 100_000_000)],
)
def test_a_column_told_by_name_takes_the_factor_with_a_doubt(
    tmp_path: Path, text: str, name: str, factor: int
) -> None:
    told = Hints(columns={name: "capital"})
    proposal = propose(written(tmp_path, text), FIRMS, hints=told)
    assert proposal.recipe.factors == {"capital": factor}
    assert "unit_factor" in codes(proposal.doubts)


@pytest.mark.parametrize(("text", "factor"), [(TITLED, 10_000), (HEADED, 100_000_000)])
def test_a_corrected_recipe_that_says_no_factor_is_stopped_with_it(
    tmp_path: Path, text: str, factor: int
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UnitUnsettled, match=str(factor)) as stopped:
        open_rows(path, corrected(path), FIRMS)
    assert codes(stopped.value.doubts) == {"unit_factor"}
    kept = Recipe.from_json(stopped.value.recipe.to_json())
    with open_rows(path, kept, FIRMS) as stream:
        assert stream.factors == {"capital": Decimal(factor)}


def test_a_factor_of_one_is_an_answer_that_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path, TITLED)
    kept = Recipe.from_json(corrected(path, factor="1").to_json())
    assert kept.to_json()["columns"][2]["factor"] == "1"
    with open_rows(path, kept, FIRMS) as stream:
        assert stream.factors == {}


def test_a_column_in_the_unit_of_the_field_needs_no_factor(tmp_path: Path) -> None:
    path = written(tmp_path, TITLED.replace("万元", "元"))
    with open_rows(path, corrected(path), FIRMS) as stream:
        assert stream.factors == {}
