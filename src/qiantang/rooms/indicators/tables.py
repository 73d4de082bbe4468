"""Rows of declared resources, and measures over them, for whoever may read them.

Evidence is read from the observations; the rows of other resources are what was delivered into
the lake, else those that their pack carries. The latter can be read as of days since the pack was
installed. An open resource is everybody's. One that is shared without conditions is for people of
an organisation; every other is for the owner's organisation and the administrators and auditors
above it. Fields with personal data are for whom the catalogue says
(`catalogue.selectors.sees_values`). Where divisions keep copies of their own, the table of them all
is read without the rows of those that the reader may not read (`catalogue.selectors.kept_back`),
and without personal fields unless he may see the values of every part that he reads
(`catalogue.selectors.hides_values`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qiantang.engine.division_column import DIVISION
from qiantang.engine.lake import exactness
from qiantang.engine.lake.plans import none_of
from qiantang.engine.targets.rows import OBSERVATION_SCHEMA
from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import NotFound
from qiantang.kernel.periods import CHINA_TIME
from qiantang.packkit.compiled import Field, Measure, Personal, Resource
from qiantang.packkit.readers.measures import sql_name
from qiantang.packkit.rows import Value, typed_rows
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.indicators import held, store
from qiantang.rooms.indicators.errors import NoHistory, NoSuchMeasure, RowsElsewhere, RowsWithheld
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import tasks

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.compute import Given

EVIDENCE = "observations"


@dataclass(frozen=True, slots=True)
class ResourceRows:
    """The rows of a resource with the fields that the actor may see; ``total`` counts all of
    them where only a part was asked for."""

    resource: Resource
    fields: tuple[Field, ...]
    rows: tuple[dict[str, Value], ...]
    total: int = 0


@dataclass(frozen=True, slots=True)
class MeasureRows:
    """What a measure gives now: its columns in order, plain values."""

    measure: Measure
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]


def resource_rows(
    actor: Actor, id: str, *, at: date | None = None, limit: int | None = None, offset: int = 0
) -> ResourceRows:
    """The rows of ``pack.local``, or of a division's own copy of it (``pack.local@330106``), as
    they stood at the end of day ``at`` (None: now).

    Raises `ResourceUnknown`, also where the actor may not know of it, `RowsWithheld` where the
    entry is public and the rows are not, `NoHistory` for a day before a pack's own rows came."""
    entry = catalogue.resource(actor, id)
    wanted = _Part(at, limit, offset)
    if (copied := _copied(entry)) is not None:
        _refuse_withheld(actor, entry)
        fields = _fields(actor, entry, copied)
        mine = replace(wanted, division=entry.division)
        told = tasks.is_delivered(entry.declared)
        total, found = _delivered(entry.declared, copied, fields, mine) if told else (0, ())
        return ResourceRows(copied, fields, found, total)
    seen, fields = _readable(actor, entry)
    if _is_delivered(id, seen):
        wanted = replace(wanted, without=catalogue.kept_back(actor, id))
        total, found = _delivered(id, seen, fields, wanted)
        return ResourceRows(seen, fields, found, total)
    if seen.role == EVIDENCE:
        figures, total = store.standing(_carried(seen), at, limit=limit, offset=offset)
        written = [o.written() for o in figures]
        shown = tuple({f.id: row.get(f.id) for f in fields} for row in written)
        return ResourceRows(seen, fields, shown, total)
    _require_carried_on(seen, at)
    carried = _rows(seen)
    end = None if limit is None else offset + limit
    rows = tuple({f.id: row.get(f.id) for f in fields} for row in carried[offset:end])
    return ResourceRows(seen, fields, rows, len(carried))


def has_history(id: str) -> bool:
    """Whether the rows of a resource are kept as they stood on every past day."""
    resource = shelf.resources().get(id)
    return resource is None or resource.role == EVIDENCE or tasks.is_delivered(id)


def evidence_rows(id: str, at: date) -> int:
    """How many figures a resource of evidence had in force at the end of a day."""
    resource = shelf.resources().get(id)
    return store.standing(_carried(resource), at, limit=0)[1] if resource else 0


