"""A declared index on a day: its tree with the weights in force, its units, its department."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from qiantang.engine.index import Structure
from qiantang.engine.index.declared import structure_of
from qiantang.kernel.errors import NotFound
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code
from qiantang.packkit.indices import CompositeIndex, IndexUnits
from qiantang.rooms.indices.errors import OwnerMissing
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf


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
    weights = {
        e.code: float(shelf.norm(full_norm(e.weight_norm, declared.pack), day).value)
        for e in declared.elements
        if e.weight_norm
    }
    return structure_of(declared, weights)


def names_of(declared: CompositeIndex) -> dict[str, Text]:
    """Names of elements and sizes by code."""
    names = {each.code: each.name for each in declared.elements}
    return names | {size.code: size.name for size in declared.sizes}


def units_on(units: IndexUnits, day: date) -> tuple[Code, ...]:
    """The units that are compared on a day."""
    return units.chosen(shelf.code_list(units.codes), day)


def full_norm(norm: str, pack: str) -> str:
    """A norm's id with its pack; a weight may name one of its own pack without."""
    return norm if "." in norm else f"{pack}.{norm}"
