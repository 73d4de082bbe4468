"""Checks that are a select and set rows aside: asked before anything is published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.intake import selectors, services, working
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS, PACK
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services

CHECK = """-- resource: firm
-- name.zh: 同名企业金额不同
-- name.en: Firms of one name have different amounts
-- hint.zh: 请核对同名企业的金额。
-- hint.en: Compare the amounts of the firms of that name.
-- dimension: consistency
-- severity: set-aside
-- fields: amount
select a.code
from firm as a
join firm as b on a.name = b.name
where a.amount <> b.amount and a.code >= b.code
"""


@pytest.fixture
def checked(tmp_path: Path) -> Callable[[str], None]:
    """``checked(sql)``: the pack's next version, with that check."""

    def install(sql: str = CHECK) -> None:
        folder = tmp_path / "next" / "trade"
        files = {**PACK, "checks/same_name.sql": sql}
        files["pack.toml"] = files["pack.toml"].replace("1.0.0", "1.1.0")
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        installed = shelf_services.install_pack(SYSTEM, folder)
        assert installed.usable, installed.problems
        catalogue.register_resources(SYSTEM, "trade")

    return install


@pytest.fixture
def send(officer: Actor, tmp_path: Path) -> Callable[..., RunView]:
    """``send([(code, name, amount), ...], "upsert")``: a delivery, worked on."""

    def sent(rows: list[tuple[str, str, str]], mode: str = "append", **more: Any) -> RunView:
        path = tmp_path / "firms.csv"
        lines = [f"{code},{name},{amount},2026-01-05" for code, name, amount in rows]
        path.write_text("\n".join(["编码,名称,金额,日期", *lines]) + "\n", encoding="utf-8")
        run = services.receive(officer, FIRMS, path, mode=mode, **more)
        return services.work(run.id)

    return sent


def many(start: int = 0, number: int = 20) -> list[tuple[str, str, str]]:
    return [(f"F{n:06d}", f"企业{n}", "1") for n in range(start, start + number)]


def held() -> dict[str, str]:
    found = shelf.lake().read(FIRMS).to_pylist()
    return {row["code"]: f"{row['amount'].normalize():f}" for row in found}


def test_failing_rows_of_the_delivery_are_set_aside(
    checked: Callable[..., None], send: Callable[..., RunView], officer: Actor
) -> None:
    checked()
    assert send(many()).status == "published"
    run = send([*many(100), ("F000900", "企业3", "9")])
    assert (run.status, run.sent, run.accepted, run.set_aside) == ("published", 21, 20, 1)
    assert len(held()) == 40
    (problem,) = selectors.problems(officer, run.id).items
    assert (problem.row, problem.column, problem.value) == (22, "金额", "9")
    assert (problem.code, problem.severity) == ("sql_check", "set-aside")
    workbook = pl.read_excel(selectors.rejects(officer, run.id), engine="calamine")
    assert workbook["编码"].to_list() == ["F000900"]
    assert run.verdict is not None
    assert [(f["id"], f["failed"]) for f in run.verdict["sql"]] == [("same_name", 1)]


def test_rows_of_others_that_begin_to_fail_hold_the_delivery_once(
    checked: Callable[..., None], send: Callable[..., RunView], approver: Actor
) -> None:
    checked()
    send([("F000500", "企业3", "1"), *many(600)])
    run = send([*many(0, 3), ("F000003", "企业3", "9")])
    assert (run.status, run.set_aside) == ("held", 0)
    assert run.verdict is not None
    assert "同名企业金额不同" in run.verdict["reasons"][0]["zh"]
    assert len(held()) == 21
    services.decide(approver, run.id, "publish", "已核实")
    assert services.work(run.id).status == "published"
    assert held()["F000003"] == "9"


