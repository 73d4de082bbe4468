"""The duty list: what each organisation must register, and how it stands.

The list and what is published are public. That something is drafted is told to those who may know
of the draft; to others it is missing still. A division that was abolished owes nothing any more;
what it once registered stays in the catalogue. An entry harvested from the organisation's own
platform fulfils its duty as one registered here does; where there are both, the one here counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from qiantang.kernel.actors import Actor
from qiantang.kernel.identifiers import division_level
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Duty
from qiantang.rooms.catalogue.models import InformationResource
from qiantang.rooms.catalogue.selectors.entries import freshness_of, visible_rows
from qiantang.rooms.catalogue.selectors.facets import department_name
from qiantang.rooms.catalogue.selectors.views import NO_TEXT, DutyCount, DutyView
from qiantang.rooms.people import selectors as people
from qiantang.rooms.people.selectors import OrganisationView
from qiantang.rooms.shelf import selectors as shelf

_LIVE: Final = ("published", "draft", "review")


def duties(actor: Actor, organisation: str = "", *, below: bool = False) -> tuple[DutyView, ...]:
    """The duties of an organisation (with ``below``, of everything under it, too), or of all.
    Raises `OrganisationUnknown`."""
    if not organisation:
        return tuple(_standing(actor, people.organisations()))
    home = people.organisation(organisation)
    everyone = people.organisations() if below or not home.department else (home,)
    inside = [o for o in everyone if o.path.startswith(home.path)]
    return tuple(_standing(actor, inside))


def duty_summary(
    actor: Actor, by: str = "department", *, division: str = ""
) -> tuple[DutyCount, ...]:
    """Duties counted by ``department`` or ``division``, of one division or of all; the worst first
    (most missing)."""
    organisations = people.organisations(division or None)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for duty in _standing(actor, organisations):
        found[duty.department if by == "department" else duty.division][duty.state] += 1
    governments = {o.division: o.name for o in people.organisations() if not o.department}
    counts = [
        DutyCount(
            key=key,
            name=department_name(key) if by == "department" else governments[key],
            required=states.total(),
            done=states["done"] + states["late"],
            drafted=states["drafted"],
            missing=states["missing"],
            late=states["late"],
        )
        for key, states in found.items()
    ]
    return tuple(sorted(counts, key=lambda c: (-c.missing, c.key)))


def owes(organisation: OrganisationView, resource: str) -> bool:
    """Whether registering a declared resource is a duty of this organisation at its level."""
    level = division_level(organisation.division)
    return organisation.division in _divisions_in_force() and any(
        duty.resource == resource and duty.department == organisation.department
        for pack in shelf.packs().values()
        for duty in pack.duties
        if level in duty.levels
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    status: str
    late: bool
    since: date | None
    origin: str
    origin_name: Text


def _standing(actor: Actor, organisations: Iterable[OrganisationView]) -> Iterator[DutyView]:
    by_department: dict[str, list[Duty]] = defaultdict(list)
    for pack in shelf.packs().values():
        for duty in pack.duties:
            by_department[duty.department].append(duty)
    standing = _divisions_in_force()
    owed = [
        (o, level, duty)
        for o in organisations
        if o.department and o.division in standing
        for level in (division_level(o.division),)
        for duty in by_department.get(o.department, ())
        if level in duty.levels
    ]
    entries = _entries(actor, {duty.resource for _, _, duty in owed})
    for o, level, duty in owed:
        yield _view(o, level, duty, entries.get((o.code, duty.resource, o.division)))


def _divisions_in_force() -> frozenset[str]:
    return frozenset(each.code for each in shelf.divisions(date.today()))


def _view(o: OrganisationView, level: str, duty: Duty, entry: _Entry | None) -> DutyView:
    state = "missing"
    if entry is not None:
        state = "drafted" if entry.status != "published" else "late" if entry.late else "done"
    return DutyView(
        id=f"{duty.pack}.{duty.id}",
        name=duty.name,
        basis=duty.basis,
        organisation=o.code,
        organisation_name=o.name,
        department=o.department,
        division=o.division,
        level=level,
        resource=duty.resource,
        state=state,
        entry=entry.id if entry else "",
        since=entry.since if entry else None,
        origin=entry.origin if entry else "",
        origin_name=entry.origin_name if entry else NO_TEXT,
    )


def _entries(actor: Actor, declared: set[str]) -> dict[tuple[str, str, str], _Entry]:
    """What fulfils a duty: the entry of the owner (of a harvested one: the provider) that follows
    the declared resource, by the division that it is about; one about another division, which the
    owner took over, is none."""
    rows = (
        visible_rows(actor)
        .filter(declared__in=declared, status__in=_LIVE)
        .exclude(owner_id=None, origin="")
        .only(*_NEEDED)
    )
    today = date.today()
    # The last of equal keys stays: those of the zone itself.
    ordered = sorted(rows, key=lambda row: (not row.origin, row.pk))
    return {(_of(row), row.declared, row.division): _entry(row, today) for row in ordered}


def _of(row: InformationResource) -> str:
    return row.provider_code if row.origin else str(row.owner_id)


_NEEDED: Final = (
    *("id", "owner_id", "declared", "division", "status", "cadence"),
    *("due_on", "arrived_at", "published_on", "provider_code"),
    *("origin", "origin_zh", "origin_en"),
)


def _entry(row: InformationResource, today: date) -> _Entry:
    late = freshness_of(row, today).state == "overdue"
    name = Text(row.origin_zh, row.origin_en or row.origin_zh)
    return _Entry(row.pk, row.status, late, row.published_on, row.origin, name)
