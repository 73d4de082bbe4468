"""A table or view of another database, streamed to a Parquet file of texts.

Read in one read-only transaction through a cursor on the server, so that memory stays bounded and
the rows are of one moment. With a watermark column only what is new comes; the new value is the
highest that was read. Others may join the rows that have it (a day, a second), so those are read
again: where a row that comes again does no harm they come all, unless a digest of them says that
none is new; where rows are appended, those that came before are known one by one and left out, and
where they are too many for that, a digest of them all says whether others joined.
Names are quoted, values are bound: nothing of the settings is ever run as SQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qiantang.rooms.intake.errors import RowsJoined, SourceGone, SourceInvalid, SourceRefused
from qiantang.rooms.intake.fetching import Fetched
from qiantang.rooms.intake.fetching.connections import Connection, connect

if TYPE_CHECKING:
    import pyarrow as pa

ROWS: Final = 20_000
MOST_KNOWN: Final = 5_000
"""Rows of the last value that are known one by one; of more, only the digest of all is known."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where to go on: the column, the last value (its JSON form), and whether all rows that have
    that very value come ``again``; otherwise those that came before are left out."""

    column: str = ""
    last: Mapping[str, Any] | None = None
    again: bool = False

    @property
    def known(self) -> tuple[str, ...]:
        """The rows of the last value that are left out."""
        return () if self.again else tuple((self.last or {}).get("known", ()))

    @property
    def whole(self) -> str:
        """The digest of all rows of the last value, where they were too many to be known."""
        return "" if self.again else str((self.last or {}).get("rows", ""))


def fetch(
    source: str, config: Mapping[str, Any], password: str, target: Path, *, mark: Mark
) -> Fetched:
    """Write the rows to ``target``; no rows where there are none but those that came before.

    Raises `SourceRefused` (cannot be opened), `SourceGone` (lost on the way), `SourceInvalid`,
    `RowsJoined` (new rows that cannot be told from those that came before).
    """
    with connect(source, config, password) as connection:
        sql, params = select(connection, config, mark)
        names, rows = connection.stream(sql, params, ROWS)
        if mark.column and mark.column not in names:
            raise SourceInvalid(field="watermark", found=mark.column, expected=", ".join(names))
        edge = _Edge(names.index(mark.column), mark) if mark.column else None
        done = _write(source, target, names, rows, edge)
    name = f"{str(config['table']).replace('.', '_')}.parquet"
    if edge is not None and edge.joined():
        raise RowsJoined(source=source, column=mark.column, found=(mark.last or {}).get("value"))
    if edge is None:
        return Fetched(target, name, rows=done)
    kept = edge.kept() if edge.rows else mark.last
    same = mark.again and kept == mark.last and edge.rows == done
    return Fetched(target, name, watermark=kept, rows=0 if same else done)


def select(connection: Connection, config: Mapping[str, Any], mark: Mark) -> tuple[str, list[Any]]:
    """The statement that reads the table from the mark on, with its values."""
    table = str(config.get("table") or "")
    if not table:
        raise SourceInvalid(field="table", found="-", expected="schema.table")
    wanted = [connection.quoted(str(name)) for name in config.get("columns") or ()]
    name = ".".join(connection.quoted(part) for part in table.split("."))
    sql, params = f"SELECT {', '.join(wanted) or '*'} FROM {name}", []  # noqa: S608
    if mark.column:
        column = connection.quoted(mark.column)
        if mark.last is not None:
            seen = mark.again or mark.known or mark.whole
            sql += f" WHERE {column} {'>=' if seen else '>'} {connection.mark}"
            params.append(_from_kept(mark.last))
        sql += f" ORDER BY {column}"
    return sql, params


class _Edge:
    """The highest value that was read and the rows that have it, whatever their order."""

    def __init__(self, at: int, mark: Mark) -> None:
        self._at, self._mark, self._value = at, mark, None
        self._sum, self._each = 0, list[str]()
        self._before, self._passed = Counter(mark.known), 0
        self.rows = 0

    def fresh(self, batch: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """Take note of a batch; the rows of it that did not come before."""
        seen = [row[self._at] for row in batch if row[self._at] is not None]
        left = [row for row in batch if not self._came(row)] if self._leaves_out else batch
        if not seen:
            return left
        highest: Any = max(seen)
        if self._value is None or highest > self._value:
            self._value, self._sum, self._each, self.rows = highest, 0, [], 0
        for row in batch:
            if row[self._at] == self._value:
                self._note(_digest(row))
        return left

    def joined(self) -> bool:
        """Whether the rows of the last value are others than those that came before."""
        whole = self._mark.whole
        return bool(whole) and f"{self._passed % 2**128:032x}" != whole

    @property
    def _leaves_out(self) -> bool:
        return bool(self._before or self._mark.whole)

    def _came(self, row: Sequence[Any]) -> bool:
        if self._mark.whole:
            before = str((self._mark.last or {})["value"]) == _to_keep(row[self._at])["value"]
            self._passed += int(_digest(row), 16) if before else 0
            return before
        digest = _digest(row)
        if not self._before[digest]:
            return False
        self._before[digest] -= 1
        return True

    def _note(self, digest: str) -> None:
        self.rows += 1
        self._sum += int(digest, 16)
        if not self._mark.again and len(self._each) <= MOST_KNOWN:
            self._each.append(digest)

    def kept(self) -> dict[str, Any]:
        """The watermark as JSON: with ``known``, one digest of each row that has the value, or
        with ``rows``, the digest of all of them."""
        if not self._mark.again and len(self._each) <= MOST_KNOWN:
            return {**_to_keep(self._value), "known": self._each}
        return {**_to_keep(self._value), "rows": f"{self._sum % 2**128:032x}"}


def _digest(row: Sequence[Any]) -> str:
    said = repr([_text(value) for value in row]).encode()
    return blake2b(said, digest_size=16).hexdigest()


def _write(
    source: str,
    target: Path,
    names: Sequence[str],
    rows: Iterator[Sequence[Sequence[Any]]],
    edge: _Edge | None,
) -> int:
    """The rows as a Parquet file of texts; how many."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema, done = pa.schema([(n, pa.string()) for n in names]), 0
    with pq.ParquetWriter(target, schema, compression="zstd") as out:
        while True:
            try:
                batch = next(rows, None)
            except SourceRefused as error:
                raise SourceGone(source=source, rows=done, found=error.fields["found"]) from error
            if batch is None:
                return done
            new = edge.fresh(batch) if edge else batch
            if new:
                out.write_batch(_texts(new, schema))
                done += len(new)


def _texts(batch: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    columns = zip(*batch, strict=True)
    arrays = [pa.array([_text(v) for v in column], pa.string()) for column in columns]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _text(value: Any) -> str | None:
    match value:
        case None:
            return None
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case float():
            return repr(value)
        case bytes() | bytearray() | memoryview():
            return bytes(value).decode("utf-8", "replace")
    return str(value)


def _to_keep(value: Any) -> dict[str, str]:
    """A watermark as JSON, with the type that makes it comparable again."""
    match value:
        case bool() | int():
            return {"type": "int", "value": str(int(value))}
        case float() | Decimal():
            return {"type": "decimal", "value": str(value)}
        case datetime():
            return {"type": "datetime", "value": value.isoformat()}
        case date():
            return {"type": "date", "value": value.isoformat()}
    return {"type": "text", "value": str(value)}


def _from_kept(kept: Mapping[str, Any]) -> Any:
    value = str(kept["value"])
    match kept.get("type"):
        case "int":
            return int(value)
        case "decimal":
            return Decimal(value)
        case "datetime":
            return datetime.fromisoformat(value)
        case "date":
            return date.fromisoformat(value)
    return value
