"""Reads of single entries and plain lists, always from what the actor may know of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import cycles, policy
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.catalogue.models import EntryIndex, InformationResource, ResourceVersion
from qiantang.rooms.catalogue.policy import Reason
from qiantang.rooms.catalogue.selectors.columns import last_change
from qiantang.rooms.catalogue.selectors.completeness import completeness_of
from qiantang.rooms.catalogue.selectors.views import (
    Completeness,
    Freshness,
    Offer,
    OpenOffer,
    Origin,
    Quality,
    ResourceView,
)
from qiantang.rooms.people import selectors as people

_OPEN: Final = (ResourceVersion.State.DRAFT, ResourceVersion.State.REVIEW)
_ANY: Final = "\x00"
"""No id: no text of a database holds it."""


def resources(
    actor: Actor,
    *,
    pack: str | None = None,
    sharing: str | None = None,
    status: str | None = None,
    owner: str | None = None,
    provider: str | None = None,
) -> tuple[ResourceView, ...]:
    """The resources the actor may know of, by id. ``owner`` looks after an entry here; the
    ``provider`` of a harvested one is its upstream's."""
    rows = _visible(actor)
    wanted = {
        "pack": pack,
        "sharing": sharing,
        "status": status,
        "owner_id": owner,
        "provider_code": provider,
    }
    for field, value in wanted.items():
        if value is not None:
            rows = rows.filter(**{field: value})
    return tuple(resource_view(row) for row in rows)


def resource(actor: Actor, id: str) -> ResourceView:
    """One resource. Raises `ResourceUnknown`, also when the actor may not know of it."""
    return resource_view(visible_row(actor, id))


def edition(actor: Actor, id: str) -> tuple[object, ...]:
    """Changes whenever the entry does; cheap to ask. Raises `ResourceUnknown`, as `resource`."""
    said = _edition_query(policy.sight_of(actor))
    if said is not None:
        sql, params = said
        with connection.cursor() as cursor:
            cursor.execute(sql, tuple(id if each == _ANY else each for each in params))
            found = cursor.fetchone()
        if found is not None:
            return tuple(found)
    raise ResourceUnknown(found=id)


@lru_cache(maxsize=256)
def _edition_query(sight: policy.Sight) -> tuple[str, tuple[Any, ...]] | None:
    """The question of `edition` as SQL, with `_ANY` in the place of the id: writing it takes longer
    than asking it. None for who sees nothing."""
    rows = InformationResource.objects.filter(policy.read_by(sight), pk=_ANY)
    try:
        return rows.order_by().values_list("edition", "changed_at").query.sql_with_params()
    except EmptyResultSet:
        return None


def by_code(actor: Actor, code: str) -> ResourceView:
    """The resource with a catalogue code of this platform. Raises `ResourceUnknown`."""
    row = _visible(actor).filter(code=code, origin="").first()
    if row is None:
        raise ResourceUnknown(found=code)
    return resource_view(row)


def mine(actor: Actor) -> tuple[ResourceView, ...]:
    """The entries of the actor's organisation, those that were offered to it, and those anywhere
    with an open version that the actor drafted, newest first."""
    if actor.is_anonymous:
        return ()
    open_ones = ResourceVersion.objects.filter(state__in=_OPEN, drafted_by=actor.key)
    drafted = Q(pk__in=open_ones.values("resource_id"))
    if not actor.path:
        found = _visible(actor).filter(drafted)
    else:
        own = _visible(actor).filter(drafted | Q(owner_path=actor.path))
        found = own | InformationResource.objects.filter(offered_path=actor.path)
    return tuple(resource_view(row) for row in found.order_by("-changed_at", "id"))


def why(actor: Actor, verb: str, id: str) -> Reason:
    """Whether the actor may do ``verb`` (see, edit, submit, publish, retire ...) to a resource."""
    row = InformationResource.objects.filter(pk=id).first()
    if row is None or (verb != "see" and not policy.why(actor, "see", row)):
        raise ResourceUnknown(found=id)
    return policy.why(actor, verb, row)


def completeness(view: ResourceView) -> Completeness:
    """The score of an entry with what is missing, from its view."""
    texts = ("name", "description", "conditions", "open_conditions", "licence", "system", "contact")
    content = {name: getattr(view, name).as_dict() for name in texts}
    plain = ("classes", "fields", "sharing", "share_mode", "open", "cadence")
    content |= {name: getattr(view, name) for name in plain}
    content["keywords"] = {"zh": view.keywords_zh, "en": view.keywords_en}
    return completeness_of(content)


def views_of_keys(actor: Actor, keys: Sequence[int]) -> tuple[ResourceView, ...]:
    """The entries behind keys of the index, in their order; one query for all. What the actor may
    not know of (any more) is left out."""
    ids = dict(EntryIndex.objects.filter(key__in=keys).values_list("resource_id", "key"))
    rows = {ids[row.pk]: row for row in _visible(actor).filter(pk__in=ids)}
    return tuple(resource_view(rows[key]) for key in keys if key in rows)


def offers(actor: Actor) -> tuple[ResourceView, ...]:
    """The entries whose offer the actor may accept or decline, the longest waiting first."""
    rows = InformationResource.objects.filter(policy.answered_by(actor))
    return tuple(resource_view(row) for row in rows.order_by("changed_at", "id"))


def open_offers(actor: Actor) -> tuple[OpenOffer, ...]:
    """Every open offer that the actor may know of, made or received by his organisation or one that
    his roles cover, the longest waiting first; whether he may answer it."""
    rows = InformationResource.objects.filter(policy.offers_read_by(actor))
    return tuple(_open_offer(actor, row) for row in rows.order_by("changed_at", "id"))


