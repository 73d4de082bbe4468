"""The worker processes in which readers' SQL runs (`worker`), and how they are spoken with.

One is started where none is free, is kept for the next statement, and ends by itself when idle or
when this process is gone. A worker is handed the statement, the selects over planned files and rows
in memory, and nothing else.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import pyarrow as pa

from qiantang.engine.compute.errors import TaskLost

MEGABYTE: Final = 1 << 20
MOST_BYTES = 64 * MEGABYTE
"""The longest answer."""
GRACE: Final = 2.0
"""Seconds after the limit at which a worker that did not stop by itself is killed."""
NO_FILE: Final = "no file"
NO_MEMORY: Final = "no memory"
TOO_LONG: Final = "too long"
"""What a worker says is wrong, beside the names of DuckDB's errors."""
_HANDED: Final = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG")
"""All of the environment that a worker gets: addresses and passwords are not in it."""
_free: list[Worker] = []
_lock = threading.Lock()


class Worker:
    """One worker process and the talk with it. ``used``: it has answered before."""

    def __init__(self) -> None:
        handed = {name: os.environ[name] for name in _HANDED if name in os.environ}
        # No shell, and every argument is ours; -P: nothing is imported from the current folder.
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", "qiantang.engine.compute.worker", str(os.getpid())],
            env={**handed, "ARROW_DEFAULT_MEMORY_POOL": "system"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._told, self._answers = self._process.stdin, self._process.stdout
        self.used = False
        if not self._answers.readline():
            raise TaskLost(found=self.end())

    @property
    def number(self) -> int:
        return self._process.pid

    def is_there(self) -> bool:
        return self._process.poll() is None

    def ask(
        self, task: dict[str, Any], rows: Mapping[str, pa.Table]
    ) -> tuple[dict[str, Any], bytes]:
        """Hand a task over and wait. Raises OSError, EOFError or ValueError where it is lost."""
        self._told.write(json.dumps(task).encode() + b"\n")
        for table in rows.values():
            with pa.ipc.new_stream(self._told, table.schema) as stream:
                stream.write_table(table)
        self._told.flush()
        said = json.loads(self._answers.readline(MEGABYTE))
        length = 0 if "wrong" in said else int(said["bytes"])
        if length > 2 * MOST_BYTES:
            raise ValueError(length)
        body = self._answers.read(length)
        if len(body) < length:
            raise EOFError
        return said, body

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> int:
        """Kill it if it is there; its exit code."""
        self._process.kill()
        code = self._process.wait()
        self._answers.close()
        with suppress(OSError):  # what it was being told is lost with it
            self._told.close()
        return code


def taken() -> Worker:
    """A free worker, or a new one. Raises `TaskLost` where none can be started."""
    while True:
        with _lock:
            worker = _free.pop() if _free else None
        if worker is None:
            try:
                return Worker()
            except OSError as wrong:
                raise TaskLost(found=wrong.strerror) from wrong
        if worker.is_there():
            return worker
        worker.end()


def put_back(worker: Worker) -> None:
    """Keep a worker that has answered for the next statement."""
    worker.used = True
    with _lock:
        _free.append(worker)


@atexit.register
def end_workers() -> None:
    """End the free ones; those at work end by themselves once this process is gone."""
    while _free:
        _free.pop().end()


# A forked child would speak into its parent's pipes.
os.register_at_fork(after_in_child=_free.clear)
