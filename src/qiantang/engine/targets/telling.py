"""A finding told as an assessment: verdict, value, gap, bound, pace, evidence and reason."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from qiantang.engine.targets.change import base_needed, change, change_of
from qiantang.engine.targets.confidence import confidence_of
from qiantang.engine.targets.evidence import account_for
from qiantang.engine.targets.facts import Speaker, between
from qiantang.engine.targets.finding import Finding, How, Outcome
from qiantang.engine.targets.numbers import PLACES, tidy
from qiantang.engine.targets.pace import pace_of
from qiantang.engine.targets.selection import Question, Selection
from qiantang.engine.targets.sentences import explain
from qiantang.engine.targets.series import Series
from qiantang.engine.targets.spans import Goal, Span
from qiantang.engine.targets.verdicts import Bound, Gap, TargetAssessment, Verdict
from qiantang.kernel.text import Text, join
from qiantang.packkit.plans import Relation, Target

_NEAR: Final = (Relation.RENAMED, Relation.PROXY)
_PLAIN: Final = {
    Outcome.REACHED: Verdict.MET,
    Outcome.MISSED: Verdict.NOT_MET,
    Outcome.LIKELY_REACHED: Verdict.LIKELY_MET,
    Outcome.LIKELY_MISSED: Verdict.LIKELY_NOT_MET,
    Outcome.CONFLICT: Verdict.UNDECIDED,
    Outcome.OPEN: Verdict.NO_EVIDENCE,
}


def tell(
    question: Question, selection: Selection, series: Sequence[Series], f: Finding, goal: Goal
) -> TargetAssessment:
    target = question.target
    speaker = Speaker(target, f.series, question.indicators)
    value = _value(f, target)
    gap = _gap(value, goal, target)
    bound = _bound(f, target, speaker)
    evidence, rejected, conflicts = account_for(f, series, speaker)
    needed = _base_needed(f, goal, target)
    said = explain(f, speaker, question.rules, value=value, gap=gap, bound=bound)
    return TargetAssessment(
        target,
        question.as_of,
        _verdict(f),
        _with_base(said, needed, speaker),
        confidence_of(f),
        value=value,
        unit=target.unit,
        period=f.reading.point.observation.period if f.reading and value is not None else None,
        measure=f.series.rule,
        gap=gap,
        bound=bound,
        base_needed=needed,
        base_value=f.base.value if f.base else None,
        pace=pace_of(f, target, goal),
        conflicts=conflicts,
        evidence=evidence,
        rejected=(*selection.rejected, *rejected),
    )


def _verdict(f: Finding) -> Verdict:
    plain = _PLAIN[f.outcome]
    if f.series.rule.relation in _NEAR:
        near = {Verdict.MET: Verdict.MET_NEAR, Verdict.NOT_MET: Verdict.NOT_MET_NEAR}
        return near.get(plain, plain)
    return plain


def _value(f: Finding, target: Target) -> Decimal | None:
    """The figure that is compared: the level, or the change since the base."""
    if f.level is None or f.series.rule.relation in (Relation.NARROWER, Relation.WIDER):
        return None
    if target.base is None:
        return f.level
    if f.base is None or f.base.value is None or f.base.span is None:
        return None
    return change_of(f.level, f.base.value, target.base.mode)


def _gap(value: Decimal | None, goal: Goal, target: Target) -> Gap | None:
    if value is None:
        return None
    absolute = goal.distance(value, target)
    return Gap(absolute, absolute / abs(goal.mark) if goal.mark else None)


def _bound(f: Finding, target: Target, speaker: Speaker) -> Bound | None:
    span = f.bound
    if span is None and f.reading and f.how in (How.LIMIT, How.MARGIN, How.SCOPE):
        span = f.reading.span
    if target.base is not None:
        level = span or (f.reading.span if f.reading else None)
        base = f.base.around if f.base else None
        known = level is not None and base is not None and (span or not f.base_firm)
        span = change(level, base, target.base.mode) if known and level and base else None
    if span is None or (span.low is None and span.high is None):
        return None
    return Bound(_rounded(span.low), _rounded(span.high), _bound_text(span, speaker))


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else tidy(round(value, PLACES))


def _bound_text(span: Span, speaker: Speaker) -> Text:
    low = speaker.figure(span.low) if span.low is not None else None
    high = speaker.figure(span.high) if span.high is not None else None
    where = between(low, high)
    if speaker.target.base is not None:
        return Text(
            f"按已知年份的上下限，变化幅度{where.zh}。",
            f"By the years known around the base, the change is {where.en}.",
        )
    return Text(f"由此推知目标时期的数{where.zh}。", f"So the figure asked for is {where.en}.")


def _base_needed(f: Finding, goal: Goal, target: Target) -> Decimal | None:
    if target.base is None or f.level is None or (f.base is not None and f.base.firm):
        return None
    return base_needed(f.level, goal, target.base.mode)


def _with_base(said: Text, needed: Decimal | None, speaker: Speaker) -> Text:
    base = speaker.target.base
    if needed is None or base is None:
        return said
    level = speaker.level(needed)
    asked = Text(
        f"要恰好达标，{base.year}年基期值应为{level.zh}。",
        f"The target would be met exactly from a base of {level.en} in {base.year}.",
    )
    return join([said, asked])
