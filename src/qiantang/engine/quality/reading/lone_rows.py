"""Rows at the end of a table with words in one cell alone: ``第1页 共1页``, ``*为初步数``.

They are notes where the rows above fill at least two other columns nearly always. Where they fill
one, such a row may as well be data whose value is missing: it stays, with a doubt. A word such as
填报单位 beside one other cell says who reported, or when, where a column is missing that the rows
above fill.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from qiantang.engine.quality.reading.recipe import Recipe
from qiantang.engine.quality.reading.words import LABEL
from qiantang.packkit.compiled import Resource

LONE: Final = "lone"
"""The kind of such a row until the table has ended."""
LABELLED: Final = "labelled"
"""The kind of a word such as 填报单位 with one other cell, until the table has ended."""
_WORDS: Final = r"\p{Han}|^\s*[*※＊#(（]|^\s*\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s*$"
"""Words and days; a figure or a code alone in its row is no note."""
_USUAL: Final = 0.9
"""The share of rows from which a column is filled nearly always."""


class LoneRows:
    """Knows of one table's data, as it passes, how often each column is filled."""

    def __init__(self, recipe: Recipe, resource: Resource, cells: Sequence[str]) -> None:
        self.cells = list(cells)
        fields = {f.id: f for f in resource.fields}
        self._listed = [
            (f"c{c.position}", list(fields[c.field].values))
            for c in recipe.columns
            if c.field in fields and fields[c.field].values
        ]
        self._rows = 0
        self._filled = dict.fromkeys(self.cells, 0)
        self.kept: list[int] = []
        """Rows at the end that stayed data."""
        self.cut = 0
        """The last row of all, if it is such a note and ends before the last column."""

    def looks_so(self) -> pl.Expr:
        """Whether a row has words in one cell alone, none of which is a value of its field."""
        filled = pl.sum_horizontal(pl.col(c).is_not_null() for c in self.cells)
        lone = (filled == 1) & pl.coalesce(self.cells).str.contains(_WORDS)
        for column, values in self._listed:
            lone &= ~pl.col(column).is_in(values).fill_null(value=False)
        return lone

    def labelled(self) -> pl.Expr:
        """Whether a row has a word such as 填报单位 and one other cell."""
        filled = pl.sum_horizontal(pl.col(c).is_not_null() for c in self.cells)
        return (filled == 2) & pl.coalesce(self.cells).str.contains(LABEL)

    def pass_by(self, data: pl.DataFrame) -> None:
        """Count what is filled in rows that are data."""
        self._rows += data.height
        for name in self.cells:
            self._filled[name] += data.height - data[name].null_count()

    def others(self, row: dict[str, str | None]) -> int:
        """How many other columns than the row's own are filled nearly always."""
        usual = [c for c, n in self._filled.items() if n and n >= _USUAL * self._rows]
        return sum(row[c] is None for c in usual)
