"""Exact figures: what can be stored, what can be reckoned with, and how digits are tidied."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

INTEGER_DIGITS: Final = 20
PLACES: Final = 8
_ONE: Final = Decimal(1)
_QUANTUM: Final = Decimal(1).scaleb(-PLACES)
_LIMIT: Final = Decimal(10) ** INTEGER_DIGITS
_SMALLEST: Final = Decimal(10) ** -INTEGER_DIGITS


def storable(value: Decimal) -> Decimal | None:
    """``value`` with eight places, or None when that would lose digits or not fit."""
    if not usable(value):
        return None
    rounded = value.quantize(_QUANTUM)
    return rounded if rounded == value else None


def usable(value: Decimal | None) -> bool:
    """Whether one can reckon with it: a finite number of sane size."""
    if value is None or not value.is_finite():
        return False
    return value == 0 or _SMALLEST <= abs(value) < _LIMIT


def tidy(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent: 6228.90000000 is 6228.9, 5E+3 is 5000."""
    if not value.is_finite():
        return value
    short = value.normalize()
    if short == short.to_integral_value() and short.adjusted() < 28:
        return short.quantize(_ONE) + 0  # negative zero reads as zero
    return short


def as_number(value: Decimal | None) -> int | float | None:
    """The JSON number: an integer where it is one; None for nothing and for what is no number."""
    if value is None or not value.is_finite():
        return None
    whole = value.to_integral_value()
    if whole == value and abs(value) < _LIMIT:
        return int(whole)
    return round(float(value), PLACES) if abs(value) > _QUANTUM else float(value)
