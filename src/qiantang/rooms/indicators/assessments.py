"""How plans stand: computed verdicts with overrules and history beside them.

A verdict is a pure function of plan, figures and day, so the view is computed and kept per
snapshot of the lake; what is stored is only its history.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count
from django.utils import timezone

from qiantang.engine.targets import VERDICT_TONE, as_json, assess_plan
from qiantang.engine.targets.verdicts import Verdict
from qiantang.kernel.errors import NotFound
from qiantang.kernel.text import Text
from qiantang.packkit.plans import Plan
from qiantang.rooms.indicators import store
from qiantang.rooms.indicators.errors import DayOutOfRange, NoSuchDivision
from qiantang.rooms.indicators.judging import evidence, plan_of, target_of
from qiantang.rooms.indicators.models import Overrule, VerdictRecord
from qiantang.rooms.indicators.shapes import (
    AssessmentView,
    OverruleView,
    TargetRow,
    VerdictEntry,
)
from qiantang.rooms.indicators.views import overrule_view, verdict_entry
from qiantang.rooms.shelf import selectors as shelf

TONES: Final = ("good", "bad", "warn", "unknown", "pending")
FIRST_DAY: Final = date(1949, 10, 1)
LAST_DAY: Final = date(2100, 12, 31)
_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class _Computed:
    """The judging of a plan for one snapshot, day and division."""

    plan: Plan
    at: datetime
    results: tuple[tuple[str, dict[str, Any]], ...]


_computed: dict[tuple[str, str, int | None, date, str | None], _Computed] = {}


def assessment(
    plan_id: str, as_of: date | None = None, division: str | None = None
) -> AssessmentView:
    """How a plan stands now, or as of a past day with what was known then.

    With ``division`` only the targets that the plan sets for it. Raises `NoSuchPlan`,
    `NoSuchDivision`, `DayOutOfRange`.
    """
    day = as_of or timezone.localdate()
    plan = plan_of(plan_id, day)
    if as_of is not None and not FIRST_DAY <= as_of <= LAST_DAY:
        raise DayOutOfRange(found=as_of, expected=f"{FIRST_DAY} – {LAST_DAY}")
    place = _place(division or plan.division)
    known = _compute(plan, day, as_of is not None, division)
    data = dict(known.results)
    standing = {o.target: o for o in overrules(plan.id)} if as_of is None else {}
    past = _history_counts(plan.id)
    rows = tuple(
        TargetRow(
            target=t,
            data=data[t.id],
            tone=VERDICT_TONE[Verdict(data[t.id]["verdict"])],
            overrule=_fitting(standing.get(t.id), division),
            history=past.get(t.id, 0),
        )
        for t in plan.targets
        if t.id in data
    )
    counts = Counter(row.tone for row in rows)
    return AssessmentView(
        plan=plan,
        as_of=day,
        division=division or plan.division,
        rows=rows,
        counts={tone: counts.get(tone, 0) for tone in TONES},
        headline=_headline(rows, counts, as_of, place),
        computed_at=known.at,
        snapshot=store.snapshot(),
    )


def assess_as_of(plan_id: str, as_of: date, division: str | None = None) -> AssessmentView:
    """`assessment` as of a past day, from what was known then."""
    return assessment(plan_id, as_of, division)


def target_history(
    plan_id: str, target_id: str, division: str | None = None
) -> tuple[VerdictEntry, ...]:
    """Every computed verdict of a target with its dates, newest first."""
    target = target_of(plan_of(plan_id), target_id)
    found = VerdictRecord.objects.filter(
        plan=plan_id, target=target_id, division=division or target.division
    )
    return tuple(verdict_entry(record) for record in found)


def verdict_history(plan_id: str) -> tuple[VerdictEntry, ...]:
    """Every computed verdict of every target of a plan, newest first, for export."""
    found = VerdictRecord.objects.filter(plan=plan_of(plan_id).id)
    return tuple(verdict_entry(record) for record in found)


def overrules(
    plan_id: str, target_id: str | None = None, *, withdrawn: bool = False
) -> tuple[OverruleView, ...]:
    """Overrules in force; with ``withdrawn`` also those taken back, newest first."""
    found = Overrule.objects.filter(plan=plan_id)
    if target_id is not None:
        found = found.filter(target=target_id)
    if not withdrawn:
        found = found.filter(withdrawn_at__isnull=True)
    return tuple(overrule_view(o) for o in found)


def _compute(plan: Plan, day: date, past: bool, division: str | None) -> _Computed:
    key = (plan.id, str(store.folder()), store.snapshot(), day, division)
    kept = _computed.get(key)
    if kept is not None and kept.plan == plan:
        return kept
    holding = evidence(t for t in plan.targets if division is None or t.division == division)
    figures = holding.known_at(day) if past else holding.latest
    results = assess_plan(plan, figures, shelf.indicators(), day, division=division)
    fresh = _Computed(plan, timezone.now(), tuple((r.target.id, as_json(r)) for r in results))
    while len(_computed) >= _KEPT:
        _computed.pop(next(iter(_computed)), None)
    _computed[key] = fresh
    return fresh


def _place(code: str) -> Text:
    try:
        return shelf.division(code).name
    except NotFound:
        raise NoSuchDivision(found=code) from None


def _history_counts(plan_id: str) -> dict[str, int]:
    counted = (
        VerdictRecord.objects.filter(plan=plan_id)
        .order_by()
        .values("target")
        .annotate(number=Count("pk"))
    )
    return {row["target"]: row["number"] for row in counted}


def _fitting(found: OverruleView | None, division: str | None) -> OverruleView | None:
    return found if found and (division is None or found.division == division) else None


def _headline(
    rows: tuple[TargetRow, ...], counts: Counter[str], since: date | None, place: Text
) -> Text:
    """The state of the plan in one sentence; ``since`` is the past day of judging, if any."""
    if not rows:
        return Text(
            f"本规划没有为{place.zh}单独设定目标。", f"The plan sets no target for {place.en}."
        )
    parts = [
        (counts["good"], Text("项已实现或很可能实现", "met or likely met")),
        (counts["bad"], Text("项未实现或很可能未实现", "not met or likely not met")),
        (
            counts["unknown"] + counts["warn"],
            Text("项证据不足或来源冲突", "without decisive evidence"),
        ),
        (counts["pending"], Text("项尚未到期", "not yet due")),
    ]
    told = [(n, text) for n, text in parts if n]
    zh = f"{len(rows)} 项目标中，" + "，".join(f"{n} {t.zh}" for n, t in told) + "。"
    en = f"{len(rows)} targets: " + ", ".join(f"{n} {t.en}" for n, t in told) + "."
    if since is None:
        return Text(zh, en)
    return Text(f"以 {since} 时已知的数据判断：{zh}", f"As known on {since}: {en}")
