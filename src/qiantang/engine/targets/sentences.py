"""The reason of a verdict, as a statistician would write it, in both languages."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from qiantang.engine.targets.arguments import argument
from qiantang.engine.targets.facts import Speaker, base_text, conflict_text, gap_text
from qiantang.engine.targets.finding import Finding, Outcome
from qiantang.engine.targets.verdicts import Bound, Gap
from qiantang.engine.targets.wording import goal_text, percent, sentence
from qiantang.kernel.text import Text, join
from qiantang.packkit.plans import Comparator, Direction, Relation, Rules

_CLOSING: Final = {
    Outcome.REACHED: Text("目标已实现。", "The target was met."),
    Outcome.MISSED: Text("目标未实现。", "The target was not met."),
    Outcome.LIKELY_REACHED: Text("目标很可能已实现。", "The target was likely met."),
    Outcome.LIKELY_MISSED: Text("目标很可能未实现。", "The target was likely not met."),
    Outcome.CONFLICT: Text(
        "各数不全在目标的同一侧，无法判定。",
        "They do not lie on one side of the target, so it stays undecided.",
    ),
    Outcome.OPEN: Text("现有证据不足以判定。", "The evidence does not decide."),
}


_NOTHING: Final = Text("", "")


def explain(
    f: Finding,
    speaker: Speaker,
    rules: Rules,
    *,
    value: Decimal | None,
    gap: Gap | None,
    bound: Bound | None,
) -> Text:
    """Facts, then the goal, then the conclusion, then what the measure is."""
    parts = [
        _conflict(f, speaker),
        *argument(f, speaker, rules, bound),
        _base(f, speaker),
        _risen(f, speaker, value),
        bound.reason if bound and speaker.target.base and not f.trend else _NOTHING,
        _goal(f, speaker, rules, gap),
        _closing(f),
        relation_text(speaker),
    ]
    return join([p for p in parts if p.en])


def _closing(f: Finding) -> Text:
    """The conclusion; on a measure that only stands for the plan's own, it says so."""
    said = _CLOSING[f.outcome]
    decided = f.outcome not in (Outcome.CONFLICT, Outcome.OPEN)
    if decided and f.series.rule.relation in (Relation.RENAMED, Relation.PROXY):
        return Text(f"按此指标，{said.zh}", f"On this measure t{said.en[1:]}")
    return said


def _conflict(f: Finding, speaker: Speaker) -> Text:
    if f.reading is None or len(f.reading.settled.camps) < 2:
        return _NOTHING
    return conflict_text(f.reading.settled, f.reading.year, speaker)


def _base(f: Finding, speaker: Speaker) -> Text:
    base = speaker.target.base
    return base_text(f.base, base.year, speaker) if f.base and base else _NOTHING


def _risen(f: Finding, speaker: Speaker, value: Decimal | None) -> Text:
    """The change since the base, for targets that ask for one."""
    base = speaker.target.base
    if value is None or base is None or f.reading is None:
        return _NOTHING
    said, growth, up = speaker.figure(abs(value)), base.mode == "growth", value >= 0
    zh = ("增长" if growth else "提高") if up else "下降"
    en = ("grew" if growth else "rose") if up else "fell"
    return Text(
        f"{f.reading.year}年比{base.year}年{zh}{said.zh}。",
        f"From {base.year} to {f.reading.year} it {en} by {said.en}.",
    )


def _goal(f: Finding, speaker: Speaker, rules: Rules, gap: Gap | None) -> Text:
    """The goal with the tolerance that an "about" allows, and how far off the figure is."""
    said = goal_text(speaker.target)
    zh, en = f"目标为{said.zh}", f"The target was {said.en}"
    if speaker.target.comparator is Comparator.ABOUT:
        slack = _slack(speaker.target.direction, percent(rules.about_tolerance))
        zh, en = f"{zh}（{slack.zh}）", f"{en} ({slack.en})"
    if gap is not None and f.reading is not None and f.outcome is not Outcome.CONFLICT:
        distance = gap_text(gap, speaker.target)
        zh, en = f"{zh}，该数{distance.zh}", f"{en}; the result is {distance.en}"
    return sentence(Text(zh, en))


def _slack(direction: Direction, share: str) -> Text:
    """What "about" allows, on the side that matters."""
    match direction:
        case Direction.UP:
            return Text(f"低{share}以内仍算达到", f"up to {share} less still counts")
        case Direction.DOWN:
            return Text(f"高{share}以内仍算达到", f"up to {share} more still counts")
    return Text(f"容差{share}", f"give or take {share}")


def relation_text(speaker: Speaker) -> Text:
    """How the measure stands to what the plan names; empty when it is the same."""
    rule, name = speaker.series.rule, speaker.title
    asked = speaker.target.name
    words = {
        Relation.SAME: Text("", ""),
        Relation.RENAMED: Text(
            f"规划所称“{asked.zh}”，统计上现称“{name.zh}”。",
            f'What the plan calls "{asked.en}" is now published as "{name.en}".',
        ),
        Relation.PROXY: Text(
            f"没有“{asked.zh}”的同口径数据，以相近的“{name.zh}”代替。",
            f'No figures were found for "{asked.en}" itself; "{name.en}" stands in for it.',
        ),
        Relation.NARROWER: Text(
            f"“{name.zh}”范围窄于规划口径，只能作下限。",
            f'"{name.en}" covers less than the plan means and gives a lower bound only.',
        ),
        Relation.WIDER: Text(
            f"“{name.zh}”范围宽于规划口径，只能作上限。",
            f'"{name.en}" covers more than the plan means and gives an upper bound only.',
        ),
    }
    said = words[rule.relation]
    return join([said, sentence(rule.reason)]) if said.en and rule.reason else said
