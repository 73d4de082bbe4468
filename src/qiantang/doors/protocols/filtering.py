"""A field that equals one of some values, as SQL over the columns of a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from qiantang.doors.protocols.tables import quoted

_FRACTIONS: Final = ("decimal", "number")
_MOMENT: Final = "datetime"
_PLACES: Final = Decimal("1e-8")
_BEYOND: Final = Decimal("1e19")


def equal(name: str, kind: str, values: Sequence[object]) -> tuple[str, list[object]]:
    """A condition and its parameters; None is an empty field. Values are compared as text, so that
    ``5`` and ``"5"`` mean the same; moments also as moments, however they are written."""
    texts: list[object] = [told(value, kind) for value in values if value is not None]
    ways = [f"{quoted(name)} IS NULL"] if None in values else []
    if texts:
        ways.append(f"CAST({quoted(name)} AS VARCHAR) IN ({_listed('?', texts)})")
    if texts and kind == _MOMENT:
        ways.append(f"{quoted(name)} IN ({_listed('TRY_CAST(? AS TIMESTAMPTZ)', texts)})")
        texts *= 2
    return f"({' OR '.join(ways or ['false'])})", texts


def _listed(each: str, texts: Sequence[object]) -> str:
    return ", ".join([each] * len(texts))


def told(value: object, kind: str) -> str:
    """The value as the column's own text: 50000 stands in a decimal as 50000.00000000."""
    if isinstance(value, bool):
        return "true" if value else "false"
    said = str(value)
    if kind not in _FRACTIONS or not (number := _number(said)).is_finite():
        return said
    if kind == "number":
        return str(float(number))
    whole = number.quantize(_PLACES) if abs(number) < _BEYOND else number
    return f"{whole:f}" if whole == number else said


def _number(said: str) -> Decimal:
    try:
        return Decimal(said)
    except InvalidOperation:
        return Decimal("nan")
