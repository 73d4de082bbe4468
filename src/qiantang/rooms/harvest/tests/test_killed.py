"""A harvest that is killed at any moment and continued leaves what an undisturbed one leaves."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qiantang.rooms.harvest.tests.upstreams import Upstream, an_entry, serving

QIANTANG = str(Path(sys.executable).with_name("qiantang"))
ENTRIES = 300
KILLS = 6


def qiantang(zone: Path, *arguments: str) -> str:
    command = [QIANTANG, "--zone", str(zone), "--lang", "en", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def content(zone: Path) -> list[tuple[object, ...]]:
    """Everything that a harvest leaves behind, in one order."""
    with sqlite3.connect(zone / "control.sqlite3") as database:
        asked = (
            "SELECT r.upstream_id, r.name_zh, r.status, r.number, count(v.id) "
            "FROM catalogue_informationresource r "
            "LEFT JOIN catalogue_resourceversion v ON v.resource_id = r.id "
            "WHERE r.origin = 'xihu' GROUP BY r.id ORDER BY r.upstream_id"
        )
        return database.execute(asked).fetchall()


@pytest.mark.slow
def test_killed_at_random_moments_and_continued(tmp_path: Path) -> None:
    chance = random.Random(20171101)
    zone = tmp_path / "zone"
    qiantang(tmp_path, "init", str(zone), "--bare")
    with serving(Upstream([an_entry(n) for n in range(ENTRIES)])) as county:
        qiantang(zone, "harvest", "add", "xihu", county.address, "--private")
        killed = 0
        for _ in range(KILLS):
            killed += _killed(zone, chance.uniform(0.05, 0.9))
        said = qiantang(zone, "harvest", "run", "xihu")
    assert killed >= 2, "nothing was killed in the middle: the moments are chosen badly"
    assert "done" in said
    found = content(zone)
    assert [row[0] for row in found] == [
        f"urn:qiantang:330106:data.r{n:05d}" for n in range(ENTRIES)
    ]
    # One version each: no page was taken twice, none lost.
    assert {row[1:] for row in found} == {(f"渔港{n}", "published", 1, 1) for n in range(ENTRIES)}
    with sqlite3.connect(zone / "control.sqlite3") as database:
        runs = database.execute("SELECT state, seen FROM harvest_harvestrun").fetchall()
    assert all(run == ("done", ENTRIES) or run[1] == 0 for run in runs), runs


def _killed(zone: Path, seconds: float) -> bool:
    """Whether the process was still at it when it was killed."""
    module = "qiantang.rooms.harvest.tests.killable"
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(zone), "xihu"], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(seconds)
    running = process.poll() is None
    process.kill()
    process.wait()
    process.stdout.close()
    return running


@pytest.mark.slow
def test_a_worker_process_harvests_what_is_due(tmp_path: Path) -> None:
    zone = tmp_path / "zone"
    qiantang(tmp_path, "init", str(zone), "--bare")
    with serving(Upstream([an_entry(n) for n in range(15)])) as county:
        qiantang(zone, "harvest", "add", "xihu", county.address, "--private")
        command = [sys.executable, "-m", "qiantang.site.worker", "harvest"]
        environment = {**os.environ, "QIANTANG_ZONE": str(zone)}
        subprocess.run(command, env=environment, check=True, timeout=120)
        asked = len(county.asked)
        subprocess.run(command, env=environment, check=True, timeout=120)
    assert len(content(zone)) == 15
    assert len(county.asked) == asked, "nothing is due any more"
