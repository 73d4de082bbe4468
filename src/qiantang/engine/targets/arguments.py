"""The argument of a finding in words: the year's own figure, a limit, a part, or other years."""

from __future__ import annotations

from typing import Final

from qiantang.engine.targets.facts import Speaker, between
from qiantang.engine.targets.finding import Finding, How, Outcome
from qiantang.engine.targets.series import Reading
from qiantang.engine.targets.verdicts import Bound
from qiantang.engine.targets.wording import enumerate_, percent, sentence, when
from qiantang.kernel.observations import ObservationKind
from qiantang.kernel.text import Text, join
from qiantang.packkit.compiled import Nature
from qiantang.packkit.plans import Rules

_KINDS: Final = {
    ObservationKind.APPROXIMATE: Text("约数", "an approximate figure"),
    ObservationKind.DERIVED: Text("推算数", "a derived figure"),
    ObservationKind.PRELIMINARY: Text("初步数", "a preliminary figure"),
}


def argument(f: Finding, speaker: Speaker, rules: Rules, bound: Bound | None) -> list[Text]:
    """The sentences that lead to the outcome."""
    facts = [_own_year(f, speaker, rules), _other_years(f)]
    if f.how is How.NEIGHBOURS or (f.outcome is Outcome.OPEN and f.readings and f.trend):
        facts.append(_neighbours(f, speaker, rules, bound))
    elif bound is not None and speaker.target.base is None:
        facts.append(bound.reason)
    return facts


def _other_years(f: Finding) -> Text:
    """Why a firm figure of a window's last year makes missing the target only likely."""
    missed = f.outcome is Outcome.LIKELY_MISSED and f.how in (How.VALUE, How.LIMIT)
    if not missed or not f.base_firm:
        return Text("", "")
    return Text(
        "目标期内的其他年份没有足以判定的数。",
        "No figure settles the other years of the target's period.",
    )


def _own_year(f: Finding, speaker: Speaker, rules: Rules) -> Text:
    match f.how:
        case How.VALUE | How.MARGIN if f.reading and f.reading.value is not None:
            return _value(f, f.reading, speaker, rules)
        case How.LIMIT if f.reading:
            return _limit(f.reading, speaker)
        case How.PART if f.reading:
            return _part(f, f.reading, speaker, rules)
        case How.SCOPE if f.reading:
            return sentence(speaker.of_year(f.reading))
        case How.NONE:
            return _unknown(f, speaker)
    return Text("", "")


def _value(f: Finding, r: Reading, speaker: Speaker, rules: Rules) -> Text:
    fact = speaker.of_year(r)
    kind = _KINDS.get(r.point.observation.kind)
    if kind is None:
        return sentence(fact)
    early = r.point.observation.kind is ObservationKind.PRELIMINARY
    margin = percent(rules.preliminary_margin if early else rules.approximate_margin)
    fact = Text(
        f"{fact.zh}（{kind.zh}，误差按±{margin}计）",
        f"{fact.en} ({kind.en}, taken as good to ±{margin})",
    )
    if f.how is not How.MARGIN:
        return sentence(fact)
    return sentence(
        Text(f"{fact.zh}，目标值落在误差范围内", f"{fact.en}; the target lies within that margin")
    )


def _limit(r: Reading, speaker: Speaker) -> Text:
    at, name = when(r.point.observation.period), speaker.name
    where = between(
        speaker.level(r.span.low) if r.span.low is not None else None,
        speaker.level(r.span.high) if r.span.high is not None else None,
    )
    return sentence(
        Text(
            f"来源没有给出确数，只说明{at.zh}{name.zh}{where.zh}",
            f"{name.en} was {where.en} {at.en}; the source gives no more than that",
        )
    )


def _part(f: Finding, r: Reading, speaker: Speaker, rules: Rules) -> Text:
    fact, whole = speaker.of_point(r.point), whole_figure(f.series.nature)
    if f.outcome is Outcome.LIKELY_REACHED and f.bound is not None and f.bound.high is None:
        zh, en = (
            f"虽非{whole.zh}，已达到目标",
            ", which reaches the target before the year's end",
        )
        return sentence(Text(f"{fact.zh}，{zh}", f"{fact.en}{en}"))
    if f.outcome in (Outcome.LIKELY_REACHED, Outcome.LIKELY_MISSED) and r.ceiling is not None:
        return _rate(r, speaker, rules)
    zh, en = f"不是{whole.zh}，只能作参考", f"; it is no {whole.en} and proves nothing by itself"
    return sentence(Text(f"{fact.zh}，{zh}", f"{fact.en}{en}"))


def whole_figure(nature: Nature | None) -> Text:
    """What a measure of this nature would have for the deadline itself."""
    if nature is Nature.STOCK:
        return Text("年末数", "year-end figure")
    return Text("全年数", "full-year figure")


def _rate(r: Reading, speaker: Speaker, rules: Rules, *, named: bool = True) -> Text:
    """A part of a year, and what the whole would be at its rate."""
    fact = speaker.of_point(r.point) if named else speaker.it(r.point)
    if r.ceiling is None or r.ceiling == r.point.value:
        return sentence(fact)
    whole, margin = speaker.level(r.ceiling), percent(rules.approximate_margin)
    return sentence(
        Text(
            f"{fact.zh}，按同一进度折合全年约{whole.zh}（判定时另留{margin}余量）",
            f"{fact.en}, at which rate the whole year comes to about {whole.en}"
            f" (judged with a further {margin} to spare)",
        )
    )


def _neighbours(f: Finding, speaker: Speaker, rules: Rules, bound: Bound | None) -> Text:
    known, name = enumerate_([speaker.short(r) for r in _shown(f)]), speaker.name
    whole = whole_figure(f.series.nature)
    none = Text(f"没有目标年份的{whole.zh}。", f"There is no {whole.en} for the deadline.")
    if f.reading is not None and not f.reading.parts:
        none = Text("", "")  # the deadline's own figure was named already, and does not decide
    if len(f.series.values()) == 1:
        course = Text(
            f"已知{name.zh}为{known.zh}，存量一般不会减少",
            f"{name.en} came to {known.en}; such a count does not normally fall",
        )
    else:
        zh, en = ("下降", "fell") if f.trend == "falling" else ("上升", "rose")
        course = Text(
            f"{name.zh}在已知各年间持续{zh}：{known.zh}",
            f"{name.en} {en} through the known years: {known.en}",
        )
    parts = [_rate(r, speaker, rules, named=False) for r in f.readings if r.parts]
    said = [none, sentence(course), *parts, *([bound.reason] if bound else [])]
    return join([t for t in said if t.en])


def _shown(f: Finding) -> list[Reading]:
    """The full years named: all of a few; of many, the first, the last and those that bound."""
    values = f.series.values()
    named = {r.year for r in f.readings} | {r.year for r in (*values[:1], *values[-1:])}
    return [r for r in values if len(values) <= 4 or r.year in named]


def _unknown(f: Finding, speaker: Speaker) -> Text:
    if f.reading and f.reading.value is not None:
        return sentence(speaker.of_year(f.reading))
    values = f.series.values()
    if f.readings:
        return Text("", "")
    if not values:
        return Text("没有目标年份的数。", "There is no figure for the deadline.")
    last = speaker.of_year(values[-1])
    return Text(
        f"没有目标年份的数，最近的已知数：{last.zh}。",
        f"There is no figure for the deadline; the latest known: {last.en}.",
    )
