"""Reads for the machine feeds: entries in the order of their ids, a piece at a time.

A place is kept by the id of the last entry given, so that a reader who comes back later neither
misses nor repeats what stayed. Feeds carry what is published; withdrawn entries only where asked.
Records (`feed_records`) are for harvesters that keep what they have until they are told otherwise:
what everybody could see and was then hidden stays among them, by name alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.db.models import Count, Max, Min, Q, QuerySet

from qiantang.kernel.actors import Actor
from qiantang.kernel.identifiers import division_stem
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import policy
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.catalogue.indexing import divisions_around
from qiantang.rooms.catalogue.models import InformationResource
from qiantang.rooms.catalogue.selectors.columns import last_change
from qiantang.rooms.catalogue.selectors.entries import resource_view
from qiantang.rooms.catalogue.selectors.exact import Exact
from qiantang.rooms.catalogue.selectors.search import search
from qiantang.rooms.catalogue.selectors.views import FacetValue, ResourceView

Status = InformationResource.Status
ALL_VALUES: Final = 10**9


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries a feed asks for. ``since`` inclusive, ``until`` exclusive, by last change;
    ``division`` with what lies in it."""

    since: datetime | None = None
    until: datetime | None = None
    withdrawn: bool = False
    owner: str = ""
    division: str = ""


EVERYTHING = Wanted()
RECORDS = Wanted(withdrawn=True)
EVERY_DIVISION: Final = "*"


@dataclass(frozen=True, slots=True)
class Gone:
    """An entry that everybody could see and the actor may not see now: nothing but the name, the
    moment it was hidden, and the area that it was known under."""

    id: str
    changed_at: datetime
    division: str


@dataclass(frozen=True, slots=True)
class FeedState:
    """``mark`` differs whenever what the actor may see does; ``changed`` is when that last changed
    for somebody who sees what everybody sees, entries that went out of sight included."""

    mark: str
    changed: datetime | None
    earliest: datetime | None
    total: int


def feed_page(
    actor: Actor, wanted: Wanted = EVERYTHING, *, after: str = "", skip: int = 0, size: int = 100
) -> tuple[ResourceView, ...]:
    """The next ``size`` entries after the id ``after``, by id."""
    rows = _wanted(actor, wanted).order_by("id")
    if after:
        rows = rows.filter(id__gt=after)
    return tuple(resource_view(row) for row in rows[skip : skip + size])


def feed_records(
    actor: Actor, wanted: Wanted, *, after: str = "", size: int = 100
) -> tuple[ResourceView | Gone, ...]:
    """As `feed_page`, withdrawn entries and those that went out of sight among them."""
    rows = _records(actor, wanted).order_by("id")
    if after:
        rows = rows.filter(id__gt=after)
    return tuple(_record(actor, row) for row in rows[:size])


def feed_record(actor: Actor, id: str) -> ResourceView | Gone:
    """One of them. Raises `ResourceUnknown`."""
    row = _records(actor, RECORDS).filter(pk=id).first()
    if row is None:
        raise ResourceUnknown(found=id)
    return _record(actor, row)


def _record(actor: Actor, row: InformationResource) -> ResourceView | Gone:
    if row.hidden_at is None or policy.why(actor, "see", row):
        return resource_view(row)
    return Gone(row.pk, row.hidden_at, row.shown_division)


def feed_state(actor: Actor, wanted: Wanted = EVERYTHING) -> FeedState:
    """How many entries there are for the actor, and when what can be seen changed last."""
    return _state(actor, wanted, last_change())


