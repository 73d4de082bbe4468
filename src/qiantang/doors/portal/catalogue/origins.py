"""The catalogues that entries come from, called as their own entries call them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.selectors import FacetValue, Origin, SearchPage

HERE: Final = "local"
FACET: Final = "origin"


def origin_of(actor: Actor, code: str) -> Origin | None:
    """What the newest entry from there tells of it."""
    newest = catalogue.search(actor, facets={FACET: code}, size=1, sort="newest").hits
    return newest[0].origin if newest else None


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
    origin = None if value.value == HERE else origin_of(actor, value.value)
    return replace(value, name=origin.name) if origin else value
