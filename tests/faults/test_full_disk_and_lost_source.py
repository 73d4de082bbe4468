"""No room on the disk at any stage of a delivery; a database that goes away while it is read."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from . import town

ROWS = 60_000

SOURCE = """
import json, sys
from qiantang.site.zone import Zone
from qiantang.site.bootstrap import setup
setup(Zone.open(sys.argv[1]))
from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.errors import QiantangError
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.fetching import tables
config = {"engine": "sqlite", "file": sys.argv[2], "table": "firms"}
services.add_source(SYSTEM, "db", "database", "trade.firm", config, mode="append",
                    watermark_column="seq")
plain, batches = tables._texts, []
def going(batch, schema):
    batches.append(len(batch))
    with open(sys.argv[2], "r+b") as file:
        file.truncate(8192)
    return plain(batch, schema)
tables._texts = going
try:
    services.fetch(SYSTEM, "db")
    error = None
except QiantangError as wrong:
    error = {"code": wrong.code, "zh": wrong.message("zh"), "en": wrong.message("en")}
seen = selectors.source(SYSTEM, "db")
print(json.dumps({"error": error, "batches": batches, "watermark": seen.watermark,
                  "kept": (seen.error or {}).get("code")}))
"""


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    return town.made(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("room", [300_000, 700_000, 1_500_000, 3_000_000])
def test_no_room_is_said_and_the_delivery_goes_on_later(
    zone: Path, tmp_path: Path, room: int
) -> None:
    """No file may grow beyond ``room`` bytes: it ends in the spool, in the checked rows, in the
    lake or not at all."""
    file = town.firms(tmp_path / "f.csv", 0, ROWS, bad=5)

    def narrow() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    tight = town.start(town.intake(zone, file, "--format", "json"), narrow)
    said, complaint = tight.communicate(timeout=300)
    assert "Traceback" not in said + complaint, complaint[-3000:]
    if tight.returncode:
        everything = said + complaint
        assert "磁盘" in everything or "disk" in everything, everything[-2000:]
        assert town.told(zone)["rows"] == []
    healed = town.start(town.intake(zone, file, "--format", "json"))
    said, complaint = healed.communicate(timeout=300)
    assert healed.returncode == 0, (said[-1500:], complaint[-1500:])
    told = json.loads(said)
    assert (told["sent"], told["accepted"], told["set_aside"]) == (ROWS, ROWS - 5, 5)
    found = town.told(zone)
    assert len({row["code"] for row in found["rows"]}) == len(found["rows"]) == ROWS - 5
    assert (found["bad"], found["journal"], found["arriving"]) == ([], [], 0)


@pytest.fixture
def small_disk() -> Iterator[Callable[[Path], None]]:
    """Puts a folder, with what it holds, on a disk of its own of a few megabytes."""
    mount = shutil.which("mount")
    mounted: list[Path] = []
    if os.geteuid() != 0 or mount is None:
        pytest.skip("a real full disk needs root and mount")

    def moved(folder: Path) -> None:
        before = folder.with_name(f"{folder.name}-before")
        folder.rename(before) if folder.exists() else before.mkdir()
        folder.mkdir()
        words = [mount, "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
        if subprocess.run(words, check=False).returncode:
            pytest.skip("this machine lets nobody mount a tmpfs")
        mounted.append(folder)
        shutil.copytree(before, folder, dirs_exist_ok=True)

    yield moved
    for folder in mounted:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "room"),
    [
        ("spool", 2_300_000),
        ("spool", 2_500_000),
        ("lake", 60_000),
        ("lake", 200_000),
        (".", 2_600_000),
        (".", 2_900_000),
        (".", 3_300_000),
        (".", 3_600_000),
        (".", 3_900_000),
    ],
)
def test_a_small_disk_fills_while_a_delivery_is_checked_or_published(
    zone: Path, tmp_path: Path, small_disk: Callable[[Path], None], part: str, room: int
) -> None:
    """``part`` of the zone (all of it with its database: where even the error cannot be noted, it
    is told) has ``room`` bytes left: it ends while the file is received, checked or published."""
    file = town.firms(tmp_path / "f.csv", 0, ROWS, bad=5)
    disk = (zone / part).resolve()
    small_disk(disk)
    left = os.statvfs(disk)
    filler = disk / "filler"
    filler.write_bytes(b"x" * (left.f_bavail * left.f_frsize - room))
    tight = town.start(town.intake(zone, file, "--format", "json"))
    said, complaint = tight.communicate(timeout=300)
    assert tight.returncode in (1, 5), (said[-1500:], complaint[-1500:])
    assert "Traceback" not in complaint, complaint[-3000:]
    assert "disk_full" in said or "磁盘" in said + complaint, (said[-1500:], complaint[-1500:])
    filler.unlink()
    found = town.told(zone)
    # The database may find no room for what the lake just took: whole, and known by its key.
    whole = part == "." and len(found["rows"]) == ROWS - 5 and len(found["keys"]) == 1
    assert whole or (found["rows"], found["keys"]) == ([], [])
    assert found["bad"] == []
    assert {run[1] for run in found["runs"]} <= {"received", "checking", "publishing"}
    healed = town.start(town.intake(zone, file, "--format", "json"))
    said, complaint = healed.communicate(timeout=300)
    assert healed.returncode == 0, (said[-1500:], complaint[-1500:])
    found = town.told(zone)
    assert len({row["code"] for row in found["rows"]}) == len(found["rows"]) == ROWS - 5
    assert [run[1:] for run in found["runs"]] == [["published", ROWS, ROWS - 5, 5]]
    assert (found["bad"], found["journal"], found["arriving"]) == ([], [], 0)


@pytest.mark.slow
def test_a_database_that_goes_away_midway_is_told_and_no_row_comes(
    zone: Path, tmp_path: Path
) -> None:
    path = tmp_path / "firms.db"
    with sqlite3.connect(path) as opened:
        opened.execute("CREATE TABLE firms (code, name, amount, day, seq INTEGER)")
        opened.execute("CREATE INDEX by_seq ON firms (seq)")
        rows = ((f"F{n:06d}", f"企业{n}" * 20, n, "2026-01-01", n) for n in range(100_000))
        opened.executemany("INSERT INTO firms VALUES (?,?,?,?,?)", rows)
    opened.close()
    found = town.python(SOURCE, str(zone), str(path))
    assert found["batches"], found
    assert found["error"], found
    assert found["error"]["code"] == "intake.source_gone"
    assert found["error"]["zh"] != found["error"]["en"]
    assert (found["kept"], found["watermark"]) == ("intake.source_gone", "")
    after = town.told(zone)
    assert (after["rows"], after["runs"], after["arriving"]) == ([], [], 0)
