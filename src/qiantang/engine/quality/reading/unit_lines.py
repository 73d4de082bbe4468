"""A line among the rows of a table that states another unit, without the header again.

What stands below ``单位：万元`` is in another unit than what stands above it: it begins another
table with the same columns. A unit that the table states already, or in which its columns are, is
no news.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from qiantang.engine.quality.reading.header_units import Scaled, read_unit
from qiantang.engine.quality.reading.recipe import Recipe
from qiantang.engine.quality.reading.shapes import RawRow
from qiantang.engine.quality.reading.unit_statements import Statement, stated_in
from qiantang.engine.quality.reading.words import FOOT
from qiantang.packkit.compiled import Resource

_MOST_CELLS: Final = 2
"""An office and a unit may share a line."""
_MAY_STATE: Final = (
    r"单位|(?i:\bunits?\b)|以.{1,8}计|计量|金额|货币|数据|数[字值额]|以[下上]|[上下][述列]|[均皆都]"
    r"|[)）]\s*$|^[\s十百千万亿]*元\s*$"
)
"""What any text has that states a unit: one look at most rows is enough."""
_FIGURE: Final = re.compile(r"\d")
_WORDS: Final = re.compile(r"[\u4e00-\u9fff]|[A-Za-z]{3}")
Cells = Sequence[str | None]


class UnitsSoFar:
    """The units that the columns of a recipe are in, and those stated for the whole table."""

    def __init__(self, recipe: Recipe, resource: Resource) -> None:
        fields = {f.id: f for f in resource.fields}
        self.at: dict[int, Scaled | None] = {
            use.position: read_unit(use.unit or fields[use.field].unit or "")
            for use in recipe.columns
            if use.field in fields
        }
        self.stated = frozenset(recipe.table_units or ())

    def are_others_than(self, said: Statement) -> bool:
        """Whether a unit is stated that the columns so far are not in."""
        if not self.stated.issuperset(said.unread):
            return True
        news = (u for u in said.units if u.text not in self.stated)
        return any(not alike or differ for alike, differ in map(self._compared, news))

    def scaled_otherwise(self, units: Sequence[Scaled]) -> bool:
        """Whether one is of the kind of a column, and the column is not in it."""
        return any(differ for _, differ in map(self._compared, units))

    def _compared(self, unit: Scaled) -> tuple[bool, bool]:
        alike = [u for u in self.at.values() if u and u.dimension == unit.dimension]
        return bool(alike), not all(unit.same_as(u) for u in alike)


class UnitLines:
    """Looks for such lines among the rows of one recipe; ``measured``: its columns of figures."""

    def __init__(self, units: UnitsSoFar, measured: Sequence[int]) -> None:
        self.units, self.measured = units, measured

    def marks(self, rows: pl.DataFrame, filled: pl.Series, cells: Sequence[str]) -> pl.Series:
        """Which rows state another unit. ``filled``: how many of the ``cells`` of each are."""
        few = (filled > 0) & (filled <= min(_MOST_CELLS, len(cells) - 1))
        found = pl.repeat(value=False, n=rows.height, eager=True)
        at = few.arg_true()
        if not at.len():
            return found
        said = rows.select(cells)[at]
        may = said.select(pl.any_horizontal(pl.col(c).str.contains(_MAY_STATE) for c in cells))
        chosen = may.to_series().fill_null(value=False)
        states = [self._states_another(row) for row in said.filter(chosen).iter_rows()]
        return found.scatter(at.filter(chosen), states)

    def begins(self, below: Sequence[Cells]) -> bool:
        """Whether rows of data follow such a line: the first that is no line itself has figures."""
        rows = ([c for c in row if c] for row in below)
        body = ((row, said) for row, said in zip(below, rows, strict=True) if len(said) > 1)
        row, said = next(body, ((), [""]))
        if FOOT.match(said[0]):
            return False
        return any(_FIGURE.search(row[p] or "") for p in self.measured if p < len(row))

    def _states_another(self, row: Cells) -> bool:
        said = [c for c in row if c]
        if not all(_WORDS.search(c) for c in said):
            return False
        stated = stated_in([RawRow(0, tuple(said))])
        if stated.texts or len(said) > 1:
            return self.units.are_others_than(stated)
        return self.units.scaled_otherwise(stated_in([RawRow(0, tuple(said))], titles=True).units)
