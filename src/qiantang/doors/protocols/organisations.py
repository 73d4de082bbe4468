"""CKAN's organizations, groups and tags: providers, classes and keywords of published entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from qiantang.doors.protocols import asked
from qiantang.doors.protocols.calls import Actions, Call, packages
from qiantang.doors.protocols.making import class_theme
from qiantang.doors.protocols.package_search import Window, counted, with_value
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.catalogue.selectors import feeds
from qiantang.standards import ckan
from qiantang.standards.entries import Agency
from qiantang.standards.errors import ArgumentWrong

Shown = dict[str, Any]
_EVERYTHING: Final = 10**6
_SORT_FIELDS: Final = {"name": "name", "title": "title", "package_count": "package_count",
                       "packages": "package_count"}  # fmt: skip
_NEWEST: Final = Window(order="newest")


def organization_list(call: Call) -> list[Any]:
    return _listed(call, "organizations", _organizations(call))


def organization_show(call: Call) -> Shown:
    return _shown(call, _organizations(call), "organization")


def group_list(call: Call) -> list[Any]:
    return _listed(call, "groups", _groups(call))


def group_show(call: Call) -> Shown:
    return _shown(call, _groups(call), "groups")


def group_package_show(call: Call) -> list[Shown]:
    name = _named(_groups(call), asked.text(call.given, "id"))["name"]
    window = replace(_NEWEST, rows=asked.whole(call.given, "limit", _NEWEST.rows, _NEWEST.rows))
    return packages(call, with_value(call, "groups", name, window).views)


def organization_autocomplete(call: Call) -> list[Shown]:
    return _completed(call, _organizations(call))


def group_autocomplete(call: Call) -> list[Shown]:
    return _completed(call, _groups(call))


def tag_list(call: Call) -> list[Any]:
    found = _tags(call, needed=False)
    if asked.yes(call.given, "all_fields"):
        return [ckan.tag_dict(word) for word in found]
    return found


def tag_show(call: Call) -> Shown:
    wanted = asked.text(call.given, "id")
    _no_vocabulary(call)
    for word in feeds.feed_words(call.actor):
        if wanted in (word, ckan.name_of(word)):
            shown = ckan.tag_dict(word)
            if asked.yes(call.given, "include_datasets"):
                shown["packages"] = packages(call, with_value(call, "tags", word, _NEWEST).views)
            return shown
    raise ResourceUnknown(found=wanted)


def tag_search(call: Call) -> Shown:
    found = _tags(call, needed=True)
    return {"count": len(found), "results": [ckan.tag_dict(w) for w in _cut(call, found)]}


def tag_autocomplete(call: Call) -> list[str]:
    return _cut(call, _tags(call, needed=True))


def vocabulary_list(call: Call) -> list[Any]:
    """Keywords are free here."""
    return []


ACTIONS: Final[Actions] = {
    "organization_list": (
        organization_list,
        "Providers; organizations, q, sort, order_by, all_fields, include_dataset_count, limit, "
        "offset. 提供机构。",
    ),
    "organization_show": (
        organization_show,
        "One provider; id, include_datasets, include_dataset_count. 一个机构。",
    ),
    "organization_autocomplete": (
        organization_autocomplete,
        "Providers whose names hold a text; q, limit. 按名称片段查找机构。",
    ),
    "group_list": (
        group_list,
        "Resource classes; groups, q, sort, order_by, all_fields, include_dataset_count, limit, "
        "offset. 资源分类。",
    ),
    "group_show": (
        group_show,
        "One class; id, include_datasets, include_dataset_count. 一个分类。",
    ),
    "group_package_show": (group_package_show, "Datasets of a class; id, limit. 分类中的条目。"),
    "group_autocomplete": (
        group_autocomplete,
        "Classes whose names hold a text; q, limit. 按名称片段查找分类。",
    ),
    "tag_list": (tag_list, "Keywords; query, q, all_fields, vocabulary_id. 关键词。"),
    "tag_show": (tag_show, "One keyword; id, include_datasets, vocabulary_id. 一个关键词。"),
    "tag_search": (tag_search, "Keywords that hold a text; query, q, limit, offset. 查找关键词。"),
    "tag_autocomplete": (
        tag_autocomplete,
        "Names of keywords that hold a text; query, q, limit, offset. 补全关键词。",
    ),
    "vocabulary_list": (vocabulary_list, "Vocabularies of keywords: none. 关键词词表：无。"),
}


def _organizations(call: Call) -> list[Shown]:
    """Every provider once, whatever its entries call it."""
    names: dict[str, Text] = {}
    counts: dict[str, int] = {}
    for code, name, number in feeds.feed_owners(call.actor):
        if code:
            names.setdefault(code, name)
            counts[code] = counts.get(code, 0) + number
    return [ckan.organization_dict(Agency(c, names[c]), n) for c, n in counts.items()]


def _groups(call: Call) -> list[Shown]:
    values = counted(call, "groups").values
    return [ckan.group_dict(class_theme(value.value), value.count) for value in values]


def _listed(call: Call, chosen: str, found: list[Shown]) -> list[Any]:
    """Names, or all fields, in the order asked for; those named in ``chosen`` and holding ``q``,
    from ``offset``, ``limit`` many."""
    names = asked.several(call.given, chosen, commas=True)
    kept = _holding(call, [each for each in found if not names or each["name"] in names])
    kept = _sorted(call, kept)
    start = asked.whole(call.given, "offset", 0, _EVERYTHING)
    kept = kept[start:][: asked.whole(call.given, "limit", _EVERYTHING, _EVERYTHING)]
    if not asked.yes(call.given, "all_fields"):
        return [each["name"] for each in kept]
    if not asked.yes(call.given, "include_dataset_count", standard=True):
        for each in kept:
            del each["package_count"]
    return kept


def _holding(call: Call, found: list[Shown]) -> list[Shown]:
    """Those whose name or title holds ``q``, in any case."""
    said = asked.words(call.given, "q").strip().lower()
    told = ("name", "title", "title_en")
    return [e for e in found if any(said in _titles(e)[name].lower() for name in told)]


def _titles(each: Mapping[str, Any]) -> dict[str, str]:
    translated = each["title_translated"]
    return {"name": each["name"], "title": each["title"], "title_en": translated.get("en") or ""}


def _sorted(call: Call, found: list[Shown]) -> list[Shown]:
    """As ``sort`` (once ``order_by``) says; by title without it, as CKAN does. Titles go as
    GB 18030 orders characters; what is equal, by name. Raises `ArgumentWrong`."""
    parameter = "sort" if call.given.get("sort") else "order_by"
    said = asked.words(call.given, parameter).strip() or "title asc"
    name, _, way = said.partition(" ")
    field, way = _SORT_FIELDS.get(name, ""), way.strip().lower()
    if not field or way not in {"", "asc", "desc"}:
        expected = "name|title|package_count asc|desc"
        raise ArgumentWrong(parameter=parameter, found=said[:40], expected=expected)
    keys: dict[str, Callable[[Shown], Any]] = {
        "name": lambda each: each["name"],
        "title": lambda each: each["title"].lower().encode("gb18030", "replace"),
        "package_count": lambda each: each["package_count"],
    }
    falls = way == "desc" or (not way and field == "package_count")
    by_name = sorted(found, key=keys["name"])
    return sorted(by_name, key=keys[field], reverse=falls)


def _shown(call: Call, found: list[Shown], field: str) -> Shown:
    """The one with the name, with its packages where they are wanted: the newest 1,000, as CKAN
    gives them."""
    shown = _named(found, asked.text(call.given, "id"))
    if asked.yes(call.given, "include_datasets"):
        shown["packages"] = packages(call, with_value(call, field, shown["name"], _NEWEST).views)
    if not asked.yes(call.given, "include_dataset_count", standard=True):
        del shown["package_count"]
    return shown


def _named(found: list[Shown], wanted: str) -> Shown:
    for each in found:
        if each["name"] == wanted:
            return each
    raise ResourceUnknown(found=wanted)


def _completed(call: Call, found: list[Shown]) -> list[Shown]:
    asked.text(call.given, "q")
    kept = _sorted(call, _holding(call, found))
    limit = asked.whole(call.given, "limit", 20, _EVERYTHING)
    return [{name: each[name] for name in ("id", "name", "title")} for each in kept[:limit]]


def _tags(call: Call, *, needed: bool) -> list[str]:
    """Keywords that hold every one of the texts, in any case; ``needed``: none without a text."""
    _no_vocabulary(call)
    name = "query" if call.given.get("query") else "q"
    texts = [said.lower() for said in asked.several(call.given, name)]
    if needed and not texts:
        return []
    words = feeds.feed_words(call.actor)
    return [word for word in words if all(said in word.lower() for said in texts)]


def _no_vocabulary(call: Call) -> None:
    """Keywords are in no vocabulary, so none of a named one is found."""
    if name := asked.words(call.given, "vocabulary_id"):
        raise ResourceUnknown(found=name)


def _cut(call: Call, found: list[str]) -> list[str]:
    start = asked.whole(call.given, "offset", 0, _EVERYTHING)
    return found[start:][: asked.whole(call.given, "limit", _EVERYTHING, _EVERYTHING)]
