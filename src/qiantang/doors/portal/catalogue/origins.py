"""The facet of origins, with the upstream catalogues called as their entries call them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.selectors import Facet, SearchPage

HERE: Final = "local"
FACET: Final = "origin"


def with_origins_named(actor: Actor, found: SearchPage) -> SearchPage:
    """The page of results whose facet of origins says names in the place of codes."""
    facets = tuple(_named(actor, f) if f.id == FACET else f for f in found.facets)
    return replace(found, facets=facets)


def _named(actor: Actor, facet: Facet) -> Facet:
    names = catalogue.origin_names(actor, [v.value for v in facet.values if v.value != HERE])
    values = (replace(v, name=names.get(v.value, v.name)) for v in facet.values)
    return replace(facet, values=tuple(values))
