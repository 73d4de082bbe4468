"""`package_search`: the catalogue's search as CKAN's clients ask it, with facets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from qiantang.doors.protocols import asked
from qiantang.doors.protocols.calls import ROWS, Actions, Call, packages
from qiantang.doors.protocols.conditions import FACETS, NAMED, exactly
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.selectors import Facet, FacetValue, ResourceView
from qiantang.rooms.catalogue.selectors.exact import Exact
from qiantang.standards import ckan
from qiantang.standards.errors import ArgumentWrong

VALUES: Final = 50
"""CKAN's own number of a facet's values where ``facet.limit`` says none."""
_PARAMETERS: Final = (
    *("q", "fq", "fq_list", "sort", "rows", "start"),
    *("facet", "facet.field", "facet.limit", "facet.mincount"),
    *("include_drafts", "include_deleted", "include_private", "use_default_schema", "extras"),
)
"""CKAN refuses every other parameter, too; those of Solr that change what is found (``mm``, ``qf``,
``defType`` ...) are not spoken here. Who sees what does not depend on a parameter."""
_PAGE: Final = 200
_SORTS: Final = {
    ("", True): "",
    ("changed", True): "newest",
    ("changed", False): "oldest",
    ("name", True): "name-desc",
    ("name", False): "name",
    ("id", True): "id-desc",
    ("id", False): "id",
}
MOST_VALUES: Final = 10_000
"""So many come where a negative ``facet.limit`` asks for all."""
_SHOWN_BY_NAME: Final = frozenset({"groups", "organization", "owner_org", "license_id"})
"""Facets whose values CKAN displays by their titles."""
Items = list[dict[str, Any]]
"""A facet's values as CKAN gives them: name, display_name, count."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which hits are wanted, in which of the catalogue's orders (empty: the best first)."""

    start: int = 0
    rows: int = ROWS
    order: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A window of hits, the number of all, and how many have each value of a facet."""

    views: tuple[ResourceView, ...]
    total: int
    facets: Mapping[str, Facet]


def package_search(call: Call) -> dict[str, Any]:
    given = call.given
    for name in given:
        if name not in _PARAMETERS and not name.startswith("ext_"):
            expected = ", ".join(_PARAMETERS[:10])
            raise ArgumentWrong(parameter=name[:40], found=str(given[name])[:40], expected=expected)
    query = ckan.parse_query(asked.words(given, "q"), _filters(given))
    sort = asked.words(given, "sort")
    window = Window(
        start=asked.whole(given, "start", 0, 10**6),
        rows=asked.whole(given, "rows", 10, ROWS),
        order=_SORTS[ckan.parse_sort(sort)],
    )
    counting = _Counting.of(given)
    found = searched(call, window, replace(exactly(query), most=counting.most))
    facets = counting.counts(call, found.facets)
    return {
        "count": found.total,
        "sort": sort or "score desc, metadata_modified desc",
        "results": packages(call, found.views),
        "facets": {
            name: {each["name"]: each["count"] for each in items} for name, items in facets.items()
        },
        "search_facets": {name: {"title": name, "items": items} for name, items in facets.items()},
    }


ACTIONS: Final[Actions] = {
    "package_search": (
        package_search,
        "Search; q, fq, fq_list, sort, rows, start, facet, facet.field, facet.limit, "
        "facet.mincount. 检索条目。",
    ),
}


def with_value(call: Call, field: str, value: str, window: Window) -> Found:
    """The packages whose field has the value: its CKAN name where the field holds names."""
    return searched(call, window, exactly(ckan.Value(field, (value,))))


def counted(call: Call, field: str) -> Facet:
    """How many packages have each value of a field."""
    return searched(call, Window(rows=0), Exact(most=MOST_VALUES)).facets[FACETS[field]]


def searched(call: Call, window: Window, exact: Exact) -> Found:
    """The window of hits, from as many of the catalogue's pages as it covers."""
    start, rows = window.start, window.rows
    first, last = start // _PAGE, max(start, start + rows - 1) // _PAGE
    hits: list[ResourceView] = []
    page = None
    for number in range(first, last + 1):
        page = catalogue.search(
            call.actor,
            page=number + 1,
            size=_PAGE if rows else 0,
            sort=window.order,
            exact=exact,
        )
        hits += page.hits
        if (number + 1) * _PAGE >= page.total:
            break
    assert page is not None
    within = start - first * _PAGE
    views = tuple(hits[within : within + rows])
    return Found(views, page.total, {facet.id: facet for facet in page.facets})


@dataclass(frozen=True, slots=True)
class _Counting:
    """Which facets are counted, and which of their values are given."""

    fields: tuple[str, ...]
    most: int
    least: int

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> _Counting:
        """What is asked. Raises `ArgumentWrong`."""
        fields = asked.several(given, "facet.field")
        for field in fields:
            if field not in FACETS:
                expected = ", ".join(FACETS)
                raise ArgumentWrong(parameter="facet.field", found=field[:40], expected=expected)
        limit = str(given.get("facet.limit", "")).strip()
        everything = limit.startswith("-") and limit[1:].isdecimal()
        said = {**given, "facet.limit": MOST_VALUES} if everything else given
        most = asked.whole(said, "facet.limit", VALUES, MOST_VALUES)
        least = asked.whole(given, "facet.mincount", 1, 10**9)
        wanted = asked.yes(given, "facet", standard=True)
        return cls(fields if wanted else (), most, least)

    def counts(self, call: Call, found: Mapping[str, Facet]) -> dict[str, Items]:
        """The values of each facet with their counts, the most frequent first."""
        return {name: self._items(call, name, found[FACETS[name]]) for name in self.fields}

    def _items(self, call: Call, name: str, facet: Facet) -> Items:
        values = list(facet.values)
        if not self.least:
            there = {value.value for value in values}
            known = counted(call, name).values
            values += [replace(v, count=0) for v in known if v.value not in there]
        kept = [value for value in values if value.count >= self.least]
        return [_item(name, value) for value in kept[: self.most]]


def _item(field: str, value: FacetValue) -> dict[str, Any]:
    name = ckan.name_of(value.value) if field in NAMED else value.value
    shown = value.name.zh if field in _SHOWN_BY_NAME else name
    return {"name": name, "display_name": shown, "count": value.count}


def _filters(given: Mapping[str, Any]) -> Iterable[str]:
    """Every ``fq`` and every one of ``fq_list``: all of them hold."""
    return *asked.several(given, "fq"), *asked.several(given, "fq_list")
