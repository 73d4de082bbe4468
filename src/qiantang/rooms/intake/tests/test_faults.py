"""Killed workers, two at once, full disks, lost and damaged files: nothing lost or doubled."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import QiantangError
from qiantang.rooms.intake import receiving, selectors, services, spool, working
from qiantang.rooms.intake.errors import RunBusy
from qiantang.rooms.intake.tests.conftest import FIRMS, PACK
from qiantang.rooms.shelf import selectors as shelf

Made = Callable[..., Path]
KILLS = 20

_MADE = """
import sys
from pathlib import Path
from qiantang.site.zone import Zone
from qiantang.site.bootstrap import setup
root, pack = Path(sys.argv[1]), Path(sys.argv[2])
setup(Zone.create(root))
import qiantang.packs
from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.people import services as people
from qiantang.rooms.shelf import services as shelf
people.create_organisation(SYSTEM, "330000", Text("浙江省人民政府", "Zhejiang"))
people.create_organisation(SYSTEM, "330000", Text("统计局", "Statistics"), department="stats")
shelf.install_pack(SYSTEM, Path(qiantang.packs.__file__).parent / "geography")
assert shelf.install_pack(SYSTEM, pack).usable
catalogue.register_resources(SYSTEM, "trade")
"""
_SENT = """
import json, sys
from pathlib import Path
from qiantang.site.zone import Zone
from qiantang.site.bootstrap import setup
setup(Zone.open(sys.argv[1]))
from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.intake import services
print(json.dumps([services.receive(SYSTEM, "trade.firm", Path(p)).id for p in sys.argv[2:]]))
"""
_TOLD = """
import json, sys
from qiantang.site.zone import Zone
from qiantang.site.bootstrap import setup
setup(Zone.open(sys.argv[1]))
from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.intake import selectors
from qiantang.rooms.shelf import selectors as shelf
lake = shelf.lake()
rows = lake.read("trade.firm", columns=["code", "_run"]).to_pylist()
runs = [(r.id, r.status, r.sent, r.accepted, r.set_aside) for r in selectors.runs(SYSTEM).items]
keys = [s.key for s in lake.snapshots("trade.firm")]
bad = [str(p) for p in lake.verify("trade.firm") if p.kind.value != "orphan"]
print(json.dumps({"rows": rows, "runs": runs, "keys": keys, "bad": bad}))
"""


def run_python(code: str, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout) if done.stdout.strip() else None


def start_worker(zone: Path, run: str) -> subprocess.Popen[str]:
    module = "qiantang.rooms.intake.tests.worker_process"
    return subprocess.Popen(
        [sys.executable, "-m", module, run],
        env={**os.environ, "QIANTANG_ZONE": str(zone), "QIANTANG_DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.fixture
def real_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A zone on the disk with its own database, for processes of their own."""
    monkeypatch.setenv("QIANTANG_DATABASE_URL", "")
    pack = tmp_path / "given" / "trade"
    for name, text in PACK.items():
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_text(text, encoding="utf-8")
    root = tmp_path / "zone"
    run_python(_MADE, str(root), str(pack))
    return root


@pytest.mark.slow
def test_workers_killed_at_random_moments_lose_and_double_nothing(
    real_zone: Path, csv_file: Made
) -> None:
    chance = random.Random(20171227)
    files = [csv_file(3000, bad=7, start=n * 3000, name=f"f{n}.csv") for n in range(6)]
    runs = run_python(_SENT, str(real_zone), *map(str, files))
    kills = 0
    while kills < KILLS:
        worker = start_worker(real_zone, runs[kills % len(runs)])
        assert worker.stdout is not None
        assert worker.stdout.readline().strip() == "ready"
        time.sleep(chance.uniform(0.0, 1.2))
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
        kills += 1
    for run in runs:
        assert start_worker(real_zone, run).communicate()[0].split()[-1] == "published"
    told = run_python(_TOLD, str(real_zone))
    codes = [row["code"] for row in told["rows"]]
    expected = [f"F{n:06d}" for n in range(18000) if n % 3000 >= 7]
    assert sorted(codes) == expected
    assert sorted(told["keys"]) == sorted(runs)
    assert {tuple(r[1:]) for r in told["runs"]} == {("published", 3000, 2993, 7)}
    assert told["bad"] == []


@pytest.mark.slow
def test_two_workers_on_one_run_publish_it_once(real_zone: Path, csv_file: Made) -> None:
    (run,) = run_python(_SENT, str(real_zone), str(csv_file(3000)))
    both = [start_worker(real_zone, run) for _ in range(2)]
    said = sorted(worker.communicate()[0].split()[-1] for worker in both)
    assert "published" in said
    assert set(said) <= {"busy", "published"}
    told = run_python(_TOLD, str(real_zone))
    assert len(told["rows"]) == 3000
    assert told["keys"] == [run]


