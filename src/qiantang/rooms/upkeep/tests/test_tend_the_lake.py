"""The lake is tended: by its administrators, in the background, after a kill, when it is due."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from qiantang.engine.lake import Lake
from qiantang.engine.lake.errors import RetentionInvalid, TableUnknown
from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Grant, Role
from qiantang.kernel.errors import SignInRequired
from qiantang.kernel.text import Text
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.upkeep import selectors, services, tending
from qiantang.rooms.upkeep.errors import AlreadyTending, NotTender, VerbUnknown
from qiantang.rooms.upkeep.models import TendRun

pytestmark = pytest.mark.django_db(transaction=True)

ADMIN = Actor("user:1", Text("管理员", "Admin"), frozenset({Grant(Role.ADMINISTRATOR, "")}))
AUDITOR = Actor("user:2", Text("审计员", "Auditor"), frozenset({Grant(Role.AUDITOR, "")}))
ELSEWHERE = Actor(
    "user:3", Text("他处", "Elsewhere"), frozenset({Grant(Role.ADMINISTRATOR, "/330000/330100/")})
)
SCHEMA = pa.schema([("code", pa.string()), ("n", pa.int64())])


@pytest.fixture
def lake(lake_folder: Path) -> Lake:
    """Ten small files with overlapping keys."""
    lake = shelf.lake()
    lake.ensure("pack.firms", SCHEMA, sort_by=["code"])
    for n in range(10):
        rows = pa.table({"code": [f"{m:04d}" for m in range(n, 100, 10)], "n": [n] * 10})
        lake.append("pack.firms", rows, key=f"k{n}")
    return lake


def old(lake: Lake, days: int) -> None:
    """Let the table's versions look ``days`` older, as if time had passed."""
    import json

    location = lake._catalogue.location("pack.firms")
    assert location is not None
    path = lake._catalogue.home.path(location)
    raw = json.loads(path.read_bytes())
    for entry in (*raw["snapshots"], *raw["snapshot-log"]):
        entry["timestamp-ms"] -= days * 86_400_000
    path.write_text(json.dumps(raw), encoding="utf-8")
    lake._catalogue._states.clear()
    lake._catalogue._loaded.clear()


def test_an_administrator_tends_a_table(lake: Lake) -> None:
    told: list[str] = []
    done = services.tend(
        ADMIN,
        "pack.firms",
        ["compact", "verify"],
        told=lambda run: told.append(f"{run.verb} {run.outcome}"),
    )
    assert [(r.verb, r.outcome) for r in done] == [("compact", "done"), ("verify", "done")]
    assert told == ["compact running", "compact done", "verify running", "verify done"]
    assert done[0].figures["files_after"] == 1
    assert done[0].said == Text("文件 10 → 1 个", "files 10 → 1")
    entry = journal.entries(SYSTEM).entries[1]
    assert (entry.verb, entry.subject, entry.actor) == (
        "upkeep.compacted",
        "table:pack.firms",
        "user:1",
    )
    assert services.tend(ADMIN, "pack.firms", ["compact"])[0].outcome == "nothing"


@pytest.mark.parametrize(
    ("actor", "error"),
    [(ANONYMOUS, SignInRequired), (AUDITOR, NotTender), (ELSEWHERE, NotTender)],
    ids=["public", "auditor", "another place's administrator"],
)
def test_others_do_not_tend(lake: Lake, actor: Actor, error: type[Exception]) -> None:
    for act in (
        lambda: services.tend(actor, "pack.firms", ["compact"]),
        lambda: services.ask(actor, "pack.firms", "compact"),
        lambda: services.set_keeping(actor, "pack.firms", "P3Y"),
    ):
        with pytest.raises(error):
            act()
    assert not TendRun.objects.exists()
    assert len(lake.files("pack.firms").paths) == 10


def test_a_read_token_looks_and_does_not_tend(lake: Lake) -> None:
    token = Actor(ADMIN.key, ADMIN.name, ADMIN.grants, token_scopes=frozenset({"read"}))
    assert len(selectors.health(token)) == 1
    with pytest.raises(NotTender):
        services.ask(token, "pack.firms", "verify")


def test_auditors_look_and_others_do_not(lake: Lake) -> None:
    services.tend(ADMIN, "pack.firms", ["verify"])
    (found,) = selectors.health(AUDITOR)
    assert (found.rows, found.files, found.snapshots, found.problems) == (100, 10, 10, 0)
    assert found.bytes > 0
    assert found.verified is not None
    assert len(selectors.runs(AUDITOR)) == 1
    assert len(selectors.history(AUDITOR, "pack.firms")) == 10
    for actor, error in ((ANONYMOUS, SignInRequired), (ELSEWHERE, NotTender)):
        for read in (selectors.health, selectors.runs):
            with pytest.raises(error):
                read(actor)


def test_what_cannot_be_tended_is_named(lake: Lake) -> None:
    with pytest.raises(VerbUnknown):
        services.tend(ADMIN, "pack.firms", ["polish"])
    with pytest.raises(TableUnknown):
        services.tend(ADMIN, "pack.nothing", ["verify"])
    with pytest.raises(TableUnknown):
        services.ask(ADMIN, "pack.nothing", "verify")


