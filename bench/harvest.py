"""A whole catalogue harvested over HTTP, killed in the middle and continued; the whole-table CSV.

The upstream is a process of its own that writes its pages with the DCAT codec when they are asked
for; it shares the machine's cores with the harvester, as it would not in life. The harvester is the
installed command. It is killed (SIGKILL) when a third of the entries are there, run again to the
end, and once more when nothing is new; then every entry is there once, in one version. Last, how
long the lists of CKAN's API take on what was harvested.

Run: ``python -m bench.harvest [ENTRIES] [ROWS]``; 300000 takes ten minutes.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import platform
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.intake import run

QIANTANG = str(Path(sys.executable).with_name("qiantang"))
PAGE = 500
"""Entries on a page, as many as the house's own feeds give."""
OFFICES = 40


def upstream(entries: int, ready: Any) -> None:
    from qiantang.kernel.text import Text
    from qiantang.rooms.harvest.tests.upstreams import Upstream, an_entry, serving
    from qiantang.standards.entries import Agency, Word

    offices = [
        Agency(f"330106-o{n:02d}", Text(f"西湖区第{n}局", f"Xihu Office {n}"))
        for n in range(OFFICES)
    ]
    words = [(Word(f"词{n}", "zh"), Word(f"word {n}", "en")) for n in range(1000)]
    some = [
        an_entry(n, publisher=offices[n % OFFICES], keywords=words[n % len(words)])
        for n in range(entries)
    ]
    # The server says so of every connection that the killed harvester leaves.
    with (
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stderr(nowhere),
        serving(Upstream(some, size=PAGE)) as server,
    ):
        ready.put(server.address)
        time.sleep(100_000)


def harvest(zone: Path, address: str, entries: int) -> None:
    run(QIANTANG, "--zone", str(zone), "harvest", "add", "county", address, "--private")
    command = [QIANTANG, "--zone", str(zone), "harvest", "run", "county"]
    began = time.perf_counter()
    seen, cpu = killed(command, zone, entries // 3)
    took = time.perf_counter() - began
    said("until it was killed", seen, took, cpu)
    rest = run(*command)
    said("continued to the end", entries - seen, rest.wall, rest.cpu)
    said("the whole of it", entries, took + rest.wall, cpu + rest.cpu)
    again = run(*command)
    said("again, nothing new", entries, again.wall, again.cpu)
    print(f"{'':<22}memory {max(rest.memory, again.memory):,.0f} MB at most")
    check(zone, entries)


def killed(command: list[str], zone: Path, when: int) -> tuple[int, float]:
    """Entries that were there when the process was killed, and the processor seconds it had."""
    before = _of_children()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while child.poll() is None and counted(zone) < when:
        time.sleep(0.2)
    if child.poll() is not None:
        raise SystemExit(f"ended with {child.returncode} before it was killed")
    child.kill()
    child.wait()
    return counted(zone), _of_children() - before


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def counted(zone: Path) -> int:
    with contextlib.suppress(sqlite3.OperationalError):
        return int(asked(zone, "SELECT count(*) FROM catalogue_informationresource")[0][0])
    return 0


def asked(zone: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(zone / "control.sqlite3", timeout=30)) as database:
        return database.execute(sql).fetchall()


def check(zone: Path, entries: int) -> None:
    """Every entry once, in one version; one run that went through all of them."""
    there, ids = asked(
        zone, "SELECT count(*), count(DISTINCT upstream_id) FROM catalogue_informationresource"
    )[0]
    assert (there, ids) == (entries, entries), (there, ids)
    versions = asked(
        zone, "SELECT count(*), count(DISTINCT resource_id) FROM catalogue_resourceversion"
    )[0]
    assert versions == (entries, entries), versions
    runs = asked(zone, "SELECT state, seen FROM harvest_harvestrun ORDER BY id")
    assert all(state == "done" for state, _ in runs), runs
    assert runs[0][1] == entries, runs


def said(name: str, entries: int, took: float, cpu: float) -> None:
    print(
        f"{name:<22}{entries:8,} entries  {took:7.2f} s  {entries / took:8,.0f} entries/s"
        f"  ({cpu:.2f} s of one core)",
        flush=True,
    )


def lists() -> None:
    """CKAN's lists: the first reads the catalogue's columns, each is then asked again."""
    from django.test import RequestFactory

    from qiantang.doors.protocols.ckan_api import action

    for name in ("organization_list?all_fields=true", "tag_list", "group_list?all_fields=true"):
        took = []
        for _ in range(2):
            request = RequestFactory().get(f"/api/3/action/{name}", headers={"Host": "localhost"})
            began = time.perf_counter()
            answer = action(request, name.partition("?")[0])
            took.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer
        print(f"{name.partition('?')[0]:<22}{took[0]:8,.0f} ms, again {took[1]:.1f} ms", flush=True)


def table(rows: int) -> None:
    """A table of five columns in the lake, out as CSV."""
    import pyarrow as pa

    from qiantang.doors.protocols.data import csv_pieces
    from qiantang.doors.protocols.tables import OpenTable
    from qiantang.kernel.actors import SYSTEM
    from qiantang.rooms.catalogue import selectors as catalogue
    from qiantang.rooms.catalogue import services as catalogue_services
    from qiantang.rooms.shelf import selectors as shelf
    from qiantang.rooms.shelf import services as shelf_services

    shelf_services.install_builtin(SYSTEM)
    catalogue_services.register_resources(SYSTEM, "geography")
    numbers = pa.array(range(rows))
    columns = {
        "number": numbers,
        "code": numbers.cast(pa.string()),
        "amount": numbers.cast(pa.float64()),
        "name": pa.array(["渔港泊位"] * rows),
        "kind": pa.array(["深水", "浅水"] * (rows // 2)),
    }
    made = pa.table(columns)
    shelf.lake().ensure("bench", made.schema)
    shelf.lake().append("bench", made)
    view = catalogue.resource(SYSTEM, "geography.division")
    open_table = OpenTable(view, tuple({"id": c} for c in columns), "bench", "1")
    began, size = time.perf_counter(), 0
    for piece in csv_pieces(open_table):
        size += len(piece)
    took = time.perf_counter() - began
    print(f"{'CSV, whole':<16}{rows:8,} rows     {took:7.2f} s  {size / 1e6:8,.1f} MB")


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    print(f"machine     {platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="qiantang-bench-") as folder:
        zone = Path(folder) / "zone"
        run(QIANTANG, "init", str(zone), "--bare")
        ready: Any = multiprocessing.get_context("spawn").Queue()
        server = multiprocessing.get_context("spawn").Process(
            target=upstream, args=(entries, ready), daemon=True
        )
        server.start()
        try:
            harvest(zone, ready.get(timeout=300), entries)
        finally:
            server.kill()
        from qiantang.site.bootstrap import setup
        from qiantang.site.zone import Zone

        setup(Zone.open(str(zone)))
        lists()
        table(rows)


if __name__ == "__main__":
    main()
