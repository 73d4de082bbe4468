"""Targets without a figure to reach: milestones, and qualitative aims.

A milestone is reached when the first evidence rule's indicator shows the figure that the pack
declares; a qualitative aim is never judged, but the evidence about it is listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qiantang.engine.targets.confidence import NOT_DUE, NOTHING, confidence_of
from qiantang.engine.targets.evidence import account_for
from qiantang.engine.targets.facts import Speaker
from qiantang.engine.targets.finding import Finding, How, Outcome
from qiantang.engine.targets.numbers import usable
from qiantang.engine.targets.selection import Question, Selection
from qiantang.engine.targets.sentences import relation_text
from qiantang.engine.targets.series import Reading, Series
from qiantang.engine.targets.setaside import set_aside
from qiantang.engine.targets.spans import Goal, Point
from qiantang.engine.targets.verdicts import Evidence, Rejected, TargetAssessment, Use, Verdict
from qiantang.engine.targets.wording import amount, day, sentence
from qiantang.kernel.text import Text, join
from qiantang.packkit.plans import Direction, Target, TargetKind

_NO_NUMBER = Text(
    "规划没有给出可比较的数值，不作量化判定。", "The plan gives no number to compare with."
)
_NOTHING_SHOWS = Text(
    "没有找到可证明该节点已达成的公布数据。",
    "No published figure was found that shows it reached.",
)


def assess_milestone(
    question: Question, selection: Selection, series: Sequence[Series]
) -> TargetAssessment:
    """Reached or not shown; before the deadline, a milestone not shown is not yet due."""
    target = question.target
    mark = target.reached_when
    first = target.evidence[0].indicator if target.evidence else ""
    own = next((s for s in series if s.rule.indicator == first), None)
    if target.kind is not TargetKind.MILESTONE:
        return _not_shown(question, selection, series, _NO_NUMBER)
    if mark is None or not usable(mark):
        return _not_shown(question, selection, series, _NOTHING_SHOWS)
    down = target.direction is Direction.DOWN
    goal = Goal(None, mark, mark=mark) if down else Goal(mark, None, mark=mark)
    reading = _first_reached(own, goal, target.due) if own else None
    if own is None or reading is None:
        return _not_shown(question, selection, series, _needs(target, own))
    return _reached(question, selection, series, Finding(own, Outcome.REACHED, How.VALUE, reading))


def _first_reached(series: Series, goal: Goal, due: date | None) -> Reading | None:
    """The first year up to the deadline in which every standing source shows the figure."""
    for year in series.by_year:
        reading = series.at(year, goal.judge)
        late = due is not None and year > due.year
        if reading and not late and all(goal.judge(s) for s in reading.spans):
            return reading
    return None


def _reached(
    question: Question, selection: Selection, series: Sequence[Series], f: Finding
) -> TargetAssessment:
    target = question.target
    speaker = Speaker(target, f.series, question.indicators)
    evidence, rejected, conflicts = account_for(f, series, speaker)
    said = sentence(speaker.of_year(f.reading)) if f.reading else Text("", "")
    judged = Text("有公布的实际数，即视为节点达成。", "A published figure shows it reached.")
    if target.reached_when is not None and target.reached_when > 1:
        mark = amount(target.reached_when, target.unit)
        judged = Text(
            f"达到{mark.zh}即视为节点达成。", f"The milestone counts as reached at {mark.en}."
        )
    return TargetAssessment(
        target,
        question.as_of,
        Verdict.MILESTONE_REACHED,
        join([t for t in (said, judged, relation_text(speaker)) if t.en]),
        confidence_of(f),
        value=f.reading.point.value if f.reading else None,
        unit=target.unit,
        period=f.reading.point.observation.period if f.reading else None,
        measure=f.series.rule,
        conflicts=conflicts,
        evidence=evidence,
        rejected=(*selection.rejected, *rejected),
    )


def _needs(target: Target, own: Series | None) -> Text:
    mark = amount(target.reached_when, target.unit) if target.reached_when is not None else None
    if own is None or mark is None:
        return Text("没有找到显示该节点达成的数据。", "No figure was found that shows it.")
    asked = Text(f"数据未显示达到{mark.zh}。", f" do not show {mark.en}.")
    if target.due is None:
        return Text(f"已有{asked.zh}", f"The figures found{asked.en}")
    due = target.due.year
    if min(own.by_year) > due:
        return Text(f"截至{due}年没有相关数据。", f"There are no figures up to the end of {due}.")
    return Text(f"截至{due}年的{asked.zh}", f"The figures up to the end of {due}{asked.en}")


def _not_shown(
    question: Question, selection: Selection, series: Sequence[Series], why: Text
) -> TargetAssessment:
    target = question.target
    points = [p for s in series for year in s.by_year.values() for p in year]
    context, late = _by_deadline(points, target.due)
    pending = target.due is not None and question.as_of < target.due
    verdict = Verdict.NOT_YET_DUE if pending else Verdict.MILESTONE_NOT_SHOWN
    parts = [why]
    if pending and target.due:
        due = day(target.due)
        parts.append(Text(f"截止日为{due.zh}，尚未到期。", f"It is due on {due.en}."))
    elif context:
        parts.append(
            Text(
                f"有{len(context)}条相关数据可供参考。",
                f"Related figures are listed: {len(context)}.",
            )
        )
    return TargetAssessment(
        target,
        question.as_of,
        verdict,
        join(parts),
        NOT_DUE if pending else NOTHING,
        unit=target.unit,
        evidence=context,
        rejected=(*selection.rejected, *late),
    )


_CONTEXT = Text("与目标有关，供参考。", "It bears on the target: context.")


def _by_deadline(
    points: list[Point], due: date | None
) -> tuple[tuple[Evidence, ...], tuple[Rejected, ...]]:
    """All figures up to the deadline's year as context; later ones are set aside."""
    late = [p for p in points if due is not None and p.year > due.year]
    early = [p for p in points if due is None or p.year <= due.year]
    return (
        tuple(Evidence(p.observation, p.rule, Use.SUPPORTING, p.value, _CONTEXT) for p in early),
        tuple(set_aside(p.observation, "outside_period") for p in late),
    )
