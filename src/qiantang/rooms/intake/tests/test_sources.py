"""Sources: watched folders; schedules, late sources, who may."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.intake import schedule, selectors, services
from qiantang.rooms.intake.errors import (
    NotSourceKeeper,
    ServerPathForbidden,
    SourceExists,
    SourceInvalid,
    SourceRefused,
    SourceUnknown,
)
from qiantang.rooms.intake.tests.conftest import FIRMS, lake_rows

Made = Callable[..., Path]


# Watched folders.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "drop"
    path.mkdir()
    config = {"path": str(path), "pattern": "*.csv", "settled": 0.2}
    services.add_source(SYSTEM, "nightly", "folder", FIRMS, config)
    return path


def test_a_settled_file_is_taken_and_moved_away(folder: Path, csv_file: Made) -> None:
    shutil.copy(csv_file(20), folder / "one.csv")
    (folder / "notes.txt").write_text("no data")
    assert services.fetch(SYSTEM, "nightly") == ()
    time.sleep(0.3)
    (run,) = services.fetch(SYSTEM, "nightly")
    assert (run.status, run.source_kind) == ("published", "folder")
    assert (folder / "done" / "one.csv").is_file()
    assert (folder / "notes.txt").is_file()
    assert services.fetch(SYSTEM, "nightly") == ()


def test_a_file_that_still_grows_is_left_alone(folder: Path, csv_file: Made) -> None:
    shutil.copy(csv_file(20), folder / "one.csv")
    time.sleep(0.3)
    with (folder / "one.csv").open("a") as file:
        file.write("F999999,甲,1,2026-01-01\n")
    assert services.fetch(SYSTEM, "nightly") == ()


def test_a_refused_file_goes_aside_with_its_reason(folder: Path, csv_file: Made) -> None:
    shutil.copy(csv_file(20, bad=15), folder / "bad.csv")
    time.sleep(0.3)
    (run,) = services.fetch(SYSTEM, "nightly")
    assert run.status == "refused"
    reason = (folder / "failed" / "bad.csv.txt").read_text(encoding="utf-8")
    assert run.id in reason
    assert "整批拒收" in reason


def test_the_same_file_dropped_again_changes_nothing(folder: Path, csv_file: Made) -> None:
    for name in ("one.csv", "again.csv"):
        shutil.copy(csv_file(20), folder / name)
        time.sleep(0.3)
        (run,) = services.fetch(SYSTEM, "nightly")
    assert run.repeated
    assert lake_rows() == 20
    assert {p.name for p in (folder / "done").iterdir()} == {"one.csv", "again.csv"}


def test_a_lost_folder_is_told_at_the_source(folder: Path) -> None:
    folder.rmdir()
    with pytest.raises(SourceRefused):
        services.fetch(SYSTEM, "nightly")
    seen = selectors.source(SYSTEM, "nightly")
    assert (seen.error or {})["code"] == "intake.source_refused"


# Schedules.


def test_durations_keep_to_the_month() -> None:
    start = datetime(2026, 1, 31, 8, tzinfo=UTC)
    assert schedule.later(start, "P1M").date().isoformat() == "2026-02-28"
    assert schedule.later(start, "P1Y").date().isoformat() == "2027-01-31"
    assert schedule.later(start, "PT6H") == start + timedelta(hours=6)
    assert schedule.checked("P10Y") == "P10Y"
    for wrong in ("P", "1D", "P1X", "PT", "P999Y9999M", "P10Y1D"):
        with pytest.raises(SourceInvalid):
            schedule.checked(wrong)


def test_a_late_source_is_marked_once_and_reminded(officer: Actor, stranger: Actor) -> None:
    services.add_source(officer, "monthly", "upload", FIRMS, {}, every="P1D")
    now = datetime.now(UTC)
    assert services.mark_overdue(now) == 0
    late = now + timedelta(days=2)
    assert services.mark_overdue(late) == 1
    assert services.mark_overdue(late) == 0
    assert [s.id for s in selectors.overdue(officer)] == ["monthly"]
    assert [r.kind for r in selectors.reminders(officer)] == ["overdue"]
    assert selectors.overdue(stranger) == ()


def test_an_upload_settles_what_was_overdue(officer: Actor, csv_file: Made) -> None:
    services.add_source(officer, "monthly", "upload", FIRMS, {}, every="P1D")
    services.mark_overdue(datetime.now(UTC) + timedelta(days=2))
    run = services.receive(officer, FIRMS, csv_file(20))
    services.work(run.id)
    seen = selectors.source(officer, "monthly")
    assert not seen.overdue
    assert seen.last_ok_at is not None


def test_due_sources_are_fetched_and_waiting_runs_worked_on(
    folder: Path, officer: Actor, csv_file: Made
) -> None:
    shutil.copy(csv_file(20), folder / "one.csv")
    waiting = services.receive(officer, FIRMS, csv_file(5, start=100, name="two.csv"))
    time.sleep(0.3)
    assert services.is_work_waiting()
    services.work_waiting()
    assert selectors.run(officer, waiting.id).status == "published"
    assert lake_rows() == 25
    assert not services.is_work_waiting()


def test_a_source_is_in_one_state_that_is_true(
    folder: Path, csv_file: Made, officer: Actor
) -> None:
    def state() -> tuple[str, str]:
        (seen,) = selectors.sources(SYSTEM)
        assert seen == selectors.source(SYSTEM, "nightly")
        return seen.state, seen.state_name.zh

    assert state() == ("new", "尚未取数")
    services.fetch(SYSTEM, "nightly")
    assert state() == ("nothing", "尚无数据")
    for name, rows, bad, now in (
        ("bad.csv", 20, 15, "refused"),
        ("half.csv", 20, 5, "held"),
        ("good.csv", 30, 0, "fine"),
    ):
        shutil.copy(csv_file(rows, bad=bad), folder / name)
        time.sleep(0.3)
        services.fetch(SYSTEM, "nightly")
        assert state()[0] == now
    services.fetch(SYSTEM, "nightly")
    assert state() == ("fine", "正常")
    services.mark_overdue(datetime.now(UTC) + timedelta(days=60))
    services.fetch(SYSTEM, "nightly")  # looked at in vain
    assert state() == ("overdue", "逾期")
    services.pause_source(SYSTEM, "nightly")
    assert state() == ("paused", "逾期：已暂停")
    services.pause_source(SYSTEM, "nightly", paused=False)
    shutil.rmtree(folder)
    with pytest.raises(SourceRefused):
        services.fetch(SYSTEM, "nightly")
    assert state() == ("failing", "逾期：取数失败")


# Who may.


def test_only_its_people_keep_sources(officer: Actor, stranger: Actor) -> None:
    with pytest.raises(NotSourceKeeper):
        services.add_source(stranger, "s", "upload", FIRMS, {})
    services.add_source(officer, "s", "upload", FIRMS, {})
    with pytest.raises(SourceExists):
        services.add_source(officer, "s", "upload", FIRMS, {})
    for verb in (services.remove_source, services.fetch, services.pause_source):
        with pytest.raises(SourceUnknown):
            verb(stranger, "s")
    services.remove_source(officer, "s")
    with pytest.raises(SourceUnknown):
        selectors.source(officer, "s")


def test_the_servers_files_are_the_administrators_to_set(
    officer: Actor, administrator: Actor, tmp_path: Path, settings: Any
) -> None:
    config = {"path": str(tmp_path / "drop")}
    with pytest.raises(ServerPathForbidden):
        services.add_source(officer, "f", "folder", FIRMS, config)
    services.add_source(administrator, "f", "folder", FIRMS, config)
    inside = {"path": str(Path(settings.QIANTANG_ZONE) / "spool")}
    with pytest.raises(SourceInvalid):
        services.add_source(administrator, "g", "folder", FIRMS, inside)
    with pytest.raises(SourceInvalid):
        services.add_source(administrator, "h", "folder", FIRMS, {**config, "password": "x"})


def test_a_source_sends_no_password_but_its_own(officer: Actor, administrator: Actor) -> None:
    config = {"url": "https://example.com/firms.csv"}
    for other in ("env:PATH", "file:source-other", "file:other"):
        with pytest.raises(SourceInvalid):
            services.add_source(officer, "web", "http", FIRMS, config, credential=other)
    own = "file:source-web"
    assert services.add_source(officer, "web", "http", FIRMS, config, credential=own).id == "web"
    made = services.add_source(administrator, "w", "http", FIRMS, config, credential="env:PATH")
    assert made.credential == "env:PATH"
