"""The lake: named tables of versions, written safely by many processes, read by DuckDB.

The only door to the data plane's tables. Everything heavy is loaded when it is first needed.
"""

from __future__ import annotations

import atexit
import os
import re
import threading
import weakref
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from qiantang.engine.lake import plans
from qiantang.engine.lake.catalogue import WAIT_SECONDS, Catalogue
from qiantang.engine.lake.columns import Column, arrow_schema
from qiantang.engine.lake.errors import (
    DataFileMissing,
    MomentUnclear,
    NameInvalid,
    SnapshotUnknown,
)
from qiantang.engine.lake.kept_plans import keep, kept
from qiantang.engine.lake.rows import Rows
from qiantang.engine.lake.scratch import sweep_scratch
from qiantang.engine.lake.state import RETENTION, Snapshot, TableState
from qiantang.engine.lake.translation import translated

if TYPE_CHECKING:
    import duckdb

    from qiantang.engine.lake.duck import Limits
    from qiantang.engine.lake.health import LakeProblem
    from qiantang.engine.lake.outcomes import Compaction, Condition, Expiry
    from qiantang.engine.lake.writing import Work

NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}")
FILE_IO: Final = "qiantang.engine.lake.files.DurableFiles"
PLANS_KEPT: Final = 256
WORK_MEMORY: Final = "1GB"
Chosen = Mapping[str, tuple[Sequence[Column], plans.FilePlan]]
"""For each table its columns and the files of the version that is read."""
NOTHING: Final[Mapping[str, str]] = {}
_PARENTS: Final[list[object]] = []
_OPEN: Final[weakref.WeakSet[Lake]] = weakref.WeakSet()
os.register_at_fork(after_in_child=_OPEN.clear)  # a parent's engine is not a child's to close


