"""Rows of totals between the data that have a word of totals for their key, or behind the name of
what they add up (甲局小计, Subtotal of goods), told by their figures.

A row that is called a total and whose figures are the sums of rows above it is one. Where they are
no such sums it stays data and a doubt names it, for a firm may be called Total (or Sino Total: of
such a name there is no doubt); but nothing is called 小计, so that a row whose only key is that
word is a total whatever its figures are.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from qiantang.engine.quality.reading.recipe import Recipe
from qiantang.engine.quality.reading.tables import ROW
from qiantang.engine.quality.reading.words import MAYBE_TOTAL
from qiantang.packkit.compiled import NUMBERS, Resource

_FLOAT: Final = 1e-9
"""Sums are compared to so many parts: they are added as floating point."""
MOST_NAMED: Final = 1_000
_MOST_LABELS: Final = 100
"""The last totals, each of another name, from which a sum may begin."""
_MAYBE: Final = re.compile(MAYBE_TOTAL)
Sums = list[float]


class Subtotals:
    """Adds up the figures of one table's data as it passes. ``unlike``: rows that are called a
    total and stay data."""

    def __init__(self, recipe: Recipe, resource: Resource) -> None:
        fields = {f.id: f for f in resource.fields}
        at = {c.field: c.position for c in recipe.columns if c.field in fields}
        figures = sorted(at[name] for name, f in fields.items() if name in at and f.type in NUMBERS)
        self.figures = [f"c{position}" for position in figures] if recipe.skip_totals else []
        self.unlike: list[int] = []
        self._rows = 0
        self._sums: Sums = [0.0] * len(self.figures)
        self._since: dict[str, tuple[int, Sums]] = {"": (0, self._sums)}
        """Label -> rows and sums when a total was last called so; "" for the last of any."""

    def totals(self, frame: pl.DataFrame, told: pl.DataFrame) -> pl.Series:
        """Which rows of the next piece are totals. ``told`` says of each row whether it may be
        ``data``, its ``label`` if it is called a total, and whether it is one for ``sure``."""
        called, sure = told["label"].is_not_null(), told["sure"]
        figures = pl.DataFrame([_numbers(frame[name]) for name in self.figures])
        bodies = told["data"] & ~called
        start, found = 0, list[int]()
        for row in called.arg_true().to_list():
            self._add(figures, bodies, start, row)
            label = told["label"][row]
            maybe = _MAYBE.match(label) is not None
            if sure[row] or self._is_sum(figures, frame, row, fewest=2 if maybe else 1):
                found.append(row)
                self._begin(label)
            elif not maybe and len(self.unlike) < MOST_NAMED:
                self.unlike.append(int(frame[ROW][row]))
            start = row
        self._add(figures, bodies, start, frame.height)
        return sure.scatter(found, values=True) if found else sure

    def _add(self, figures: pl.DataFrame, data: pl.Series, start: int, end: int) -> None:
        if not self.figures:
            return
        part = figures.slice(start, end - start).filter(data.slice(start, end - start))
        self._rows += part.height
        self._sums = [a + (b or 0.0) for a, b in zip(self._sums, part.sum().row(0), strict=True)]

    def _begin(self, label: str) -> None:
        """Sums may begin at this total from now on."""
        for name in (label, ""):
            self._since.pop(name, None)
            self._since[name] = (self._rows, self._sums)
        if len(self._since) > _MOST_LABELS:
            del self._since[next(iter(self._since))]

    def _is_sum(self, figures: pl.DataFrame, frame: pl.DataFrame, row: int, *, fewest: int) -> bool:
        """Whether most of the figures are the sums of ``fewest`` rows or more: since some total, or
        since the beginning."""
        if not self.figures:
            return False
        said = figures.row(row)
        filled = [i for i, value in enumerate(said) if value]
        texts = [frame[name][row] or "" for name in self.figures]
        for rows, before in [*self._since.values(), (0, [0.0] * len(said))]:
            count = self._rows - rows
            fit = sum(
                abs((said[i] or 0.0) - (self._sums[i] - before[i]))
                <= _tolerance(texts[i], count, self._sums[i])
                for i in filled
            )
            if count >= fewest and fit and fit * 2 > len(filled):
                return True
        return False


def _tolerance(text: str, rows: int, total: float) -> float:
    """Rounded parts do not quite add up to the rounded whole; whole numbers do."""
    places = len(text.strip().rpartition(".")[2]) if "." in text else 0
    rounding = (rows + 1) / 2 * 10.0**-places if places else 0.0
    return max(rounding, abs(total) * _FLOAT, _FLOAT)


def _numbers(texts: pl.Series) -> pl.Series:
    """The plain numbers among the texts, with separators of thousands or without."""
    found = texts.cast(pl.Float64, strict=False)
    rows = (texts.is_not_null() & found.is_null()).arg_true()
    if rows.len():
        plain = texts.gather(rows).str.replace_all(r"[,，\s]", "")
        found = found.scatter(rows, plain.cast(pl.Float64, strict=False))
    return found.fill_nan(None)
