"""How a file is read: doubts wait for a person, what was settled is kept, drift stops it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from qiantang.engine.quality.reading.errors import RecipeBroken
from qiantang.engine.quality.reading.files import SentFile
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.errors import NotDeliverer, RunUnknown
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS
from qiantang.rooms.shelf import selectors as shelf

SCALED = "编码,名称,金额（万元）,日期"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(name: str, *lines: str) -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return made


def send(actor: Actor, path: Path, **how: object) -> RunView:
    run = services.receive(actor, FIRMS, path, **how)  # type: ignore[arg-type]
    return services.work(run.id, actor=actor) if run.is_working else run


def amounts() -> dict[str, int]:
    rows = shelf.lake().read(FIRMS).to_pylist()
    return {row["code"]: int(row["amount"]) for row in rows}


def held(actor: Actor, write: Write) -> RunView:
    run = send(actor, write("a.csv", SCALED, "F000001,甲,1.5,2026-01-01"))
    assert (run.status, run.error_code) == ("held", "intake.reading_unsure")
    assert run.proposal is not None
    assert {doubt["code"] for doubt in run.proposal["doubts"]} == {"unit_factor"}
    return run


def test_a_doubt_waits_and_its_confirmation_is_kept(officer: Actor, write: Write) -> None:
    run = held(officer, write)
    assert run.proposal is not None
    services.confirm_reading(officer, run.id, run.proposal["recipe"])
    assert services.work(run.id, actor=officer).status == "published"
    assert amounts() == {"F000001": 15000}
    again = send(officer, write("b.csv", "名称,日期,编码,金额（万元）", "乙,2026-01-02,F000002,2"))
    assert (again.status, again.error) == ("published", None)
    assert amounts()["F000002"] == 20000


def test_the_same_file_with_an_answer_is_read_and_not_repeated(
    officer: Actor, write: Write
) -> None:
    run = held(officer, write)
    path = write("a.csv", SCALED, "F000001,甲,1.5,2026-01-01")
    asked = send(officer, path)
    assert (asked.id, asked.status, asked.repeated) == (run.id, "held", True)
    answered = send(officer, path, accept_doubts=True)
    assert (answered.id, answered.status) == (run.id, "published")
    assert amounts() == {"F000001": 15000}


def test_a_recipe_answers_a_held_reading_too(officer: Actor, write: Write) -> None:
    run = held(officer, write)
    assert run.proposal is not None
    recipe = dict(run.proposal["recipe"])
    recipe["columns"] = [{**c, "factor": "1"} for c in recipe["columns"]]
    path = write("a.csv", SCALED, "F000001,甲,15,2026-01-01")
    assert send(officer, path, recipe=recipe).status == "published"
    assert amounts() == {"F000001": 15}


def test_a_file_that_no_longer_fits_stops_with_a_comparison(officer: Actor, write: Write) -> None:
    run = held(officer, write)
    assert run.proposal is not None
    services.keep_recipe(officer, FIRMS, run.proposal["recipe"])
    drifted = send(officer, write("c.csv", "编码,企业全称,金额,日期", "F000003,丙,3,2026-01-03"))
    assert (drifted.status, drifted.error_code) == ("held", "reading.recipe_unfit")
    assert drifted.error is not None
    assert "金额（万元）" in drifted.error["messages"]["zh"]
    assert drifted.error["comparison"]


def test_a_kept_recipe_that_fits_opens_the_file_once(
    officer: Actor, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = held(officer, write)
    assert run.proposal is not None
    services.keep_recipe(officer, FIRMS, run.proposal["recipe"])
    opened: list[str] = []
    unpack = SentFile._unpack

    def counted(self: SentFile, member: str | None) -> str:
        opened.append(self.name)
        return unpack(self, member)

    monkeypatch.setattr(SentFile, "_unpack", counted)
    again = send(officer, write("b.csv", SCALED, "F000002,乙,2,2026-01-02"))
    assert (again.status, opened) == ("published", ["b.csv"])
    empty = send(officer, write("c.csv", SCALED))
    assert (empty.status, empty.error_code) == ("refused", "reading.rows_missing")


def test_a_recipe_for_uploads_does_not_bind_a_database(
    officer: Actor, write: Write, tmp_path: Path
) -> None:
    run = held(officer, write)
    assert run.proposal is not None
    services.keep_recipe(officer, FIRMS, run.proposal["recipe"])
    file = tmp_path / "firms.sqlite"
    with sqlite3.connect(file) as db:
        db.execute('CREATE TABLE firms ("编码" TEXT, "名称" TEXT, "金额" REAL, "日期" TEXT)')
        db.execute("INSERT INTO firms VALUES ('F000004', '丁', 4, '2026-01-04')")
    config = {"engine": "sqlite", "file": str(file), "table": "firms"}
    services.add_source(SYSTEM, "register", "database", FIRMS, config)
    (fetched,) = services.fetch(SYSTEM, "register")
    assert (fetched.status, fetched.error) == ("published", None)


def test_corrected_rows_are_read_as_the_delivery_was(
    officer: Actor, write: Write, tmp_path: Path
) -> None:
    path = write("a.csv", SCALED, *(f"F{n:06d},甲,{n},2026-01-01" for n in range(29)), "X,乙,7,")
    run = send(officer, path, accept_doubts=True)
    assert (run.status, run.set_aside) == ("published", 1)
    services.keep_recipe(officer, FIRMS, run.recipe or {})
    book = openpyxl.load_workbook(selectors.rejects(officer, run.id))
    assert book.active is not None
    book.active.cell(2, 1).value = "F000099"
    book.save(tmp_path / "corrected.xlsx")
    again = send(officer, tmp_path / "corrected.xlsx", resend_of=run.id)
    assert (again.status, again.accepted) == ("published", 1)
    assert amounts()["F000099"] == 70000


def test_only_those_who_deliver_settle_how_a_file_is_read(
    officer: Actor, stranger: Actor, auditor: Actor, write: Write
) -> None:
    run = held(officer, write)
    assert run.proposal is not None
    recipe = run.proposal["recipe"]
    with pytest.raises(RunUnknown):
        services.confirm_reading(stranger, run.id, recipe)
    for actor in (stranger, auditor):
        with pytest.raises(NotDeliverer):
            services.keep_recipe(actor, FIRMS, recipe)
    with pytest.raises(RecipeBroken):
        services.confirm_reading(officer, run.id, {"format": "csv", "columns": "none"})
    assert selectors.run(auditor, run.id).proposal is None


PEOPLE = ("", "附表：人员名单,,,", "姓名,职务,电话,备注", "张三,主任,13857123456,无")


def many(rows: int) -> list[str]:
    return [f"F{n:06d},企业{n},{n},2026-01-01" for n in range(rows)]


def test_a_second_table_waits_for_a_person_and_is_left_out_when_confirmed(
    officer: Actor, write: Write
) -> None:
    run = send(officer, write("a.csv", "编码,名称,金额,日期", *many(40), *PEOPLE))
    assert (run.status, run.error_code) == ("held", "intake.reading_unsure")
    assert run.proposal is not None
    assert [doubt["code"] for doubt in run.proposal["doubts"]] == ["second_table"]
    services.confirm_reading(officer, run.id, run.proposal["recipe"])
    done = services.work(run.id, actor=officer)
    assert (done.status, done.sent, done.accepted) == ("published", 40, 40)
    assert done.left_out["reasons"]["second-table"] == 3
    assert "13857123456" in str(done.left_out["rows"])


def test_a_second_table_far_down_stops_the_run_and_the_same_reading_is_proposed(
    officer: Actor, write: Write
) -> None:
    path = write("a.csv", "编码,名称,金额,日期", *many(400), *PEOPLE)
    run = send(officer, path)
    assert (run.status, run.error_code) == ("held", "reading.second_table")
    assert "F000000" not in amounts_or_nothing()
    proposed = services.propose_reading(officer, run.id)
    assert proposed.recipe["second_table"] == "end"
    assert [doubt["code"] for doubt in proposed.doubts] == ["second_table"]
    services.confirm_reading(officer, run.id, proposed.recipe)
    done = services.work(run.id, actor=officer)
    assert (done.status, done.sent) == ("published", 400)


def test_a_second_table_is_ended_before_when_doubts_are_accepted(
    officer: Actor, write: Write
) -> None:
    path = write("a.csv", "编码,名称,金额,日期", *many(400), *PEOPLE)
    run = send(officer, path, accept_doubts=True)
    assert (run.status, run.sent, run.skipped) == ("published", 400, 5)


def amounts_or_nothing() -> dict[str, int]:
    return amounts() if FIRMS in shelf.lake().tables() else {}


def test_a_near_name_stops_a_first_delivery_and_extra_columns_are_named(
    officer: Actor, write: Write
) -> None:
    run = send(officer, write("a.csv", "编码,名称,总投资,日期", "F000001,甲,5,2026-01-01"))
    assert (run.status, run.error_code) == ("held", "intake.reading_unsure")
    assert run.proposal is not None
    (doubt,) = run.proposal["doubts"]
    assert "总投资" in doubt["text"]["zh"]
    assert "金额" in doubt["text"]["zh"]
    extra = send(officer, write("b.csv", "编码,名称,金额,日期,经办", "F000001,甲,5,2026-01-01,某"))
    assert (extra.status, extra.left_out["columns"]) == ("published", ["经办"])
