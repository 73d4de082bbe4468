"""Conditions on rows of the table of observations, in SQL with parameters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

FEW_IDS: Final = 64
"""Up to so many ids are written into the condition, where they choose row groups by their range."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in SQL with what stands for its question marks."""

    sql: str = "true"
    params: tuple[object, ...] = ()

    def __and__(self, other: Condition) -> Condition:
        return Condition(f"{self.sql} AND {other.sql}", (*self.params, *other.params))


def among(column: str, values: Collection[object] | None) -> Condition:
    """``column`` is one of ``values``; None: whatever it is."""
    if values is None:
        return Condition()
    if not values:
        return Condition("false")
    if len(values) <= FEW_IDS:
        given = tuple(sorted(values, key=str))
        return Condition(f"o.{column} IN ({', '.join('?' * len(given))})", given)
    return Condition(f"o.{column} IN (SELECT unnest(?::VARCHAR[]))", (sorted(values, key=str),))


def filtered(filters: Mapping[str, str]) -> Condition:
    """The condition of a list's filters: columns of the table, or ``year`` of the period's end."""
    found = Condition()
    for name, value in filters.items():
        if name == "year":
            year = int(value)
            ends = (date(year, 1, 1), date(year, 12, 31))
            found &= Condition("o.period_end BETWEEN ? AND ?", ends)
        else:
            found &= Condition(f"o.{name} = ?", (value,))
    return found
