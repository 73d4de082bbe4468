"""Money in other currencies: only through a rate that somebody declared, with period and source.

A rate holds for exactly the period it is declared for: the mean rate of a year converts figures of
that year, not of its quarters. No rate is guessed, carried forward or chained.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from qiantang.kernel.errors import Invalid
from qiantang.kernel.periods import Period
from qiantang.kernel.text import Text
from qiantang.kernel.units import DIGITS, convert, unit

YUAN = "money"


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """``rate`` yuan for one unit of ``currency`` (``美元``) in ``period``."""

    currency: str
    rate: Decimal
    period: Period
    source: str


class NoExchangeRate(Invalid):
    code = "kernel.no_exchange_rate"
    title = Text(zh="没有汇率", en="No exchange rate")
    detail = Text(
        zh="没有登记 {period} 的“{found}”汇率，不能换算。",
        en='No rate of "{found}" is declared for {period}; the figure is not converted.',
    )
    hint = Text(
        zh="请登记该时期的汇率并注明来源。", en="Declare the rate of that period with its source."
    )


def convert_money(
    value: Decimal, from_: str, to: str, period: Period, rates: Iterable[ExchangeRate]
) -> Decimal:
    """``value`` in another unit, over the declared rate of ``period`` where currencies differ.

    Out of yuan the quotient is rounded half to even at `DIGITS` digits. Raises `UnknownUnit`,
    `UnitMismatch`, `NoExchangeRate`.
    """
    source, target = unit(from_), unit(to)
    kinds = source.dimension, target.dimension
    if kinds[0] == kinds[1] or not all(k.startswith(YUAN) and " per " not in k for k in kinds):
        return convert(value, from_, to)
    known = tuple(rates)
    with localcontext(prec=DIGITS, rounding=ROUND_HALF_EVEN):
        yuan = value * source.factor * _rate(source.dimension, period, known)
        return yuan / _rate(target.dimension, period, known) / target.factor


def _rate(dimension: str, period: Period, rates: tuple[ExchangeRate, ...]) -> Decimal:
    if dimension == YUAN:
        return Decimal(1)
    found = [r for r in rates if r.period == period and unit(r.currency).dimension == dimension]
    if len({r.rate for r in found}) != 1:
        raise NoExchangeRate(found=dimension.removeprefix(YUAN).strip(), period=period)
    return found[0].rate
