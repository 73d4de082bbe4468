"""Entries that have to do with each other, that may be the same, that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from django.db.models import Count, Q, QuerySet

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import policy
from qiantang.rooms.catalogue.models import EntryConflict, EntryIndex, InformationResource
from qiantang.rooms.catalogue.selectors.columns import Columns, columns
from qiantang.rooms.catalogue.selectors.entries import resource_view, visible_row, visible_rows
from qiantang.rooms.catalogue.selectors.views import ConflictView, Related, Twin
from qiantang.rooms.people import selectors as people

CANDIDATES: Final = 200
"""Entries looked at for shared items: those of the same classes and department first."""
LEAST_SHARED: Final = 2
MOST_TWINS: Final = 100
_NOT_SHOWN: Final = Text("一条不向您公开的条目", "an entry that is not shown to you")
_COMMON: Final = frozenset({"id", "name", "division", "period", "date", "code", "unit", "note"})
"""Items that nearly every resource has: sharing them says nothing."""


def related(actor: Actor, id: str, limit: int = 10) -> tuple[Related, ...]:
    """Other published entries that have to do with this one, the closest first: declared as
    related (either way), sharing data elements, sharing items. Divisions' copies of the same
    resource are its group, not here. Raises `ResourceUnknown`."""
    row = visible_row(actor, id)
    rows = visible_rows(actor).filter(status="published").exclude(pk=row.pk)
    if row.declared:
        rows = rows.exclude(declared=row.declared)
    near = EntryIndex.objects.filter(key__in=_near(row)).values_list("resource_id", flat=True)
    scored = (_related(row, other) for other in rows.filter(pk__in=[*row.related, *near]))
    best = sorted((r for r in scored if r.reasons), key=lambda r: (-r.score, r.entry.id))
    return tuple(best[:limit])


def duplicates(actor: Actor, organisation: str = "") -> tuple[Twin, ...]:
    """Candidates for the same thing registered twice, among the entries of an organisation and
    below (of all without one): the same name and owner, or the same items. What follows one
    declaration in several divisions is meant to be alike. Raises `OrganisationUnknown`."""
    rows = visible_rows(actor).exclude(status="retired")
    if organisation:
        home = people.organisation(organisation)
        rows = rows.filter(owner_path__startswith=home.path)
    return (
        *_same(rows, "name", "name_plain", "provider_code"),
        *_same(rows, "fields", "signature"),
    )


def conflicts(
    actor: Actor, origin: str = "", *, entry: str = "", settled: bool = False
) -> tuple[ConflictView, ...]:
    """Harvested entries that contradict entries here, where the actor may know of both: those that
    wait for a decision, or those ``settled``, the latest first. Who keeps the upstream is also told
    that there is one with an entry that he may not know of, and nothing of that entry."""
    rows = visible_conflicts(actor) | _half_seen(actor)
    if origin:
        rows = rows.filter(entry__origin=origin)
    if entry:
        rows = rows.filter(Q(entry=entry) | Q(other=entry))
    if settled:
        rows = rows.exclude(decision="").order_by("-decided_at")
    else:
        gone = Q(entry__status="retired") | Q(other__status="retired")
        rows = rows.filter(decision="").exclude(gone)
    return tuple(conflict_view(actor, row) for row in rows)


def conflicts_to_settle(actor: Actor) -> int:
    """How many conflicts wait for the actor's decision."""
    gone = Q(entry__status="retired") | Q(other__status="retired")
    rows = visible_conflicts(actor).filter(_kept_by(actor), decision="")
    return rows.exclude(gone).count()


def visible_conflicts(actor: Actor) -> QuerySet[EntryConflict]:
    seen = visible_rows(actor).values("pk")
    found = EntryConflict.objects.filter(entry__in=seen, other__in=seen)
    return found.select_related("entry", "other")


def _half_seen(actor: Actor) -> QuerySet[EntryConflict]:
    """Conflicts of entries of the upstreams that the actor keeps."""
    kept = _kept_by(actor)
    seen = visible_rows(actor).values("pk")
    return EntryConflict.objects.filter(kept, entry__in=seen).select_related("entry", "other")


def _kept_by(actor: Actor) -> Q:
    kept = Q(pk__in=[])
    for scope in actor.scopes(Role.ADMINISTRATOR):
        kept |= Q(entry__owner_path__startswith=scope)
    return kept


def conflict_view(actor: Actor, row: EntryConflict) -> ConflictView:
    entry, other = row.entry, row.other
    knows = bool(policy.why(actor, "see", other))
    may_settle = knows and bool(policy.why(actor, "retire", entry))
    other_name = Text(other.name_zh, other.name_en or other.name_zh) if knows else _NOT_SHOWN
    return ConflictView(
        id=row.pk,
        entry=entry.pk,
        entry_name=Text(entry.name_zh, entry.name_en or entry.name_zh),
        other=other.pk if knows else "",
        other_name=other_name,
        kind=row.kind,
        value=row.value,
        found_at=row.found_at,
        decision=row.decision,
        reason=row.reason if may_settle else "",
        decided_at=row.decided_at,
        may_settle=may_settle,
    )


def _near(row: InformationResource) -> list[int]:
    """Keys of entries whose classes and department are the same, or one of the two."""
    known = columns()
    own = EntryIndex.objects.filter(resource=row).first()
    if own is None or not len(known):
        return []
    score = np.zeros(len(known), np.int8)
    score += 2 * _equal(known, "classes", own.classes)
    score += _equal(known, "department", own.department)
    near = np.flatnonzero((score > 0) & _equal(known, "status", "published").astype(bool))
    order = np.lexsort((near, -known.numbers["completeness"][near], -score[near]))
    return [int(key) for key in known.keys[near[order][:CANDIDATES]]]


def _equal(known: Columns, column: str, text: str) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    if not text:
        return np.zeros(len(known), np.int8)
    coded = known.coded[column]
    return coded.where(each == text for each in coded.texts).astype(np.int8)


def _related(row: InformationResource, other: InformationResource) -> Related:
    declared = other.pk in row.related or row.pk in other.related
    elements = _ids(row, "element") & _ids(other, "element")
    items = (_ids(row, "id") & _ids(other, "id")) - _COMMON
    reasons = [
        ("declared", declared),
        ("elements", elements),
        ("fields", len(items) >= LEAST_SHARED),
    ]
    score = 100 * declared + 10 * len(elements) + 3 * len(items)
    return Related(
        entry=resource_view(other),
        reasons=tuple(name for name, holds in reasons if holds),
        shared=tuple(sorted(elements | items)),
        score=score,
    )


def _ids(row: InformationResource, key: str) -> set[str]:
    return {str(field[key]) for field in row.fields if field.get(key)}


def _same(rows: QuerySet[InformationResource], kind: str, *by: str) -> Iterator[Twin]:
    """Groups of rows that agree in columns, those of one declaration counted once."""
    found = rows.exclude(**{by[0]: ""}).values(*by).annotate(number=Count("pk"))
    for same in found.filter(number__gt=1).order_by("-number", *by)[:MOST_TWINS]:
        alike = rows.filter(**{column: same[column] for column in by}).order_by("id")[:20]
        if len(kept := list(_apart(alike))) > 1:
            yield Twin(kind, tuple(resource_view(row) for row in kept))


def _apart(rows: Iterable[InformationResource]) -> Iterator[InformationResource]:
    seen: set[str] = set()
    for row in rows:
        if not row.declared or row.declared not in seen:
            seen.add(row.declared)
            yield row
