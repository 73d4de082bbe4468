"""Right values in odd writing, as departments send them; a careful reader takes every one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from qiantang.engine.samples.chance import Chance, Index
from qiantang.packkit.compiled import NUMBERS, Field, FieldType, Resource

SHARE: Final = 0.08
"""Share of the cells of a column written oddly, for each way of writing."""

_FULL: Final = {str(n): chr(0xFF10 + n) for n in range(10)}
Way = Callable[[pl.Expr], pl.Expr]


def disguise(
    frame: pl.DataFrame, rows: Index, resource: Resource, chance: Chance, untouched: pl.Series
) -> pl.DataFrame:
    """The batch with some cells in odd writing; ``untouched`` are rows to leave as they are."""
    columns = []
    for field in resource.fields:
        column = frame[field.id]
        for number, way in enumerate(_ways(field)):
            odd = pl.Series(values=chance.happens(f"odd/{field.id}/{number}", rows, SHARE))
            at = (odd & ~untouched & column.is_not_null()).arg_true()
            chosen = pl.DataFrame({"cell": column.gather(at)})
            column = column.scatter(at, chosen.select(way(pl.col("cell"))).to_series())
        columns.append(column.alias(field.id))
    return frame.with_columns(columns)


def _ways(field: Field) -> Iterator[Way]:
    """Ways of writing that fit a field; each takes only values in the plain form."""
    if field.type is FieldType.DATE:
        yield from (_dotted, _slashed, _written, _packed)
    elif field.type in NUMBERS:
        yield _full_width
        yield _thousands
        if field.unit == "元":
            yield _yuan
        if field.unit in {"元", "人", "万元"}:
            yield _ten_thousands
    elif field.identifier:
        yield from (_full_width, _spaced)
    elif field.type in {FieldType.TEXT, FieldType.CODE}:
        yield _spaced


def _is_plain_date(text: pl.Expr) -> pl.Expr:
    return text.str.contains(r"^\d{4}-\d{2}-\d{2}$")


def _where(condition: pl.Expr, new: pl.Expr, text: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(new).otherwise(text)


def _dotted(text: pl.Expr) -> pl.Expr:
    return _where(_is_plain_date(text), text.str.replace_all("-", ".", literal=True), text)


def _slashed(text: pl.Expr) -> pl.Expr:
    """2019/5/1, as Excel shows dates."""
    plain = text.str.replace_all("-0?", "/")
    return _where(_is_plain_date(text), plain, text)


def _written(text: pl.Expr) -> pl.Expr:
    parts = text.str.replace(r"^(\d{4})-0?(\d+)-0?(\d+)$", "${1}年${2}月${3}日")
    return _where(_is_plain_date(text), parts, text)


def _packed(text: pl.Expr) -> pl.Expr:
    return _where(_is_plain_date(text), text.str.replace_all("-", "", literal=True), text)


def _full_width(text: pl.Expr) -> pl.Expr:
    return text.str.replace_many(list(_FULL), list(_FULL.values()))


def _spaced(text: pl.Expr) -> pl.Expr:
    return pl.concat_str([pl.lit(" "), text, pl.lit("\u3000")])


def _is_plain_number(text: pl.Expr) -> pl.Expr:
    return text.str.contains(r"^\d+(\.\d+)?$")


def _thousands(text: pl.Expr) -> pl.Expr:
    grouped = text.str.replace(r"^(\d{1,3})(\d{3})(\.\d+)?$", "${1},${2}${3}")
    return _where(_is_plain_number(text), grouped, text)


def _yuan(text: pl.Expr) -> pl.Expr:
    return _where(_is_plain_number(text), pl.concat_str([pl.lit("￥"), text]), text)


def _ten_thousands(text: pl.Expr) -> pl.Expr:
    """12300 -> 1.23万, whatever the unit, where nothing is lost."""
    whole = text.str.contains(r"^[1-9]\d*00$") & (text.str.len_chars() >= 5)
    head = text.str.head(pl.max_horizontal(text.str.len_chars().cast(pl.Int64) - 4, pl.lit(0)))
    tail = text.str.tail(4).str.head(2)
    return _where(whole, pl.concat_str([head, pl.lit("."), tail, pl.lit("万")]), text)
