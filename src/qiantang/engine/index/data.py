"""The table of an index: units by columns, every missing cell a NaN, every cell nameable.

A panel is the same table with a time for every row; then a row is a unit in a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qiantang.engine.index.errors import ColumnMissing, UnitRepeated

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """``values[row, column]``; ``groups`` gives a label per row ("" where it has none);
    ``times`` is empty for a single year."""

    units: tuple[str, ...]
    columns: tuple[str, ...]
    values: Floats
    names: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    times: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        seen: set[tuple[str, int]] = set()
        for row, unit in enumerate(self.units):
            key = (unit, self.times[row] if self.times else 0)
            if key in seen:
                raise UnitRepeated(found=unit if not self.times else f"{unit} {key[1]}")
            seen.add(key)

    def at(self, column: str) -> int:
        """The place of a column. Raises `ColumnMissing`."""
        try:
            return self.columns.index(column)
        except ValueError:
            raise ColumnMissing(found=column, expected="、".join(self.columns[:20])) from None

    def column(self, column: str) -> Floats:
        return self.values[:, self.at(column)]

    def picked(self, columns: Sequence[str]) -> Data:
        """The same rows with these columns, in this order."""
        known = {code: place for place, code in enumerate(self.columns)}
        places = [known[c] if c in known else self.at(c) for c in columns]
        return replace(self, columns=tuple(columns), values=self.values[:, places])

    def kept(self, rows: Flags) -> Data:
        """Only the rows that are true in ``rows``."""
        chosen = np.flatnonzero(rows)
        return Data(
            units=tuple(self.units[i] for i in chosen),
            columns=self.columns,
            values=self.values[chosen],
            names=tuple(self.names[i] for i in chosen) if self.names else (),
            groups={g: tuple(labels[i] for i in chosen) for g, labels in self.groups.items()},
            times=tuple(self.times[i] for i in chosen) if self.times else (),
        )

    def with_values(self, values: Floats) -> Data:
        return replace(self, values=values)

    @property
    def labels(self) -> tuple[str, ...]:
        """How a person names the rows."""
        return _labels(self.units, self.times) if self.times else self.units

    def label(self, row: int) -> str:
        """How a person names a row: the unit, with its year in a panel."""
        return f"{self.units[row]} {self.times[row]}" if self.times else self.units[row]


@lru_cache(maxsize=16)
def _labels(units: tuple[str, ...], times: tuple[int, ...]) -> tuple[str, ...]:
    """Kept, because many passes through the tree ask for those of one large panel."""
    return tuple(f"{unit} {year}" for unit, year in zip(units, times, strict=True))
