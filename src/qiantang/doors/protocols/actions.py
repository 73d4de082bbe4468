"""CKAN's actions over the catalogue: lists, shows and `package_search`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.http import HttpRequest

import qiantang
from qiantang.doors.protocols import asked
from qiantang.doors.protocols.making import House, class_theme, entry_of
from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.catalogue.selectors import FacetValue, ResourceView, feeds
from qiantang.rooms.catalogue.selectors.exact import ENTRY, Clause, Exact
from qiantang.standards import ckan
from qiantang.standards.entries import Agency, Theme
from qiantang.standards.errors import ArgumentWrong

ROWS: Final = 1000
"""CKAN's own ceiling for the hits of one search."""
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
_FACETS: Final = {"groups": "class", "res_format": "form", "sharing": "sharing",
                  "division": "division", "tags": "keyword", "license_id": "licence",
                  "organization": "provider", "owner_org": "provider"}  # fmt: skip
_BY: Final = {**_FACETS, "name": ENTRY, "id": ENTRY}
_NAMED: Final = frozenset({"groups", "organization", "owner_org", "name", "id"})
"""Fields whose values are CKAN names."""
_SHOWN_BY_NAME: Final = frozenset({"groups", "organization", "owner_org", "license_id"})
"""Facets whose values CKAN displays by their titles."""
VALUES: Final = 50
"""CKAN's own number of values of a facet where ``facet.limit`` says none."""
MOST_VALUES: Final = 1000


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
Counts = Mapping[str, list[dict[str, Any]]]
"""Of each facet its values as CKAN's items: name, display_name, count."""


def status_show(call: Call) -> dict[str, Any]:
    return {
        "ckan_version": "2.11.0",
        "site_title": call.house.root,
        "site_url": call.house.root,
        "site_description": f"qiantang {qiantang.__version__}",
        "locale_default": "zh_Hans_CN",
        "extensions": ["datastore", "dcat", "qiantang"],
        "error_emails_to": None,
    }


def site_read(call: Call) -> bool:
    return True


def package_list(call: Call) -> list[str]:
    limit, offset = (
        asked.whole(call.given, "limit", 10**6, 10**6),
        asked.whole(call.given, "offset", 0, 10**9),
    )
    names = [ckan.name_of(id) for id in feeds.feed_ids(call.actor)]
    return names[offset : offset + limit]


def package_show(call: Call) -> dict[str, Any]:
    name = asked.text(call.given, "id", "name_or_id")
    return _package(call, _entry(call, name))


def package_search(call: Call) -> dict[str, Any]:
    given = call.given
    query = ckan.parse_query(_string(given, "q"), _filters(given))
    order = _SORTS[ckan.parse_sort(_string(given, "sort"))]
    rows = asked.whole(given, "rows", 10, ROWS)
    start = asked.whole(given, "start", 0, 10**6)
    found, total, facets = _searched(call, query, order, start, rows)
    packages = [_package(call, view) for view in found]
    return {
        "count": total,
        "sort": _string(given, "sort") or "score desc, metadata_modified desc",
        "results": packages,
        "facets": {
            name: {each["name"]: each["count"] for each in items} for name, items in facets.items()
        },
        "search_facets": {name: {"title": name, "items": items} for name, items in facets.items()},
    }


def resource_show(call: Call) -> dict[str, Any]:
    wanted = asked.text(call.given, "id")
    view = _entry(call, wanted.partition("_x23_")[0])
    for each in _package(call, view)["resources"]:
        if each["id"] == wanted:
            return dict(each)
    raise ResourceUnknown(found=wanted)


def organization_list(call: Call) -> list[Any]:
    found = [_agency(owner) for owner in feeds.feed_owners(call.actor) if owner[0]]
    return _listed(call, "organizations", [ckan.organization_dict(*each) for each in found])


def organization_show(call: Call) -> dict[str, Any]:
    code = ckan.id_of(asked.text(call.given, "id"))
    for agency, number in map(_agency, feeds.feed_owners(call.actor)):
        if agency.code == code and code:
            shown = ckan.organization_dict(agency, number)
            if asked.yes(call.given, "include_datasets"):
                wanted = feeds.Wanted(owner=code)
                views = feeds.feed_page(call.actor, wanted, size=ROWS)
                shown["packages"] = [_package(call, view) for view in views]
            return shown
    raise ResourceUnknown(found=code)


def group_list(call: Call) -> list[Any]:
    return _listed(call, "groups", [ckan.group_dict(*each) for each in _classes(call)])


def _listed(call: Call, chosen: str, found: list[dict[str, Any]]) -> list[Any]:
    """Names, or all fields, by name; those named in ``chosen``, from ``offset``, ``limit`` many."""
    names = asked.several(call.given, chosen)
    kept = [each for each in found if not names or each["name"] in names]
    if str(call.given.get("sort") or call.given.get("order_by") or "").startswith("package_count"):
        kept.sort(key=lambda each: (-each["package_count"], each["name"]))
    else:
        kept.sort(key=lambda each: each["name"])
    start = asked.whole(call.given, "offset", 0, 10**6)
    kept = kept[start:][: asked.whole(call.given, "limit", 10**6, 10**6)]
    if not asked.yes(call.given, "all_fields"):
        return [each["name"] for each in kept]
    if not asked.yes({"include_dataset_count": True, **call.given}, "include_dataset_count"):
        for each in kept:
            del each["package_count"]
    return kept


