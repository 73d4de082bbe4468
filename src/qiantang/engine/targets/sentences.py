"""The reason of a verdict, as a statistician would write it, in both languages."""

from __future__ import annotations

from decimal import Decimal

from qiantang.engine.targets.facts import Speaker, base_text, between, conflict_text, gap_text
from qiantang.engine.targets.finding import Finding, How, Outcome
from qiantang.engine.targets.series import Reading
from qiantang.engine.targets.verdicts import Bound, Gap
from qiantang.engine.targets.wording import enumerate_, goal_text, percent, sentence
from qiantang.kernel.observations import ObservationKind
from qiantang.kernel.text import Text, join
from qiantang.packkit.plans import Relation, Rules

_KINDS = {
    ObservationKind.APPROXIMATE: Text("约数", "an approximate figure"),
    ObservationKind.DERIVED: Text("推算数", "a derived figure"),
    ObservationKind.PRELIMINARY: Text("初步数", "a preliminary figure"),
}

_CLOSING = {
    Outcome.REACHED: Text("目标已实现。", "The target was met."),
    Outcome.MISSED: Text("目标未实现。", "The target was not met."),
    Outcome.LIKELY_REACHED: Text("目标很可能已实现。", "The target was likely met."),
    Outcome.LIKELY_MISSED: Text("目标很可能未实现。", "The target was likely not met."),
    Outcome.CONFLICT: Text(
        "各数分处目标两侧,无法判定。",
        "They do not lie on one side of the target, so it stays undecided.",
    ),
    Outcome.OPEN: Text("现有证据不足以判定。", "The evidence does not decide."),
}


def explain(
    f: Finding, speaker: Speaker, rules: Rules, *, gap: Gap | None, bound: Bound | None
) -> Text:
    """Facts, then the goal, then the conclusion, then what the measure is."""
    target = speaker.target
    said = goal_text(target)
    goal = Text(f"目标为{said.zh}", f"The target was {said.en}")
    if gap is not None and f.reading is not None and f.outcome is not Outcome.CONFLICT:
        distance = gap_text(gap.absolute, gap.relative, target.unit)
        goal = Text(f"{goal.zh},该数{distance.zh}", f"{goal.en}; the result is {distance.en}")
    parts = [*_facts(f, speaker, rules, bound), sentence(goal), _CLOSING[f.outcome]]
    return join([p for p in [*parts, relation_text(speaker)] if p.en])


def _facts(f: Finding, speaker: Speaker, rules: Rules, bound: Bound | None) -> list[Text]:
    facts: list[Text] = []
    if f.reading and len(f.reading.settled.camps) > 1:
        facts.append(conflict_text(f.reading.settled, f.reading.year, speaker))
    match f.how:
        case How.VALUE | How.MARGIN if f.reading and f.reading.value is not None:
            facts.append(_value(f, f.reading, speaker, rules))
        case How.LIMIT if f.reading:
            facts.append(_limit(f.reading, speaker))
        case How.PART if f.reading:
            facts.append(_part(f, f.reading, speaker, rules))
        case How.NEIGHBOURS:
            facts.append(_neighbours(f, speaker, rules, bound))
        case How.SCOPE if f.reading:
            facts.append(sentence(speaker.of_year(f.reading)))
        case How.NONE:
            facts.append(_unknown(f, speaker))
    if f.outcome is Outcome.OPEN and f.readings:
        facts.append(_neighbours(f, speaker, rules, bound))
    if f.base is not None and target_year(speaker) is not None:
        facts.append(base_text(f.base, target_year(speaker) or 0, speaker))
    return facts


def target_year(speaker: Speaker) -> int | None:
    return speaker.target.base.year if speaker.target.base else None


def _value(f: Finding, r: Reading, speaker: Speaker, rules: Rules) -> Text:
    fact = speaker.of_year(r)
    kind = _KINDS.get(r.point.observation.kind)
    if kind is None:
        return sentence(fact)
    early = r.point.observation.kind is ObservationKind.PRELIMINARY
    margin = percent(rules.preliminary_margin if early else rules.approximate_margin)
    fact = Text(
        f"{fact.zh}({kind.zh},误差按±{margin}计)",
        f"{fact.en} ({kind.en}, taken as good to ±{margin})",
    )
    if f.how is not How.MARGIN:
        return sentence(fact)
    return sentence(
        Text(f"{fact.zh},目标值落在误差范围内", f"{fact.en}; the target lies within that margin")
    )


