"""Months that a workbook keeps otherwise than people write them.

A cell may show 2019年4月 and store the last of April; where the field takes months, it is a month.
2019.10 typed as a number is stored and sent as 2019.1: where an October is due and no other month
of the column has kept such a zero, nobody can tell it from January.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from qiantang.engine.quality.reading import doubts as say
from qiantang.engine.quality.reading.excel_styles import Shown
from qiantang.engine.quality.reading.excel_table import SheetTable
from qiantang.engine.quality.reading.recipe import ColumnUse, Recipe
from qiantang.engine.quality.reading.shapes import Doubt
from qiantang.engine.quality.reading.tables import ROW
from qiantang.packkit.compiled import Field, FieldType, Precision, Resource

_MONTH: Final = r"^\s*((?:19|20)\d\d\.\d{1,2})\s*$"
_FEWEST: Final = 3
"""So many other months of a year make a series of it."""
_KEPT: Final = {Shown.MONTH: r"^(\d{4}-\d\d)-\d\d$", Shown.YEAR: r"^(\d{4})-\d\d-\d\d$"}


class ShownMonths:
    """Puts months and years in the place of days that their cells show as such, in the columns of
    fields that take them."""

    def __init__(self, recipe: Recipe, resource: Resource, table: object) -> None:
        days = {}
        if isinstance(table, SheetTable):
            table.frame  # noqa: B018 - reading the sheet tells its days
            days = table.coarse
        self._days = [
            (f"c{use.position}", _KEPT[kind], rows)
            for use, declared in _dated(recipe, resource)
            for kind, rows in days.get(use.position, {}).items()
            if kind in _taken(declared)
        ]

    def told(self, frame: pl.DataFrame) -> pl.DataFrame:
        for name, kept, rows in self._days:
            known = pl.col(ROW).is_in(rows)
            shown = pl.when(known).then(pl.col(name).str.replace(kept, "$1"))
            frame = frame.with_columns(shown.otherwise(pl.col(name)).alias(name))
        return frame


@dataclass(slots=True)
class _Column:
    """What one column has shown so far: how often each month stands in it, in which row last, and
    where an October is due by its neighbours."""

    counts: Counter[str] = field(default_factory=Counter)
    rows: dict[str, int] = field(default_factory=dict)
    firsts: dict[str, int] = field(default_factory=dict)
    due: tuple[int, str] | None = None
    last: tuple[str, int] = ("", 0)


class LostZeros:
    """Looks for Octobers among the months of one recipe's rows, piece by piece."""

    def __init__(self, recipe: Recipe, resource: Resource) -> None:
        self._columns = {use: _Column() for use, _ in _dated(recipe, resource)}

    def note(self, data: pl.DataFrame) -> None:
        for use, seen in self._columns.items():
            months = data.select(ROW, month=pl.col(f"c{use.position}").str.extract(_MONTH))
            months = months.drop_nulls()
            if months.height:
                _note(seen, months)

    def doubts(self) -> Iterator[Doubt]:
        for use, seen in self._columns.items():
            found = None if _keeps_zeros(seen) else _surplus(seen) or _twice(seen)
            if found:
                yield say.month_zero(use.source, *found)


def _note(seen: _Column, months: pl.DataFrame) -> None:
    places = (pl.len(), pl.max(ROW), pl.min(ROW).alias("first"))
    for month, count, row, first in months.group_by("month").agg(*places).iter_rows():
        seen.counts[month] += count
        seen.rows[month] = row
        seen.firsts.setdefault(month, first)
    if seen.due is None:
        seen.due = _october_due(seen, months)
    seen.last = (str(months["month"][-1]), int(months[ROW][-1]))


def _october_due(seen: _Column, months: pl.DataFrame) -> tuple[int, str] | None:
    """The first row with a Y.1 behind Y.9 or beside Y.11, and what stands there."""
    before, row = seen.last
    pairs = months.with_columns(
        before=pl.col("month").shift(fill_value=before),
        row_before=pl.col(ROW).shift(fill_value=row),
        first=pl.col("month").str.head(4) + ".1",
    ).filter(pl.col("month") != pl.col("before"))
    eleven = pl.col("first") + "1"
    around = [pl.col("first").str.replace(r"1$", nine) for nine in ("9", "09")]
    behind = (pl.col("month") == pl.col("first")) & pl.any_horizontal(
        pl.col("before") == each for each in (*around, eleven)
    )
    ahead = (pl.col("month") == eleven) & (pl.col("before") == pl.col("first"))
    at = pl.when(ahead).then("row_before").otherwise(ROW)
    due = pairs.filter(behind | ahead).select(at.alias(ROW), "first").head(1).rows()
    return due[0] if due else None


def _surplus(seen: _Column) -> tuple[int, str] | None:
    """What is due, but for rows that only begin the year again (of the next place): there every
    Y.1 has its Y.2, and comes before it."""
    if seen.due is None:
        return None
    first = seen.due[1]
    second = f"{first[:-1]}2"
    again = seen.counts[first] <= seen.counts[second] and seen.firsts[first] < seen.firsts[second]
    return None if again else seen.due


def _twice(seen: _Column) -> tuple[int, str] | None:
    """A Y.1 that stands twice as often as each other month of its year."""
    for month, count in seen.counts.items():
        year, _, number = month.partition(".")
        others = [n for m, n in seen.counts.items() if m.startswith(year) and m != month]
        if number == "1" and len(others) >= _FEWEST and {2 * n for n in others} == {count}:
            return seen.rows[month], month
    return None


def _keeps_zeros(seen: _Column) -> bool:
    return any(month.endswith(".10") for month in seen.counts)


def _dated(recipe: Recipe, resource: Resource) -> Iterator[tuple[ColumnUse, Field]]:
    """The columns of fields that take months or years."""
    for use in recipe.columns:
        declared = resource.field(use.field) if use.field else None
        if declared is not None and _taken(declared):
            yield use, declared


def _taken(declared: Field) -> frozenset[Shown]:
    """What is coarser than a day and still a value of the field."""
    if declared.type is FieldType.PERIOD or (
        declared.type is FieldType.DATE and declared.precision is Precision.YEAR
    ):
        return frozenset({Shown.MONTH, Shown.YEAR})
    months = declared.type is FieldType.DATE and declared.precision is Precision.MONTH
    return frozenset({Shown.MONTH}) if months else frozenset()
