"""Floating-point figures as text: Excel's to the 15 digits that it shows, others with all theirs.

Excel computes in binary (0.1+0.2 is 0.30000000000000004) and keeps and shows 15 significant digits
(Microsoft, "Excel specifications and limits": number precision 15 digits), so that the person who
sent the sheet saw 0.3 and never the digits after it.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

LARGE: Final = 1e15
"""From here on a whole number has more than 15 digits."""
LARGE_SINGLE: Final = 2.0**24
"""From here on a figure of single precision (IEEE 754 binary32) no longer has all whole numbers."""
_SHOWN: Final = Context(prec=15, rounding=ROUND_HALF_UP)
_TINY: Final = -20
"""Below this power of ten plain digits are nothing but zeros to read."""


def excel_text(value: float) -> str:
    """A finite figure of a workbook with 15 significant digits, in plain digits where it has them.

    >>> excel_text(0.1 + 0.2), excel_text(1 / 3), excel_text(3.0), excel_text(5.25e-5)
    ('0.3', '0.333333333333333', '3', '0.0000525')
    """
    if value == int(value) and abs(value) < LARGE:
        return str(int(value))
    shown = _SHOWN.create_decimal_from_float(value)
    if shown.adjusted() >= 15:
        return scientific(value)
    return _plain(shown.normalize())


def number_text(value: float, large: float = LARGE) -> str:
    """A finite figure with every digit that tells it from others: whole ones without ``.0``,
    from ``large`` on scientific.

    >>> number_text(0.1 + 0.2), number_text(330106199001011234.0)
    ('0.30000000000000004', '3.3010619900101126E+17')
    """
    if abs(value) >= large:
        return f"{Decimal(repr(value)).normalize():E}"
    return str(int(value)) if value == int(value) else _plain(Decimal(repr(value)))


def scientific(value: float) -> str:
    """A figure beyond 15 digits as Excel shows it, 3.30106199001011E+17: the rest is unknown."""
    mantissa, exponent = f"{value:.14E}".split("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"


def _plain(value: Decimal) -> str:
    return format(value, "f" if value.adjusted() >= _TINY else "E")