def _limit(r: Reading, speaker: Speaker) -> Text:
    fact = speaker.of_point(r.point)
    where = between(
        speaker.level(r.span.low) if r.span.low is not None else None,
        speaker.level(r.span.high) if r.span.high is not None else None,
    )
    return Text(
        f"{fact.zh},来源的表述只说明其{where.zh}。",
        f"{fact.en}; the source only says that it was {where.en}.",
    )


def _part(f: Finding, r: Reading, speaker: Speaker, rules: Rules) -> Text:
    fact = speaker.of_point(r.point)
    if f.outcome is Outcome.LIKELY_REACHED:
        return Text(
            f"{fact.zh},虽非全年数,已达到目标。",
            f"{fact.en}, which reaches the target though the year was not over.",
        )
    if f.outcome is Outcome.LIKELY_MISSED and r.ceiling is not None:
        return join([sentence(fact), _rate(r, speaker, rules)])
    return Text(
        f"{fact.zh},不是全年数,只能作参考。",
        f"{fact.en}; it does not cover the year and proves nothing by itself.",
    )


def _rate(r: Reading, speaker: Speaker, rules: Rules) -> Text:
    """A part-year flow at the rate of a full year."""
    whole, margin = speaker.level(r.ceiling or Decimal(0)), percent(rules.approximate_margin)
    return Text(
        f"{r.year}年按同一进度折合全年约{whole.zh}(判定时另留{margin}余量)。",
        f"At the same rate the whole of {r.year} comes to about {whole.en}"
        f" (judged with a further {margin} to spare).",
    )


def _neighbours(f: Finding, speaker: Speaker, rules: Rules, bound: Bound | None) -> Text:
    known = enumerate_([speaker.short(r) for r in _shown(f)])
    falling = f.trend == "falling"
    name = speaker.name
    if len(f.series.values()) == 1:
        start = Text(
            f"没有目标年份的数;已知{name.zh}:{known.zh}。存量一般不会减少。",
            f"There is no figure for the deadline; {name.en} stood at {known.en}."
            " Such a count does not normally fall.",
        )
    else:
        start = Text(
            f"没有目标年份的全年数;已知{name.zh}逐年{'下降' if falling else '上升'}:{known.zh}。",
            f"There is no full-year figure for the deadline; {name.en} only"
            f" {'falls' if falling else 'rises'}: {known.en}.",
        )
    rates = [_rate(r, speaker, rules) for r in f.readings if r.parts and r.ceiling is not None]
    return join([start, *rates, *([bound.reason] if bound else [])])


def _shown(f: Finding) -> list[Reading]:
    """The years named: those that show the trend and those that set the bound, oldest first."""
    years = {r.year: r for r in [*f.series.values(), *f.readings]}
    ordered = [years[y] for y in sorted(years)]
    binding = {r.year for r in f.readings}
    return ordered if len(ordered) <= 5 else [r for r in ordered if r.year in binding]


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
        f"没有目标年份的数,最近的已知数:{last.zh}。",
        f"There is no figure for the deadline; the latest known: {last.en}.",
    )


def relation_text(speaker: Speaker) -> Text:
    """How the measure stands to what the plan names; empty when it is the same."""
    rule, name = speaker.series.rule, speaker.name
    asked = speaker.target.name
    words = {
        Relation.SAME: Text("", ""),
        Relation.RENAMED: Text(
            f"规划所称“{asked.zh}”,统计上现称“{name.zh}”。",
            f'What the plan calls "{asked.en}" is now published as "{name.en}".',
        ),
        Relation.PROXY: Text(
            f"没有“{asked.zh}”的同口径数据,以相近的“{name.zh}”代替。",
            f'No figures were found for "{asked.en}" itself; "{name.en}" stands in for it.',
        ),
        Relation.NARROWER: Text(
            f"“{name.zh}”范围窄于规划口径,只能作下限。",
            f'"{name.en}" covers less than the plan means and gives a lower bound only.',
        ),
        Relation.WIDER: Text(
            f"“{name.zh}”范围宽于规划口径,只能作上限。",
            f'"{name.en}" covers more than the plan means and gives an upper bound only.',
        ),
    }
    said = words[rule.relation]
    return join([said, sentence(rule.reason)]) if said.en and rule.reason else said
