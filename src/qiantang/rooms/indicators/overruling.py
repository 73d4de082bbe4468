"""A person's verdict over the computed one: with reason and document, journaled, never hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone

from qiantang.engine.targets.verdicts import Verdict
from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.packkit.plans import Plan, Target
from qiantang.rooms.indicators import ownership, policy
from qiantang.rooms.indicators.errors import (
    MayNotOverrule,
    NoOverrule,
    NoSuchVerdict,
    OverruleIncomplete,
)
from qiantang.rooms.indicators.events import VerdictOverruled
from qiantang.rooms.indicators.guards import storage
from qiantang.rooms.indicators.judging import plan_of, target_of
from qiantang.rooms.indicators.models import Overrule, PublicationLock, VerdictRecord
from qiantang.rooms.indicators.shapes import OverruleView
from qiantang.rooms.indicators.submitting import require_person
from qiantang.rooms.indicators.texts import ADDRESS, TITLE, taken
from qiantang.rooms.indicators.views import overrule_view
from qiantang.rooms.journal.services import emit, record

_LOCK: Final = "overrules"


def overrule(
    actor: Actor,
    plan_id: str,
    target_id: str,
    verdict: str,
    *,
    reason: str,
    document: Mapping[str, str] | str,
) -> OverruleView:
    """Set a person's verdict. ``document``: its title, or ``{"title", "address"}``.

    An overrule already in force is replaced and stays in the record.
    """
    plan, target, path = _mine(actor, plan_id, target_id)
    chosen = _verdict(verdict)
    title, address = _document(document)
    reason = taken(reason, "reason")
    _complete(reason, title)
    with storage(), transaction.atomic():
        _hold_overrules()
        _end(plan, target, actor, "replaced")
        made = Overrule.objects.create(
            plan=plan.id,
            target=target.id,
            division=target.division,
            verdict=chosen.value,
            computed_verdict=_computed(plan, target),
            reason=reason,
            document_title=title,
            document_address=address,
            organisation=path,
            by=actor.key,
            by_name=actor.name.as_dict(),
            at=timezone.now(),
        )
        detail = {"verdict": chosen.value, "reason": made.reason, "document": title}
        record(actor, "indicators.overruled", f"target:{plan.id}/{target.id}", detail)
        emit(_news(made, actor))
    return overrule_view(made)


def withdraw_overrule(actor: Actor, plan_id: str, target_id: str, reason: str = "") -> OverruleView:
    """Let the computed verdict stand alone again; the overrule stays in the record."""
    plan, target, _ = _mine(actor, plan_id, target_id)
    reason = taken(reason, "reason")
    with storage(), transaction.atomic():
        _hold_overrules()
        ended = _end(plan, target, actor, reason)
        if ended is None:
            raise NoOverrule(found=target.id)
        detail = {"reason": reason}
        record(actor, "indicators.overrule_withdrawn", f"target:{plan.id}/{target.id}", detail)
        emit(_news(ended, actor, withdrawn=True))
    return overrule_view(ended)


def _mine(actor: Actor, plan_id: str, target_id: str) -> tuple[Plan, Target, str]:
    require_person(actor)
    plan = plan_of(plan_id)
    target = target_of(plan, target_id)
    path = ownership.target_path(target)
    if not policy.may_overrule(actor, path):
        raise MayNotOverrule(found=path)
    return plan, target, path


def _verdict(given: str) -> Verdict:
    try:
        return Verdict(given)
    except ValueError:
        raise NoSuchVerdict(found=given, expected="、".join(v.value for v in Verdict)) from None


def _document(given: Mapping[str, str] | str) -> tuple[str, str]:
    if isinstance(given, str):
        return taken(given, "document", TITLE), ""
    title = taken(given.get("title"), "document.title", TITLE)
    return title, taken(given.get("address"), "document.address", ADDRESS)


def _complete(reason: str, title: str) -> None:
    if not reason:
        raise OverruleIncomplete(missing=Text("理由", "the reason"))
    if not title:
        raise OverruleIncomplete(missing=Text("依据文件", "the document it rests on"))


def _computed(plan: Plan, target: Target) -> str:
    standing = VerdictRecord.objects.filter(
        plan=plan.id, target=target.id, division=target.division, superseded_at__isnull=True
    ).first()
    return standing.verdict if standing else ""


def _end(plan: Plan, target: Target, actor: Actor, reason: str) -> Overrule | None:
    standing = (
        Overrule.objects.select_for_update()
        .filter(plan=plan.id, target=target.id, division=target.division, withdrawn_at__isnull=True)
        .first()
    )
    if standing is not None:
        standing.withdrawn_at = timezone.now()
        standing.withdrawn_by = actor.key
        standing.withdrawn_reason = reason
        standing.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    return standing


def _hold_overrules() -> None:
    """One overrule at a time, so that the second of two replaces the first instead of failing."""
    PublicationLock.objects.get_or_create(name=_LOCK)
    PublicationLock.objects.select_for_update().get(name=_LOCK)


def _news(overrule: Overrule, actor: Actor, *, withdrawn: bool = False) -> VerdictOverruled:
    return VerdictOverruled(
        plan=overrule.plan,
        target=overrule.target,
        division=overrule.division,
        verdict=overrule.verdict,
        by=actor.key,
        withdrawn=withdrawn,
    )
