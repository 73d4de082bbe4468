"""The judgement of one target: evidence selected, measures weighed, the finding put into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import localcontext

from qiantang.engine.targets.confidence import NOT_DUE, NOTHING
from qiantang.engine.targets.facts import Speaker
from qiantang.engine.targets.finding import Finding, How, Outcome
from qiantang.engine.targets.milestones import assess_milestone
from qiantang.engine.targets.selection import Question, Selection, select
from qiantang.engine.targets.series import Series
from qiantang.engine.targets.setaside import set_aside
from qiantang.engine.targets.spans import Goal, Span, goal_of
from qiantang.engine.targets.telling import tell
from qiantang.engine.targets.verdicts import Rejected, TargetAssessment, Verdict
from qiantang.engine.targets.weighing import series_of, weigh
from qiantang.engine.targets.wording import day
from qiantang.kernel.observations import Observation
from qiantang.kernel.text import Text, join
from qiantang.packkit.compiled import Indicator
from qiantang.packkit.plans import Rules, Target, TargetKind


def assess_target(
    target: Target,
    rules: Rules,
    observations: Iterable[Observation],
    indicators: Mapping[str, Indicator],
    as_of: date,
) -> TargetAssessment:
    """The verdict on one target with what was known on ``as_of``.

    ``observations`` may hold anything, in any order; those of indicators that the target does not
    name are passed over. Never raises on odd figures: they are set aside with a reason.
    """
    with localcontext(prec=40):
        question = Question(target, rules, indicators, as_of)
        selection = select(question, observations)
        series = series_of(question, selection)
        if target.kind is not TargetKind.QUANTITY:
            return assess_milestone(question, selection, series)
        goal = goal_of(target, rules)
        if goal is None:
            return _no_goal(question, selection, series)
        if not series:
            return _no_figures(question, selection)
        return _assess(question, selection, series, goal)


def _assess(
    question: Question, selection: Selection, series: Sequence[Series], goal: Goal
) -> TargetAssessment:
    target = question.target
    f = weigh(question, series, goal)[0]
    pending = target.due is not None and question.as_of < target.due
    if pending and not _reached_early(question, f):
        return _pending(question, selection, series, f, goal)
    return tell(question, selection, series, f, goal)


def _reached_early(question: Question, f: Finding) -> bool:
    """A window is open until its last day, but once reached it stays reached."""
    target = question.target
    if target.due is None or target.due_from is None or target.due_from > question.as_of:
        return False
    return target.due_from.year < target.due.year and f.outcome is Outcome.REACHED


def _pending(
    question: Question, selection: Selection, series: Sequence[Series], f: Finding, goal: Goal
) -> TargetAssessment:
    """Not yet due: the latest figure and its distance are shown, but nothing is decided."""
    latest = _latest(question, f)
    told = tell(question, selection, series, latest, goal)
    text = [_not_due(question)]
    if latest.reading is not None:
        speaker = Speaker(question.target, f.series, question.indicators)
        value = told.value
        reached = None if value is None else goal.judge(Span.exactly(value)) is True
        text.append(_so_far(speaker.of_year(latest.reading), reached))
    return replace(
        told, verdict=Verdict.NOT_YET_DUE, reason=join(text), confidence=NOT_DUE, bound=None
    )


def _not_due(question: Question) -> Text:
    due = day(question.target.due or question.as_of)
    return Text(f"截止日为{due.zh}，尚未到期。", f"It is due on {due.en}; the day has not come.")


def _so_far(said: Text, reached: bool | None) -> Text:
    """The latest figure; ``reached`` is None for one that cannot be compared yet."""
    zh, en = f"最近的已知数：{said.zh}", f"The latest known: {said.en}"
    if reached is None:
        return Text(f"{zh}。", f"{en}.")
    more = ("已达到", "already reaches") if reached else ("尚未达到", "does not yet reach")
    return Text(f"{zh}，{more[0]}目标。", f"{en}, which {more[1]} the target.")


def _latest(question: Question, f: Finding) -> Finding:
    """The finding stripped to the latest year with a figure."""
    values = f.series.values() or [r for y in f.series.by_year if (r := f.series.at(y))]
    reading = values[-1] if values else None
    return Finding(f.series, Outcome.OPEN, How.NONE, reading, base=f.base)


def _no_goal(
    question: Question, selection: Selection, series: Sequence[Series]
) -> TargetAssessment:
    text = Text("目标没有可比较的数值，无法判定。", "The target names no figure to compare with.")
    return _empty(question, (*selection.rejected, *_all_aside(series, "no_number")), text)


def _no_figures(question: Question, selection: Selection) -> TargetAssessment:
    number = len(selection.rejected)
    text = Text("没有找到与该目标对应的数据。", "No figures were found for this target.")
    if number:
        text = Text(
            f"没有可用的数据；{number}条相关数据均未采用，原因见下。",
            f"There is no usable figure; those set aside, with reasons: {number}.",
        )
    return _empty(question, selection.rejected, text)


def _all_aside(series: Sequence[Series], code: str) -> list[Rejected]:
    points = [p for s in series for year in s.by_year.values() for p in year]
    return [set_aside(p.observation, code) for p in points]


def _empty(question: Question, rejected: tuple[Rejected, ...], text: Text) -> TargetAssessment:
    target = question.target
    verdict, sure = Verdict.NO_EVIDENCE, NOTHING
    if target.due is not None and question.as_of < target.due:
        verdict, sure = Verdict.NOT_YET_DUE, NOT_DUE
        text = join([_not_due(question), text])
    return TargetAssessment(
        target, question.as_of, verdict, text, sure, unit=target.unit, rejected=rejected
    )
