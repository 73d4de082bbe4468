"""Entries that contradict each other: noted when they are harvested, settled by somebody.

Until then both stay. Settling never edits what an upstream says: it leaves one of the two out of
this catalogue, or lets both stand. What is left out is taken on with every harvest and comes back
when the conflict is settled otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import policy
from qiantang.rooms.catalogue.errors import (
    ConflictUnknown,
    DecisionUnknown,
    NoConflictChosen,
    NotAllowed,
    StatusForbids,
)
from qiantang.rooms.catalogue.models import EntryConflict, InformationResource
from qiantang.rooms.catalogue.selectors.similar import conflict_view, visible_conflicts
from qiantang.rooms.catalogue.selectors.views import ConflictView
from qiantang.rooms.catalogue.services.deciding import retire_row
from qiantang.rooms.catalogue.services.writing import Status, keep, reasoned
from qiantang.rooms.journal.services import record

Decision = EntryConflict.Decision
DECISIONS: Final[dict[str, Text]] = {
    Decision.BOTH.value: Text("两条并存", "keep both"),
    Decision.HERE.value: Text("保留原有条目，不收上游条目", "keep what was here, leave theirs out"),
    Decision.THEIRS.value: Text(
        "采用上游条目，停用原有条目", "take theirs, leave out what was here"
    ),
}


@transaction.atomic
def settle_conflict(actor: Actor, conflict: int, decision: str, reason: str) -> ConflictView:
    """Decide what becomes of two entries that contradict each other: ``both`` stay, or the other
    one is left out (``here``: the harvested one; ``theirs``: the one that was here). May be decided
    otherwise later; an entry of ours that was withdrawn comes back as any other does.

    For administrators of the organisation that answers for the upstream, and with ``theirs`` of the
    other entry's owner, too. Raises `ConflictUnknown`, `DecisionUnknown`, `ReasonMissing`,
    `NotAllowed`, `StatusForbids` where nothing would be left.
    """
    row = visible_conflicts(actor).filter(pk=conflict).first()
    if row is None:
        raise ConflictUnknown(found=conflict)
    if decision not in DECISIONS:
        raise DecisionUnknown(found=decision[:40], expected=", ".join(DECISIONS))
    said = reasoned(reason)
    entry, other = _locked(row)
    out = {Decision.HERE: entry, Decision.THEIRS: other}.get(Decision(decision))
    touched = [entry] + ([other] if other is out or other.left_out else [])
    for each in touched:
        if not (why := policy.why(actor, "retire", each)):
            raise NotAllowed(found=each.pk, why=why.text)
    if out is not None:
        _require_one_left(entry if out is other else other)
        _leave_out(actor, out, said)
    _take_back([each for each in touched if each is not out], row)
    row.decision, row.reason = decision, said
    row.decided_by, row.decided_at = actor.key, datetime.now(UTC)
    row.save()
    detail = {"other": other.pk, "decision": decision, "reason": said}
    record(actor, "catalogue.conflict_settled", f"resource:{entry.pk}", detail)
    return conflict_view(actor, row)


@transaction.atomic
def settle_conflicts(
    actor: Actor, conflicts: Iterable[int], decision: str, reason: str
) -> tuple[ConflictView, ...]:
    """`settle_conflict` for each of several, with one decision and one reason: all of them, or none
    where one is refused. Raises `NoConflictChosen` and what `settle_conflict` raises."""
    # In one order, so that two people at it wait for each other instead of locking each other out.
    chosen = sorted(set(conflicts))
    if not chosen:
        raise NoConflictChosen()
    return tuple(settle_conflict(actor, each, decision, reason) for each in chosen)


def left_out(ids: Iterable[str], but: EntryConflict | None = None) -> set[str]:
    """Which of the harvested entries a settled conflict (another than ``but``) leaves out."""
    wanted = list(ids)
    settled = EntryConflict.objects.exclude(pk__in=[but.pk] if but else [])
    theirs = settled.filter(decision=Decision.HERE, entry__in=wanted)
    ours = settled.filter(decision=Decision.THEIRS, other__in=wanted)
    return {*theirs.values_list("entry_id", flat=True), *ours.values_list("other_id", flat=True)}


def note_conflicts(rows: Sequence[InformationResource], now: datetime) -> dict[str, str]:
    """Note which of the rows contradict other entries, forget what they no longer do; the kind of
    what somebody must decide, by the row's id. What was settled stays so while the value does."""
    found = {
        (row.pk, other): (kind, value)
        for kind, pairs in (("code", _same_codes(rows)), ("identifier", _same_identifiers(rows)))
        for row, other, value in pairs
    }
    ids = [row.pk for row in rows]
    noted = EntryConflict.objects.filter(Q(entry__in=ids) | Q(other__in=ids))
    # Of the same conflict noted from both sides, the settled one is kept.
    by_decision = sorted(noted, key=lambda c: c.decision)
    known = {(frozenset((c.entry_id, c.other_id)), c.kind, c.value): c for c in by_decision}
    wanted = {(frozenset(pair), *said): pair for pair, said in found.items()}
    stand = [known[key].pk for key in wanted if key in known]
    noted.exclude(pk__in=stand).delete()
    EntryConflict.objects.bulk_create(
        [
            EntryConflict(entry_id=id, other_id=other, kind=kind, value=value, found_at=now)
            for (pair, kind, value), (id, other) in wanted.items()
            if (pair, kind, value) not in known
        ]
    )
    decided = {key for key, conflict in known.items() if conflict.decision}
    return {id: key[1] for key, (id, _) in wanted.items() if key not in decided}