def test_one_tends_at_a_time(lake: Lake) -> None:
    with tending.alone():
        with pytest.raises(AlreadyTending):
            services.tend(ADMIN, "pack.firms", ["verify"])
        assert services.work() == 0
    assert services.tend(ADMIN, "pack.firms", ["verify"])[0].outcome == "done"


def test_what_was_asked_for_is_done_in_the_background(lake: Lake) -> None:
    asked = services.ask(ADMIN, "pack.firms", "verify")
    assert services.ask(ADMIN, "pack.firms", "verify") == asked
    assert asked.at_work
    assert services.work() >= 1
    (run,) = [r for r in selectors.runs(ADMIN) if r.id == asked.id]
    assert (run.outcome, run.asked_by) == ("done", "user:1")


def test_a_run_whose_process_was_killed_is_marked_and_done_again(lake: Lake) -> None:
    row = TendRun.objects.create(
        table="pack.firms",
        verb="compact",
        outcome="running",
        asked_by="system",
        asked_at=datetime.now(UTC),
        started_at=datetime.now(UTC),
    )
    services.work()
    row.refresh_from_db()
    assert row.outcome == "failed"
    assert row.error["code"] == "upkeep.broken_off"
    done = TendRun.objects.filter(verb="compact").exclude(pk=row.pk)
    assert [r.outcome for r in done] == ["done"]  # ten small files were due anyway
    assert selectors.due() == ()


def test_a_damaged_file_is_found_and_shown(lake: Lake) -> None:
    path = Path(lake.files("pack.firms").paths[0])
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(bytes(whole))
    (run,) = services.tend(ADMIN, "pack.firms", ["verify"])
    assert run.outcome == "problems"
    assert [p["file"] for p in run.problems] == [path.name]
    assert selectors.table_health(ADMIN, "pack.firms").problems == 1


def test_a_verb_that_fails_is_recorded_and_the_next_follows(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiantang.engine.lake.errors import DiskFull

    def full(*_: object) -> Any:
        raise DiskFull(found="x.parquet")

    monkeypatch.setattr(Lake, "compact", full)
    done = services.tend(ADMIN, "pack.firms", ["compact", "sweep"])
    assert [r.outcome for r in done] == ["failed", "nothing"]
    assert done[0].error is not None
    assert done[0].error["code"] == "lake.disk_full"
    assert "磁盘" in done[0].said.zh


def test_a_table_is_read_through_once_a_week(lake: Lake) -> None:
    assert {d.verb for d in selectors.due()} == {"compact"}
    services.work()
    later = datetime.now(UTC) + timedelta(days=8)
    assert {d.verb for d in selectors.due(later)} == {"sweep", "verify"}
    services.tend(ADMIN, None, ["sweep", "verify"])
    assert selectors.due(datetime.now(UTC) + timedelta(days=6)) == ()


def test_versions_past_their_retention_go(lake: Lake) -> None:
    services.set_keeping(ADMIN, "pack.firms", "P1Y")
    assert selectors.table_health(ADMIN, "pack.firms").retention == "P1Y"
    old(lake, 400)
    lake.append("pack.firms", pa.table({"code": ["x"], "n": [1]}))
    assert ("pack.firms", "expire") in [(d.table, d.verb) for d in selectors.due()]
    (run,) = services.tend(ADMIN, "pack.firms", ["expire"])
    assert run.figures["snapshots"] == 9
    assert lake.append("pack.firms", pa.table({"code": ["y"], "n": [1]}), key="k3").rows == 40
    assert lake.read("pack.firms").num_rows == 101


def test_without_retention_every_day_keeps_its_last_version(lake: Lake) -> None:
    old(lake, 400)
    (run,) = services.tend(ADMIN, "pack.firms", ["expire"])
    assert run.figures["snapshots"] == 9
    assert [s.rows for s in lake.snapshots("pack.firms")] == [100]


def test_a_retention_must_be_a_duration(lake: Lake) -> None:
    with pytest.raises(RetentionInvalid):
        services.set_keeping(ADMIN, "pack.firms", "3 years")
    services.set_keeping(ADMIN, "pack.firms", "P3Y")
    services.set_keeping(ADMIN, "pack.firms", "")
    assert selectors.table_health(ADMIN, "pack.firms").retention == ""


def test_the_background_process_starts_when_asked_and_once_an_hour(
    lake: Lake, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []

    class Child:
        def poll(self) -> int:
            return 0

    def start(command: list[str], **_: object) -> Child:
        started.append(command)
        return Child()

    monkeypatch.setattr("qiantang.rooms.shelf.workers.subprocess.Popen", start)
    settings.QIANTANG_WORKER = ""
    assert not services.wake()
    settings.QIANTANG_WORKER = "qiantang.site.worker"
    assert services.wake()  # nobody ever tended this lake
    with tending.alone():
        pass
    assert not services.wake()
    services.ask(ADMIN, "pack.firms", "verify")
    assert len(started) == 2
    assert started[1][1:] == ["-m", "qiantang.site.worker", "upkeep"]
    TendRun.objects.all().delete()
    os.utime(tending.lock_file(), (time.time() - 3700,) * 2)
    assert services.wake()
