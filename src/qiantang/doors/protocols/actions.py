"""CKAN's actions of the site and its packages: status, lists and shows."""

from __future__ import annotations

from typing import Any, Final

import qiantang
from qiantang.doors.protocols import asked
from qiantang.doors.protocols.calls import Actions, Call, package, published
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.catalogue.selectors import feeds
from qiantang.standards import ckan


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
    "resource_show": (resource_show, "One form of a dataset's data; id. 一个数据资源。"),
}
