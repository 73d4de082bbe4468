"""Upsert and delete by key: copy on write, only the files that hold a key that comes in.

Rows that come in are written once as files of their own. A file that holds one of their keys is
written again without those rows, in its own order and without sorting; a file whose range of keys
meets none is not even opened. What was found out about a file is true for as long as it is part of
the table, so after a lost race only the files that are new are looked at.
"""

from __future__ import annotations

import shutil
import uuid
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from qiantang.engine.lake import rows as incoming
from qiantang.engine.lake.columns import Column, arrow_schema, conform
from qiantang.engine.lake.duck import Limits, workshop
from qiantang.engine.lake.errors import KeyColumnUnknown, KeyMissing, KeyRepeated
from qiantang.engine.lake.plans import live_files, quoted
from qiantang.engine.lake.ranges import bounds, comparable
from qiantang.engine.lake.rewriting import copy_out, select_from
from qiantang.engine.lake.rows import Rows
from qiantang.engine.lake.state import TableState
from qiantang.engine.lake.writing import NO_NOTE, Change, Work

if TYPE_CHECKING:
    import duckdb
    from pyiceberg.manifest import DataFile
    from pyiceberg.table import Table

NAMED = 5
"""How many repeated keys an error names."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one file of the table holds: the numbers of the matched keys, and what replaces it."""

    matched: pa.ChunkedArray
    survivors: DataFile | None


class Keyed(Work):
    """What upsert and delete share: the keys in a DuckDB of their own, and the files to rewrite."""

    carries = True

    def __init__(
        self,
        table: str,
        scratch: Path,
        limits: Limits,
        *,
        key: str = "",
        note: Mapping[str, str] = NO_NOTE,
    ) -> None:
        super().__init__(table, key=key, note=note)
        self.columns: list[Column] = []
        self._scratch = scratch / uuid.uuid4().hex
        self._limits = limits
        self._open = ExitStack()
        self._duck: duckdb.DuckDBPyConnection | None = None
        self._seen: dict[str, _Seen] = {}
        self.count = 0

    @abstractmethod
    def stage(self, table: Table, state: TableState) -> Sequence[Path]:
        """Write what comes in; Parquet files that hold at least the key columns, by field id."""

    def close(self) -> None:
        """Let go of DuckDB and of its scratch folder."""
        self._open.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def rewritten(self, table: Table, state: TableState) -> Change:
        """The files to replace; figures ``matched`` (keys) and ``removed`` (rows) in the note."""
        if self._duck is None:
            self._begin(table, state)
        live = {file.file_path: file for file in live_files(state.name, table)}
        for gone in self._seen.keys() - live.keys():
            self._forget(table, gone)
        for path, file in live.items():
            if path not in self._seen:
                self._seen[path] = self._examined(table, state, file)
        hit = {path: seen for path, seen in self._seen.items() if len(seen.matched)}
        survivors = [s.survivors for s in hit.values() if s.survivors is not None]
        removed = [live[path] for path in hit]
        rows = sum(f.record_count for f in removed) - sum(f.record_count for f in survivors)
        return Change(
            removed, survivors, {"matched": str(_distinct(hit.values())), "removed": str(rows)}
        )

    def _begin(self, table: Table, state: TableState) -> None:
        self._scratch.mkdir(parents=True, exist_ok=True)
        staged = self.stage(table, state)
        self._duck = self._open.enter_context(workshop(self._limits, self._scratch))
        names = ", ".join(quoted(column.name) for column in self.columns)
        self._duck.execute(
            f'CREATE TABLE keys AS SELECT row_number() OVER () - 1 AS "_n", {names} '  # noqa: S608
            f"FROM ({select_from(staged, self.columns)})"
        )
        self.count = self._duck.execute("SELECT count(*) FROM keys").fetchall()[0][0]
        self._refuse_repeated(self._duck, names)

    def _refuse_repeated(self, duck: duckdb.DuckDBPyConnection, names: str) -> None:
        again = f"FROM keys GROUP BY {names} HAVING count(*) > 1"
        count = duck.execute(f"SELECT count(*) FROM (SELECT 1 {again})").fetchall()[0][0]  # noqa: S608
        if not count:
            return
        some = duck.execute(f"SELECT {names} {again} ORDER BY {names} LIMIT {NAMED}").fetchall()
        found = "; ".join(", ".join(str(value) for value in key) for key in some)
        plain = ", ".join(column.name for column in self.columns)
        raise KeyRepeated(table=self.table, column=plain, count=count, found=found)

    def _examined(self, table: Table, state: TableState, file: DataFile) -> _Seen:
        assert self._duck is not None
        none = _Seen(pa.chunked_array([], pa.int64()), None)
        if not self._in_range(self._duck, file):
            return none
        path = self.io.home.path(file.file_path)
        keys = " AND ".join(f"f.{quoted(c.name)} = k.{quoted(c.name)}" for c in self.columns)
        matching = (
            f'SELECT k."_n" FROM ({select_from([path], self.columns)}) f JOIN keys k ON {keys}'  # noqa: S608
        )
        matched = self._duck.cursor().sql(matching).to_arrow_table().column(0)
        if not len(matched):
            return none
        if len(matched) == file.record_count:
            return _Seen(matched, None)
        survivors = (
            f"SELECT f.* FROM ({select_from([path], state.columns)}) f "  # noqa: S608
            f"ANTI JOIN keys k ON {keys}"
        )
        return _Seen(matched, copy_out(self._duck, survivors, table, self.io, state))

    def _in_range(self, duck: duckdb.DuckDBPyConnection, file: DataFile) -> bool:
        """Whether any key lies between the file's bounds, for each key column by itself."""
        for column in self.columns:
            known = bounds(file, column) if comparable(column) else None
            if known is None:
                continue
            name = quoted(column.name)
            sql = f"SELECT 1 FROM keys WHERE {name} >= ? AND {name} <= ? LIMIT 1"  # noqa: S608
            if not duck.cursor().execute(sql, list(known)).fetchall():
                return False
        return True

    def _forget(self, table: Table, path: str) -> None:
        gone = self._seen.pop(path)
        if gone.survivors is not None:
            self.io.discard_one(self.io.home.path(gone.survivors.file_path))


