"""The walk through the house: nothing to verdict, correction to new verdict, memory while serving.

Runs the installed command in a fresh folder, as a person would, and prints each figure with the
machine it was measured on.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

CORRECTIONS = 5

CORRECT = """
import json, sys, time
from qiantang.site.bootstrap import setup
from qiantang.site.zone import Zone
setup(Zone.open(sys.argv[1]))
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.rows import to_row
from qiantang.rooms.people.selectors import actor_of_account
officer, approver = actor_of_account("officer"), actor_of_account("approver")
selectors.assessment("zone-2017")
seconds, verdicts = [], []
for turn in range(int(sys.argv[2])):
    shown = []
    for figure in ("P005", "P006"):
        known = selectors.observation(figure)
        value = "5400" if turn % 2 == 0 else "6228.9"
        form = {**to_row(known), "value": value, "base_revision": str(known.revision)}
        sent = services.submit_observation(officer, form)
        began = time.perf_counter()
        services.approve(approver, sent.id, sent.version)
        verdict = selectors.assessment("zone-2017").row("T01").verdict
        stored = selectors.target_history("zone-2017", "T01")[0].verdict
        seconds.append(time.perf_counter() - began)
        assert stored == verdict, (stored, verdict)
    verdicts.append(verdict)
print(json.dumps({"seconds": seconds, "verdicts": verdicts}))
"""


def main() -> int:
    print(_machine())
    with tempfile.TemporaryDirectory(prefix="qiantang-walk-") as folder:
        zone = str(Path(folder) / "zone")
        first = _timed([_qiantang(), "--zone", zone, "demo", "--no-serve"])
        again = _timed([_qiantang(), "--zone", zone, "demo", "--no-serve"])
        print(f"nothing to verdict table: {first:.1f} s (asked: under 60 s)")
        print(f"second run, zone reused: {again:.1f} s")
        print(f"size: {_size(Path(zone)):.1f} MB zone, {_figures(zone)} figures, 27 targets")
        _corrections(zone)
        _memory(zone)
    return 0


def _corrections(zone: str) -> None:
    command = [sys.executable, "-c", CORRECT, zone, str(CORRECTIONS)]
    done = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    seconds = sorted(done["seconds"])
    middle, worst = seconds[len(seconds) // 2], seconds[-1]
    print(
        f"approval of a correction to the new verdict, stored and shown: median {middle:.2f} s, "
        f"slowest {worst:.2f} s of {len(seconds)} (asked: within 1 s); "
        f"verdicts {' -> '.join(done['verdicts'])}"
    )


def _memory(zone: str) -> None:
    port = _free_port()
    server = subprocess.Popen(
        [_qiantang(), "--zone", zone, "demo", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}/"
        _wait(address)
        idle = _resident(server.pid)
        for page in ("", "targets/", "targets/T01/", "indicators/", "divisions/330100/", "plan/"):
            _get(address + page)
        used = _resident(server.pid)
        print(
            f"resident memory of all processes while serving: {idle:.0f} MB after the first page, "
            f"{used:.0f} MB after six kinds of page (asked: under 300 MB)"
        )
    finally:
        server.send_signal(signal.SIGINT)
        print(f"stops on Ctrl-C with exit code {server.wait(timeout=20)}")


def _qiantang() -> str:
    return str(Path(sys.executable).with_name("qiantang"))


def _timed(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def _figures(zone: str) -> int:
    command = [_qiantang(), "--zone", zone, "plan", "assess", "--format", "json"]
    body = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert len(body["targets"]) == 27
    data = Path(__file__).parent.parent / "src/qiantang/packs"
    return sum(_rows(path) for path in data.glob("*/data/*.csv"))


def _rows(path: Path) -> int:
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def _size(folder: Path) -> float:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 2**20


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _get(address: str) -> int:
    with urllib.request.urlopen(address, timeout=30) as answer:
        answer.read()
        return int(answer.status)


def _wait(address: str) -> None:
    for _ in range(240):
        try:
            _get(address)
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise SystemExit("the server did not answer within 60 s")


def _resident(pid: int) -> float:
    """Resident megabytes of a process and all its descendants (Linux)."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    total, pending = 0, [pid]
    while pending:
        one = pending.pop()
        pending += parents.get(one, [])
        for line in (Path("/proc") / str(one) / "status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
    return total / 1024


def _machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    runs = f"{platform.system()}, Python {platform.python_version()}"
    return f"machine: {os.cpu_count()} x {model}, {memory:.0f} GB, {runs}"


if __name__ == "__main__":
    sys.exit(main())
