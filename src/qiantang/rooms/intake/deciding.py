"""What people decide about runs: publish or refuse a held one, cancel, run again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import policy
from qiantang.rooms.intake.errors import (
    FourEyes,
    NotAgain,
    NotDecider,
    NotDeliverer,
    NotHeld,
    Overtaken,
    PersonalUndeclared,
    ReadingFirst,
    ReasonMissing,
    TooLate,
)
from qiantang.rooms.intake.exposing import AS_DECLARED, exposed, named
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.rivals import CONFIRMED, listed, to_confirm
from qiantang.rooms.intake.selectors import visible_run
from qiantang.rooms.intake.shapes import STATUS_NAMES, RunView
from qiantang.rooms.intake.views import name_of, owner_name, run_view
from qiantang.rooms.journal.services import record

S = Run.Status
PUBLISH: Final = "publish"
REFUSE: Final = "refuse"
CANCELLABLE: Final = (S.RECEIVED, S.READING, S.CHECKING, S.HELD)
LONGEST_REASON: Final = 4000


def decide(
    actor: Actor,
    run_id: str,
    verdict: str,
    reason: str,
    *,
    over: str = "",
    as_declared: Collection[str] = (),
) -> RunView:
    """Decide on a held run: ``publish`` its accepted rows, or ``refuse`` it whole.

    ``over``: the newest of the runs published since that this one would overwrite (the last of the
    run's ``since``): that is meant. ``as_declared``: the fields of the run's ``exposed`` that are
    rightly declared although personal data was found in them. A run to publish is then in state
    ``publishing``, for a worker (`work`) to finish. Raises `RunUnknown`, `NotDecider`, `FourEyes`,
    `ReadingFirst`, `NotHeld`, `ReasonMissing`, `Overtaken`, `PersonalUndeclared`.
    """
    given = reason.strip()[:LONGEST_REASON]
    if not given or verdict not in (PUBLISH, REFUSE):
        raise ReasonMissing()
    with transaction.atomic():
        run = _to_decide(actor, run_id)
        overwritten = _confirmed(run, over) if verdict == PUBLISH else []
        shown = _shown(run, as_declared) if verdict == PUBLISH else []
        now = datetime.now(UTC)
        run.status = S.PUBLISHING if verdict == PUBLISH else S.REFUSED
        run.decided_by, run.decided_name = actor.key, actor.name.as_dict()
        run.decided_at, run.reason = now, given
        run.finished_at = None if verdict == PUBLISH else now
        run.save()
        detail = {"decision": verdict, "reason": given, "accepted": run.accepted}
        if overwritten:
            detail["over"] = overwritten
        if shown:
            detail[AS_DECLARED] = shown
        record(actor, "intake.decided", f"run:{run.id}", detail)
    return run_view(run, actor)


def cancel(actor: Actor, run_id: str) -> RunView:
    """Stop a run before anything of it is published. A worker that has it in hand stops at its
    next batch. Raises `RunUnknown`, `NotDeliverer`, `TooLate`."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=visible_run(actor, run_id).pk)
        if not policy.may_cancel(actor, run.owner_path):
            raise NotDeliverer(
                found=run.resource, name=name_of(run.resource), owner=owner_name(run.organisation)
            )
        if run.status not in CANCELLABLE:
            raise TooLate(id=run.id, found=STATUS_NAMES[run.status])
        run.cancel_asked = True
        if run.status in (S.RECEIVED, S.HELD):
            run.status, run.finished_at = S.CANCELLED, datetime.now(UTC)
        run.save()
        record(actor, "intake.cancelled", f"run:{run.id}")
    return run_view(run, actor)


def retry(actor: Actor, run_id: str) -> RunView:
    """Have a failed or cancelled run worked on again. Raises `RunUnknown`, `NotDeliverer`,
    `NotAgain`."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=visible_run(actor, run_id).pk)
        if not policy.may_deliver(actor, run.owner_path):
            raise NotDeliverer(
                found=run.resource, name=name_of(run.resource), owner=owner_name(run.organisation)
            )
        if run.status not in (S.FAILED, S.CANCELLED):
            raise NotAgain(id=run.id, found=STATUS_NAMES[run.status])
        run.status, run.cancel_asked, run.finished_at = S.RECEIVED, False, None
        run.error, run.error_code, run.retry_at = None, "", None
        run.save()
        record(actor, "intake.retried", f"run:{run.id}")
    return run_view(run, actor)


def _confirmed(run: Run, over: str) -> list[str]:
    """The runs that the held one may overwrite, as the decider confirmed them: with something newer
    than what was seen, they are told again. Raises `Overtaken`."""
    since = to_confirm(run)
    if not since:
        return []
    if since[-1].id != over:
        raise Overtaken(id=run.id, found=listed(since), over=since[-1].id)
    ids = [each.id for each in since]
    known = (run.verdict or {}).get(CONFIRMED, [])
    run.verdict = {**(run.verdict or {}), CONFIRMED: [*known, *ids]}
    return ids


def _shown(run: Run, as_declared: Collection[str]) -> list[dict[str, Any]]:
    """The fields that are published as declared although personal data was found in them, as the
    decider named them, with what was found. Raises `PersonalUndeclared` for any other."""
    found = exposed(run)
    unsettled = [each for each in found if each["field"] not in as_declared]
    if unsettled:
        raise PersonalUndeclared(id=run.id, found=named(unsettled))
    fields = [each["field"] for each in found]
    if fields:
        known = (run.verdict or {}).get(AS_DECLARED, [])
        run.verdict = {**(run.verdict or {}), AS_DECLARED: [*known, *fields]}
    return [{"field": each["field"], "found": each["kinds"]} for each in found]


def _to_decide(actor: Actor, run_id: str) -> Run:
    run = Run.objects.select_for_update().get(pk=visible_run(actor, run_id).pk)
    if not policy.may_decide(actor, run.owner_path):
        raise NotDecider(owner=owner_name(run.organisation))
    if actor.key == run.received_by:
        raise FourEyes()
    if run.status != S.HELD:
        raise NotHeld(id=run.id, found=STATUS_NAMES[run.status])
    if run.verdict is None:
        raise ReadingFirst(id=run.id)
    return run
