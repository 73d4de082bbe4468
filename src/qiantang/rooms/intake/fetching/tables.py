"""A table or view of another database, streamed to a Parquet file of texts.

Read in one read-only transaction through a cursor on the server, so that memory stays bounded and
the rows are of one moment. With a watermark column only what is new comes; the new value is the
highest that was read. The rows that have it, and those that have none, are read again: `marks`
says which of them came before.
Names are quoted, values are bound: nothing of the settings is ever run as SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qiantang.kernel.text import Text
from qiantang.rooms.intake.errors import (
    RowsJoined,
    RowsValueless,
    SourceGone,
    SourceInvalid,
    SourceRefused,
)
from qiantang.rooms.intake.fetching import Fetched
from qiantang.rooms.intake.fetching.connections import Connection, connect
from qiantang.rooms.intake.fetching.marks import Edge, Mark, check_stored, text_of

if TYPE_CHECKING:
    import pyarrow as pa

ROWS: Final = 20_000


def fetch(
    source: str, config: Mapping[str, Any], password: str, target: Path, *, mark: Mark
) -> Fetched:
    """Write the rows to ``target``; no rows where there are none but those that came before.

    Raises `SourceRefused` (cannot be opened), `SourceGone` (lost on the way), `SourceInvalid`,
    `WatermarkUnordered`, `RowsJoined`, `RowsValueless` (new rows that cannot be told from those
    that came before).
    """
    with connect(source, config, password) as connection:
        sql, params = select(connection, config, mark)
        names, rows = connection.stream(sql, params, ROWS)
        if mark.column and mark.column not in names:
            raise SourceInvalid(field="watermark", found=mark.column, expected=", ".join(names))
        _check_stored(source, connection, config, mark)
        edge = Edge(source, names, mark) if mark.column else None
        done = _write(source, target, names, rows, edge)
    name = f"{str(config['table']).replace('.', '_')}.parquet"
    if edge is None:
        return Fetched(target, name, rows=done)
    if edge.joined:
        raise RowsJoined(source=source, column=mark.column, found=mark.said)
    if edge.valueless:
        raise RowsValueless(source=source, column=mark.column, found=edge.valueless)
    kept = edge.kept()
    same = mark.again and kept == mark.last and edge.alike == done
    return Fetched(target, name, watermark=kept, rows=0 if same else done)


def select(connection: Connection, config: Mapping[str, Any], mark: Mark) -> tuple[str, list[Any]]:
    """The statement that reads the table from the mark on, with its values."""
    table = str(config.get("table") or "")
    if not table:
        raise SourceInvalid(field="table", found="-", expected="schema.table")
    wanted = [connection.quoted(str(name)) for name in config.get("columns") or ()]
    sql, params = f"SELECT {', '.join(wanted) or '*'} FROM {_named(connection, table)}", []  # noqa: S608
    if mark.column:
        column = connection.quoted(mark.column)
        if mark.value is not None:
            sql += f" WHERE ({column} >= {connection.mark} OR {column} IS NULL)"
            params.append(mark.value)
        sql += f" ORDER BY {column}"
    return sql, params


def _named(connection: Connection, table: str) -> str:
    return ".".join(connection.quoted(part) for part in table.split("."))


def _check_stored(
    source: str, connection: Connection, config: Mapping[str, Any], mark: Mark
) -> None:
    if mark.column:
        name = _named(connection, str(config["table"]))
        check_stored(source, mark, connection.storage(name, connection.quoted(mark.column)))


def _write(
    source: str,
    target: Path,
    names: Sequence[str],
    rows: Iterator[Sequence[Sequence[Any]]],
    edge: Edge | None,
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
                came = Text(f"{done} 行", f"{done} rows")
                raise SourceGone(source=source, rows=came, found=error.fields["found"]) from error
            if batch is None:
                return done
            new = edge.fresh(batch) if edge else batch
            if new:
                out.write_batch(_texts(new, schema))
                done += len(new)


def _texts(batch: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    columns = zip(*batch, strict=True)
    arrays = [pa.array([text_of(v) for v in column], pa.string()) for column in columns]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
