"""Pages a second with their 95th percentile, and the server's memory while it works.

Starts `qiantang serve` on the demonstration's zone (or the one in QIANTANG_ZONE) and asks over
loopback, so that the readers share the machine's cores with the server. Run:
``python -m bench.web [SECONDS] [READERS]``.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

PAGES = (
    ("home", "/"),
    ("home, English", "/?lang=en"),
    ("target", "/targets/T01/"),
    ("target's chart", "/targets/T01/chart.json"),
    ("all targets", "/targets/"),
)
REPORTS = (("PDF report", "/plan/report.pdf"), ("Excel report", "/plan/report.xlsx"))
QIANTANG = str(Path(sys.executable).with_name("qiantang"))


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    readers = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    print(f"machine     {platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}")
    print(f"load        {readers} readers for {seconds:g} s a page, on the same cores")
    with zone() as folder, serving(folder) as (port, pid):
        for _, path in (*PAGES, *REPORTS):
            fetch(port, path)
        print(f"memory      {resident(pid):,.0f} MB resident, all processes, warm")
        for name, path in PAGES:
            print(line(name, measure(port, path, seconds, readers), seconds))
        for name, path in REPORTS:
            began = time.perf_counter()
            size = fetch(port, path)
            print(f"{name:<30}{time.perf_counter() - began:8.2f} s   {size / 1e3:,.0f} kB")
        print(f"memory      {resident(pid):,.0f} MB resident, all processes, after the load")


def line(name: str, found: tuple[list[float], int, int], seconds: float) -> str:
    """One row of the table: rate, median, 95th and 99th percentile, failures, size."""
    times, failures, size = found
    if len(times) < 2:
        return f"{name:<30} no answer ({failures} failures)"
    cuts = statistics.quantiles(times, n=100)
    return (
        f"{name:<30}{len(times) / seconds:8.1f} /s   p50 {cuts[49] * 1e3:6.1f} ms   "
        f"p95 {cuts[94] * 1e3:6.1f} ms   p99 {cuts[98] * 1e3:6.1f} ms   "
        f"{failures} failed   {size / 1e3:.1f} kB"
    )


def plain(path: str) -> str:
    """An address with quotation marks, braces and letters beyond ASCII escaped."""
    return quote(path, safe="/?&=%:,.+-_~")


def measure(
    port: int, path: str | Callable[[], str], seconds: float, readers: int
) -> tuple[list[float], int, int]:
    """Seconds of every answer, how many failed, and the size of one. ``path`` may be made anew for
    each question."""
    times: list[float] = []
    failures: list[str] = []
    sizes: set[int] = set()
    stop = time.perf_counter() + seconds

    def read() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < stop:
            began = time.perf_counter()
            try:
                connection.request("GET", plain(path() if callable(path) else path))
                answer = connection.getresponse()
                sizes.add(len(answer.read()))
                if answer.status != 200:
                    raise http.client.HTTPException(str(answer.status))
            except (OSError, http.client.HTTPException) as error:
                failures.append(str(error))
                connection.close()
                time.sleep(0.05)
                continue
            times.append(time.perf_counter() - began)
        connection.close()

    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, len(failures), max(sizes, default=0)


def fetch(port: int, path: str) -> int:
    """The size of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}: {body[:200]!r}")
    return len(body)


@contextlib.contextmanager
def zone() -> Iterator[Path]:
    """The zone to serve: the one named by QIANTANG_ZONE, else a fresh demonstration."""
    named = os.environ.get("QIANTANG_ZONE")
    if named:
        yield Path(named)
        return
    with tempfile.TemporaryDirectory(prefix="qiantang-bench-") as folder:
        made = Path(folder) / "zone"
        command = [QIANTANG, "--zone", str(made), "demo", "--no-serve"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        yield made


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[tuple[int, int]]:
    """Port and process of a running server, which is stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [QIANTANG, "--zone", str(folder), "serve", "--port", str(port)]
    # One reader asks more often here than a stranger may.
    unlimited = {
        "QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE": "0",
        "QIANTANG_API_ANONYMOUS_PER_MINUTE": "0",
    }
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, **unlimited})
    try:
        await_answer(port, server)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()


def await_answer(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit(f"the server ended with {server.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("the server did not answer within a minute")


def resident(pid: int) -> float:
    """Megabytes resident of a process and everything below it; shared pages count once."""
    total = 0
    for member in family(pid):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{member}/smaps_rollup").read_text()
            total += next(int(row.split()[1]) for row in text.splitlines() if row[:4] == "Pss:")
    return total / 1024


def family(pid: int) -> list[int]:
    """A process with all its descendants."""
    members = [pid]
    for member in members:
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{member}/task/{member}/children").read_text()
            members += [int(child) for child in text.split()]
    return members


if __name__ == "__main__":
    main()
