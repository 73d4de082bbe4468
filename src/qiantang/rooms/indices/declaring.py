"""A declared index on a day: its tree with the weights in force, its units, its department."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from django.conf import settings

from qiantang.engine.index import Element, Structure
from qiantang.kernel.errors import NotFound
from qiantang.kernel.identifiers import division_level
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code
from qiantang.packkit.indices import CompositeIndex, IndexUnits
from qiantang.rooms.indices.errors import IndexUnknown, OwnerMissing
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf


def declared_indices() -> Mapping[str, CompositeIndex]:
    """Every index of the packs in use, by ``pack.local``."""
    return {each.key: each for pack in shelf.packs().values() for each in pack.indices.values()}


def declared_index(key: str) -> CompositeIndex:
    """Raises `IndexUnknown`."""
    known = declared_indices()
    if key not in known:
        raise IndexUnknown(found=key, expected=", ".join(known) or "-")
    return known[key]


def owner_of(declared: CompositeIndex) -> str:
    """The organisation that answers for the index: its department in the zone's division."""
    return f"{settings.QIANTANG_DIVISION}-{declared.owner}"


def owner_path(declared: CompositeIndex) -> str:
    """The owner's path. Raises `OwnerMissing`."""
    code = owner_of(declared)
    try:
        return str(people.organisation(code).path)
    except NotFound:
        raise OwnerMissing(found=code) from None


def known_owner_path(declared: CompositeIndex) -> str | None:
    """The owner's path, None where it is not registered."""
    try:
        return owner_path(declared)
    except OwnerMissing:
        return None


def structure_on(declared: CompositeIndex, day: date) -> Structure:
    """The tree with weights from norms in force on ``day``. Raises `NormUnknown` of the shelf where
    a norm is not in force then, `StructureBroken`."""
    elements = tuple(
        Element(
            code=e.code, name=e.name.zh, level=e.level, parent=e.parent,
            weight=_weight(e.weight, e.weight_norm, declared.pack, day), direction=e.direction,
            unit=e.unit, target=math.nan if e.target is None else e.target,
            denominator=e.denominator,
        )
        for e in declared.elements
    )  # fmt: skip
    sizes = tuple(size.code for size in declared.sizes)
    return Structure(elements, sizes, tuple(declared.units.groups))


def names_of(declared: CompositeIndex) -> dict[str, Text]:
    """Names of elements and sizes by code."""
    names = {each.code: each.name for each in declared.elements}
    return names | {size.code: size.name for size in declared.sizes}


def columns_of(declared: CompositeIndex) -> dict[str, str]:
    """For each column of the input the code under which its figures are published."""
    leaves = {each.code: each.figures for each in declared.elements if each.level == 1}
    return leaves | {size.code: size.figures for size in declared.sizes}


def units_on(units: IndexUnits, day: date) -> tuple[Code, ...]:
    """The units that are compared: codes in force on ``day``, of the level and below the division
    that the declaration names."""
    every = shelf.code_list(units.codes).on(day)
    parents = {c.code: c.parent for c in every}
    return tuple(
        c for c in every
        if (not units.level or division_level(c.code) == units.level)
        and (not units.under or units.under in _above(c.code, parents))
    )  # fmt: skip


def group_of(code: Code, group: str) -> str:
    """A unit's label in a column of the code list."""
    return code.parent if group == "parent" else code.extra.get(group, "")


def _weight(told: float, norm: str, pack: str, day: date) -> float:
    if not norm:
        return told
    return float(shelf.norm(norm if "." in norm else f"{pack}.{norm}", day).value)


def _above(code: str, parents: Mapping[str, str]) -> set[str]:
    found: set[str] = set()
    here = parents.get(code, "")
    while here and here not in found:
        found.add(here)
        here = parents.get(here, "")
    return found