@lru_cache(maxsize=64)
def _state(actor: Actor, wanted: Wanted, change: tuple[int, str]) -> FeedState:
    """Counted anew after each change of the catalogue: it takes a walk through all entries."""
    counted = Q() if wanted.withdrawn else Q(status=Status.PUBLISHED)
    known = _wanted(actor, replace(wanted, withdrawn=True)).aggregate(
        total=Count("pk", filter=counted), last=Max("changed_at"), first=Min("changed_at")
    )
    gone = InformationResource.objects.filter(_hidden(actor, wanted)).aggregate(
        total=Count("pk"), last=Max("hidden_at"), first=Min("hidden_at")
    )
    return FeedState(
        mark=f"{change} {policy.sight_of(actor)}",
        changed=max(filter(None, (known["last"], gone["last"])), default=None),
        earliest=min(filter(None, (known["first"], gone["first"])), default=None),
        total=known["total"] + (gone["total"] if wanted.withdrawn else 0),
    )


def feed_ids(actor: Actor) -> Iterable[str]:
    """The ids of all published entries, in their order."""
    return _wanted(actor, EVERYTHING).order_by("id").values_list("id", flat=True).iterator()


def feed_owners(actor: Actor) -> tuple[tuple[str, Text, int], ...]:
    """Who provides published entries: code, name, how many; by code."""
    found = ((v.value, v.name, v.count) for v in _all_values(actor, "provider"))
    return tuple(sorted(found, key=lambda owner: owner[0]))


def feed_words(actor: Actor) -> tuple[str, ...]:
    """The keywords of all published entries, each once."""
    return tuple(sorted(v.value for v in _all_values(actor, "keyword")))


def _all_values(actor: Actor, facet: str) -> tuple[FacetValue, ...]:
    counted = search(actor, size=0, exact=Exact(most=ALL_VALUES)).facets
    return next(each.values for each in counted if each.id == facet)


def feed_divisions(actor: Actor) -> tuple[str, ...]:
    """The divisions that the records of `feed_records` are about, and those around them."""
    return _divisions(actor, last_change())


@lru_cache(maxsize=8)
def _divisions(actor: Actor, change: tuple[int, str]) -> tuple[str, ...]:
    """Read anew after each change of the catalogue."""
    known: set[str] = set()
    for found, field in (
        (_shown(actor, RECORDS), "division"),
        (_hidden(actor, RECORDS), "shown_division"),
    ):
        rows = InformationResource.objects.filter(found).order_by()
        known.update(rows.values_list(field, flat=True).distinct())
    return tuple(sorted({around for code in known for around in divisions_around(code)}))


def _wanted(actor: Actor, wanted: Wanted) -> QuerySet[InformationResource]:
    return InformationResource.objects.filter(_shown(actor, wanted))


def _records(actor: Actor, wanted: Wanted) -> QuerySet[InformationResource]:
    return InformationResource.objects.filter(_shown(actor, wanted) | _hidden(actor, wanted))


def _shown(actor: Actor, wanted: Wanted) -> Q:
    """What the actor sees whole."""
    status = [Status.PUBLISHED, Status.RETIRED] if wanted.withdrawn else [Status.PUBLISHED]
    found = policy.visible_to(actor) & Q(status__in=status) & _during("changed_at", wanted)
    if wanted.owner:
        found &= Q(provider_code=wanted.owner)
    return found & _within("division", wanted.division)


def _hidden(actor: Actor, wanted: Wanted) -> Q:
    """What everybody saw once and the actor does not see now."""
    if not policy.sight_of(actor).public:
        return Q(pk__in=[])
    found = Q(hidden_at__isnull=False) & ~policy.visible_to(actor)
    return found & _during("hidden_at", wanted) & _within("shown_division", wanted.division)


def _during(field: str, wanted: Wanted) -> Q:
    found = Q(**{f"{field}__gte": wanted.since}) if wanted.since else Q()
    return found & Q(**{f"{field}__lt": wanted.until}) if wanted.until else found


def _within(field: str, division: str) -> Q:
    """The division itself and, of a province or city, what lies in it; `EVERY_DIVISION` any."""
    if not division:
        return Q()
    if division == EVERY_DIVISION:
        return ~Q(**{field: ""})
    if len(division) != 6:
        return Q(**{field: division})
    return Q(**{f"{field}__startswith": division_stem(division)})
