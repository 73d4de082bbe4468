"""The rows of an open resource, in the fields that everybody may see; nothing else can be reached.

Rows lie in the lake once something was delivered, else in the pack's file. Either way a query sees
one relation, the visible fields; it is written here, or by a reader: then it is checked by the
engine's SQL guard and runs in a process of its own.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qiantang.doors.protocols.errors import NoOpenData, QueryFailed
from qiantang.engine.division_column import DIVISION
from qiantang.engine.lake import exactness, lookup_making, lookups
from qiantang.engine.lake.plans import none_of
from qiantang.kernel.actors import ANONYMOUS, Actor
from qiantang.kernel.errors import QiantangError
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.selectors import ResourceView, entries, harmless_fields
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import tasks

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.lake.lookups import Lookup

log = logging.getLogger(__name__)
ROWS: Final = "qiantang_rows"
_LOOKED_UP_BY: Final = ("identifier", "unique", "codes", "reference")


_MOST_OPENED: Final = 1000
_opened: dict[tuple[Path, str], tuple[object, OpenTable]] = {}


@dataclass(frozen=True, slots=True)
class OpenTable:
    """An open resource's rows. ``state`` changes when the rows do; ``name`` is the lake's table,
    empty where the rows come from the pack's file; ``mark`` is the table's, taken before the rest
    was read; ``beside`` are the table's columns that say how exact dates are. ``barred`` are the
    divisions whose own copies are not open to everybody: their rows are not in this one."""

    view: ResourceView
    columns: tuple[Mapping[str, Any], ...]
    name: str
    state: str
    mark: str | None = None
    beside: frozenset[str] = frozenset()
    barred: tuple[str, ...] = ()

    @property
    def tag(self) -> str:
        """Changes whenever somebody else's view of the rows would be another one."""
        return ",".join((self.state, *self.barred))

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(str(column["id"]) for column in self.columns)

    def visible(self) -> str:
        """The one relation that queries see, as SQL over `ROWS`."""
        listed = ", ".join(exactness.told(id, self.beside) for id in self.ids)
        where = f" WHERE {self._condition()}" if self._condition() else ""
        return f"SELECT {listed} FROM {ROWS}{where}"  # noqa: S608 - declared names, quoted

    def query(self, sql: str, params: Sequence[object] = ()) -> pa.Table:
        """A select over `ROWS` that was written here. Raises `QueryFailed`."""
        try:
            if self.name:
                return shelf.lake().query(sql, {ROWS: self.name}, params=params)
            return _in_memory(self.file_rows(), sql, params)
        except QiantangError as error:
            if error.transient:
                raise
            raise _failed(error) from None

    def asked(self, sql: str, *, again: bool = True) -> pa.Table:
        """A reader's own select, written anew over `ROWS` from a checked tree: it runs in a process
        of its own. Raises `QueryFailed`, and what `ApartEngine` raises where it stops one."""
        from qiantang.engine.compute import ApartEngine
        from qiantang.engine.compute.errors import TaskFailed

        with ApartEngine(memory_mb=tasks.engine_settings().query_memory_mb) as engine:
            engine.register(ROWS, shelf.lake().files(self.name) if self.name else self.file_rows())
            try:
                return engine.run(sql)
            except TaskFailed as error:
                failed = QueryFailed(number=error.fields["trace"])
        if again and self.name and shelf.lake().mark(self.name) != self.mark:
            # Upkeep may have taken old files away between planning and reading.
            return self.asked(sql, again=False)
        raise failed

    def lookup(self, columns: Sequence[str], filters: Mapping[str, Sequence[str]]) -> Lookup | None:
        """The snapshot's look-up file, where it can answer. A server has a missing one made."""
        if not self.name or self._condition() or self.state == "0" or self.beside:
            return None
        lake = shelf.lake()
        wanted = lookups.Wanted(self.name, int(self.state), self.ids, self._keys())
        found = lookups.found(lake.folder, wanted)
        if found is None:
            if os.environ.get("QIANTANG_SUPERVISED"):
                lookup_making.ask_for(lake, wanted)
            return None
        return found if found.serves(columns, filters) else None

    def _condition(self) -> str:
        """Which of the table's rows are this entry's and everybody's, as SQL; empty where all are:
        of a division's own copy those of the division."""
        if not self.name:
            return ""
        if self.view.declared not in {"", self.view.id}:
            return f"{DIVISION} = {_text(self.view.division)}"
        return none_of(DIVISION, self.barred) if self.barred else ""

    def _keys(self) -> tuple[str, ...]:
        """The columns by which people look rows up."""
        known = {str(c["id"]): c for c in self.columns}
        marked = (i for i, c in known.items() if any(c.get(k) for k in _LOOKED_UP_BY))
        return tuple(dict.fromkeys((*(g for g in self.view.grain if g in known), *marked)))

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows in bounded memory, from files that are as they were written."""
        if not self.name:
            yield from self.file_rows().select(list(self.ids)).to_batches()
            return
        shelf.lake().look(self.name)
        listed = [*self.ids, *sorted(self.beside)]
        for batch in shelf.lake().reader(self.name, columns=listed, where=self._condition()):
            yield exactness.told_batch(batch, self.ids)

    def file_rows(self) -> pa.Table:
        """The rows that the pack carries, typed."""
        import pyarrow as pa

        from qiantang.engine.measures.examples import arrow_schema_of
        from qiantang.rooms.indicators.tables import resource_rows

        found = resource_rows(ANONYMOUS, self.view.id)
        whole = arrow_schema_of(found.resource)
        schema = pa.schema([whole.field(id) for id in self.ids])
        return pa.Table.from_pylist([dict(row) for row in found.rows], schema=schema)


def open_table(actor: Actor, id: str) -> OpenTable:
    """The table of an entry. Raises `ResourceUnknown`; `NoOpenData` where its data is not open,
    not kept here, or has no field that everybody may see.

    What was made of the entry is kept while neither it nor its rows change; whether the actor may
    know of it is asked every time."""
    lake, barred = shelf.lake(), catalogue.kept_back(ANONYMOUS, id)
    state = (entries.edition(actor, id), barred)
    known = _opened.get((lake.folder, id))
    if known is not None and known[0] == state and known[1].mark == lake.mark(known[1].name):
        return known[1]
    table = replace(_open_table(actor, id), barred=barred)
    if table.name:
        while len(_opened) >= _MOST_OPENED:
            _opened.pop(next(iter(_opened)), None)
        _opened[lake.folder, id] = (state, table)
    return table


def _open_table(actor: Actor, id: str) -> OpenTable:
    view = catalogue.resource(actor, id)
    columns = harmless_fields(view)
    if not view.open or view.status != "published" or view.origin or not columns:
        raise NoOpenData(found=id)
    lake, declared = shelf.lake(), view.declared or view.id
    marks = ((name, lake.mark(name)) for name in (view.id, declared))
    name, mark = next(((n, mark) for n, mark in marks if mark), ("", None))
    if name:
        known = set(lake.schema(name).names)
        columns = tuple(_told(c, known) for c in columns if c["id"] in known)
        vague = (str(c["id"]) for c in columns if exactness.is_vague(str(c["id"]), known))
        beside = frozenset(map(exactness.companion, vague))
        snapshot = lake.current(name)
        return OpenTable(view, columns, name, f"{snapshot.id if snapshot else 0}", mark, beside)
    kept = shelf.resources().get(declared)
    if kept is None:
        raise NoOpenData(found=id)
    pack = shelf.packs()[kept.pack]
    return OpenTable(view, columns, "", pack.digest)


def _told(column: Mapping[str, Any], known: Collection[str]) -> Mapping[str, Any]:
    """The column as it is handed out: a date that may be a month or a year is text."""
    return {**column, "type": "text"} if exactness.is_vague(str(column["id"]), known) else column


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _in_memory(rows: pa.Table, sql: str, params: Sequence[object]) -> pa.Table:
    import duckdb

    from qiantang.engine.lake.duck import Limits, interrupted_after, plain, sealed

    connection = sealed(Limits(seconds=20.0))
    try:
        connection.register(ROWS, rows)
        with interrupted_after(connection, 20.0):
            found = connection.sql(sql, params=list(params)) if params else connection.sql(sql)
            return plain(found.to_arrow_table())
    except duckdb.Error as error:
        raise _failed(error) from None
    finally:
        connection.close()


def _failed(error: Exception) -> QueryFailed:
    """The engine's words may hold values of rows: they stay in the log."""
    number = secrets.token_hex(4)
    log.warning("query of an open table failed, number %s: %s", number, error)
    return QueryFailed(number=number)