def test_a_run_in_hand_is_not_taken_twice(officer: Actor, csv_file: Made) -> None:
    run = services.receive(officer, FIRMS, csv_file(3))
    with spool.held(run.id):
        assert spool.is_held(run.id)
        with pytest.raises(RunBusy):
            services.work(run.id)
    assert services.work(run.id).status == "published"


def test_killed_between_lake_and_database_it_is_recorded_once(
    officer: Actor, csv_file: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiantang.rooms.intake import publishing

    run = services.receive(officer, FIRMS, csv_file(20))

    def dies(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "_record", dies)
        with pytest.raises(KeyboardInterrupt):
            services.work(run.id)
    assert selectors.run(officer, run.id).status == "publishing"
    assert services.work(run.id).status == "published"
    assert shelf.lake().read(FIRMS).num_rows == 20
    assert len(shelf.lake().snapshots(FIRMS)) == 1


@pytest.mark.parametrize("stage", ["reading", "publishing"])
def test_a_full_disk_is_told_and_the_run_goes_on_later(
    officer: Actor, csv_file: Made, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    run = services.receive(officer, FIRMS, csv_file(20))

    def full(*given: object, **how: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(working, "spooled" if stage == "reading" else "publish", full)
        stuck = services.work(run.id)
    assert stuck.error_code == "intake.disk_full"
    assert stuck.is_working
    assert stuck.finished_at is None
    done = services.work(run.id)
    assert (done.status, done.accepted, done.error) == ("published", 20, None)
    assert shelf.lake().read(FIRMS).num_rows == 20


def test_a_full_disk_while_receiving_records_no_run(
    officer: Actor, csv_file: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiantang.rooms.intake.errors import DiskFull

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(spool.os, "fsync", full)
        with pytest.raises(DiskFull):
            services.receive(officer, FIRMS, csv_file(20))
    assert selectors.runs(officer).total == 0
    assert not list((spool.home() / "arriving").glob("*"))


def test_a_lost_file_fails_the_run_with_what_to_do(officer: Actor, csv_file: Made) -> None:
    run = services.receive(officer, FIRMS, csv_file(20))
    spool.file_of(run.digest).unlink()
    done = services.work(run.id)
    assert (done.status, done.error_code) == ("failed", "intake.file_missing")


def test_the_same_content_published_meanwhile_is_not_published_twice(
    officer: Actor, csv_file: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = services.receive(officer, FIRMS, csv_file(20))
    monkeypatch.setattr(receiving, "repeats", lambda arrived: None)
    second = services.receive(officer, FIRMS, csv_file(20), mode="append")
    assert second.id != first.id
    services.work(first.id)
    done = services.work(second.id)
    assert done.status != "published"
    assert shelf.lake().read(FIRMS).num_rows == 20


def test_the_spool_is_private_and_tidied(officer: Actor, csv_file: Made) -> None:
    from datetime import timedelta

    run = services.receive(officer, FIRMS, csv_file(20, bad=1))
    services.work(run.id)
    assert spool.home().stat().st_mode & 0o077 == 0
    assert spool.file_of(run.digest).parent.stat().st_mode & 0o077 == 0
    services.tidy()
    assert selectors.problems(officer, run.id).total == 1
    old = time.time() - 90 * 86400
    os.utime(spool.file_of(run.digest), (old, old))
    services.tidy(datetime.now(UTC) + timedelta(days=200))
    assert not spool.file_of(run.digest).exists()
    assert selectors.problems(officer, run.id).total == 0
    assert selectors.run(officer, run.id).set_aside == 1


def test_a_server_reads_in_a_process_of_its_own(
    officer: Actor, csv_file: Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = services.receive(officer, FIRMS, csv_file(20, bad=1))
    picture = tmp_path / "p.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    odd = services.receive(officer, FIRMS, picture)
    services.work(run.id)
    monkeypatch.setenv("QIANTANG_SUPERVISED", "1")
    recipe = services.propose_reading(officer, run.id).recipe
    assert {c["field"] for c in recipe["columns"]} == {"code", "name", "amount", "day"}
    assert selectors.rejects(officer, run.id).read_bytes()[:2] == b"PK"
    with pytest.raises(QiantangError) as told:
        services.propose_reading(officer, odd.id)
    assert told.value.code.startswith("reading.")
    assert told.value.message("zh") != told.value.message("en")


def test_the_server_loads_no_reader() -> None:
    code = (
        "import sys, django; django.setup(); import qiantang.site.urls, qiantang.site.rounds\n"
        "print([m for m in ('polars', 'fastexcel', 'httpx', 'pymysql') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
