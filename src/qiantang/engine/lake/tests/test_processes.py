"""Several processes on one lake, and processes that are killed while they write."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

from qiantang.engine.lake import Lake

SCHEMA = pa.schema([("who", pa.string()), ("n", pa.int64())])
WRITER = Path(__file__).with_name("writer.py")


def writer(lake: Lake, who: str, times: int, key: str = "-") -> subprocess.Popen[str]:
    url = lake.catalogue_url or "-"
    command = [sys.executable, str(WRITER), str(lake.folder), url, who, str(times), key]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def start(*children: subprocess.Popen[str]) -> None:
    """Let them go at the same time, once each has its lake open."""
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()


def acknowledged(child: subprocess.Popen[str]) -> list[int]:
    out, _ = child.communicate(timeout=120)
    return [int(line) for line in out.split()]


def rows_of(lake: Lake) -> dict[tuple[str, int], int]:
    found = lake.query("select who, n, count(*) as rows from t group by all", {"t": "t"})
    return {(r["who"], r["n"]): r["rows"] for r in found.to_pylist()}


@pytest.fixture
def shared(lake: Lake) -> Lake:
    lake.ensure("t", SCHEMA, sort_by=["n"])
    return lake


def test_two_processes_lose_nothing(shared: Lake) -> None:
    a, b = writer(shared, "a", 15), writer(shared, "b", 15)
    start(a, b)
    assert acknowledged(a) == list(range(15))
    assert acknowledged(b) == list(range(15))
    assert rows_of(shared) == {(who, n): 3 for who in "ab" for n in range(15)}
    assert [s.rows for s in shared.snapshots("t")] == list(range(3, 93, 3))
    assert shared.verify("t") == []


def test_the_same_keys_from_two_processes_land_once(shared: Lake) -> None:
    a, b = writer(shared, "same", 12, "file.csv"), writer(shared, "same", 12, "file.csv")
    start(a, b)
    assert acknowledged(a) == acknowledged(b) == list(range(12))
    assert rows_of(shared) == {("same", n): 3 for n in range(12)}
    assert len(shared.snapshots("t")) == 12


def test_killed_writers_lose_no_acknowledged_row(shared: Lake) -> None:
    """kill -9 at random moments; what was acknowledged is there, whole, and writing goes on."""
    moments = random.Random(20171101)
    kept: dict[tuple[str, int], int] = {}
    for turn in range(6):
        child = writer(shared, f"w{turn}", 100_000)
        start(child)
        time.sleep(moments.uniform(0.02, 0.9))
        child.kill()
        kept |= {(f"w{turn}", n): 3 for n in acknowledged(child)}
        found = rows_of(shared)
        assert {k: found.get(k) for k in kept} == kept
        assert set(found.values()) <= {3}
        assert len(found) - len(kept) <= turn + 1  # at most one landed unheard each time
        shared.append("t", pa.table({"who": [f"after{turn}"] * 3, "n": [0] * 3}))
        kept[(f"after{turn}", 0)] = 3
    assert len(kept) > 12
    grave = [p for p in shared.verify("t") if p.code != "orphan"]
    assert grave == []


def test_a_child_made_by_fork_reads_with_its_own_engine(tmp_path: Path) -> None:
    shared = Lake(tmp_path / "lake")
    shared.ensure("t", SCHEMA)
    shared.append("t", pa.table({"who": ["a"], "n": [1]}))
    assert shared.read("t").num_rows == 1
    script = (
        "import os, sys, pathlib\n"
        "from qiantang.engine.lake import Lake\n"
        "lake = Lake(pathlib.Path(sys.argv[1]))\n"
        "assert lake.read('t').num_rows == 1\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os._exit(0 if lake.read('t').num_rows == 1 else 3)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(shared.folder)], timeout=20, check=False
    )
    assert done.returncode == 0


def test_a_reader_needs_no_pyiceberg_once_somebody_has_planned(tmp_path: Path) -> None:
    shared = Lake(tmp_path / "lake")
    shared.ensure("t", SCHEMA)
    shared.append("t", pa.table({"who": ["a"], "n": [1]}))
    shared.read("t")
    script = (
        "import sys, pathlib\n"
        "from qiantang.engine.lake import Lake\n"
        "lake = Lake(pathlib.Path(sys.argv[1]))\n"
        "assert lake.current('t').rows == 1\n"
        "assert lake.tables() == ['t']\n"
        "assert 'duckdb' not in sys.modules\n"
        "assert lake.read('t').num_rows == 1\n"
        "sys.exit(', '.join({'pyiceberg', 'sqlalchemy'} & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(shared.folder)],
        timeout=60,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
