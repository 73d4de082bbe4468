"""A Spark Connect server for the tests: Sail in this process, or real Spark with two executors."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SPARK = "QIANTANG_TEST_SPARK"
"""The virtual environment that holds real Spark; without it the tests run on Sail."""
START_SECONDS = 120


def real() -> bool:
    return bool(os.environ.get(SPARK))


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a server that lives as long as the block."""
    with _spark(folder) if real() else _sail() as address:
        yield address


@contextmanager
def _sail() -> Iterator[str]:
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    try:
        yield f"sc://127.0.0.1:{server.listening_address[1]}"
    finally:
        server.stop()


@contextmanager
def _spark(folder: Path) -> Iterator[str]:
    """``local-cluster``: a driver and two executors, each a process, in yet another time zone."""
    home = next(Path(os.environ[SPARK]).glob("lib/python3*/site-packages/pyspark")).absolute()
    port = _free_port()
    settings = {
        "spark.connect.grpc.binding.port": str(port),
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "2",
    }
    command = [
        str(home / "bin" / "spark-submit"),
        "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
        "--master", "local-cluster[2,1,1024]",
        *(word for name, value in settings.items() for word in ("--conf", f"{name}={value}")),
        "spark-internal",
    ]  # fmt: skip
    around = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    around["TZ"] = "America/New_York"
    log = folder / "spark.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, cwd=folder, env=around, stdout=out, stderr=out, start_new_session=True
        )
        try:
            _wait(port, server, log)
            yield f"sc://127.0.0.1:{port}"
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("Spark did not start:\n" + log.read_text(errors="replace")[-3000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
