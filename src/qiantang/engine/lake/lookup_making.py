"""Making the look-up file of a snapshot, by a process of its own
(``python -m qiantang.engine.lake.lookup_making``): whole or not at all, one at a time.

Values are kept as DuckDB's texts of them, whole numbers and truth values apart; see the kinds in
`lookups`.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qiantang.engine.lake import lookups
from qiantang.engine.lake.decimal_texts import texts_of
from qiantang.engine.lake.lookups import Wanted, quoted

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.lake.lake import Lake

MOST_ROWS: Final = 20_000_000
"""Larger tables are read from their Parquet files alone."""
_AGAIN: Final = 60.0
_CATALOGUE: Final = "QIANTANG_LOOKUP_CATALOGUE"
_asked: dict[tuple[Path, str], float] = {}
_making: list[subprocess.Popen[bytes]] = []


def ask_for(lake: Lake, wanted: Wanted) -> None:
    """Have the file made by a process of its own; returns at once. While one is being made, or
    soon after the table's last was asked for, nothing happens."""
    key = (lake.folder, wanted.table)
    _making[:] = [p for p in _making if p.poll() is None]
    if _making or time.monotonic() - _asked.get(key, -_AGAIN) < _AGAIN:
        return
    _asked[key] = time.monotonic()
    environment = {**os.environ, _CATALOGUE: lake.catalogue_url or ""}
    words = [str(lake.folder), json.dumps(asdict(wanted))]
    _making.append(
        # No shell, and every argument is ours.
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", "qiantang.engine.lake.lookup_making", *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    )


def make(lake: Lake, wanted: Wanted) -> Path | None:
    """Write the file, whole or not at all, and remove the table's earlier ones; None while another
    process is at it, or when the table is too large."""
    path = wanted.path(lake.folder)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(path.parent / "lock") as got:
        large = lake.files(wanted.table, at=wanted.snapshot).rows > MOST_ROWS
        if not got or path.exists() or large:
            return path if path.exists() else None
        fresh = path.with_suffix(".new")
        for dead in path.parent.glob("*.new"):
            dead.unlink(missing_ok=True)
        try:
            lake.look(wanted.table, at=wanted.snapshot)
            _write(fresh, lake, wanted)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
        for old in path.parent.glob("*.sqlite3"):
            if old != path:
                old.unlink(missing_ok=True)
    return path


def _write(fresh: Path, lake: Lake, wanted: Wanted) -> None:
    schema, columns = lake.schema(wanted.table), list(wanted.columns)
    kinds = {c: _kind(schema.field(c).type) for c in columns}
    with closing(sqlite3.connect(fresh)) as db:
        # A file that is not finished is thrown away: nothing in it needs a journal.
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("CREATE TABLE about (rows INTEGER, kinds TEXT)")
        named = ", ".join(map(quoted, columns))
        db.execute(f"CREATE TABLE rows (_id INTEGER PRIMARY KEY, {named})")
        places = f"INSERT INTO rows ({named}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
        count = 0
        for batch in lake.reader(wanted.table, columns=columns, at=wanted.snapshot):
            db.executemany(places, zip(*(_plain(c) for c in batch.columns), strict=True))
            count += batch.num_rows
        for n, column in enumerate(wanted.indexed):
            db.execute(f"CREATE INDEX by_{n} ON rows ({quoted(column)})")
        db.execute("INSERT INTO about VALUES (?, ?)", (count, json.dumps(kinds)))
        db.commit()


def _kind(type: pa.DataType) -> str:
    import pyarrow.types as kinds

    tests = (
        (lookups.TRUTH, kinds.is_boolean),
        (lookups.WHOLE, kinds.is_integer),
        (lookups.DECIMAL, kinds.is_decimal),
        (lookups.REAL, kinds.is_floating),
        (lookups.MOMENT, kinds.is_timestamp),
    )
    return next((kind for kind, is_it in tests if is_it(type)), lookups.TEXT)


def _plain(column: pa.Array) -> list[Any]:
    """Values as SQLite keeps them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_timestamp(kind):
        return [v if v is None else v.isoformat() for v in column.to_pylist()]
    if pa.types.is_decimal(kind):
        column = texts_of(column)
    elif pa.types.is_floating(kind):
        column = column.cast(pa.float64())
        texts = column.cast(pa.string())
        column = pc.if_else(pc.is_finite(column), texts, pa.scalar(None, pa.string()))
    elif not (pa.types.is_boolean(kind) or pa.types.is_integer(kind)):
        column = column.cast(pa.string())
    found: list[Any] = column.to_pylist()
    return found


@contextmanager
def _alone(lock: Path) -> Iterator[bool]:
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _main(folder: str, said: str) -> int:
    from qiantang.engine.lake.lake import Lake

    os.nice(5)
    given = json.loads(said)
    columns, indexed = tuple(given.pop("columns")), tuple(given.pop("indexed"))
    lake = Lake(Path(folder), os.environ.get(_CATALOGUE) or None)
    return 0 if make(lake, Wanted(columns=columns, indexed=indexed, **given)) else 1


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
