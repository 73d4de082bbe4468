"""Single facts in words: a figure of a year, a gap, a conflict, the base, the name of a measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from qiantang.engine.targets.conflicts import Settled
from qiantang.engine.targets.finding import BaseFigure, BaseHow
from qiantang.engine.targets.series import Reading, Series
from qiantang.engine.targets.spans import Point
from qiantang.engine.targets.verdicts import Gap
from qiantang.engine.targets.wording import (
    amount,
    asks_for_a_fall,
    digits,
    enumerate_,
    percent,
    source_of,
    when,
)
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Indicator
from qiantang.packkit.plans import Comparator, Direction, Target


@dataclass(frozen=True, slots=True)
class Speaker:
    """Names things for one measure of one target."""

    target: Target
    series: Series
    indicators: Mapping[str, Indicator]

    @property
    def title(self) -> Text:
        """The measure's name as it stands alone."""
        known = self.indicators.get(self.series.rule.indicator)
        return known.name if known else self.target.name

    @property
    def name(self) -> Text:
        """The measure's name as it stands inside a sentence."""
        return Text(self.title.zh, inside(self.title.en))

    def level(self, value: Decimal) -> Text:
        return amount(value, self.series.unit)

    def figure(self, value: Decimal) -> Text:
        return amount(value, self.target.unit)

    def of_year(self, reading: Reading) -> Text:
        """``2019年网络零售额为13,000亿元`` / ``online retail sales came to ... in 2019``."""
        return self.of_point(reading.point, reading.value)

    def of_point(self, point: Point, value: Decimal | None = None) -> Text:
        at, shown = when(point.observation.period), point.value if value is None else value
        said, name = self.level(shown), self.name
        en = f"came to {said.en}" if self.series.unit != "rank" else f"was {digits(shown)}"
        return Text(f"{at.zh}{name.zh}为{said.zh}", f"{name.en} {en} {at.en}")

    def it(self, point: Point) -> Text:
        """As `of_point`, where the measure was just named."""
        at, said = when(point.observation.period), self.level(point.value)
        return Text(f"{at.zh}为{said.zh}", f"it came to {said.en} {at.en}")

    def short(self, reading: Reading) -> Text:
        """``2017年7,905亿元`` / ``790.5 billion yuan in 2017``."""
        at, said = when(reading.point.observation.period), self.level(reading.point.value)
        return Text(f"{at.zh}{said.zh}", f"{said.en} {at.en}")


