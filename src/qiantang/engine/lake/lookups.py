"""One immutable SQLite file per snapshot: pages of rows and look-ups by key in a millisecond.

A file is made once, by a process of its own (``python -m qiantang.engine.lake.lookups``), from the
snapshot's rows in their stored order, and never changes: it is right for its snapshot or it is for
another. Whoever asks while there is none yet reads the Parquet files instead. It holds the columns
that its maker was given and no others; what they are is written inside.

Values are kept as DuckDB's texts of them, whole numbers and truth values apart, so that a filter by
text means the same here and there.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from qiantang.engine.lake.idle import Idle

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.lake.lake import Lake

FOLDER: Final = "lookups"
MOST_ROWS: Final = 20_000_000
"""Larger tables are read from their Parquet files alone."""
_FORM: Final = 1
_MOST_KNOWN: Final = 1000
_WHOLE: Final = "whole"
_TRUTH: Final = "truth"
_REAL: Final = "real"
_TEXT: Final = "text"
_AGAIN: Final = 60.0
_CATALOGUE: Final = "QIANTANG_LOOKUP_CATALOGUE"
_IDLE: Final = Idle(newest_only=True)
_asked: dict[tuple[Path, str], float] = {}
_known: dict[Path, Lookup] = {}
_making: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True)
class Lookup:
    """The rows of one snapshot. The file stays open for the next question, until a newer snapshot's
    is asked."""

    path: Path
    rows: int
    kinds: Mapping[str, str]
    indexed: frozenset[str]

    def page(
        self,
        columns: Sequence[str],
        filters: Mapping[str, Sequence[str]],
        *,
        limit: int,
        offset: int,
        count: bool,
    ) -> tuple[list[tuple[Any, ...]], int]:
        """Rows in their stored order and, if asked, how many there are in all. Each filter's
        column equals one of its texts; ask `serves` first."""
        where, params = self._where(filters)
        listed = ", ".join(_quoted(c) for c in columns)
        with _IDLE.reading(self.path, lambda: _reading(self.path)) as db:
            if filters:
                sql = f"SELECT {listed} FROM rows WHERE {where} ORDER BY rowid LIMIT ? OFFSET ?"  # noqa: S608
                found = db.execute(sql, [*params, limit, offset]).fetchall()
                total = -1
                if count:
                    sql = f"SELECT count(*) FROM rows WHERE {where}"  # noqa: S608
                    (total,) = db.execute(sql, params).fetchone()
            else:
                sql = f"SELECT {listed} FROM rows WHERE rowid > ? ORDER BY rowid LIMIT ?"  # noqa: S608
                found, total = db.execute(sql, [offset, limit]).fetchall(), self.rows
        truths = [n for n, c in enumerate(columns) if self.kinds[c] == _TRUTH]
        return ([_true(row, truths) for row in found] if truths else found), total

    def serves(self, columns: Sequence[str], filters: Mapping[str, Sequence[str]]) -> bool:
        """Whether it has these columns, and an index for some filter and means the same by all."""
        known = all(c in self.kinds for c in (*columns, *filters))
        exact = known and all(self.kinds[c] != _REAL for c in filters)
        return exact and (not filters or any(c in self.indexed for c in filters))

    def _where(self, filters: Mapping[str, Sequence[str]]) -> tuple[str, list[object]]:
        parts, params = [], list[object]()
        for column, texts in filters.items():
            values = [v for v in (_value(t, self.kinds[column]) for t in texts) if v is not None]
            parts.append(f"{_quoted(column)} IN ({', '.join('?' * len(values))})")
            params += values
        return " AND ".join(parts), params


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file is to hold: a snapshot's columns, some of them indexed."""

    table: str
    snapshot: int
    columns: tuple[str, ...]
    indexed: tuple[str, ...]

    def path(self, lake_folder: Path) -> Path:
        said = json.dumps([_FORM, self.columns, self.indexed])
        name = f"{self.snapshot}-{sha256(said.encode()).hexdigest()[:12]}.sqlite3"
        return lake_folder / FOLDER / self.table / name


def found(lake_folder: Path, wanted: Wanted) -> Lookup | None:
    """The file of exactly this snapshot and these columns, when there is one."""
    path = wanted.path(lake_folder)
    if not path.exists():
        return None
    known = _known.get(path)
    if known is not None:
        return known
    try:
        with closing(_reading(path)) as db:
            rows, kinds = db.execute("SELECT * FROM about").fetchone()
    except sqlite3.Error:
        return None
    while len(_known) >= _MOST_KNOWN:
        _known.pop(next(iter(_known)), None)
    _known[path] = Lookup(path, rows, json.loads(kinds), frozenset(wanted.indexed))
    return _known[path]


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
            [sys.executable, "-m", "qiantang.engine.lake.lookups", *words],
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
        db.execute(f"CREATE TABLE rows ({', '.join(_quoted(c) for c in columns)})")
        places = f"INSERT INTO rows VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
        count = 0
        for batch in lake.reader(wanted.table, columns=columns, at=wanted.snapshot):
            db.executemany(places, zip(*(_plain(c) for c in batch.columns), strict=True))
            count += batch.num_rows
        for n, column in enumerate(wanted.indexed):
            db.execute(f"CREATE INDEX by_{n} ON rows ({_quoted(column)})")
        db.execute("INSERT INTO about VALUES (?, ?)", (count, json.dumps(kinds)))
        db.commit()


def _kind(type: pa.DataType) -> str:
    import pyarrow as pa

    if pa.types.is_boolean(type):
        return _TRUTH
    if pa.types.is_integer(type):
        return _WHOLE
    if pa.types.is_string(type) or pa.types.is_date(type) or pa.types.is_decimal(type):
        return _TEXT
    return _REAL


def _plain(column: pa.Array) -> list[Any]:
    """Values as SQLite keeps them: moments as ISO 8601 with a zone, days and decimals as text."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_timestamp(kind):
        return [v if v is None else v.isoformat() for v in column.to_pylist()]
    if pa.types.is_date(kind) or pa.types.is_decimal(kind):
        column = column.cast(pa.string())
    elif pa.types.is_floating(kind):
        finite = pa.compute.is_finite(column)
        column = pa.compute.if_else(finite, column, pa.scalar(None, kind))
    found: list[Any] = column.to_pylist()
    return found


def _value(text: str, kind: str) -> object:
    """A text as the column keeps it; None when no value of the column has that text."""
    if kind == _TEXT:
        return text
    if kind == _TRUTH:
        return {"true": 1, "false": 0}.get(text)
    plain = text.removeprefix("-")
    sound = plain.isdecimal() and plain.isascii() and text == str(int(text))
    return int(text) if sound and len(plain) < 19 else None


def _true(row: tuple[Any, ...], places: Sequence[int]) -> tuple[Any, ...]:
    return tuple(bool(v) if n in places and v is not None else v for n, v in enumerate(row))


def _reading(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path))}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


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
