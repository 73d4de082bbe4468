"""Marks of notes behind figures: offered to be left out, told as what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from qiantang.engine.quality.examination import Examination, examine
from qiantang.engine.quality.reading import Recipe, open_rows, propose
from qiantang.engine.quality.reading.tests.conftest import FIRMS, codes
from qiantang.engine.quality.tests.streams import checker

HEAD = "统一社会信用代码,企业名称,成立日期,注册资本,从业人数\n"


def written(folder: Path, *capitals: str) -> Path:
    path = folder / "a.csv"
    rows = "".join(f"A{n},甲{n},2019-01-01,{c},5\n" for n, c in enumerate(capitals))
    path.write_text(HEAD + rows, encoding="utf-8")
    return path


def examined(path: Path, recipe: Recipe) -> Examination:
    folder = path.parent / "found"
    folder.mkdir(exist_ok=True)
    with open_rows(path, recipe, FIRMS) as stream:
        return examine(stream, checker(FIRMS), folder)


@pytest.mark.parametrize("mark", ["*", "＊", "**", "①", " 注", "（注2）", "†", "※", "[1]"])
def test_figures_with_marks_are_offered_without_them(tmp_path: Path, mark: str) -> None:
    path = written(tmp_path, f"120{mark}", "35", f"7.5{mark}", "8")
    proposal = propose(path, FIRMS)
    (doubt,) = proposal.doubts
    assert doubt.code == "note_marks"
    assert f"120{mark}" in doubt.text.zh
    assert "2" in doubt.text.en
    recipe = Recipe.from_json(proposal.recipe.to_json())
    assert recipe == proposal.recipe
    assert recipe.unmarked == {"capital"}
    found = examined(path, recipe)
    assert (found.accepted, found.set_aside) == (4, 0)
    told = found.problems(100, code="mark_left_out")
    assert [p.row for p in told] == [2, 4]


def test_who_does_not_want_it_has_the_rows_set_aside_as_marked(tmp_path: Path) -> None:
    path = written(tmp_path, "120*", "35", "7.5*")
    body = propose(path, FIRMS).recipe.to_json()
    for column in body["columns"]:
        column.pop("unmarked", None)
    found = examined(path, Recipe.from_json(body))
    assert (found.accepted, found.set_aside) == (1, 2)
    problem = found.problems(100, code="figure_marked")[0]
    assert "注号" in problem.text.zh
    assert "note" in problem.text.en


@pytest.mark.parametrize("capitals", [("120*", "5²"), ("120*", "10⁵", "7*"), ("120¹",)])
def test_where_a_mark_may_be_a_power_nothing_is_offered(
    tmp_path: Path, capitals: tuple[str, ...]
) -> None:
    proposal = propose(written(tmp_path, *capitals), FIRMS)
    assert "note_marks" not in codes(proposal.doubts)
    assert not proposal.recipe.unmarked


@pytest.mark.parametrize("capitals", [("120", "1.2万", "（300）"), ("*", "35"), ("5*3", "6")])
def test_plain_figures_and_other_words_raise_no_question(
    tmp_path: Path, capitals: tuple[str, ...]
) -> None:
    proposal = propose(written(tmp_path, *capitals), FIRMS)
    assert (proposal.doubts, proposal.recipe.unmarked) == ((), frozenset())
