"""The stable JSON form of an assessment: what the command line and the API give."""

from __future__ import annotations

from typing import Any

from qiantang.engine.targets.names import LEVEL_NAMES, USE_NAMES, VERDICT_NAMES, VERDICT_TONE
from qiantang.engine.targets.numbers import as_number
from qiantang.engine.targets.verdicts import (
    Bound,
    Conflict,
    Evidence,
    Gap,
    Pace,
    Rejected,
    TargetAssessment,
)
from qiantang.kernel.observations import Observation
from qiantang.kernel.periods import Period
from qiantang.kernel.text import Text
from qiantang.packkit.plans import Target


def as_json(a: TargetAssessment) -> dict[str, Any]:
    """One assessment as plain JSON values. Fields are only ever added, never renamed.

    Numbers are JSON numbers in ``unit`` (the target's unit) unless a neighbouring ``unit`` says
    otherwise; what is unknown is null; texts are ``{"zh", "en"}``; days are ISO 8601.
    """
    target = a.target
    return {
        "id": target.id,
        "name": target.name.as_dict(),
        "section": target.section,
        "quote": target.quote,
        "kind": target.kind.value,
        "division": target.division,
        "owner": target.owner,
        "as_of": a.as_of.isoformat(),
        "due": _due(target),
        "verdict": a.verdict.value,
        "verdict_name": VERDICT_NAMES[a.verdict].as_dict(),
        "tone": VERDICT_TONE[a.verdict],
        "confidence": a.confidence.level.value,
        "confidence_name": LEVEL_NAMES[a.confidence.level].as_dict(),
        "confidence_reason": a.confidence.reason.as_dict(),
        "reason": a.reason.as_dict(),
        "value": as_number(a.value),
        "unit": a.unit or target.unit,
        "period": _period(a.period),
        "target": _aim(target),
        "limits": {"low": as_number(target.low), "high": as_number(target.high)},
        "comparator": target.comparator.value if target.comparator else None,
        "direction": target.direction.value,
        "relation": a.measure.relation.value if a.measure else None,
        "measure": a.measure.indicator if a.measure else None,
        "gap": _gap(a.gap),
        "bound": _bound(a.bound),
        "pace": _pace(a.pace),
        "base": _base(a),
        "conflicts": [_conflict(c) for c in a.conflicts],
        "evidence": [_evidence(e) for e in a.evidence],
        "rejected": [_rejected(r) for r in a.rejected],
    }


def _text(text: Text | None) -> dict[str, str] | None:
    return text.as_dict() if text else None


def _period(period: Period | None) -> str | None:
    return str(period) if period else None


def _due(target: Target) -> dict[str, Any] | None:
    if target.due is None:
        return None
    first = target.due_from or target.due
    return {
        "from": first.isoformat(),
        "to": target.due.isoformat(),
        "basis": _text(target.due_basis),
    }


def _aim(target: Target) -> int | float | list[int | float] | None:
    """The target's figure; both ends of a range; None where the plan gives none."""
    low, high = as_number(target.low), as_number(target.high)
    if low is not None and high is not None and low != high:
        return [low, high]
    return low if low is not None else high


def _gap(gap: Gap | None) -> dict[str, Any] | None:
    if gap is None:
        return None
    return {"absolute": as_number(gap.absolute), "relative": as_number(gap.relative)}


def _bound(bound: Bound | None) -> dict[str, Any] | None:
    if bound is None:
        return None
    return {
        "low": as_number(bound.low),
        "high": as_number(bound.high),
        "reason": bound.reason.as_dict(),
    }


def _pace(pace: Pace | None) -> dict[str, Any] | None:
    if pace is None:
        return None
    return {
        "mode": pace.mode,
        "needed": as_number(pace.needed),
        "seen": as_number(pace.seen),
        "first": _period(pace.first),
        "last": _period(pace.last),
    }


def _base(a: TargetAssessment) -> dict[str, Any] | None:
    base = a.target.base
    if base is None:
        return None
    return {
        "year": base.year,
        "mode": base.mode,
        "value": as_number(a.base_value),
        "needed": as_number(a.base_needed),
    }


def _conflict(c: Conflict) -> dict[str, Any]:
    return {
        "period": str(c.period),
        "observations": [figure_form(o) for o in c.observations],
        "chosen": as_number(c.chosen),
        "resolved_by": c.resolved_by,
        "reason": c.reason.as_dict(),
    }


def _evidence(e: Evidence) -> dict[str, Any]:
    return {
        **figure_form(e.observation),
        "use": e.use.value,
        "use_name": USE_NAMES[e.use].as_dict(),
        "relation": e.rule.relation.value,
        "compared_value": as_number(e.value),
        "reason": e.reason.as_dict(),
    }


def _rejected(r: Rejected) -> dict[str, Any]:
    return {**figure_form(r.observation), "code": r.code, "reason": r.reason.as_dict()}


def figure_form(o: Observation) -> dict[str, Any]:
    """A figure with its source, as evidence and lists of figures show it."""
    source = o.source
    return {
        "id": o.id,
        "revision": o.revision,
        "indicator": o.indicator,
        "division": o.division,
        "period": str(o.period),
        "value": as_number(o.value),
        "unit": o.unit,
        "kind": o.kind.value,
        "grade": source.grade,
        "source_title": source.title,
        "source_address": source.address,
        "published": source.published.isoformat() if source.published else None,
        "quote": source.quote,
        "scope_note": o.scope_note,
        "quality_flag": o.quality_flag,
    }
