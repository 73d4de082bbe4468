"""Updates by key whose file lacks columns: what it does not have stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS, PACK
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services

WHOLE = "编码,名称,金额,日期\nF000001,甲,1.50,2026-01-05\nF000002,乙,2.50,2026-01-06\n"


@pytest.fixture
def send(officer: Actor, tmp_path: Path) -> Callable[..., RunView]:
    def sent(text: str, mode: str = "upsert", **more: Any) -> RunView:
        path = tmp_path / "firms.csv"
        path.write_text(text, encoding="utf-8")
        return services.work(services.receive(officer, FIRMS, path, mode=mode, **more).id)

    return sent


def rows() -> dict[str, tuple[Any, ...]]:
    held = shelf.lake().read(FIRMS).to_pylist()
    return {r["code"]: (r["name"], r["amount"] and float(r["amount"]), str(r["day"])) for r in held}


def install(files: dict[str, str], tmp_path: Path) -> None:
    """The pack's next version, with these files."""
    folder = tmp_path / "next" / "trade"
    newer = {**files, "pack.toml": files["pack.toml"].replace("1.0.0", "1.1.0")}
    for name, text in newer.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    installed = shelf_services.install_pack(SYSTEM, folder)
    assert installed.usable, installed.problems
    catalogue.register_resources(SYSTEM, "trade")


def test_columns_that_the_file_lacks_keep_their_values(send: Callable[..., RunView]) -> None:
    send(WHOLE, "append")
    run = send("编码,名称\nF000001,甲改\nF000003,丙\n")
    assert (run.status, run.accepted, run.kept) == ("published", 2, ("amount", "day"))
    assert rows() == {
        "F000001": ("甲改", 1.5, "2026-01-05"),
        "F000002": ("乙", 2.5, "2026-01-06"),
        "F000003": ("丙", None, "None"),
    }
    assert run.verdict is not None
    assert any("金额、日期" in reason["zh"] for reason in run.verdict["reasons"])
    assert {r["_run"] for r in shelf.lake().read(FIRMS).to_pylist() if r["code"] != "F000002"} == {
        run.id
    }


def test_a_column_that_is_there_but_empty_empties_the_field(send: Callable[..., RunView]) -> None:
    send(WHOLE, "append")
    run = send("编码,名称,金额\nF000001,甲,\n")
    assert run.kept == ("day",)
    assert rows()["F000001"] == ("甲", None, "2026-01-05")


def test_a_column_left_out_by_the_reading_is_not_there(
    send: Callable[..., RunView], officer: Actor
) -> None:
    send(WHOLE, "append")
    held = send("编码,名称,金额\nF000001,甲,9\n", publish=False)
    assert held.recipe is not None
    columns = [
        {**column, "field": None if column["field"] == "amount" else column["field"]}
        for column in held.recipe["columns"]
    ]
    recipe = {**held.recipe, "columns": columns}
    services.confirm_reading(officer, held.id, recipe)
    services.cancel(officer, services.work(held.id).id)
    run = send("编码,名称,金额\nF000001,甲,8\n")
    assert (run.status, run.kept) == ("published", ("amount", "day"))
    assert rows()["F000001"] == ("甲", 1.5, "2026-01-05")


def test_the_first_update_of_an_empty_table_has_nothing_to_keep(
    send: Callable[..., RunView],
) -> None:
    assert send("编码,名称\nF000001,甲\n").status == "published"
    assert rows() == {"F000001": ("甲", None, "None")}


def test_corrected_rows_keep_what_their_delivery_kept(
    send: Callable[..., RunView], officer: Actor, tmp_path: Path
) -> None:
    send(WHOLE, "append")
    many = "".join(f"F0001{n:02d},企业{n}\n" for n in range(20))
    run = send(f"编码,名称\n{many}X000002,乙改\n")
    assert (run.status, run.set_aside) == ("published", 1)
    book = pl.read_excel(selectors.rejects(officer, run.id), engine="calamine")
    corrected = tmp_path / "corrected.xlsx"
    book.with_columns(编码=pl.lit("F000002")).write_excel(corrected)
    again = services.work(services.receive(officer, FIRMS, corrected, resend_of=run.id).id)
    assert (again.status, again.mode, again.kept) == ("published", "upsert", ("amount", "day"))
    assert rows()["F000002"] == ("乙改", 2.5, "2026-01-06")


