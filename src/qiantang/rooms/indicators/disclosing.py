"""A table that may be published, made of the unit records of a resource.

Whoever may read the records makes the table; what it shows, everybody may see: cells that would
tell of a single reporter are left out, with as many more as it takes (`engine.disclosure`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from qiantang.engine.disclosure import Contribution, Published, Rules, publish, table_of
from qiantang.kernel.actors import Actor
from qiantang.packkit.compiled import Field, FieldType, Personal, Resource
from qiantang.rooms.indicators import tables
from qiantang.rooms.indicators.errors import NamesSomebody, NotAQuantity, NotAShownField
from qiantang.rooms.shelf import selectors as shelf

NORMS: Final = "statistics-zhejiang.disclosure-"
QUANTITIES: Final = (FieldType.INTEGER, FieldType.NUMBER, FieldType.DECIMAL)
NOTHING: Final = "—"
"""How a record without a value of the row or column is called."""


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
        table, found = self.published.table, self.published
        names = [*table.rows, None], [*table.columns, None]
        return {
            "resource": f"{self.resource.pack}.{self.resource.id}",
            "rows": self.rows.id,
            "columns": self.columns.id if self.columns else None,
            "value": self.value.id if self.value else None,
            "rules": {
                "minimum": self.rules.minimum,
                "dominance": _plain(self.rules.dominance),
                "p": _plain(self.rules.p),
                "doubt": _plain(self.rules.doubt),
            },
            "cells": [
                {
                    "row": names[0][i],
                    "column": names[1][j] if self.columns else None,
                    "value": _plain(found.value(i, j)),
                    "suppressed": found.suppressed[i, j].value
                    if (i, j) in found.suppressed
                    else None,
                }
                for i, j in table.cells
            ],
        }


def rules_in_force(on: date | None = None) -> Rules:
    """The thresholds on a day, from the norms in force with their overrides. Raises `NormUnknown`,
    `RulesMalformed`."""
    day = on or timezone.localdate()

    def figure(name: str) -> Decimal:
        return shelf.norm(f"{NORMS}{name}", day).value

    return Rules(
        minimum=int(figure("reporters")),
        dominance=(int(figure("largest")), figure("dominance")),
        p=figure("p"),
        doubt=figure("doubt"),
    )


def publishable_table(
    actor: Actor, resource: str, *, rows: str, reporter: str, columns: str = "", value: str = ""
) -> PublishableTable:
    """``value`` of the resource's records added up by ``rows`` and ``columns``, as it may be shown.

    ``reporter`` is the field that says whose record it is; without ``value`` records are counted.
    Raises the errors of `tables.resource_rows`, `NotAShownField`, `NamesSomebody`, `NotAQuantity`,
    `NormUnknown`, and of the engine `NegativeContribution`, `CannotProtect`, `TableTooLarge`.
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
    plain = [f.id for f in fields if f.personal is Personal.NONE and f is not whose]
    if named := next((f for f in (by, across) if f is not None and f.id not in plain), None):
        raise NamesSomebody(found=named.id, expected="、".join(plain))
    if added is not None and added.type not in QUANTITIES:
        raise NotAQuantity(found=added.id)
    records = tables.resource_rows(actor, resource).rows
    rules = rules_in_force()
    made = table_of(_contributions(records, (by, across, whose, added)))
    return PublishableTable(declared, by, across, added, rules, publish(made, rules))


def _contributions(
    records: Iterable[Mapping[str, Any]], fields: tuple[Field, Field | None, Field, Field | None]
) -> Iterable[Contribution]:
    """Records without a quantity say nothing; one without a reporter is a reporter of its own."""
    by, across, whose, added = fields
    for number, record in enumerate(records):
        quantity = Decimal(1) if added is None else record.get(added.id)
        if quantity is None:
            continue
        who = record.get(whose.id)
        yield Contribution(
            row=_label(record.get(by.id)),
            column=_label(record.get(across.id)) if across else "",
            reporter=f"record {number}" if who in (None, "") else str(who),
            value=Decimal(str(quantity)),
        )


def _label(value: object) -> str:
    return NOTHING if value in (None, "") else str(value)


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return [_plain(v) for v in value] if isinstance(value, tuple) else value
