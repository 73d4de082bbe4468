"""Whose a delivery is: the resource, the organisation that answers for it, the division."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.kernel.errors import NotFound
from qiantang.packkit.compiled import Resource
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.intake.errors import DivisionNeeded, DivisionUnfit, ResourceClosed
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf


@dataclass(frozen=True, slots=True)
class Home:
    """Where deliveries of a resource belong. ``division`` is empty unless each keeps its own."""

    id: str
    resource: Resource
    division: str
    organisation: str
    path: str


def declared(resource_id: str) -> Resource:
    """The declared resource ``pack.local``. Raises `ResourceUnknown`."""
    found = shelf.resources().get(resource_id)
    if found is None:
        raise ResourceUnknown(found=resource_id)
    return found


def home_of(actor: Actor, resource_id: str, division: str = "") -> Home:
    """Whose a delivery of ``resource_id`` would be.

    Raises `ResourceUnknown` (also where the actor may not know of it), `ResourceClosed`,
    `DivisionNeeded`, `DivisionUnfit`.
    """
    resource = declared(resource_id)
    entry = _entry(actor, resource_id)
    if entry.status == "retired":
        raise ResourceClosed(found=resource_id)
    if not resource.per_division:
        if division and not entry.owner.startswith(f"{division}-"):
            raise DivisionUnfit(id=resource_id, found=division)
        return Home(resource_id, resource, "", entry.owner, path_of(entry.owner))
    chosen = division or _own_division(actor)
    owner = f"{chosen}-{resource.owner}"
    path = path_of(owner)
    if not chosen or not path:
        raise DivisionNeeded(id=resource_id, found=chosen or "-")
    return Home(resource_id, resource, chosen, owner, path)


def root_division() -> str:
    """The division whose government the zone belongs to."""
    return str(settings.QIANTANG_DIVISION)


def _entry(actor: Actor, resource_id: str) -> catalogue.ResourceView:
    """The entry; an officer of a division's department delivers its part of any shared one."""
    try:
        return catalogue.resource(actor, resource_id)
    except ResourceUnknown:
        if not any(actor.scopes(role) for role in (Role.OFFICER, Role.APPROVER)):
            raise
        entry = catalogue.resource(SYSTEM, resource_id)
        department = f"-{entry.owner_department}"
        if actor.organisation.endswith(department):
            return entry
        raise


def _own_division(actor: Actor) -> str:
    if not actor.organisation:
        return root_division()
    return actor.organisation.partition("-")[0]


def path_of(organisation: str) -> str:
    """The place of an organisation in the tree; empty where there is none."""
    try:
        return str(people.organisation(organisation).path) if organisation else ""
    except NotFound:
        return ""
