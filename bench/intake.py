"""A messy delivery from file to queryable table, beside readers of other people.

1,000,000 rows are typed on the whole file, held against seven rules, bad rows set aside with
reasons, the others committed to the lake: the installed command, from its start to its exit.
Beside it: DuckDB's bare ``read_csv`` of the same file (no rules, the floor), frictionless with the
same seven rules on a plain twin of 50,000 rows (it reads neither 万 nor mixed dates; scaled to the
full number), openpyxl reading the workbook's cells. Then the most memory at three sizes.

Run: ``python -m bench.intake [ROWS] [XLSX_ROWS]``.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import _messy

QIANTANG = str(Path(sys.executable).with_name("qiantang"))
SAMPLE = 50_000
REPEATS = 3
SIZES = (0.25, 1, 4)
COMPILED = str(Path(tempfile.gettempdir()) / "qiantang-bench-compiled")

FURNISH = """
import sys
from pathlib import Path
from qiantang.site.bootstrap import setup
from qiantang.site.zone import Zone
setup(Zone.open(sys.argv[1]))
from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.people import services as people
from qiantang.rooms.shelf import services as shelf
people.create_organisation(SYSTEM, "330000", Text("浙江省人民政府", "Zhejiang"))
people.create_organisation(SYSTEM, "330000", Text("统计局", "Statistics"), department="stats")
installed = shelf.install_pack(SYSTEM, Path(sys.argv[2]))
assert installed.usable, installed.problems
catalogue.register_resources(SYSTEM, "bench")
"""
COUNT = """
import sys
from qiantang.engine.lake import Lake
from pathlib import Path
found = Lake(Path(sys.argv[1]) / "lake").query(
    "SELECT count(*) AS n, sum(capital) AS s FROM t", {"t": "bench.licence"})
print(found.column("n")[0].as_py())
"""


@dataclass(frozen=True)
class Took:
    """One command: wall and processor seconds, the most resident memory in MB, what it printed."""

    wall: float
    cpu: float
    memory: float
    said: str


def run(*words: str) -> Took:
    """A command to its end."""
    # An installed command finds its modules compiled; the first runs here compile them.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "PYTHONPYCACHEPREFIX": COMPILED}
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(words, stdout=out, stderr=subprocess.DEVNULL, env=environment)
        _, status, used = os.wait4(child.pid, 0)
        took = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read()
    if child.returncode:
        raise SystemExit(f"{' '.join(words[:4])} ended with {child.returncode}: {said[-2000:]}")
    return Took(took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said)


def written(file: Path, rows: int, encoding: str = "utf-8", form: str = "messy") -> int:
    """Write a delivery in a process of its own; its bytes. What a process has in memory when it
    starts another counts as the other's, so this one stays small."""
    said = run(sys.executable, "-m", "bench._messy", str(file), str(rows), encoding, form)
    return int(said.said)


def deliver(folder: Path, file: Path, rows: int) -> Took:
    """Take a file in, in a fresh zone; every row is accounted for and can be asked for."""
    zone = Path(tempfile.mkdtemp(prefix="zone-", dir=folder))
    zone.rmdir()
    run(QIANTANG, "init", str(zone), "--bare")
    run(sys.executable, "-c", FURNISH, str(zone), str(_messy.write_pack(folder / "bench")))
    words = ("intake", str(file), "--resource", _messy.RESOURCE, "--format", "json")
    took = run(QIANTANG, "--zone", str(zone), *words)
    told = json.loads(took.said)
    assert told["sent"] == rows, told["sent"]
    assert told["set_aside"] == _messy.bad_rows(rows), told["set_aside"]
    assert told["accepted"] == rows - _messy.bad_rows(rows)
    assert int(run(sys.executable, "-c", COUNT, str(zone)).said) == told["accepted"]
    return took


def middle(found: list[Took]) -> Took:
    return sorted(found, key=lambda took: took.wall)[len(found) // 2]


def show(name: str, took: Took, rows: int, note: str = "") -> None:
    print(
        f"{name:<34}{took.wall:8.2f} s wall {took.cpu:7.2f} s cpu {rows / took.wall:11,.0f} rows/s"
        f" {took.memory:7,.0f} MB{note}",
        flush=True,
    )


def csv_files(folder: Path, rows: int) -> None:
    for encoding in ("utf-8", "gb18030"):
        file = folder / f"licences-{encoding}.csv"
        size = written(file, rows, encoding)
        print(f"{encoding}: {rows:,} rows, {size / 1e6:.1f} MB, {_messy.bad_rows(rows):,} bad")
        took = middle([deliver(folder, file, rows) for _ in range(REPEATS)])
        show(f"qiantang intake, {encoding}", took, rows)
    show("DuckDB read_csv, no rules (floor)", duckdb_floor(folder / "licences-utf-8.csv"), rows)


def duckdb_floor(file: Path) -> Took:
    code = (
        "import duckdb, sys\n"
        "db = duckdb.connect(sys.argv[1])\n"
        'db.execute("CREATE TABLE t AS SELECT * FROM read_csv(?, skip=1, ignore_errors=true)", '
        "[sys.argv[2]])\n"
    )
    found = []
    for n in range(REPEATS):
        found.append(run(sys.executable, "-c", code, str(file.with_name(f"{n}.duckdb")), str(file)))
    return middle(found)


def frictionless(folder: Path, rows: int) -> None:
    """Validation alone: nothing is typed into a table, set aside or committed."""
    sample = min(SAMPLE, rows)
    file = folder / "plain.csv"
    written(file, sample, form="plain")
    took = run(sys.executable, "-m", "bench._frictionless", str(file), str(sample))
    show(f"frictionless, {sample:,} plain rows", took, sample)
    scaled = Took(took.wall * rows / sample, took.cpu * rows / sample, took.memory, "")
    show(f"  scaled to {rows:,}", scaled, rows, "   (scaled, not run)")


def workbook(folder: Path, rows: int) -> None:
    file = folder / "licences.xlsx"
    size = written(file, rows)
    print(f"XLSX: {rows:,} rows, {size / 1e6:.1f} MB")
    took = middle([deliver(folder, file, rows) for _ in range(REPEATS)])
    show("qiantang intake, XLSX", took, rows)
    code = (
        "import openpyxl, sys\n"
        "book = openpyxl.load_workbook(sys.argv[1], read_only=True)\n"
        "print(sum(1 for _ in book.active.iter_rows(values_only=True)))\n"
    )
    show("openpyxl, cells only, no rules", run(sys.executable, "-c", code, str(file)), rows)


def memory(folder: Path, rows: int) -> None:
    for times in SIZES:
        count = int(rows * times)
        file = folder / "grown.csv"
        size = written(file, count)
        took = deliver(folder, file, count)
        show(f"memory at {count:,} ({size / 1e6:.0f} MB)", took, count)
        file.unlink()


def main() -> None:
    given: list[Any] = sys.argv[1:]
    rows = int(given[0]) if given else 1_000_000
    sheet_rows = int(given[1]) if len(given) > 1 else 100_000
    print(f"machine     {platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="qiantang-bench-") as name:
        folder = Path(name)
        csv_files(folder, rows)
        frictionless(folder, rows)
        workbook(folder, sheet_rows)
        memory(folder, rows)


if __name__ == "__main__":
    main()
