"""The facet of origins, with the upstream catalogues called as their entries call them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.selectors import FacetValue, SearchPage

HERE: Final = "local"
FACET: Final = "origin"


def with_origins_named(actor: Actor, found: SearchPage) -> SearchPage:
    """The page of results whose facet of origins says names in the place of codes."""
    facets = tuple(
        replace(facet, values=tuple(_named(actor, each) for each in facet.values))
        if facet.id == FACET
        else facet
        for facet in found.facets
    )
    return replace(found, facets=facets)


def _named(actor: Actor, value: FacetValue) -> FacetValue:
    name = None if value.value == HERE else catalogue.origin_name(actor, value.value)
    return replace(value, name=name) if name else value
