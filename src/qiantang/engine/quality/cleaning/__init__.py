"""From text to typed values, one column at a time, without a loop over rows: `clean`."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from qiantang.engine.quality.cleaning.booleans import NO, YES, read_booleans
from qiantang.engine.quality.cleaning.cleaned import Cleaned, Finding
from qiantang.engine.quality.cleaning.dates import read_dates
from qiantang.engine.quality.cleaning.moments import read_moments, read_periods
from qiantang.engine.quality.cleaning.numbers import read_numbers
from qiantang.engine.quality.cleaning.texts import (
    LOST_DIGITS,
    tidied,
    without_nothing,
)
from qiantang.packkit.compiled import Field, FieldType

__all__ = ["Cleaned", "Finding", "clean"]

ONE = Decimal(1)
_NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.DECIMAL})
_BOOLEAN_WORDS = frozenset((*YES, *NO))


def clean(
    raw: pl.Series,
    field: Field,
    known: frozenset[str] = frozenset(),
    factor: Decimal = ONE,
) -> Cleaned:
    """The values of a column of texts by the field's declared type.

    ``known`` are the values that the field's code list has, so that a code such as NA or 无 is
    not taken for an empty cell; ``factor`` turns bare numbers of the column into the field's
    unit. Which texts are read how: the tables in this part's README.
    """
    prose = field.type is FieldType.TEXT and not (field.pattern or field.values or field.identifier)
    texts = tidied(raw, prose=prose)
    keep = known | frozenset(field.values)
    if field.type is FieldType.BOOLEAN:
        keep |= _BOOLEAN_WORDS
    texts = without_nothing(texts, nothing=not field.required, keep=keep)
    return _typed(texts, field, factor)


def _typed(texts: pl.Series, field: Field, factor: Decimal) -> Cleaned:
    if field.type in _NUMBERS:
        return read_numbers(texts, field.type, field.unit, factor)
    match field.type:
        case FieldType.BOOLEAN:
            return read_booleans(texts)
        case FieldType.DATE:
            return read_dates(texts, field.precision)
        case FieldType.DATETIME:
            return read_moments(texts)
        case FieldType.PERIOD:
            return read_periods(texts)
        case _:
            return _read_texts(texts)


def _read_texts(texts: pl.Series) -> Cleaned:
    """Texts and codes; what Excel made of a long number is refused, for its digits are gone."""
    found = Cleaned(texts)
    lost = texts.str.contains(LOST_DIGITS)
    found.refuse("digits_lost", lost)
    if found.findings:
        found.values = texts.scatter(found.findings[0].rows, None)
    return found
