"""One call of CKAN's action API: who asks, from where, with what; and entries as its packages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.http import HttpRequest

from qiantang.doors.protocols.making import House, class_theme, entry_of
from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.catalogue.selectors import ResourceView
from qiantang.rooms.catalogue.selectors.facets import with_classes_above
from qiantang.standards import ckan
from qiantang.standards.classes import class_of

ROWS: Final = 1000
"""CKAN's own ceiling for the packages of one answer (``ckan.search.rows_max``)."""


@dataclass(frozen=True)
class Call:
    """One call: who, from where, with what."""

    actor: Actor
    request: HttpRequest
    given: dict[str, Any]

    @cached_property
    def house(self) -> House:
        """Asked for once by the actions that name addresses."""
        return House.of(self.request)


Action = Callable[[Call], Any]
Actions = dict[str, tuple[Action, str]]
"""Actions by name, each with what `help_show` tells of it."""


def published(call: Call, name: str) -> ResourceView:
    """The published entry of a package's name. Raises `ResourceUnknown`."""
    view = catalogue.resource(call.actor, ckan.id_of(name))
    if view.status != "published":
        raise ResourceUnknown(found=name)
    return view


def package(call: Call, view: ResourceView) -> dict[str, Any]:
    """An entry as a package, in the groups whose packages it is among: its classes and those above
    them, and what else its upstream calls it."""
    entry = entry_of(view, call.house)
    said = {class_of(theme.uri): theme for theme in entry.themes}
    classes = with_classes_above(view.classes)
    groups = [said.get(code) or class_theme(code) for code in classes]
    others = (theme for theme in entry.themes if not class_of(theme.uri))
    return ckan.package_dict(entry, (*groups, *others))


def packages(call: Call, views: Iterable[ResourceView]) -> list[dict[str, Any]]:
    return [package(call, view) for view in views]
