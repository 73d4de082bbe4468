"""kill -9 while an approver works: nothing acknowledged is lost, and approving again heals."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
WAITING = 45
KILLS = 5


@pytest.fixture
def database() -> Iterator[str]:
    """Empty for SQLite; else the address of a PostgreSQL database of the journey's own."""
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url:
        yield ""
        return
    import psycopg

    name = f"journey_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    from urllib.parse import urlsplit, urlunsplit

    yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def start(zone: Path, database: str, *words: str) -> subprocess.Popen[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QIANTANG_", "DJANGO_"))}
    env = {**kept, "PYTHONPATH": str(ROOT), "QIANTANG_DATABASE_POOL": "0"}
    if database:
        env["QIANTANG_DATABASE_URL"] = database
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.approving", str(zone), *words],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=env,
    )


def examined(zone: Path, database: str) -> dict[str, Any]:
    child = start(zone, database, "examine")
    out, _ = child.communicate(timeout=120)
    assert child.returncode == 0
    return dict(json.loads(out))


def test_approvals_survive_being_killed(tmp_path: Path, database: str) -> None:
    zone, moments = tmp_path / "zone", random.Random(20171101)
    prepared = start(zone, database, "prepare", str(WAITING))
    assert prepared.wait(timeout=600) == 0
    acknowledged: set[int] = set()
    interrupted = 0
    for _ in range(KILLS):
        child = start(zone, database, "approve")
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0.05, 1.2))
        child.kill()
        told = child.communicate(timeout=60)[0].split()
        interrupted += "done" not in told
        acknowledged |= {int(word) for word in told if word.isdigit()}
    assert interrupted, "the journey is one only if something was killed at work"

    seen = examined(zone, database)
    assert acknowledged <= set(seen["approved"]), "an acknowledged approval is missing"
    assert seen["breaks"] == 0
    assert seen["lake"] == []
    keys = {int(key.split("-")[1]) for key, _, _ in seen["published"]}
    assert set(seen["approved"]) <= keys, "approved and not in the lake"
    assert keys - set(seen["approved"]) == set(seen["half"])
    assert len(seen["wrong"]) == len(seen["half"]), seen["wrong"]

    # Once more, exactly between the lake's commit and the database's.
    child = start(zone, database, "die")
    assert child.communicate(timeout=120)[0].split() == ["ready"]
    torn = examined(zone, database)
    assert len(torn["half"]) == 1
    assert any(f"Submission {torn['half'][0]} " in said for said in torn["wrong"]), torn["wrong"]

    last = start(zone, database, "approve")
    out, _ = last.communicate(timeout=120)
    assert out.split()[-1] == "done"
    healed = examined(zone, database)
    assert healed["pending"] == []
    assert healed["half"] == []
    assert healed["wrong"] == []
    assert len(healed["approved"]) == WAITING + 1
    written = Counter((id, revision) for _, id, revision in healed["published"])
    assert max(written.values()) == 1, "something was written twice"
    per_key = {key for key, _, _ in healed["published"]}
    assert len(per_key) == WAITING + 1
