"""Figures in words: amounts, years, goals, as a statistician writes them in each language."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from qiantang.engine.targets.numbers import tidy
from qiantang.kernel.observations import Observation
from qiantang.kernel.periods import Period, PeriodKind
from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS
from qiantang.packkit.plans import Comparator, Target

_CENT: Final = Decimal("0.01")
_TRILLION: Final = Decimal("1e12")
_MONEY: Final = (
    (_TRILLION, "trillion yuan"),
    (Decimal("1e9"), "billion yuan"),
    (Decimal("1e6"), "million yuan"),
)


def digits(value: Decimal) -> str:
    """With thousands separators; two decimals, or two significant digits when below 0.1."""
    if value != 0 and abs(value) < Decimal("0.1"):
        value = value.quantize(Decimal(1).scaleb(value.adjusted() - 1), ROUND_HALF_UP)
    elif abs(value) < Decimal("1e20"):
        value = value.quantize(_CENT, ROUND_HALF_UP)
    return f"{tidy(value):,f}"


@lru_cache(maxsize=4096)
def amount(value: Decimal, unit: str) -> Text:
    """``6,228.9亿元`` / ``622.89 billion yuan``."""
    return Text(zh=_chinese(value, unit), en=_english(value, unit))


def _chinese(value: Decimal, unit: str) -> str:
    number = digits(value)
    match unit:
        case "index":
            return f"{number}点"
        case "rank":
            return f"第{number}位"
        case "百分点" | "家" | "个" | "件" | "台" | "次":
            return f"{number}个百分点" if unit == "百分点" else f"{number}{unit}"
    return f"{number}{unit}" if unit == "%" or "一" <= unit[:1] <= "鿿" else f"{number} {unit}"


def _english(value: Decimal, unit: str) -> str:
    known = UNITS.get(unit)
    if known is None:
        return f"{digits(value)} {unit}".strip()
    if known.dimension == "money":
        return _yuan(value * known.factor)
    if unit.startswith("万") and "/" not in unit:
        value, known = value * known.factor, UNITS.get(unit[1:], known)
    number = digits(value)
    if unit == "%":
        return f"{number}%"
    if unit == "rank":
        return f"rank {number}"
    if known.symbol == "个":
        return number
    return f"{number} {_singular(known.en) if abs(value) == 1 else known.en}"


def _yuan(value: Decimal) -> str:
    for size, name in _MONEY:
        exact = size < _TRILLION or value % (size / 100) == 0
        if abs(value) >= size and exact:
            return f"{digits(value / size)} {name}"
    return f"{digits(value)} yuan"


def _singular(name: str) -> str:
    return name[:-1] if name.endswith("s") and not name.endswith(("ss", "bit/s")) else name


def percent(share: Decimal) -> str:
    """A share as percent, in both languages alike: 0.1327 is ``13.3%``."""
    return f"{tidy((abs(share) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)):,f}%"


def when(period: Period) -> Text:
    """The period in a sentence: ``2019年`` / ``in 2019``; the year's last day is its end."""
    if period.kind is PeriodKind.MOMENT:
        if (period.end.month, period.end.day) == (12, 31):
            return Text(f"{period.year}年末", f"at the end of {period.year}")
        said = day(period.end)
        return Text(said.zh, f"on {said.en}")
    said = period.as_text()
    return Text(said.zh, f"in {said.en}")


def day(on: date) -> Text:
    """``2019年12月31日`` / ``31 December 2019``."""
    return Text(
        f"{on.year}年{on.month}月{on.day}日", f"{on.day} {calendar.month_name[on.month]} {on.year}"
    )


def source_of(o: Observation) -> Text:
    """The source with its grade, short enough for a sentence."""
    title = o.source.title or o.id
    short = title if len(title) <= 40 else title[:39] + "…"
    return Text(zh=f"《{short}》（{o.source.grade}级）", en=f'"{short}" (grade {o.source.grade})')


def goal_text(target: Target) -> Text:
    """The goal in words: ``突破5,500亿元`` / ``above 550 billion yuan``."""
    if target.base is None:
        return _goal(target)
    year, growth = target.base.year, target.base.mode == "growth"
    falling = asks_for_a_fall(target)
    said = _goal(_mirrored(target) if falling else target)
    if falling:
        return Text(f"比{year}年下降{said.zh}", f"a fall of {said.en} on {year}")
    if growth:
        return Text(f"比{year}年增长{said.zh}", f"growth of {said.en} on {year}")
    return Text(f"比{year}年提高{said.zh}", f"a rise of {said.en} on {year}")


def asks_for_a_fall(target: Target) -> bool:
    """Whether the change since the base that the target asks for is below zero."""
    ends = [end for end in (target.low, target.high) if end is not None]
    return target.base is not None and bool(ends) and all(end < 0 for end in ends)


_MIRROR: Final = {
    Comparator.ABOVE: Comparator.BELOW,
    Comparator.AT_LEAST: Comparator.AT_MOST,
    Comparator.BELOW: Comparator.ABOVE,
    Comparator.AT_MOST: Comparator.AT_LEAST,
}


def _mirrored(target: Target) -> Target:
    """A change of at most -2 as it is said: a fall of at least 2."""
    comparator = target.comparator
    return replace(
        target,
        low=None if target.high is None else -target.high,
        high=None if target.low is None else -target.low,
        comparator=_MIRROR.get(comparator, comparator) if comparator else None,
    )


def _goal(target: Target) -> Text:
    low = amount(target.low, target.unit) if target.low is not None else None
    high = amount(target.high, target.unit) if target.high is not None else None
    single = low or high or Text("", "")
    if target.unit == "rank" and target.comparator in (Comparator.BELOW, Comparator.AT_MOST):
        place = digits(target.high or target.low or Decimal(0))
        if target.comparator is Comparator.AT_MOST:
            return Text(f"进入前{place}位", f"rank {place} or better")
        return Text(f"优于第{place}位", f"better than rank {place}")
    match target.comparator:
        case Comparator.ABOVE:
            return Text(f"{single.zh}以上（不含）", f"more than {single.en}")
        case Comparator.AT_LEAST:
            return Text(f"{single.zh}以上", f"at least {single.en}")
        case Comparator.BELOW:
            return Text(f"{single.zh}以下（不含）", f"less than {single.en}")
        case Comparator.AT_MOST:
            return Text(f"{single.zh}以下", f"at most {single.en}")
        case Comparator.ABOUT:
            return Text(f"{single.zh}左右", f"about {single.en}")
        case Comparator.RANGE if low and high:
            return Text(f"{low.zh}至{high.zh}", f"{low.en} to {high.en}")
    return single


def sentence(text: Text) -> Text:
    """With a capital at its head and a full stop, where they are lacking."""
    zh, en = text.zh.strip(), text.en.strip()
    en = en[:1].upper() + en[1:]
    return Text(
        zh if zh.endswith(("。", "!", "?")) or not zh else zh + "。",
        en if en.endswith((".", "!", "?")) or not en else en + ".",
    )


def enumerate_(texts: list[Text]) -> Text:
    """``a、b、c`` / ``a, b and c``."""
    head, last = ", ".join(t.en for t in texts[:-1]), "".join(t.en for t in texts[-1:])
    return Text("、".join(t.zh for t in texts), f"{head} and {last}" if head else last)
