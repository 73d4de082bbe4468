"""A table or view of another database, streamed to a Parquet file of texts.

Read in one read-only transaction through a cursor on the server, so that memory stays bounded and
the rows are of one moment. With a watermark column only rows above the last value come; the new
value is the highest that was read. Names are quoted, values are bound: nothing of the settings is
ever run as SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qiantang.rooms.intake.errors import SourceGone, SourceInvalid, SourceRefused
from qiantang.rooms.intake.fetching import Fetched
from qiantang.rooms.intake.fetching.connections import Connection, connect

if TYPE_CHECKING:
    import pyarrow as pa

ROWS: Final = 20_000


def fetch(
    source: str,
    config: Mapping[str, Any],
    password: str,
    target: Path,
    *,
    watermark: tuple[str, Mapping[str, Any] | None] = ("", None),
) -> Fetched:
    """Write the rows to ``target``. ``watermark``: the column and the last value, if any.

    Raises `SourceRefused` (cannot be opened), `SourceGone` (lost on the way), `SourceInvalid`.
    """
    with connect(source, config, password) as connection:
        column, last = watermark
        sql, params = _select(connection, config, column, last)
        names, rows = connection.stream(sql, params, ROWS)
        return _write(source, target, names, rows, (config, column, last))


def _select(
    connection: Connection, config: Mapping[str, Any], column: str, last: Any
) -> tuple[str, list[Any]]:
    table = str(config.get("table") or "")
    if not table:
        raise SourceInvalid(field="table", found="-", expected="schema.table")
    wanted = [connection.quoted(str(name)) for name in config.get("columns") or ()]
    name = ".".join(connection.quoted(part) for part in table.split("."))
    sql, params = f"SELECT {', '.join(wanted) or '*'} FROM {name}", []  # noqa: S608
    if column:
        if last is not None:
            sql += f" WHERE {connection.quoted(column)} > {connection.mark}"
            params.append(_from_kept(last))
        sql += f" ORDER BY {connection.quoted(column)}"
    return sql, params


def _write(
    source: str,
    target: Path,
    names: Sequence[str],
    rows: Iterator[Sequence[Sequence[Any]]],
    wanted: tuple[Mapping[str, Any], str, Any],
) -> Fetched:
    import pyarrow as pa
    import pyarrow.parquet as pq

    config, column, last = wanted
    if column and column not in names:
        raise SourceInvalid(field="watermark", found=column, expected=", ".join(names))
    at = names.index(column) if column else -1
    schema, done, highest = pa.schema([(n, pa.string()) for n in names]), 0, None
    with pq.ParquetWriter(target, schema, compression="zstd") as out:
        while True:
            try:
                batch = next(rows, None)
            except SourceRefused as error:
                raise SourceGone(source=source, rows=done, found=error.fields["found"]) from error
            if batch is None:
                break
            out.write_batch(_texts(batch, schema))
            done += len(batch)
            if column:
                seen = [row[at] for row in batch if row[at] is not None]
                highest = max([*seen, *([highest] if highest is not None else [])], default=None)
    kept = _to_keep(highest) if highest is not None else last
    name = f"{str(config['table']).replace('.', '_')}.parquet"
    return Fetched(target, name, watermark=kept if column else None, rows=done)


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
