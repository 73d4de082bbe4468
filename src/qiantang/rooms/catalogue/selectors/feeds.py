"""Reads for the machine feeds: entries in the order of their ids, a piece at a time.

A place is kept by the id of the last entry given, so that a reader who comes back later neither
misses nor repeats what stayed. Feeds carry what is published; withdrawn entries only where asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.db.models import Count, Max, QuerySet

from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue.models import CatalogueChange, InformationResource
from qiantang.rooms.catalogue.selectors.entries import resource_view, visible_rows
from qiantang.rooms.catalogue.selectors.exact import Exact
from qiantang.rooms.catalogue.selectors.search import search
from qiantang.rooms.catalogue.selectors.views import FacetValue, ResourceView

Status = InformationResource.Status
ALL_VALUES: Final = 10**9


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries a feed asks for. ``since`` inclusive, ``until`` exclusive, by last change."""

    since: datetime | None = None
    until: datetime | None = None
    withdrawn: bool = False
    owner: str = ""
    division: str = ""


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class FeedState:
    """``moment`` grows with every change of the catalogue: equal moments, equal feeds."""

    moment: int
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


def feed_state(actor: Actor, wanted: Wanted = EVERYTHING) -> FeedState:
    """How many entries there are for the actor, and when one of them changed last."""
    return _state(actor, wanted, _last_change())


def _last_change() -> tuple[int, str]:
    last = CatalogueChange.objects.order_by("-moment").values_list("moment", "mark")[:1]
    return next(iter(last), (0, ""))


@lru_cache(maxsize=64)
def _state(actor: Actor, wanted: Wanted, change: tuple[int, str]) -> FeedState:
    """Counted anew after each change of the catalogue: it takes a walk through all entries."""
    found = _wanted(actor, wanted).aggregate(total=Count("pk"), changed=Max("changed_at"))
    first = _wanted(actor, wanted).order_by("changed_at").values_list("changed_at", flat=True)[:1]
    return FeedState(
        moment=change[0],
        changed=found["changed"],
        earliest=next(iter(first), None),
        total=found["total"],
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


def _wanted(actor: Actor, wanted: Wanted) -> QuerySet[InformationResource]:
    status = [Status.PUBLISHED, Status.RETIRED] if wanted.withdrawn else [Status.PUBLISHED]
    rows = visible_rows(actor).filter(status__in=status)
    if wanted.since:
        rows = rows.filter(changed_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(changed_at__lt=wanted.until)
    if wanted.owner:
        rows = rows.filter(provider_code=wanted.owner)
    if wanted.division:
        rows = rows.filter(division=wanted.division)
    return rows
