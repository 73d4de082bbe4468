"""Which rows are data and which are titles, headings, blanks, totals or footnotes."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from qiantang.engine.quality.reading.recipe import Recipe
from qiantang.engine.quality.reading.tables import ROW
from qiantang.engine.quality.reading.words import FOOTNOTE, TOTAL

KIND = "_kind"


class RowKinds:
    """Tells the rows of one recipe's frames apart."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.cells = [f"c{i}" for i in range(max(recipe.width, 1))]
        words = "|".join(re.escape(w) for w in recipe.footer_words if w)
        self.own = rf"^\s*(?:{words})" if words else ""
        self.repeat = [
            (f"c{c.position}", c.source) for c in recipe.columns if c.source and "/" not in c.source
        ]

    def split(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame | None]:
        """The data rows, and the others with their kind in ``_kind`` (None when there are none)."""
        if self.recipe.keyed:
            return frame, None
        marked = frame.with_columns(self._kind(frame))
        data = marked.filter(pl.col(KIND).is_null())
        if data.height == frame.height:
            return frame, None
        return data.drop(KIND), marked.filter(pl.col(KIND).is_not_null())

    def _kind(self, frame: pl.DataFrame) -> pl.Expr:
        lead = pl.coalesce(self.cells)
        recipe = self.recipe
        filled = pl.sum_horizontal(pl.col(c).is_not_null() for c in self.cells)
        kind: Any = pl.when(pl.lit(value=False)).then(pl.lit(""))
        if recipe.header_first and frame[ROW][0] < recipe.data_first:
            kind = kind.when(pl.col(ROW) < recipe.header_first).then(pl.lit("title"))
            kind = kind.when(pl.col(ROW) < recipe.data_first).then(pl.lit("heading"))
        kind = kind.when(self._blank()).then(pl.lit("blank"))
        if recipe.skip_totals:
            footnote = lead.str.contains(FOOTNOTE) & (filled <= max(2, len(self.cells) // 2))
            kind = kind.when(lead.str.contains(TOTAL)).then(pl.lit("total"))
            kind = kind.when(footnote).then(pl.lit("footnote"))
        if self.own:
            kind = kind.when(lead.str.contains(self.own)).then(pl.lit("footnote"))
        if recipe.header_first and len(self.repeat) > 1:
            same = pl.all_horizontal(pl.col(c) == n for c, n in self.repeat)
            kind = kind.when(same).then(pl.lit("heading-again"))
        result: pl.Expr = kind.otherwise(pl.lit(None, pl.String)).alias(KIND)
        return result

    def _blank(self) -> pl.Expr:
        return pl.all_horizontal(
            pl.col(c).is_null() | ~pl.col(c).str.contains(r"[^\s\u{3000}\u{200b}\u{feff}]")
            for c in self.cells
        )
