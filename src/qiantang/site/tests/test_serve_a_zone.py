"""From a folder to a running server: database, answers, ports, a clean stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from qiantang.site import server
from qiantang.site.errors import PortTaken
from qiantang.site.zone import Zone

_SETUP = """
import json, sys
from qiantang.site import bootstrap
from qiantang.site.zone import Zone
bootstrap.setup(Zone.open(sys.argv[1]))
bootstrap.bring_up_to_date()
from django.db import connection
with connection.cursor() as cursor:
    pragmas = {}
    for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
        cursor.execute(f"PRAGMA {name}")
        pragmas[name] = cursor.fetchone()[0]
print(json.dumps(pragmas))
"""
_LATER = """
import sys
from qiantang.site import bootstrap
from qiantang.site.zone import Zone
zone = Zone.open(sys.argv[1])
bootstrap.setup(zone)
from django.db.migrations.recorder import MigrationRecorder
from django.db import connection
MigrationRecorder(connection).record_applied("people", "0999_from_the_future")
try:
    bootstrap.bring_up_to_date()
except Exception as error:
    print(error.code, "0999_from_the_future" in error.message("zh"))
"""


def _python(code: str, folder: Path) -> str:
    env = {**os.environ, "QIANTANG_DATABASE_URL": ""}
    command = [sys.executable, "-c", code, str(folder)]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Zone:
    made = Zone.create(tmp_path_factory.mktemp("served") / "zone")
    _python(_SETUP, made.folder)
    return made


def test_the_database_is_durable_and_patient(zone: Zone) -> None:
    pragmas = json.loads(_python(_SETUP, zone.folder))
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 15_000,
    }


def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    made = Zone.create(tmp_path / "zone")
    assert _python(_LATER, made.folder).split() == ["site.database_newer", "True"]


def test_a_taken_port_names_a_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken) as refused:
            server.choose_port("127.0.0.1", port)
    offered = int(str(refused.value.fields["expected"]))
    assert offered > port
    assert str(offered) in refused.value.message("zh")


def test_without_a_wish_the_next_free_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(server, "PORT", taken.getsockname()[1])
        assert server.choose_port() > server.PORT


@pytest.fixture
def running(zone: Zone) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as free:  # a port that no server of a test beside this one chooses
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = server.environment(zone, {**os.environ, "QIANTANG_DATABASE_URL": ""})
    process = subprocess.Popen(server.command("127.0.0.1", port), env=env)
    try:
        _wait_for(port)
        yield process, port
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            _get(port, "/static/none.css")
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not answer")


def _get(port: int, path: str, host: str = "localhost") -> tuple[int, dict[str, str]]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_and_stops_cleanly(
    running: tuple[subprocess.Popen[bytes], int], how: signal.Signals
) -> None:
    process, port = running
    status, headers = _get(port, "/desk/sign-in/")
    assert status in (200, 404)
    assert "script-src 'self';" in headers["content-security-policy"]
    assert _get(port, "/", host="evil.example")[0] == 400
    process.send_signal(how)
    assert process.wait(20) == 0
    with pytest.raises(OSError):
        _get(port, "/static/none.css")


@pytest.mark.slow
def test_a_killed_supervisor_leaves_no_worker_behind(
    running: tuple[subprocess.Popen[bytes], int],
) -> None:
    process, port = running
    process.kill()
    process.wait()
    for _ in range(200):
        if server._is_free("127.0.0.1", port):
            return
        time.sleep(0.1)
    pytest.fail("the worker still holds the port")


@pytest.mark.slow
def test_supervisor_and_worker_are_small(
    running: tuple[subprocess.Popen[bytes], int],
) -> None:
    process, port = running
    _get(port, "/desk/sign-in/")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    pids = [str(process.pid), *children.read_text().split()]
    assert len(pids) >= 2
    assert sum(_resident(pid) for pid in pids) < 300 * 1024 * 1024


def _resident(pid: str) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
