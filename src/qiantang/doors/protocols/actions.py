"""CKAN's actions of the site and its packages: status, lists and shows."""

from __future__ import annotations

import re
from typing import Any, Final

import qiantang
from qiantang.doors.protocols import asked
from qiantang.doors.protocols.calls import ROWS, Actions, Call, package, packages, published
from qiantang.doors.protocols.package_search import Window, counted, searched
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.catalogue.selectors import feeds
from qiantang.rooms.catalogue.selectors.asking import word_for_word
from qiantang.rooms.catalogue.selectors.conditions import (
    ENTRY,
    Condition,
    Fitting,
    Saying,
    Some,
)
from qiantang.rooms.catalogue.selectors.exact import Exact
from qiantang.standards import ckan

_NAME: Final = re.compile(r"[a-z0-9_-]+")


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
    return package(call, published(call, asked.text(call.given, "id", "name_or_id")))


def current_package_list_with_resources(call: Call) -> list[dict[str, Any]]:
    """Whole datasets, those that changed last first; ``page`` is CKAN's older way to say where."""
    rows = asked.whole(call.given, "limit", ROWS, ROWS)
    start = asked.whole(call.given, "offset", 0, 10**6)
    if not call.given.get("offset") and (page := asked.whole(call.given, "page", 1, 10**6)):
        start = (page - 1) * rows
    return packages(call, searched(call, Window(start, rows, "newest"), Exact()).views)


def package_autocomplete(call: Call) -> list[dict[str, str]]:
    """Datasets whose title has words that begin so, or whose name holds the text."""
    said = asked.text(call.given, "q").strip().lower()
    rows = asked.whole(call.given, "limit", 10, ROWS)
    ways: list[Condition] = [Saying(word_for_word(said, begins=True), "name")]
    if _NAME.fullmatch(said):
        ways.append(Fitting(ENTRY, lambda entry: said in ckan.name_of(entry)))
    exact = Exact((Some(tuple(ways)),))
    found = searched(call, Window(rows=rows, order="name"), exact).views
    return [_completed(ckan.name_of(view.id), view.name.zh, said) for view in found]


def _completed(name: str, title: str, said: str) -> dict[str, str]:
    by_name = said in name
    return {
        "name": name,
        "title": title,
        "match_field": "name" if by_name else "title",
        "match_displayed": name if by_name else f"{title} ({name})",
    }


def license_list(call: Call) -> list[dict[str, Any]]:
    """The licences that datasets have."""
    return [ckan.license_dict(v.value, v.name) for v in counted(call, "license_id").values]


def format_autocomplete(call: Call) -> list[str]:
    """Formats of files that hold the text, the most frequent first; in lower case, as CKAN has
    them."""
    said = asked.text(call.given, "q").strip().lower()
    found = [value.value.lower() for value in counted(call, "res_format").values]
    rows = asked.whole(call.given, "limit", 5, ROWS)
    return [each for each in found if said in each][:rows]


def resource_show(call: Call) -> dict[str, Any]:
    wanted = asked.text(call.given, "id")
    view = published(call, wanted.partition("_x23_")[0])
    for each in package(call, view)["resources"]:
        if each["id"] == wanted:
            return dict(each)
    raise ResourceUnknown(found=wanted)


ACTIONS: Final[Actions] = {
    "status_show": (status_show, "What this site is. 本站概况。"),
    "site_read": (site_read, "Whether the site may be read. 本站是否可读。"),
    "package_list": (package_list, "Names of all datasets; limit, offset. 全部条目的名称。"),
    "package_show": (package_show, "One dataset; id (its name). 一个条目。"),
    "current_package_list_with_resources": (
        current_package_list_with_resources,
        "Whole datasets, the newest first; limit, offset, page. 全部条目及其资源，新的在前。",
    ),
    "package_autocomplete": (
        package_autocomplete,
        "Datasets by the beginning of a word; q, limit. 按名称片段查找条目。",
    ),
    "license_list": (license_list, "Licences that datasets have. 条目所用的许可。"),
    "format_autocomplete": (format_autocomplete, "Formats of files; q, limit. 文件格式。"),
    "resource_show": (resource_show, "One form of a dataset's data; id. 一个数据资源。"),
}
