"""Older data never takes the place of newer data without a person's word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.intake import selectors, services, working
from qiantang.rooms.intake.errors import Overtaken
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.shelf import selectors as shelf

Row = tuple[str, str]


@pytest.fixture
def sent(officer: Actor, tmp_path: Path) -> Callable[..., RunView]:
    """``sent([(code, name), ...], mode, file="a.csv")``: received, not worked on."""

    def made(rows: list[Row], mode: str, file: str = "a.csv", **more: Any) -> RunView:
        path = tmp_path / file
        path.write_text(
            "\n".join(["编码,名称", *(f"{c},{n}" for c, n in rows)]) + "\n", encoding="utf-8"
        )
        return services.receive(officer, FIRMS, path, mode=mode, **more)

    return made


def names() -> dict[str, str]:
    return {r["code"]: r["name"] for r in shelf.lake().read(FIRMS).to_pylist()}


OLD: list[Row] = [("F000001", "旧甲"), ("F000002", "旧乙")]
NEW: list[Row] = [("F000001", "新甲"), ("F000003", "新丙")]


def test_an_old_replacement_needs_a_word_once_a_newer_one_is_published(
    sent: Callable[..., RunView], approver: Actor
) -> None:
    old = services.work(sent(OLD, "replace", publish=False).id)
    assert old.since == ()
    new = services.work(sent(NEW, "replace", "b.csv").id)
    assert (old.status, new.status) == ("held", "published")
    with pytest.raises(Overtaken) as told:
        services.decide(approver, old.id, "publish", "已核实")
    for said in (told.value.text().zh, told.value.text().en):
        assert new.id in said
        assert "b.csv" in said
        assert new.received_name.zh in said or new.received_name.en in said
    (since,) = selectors.run(approver, old.id).since
    assert (since["run"], since["file"]) == (new.id, "b.csv")
    with pytest.raises(Overtaken):
        services.decide(approver, old.id, "publish", "已核实", over="another")
    assert names() == dict(NEW)
    services.decide(approver, old.id, "publish", "以旧表为准", over=new.id)
    assert services.work(old.id).status == "published"
    assert names() == dict(OLD)
    (noted,) = journal.entries(SYSTEM, verb="intake.decided").entries
    assert noted.detail["over"] == [new.id]


def test_what_comes_after_the_word_is_told_again(
    sent: Callable[..., RunView], approver: Actor
) -> None:
    old = services.work(sent(OLD, "replace", publish=False).id)
    new = services.work(sent(NEW, "replace", "b.csv").id)
    services.decide(approver, old.id, "publish", "以旧表为准", over=new.id)
    newest = services.work(sent([("F000009", "最新")], "replace", "c.csv").id)
    again = services.work(old.id)
    assert (again.status, [s["run"] for s in again.since]) == ("held", [newest.id])
    assert names() == {"F000009": "最新"}


def test_refusing_needs_no_such_word(sent: Callable[..., RunView], approver: Actor) -> None:
    old = services.work(sent(OLD, "replace", publish=False).id)
    services.work(sent(NEW, "replace", "b.csv").id)
    assert services.decide(approver, old.id, "refuse", "已有新表").status == "refused"


def test_of_two_at_once_the_older_one_is_held(sent: Callable[..., RunView]) -> None:
    old = sent(OLD, "replace")
    new = services.work(sent(NEW, "replace", "b.csv").id)
    late = services.work(old.id)
    assert (new.status, late.status) == ("published", "held")
    assert late.verdict is not None
    assert new.id in late.verdict["reasons"][-1]["zh"]
    assert names() == dict(NEW)


def test_the_newer_one_needs_no_word(sent: Callable[..., RunView]) -> None:
    assert services.work(sent(OLD, "replace").id).status == "published"
    assert services.work(sent(NEW, "replace", "b.csv").id).status == "published"
    assert names() == dict(NEW)


def test_an_old_update_is_held_only_where_keys_meet(
    sent: Callable[..., RunView], approver: Actor, officer: Actor
) -> None:
    apart = sent([("F000007", "庚")], "upsert", "x.csv")
    meets = sent(OLD, "upsert")
    new = services.work(sent(NEW, "upsert", "b.csv").id)
    assert services.work(apart.id).status == "published"
    held = services.work(meets.id)
    assert (held.status, held.set_aside) == ("held", 0)
    (finding,) = selectors.problems(officer, held.id).items
    assert (finding.code, finding.row, finding.severity) == ("key_newer", 2, "warn")
    assert names()["F000001"] == "新甲"
    with pytest.raises(Overtaken):
        services.decide(approver, held.id, "publish", "已核实")
    services.decide(approver, held.id, "publish", "以此为准", over=new.id)
    assert services.work(held.id).status == "published"
    assert names() == {**dict(NEW), **dict(OLD), "F000007": "庚"}


def test_an_old_update_does_not_bring_back_what_was_deleted(
    sent: Callable[..., RunView],
) -> None:
    services.work(sent([*OLD, ("F000005", "戊")], "append", "first.csv").id)
    old = sent(OLD, "upsert")
    gone = services.work(sent([("F000002", "")], "delete", "gone.csv").id)
    held = services.work(old.id)
    assert (gone.status, held.status) == ("published", "held")
    assert "F000002" not in names()


def many(number: int = 20) -> list[Row]:
    return [(f"F0001{n:02d}", f"企业{n}") for n in range(number)]


@pytest.fixture
def mended(officer: Actor, tmp_path: Path) -> Callable[..., RunView]:
    """``mended(run, rows)``: the workbook of the run's set-aside rows with these rows, sent."""

    def made(run: RunView, rows: list[Row]) -> RunView:
        book = pl.read_excel(selectors.rejects(officer, run.id), engine="calamine")
        one = book.head(1)
        frames = [one.with_columns(编码=pl.lit(c), 名称=pl.lit(n)) for c, n in rows]
        path = tmp_path / "mended.xlsx"
        pl.concat(frames).write_excel(path)
        return services.work(services.receive(officer, FIRMS, path, resend_of=run.id).id)

    return made


