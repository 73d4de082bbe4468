"""Judging plans by what is known, and keeping the history of verdicts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from qiantang.engine.targets import as_json, assess_target
from qiantang.engine.targets.verdicts import TargetAssessment
from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import Refused
from qiantang.packkit.plans import Plan, Target
from qiantang.rooms.indicators import policy, store
from qiantang.rooms.indicators.errors import NoSuchPlan, NoSuchTarget
from qiantang.rooms.indicators.events import VerdictChanged
from qiantang.rooms.indicators.guards import storage
from qiantang.rooms.indicators.models import VerdictRecord
from qiantang.rooms.indicators.shapes import VerdictEntry
from qiantang.rooms.indicators.views import verdict_entry
from qiantang.rooms.journal.services import emit, record
from qiantang.rooms.shelf import selectors as shelf


def reassess(
    actor: Actor,
    plan_id: str | None = None,
    targets: Iterable[str] | None = None,
    cause: str = "",
) -> list[VerdictEntry]:
    """Judge targets by the figures in force now; the new entries of the history.

    Nothing is written for a target whose result is unchanged.
    """
    if not policy.may_reassess(actor):
        raise Refused()
    today = timezone.localdate()
    plans = [plan_of(plan_id, today)] if plan_id else list(shelf.plans_in_force(today).values())
    chosen = set(targets) if targets is not None else None
    jobs = [(p, t) for p in plans for t in p.targets if chosen is None or t.id in chosen]
    return _judge(actor, jobs, cause)


def reassess_affected(
    actor: Actor, indicators: frozenset[str], cause: str = ""
) -> list[VerdictEntry]:
    """Judge again only the targets that any of the indicators bears on."""
    jobs = [
        (plan, target)
        for plan in shelf.plans_in_force(timezone.localdate()).values()
        for target in plan.targets
        if any(rule.indicator in indicators for rule in target.evidence)
    ]
    return _judge(actor, jobs, cause)


def reassess_ruled_by(actor: Actor, norm: str, cause: str = "") -> list[VerdictEntry]:
    """Judge again the plans whose rules take a figure from the norm (``pack.norm``)."""
    found = shelf.plans_in_force(timezone.localdate()).values()
    jobs = [(plan, t) for plan in found if norm in plan.rules.norms for t in plan.targets]
    return _judge(actor, jobs, cause)


def plan_of(plan_id: str, on: date | None = None) -> Plan:
    """A plan; with ``on`` with the rules in force on that day. Raises `NoSuchPlan`."""
    plans = shelf.plans() if on is None else shelf.plans_in_force(on)
    if plan_id not in plans:
        raise NoSuchPlan(found=plan_id, expected="、".join(plans) or "-")
    return plans[plan_id]


def target_of(plan: Plan, target_id: str) -> Target:
    """Raises `NoSuchTarget`."""
    found = plan.target(target_id)
    if found is None:
        expected = "、".join(t.id for t in plan.targets)
        raise NoSuchTarget(found=target_id, expected=expected)
    return found


def digest_of(data: Mapping[str, Any]) -> str:
    """The result's fingerprint without the day of judging, which alone changes nothing."""
    kept = {k: v for k, v in data.items() if k != "as_of"}
    written = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def evidence(targets: Iterable[Target]) -> store.Holding:
    """At least the figures that bear on any of the targets, with their revisions."""
    chosen = list(targets)
    indicators = {rule.indicator for t in chosen for rule in t.evidence}
    return store.holding(indicators, {t.division for t in chosen})


def _judge(actor: Actor, jobs: list[tuple[Plan, Target]], cause: str) -> list[VerdictEntry]:
    if not jobs:
        return []
    today, indicators = timezone.localdate(), shelf.indicators()
    figures = evidence(target for _, target in jobs).latest
    with storage(), transaction.atomic():
        made = []
        for plan, target in jobs:
            # Only its own division's, as `assess_plan` does: others are no evidence set aside.
            mine = [o for o in figures if o.division == target.division]
            result = assess_target(target, plan.rules, mine, indicators, today)
            entry = _keep(plan, result, today, cause)
            if entry is not None:
                made.append(entry)
        if made:
            detail = {"targets": [f"{e.plan}/{e.target}" for e in made], "cause": cause}
            record(actor, "indicators.reassessed", f"plan:{jobs[0][0].id}", detail)
    return [verdict_entry(e) for e in made]


def _keep(plan: Plan, result: TargetAssessment, today: date, cause: str) -> VerdictRecord | None:
    """Add to the history when the result's digest changed."""
    data = as_json(result)
    digest, now = digest_of(data), timezone.now()
    key = {"plan": plan.id, "target": result.target.id, "division": result.target.division}
    before = VerdictRecord.objects.filter(**key, superseded_at__isnull=True).first()
    if before is not None:
        if before.digest == digest:
            return None
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
    made = VerdictRecord.objects.create(
        **key,
        verdict=result.verdict.value,
        digest=digest,
        result=data,
        cause=cause[:200],
        computed_at=now,
    )
    emit(
        VerdictChanged(
            **key, before=before.verdict if before else "", after=made.verdict, cause=cause
        )
    )
    return made
