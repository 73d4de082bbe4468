"""Indices made: a published edition rebuilt from its bundle, or the present figures.

A page is a function of an edition. Reading a bundle and building it takes milliseconds and is done
once for each digest; the last ones stay in memory, with the tables that their what-ifs need.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

from qiantang.engine.index import Data, Index, Structure, build, recipe_of
from qiantang.engine.index.building import Prepared, prepare
from qiantang.engine.index.bundle import Bundle, Gap, Origin, index_of, read
from qiantang.engine.index.bundle.writing import result_files
from qiantang.engine.index.choices import plain
from qiantang.kernel.actors import Actor
from qiantang.packkit.indices import CompositeIndex
from qiantang.rooms.indices import storing
from qiantang.rooms.indices.assembling import assemble
from qiantang.rooms.indices.declaring import names_of, structure_on
from qiantang.rooms.indices.shapes import EditionView, Made, only_year

Given = TypeVar("Given")
KEPT: Final = 16
"""Rebuilt editions in memory; one of 50 units takes about a megabyte."""
LATE: Final = frozenset({"weigh", "aggregate"})
"""Tables of a recipe that bear on nothing before aggregation."""


@dataclass(frozen=True, slots=True, eq=False)
class _Rebuilt:
    """``same``: this software gives the very digits of the bundle."""

    bundle: Bundle
    index: Index
    origins: tuple[Origin, ...]
    gaps: tuple[Gap, ...]
    survey: Mapping[str, Any] | None
    same: bool


def published(declared: CompositeIndex, edition: EditionView) -> Made:
    """An edition as its bundle has it. Raises `BundleLost`, and the bundle's errors."""
    raw = storing.bytes_of(edition.file, edition.digest, edition.number)
    known = _rebuilt(edition.digest, Rider(raw))
    bundle = known.bundle
    return Made(
        declared=declared,
        edition=edition,
        data=bundle.data,
        structure=bundle.structure,
        tables=bundle.tables,
        index=known.index,
        names=bundle.names,
        unit_names=bundle.unit_names,
        origins=known.origins,
        gaps=known.gaps,
        survey=known.survey,
        same_digits=known.same,
    )


def year_of(edition: EditionView) -> int | None:
    """The year of an edition's figures, None where they span several; the bundle is read once a
    process, for a page asks this of every edition. Raises as `published`."""
    return _year(edition.digest, Rider(edition))


def present(actor: Actor, declared: CompositeIndex, day: date, *, past: bool) -> Made:
    """The index of the figures in force, or with ``past`` of those known on ``day``, with its gaps.
    Raises the errors of `assemble` and the engine's."""
    found = assemble(actor, declared, day, past=past)
    structure = structure_on(declared, day)
    tables = plain_values(declared.recipe)
    return Made(
        declared=declared,
        edition=None,
        data=found.data,
        structure=structure,
        tables=tables,
        index=build(found.data, structure, recipe_of(plain(tables))),
        names=names_of(declared),
        unit_names=found.unit_names,
        origins=found.origins,
        gaps=found.gaps,
    )


def prepared(made: Made, tables: Mapping[str, Any]) -> Prepared:
    """Every step before aggregation for a changed recipe; what an edition was asked before is not
    computed again."""
    early = {key: value for key, value in tables.items() if key not in LATE}
    if early == {k: v for k, v in plain(made.tables).items() if k not in LATE}:
        return _as_prepared(made.index)
    told = json.dumps(early, sort_keys=True)
    if made.edition is None:
        return prepare(made.data, made.structure, recipe_of(early))
    return _prepared(made.edition.digest, told, Rider((made.data, made.structure)))


def plain_values(tables: Mapping[str, object]) -> dict[str, Any]:
    """A recipe as JSON would give it back: what is frozen is what was computed."""
    found: dict[str, Any] = json.loads(json.dumps(tables))
    return found


def forget() -> None:
    """Drop what is kept in memory (tests, a restored zone)."""
    _rebuilt.cache_clear()
    _year.cache_clear()
    _prepared.cache_clear()


class Rider(Generic[Given]):
    """An argument that rides along with a digest in the key of a cache: the digest tells editions
    apart, so all riders are equal to it."""

    def __init__(self, given: Given) -> None:
        self.given = given

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rider)


@lru_cache(maxsize=KEPT)
def _rebuilt(digest: str, rider: Rider[bytes]) -> _Rebuilt:
    bundle = read(rider.given)
    rider.given = b""
    index = index_of(bundle)
    same = all(bundle.files.get(name) == raw for name, raw in result_files(index).items())
    return _Rebuilt(bundle, index, bundle.origins, bundle.gaps, bundle.robustness, same)


@lru_cache(maxsize=512)
def _year(digest: str, rider: Rider[EditionView]) -> int | None:
    bundle = read(storing.bytes_of(rider.given.file, digest, rider.given.number))
    return only_year(bundle.data, bundle.origins)


@lru_cache(maxsize=2 * KEPT)
def _prepared(digest: str, early: str, rider: Rider[tuple[Data, Structure]]) -> Prepared:
    return prepare(*rider.given, recipe_of(json.loads(early)))


def _as_prepared(index: Index) -> Prepared:
    """What a built index rests on; every built one knows what was imputed."""
    assert index.imputed is not None
    steps = {name: table for name, table in index.steps.items() if name != "aggregated"}
    return Prepared(steps, index.filled, index.imputed, index.screened, index.treated, index.notes)
