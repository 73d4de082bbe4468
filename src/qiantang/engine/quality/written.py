"""Typed values as text that cleaning reads back to the same value."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial

import polars as pl

from qiantang.engine.quality.cleaning.cleaned import by_distinct
from qiantang.engine.quality.schema import precision_column
from qiantang.packkit.compiled import Field, FieldType, Precision, Resource


def as_written(
    values: pl.DataFrame, resource: Resource, factors: Mapping[str, Decimal]
) -> pl.DataFrame:
    """The fields as texts, with whatever other columns tell the place.

    ``factors``: columns whose heading states another unit get their numbers back in that unit.
    """
    places = [name for name in ("_sheet", "_row") if name in values.columns]
    texts = values.select(*places, *(_text(field).alias(field.id) for field in resource.fields))
    return texts.with_columns(
        by_distinct(texts[name], partial(_divided, factor))
        for name, factor in factors.items()
        if name in texts.columns
    )


def with_key(raw: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """``raw`` with the key of each row in one column ``""``: the value that is named where the
    whole row is meant."""
    parts = (pl.col(name).fill_null("") for name in resource.grain)
    return raw.with_columns(pl.concat_str(parts, separator=" | ").alias(""))


def _divided(factor: Decimal, text: str) -> str:
    return f"{Decimal(text) / factor:f}"


def _text(field: Field) -> pl.Expr:
    value = pl.col(field.id)
    match field.type:
        case FieldType.BOOLEAN:
            return pl.when(value).then(pl.lit("是")).when(~value).then(pl.lit("否"))
        case FieldType.DECIMAL:
            return value.cast(pl.String).str.replace(r"(\.\d*?)0+$", "$1").str.strip_suffix(".")
        case FieldType.DATETIME:
            return value.dt.strftime("%Y-%m-%d %H:%M:%S%.f")
        case FieldType.DATE:
            return _date(value, precision_column(field))
        case _:
            return value.cast(pl.String)


def _date(value: pl.Expr, companion: str | None) -> pl.Expr:
    day = value.cast(pl.String)
    if companion is None:
        return day
    precision = pl.col(companion)
    return (
        pl.when(precision == Precision.YEAR.value)
        .then(day.str.head(4))
        .when(precision == Precision.MONTH.value)
        .then(day.str.head(7))
        .otherwise(day)
    )
