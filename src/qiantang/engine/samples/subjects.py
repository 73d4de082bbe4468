"""Of whom a row speaks: which person or firm each field describes, and their numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from qiantang.engine.samples.chance import Index
from qiantang.engine.samples.fitting import Rows
from qiantang.engine.samples.patterns import most_like
from qiantang.engine.samples.world import World
from qiantang.packkit.compiled import Field, Resource
from qiantang.packkit.identifier_kinds import RESIDENT_ID, USCC

HUSBAND: Final = "husband"
SPOUSES: Final = (HUSBAND, "wife")
"""First words of the fields of a spouse."""
_INSURED: Final = "social-insurance-number"
"""The data element of people who are employed."""
_MONTHS: Final = 12
_YEARS: Final = 10
_DAYS: Final = 1096


@dataclass(frozen=True, slots=True)
class Subject:
    """Rows ``rows`` of the register ``label``."""

    label: str
    rows: Index


@dataclass(frozen=True, slots=True)
class Subjects:
    """The subjects of one batch of a resource; ``rows`` are its row numbers from 0."""

    world: World
    resource: Resource
    rows: Index
    known: dict[str, Subject] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.resource.pack}.{self.resource.id}"

    def person(self, wanted: Field) -> Subject:
        """Whom a field about a person describes: the id beside it, else someone of this row."""
        return self._holder(wanted, RESIDENT_ID)

    def firm(self, wanted: Field) -> Subject:
        return self._holder(wanted, USCC)

    def has(self, identifier: str) -> bool:
        return any(f.identifier == identifier for f in self.resource.fields)

    def referred(self, wanted: Field) -> Subject:
        """The row of the other resource that a referring field names."""
        if wanted.id not in self.known:
            self.known[wanted.id] = self._refer(wanted)
        return self.known[wanted.id]

    def _refer(self, wanted: Field) -> Subject:
        pack, local, _ = (wanted.reference or "..").split(".")
        label = f"{pack}.{local}"
        chance, pool = self.world.chance, pool_of(self.world, wanted)
        found: Index | Rows | None = None
        if wanted.id in self.resource.grain:
            size = key_size(self.world, wanted) or pool
            at = chance.spread(f"{self.label}/{wanted.id}", self.key_part(wanted), size)
            found = self.world.fitting(label, pool).workers[at] if _is_insured(wanted) else at
        elif word_of(wanted) in SPOUSES and wanted.identifier == RESIDENT_ID:
            found = self._spouse(label, wanted)
        if found is None:
            found = chance.pick(f"{self.label}/{wanted.id}", self.rows, pool)
        return Subject(label, found.astype(np.int64))

    def key_part(self, wanted: Field) -> Index:
        """This field's share of the row number: the parts of a key turn like a counter, the
        fields without a reference fastest."""
        step = 1
        for each in key_order(self.resource):
            size = key_size(self.world, each)
            if each.id == wanted.id:
                return self.rows // step if size is None else self.rows // step % size
            step *= size or 1
        return self.rows

    def _holder(self, wanted: Field, identifier: str) -> Subject:
        ids = [f for f in self.resource.fields if f.identifier == identifier]
        near = [f for f in ids if word_of(f) == word_of(wanted)]
        holder = next(iter([*near, *ids]), None)
        if holder is None:
            return Subject(f"{self.label}/{word_of(wanted)}", self.rows)
        if holder.reference:
            return self.referred(holder)
        return Subject(self.label, self.rows)

    def _spouse(self, label: str, wanted: Field) -> Rows | None:
        """A grown man and a woman of about his age; None where the register is too small."""
        chance = self.world.chance
        fitting = self.world.fitting(label, pool_of(self.world, wanted))
        men, women = fitting.men, fitting.women
        if not len(men) or not len(women.rows):
            return None
        key = f"{self.label}/spouse"
        husbands = men[chance.pick(key, self.rows, len(men))]
        if word_of(wanted) == HUSBAND:
            return husbands
        births = self.world.people(label).birth(husbands.astype(np.int64))
        return women.beside(chance, key, births, self.rows)


def word_of(field: Field) -> str:
    """The first word of a field's id: ``husband`` of ``husband_name``."""
    return field.id.split("_")[0]


def _is_insured(field: Field) -> bool:
    return (field.element or "").rpartition(".")[2] == _INSURED


def key_order(resource: Resource) -> list[Field]:
    """The fields of the key, those that refer elsewhere last."""
    fields = [f for f in resource.fields if f.id in resource.grain]
    return sorted(fields, key=lambda f: f.reference is not None)


def key_size(world: World, field: Field) -> int | None:
    """How many values the field can take in a key; None for one that is different in each row."""
    if field.reference is not None:
        pool = pool_of(world, field)
        target = field.reference.rpartition(".")[0]
        return len(world.fitting(target, pool).workers) if _is_insured(field) else pool
    if field.codes is not None:
        return len(world.leaves(field.codes))
    if field.type.value == "period":
        return _YEARS if field.pattern == "[0-9]{4}" else _MONTHS
    return _DAYS if field.type.value == "date" else None


def pool_of(world: World, field: Field) -> int:
    """How many rows there are to refer to: as many as asked for, where there can be so many."""
    target = world.resource((field.reference or "").rpartition(".")[0])
    limit = most_rows(world, target)
    return world.pool if limit is None else min(world.pool, limit)


def most_rows(world: World, resource: Resource) -> int | None:
    """How many different rows a resource can have; None where there is no bound that matters."""
    bounds = [most_like(f.pattern) for f in resource.fields if f.unique and f.pattern]
    sizes = [key_size(world, field) for field in key_order(resource)]
    if sizes and None not in sizes:
        bounds.append(math.prod(size or 1 for size in sizes))
    return min((bound for bound in bounds if bound is not None), default=None)
