"""Figures, dates and periods as a reader of either language expects them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from qiantang.engine.targets import wording
from qiantang.kernel.digits import digits
from qiantang.kernel.periods import CHINA_TIME
from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS
from qiantang.packkit.plans import Comparator, Target

MINUS: Final = "\N{MINUS SIGN}"
_PARTS: Final = re.compile(r"(\D*?)([\d.,]+)(.*)")
_CHINESE: Final = {"rank": "位", "index": "点"}
_MONTHS: Final = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]


def number(value: object, places: int | None = None) -> str:
    """``5547.70`` -> ``5,547.7``; at most ``places`` decimals; no exponent, no trailing zeros."""
    if value is None or value == "":
        return ""
    try:
        exact = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not exact.is_finite():
        return str(value)
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return digits(exact, grouped=True).replace("-", MINUS)


def signed(value: object, places: int | None = None) -> str:
    """A difference: always with its sign."""
    text = number(value, places)
    return text if not text or text == "0" or text.startswith(MINUS) else f"+{text}"


def percent(share: object, places: int = 1) -> str:
    """A share as a percentage: ``0.1234`` -> ``12.3%``."""
    if share is None or share == "":
        return ""
    return f"{number(Decimal(str(share)) * 100, places)}%"


def unit_name(symbol: str, lang: str) -> str:
    """The unit in the reader's language; the symbol itself when it is not registered."""
    unit = UNITS.get(symbol)
    if lang == "zh" and symbol in _CHINESE:
        return _CHINESE[symbol]
    return unit.in_(lang) if unit else symbol


def quantity(value: object, symbol: str, lang: str) -> str:
    """A figure with its unit in running text: ``5,500亿元``, ``550 billion yuan``, ``10%``."""
    exact = _exact(value)
    return "" if exact is None else wording.amount(exact, symbol).in_(lang)


def parts(value: object, symbol: str, lang: str, *, signed: bool = False) -> tuple[str, str, str]:
    """`quantity` cut into what stands before the figure, the figure, and what stands after."""
    exact = _exact(value)
    if exact is None:
        return "", str(value or ""), ""
    found = _PARTS.fullmatch(wording.amount(abs(exact), symbol).in_(lang))
    before, figure, after = found.groups() if found else ("", number(abs(exact)), "")
    sign = MINUS if exact < 0 else "+" if signed and exact > 0 else ""
    if after in {"%", "个百分点"} or not after:
        return before, f"{sign}{figure}", after
    return before, f"{sign}{figure}", f" {after.strip()}"


def _exact(value: object) -> Decimal | None:
    try:
        exact = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def as_said(symbol: str, lang: str) -> tuple[Decimal, str]:
    """Factor and name under which a chart or a table tells a unit: English counts money in
    billions of yuan and people in millions, Chinese counts people in ten thousands."""
    unit = UNITS.get(symbol)
    if unit is None:
        return Decimal(1), symbol
    if lang == "en" and unit.dimension == "money":
        return unit.factor / Decimal(10**9), "billion yuan"
    if unit.dimension == "persons" and "/" not in symbol:
        people = unit.factor / (10**6 if lang == "en" else 10**4)
        return people, "million people" if lang == "en" else "万人"
    return Decimal(1), unit_name(symbol, lang)


def day(value: date | datetime | None, lang: str) -> str:
    """``2019年12月31日`` / ``31 Dec 2019``; moments in China's time."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(CHINA_TIME).date() if value.tzinfo else value.date()
    if lang == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | None, lang: str) -> str:
    """Day and time of day, in China's time."""
    if value is None:
        return ""
    local = value.astimezone(CHINA_TIME) if value.tzinfo else value
    return f"{day(local, lang)} {local:%H:%M}"


def aim_of(target: Target) -> Text | None:
    """What the plan asks, as a figure in words: ``突破 5,500 亿元`` / ``above 5,500 ...``."""
    if target.comparator is None or (target.low is None and target.high is None):
        return None
    return Text(zh=_aim(target, "zh"), en=_aim(target, "en"))


def _aim(target: Target, lang: str) -> str:
    one = target.low if target.low is not None else target.high
    figure = quantity(one, target.unit, lang)
    zh = lang == "zh"
    match target.comparator:
        case Comparator.ABOVE:
            return f"超过{figure}" if zh else f"above {figure}"
        case Comparator.AT_LEAST:
            return f"不低于{figure}" if zh else f"at least {figure}"
        case Comparator.BELOW:
            return f"低于{figure}" if zh else f"below {figure}"
        case Comparator.AT_MOST:
            return f"不高于{figure}" if zh else f"at most {figure}"
        case Comparator.ABOUT:
            return f"{figure}左右" if zh else f"about {figure}"
        case Comparator.RANGE:
            high = quantity(target.high, target.unit, lang)
            return f"{number(target.low)}至{high}" if zh else f"{number(target.low)} to {high}"
        case _:
            return f"达到{figure}" if zh else f"{figure}"