class Lake:
    """The tables under ``folder``, which may be moved or copied while nothing is written.

    Safe to share between threads; each process opens its own.

    ``catalogue_url`` is a PostgreSQL address; without it the catalogue is SQLite in the folder.
    ``wait`` is how many seconds to wait for a busy SQLite catalogue.
    """

    def __init__(
        self,
        folder: Path,
        catalogue_url: str | None = None,
        *,
        limits: Limits | None = None,
        wait: float = WAIT_SECONDS,
        file_io: str = FILE_IO,
    ) -> None:
        self.folder = Path(folder).absolute()
        self.catalogue_url = catalogue_url
        self._root = self.folder / "tables"
        self._catalogue = Catalogue(self.folder, catalogue_url, wait, file_io)
        self._limits = limits
        self._plans: OrderedDict[int, plans.FilePlan] = OrderedDict()
        self._lock = threading.Lock()
        self._duck: tuple[int, duckdb.DuckDBPyConnection] | None = None

    # What tables there are.

    def ensure(self, name: str, schema: pa.Schema, *, sort_by: Sequence[str] = ()) -> None:
        """Create ``name`` with ``schema``, or add and widen columns until it holds ``schema``.

        New columns are optional. Raises `NarrowingRefused` where a column would be lost or lose
        values. Rows are kept sorted by ``sort_by`` within each write.
        """
        from qiantang.engine.lake import tables

        tables.ensure(self._catalogue, _checked(name), schema, sort_by)

    def rename_column(self, name: str, old: str, new: str) -> None:
        """Rename a column in all versions: they are read under today's names."""
        from qiantang.engine.lake import tables

        tables.rename(self._catalogue, name, old, new)

    def tables(self) -> list[str]:
        return self._catalogue.tables()

    def mark(self, name: str) -> str | None:
        """Another text after every change of ``name``, of its rows or its columns; None where there
        is no such table. Cheap to ask."""
        return self._catalogue.location(name)

    def schema(self, name: str) -> pa.Schema:
        """The Arrow schema that rows of ``name`` have when read."""
        return arrow_schema(self._state(name).columns)

    # Writing.

    def append(
        self, name: str, rows: Rows, *, key: str = "", note: Mapping[str, str] = NOTHING
    ) -> Snapshot:
        """Add ``rows``, a table or a stream; they are on the disk when this returns.

        A stream is read once, in bounded memory, and is one version like a table. A ``key`` that
        was committed before returns that snapshot and writes nothing. Columns may come in any
        order, absent ones become empty; unknown ones are refused (`RowsUnfit`).
        """
        from qiantang.engine.lake.writing import Write

        return self._commit(Write(name, rows, key=key, note=note))

    def overwrite(
        self,
        name: str,
        rows: Rows,
        *,
        key: str = "",
        note: Mapping[str, str] = NOTHING,
        based_on: int | None = None,
    ) -> Snapshot:
        """Put ``rows`` in place of everything, as one version; earlier versions stay readable.

        With ``based_on`` (a snapshot id, 0 for an empty table) it is refused with `TableMoved`
        when the table has changed since.
        """
        from qiantang.engine.lake.writing import Write

        write = Write(name, rows, replace=True, key=key, note=note, based_on=based_on)
        return self._commit(write)

    def upsert(
        self,
        name: str,
        rows: Rows,
        *,
        key_columns: Sequence[str],
        key: str = "",
        note: Mapping[str, str] = NOTHING,
    ) -> Snapshot:
        """Put ``rows`` in place of those with the same key, new ones beside them, as one version.

        The snapshot's note says how many keys were ``inserted`` and ``updated``. Raises
        `KeyMissing` for an empty key, `KeyRepeated` for a key that comes twice, and writes nothing
        then. Rows that others append meanwhile are taken into account.
        """
        from qiantang.engine.lake.keyed import Upsert

        work = Upsert(
            rows, key_columns, name, self._catalogue.scratch, self._labour(), key=key, note=note
        )
        with closing(work):
            return self._commit(work)

    def delete(
        self, name: str, keys: pa.Table, *, key: str = "", note: Mapping[str, str] = NOTHING
    ) -> Snapshot:
        """Take away the rows whose columns equal a row of ``keys``; earlier versions keep them.

        The snapshot's note says how many rows were ``deleted``; keys that nobody has are no fault.
        """
        from qiantang.engine.lake.keyed import Delete

        work = Delete(keys, name, self._catalogue.scratch, self._labour(), key=key, note=note)
        with closing(work):
            return self._commit(work)

    def _commit(self, work: Work) -> Snapshot:
        from qiantang.engine.lake.writing import commit

        done = commit(self._catalogue, work)
        assert done is not None
        return done

    # Versions.

    def snapshots(self, name: str) -> list[Snapshot]:
        """All versions, oldest first."""
        return list(self._state(name).snapshots)

    def current(self, name: str) -> Snapshot | None:
        """The newest version, None for a table that was never written."""
        return self._state(name).current

    def committed(self, name: str, key: str) -> Snapshot | None:
        """The version that was committed under ``key``, also when it has expired since."""
        state = self._state(name)
        with translated(name):
            return self._catalogue.committed(state, key)

    # Reading.

    def read(
        self,
        name: str,
        *,
        columns: Sequence[str] | None = None,
        where: str = "",
        params: Sequence[object] = (),
        at: int | datetime | None = None,
    ) -> pa.Table:
        """Rows of ``name`` in its own types, as of ``at`` (a snapshot id or a moment with zone).

        ``where`` is a SQL condition with ``?`` for ``params``. A moment before the first version
        gives no rows. Old versions are read under today's columns.
        """
        sql, schema = plans.selection(self._state(name).columns, columns, where)
        return self.query(sql, {"rows": name}, params=params, at=at).cast(schema)

    def reader(
        self,
        name: str,
        *,
        columns: Sequence[str] | None = None,
        where: str = "",
        params: Sequence[object] = (),
        at: int | datetime | None = None,
    ) -> pa.RecordBatchReader:
        """As `read`, but in batches and in bounded memory, however many rows there are."""
        from qiantang.engine.lake.answers import stream

        state = self._state(name)
        sql, schema = plans.selection(state.columns, columns, where)
        chosen = self._chosen({name: state}, at)
        views, look = {"rows": plans.reading(*chosen[name])}, partial(self._look, chosen)
        batches = stream(self._connection(), sql, params, views, self._bounds(), look=look)
        cast = (pa.Table.from_batches([b]).cast(schema).to_batches() for b in batches)
        return pa.RecordBatchReader.from_batches(schema, (b for some in cast for b in some))

    def appended(
        self,
        name: str,
        since: int,
        *,
        columns: Sequence[str] | None = None,
        at: int | None = None,
    ) -> pa.Table | None:
        """Rows of ``at`` (None: the newest version) that came in after snapshot ``since``.

        Only the files that are new are read. None where files of ``since`` were written again
        meanwhile or ``since`` is gone: then the difference cannot be told from the files.
        """
        state = self._state(name)
        sql, schema = plans.selection(state.columns, columns, "")
        try:
            before, now = self._plan(state, since), self._plan(state, at)
        except SnapshotUnknown:
            return None
        old, present = set(before.paths), set(now.paths)
        if not old <= present:
            return None
        fresh = plans.FilePlan(tuple(sorted(present - old)), now.rows - before.rows)
        chosen = {name: (state.columns, fresh)}
        return self._answered(sql, (), {"rows": name}, chosen).cast(schema)

    def files(self, name: str, at: int | datetime | None = None) -> plans.FilePlan:
        """The Parquet files of a version and today's columns, for engines that read themselves."""
        state = self._state(name)
        return replace(self._plan(state, at), columns=state.columns)

    def query(
        self,
        sql: str,
        tables: Mapping[str, str],
        *,
        params: Sequence[object] = (),
        at: int | datetime | None = None,
        keys: Collection[str] | None = None,
    ) -> pa.Table:
        """One select in DuckDB's SQL over ``tables`` (name in the SQL -> table of the lake).

        ``at`` holds for every table. With ``keys`` files that hold none of them in the first column
        of the table's order are not opened; the select still has to say which rows it wants.
        Reaches nothing but the planned files; raises `QueryInvalid` for anything that is not a
        select over ``tables``.
        """
        states = {name: self._state(name) for name in tables.values()}
        try:
            return self._answered(sql, params, tables, self._chosen(states, at, keys))
        except DataFileMissing:
            moved = {name: self._state(name) for name in states}
            if at is not None or moved == states:
                raise  # otherwise upkeep took old files away between planning and reading
            return self._answered(sql, params, tables, self._chosen(moved, at, keys))

    def _answered(
        self, sql: str, params: Sequence[object], tables: Mapping[str, str], chosen: Chosen
    ) -> pa.Table:
        from qiantang.engine.lake.answers import answer

        views = {alias: plans.reading(*chosen[name]) for alias, name in tables.items()}
        look = partial(self._look, chosen)
        return answer(self._connection(), sql, params, views, self._bounds(), look=look)

    def _chosen(
        self,
        states: Mapping[str, TableState],
        at: int | datetime | None,
        keys: Collection[str] | None = None,
    ) -> Chosen:
        found = {name: self._plan(state, at) for name, state in states.items()}
        if keys is not None:
            found = {name: plan.holding(keys) for name, plan in found.items()}
        return {name: (states[name].columns, plan) for name, plan in found.items()}

    # Care.

    def look(self, name: str, at: int | datetime | None = None) -> None:
        """Raises `DataFileMissing` or `DataFileDamaged` where a data file of a version is not as it
        was written. Files are read through, once a process."""
        self._look(self._chosen({name: self._state(name)}, at))

    def _look(self, chosen: Chosen) -> None:
        from qiantang.engine.lake.sound import look

        for name, (_, plan) in chosen.items():
            with translated(name):
                sums = self._catalogue.iceberg.sums(self._catalogue.load(name))
            look(name, plan.paths, sums)

    def verify(self, name: str) -> list[LakeProblem]:
        """What is wrong with the files of ``name``: missing, altered, unreadable, or nobody's."""
        from qiantang.engine.lake.health import verify_newest

        with translated(name):
            return verify_newest(self._catalogue, name)

    def sweep(self, name: str) -> list[Path]:
        """Delete what killed writers left of ``name``; nothing while `verify` finds a lost file."""
        from qiantang.engine.lake.health import books, sweep

        with translated(name):
            known = books(self._catalogue, name)
            sweep_scratch(self._catalogue.scratch, known.before)
            gone = sweep(name, self._catalogue.home, known)
            self._catalogue.iceberg.forget_files(known.table, gone)
            return gone

    def compact(self, name: str) -> Compaction:
        """Merge small files into sorted ones; the rows stay the same, as does every version."""
        from qiantang.engine.lake.compaction import Merge
        from qiantang.engine.lake.outcomes import Compaction
        from qiantang.engine.lake.writing import commit

        note = {"upkeep": "compact"}
        work = Merge(_checked(name), self._catalogue.scratch, self._labour(), note=note)
        with closing(work):
            done = commit(self._catalogue, work)
        before, after = work.before, work.after
        return Compaction(
            len(before),
            len(after),
            sum(f.file_size_in_bytes for f in before),
            sum(f.file_size_in_bytes for f in after),
            done.id if done else 0,
        )

    def expire(
        self,
        name: str,
        *,
        older_than: datetime,
        keep_last: int = 1,
        daily_before: datetime | None = None,
        zone_minutes: int = 0,
    ) -> Expiry:
        """Remove old versions and delete the files that only they named.

        Every moment from ``older_than`` on still reads right, and the newest ``keep_last`` versions
        stay. Of the days before ``daily_before`` (they begin ``zone_minutes`` east of UTC) only the
        last version of each is kept; other moments of such a day raise `VersionExpired`. Keys stay
        known for ever.
        """
        from qiantang.engine.lake.expiry import Keeping, expire

        for moment in (older_than, *([daily_before] if daily_before else [])):
            if moment.tzinfo is None:
                raise MomentUnclear(found=moment.isoformat())
        with translated(name):
            keeping = Keeping(older_than, keep_last, daily_before, zone_minutes)
            return expire(self._catalogue, name, keeping)

    def keep_for(self, name: str, retention: str) -> None:
        """Note for how long earlier versions are to stay readable, as in ``P3Y``; empty: for ever.

        Nothing is removed by this: whoever calls `expire` reads it in `condition`.
        """
        from qiantang.engine.lake import tables
        from qiantang.engine.lake.retention import since

        since(datetime.now(UTC), retention)
        tables.set_properties(self._catalogue, name, {RETENTION: retention})

    def retention(self, name: str) -> str:
        """What `keep_for` noted, empty when nothing was."""
        return self._state(name).retention

    def condition(self, name: str) -> Condition:
        """Size and shape of ``name`` now, for whoever decides what care it needs."""
        from qiantang.engine.lake.condition import condition

        with translated(name):
            return condition(self._catalogue, name)

    def close(self) -> None:
        """Let go of DuckDB; the lake opens it again when needed."""
        with self._lock:
            if self._duck is not None and self._duck[0] == os.getpid():
                self._duck[1].close()
            self._duck = None

    def _state(self, name: str) -> TableState:
        with translated(name):
            return self._catalogue.state(name)

    def _plan(self, state: TableState, at: int | datetime | None) -> plans.FilePlan:
        snapshot = state.at(at)
        if snapshot is None:
            return plans.EMPTY
        known = self._plans.get(snapshot.id)
        if known is None:
            known = self._made_plan(state, snapshot)
            with self._lock:
                self._plans[snapshot.id] = known
                while len(self._plans) > PLANS_KEPT:
                    self._plans.popitem(last=False)
        return known

    def _made_plan(self, state: TableState, snapshot: Snapshot) -> plans.FilePlan:
        """The plan that somebody kept for this snapshot, else PyIceberg's."""
        folder = self.folder / "plans"
        found = kept(folder, self._root, state.name, snapshot.id)
        if found is not None:
            return found
        with translated(state.name):
            table = self._catalogue.load(state.name)
            first = next((c for c in state.columns if [c.name] == [*state.sort_by[:1]]), None)
            found = plans.plan_files(state.name, table, snapshot.id, self._catalogue.home, first)
        if snapshot == state.current:
            keep(folder, self._root, state.name, snapshot.id, found)
        return found

    def _bounds(self) -> Limits:
        from qiantang.engine.lake.duck import Limits

        return self._limits or Limits()

    def _labour(self) -> Limits:
        """What a rewriting may use: it holds keys and row groups, never a whole table."""
        from qiantang.engine.lake.duck import Limits

        return Limits(memory=WORK_MEMORY)

    def _connection(self) -> duckdb.DuckDBPyConnection:
        """One sealed DuckDB for the lake; a forked child opens its own."""
        from qiantang.engine.lake.duck import sealed

        with self._lock:
            if self._duck is None or self._duck[0] != os.getpid():
                _PARENTS.append(self._duck)  # closing a parent's engine in a child would hang
                self._duck = (os.getpid(), sealed(self._bounds(), self._root))
                _OPEN.add(self)
            return self._duck[1]


@atexit.register
def _close_all() -> None:
    """DuckDB's binding speaks at length of an engine that is still there when Python ends."""
    for lake in list(_OPEN):
        lake.close()


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise NameInvalid(found=name)
    return name
