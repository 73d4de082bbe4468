"""A column of names where codes are asked for: offered, settled by a person, kept in the recipe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS, PACK
from qiantang.rooms.intake.tests.test_updating import install
from qiantang.rooms.shelf import selectors as shelf

SIZE = '\n[fields.size]\ntype = "code"\ncodes = "size"\nzh = "规模"\nen = "Size"\n'
SIZES = """\
code,zh,en,parent,valid_from,valid_to,source,status
1,大型,Large,,,,测试,unverified
2,中型,Medium,,,,测试,unverified
3,小微,Small,,,,测试,unverified
4,其他,Other,,,,测试,unverified
5,其他,Else,,,,测试,unverified
"""
Send = Callable[..., RunView]


def with_sizes() -> dict[str, str]:
    firm = PACK["resources/firm.toml"]
    return {**PACK, "resources/firm.toml": f"{firm}{SIZE}", "codes/size.csv": SIZES}


@pytest.fixture
def send(officer: Actor, tmp_path: Path) -> Send:
    install(with_sizes(), tmp_path)

    def sent(*sizes: str, start: int = 0) -> RunView:
        rows = (f"F{start + n:06d},企业{n},{size}" for n, size in enumerate(sizes))
        path = tmp_path / f"firms{start}.csv"
        path.write_text("\n".join(["编码,名称,规模", *rows]) + "\n", encoding="utf-8")
        return services.work(services.receive(officer, FIRMS, path).id, actor=officer)

    return sent


def kept() -> list[str]:
    found = shelf.lake().read(FIRMS, columns=["code", "size"]).to_pylist()
    return [row["size"] for row in sorted(found, key=lambda row: str(row["code"]))]


def test_the_reading_offers_the_codes_and_a_person_settles_it(send: Send, officer: Actor) -> None:
    run = send("大型", " 中型 ", "3", "ｌａｒｇｅ")
    assert (run.status, run.error_code) == ("held", "intake.reading_unsure")
    assert run.proposal is not None
    (doubt,) = run.proposal["doubts"]
    assert doubt["code"] == "names_for_codes"
    assert "大型 → 1、中型 → 2、large → 1" in doubt["text"]["zh"]
    services.confirm_reading(officer, run.id, run.proposal["recipe"])
    assert services.work(run.id).status == "published"
    assert kept() == ["1", "2", "3", "1"]


def test_the_recipe_reads_the_next_file_by_itself(send: Send, officer: Actor) -> None:
    first = send("大型", "中型")
    assert first.proposal is not None
    services.confirm_reading(officer, first.id, first.proposal["recipe"])
    services.work(first.id)
    later = send("小微", "其他", *["大型"] * 18, start=10)
    assert (later.status, later.accepted, later.set_aside) == ("published", 19, 1)
    (problem,) = selectors.problems(officer, later.id).items
    assert (problem.code, problem.value) == ("code_unknown", "其他")
    book = pl.read_excel(selectors.rejects(officer, later.id), engine="calamine")
    assert book["规模"].to_list() == ["其他"]


def test_without_it_the_names_are_set_aside_as_before(send: Send, officer: Actor) -> None:
    run = send("大型", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1")
    assert run.proposal is not None
    recipe = run.proposal["recipe"]
    plain = [{**column, "names": False} for column in recipe["columns"]]
    services.confirm_reading(officer, run.id, {**recipe, "columns": plain}, keep=False)
    done = services.work(run.id)
    assert (done.accepted, done.set_aside) == (10, 1)
    (problem,) = selectors.problems(officer, run.id).items
    assert "“大型”的代码是 1" in problem.hint.zh


def test_codes_and_words_of_no_list_raise_no_doubt(send: Send) -> None:
    assert send("1", "2").status == "published"
    assert send("巨型", "特大", "大型", "超大", *["1"] * 60, start=20).status == "published"


def test_texts_read_again_for_figures_have_the_codes(send: Send, officer: Actor) -> None:
    run = send("大型", "2")
    assert run.proposal is not None
    services.confirm_reading(officer, run.id, run.proposal["recipe"], keep=False)
    services.work(run.id)
    assert [row["size"] for row in selectors.delivered_texts(run.id)] == ["1", "2"]
