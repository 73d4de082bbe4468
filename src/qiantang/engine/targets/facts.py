"""Single facts in words: a figure of a year, a gap, a conflict, the base, the name of a measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from qiantang.engine.targets.conflicts import Settled
from qiantang.engine.targets.finding import BaseFigure, BaseHow
from qiantang.engine.targets.series import Reading, Series
from qiantang.engine.targets.spans import Point
from qiantang.engine.targets.wording import amount, enumerate_, percent, source_of, when
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Indicator
from qiantang.packkit.plans import Target


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
        at = when(point.observation.period)
        said, name = self.level(point.value if value is None else value), self.name
        verb = "reached" if self.series.unit == "rank" else "came to"
        return Text(f"{at.zh}{name.zh}为{said.zh}", f"{name.en} {verb} {said.en} {at.en}")

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


def gap_text(absolute: Decimal, relative: Decimal | None, unit: str) -> Text:
    """``比目标值高728.9亿元(13.3%)`` / ``72.89 billion yuan (13.3%) above the target figure``."""
    if absolute == 0:
        return Text("恰好等于目标值", "exactly the target figure")
    size = abs(absolute)
    said = amount(size, "百分点" if unit == "%" else unit)
    if unit == "rank":
        said = Text(f"{size}位", f"{size} places")
    plain = relative is None or unit in ("%", "rank")
    share = "" if plain or relative is None else percent(relative)
    zh, en = (f"（{share}）", f" ({share})") if share else ("", "")
    if absolute > 0:
        return Text(f"比目标值高{said.zh}{zh}", f"{said.en}{en} above the target figure")
    return Text(f"比目标值低{said.zh}{zh}", f"{said.en}{en} below the target figure")


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
