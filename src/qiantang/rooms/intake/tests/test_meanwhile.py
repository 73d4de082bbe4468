"""What other deliveries published between a delivery's check and its write is not overlooked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import meanwhile, selectors, services, working
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS
from qiantang.rooms.shelf import selectors as shelf

Made = Callable[..., Path]


def held(actor: Actor, path: Path) -> RunView:
    run = services.work(services.receive(actor, FIRMS, path, publish=False).id)
    assert (run.status, run.set_aside) == ("held", 0)
    return run


def approved(approver: Actor, run: RunView) -> RunView:
    services.decide(approver, run.id, "publish", "已核实")
    return services.work(run.id, actor=approver)


def keys() -> Counter[str]:
    return Counter(shelf.lake().read(FIRMS, columns=["code"]).column("code").to_pylist())


@pytest.fixture
def two(officer: Actor, csv_file: Made) -> Callable[[int], tuple[RunView, RunView]]:
    """Two checked deliveries of 20 rows that share so many keys."""

    def made(shared: int) -> tuple[RunView, RunView]:
        first = held(officer, csv_file(20, name="a.csv"))
        return first, held(officer, csv_file(20, start=20 - shared, name="b.csv"))

    return made


def test_a_key_published_since_the_check_is_set_aside(
    two: Callable[[int], tuple[RunView, RunView]], officer: Actor, approver: Actor
) -> None:
    first, second = two(1)
    assert approved(approver, first).status == "published"
    done = approved(approver, second)
    assert (done.status, done.sent, done.accepted, done.set_aside) == ("published", 20, 19, 1)
    assert done.duplicates == 1
    assert max(keys().values()) == 1
    assert keys().total() == 39
    (problem,) = selectors.problems(officer, done.id).items
    assert (problem.code, problem.row, problem.value) == ("key_exists", 2, "F000019")
    workbook = pl.read_excel(selectors.rejects(officer, done.id), engine="calamine")
    assert workbook["编码"].to_list() == ["F000019"]
    assert done.verdict is not None
    assert any("1 行的主键" in reason["zh"] for reason in done.verdict["reasons"])


def test_its_row_comes_back_as_it_was_sent(
    officer: Actor, approver: Actor, tmp_path: Path, csv_file: Made
) -> None:
    path = tmp_path / "late.csv"
    path.write_text(
        '编码,名称,金额,日期\n Ｆ000003 ,企业,"1,200.50元",2026年1月3日\nF000090,乙,1,20260104\n',
        encoding="utf-8",
    )
    late = held(officer, path)
    approved(approver, held(officer, csv_file(20)))
    done = approved(approver, late)
    assert (done.set_aside, done.status) == (1, "held")
    workbook = pl.read_excel(
        selectors.rejects(officer, done.id), engine="calamine", infer_schema_length=0
    )
    assert workbook.row(0)[:4] == (" Ｆ000003 ", "企业", "1,200.50元", "2026年1月3日")


def test_it_is_the_finding_of_a_check_that_came_later(
    two: Callable[[int], tuple[RunView, RunView]],
    officer: Actor,
    approver: Actor,
    csv_file: Made,
) -> None:
    first, second = two(1)
    approved(approver, first)
    late = approved(approver, second)
    services.work(services.receive(officer, FIRMS, csv_file(1, start=90, name="c.csv")).id)
    sent = services.receive(officer, FIRMS, csv_file(20, start=90, name="d.csv"))
    checked = services.work(sent.id)
    (after,) = selectors.problems(officer, late.id).items
    (at_once,) = selectors.problems(officer, checked.id).items
    for name in ("code", "rule", "column", "dimension", "severity", "hint"):
        assert getattr(after, name) == getattr(at_once, name)


def test_two_at_the_same_time_publish_a_key_once(officer: Actor, csv_file: Made) -> None:
    first = services.receive(officer, FIRMS, csv_file(20, name="a.csv"))
    second = services.receive(officer, FIRMS, csv_file(20, start=19, name="b.csv"))

    def overtaken(stage: str, rows: int) -> None:
        if stage == "publishing":
            assert services.work(first.id).status == "published"

    done = services.work(second.id, progress=overtaken)
    assert (done.status, done.accepted, done.set_aside) == ("published", 19, 1)
    assert max(keys().values()) == 1


def test_the_limits_count_what_was_set_aside_then(
    two: Callable[[int], tuple[RunView, RunView]], approver: Actor
) -> None:
    first, second = two(5)
    approved(approver, first)
    again = approved(approver, second)
    assert (again.status, again.accepted, again.set_aside) == ("held", 15, 5)
    assert keys().total() == 20
    done = approved(approver, again)
    assert (done.status, done.accepted, done.set_aside) == ("published", 15, 5)
    assert max(keys().values()) == 1


def test_above_the_limit_nothing_of_it_is_published(
    two: Callable[[int], tuple[RunView, RunView]], approver: Actor
) -> None:
    first, second = two(15)
    approved(approver, first)
    done = approved(approver, second)
    assert (done.status, done.sent, done.set_aside) == ("refused", 20, 15)
    assert keys().total() == 20


def test_killed_before_it_is_held_it_is_held_the_next_time(
    two: Callable[[int], tuple[RunView, RunView]], approver: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two(5)
    approved(approver, first)
    services.decide(approver, second.id, "publish", "已核实")

    def killed(run: Run) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(working, "_hold", killed)
        with pytest.raises(KeyboardInterrupt):
            services.work(second.id)
    assert selectors.run(approver, second.id).status == "publishing"
    again = services.work(second.id)
    assert (again.status, again.accepted, again.set_aside) == ("held", 15, 5)
    assert keys().total() == 20


def test_nothing_is_read_again_where_nothing_changed(
    officer: Actor, approver: Actor, csv_file: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.work(services.receive(officer, FIRMS, csv_file(5, start=50, name="z.csv")).id)
    run = held(officer, csv_file(20))

    def read(*_: object) -> None:
        pytest.fail("the keys were read again")

    monkeypatch.setattr(meanwhile, "examination_of", read)
    assert approved(approver, run).status == "published"
