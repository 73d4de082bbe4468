"""How sure a verdict is, and why: grade, number of sources, kind, measure, conflict, argument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qiantang.engine.targets.conflicts import grade_rank, sources
from qiantang.engine.targets.finding import BaseHow, Finding, How, Outcome
from qiantang.engine.targets.names import LEVEL_NAMES
from qiantang.engine.targets.spans import Point
from qiantang.engine.targets.verdicts import Confidence, Level
from qiantang.kernel.observations import GRADES
from qiantang.kernel.text import Text, join
from qiantang.packkit.plans import Relation

_LEVELS: Final = (Level.NONE, Level.LOW, Level.MEDIUM, Level.HIGH)
_BY_GRADE: Final = {"A": 3, "A-": 3, "B": 2, "B-": 2}
_GOOD: Final = GRADES.index("B-")

NOTHING: Final = Confidence(
    Level.NONE, Text("没有可据以判定的证据。", "There is no evidence that decides.")
)

CONFLICTING: Final = Confidence(
    Level.NONE,
    Text("来源互相冲突，尚无法取舍。", "The sources conflict and nothing settles it."),
)
NOT_DUE: Final = Confidence(
    Level.NONE, Text("尚未到期，不作判定。", "It is not yet due, so nothing is decided.")
)

_ARGUMENT: Final = {
    How.MARGIN: (2, Text("目标落在数据误差范围内", "the target lies within the figure's margin")),
    How.PART: (2, Text("依据年内部分时期的数", "it rests on part of a year")),
    How.NEIGHBOURS: (2, Text("依据相邻年份推断", "it is inferred from other years")),
    How.SCOPE: (2, Text("依据范围不同的指标作上下限", "a measure of another scope bounds it")),
    How.LIMIT: (3, Text("来源只给出上限或下限", "the source gives a limit only")),
}


def confidence_of(f: Finding) -> Confidence:
    """The level with its reason, for a finding that decides; `NOTHING` for one that does not."""
    if f.outcome is Outcome.CONFLICT:
        return CONFLICTING
    if f.outcome is Outcome.OPEN:
        return NOTHING
    score, said = _sources(_deciding(f)) if f.reading else _years(f)
    for lowered, why in _doubts(f):
        score += lowered
        said.append(why)
    ceiling = 3
    if f.how in _ARGUMENT:
        ceiling, argument = _ARGUMENT[f.how]
        said.append(argument)
    if f.base is not None and not f.base.firm:
        ceiling = 1
        said.append(_base_doubt(f.base.how))
    level = _LEVELS[max(1, min(score, ceiling))]
    return Confidence(level, _reason(level, said))


def _deciding(f: Finding) -> list[Point]:
    """The figures that carry the verdict: those of the year's standing camp."""
    if f.reading is None:
        return []
    camp = f.reading.settled.stands
    return camp.points if camp else [f.reading.point]


def _sources(points: Sequence[Point]) -> tuple[int, list[Text]]:
    """Grade of the best source, raised when independent sources agree."""
    best = min((grade_rank(p.observation) for p in points), default=len(GRADES) - 1)
    grade = GRADES[min(best, len(GRADES) - 1)]
    good = sources([p for p in points if grade_rank(p.observation) <= _GOOD])
    number = sources(points)
    score = _BY_GRADE.get(grade, 1)
    if good >= 2 or (score == 1 and number >= 2):
        score += 1
    said = [Text(f"最可靠来源为{grade}级", f"the best source is of grade {grade}")]
    said.append(
        Text(f"{number}个独立来源一致", f"{number} independent sources agree")
        if number > 1
        else Text("仅一个来源", "there is one source")
    )
    return score, said


def _years(f: Finding) -> tuple[int, list[Text]]:
    """An inference from several years is as good as the weakest of them."""
    camps = [[r.point] if r.settled.stands is None else r.settled.stands.points for r in f.readings]
    ranks = [min(grade_rank(p.observation) for p in points) for points in camps]
    grade = GRADES[min(max(ranks, default=len(GRADES)), len(GRADES) - 1)]
    said = Text(
        f"所依据年份中最弱的来源为{grade}级", f"the weakest year rests on a source of grade {grade}"
    )
    return _BY_GRADE.get(grade, 1), [said]


def _doubts(f: Finding) -> list[tuple[int, Text]]:
    doubts: list[tuple[int, Text]] = []
    if f.series.rule.relation is Relation.PROXY:
        doubts.append((-1, Text("指标为近似口径", "the measure only stands near the plan's")))
    if f.series.rule.relation is Relation.RENAMED:
        doubts.append((0, Text("指标已更名", "the measure was renamed")))
    if f.reading and f.reading.settled.resolved_by:
        doubts.append((-1, Text("来源有冲突", "sources conflict")))
    if f.reading and f.reading.settled.harmless:
        doubts.append((0, Text("来源冲突不影响结论", "the conflict of sources does not matter")))
    return doubts


def _base_doubt(how: BaseHow) -> Text:
    if how is BaseHow.INTERPOLATED:
        return Text("基期值为内插所得", "the base is interpolated")
    return Text("基期值只有上下限", "the base is only bounded")


def _reason(level: Level, said: list[Text]) -> Text:
    name = LEVEL_NAMES[level]
    zh, en = "；".join(t.zh for t in said), "; ".join(t.en for t in said)
    return join([Text(f"可信度{name.zh}：{zh}。", f"{name.en.capitalize()}: {en}.")])
