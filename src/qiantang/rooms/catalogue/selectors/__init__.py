"""The catalogue's reads, always from what the actor may know of."""

from __future__ import annotations

from qiantang.rooms.catalogue.attributes import is_tombstone
from qiantang.rooms.catalogue.forms import SERVED, harmless_fields, serves_rows
from qiantang.rooms.catalogue.indexing import divisions_around
from qiantang.rooms.catalogue.policy import reads_rows, sees_values, sight_of
from qiantang.rooms.catalogue.selectors.copies import hides_values, kept_back
from qiantang.rooms.catalogue.selectors.duties import duties, duty_summary
from qiantang.rooms.catalogue.selectors.entries import (
    by_code,
    completeness,
    mine,
    offer,
    offers,
    open_offers,
    origin_names,
    resource,
    resources,
    why,
)
from qiantang.rooms.catalogue.selectors.groups import group, groups
from qiantang.rooms.catalogue.selectors.search import search
from qiantang.rooms.catalogue.selectors.similar import conflicts, duplicates, related
from qiantang.rooms.catalogue.selectors.versions import (
    compared,
    difference,
    open_version,
    sent_back,
    versions,
    waiting_for,
)
from qiantang.rooms.catalogue.selectors.views import (
    Change,
    Completeness,
    ConflictView,
    Difference,
    DutyCount,
    DutyView,
    Facet,
    FacetValue,
    Freshness,
    Group,
    GroupMember,
    Missing,
    Offer,
    OpenOffer,
    Origin,
    Quality,
    Related,
    ResourceView,
    SearchPage,
    Twin,
    VersionView,
)

__all__ = [
    "SERVED",
    "Change",
    "Completeness",
    "ConflictView",
    "Difference",
    "DutyCount",
    "DutyView",
    "Facet",
    "FacetValue",
    "Freshness",
    "Group",
    "GroupMember",
    "Missing",
    "Offer",
    "OpenOffer",
    "Origin",
    "Quality",
    "Related",
    "ResourceView",
    "SearchPage",
    "Twin",
    "VersionView",
    "by_code",
    "compared",
    "completeness",
    "conflicts",
    "difference",
    "divisions_around",
    "duplicates",
    "duties",
    "duty_summary",
    "group",
    "groups",
    "harmless_fields",
    "hides_values",
    "is_tombstone",
    "kept_back",
    "mine",
    "offer",
    "offers",
    "open_offers",
    "open_version",
    "origin_names",
    "reads_rows",
    "related",
    "resource",
    "resources",
    "search",
    "sees_values",
    "sent_back",
    "serves_rows",
    "sight_of",
    "versions",
    "waiting_for",
    "why",
]
