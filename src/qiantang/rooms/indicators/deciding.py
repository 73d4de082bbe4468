"""Deciding on submissions: approve (into the lake), reject, withdraw.

The append to the lake is the last step inside the database transaction. If it fails, nothing was
decided; if the machine dies between the two commits, approving again finds the append under its
key, writes nothing twice and completes the decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from qiantang.kernel.actors import Actor
from qiantang.kernel.observations import Observation
from qiantang.rooms.indicators import policy, store
from qiantang.rooms.indicators.errors import (
    AlreadyDecided,
    AlreadyExists,
    FourEyes,
    NoSuchSubmission,
    NotApprover,
    NotYourSubmission,
    ReasonMissing,
    StaleVersion,
)
from qiantang.rooms.indicators.events import ObservationsPublished
from qiantang.rooms.indicators.guards import storage
from qiantang.rooms.indicators.models import PublicationLock, Submission
from qiantang.rooms.indicators.rows import BASE, parse
from qiantang.rooms.indicators.shapes import SubmissionView
from qiantang.rooms.indicators.submitting import check_base, require_person
from qiantang.rooms.indicators.texts import taken
from qiantang.rooms.indicators.views import submission_view
from qiantang.rooms.journal.services import emit, record


def approve(actor: Actor, submission_id: int, version: int | None = None) -> SubmissionView:
    """Publish a submission. ``version``: the one the approver looked at.

    Raises `NoSuchSubmission`, `NotApprover`, `FourEyes`, `AlreadyDecided`, `StaleVersion`,
    `ChangedMeanwhile`, `DiskFull`, `StoreBusy`.
    """
    with storage(), transaction.atomic():
        submission = _to_decide(actor, submission_id, version)
        publish(submission, actor)
    return submission_view(submission, actor)


def publish(submission: Submission, actor: Actor) -> None:
    """Take a pending submission into the lake, inside the caller's transaction, as its last step:
    whoever calls has asked whether ``actor`` may. Raises `StaleVersion`, `ChangedMeanwhile`."""
    _take(submission, actor, Submission.State.APPROVED)
    _hold_publication()
    revisions = _revisions(submission, timezone.now())
    _announce(actor, submission, revisions)
    store.append(
        revisions,
        key=key_of(submission),
        recorded_by=actor.key,
        note={"submission": str(submission.pk), "approved_by": actor.key},
    )


def reject(
    actor: Actor, submission_id: int, reason: str, version: int | None = None
) -> SubmissionView:
    """Send a submission back with a reason; nothing enters the lake."""
    given = taken(reason, "reason")
    if not given:
        raise ReasonMissing()
    with storage(), transaction.atomic():
        submission = _to_decide(actor, submission_id, version)
        submission.reason = given
        _take(submission, actor, Submission.State.REJECTED)
        detail = {"reason": submission.reason}
        record(actor, "indicators.rejected", f"submission:{submission.pk}", detail)
    return submission_view(submission, actor)


def withdraw(actor: Actor, submission_id: int) -> SubmissionView:
    """Take one's own pending submission back."""
    with storage(), transaction.atomic():
        submission = _visible(actor, submission_id)
        if submission.submitted_by != actor.key or not actor.may_use("write"):
            raise NotYourSubmission(found=submission.pk)
        _refuse_decided(submission)
        _take(submission, actor, Submission.State.WITHDRAWN)
        record(actor, "indicators.submission_withdrawn", f"submission:{submission.pk}", {})
    return submission_view(submission, actor)


def key_of(submission: Submission) -> str:
    """The idempotency key of a submission's append; the ticket keeps it unique in a reused lake."""
    return f"submission-{submission.pk}-{submission.ticket.hex[:12]}"


def half_published() -> list[int]:
    """Submissions whose figures reached the lake although the decision was lost in a crash."""
    waiting = Submission.objects.filter(state=Submission.State.PENDING)
    return [s.pk for s in waiting if store.committed(key_of(s))]


def lost_publications() -> list[int]:
    """Approved submissions whose figures the lake lacks: it was lost, or an old one restored."""
    approved = Submission.objects.filter(state=Submission.State.APPROVED).order_by("pk")
    return [s.pk for s in approved if not store.committed(key_of(s))]


def _visible(actor: Actor, submission_id: int) -> Submission:
    require_person(actor)
    found = (
        Submission.objects.select_for_update()
        .filter(policy.visible_to(actor), pk=submission_id)
        .first()
    )
    if found is None:
        raise NoSuchSubmission(found=submission_id)
    return found


def _to_decide(actor: Actor, submission_id: int, version: int | None) -> Submission:
    submission = _visible(actor, submission_id)
    if not policy.may_decide(actor, submission.organisation):
        raise NotApprover(found=submission.organisation)
    if submission.submitted_by == actor.key:
        raise FourEyes()
    _refuse_decided(submission)
    if version is not None and version != submission.version:
        raise StaleVersion(found=submission.pk)
    return submission


def _refuse_decided(submission: Submission) -> None:
    if submission.state != Submission.State.PENDING:
        view = submission_view(submission)
        raise AlreadyDecided(found=view.id, who=view.decided_name, state=view.state)


def _take(submission: Submission, actor: Actor, state: str) -> None:
    """Move to ``state`` only from the version that was read; the first writer wins."""
    submission.state = state
    submission.decided_by = actor.key
    submission.decided_name = actor.name.as_dict()
    submission.decided_at = timezone.now()
    moved = Submission.objects.filter(
        pk=submission.pk, version=submission.version, state=Submission.State.PENDING
    ).update(
        state=state,
        version=F("version") + 1,
        decided_by=submission.decided_by,
        decided_name=submission.decided_name,
        decided_at=submission.decided_at,
        reason=submission.reason,
    )
    if not moved:
        raise StaleVersion(found=submission.pk)
    submission.version += 1


def _hold_publication() -> None:
    """One approval at a time compares revisions and appends, on every database."""
    PublicationLock.objects.get_or_create(name=store.TABLE)
    PublicationLock.objects.select_for_update().get(name=store.TABLE)
    PublicationLock.objects.filter(name=store.TABLE).update(uses=F("uses") + 1)


def _revisions(submission: Submission, now: datetime) -> list[Observation]:
    withdrawn = submission.kind == Submission.Kind.WITHDRAW
    key = key_of(submission)
    proposed = parse(submission.payload)
    holding = store.holding_of([o.id for o in proposed])
    bases = {row["id"]: int(row.get(BASE) or 0) for row in submission.payload}
    revisions = []
    for observation in proposed:
        found = holding.find(observation.id)
        if found is not None and found.submission == key:
            last = found.observation.revision - 1
        else:
            last = found.observation.revision if found else 0
            _refuse_changed(found, bases[observation.id], observation)
        revisions.append(store.stamped(observation, last + 1, now, withdrawn))
    return revisions


def _refuse_changed(found: store.Recorded | None, base: int, proposed: Observation) -> None:
    if found is None:
        return
    if base == 0:
        raise AlreadyExists(found=proposed.id)
    check_base(found, base, f"{proposed.value:f} {proposed.unit}")


def _announce(actor: Actor, submission: Submission, revisions: Sequence[Observation]) -> None:
    indicators = sorted({o.indicator for o in revisions})
    detail = {"kind": submission.kind, "rows": len(revisions), "by": submission.submitted_by}
    record(actor, "indicators.approved", f"submission:{submission.pk}", detail)
    emit(
        ObservationsPublished(
            submission=submission.pk,
            kind=submission.kind,
            indicators=indicators,
            rows=len(revisions),
            by=actor.key,
        )
    )
