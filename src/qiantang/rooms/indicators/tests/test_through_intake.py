"""Figures that come through intake: submitted once, with their written precision, then approved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qiantang.kernel.actors import Actor
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.tables import resource_rows
from qiantang.rooms.indicators.tests.conftest import RESOURCE
from qiantang.rooms.intake import selectors as intake_reads
from qiantang.rooms.intake import services as intake
from qiantang.rooms.journal.services import deliver_pending

HEAD = "id,indicator,division,period,value,unit,kind,grade,source_title"
Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def spool(tmp_path: Path, settings: object) -> None:
    settings.QIANTANG_SPOOL = tmp_path / "spool"  # type: ignore[attr-defined]
    settings.QIANTANG_WORKER = ""  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def entries(zone: None) -> None:
    from qiantang.kernel.actors import SYSTEM
    from qiantang.rooms.catalogue.services import register_resources

    register_resources(SYSTEM, "statistics-zhejiang")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(*rows: str, name: str = "figures.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
        return path

    return made


def row(id: str, value: str, unit: str = "亿元") -> str:
    return f"{id},core_va,330000,2019,{value},{unit},actual,A,统计年鉴"


def send(officer: Actor, path: Path) -> str:
    run = intake.receive(officer, RESOURCE, path)
    done = intake.work(run.id, actor=officer)
    assert done.status == "published", (done.error, done.verdict)
    deliver_pending()
    return run.id


def test_figures_wait_for_another_person(officer: Actor, approver: Actor, write: Write) -> None:
    run = send(officer, write(row("N1", "6228.90")))
    assert selectors.observations(indicator="core_va").total == 0
    (waiting,) = selectors.inbox(approver)
    assert waiting.submitted_by == officer.key
    noted = intake_reads.run(officer, run).aftermath or {}
    assert noted["submission"] == waiting.id
    assert intake_reads.delivered_texts(run)[0]["value"] == "6228.90"
    services.approve(approver, waiting.id)
    assert selectors.observation("N1").unit == "亿元"


def test_news_told_twice_submits_once(officer: Actor, approver: Actor, write: Write) -> None:
    run = send(officer, write(row("N1", "6228.9")))
    rows = intake_reads.delivered_texts(run)
    again = services.take_delivery(intake_reads.sender(run), RESOURCE, rows, run=run)
    assert [s.id for s in selectors.inbox(approver)] == [again.id if again else 0]


def test_nothing_new_submits_nothing(officer: Actor, approver: Actor, write: Write) -> None:
    send(officer, write(row("N1", "6228.9")))
    services.approve(approver, selectors.inbox(approver)[0].id)
    run = send(officer, write(row("N1", "6228.9"), name="again.csv").with_name("again.csv"))
    assert selectors.inbox(approver) == ()
    assert run


def test_figures_that_no_judge_can_read_are_told_at_the_run(
    officer: Actor, approver: Actor, write: Write
) -> None:
    run = send(officer, write(row("N1", "6228.9", unit="个人")))
    assert selectors.inbox(approver) == ()
    noted = intake_reads.run(officer, run).aftermath or {}
    assert noted["error"]["code"].startswith("indicators.")


def test_rows_are_read_as_of_a_day(officer: Actor, approver: Actor, write: Write) -> None:
    from datetime import date

    send(officer, write(row("N1", "6228.9")))
    services.approve(approver, selectors.inbox(approver)[0].id)
    assert [r["id"] for r in resource_rows(officer, RESOURCE).rows] == ["N1"]
    assert resource_rows(officer, RESOURCE, at=date(2020, 1, 1)).rows == ()
    assert resource_rows(officer, RESOURCE, at=date(2099, 1, 1)).total == 1
