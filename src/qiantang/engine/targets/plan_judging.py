"""A whole plan, or very many targets over a large table, judged without looking at a row twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from qiantang.engine.targets.judging import assess_target
from qiantang.engine.targets.verdicts import TargetAssessment
from qiantang.kernel.observations import Observation
from qiantang.packkit.compiled import Indicator
from qiantang.packkit.plans import Plan, Rules, Target

if TYPE_CHECKING:
    import pyarrow as pa

_Key = tuple[str, str]


def assess_plan(
    plan: Plan,
    observations: Iterable[Observation],
    indicators: Mapping[str, Indicator],
    as_of: date,
    division: str | None = None,
) -> tuple[TargetAssessment, ...]:
    """All targets of the plan in its order; with ``division``, only those set for it.

    Figures of other divisions are left out before judging, so they are not among the set-aside.
    """
    groups: dict[_Key, list[Observation]] = defaultdict(list)
    for o in observations:
        groups[o.indicator, o.division].append(o)
    return tuple(
        assess_target(t, plan.rules, _gather(t, groups), indicators, as_of)
        for t in plan.targets
        if division is None or t.division == division
    )


def _gather(target: Target, groups: Mapping[_Key, list[Observation]]) -> list[Observation]:
    names = dict.fromkeys(r.indicator for r in target.evidence)
    return [o for name in names for o in groups.get((name, target.division), ())]


def assess_many(
    targets: Sequence[Target],
    rules: Rules,
    table: pa.Table,
    indicators: Mapping[str, Indicator],
    as_of: date,
) -> Iterator[TargetAssessment]:
    """Assessments in the order of ``targets``, made one at a time from a columnar table.

    Only the rows of a target's indicators and division ever become objects, and only while that
    target is judged; take what is needed from each assessment and let it go.
    """
    index = _Index(table, targets)
    for target in targets:
        yield assess_target(target, rules, index.rows(target), indicators, as_of)


class _Index:
    """Where the rows of each (indicator, division) lie in the table."""

    def __init__(self, table: pa.Table, targets: Sequence[Target]) -> None:
        from qiantang.engine.targets.columns import Grouped

        self.grouped = Grouped(
            table, {(r.indicator, t.division) for t in targets for r in t.evidence}
        )

    def rows(self, target: Target) -> list[Observation]:
        from qiantang.engine.targets.rows import from_table

        found: list[Observation] = []
        for name in dict.fromkeys(r.indicator for r in target.evidence):
            found += from_table(self.grouped.rows(name, target.division))
        return found