def _open_offer(actor: Actor, row: InformationResource) -> OpenOffer:
    to, at = row.offered_to_id or "", row.offer.get("at")
    return OpenOffer(
        entry=resource_view(row),
        to=to,
        to_name=people.organisation(to).name,
        reason=str(row.offer.get("reason", "")),
        at=datetime.fromisoformat(at) if at else None,
        may_answer=bool(policy.why(actor, "accept", row)),
    )


def offer(actor: Actor, id: str) -> Offer | None:
    """The latest offer of an entry to another organisation, until somebody there accepts it; for
    people of both sides and those above them. Raises `ResourceUnknown`."""
    row = visible_row(actor, id)
    sight = policy.sight_of(actor)
    sides = [path for path in (row.owner_path, row.offered_path) if path]
    if not row.offer or not any(sight.sees_owner(path) for path in sides):
        return None
    said = {name: str(row.offer.get(name, "")) for name in ("to", "reason", "declined")}
    return Offer(**said, at=datetime.fromisoformat(row.offer["at"]))


def visible_row(actor: Actor, id: str) -> InformationResource:
    """One entry that the actor may read. Raises `ResourceUnknown`."""
    row = InformationResource.objects.filter(policy.read_by(policy.sight_of(actor)), pk=id).first()
    if row is None:
        raise ResourceUnknown(found=id)
    return row


def visible_rows(actor: Actor) -> QuerySet[InformationResource]:
    return _visible(actor)


def _visible(actor: Actor) -> QuerySet[InformationResource]:
    return InformationResource.objects.filter(policy.visible_to(actor))


def resource_view(row: InformationResource) -> ResourceView:
    return ResourceView(
        id=row.id,
        pack=row.pack,
        version=row.version,
        name=Text(row.name_zh or row.name_en or row.id, row.name_en or row.name_zh or row.id),
        description=Text(row.description_zh, row.description_en),
        owner=row.owner_id or "",
        owner_department=row.owner_department,
        sharing=row.sharing,
        conditions=Text(row.conditions_zh, row.conditions_en),
        open=row.open,
        cadence=row.cadence,
        licence=Text(row.licence_zh, row.licence_en),
        grain=tuple(row.grain),
        fields=tuple(row.fields),
        status=row.status,
        registered_at=row.registered_at,
        changed_at=row.changed_at,
        code=row.code,
        classes=tuple(row.classes),
        themes=tuple(row.themes),
        theme_names={uri: Text(**said) for uri, said in row.theme_names.items()},
        keywords_zh=tuple(row.keywords_zh),
        keywords_en=tuple(row.keywords_en),
        provider=Text(row.provider_zh, row.provider_en or row.provider_zh),
        provider_code=row.provider_code,
        division=row.division,
        level=row.level,
        format=row.format,
        share_mode=row.share_mode,
        open_conditions=Text(row.open_conditions_zh, row.open_conditions_en),
        system=Text(row.system_zh, row.system_en),
        contact=Text(row.contact_zh, row.contact_en),
        retention=row.retention,
        related=tuple(row.related),
        declared=row.declared,
        per_division=row.per_division,
        number=row.number,
        edition=row.edition,
        completeness=row.completeness,
        published_on=row.published_on,
        reason=row.reason,
        offered_to=row.offered_to_id or "",
        origin=_origin(row),
        distributions=tuple(row.distributions),
        quality=_quality(row),
        freshness=freshness_of(row, date.today()),
        rows=row.rows,
    )


def freshness_of(row: InformationResource, today: date) -> Freshness:
    """Whether the next delivery is in time, as of a day."""
    return freshness(row.cadence, row.arrived_at, row.due_on, today)


def freshness(
    cadence: str, arrived_at: datetime | None, due_on: date | None, today: date
) -> Freshness:
    """The same of a cycle, the latest delivery, and the day on which the next is due."""
    number = cycles.due_number(cadence, due_on)
    if number == cycles.NO_CYCLE:
        state = "no-cycle"
    elif number == cycles.NOTHING_YET:
        state = "never"
    else:
        state = "fresh" if number >= today.toordinal() else "overdue"
    return Freshness(state, arrived_at, due_on)


def origin_names(actor: Actor, codes: Iterable[str]) -> dict[str, Text]:
    """What entries from there call each of the catalogues; without those of which the actor may
    know no entry."""
    change = last_change()
    found = {code: _origin_name(actor, code, change) for code in codes}
    return {code: name for code, name in found.items() if name}


@lru_cache(maxsize=2_000)
def _origin_name(actor: Actor, code: str, change: tuple[int, str]) -> Text | None:
    """Asked anew after each change of the catalogue: a province has a hundred upstreams."""
    rows = visible_rows(actor).filter(origin=code).order_by("upstream_id")
    said = rows.values_list("origin_zh", "origin_en").first()
    return Text(said[0] or said[1], said[1] or said[0]) if said and any(said) else None


def _origin(row: InformationResource) -> Origin | None:
    if not row.origin or row.harvested_at is None:
        return None
    return Origin(
        code=row.origin,
        name=Text(row.origin_zh, row.origin_en or row.origin_zh),
        upstream_id=row.upstream_id,
        address=row.upstream_address,
        harvested_at=row.harvested_at,
        passage=tuple(row.passage),
    )


def _quality(row: InformationResource) -> Quality:
    kept = row.quality
    sent, accepted = int(kept.get("sent", 0)), int(kept.get("accepted", 0))
    return Quality(
        grade=row.grade,
        sent=sent,
        accepted=accepted,
        set_aside=int(kept.get("set_aside", 0)),
        share=accepted / sent if sent else None,
        dimensions=dict(kept.get("dimensions", {})),
        run=row.run,
    )