def _locked(conflict: EntryConflict) -> tuple[InformationResource, InformationResource]:
    ids = (conflict.entry_id, conflict.other_id)
    rows = InformationResource.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[conflict.entry_id], found[conflict.other_id]


def _require_one_left(row: InformationResource) -> None:
    if row.status == Status.RETIRED and not row.left_out:
        raise StatusForbids(id=row.pk, found=row.status, expected=Status.PUBLISHED.value)


def _leave_out(actor: Actor, row: InformationResource, reason: str) -> None:
    """Withdraw an entry; of a harvested one remember that its upstream still has it."""
    if row.status == Status.RETIRED:
        return
    row.left_out = bool(row.origin)
    retire_row(actor, row, reason)


def _take_back(rows: Iterable[InformationResource], settled: EntryConflict) -> None:
    """Show again what only this conflict left out."""
    kept = [row for row in rows if row.left_out]
    still = left_out((row.pk for row in kept), settled)
    for row in kept:
        if row.pk not in still:
            row.left_out, row.status, row.reason = False, Status.PUBLISHED, ""
            keep(row)


_Pair = tuple[InformationResource, str, str]
"""A row, the id of the entry that it contradicts, the value that both have."""


def _same_identifiers(rows: Sequence[InformationResource]) -> list[_Pair]:
    """Entries of others with the rows' identifiers, and ours that the identifiers name."""
    mine = f"urn:qiantang:{settings.QIANTANG_DIVISION}:"
    origins = {row.origin for row in rows}
    said = {row.upstream_id: row for row in rows}
    named = {identifier.removeprefix(mine): row for identifier, row in said.items()}
    others = InformationResource.objects.filter(upstream_id__in=said).exclude(origin__in=origins)
    own = InformationResource.objects.filter(pk__in=named, origin="")
    return [
        *((said[value], pk, value) for pk, value in others.values_list("pk", "upstream_id")),
        *((named[pk], pk, named[pk].upstream_id) for pk in own.values_list("pk", flat=True)),
    ]


def _same_codes(rows: Sequence[InformationResource]) -> list[_Pair]:
    """Entries of others with the resource code of a row of the same division."""
    coded = {(row.code, row.division): row for row in rows if row.code and row.division}
    found = InformationResource.objects.filter(code__in={code for code, _ in coded}).exclude(
        origin__in={row.origin for row in rows}
    )
    return [
        (coded[code, division], pk, code)
        for pk, code, division in found.values_list("pk", "code", "division")
        if (code, division) in coded
    ]