def measure_rows(actor: Actor, id: str) -> MeasureRows:
    """The measure ``pack.local`` over the rows as they are now.

    Raises `NoSuchMeasure`, the errors of `resource_rows` for each resource that it reads, and the
    engine's for a query that cannot be run."""
    pack_id, _, local = id.partition(".")
    pack = shelf.packs().get(pack_id)
    measure = pack.measures.get(local) if pack else None
    if pack is None or measure is None:
        raise NoSuchMeasure(found=id)
    known = {sql_name(r, pack.id): key for key, r in shelf.resources().items()}
    for table in measure.resources:
        resource, fields = readable(actor, known[table])
        if fields != resource.fields:
            raise RowsWithheld(found=resource.id)
    digests = tuple(sorted((p.id, p.digest) for p in shelf.packs().values()))
    versions = (store.snapshot(), *(_version(known[t]) for t in measure.resources))
    barred = tuple((table, catalogue.kept_back(actor, known[table])) for table in measure.resources)
    state = (str(store.folder()), versions, barred)
    columns, rows = _computed(id, digests, state, tuple(known.items()))
    return MeasureRows(measure, columns, rows)


def readable(actor: Actor, id: str) -> tuple[Resource, tuple[Field, ...]]:
    """The resource whose rows the actor may read, with the fields that he may see.

    Raises `ResourceUnknown`, `RowsWithheld`, `RowsElsewhere`."""
    return _readable(actor, catalogue.resource(actor, id))


def rows_for(actor: Actor, id: str, fields: Sequence[str], at: date | None) -> Given:
    """The delivered or carried rows of ``pack.local`` that the actor may read, for a task; whether
    he may read any of them is for `readable`. Raises `NoHistory` as `resource_rows`."""
    if not tasks.is_delivered(id):
        _require_carried_on(shelf.resources()[id], at)
    barred = catalogue.kept_back(actor, id)
    return tasks.given(id, fields=fields, at=end_of(at), without=barred)


def all_readable(actor: Actor) -> Iterator[tuple[Resource, tuple[Field, ...]]]:
    """Every resource whose rows the actor may read, with the fields that he may see."""
    for entry in catalogue.resources(actor):
        with suppress(RowsWithheld, RowsElsewhere):
            yield _readable(actor, entry)


def _readable(actor: Actor, entry: catalogue.ResourceView) -> tuple[Resource, tuple[Field, ...]]:
    _refuse_withheld(actor, entry)
    resource = shelf.resources().get(entry.id)
    if resource is None:
        raise RowsElsewhere(found=entry.id)
    return resource, _fields(actor, entry, resource)


def _copied(entry: catalogue.ResourceView) -> Resource | None:
    """What a division's own copy follows; None for everything else. An entry written by hand is no
    copy, whatever it fulfils."""
    if not entry.pack or entry.declared in ("", entry.id):
        return None
    return shelf.resources().get(entry.declared)


def _refuse_withheld(actor: Actor, entry: catalogue.ResourceView) -> None:
    path = _path(entry.owner) if actor.grants or actor.organisation else ""
    if not catalogue.reads_rows(actor, entry, path):
        raise RowsWithheld(found=entry.id)


def _fields(actor: Actor, entry: catalogue.ResourceView, resource: Resource) -> tuple[Field, ...]:
    path = _path(entry.owner) if actor.grants or actor.organisation else ""
    plain = tuple(f for f in resource.fields if f.personal is Personal.NONE)
    if plain == resource.fields:
        return plain
    if not catalogue.sees_values(actor, path) or _hides_values(actor, entry.id, resource):
        return plain
    return resource.fields


def _hides_values(actor: Actor, id: str, resource: Resource) -> bool:
    """Whether the entry's rows are those of many divisions, some of whose values are not for the
    actor; of a division's own copy they never are."""
    of_all = resource.per_division and id == f"{resource.pack}.{resource.id}"
    if not of_all or not tasks.is_delivered(id):
        return False
    lake = shelf.lake()
    return catalogue.hides_values(actor, id, _divisions(str(lake.folder), id, lake.mark(id)))


@lru_cache(maxsize=256)
def _divisions(folder: str, id: str, mark: str | None) -> tuple[str, ...]:
    """Whose rows lie in the table of all divisions; asked once for each state of it."""
    found = shelf.lake().query(f'SELECT DISTINCT {DIVISION} AS d FROM "t"', {"t": id})  # noqa: S608
    return tuple(str(each) for each in found.column("d").to_pylist() if each)


def _path(organisation: str) -> str:
    try:
        return people.organisation(organisation).path
    except NotFound:
        return ""


def _is_delivered(id: str, resource: Resource) -> bool:
    """Whether rows of the resource were delivered into the lake's table of its name."""
    return resource.role != EVIDENCE and tasks.is_delivered(id)


def _version(id: str) -> int | None:
    """The snapshot of the resource's table in the lake, if it has one."""
    if not _is_delivered(id, shelf.resources()[id]):
        return None
    now = shelf.lake().current(id)
    return now.id if now else None