def test_a_corrected_row_does_not_overwrite_what_came_since(
    sent: Callable[..., RunView], mended: Callable[..., RunView], officer: Actor
) -> None:
    first = services.work(sent([*many(), ("X000001", "坏")], "replace", "s1.csv").id)
    assert (first.status, first.set_aside) == ("published", 1)
    services.work(sent([("F000001", "后来")], "append", "s2.csv").id)
    again = mended(first, [("F000001", "改正")])
    assert (again.mode, again.status) == ("upsert", "held")
    assert names()["F000001"] == "后来"
    (finding,) = selectors.problems(officer, again.id).items
    assert (finding.code, finding.value) == ("key_newer", "F000001")


def test_rows_that_were_not_set_aside_are_named_and_held(
    sent: Callable[..., RunView], mended: Callable[..., RunView], officer: Actor, approver: Actor
) -> None:
    first = services.work(sent([*many(), ("X000001", "坏")], "replace", "s1.csv").id)
    again = mended(first, [("F000001", "改正"), ("F000103", "夹带")])
    assert again.status == "held"
    assert names()["F000103"] == "企业3"
    (finding,) = selectors.problems(officer, again.id).items
    assert (finding.code, finding.row, finding.value) == ("key_newer", 3, "F000103")
    services.decide(approver, again.id, "publish", "一并更正", over=first.id)
    assert services.work(again.id).status == "published"
    assert (names()["F000103"], names()["F000001"]) == ("夹带", "改正")


def test_corrected_rows_alone_are_published(
    sent: Callable[..., RunView], mended: Callable[..., RunView]
) -> None:
    first = services.work(sent([*many(), ("X000001", "坏")], "replace", "s1.csv").id)
    assert mended(first, [("F000001", "改正")]).status == "published"
    assert len(names()) == 21


def test_killed_before_it_is_held_nothing_is_overwritten(
    sent: Callable[..., RunView], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = sent(OLD, "upsert")
    services.work(sent(NEW, "upsert", "b.csv").id)

    def killed(run: Run) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(working, "_hold", killed)
        with pytest.raises(KeyboardInterrupt):
            services.work(old.id)
    assert services.work(old.id).status == "held"
    assert names() == dict(NEW)