def test_required_columns_may_be_missing_for_keys_that_exist(send: Callable[..., RunView]) -> None:
    send(WHOLE, "append")
    run = send("编码,金额\nF000001,9\nF000002,\n")
    assert (run.status, run.accepted, run.kept) == ("published", 2, ("name", "day"))
    assert rows() == {
        "F000001": ("甲", 9.0, "2026-01-05"),
        "F000002": ("乙", None, "2026-01-06"),
    }


def test_new_keys_without_what_is_required_are_set_aside_with_the_reason(
    send: Callable[..., RunView], officer: Actor
) -> None:
    many = "".join(f"F0001{n:02d},企业{n},{n},\n" for n in range(20))
    send(f"编码,名称,金额,日期\n{many}", "append")
    changed = "".join(f"F0001{n:02d},{n + 1}\n" for n in range(20))
    run = send(f"编码,金额\n{changed}F000009,7\n")
    assert (run.status, run.sent, run.accepted, run.set_aside) == ("published", 21, 20, 1)
    assert "F000009" not in rows()
    assert rows()["F000119"] == ("企业19", 20.0, "None")
    (problem,) = selectors.problems(officer, run.id).items
    assert (problem.row, problem.code, problem.rule) == (22, "required_new", "name.required_new")
    assert "“名称”为必填项：文件没有这一列" in problem.text.zh
    assert run.verdict is not None
    said = "".join(reason["zh"] for reason in run.verdict["reasons"])
    assert "其中必填的名称没有原值可保留时，该行剔出" in said
    assert "有 1 行缺少必填项" in said
    book = pl.read_excel(selectors.rejects(officer, run.id), engine="calamine")
    assert book["编码"].to_list() == ["F000009"]


def test_a_new_row_comes_in_once_its_correction_brings_the_column(
    send: Callable[..., RunView], officer: Actor, tmp_path: Path
) -> None:
    many = "".join(f"F0001{n:02d},企业{n},{n},\n" for n in range(20))
    send(f"编码,名称,金额,日期\n{many}", "append")
    changed = "".join(f"F0001{n:02d},{n + 1}\n" for n in range(20))
    run = send(f"编码,金额\n{changed}F000009,7\n")
    book = pl.read_excel(selectors.rejects(officer, run.id), engine="calamine")
    corrected = tmp_path / "corrected.xlsx"
    book.with_columns(名称=pl.lit("壬")).write_excel(corrected)
    again = services.work(services.receive(officer, FIRMS, corrected, resend_of=run.id).id)
    assert (again.status, again.accepted) == ("published", 1)
    assert rows()["F000009"] == ("壬", 7.0, "None")


def test_the_first_update_of_an_empty_table_needs_what_is_required(
    send: Callable[..., RunView],
) -> None:
    run = send("编码,金额\nF000001,9\n")
    assert (run.status, run.accepted, run.set_aside) == ("refused", 0, 1)


def test_the_key_must_come_and_other_modes_need_every_required_column(
    send: Callable[..., RunView],
) -> None:
    send(WHOLE, "append")
    for text, mode in (("名称,金额\n甲,9\n", "upsert"), ("编码,金额\nF000003,9\n", "append")):
        run = send(text, mode)
        assert (run.status, run.error_code) == ("held", "intake.reading_unsure")
        assert run.proposal is not None
        assert "fields_missing" in [doubt["code"] for doubt in run.proposal["doubts"]]
    assert len(rows()) == 2


ORDERED = """
[[checks]]
id = "day_known"
holds = "amount <= 5 or day is not null"
severity = "set-aside"
dimension = "consistency"
fields = ["amount"]
zh = "金额大于 5 的须有日期"
en = "An amount above 5 has a day"
hint = { zh = "请补充日期。", en = "Add the day." }
"""


