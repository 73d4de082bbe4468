"""Sources changed: what stays, what begins anew, who may, and where a password goes."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.intake import credentials, selectors, services, spool
from qiantang.rooms.intake.errors import (
    ModeUnfit,
    NotSourceKeeper,
    ServerPathForbidden,
    SourceBusy,
    SourceExists,
    SourceInvalid,
    SourceUnknown,
    SourceWaits,
    WatermarkReplaces,
)
from qiantang.rooms.intake.models import Run, Source
from qiantang.rooms.intake.services import SourceChange
from qiantang.rooms.intake.sources import fetch_lock
from qiantang.rooms.intake.tests.conftest import FIRMS
from qiantang.rooms.journal import selectors as journal

WEB = {"url": "https://example.com/firms.csv"}


def change(actor: Actor, id: str, **what: Any) -> Any:
    return services.change_source(actor, id, SourceChange(**what))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A source ``db`` by watermark over a file with two tables."""
    path = tmp_path / "firms.db"
    with sqlite3.connect(path) as opened:
        for name in ("one", "two"):
            opened.execute(f"CREATE TABLE {name} (code, name, amount, day, seq INTEGER)")
        rows = [(f"F{n:06d}", f"企业{n}", "1.50", "2026-01-05", n) for n in range(20)]
        opened.executemany("INSERT INTO one VALUES (?,?,?,?,?)", rows)
    opened.close()
    config = {
        "engine": "sqlite",
        "file": str(path),
        "table": "one",
        "columns": ["code", "name", "amount", "day", "seq"],
    }
    services.add_source(
        SYSTEM, "db", "database", FIRMS, config, mode="upsert", watermark_column="seq"
    )
    return path


def test_what_is_not_said_stays(officer: Actor) -> None:
    before = services.add_source(officer, "web", "http", FIRMS, WEB, every="P1D")
    after = change(officer, "web", mode="upsert")
    assert (after.mode, after.every, after.config) == ("upsert", "P1D", WEB)
    assert (after.resource, after.kind, after.added_by) == (FIRMS, "http", before.added_by)
    (entry, *_) = journal.entries(SYSTEM, subject="source:web")
    assert entry.verb == "intake.source_changed"


def test_another_cycle_is_due_from_the_last_success(officer: Actor) -> None:
    services.add_source(officer, "monthly", "upload", FIRMS, {}, every="P1D")
    services.mark_overdue(datetime.now(UTC) + timedelta(days=2))
    after = change(officer, "monthly", every="P1Y")
    assert (after.every, after.overdue) == ("P1Y", False)
    assert after.next_due > datetime.now(UTC) + timedelta(days=300)
    assert change(officer, "monthly", every="").every == "P1M"


def test_another_table_begins_at_its_first_row(table: Path) -> None:
    services.fetch(SYSTEM, "db")
    assert selectors.source(SYSTEM, "db").watermark == "19"
    assert change(SYSTEM, "db", config={"columns": None}).watermark == "19"
    moved = change(SYSTEM, "db", config={"table": "two"})
    assert (moved.watermark, moved.config["table"]) == ("", "two")
    assert "columns" not in moved.config
    assert moved.config["file"] == str(table)


def test_another_watermark_column_begins_anew_and_replacing_takes_none(table: Path) -> None:
    services.fetch(SYSTEM, "db")
    assert change(SYSTEM, "db", watermark_column="day").watermark == ""
    with pytest.raises(WatermarkReplaces):
        change(SYSTEM, "db", mode="replace")
    whole = change(SYSTEM, "db", mode="replace", watermark_column="")
    assert (whole.mode, whole.watermark_column) == ("replace", "")


def test_nothing_begins_anew_while_a_run_is_open(table: Path) -> None:
    (run,) = services.fetch(SYSTEM, "db")
    Run.objects.filter(pk=run.id).update(status="held")
    with pytest.raises(SourceWaits):
        change(SYSTEM, "db", config={"table": "two"})
    assert change(SYSTEM, "db", every="P1D").every == "P1D"


def test_not_while_it_is_being_fetched(officer: Actor) -> None:
    services.add_source(officer, "web", "http", FIRMS, WEB)
    with spool.locked(fetch_lock("web"), wait=False), pytest.raises(SourceBusy):
        change(officer, "web", every="P1D")


def test_another_address_forgets_what_was_known_of_the_old(officer: Actor) -> None:
    services.add_source(officer, "web", "http", FIRMS, WEB)
    Source.objects.filter(pk="web").update(etag='"1"', last_modified="x", failures=3)
    change(officer, "web", config={"url": "https://example.com/b.csv"})
    row = Source.objects.get(pk="web")
    assert (row.etag, row.last_modified, row.failures) == ("", "", 0)


def test_wrong_settings_change_nothing(officer: Actor, administrator: Actor) -> None:
    services.add_source(officer, "web", "http", FIRMS, WEB)
    wrong: list[tuple[type[Exception], dict[str, Any]]] = [
        (SourceInvalid, {"config": {"url": None}}),
        (SourceInvalid, {"config": {"path": "/srv"}}),
        (SourceInvalid, {"config": {"url": "https://user:pw@example.com/x.csv"}}),
        (SourceInvalid, {"every": "1D"}),
        (SourceInvalid, {"credential": "env:PATH"}),
        (ModeUnfit, {"mode": "sideways"}),
    ]
    for error, what in wrong:
        with pytest.raises(error):
            change(officer, "web", **what)
    assert selectors.source(officer, "web").config == WEB


def test_a_password_goes_only_where_its_keeper_sent_it(
    officer: Actor, administrator: Actor
) -> None:
    made = services.add_source(administrator, "web", "http", FIRMS, WEB, password="pw-of-example")
    assert made.credential == "file:source-web"
    assert credentials.look_up(made.credential) == "pw-of-example"
    elsewhere = {"url": "https://example.org/firms.csv"}
    for more in ({}, {"credential": "file:source-web"}):
        with pytest.raises(SourceInvalid):
            change(officer, "web", config=elsewhere, **more)
    assert change(officer, "web", mode="upsert").credential == "file:source-web"
    assert change(officer, "web", config=elsewhere, password="new").config == elsewhere
    assert credentials.look_up("file:source-web") == "new"
    assert change(officer, "web", config=WEB, credential="").credential == ""
    seen = json.dumps(
        [
            selectors.source(officer, "web").as_json("en"),
            [e.detail for e in journal.entries(SYSTEM, subject="source:web")],
        ],
        default=str,
    )
    assert "pw-of-example" not in seen


def test_a_refused_source_overwrites_no_password(officer: Actor, stranger: Actor) -> None:
    services.add_source(officer, "web", "http", FIRMS, WEB, password="kept")
    for actor in (officer, stranger):
        with pytest.raises((SourceExists, NotSourceKeeper)):
            services.add_source(actor, "web", "http", FIRMS, WEB, password="other")
    with pytest.raises(SourceUnknown):
        change(stranger, "web", password="other")
    assert credentials.look_up("file:source-web") == "kept"


def test_the_servers_files_stay_the_administrators_to_set(
    officer: Actor, administrator: Actor, tmp_path: Path
) -> None:
    config = {"path": str(tmp_path / "drop")}
    services.add_source(administrator, "f", "folder", FIRMS, config)
    with pytest.raises(ServerPathForbidden):
        change(officer, "f", config={"pattern": "*.csv"})
    assert change(administrator, "f", config={"pattern": "*.csv"}).config["pattern"] == "*.csv"
    assert change(officer, "f", every="P1D").every == "P1D"
