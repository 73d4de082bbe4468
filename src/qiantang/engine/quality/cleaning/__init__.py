"""From text to typed values, one column at a time, without a loop over rows: `clean`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from qiantang.engine.quality.cleaning.booleans import NO, YES, read_booleans
from qiantang.engine.quality.cleaning.cleaned import Cleaned, Finding
from qiantang.engine.quality.cleaning.dates import read_dates
from qiantang.engine.quality.cleaning.distinct import Distinct
from qiantang.engine.quality.cleaning.moments import read_moments, read_periods
from qiantang.engine.quality.cleaning.numbers import read_numbers
from qiantang.engine.quality.cleaning.texts import (
    A_CELL,
    EXCEL_ERROR,
    FORMULA,
    LIKE_A_FORMULA,
    LOST_DIGITS,
    NO_FORMULA,
    tidied,
    without_nothing,
)
from qiantang.packkit.compiled import NUMBERS, Field, FieldType

__all__ = ["Cleaned", "Finding", "clean"]

ONE = Decimal(1)
_CODED = frozenset({FieldType.CODE, FieldType.TEXT})
_FLOATED = r"^(\d+)\.0+$"
_BOOLEAN_WORDS = frozenset((*YES, *NO))


def clean(
    raw: pl.Series,
    field: Field,
    known: frozenset[str] = frozenset(),
    factor: Decimal = ONE,
    *,
    rounds: bool = False,
    unmarked: bool = False,
) -> Cleaned:
    """The values of a column of texts by the field's declared type.

    ``known`` are the values that the field's code list has, so that a code such as NA or 无 is
    not taken for an empty cell; ``factor`` turns bare numbers of the column into the field's
    unit; ``rounds``: numbers with more places than the type holds are rounded; ``unmarked``: marks
    of notes behind numbers are left out. Which texts are read how: the tables in this part's
    README.
    """
    how = _Reading(field, factor, rounds, unmarked)
    repeated = Distinct.of(raw)
    if repeated is None:
        return _read(raw, known, how)
    return repeated.cleaned(lambda texts: _read(texts, known, how))


@dataclass(frozen=True, slots=True)
class _Reading:
    """How one column is read."""

    field: Field
    factor: Decimal
    rounds: bool = False
    unmarked: bool = False


def _read(raw: pl.Series, known: frozenset[str], how: _Reading) -> Cleaned:
    field = how.field
    prose = field.type is FieldType.TEXT and not (field.pattern or field.values or field.identifier)
    texts = tidied(raw, prose=prose)
    keep = known | frozenset(field.values)
    if field.type is FieldType.BOOLEAN:
        keep |= _BOOLEAN_WORDS
    texts = without_nothing(texts, nothing=not field.required, keep=keep)
    if keep and field.type in _CODED:
        texts = _without_zero(texts, keep)
    wrong = _of_spreadsheets(texts, keep, words=field.type is FieldType.TEXT)
    for finding in wrong:
        texts = texts.scatter(finding.rows, None)
    found = _typed(texts, how)
    found.findings.extend(wrong)
    return found


def _of_spreadsheets(texts: pl.Series, known: frozenset[str], *, words: bool) -> list[Finding]:
    """The rows that hold what a spreadsheet shows where a formula failed, or a formula: no value of
    any type. ``words``: Chinese words behind ``=`` are a value."""
    rows = texts.str.contains(LIKE_A_FORMULA).fill_null(value=False).arg_true()
    if not rows.len():
        return []
    some = texts.gather(rows)
    unknown = ~some.is_in(list(known))
    if words:
        unknown &= ~some.str.contains(NO_FORMULA) | some.str.contains(A_CELL)
    kinds = (("excel_error", EXCEL_ERROR), ("formula", FORMULA))
    found = [(code, rows.filter(some.str.contains(form) & unknown)) for code, form in kinds]
    return [Finding(code, wrong) for code, wrong in found if wrong.len()]


def _without_zero(texts: pl.Series, known: frozenset[str]) -> pl.Series:
    """``330102.0``, which a program made of the code 330102, as the code that it was."""
    rows = texts.str.contains(_FLOATED).fill_null(value=False).arg_true()
    if not rows.len():
        return texts
    found = texts.gather(rows)
    bare = found.str.replace(_FLOATED, "$1")
    mended = ~found.is_in(list(known)) & bare.is_in(list(known))
    return texts.scatter(rows, bare.zip_with(mended, found)) if mended.any() else texts


def _typed(texts: pl.Series, how: _Reading) -> Cleaned:
    field = how.field
    if field.type in NUMBERS:
        settled = {"rounds": how.rounds, "unmarked": how.unmarked}
        return read_numbers(texts, field.type, field.unit, how.factor, **settled)
    match field.type:
        case FieldType.BOOLEAN:
            return read_booleans(texts)
        case FieldType.DATE:
            return read_dates(texts, field.precision, open_end=field.open_end)
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