@dataclass(frozen=True, slots=True)
class _Part:
    """Which rows: as of a day, at most so many after so many; of one division only, or without
    those that some sent."""

    at: date | None
    limit: int | None
    offset: int
    division: str = ""
    without: tuple[str, ...] = ()

    def where(self) -> tuple[str, list[object]]:
        if self.division:
            return f" WHERE {DIVISION} = ?", [self.division]
        return f" WHERE {none_of(DIVISION, self.without)}", []


def _delivered(
    id: str, resource: Resource, fields: tuple[Field, ...], wanted: _Part
) -> tuple[int, tuple[dict[str, Value], ...]]:
    """How many rows the lake has, and those asked for in the order of the resource's grain."""
    lake, tables, moment = shelf.lake(), {"t": id}, end_of(wanted.at)
    where, params = wanted.where()
    counted = lake.query(
        f'SELECT count(*) AS n FROM "t"{where}',  # noqa: S608 - written here
        tables,
        params=params,
        at=moment,
    )
    total = counted.column("n")[0].as_py()
    known = set(lake.schema(id).names)
    columns = ", ".join(exactness.told(f.id, known) for f in fields)
    order = ", ".join(_quoted(name) for name in (*resource.grain, "_row"))
    sql = f'SELECT {columns} FROM "t"{where} ORDER BY {order}'  # noqa: S608 - names are declared
    if wanted.limit is not None or wanted.offset:
        sql += " LIMIT ? OFFSET ?"
        params += [total if wanted.limit is None else wanted.limit, wanted.offset]
    found = lake.query(sql, tables, params=params, at=moment)
    return int(total), tuple(found.to_pylist())


def end_of(day: date | None) -> datetime | None:
    """The last moment of a day; None is now."""
    return None if day is None else held.end_of(day)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _rows(resource: Resource) -> tuple[dict[str, Value], ...]:
    """The rows that the resource's pack carries."""
    if resource.data is None or not resource.data.is_file():
        return ()
    return tuple(dict(row) for row in typed_rows(resource, resource.data))


def _require_carried_on(resource: Resource, day: date | None) -> None:
    """Raise `NoHistory` where the pack's rows of today were not there at the end of the day."""
    end = end_of(day)
    if day is None or end is None or resource.data is None:
        return
    since = shelf.installed_at(resource.pack)
    if end < since:
        told = since.astimezone(CHINA_TIME).date().isoformat()
        raise NoHistory(found=resource.id, pack=resource.pack, since=told, day=day.isoformat())


def _carried(resource: Resource) -> frozenset[str]:
    """The indicators whose figures are the rows of a resource of evidence."""
    measured = resource.field("indicator")
    home = (measured.codes or "").rpartition(".")[0] if measured else resource.pack
    return frozenset(key for key, i in shelf.indicators().items() if i.pack == home)


@lru_cache(maxsize=64)
def _computed(
    id: str,
    digests: tuple[tuple[str, str], ...],
    state: tuple[str, tuple[int | None, ...], tuple[tuple[str, tuple[str, ...]], ...]],
    tables: tuple[tuple[str, str], ...],
) -> tuple[tuple[str, ...], tuple[dict[str, Any], ...]]:
    """Computed once for each state of packs and lake (folder, versions), for all who may read the
    same divisions."""
    from qiantang.engine.measures import run_measure

    pack, _, local = id.partition(".")
    measure = shelf.packs()[pack].measures[local]
    known = dict(tables)
    given = {name: _table(known[name], barred) for name, barred in state[2]}
    found = run_measure(measure, given, settings=tasks.engine_settings())
    return tuple(found.column_names), tuple(found.to_pylist())


def _table(id: str, barred: tuple[str, ...]) -> Given:
    resource = shelf.resources()[id]
    if resource.role == EVIDENCE:
        return evidence_table(resource)
    return tasks.given(id, without=barred)


def evidence_table(resource: Resource, at: date | None = None) -> pa.Table:
    """The figures in force that the resource's rows may carry, typed by its fields."""
    import pyarrow as pa

    from qiantang.engine.measures.examples import arrow_schema_of

    schema = arrow_schema_of(resource)
    carried = _carried(resource)
    known = [name for name in schema.names if name in OBSERVATION_SCHEMA.names]
    found = store.standing_columns(carried, known, at)
    if found is not None:
        absent = [pa.nulls(found.num_rows, f.type) for f in schema if f.name not in known]
        names = [*known, *(name for name in schema.names if name not in known)]
        whole = pa.table([*found.columns, *absent], names=names)
        return whole.select(schema.names).cast(schema)
    written = [o.written() for o in store.standing(carried, at)[0]]
    rows = [{name: row.get(name) for name in schema.names} for row in written]
    return pa.Table.from_pylist(rows, schema=schema)
