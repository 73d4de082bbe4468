"""Where the rows of a text end: rows with too few cells, and a last one that seems cut off.

A text may end without a line end and be whole. It seems cut where the last line has, besides,
fewer cells than the others, or where its last value is shorter than all others of a column whose
values have one length: days, codes, numbers of identity. Figures and plain words differ in length,
so that a cut in one cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from qiantang.engine.quality.reading import cut_doubts
from qiantang.engine.quality.reading.recipe import Recipe
from qiantang.engine.quality.reading.shapes import Doubt
from qiantang.engine.quality.reading.tables import ROW, SHORT
from qiantang.packkit.compiled import FieldType, Resource

ENOUGH: Final = 20
"""From so many values on, that they have one length is no chance."""
_DIGIT: Final = re.compile(r"[0-9]")
_LETTER: Final = re.compile(r"[A-Za-z]")
_FORMED: Final = frozenset({FieldType.DATE, FieldType.DATETIME, FieldType.PERIOD, FieldType.CODE})


class RowEnds:
    """Knows of one table's data, as it passes, how its rows end."""

    def __init__(self, recipe: Recipe, resource: Resource) -> None:
        self._short = _FewCells()
        self._values = _LastValues(recipe, resource)

    def note(self, data: pl.DataFrame) -> None:
        self._short.note(data)
        self._values.note(data)

    def doubts(self, unended: int) -> Iterator[Doubt]:
        """``unended``: the last row of a text, where no end of a line follows it; else 0."""
        yield from self._short.doubts(unended)
        yield from self._values.doubts(unended)


class _FewCells:
    """Data rows that end before the last column."""

    def __init__(self) -> None:
        self.rows = self.first = self.count = self.last = 0

    def note(self, data: pl.DataFrame) -> None:
        self.rows, self.last = self.rows + data.height, 0
        few = data.filter(SHORT)[ROW] if SHORT in data.columns else data[ROW].head(0)
        if len(few):
            self.first, self.count = self.first or int(few[0]), self.count + len(few)
            self.last = int(few[-1]) if few[-1] == data[ROW][-1] else 0

    def doubts(self, unended: int) -> Iterator[Doubt]:
        """Where most rows are short, the last one is nothing special."""
        if self.count:
            yield cut_doubts.fewer_cells(self.first, self.count)
        if self.last and self.last == unended and self.count * 2 <= max(self.rows, 2):
            yield cut_doubts.file_cut(self.last)


class _LastValues:
    """How long the values of the last column are, where its field gives them a form."""

    def __init__(self, recipe: Recipe, resource: Resource) -> None:
        last = next((c for c in recipe.columns if c.position == recipe.width - 1), None)
        field = resource.field(last.field) if last and last.field else None
        formed = field and (field.type in _FORMED or field.pattern or field.identifier)
        self._column = f"c{recipe.width - 1}" if formed else ""
        self._lengths = pl.Series(dtype=pl.UInt32)
        """The least and the greatest length of all values but the last one."""
        self._rows = self._last = self._length = 0
        self._example = self._value = ""

    def note(self, data: pl.DataFrame) -> None:
        if not self._column or not data.height:
            return
        lengths = data[self._column].str.len_chars().fill_null(0)
        before = pl.concat([self._lengths, lengths.head(-1)])
        if self._last:
            before = before.append(pl.Series([self._length], dtype=pl.UInt32))
        self._lengths = pl.Series([before.min(), before.max()], dtype=pl.UInt32).drop_nulls()
        self._rows += data.height
        self._last, self._length = int(data[ROW][-1]), int(lengths[-1])
        self._example = self._example or data[self._column][0] or ""
        self._value = data[self._column][-1] or ""

    def doubts(self, unended: int) -> Iterator[Doubt]:
        if self._rows <= ENOUGH or self._last != unended:
            return
        least, most = self._lengths
        begun = _shape(self._example).startswith(_shape(self._value))
        if least == most and 0 < self._length < least and begun:
            yield cut_doubts.value_cut(unended)


def _shape(value: str) -> str:
    """Digits and letters by kind: what is cut looks like the beginning of the others."""
    return _LETTER.sub("A", _DIGIT.sub("9", value))
