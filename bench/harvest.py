"""Entries harvested a second from a live upstream, and the whole-table CSV of an open resource.

The upstream is a process of its own that serves pages made by the DCAT codec; both share the
machine's cores, as they would not in life. Run: ``python -m bench.harvest [ENTRIES] [ROWS]``.
"""

from __future__ import annotations

import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

QIANTANG = str(Path(sys.executable).with_name("qiantang"))


def upstream(entries: int, ready: Any) -> None:
    from qiantang.rooms.harvest.tests.upstreams import Upstream, an_entry, serving

    with serving(Upstream([an_entry(n) for n in range(entries)], size=100)) as server:
        ready.put(server.address)
        time.sleep(3600)


def harvest(zone: Path, address: str) -> None:
    from qiantang.kernel.actors import SYSTEM
    from qiantang.kernel.text import Text
    from qiantang.rooms.harvest import services

    new = services.NewUpstream("county", address, Text("县", "County"), private=True)
    services.add_upstream(SYSTEM, new)
    for name in ("first harvest", "nothing new"):
        began, worked = time.perf_counter(), time.process_time()
        run = services.harvest(SYSTEM, "county")
        took, cpu = time.perf_counter() - began, time.process_time() - worked
        print(
            f"{name:<16}{run.seen:8,} entries  {took:7.2f} s  {run.seen / took:8,.0f} entries/s"
            f"  ({cpu:.2f} s of one core)"
        )


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
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    print(f"machine     {platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="qiantang-bench-") as folder:
        zone = Path(folder) / "zone"
        command = [QIANTANG, "init", str(zone), "--bare"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        ready: Any = multiprocessing.get_context("spawn").Queue()
        server = multiprocessing.get_context("spawn").Process(
            target=upstream, args=(entries, ready), daemon=True
        )
        server.start()
        address = ready.get(timeout=120)
        from qiantang.site.bootstrap import setup
        from qiantang.site.zone import Zone

        setup(Zone.open(str(zone)))
        harvest(zone, address)
        server.kill()
        table(rows)


if __name__ == "__main__":
    main()