def test_killed_before_it_is_held_it_is_held_the_next_time(
    checked: Callable[..., None],
    send: Callable[..., RunView],
    approver: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever decided before did not know what the check finds."""
    checked()
    send([("F000500", "企业3", "1"), *many(600)])
    run = send([*many(0, 3), ("F000003", "企业3", "9")], publish=False)
    services.decide(approver, run.id, "publish", "已核实")

    def killed(run: Run) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(working, "_hold", killed)
        with pytest.raises(KeyboardInterrupt):
            services.work(run.id)
    assert services.work(run.id).status == "held"
    assert len(held()) == 21


ORPHANS = (
    CHECK.partition("select")[0]
    + """select a.code
from firm as a
left join firm as b on a.name = b.name || '分店'
where a.name like '%分店' and b.code is null
"""
)


def test_a_deletion_is_judged_by_what_it_leaves(
    checked: Callable[..., None], send: Callable[..., RunView], approver: Actor
) -> None:
    checked(ORPHANS)
    send([("F000001", "甲", "1"), ("F000002", "甲分店", "1"), *many(100)])
    harmless = send([("F000100", "", "")], "delete")
    assert (harmless.status, harmless.accepted) == ("published", 1)
    run = send([("F000001", "", "")], "delete")
    assert (run.status, run.set_aside) == ("held", 0)
    assert run.verdict is not None
    assert "已有的 1 行" in run.verdict["reasons"][0]["zh"]
    assert "F000001" in held()
    services.decide(approver, run.id, "publish", "分店随后更名")
    assert services.work(run.id).status == "published"
    assert "F000001" not in held()
    both = send([("F000001", "甲", "1"), *many(300)], "upsert")
    assert both.status == "published"
    assert send([("F000001", "", ""), ("F000002", "", "")], "delete").status == "published"


def test_what_failed_before_does_not_hold_later_deliveries(
    checked: Callable[..., None], send: Callable[..., RunView]
) -> None:
    send([("F000001", "甲", "1"), ("F000002", "甲", "2")])
    checked()
    run = send(many(100))
    assert run.status == "published"
    assert run.verdict is not None
    assert run.verdict["sql"][0]["failed"] == 1


def test_an_update_is_judged_by_what_it_leaves(
    checked: Callable[..., None], send: Callable[..., RunView]
) -> None:
    """Both firms of a name are changed together: neither fails, though each alone would."""
    checked()
    send([("F000001", "甲", "1"), ("F000002", "甲", "1"), *many(100)])
    both = send([("F000001", "甲", "5"), ("F000002", "甲", "5")], "upsert")
    assert (both.status, both.set_aside) == ("published", 0)
    one = send([("F000002", "甲", "6"), *many(200)], "upsert")
    assert (one.status, one.set_aside) == ("published", 1)
    assert held()["F000002"] == "5"


def test_a_replacement_is_judged_by_itself(
    checked: Callable[..., None], send: Callable[..., RunView]
) -> None:
    checked()
    send([("F000001", "甲", "1"), *many(100)])
    run = send([("F000002", "甲", "7"), *many(200)], "replace")
    assert (run.status, run.set_aside) == ("published", 0)


def test_above_the_limit_the_delivery_is_refused(
    checked: Callable[..., None], send: Callable[..., RunView]
) -> None:
    checked()
    send(many())
    run = send([("F000900", "企业3", "9")])
    assert (run.status, run.accepted) == ("refused", 0)
    assert len(held()) == 20


def test_a_check_that_warns_stays_as_it_was(
    checked: Callable[..., None], send: Callable[..., RunView]
) -> None:
    checked(CHECK.replace("severity: set-aside", "severity: warn"))
    send(many())
    run = send([*many(100), ("F000900", "企业3", "9")])
    assert (run.status, run.set_aside) == ("published", 0)
    assert run.verdict is not None
    assert run.verdict["sql"][0]["failed"] == 1
    assert len(held()) == 41


def _checked_and_failed(run: RunView, dimension: str = "consistency") -> tuple[int, int]:
    assert run.verdict is not None
    said = run.verdict["dimensions"][dimension]
    return said["checked"], said["failed"]


def test_a_check_counts_in_its_dimension_whether_rows_fail_or_none(
    checked: Callable[..., None], send: Callable[..., RunView]
) -> None:
    plain = _checked_and_failed(send(many()))
    checked()
    sound = _checked_and_failed(send(many(100)))
    assert sound == (plain[0] + 20, 0)
    failing = _checked_and_failed(send([*many(200), ("F000900", "企业3", "9")]))
    assert failing == (plain[0] // 20 * 21 + 21, 1)
    checked(CHECK.replace("dimension: consistency", "dimension: normativity"))
    moved = send(many(300))
    assert _checked_and_failed(moved) == plain


def test_a_run_that_is_asked_twice_counts_a_check_once(
    checked: Callable[..., None], send: Callable[..., RunView], approver: Actor
) -> None:
    checked()
    send([("F000500", "企业3", "1"), *many(600)])
    rows = [*many(0, 3), ("F000003", "企业3", "9")]
    run = send(rows)
    assert run.status == "held"
    services.decide(approver, run.id, "publish", "已核实")
    done = services.work(run.id)
    assert done.status == "published"
    assert _checked_and_failed(done) == _checked_and_failed(run)
