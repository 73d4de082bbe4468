"""Rows of an open resource as pages and whole, beside Datasette on the same table.

1,000,000 rows come in through the intake and are asked for over HTTP from the served zone; the same
rows lie in an SQLite file with the same key indexed, served by Datasette with its own settings.
The readers share the machine's cores with the servers. Rows are checked to be the same.

Run: ``python -m bench.tables [ROWS] [SECONDS] [READERS]``.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import _messy, intake, web

SIZE = 100
COLUMNS = "number, firm, kind, capital, issued, expires"
CLONE = f"""
import sqlite3, sys
import pyarrow as pa
from pathlib import Path
from qiantang.engine.lake import Lake
rows = Lake(Path(sys.argv[1]) / "lake").query(
    "SELECT number, firm, kind, CAST(capital AS DOUBLE) AS capital, CAST(issued AS VARCHAR) AS"
    " issued, CAST(expires AS VARCHAR) AS expires FROM t ORDER BY number",
    {{"t": "{_messy.RESOURCE}"}})
db = sqlite3.connect(sys.argv[2])
db.execute("CREATE TABLE licence ({COLUMNS}, PRIMARY KEY (number))")
for batch in rows.to_batches():
    columns = [c.to_pylist() for c in batch.columns]
    db.executemany("INSERT INTO licence VALUES (?, ?, ?, ?, ?, ?)", zip(*columns))
db.execute("CREATE INDEX by_firm ON licence (firm)")
db.commit()
db.execute("ANALYZE")
db.commit()
"""
Address = Callable[[], str]


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5.0
    readers = int(sys.argv[3]) if len(sys.argv) > 3 else 4
    print(f"machine     {platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}")
    print(f"load        {readers} readers for {seconds:g} s each, on the same cores; {rows:,} rows")
    with tempfile.TemporaryDirectory(prefix="qiantang-bench-") as name:
        folder = Path(name)
        zone = furnished(folder, rows)
        database = folder / "data.db"
        intake.run(sys.executable, "-c", CLONE, str(zone), str(database))
        with web.serving(zone) as (port, pid):
            ours(zone, port, rows, seconds, readers)
            print(f"{'':<30}memory {web.resident(pid):,.0f} MB, all processes", flush=True)
        with datasette(database) as (port, pid):
            theirs(port, rows, seconds, readers)
            print(f"{'':<30}memory {web.resident(pid):,.0f} MB", flush=True)


def furnished(folder: Path, rows: int) -> Path:
    """A zone whose one open resource holds the rows."""
    file, zone = folder / "licences.csv", folder / "zone"
    intake.written(file, rows, form="plain")
    intake.run(web.QIANTANG, "init", str(zone), "--bare")
    pack = _messy.write_pack(folder / "bench")
    intake.run(sys.executable, "-c", intake.FURNISH, str(zone), str(pack))
    intake.run(web.QIANTANG, "--zone", str(zone), "intake", str(file), "-r", _messy.RESOURCE)
    return zone


def ours(zone: Path, port: int, rows: int, seconds: float, readers: int) -> None:
    chance = random.Random(1)
    action = f"/api/3/action/datastore_search?resource_id={_messy.RESOURCE}&limit={SIZE}"
    kinds: tuple[tuple[str, Address], ...] = (
        ("first page", lambda: f"{action}&include_total=false"),
        ("any page", lambda: f"{action}&offset={chance.randrange(rows - SIZE)}"),
        ("by key", lambda: f'{action}&filters={{"number":"{_key(chance, rows)}"}}'),
        ("by another column", lambda: f'{action}&filters={{"firm":"{_firm(chance, rows)}"}}'),
    )
    found = json.loads(body(port, kinds[2][1]()))["result"]["records"]
    assert len(found) == 1, found
    began = time.perf_counter()
    while not list(zone.glob("lake/lookups/*/*.sqlite3")) and time.perf_counter() - began < 120:
        time.sleep(0.2)
    print(f"{'':<30}look-up file made {time.perf_counter() - began:.1f} s after the first question")
    report("qiantang", port, kinds, seconds, readers)
    whole("qiantang", port, f"/data/{_messy.RESOURCE}.csv", rows)


def theirs(port: int, rows: int, seconds: float, readers: int) -> None:
    chance = random.Random(1)
    table = f"/data/licence.json?_shape=objects&_size={SIZE}"
    kinds: tuple[tuple[str, Address], ...] = (
        ("first page", lambda: f"{table}&_nocount=1&_nofacet=1"),
        ("any page (by key)", lambda: f"{table}&_next={_key(chance, rows)}"),
        ("by key", lambda: f"{table}&number__exact={_key(chance, rows)}"),
        ("by another column", lambda: f"{table}&firm__exact={_firm(chance, rows)}"),
    )
    found = json.loads(body(port, kinds[2][1]()))["rows"]
    assert len(found) == 1, found
    report("datasette", port, kinds, seconds, readers)
    whole("datasette", port, "/data/licence.csv?_stream=on&_size=max", rows)


def report(
    name: str, port: int, kinds: tuple[tuple[str, Address], ...], seconds: float, readers: int
) -> None:
    for kind, address in kinds:
        body(port, address())
        print(web.line(f"{name}, {kind}", web.measure(port, address, seconds, readers), seconds))


def whole(name: str, port: int, path: str, rows: int) -> None:
    """Seconds for the whole table; every row is counted."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        text = body(port, path)
        times.append(time.perf_counter() - began)
        lines = text.count(b"\n") - 1
        assert lines == rows - _messy.bad_rows(rows), lines
    middle = sorted(times)[1]
    print(f"{f'{name}, whole as CSV':<30}{middle:8.2f} s   {len(text) / 1e6:,.1f} MB", flush=True)


def body(port: int, path: str) -> bytes:
    from urllib.request import urlopen

    with urlopen(f"http://127.0.0.1:{port}{web.plain(path)}", timeout=300) as answer:
        return bytes(answer.read())


def _key(chance: random.Random, rows: int) -> str:
    """A number that was accepted: the rows before the last of a hundred are sound."""
    return f"P{chance.randrange(rows // 100) * 100 + chance.randrange(90):07d}"


def _firm(chance: random.Random, rows: int) -> str:
    number = chance.randrange(rows // 100) * 100 + chance.randrange(90)
    found: Any = _messy.firm_of(number)
    return str(found)


@contextlib.contextmanager
def datasette(database: Path) -> Iterator[tuple[int, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    program = str(Path(sys.executable).with_name("datasette"))
    words = ["serve", "-i", str(database), "--port", str(port), "--setting", "max_csv_mb", "0"]
    server = subprocess.Popen(
        [program, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        web.await_answer(port, server)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(15)


if __name__ == "__main__":
    main()
