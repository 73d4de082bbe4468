"""kill -9 at random moments of writing and upkeep, two at a time: every row is counted."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa

from qiantang.engine.lake import Lake

MIXER = Path(__file__).with_name("mixer.py")
KILLS = 20
TOGETHER = 2
SCHEMA = pa.schema([pa.field("code", pa.string(), nullable=False), ("n", pa.int64())])


def mixer(lake: Lake, who: str, seed: int) -> subprocess.Popen[str]:
    url = lake.catalogue_url or "-"
    command = [sys.executable, str(MIXER), str(lake.folder), url, who, str(seed)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_twenty_kills_lose_nothing_and_double_nothing(lake: Lake) -> None:
    """Acknowledged rows are there once with their last value; at most one act landed unheard."""
    chance = random.Random(20260101)
    lake.ensure("t", SCHEMA, sort_by=["code"])
    acts: dict[str, list[tuple[str, int]]] = {}
    for turn in range(0, KILLS, TOGETHER):
        children = {f"w{turn + n}": mixer(lake, f"w{turn + n}", turn + n) for n in range(TOGETHER)}
        for child in children.values():
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
        for child in children.values():
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        for who, child in children.items():
            time.sleep(chance.uniform(0.05, 1.2))
            child.kill()
            out, _ = child.communicate(timeout=60)
            assert child.returncode == -signal.SIGKILL  # it was at work and had not failed
            acts[who] = [(verb, int(n)) for verb, n in (s.split() for s in out.splitlines())]
        check_rows(Lake(lake.folder, lake.catalogue_url), acts)
        assert [p for p in lake.verify("t") if p.code != "orphan"] == []
    done = [verb for line in acts.values() for verb, _ in line]
    assert {"append", "upsert", "compact", "expire", "sweep"} <= set(done)
    check_keys(lake, acts)
    lake.compact("t")
    check_rows(lake, acts)


def check_rows(lake: Lake, acts: dict[str, list[tuple[str, int]]]) -> None:
    rows = lake.read("t").to_pylist()
    found = {row["code"]: row["n"] for row in rows}
    assert len(found) == len(rows)
    for who, line in acts.items():
        heard = line[-1][1] if line else 0
        wanted = {f"{who}-{n:06d}": n for verb, n in line if verb == "append"}
        wanted |= {f"{who}-u{n % 10}": n for verb, n in line if verb == "upsert"}
        mine = {code: n for code, n in found.items() if code.startswith(f"{who}-")}
        # The act after the last acknowledged one may have landed before the process could say so.
        heard_of = {code: n for code, n in mine.items() if n != heard + 1}
        unheard = {code for code, n in mine.items() if n == heard + 1}
        assert len(unheard) <= 1
        assert heard_of == {code: n for code, n in wanted.items() if code not in unheard}


def check_keys(lake: Lake, acts: dict[str, list[tuple[str, int]]]) -> None:
    """Every acknowledged write is known by its key, also where its version has expired."""
    before = lake.read("t").num_rows
    for who, line in acts.items():
        for verb, n in line:
            if verb in ("append", "upsert"):
                lake.append("t", pa.table({"code": ["twice"], "n": [0]}), key=f"{who}-{n}")
    assert lake.read("t").num_rows == before
