"""Of which time a row speaks: decides which codes were in force, and how fresh the data are."""

from __future__ import annotations

from typing import Final

import polars as pl

from qiantang.engine.quality.cleaning.cleaned import by_distinct
from qiantang.kernel.periods import Period
from qiantang.packkit.compiled import Field, FieldType, Resource

_DATED: Final = frozenset({FieldType.DATE, FieldType.DATETIME})


def spoken_field(resource: Resource) -> Field | None:
    """The first period, else the first date of the grain. A date of birth or of founding outside
    the grain says nothing of when the data were so."""
    periods = [f for f in resource.fields if f.type is FieldType.PERIOD]
    dates = [f for f in resource.fields if f.type in _DATED and f.id in resource.grain]
    return next(iter(periods + dates), None)


def last_days(values: pl.Series) -> pl.Series:
    """The last day of each period, date or moment."""
    if values.dtype == pl.String:
        values = by_distinct(values, _last_day).str.to_date("%Y-%m-%d", strict=False)
    return values.cast(pl.Date)


def _last_day(period: str) -> str | None:
    return Period.parse(period).end.isoformat()