@pytest.fixture
def ordered(tmp_path: Path) -> None:
    firm = "resources/firm.toml"
    install({**PACK, firm: PACK[firm] + ORDERED}, tmp_path)


@pytest.mark.usefixtures("ordered")
def test_conditions_see_the_row_as_it_will_be(send: Callable[..., RunView], officer: Actor) -> None:
    """The kept day satisfies what the file alone would break; without one, the row falls."""
    many = "".join(f"F0001{n:02d},企业{n},1,\n" for n in range(20))
    send(WHOLE + many, "append")
    rest = "".join(f"F0001{n:02d},企业{n},2\n" for n in range(19))
    run = send(f"编码,名称,金额\nF000001,甲,9\nF000119,企业19,9\n{rest}")
    assert (run.status, run.sent, run.accepted, run.set_aside) == ("published", 21, 20, 1)
    assert rows()["F000001"] == ("甲", 9.0, "2026-01-05")
    assert rows()["F000119"] == ("企业19", 1.0, "None")
    (problem,) = selectors.problems(officer, run.id).items
    assert (problem.rule, problem.row, problem.value) == ("day_known", 3, "9")
    assert run.verdict is not None
    assert "1 行缺少必填项或不符合字段之间的规则" in run.verdict["reasons"][-1]["zh"]


@pytest.mark.usefixtures("ordered")
def test_above_the_limit_whole_rows_refuse_the_update(send: Callable[..., RunView]) -> None:
    send("编码,名称,金额,日期\nF000001,甲,1,\n", "append")
    run = send("编码,名称,金额\nF000001,甲,9\n")
    assert (run.status, run.accepted, run.set_aside) == ("refused", 0, 1)
    assert rows()["F000001"] == ("甲", 1.0, "None")


def test_other_modes_keep_nothing(send: Callable[..., RunView]) -> None:
    send(WHOLE, "append")
    run = send("编码,名称\nF000001,甲\n", "replace")
    assert (run.status, run.kept) == ("published", ())
    assert rows() == {"F000001": ("甲", None, "None")}


def test_months_stay_months(tmp_path: Path, send: Callable[..., RunView]) -> None:
    """A date of varying precision has its precision beside it; both stay."""
    files = dict(PACK)
    firm = "resources/firm.toml"
    files[firm] = files[firm].replace('type = "date"\n', 'type = "date"\nprecision = "month"\n')
    install(files, tmp_path)
    send("编码,名称,日期\nF000001,甲,2026-03\n", "append")
    send("编码,名称\nF000001,甲改\n")
    (row,) = shelf.lake().read(FIRMS).to_pylist()
    assert (row["name"], row["day__precision"], row["day"].month) == ("甲改", "month", 3)


def test_each_division_keeps_its_own(
    hangzhou_officer: Actor, ningbo_officer: Actor, tmp_path: Path
) -> None:
    files = dict(PACK)
    files["resources/county_firm.toml"] += (
        '\n[fields.note]\ntype = "text"\nzh = "备注"\nen = "Note"\n'
    )
    install(files, tmp_path)
    file = tmp_path / "city.csv"
    for officer, division, note in (
        (hangzhou_officer, "330100", "杭"),
        (ningbo_officer, "330200", "甬"),
    ):
        file.write_text(f"编码,备注\nA,{note}\n", encoding="utf-8")
        run = services.receive(officer, "trade.county_firm", file, division=division)
        assert services.work(run.id).status == "published"
    file.write_text("编码\nA\n", encoding="utf-8")
    run = services.receive(
        ningbo_officer, "trade.county_firm", file, division="330200", mode="upsert"
    )
    assert services.work(run.id).status == "published"
    held = shelf.lake().read("trade.county_firm").to_pylist()
    assert {r["_division"]: r["note"] for r in held} == {"330100": "杭", "330200": "甬"}
