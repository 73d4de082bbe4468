"""Keys that lie in the parts of several divisions, for those who may read the rows of each.

Where each division keeps its own, a key counts within its part: the lake writes and deletes by key
and division. What one withholds is not held against what another sends, so that no answer tells of
it (`elsewhere`); two may then have the same record. Here it is told, as soon as somebody may read
both: at once to the one that withholds, to the other when the copy is opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Final

from qiantang.engine.division_column import DIVISION
from qiantang.engine.lake.plans import none_of, quoted
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.packkit.compiled import Personal, Resource
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.intake.ownership import path_of
from qiantang.rooms.shelf import selectors as shelf

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class SharedKey:
    """A key, its fields joined by ``|``, and the divisions that have it."""

    key: str
    divisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedKeys:
    """How many keys several divisions have, and the first of them; none is named to whom the key's
    fields are hidden as personal data."""

    total: int
    first: tuple[SharedKey, ...]

    def as_json(self) -> dict[str, Any]:
        """For doors."""
        return asdict(self)


NONE: Final = SharedKeys(0, ())


def shared_keys(actor: Actor, id: str) -> SharedKeys:
    """The keys that lie in several parts of the table of all divisions, among the parts that the
    actor may read; of a division's own copy those that its part has. None where he does not read
    that table. Raises `ResourceUnknown`."""
    entry = catalogue.resource(actor, id)
    declared = entry.declared or id
    resource = shelf.resources().get(declared) if entry.pack else None
    if resource is None or not resource.per_division or not resource.grain:
        return NONE
    if declared not in shelf.lake().tables():
        return NONE
    zone = catalogue.resource(SYSTEM, declared)
    if not catalogue.reads_rows(actor, zone, path_of(zone.owner)):
        return NONE
    barred = catalogue.kept_back(actor, declared)
    part = entry.division if id != declared else ""
    lake = shelf.lake()
    found = _found(str(lake.folder), lake.mark(declared), declared, barred, part)
    if _names_people(resource) and not _sees(actor, declared, path_of(zone.owner), found.first):
        return SharedKeys(found.total, ())
    return found


def _names_people(resource: Resource) -> bool:
    return any(f.personal is not Personal.NONE for f in resource.fields if f.id in resource.grain)


def _sees(actor: Actor, declared: str, path: str, keys: Iterable[SharedKey]) -> bool:
    divisions = {each for key in keys for each in key.divisions}
    hidden = catalogue.hides_values(actor, declared, divisions)
    return catalogue.sees_values(actor, path) and not hidden


@lru_cache(maxsize=64)
def _found(
    folder: str, mark: str | None, declared: str, barred: tuple[str, ...], part: str
) -> SharedKeys:
    """Asked once for each state of the table and all who may read the same parts."""
    names = [quoted(name) for name in shelf.resources()[declared].grain]
    told = ", ".join(f"CAST({name} AS VARCHAR) AS k{n}" for n, name in enumerate(names))
    wanted = f"count(DISTINCT {DIVISION}) > 1"
    if part:
        wanted += f" AND count(*) FILTER (WHERE {DIVISION} = ?) > 0"
    grain = ", ".join(names)
    sql = (
        f"SELECT {told}, string_agg(DISTINCT {DIVISION}, ',' ORDER BY {DIVISION}) AS d, "  # noqa: S608 - declared names
        f"count(*) OVER () AS n FROM t WHERE {none_of(DIVISION, barred)} "
        f"GROUP BY {grain} HAVING {wanted} ORDER BY {grain} LIMIT {SHOWN}"
    )
    rows = shelf.lake().query(sql, {"t": declared}, params=[part] if part else []).to_pylist()
    first = tuple(
        SharedKey(
            " | ".join(str(row[f"k{n}"] or "") for n in range(len(names))),
            tuple(row["d"].split(",")),
        )
        for row in rows
    )
    return SharedKeys(int(rows[0]["n"]) if rows else 0, first)
