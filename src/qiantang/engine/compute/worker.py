"""The process in which statements that somebody wrote run, one after the other:
``python -m qiantang.engine.compute.worker PARENT``.

A task comes in as a line of JSON and the rows in memory as Arrow streams (`workers`); out goes a
line of JSON, with rows as one Arrow stream behind it. The operating system refuses memory beyond
what the task may take, and ends the process when the time is long over, whatever DuckDB is doing
and also where nobody waits for the answer any more.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, NoReturn

import duckdb
import pyarrow as pa

from qiantang.engine.compute.duck import Seen, opened, rows_of, write_rows
from qiantang.engine.compute.watching import Watch
from qiantang.engine.compute.workers import GRACE, NO_FILE, NO_MEMORY, TOO_LONG
from qiantang.engine.lake.duck import Limits
from qiantang.engine.lake.errors import QueryInvalid
from qiantang.engine.lake.guard import check_select

IDLE_SECONDS: Final = 120.0
_LOOK_EVERY: Final = 0.5
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def main() -> NoReturn:
    """Answer until nobody asks any more; never returns."""
    told, answers = os.fdopen(0, "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _settle(int(sys.argv[1]))
    _say(answers, {})
    resting = _held()
    while select.select([told], [], [], IDLE_SECONDS)[0] and (line := told.readline()):
        task = json.loads(line)
        rows = {name: pa.ipc.open_stream(told).read_all() for name in task["rows"]}
        said, body = _done(task, rows)
        del rows
        # Room that an earlier statement left torn would be missing to a later one.
        last = said.get("wrong") == NO_MEMORY or _held() > resting + task["growth"] // 4
        _say(answers, {**said, "last": last}, body)
        if last:
            break
    os._exit(0)  # at once: whoever finds the pipes closed finds the process ended, too


def _settle(parent: int) -> None:
    """No core of other people's rows, first to go where the machine has no memory, gone with the
    parent even while a statement runs."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    duckdb.connect(":memory:").close()  # what the first one takes is no statement's

    def follow() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_EVERY)
        os._exit(0)

    threading.Thread(target=follow, name="follow-parent", daemon=True).start()


def _done(task: dict[str, Any], rows: dict[str, pa.Table]) -> tuple[dict[str, Any], bytes]:
    """The answer to one task: what to say, and the rows."""
    limits = Limits(**task["limits"])
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + GRACE)
    _allow(task["growth"])
    try:
        return _answered(task, Seen(task["views"], task["folders"], rows), limits)
    except MemoryError:
        return {"wrong": NO_MEMORY}, b""
    except OSError as wrong:
        return {"wrong": NO_FILE, "errno": wrong.errno, "said": wrong.strerror}, b""
    except QueryInvalid as wrong:
        return {"wrong": "ParserException", "said": str(wrong)}, b""
    except duckdb.Error as wrong:
        said = str(wrong)
        # That it was refused memory, and not that its own limit is reached.
        refused = isinstance(wrong, duckdb.OutOfMemoryException) and "Allocation failure" in said
        return {"wrong": NO_MEMORY if refused else type(wrong).__name__, "said": said[:2000]}, b""
    finally:
        _allow(None)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answered(task: dict[str, Any], seen: Seen, limits: Limits) -> tuple[dict[str, Any], bytes]:
    connection, text = opened(seen, limits), task["sql"]
    try:
        check_select(connection, text, [*seen.views, *seen.rows])
        with Watch(connection.interrupt).over(limits.seconds):
            if task["verb"] == "names":
                return {"names": _names(connection, text), "bytes": 0}, b""
            if task["verb"] == "file":
                count, schema = write_rows(connection, text, Path(task["path"]))
                body = _stream(schema.empty_table())
                return {"rows": count, "bytes": len(body)}, body
            found = rows_of(connection, text)
            if found.nbytes > task["most"]:
                return {"wrong": TOO_LONG, "bytes": found.nbytes}, b""
            body = _stream(found)
            return {"bytes": len(body)}, body
    finally:
        connection.close()


def _names(connection: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    try:
        return list(connection.sql(text).columns)
    except (duckdb.InterruptException, duckdb.OutOfMemoryException):
        raise
    except duckdb.Error:
        return []


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def _say(answers: IO[bytes], said: dict[str, Any], body: bytes = b"") -> None:
    answers.write(json.dumps(said).encode() + b"\n" + body)
    answers.flush()


def _allow(growth: int | None) -> None:
    """Let the process take ``growth`` more bytes, None: as many as there are. Nothing is limited
    where the system does not say what is taken."""
    held, hard = _held(), resource.getrlimit(resource.RLIMIT_DATA)[1]
    most = hard
    if growth is not None and held:
        most = held + growth if hard == resource.RLIM_INFINITY else min(held + growth, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def _held() -> int:
    """Bytes of writable memory of its own; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[5]) * _PAGE
    except OSError:
        return 0


if __name__ == "__main__":
    main()
