"""Which organisation answers for a figure: its indicator's department in the figure's division."""

from __future__ import annotations

from django.conf import settings

from qiantang.kernel.errors import NotFound
from qiantang.packkit.compiled import Resource
from qiantang.packkit.plans import Target
from qiantang.rooms.indicators.errors import NoOwner, NoSuchIndicator, NoSuchResource
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf


def owner_code(indicator: str, division: str) -> str:
    """``330000-stats`` for an indicator of the statistics department in the province."""
    found = shelf.indicators().get(indicator)
    if found is None:
        raise NoSuchIndicator(found=indicator)
    return f"{division}-{found.owner}"


def path_of(code: str) -> str:
    """The organisation's path. Raises `NoOwner` when it is not registered."""
    try:
        found = people.organisation(code)
    except NotFound:
        found = None
    if found is None:
        raise NoOwner(found=code)
    return str(found.path)


def figure_path(indicator: str, division: str) -> str:
    """The path of the organisation that answers for a figure."""
    return path_of(owner_code(indicator, division))


def resource(resource_id: str) -> Resource:
    """A resource of observations, by ``pack.local`` or its local id."""
    known = shelf.resources()
    found = known.get(resource_id) or next((r for r in known.values() if r.id == resource_id), None)
    if found is None or found.role != "observations":
        raise NoSuchResource(found=resource_id)
    return found


def resource_path(found: Resource) -> str:
    """The path of the department that keeps a resource, in the zone's province."""
    return path_of(f"{root_division()}-{found.owner}")


def root_division() -> str:
    """The division whose government the zone belongs to."""
    return str(settings.QIANTANG_DIVISION)


def target_path(target: Target) -> str:
    """The path of the organisation that answers for a target."""
    return path_of(f"{target.division}-{target.owner}")
