"""A table of sums with its margins, made of what single reporters contributed.

Rows and columns are numbered in the order of their names; the number after the last one is the
total. A table of one dimension has a single column without a name and no total of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from qiantang.engine.disclosure.errors import NegativeContribution, TableTooLarge

Key = tuple[int, int]
MOST_CELLS: Final = 5000
"""Cells and totals of one table; what may be published is meant to be read."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one reporter has in one cell; several records of a reporter count as one."""

    row: str
    column: str
    reporter: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Cell:
    """The sum of a cell and the reporters behind it, the largest first."""

    value: Decimal = Decimal(0)
    shares: tuple[Decimal, ...] = ()
    sole: str | None = None
    """The reporter, where all of the sum is one's: he knows it, and it needs no hiding from him."""


@dataclass(frozen=True, slots=True)
class Table:
    """``cells`` has every cell and every total by row and column number."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[Key, Cell] = field(default_factory=dict)

    @property
    def one_dimension(self) -> bool:
        return self.columns == ("",)


def table_of(contributions: Iterable[Contribution]) -> Table:
    """The table with its margins. Raises `NegativeContribution`, `TableTooLarge`."""
    given = list(contributions)
    rows, columns = sorted({c.row for c in given}), sorted({c.column for c in given})
    flat = columns in ([], [""])
    names = tuple(columns) if columns else ("",)
    width = len(names) + (0 if flat else 1)
    if (len(rows) + 1) * width > MOST_CELLS:
        raise TableTooLarge(found=(len(rows) + 1) * width, expected=MOST_CELLS)
    place = {name: n for n, name in enumerate(rows)}, {name: n for n, name in enumerate(names)}
    parts: dict[Key, dict[str, Decimal]] = {}
    for c in given:
        if c.value < 0:
            raise NegativeContribution(found=c.reporter, value=c.value)
        i, j = place[0][c.row], place[1][c.column]
        for key in _counted_in(i, j, len(rows), len(names), flat):
            held = parts.setdefault(key, {})
            held[c.reporter] = held.get(c.reporter, Decimal(0)) + c.value
    every = ((i, j) for i in range(len(rows) + 1) for j in range(width))
    return Table(tuple(rows), names, {key: _cell(parts.get(key, {})) for key in every})


def _counted_in(i: int, j: int, rows: int, columns: int, flat: bool) -> tuple[Key, ...]:
    if flat:
        return (i, j), (rows, j)
    return (i, j), (i, columns), (rows, j), (rows, columns)


def _cell(held: Mapping[str, Decimal]) -> Cell:
    shares = tuple(sorted(held.values(), reverse=True))
    some = [reporter for reporter, value in held.items() if value] or list(held)
    sole = some[0] if len(some) == 1 else None
    return Cell(sum(shares, Decimal(0)), shares, sole)
