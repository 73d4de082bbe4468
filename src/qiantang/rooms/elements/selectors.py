"""The room's reads: the registry, who uses an element, and how resources conform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import NotFound
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Element
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.selectors import ResourceView
from qiantang.rooms.elements.errors import ElementUnknown
from qiantang.rooms.elements.findings import Finding, Rule, findings
from qiantang.rooms.elements.models import Waiver
from qiantang.rooms.shelf import selectors as shelf


@dataclass(frozen=True, slots=True)
class WaiverView:
    """A waiver; ``state`` on the day it is looked at: ``in-force``, ``coming``, ``expired`` or
    ``withdrawn``."""

    id: int
    resource: str
    field: str
    rule: Rule
    reason: str
    document: str
    valid_from: date
    valid_to: date
    granted_by: str
    granted_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Excused:
    """A finding that a waiver in force lets stand."""

    finding: Finding
    waiver: WaiverView


@dataclass(frozen=True, slots=True)
class Report:
    """How one resource conforms on a day. ``followed``: fields that follow an element;
    ``compared``: those, and fields that ought to follow one (there is one of their name); a field
    that has to do with none says nothing about conformance. ``share``: of the compared fields
    those without an open finding, 0 to 1; None where none was compared. ``lapsed``: waivers that
    have ended while the difference still stands."""

    resource: str
    name: Text
    on: date
    fields: int
    followed: int
    compared: int
    share: float | None
    findings: tuple[Finding, ...]
    excused: tuple[Excused, ...]
    lapsed: tuple[WaiverView, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """A field that follows an element."""

    resource: str
    name: Text
    field: str
    field_name: Text


def elements(query: str = "") -> Mapping[str, Element]:
    """The registry, by id; with ``query`` those whose id, names or definition contain it."""
    asked = query.strip().casefold()
    return {
        key: each
        for key, each in sorted(shelf.elements().items())
        if not asked or any(asked in text.casefold() for text in _texts(key, each))
    }


def element(id: str) -> Element:
    """One element by ``pack.local``. Raises `ElementUnknown`."""
    found = shelf.elements().get(id)
    if found is None:
        raise ElementUnknown(found=id)
    return found


def uses(actor: Actor, id: str) -> tuple[Use, ...]:
    """The fields, of declared resources that the actor may know of, that follow an element."""
    return tuple(
        Use(entry.id, entry.name, str(field["id"]), _name(field))
        for entry in _declared(actor)
        for field in entry.fields
        if field.get("element") == id
    )


def report(actor: Actor, resource: str, on: date | None = None) -> Report:
    """One resource's conformance. Raises `ResourceUnknown` of the catalogue."""
    return _report(catalogue.resource(actor, resource), on or timezone.localdate())


def reports(actor: Actor, on: date | None = None) -> tuple[Report, ...]:
    """Reports of the declared resources that the actor may know of, worst first; those of which
    nothing could be compared come last."""
    day = on or timezone.localdate()
    entries = [e for e in _declared(actor) if e.fields]
    return tuple(sorted((_report(e, day) for e in entries), key=_worst_first))


def _worst_first(report: Report) -> tuple[bool, float, str]:
    return report.share is None, report.share or 0.0, report.resource


def waivers(actor: Actor, resource: str = "") -> tuple[WaiverView, ...]:
    """Waivers of resources that the actor may know of."""
    rows = Waiver.objects.filter(resource=resource) if resource else Waiver.objects.all()
    return tuple(waiver_view(row) for row in rows if knows(actor, row.resource))


def knows(actor: Actor, resource: str) -> bool:
    """Whether the actor may know of a resource."""
    try:
        catalogue.resource(actor, resource)
    except NotFound:
        return False
    return True


def waiver_view(row: Waiver, on: date | None = None) -> WaiverView:
    day = on or timezone.localdate()
    return WaiverView(
        id=row.pk,
        resource=row.resource,
        field=row.field,
        rule=Rule(row.rule),
        reason=row.reason,
        document=row.document,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        granted_by=row.granted_by,
        granted_at=row.granted_at,
        state=_state(row, day),
    )


def _state(row: Waiver, day: date) -> str:
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.valid_to < day:
        return "expired"
    return "coming" if day < row.valid_from else "in-force"


def _declared(actor: Actor) -> Iterator[ResourceView]:
    """Entries of packs, pack by pack: harvested ones may be hundreds of thousands."""
    for pack in sorted(shelf.packs()):
        yield from catalogue.resources(actor, pack=pack)


def _report(entry: ResourceView, on: date) -> Report:
    every = findings(entry.fields, shelf.elements(), on)
    rows = Waiver.objects.filter(resource=entry.id).order_by("valid_to", "pk")
    standing = [waiver_view(row, on) for row in rows]
    # Of several for one point the one that ends last counts.
    by_point = {(w.field, w.rule): w for w in standing if w.state == "in-force"}
    open_ones = tuple(f for f in every if (f.field, f.rule) not in by_point)
    points = {(f.field, f.rule) for f in open_ones}
    wrong = {f.field for f in open_ones}
    following = {str(f["id"]) for f in entry.fields if f.get("element")}
    compared = following | {f.field for f in every}
    return Report(
        resource=entry.id,
        name=entry.name,
        on=on,
        fields=len(entry.fields),
        followed=len(following),
        compared=len(compared),
        share=1 - len(wrong) / len(compared) if compared else None,
        findings=open_ones,
        excused=tuple(
            Excused(f, by_point[f.field, f.rule]) for f in every if (f.field, f.rule) in by_point
        ),
        lapsed=tuple(w for w in standing if w.state == "expired" and (w.field, w.rule) in points),
    )


def _texts(key: str, each: Element) -> tuple[str, ...]:
    return (key, each.name.zh, each.name.en, each.definition.zh, each.definition.en)


def _name(field: Mapping[str, object]) -> Text:
    name = field.get("name")
    return Text(str(name["zh"]), str(name["en"])) if isinstance(name, dict) else Text("", "")
