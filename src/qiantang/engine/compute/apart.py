"""`ApartEngine`: a statement that somebody wrote, in a worker process of its own.

What DuckDB makes inside one step it neither counts nor leaves when told to, so the operating system
bounds the process that runs it (`workers`). One that is late, cancelled or out of memory ends, and
another takes its place. How many run at once is for the callers, who take turns.
"""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from qiantang.engine.compute import workers
from qiantang.engine.compute.duck import DuckEngine, seen
from qiantang.engine.compute.errors import AnswerTooLarge, TaskLost, TaskTooLarge
from qiantang.engine.compute.protocol import Given
from qiantang.engine.compute.tables import schema_of
from qiantang.engine.compute.watching import Stopped
from qiantang.engine.compute.workers import (
    GRACE,
    MEGABYTE,
    NO_FILE,
    NO_MEMORY,
    TOO_LONG,
    Worker,
)
from qiantang.engine.lake.duck import Limits

MEMORY_MB: Final = 1024


class ApartEngine(DuckEngine):
    """As `DuckEngine`, in a worker that may grow by ``memory_mb`` for one statement.

    Rows of more than `MOST_BYTES` raise `AnswerTooLarge`; what is written to a file has no bound.
    Every verb may raise `TaskLost`, too.
    """

    def __init__(self, *, limits: Limits | None = None, memory_mb: int = MEMORY_MB) -> None:
        super().__init__(limits=limits)
        self._memory = memory_mb
        self._lock = threading.Lock()
        self._worker: Worker | None = None

    def run(self, text: str) -> pa.Table:
        """The rows of a select that the caller wrote from a checked tree."""
        with self._watched():
            return self._rows(text)

    def names(self, text: str) -> tuple[str, ...]:
        """The names of a select's columns, in order; none where it does not bind."""
        with self._watched():
            return tuple(self._asked("names", text)[0]["names"])

    def _rows(self, text: str) -> pa.Table:
        return _table(self._asked("rows", text)[1])

    def _written(self, text: str, path: Path) -> tuple[int, pa.Schema]:
        said, body = self._asked("file", text, str(path.absolute()))
        return int(said["rows"]), _table(body).schema

    def _asked(self, verb: str, text: str, path: str = "") -> tuple[dict[str, Any], bytes]:
        known = seen(self._tables)
        task = {
            "verb": verb,
            "sql": text,
            "path": path,
            "views": dict(known.views),
            "folders": list(known.folders),
            "rows": list(known.rows),
            "limits": asdict(self._limits),
            "growth": self._memory * MEGABYTE,
            "most": workers.MOST_BYTES,
        }
        answer = None
        while answer is None:
            answer = self._tried(workers.taken(), task, known.rows)
        self._refuse_wrong(answer[0])
        return answer

    def _tried(
        self, worker: Worker, task: dict[str, Any], rows: Mapping[str, pa.Table]
    ) -> tuple[dict[str, Any], bytes] | None:
        """What the worker answers; None where it had gone idle just before it was asked."""
        used, self._worker = worker.used, worker
        try:
            with self._watch.over(self._limits.seconds + GRACE):
                answer = worker.ask(task, rows)
        except BaseException as wrong:
            code = self._leave(worker, ended=True)
            if self._watch.stopped is not Stopped.NO or code == -signal.SIGALRM:
                raise duckdb.InterruptException("stopped") from wrong
            if not isinstance(wrong, OSError | EOFError | ValueError):
                raise
            if used and code == 0:
                return None
            raise TaskLost(found=code) from wrong
        self._leave(worker, ended=bool(answer[0].get("last")))
        return answer

    def _leave(self, worker: Worker, *, ended: bool) -> int:
        """Let go of the worker before somebody else gets it; its exit code where it has ended."""
        with self._lock:
            self._worker = None
        if ended:
            return worker.end()
        workers.put_back(worker)
        return 0

    def _refuse_wrong(self, said: Mapping[str, Any]) -> None:
        """Raise what the worker could not do: the engine's error as if it were raised here."""
        wrong = said.get("wrong")
        if wrong is None:
            return
        if wrong == NO_MEMORY:
            raise TaskTooLarge(expected=f"{self._memory} MB")
        if wrong == TOO_LONG:
            found = said["bytes"] // MEGABYTE
            raise AnswerTooLarge(found=found, expected=workers.MOST_BYTES // MEGABYTE)
        if wrong == NO_FILE:
            raise OSError(said["errno"], said["said"])
        raise _error(wrong, said["said"])

    def _timed(self) -> AbstractContextManager[None]:
        """Starting a worker is not the statement's time: see `_tried`."""
        return nullcontext()

    def _interrupt(self) -> None:
        with self._lock:
            if self._worker is not None:
                self._worker.kill()


def names_alike(
    sql: str,
    tables: Mapping[str, Given],
    *,
    limits: Limits | None = None,
    memory_mb: int = MEMORY_MB,
) -> tuple[str, ...]:
    """The names that several columns of the result have: CSV would hold such columns side by side,
    JSON only the last of them. Case makes no other name, as for both engines. None for SQL that
    does not bind, of which the engine tells.

    Binding works out what is constant: it runs apart like the statement itself.
    """
    with ApartEngine(limits=limits, memory_mb=memory_mb) as engine:
        for name, table in tables.items():
            engine.register(name, schema_of(table).empty_table())
        names = engine.names(sql)
    counts = Counter(name.casefold() for name in names)
    return tuple(dict.fromkeys(name for name in names if counts[name.casefold()] > 1))


def _error(name: str, said: str) -> duckdb.Error:
    kind = getattr(duckdb, name, None)
    if isinstance(kind, type) and issubclass(kind, duckdb.Error):
        return kind(said)
    return duckdb.Error(said)


def _table(body: bytes) -> pa.Table:
    return pa.ipc.open_stream(pa.py_buffer(body)).read_all()