def group_show(call: Call) -> dict[str, Any]:
    wanted = asked.text(call.given, "id")
    for theme, number in _classes(call):
        shown = ckan.group_dict(theme, number)
        if shown["name"] == wanted:
            if asked.yes(call.given, "include_datasets"):
                code = ckan.id_of(wanted)
                found = catalogue.search(call.actor, facets={"class": code}, size=_PAGE)
                shown["packages"] = [_package(call, view) for view in found.hits]
            return shown
    raise ResourceUnknown(found=wanted)


def tag_list(call: Call) -> list[Any]:
    words = feeds.feed_words(call.actor)
    query = _string(call.given, "query").lower()
    found = [word for word in words if query in word.lower()]
    if asked.yes(call.given, "all_fields"):
        return [ckan.tag_dict(word) for word in found]
    return found


ACTIONS: Final[dict[str, tuple[Action, str]]] = {
    "status_show": (status_show, "What this site is. 本站概况。"),
    "site_read": (site_read, "Whether the site may be read. 本站是否可读。"),
    "package_list": (package_list, "Names of all datasets; limit, offset. 全部条目的名称。"),
    "package_show": (package_show, "One dataset; id (its name). 一个条目。"),
    "package_search": (
        package_search,
        "Search; q, fq, sort, rows, start, facet.field, facet.limit. 检索条目。",
    ),
    "resource_show": (resource_show, "One form of a dataset's data; id. 一个数据资源。"),
    "organization_list": (organization_list, "Providers; all_fields, limit, offset. 提供机构。"),
    "organization_show": (organization_show, "One provider; id, include_datasets. 一个机构。"),
    "group_list": (group_list, "Resource classes; all_fields. 资源分类。"),
    "group_show": (group_show, "One class; id, include_datasets. 一个分类。"),
    "tag_list": (tag_list, "Keywords; query, all_fields. 关键词。"),
}


def _entry(call: Call, name: str) -> ResourceView:
    view = catalogue.resource(call.actor, ckan.id_of(name))
    if view.status != "published":
        raise ResourceUnknown(found=name)
    return view


def _package(call: Call, view: ResourceView) -> dict[str, Any]:
    return ckan.package_dict(entry_of(view, call.house))


def _searched(
    call: Call, query: ckan.Query, order: str, start: int, rows: int
) -> tuple[list[ResourceView], int, Counts]:
    """The window of hits, from as many of the catalogue's pages as it covers."""
    exact = _exact(call, query)
    first, last = start // _PAGE, max(start, start + rows - 1) // _PAGE
    hits: list[ResourceView] = []
    page = None
    for number in range(first, last + 1):
        page = catalogue.search(
            call.actor,
            query.words,
            page=number + 1,
            size=_PAGE,
            sort=order,
            exact=exact,
        )
        hits += page.hits
        if (number + 1) * _PAGE >= page.total:
            break
    assert page is not None
    within = start - first * _PAGE
    return hits[within : within + rows], page.total, _counts(call, page.facets)


def _exact(call: Call, query: ckan.Query) -> Exact:
    """The query's clauses as the catalogue's; facets count what these leave, as CKAN's do."""
    clauses = (
        Clause(_BY[each.field], tuple(_value(each.field, v) for v in each.values), each.without)
        for each in query.clauses
    )
    return Exact(tuple(clauses), most=MOST_VALUES)


def _value(field: str, said: str) -> str:
    """A value of CKAN's field as the catalogue keeps it."""
    if field == "res_format":
        return said.upper()
    return ckan.id_of(said) if field in _NAMED else said


def _counts(call: Call, facets: Any) -> Counts:
    wanted = call.given.get("facet.field") or []
    try:
        named = json.loads(wanted) if isinstance(wanted, str) else wanted
    except ValueError as error:
        raise ArgumentWrong(
            parameter="facet.field", found=str(wanted)[:40], expected='["groups"]'
        ) from error
    by_id = {facet.id: facet for facet in facets}
    most = _most_values(call)
    return {
        name: [_item(name, value) for value in by_id[_FACETS[name]].values[:most] if value.count]
        for name in named
        if name in _FACETS
    }


def _item(field: str, value: FacetValue) -> dict[str, Any]:
    name = ckan.name_of(value.value) if field in _NAMED else value.value
    shown = value.name.zh if field in _SHOWN_BY_NAME else name
    return {"name": name, "display_name": shown, "count": value.count}


def _most_values(call: Call) -> int:
    """``facet.limit``; a negative one asks for all, of which the commonest `MOST_VALUES` come."""
    said = str(call.given.get("facet.limit", ""))
    if said.startswith("-") and said[1:].isdecimal():
        return MOST_VALUES
    return asked.whole(call.given, "facet.limit", VALUES, MOST_VALUES)


def _classes(call: Call) -> list[tuple[Theme, int]]:
    facets = {facet.id: facet for facet in catalogue.search(call.actor, size=0).facets}
    return [(class_theme(value.value), value.count) for value in facets["class"].values]


def _agency(owner: tuple[str, Text, int]) -> tuple[Agency, int]:
    return Agency(owner[0], owner[1]), owner[2]


def _string(given: Mapping[str, Any], name: str) -> str:
    said = given.get(name) or ""
    if not isinstance(said, str):
        raise ArgumentWrong(parameter=name, found=str(said)[:40], expected="text")
    return said


def _filters(given: Mapping[str, Any]) -> list[str]:
    several = given.get("fq_list") or []
    if isinstance(several, str):
        several = [several]
    return [_string(given, "fq"), *(str(each) for each in several)]
