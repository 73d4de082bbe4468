"""The room's verbs: grant a waiver, withdraw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.elements import policy, selectors
from qiantang.rooms.elements.errors import (
    NothingToWaive,
    NotStandardsOffice,
    WaiverIncomplete,
    WaiverNotLonger,
    WaiverOver,
    WaiverUnknown,
)
from qiantang.rooms.elements.events import WaiverGranted, WaiverWithdrawn
from qiantang.rooms.elements.findings import Rule
from qiantang.rooms.elements.models import Waiver
from qiantang.rooms.elements.selectors import WaiverView, waiver_view
from qiantang.rooms.journal.services import emit, record
from qiantang.rooms.people import selectors as people


@dataclass(frozen=True, slots=True)
class Leave:
    """What is asked for: a field's point of difference, why, on what paper, and for how long
    (both days included)."""

    resource: str
    field: str
    rule: Rule
    reason: str
    document: str
    valid_from: date
    valid_to: date


@transaction.atomic
def grant_waiver(actor: Actor, leave: Leave) -> WaiverView:
    """Let a difference stand until a day. A further waiver of the same point extends the one in
    force when it ends later. Raises `ResourceUnknown` of the catalogue, `NotStandardsOffice`,
    `WaiverIncomplete`, `NothingToWaive`, `WaiverNotLonger`."""
    entry = catalogue.resource(actor, leave.resource)
    path = people.organisation(entry.owner).path if entry.owner else ""
    if not policy.may_waive(actor, path):
        raise NotStandardsOffice(found=leave.resource)
    _check(leave)
    _differs(actor, leave)
    row = Waiver.objects.create(
        resource=leave.resource, owner_path=path, field=leave.field, rule=leave.rule,
        reason=leave.reason.strip(), document=leave.document.strip(),
        valid_from=leave.valid_from, valid_to=leave.valid_to,
        granted_by=actor.key, granted_at=datetime.now(UTC),
    )  # fmt: skip
    detail = {"waiver": row.pk, "field": leave.field, "rule": leave.rule.value,
              "until": leave.valid_to.isoformat(), "document": row.document}  # fmt: skip
    record(actor, "elements.waiver_granted", f"resource:{leave.resource}", detail)
    emit(WaiverGranted(row.pk, leave.resource, leave.valid_to.isoformat()))
    return waiver_view(row)


@transaction.atomic
def withdraw_waiver(actor: Actor, id: int, reason: str) -> WaiverView:
    """End a waiver before its time. Raises `WaiverUnknown`, `NotStandardsOffice`, `WaiverOver`,
    `WaiverIncomplete`."""
    row = Waiver.objects.select_for_update().filter(pk=id).first()
    if row is None or not selectors.knows(actor, row.resource):
        raise WaiverUnknown(found=id)
    if not policy.may_waive(actor, row.owner_path):
        raise NotStandardsOffice(found=row.resource)
    if row.withdrawn_at is not None:
        raise WaiverOver(found=id)
    if not reason.strip():
        _refuse("reason", Text("空白", "empty"), Text("写明撤销理由", "a reason"))
    row.withdrawn_by, row.withdrawn_at = actor.key, datetime.now(UTC)
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    detail = {"waiver": id, "reason": reason.strip()}
    record(actor, "elements.waiver_withdrawn", f"resource:{row.resource}", detail)
    emit(WaiverWithdrawn(id, row.resource))
    return waiver_view(row)


def _differs(actor: Actor, leave: Leave) -> None:
    """Refuse what agrees with the registry, and what is waived for as long already."""
    report = selectors.report(actor, leave.resource, on=leave.valid_from)
    wanted = (leave.field, leave.rule)
    for each in report.excused:
        if (each.finding.field, each.finding.rule) == wanted:
            until = each.waiver.valid_to
            if leave.valid_to <= until:
                raise WaiverNotLonger(found=leave.field, until=until.isoformat())
            return
    if wanted not in [(f.field, f.rule) for f in report.findings]:
        known = ", ".join(f"{f.field} {f.rule}" for f in report.findings)
        raise NothingToWaive(found=leave.field, expected=known or "-")


def _check(leave: Leave) -> None:
    if not leave.reason.strip():
        _refuse("reason", Text("空白", "empty"), Text("写明理由", "a reason"))
    if not leave.document.strip():
        _refuse("document", Text("空白", "empty"), Text("依据文件", "the document it rests on"))
    if leave.valid_to < leave.valid_from:
        said = leave.valid_to.isoformat()
        _refuse("valid_to", Text(said, said),
                Text("不早于起始日的截止日", "an end that is not before the start"))  # fmt: skip


def _refuse(field: str, found: Text, expected: Text) -> None:
    raise WaiverIncomplete(field=field, found=found, expected=expected)
