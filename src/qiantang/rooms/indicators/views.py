"""From state to the room's shapes; the only place that turns models into what others see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiantang.engine.targets import VERDICT_NAMES, VERDICT_TONE
from qiantang.engine.targets.verdicts import Verdict
from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.indicators import policy
from qiantang.rooms.indicators.models import Overrule, Submission, VerdictRecord
from qiantang.rooms.indicators.shapes import (
    Decision,
    OverruleView,
    SubmissionView,
    VerdictEntry,
)


def text_of(stored: Mapping[str, Any] | None, fallback: str = "") -> Text:
    """A stored ``{"zh", "en"}``; the fallback stands in both languages where nothing is stored."""
    if not stored:
        return Text(fallback, fallback)
    return Text(str(stored.get("zh", fallback)), str(stored.get("en", fallback)))


def actor_name(key: str) -> Text:
    """The name under which an actor last signed a submission here; else the key."""
    done = Submission.objects.filter(decided_by=key).order_by("-decided_at").first()
    if done is not None:
        return text_of(done.decided_name, key)
    sent = Submission.objects.filter(submitted_by=key).order_by("-submitted_at").first()
    return text_of(sent.submitted_name if sent else None, key)


def submission_of(key: str) -> Submission | None:
    """The submission behind the key of an append to the lake."""
    number = key.removeprefix("submission-").partition("-")[0]
    return Submission.objects.filter(pk=int(number)).first() if number.isdigit() else None


def people_of(key: str, recorded_by: str) -> Text:
    """Who changed a figure: the sender, and the approver who let it in."""
    found, approver = submission_of(key), actor_name(recorded_by)
    if found is None:
        return approver
    sender = text_of(found.submitted_name, found.submitted_by)
    return Text(
        zh=f"{sender.zh}（{approver.zh}批准）", en=f"{sender.en} (approved by {approver.en})"
    )


def submission_view(submission: Submission, actor: Actor | None = None) -> SubmissionView:
    return SubmissionView(
        id=submission.pk,
        kind=submission.kind,
        state=submission.state,
        version=submission.version,
        resource=submission.resource,
        indicator=submission.indicator,
        division=submission.division,
        observation=submission.observation,
        organisation=submission.organisation,
        rows=submission.rows,
        base_revision=submission.base_revision,
        note=submission.note,
        document=submission.document,
        submitted_by=submission.submitted_by,
        submitted_name=text_of(submission.submitted_name, submission.submitted_by),
        submitted_at=submission.submitted_at,
        decided_by=submission.decided_by,
        decided_name=text_of(submission.decided_name, submission.decided_by),
        decided_at=submission.decided_at,
        reason=submission.reason,
        payload=tuple(submission.payload),
        decision=_decision(submission, actor) if actor else Decision(),
    )


def _decision(submission: Submission, actor: Actor) -> Decision:
    if submission.state != Submission.State.PENDING:
        return Decision(why=Text("已处理完毕。", "It is decided."))
    own = actor.key == submission.submitted_by
    decides = policy.may_decide(actor, submission.organisation) and not own
    return Decision(
        approve=decides,
        reject=decides,
        withdraw=own and actor.may_use("write"),
        why=policy.why(actor, submission.submitted_by, submission.organisation),
    )


def overrule_view(overrule: Overrule) -> OverruleView:
    verdict = Verdict(overrule.verdict)
    return OverruleView(
        plan=overrule.plan,
        target=overrule.target,
        division=overrule.division,
        verdict=overrule.verdict,
        verdict_name=VERDICT_NAMES[verdict],
        tone=VERDICT_TONE[verdict],
        computed_verdict=overrule.computed_verdict,
        reason=overrule.reason,
        document_title=overrule.document_title,
        document_address=overrule.document_address,
        by=overrule.by,
        by_name=text_of(overrule.by_name, overrule.by),
        at=overrule.at,
        withdrawn_at=overrule.withdrawn_at,
        withdrawn_reason=overrule.withdrawn_reason,
    )


def verdict_entry(record: VerdictRecord) -> VerdictEntry:
    verdict = Verdict(record.verdict)
    return VerdictEntry(
        plan=record.plan,
        target=record.target,
        division=record.division,
        verdict=record.verdict,
        verdict_name=VERDICT_NAMES[verdict],
        tone=VERDICT_TONE[verdict],
        computed_at=record.computed_at,
        superseded_at=record.superseded_at,
        cause=record.cause,
        digest=record.digest,
        data=record.result,
    )