def inside(name: str) -> str:
    """An English name inside a sentence: a plain capital at its head is lowered."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def gap_text(gap: Gap, target: Target) -> Text:
    """``比目标值高728.9亿元(13.3%)`` / ``72.89 billion yuan (13.3%) above the target figure``."""
    unit, named = target.unit, _mark_text(target, gap.absolute)
    if gap.absolute == 0:
        within = target.comparator is Comparator.RANGE and target.direction is Direction.EXACT
        if within:
            return Text("在目标区间之内", "within the target's range")
        return Text(f"恰好等于{named.zh}", f"exactly {named.en}")
    if unit == "rank":
        return _rank_gap(gap.absolute, named)
    said = amount(abs(gap.absolute), "百分点" if unit == "%" else unit)
    if asks_for_a_fall(target):
        if gap.absolute > 0:
            return Text(f"距目标降幅差{said.zh}", f"{said.en} short of the fall asked for")
        return Text(f"超出目标降幅{said.zh}", f"{said.en} more than the fall asked for")
    plain = gap.relative is None or unit in ("%", "百分点")
    share = "" if plain or gap.relative is None else percent(gap.relative)
    zh, en = (f"（{share}）", f" ({share})") if share else ("", "")
    if gap.absolute > 0:
        return Text(f"比{named.zh}高{said.zh}{zh}", f"{said.en}{en} above {named.en}")
    return Text(f"比{named.zh}低{said.zh}{zh}", f"{said.en}{en} below {named.en}")


def _rank_gap(absolute: Decimal, named: Text) -> Text:
    """A greater rank is a worse one, so neither above nor below would be understood."""
    number = digits(abs(absolute))
    places = f"{number} place" if number == "1" else f"{number} places"
    if absolute > 0:
        return Text(f"比{named.zh}落后{number}位", f"{places} behind {named.en}")
    return Text(f"比{named.zh}领先{number}位", f"{places} ahead of {named.en}")


def _mark_text(target: Target, absolute: Decimal) -> Text:
    """What the gap is measured from: the figure named, or that end of a range."""
    if target.comparator is not Comparator.RANGE:
        return Text("目标值", "the target figure")
    upper = target.direction is Direction.DOWN
    if target.direction is Direction.EXACT:
        upper = absolute > 0
    if upper:
        return Text("目标上限", "the upper end of the target")
    return Text("目标下限", "the lower end of the target")


def between(low: Text | None, high: Text | None) -> Text:
    """Where a figure must lie."""
    if low and high:
        return Text(f"在{low.zh}至{high.zh}之间", f"between {low.en} and {high.en}")
    if low:
        return Text(f"不低于{low.zh}", f"at least {low.en}")
    if high:
        return Text(f"不高于{high.zh}", f"at most {high.en}")
    return Text("没有上下限", "without bounds")


def base_text(base: BaseFigure, year: int, speaker: Speaker) -> Text:
    """What is known of the base year."""
    said = speaker.level(base.value) if base.value is not None else Text("", "")
    match base.how:
        case BaseHow.GIVEN:
            return Text(
                f"规划给出的{year}年基期值为{said.zh}。",
                f"The plan gives {said.en} for the base year {year}.",
            )
        case BaseHow.KNOWN if base.value is not None:
            return Text(f"{year}年为{said.zh}。", f"In {year} it was {said.en}.")
        case BaseHow.INTERPOLATED:
            known = enumerate_([speaker.short(r) for r in base.readings])
            return Text(
                f"{year}年的数未见公布，按{known.zh}线性内插约为{said.zh}。",
                f"No figure for {year} was found; a straight line between {known.en}"
                f" gives about {said.en}.",
            )
        case BaseHow.KNOWN | BaseHow.BOUNDED if base.span:
            low = speaker.level(base.span.low) if base.span.low is not None else None
            high = speaker.level(base.span.high) if base.span.high is not None else None
            where = between(low, high)
            return Text(
                f"{year}年的数没有定数，只能推知{where.zh}。",
                f"There is no single figure for {year}; it was {where.en}.",
            )
        case BaseHow.NOT_POSITIVE:
            return Text(
                f"{year}年的基期值不是正数，无法计算增长率。",
                f"The base of {year} is not above zero, so no growth rate exists.",
            )
    return Text(f"{year}年的基期值未知。", f"The figure of the base year {year} is unknown.")


def conflict_text(settled: Settled, year: int, speaker: Speaker) -> Text:
    """The sources that differ, and which one stands and why."""
    figures = []
    for camp in settled.camps:
        best = camp.best
        said, source = speaker.level(best.value), source_of(best.observation)
        figures.append(Text(f"{said.zh}{source.zh}", f"{said.en} in {source.en}"))
    listed = enumerate_(figures)
    zh, en = f"{year}年各来源不一：{listed.zh}；", f"Sources differ for {year}: {listed.en};"
    if settled.stands is None:
        return Text(
            f"{zh}可信等级和来源数都分不出高下。",
            f"{en} neither grade nor the number of sources settles it.",
        )
    chosen = speaker.level(settled.stands.best.value)
    if settled.harmless:
        return Text(
            f"{zh}但都在目标的同一侧，不影响结论，取较保守的{chosen.zh}。",
            f"{en} all lie on the same side of the target, so the conflict does not matter;"
            f" the more cautious {chosen.en} is quoted.",
        )
    if settled.resolved_by == "grade":
        return Text(
            f"{zh}按可信等级采用{chosen.zh}。", f"{en} the better grade decides for {chosen.en}."
        )
    return Text(
        f"{zh}同等级来源中多数为{chosen.zh}。", f"{en} most sources of equal grade say {chosen.en}."
    )
