"""Units of measure: what may be compared with what, and by which factor.

Only units of one dimension convert; percentages and percentage points are kept apart, for a share
is not a difference of shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from qiantang.kernel.errors import Invalid
from qiantang.kernel.text import Text

DIGITS: Final = 50
"""Of a conversion: factors are powers of ten, so that no figure of fewer digits is rounded."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as figures write it. ``factor`` converts to the base unit of ``dimension``."""

    symbol: str
    en: str
    dimension: str
    factor: Decimal

    def in_(self, lang: str) -> str:
        return self.en if lang.lower().startswith("en") else self.symbol


class UnknownUnit(Invalid):
    code = "kernel.unknown_unit"
    title = Text(zh="未知计量单位", en="Unknown unit")
    detail = Text(zh="“{found}”不是已登记的计量单位。", en='"{found}" is not a registered unit.')
    hint = Text(zh="请改用：{expected}。", en="Use one of: {expected}.")


class UnitMismatch(Invalid):
    code = "kernel.unit_mismatch"
    title = Text(zh="计量单位不可比", en="Units cannot be compared")
    detail = Text(
        zh="“{found}”与“{expected}”不是同一类单位。",
        en='"{found}" and "{expected}" do not measure the same thing.',
    )
    hint = Text(zh="请核对数据的计量单位。", en="Check the unit of the figure.")


def _units() -> dict[str, Unit]:
    rows = [
        ("元", "yuan", "money", "1"),
        ("万元", "10,000 yuan", "money", "1e4"),
        ("亿元", "100 million yuan", "money", "1e8"),
        ("万亿元", "trillion yuan", "money", "1e12"),
        ("美元", "US dollars", "money USD", "1"),
        ("万美元", "10,000 US dollars", "money USD", "1e4"),
        ("亿美元", "100 million US dollars", "money USD", "1e8"),
        ("欧元", "euros", "money EUR", "1"),
        ("万欧元", "10,000 euros", "money EUR", "1e4"),
        ("亿欧元", "100 million euros", "money EUR", "1e8"),
        ("元/美元", "yuan per US dollar", "money per USD", "1"),
        ("元/欧元", "yuan per euro", "money per EUR", "1"),
        ("%", "%", "share", "0.01"),
        ("百分点", "percentage points", "share difference", "0.01"),
        ("人", "persons", "persons", "1"),
        ("万人", "10,000 persons", "persons", "1e4"),
        ("户", "households", "households", "1"),
        ("万户", "10,000 households", "households", "1e4"),
        ("家", "enterprises", "count", "1"),
        ("万家", "10,000 enterprises", "count", "1e4"),
        ("个", "items", "count", "1"),
        ("万个", "10,000 items", "count", "1e4"),
        ("件", "pieces", "count", "1"),
        ("台", "machines", "count", "1"),
        ("万台", "10,000 machines", "count", "1e4"),
        ("次", "times", "count", "1"),
        ("人年", "person-years", "person-years", "1"),
        ("万元/人年", "10,000 yuan per person-year", "money per person-year", "1e4"),
        ("公里", "km", "length", "1000"),
        ("个/km2", "per km²", "density", "1"),
        ("户/百人", "per 100 persons", "penetration", "1"),
        ("平方米", "m²", "area", "1"),
        ("μg/m3", "µg/m³", "concentration", "1e-6"),
        ("mg/m3", "mg/m³", "concentration", "1e-3"),
        ("Mbps", "Mbit/s", "bit rate", "1e6"),
        ("Gbps", "Gbit/s", "bit rate", "1e9"),
        ("Tbps", "Tbit/s", "bit rate", "1e12"),
        ("index", "index points", "index", "1"),
        ("rank", "rank", "rank", "1"),
    ]
    return {s: Unit(s, en, dimension, Decimal(factor)) for s, en, dimension, factor in rows}


UNITS: Final[dict[str, Unit]] = _units()
_ALIASES: Final = {"percent": "%", "%": "%", "Mbit/s": "Mbps", "Gbit/s": "Gbps", "家/个": "个"}


def unit(symbol: str) -> Unit:
    """The registered unit. Raises `UnknownUnit`."""
    found = UNITS.get(_ALIASES.get(symbol, symbol))
    if found is None:
        raise UnknownUnit(found=symbol, expected="、".join(UNITS))
    return found


def convert(value: Decimal, from_: str, to: str) -> Decimal:
    """``value`` in another unit of the same dimension, exact to `DIGITS` digits.

    Raises `UnknownUnit`, `UnitMismatch`; currencies are dimensions of their own (see `currency`).
    """
    if from_ == to:
        return value
    source, target = unit(from_), unit(to)
    if source.dimension != target.dimension:
        raise UnitMismatch(found=from_, expected=to)
    with localcontext(prec=DIGITS):
        return value * source.factor / target.factor
