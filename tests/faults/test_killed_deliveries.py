"""The command killed at any moment of the chain: spool, run, check, lake, journal, catalogue."""

from __future__ import annotations

import json
import random
import signal
import time
from pathlib import Path

import pytest

from . import town

KILLS = 20
FILES = 5
ROWS = 4000


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town.made(tmp_path_factory.mktemp("killed"))


@pytest.mark.slow
def test_a_delivery_killed_at_twenty_moments_ends_the_same(zone: Path, tmp_path: Path) -> None:
    chance = random.Random(33)
    files = [town.firms(tmp_path / f"f{n}.csv", n * ROWS, ROWS, bad=7) for n in range(FILES)]
    first = town.start(town.intake(zone, town.firms(tmp_path / "first.csv", 900_000, 10)))
    began = time.monotonic()
    first.communicate()
    whole = time.monotonic() - began
    for kill in range(KILLS):
        command = town.start(town.intake(zone, files[kill % FILES]))
        time.sleep(chance.uniform(0.2, 1.0) * whole)
        command.send_signal(signal.SIGKILL)
        command.communicate()
    for file in files:
        done = town.start(town.intake(zone, file, "--format", "json"))
        _, complaint = done.communicate()
        assert done.returncode == 0, complaint
    end = town.start([*town.intake(zone, files[0])[:7], "intake", "work"])
    end.communicate()
    found = town.told(zone)
    codes = sorted(row["code"] for row in found["rows"] if row["code"] < "F900000")
    assert codes == [f"F{n:06d}" for n in range(FILES * ROWS) if n % ROWS >= 7]
    published = [run for run in found["runs"] if run[1] == "published"]
    assert sorted(found["keys"]) == sorted(run[0] for run in published)
    assert {tuple(run[1:]) for run in found["runs"] if run[2] != 10} <= {
        ("published", ROWS, ROWS - 7, 7)
    }
    assert found["bad"] == []
    assert found["journal"] == []


@pytest.mark.slow
def test_two_deliveries_at_once_by_key_end_as_one_after_the_other(
    zone: Path, tmp_path: Path
) -> None:
    """Both change the same thousand firms and add a thousand of their own."""
    base = 500_000
    files = [
        town.firms(tmp_path / "a.csv", base, 2000, name="甲"),
        town.firms(tmp_path / "b.csv", base + 1000, 2000, name="乙"),
    ]
    both = [
        town.start(town.intake(zone, file, "--mode", "upsert", "--format", "json"))
        for file in files
    ]
    for command in both:
        said, complaint = command.communicate()
        # The one that came first and is overtaken waits for a person, who takes it all the same.
        assert command.returncode in (0, 3), complaint
        if command.returncode:
            decide = ("intake", "decide", json.loads(said)["run"], "publish", "--reason", "已核实")
            decided = town.start([*town.intake(zone, files[0])[:7], *decide])
            _, complaint = decided.communicate()
            assert decided.returncode == 0, complaint
    found = town.told(zone)
    named = {r["code"]: r["name"][0] for r in found["rows"] if base <= int(r["code"][1:]) < 600_000}
    assert len(named) == 3000
    assert {named[f"F{n:06d}"] for n in range(base, base + 1000)} == {"甲"}
    assert {named[f"F{n:06d}"] for n in range(base + 2000, base + 3000)} == {"乙"}
    assert len({named[f"F{n:06d}"] for n in range(base + 1000, base + 2000)}) == 1
    assert len(found["rows"]) == len({row["code"] for row in found["rows"]})
    assert found["bad"] == []
