"""Does what a resident id says of its holder agree with the other fields of the row?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import polars as pl

from qiantang.packkit.compiled import Field, FieldType, Resource

MALE: Final = ("1", "男", "男性", "M", "m", "male", "Male")
FEMALE: Final = ("2", "女", "女性", "F", "f", "female", "Female")
_DIVISION_DIGITS: Final = 6
Compared = tuple[pl.Series, pl.Series, pl.Series]
"""Which rows are wrong, and what would be right, in both languages."""


class Disagreement(NamedTuple):
    """Rows in which ``field`` does not say what the id in ``source`` says, and what that is."""

    field: Field
    source: Field
    rows: pl.Series
    expected: pl.Series
    expected_en: pl.Series


def disagreements(
    resource: Resource, values: pl.DataFrame, precision: dict[str, pl.Series]
) -> Iterator[Disagreement]:
    """Every disagreement between an identifier and the fields it names in ``agrees``."""
    for source in resource.fields:
        for part, other in source.agrees.items():
            field = resource.field(other)
            if field is None or source.id not in values.columns or other not in values.columns:
                continue
            said, given = values[source.id], values[other]
            wrong, zh, en = _compared(part, said, given, field, precision.get(other))
            rows = wrong.fill_null(value=False).arg_true()
            if rows.len():
                yield Disagreement(field, source, rows, zh.gather(rows), en.gather(rows))


def _compared(
    part: str, ids: pl.Series, given: pl.Series, field: Field, precision: pl.Series | None
) -> Compared:
    if part == "birth":
        return _births(ids, given, precision)
    if part == "sex":
        return _sexes(ids, given, field)
    own = ids.str.head(_DIVISION_DIGITS)
    # A city or a province as the division agrees with every county in it.
    level = given.cast(pl.String).str.head(_DIVISION_DIGITS).str.replace(r"(0000|00)$", "")
    foreign = ids.str.starts_with("9")
    pair = pl.DataFrame({"own": own, "level": level})
    within = pair.select(pl.col("own").str.starts_with(pl.col("level"))).to_series()
    return ~within & ~foreign, own, own


def _births(ids: pl.Series, given: pl.Series, precision: pl.Series | None) -> Compared:
    own = ids.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    if given.dtype == pl.String:
        given = given.str.to_date("%Y-%m-%d", strict=False)
    given = given.cast(pl.Date)
    wrong = own != given
    if precision is not None:
        same_year = own.dt.year() == given.dt.year()
        same_month = same_year & (own.dt.month() == given.dt.month())
        wrong &= ~((precision == "month") & same_month) & ~((precision == "year") & same_year)
    day = own.cast(pl.String)
    return wrong, day, day


def _sexes(ids: pl.Series, given: pl.Series, field: Field) -> Compared:
    male = ids.str.slice(16, 1).is_in(["1", "3", "5", "7", "9"])
    text = given.cast(pl.String)
    if field.type is FieldType.BOOLEAN:
        text = pl.Series([None] * len(given), dtype=pl.String)
    wrong = (text.is_in(MALE) & ~male) | (text.is_in(FEMALE) & male)
    zh, en = (
        pl.Series([words[1], words[0]]).gather(male.fill_null(value=False).cast(pl.UInt32))
        for words in (("1（男）", "2（女）"), ("1 (male)", "2 (female)"))
    )
    return wrong & ids.is_not_null(), zh, en