class Upsert(Keyed):
    """Rows in place of those with the same key, and new ones beside them."""

    def __init__(self, rows: Rows, key_columns: Sequence[str], *common: Any, **more: Any) -> None:
        super().__init__(*common, **more)
        self._rows = rows
        self._key_columns = key_columns
        self._written: list[DataFile] = []

    def stage(self, table: Table, state: TableState) -> Sequence[Path]:
        self.columns = key_of(state, self._key_columns)
        io = self.files(table)
        rows = _without_empty_keys(self.table, self._rows, self.columns)
        self._written = incoming.write(table, io, rows, state.columns, state.sort_by)
        return [io.home.path(file.file_path) for file in self._written]

    def change(self, table: Table, state: TableState) -> Change:
        self.files(table)
        done = self.rewritten(table, state)
        updated = int(done.note["matched"])
        note = {"inserted": str(self.count - updated), "updated": str(updated), "deleted": "0"}
        return Change(done.removed, [*done.added, *self._written], note)


class Delete(Keyed):
    """Rows with these keys, away."""

    def __init__(self, keys: pa.Table, *common: Any, **more: Any) -> None:
        super().__init__(*common, **more)
        self._keys = keys

    def stage(self, table: Table, state: TableState) -> Sequence[Path]:
        self.columns = key_of(state, self._keys.column_names)
        (whole,) = incoming.chunks(_without_empty_keys(self.table, self._keys, self.columns))
        return [
            _kept(self._scratch / "keys.parquet", conform(self.table, whole, self.columns), self)
        ]

    def change(self, table: Table, state: TableState) -> Change:
        self.files(table)
        done = self.rewritten(table, state)
        note = {"inserted": "0", "updated": "0", "deleted": done.note["removed"]}
        return Change(done.removed, done.added, note)


def key_of(state: TableState, names: Sequence[str]) -> list[Column]:
    """The key columns in the order given. Raises `KeyColumnUnknown`."""
    known = {column.name: column for column in state.columns}
    wrong = [n for n in names if n not in known] or [n for n in names if names.count(n) > 1]
    if wrong or not names:
        raise KeyColumnUnknown(table=state.name, found=", ".join(wrong), expected=", ".join(known))
    return [known[name] for name in names]


def _kept(path: Path, keys: pa.Table, work: Keyed) -> Path:
    import pyarrow.parquet as pq

    marked = [
        f.with_metadata({b"PARQUET:field_id": str(c.id).encode()})
        for f, c in zip(arrow_schema(work.columns), work.columns, strict=True)
    ]
    pq.write_table(keys.cast(pa.schema(marked)), path)
    return path


def _without_empty_keys(table: str, rows: Rows, columns: Sequence[Column]) -> Rows:
    """``rows`` as they are; `KeyMissing` where a key is empty, for a stream when it comes to it."""
    names = [column.name for column in columns]
    if isinstance(rows, pa.Table):
        _check_keys(table, rows, names)
        return rows

    def checked() -> Any:
        for batch in rows:
            _check_keys(table, batch, names)
            yield batch

    return pa.RecordBatchReader.from_batches(rows.schema, checked())


def _check_keys(table: str, rows: pa.Table | pa.RecordBatch, names: Sequence[str]) -> None:
    for name in names:
        if name not in rows.schema.names:
            raise KeyMissing(table=table, column=name, found=rows.num_rows)
        empty = rows.column(name).null_count
        if empty:
            raise KeyMissing(table=table, column=name, found=empty)


def _distinct(seen: Any) -> int:
    arrays = [chunk for s in seen for chunk in s.matched.chunks]
    return len(pa.chunked_array(arrays, pa.int64()).unique()) if arrays else 0
