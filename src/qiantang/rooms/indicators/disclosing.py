"""A table that may be published, made of the unit records of a resource.

Whoever may read the records makes the table; what it shows, everybody may see: cells that would
tell of a single reporter are left out, with as many more as it takes (`engine.disclosure`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils import timezone

from qiantang.engine.disclosure import (
    Published,
    Rules,
    contributions,
    lines_of,
    publish,
    rules_told,
    table_of,
)
from qiantang.kernel.actors import Actor
from qiantang.packkit.compiled import NUMBERS, Field, Personal, Resource
from qiantang.rooms.indicators import tables
from qiantang.rooms.indicators.errors import NamesSomebody, NotAQuantity, NotAShownField
from qiantang.rooms.shelf import selectors as shelf

NORMS: Final = "statistics-zhejiang.disclosure-"


@dataclass(frozen=True, slots=True)
class PublishableTable:
    """The table with what it was made of. ``value`` is empty for a table of counts."""

    resource: Resource
    rows: Field
    columns: Field | None
    value: Field | None
    rules: Rules
    published: Published

    def as_json(self) -> dict[str, Any]:
        return {
            "resource": f"{self.resource.pack}.{self.resource.id}",
            "rows": self.rows.id,
            "columns": self.columns.id if self.columns else None,
            "value": self.value.id if self.value else None,
            "rules": rules_told(self.rules),
            "cells": [cell.as_json() for line in lines_of(self.published) for cell in line],
        }


@dataclass(frozen=True, slots=True)
class Choices:
    """The fields of a resource by what they may be: of rows and columns, whose record it is, what
    is added up."""

    resource: Resource
    plain: tuple[Field, ...]
    reporters: tuple[Field, ...]
    quantities: tuple[Field, ...]


def resources_to_choose(actor: Actor) -> tuple[Resource, ...]:
    """The resources whose rows the actor may read and that a table can be made of, by name."""
    found = (resource for resource, fields in tables.all_readable(actor) if _plain_fields(fields))
    return tuple(sorted(found, key=lambda r: (r.name.zh, r.pack, r.id)))


def choices(actor: Actor, resource: str) -> Choices:
    """What may be chosen of one resource. Raises the errors of `tables.readable`."""
    declared, fields = tables.readable(actor, resource)
    quantities = tuple(f for f in fields if f.type in NUMBERS)
    return Choices(declared, _plain_fields(fields), fields, quantities)


def rules_in_force(on: date | None = None) -> Rules:
    """The thresholds on a day, from the norms in force with their overrides. Raises `NormUnknown`,
    `RulesMalformed`."""
    figure = {name: norm.value for name, norm in _norms(on).items()}
    return Rules(
        minimum=int(figure["reporters"]),
        dominance=(int(figure["largest"]), figure["dominance"]),
        p=figure["p"],
        doubt=figure["doubt"],
    )


def rules_verified(on: date | None = None) -> bool:
    """Whether each threshold has a verified source, or an operator's document, on a day."""
    return all(norm.shipped.verified or norm.override for norm in _norms(on).values())


def _norms(on: date | None) -> dict[str, shelf.NormInForce]:
    day = on or timezone.localdate()
    names = ("reporters", "largest", "dominance", "p", "doubt")
    return {name: shelf.norm(f"{NORMS}{name}", day) for name in names}


def publishable_table(
    actor: Actor, resource: str, *, rows: str, reporter: str, columns: str = "", value: str = ""
) -> PublishableTable:
    """``value`` of the resource's records added up by ``rows`` and ``columns``, as it may be shown.

    ``reporter`` is the field that says whose record it is; without ``value`` records are counted.
    Raises the errors of `tables.resource_rows`, `NotAShownField`, `NamesSomebody`, `NotAQuantity`,
    `NormUnknown`, and of the engine `NotANumber`, `NegativeContribution`, `CannotProtect`,
    `TableTooLarge`.
    """
    declared, fields = tables.readable(actor, resource)
    known = {field.id: field for field in fields}

    def chosen(name: str) -> Field:
        if name not in known:
            raise NotAShownField(found=name, expected="、".join(known))
        return known[name]

    by, across = chosen(rows), chosen(columns) if columns else None
    whose, added = chosen(reporter), chosen(value) if value else None
    # The names of rows and columns are published whatever becomes of their cells.
    plain = [f.id for f in _plain_fields(fields) if f is not whose]
    if named := next((f for f in (by, across) if f is not None and f.id not in plain), None):
        raise NamesSomebody(found=named.id, expected="、".join(plain))
    if added is not None and added.type not in NUMBERS:
        raise NotAQuantity(found=added.id)
    records = tables.resource_rows(actor, resource).rows
    rules = rules_in_force()
    made = table_of(
        contributions(
            records,
            rows=by.id,
            reporter=whose.id,
            columns=across.id if across else "",
            value=added.id if added else "",
        )
    )
    return PublishableTable(declared, by, across, added, rules, publish(made, rules))


def _plain_fields(fields: Iterable[Field]) -> tuple[Field, ...]:
    return tuple(f for f in fields if f.personal is Personal.NONE)
