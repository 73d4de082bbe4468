"""Rows of declared resources, and measures over them, for whoever may read them.

Evidence lies in the lake and is read as it is now; the rows of other resources are those that
their pack carries. An open resource is everybody's. One that is shared without conditions is for
people of an organisation; every other, and every field with personal data, is for the owner's
organisation and the administrators and auditors above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.errors import NotFound
from qiantang.kernel.observations import Observation
from qiantang.packkit.compiled import Field, Measure, Personal, Resource, Sharing
from qiantang.packkit.readers.measures import sql_name
from qiantang.packkit.rows import Value, typed_rows
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.indicators import store
from qiantang.rooms.indicators.errors import NoSuchMeasure, RowsWithheld
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf

if TYPE_CHECKING:
    import pyarrow as pa

EVIDENCE = "observations"


@dataclass(frozen=True, slots=True)
class ResourceRows:
    """The rows of a resource with the fields that the actor may see."""

    resource: Resource
    fields: tuple[Field, ...]
    rows: tuple[dict[str, Value], ...]


@dataclass(frozen=True, slots=True)
class MeasureRows:
    """What a measure gives now: its columns in order, plain values."""

    measure: Measure
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]


def resource_rows(actor: Actor, id: str) -> ResourceRows:
    """The rows of ``pack.local``. Raises `ResourceUnknown`, also where the actor may not know of
    it, and `RowsWithheld` where the entry is public and the rows are not."""
    seen, keeper = _readable(actor, id)
    fields = tuple(f for f in seen.fields if keeper or f.personal is Personal.NONE)
    rows = tuple({f.id: row.get(f.id) for f in fields} for row in _rows(seen))
    return ResourceRows(seen, fields, rows)


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
        resource, keeper = _readable(actor, known[table])
        if not keeper and any(f.personal is not Personal.NONE for f in resource.fields):
            raise RowsWithheld(found=resource.id)
    digests = tuple(sorted((p.id, p.digest) for p in shelf.packs().values()))
    columns, rows = _computed(
        id, digests, str(store.folder()), store.holding().snapshot, tuple(known.items())
    )
    return MeasureRows(measure, columns, rows)


def _readable(actor: Actor, id: str) -> tuple[Resource, bool]:
    """The resource, and whether the actor keeps it."""
    entry = catalogue.resource(actor, id)
    keeper = _keeps(actor, entry.owner)
    member = bool(actor.organisation) and entry.sharing == Sharing.UNCONDITIONAL
    if not (entry.open or member or keeper):
        raise RowsWithheld(found=id)
    return shelf.resources()[id], keeper


def _keeps(actor: Actor, owner: str) -> bool:
    if actor.is_system or (owner and actor.organisation == owner):
        return True
    watched = (Role.ADMINISTRATOR, Role.AUDITOR)
    if not any(actor.scopes(role) for role in watched):
        return False
    try:
        path = people.organisation(owner).path
    except NotFound:
        return False
    return any(actor.has(role, path) for role in watched)


def _rows(resource: Resource) -> tuple[dict[str, Value], ...]:
    if resource.role == EVIDENCE:
        return tuple(o.written() for o in _evidence(resource))
    if resource.data is None or not resource.data.is_file():
        return ()
    return tuple(dict(row) for row in typed_rows(resource, resource.data))


def _evidence(resource: Resource) -> list[Observation]:
    """Figures in force of the indicators that the resource's rows may carry."""
    measured = resource.field("indicator")
    home = (measured.codes or "").rpartition(".")[0] if measured else resource.pack
    ours = {key for key, i in shelf.indicators().items() if i.pack == home}
    found = [o for o in store.holding().current if o.indicator in ours]
    return sorted(found, key=lambda o: o.id)


@lru_cache(maxsize=64)
def _computed(
    id: str,
    digests: tuple[tuple[str, str], ...],
    folder: str,
    snapshot: int | None,
    tables: tuple[tuple[str, str], ...],
) -> tuple[tuple[str, ...], tuple[dict[str, Any], ...]]:
    """Computed once for each state of packs and lake, whoever asks."""
    from qiantang.engine.measures import run_measure

    pack, _, local = id.partition(".")
    measure = shelf.packs()[pack].measures[local]
    known = dict(tables)
    given = {name: _table(shelf.resources()[known[name]]) for name in measure.resources}
    found = run_measure(measure, given)
    return tuple(found.column_names), tuple(found.to_pylist())


def _table(resource: Resource) -> pa.Table:
    import pyarrow as pa

    from qiantang.engine.measures.examples import arrow_schema_of

    schema = arrow_schema_of(resource)
    rows = [{name: row.get(name) for name in schema.names} for row in _rows(resource)]
    return pa.Table.from_pylist(rows, schema=schema)
